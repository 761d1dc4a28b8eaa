#include "image/intensity.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
// Calcar's own limits, chosen between the values met in real scans of each kind.
constexpr double hu_fat =
    -50; ///< a CT has fat (-100 HU) or air; a density image seldom goes below this
constexpr double hu_bone = 150;   ///< a CT without anything above this shows no bone
constexpr double hu_most = 40000; ///< beyond 16-bit CT
constexpr double air_mg =
    -950; ///< air reads -700 to -930 mg/cm3 after calibration, -1000 HU before
constexpr double densest_mg = 3000;   ///< cortex reaches 2000
constexpr double g_cm3_most = 5;      ///< numbers beyond are not g/cm3
constexpr double faintest_bone = 0.1; ///< g/cm3; an image without more shows no bone

[[noreturn]] void refuse(const Volume& volume, const std::string& given, const std::string& allowed,
                         const std::string& remedy)
{
  throw InputError(Fault::data, {volume.source.path, given, allowed, remedy, ""});
}

std::string range(const Spread& s)
{
  return "values from " + format_number(s.least) + " to " + format_number(s.most);
}
} // namespace

Spread spread_of(const Volume& volume)
{
  std::vector<float> values = volume.values;
  if (values.empty())
    return {};
  const auto ends = std::ranges::minmax_element(values);
  Spread spread{*ends.min, *ends.max, 0, 0};
  const auto rank = static_cast<std::ptrdiff_t>(values.size() / 1000);
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  spread.low = values[static_cast<std::size_t>(rank)];
  std::nth_element(values.begin(), values.end() - 1 - rank, values.end());
  spread.high = *(values.end() - 1 - rank);
  return spread;
}

InsideMask values_inside(const Volume& volume, const Mask& mask)
{
  InsideMask inside;
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < mask.values.size(); ++i)
  {
    if (mask.values[i] == 0)
      continue;
    const double v = volume.values[i];
    inside.least = inside.voxels == 0 ? v : std::min(inside.least, v);
    inside.most = inside.voxels == 0 ? v : std::max(inside.most, v);
    ++inside.voxels;
    sum += v;
    squares += v * v;
  }
  if (inside.voxels == 0)
    return inside;
  const double n = static_cast<double>(inside.voxels);
  inside.mean = sum / n;
  inside.deviation = std::sqrt(std::max(0.0, squares / n - inside.mean * inside.mean));
  return inside;
}

void require_hounsfield(const Volume& volume)
{
  const Spread s = spread_of(volume);
  const std::string to_density =
      "if it already holds density, write name = \"density\" with its unit in [calibration]";
  if (s.most - s.least < 1e-6)
    refuse(volume, "the image has one value everywhere (" + format_number(s.least) + ")", "a CT",
           "");
  if (std::abs(s.least) <= g_cm3_most && s.most <= g_cm3_most)
    refuse(volume, "the image is promised in HU but looks like density in g/cm3: " + range(s),
           "a CT in HU, with fat near -100 and air near -1000", to_density);
  if (s.least > hu_fat)
    refuse(volume,
           "the image is promised in HU but looks like density: " + range(s) +
               ", nothing as low as fat (-100) or air (-1000)",
           "a CT in HU", to_density + "; if the CT was masked with 0, give the CT itself");
  if (s.high < hu_bone || s.most > hu_most)
    refuse(volume, "no CT of bone has such numbers: " + range(s), "a CT in HU, bone above 150",
           "check slope and intercept of the export");
}

void require_density(const Volume& volume, const std::string& unit)
{
  const Spread s = spread_of(volume);
  const bool milli = unit == "mg/cm3";
  if (s.most - s.least < 1e-6)
    refuse(volume, "the image has one value everywhere (" + format_number(s.least) + ")",
           "a density image", "");
  if (!milli && s.most > g_cm3_most && s.low >= air_mg)
    refuse(volume, "the image is promised in g/cm3 but holds " + range(s),
           "densities up to about 2 g/cm3", "write unit = \"mg/cm3\" if that is what it holds");
  if (milli && s.most < g_cm3_most)
    refuse(volume, "the image is promised in mg/cm3 but holds " + range(s),
           "densities up to about 2000 mg/cm3", "write unit = \"g/cm3\" if that is what it holds");
  const double factor = milli ? 1 : 1000;
  if (s.low * factor < air_mg)
    refuse(volume, "the image is promised as density but looks like HU: " + range(s),
           "density, where air is above -950 mg/cm3",
           "give a calibration in [calibration] (\"linear\", \"rods\" or \"mindways\")");
  if (s.most * factor > densest_mg)
    refuse(volume, "the image holds " + range(s) + " " + unit,
           "densities up to 3000 mg/cm3: the densest bone has about 2000",
           "if there is metal give the CT in HU with its calibration, else check the unit");
  if (s.high * factor < faintest_bone * 1000)
    refuse(volume, "the image shows no bone: " + range(s) + " " + unit, "bone above 100 mg/cm3",
           "check the image and its unit");
}

} // namespace calcar::image
