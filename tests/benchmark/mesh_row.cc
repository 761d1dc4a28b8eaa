#include "base/parallel.hpp"
#include "benchmark/rank_memory.hpp"
#include "benchmark/rows.hpp"
#include "bodies/structured_meshes.hpp"
#include "mesh/nodes.hpp"
#include "solid/engine.hpp"
#include "solid/loads.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::benchmark
{
namespace
{
using Json = nlohmann::json;

constexpr double edge = 40; // mm

/// Young's modulus, MPa: a shell of compact bone around spongy bone whose modulus waves between a
/// twentieth and a quarter of the shell's, with a lytic lesion of 100 MPa in the middle.
double youngs_at(Vec3 x)
{
  const double across = std::max(std::abs(x.x - edge / 2), std::abs(x.y - edge / 2));
  if (norm(x - Vec3{edge / 2, edge / 2, edge / 2}) < edge / 6)
    return 100;
  if (across > 0.45 * edge)
    return 17000;
  const double wave = std::sin(x.x) * std::sin(0.8 * x.y) * std::sin(0.6 * x.z);
  return 17000 * std::pow(5, 0.5 * wave - 1.5);
}

/// What the engine is given, on rank 0.
struct Loaded
{
  solid::SolidBody body;
  solid::Supports supports;
  std::vector<std::vector<solid::NodalForce>> forces;
};

/// Held at its lower end, pressed and sheared at its upper one by 1000 N.
Loaded loaded_block(int boxes)
{
  Loaded result;
  mesh::Mesh& mesh = result.body.mesh;
  mesh = test_bodies::made_of(
      test_bodies::tet10, test_bodies::box_of_hexahedra({boxes, boxes, boxes}, {edge, edge, edge}));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    result.body.youngs.push_back(youngs_at(mesh::centre(mesh, c)));
  result.body.poisson.assign(mesh.cells(), 0.3);
  const auto nodes = mesh::nodes_of(mesh);
  result.supports.names = {"lower end"};
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    for (int axis = 0; axis < 3 && nodes.points[n].z < 1e-9; ++axis)
      result.supports.fixed.push_back({n, axis, 0, 0});
  const auto top = test_bodies::boundary_where(mesh, [](Vec3 x) { return x.z > edge - 1e-9; });
  result.forces = {solid::traction_forces(mesh, top,
                                          [](Vec3, Vec3) {
                                            return 1000 / (edge * edge) * Vec3{0.3, 0.1, -0.9};
                                          })};
  return result;
}
} // namespace

Json mesh_row(int boxes, const SolveOptions& options, MPI_Comm comm)
{
  RankMemory memory(comm);
  Loaded given;
  on_root(comm, [&] { given = loaded_block(boxes); });
  given.forces.resize(1);
  Json row = {{"ranks", size(comm)}, {"relative_residual", options.relative_residual}};
  for (int r = 0; r < options.repetitions; ++r)
  {
    MPI_Barrier(comm);
    const double start = MPI_Wtime();
    solid::Options of_engine;
    of_engine.relative_residual = options.relative_residual;
    solid::Engine engine(given.body, given.supports, comm, of_engine);
    MPI_Barrier(comm);
    const double ready = MPI_Wtime();
    const auto solutions = engine.solve(given.forces, {0});
    MPI_Barrier(comm);
    const double end = MPI_Wtime();
    if (r == 0)
      memory.end();
    row["set_up_s"].push_back(ready - start);
    row["solve_s"].push_back(end - ready);
    row["unknowns"] = engine.unknowns();
    row["iterations"] = {solutions.front().report.iterations};
  }
  row["memory"] = memory.row(row["unknowns"]);
  row["cells"] = given.body.mesh.cells();
  return row;
}

} // namespace calcar::benchmark
