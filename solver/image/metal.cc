#include "base/text.hpp"
#include "image/checks.hpp"
#include "image/distance.hpp"
#include "image/mask.hpp"

#include <algorithm>

namespace calcar::image
{
namespace
{
constexpr double metal_hu = 2500;
constexpr double metal_g_cm3 = 1.9;
constexpr double least_piece_mm3[2] = {20, 50}; ///< HU, density
constexpr double streak_mm = 10;
constexpr float clip_hu = 3071; ///< 4095 - 1024
constexpr std::size_t clip_voxels = 10;

Mask compact_pieces(const Mask& bright, double least_mm3)
{
  const Pieces pieces = connected_pieces(bright, Neighbours::all);
  Mask result = bright;
  for (std::size_t i = 0; i < result.values.size(); ++i)
  {
    const std::int32_t piece = pieces.labels.values[i];
    if (piece == 0)
      continue;
    const double size = static_cast<double>(pieces.voxels[static_cast<std::size_t>(piece - 1)]);
    result.values[i] = size * bright.grid.voxel_volume() >= least_mm3 ? 1 : 0;
  }
  return result;
}

double share(const Mask& part, const Mask& region)
{
  std::size_t both = 0, all = 0;
  for (std::size_t i = 0; i < region.values.size(); ++i)
  {
    all += region.values[i] != 0;
    both += region.values[i] != 0 && part.values[i] != 0;
  }
  return all == 0 ? 0 : static_cast<double>(both) / static_cast<double>(all);
}

/// Many voxels at exactly the brightest value a 12-bit scan can hold.
bool is_clipped(const Volume& volume)
{
  const float most = *std::ranges::max_element(volume.values);
  return most == clip_hu && std::ranges::count(volume.values, most) >= std::ptrdiff_t{clip_voxels};
}
} // namespace

Metal find_metal(const Volume& volume, const Mask& region, Quantity quantity)
{
  const bool hounsfield = quantity == Quantity::hounsfield;
  const double threshold = hounsfield ? metal_hu : metal_g_cm3;
  Mask bright{volume.grid, std::vector<std::uint8_t>(volume.values.size()), volume.source};
  std::ranges::transform(volume.values, bright.values.begin(),
                         [threshold](float v) { return v > threshold ? 1 : 0; });
  Metal result;
  result.metal = compact_pieces(bright, least_piece_mm3[hounsfield ? 0 : 1]);
  if (count(result.metal) == 0)
  {
    result.near_metal = result.metal;
    return result;
  }
  result.near_metal = dilate(result.metal, streak_mm);
  result.clipped = hounsfield && is_clipped(volume);
  result.share_in_region = share(result.metal, region);
  result.near_in_region = share(result.near_metal, region);
  const std::string where = result.near_in_region > 0
                                ? format_number(100 * result.near_in_region, 2) +
                                      " % of the bone lie within " + format_number(streak_mm) +
                                      " mm of it"
                                : "away from the bone";
  result.warnings.push_back({"metal",
                             "metal in the scan (" + format_number(volume_cm3(result.metal), 2) +
                                 " cm3 above " + format_number(threshold) +
                                 (hounsfield ? " HU), " : " g/cm3), ") + where,
                             volume.source.path});
  if (result.clipped)
    result.warnings.push_back({"metal_clipped",
                               "the scan is cut off at 3071 HU: metal cannot be told from metal",
                               volume.source.path});
  return result;
}

} // namespace calcar::image
