#include "anatomy/skull.hpp"
#include "anatomy/skull_fit.hpp"
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

std::string skull_refusal(const image::Mask& mask, const AnatomyOptions& options = {})
{
  return refusal([&] { find_anatomy(BoneKind::skull, mask, options); });
}

/// The head of the n-th person, as a patient may lie: turned by up to 35 degrees.
SyntheticScan posed(int n, double voxel_mm)
{
  std::mt19937 random(static_cast<unsigned>(700 + n));
  std::uniform_real_distribution<double> about(-1, 1);
  SyntheticPerson person;
  person.size = 1 + 0.1 * about(random);
  return make_scan(synthetic_bone(BoneKind::skull, person), as_a_patient_may_lie(random, voxel_mm));
}

SyntheticScan cropped(const Crop& crop)
{
  ScanSettings settings;
  settings.voxel_mm = 2.5;
  settings.crop = crop;
  return make_scan(synthetic_bone(BoneKind::skull, {}), settings);
}

bool warned(const BoneAnatomy& bone, const std::string& code)
{
  return std::any_of(bone.warnings.begin(), bone.warnings.end(),
                     [&](const Warning& w) { return w.code == code; });
}

} // namespace

TEST_CASE("whole vaults are found within 3 mm and 3 degrees, as patients may lie")
{
  const int n = GENERATE(0, 1, 2);
  const SyntheticScan scan = posed(n, 2.5);
  const BoneAnatomy bone = find_anatomy(BoneKind::skull, bone_mask(scan.labels));
  CHECK(bone.whole);
  check_against(bone, scan.truth);
  CHECK(warned(bone, "directions_from_image"));
  for (const char* name : {"length_mm", "width_mm", "height_mm"})
  {
    INFO(name);
    CHECK(bone.measures.at(name).value == Approx(scan.truth.measures.at(name).value).epsilon(0.02));
  }
  CHECK(bone.measures.at("mean_thickness_mm").value ==
        Approx(scan.truth.measures.at("mean_thickness_mm").value).margin(0.3));
}

TEST_CASE("many whole vaults, for the record", "[.][skull50]")
{
  for (int n = 0; n < 50; ++n)
  {
    INFO(n);
    const SyntheticScan scan = posed(n, 1.5 + 0.03 * n);
    check_against(find_anatomy(BoneKind::skull, bone_mask(scan.labels)), scan.truth);
  }
}

TEST_CASE("the truth of a synthetic skull is what its shape says")
{
  const SyntheticBody skull = synthetic_bone(BoneKind::skull, {});
  for (const auto& [name, point] : skull.landmarks)
  {
    INFO(name);
    CHECK((name == "cranial_centre" || std::abs(skull.distance(point)) < 0.1));
  }
  CHECK(skull.distance({0, 0, 0}) > 20); // hollow
  // Two tables with diploe between them.
  const Vec3 top = skull.landmarks.at("vertex");
  CHECK(skull.density(top - Vec3{0, 0, 0.5}, 0.5) > 1.1);
  CHECK(skull.density(top - Vec3{0, 0, 3.4}, 3.0) < 0.6);
  CHECK(skull.density(top - Vec3{0, 0, 6.3}, 0.5) > 1.1);
  // Thicker behind than at the temples, narrower in front than behind.
  const auto inside = [&](Vec3 from, Vec3 inward)
  {
    double depth = 0.5;
    while (skull.distance(from + depth * inward) < 0)
    {
      depth += 0.1;
    }
    return depth;
  };
  CHECK(inside(skull.landmarks.at("occipital_point"), {0, 1, 0}) > 7);
  CHECK(inside(skull.landmarks.at("left_parietal"), {1, 0, 0}) < 6);
  CHECK(skull.landmarks.at("left_parietal").y < -5);
}

TEST_CASE("a child's skull has open sutures, in its vault alone")
{
  SyntheticPerson child;
  child.age_years = 8;
  const SyntheticBody skull = synthetic_bone(BoneKind::skull, child);
  REQUIRE(skull.growth_plate);
  double sutures = 0;
  double bone = 0;
  for (double x = skull.low.x; x < skull.high.x; x += 1.7)
    for (double y = skull.low.y; y < skull.high.y; y += 1.7)
      for (double z = skull.low.z; z < skull.high.z; z += 1.7)
        if (skull.distance({x, y, z}) < 0)
        {
          bone += 1;
          sutures += skull.growth_plate({x, y, z});
          CHECK_FALSE((skull.growth_plate({x, y, z}) && z < skull.low.z + 15));
        }
  CHECK(sutures / bone > 0.005);
  CHECK(sutures / bone < 0.06);
  CHECK(skull.growth_plate(skull.landmarks.at("vertex"))); // the sagittal suture passes it
}

TEST_CASE("a vault without its base is whole; a half and a small piece are framed by the image")
{
  Crop calvaria;
  calvaria.from.z = -12;
  const SyntheticScan cap = cropped(calvaria);
  const BoneAnatomy whole = find_anatomy(BoneKind::skull, bone_mask(cap.labels));
  CHECK(whole.whole);
  CHECK(norm(whole.landmarks.at("vertex") - cap.truth.landmarks.at("vertex")) < 3);
  CHECK(angle_deg(whole.frame.anterior, cap.truth.frame.anterior) < 3);

  Crop left;
  left.to.x = -20; // x is the patient's right
  left.from.z = 0;
  const SyntheticScan half = cropped(left);
  const image::Mask mask = bone_mask(half.labels);
  const BoneAnatomy piece = find_anatomy(BoneKind::skull, mask);
  CHECK_FALSE(piece.whole);
  CHECK(piece.side == Side::midline);
  CHECK(warned(piece, "skull_piece"));
  CHECK(angle_deg(piece.frame.medial, half.truth.frame.medial) < 0.1);
  CHECK(norm(piece.frame.origin - half.truth.frame.origin) < 12);
  CHECK(piece.landmarks.count("vertex") == 0);
  CHECK(piece.landmarks.count("cranial_centre") == 0);
  CHECK(piece.landmarks.at("piece_centre").x > half.truth.frame.origin.x + 30);

  AnatomyOptions options;
  options.side = Side::left;
  const BoneAnatomy given = find_anatomy(BoneKind::skull, mask, options);
  CHECK(given.side == Side::left);
  CHECK(norm(direction(given.frame, "left") - Vec3{1, 0, 0}) < 1e-9);
  options.side = Side::right;
  CHECK_THAT(skull_refusal(mask, options),
             Contains("the piece of the vault faces left, but side = \"right\" was asked for"));
}

TEST_CASE("a whole vault has no side, and a specimen needs three landmarks by hand")
{
  const SyntheticScan scan = posed(3, 2.5);
  const image::Mask mask = bone_mask(scan.labels);
  AnatomyOptions options;
  options.side = Side::left;
  CHECK_THAT(skull_refusal(mask, options), Contains("a whole cranial vault, which has no side"));
  options.side.reset();
  options.orientation = Orientation::specimen;
  CHECK_THAT(skull_refusal(mask, options),
             Contains("a vault is too symmetric") && Contains("three landmarks by hand"));
  for (const char* name : {"vertex", "left_parietal", "right_parietal"})
  {
    options.overrides[name] = scan.truth.landmarks.at(name);
  }
  const BoneAnatomy bone = find_anatomy(BoneKind::skull, mask, options);
  CHECK(angle_deg(bone.frame.medial, scan.truth.frame.medial) < 5);
  CHECK(angle_deg(bone.frame.anterior, scan.truth.frame.anterior) < 5);
  CHECK(norm(bone.landmarks.at("vertex") - options.overrides["vertex"]) < 1e-9);
  CHECK(warned(bone, "directions_by_hand"));
}

TEST_CASE("landmarks of a head that contradict each other are refused")
{
  const SyntheticScan scan = posed(0, 3);
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  options.overrides["left_parietal"] = scan.truth.landmarks.at("right_parietal");
  options.overrides["right_parietal"] = scan.truth.landmarks.at("left_parietal");
  options.overrides["frontal_point"] = scan.truth.landmarks.at("frontal_point");
  options.overrides["vertex"] = scan.truth.landmarks.at("vertex");
  CHECK_THAT(skull_refusal(bone_mask(scan.labels), options),
             Contains("the landmarks given by hand contradict each other"));
}

TEST_CASE("what is not a hollow vault is refused")
{
  using namespace geometry;
  CHECK_THAT(skull_refusal(mask_of(sphere({0, 0, -60}, 66).distance)), Contains("the mask is not"));
  CHECK_THAT(skull_refusal(mask_of(sphere({0, 0, 0}, 20).distance)),
             Contains("the mask is not a cranial vault: the sphere through its bone has a radius "
                      "of"));
  CHECK_THAT(skull_refusal(femur_mask(make_femur(quick_femur(Side::left)))),
             Contains("; allowed: a cranial vault, or a piece of it, as a thin shell of bone"));
  image::Mask empty = mask_of(sphere({0, 0, 0}, 20).distance);
  std::fill(empty.values.begin(), empty.values.end(), std::uint8_t{0});
  CHECK_THAT(skull_refusal(empty), Contains("the mask is empty"));
}

TEST_CASE("a filled head is refused as not hollow")
{
  const SyntheticBody skull = synthetic_bone(BoneKind::skull, {});
  image::Mask mask;
  mask.grid.size = {60, 70, 60};
  mask.grid.spacing = {3, 3, 3};
  mask.grid.origin = {-90, -105, -70};
  const geometry::Solid head = geometry::ellipsoid({0, 0, 0}, {72, 90, 75});
  for (int k = 0; k < 60; ++k)
    for (int j = 0; j < 70; ++j)
      for (int i = 0; i < 60; ++i)
      {
        const Vec3 p = mask.grid.point({1.0 * i, 1.0 * j, 1.0 * k});
        mask.values.push_back(head.distance(p) < 0 && p.z > -50);
      }
  CHECK_THAT(skull_refusal(mask),
             Contains("the mask is not hollow") && Contains("without the brain"));
}

TEST_CASE("the ellipsoid fit gives back a tilted ellipsoid from its upper half")
{
  const double tilt = geometry::radians(12);
  VaultEllipsoid made;
  made.centre = {3, -4, 5};
  made.right = {-1, 0, 0};
  made.anterior = {0, -std::cos(tilt), std::sin(tilt)};
  made.superior = cross(made.right, made.anterior);
  made.radii = {70, 92, 76};
  std::vector<Vec3> points;
  for (double u = -175; u < 180; u += 5)
  {
    for (double v = -40; v < 88; v += 4)
    {
      const double a = geometry::radians(u);
      const double b = geometry::radians(v);
      points.push_back(made.centre + 70 * std::cos(a) * std::cos(b) * made.right +
                       92 * std::sin(a) * std::cos(b) * made.anterior +
                       76 * std::sin(b) * made.superior);
    }
  }
  const auto fit = fit_vault(points, {made.centre, made.right, 0}, {0, -1, 0}, {0, 0, 1});
  REQUIRE(fit);
  CHECK(norm(fit->centre - made.centre) < 0.01);
  CHECK(norm(fit->radii - made.radii) < 0.01);
  CHECK(angle_deg(fit->anterior, made.anterior) < 0.01);
  CHECK(fit->rms < 1e-3);
}

TEST_CASE("a dimension that is not that of a skull is refused")
{
  CHECK_THAT(refusal(
                 [] {
                   synthetic_bone(BoneKind::skull, {}, {{"width_mm", 300}});
                 }),
             Contains("synthetic skull: width_mm = 300; allowed: "));
}
