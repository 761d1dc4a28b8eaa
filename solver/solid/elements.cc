#include "solid/elements.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

#include <deal.II/base/quadrature.h>
#include <deal.II/distributed/fully_distributed_tria.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_simplex_p.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_fe.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/grid/tria.h>
#include <deal.II/grid/tria_description.h>

#include <algorithm>

namespace calcar::solid
{
namespace
{

using mesh::CellShape;

/// deal.II counts the corners of a hexahedron line by line.
constexpr std::array<unsigned int, 8> corners_of_hexahedron = {0, 1, 3, 2, 4, 5, 7, 6};

/// A mesh without its coordinates' owner: what all ranks must know of it.
struct Kind
{
  int shape = 0;
  int degree = 0;
};

Kind broadcast_kind(const mesh::Mesh& mesh, MPI_Comm comm)
{
  int numbers[2] = {static_cast<int>(mesh.shape), mesh.degree};
  MPI_Bcast(numbers, 2, MPI_INT, 0, comm);
  return {numbers[0], numbers[1]};
}

std::unique_ptr<dealii::FiniteElement<3>> make_element(CellShape shape, int degree)
{
  const auto order = static_cast<unsigned int>(degree);
  if (shape == CellShape::tetrahedron)
    return std::make_unique<dealii::FE_SimplexP<3>>(order);
  return std::make_unique<dealii::FE_Q<3>>(order);
}

/// The rule of reference_points(): then deal.II's points come in the mesh's order.
dealii::Quadrature<3> make_quadrature(CellShape shape, int degree)
{
  std::vector<dealii::Point<3>> points;
  std::vector<double> weights;
  for (const ReferencePoint& point : reference_points(shape, degree))
  {
    points.emplace_back(point.xi.x, point.xi.y, point.xi.z);
    weights.push_back(point.weight);
  }
  return {points, weights};
}

/// The place of each of deal.II's nodes of a cell in the mesh's list.
std::vector<unsigned int> places_of_nodes(const dealii::FiniteElement<3>& element, CellShape shape,
                                          int degree)
{
  const auto nodes = reference_nodes(shape, degree);
  std::vector<unsigned int> places;
  for (const dealii::Point<3>& point : element.get_unit_support_points())
    for (unsigned int n = 0; n < nodes.size(); ++n)
      if (norm(nodes[n] - Vec3{point[0], point[1], point[2]}) < 1e-6)
        places.push_back(n);
  if (places.size() != nodes.size())
    throw std::logic_error("nodes of deal.II's element are not those of the mesh");
  return places;
}

/// The mesh as deal.II's triangulation of one process, divided into parts.
void make_serial(const mesh::Mesh& mesh, int parts, dealii::Triangulation<3>& triangulation)
{
  std::vector<dealii::Point<3>> points;
  points.reserve(mesh.points.size());
  for (const Vec3& p : mesh.points)
    points.emplace_back(p.x, p.y, p.z);
  const auto corners = static_cast<unsigned int>(mesh::reference_cell(mesh.shape).corners);
  std::vector<dealii::CellData<3>> cells(mesh.cells(), dealii::CellData<3>(corners));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (unsigned int n = 0; n < corners; ++n)
      cells[c].vertices[n] =
          mesh.cell(c)[mesh.shape == CellShape::tetrahedron ? n : corners_of_hexahedron[n]];
  triangulation.create_triangulation(points, cells, {});
  if (parts > 1)
    dealii::GridTools::partition_triangulation(static_cast<unsigned int>(parts), triangulation);
}

/// deal.II's own words, on every rank, when it refuses a mesh that passed our checks.
void guarded(MPI_Comm comm, const std::function<void()>& work)
{
  on_root(comm,
          [&]
          {
            try
            {
              work();
            }
            catch (const std::exception& error)
            {
              throw InputError(Fault::data,
                               {"mesh", std::string("deal.II refuses it: ") + error.what(),
                                "a conforming mesh", "check it with calcar info", ""});
            }
          });
}

using Distributed = dealii::parallel::fullydistributed::Triangulation<3>;

/// Makes and divides the mesh on rank 0 and hands each rank its cells with their neighbours.
std::unique_ptr<Distributed> distribute(const mesh::Mesh& mesh, MPI_Comm comm)
{
  dealii::Triangulation<3> serial;
  guarded(comm, [&] { make_serial(mesh, size(comm), serial); });
  const auto description =
      dealii::TriangulationDescription::Utilities::create_description_from_triangulation_in_groups<
          3, 3>([&](dealii::Triangulation<3>& grid) { grid = std::move(serial); },
                [](dealii::Triangulation<3>&, const MPI_Comm&, unsigned int) {}, comm, size(comm));
  auto grid = std::make_unique<Distributed>(comm);
  grid->create_triangulation(description);
  return grid;
}

} // namespace

struct Elements::State
{
  CellShape shape;
  int degree;
  std::unique_ptr<dealii::FiniteElement<3>> element;
  std::unique_ptr<dealii::FiniteElement<3>> geometry;
  dealii::MappingFE<3> mapping;
  std::unique_ptr<Distributed> grid;
  dealii::DoFHandler<3> nodes; // one unknown per node: rows are nodes
  std::vector<unsigned int> places;
  dealii::Quadrature<3> quadrature;

  std::uint32_t first = 0;
  std::uint32_t owned = 0;
  std::vector<std::uint32_t> ghosts;
  std::vector<std::uint32_t> cells;
  std::vector<std::uint32_t> cell_nodes;
  RowLists coupled;
  Ties ties;

  State(const mesh::Mesh& mesh, Kind kind, MPI_Comm comm)
      : shape(static_cast<CellShape>(kind.shape)), degree(kind.degree),
        element(make_element(shape, degree)), geometry(make_element(shape, 1)), mapping(*geometry),
        grid(distribute(mesh, comm)), nodes(*grid),
        places(places_of_nodes(*element, shape, degree)), quadrature(make_quadrature(shape, degree))
  {
    nodes.distribute_dofs(*element);
    const dealii::IndexSet& own = nodes.locally_owned_dofs();
    owned = own.n_elements();
    first = owned > 0 ? own.nth_index_in_set(0) : 0;
    number_cells();
  }

  /// Rows of a cell's nodes, in the mesh's order.
  template <typename Cell>
  void rows_of(const Cell& cell, std::vector<dealii::types::global_dof_index>& buffer,
               std::uint32_t* rows) const
  {
    cell->get_dof_indices(buffer);
    for (std::size_t n = 0; n < buffer.size(); ++n)
      rows[places[n]] = buffer[n];
  }

  void number_cells()
  {
    const std::size_t per_cell = places.size();
    std::vector<dealii::types::global_dof_index> buffer(per_cell);
    for (const auto& cell : nodes.active_cell_iterators())
    {
      if (cell->is_artificial())
        continue;
      std::vector<std::uint32_t> rows(per_cell);
      rows_of(cell, buffer, rows.data());
      coupled.add(rows);
      if (!cell->is_locally_owned())
        continue;
      cells.push_back(static_cast<std::uint32_t>(cell->id().get_coarse_cell_id()));
      cell_nodes.insert(cell_nodes.end(), rows.begin(), rows.end());
    }
    localise({});
  }

  /// Turns the rows of `cell_nodes` into local numbers; others' rows among them and among `more`
  /// become the ghosts.
  void localise(std::span<const std::uint32_t> more)
  {
    ghosts.clear();
    for (const auto& rows : {std::span<const std::uint32_t>(cell_nodes), more})
      for (const std::uint32_t row : rows)
        if (!is_own(row))
          ghosts.push_back(row);
    std::sort(ghosts.begin(), ghosts.end());
    ghosts.erase(std::unique(ghosts.begin(), ghosts.end()), ghosts.end());
    for (std::uint32_t& row : cell_nodes)
      row = local(row);
  }

  void tie(const HangingRows& hanging)
  {
    for (std::uint32_t& node : cell_nodes)
      node = node < owned ? first + node : ghosts[node - owned];
    const HangingRows mine = those_among(hanging, cell_nodes);
    coupled = couples_of(cell_nodes, places.size(), mine, {first, owned}, grid->get_communicator());
    localise(mine.masters);
    ties.of_node.assign(owned + ghosts.size(), Ties::free);
    for (const std::uint32_t row : mine.rows)
    {
      ties.of_node[local(row)] = static_cast<std::uint32_t>(ties.nodes.size());
      ties.nodes.push_back(local(row));
    }
    ties.first = mine.first;
    ties.weights = mine.weights;
    for (const std::uint32_t row : mine.masters)
      ties.masters.push_back(local(row));
  }

  bool is_own(std::uint32_t row) const { return row >= first && row < first + owned; }

  std::uint32_t local(std::uint32_t row) const
  {
    if (is_own(row))
      return row - first;
    const auto at = std::lower_bound(ghosts.begin(), ghosts.end(), row) - ghosts.begin();
    return owned + static_cast<std::uint32_t>(at);
  }
};

Elements::Elements(const mesh::Mesh& mesh, MPI_Comm comm)
    : state_(std::make_unique<State>(mesh, broadcast_kind(mesh, comm), comm))
{
}

Elements::~Elements() = default;
Elements::Elements(Elements&&) noexcept = default;

int Elements::nodes_per_cell() const
{
  return static_cast<int>(state_->places.size());
}

int Elements::points_per_cell() const
{
  return static_cast<int>(state_->quadrature.size());
}

std::uint32_t Elements::nodes() const
{
  return state_->nodes.n_dofs();
}

std::uint32_t Elements::first_owned() const
{
  return state_->first;
}

std::uint32_t Elements::owned() const
{
  return state_->owned;
}

const std::vector<std::uint32_t>& Elements::ghosts() const
{
  return state_->ghosts;
}

const std::vector<std::uint32_t>& Elements::cells() const
{
  return state_->cells;
}

std::span<const std::uint32_t> Elements::cell_nodes(std::size_t n) const
{
  const std::size_t per_cell = state_->places.size();
  return {state_->cell_nodes.data() + n * per_cell, per_cell};
}

const RowLists& Elements::coupled_rows() const
{
  return state_->coupled;
}

void Elements::tie(const HangingRows& hanging)
{
  state_->tie(hanging);
}

const Ties& Elements::ties() const
{
  return state_->ties;
}

void Elements::for_each_cell(
    const std::function<void(std::size_t, const CellIntegral&)>& visit) const
{
  dealii::FEValues<3> values(state_->mapping, *state_->element, state_->quadrature,
                             dealii::update_gradients | dealii::update_JxW_values);
  const std::size_t per_cell = state_->places.size();
  const std::size_t points = state_->quadrature.size();
  std::vector<Vec3> gradients(points * per_cell);
  std::vector<double> volumes(points);
  std::size_t own = 0;
  for (const auto& cell : state_->grid->active_cell_iterators())
  {
    if (!cell->is_locally_owned())
      continue;
    values.reinit(cell);
    for (unsigned int q = 0; q < points; ++q)
    {
      volumes[q] = values.JxW(q);
      for (unsigned int n = 0; n < per_cell; ++n)
      {
        const auto& g = values.shape_grad(n, q);
        gradients[q * per_cell + state_->places[n]] = {g[0], g[1], g[2]};
      }
    }
    visit(own++, {volumes, gradients});
  }
}

} // namespace calcar::solid
