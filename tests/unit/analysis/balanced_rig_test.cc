// Couples, pressures and inertia relief: superposition and equilibrium.

#include "analysis/solve_mesh_rig.hpp"
#include "mesh/hexahedra.hpp"
#include "model/boundary.hpp"
#include "model/inertia_relief.hpp"
#include "unit/model/cylinder.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::analysis;

namespace
{
constexpr double residual = 1e-11;

/// A force with a couple on the top and a pressure with a force on the side; then each alone and in
/// other sizes.
std::vector<load::LoadCase> mixed_cases(const Cylinder& cylinder)
{
  const auto named = [](const std::string& name, std::vector<load::AppliedForce> forces)
  {
    load::LoadCase result;
    result.name = name;
    result.forces = std::move(forces);
    return result;
  };
  return {named("all", {{"head", cylinder.top(), {100, -200, -700}, {900, 400, -2000}, 0},
                        {"side", cylinder.side(), {20, 10, -5}, {}, 2.5}}),
          named("couple", {{"head", cylinder.top(), {}, {0, 3000, 500}, 0}}),
          named("pressure", {{"side", cylinder.side(), {}, {}, 4}}),
          named("twice", {{"head", cylinder.top(), {0, 0, -300}, {}, 0},
                          {"twist", cylinder.top(), {0, 50, -300}, {0, 0, 700}, 1.5}})};
}

load::Rig clamped(const Cylinder& cylinder)
{
  load::Rig rig;
  rig.name = "bench";
  rig.supports.push_back({"floor", load::SupportKind::clamped, cylinder.bottom(), {}, 0});
  return rig;
}

load::Rig floating()
{
  load::Rig rig;
  rig.name = "floating";
  rig.inertia_relief = true;
  return rig;
}

RigResult solved(const Cylinder& cylinder, const load::Rig& rig, BasisChoice choice)
{
  voxel::Options options;
  options.relative_residual = residual;
  return solve_rig(cylinder.body, cylinder.surface, rig, mixed_cases(cylinder), MPI_COMM_WORLD,
                   options, choice);
}

double largest(const std::vector<Vec3>& vectors)
{
  double most = 0;
  for (const Vec3& v : vectors)
    most = std::max(most, norm(v));
  return most;
}

void require_alike(const RigResult& a, const RigResult& b)
{
  REQUIRE(a.responses.size() == b.responses.size());
  for (std::size_t c = 0; c < a.responses.size(); ++c)
  {
    INFO(a.responses[c].name);
    std::vector<Vec3> apart = a.responses[c].displacement;
    for (std::size_t n = 0; n < apart.size(); ++n)
      apart[n] -= b.responses[c].displacement[n];
    CHECK(largest(apart) < 1e-8 * largest(a.responses[c].displacement));
    CHECK(a.responses[c].strain_energy == Approx(b.responses[c].strain_energy).epsilon(1e-8));
    CHECK(a.responses[c].external_work == Approx(b.responses[c].external_work).epsilon(1e-8));
    CHECK(norm(a.responses[c].equilibrium.applied.force -
               b.responses[c].equilibrium.applied.force) < 1e-6);
    CHECK(norm(a.responses[c].equilibrium.applied.moment -
               b.responses[c].equilibrium.applied.moment) < 1e-5);
  }
}
} // namespace

TEST_CASE("a basis holds couples and pressures where a case has them, and no others")
{
  const Cylinder cylinder(0.3);
  const auto cases = mixed_cases(cylinder);
  // Top: three forces, three couples, one pressure; side: three forces and a pressure.
  const LoadBasis basis = load_basis(cases, BasisChoice::unit_forces);
  CHECK(basis.loads.size() == 11);
  CHECK(right_hand_sides(cases, BasisChoice::unit_forces) == 11);
  CHECK(right_hand_sides(cases) == cases.size());
  CHECK(load_basis({cases[1]}, BasisChoice::unit_forces).loads.size() == 3);
  CHECK(load_basis({cases[2]}, BasisChoice::unit_forces).loads.size() == 1);
}

TEST_CASE("loads with couples and pressures composed of units agree with those solved as they are")
{
  const Cylinder cylinder(0.3);
  for (const load::Rig& rig : {clamped(cylinder), floating()})
  {
    INFO(rig.name);
    const auto composed = solved(cylinder, rig, BasisChoice::unit_forces);
    CHECK(composed.solver.right_hand_sides == 11);
    require_alike(composed, solved(cylinder, rig, BasisChoice::cases));
  }
}

TEST_CASE("a couple and a pressure are told in the equilibrium, and supports or inertia meet them")
{
  const Cylinder cylinder(0.3);
  for (const load::Rig& rig : {clamped(cylinder), floating()})
    for (const Response& response : solved(cylinder, rig, BasisChoice::cases).responses)
    {
      INFO(rig.name << " " << response.name);
      const Equilibrium& sum = response.equilibrium;
      CHECK(sum.force_error() < 1e-7);
      CHECK(sum.moment_error() < 1e-7);
      Vec3 reaction;
      for (const Reaction& part : response.reactions)
        reaction += part.force;
      CHECK(norm(reaction - sum.reactions.force) < 1e-9 * sum.gross_N);
      if (rig.inertia_relief)
      {
        REQUIRE(response.reactions.size() == 1);
        CHECK(response.reactions[0].support == model::in_place);
        CHECK(sum.borne_by_supports() < 1e-7);
        CHECK(norm(sum.inertia.force + sum.applied.force) < 1e-9 * sum.gross_N);
      }
      else
      {
        CHECK(norm(sum.inertia.force) == 0);
        CHECK(norm(reaction + sum.applied.force) < 1e-7 * sum.gross_N);
      }
    }
  // The couple on the top has no force and is the whole moment about any place.
  const auto couple = solved(cylinder, clamped(cylinder), BasisChoice::cases).responses[1];
  CHECK(norm(couple.equilibrium.applied.force) < 1e-9);
  CHECK(norm(couple.equilibrium.applied.moment - Vec3{0, 3000, 500}) < 1e-6);
}

TEST_CASE("nothing is said to be in balance that is not")
{
  Equilibrium sum;
  sum.reach_mm = 100;
  sum.applied = {{0, 0, -1000}, {0, 5000, 0}};
  sum.gross_N = 1000;
  CHECK(sum.force_error() == Approx(1));
  CHECK(sum.moment_error() == Approx(0.05));
  sum.reactions = {{0, 0, 999}, {0, -5000, 0}};
  CHECK(sum.force_error() == Approx(1e-3));
  CHECK(sum.moment_error() < 1e-12);
  CHECK(sum.borne_by_supports() == Approx(0.999));
  Equilibrium squeezed; // forces all around that cancel
  squeezed.reach_mm = 10;
  squeezed.gross_N = 400;
  squeezed.reactions.force = {0.004, 0, 0};
  CHECK(squeezed.force_error() == Approx(0.01));
  CHECK(Equilibrium{}.force_error() == 0);
}

TEST_CASE("without supports displacements hold no mean motion")
{
  const Cylinder cylinder(0.3);
  const model::MassPoints points = model::mass_points(cylinder.body);
  for (const Response& response : solved(cylinder, floating(), BasisChoice::cases).responses)
  {
    Vec3 mean, swing;
    double mass = 0;
    for (std::size_t n = 0; n < points.masses.size(); ++n)
    {
      mean += points.masses[n] * response.displacement[n];
      swing += points.masses[n] * cross(points.points[n], response.displacement[n]);
      mass += points.masses[n];
    }
    const double size = largest(response.displacement);
    CHECK(size > 1e-6);
    CHECK(norm(mean) < 1e-9 * mass * size);
    CHECK(norm(swing) < 1e-8 * mass * size);
  }
}

TEST_CASE("voxels and the same cubes of a mesh agree under inertia relief")
{
  const Cylinder cylinder(0.3);
  mesh::MeshModel model;
  model.mesh = mesh::hexahedra_of(cylinder.body);
  model.youngs = cylinder.body.youngs;
  model.poisson = cylinder.body.poisson;
  model.volume.assign(model.mesh.cells(), cylinder.body.grid.voxel_volume());
  // Surfaces differ in normals and areas at edges: a spot in the middle of the top has the same.
  load::LoadCase press;
  press.name = "press";
  load::Patch spot = cylinder.top();
  spot.weight = [centre = spot.centre](Vec3 p, Vec3)
  {
    const double t = norm(p - centre) / 2.2;
    return t < 1 ? 1 - t * t : 0.0;
  };
  press.forces = {{"force", spot, {120, -50, -800}, {100, 200, -300}, 0}};
  voxel::Options voxel_options;
  voxel_options.relative_residual = residual;
  solid::Options mesh_options;
  mesh_options.relative_residual = residual;
  const RigResult voxels = solve_rig(cylinder.body, cylinder.surface, floating(), {press},
                                     MPI_COMM_WORLD, voxel_options);
  const RigResult cells = solve_rig(model, solid::boundary_nodes(model.mesh), floating(), {press},
                                    MPI_COMM_WORLD, mesh_options);
  const Response& a = voxels.responses.front();
  const Response& b = cells.responses.front();
  REQUIRE(a.displacement.size() == b.displacement.size());
  std::vector<Vec3> apart;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
    apart.push_back(model::to_lps(cylinder.body.grid, a.displacement[n]) - b.displacement[n]);
  CHECK(largest(apart) < 1e-6 * largest(b.displacement));
  CHECK(b.equilibrium.force_error() < 1e-7);
  CHECK(b.equilibrium.moment_error() < 1e-7);
  CHECK(b.equilibrium.borne_by_supports() < 1e-7);
}
