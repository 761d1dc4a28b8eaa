#include "anatomy/rib.hpp"
#include "anatomy/rib_curve.hpp"
#include "geometry/rotation.hpp"
#include "geometry/solid.hpp"
#include "patient_pose.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::angle_deg;

namespace
{

std::string rib_refusal(const image::Mask& mask, const AnatomyOptions& options = {})
{
  return refusal([&] { find_anatomy(BoneKind::rib, mask, options); });
}

/// A rib of the n-th person, as a patient may lie: turned by up to 35 degrees.
SyntheticScan posed(int n, double voxel_mm, const Crop& crop = {})
{
  std::mt19937 random(static_cast<unsigned>(500 + n));
  std::uniform_real_distribution<double> about(-1, 1);
  SyntheticPerson person;
  person.side = n % 2 == 0 ? Side::left : Side::right;
  person.size = 1 + 0.1 * about(random);
  person.level = std::to_string(3 + n % 7);
  ScanSettings settings = as_a_patient_may_lie(random, voxel_mm);
  settings.crop = crop;
  return make_scan(synthetic_bone(BoneKind::rib, person), settings);
}

/// The seventh left rib in anatomical position.
const SyntheticScan& standard()
{
  static const SyntheticScan scan = []
  {
    ScanSettings settings;
    settings.voxel_mm = 1.5;
    return make_scan(synthetic_bone(BoneKind::rib, {}), settings);
  }();
  return scan;
}

/// The same voxels, stored with one axis backwards and two exchanged; in space nothing changes.
image::Mask stored_otherwise(const image::Mask& mask)
{
  image::Mask other;
  const image::Grid& g = mask.grid;
  other.grid.size = {g.size[2], g.size[0], g.size[1]};
  other.grid.spacing = {g.spacing.z, g.spacing.x, g.spacing.y};
  const Mat3 columns = transpose(g.direction);
  other.grid.direction = transpose(Mat3{-columns[2], columns[0], columns[1]});
  other.grid.origin = g.point({0, 0, g.size[2] - 1.0});
  for (int b = 0; b < g.size[1]; ++b)
    for (int a = 0; a < g.size[0]; ++a)
      for (int c = g.size[2] - 1; c >= 0; --c)
      {
        other.values.push_back(mask.at(a, b, c));
      }
  return other;
}

/// The mask with the affine of an image that was turned by half a turn about the patient's axis.
image::Mask turned_round(image::Mask mask)
{
  const Mat3 half = {Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  mask.grid.direction = half * mask.grid.direction;
  mask.grid.origin = half * mask.grid.origin;
  return mask;
}

} // namespace

TEST_CASE("whole ribs are found within 3 mm and 3 degrees, left and right, as patients may lie")
{
  const int n = GENERATE(0, 1, 2);
  const SyntheticScan scan = posed(n, 1.5);
  const BoneAnatomy bone = find_anatomy(BoneKind::rib, bone_mask(scan.labels));
  CHECK(bone.whole);
  check_against(bone, scan.truth);
  CHECK(bone.measures.at("length_mm").value ==
        Approx(scan.truth.measures.at("length_mm").value).epsilon(0.02));
  CHECK(bone.measures.at("section_height_mm").value ==
        Approx(scan.truth.measures.at("section_height_mm").value).epsilon(0.06));
  CHECK(bone.measures.at("section_thickness_mm").value ==
        Approx(scan.truth.measures.at("section_thickness_mm").value).epsilon(0.06));
}

TEST_CASE("many whole ribs, for the record", "[.][rib50]")
{
  for (int n = 0; n < 50; ++n)
  {
    INFO(n);
    const SyntheticScan scan = posed(n, 0.75 + 0.045 * n);
    check_against(find_anatomy(BoneKind::rib, bone_mask(scan.labels)), scan.truth);
  }
}

TEST_CASE("the truth of a synthetic rib is what its shape says")
{
  const SyntheticBody rib = synthetic_bone(BoneKind::rib, {});
  for (const auto& [name, point] : rib.landmarks)
  {
    const bool inside = name == "midpoint" || name == "rib_angle" || name == "lateral_point";
    INFO(name << " " << rib.distance(point));
    CHECK((inside ? rib.distance(point) < -2.5 : std::abs(rib.distance(point)) < 0.3));
  }
  // It is an arch: head and sternal end medial, the angle behind, the sternal end in front.
  CHECK(rib.landmarks.at("rib_head").x > 50);
  CHECK(rib.landmarks.at("sternal_end").x > 30);
  CHECK(rib.landmarks.at("rib_angle").y < -60);
  CHECK(rib.landmarks.at("sternal_end").y > 100);
  CHECK(norm(rib.landmarks.at("rib_head") - rib.landmarks.at("sternal_end")) ==
        Approx(190).margin(4));
  CHECK(rib.measures.at("length_mm").value == Approx(311).margin(0.5));
  // Thin cortex round a spongy core.
  const Vec3 middle = rib.landmarks.at("midpoint");
  CHECK(rib.density(middle, 3.5) < 0.2);
  CHECK(rib.density(middle, 0.3) > 1.0);
}

TEST_CASE("a child's rib has growth plates near its head and its sternal end")
{
  SyntheticPerson child;
  child.age_years = 10;
  const SyntheticBody rib = synthetic_bone(BoneKind::rib, child);
  REQUIRE(rib.growth_plate);
  double near_head = 0;
  double near_end = 0;
  double elsewhere = 0;
  const Vec3 head = rib.landmarks.at("rib_head");
  const Vec3 end = rib.landmarks.at("sternal_end");
  for (double x = rib.low.x; x < rib.high.x; x += 1.5)
    for (double y = rib.low.y; y < rib.high.y; y += 1.5)
      for (double z = rib.low.z; z < rib.high.z; z += 1.5)
      {
        const Vec3 p{x, y, z};
        if (rib.distance(p) < 0 && rib.growth_plate(p))
        {
          (norm(p - head) < 20 ? near_head : norm(p - end) < 15 ? near_end : elsewhere) += 1;
        }
      }
  CHECK(near_head > 10);
  CHECK(near_end > 10);
  CHECK(elsewhere == 0);
}

TEST_CASE("a rib is the same however its voxels are stored")
{
  const image::Mask mask = bone_mask(standard().labels);
  const BoneAnatomy one = find_anatomy(BoneKind::rib, mask);
  const BoneAnatomy other = find_anatomy(BoneKind::rib, stored_otherwise(mask));
  CHECK(other.side == one.side);
  for (const auto& [name, point] : one.landmarks)
  {
    INFO(name);
    CHECK(norm(other.landmarks.at(name) - point) < 0.8);
  }
}

TEST_CASE("a rib turned front to back by a wrong affine is refused: its head would lie in front")
{
  CHECK_THAT(rib_refusal(turned_round(bone_mask(standard().labels))),
             Contains("the orientation of the image is in doubt: by the place of its head") &&
                 Contains("its convex side, which is lateral"));
}

TEST_CASE("the wrong side of a rib is refused with the reason")
{
  AnatomyOptions options;
  options.side = Side::right;
  CHECK_THAT(rib_refusal(bone_mask(standard().labels), options),
             Contains("the mask shows a left rib: its convex side is lateral in the patient, but "
                      "side = \"right\" was asked for; allowed: side = \"left\""));
}

TEST_CASE("a specimen's rib needs its side; with it, up and down follow")
{
  const SyntheticScan& scan = standard();
  const image::Mask mask = bone_mask(scan.labels);
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  CHECK_THAT(rib_refusal(mask, options), Contains("a rib looks nearly the same upside down") &&
                                             Contains("give the side of the specimen"));
  options.side = Side::left;
  const BoneAnatomy bone = find_anatomy(BoneKind::rib, turned_round(mask), options);
  const Mat3 half = {Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  CHECK(angle_deg(bone.frame.proximal, half * scan.truth.frame.proximal) < 3);
  CHECK(angle_deg(bone.frame.medial, half * scan.truth.frame.medial) < 3);
  REQUIRE_FALSE(bone.warnings.empty());
  CHECK(bone.warnings[0].code == "side_as_given");
}

TEST_CASE("a piece of a rib is framed by the image, and a specimen's piece is refused")
{
  Crop crop; // the side of the chest
  crop.from.y = -45;
  crop.to.y = 60;
  const SyntheticScan scan = posed(GENERATE(4, 5), 1.5, crop);
  const image::Mask mask = bone_mask(scan.labels);
  const BoneAnatomy bone = find_anatomy(BoneKind::rib, mask);
  CHECK(bone.side == scan.truth.side);
  CHECK_FALSE(bone.whole);
  CHECK(bone.landmarks.count("rib_head") == 0);
  CHECK(bone.landmarks.count("sternal_end") == 0);
  CHECK(angle_deg(bone.frame.proximal, scan.truth.frame.proximal) < 12);
  CHECK(bone.landmarks.at("ventral_end").y < bone.landmarks.at("dorsal_end").y);
  REQUIRE_FALSE(bone.warnings.empty());
  CHECK(bone.warnings[0].code == "side_by_image_only");
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  options.side = scan.truth.side;
  CHECK_THAT(rib_refusal(mask, options),
             Contains("which end of the specimen is the dorsal one") && Contains("dorsal_end"));
  options.overrides["dorsal_end"] = bone.landmarks.at("dorsal_end");
  const BoneAnatomy by_hand = find_anatomy(BoneKind::rib, mask, options);
  CHECK(angle_deg(by_hand.frame.anterior, bone.frame.anterior) < 1);
  CHECK(angle_deg(by_hand.frame.proximal, bone.frame.proximal) < 1);
}

TEST_CASE("a short straight piece is refused unless its side is given")
{
  Crop crop;
  crop.from.y = 10;
  crop.to.y = 48;
  ScanSettings settings;
  settings.crop = crop;
  settings.voxel_mm = 1;
  const SyntheticScan scan = make_scan(synthetic_bone(BoneKind::rib, {}), settings);
  const image::Mask mask = bone_mask(scan.labels);
  CHECK_THAT(rib_refusal(mask), Contains("too straight to show which way it is convex"));
  AnatomyOptions options;
  options.side = Side::left;
  const BoneAnatomy bone = find_anatomy(BoneKind::rib, mask, options);
  CHECK(angle_deg(bone.frame.anterior, scan.truth.frame.anterior) < 25);
  CHECK(angle_deg(bone.frame.medial, scan.truth.frame.medial) < 25);
  CHECK(bone.warnings[0].code == "side_as_given");
}

TEST_CASE("an overridden end and midpoint of a rib are kept, and the frame follows the midpoint")
{
  const image::Mask mask = bone_mask(standard().labels);
  const BoneAnatomy found = find_anatomy(BoneKind::rib, mask);
  AnatomyOptions options;
  options.overrides["midpoint"] = found.landmarks.at("rib_angle");
  options.overrides["rib_tubercle"] = found.landmarks.at("rib_tubercle") + Vec3{1, 2, 3};
  const BoneAnatomy bone = find_anatomy(BoneKind::rib, mask, options);
  CHECK(norm(bone.frame.origin - found.landmarks.at("rib_angle")) < 1e-9);
  CHECK(norm(bone.landmarks.at("rib_tubercle") - options.overrides["rib_tubercle"]) < 1e-9);
  CHECK(angle_deg(bone.frame.anterior, found.frame.anterior) > 40);
}

TEST_CASE("what is not one rib is refused with what it is")
{
  using namespace geometry;
  CHECK_THAT(rib_refusal(mask_of(sphere({0, 0, 0}, 24).distance)),
             Contains("the mask is not a rib") && Contains("long and"));
  CHECK_THAT(rib_refusal(mask_of(capsule({0, 0, -100}, {0, 0, 100}, 10.5).distance)),
             Contains("its mean cross-section is"));
  CHECK_THAT(rib_refusal(mask_of(capsule({0, 0, -150}, {0, 0, 150}, 6).distance)),
             Contains("rises only"));
  const Solid two =
      unite({capsule({-20, 0, -80}, {-20, 0, 80}, 6), capsule({20, 0, -80}, {20, 0, 80}, 6)});
  CHECK_THAT(rib_refusal(mask_of(two.distance)),
             Contains("does not hang together with its largest piece: several ribs"));
  const Solid joined = unite({two, capsule({-20, 0, -80}, {20, 0, -80}, 6)});
  CHECK_THAT(rib_refusal(mask_of(joined.distance)), Contains("the mask"));
  const Solid vertebra =
      unite({cylinder({0, 0, -14}, {0, 0, 14}, 22), capsule({0, 30, 0}, {0, 60, -15}, 6),
             capsule({-40, 30, 0}, {40, 30, 0}, 6), capsule({0, 10, 0}, {0, 40, 0}, 9)});
  CHECK_THAT(rib_refusal(mask_of(vertebra.distance)), Contains("the mask is not a rib"));
  CHECK_THAT(rib_refusal(femur_mask(make_femur(quick_femur(Side::left)))),
             Contains("the mask is not a rib: it holds") && Contains("cm3"));
  AnatomyOptions options;
  options.level = "13";
  CHECK_THAT(rib_refusal(mask_of(sphere({0, 0, 0}, 24).distance), options),
             Contains("level = \"13\" of a rib; allowed: 1, 2, ... 12"));
}

TEST_CASE("a dimension that is not that of a rib is refused")
{
  CHECK_THAT(refusal(
                 [] {
                   synthetic_bone(BoneKind::rib, {}, {{"chord_mm", 400}});
                 }),
             Contains("synthetic rib: chord_mm = 400; allowed: "));
  SyntheticPerson person;
  person.level = "13";
  CHECK_THAT(refusal([&] { synthetic_bone(BoneKind::rib, person); }),
             Contains("level = \"13\"; allowed: 1, 2, ... 12"));
}

TEST_CASE("a circular arc has the bend and the extreme points of a circle")
{
  std::vector<Vec3> points;
  for (double angle = -60; angle <= 60; angle += 0.5)
  {
    const double a = geometry::radians(angle);
    points.push_back({100 * std::cos(a), 100 * std::sin(a), 5});
  }
  const RibCurve curve = curve_through(points);
  CHECK(length(curve) == Approx(100 * geometry::radians(120)).epsilon(1e-3));
  const RibBend bend = bend_of(curve);
  CHECK(std::abs(bend.normal.z) == Approx(1));
  CHECK(bend.outward.x == Approx(1).margin(1e-3));
  CHECK(bend.rise_mm == Approx(50).margin(0.05));
  CHECK(bend.fall_mm == Approx(0).margin(1e-6));
  // Its direction is told 8 mm from the ends.
  CHECK(bend.turn_deg == Approx(120 - geometry::degrees(16.0 / 100)).margin(1));
  const Vec3 top = point_at(curve, *farthest_along(curve, {std::cos(0.3), std::sin(0.3), 0}, 5));
  CHECK(norm(top - Vec3{100 * std::cos(0.3), 100 * std::sin(0.3), 5}) < 0.3);
  CHECK_FALSE(farthest_along(curve, {0, 1, 0}, 5));
}
