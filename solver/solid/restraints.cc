#include "solid/restraints.hpp"

#include "solid/spread.hpp"

#include <array>

namespace calcar::solid
{
namespace
{

/// What fixes a node.
struct FixedNode
{
  std::array<double, 3> displacement = {0, 0, 0};
  std::array<int, 3> support = {-1, -1, -1};
};

struct SpringRow
{
  std::uint32_t row;
  int support;
  SymTensor stiffness;
};

std::vector<FixedNode> fixed_rows(const Supports& supports, const Numbering& numbering)
{
  std::vector<FixedNode> rows(numbering.node_of_row.size());
  for (const FixedComponent& fixed : supports.fixed)
  {
    FixedNode& row = rows[numbering.row_of_node[fixed.node]];
    const auto axis = static_cast<std::size_t>(fixed.axis);
    if (row.support[axis] >= 0)
      continue;
    row.displacement[axis] = fixed.displacement;
    row.support[axis] = fixed.support;
  }
  return rows;
}

} // namespace

Restraints spread_supports(const Supports& supports, const Elements& elements,
                           const Numbering& numbering, MPI_Comm comm)
{
  std::vector<FixedNode> rows;
  std::vector<SpringRow> springs;
  if (is_root(comm))
  {
    rows = fixed_rows(supports, numbering);
    for (const NodeSpring& spring : supports.springs)
      springs.push_back({numbering.row_of_node[spring.node], spring.support, spring.stiffness});
  }
  Restraints restraints;
  int count = static_cast<int>(supports.names.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  restraints.supports = static_cast<std::size_t>(count);
  Field flags(elements, comm);
  std::size_t at = 0;
  for (const FixedNode& node : scatter(rows, elements.owned(), comm))
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      restraints.prescribed.push_back(node.displacement[axis]);
      restraints.support.push_back(node.support[axis]);
      flags.values()[at++] = node.support[axis] >= 0 ? 1 : 0;
    }
  flags.fetch_ghosts();
  restraints.fixed.assign(flags.values().begin(), flags.values().end());
  broadcast_items(springs, comm);
  for (const SpringRow& spring : springs)
    if (spring.row - elements.first_owned() < elements.owned())
      restraints.springs.push_back(
          {spring.row - elements.first_owned(), spring.stiffness, spring.support});
  return restraints;
}

} // namespace calcar::solid
