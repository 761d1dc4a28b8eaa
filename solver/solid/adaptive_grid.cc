#include "solid/adaptive_grid.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "solid/spread.hpp"

#include <deal.II/distributed/tria.h>
#include <p4est.h>

#include <algorithm>
#include <numeric>

namespace calcar::solid
{
namespace
{

using Triangulation = dealii::parallel::distributed::Triangulation<3>;

/// deal.II counts the corners of a hexahedron line by line.
constexpr std::array<unsigned int, 8> corner = {0, 1, 3, 2, 4, 5, 7, 6};

/// p4est talks on standard output unless told once not to.
void silence_p4est()
{
  static const bool done = []
  {
    p4est_init(nullptr, SC_LP_SILENT);
    return true;
  }();
  (void)done;
}

/// The coarse cells on every rank, as deal.II wants them.
void make_coarse(std::vector<Vec3> places, std::vector<std::uint32_t> corners,
                 Triangulation& triangulation, MPI_Comm comm)
{
  broadcast_items(places, comm);
  broadcast_items(corners, comm);
  std::vector<dealii::Point<3>> points;
  for (const Vec3& p : places)
    points.emplace_back(p.x, p.y, p.z);
  std::vector<dealii::CellData<3>> cells(corners.size() / 8);
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (unsigned int n = 0; n < 8; ++n)
      cells[c].vertices[corner[n]] = corners[8 * c + n];
  triangulation.create_triangulation(points, cells, {});
}

Leaf leaf_of(const Triangulation::active_cell_iterator& cell, const Triangulation& triangulation)
{
  const dealii::CellId id = cell->id();
  Leaf leaf;
  // deal.II names coarse cells by p4est's numbers.
  leaf.coarse = static_cast<std::uint32_t>(
      triangulation.get_p4est_tree_to_coarse_cell_permutation()[id.get_coarse_cell_id()]);
  if (id.get_child_indices().size() > std::size_t{Leaf::most_levels})
    throw std::logic_error("an adaptive mesh has too many levels");
  for (const std::uint8_t child : id.get_child_indices())
    leaf.descend(child);
  return leaf;
}

void require_hexahedra(const mesh::Mesh& mesh)
{
  if (mesh.shape != mesh::CellShape::hexahedron)
    throw InputError(Fault::data,
                     {"adaptive mesh", "tetrahedra", "hexahedra",
                      "mesh the body with hexahedra, or solve it without adaptivity", ""});
}

} // namespace

struct AdaptiveGrid::State
{
  MPI_Comm comm;
  mesh::Mesh coarse; ///< on rank 0
  Triangulation triangulation;
  std::vector<Leaf> leaves; ///< of all ranks, ascending; on rank 0
  RefinedMesh refined;

  State(const mesh::Mesh& mesh, MPI_Comm communicator)
      : comm(communicator), triangulation(communicator)
  {
    on_root(comm,
            [&]
            {
              require_hexahedra(mesh);
              coarse = mesh;
            });
    make_coarse(coarse.points, coarse.corners, triangulation, comm);
    gather_mesh();
  }

  void gather_mesh()
  {
    std::vector<Leaf> mine;
    for (const auto& cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned())
        mine.push_back(leaf_of(cell, triangulation));
    leaves = gather(mine, comm);
    on_root(comm,
            [&]
            {
              std::sort(leaves.begin(), leaves.end(),
                        [](const Leaf& a, const Leaf& b)
                        { return std::pair(a.coarse, a.path) < std::pair(b.coarse, b.path); });
              refined = refined_mesh(coarse, leaves);
            });
  }

  void refine(const std::vector<std::uint8_t>& marked)
  {
    std::vector<Leaf> chosen;
    on_root(comm,
            [&]
            {
              if (marked.size() != leaves.size())
                throw std::logic_error("a mark for each cell is needed");
              for (std::size_t n = 0; n < leaves.size(); ++n)
                if (marked[n])
                  chosen.push_back(leaves[n]);
              std::sort(chosen.begin(), chosen.end());
            });
    broadcast_items(chosen, comm);
    for (const auto& cell : triangulation.active_cell_iterators())
      if (cell->is_locally_owned() &&
          std::binary_search(chosen.begin(), chosen.end(), leaf_of(cell, triangulation)))
        cell->set_refine_flag();
    triangulation.execute_coarsening_and_refinement();
    gather_mesh();
  }
};

AdaptiveGrid::AdaptiveGrid(const mesh::Mesh& coarse, MPI_Comm comm)
{
  silence_p4est();
  state_ = std::make_unique<State>(coarse, comm);
}

AdaptiveGrid::~AdaptiveGrid() = default;
AdaptiveGrid::AdaptiveGrid(AdaptiveGrid&&) noexcept = default;

const RefinedMesh& AdaptiveGrid::mesh() const
{
  return state_->refined;
}

void AdaptiveGrid::refine(const std::vector<std::uint8_t>& marked)
{
  state_->refine(marked);
}

std::vector<std::uint8_t> mark_largest(const std::vector<double>& squared_errors, double share)
{
  constexpr double alike = 1e-3;
  std::vector<double> descending = squared_errors;
  std::sort(descending.begin(), descending.end(), std::greater<>());
  const double wanted = share * std::accumulate(descending.begin(), descending.end(), 0.0);
  double sum = 0, least = 0;
  for (std::size_t n = 0; n < descending.size() && sum < wanted; ++n)
  {
    least = descending[n];
    sum += least;
  }
  std::vector<std::uint8_t> marked(squared_errors.size());
  for (std::size_t n = 0; n < marked.size(); ++n)
    marked[n] = sum > 0 && squared_errors[n] >= (1 - alike) * least;
  return marked;
}

} // namespace calcar::solid
