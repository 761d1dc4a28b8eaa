#include "anatomy/population.hpp"
#include "anatomy/synthetic_bone.hpp"
#include "anatomy/synthetic_femur.hpp"
#include "image/mask.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

double trabecular_mean(const SyntheticPerson& person)
{
  return standard_dimensions(BoneKind::femur, person).at("trabecular_density_g_cm3");
}

} // namespace

TEST_CASE("a healthy man's bone has the dimensions of the file")
{
  for (const auto& [name, value] : standard_dimensions(BoneKind::femur, {}))
  {
    CHECK(value == population_mean("synthetic_femur", name).mean);
  }
  CHECK(dimension_names(BoneKind::femur).size() == population("synthetic_femur").size());
}

TEST_CASE("size scales lengths, not cortices, densities or angles")
{
  SyntheticPerson large;
  large.size = 1.2;
  const Dimensions d = standard_dimensions(BoneKind::femur, large);
  const Dimensions file = standard_dimensions(BoneKind::femur, {});
  CHECK(d.at("length_mm") == Approx(1.2 * file.at("length_mm")));
  CHECK(d.at("head_radius_mm") == Approx(1.2 * file.at("head_radius_mm")));
  for (const char* name : {"cortex_midshaft_mm", "cortical_density_g_cm3", "neck_shaft_angle_deg"})
  {
    CHECK(d.at(name) == file.at(name));
  }
}

TEST_CASE("trabeculae and cortex thin from healthy over osteopenic to osteoporotic")
{
  SyntheticPerson person;
  double trabecular = 2 * trabecular_mean(person);
  double cortex = 100;
  for (const BoneDensity density :
       {BoneDensity::healthy, BoneDensity::osteopenic, BoneDensity::osteoporotic})
  {
    person.density = density;
    const Dimensions d = standard_dimensions(BoneKind::femur, person);
    CHECK(trabecular_mean(person) < 0.85 * trabecular);
    CHECK(d.at("cortex_midshaft_mm") < 0.95 * cortex);
    CHECK(d.at("length_mm") == 440);
    trabecular = trabecular_mean(person);
    cortex = d.at("cortex_midshaft_mm");
  }
}

TEST_CASE("a child's bone grows with every year, for both sexes, up to nearly an adult's")
{
  for (const Sex sex : {Sex::male, Sex::female})
  {
    SyntheticPerson person;
    person.sex = sex;
    const double adult = standard_dimensions(BoneKind::femur, person).at("length_mm");
    double last = 0.6 * adult;
    for (double age = 6; age <= 16; age += 0.5)
    {
      person.age_years = age;
      const Dimensions d = standard_dimensions(BoneKind::femur, person);
      CHECK(d.at("length_mm") > last);
      CHECK(d.at("cortical_density_g_cm3") < 1.15);
      last = d.at("length_mm");
    }
    CHECK(last > 0.97 * adult);
    CHECK(last < adult);
  }
}

TEST_CASE("a child's femur has growth plates below the head and the trochanter and above the "
          "condyles; an adult's has none")
{
  SyntheticPerson child;
  child.age_years = GENERATE(6, 11, 16);
  child.sex = GENERATE(Sex::male, Sex::female);
  const SyntheticBody body = synthetic_bone(BoneKind::femur, child);
  REQUIRE(body.growth_plate);
  ScanSettings settings;
  settings.voxel_mm = 1.5;
  const SyntheticScan scan = make_scan(body, settings);
  image::Mask plates = bone_mask(scan.labels);
  for (std::size_t n = 0; n < plates.values.size(); ++n)
  {
    plates.values[n] = scan.labels.values[n] == 2;
  }
  const image::Pieces pieces = image::connected_pieces(plates, image::Neighbours::all);
  CHECK(pieces.voxels.size() == 3);
  CHECK(image::volume_cm3(plates) < 0.08 * image::volume_cm3(bone_mask(scan.labels)));
  for (const auto& [name, point] : body.landmarks)
  {
    INFO(name); // the ends ossify on their own: landmarks are bone
    CHECK_FALSE(body.growth_plate(point));
  }
  CHECK_FALSE(synthetic_bone(BoneKind::femur, {}).growth_plate);
}

TEST_CASE("the femur of the general scan is that of make_femur")
{
  const SyntheticFemur femur = make_femur(quick_femur(Side::right));
  SyntheticPerson person;
  person.side = Side::right;
  const SyntheticScan scan = make_scan(synthetic_bone(BoneKind::femur, person),
                                       []
                                       {
                                         ScanSettings settings;
                                         settings.voxel_mm = 2;
                                         return settings;
                                       }());
  CHECK(scan.volume.values == femur.volume.values);
  CHECK(scan.labels.values == femur.labels.values);
  for (const auto& [name, point] : femur.truth.landmarks)
  {
    CHECK(norm(scan.truth.landmarks.at(name) - point) < 1e-9);
  }
  CHECK(norm(scan.truth.frame.medial - femur.truth.frame.medial) < 1e-12);
  CHECK(scan.truth.measures.at("version_deg").value == 12);
}

TEST_CASE("people and dimensions that cannot be are refused in words")
{
  const auto said = [](const SyntheticPerson& person, const Dimensions& given = {})
  { return refusal([&] { synthetic_bone(BoneKind::femur, person, given); }); };
  SyntheticPerson person;
  person.age_years = 4;
  CHECK_THAT(said(person), Contains("age_years of a child = 4; allowed: 6 to 16"));
  person = {};
  person.size = 2;
  CHECK_THAT(said(person), Contains("size = 2; allowed: 0.7 to 1.3"));
  CHECK_THAT(said({}, {{"lenght_mm", 400}}),
             Contains("unknown dimension \"lenght_mm\"; allowed: bow_radius_mm") &&
                 Contains("did you mean \"length_mm\"?"));
  CHECK_THAT(said({}, {{"head_radius_mm", 50}}),
             Contains("head_radius_mm = 50; allowed: 15 to 32"));
  CHECK_THAT(said({}, {{"cortical_density_g_cm3", 5}}),
             Contains("cortical_density_g_cm3 = 5; allowed: 0.3 to 2"));
}

TEST_CASE("every factor of the people's file is told with its source")
{
  for (const char* file : {"synthetic_people", "synthetic_scanner", "synthetic_femur"})
  {
    for (const auto& [name, mean] : population(file))
    {
      INFO(file << " " << name);
      CHECK(mean.source.size() > 5);
      CHECK(std::isfinite(mean.mean));
    }
  }
}

TEST_CASE("a child's head is nearly as large as an adult's, its vault thinner")
{
  SyntheticPerson child;
  child.age_years = 6;
  const Dimensions small = standard_dimensions(BoneKind::skull, child);
  const Dimensions grown = standard_dimensions(BoneKind::skull, {});
  CHECK(small.at("length_mm") / grown.at("length_mm") == Approx(0.94));
  CHECK(small.at("width_mm") / grown.at("width_mm") == Approx(0.94));
  const double body = growth_factor(Sex::male, 6);
  CHECK(small.at("thickness_bregma_mm") / grown.at("thickness_bregma_mm") == Approx(body));
  const Dimensions leg = standard_dimensions(BoneKind::tibia, child);
  CHECK(leg.at("length_mm") / standard_dimensions(BoneKind::tibia, {}).at("length_mm") ==
        Approx(body));
}
