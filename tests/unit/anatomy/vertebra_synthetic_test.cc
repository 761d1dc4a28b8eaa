#include "anatomy/region.hpp"
#include "anatomy/vertebra.hpp"
#include "anatomy/vertebra_levels.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"
#include "support.hpp"
#include "vertebra_support.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

SyntheticBody vertebra(const std::string& level, std::optional<double> age = {})
{
  SyntheticPerson person;
  person.level = level;
  person.age_years = age;
  return synthetic_bone(BoneKind::vertebra, person);
}

} // namespace

TEST_CASE("a synthetic vertebra is symmetric, in its own frame, with landmarks where bone is")
{
  const SyntheticBody body = vertebra(GENERATE("T1", "T7", "T12", "L3", "L5"));
  INFO(body.level);
  const auto& at = body.landmarks;
  CHECK(at.size() == landmark_names(BoneKind::vertebra).size());
  // The frame's axes are x, y, z by construction.
  const Vec3 up = at.at("superior_endplate_centre") - at.at("inferior_endplate_centre");
  CHECK(geometry::angle_deg(up, {0, 0, 1}) < 0.01);
  const Vec3 right = at.at("right_pedicle_centre") - at.at("left_pedicle_centre");
  CHECK(geometry::angle_deg(right, {1, 0, 0}) < 0.01);
  CHECK(norm(at.at("body_centre") - body.origin) < 1e-9);
  for (const auto& [name, point] : at)
  {
    INFO(name);
    const double d = body.distance(point);
    const bool inside = name == "body_centre" || name.find("pedicle") != std::string::npos;
    if (name == "canal_centre")
    {
      CHECK(d > 4);
    }
    else if (name.find("process") != std::string::npos)
    {
      CHECK((d > -2 && d < 0.1)); // the mean of the last 2 mm
    }
    else
    {
      CHECK((inside ? d < -1.5 : std::abs(d) < 1));
    }
    CHECK(body.distance({-point.x, point.y, point.z}) == Approx(d).margin(1e-9));
  }
}

TEST_CASE("the distance of a synthetic vertebra is no steeper than it says")
{
  const SyntheticBody body = vertebra("T8");
  std::mt19937 random(3);
  std::uniform_real_distribution<double> share(0, 1);
  const auto within = [&](std::size_t a)
  { return body.low[a] - 10 + (body.high[a] - body.low[a] + 20) * share(random); };
  for (int n = 0; n < 3000; ++n)
  {
    const Vec3 p{within(0), within(1), within(2)};
    const Vec3 q = p + 0.5 * normalized(Vec3{share(random), share(random), share(random)});
    const double one = body.distance(p);
    const double other = body.distance(q);
    if (one > 0 && other > 0)
    {
      CHECK(std::abs(one - other) <= 0.5 * body.steepest);
    }
  }
}

TEST_CASE("levels differ as vertebrae do: lumbar ones are larger, thoracic spines steeper")
{
  const SyntheticBody t6 = vertebra("T6");
  const SyntheticBody l4 = vertebra("L4");
  CHECK(l4.measures.at("body_width_mm").value > 1.5 * t6.measures.at("body_width_mm").value);
  CHECK(t6.landmarks.at("spinous_process").z < -30);
  CHECK(l4.landmarks.at("spinous_process").z > -25);
  CHECK(l4.landmarks.at("right_transverse_process").x >
        1.2 * t6.landmarks.at("right_transverse_process").x);
  SyntheticPerson person;
  person.level = "L7";
  const std::string text = refusal([&] { synthetic_bone(BoneKind::vertebra, person); });
  CHECK_THAT(text, Contains("unknown level of a vertebra \"L7\""));
  CHECK_THAT(text, Contains("T12, L1, L2"));
}

TEST_CASE("a dimension that is not that of a vertebra is refused")
{
  CHECK_THAT(refusal(
                 [] {
                   synthetic_bone(BoneKind::vertebra, {}, {{"canal_width_mm", 60}});
                 }),
             Contains("synthetic vertebra: canal_width_mm = 60; allowed: 13.2 to 48.4"));
}

TEST_CASE("a synthetic vertebra is one piece in 1 mm voxels, neighbours stay apart from it")
{
  VertebraCase one = patient_vertebra("T5");
  one.settings.voxel_mm = 1;
  const SyntheticScan scan = scan_of(one);
  const image::Pieces pieces = image::connected_pieces(bone_of(scan), image::Neighbours::faces);
  CHECK(pieces.voxels.size() == 1);
  const auto counts = image::label_counts(scan.labels);
  CHECK(counts.count(10) == 1);
  CHECK(counts.count(11) == 1);
}

TEST_CASE("a child's vertebra has growth plates beneath both endplates, an adult's none")
{
  const SyntheticBody child = vertebra("L3", 10.0);
  CHECK_FALSE(static_cast<bool>(vertebra("L3").growth_plate));
  for (const double side : {1.0, -1.0})
  {
    const Vec3 end =
        child.landmarks.at(side > 0 ? "superior_endplate_centre" : "inferior_endplate_centre");
    double thickness = 0;
    for (double depth = 0; depth < 8; depth += 0.05)
    {
      thickness += child.growth_plate(end - Vec3{0, 0, side * depth}) ? 0.05 : 0;
    }
    CHECK((thickness > 0.5 && thickness < 2));
  }
  CHECK_FALSE(child.growth_plate({0, 0, 0}));
  CHECK_FALSE(child.growth_plate(child.landmarks.at("right_pedicle_centre")));
}

TEST_CASE("trabecular bone is denser beneath the endplates than in the middle of the body")
{
  const SyntheticBody body = vertebra("L3");
  const double middle = body.density({0, 0, 0}, 10);
  CHECK((middle > 0.08 && middle < 0.18));
  CHECK(body.density({0, 0, 9}, 4) > 1.1 * middle);
  CHECK(body.density({0, 0, 12}, 0.2) > 0.7);
  CHECK(body.density(body.landmarks.at("right_pedicle_centre"), 4) > 1.3 * middle);
  SyntheticPerson person;
  person.density = BoneDensity::osteoporotic;
  CHECK(synthetic_bone(BoneKind::vertebra, person).density({0, 0, 0}, 10) < 0.75 * middle);
}

TEST_CASE("places of a vertebra have the names of its parts")
{
  const SyntheticScan& scan = patient_scan("L3");
  const BoneAnatomy& bone = scan.truth;
  const auto at = [&](const std::string& landmark) { return bone.landmarks.at(landmark); };
  CHECK(region_of(bone, at("body_centre")) == "body_middle");
  CHECK(region_of(bone, at("anterior_wall")) == "body_anterior");
  CHECK(region_of(bone, at("posterior_wall") + 2 * bone.frame.anterior) == "body_posterior");
  CHECK(region_of(bone, at("superior_endplate_centre")) == "superior_endplate");
  CHECK(region_of(bone, at("inferior_endplate_centre")) == "inferior_endplate");
  for (const std::string side : {"left", "right"})
  {
    CHECK(region_of(bone, at(side + "_pedicle_centre")) == side + "_pedicle");
    CHECK(region_of(bone, at(side + "_transverse_process")) == side + "_transverse_process");
    CHECK(region_of(bone, at(side + "_inferior_facet")) == side + "_arch");
  }
  CHECK(region_of(bone, at("spinous_process")) == "spinous_process");
}
