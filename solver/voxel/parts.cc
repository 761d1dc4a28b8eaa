#include "voxel/parts.hpp"

#include "base/disjoint_sets.hpp"

namespace calcar::voxel
{
namespace
{

std::vector<Part> list_parts(const Parts& parts, std::uint32_t count)
{
  std::vector<Part> list(count);
  for (std::size_t r = 0; r < parts.runs.size(); ++r)
  {
    const Run& run = parts.runs[r];
    Part& part = list[parts.of_run[r]];
    const std::array low{run.first, run.j, run.k}, high{run.last + 1, run.j + 1, run.k + 1};
    if (part.voxels == 0)
      part = {run.voxel, 0, low, high};
    part.voxels += length(run);
    for (std::size_t d = 0; d < 3; ++d)
    {
      part.low[d] = std::min(part.low[d], low[d]);
      part.high[d] = std::max(part.high[d], high[d]);
    }
  }
  return list;
}

/// Adds the contacts between runs of rows that are (dj, dk) apart.
void add_contacts(Parts& parts, int dj, int dk)
{
  for_near_runs(parts.runs, dj, dk, 1,
                [&](std::uint32_t r, std::uint32_t n)
                {
                  if (parts.of_run[r] == parts.of_run[n])
                    return;
                  // Rows side by side share the nodes of an edge across; rows that are diagonal
                  // share those of one line.
                  const Run& a = parts.runs[r];
                  const Run& b = parts.runs[n];
                  const int low = std::max(a.first, b.first), high = std::min(a.last, b.last) + 1;
                  parts.contacts.push_back(
                      {parts.of_run[r],
                       parts.of_run[n],
                       {low, std::max(a.j, b.j), std::max(a.k, b.k)},
                       {high, std::min(a.j, b.j) + 1, std::min(a.k, b.k) + 1}});
                });
}

} // namespace

Parts parts_of(const model::VoxelBody& body)
{
  Parts parts;
  parts.runs = runs_of(body);
  DisjointSets sets(parts.runs.size());
  const auto join = [&](std::uint32_t a, std::uint32_t b) { sets.join(a, b); };
  for_near_runs(parts.runs, 1, 0, 0, join);
  for_near_runs(parts.runs, 0, 1, 0, join);
  std::uint32_t count = 0;
  parts.of_run = sets.number(count);
  parts.list = list_parts(parts, count);
  if (count > 1)
    for (const auto& [dj, dk] : {std::array{1, 0}, {0, 1}, {1, 1}, {-1, 1}})
      add_contacts(parts, dj, dk);
  return parts;
}

std::vector<std::uint32_t> pieces_of(const Parts& parts)
{
  DisjointSets sets(parts.list.size());
  for (const Contact& contact : parts.contacts)
    sets.join(contact.a, contact.b);
  std::uint32_t count = 0;
  return sets.number(count);
}

PartsAtNodes::PartsAtNodes(const image::Grid& grid, const Parts& parts)
    : parts_(parts), rows_(grid.size[1]), layers_(grid.size[2])
{
  const auto rows = static_cast<std::size_t>(rows_), layers = static_cast<std::size_t>(layers_);
  row_.reserve(rows * layers + 1);
  const auto row_of = [&](const Run& run)
  { return static_cast<std::size_t>(run.j) + rows * static_cast<std::size_t>(run.k); };
  for (std::uint32_t r = 0; r < parts.runs.size(); ++r)
    while (row_.size() <= row_of(parts.runs[r]))
      row_.push_back(r);
  row_.resize(rows * layers + 1, static_cast<std::uint32_t>(parts.runs.size()));
}

std::size_t PartsAtNodes::find_in_row(int j, int k, int i, std::array<std::uint32_t, 8>& found,
                                      std::size_t count) const
{
  const auto row =
      static_cast<std::size_t>(j) + static_cast<std::size_t>(rows_) * static_cast<std::size_t>(k);
  const auto first = parts_.runs.begin() + row_[row], end = parts_.runs.begin() + row_[row + 1];
  for (auto run = std::lower_bound(first, end, i - 1,
                                   [](const Run&r, int voxel) { return r.last < voxel; });
       run != end && run->first <= i; ++run)
  {
    const std::uint32_t part = parts_.of_run[static_cast<std::size_t>(run - parts_.runs.begin())];
    if (std::find(found.begin(), found.begin() + count, part) == found.begin() + count)
      found[count++] = part;
  }
  return count;
}

} // namespace calcar::voxel
