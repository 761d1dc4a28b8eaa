#include "anatomy/bone_anatomy.hpp"
#include "anatomy/population.hpp"
#include "anatomy/region.hpp"
#include "geometry/rotation.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

const BoneAnatomy& bone()
{
  static const BoneAnatomy truth = make_femur(quick_femur(Side::left)).truth;
  return truth;
}

Vec3 off(const std::string& landmark, const std::map<std::string, double>& offset)
{
  return bone().landmarks.at(landmark) + named_vector(bone().frame, offset);
}

} // namespace

TEST_CASE("directions have names and opposites, and add up")
{
  const Frame& f = bone().frame;
  CHECK(direction(f, "medial") == f.medial);
  CHECK(direction(f, "lateral") == -f.medial);
  CHECK(direction(f, "distal") == -f.proximal);
  const Vec3 v = named_vector(f, {{"lateral", 67.7}, {"anterior", -23.6}, {"proximal", -235.8}});
  CHECK(dot(v, f.medial) == Approx(-67.7));
  CHECK(dot(v, f.anterior) == Approx(-23.6));
  CHECK(norm(v) == Approx(246.5).epsilon(1e-3));
  CHECK_THAT(refusal([&] { direction(f, "direcshun"); }),
             Contains("unknown direction \"direcshun\"; allowed: medial, "
                      "lateral, anterior, posterior, proximal, distal"));
  CHECK(direction(f, "cranial") == f.proximal);
  CHECK(direction(f, "inferior") == -f.proximal);
  CHECK(direction(f, "dorsal") == -f.anterior);
  CHECK(direction(f, "left") == -f.medial);
}

TEST_CASE("bones have names")
{
  for (const std::string& name : bone_names())
  {
    CHECK(to_string(bone_kind(name)) == name);
  }
  CHECK(bone_names().size() == 7);
  for (const std::string& name : bone_names())
  {
    INFO(name);
    const BoneKind kind = bone_kind(name);
    CHECK(landmark_names(kind).size() >= 7);
    CHECK(direction_names(kind).size() >= 6);
    CHECK(may_lie_in_midline(kind) == (name == "vertebra" || name == "skull"));
  }
  CHECK_THAT(refusal([] { bone_kind("femurr"); }),
             Contains("unknown bone \"femurr\"") && Contains("did you mean \"femur\""));
  CHECK(landmark_names(BoneKind::femur).size() == 13);
  CHECK(to_string(Side::right) == "right");
  CHECK(to_string(Side::midline) == "midline");
}

TEST_CASE("each region is where an anatomist looks for it")
{
  CHECK(region_of(bone(), bone().frame.origin) == "head");
  CHECK(region_of(bone(), off("femoral_head_centre", {{"proximal", 20}})) == "head");
  CHECK(region_of(bone(), bone().landmarks.at("femoral_neck_centre")) == "neck");
  CHECK(region_of(bone(), bone().landmarks.at("medial_neck_cortex")) == "neck");
  CHECK(region_of(bone(), bone().landmarks.at("greater_trochanter")) == "intertrochanteric");
  CHECK(region_of(bone(), bone().landmarks.at("greater_trochanter_tip")) == "intertrochanteric");
  CHECK(region_of(bone(), off("lesser_trochanter", {{"distal", 10}})) == "subtrochanteric");
  CHECK(region_of(bone(), off("lesser_trochanter", {{"distal", 49}})) == "subtrochanteric");
  CHECK(region_of(bone(), off("lesser_trochanter", {{"distal", 51}})) == "shaft");
  CHECK(region_of(bone(), bone().landmarks.at("midshaft_centre")) == "shaft");
  CHECK(region_of(bone(), bone().landmarks.at("medial_condyle")) == "distal");
  CHECK(region_of(bone(), off("intercondylar_notch", {{"proximal", 70}})) == "distal");
  CHECK(regions(BoneKind::femur).size() == 6);
  CHECK(regions(BoneKind::femur)[3].words == "subtrochanteric region");
}

TEST_CASE("an aspect names the side of the bone")
{
  CHECK(aspect_of(bone(), bone().landmarks.at("medial_neck_cortex")) == "inferomedial");
  CHECK(aspect_of(bone(), bone().landmarks.at("lateral_neck_cortex")) == "superolateral");
  CHECK(aspect_of(bone(), bone().landmarks.at("femoral_neck_centre")) == "central");
  CHECK(aspect_of(bone(), bone().landmarks.at("subtrochanteric_medial")) == "medial");
  CHECK(aspect_of(bone(), bone().landmarks.at("greater_trochanter")) == "lateral");
  CHECK(aspect_of(bone(), bone().landmarks.at("lesser_trochanter")) == "posteromedial");
  CHECK(aspect_of(bone(), off("midshaft_centre", {{"anterior", 12}})) == "anterior");
  CHECK(aspect_of(bone(), off("midshaft_centre", {{"lateral", 9}, {"posterior", 9}})) ==
        "posterolateral");
  CHECK(aspect_of(bone(), bone().landmarks.at("isthmus")) == "central");
}

TEST_CASE("a place is told in words with the nearest landmark")
{
  const Location place = locate(bone(), off("femoral_neck_centre", {{"medial", 4}, {"distal", 8}}));
  CHECK(place.words ==
        "femoral neck, inferomedial, 8 mm distal and 4 mm medial of the femoral neck centre");
  CHECK(place.region == "neck");
  CHECK(place.landmark == "femoral_neck_centre");
  CHECK(place.distance_mm == Approx(std::hypot(4, 8)));
  CHECK(locate(bone(), bone().landmarks.at("isthmus")).words ==
        "femoral shaft, central, at the isthmus");
}

TEST_CASE("landmarks given by hand are read from a table, unknown ones refused with the list")
{
  const Table table = Table::parse("femoral_head_centre = [1, 2, 3]", "case.toml");
  CHECK(read_overrides(table, BoneKind::femur).at("femoral_head_centre") == Vec3{1, 2, 3});
  table.check();
  const std::string text = refusal(
      []
      {
        const Table wrong = Table::parse("head_centre = [1, 2, 3]", "case.toml");
        read_overrides(wrong, BoneKind::femur);
        wrong.check();
      });
  CHECK_THAT(
      text,
      Contains(
          "unknown landmark \"head_centre\"; allowed: femoral_head_centre, femoral_neck_centre"));
}

TEST_CASE("every population mean has a source, a status and a plausible size")
{
  for (const std::string file : {"femur_population", "synthetic_femur"})
  {
    for (const auto& [key, value] : population(file))
    {
      INFO(file << " " << key);
      CHECK_FALSE(value.source.empty());
      CHECK(value.deviation >= 0);
    }
  }
  CHECK(population_mean("femur_population", "version_deg").mean == 12);
  CHECK_THAT(refusal([] { population_mean("femur_population", "nonsense"); }),
             Contains("materials/anatomy/femur_population.toml: no entry [nonsense]"));
}
