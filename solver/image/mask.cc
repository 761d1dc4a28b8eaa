#include "image/mask.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdlib>
#include <numeric>

namespace calcar::image
{
namespace
{
using Offset = std::array<int, 3>;

std::vector<Offset> offsets(Neighbours neighbours)
{
  std::vector<Offset> result;
  for (int k = -1; k <= 1; ++k)
    for (int j = -1; j <= 1; ++j)
      for (int i = -1; i <= 1; ++i)
      {
        const int steps = std::abs(i) + std::abs(j) + std::abs(k);
        if (steps == 1 || (neighbours == Neighbours::all && steps > 1))
          result.push_back({i, j, k});
      }
  return result;
}

/// Floods from a voxel over those whose label is 0 and mask value is `value`; returns how many.
std::size_t flood(const Mask& mask, std::uint8_t value, std::size_t seed, std::int32_t label,
                  const std::vector<Offset>& steps, std::vector<std::int32_t>& labels)
{
  const Grid& grid = mask.grid;
  const auto nx = static_cast<std::size_t>(grid.size[0]);
  const auto ny = static_cast<std::size_t>(grid.size[1]);
  std::vector<std::size_t> stack = {seed};
  labels[seed] = label;
  std::size_t voxels = 0;
  while (!stack.empty())
  {
    const std::size_t voxel = stack.back();
    stack.pop_back();
    ++voxels;
    const int i = static_cast<int>(voxel % nx);
    const int j = static_cast<int>(voxel / nx % ny);
    const int k = static_cast<int>(voxel / nx / ny);
    for (const Offset& s : steps)
    {
      if (!grid.contains(i + s[0], j + s[1], k + s[2]))
        continue;
      const std::size_t next = grid.offset(i + s[0], j + s[1], k + s[2]);
      if (labels[next] == 0 && (mask.values[next] != 0) == (value != 0))
      {
        labels[next] = label;
        stack.push_back(next);
      }
    }
  }
  return voxels;
}

/// Renumbers pieces by falling size.
void sort_by_size(Pieces& pieces)
{
  std::vector<std::size_t> order(pieces.voxels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b)
                           { return pieces.voxels[a] > pieces.voxels[b]; });
  std::vector<std::int32_t> renamed(order.size() + 1, 0);
  std::vector<std::size_t> voxels;
  for (std::size_t rank = 0; rank < order.size(); ++rank)
  {
    renamed[order[rank] + 1] = static_cast<std::int32_t>(rank + 1);
    voxels.push_back(pieces.voxels[order[rank]]);
  }
  for (std::int32_t& label : pieces.labels.values)
    label = renamed[static_cast<std::size_t>(label)];
  pieces.voxels = voxels;
}

std::string volumes_in_words(const Pieces& pieces)
{
  std::vector<std::string> words;
  for (std::size_t p = 0; p < std::min<std::size_t>(pieces.voxels.size(), 4); ++p)
    words.push_back(format_number(static_cast<double>(pieces.voxels[p]) *
                                  pieces.labels.grid.voxel_volume() / 1000));
  return join(words) + (pieces.voxels.size() > 4 ? ", ..." : "") + " cm3";
}
} // namespace

std::map<std::int32_t, std::size_t> label_counts(const LabelMap& labels)
{
  std::map<std::int32_t, std::size_t> counts;
  for (std::size_t i = 0; i < labels.values.size();)
  {
    const std::int32_t label = labels.values[i]; // labels come in runs
    std::size_t end = i + 1;
    while (end < labels.values.size() && labels.values[end] == label)
      ++end;
    counts[label] += end - i;
    i = end;
  }
  counts.erase(0);
  return counts;
}

Mask extract(const LabelMap& labels, std::int32_t label)
{
  Mask mask{labels.grid, std::vector<std::uint8_t>(labels.values.size()), labels.source};
  if (label != 0)
    std::ranges::transform(labels.values, mask.values.begin(),
                           [label](std::int32_t v) { return v == label ? 1 : 0; });
  if (count(mask) > 0)
    return mask;
  std::vector<std::string> present;
  for (const auto& [number, voxels] : label_counts(labels))
    present.push_back(std::to_string(number) + " (" + std::to_string(voxels) + " voxels)");
  throw InputError(
      Fault::data,
      {labels.source.path,
       label == 0 ? "label 0 is the background" : "no voxel has label " + std::to_string(label),
       present.empty() ? "" : "the labels present: " + join(present),
       present.empty() ? "the image is 0 everywhere: give the file of the mask"
                       : "choose the label of the bone",
       ""});
}

std::size_t count(const Mask& mask)
{
  return static_cast<std::size_t>(
      std::ranges::count_if(mask.values, [](std::uint8_t v) { return v != 0; }));
}

double volume_cm3(const Mask& mask)
{
  return static_cast<double>(count(mask)) * mask.grid.voxel_volume() / 1000;
}

Pieces connected_pieces(const Mask& mask, Neighbours neighbours)
{
  Pieces pieces;
  pieces.labels = {mask.grid, std::vector<std::int32_t>(mask.values.size()), mask.source};
  const std::vector<Offset> steps = offsets(neighbours);
  for (std::size_t voxel = 0; voxel < mask.values.size(); ++voxel)
    if (mask.values[voxel] != 0 && pieces.labels.values[voxel] == 0)
    {
      const auto label = static_cast<std::int32_t>(pieces.voxels.size() + 1);
      pieces.voxels.push_back(flood(mask, 1, voxel, label, steps, pieces.labels.values));
    }
  sort_by_size(pieces);
  return pieces;
}

CleanMask keep_largest(const Mask& mask, double allowed_share)
{
  const Pieces pieces = connected_pieces(mask, Neighbours::all);
  if (pieces.voxels.empty())
    throw InputError(Fault::data, {mask.source.path, "the mask is empty", "at least one voxel",
                                   "check the label and the file of the mask", ""});
  const std::size_t total = count(mask);
  const std::size_t dropped = total - pieces.voxels.front();
  const double share = static_cast<double>(dropped) / static_cast<double>(total);
  if (share >= allowed_share && dropped > 0)
    throw InputError(Fault::data,
                     {mask.source.path,
                      "the mask is in " + std::to_string(pieces.voxels.size()) + " pieces of " +
                          volumes_in_words(pieces),
                      "one bone in one piece, small pieces below " +
                          format_number(100 * allowed_share) + " % of its volume",
                      "give each bone its own label; a bone broken apart cannot be analysed", ""});
  CleanMask result{mask, {}};
  if (dropped == 0)
    return result;
  for (std::size_t i = 0; i < mask.values.size(); ++i)
    result.mask.values[i] = pieces.labels.values[i] == 1 ? 1 : 0;
  result.warnings.push_back({"small_pieces_dropped",
                             std::to_string(pieces.voxels.size() - 1) +
                                 " small pieces apart from the bone were dropped (" +
                                 format_number(100 * share, 2) + " % of the mask)",
                             mask.source.path});
  return result;
}

Envelope fill_holes(const Mask& mask)
{
  const Grid& grid = mask.grid;
  const std::vector<Offset> faces = offsets(Neighbours::faces);
  std::vector<std::int32_t> outside(mask.values.size());
  std::size_t voxel = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i, ++voxel)
      {
        const bool border = i == 0 || j == 0 || k == 0 || i == grid.size[0] - 1 ||
                            j == grid.size[1] - 1 || k == grid.size[2] - 1;
        if (border && mask.values[voxel] == 0 && outside[voxel] == 0)
          flood(mask, 0, voxel, 1, faces, outside);
      }
  Envelope result{mask, 0};
  for (std::size_t i = 0; i < mask.values.size(); ++i)
    if (mask.values[i] == 0 && outside[i] == 0)
    {
      result.mask.values[i] = 1;
      ++result.filled;
    }
  return result;
}

} // namespace calcar::image
