#include "limb_support.hpp"

#include "geometry/rotation.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace calcar::anatomy::test
{

SyntheticScan posed_limb(BoneKind kind, int n, double voxel_mm, Crop crop,
                         std::optional<double> age)
{
  std::mt19937 random(static_cast<unsigned>(300 + 200 * static_cast<int>(kind) + n));
  std::uniform_real_distribution<double> about(-1, 1);
  std::normal_distribution<double> normal;
  SyntheticPerson person;
  person.side = n % 2 == 0 ? Side::left : Side::right;
  person.size = 1 + 0.1 * about(random);
  person.age_years = age;
  ScanSettings settings;
  settings.voxel_mm = voxel_mm;
  settings.rotation =
      geometry::rotation_about({normal(random), normal(random), normal(random)}, 3 * about(random));
  settings.position = {40 * about(random), 40 * about(random), 200 * about(random)};
  settings.crop = crop;
  return make_scan(synthetic_bone(kind, person), settings);
}

SyntheticScan standard_limb(BoneKind kind)
{
  ScanSettings settings;
  settings.voxel_mm = 2;
  return make_scan(synthetic_bone(kind, {}), settings);
}

AnatomyOptions specimen()
{
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  return options;
}

void check_limb(const BoneAnatomy& found, const BoneAnatomy& truth,
                const std::set<std::string>& not_told)
{
  REQUIRE(found.side == truth.side);
  for (const auto& [name, point] : truth.landmarks)
  {
    INFO(name);
    if (!not_told.count(name))
    {
      REQUIRE(found.landmarks.count(name) == 1);
      CHECK(norm(found.landmarks.at(name) - point) < 3);
    }
  }
  CHECK(geometry::angle_deg(found.frame.medial, truth.frame.medial) < 3);
  CHECK(geometry::angle_deg(found.frame.anterior, truth.frame.anterior) < 3);
  CHECK(geometry::angle_deg(found.frame.proximal, truth.frame.proximal) < 3);
}

void check_isthmus(const BoneAnatomy& found, const BoneAnatomy& truth)
{
  const Vec3 off = found.landmarks.at("isthmus") - truth.landmarks.at("isthmus");
  CHECK(norm(geometry::without_component(off, truth.frame.proximal)) < 1.5);
  CHECK(norm(off) < 20);
}

} // namespace calcar::anatomy::test
