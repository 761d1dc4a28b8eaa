#include "anatomy/vertebra.hpp"
#include "geometry/rotation.hpp"
#include "support.hpp"
#include "vertebra_support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

/// The mask with its third axis, or its second, read the other way: an image with a false affine.
image::Mask mirrored(image::Mask mask, std::size_t axis)
{
  const image::Mask from = mask;
  const auto& size = mask.grid.size;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
      {
        mask.at(i, j, k) =
            axis == 2 ? from.at(i, j, size[2] - 1 - k) : from.at(i, size[1] - 1 - j, k);
      }
  return mask;
}

/// The bone and the body of its lower neighbour in one mask; the neighbour's processes would touch
/// the bone's in voxels of this size.
image::Mask two_vertebrae(const SyntheticScan& scan, double gap_closed_mm)
{
  image::Mask mask = bone_of(scan);
  const Vec3 behind = scan.truth.landmarks.at("posterior_wall");
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
      {
        const Vec3 p = mask.grid.point({1.0 * i, 1.0 * j, 1.0 * k}) - behind;
        if (scan.labels.at(i, j, k) == 11 && dot(p, scan.truth.frame.anterior) > 0)
          mask.at(i, j, k) = 1;
      }
  // A disc taken for bone joins them.
  const Frame& f = scan.truth.frame;
  const Vec3 disc = scan.truth.landmarks.at("inferior_endplate_centre") - 5 * f.proximal;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
      {
        const Vec3 p = mask.grid.point({1.0 * i, 1.0 * j, 1.0 * k}) - disc;
        const double along = dot(p, f.proximal);
        if (std::abs(along) < 8 && norm(p - along * f.proximal) < gap_closed_mm)
        {
          mask.at(i, j, k) = 1;
        }
      }
  return mask;
}

double capsule(const Vec3& p, Vec3 a, Vec3 b, double radius)
{
  const Vec3 ab = b - a;
  const double t = std::clamp(dot(p - a, ab) / dot(ab, ab), 0.0, 1.0);
  return norm(p - a - t * ab) - radius;
}

} // namespace

TEST_CASE("a vertebra in an image turned upside down is refused, naming what says so")
{
  const image::Mask mask = mirrored(bone_of(patient_scan("L3")), 2);
  const std::string text = vertebra_refusal(mask);
  CHECK_THAT(text, Contains("the orientation of the image is in doubt: by its shape ("));
  CHECK_THAT(text, Contains("where the pedicles spring from the body"));
  CHECK_THAT(text, Contains("the vertebra's cranial side"));
  CHECK_THAT(text, Contains("orientation = \"specimen\""));
  CHECK(vertebra_refusal(mask, vertebra_in_a_tube()).empty());
}

TEST_CASE("a vertebra in an image turned back to front is refused")
{
  const image::Mask mask = mirrored(bone_of(patient_scan("T10")), 1);
  const std::string text = vertebra_refusal(mask);
  CHECK_THAT(text, Contains("the canal"));
  CHECK_THAT(text, Contains("the vertebra's anterior side"));
}

TEST_CASE("a vertebral body alone is refused as a specimen: nothing tells up from down")
{
  const std::string text = vertebra_refusal(body_alone(), vertebra_in_a_tube());
  CHECK_THAT(text, Contains("the shape does not tell"));
  CHECK_THAT(text, Contains("a vertebral body alone must lie as in the patient"));
}

TEST_CASE("two vertebrae in one mask are refused")
{
  const SyntheticScan& scan = patient_scan("L3");
  CHECK_THAT(vertebra_refusal(two_vertebrae(scan, 0)), Contains("the mask is in pieces: "));
  CHECK_THAT(vertebra_refusal(two_vertebrae(scan, 6)),
             Contains("the mask holds more than one vertebra: a second body lies 3"));
  CHECK_THAT(vertebra_refusal(two_vertebrae(scan, 18)),
             Contains("; allowed: one vertebra from T1 to L5"));
}

TEST_CASE("a vertebra cut through its body by the image's border is refused")
{
  VertebraCase one = patient_vertebra("L3");
  one.settings.rotation = identity();
  const auto said = [&](const Crop& crop)
  {
    one.settings.crop = crop;
    return vertebra_refusal(bone_of(scan_of(one)));
  };
  Crop upper;
  upper.from.z = 0;
  CHECK_THAT(said(upper), Contains("the image ends inside the vertebral body"));
  Crop right;
  right.from.x = 3;
  CHECK_THAT(said(right), Contains("the image ends inside the vertebral body"));
}

TEST_CASE("what is no vertebra is refused as one")
{
  const image::Mask ball = mask_of([](const Vec3& p) { return norm(p) - 18; });
  CHECK_THAT(vertebra_refusal(ball), Contains("has no two flat ends that could be the endplates"));
  const image::Mask rod = mask_of(
      [](const Vec3& p) { return std::max(std::hypot(p.x, p.y) - 14, std::abs(p.z) - 80); });
  CHECK_THAT(vertebra_refusal(rod), Contains("the proportions are not those of a vertebra"));
  const image::Mask rib = mask_of(
      [](const Vec3& p)
      {
        const double ring = std::hypot(p.x, p.z) - 60;
        return std::max(std::hypot(ring, p.y) - 3, -p.x);
      });
  CHECK_THAT(vertebra_refusal(rib), Contains("the mask is not a vertebra: "));
  const image::Mask femur = mask_of(
      [](const Vec3& p)
      {
        const double neck = capsule(p, {40, 0, 150}, {0, 0, 110}, 13);
        const double shaft = capsule(p, {0, 0, 120}, {0, 0, -150}, 14);
        return std::min({norm(p - Vec3{40, 0, 150}) - 23, neck, shaft});
      });
  CHECK_THAT(vertebra_refusal(femur), Contains("; allowed: one vertebra from T1 to L5"));
  const image::Mask speck = mask_of([](const Vec3& p) { return norm(p) - 6; });
  CHECK_THAT(vertebra_refusal(speck), Contains("voxels of bone; allowed: at least 200"));
}

TEST_CASE("specks beside a vertebra are left out with a warning")
{
  image::Mask mask = bone_of(patient_scan("L3"));
  for (int k = 1; k < 8; ++k)
    for (int j = 1; j < 8; ++j)
      for (int i = 1; i < 8; ++i)
      {
        mask.at(i, j, k) = 1;
      }
  const BoneAnatomy found = find_anatomy(BoneKind::vertebra, mask);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].code == "mask_in_pieces");
}
