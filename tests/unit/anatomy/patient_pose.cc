#include "patient_pose.hpp"

#include "geometry/rotation.hpp"

#include <catch2/catch.hpp>

namespace calcar::anatomy::test
{

ScanSettings as_a_patient_may_lie(std::mt19937& random, double voxel_mm)
{
  std::uniform_real_distribution<double> about(-1, 1);
  std::normal_distribution<double> normal;
  ScanSettings settings;
  settings.voxel_mm = voxel_mm;
  settings.rotation = geometry::rotation_about({normal(random), normal(random), normal(random)},
                                               geometry::radians(35) * about(random));
  settings.position = {40 * about(random), 40 * about(random), 200 * about(random)};
  return settings;
}

void check_against(const BoneAnatomy& bone, const BoneAnatomy& truth)
{
  CHECK(bone.side == truth.side);
  CHECK(norm(bone.frame.origin - truth.frame.origin) < 3);
  CHECK(geometry::angle_deg(bone.frame.medial, truth.frame.medial) < 3);
  CHECK(geometry::angle_deg(bone.frame.anterior, truth.frame.anterior) < 3);
  CHECK(geometry::angle_deg(bone.frame.proximal, truth.frame.proximal) < 3);
  for (const auto& [name, point] : truth.landmarks)
  {
    INFO(name);
    REQUIRE(bone.landmarks.count(name) == 1);
    CHECK(norm(bone.landmarks.at(name) - point) < 3);
  }
}

} // namespace calcar::anatomy::test
