#include "anatomy/bone_anatomy.hpp"
#include "refusal.hpp"
#include "report/depth_view.hpp"
#include "report/landmark_picture.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace calcar;
using namespace calcar::report;
using Catch::Contains;

namespace
{
/// A ball of 12 mm about (5, -3, 40).
image::Mask ball()
{
  image::Mask mask;
  mask.grid.size = {40, 40, 40};
  mask.grid.origin = {-14.5, -22.5, 20.5};
  mask.values.assign(mask.grid.voxels(), 0);
  for (int k = 0; k < 40; ++k)
    for (int j = 0; j < 40; ++j)
      for (int i = 0; i < 40; ++i)
        mask.at(i, j, k) =
            norm(mask.grid.point({double(i), double(j), double(k)}) - Vec3{5, -3, 40}) < 12;
  return mask;
}

constexpr ViewAxes from_front = {{1, 0, 0}, {0, 0, 1}, {0, -1, 0}};

anatomy::BoneAnatomy bone_of_ball()
{
  anatomy::BoneAnatomy bone;
  bone.side = anatomy::Side::left;
  bone.frame = {{5, -3, 40}, {-1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
  bone.landmarks["femoral_head_centre"] = {5, -3, 40};
  bone.landmarks["greater_trochanter"] = {17, -3, 40};
  bone.absent = {"isthmus"};
  return bone;
}
} // namespace

TEST_CASE("a ball seen from the front is a disc whose depth is that of a ball")
{
  const DepthView view = view_from(surface_of(ball()), from_front, 0.5);
  int covered = 0;
  for (const float depth : view.depth)
    covered += std::isfinite(depth);
  // Pixels within half a voxel's diagonal of the surface voxels' centres.
  CHECK(std::sqrt(covered * 0.25 / 3.14159265) == Approx(12).margin(0.8));
  CHECK(view.column({5, -3, 40}) == Approx(0.5 * view.width).margin(2));
  CHECK(view.row({5, -3, 40}) == Approx(0.5 * view.height).margin(2));
  const auto depth_at = [&](Vec3 p)
  { return view.depth[view.offset(int(view.row(p)), int(view.column(p)))]; };
  CHECK(depth_at({5, 0, 40}) == Approx(3 + 12).margin(1));
  CHECK(depth_at({11, 0, 40}) == Approx(3 + std::sqrt(144 - 36)).margin(1));
}

TEST_CASE("bone in front of a point hides it, bone behind it does not")
{
  const DepthView view = view_from(surface_of(ball()), from_front, 0.5);
  CHECK(view.hides({5, -3, 40}, 4));
  CHECK(view.hides({5, 8, 40}, 4));
  CHECK_FALSE(view.hides({5, -15, 40}, 4));
  CHECK_FALSE(view.hides({60, 0, 40}, 4));
}

TEST_CASE("the side of a ball turned to the light is brighter than the other")
{
  const DepthView view = view_from(surface_of(ball()), from_front, 0.5);
  const std::vector<float> light = shaded(view);
  const auto at = [&](Vec3 p) { return light[view.offset(int(view.row(p)), int(view.column(p)))]; };
  CHECK(at({0, 0, 46}) > at({10, 0, 34}) + 0.2F);
  CHECK(light.front() == -1.0F); // a corner without bone
}

TEST_CASE("the picture is a PNG of the landmarks that were found, in their reading order")
{
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "landmarks.png";
  write_landmark_picture(file, ball(), bone_of_ball(), {"Left femur", {"confidence 0.9"}});
  std::ifstream stream(file, std::ios::binary);
  std::string head(8, ' ');
  stream.read(head.data(), 8);
  CHECK(head == "\x89PNG\r\n\x1a\n");
  CHECK(std::filesystem::file_size(file) > 10000);
  CHECK_FALSE(std::filesystem::exists(file.string() + ".tmp"));
  CHECK(numbered_landmarks(bone_of_ball()) ==
        std::vector<std::string>{"femoral_head_centre", "greater_trochanter"});
}

TEST_CASE("a picture that cannot be written is told with its path")
{
  CHECK_THAT(test::refusal_of(
                 []
                 {
                   write_landmark_picture("/nonexistent_folder/landmarks.png", ball(),
                                          bone_of_ball(), {"Left femur", {}});
                 },
                 Fault::command),
             Contains("/nonexistent_folder/landmarks.png: the picture cannot be written") &&
                 Contains("check that the folder can be written"));
}
