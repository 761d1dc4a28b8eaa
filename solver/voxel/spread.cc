#include "voxel/spread.hpp"

#include "base/large_pages.hpp"
#include "base/parallel.hpp"
#include "voxel/runs.hpp"

#include <algorithm>

namespace calcar::voxel
{
namespace
{

constexpr int tag = 23;
constexpr std::size_t bricks_per_message = 4096; ///< 16 MB of moduli

/// The active bricks along the Morton curve, and the number of voxels before each.
struct Curve
{
  std::vector<Brick> bricks;
  std::vector<std::uint64_t> first; ///< [brick + 1]
};

Curve curve_of(const model::VoxelBody& body)
{
  std::array<std::size_t, 3> blocks{};
  for (std::size_t d = 0; d < 3; ++d)
    blocks[d] = static_cast<std::size_t>((body.grid.size[d] + brick_edge - 1) / brick_edge);
  std::vector<std::uint32_t> voxels(blocks[0] * blocks[1] * blocks[2], 0);
  for (const Run& run : runs_of(body))
    for (int i = run.first; i <= run.last;)
    {
      const int end = std::min(run.last + 1, (i / brick_edge + 1) * brick_edge);
      voxels[static_cast<std::size_t>(i / brick_edge) +
             blocks[0] * (static_cast<std::size_t>(run.j / brick_edge) +
                          blocks[1] * static_cast<std::size_t>(run.k / brick_edge))] +=
          static_cast<std::uint32_t>(end - i);
      i = end;
    }
  struct Entry
  {
    std::uint64_t key;
    Brick brick;
    std::uint32_t voxels;
  };
  std::vector<Entry> entries;
  for (std::size_t block = 0; block < voxels.size(); ++block)
    if (voxels[block] > 0)
    {
      const Brick brick{static_cast<int>(block % blocks[0]),
                        static_cast<int>(block / blocks[0] % blocks[1]),
                        static_cast<int>(block / (blocks[0] * blocks[1]))};
      entries.push_back({morton(brick), brick, voxels[block]});
    }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.key < b.key; });
  Curve curve{{}, {0}};
  for (const Entry& entry : entries)
  {
    curve.bricks.push_back(entry.brick);
    curve.first.push_back(curve.first.back() + entry.voxels);
  }
  return curve;
}

/// The first brick of each rank, and one past the last.
std::vector<std::size_t> cut(const Curve& curve, int ranks)
{
  std::vector<std::size_t> cuts = {0};
  for (int r = 1; r < ranks; ++r)
  {
    const std::uint64_t goal =
        curve.first.back() * static_cast<std::uint64_t>(r) / static_cast<std::uint64_t>(ranks);
    auto at = std::lower_bound(curve.first.begin(), curve.first.end(), goal) - curve.first.begin();
    if (at > 0 && goal - curve.first[static_cast<std::size_t>(at - 1)] <
                      curve.first[static_cast<std::size_t>(at)] - goal)
      --at;
    cuts.push_back(std::max(cuts.back(), static_cast<std::size_t>(at)));
  }
  cuts.push_back(curve.bricks.size());
  return cuts;
}

/// Writes the moduli of a brick's voxels; those of void ones stay.
void fill_brick(const model::VoxelBody& body, const OffsetSet& voxels, const Brick& brick,
                float* lambda, float* mu)
{
  for_voxels_in(body.grid.size, voxels, brick,
                [&](std::uint64_t voxel, int position)
                {
                  const auto youngs = static_cast<double>(body.youngs[voxel]);
                  const auto poisson = static_cast<double>(body.poisson[voxel]);
                  lambda[position] =
                      static_cast<float>(youngs * poisson / ((1 + poisson) * (1 - 2 * poisson)));
                  mu[position] = static_cast<float>(youngs / (2 * (1 + poisson)));
                });
}

void send_bricks(const model::VoxelBody& body, const OffsetSet& voxels, const Brick* first,
                 std::size_t count, int to, MPI_Comm comm)
{
  const std::uint64_t bricks = count;
  MPI_Send(&bricks, 1, MPI_UINT64_T, to, tag, comm);
  for (std::size_t at = 0; at < count; at += bricks_per_message)
  {
    const std::size_t part = std::min(bricks_per_message, count - at);
    std::vector<float> moduli(2 * part * brick_voxels, 0);
    for (std::size_t b = 0; b < part; ++b)
      fill_brick(body, voxels, first[at + b], moduli.data() + b * brick_voxels,
                 moduli.data() + (part + b) * brick_voxels);
    MPI_Send(first + at, static_cast<int>(part * sizeof(Brick)), MPI_BYTE, to, tag, comm);
    MPI_Send(moduli.data(), static_cast<int>(moduli.size()), MPI_FLOAT, to, tag, comm);
  }
}

void receive_bricks(Bricks& bricks, MPI_Comm comm)
{
  std::uint64_t count = 0;
  MPI_Recv(&count, 1, MPI_UINT64_T, 0, tag, comm, MPI_STATUS_IGNORE);
  bricks.list.resize(count);
  for (std::vector<float>* moduli : {&bricks.lambda, &bricks.mu})
    assign_on_large_pages(*moduli, count * brick_voxels, 0.0F);
  for (std::size_t at = 0; at < count; at += bricks_per_message)
  {
    const std::size_t part = std::min(bricks_per_message, count - at);
    std::vector<float> moduli(2 * part * brick_voxels);
    MPI_Recv(bricks.list.data() + at, static_cast<int>(part * sizeof(Brick)), MPI_BYTE, 0, tag,
             comm, MPI_STATUS_IGNORE);
    MPI_Recv(moduli.data(), static_cast<int>(moduli.size()), MPI_FLOAT, 0, tag, comm,
             MPI_STATUS_IGNORE);
    std::copy_n(moduli.data(), part * brick_voxels, bricks.lambda.data() + at * brick_voxels);
    std::copy_n(moduli.data() + part * brick_voxels, part * brick_voxels,
                bricks.mu.data() + at * brick_voxels);
  }
}

/// Rank 0's part: cuts, sends, and fills its own bricks.
void spread_from_root(const model::VoxelBody& body, MPI_Comm comm, Bricks& own,
                      Distribution& distribution)
{
  Curve curve = curve_of(body);
  distribution.voxels = voxel_set(body);
  distribution.first = cut(curve, size(comm));
  distribution.bricks = std::move(curve.bricks);
  const auto& first = distribution.first;
  for (std::size_t r = 1; r + 1 < first.size(); ++r)
    send_bricks(body, distribution.voxels, distribution.bricks.data() + first[r],
                first[r + 1] - first[r], static_cast<int>(r), comm);
  own.list.assign(distribution.bricks.begin(),
                  distribution.bricks.begin() + static_cast<std::ptrdiff_t>(first[1]));
  for (std::vector<float>* moduli : {&own.lambda, &own.mu})
    assign_on_large_pages(*moduli, own.list.size() * brick_voxels, 0.0F);
  for (std::size_t b = 0; b < own.list.size(); ++b)
    fill_brick(body, distribution.voxels, own.list[b], own.lambda.data() + b * brick_voxels,
               own.mu.data() + b * brick_voxels);
}

} // namespace

Bricks spread(const model::VoxelBody& body, MPI_Comm comm, Distribution& distribution)
{
  Bricks bricks;
  bricks.size = body.grid.size;
  bricks.spacing = body.grid.spacing;
  MPI_Bcast(bricks.size.data(), 3, MPI_INT, 0, comm);
  MPI_Bcast(&bricks.spacing, 3, MPI_DOUBLE, 0, comm);
  if (is_root(comm))
    spread_from_root(body, comm, bricks, distribution);
  else
    receive_bricks(bricks, comm);
  mark_rows(bricks);
  return bricks;
}

} // namespace calcar::voxel
