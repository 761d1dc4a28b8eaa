#include "voxel/memory.hpp"

#include "voxel/brick.hpp"
#include "voxel/petsc_vectors.hpp"
#include "voxel/plastic_points.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

namespace calcar::voxel
{
namespace
{

/// Bytes of what the engine stores; the only place where the prediction knows its layout.
namespace bytes
{
// A brick: table of nodes, lambda and mu, place, rows, ranges of nodes, turn, parent.
constexpr double brick = 4.0 * brick_nodes + 8.0 * brick_voxels + 12 + 8 + 8 + 4 + 4;
// A node of any level. Vectors have three components.
constexpr double position = 2;                 // inside its brick
constexpr double inverse_diagonal = 12;        // float
constexpr double cycle_vectors = 12 + 12 + 24; // x and b, float, and the block of two
constexpr double solution = 24;                // u, double
constexpr double krylov_vectors = 24 + 12;     // r, double, and p, float
constexpr double vector = 24;                  // of PETSc's method, double
constexpr double petsc_solve = 5 * vector; // r, two for the callbacks, right-hand side, solution
constexpr double balance = 24;             // K u for the reactions, double
constexpr double earlier_solution = 12;    // float, of an earlier load
// While nodes are numbered: brick, position and flag of each, its new number, whether it is a copy.
constexpr double numbering = 8 + 4 + 0.125;
// While the hierarchy is built: the three vectors of the power iteration and the product.
constexpr double estimate = 4 * 12;
// Rank 0's sets of all voxels and nodes, a lattice point, and its list of all bricks.
constexpr double lattice_point = 1.13 / 8;
constexpr double root_brick = 12;
// While rank 0 looks for runs of voxels and for pieces among them.
constexpr double run = 24;
constexpr double leader = 4;
// While rank 0 orders the bricks along the curve.
constexpr double curve_brick = 24 + 12 + 8;
// A solution on rank 0, and its list of nodes.
constexpr double strain = 48;
constexpr double displacement = 24;
constexpr double node = 12;
// Aggregates with the vectors of their levels, and what is held while they are built, an unknown:
// an upper bound. About 100 are held on porous bodies (aggregates of 2^3 nodes), half of that on
// compact ones.
constexpr double aggregation = 110;
// A body that yields. A voxel: yields twice, place, moduli, two numbers of equilibria, averages; on
// rank 0 its yield again. A point: state now and before, and its part of the tangent when it
// flowed.
constexpr double yield = sizeof(model::VoxelYield);
constexpr double yielding_voxel = 2 * yield + 4 + 8 + 16 + 24;
constexpr double yielding_point = 2 * sizeof(material::PlasticState);
constexpr double flowing_point = sizeof(Correction);
// A node: displacements now, at two equilibria and where a step began, the change, residual and its
// copy, a product, all double, a direction in float, the weight of averages.
constexpr double path_vectors = 8 * 24 + 12 + 4;
// Fields on rank 0: four numbers and the strain of a voxel.
constexpr double path_fields = 4 * 8 + strain;
} // namespace bytes

/// As in multigrid.cc: a level as small as this is the last one.
constexpr std::uint64_t coarsest_unknowns = 1500;

constexpr const char* coarser_levels = "coarser levels";

/// Active voxels of a grid, one bit each.
struct Occupied
{
  std::array<std::size_t, 3> size{};
  std::vector<std::uint64_t> bits;

  explicit Occupied(std::array<std::size_t, 3> n) : size(n), bits((n[0] * n[1] * n[2] + 63) / 64, 0)
  {
  }
  void set(std::size_t voxel) { bits[voxel / 64] |= std::uint64_t{1} << (voxel % 64); }
};

/// Calls visit(i, j, k) for the active voxels, k slowest.
template <typename Visit>
void for_each_active(const Occupied& grid, const Visit& visit)
{
  for (std::size_t word = 0; word < grid.bits.size(); ++word)
    for (std::uint64_t bits = grid.bits[word]; bits != 0; bits &= bits - 1)
    {
      const std::size_t voxel = 64 * word + static_cast<std::size_t>(std::countr_zero(bits));
      const std::size_t row = voxel / grid.size[0];
      visit(voxel - row * grid.size[0], row % grid.size[1], row / grid.size[1]);
    }
}

/// Nodes of the layers that the voxels reach; a layer is counted when no further voxel touches it.
class NodeCounter
{
public:
  explicit NodeCounter(const std::array<std::size_t, 3>& size)
      : line_(size[0] + 1), low_(line_ * (size[1] + 1), 0), high_(low_.size(), 0)
  {
  }

  void add(std::size_t i, std::size_t j, std::size_t k)
  {
    for (; layer_ < k; ++layer_)
      close_layer();
    const std::size_t corner = i + line_ * j;
    for (std::vector<char>* layer : {&low_, &high_})
      (*layer)[corner] = (*layer)[corner + 1] = (*layer)[corner + line_] =
          (*layer)[corner + line_ + 1] = 1;
  }

  std::uint64_t finish()
  {
    close_layer();
    close_layer();
    return count_;
  }

private:
  void close_layer()
  {
    count_ += static_cast<std::uint64_t>(std::count(low_.begin(), low_.end(), 1));
    low_.swap(high_);
    std::fill(high_.begin(), high_.end(), 0);
  }

  std::size_t line_;
  std::vector<char> low_, high_; ///< marks of the nodes below and above the layer of voxels
  std::size_t layer_ = 0;
  std::uint64_t count_ = 0;
};

std::array<std::size_t, 3> divided(const std::array<std::size_t, 3>& size, std::size_t by)
{
  return {(size[0] + by - 1) / by, (size[1] + by - 1) / by, (size[2] + by - 1) / by};
}

/// Counts a level and fills in the next one, twice as coarse.
LevelCounts count_level(const Occupied& grid, Occupied& coarser)
{
  LevelCounts counts;
  NodeCounter nodes(grid.size);
  Occupied bricks(divided(grid.size, brick_edge));
  std::array<std::size_t, 3> last = {~std::size_t{0}, 0, 0};
  for_each_active(grid,
                  [&](std::size_t i, std::size_t j, std::size_t k)
                  {
                    ++counts.voxels;
                    counts.runs += last != std::array{i - 1, j, k} || i == 0;
                    last = {i, j, k};
                    nodes.add(i, j, k);
                    bricks.set(i / brick_edge +
                               bricks.size[0] *
                                   (j / brick_edge + bricks.size[1] * (k / brick_edge)));
                    coarser.set(i / 2 + coarser.size[0] * (j / 2 + coarser.size[1] * (k / 2)));
                  });
  counts.nodes = nodes.finish();
  for (const std::uint64_t word : bricks.bits)
    counts.bricks += static_cast<std::uint64_t>(std::popcount(word));
  return counts;
}

/// A rank's share of a level.
struct Share
{
  double voxels, nodes, bricks;
};

/**
 * The nodes between two ranks are stored by both: half the surface of a cube of the share, and
 * twice that because segments of the Morton curve are no cubes.
 */
Share share_of(const LevelCounts& level, int ranks)
{
  const double part = 1.0 / ranks;
  const auto nodes = static_cast<double>(level.nodes);
  const double copies = ranks > 1 ? 6 * std::pow(part * nodes, 2.0 / 3) : 0;
  const double bricks = part * static_cast<double>(level.bricks);
  return {part * static_cast<double>(level.voxels), std::min(nodes, part * nodes + copies),
          ranks > 1 ? std::min(static_cast<double>(level.bricks), bricks + 1) : bricks};
}

/// What stays while the engine lives: bricks, nodes and, in the iterations, the vectors of cycles.
std::vector<MemoryTerm> hierarchy(const std::vector<LevelCounts>& levels, int ranks, bool vectors)
{
  std::vector<MemoryTerm> terms = {
      {"bricks of the finest level", 0}, {"nodes of the finest level", 0}, {coarser_levels, 0}};
  const double node =
      bytes::position + bytes::inverse_diagonal + (vectors ? bytes::cycle_vectors : 0);
  for (std::size_t l = 0; l < levels.size(); ++l)
  {
    const Share share = share_of(levels[l], ranks);
    terms[l == 0 ? 0 : 2].bytes += bytes::brick * share.bricks;
    terms[l == 0 ? 1 : 2].bytes += node * share.nodes;
  }
  return terms;
}

/// The same stage with aggregates instead of coarser levels.
std::vector<MemoryTerm> with_aggregates(std::vector<MemoryTerm> stage, const Share& share)
{
  for (MemoryTerm& term : stage)
    if (term.what == coarser_levels)
      term = {"aggregates", bytes::aggregation * 3 * share.nodes};
  return stage;
}

/// While rank 0 looks for pieces, cuts the body and numbers its nodes; these follow each other.
std::vector<MemoryTerm> set_up(const LevelCounts& finest, const Share& share,
                               const MemoryTerm& lists, bool root)
{
  const MemoryTerm bricks{"bricks of the finest level", bytes::brick * share.bricks};
  std::vector<MemoryTerm> numbering = {
      bricks, {"numbering", (bytes::position + bytes::numbering) * share.nodes}, lists};
  std::vector<MemoryTerm> estimate = {
      bricks,
      {"nodes of the finest level",
       (bytes::position + bytes::inverse_diagonal + bytes::estimate) * share.nodes},
      lists};
  std::vector<MemoryTerm> most = total(numbering) > total(estimate) ? numbering : estimate;
  if (!root)
    return most;
  const auto runs = static_cast<double>(finest.runs);
  const std::vector<MemoryTerm> pieces = {{"runs of voxels", (bytes::run + bytes::leader) * runs},
                                          lists};
  return total(pieces) > total(most) ? pieces : most;
}

} // namespace

std::vector<LevelCounts> count_levels(const model::VoxelBody& body)
{
  const auto& size = body.grid.size;
  Occupied grid({static_cast<std::size_t>(size[0]), static_cast<std::size_t>(size[1]),
                 static_cast<std::size_t>(size[2])});
  for (const std::uint64_t voxel : body.voxels)
    grid.set(voxel);
  std::vector<LevelCounts> levels;
  const std::uint64_t points = (grid.size[0] + 1) * (grid.size[1] + 1) * (grid.size[2] + 1);
  while (true)
  {
    Occupied coarser(divided(grid.size, 2));
    levels.push_back(count_level(grid, coarser));
    levels.back().lattice_points = points;
    const bool one_voxel = grid.size == std::array<std::size_t, 3>{1, 1, 1};
    if (one_voxel || 3 * levels.back().nodes <= coarsest_unknowns)
      return levels;
    grid = std::move(coarser);
  }
}

double total(const std::vector<MemoryTerm>& terms)
{
  return std::accumulate(terms.begin(), terms.end(), 0.0,
                         [](double sum, const MemoryTerm& term) { return sum + term.bytes; });
}

double EngineMemory::peak() const
{
  return std::max({total(set_up), total(solve), total(gather)});
}

double EngineMemory::peak_with_aggregation() const
{
  return std::max(peak(), total(aggregation));
}

EngineMemory engine_memory(const std::vector<LevelCounts>& levels, int ranks, int loads, bool root,
                           const std::string& petsc)
{
  const Share share = share_of(levels.front(), ranks);
  const auto voxels = static_cast<double>(levels.front().voxels);
  const auto nodes = static_cast<double>(levels.front().nodes);
  const auto bricks = static_cast<double>(levels.front().bricks);
  const double on_root = root ? 1 : 0;
  const double solution = on_root * (bytes::strain * voxels + bytes::displacement * nodes);
  const MemoryTerm lists{
      "rank 0's lists of voxels, nodes and bricks",
      on_root * (2 * bytes::lattice_point * static_cast<double>(levels.front().lattice_points) +
                 bytes::root_brick * bricks)};
  const MemoryTerm earlier{"earlier solutions", (loads - 1) * solution};
  // The last load's solution is no start for another one.
  const MemoryTerm starts{"starts from earlier solutions",
                          bytes::earlier_solution * (loads - 1) * share.nodes};
  const MemoryTerm u{"displacements", bytes::solution * share.nodes};

  EngineMemory memory;
  memory.set_up = set_up(levels.front(), share, lists, root);
  memory.solve = hierarchy(levels, ranks, true);
  const double krylov = petsc.empty() ? bytes::krylov_vectors
                                      : bytes::petsc_solve + petsc_vectors(petsc) * bytes::vector;
  for (const MemoryTerm& term :
       {lists, earlier, starts, u, MemoryTerm{"Krylov vectors", krylov * share.nodes}})
    memory.solve.push_back(term);
  memory.gather = hierarchy(levels, ranks, false);
  for (const MemoryTerm& term : {lists, earlier, starts, u,
                                 MemoryTerm{"product for reactions", bytes::balance * share.nodes},
                                 MemoryTerm{"the last solution", solution}})
    memory.gather.push_back(term);
  memory.engine = total(hierarchy(levels, ranks, false)) + lists.bytes;
  if (petsc.empty()) // aggregates serve our own iteration only
  {
    const auto solve = with_aggregates(memory.solve, share);
    const auto gather = with_aggregates(memory.gather, share);
    memory.aggregation = total(solve) > total(gather) ? solve : gather;
  }
  if (root)
    memory.outcome = {{"solutions", loads * solution}, {"nodes", bytes::node * nodes}};
  return memory;
}

std::vector<MemoryTerm> path_memory(const std::vector<LevelCounts>& levels, int ranks, bool root,
                                    const PathWork& work)
{
  if (work.points == 0)
    return {};
  constexpr double share_of_flowing = 1; // about a third at most, in a list that grows by doubling
  const Share share = share_of(levels.front(), ranks);
  const double points = work.points * share.voxels;
  std::vector<MemoryTerm> terms = hierarchy(levels, ranks, true);
  terms.push_back(
      {"points", bytes::yielding_voxel * share.voxels + bytes::yielding_point * points});
  terms.push_back({"points that flow", share_of_flowing * bytes::flowing_point * points});
  terms.push_back({"vectors of the path", bytes::path_vectors * share.nodes});
  if (!root)
    return terms;
  const auto voxels = static_cast<double>(levels.front().voxels);
  const auto nodes = static_cast<double>(levels.front().nodes);
  constexpr double point = sizeof(material::PlasticState);
  const double standing = bytes::displacement * nodes + (16 + point * work.points) * voxels;
  const double fields = bytes::path_fields * voxels + bytes::displacement * nodes;
  terms.push_back({"rank 0's lists of voxels, nodes and bricks",
                   2 * bytes::lattice_point * static_cast<double>(levels.front().lattice_points) +
                       bytes::root_brick * static_cast<double>(levels.front().bricks)});
  terms.push_back({"yields on rank 0", bytes::yield * voxels});
  // It is written from a copy of it.
  terms.push_back(
      {"fields, or where the path stands", std::max(fields, work.kept ? 2 * standing : 0)});
  return terms;
}

} // namespace calcar::voxel
