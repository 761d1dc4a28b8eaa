#include "pipeline/largest_piece.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "voxel/checks.hpp"

namespace calcar::pipeline
{
namespace
{
/// Pieces below this share of the bone are dropped with a warning, larger ones refused.
constexpr double loose_share = 0.01;

std::optional<std::vector<std::uint8_t>> piece_of(const model::VoxelBody& body,
                                                  const std::string& place,
                                                  const std::string& remedy, Warnings& warnings)
{
  const auto pieces = voxel::pieces(body, voxel::Joint::face);
  if (pieces.size() < 2)
    return std::nullopt;
  std::vector<std::uint8_t> keep(body.voxels.size(), 0);
  for (const std::uint64_t entry : pieces.front().voxels)
    keep[entry] = 1;
  const std::size_t dropped = body.voxels.size() - pieces.front().voxels.size();
  const double share = static_cast<double>(dropped) / static_cast<double>(body.voxels.size());
  if (share > loose_share)
    throw InputError(Fault::data,
                     {place,
                      "at this voxel size the bone falls into " + std::to_string(pieces.size()) +
                          " pieces; all but the largest are " + format_number(100 * share, 3) +
                          " % of it",
                      "one piece (others below " + format_number(100 * loose_share) + " %)",
                      remedy + ", or repair the mask", ""});
  warnings.push_back({"loose_pieces_dropped",
                      std::to_string(pieces.size() - 1) + " loose pieces of bone (" +
                          std::to_string(dropped) + " voxels) were left out",
                      place});
  return keep;
}
} // namespace

std::optional<std::vector<std::uint8_t>>
largest_piece(const model::VoxelBody& body, const std::string& remedy, Warnings& warnings)
{
  return piece_of(body, "[bone] mask", remedy, warnings);
}

std::optional<std::vector<std::uint8_t>>
largest_pieces(const model::VoxelBody& body, const std::vector<std::uint8_t>& numbers,
               const std::vector<std::string>& names, const std::string& remedy, Warnings& warnings)
{
  std::vector<std::uint8_t> keep(body.voxels.size(), 1);
  bool all = true;
  for (std::size_t bone = 0; bone < names.size(); ++bone)
  {
    model::VoxelBody own;
    own.grid = body.grid;
    std::vector<std::size_t> entries;
    for (std::size_t n = 0; n < body.voxels.size(); ++n)
      if (numbers[n] == bone)
      {
        own.voxels.push_back(body.voxels[n]);
        entries.push_back(n);
      }
    const std::string place = "[bone] mask, " + names[bone];
    if (entries.empty())
      throw InputError(Fault::data, {place, "nothing of it is left at this voxel size",
                                     "a vertebra", remedy + ", or repair the mask", ""});
    const auto kept = piece_of(own, place, remedy, warnings);
    for (std::size_t n = 0; kept && n < entries.size(); ++n)
      keep[entries[n]] = (*kept)[n];
    all = all && !kept;
  }
  return all ? std::nullopt : std::optional(keep);
}

} // namespace calcar::pipeline
