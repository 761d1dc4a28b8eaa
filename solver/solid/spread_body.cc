#include "solid/spread_body.hpp"

#include "base/parallel.hpp"
#include "solid/checks.hpp"

#include <array>
#include <utility>

namespace calcar::solid
{
namespace
{

/// Up to this many unknowns a factorisation is quicker than building a hierarchy.
constexpr std::uint64_t small_body = 6000;
/// Up to this many unknowns there is memory for factors where iterations do not converge.
constexpr std::uint64_t most_to_factor = 60000;

KnownMesh check(const SolidBody& body, const Supports& supports, MPI_Comm comm)
{
  KnownMesh known;
  on_root(comm,
          [&]
          {
            check_body(body);
            known.nodes = mesh::nodes_of(body.mesh);
            known.hanging = body.hanging;
            check_hanging(known.hanging, known.nodes.points);
            known.supports = on_free_nodes(supports, known.hanging);
            check_supports(body, known.nodes, known.supports);
            known.names.points = body.mesh.points;
            known.names.point_tags = body.mesh.point_tags;
            known.names.source = body.mesh.source;
          });
  return known;
}

/// Numbers the nodes, and ties those that hang.
Numbering number_and_tie(const KnownMesh& known, Elements& elements, MPI_Comm comm)
{
  Numbering numbering = number_nodes(elements, known.nodes.of_cell, comm);
  const HangingRows hanging = spread_hanging(known.hanging, numbering.row_of_node, comm);
  if (!hanging.rows.empty())
    elements.tie(hanging);
  return numbering;
}

/// E and nu of each cell or point in the order in which the ranks have the cells.
std::vector<double> spread_moduli(const SolidBody& body, const Numbering& numbering, MPI_Comm comm,
                                  const Elements& elements)
{
  std::vector<std::array<double, 2>> pairs;
  int per_cell = 1;
  if (is_root(comm))
  {
    for (std::size_t n = 0; n < body.youngs.size(); ++n)
      pairs.push_back({body.youngs[n], body.poisson[n]});
    per_cell = static_cast<int>(body.youngs.size() / body.mesh.cells());
    pairs = in_ranks(pairs, static_cast<std::size_t>(per_cell), numbering);
  }
  MPI_Bcast(&per_cell, 1, MPI_INT, 0, comm);
  const auto own =
      scatter(pairs, elements.cells().size() * static_cast<std::size_t>(per_cell), comm);
  std::vector<double> properties;
  for (const auto& pair : own)
    properties.insert(properties.end(), pair.begin(), pair.end());
  return properties;
}

} // namespace

SpreadBody::SpreadBody(const SolidBody& body, const Supports& supports, MPI_Comm communicator)
    : comm(communicator), known(check(body, supports, comm)), elements(body.mesh, comm),
      numbering(number_and_tie(known, elements, comm)),
      restraints(spread_supports(known.supports, elements, numbering, comm)),
      moduli(spread_moduli(body, numbering, comm, elements))
{
  known.nodes.of_cell = {};
}

std::vector<Vec3> SpreadBody::own_points() const
{
  std::vector<Vec3> points;
  if (is_root(comm))
    points = in_rows(known.nodes.points, numbering);
  return scatter(points, elements.owned(), comm);
}

std::vector<double> SpreadBody::own_forces(const std::vector<NodalForce>& forces) const
{
  std::vector<Vec3> rows;
  if (is_root(comm))
  {
    rows.resize(elements.nodes());
    for (const NodalForce& force : forces)
      rows[numbering.row_of_node[force.node]] += force.force;
    for (const HangingNode& tie : known.hanging)
    {
      const Vec3 force = std::exchange(rows[numbering.row_of_node[tie.node]], {});
      for (std::size_t m = 0; m < tie.masters.size(); ++m)
        rows[numbering.row_of_node[tie.masters[m]]] += tie.weights[m] * force;
    }
  }
  std::vector<double> own;
  for (const Vec3& force : scatter(rows, elements.owned(), comm))
    own.insert(own.end(), {force.x, force.y, force.z});
  return own;
}

std::vector<Vec3> SpreadBody::displacements(const Field& u) const
{
  std::vector<Vec3> own;
  for (std::size_t n = 0; n < elements.owned(); ++n)
    own.push_back({u.values()[3 * n], u.values()[3 * n + 1], u.values()[3 * n + 2]});
  own = gather(own, comm);
  return is_root(comm) ? in_nodes(own, numbering) : std::vector<Vec3>{};
}

void SpreadBody::set_displacements(const std::vector<Vec3>& of_nodes, Field& u) const
{
  const std::vector<Vec3> rows = is_root(comm) ? in_rows(of_nodes, numbering) : std::vector<Vec3>{};
  std::size_t at = 0;
  for (const Vec3& displacement : scatter(rows, elements.owned(), comm))
    for (std::size_t axis = 0; axis < 3; ++axis)
      u.values()[at++] = displacement[axis];
}

Method chosen(Method asked, std::uint64_t unknowns)
{
  if (asked != Method::automatic)
    return asked;
  return unknowns <= small_body ? Method::mumps : Method::boomeramg;
}

Method instead_of(Method method, Method asked, std::uint64_t unknowns)
{
  if (method == Method::gamg)
    return Method::boomeramg;
  const bool may_factor = asked == Method::automatic && unknowns <= most_to_factor;
  return may_factor ? Method::mumps : method;
}

} // namespace calcar::solid
