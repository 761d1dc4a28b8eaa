#include "vertebra_support.hpp"

#include "anatomy/vertebra.hpp"
#include "anatomy/vertebra_levels.hpp"
#include "geometry/rotation.hpp"
#include "support.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace calcar::anatomy::test
{

VertebraCase varied_vertebra(int n)
{
  std::mt19937 random(static_cast<unsigned>(5000 + n));
  std::uniform_real_distribution<double> about(-1, 1);
  std::normal_distribution<double> normal;
  VertebraCase one;
  const auto& levels = vertebra_levels();
  // From L5 upwards, so that a short row has lumbar and thoracic ones.
  one.person.level = levels[levels.size() - 1 - static_cast<std::size_t>(5 * n) % levels.size()];
  one.person.sex = n % 2 == 0 ? Sex::male : Sex::female;
  one.person.size = 1 + 0.1 * about(random);
  one.person.density = static_cast<BoneDensity>(n % 3);
  if (n % 4 == 3)
  {
    one.person.age_years = 11 + 5 * about(random);
  }
  one.settings.rotation =
      geometry::rotation_about({normal(random), normal(random), normal(random)}, 3 * about(random));
  one.settings.position = {80 * about(random), 80 * about(random), 300 * about(random)};
  one.settings.voxel_mm = 2;
  if (n % 3 == 2)
  {
    one.settings.spacing_mm = {1.5, 1.5, 3};
  }
  return one;
}

VertebraCase patient_vertebra(const std::string& level)
{
  VertebraCase one;
  one.person.level = level;
  const double angle = geometry::radians(10);
  one.settings.rotation = geometry::rotation_about({1, 0, 0}, angle) *
                          geometry::rotation_about({0, 1, 0}, angle) *
                          geometry::rotation_about({0, 0, 1}, angle);
  one.settings.voxel_mm = 2;
  return one;
}

SyntheticScan scan_of(const VertebraCase& given)
{
  return make_scan(synthetic_bone(BoneKind::vertebra, given.person), given.settings);
}

const SyntheticScan& patient_scan(const std::string& level)
{
  static std::map<std::string, SyntheticScan> made;
  const auto found = made.find(level);
  return found != made.end() ? found->second
                             : made.emplace(level, scan_of(patient_vertebra(level))).first->second;
}

image::Mask bone_of(const SyntheticScan& scan)
{
  return bone_mask(scan.labels);
}

image::Mask body_alone()
{
  return mask_of(
      [](const Vec3& p)
      {
        const double waist = 1 - 0.1 * (1 - p.z * p.z / 169);
        const double wall = std::hypot(p.x / 22, p.y / 16) - waist;
        const double hollow = 14 - std::hypot(p.x, p.y - 27); // posterior is +y
        return std::max({16 * wall, hollow, std::abs(p.z) - 13});
      });
}

std::string vertebra_refusal(const image::Mask& mask, const AnatomyOptions& options)
{
  return refusal([&] { find_anatomy(BoneKind::vertebra, mask, options); });
}

AnatomyOptions vertebra_in_a_tube()
{
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  return options;
}

} // namespace calcar::anatomy::test
