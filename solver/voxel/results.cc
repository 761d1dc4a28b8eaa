#include "voxel/results.hpp"

#include "base/large_pages.hpp"
#include "base/parallel.hpp"
#include "voxel/spread_values.hpp"

#include <array>

namespace calcar::voxel
{
namespace
{

constexpr int tag = 29;
constexpr std::size_t values_per_message = std::size_t{1} << 19; ///< 4 MB

/// Sends the values that add(item, values) appends for items 0 to `items` - 1, in parts.
template <typename Add>
void send_items(std::size_t items, MPI_Comm comm, Add&& add)
{
  std::vector<double> values;
  for (std::size_t n = 0; n < items; ++n)
  {
    add(n, values);
    if (values.size() >= values_per_message || (n + 1 == items && !values.empty()))
    {
      MPI_Send(values.data(), static_cast<int>(values.size()), MPI_DOUBLE, 0, tag, comm);
      values.clear();
    }
  }
}

/// The other end: take(item, values) uses up the item's values and returns what follows them.
template <typename Take>
void receive_items(std::size_t items, int from, MPI_Comm comm, Take&& take)
{
  std::vector<double> values;
  const double* next = values.data();
  for (std::size_t n = 0; n < items; ++n)
  {
    if (next == values.data() + values.size())
    {
      MPI_Status status;
      int count = 0;
      MPI_Probe(from, tag, comm, &status);
      MPI_Get_count(&status, MPI_DOUBLE, &count);
      values.resize(static_cast<std::size_t>(count));
      MPI_Recv(values.data(), count, MPI_DOUBLE, from, tag, comm, MPI_STATUS_IGNORE);
      next = values.data();
    }
    next = take(n, next);
  }
}

/// Calls visit(strain) for the active voxels of a brick, in their order.
template <typename Visit>
void for_strains(const Level& level, std::size_t brick, const std::vector<double>& u, Visit&& visit)
{
  std::array<double, 6 * static_cast<std::size_t>(brick_voxels)> strains; // rows with voxels only
  kernels().strains(view(level), brick, u.data(), strains.data());
  for (std::size_t v = 0; v < brick_voxels; ++v)
    if (level.bricks.mu[brick * brick_voxels + v] > 0)
    {
      const double* e = strains.data() + v;
      visit(SymTensor{e[0], e[brick_voxels], e[2 * brick_voxels], e[3 * brick_voxels],
                      e[4 * brick_voxels], e[5 * brick_voxels]});
    }
}

/// Brings `width` numbers of each active voxel to rank 0: emit(brick, values) appends those of a
/// brick's voxels in their order, take(place in VoxelBody, numbers) gets them on rank 0. Bricks are
/// asked for once each, ascending.
template <std::size_t width, typename Emit, typename Take>
void gather_by_voxel(const Level& level, const Distribution& distribution, MPI_Comm comm,
                     Emit&& emit, Take&& take)
{
  const std::size_t own = level.bricks.list.size();
  if (!is_root(comm))
    return send_items(own, comm, emit);
  const auto hand_over = [&](const Brick& brick, const double* numbers)
  {
    for_voxels_in(level.bricks.size, distribution.voxels, brick,
                  [&](std::uint64_t place, int)
                  {
                    take(place, numbers);
                    numbers += width;
                  });
    return numbers;
  };
  std::vector<double> values;
  for (std::size_t b = 0; b < own; ++b)
  {
    values.clear();
    emit(b, values);
    hand_over(level.bricks.list[b], values.data());
  }
  for (std::size_t r = 1; r + 1 < distribution.first.size(); ++r)
  {
    const std::size_t first = distribution.first[r];
    receive_items(distribution.first[r + 1] - first, static_cast<int>(r), comm,
                  [&](std::size_t brick, const double* numbers)
                  { return hand_over(distribution.bricks[first + brick], numbers); });
  }
}

/// Calls visit(node, lattice number) for the owned nodes at home in a brick.
template <typename Visit>
void for_owned_nodes(const Level& level, std::size_t brick, Visit&& visit)
{
  for (std::int32_t n = level.nodes.first_owned[brick]; n < level.nodes.first_owned[brick + 1]; ++n)
    visit(static_cast<std::size_t>(n),
          lattice_id(level.bricks, level.bricks.list[brick],
                     level.nodes.position[static_cast<std::size_t>(n)]));
}

} // namespace

std::vector<SymTensor> gather_strains(const Level& level, const std::vector<double>& u,
                                      const Distribution& distribution, MPI_Comm comm)
{
  std::vector<SymTensor> strains;
  if (is_root(comm))
  {
    reserve_on_large_pages(strains, distribution.voxels.size());
    strains.resize(distribution.voxels.size());
  }
  gather_by_voxel<6>(
      level, distribution, comm,
      [&](std::size_t brick, std::vector<double>& values)
      {
        for_strains(level, brick, u,
                    [&](const SymTensor& e) {
                      values.insert(values.end(), {e.xx, e.yy, e.zz, e.yz, e.zx, e.xy});
                    });
      },
      [&](std::uint64_t place, const double* e)
      { strains[place] = {e[0], e[1], e[2], e[3], e[4], e[5]}; });
  return strains;
}

std::vector<double> gather_values(const Level& level, const std::vector<double>& local,
                                  const Distribution& distribution, MPI_Comm comm)
{
  std::vector<double> values(is_root(comm) ? distribution.voxels.size() : 0);
  std::size_t next = 0;
  gather_by_voxel<1>(
      level, distribution, comm,
      [&](std::size_t brick, std::vector<double>& out)
      {
        for (std::size_t v = 0; v < brick_voxels; ++v)
          if (level.bricks.mu[brick * brick_voxels + v] > 0)
            out.push_back(local[next++]);
      },
      [&](std::uint64_t place, const double* value) { values[place] = *value; });
  return values;
}

std::vector<Vec3> gather_displacements(const Level& level, const std::vector<double>& u,
                                       const OffsetSet& nodes, MPI_Comm comm)
{
  const auto owned = static_cast<std::uint64_t>(level.nodes.owned);
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(size(comm)));
  MPI_Gather(&owned, 1, MPI_UINT64_T, counts.data(), 1, MPI_UINT64_T, 0, comm);
  if (!is_root(comm))
  {
    // Lattice numbers are below 2^53: exact as doubles.
    send_items(level.bricks.list.size(), comm,
               [&](std::size_t brick, std::vector<double>& values)
               {
                 for_owned_nodes(level, brick,
                                 [&](std::size_t n, std::uint64_t id) {
                                   values.insert(values.end(), {static_cast<double>(id), u[3 * n],
                                                                u[3 * n + 1], u[3 * n + 2]});
                                 });
               });
    return {};
  }
  std::vector<Vec3> result;
  reserve_on_large_pages(result, nodes.size());
  result.resize(nodes.size());
  for (std::size_t b = 0; b < level.bricks.list.size(); ++b)
    for_owned_nodes(level, b,
                    [&](std::size_t n, std::uint64_t id) {
                      result[nodes.place(id)] = {u[3 * n], u[3 * n + 1], u[3 * n + 2]};
                    });
  for (std::size_t r = 1; r < counts.size(); ++r)
    receive_items(counts[r], static_cast<int>(r), comm,
                  [&](std::size_t, const double* at)
                  {
                    result[nodes.place(static_cast<std::uint64_t>(at[0]))] = {at[1], at[2], at[3]};
                    return at + 4;
                  });
  return result;
}

std::vector<double> scatter_displacements(const Level& level, const std::vector<Vec3>& values,
                                          const OffsetSet& nodes, MPI_Comm comm)
{
  constexpr int asked = 31, answered = 32;
  std::vector<std::uint64_t> ids(static_cast<std::size_t>(level.nodes.count));
  for (std::size_t n = 0; n < ids.size(); ++n)
    ids[n] = lattice_id(level, static_cast<std::int32_t>(n));
  const auto look_up = [&](const std::vector<std::uint64_t>& list)
  {
    std::vector<Vec3> found;
    for (const std::uint64_t id : list)
      found.push_back(values[nodes.place(id)]);
    return found;
  };
  std::vector<Vec3> own;
  if (is_root(comm))
  {
    own = look_up(ids);
    for (int r = 1; r < size(comm); ++r)
      send_values(look_up(receive_values<std::uint64_t>(r, asked, comm)), r, answered, comm);
  }
  else
  {
    send_values(ids, 0, asked, comm);
    own = receive_values<Vec3>(0, answered, comm);
  }
  std::vector<double> local(level.nodes.values(), 0);
  for (std::size_t n = 0; n < own.size(); ++n)
    for (std::size_t c = 0; c < 3; ++c)
      local[3 * n + c] = own[n][c];
  return local;
}

} // namespace calcar::voxel
