#include "voxel/spread.hpp"

#include "base/parallel.hpp"

#include <algorithm>
#include <numeric>

namespace calcar::voxel
{
namespace
{

constexpr int tag = 23;

/// One rank's voxels, sparse, as they travel.
struct Parcel
{
  std::vector<int> bricks;              ///< i, j, k and number of voxels of each brick
  std::vector<std::uint16_t> positions; ///< of the voxels, brick after brick
  std::vector<float> moduli;            ///< lambda, mu of each voxel
};

std::array<int, 3> indices_of(const image::Grid& grid, std::uint64_t offset)
{
  const auto nx = static_cast<std::uint64_t>(grid.size[0]);
  const auto ny = static_cast<std::uint64_t>(grid.size[1]);
  return {static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
          static_cast<int>(offset / (nx * ny))};
}

/// The active bricks along the Morton curve, with the voxels of each in `order`.
struct Curve
{
  std::vector<Brick> bricks;
  std::vector<std::uint64_t> first; ///< [brick + 1] into order
  std::vector<std::uint64_t> order; ///< indices of voxels, brick after brick
};

Curve curve_of(const model::VoxelBody& body)
{
  std::array<std::size_t, 3> blocks{};
  for (std::size_t d = 0; d < 3; ++d)
    blocks[d] = static_cast<std::size_t>((body.grid.size[d] + brick_edge - 1) / brick_edge);
  const auto block_of = [&](std::uint64_t offset)
  {
    const auto at = indices_of(body.grid, offset);
    return static_cast<std::size_t>(at[0] / brick_edge) +
           blocks[0] * (static_cast<std::size_t>(at[1] / brick_edge) +
                        blocks[1] * static_cast<std::size_t>(at[2] / brick_edge));
  };
  std::vector<std::uint32_t> voxels(blocks[0] * blocks[1] * blocks[2], 0);
  for (const std::uint64_t offset : body.voxels)
    ++voxels[block_of(offset)];

  Curve curve;
  std::vector<std::size_t> active;
  for (std::size_t block = 0; block < voxels.size(); ++block)
    if (voxels[block] > 0)
      active.push_back(block);
  const auto brick_of = [&](std::size_t block)
  {
    return Brick{static_cast<int>(block % blocks[0]),
                 static_cast<int>(block / blocks[0] % blocks[1]),
                 static_cast<int>(block / (blocks[0] * blocks[1]))};
  };
  std::sort(active.begin(), active.end(),
            [&](std::size_t a, std::size_t b)
            { return morton(brick_of(a)) < morton(brick_of(b)); });

  std::vector<std::uint64_t> next(voxels.size(), 0);
  curve.first.push_back(0);
  for (const std::size_t block : active)
  {
    curve.bricks.push_back(brick_of(block));
    next[block] = curve.first.back();
    curve.first.push_back(curve.first.back() + voxels[block]);
  }
  curve.order.resize(body.voxels.size());
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
    curve.order[next[block_of(body.voxels[v])]++] = v;
  return curve;
}

/// The first brick of each rank, and one past the last.
std::vector<std::size_t> cut(const Curve& curve, int ranks)
{
  std::vector<std::size_t> cuts = {0};
  for (int r = 1; r < ranks; ++r)
  {
    const std::uint64_t goal =
        curve.order.size() * static_cast<std::uint64_t>(r) / static_cast<std::uint64_t>(ranks);
    auto at = std::lower_bound(curve.first.begin(), curve.first.end(), goal) - curve.first.begin();
    if (at > 0 && goal - curve.first[static_cast<std::size_t>(at - 1)] <
                      curve.first[static_cast<std::size_t>(at)] - goal)
      --at;
    cuts.push_back(std::max(cuts.back(), static_cast<std::size_t>(at)));
  }
  cuts.push_back(curve.bricks.size());
  return cuts;
}

Parcel pack(const model::VoxelBody& body, const Curve& curve, std::size_t first, std::size_t last)
{
  Parcel parcel;
  for (std::size_t b = first; b < last; ++b)
  {
    const Brick& brick = curve.bricks[b];
    for (const int number :
         {brick.i, brick.j, brick.k, static_cast<int>(curve.first[b + 1] - curve.first[b])})
      parcel.bricks.push_back(number);
    for (std::uint64_t n = curve.first[b]; n < curve.first[b + 1]; ++n)
    {
      const std::uint64_t v = curve.order[n];
      const auto at = indices_of(body.grid, body.voxels[v]);
      parcel.positions.push_back(static_cast<std::uint16_t>(
          voxel_position(at[0] % brick_edge, at[1] % brick_edge, at[2] % brick_edge)));
      const auto youngs = static_cast<double>(body.youngs[v]);
      const auto poisson = static_cast<double>(body.poisson[v]);
      parcel.moduli.push_back(
          static_cast<float>(youngs * poisson / ((1 + poisson) * (1 - 2 * poisson))));
      parcel.moduli.push_back(static_cast<float>(youngs / (2 * (1 + poisson))));
    }
  }
  return parcel;
}

void send(const Parcel& parcel, int to, MPI_Comm comm)
{
  const int bricks = static_cast<int>(parcel.bricks.size());
  const int voxels = static_cast<int>(parcel.positions.size());
  MPI_Send(parcel.bricks.data(), bricks, MPI_INT, to, tag, comm);
  MPI_Send(parcel.positions.data(), voxels, MPI_UINT16_T, to, tag, comm);
  MPI_Send(parcel.moduli.data(), 2 * voxels, MPI_FLOAT, to, tag, comm);
}

template <typename T>
void receive(std::vector<T>& values, MPI_Datatype type, int from, MPI_Comm comm)
{
  MPI_Status status;
  MPI_Probe(from, tag, comm, &status);
  int count = 0;
  MPI_Get_count(&status, type, &count);
  values.resize(static_cast<std::size_t>(count));
  MPI_Recv(values.data(), count, type, from, tag, comm, MPI_STATUS_IGNORE);
}

void unpack(const Parcel& parcel, Bricks& bricks)
{
  std::size_t voxel = 0;
  for (std::size_t n = 0; n < parcel.bricks.size(); n += 4)
  {
    bricks.list.push_back({parcel.bricks[n], parcel.bricks[n + 1], parcel.bricks[n + 2]});
    const std::size_t first = bricks.lambda.size();
    bricks.lambda.resize(first + brick_voxels, 0);
    bricks.mu.resize(first + brick_voxels, 0);
    for (int v = 0; v < parcel.bricks[n + 3]; ++v, ++voxel)
    {
      bricks.lambda[first + parcel.positions[voxel]] = parcel.moduli[2 * voxel];
      bricks.mu[first + parcel.positions[voxel]] = parcel.moduli[2 * voxel + 1];
    }
  }
  mark_rows(bricks);
}

} // namespace

Bricks spread(const model::VoxelBody& body, MPI_Comm comm, Distribution& distribution)
{
  Bricks bricks;
  bricks.size = body.grid.size;
  bricks.spacing = body.grid.spacing;
  MPI_Bcast(bricks.size.data(), 3, MPI_INT, 0, comm);
  MPI_Bcast(&bricks.spacing, 3, MPI_DOUBLE, 0, comm);
  Parcel own;
  if (is_root(comm))
  {
    Curve curve = curve_of(body);
    const std::vector<std::size_t> cuts = cut(curve, size(comm));
    for (int r = 1; r < size(comm); ++r)
      send(pack(body, curve, cuts[static_cast<std::size_t>(r)],
                cuts[static_cast<std::size_t>(r) + 1]),
           r, comm);
    own = pack(body, curve, cuts[0], cuts[1]);
    for (const std::size_t c : cuts)
      distribution.first.push_back(curve.first[c]);
    distribution.order = std::move(curve.order);
  }
  else
  {
    receive(own.bricks, MPI_INT, 0, comm);
    receive(own.positions, MPI_UINT16_T, 0, comm);
    receive(own.moduli, MPI_FLOAT, 0, comm);
  }
  unpack(own, bricks);
  return bricks;
}

void gather_on_root(const std::vector<double>& values, MPI_Comm comm,
                    const std::function<void(int, const std::vector<double>&)>& take)
{
  constexpr std::size_t chunk = std::size_t{1} << 28; // message counts are ints
  if (!is_root(comm))
  {
    const std::uint64_t count = values.size();
    MPI_Send(&count, 1, MPI_UINT64_T, 0, tag, comm);
    for (std::size_t at = 0; at < count; at += chunk)
      MPI_Send(values.data() + at, static_cast<int>(std::min(chunk, count - at)), MPI_DOUBLE, 0,
               tag, comm);
    return;
  }
  take(0, values);
  for (int r = 1; r < size(comm); ++r)
  {
    std::uint64_t count = 0;
    MPI_Recv(&count, 1, MPI_UINT64_T, r, tag, comm, MPI_STATUS_IGNORE);
    std::vector<double> theirs(count);
    for (std::size_t at = 0; at < count; at += chunk)
      MPI_Recv(theirs.data() + at, static_cast<int>(std::min(chunk, count - at)), MPI_DOUBLE, r,
               tag, comm, MPI_STATUS_IGNORE);
    take(r, theirs);
  }
}

std::vector<model::NodeIndex> nodes_of(const model::VoxelBody& body)
{
  // Layer by layer: the voxels ascend, so only two planes of marks are needed.
  const auto line = static_cast<std::size_t>(body.grid.size[0]) + 1;
  const std::size_t plane = line * (static_cast<std::size_t>(body.grid.size[1]) + 1);
  std::vector<char> low(plane, 0), high(plane, 0);
  std::vector<model::NodeIndex> nodes;
  std::size_t v = 0;
  for (int k = 0; k <= body.grid.size[2]; ++k)
  {
    for (; v < body.voxels.size(); ++v)
    {
      const auto at = indices_of(body.grid, body.voxels[v]);
      if (at[2] != k)
        break;
      const std::size_t corner =
          static_cast<std::size_t>(at[0]) + line * static_cast<std::size_t>(at[1]);
      for (std::vector<char>* marks : {&low, &high})
        (*marks)[corner] = (*marks)[corner + 1] = (*marks)[corner + line] =
            (*marks)[corner + line + 1] = 1;
    }
    for (std::size_t n = 0; n < plane; ++n)
      if (low[n])
        nodes.push_back({static_cast<int>(n % line), static_cast<int>(n / line), k});
    low.swap(high);
    std::fill(high.begin(), high.end(), 0);
  }
  return nodes;
}

} // namespace calcar::voxel
