#include "analysis/solve_rig.hpp"
#include "base/parallel.hpp"
#include "model/boundary.hpp"
#include "unit/model/cylinder.hpp"

#include <catch2/catch.hpp>

#include <numbers>

using namespace calcar;
using namespace calcar::analysis;

namespace
{
voxel::Options tight()
{
  voxel::Options options;
  options.relative_residual = 1e-11;
  return options;
}

load::Rig held_at_the_bottom(const Cylinder& cylinder)
{
  load::Rig rig;
  rig.name = "bench";
  rig.supports.push_back({"floor", load::SupportKind::clamped, cylinder.bottom(), {}, 0});
  return rig;
}

load::LoadCase load_case(const std::string& name, std::vector<load::AppliedForce> forces)
{
  load::LoadCase result;
  result.name = name;
  result.forces = std::move(forces);
  return result;
}

std::vector<load::LoadCase> two_cases(const Cylinder& cylinder)
{
  return {load_case("press", {{"axial", cylinder.top(), -1000 * cylinder.up}}),
          load_case("both", {{"oblique", cylinder.top(), {150, -200, -600}},
                             {"push", cylinder.side(), {-90, 40, 20}}})};
}

RigResult solved(const Cylinder& cylinder, const std::vector<load::LoadCase>& cases,
                 const load::Rig& rig, BasisChoice choice)
{
  return solve_rig(cylinder.body, cylinder.surface, rig, cases, MPI_COMM_WORLD, tight(), choice);
}

Vec3 applied(const load::LoadCase& of)
{
  Vec3 sum;
  for (const load::AppliedForce& force : of.forces)
    sum += force.force;
  return sum;
}

Vec3 reaction(const Response& response)
{
  Vec3 sum;
  for (const Reaction& part : response.reactions)
    sum += part.force;
  return sum;
}

/// Largest difference of two responses, relative to the largest displacement and strain.
double difference(const Response& a, const Response& b)
{
  double u = 0, du = 0, e = 0, de = 0;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
  {
    u = std::max(u, norm(a.displacement[n]));
    du = std::max(du, norm(a.displacement[n] - b.displacement[n]));
  }
  for (std::size_t v = 0; v < a.strain.size(); ++v)
  {
    const SymTensor d = a.strain[v] + (-1) * b.strain[v];
    e = std::max(e, contract(a.strain[v], a.strain[v]));
    de = std::max(de, contract(d, d));
  }
  return std::max(du / u, std::sqrt(de / e));
}

Response response_at(const Cylinder& cylinder, const load::LoadCase& of, const load::Rig& rig)
{
  return solved(cylinder, {of}, rig, BasisChoice::cases).responses.front();
}
} // namespace

TEST_CASE("a basis of unit forces gives the loads of each case as sums of its loads")
{
  const Cylinder cylinder(0.4);
  const auto cases = two_cases(cylinder);
  const LoadBasis basis = load_basis(cases, BasisChoice::unit_forces);
  const auto loads =
      nodal_loads(basis, [&](const load::AppliedForce& force)
                  { return model::forces_of(force, cylinder.body, cylinder.surface); });
  REQUIRE(loads.size() == 3 * 2); // two patches, shared between the cases
  REQUIRE(basis.coefficients.size() == 2);
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    std::map<model::NodeIndex, Vec3> sum;
    for (std::size_t l = 0; l < loads.size(); ++l)
      for (const model::NodalForce& force : loads[l])
        sum[force.node] += basis.coefficients[c][l] * force.force;
    for (const load::AppliedForce& force : cases[c].forces)
      for (const model::NodalForce& nodal :
           model::forces_of(force, cylinder.body, cylinder.surface))
        sum[nodal.node] -= nodal.force;
    CHECK(sum.size() > 20);
    for (const auto& [node, left] : sum)
      CHECK(norm(left) < 1e-9 * norm(applied(cases[c])));
  }
}

TEST_CASE("the basis with the fewest solves is chosen")
{
  const Cylinder cylinder(0);
  std::vector<load::LoadCase> cases;
  for (int n = 0; n < 4; ++n)
  {
    cases.push_back(load_case("n", {{"axial", cylinder.top(), Vec3{0, 1.0 * n, -1}}}));
    // Three unit forces on one patch are fewer than four cases, not fewer than three.
    const LoadBasis basis = load_basis(cases);
    CHECK(basis.loads.size() == static_cast<std::size_t>(std::min(n + 1, 3)));
    CHECK(basis.coefficients.size() == cases.size());
    for (const auto& row : basis.coefficients)
      CHECK(row.size() == basis.loads.size());
  }
}

TEST_CASE("two forces on one patch add up, and patches of one name at two places are two")
{
  const Cylinder cylinder(0);
  load::Patch moved = cylinder.side();
  moved.name = "top";
  const auto cases = {load_case("n", {{"a", cylinder.top(), {1, 2, 3}},
                                      {"b", cylinder.top(), {10, 20, 30}},
                                      {"c", moved, {7, 8, 9}}})};
  const LoadBasis basis = load_basis(cases, BasisChoice::unit_forces);
  CHECK(basis.loads.size() == 6);
  CHECK(basis.coefficients.front() == std::vector<double>{11, 22, 33, 7, 8, 9});
}

TEST_CASE("unit forces and the cases themselves give the same responses")
{
  const Cylinder cylinder(0.4);
  const auto cases = two_cases(cylinder);
  const load::Rig rig = held_at_the_bottom(cylinder);
  const RigResult units = solved(cylinder, cases, rig, BasisChoice::unit_forces);
  const RigResult direct = solved(cylinder, cases, rig, BasisChoice::cases);
  CHECK(units.solver.right_hand_sides == 6);
  CHECK(direct.solver.right_hand_sides == 2);
  REQUIRE(units.responses.size() == 2);
  REQUIRE(direct.responses.size() == 2);
  for (std::size_t c = 0; c < 2; ++c)
  {
    CHECK(units.responses[c].name == cases[c].name);
    CHECK(difference(units.responses[c], direct.responses[c]) < 1e-7);
    CHECK(norm(reaction(units.responses[c]) - reaction(direct.responses[c])) < 1e-6);
    CHECK(units.responses[c].strain_energy ==
          Approx(direct.responses[c].strain_energy).epsilon(1e-7));
  }
  CHECK(direct.nodes.size() == direct.responses[0].displacement.size());
  CHECK(direct.solver.unknowns == 3 * direct.nodes.size());
  CHECK(direct.solver.elements == cylinder.body.voxels.size());
  CHECK(direct.solver.relative_residual <= 1e-11);
}

TEST_CASE("the reactions balance the applied forces, in LPS on any grid")
{
  for (const double turn : {0.0, 0.4, 2.2})
  {
    CAPTURE(turn);
    const Cylinder cylinder(turn);
    const auto cases = two_cases(cylinder);
    const RigResult result =
        solved(cylinder, cases, held_at_the_bottom(cylinder), BasisChoice::cases);
    for (std::size_t c = 0; c < cases.size(); ++c)
      CHECK(norm(reaction(result.responses[c]) + applied(cases[c])) <
            1e-6 * norm(applied(cases[c])));
  }
}

TEST_CASE("springs hold with the force and the moment that the loads need")
{
  // Nothing but springs: their forces follow from the displacements, and balance force and moment.
  const Cylinder cylinder(0.4);
  load::Rig rig;
  rig.supports.push_back({"bed",
                          load::SupportKind::springs,
                          cylinder.bottom(5.2),
                          {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}},
                          50000});
  const auto cases = two_cases(cylinder);
  const RigResult result = solved(cylinder, cases, rig, BasisChoice::cases);
  const model::VoxelSupports supports = model::supports_of(rig, cylinder.body, cylinder.surface);
  std::map<model::NodeIndex, SymTensor> stiffness;
  for (const model::NodeSpring& spring : supports.springs)
    stiffness[spring.node] = spring.stiffness;
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    Vec3 force, moment;
    for (std::size_t n = 0; n < result.nodes.size(); ++n)
    {
      const auto spring = stiffness.find(result.nodes[n]);
      if (spring == stiffness.end())
        continue;
      const Vec3 f = model::to_lps(cylinder.body.grid,
                                   -(spring->second * result.responses[c].displacement[n]));
      force += f;
      moment += cross(model::node_position(cylinder.body.grid, result.nodes[n]), f);
    }
    for (const load::AppliedForce& load : cases[c].forces)
    {
      force += load.force;
      moment += cross(load.patch.centre, load.force);
    }
    CHECK(norm(force) < 1e-6 * 1000);
    CHECK(norm(moment) < 1e-6 * 1000 * Cylinder::half_length);
    CHECK(norm(reaction(result.responses[c]) + applied(cases[c])) < 1e-6 * 1000);
  }
}

TEST_CASE("two supports share the load, each by its name")
{
  const Cylinder cylinder(0.4);
  load::Rig rig = held_at_the_bottom(cylinder);
  rig.supports.push_back(
      {"wall", load::SupportKind::springs, cylinder.side(), {Vec3{1, 0, 0}}, 1e4});
  const auto push = load_case("push", {{"push", cylinder.top(), {100, 30, 0}}});
  const Response response = response_at(cylinder, push, rig);
  REQUIRE(response.reactions.size() == 2);
  CHECK(response.reactions[0].support == "floor");
  CHECK(response.reactions[1].support == "wall");
  CHECK(norm(reaction(response) + applied(push)) < 1e-4);
  // The wall has springs along x only, and yields: it takes a part of the push.
  CHECK(response.reactions[1].force.x < -1);
  CHECK(std::abs(response.reactions[1].force.y) < 1e-9 * 100);
  CHECK(std::abs(response.reactions[1].force.z) < 1e-9 * 100);
}

TEST_CASE("responses scale with the load and add up")
{
  const Cylinder cylinder(0);
  const load::Rig rig = held_at_the_bottom(cylinder);
  const Vec3 f{30, -20, -400}, g{-90, 40, 20};
  const auto cases = {
      load_case("f", {{"f", cylinder.top(), f}}), load_case("g", {{"g", cylinder.side(), g}}),
      load_case("sum", {{"f", cylinder.top(), 2 * f}, {"g", cylinder.side(), -3 * g}})};
  const RigResult result = solved(cylinder, cases, rig, BasisChoice::cases);
  Response sum = result.responses[0];
  for (std::size_t n = 0; n < sum.displacement.size(); ++n)
    sum.displacement[n] = 2 * sum.displacement[n] + (-3) * result.responses[1].displacement[n];
  for (std::size_t v = 0; v < sum.strain.size(); ++v)
    sum.strain[v] = 2 * sum.strain[v] + (-3) * result.responses[1].strain[v];
  CHECK(difference(result.responses[2], sum) < 1e-7);
}

TEST_CASE("a column that is pressed shortens and strains as the formula says")
{
  // Far from its ends the stress is F / A on the voxels' own section, the strain F / (E A).
  const Cylinder cylinder(0.4);
  const auto press = load_case("press", {{"axial", cylinder.top(), -1000 * cylinder.up}});
  const Response response = response_at(cylinder, press, held_at_the_bottom(cylinder));
  int voxels = 0;
  SymTensor mean;
  for (std::size_t v = 0; v < cylinder.body.voxels.size(); ++v)
    if (model::voxel_index(cylinder.body.grid, cylinder.body.voxels[v])[2] == 11)
    {
      mean = mean + response.strain[v];
      ++voxels;
    }
  const double strain = -1000.0 / (1000.0 * voxels); // E = 1000 MPa, 1 mm^2 each
  CHECK(voxels == Approx(std::numbers::pi * 36).epsilon(0.03));
  CHECK(mean.zz / voxels == Approx(strain).epsilon(0.01));
  CHECK(mean.xx / voxels == Approx(-0.25 * strain).epsilon(0.05));
  // U is between that of an even column over its free length and 20 % more, for the ends.
  const double even = 0.5 * 1000 * 0.001 * 1000 / voxels * 18;
  CHECK(response.strain_energy > even);
  CHECK(response.strain_energy < 1.2 * even);
  // Nothing but the forces moves the body: their work is its energy, but for what the strains at
  // the voxels' centres leave out.
  CHECK(response.external_work == Approx(response.strain_energy).epsilon(0.02));
  CHECK(response.external_work >= response.strain_energy);
}

TEST_CASE("summaries of two rigs add what adds and keep the largest of the rest")
{
  SolverSummary a;
  a.unknowns = 300;
  a.elements = 80;
  a.right_hand_sides = 2;
  a.iterations = 14;
  a.iterations_total = 25;
  a.relative_residual = 1e-9;
  a.seconds = 1.5;
  SolverSummary b = a;
  b.right_hand_sides = 3;
  b.iterations = 11;
  b.iterations_total = 30;
  b.relative_residual = 3e-9;
  b.at_rounding_limit = true;
  b.seconds = 0.5;
  for (const SolverSummary& sum : {merge(a, b), merge(b, a)})
  {
    CHECK(sum.unknowns == 300);
    CHECK(sum.elements == 80);
    CHECK(sum.right_hand_sides == 5);
    CHECK(sum.iterations == 14);
    CHECK(sum.iterations_total == 55);
    CHECK(sum.relative_residual == 3e-9);
    CHECK(sum.at_rounding_limit);
    CHECK(sum.seconds == 2.0);
  }
  CHECK_FALSE(merge(a, a).at_rounding_limit);
}
