#include "anatomy/bone_template.hpp"
#include "anatomy/region.hpp"
#include "base/files.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

TEST_CASE("a template gives cortex by depth and spongy bone by region")
{
  const SyntheticFemur femur = make_femur(quick_femur(Side::left));
  const image::Mask mask = femur_mask(femur);
  const BoneTemplate chosen = bone_template("femur_adult", BoneKind::femur, "case.toml");
  const image::Volume density = template_density(chosen, mask, femur.truth);
  const auto at = [&](Vec3 p)
  {
    const Vec3 index = mask.grid.index(p);
    return density.at(static_cast<int>(std::lround(index.x)),
                      static_cast<int>(std::lround(index.y)),
                      static_cast<int>(std::lround(index.z)));
  };
  const auto inside = [&](const std::string& name)
  {
    for (const TemplateRegion& region : chosen.regions)
      if (region.region == name)
        return static_cast<float>(region.inside_g_cm3);
    return static_cast<float>(chosen.elsewhere.inside_g_cm3);
  };
  CHECK(at(femur.truth.landmarks.at("femoral_head_centre")) == inside("head"));
  CHECK(at(femur.truth.landmarks.at("midshaft_centre")) == inside("shaft"));
  // Half of the shaft's cortex below its surface: all cortical.
  const Vec3 lateral = femur.truth.landmarks.at("midshaft_centre") - 12 * femur.truth.frame.medial;
  CHECK(at(lateral) == Approx(chosen.cortical_g_cm3).epsilon(1e-6));
  for (std::size_t n = 0; n < mask.values.size(); ++n)
    if (!mask.values[n])
      REQUIRE(density.values[n] == 0);
}

TEST_CASE("a template of another bone and an unknown one are refused")
{
  CHECK_THAT(
      refusal([] { bone_template("femur_adult", BoneKind::tibia, "case.toml:7"); }),
      Contains("case.toml:7: template \"femur_adult\" is for the femur, the bone is a tibia"));
  CHECK_THAT(refusal([] { bone_template("femur", BoneKind::femur, "case.toml:7"); }),
             Contains("femur_adult"));
}

TEST_CASE("every template names regions that its bone has, and says what it rests on")
{
  for (const std::string& name : data_names("materials/bone_templates"))
  {
    INFO(name);
    const std::string kind = name.substr(0, name.find('_'));
    const BoneTemplate chosen = bone_template(name, bone_kind(kind), name);
    CHECK_FALSE(chosen.record.source.empty());
    CHECK(chosen.cortical_g_cm3 > chosen.elsewhere.inside_g_cm3);
    CHECK(chosen.elsewhere.cortex_mm > 0);
  }
}
