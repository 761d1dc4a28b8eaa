#include "lesion/lesion.hpp"
#include "unit/lesion/tube.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::lesion;
using anatomy::BoneKind;
using anatomy::Side;
using Catch::Contains;

namespace
{
const std::string sphere = R"(name = "medial neck"
shape = "sphere"
radius_mm = 9
centre = { landmark = "femoral_neck_centre", offset_mm = { medial = 6, distal = 4 } }
)";
const std::string ellipsoid = R"(shape = "ellipsoid"
radii_mm = { medial = 6, anterior = 10, proximal = 15 }
centre = { landmark = "femoral_neck_centre" }
)";

Lesion read(const std::string& toml)
{
  const Table table = Table::parse(toml, "case.toml");
  Lesion lesion = read_lesion(table, BoneKind::femur);
  table.check();
  return lesion;
}

std::string refused(const std::string& toml)
{
  return refusal([&] { read(toml); });
}

PlacedLesion placed_in(const Lesion& lesion, const anatomy::BoneAnatomy& femur)
{
  const lesion_test::Bone block = lesion_test::femur_in_a_block(femur);
  return place(lesion, block.ground());
}

/// The frame of the synthetic femur turned about its origin: as a scan lies.
anatomy::BoneAnatomy bone(Side side)
{
  anatomy::BoneAnatomy result = synthetic_femur(side).anatomy;
  const double c = std::cos(0.4), s = std::sin(0.4);
  const auto turned = [&](Vec3 v) { return Vec3{c * v.x - s * v.z, v.y, s * v.x + c * v.z}; };
  for (Vec3* axis : {&result.frame.medial, &result.frame.anterior, &result.frame.proximal})
    *axis = turned(*axis);
  for (auto& [name, point] : result.landmarks)
    point = result.frame.origin + turned(point - result.frame.origin);
  return result;
}
} // namespace

TEST_CASE("a lesion is read as written")
{
  const Lesion lesion = read(sphere);
  CHECK(lesion.name == "medial neck");
  CHECK(lesion.shape == "sphere");
  CHECK(lesion.size("radius_mm") == 9);
  CHECK(lesion.centre.landmark == "femoral_neck_centre");
  CHECK(lesion.centre.offset_mm == std::map<std::string, double>{{"medial", 6}, {"distal", 4}});
  const Lesion other = read(ellipsoid + "tissue = \"marrow\"\nin_ct = false\nkind = \"lytic\"");
  CHECK(other.tissue.filling == "marrow");
  CHECK(other.radii_mm ==
        std::map<std::string, double>{{"medial", 6}, {"anterior", 10}, {"proximal", 15}});
}

TEST_CASE("what a lesion leaves out is a virtual lytic lesion of tumour, and the file says so")
{
  const Table table = Table::parse(ellipsoid, "case.toml");
  const Lesion lesion = read_lesion(table, BoneKind::femur);
  table.check();
  CHECK(lesion.name == "lesion");
  CHECK(lesion.kind == "lytic");
  CHECK_FALSE(lesion.in_ct);
  CHECK(lesion.tissue.filling == "tumour_lytic");
  CHECK_THAT(table.resolved(), Contains("tumour_lytic") && Contains("in_ct"));
}

TEST_CASE("a lesion that cannot be computed is refused with what can")
{
  CHECK_THAT(refused(sphere + "kind = \"osteolytic\""),
             Contains("unknown kind \"osteolytic\"") && Contains("allowed: lytic, blastic, mixed"));
  CHECK_THAT(refused(with(sphere, "\"sphere\"", "\"cube\"")),
             Contains("unknown shape \"cube\"") &&
                 Contains("allowed: sphere, ellipsoid, capsule, cortical_breach"));
  CHECK_THAT(refused(with(sphere, "shape = \"sphere\"\n", "")), Contains("missing key \"shape\""));
  CHECK_THAT(refused(sphere + "tissue = \"tumor_lytic\""),
             Contains("unknown tissue \"tumor_lytic\"") &&
                 Contains("did you mean \"tumour_lytic\"?"));
}

TEST_CASE("the size of a lesion is refused when it is missing or impossible")
{
  CHECK_THAT(refused(with(sphere, "radius_mm = 9\n", "")), Contains("missing key \"radius_mm\""));
  for (const std::string radius : {"0", "-3", "200.5"})
    CHECK_THAT(refused(with(sphere, "radius_mm = 9", "radius_mm = " + radius)),
               Contains("case.toml:3: \"radius_mm\" is " + radius) &&
                   Contains("greater than 0 and at most 200 mm"));
  CHECK(refused(with(sphere, "radius_mm = 9", "radius_mm = 200")) == "");
  CHECK_THAT(refused(with(sphere, "radius_mm = 9", "radii_mm = { medial = 6 }")),
             Contains("missing key \"radius_mm\"") && Contains("unknown key \"radii_mm\""));
  for (const std::string radii :
       {"{ medial = 6, anterior = 10 }", "{ medial = 6, anterior = 10, distal = 15 }",
        "{ medial = 6, anterior = 10, proximal = 15, lateral = 2 }", "{ }"})
    CHECK_THAT(refused(with(ellipsoid, "{ medial = 6, anterior = 10, proximal = 15 }", radii)),
               Contains("an ellipsoid needs three semi-axes in radii_mm") &&
                   Contains("give all three, in mm"));
  CHECK_THAT(refused(with(ellipsoid, "anterior = 10", "anterior = 0")),
             Contains("each greater than 0 and at most 200 mm"));
}

TEST_CASE("a lesion without a place, or at a place the bone does not have, is refused")
{
  CHECK_THAT(refused("shape = \"sphere\"\nradius_mm = 9"), Contains("missing table [centre]"));
  CHECK_THAT(refused("shape = \"sphere\"\nradius_mm = 9\ncentre = { }"),
             Contains("a point is not given"));
  CHECK_THAT(refused(with(sphere, "femoral_neck_centre", "femoral_neck")),
             Contains("unknown landmark \"femoral_neck\" of a femur"));
  CHECK_THAT(refused(with(sphere, "distal", "downward")),
             Contains("unknown direction \"downward\""));
}

TEST_CASE("a sphere lies where its landmark and offset say, on either side")
{
  const Side side = GENERATE(Side::left, Side::right);
  const anatomy::BoneAnatomy femur = bone(side);
  const PlacedLesion placed = placed_in(read(sphere), femur);
  const Vec3 offset = placed.centre - femur.landmarks.at("femoral_neck_centre");
  CHECK(norm(offset - (6 * femur.frame.medial - 4 * femur.frame.proximal)) < 1e-12);
  // Medial is towards the other leg: to the patient's right (-x) in a left femur.
  CHECK((side == Side::left ? -offset.x : offset.x) > 3);
  CHECK(placed.reach_mm == 9);
  for (const Vec3& axis : {femur.frame.medial, femur.frame.anterior, femur.frame.proximal})
    for (const double sign : {-1, 1})
    {
      CHECK(placed.solid.contains(placed.centre + 8.999 * sign * axis));
      CHECK_FALSE(placed.solid.contains(placed.centre + 9.001 * sign * axis));
    }
}

TEST_CASE("an ellipsoid's axes are those of the bone's frame")
{
  const Side side = GENERATE(Side::left, Side::right);
  const anatomy::BoneAnatomy femur = bone(side);
  const PlacedLesion placed = placed_in(read(ellipsoid), femur);
  CHECK(placed.centre == femur.landmarks.at("femoral_neck_centre"));
  CHECK(placed.reach_mm == 15);
  const std::map<std::string, double> radii = {{"medial", 6},    {"lateral", 6},
                                               {"anterior", 10}, {"posterior", 10},
                                               {"proximal", 15}, {"distal", 15}};
  for (const auto& [name, radius] : radii)
  {
    CAPTURE(name);
    const Vec3 axis = anatomy::direction(femur.frame, name);
    CHECK(placed.solid.contains(placed.centre + (radius - 1e-3) * axis));
    CHECK_FALSE(placed.solid.contains(placed.centre + (radius + 1e-3) * axis));
  }
  // Between the axes by the formula of the ellipsoid.
  const auto at = [&](double u, double v, double w)
  {
    return placed.centre + 6 * u * femur.frame.medial + 10 * v * femur.frame.anterior +
           15 * w * femur.frame.proximal;
  };
  CHECK(placed.solid.contains(at(0.57, -0.57, 0.57)));
  CHECK_FALSE(placed.solid.contains(at(0.585, -0.585, 0.585)));
}

TEST_CASE("a lesion at coordinates stays there, and a landmark outside the image is refused")
{
  const anatomy::BoneAnatomy crop = synthetic_femur(Side::left, 120).anatomy;
  const std::string centre = "{ landmark = \"femoral_neck_centre\" }";
  CHECK(placed_in(read(with(ellipsoid, centre, "{ point_lps_mm = [1, 2, 503] }")), crop).centre ==
        Vec3{1, 2, 503});
  CHECK_THAT(
      refusal(
          [&]
          { placed_in(read(with(ellipsoid, centre, "{ landmark = \"medial_condyle\" }")), crop); }),
      Contains("landmark \"medial_condyle\" lies outside the image"));
}
