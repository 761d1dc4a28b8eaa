#include "solid/assembly.hpp"

#include "solid/cell_integrals.hpp"

#include <algorithm>

namespace calcar::solid
{
namespace
{

/// The law at each point of a cell in turn, at a displacement.
class CellMaterial
{
public:
  CellMaterial(const Elements& elements, const MaterialPoints& material, const Field& u)
      : elements_(elements), material_(material), u_(u),
        points_(static_cast<std::size_t>(elements.points_per_cell())),
        nodes_(static_cast<std::size_t>(elements.nodes_per_cell())), displacements_(nodes_),
        new_state_(static_cast<std::size_t>(material.law.state))
  {
    const std::size_t width = static_cast<std::size_t>(material.law.properties);
    per_point_ = material.properties.size() > width * elements.cells().size();
  }

  std::size_t points() const { return points_; }

  void enter(std::size_t cell)
  {
    cell_ = cell;
    const auto nodes = elements_.cell_nodes(cell);
    for (std::size_t n = 0; n < nodes_; ++n)
    {
      const double* u = u_.values().data() + 3 * std::size_t{nodes[n]};
      displacements_[n] = {u[0], u[1], u[2]};
    }
  }

  std::span<const Vec3> gradients(const CellIntegral& integral, std::size_t q) const
  {
    return integral.gradients.subspan(q * nodes_, nodes_);
  }

  SymTensor strain(const CellIntegral& integral, std::size_t q) const
  {
    return strain_of(gradients(integral, q), displacements_);
  }

  PointResponse respond(const SymTensor& strain, std::size_t q)
  {
    const auto width = static_cast<std::size_t>(material_.law.properties);
    const std::size_t point = cell_ * points_ + q;
    const std::span<const double> all(material_.properties);
    const std::span<const double> state(material_.state);
    return material_.law.respond(all.subspan(width * (per_point_ ? point : cell_), width), strain,
                                 state.subspan(new_state_.size() * point, new_state_.size()),
                                 new_state_);
  }
  const std::vector<double>& new_state() const { return new_state_; }

private:
  const Elements& elements_;
  const MaterialPoints& material_;
  const Field& u_;
  std::size_t points_;
  std::size_t nodes_;
  bool per_point_ = false;
  std::size_t cell_ = 0;
  std::vector<Vec3> displacements_;
  std::vector<double> new_state_;
};

/// Leaves of the rows and columns of fixed components only the diagonal.
void take_out_fixed(std::span<const std::uint32_t> nodes, const std::vector<char>& fixed,
                    std::vector<double>& matrix)
{
  const std::size_t width = 3 * nodes.size();
  for (std::size_t i = 0; i < width; ++i)
    if (fixed[3 * nodes[i / 3] + i % 3])
      for (std::size_t j = 0; j < width; ++j)
        if (i != j)
          matrix[i * width + j] = matrix[j * width + i] = 0;
}

/// The rows of local nodes.
std::vector<std::uint32_t> rows_of(const Elements& elements, std::span<const std::uint32_t> nodes)
{
  std::vector<std::uint32_t> rows;
  for (const std::uint32_t n : nodes)
    rows.push_back(n < elements.owned() ? elements.first_owned() + n
                                        : elements.ghosts()[n - elements.owned()]);
  return rows;
}

/// Adds a matrix over local nodes on the free components; hanging nodes are replaced by their
/// masters and keep their diagonal.
void add_to(LinearSolver& solver, const Elements& elements, const Restraints& restraints,
            std::span<const std::uint32_t> nodes, std::vector<double> matrix)
{
  const Ties& ties = elements.ties();
  const auto hangs = [&](std::uint32_t node) { return ties.hangs(node); };
  if (std::none_of(nodes.begin(), nodes.end(), hangs))
  {
    take_out_fixed(nodes, restraints.fixed, matrix);
    solver.add(rows_of(elements, nodes), matrix);
    return;
  }
  const std::size_t width = 3 * nodes.size();
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (hangs(nodes[n]))
    {
      std::vector<double> diagonal(9, 0.0);
      for (std::size_t c = 0; c < 3; ++c)
        diagonal[4 * c] = matrix[(3 * n + c) * (width + 1)];
      solver.add(rows_of(elements, nodes.subspan(n, 1)), diagonal);
    }
  NodeMatrix of_masters = tied(ties, nodes, matrix);
  take_out_fixed(of_masters.nodes, restraints.fixed, of_masters.matrix);
  solver.add(rows_of(elements, of_masters.nodes), of_masters.matrix);
}

void add_springs(const Elements& elements, const Restraints& restraints, LinearSolver& solver)
{
  for (const Restraints::Spring& spring : restraints.springs)
  {
    const SymTensor& k = spring.stiffness;
    add_to(solver, elements, restraints, {&spring.node, 1},
           {k.xx, k.xy, k.zx, k.xy, k.yy, k.yz, k.zx, k.yz, k.zz});
  }
}

} // namespace

void for_each_point(const Elements& elements, const MaterialPoints& material, const Field& u,
                    const PointVisit& visit)
{
  CellMaterial points(elements, material, u);
  elements.for_each_cell(
      [&](std::size_t cell, const CellIntegral& integral)
      {
        points.enter(cell);
        for (std::size_t q = 0; q < points.points(); ++q)
        {
          const SymTensor strain = points.strain(integral, q);
          visit(cell, q, integral.volumes[q], strain, points.respond(strain, q).stress);
        }
      });
}

void internal_forces(const Elements& elements, const MaterialPoints& material,
                     const Restraints& restraints, const Field& u, Field& forces,
                     std::vector<double>* new_state)
{
  CellMaterial points(elements, material, u);
  std::vector<Vec3> of_cell(static_cast<std::size_t>(elements.nodes_per_cell()));
  std::vector<double>& all = forces.values();
  forces.clear();
  if (new_state)
    new_state->clear();
  elements.for_each_cell(
      [&](std::size_t cell, const CellIntegral& integral)
      {
        points.enter(cell);
        std::fill(of_cell.begin(), of_cell.end(), Vec3{});
        for (std::size_t q = 0; q < points.points(); ++q)
        {
          const PointResponse response = points.respond(points.strain(integral, q), q);
          add_forces(points.gradients(integral, q), integral.volumes[q], response.stress, of_cell);
          if (new_state)
            new_state->insert(new_state->end(), points.new_state().begin(),
                              points.new_state().end());
        }
        const auto nodes = elements.cell_nodes(cell);
        for (std::size_t n = 0; n < nodes.size(); ++n)
          for (std::size_t axis = 0; axis < 3; ++axis)
            all[3 * nodes[n] + axis] += of_cell[n][axis];
      });
  for (const Restraints::Spring& spring : restraints.springs)
  {
    const double* at = u.values().data() + 3 * std::size_t{spring.node};
    const Vec3 force = spring.stiffness * Vec3{at[0], at[1], at[2]};
    for (std::size_t axis = 0; axis < 3; ++axis)
      all[3 * spring.node + axis] += force[axis];
  }
  give_to_masters(elements.ties(), all);
  forces.return_ghosts();
}

void assemble_tangent(const Elements& elements, const MaterialPoints& material,
                      const Restraints& restraints, const Field& u, LinearSolver& solver)
{
  CellMaterial points(elements, material, u);
  const auto width = 3 * static_cast<std::size_t>(elements.nodes_per_cell());
  std::vector<double> matrix(width * width);
  elements.for_each_cell(
      [&](std::size_t cell, const CellIntegral& integral)
      {
        points.enter(cell);
        std::fill(matrix.begin(), matrix.end(), 0.0);
        for (std::size_t q = 0; q < points.points(); ++q)
        {
          const PointResponse response = points.respond(points.strain(integral, q), q);
          add_stiffness(points.gradients(integral, q), integral.volumes[q], response.tangent,
                        matrix);
        }
        mirror(width, matrix);
        add_to(solver, elements, restraints, elements.cell_nodes(cell), matrix);
      });
  add_springs(elements, restraints, solver);
}

} // namespace calcar::solid
