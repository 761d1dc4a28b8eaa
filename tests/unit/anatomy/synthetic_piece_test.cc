#include "anatomy/synthetic_piece.hpp"
#include "image/mask.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

double bone_voxels(const SyntheticScan& scan)
{
  const image::Mask bone = bone_mask(scan.labels);
  return static_cast<double>(std::count(bone.values.begin(), bone.values.end(), 1));
}

} // namespace

TEST_CASE("every bone has pieces, and each is a part of it with some of its landmarks")
{
  for (const std::string& name : bone_names())
  {
    const BoneKind kind = bone_kind(name);
    const SyntheticBody body = synthetic_bone(kind, {});
    ScanSettings settings;
    settings.voxel_mm = kind == BoneKind::rib || kind == BoneKind::vertebra ? 2 : 4;
    const double whole = bone_voxels(make_scan(body, settings));
    REQUIRE_FALSE(piece_names(kind).empty());
    for (const std::string& piece : piece_names(kind))
    {
      INFO(name << " " << piece);
      settings.crop = piece_of(body, piece);
      const SyntheticScan scan = make_scan(body, settings);
      CHECK_FALSE(scan.truth.whole);
      CHECK_FALSE(scan.truth.landmarks.empty());
      CHECK_FALSE(scan.truth.absent.empty());
      CHECK(bone_voxels(scan) < 0.9 * whole);
      CHECK(bone_voxels(scan) > 0.02 * whole);
      CHECK(image::connected_pieces(bone_mask(scan.labels), image::Neighbours::all).voxels.size() ==
            1);
    }
  }
}

TEST_CASE("a crop along a named direction is that range of the bone, whatever the name's sign")
{
  SyntheticBody body;
  body.kind = BoneKind::vertebra;
  body.origin = {1, 2, 3};
  Crop crop;
  keep_along(body, "caudal", -5, 10, crop);
  CHECK(crop.from.z == 3 - 10);
  CHECK(crop.to.z == 3 + 5);
  keep_along(body, "right", -4, 6, crop);
  CHECK(crop.from.x == 1 - 4);
  CHECK(crop.to.x == 1 + 6);
  CHECK(crop.from.y == Crop{}.from.y);
  CHECK(refusal([&] { keep_along(body, "distal", 0, 1, crop); }) ==
        "crop of a synthetic vertebra: unknown direction \"distal\"; allowed: right, left, "
        "anterior, posterior, cranial, caudal, ventral, dorsal; choose one of them");
  CHECK_THAT(refusal([&] { keep_along(body, "left", 3, 3, crop); }),
             Contains("left from 3 to 3") && Contains("exchange the numbers"));
  CHECK_THAT(refusal([&] { piece_of(body, "bodi"); }),
             Contains("unknown piece \"bodi\"; allowed: body; did you mean \"body\"?"));
}
