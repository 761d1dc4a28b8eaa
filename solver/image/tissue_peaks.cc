#include "image/tissue_peaks.hpp"

#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "image/box.hpp"
#include "image/distance.hpp"
#include "image/grid.hpp"
#include "image/histogram_peak.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

namespace calcar::image
{
namespace
{
constexpr double lowest = -1400, highest = 400, bin_hu = 2;
constexpr double upper_part = 0.6;            ///< of the top: what the Gaussian is fitted to
constexpr float soft_tissue[2] = {-300, 250}; ///< HU, wider than the windows by the noise
constexpr double air_below = -850;            ///< air and padding lie below
constexpr double beside_fill = 0.1; ///< air besides a fill holds at least this share of its voxels
constexpr double fill_share = 0.25; ///< noise of 1.5 HU and more puts fewer voxels on one value

struct Rules
{
  std::map<std::string, std::array<double, 2>> window; ///< HU
  double soft_mm = 0, keep_off_mm = 0;
  double smoothing = 0, rise = 0, share = 0;
  double volume_cm3 = 0;
  double filled_within = 0;
};

Rules read_rules()
{
  const Table table =
      Table::read(data_file("materials/calibrations", "tissue_peaks", "calibration", ""));
  table.known({"name", "words", "source", "status", "note"});
  Rules rules;
  for (const char* tissue : {"air", "fat", "muscle"})
  {
    const std::string key = std::string(tissue) + "_HU";
    const std::vector<double> ends = table.numbers(key);
    table.require(ends.size() == 2 && ends[0] < ends[1], key, "two rising numbers");
    rules.window[tissue] = {ends.empty() ? 0 : ends.front(), ends.empty() ? 0 : ends.back()};
  }
  rules.soft_mm = table.number("soft_tissue_within_mm");
  rules.keep_off_mm = table.number("keep_off_bone_mm");
  rules.smoothing = table.number("smoothing_HU");
  rules.volume_cm3 = table.number("least_volume_cm3");
  rules.rise = table.number("least_rise");
  rules.share = table.number("position_share_of_width");
  rules.filled_within = table.number("filled_air_within_HU");
  table.check();
  return rules;
}

/// Looks for the peaks of tissues.
struct PeakSearch
{
  const Rules& rules;
  double voxel_cm3;

  /// The sample of a tissue, or why there is none.
  std::string find(const Histogram& histogram, const std::string& tissue,
                   TissueSample& sample) const
  {
    Peak peak;
    std::string reason =
        find_peak(histogram, rules.window.at(tissue),
                  {rules.smoothing, rules.rise, std::max(rules.volume_cm3 / voxel_cm3, 1.0)}, peak);
    if (reason.empty())
      sample = {
          peak.position,
          std::hypot(peak.width / std::sqrt(peak.voxels), peak.skewness, rules.share * peak.width),
          peak.width, peak.voxels * voxel_cm3, false};
    return reason;
  }
};

/// A value that software wrote into much of the air: padding, or a removed background.
struct Fill
{
  float value;
  double share; ///< of all voxels below air_below
};

std::optional<Fill> find_fill(const Volume& volume)
{
  std::map<float, std::size_t> counts;
  std::size_t air = 0;
  for (std::size_t i = 0; i < volume.values.size();)
  {
    const float v = volume.values[i];
    std::size_t end = i + 1;
    while (end < volume.values.size() && volume.values[end] == v)
      ++end; // fills come in runs
    if (static_cast<double>(v) < air_below)
    {
      air += end - i;
      counts[v] += end - i;
    }
    i = end;
  }
  if (air == 0)
    return std::nullopt;
  const auto most = std::ranges::max_element(counts, {}, [](const auto& c) { return c.second; });
  const double share = static_cast<double>(most->second) / static_cast<double>(air);
  return share < fill_share ? std::nullopt : std::optional<Fill>({most->first, share});
}

void find_air(const Volume& volume, const PeakSearch& search, TissuePeaks& peaks)
{
  const std::optional<Fill> fill = find_fill(volume);
  Histogram histogram;
  for (const float v : volume.values)
    if (!fill || v != fill->value)
      histogram.add(v);
  TissueSample air;
  const std::string reason = search.find(histogram, "air", air);
  const auto fills = fill ? static_cast<double>(std::ranges::count(volume.values, fill->value)) : 0;
  const double filled_cm3 = fills * search.voxel_cm3;
  const double off = fill ? std::abs(static_cast<double>(fill->value) + 1000) : 1e9;
  const bool fill_is_air =
      off <= search.rules.filled_within && filled_cm3 >= search.rules.volume_cm3;
  // What is left around a fill of air is the blurred skin.
  if (reason.empty() && !(fill_is_air && air.volume_cm3 < beside_fill * filled_cm3))
    peaks.found["air"] = air;
  else if (fill_is_air)
  {
    peaks.found["air"] = {static_cast<double>(fill->value), std::max(off, 1.0), 0, filled_cm3,
                          false};
    peaks.warnings.push_back({"filled_air",
                              "the air reads " + format_number(static_cast<double>(fill->value)) +
                                  " HU everywhere: software may have written it, not the scanner",
                              volume.source.path});
  }
  else
    peaks.missing["air"] = fill ? "what is not tissue was filled with " +
                                      format_number(static_cast<double>(fill->value)) +
                                      " HU, which is not air"
                                : reason;
}

/// Magnitude of the difference of opposite neighbours. The voxel's own value is not in it, so that
/// choosing voxels by it leaves the distribution of their noise as it is.
float unevenness(const Volume& v, int i, int j, int k)
{
  const auto along = [&](int di, int dj, int dk)
  {
    const auto at = [&](int sign)
    {
      const int a = i + sign * di, b = j + sign * dj, c = k + sign * dk;
      return v.grid.contains(a, b, c) ? v.at(a, b, c) : v.at(i, j, k);
    };
    return at(1) - at(-1);
  };
  return std::hypot(along(1, 0, 0), along(0, 1, 0), along(0, 0, 1));
}

/// The evener half of the voxels of soft tissue: what lies on borders between tissues, a mixture of
/// two, is uneven and falls out.
Histogram even_soft_tissue(const Volume& volume, const Mask& left_out)
{
  std::vector<std::pair<float, float>> voxels; // unevenness, value
  std::size_t at = 0;
  for (int k = 0; k < volume.grid.size[2]; ++k)
    for (int j = 0; j < volume.grid.size[1]; ++j)
      for (int i = 0; i < volume.grid.size[0]; ++i, ++at)
      {
        const float value = volume.values[at];
        if (value > soft_tissue[0] && value < soft_tissue[1] &&
            (left_out.values.empty() || left_out.values[at] == 0))
          voxels.emplace_back(unevenness(volume, i, j, k), value);
      }
  Histogram histogram;
  if (voxels.empty())
    return histogram;
  const auto middle = voxels.begin() + static_cast<std::ptrdiff_t>(voxels.size() / 2);
  std::nth_element(voxels.begin(), middle, voxels.end());
  const float even = middle->first;
  for (const auto& [uneven, value] : voxels)
    if (uneven <= even)
      histogram.add(value);
  return histogram;
}

/// Each voxel's mean with its 26 neighbours.
Volume averaged(Volume volume)
{
  std::vector<float> line;
  const auto& size = volume.grid.size;
  const std::array<std::size_t, 3> step = {1, volume.grid.offset(0, 1, 0),
                                           volume.grid.offset(0, 0, 1)};
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (std::size_t start = 0; start < volume.values.size(); ++start)
    {
      const auto n = static_cast<std::size_t>(size[axis]);
      if (start / step[axis] % n != 0) // not the first voxel of a line
        continue;
      line.clear();
      for (std::size_t i = 0; i < n; ++i)
        line.push_back(volume.values[start + i * step[axis]]);
      for (std::size_t i = 0; i < n; ++i)
        volume.values[start + i * step[axis]] =
            (line[i == 0 ? 0 : i - 1] + line[i] + line[std::min(i + 1, n - 1)]) / 3;
    }
  return volume;
}

/// The part of an image where soft tissue is looked for.
struct Surroundings
{
  Volume volume;
  Mask left_out; ///< bone and what is close to it; empty without a mask
};

Surroundings surroundings(const Volume& volume, const Mask* bone, const Rules& rules)
{
  if (!bone)
    return {volume, {}};
  const Box box = grown(bounding_box(*bone), bone->grid, rules.soft_mm);
  return {crop(volume, box), dilate(crop(*bone, box), rules.keep_off_mm)};
}

void find_soft_tissue(const Histogram& histogram, const PeakSearch& search, TissuePeaks& peaks)
{
  for (const char* tissue : {"fat", "muscle"})
  {
    TissueSample sample;
    const std::string reason = search.find(histogram, tissue, sample);
    if (reason.empty())
      peaks.found[tissue] = sample;
    else
      peaks.missing[tissue] = reason;
  }
}
} // namespace

TissuePeaks find_tissue_peaks(const Volume& volume, const Mask* bone)
{
  if (bone)
    require_same_grid(volume, *bone);
  const Rules rules = read_rules();
  const PeakSearch search{rules, volume.grid.voxel_volume() / 1000};
  TissuePeaks peaks;
  find_air(volume, search, peaks);
  const Surroundings around = surroundings(volume, bone, rules);
  find_soft_tissue(even_soft_tissue(around.volume, around.left_out), search, peaks);
  if (!peaks.found.contains("fat") || !peaks.found.contains("muscle"))
  {
    const Volume calmer = averaged(around.volume);
    TissuePeaks again;
    find_soft_tissue(even_soft_tissue(calmer, around.left_out), search, again);
    if (again.missing.empty())
    {
      peaks.found["fat"] = again.found["fat"];
      peaks.found["muscle"] = again.found["muscle"];
      peaks.missing.erase("fat");
      peaks.missing.erase("muscle");
      peaks.warnings.push_back({"noisy_scan",
                                "fat and muscle drown in noise: their peaks are those of the image "
                                "averaged over 3x3x3 voxels",
                                volume.source.path});
    }
  }
  return peaks;
}

} // namespace calcar::image
