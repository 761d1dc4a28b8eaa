#include "model/boundary.hpp"
#include "unit/material/scratch_file.hpp"
#include "unit/model/cylinder.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace calcar;
using namespace calcar::model;
using namespace bodies;
using Catch::Contains;

namespace
{
double difference(const SymTensor& a, const SymTensor& b)
{
  const SymTensor d = a + (-1) * b;
  return std::sqrt(contract(d, d));
}
} // namespace

TEST_CASE("turning into the grid and back is the identity, for vectors and tensors")
{
  const image::Grid grid = bodies::grid({2, 2, 2}, {1, 2, 3}, 1.3);
  const Vec3 v{3, -2, 7};
  const SymTensor t{1, -2, 3, 0.4, -0.5, 0.6};
  CHECK(norm(to_lps(grid, to_grid(grid, v)) - v) < 1e-12);
  CHECK(norm(to_grid(grid, to_lps(grid, v)) - v) < 1e-12);
  CHECK(difference(to_lps(grid, to_grid(grid, t)), t) < 1e-12);
  CHECK(difference(to_grid(grid, to_lps(grid, t)), t) < 1e-12);
  CHECK(norm(to_grid(grid, v)) == Approx(norm(v)));
  CHECK(trace(to_grid(grid, t)) == Approx(trace(t)));
  // The first axis of the grid is its own i axis.
  CHECK(norm(to_lps(grid, Vec3{1, 0, 0}) - transpose(grid.direction)[0]) < 1e-12);
  CHECK(norm(to_grid(grid, transpose(grid.direction)[1]) - Vec3{0, 1, 0}) < 1e-12);
  // Vectors and tensors turn together: (R t R^T)(R v) = R (t v).
  CHECK(norm(to_grid(grid, t) * to_grid(grid, v) - to_grid(grid, t * v)) < 1e-12);
}

TEST_CASE("nodal forces have the force's resultant, and act through the patch's centre")
{
  for (const double turn : {0.0, 0.4, 2.5})
    for (const Vec3& spacing : {Vec3{1, 1, 1}, Vec3{0.8, 1.1, 1.3}})
    {
      CAPTURE(turn, spacing.x);
      const Cylinder cylinder(turn, spacing);
      const load::AppliedForce force{"press", cylinder.top(), {120, -350, 800}};
      const auto forces = forces_of(force, cylinder.body, cylinder.surface);
      REQUIRE(forces.size() > 10);
      Vec3 resultant, moment;
      std::set<NodeIndex> nodes;
      for (const NodalForce& nodal : forces)
      {
        const Vec3 f = to_lps(cylinder.body.grid, nodal.force);
        resultant += f;
        moment += cross(node_position(cylinder.body.grid, nodal.node) - force.patch.centre, f);
        CHECK(cylinder.lattice.node_active(nodal.node));
        nodes.insert(nodal.node);
      }
      CHECK(nodes.size() == forces.size());
      CHECK(norm(resultant - force.force) < 1e-9 * norm(force.force));
      CHECK(norm(moment) < 1e-9 * norm(force.force) * Cylinder::half_length);
    }
}

TEST_CASE("a force whose patch has no surface is refused by name")
{
  const Cylinder cylinder(0.4);
  load::Patch nowhere = cylinder.top("upper_rim");
  nowhere.weight = [](Vec3, Vec3) { return 0.0; };
  CHECK_THAT(refusal(
                 [&] {
                   forces_of({"press", nowhere, {0, 0, 1}}, cylinder.body, cylinder.surface);
                 }),
             Contains("force \"press\" on \"upper_rim\"") && Contains("no point carries weight"));
}

TEST_CASE("a clamped support fixes all three components of each node in its patch")
{
  const Cylinder cylinder(0.4);
  load::Rig rig;
  rig.supports.push_back({"floor", load::SupportKind::clamped, cylinder.bottom(), {}, 0});
  const VoxelSupports supports = supports_of(rig, cylinder.body, cylinder.surface);
  CHECK(supports.names == std::vector<std::string>{"floor"});
  CHECK(supports.springs.empty());
  std::set<std::pair<NodeIndex, int>> fixed;
  for (const FixedComponent& component : supports.fixed)
  {
    CHECK(component.displacement == 0);
    CHECK(component.support == 0);
    fixed.insert({component.node, component.axis});
  }
  CHECK(fixed.size() == supports.fixed.size());
  // All nodes of the lowest 2.2 mm, inside too: three layers of the section.
  std::size_t expected = 0;
  for (const NodeIndex& node : nodes_of(cylinder.body.grid, cylinder.body.voxels))
    expected +=
        dot(node_position(cylinder.body.grid, node), cylinder.up) < -Cylinder::half_length + 2.2;
  CHECK(fixed.size() == 3 * expected);
  CHECK(expected > 3 * 100);
}

TEST_CASE("the springs of a support add up to its stiffness along each of its directions")
{
  for (const double turn : {0.0, 0.4, 2.5})
  {
    const Cylinder cylinder(turn);
    const Vec3 first = normalized({1, 2, -1});
    const Vec3 second = normalized(cross(first, {0, 0, 1}));
    const Vec3 third = cross(first, second);
    load::Rig rig;
    rig.supports.push_back(
        {"bed", load::SupportKind::springs, cylinder.top(), {first, second}, 5000});
    const VoxelSupports supports = supports_of(rig, cylinder.body, cylinder.surface);
    CHECK(supports.fixed.empty());
    SymTensor sum;
    for (const NodeSpring& spring : supports.springs)
    {
      sum = sum + to_lps(cylinder.body.grid, spring.stiffness);
      CHECK(dot(to_grid(cylinder.body.grid, first),
                spring.stiffness * to_grid(cylinder.body.grid, first)) > 0);
    }
    CHECK(norm(sum * first - 5000 * first) < 1e-6);
    CHECK(norm(sum * second - 5000 * second) < 1e-6);
    CHECK(norm(sum * third) < 1e-6);
  }
}

TEST_CASE("supports keep their order and numbers")
{
  const Cylinder cylinder(0.4);
  load::Rig rig;
  rig.supports.push_back({"bed", load::SupportKind::springs, cylinder.top(), {Vec3{1, 0, 0}}, 10});
  rig.supports.push_back({"floor", load::SupportKind::clamped, cylinder.bottom(), {}, 0});
  const VoxelSupports supports = supports_of(rig, cylinder.body, cylinder.surface);
  CHECK(supports.names == std::vector<std::string>{"bed", "floor"});
  REQUIRE_FALSE(supports.springs.empty());
  REQUIRE_FALSE(supports.fixed.empty());
  CHECK(supports.springs.front().support == 0);
  CHECK(supports.fixed.front().support == 1);
}

TEST_CASE("a support that meets no node is refused by name, with its rig")
{
  const Cylinder cylinder(0);
  load::Patch away = cylinder.bottom();
  away.weight = [](Vec3, Vec3) { return 0.0; };
  load::Rig rig;
  rig.name = "stance";
  const auto kind = GENERATE(load::SupportKind::clamped, load::SupportKind::springs);
  rig.supports.push_back({"floor", kind, away, {Vec3{1, 0, 0}}, 100});
  CHECK_THAT(refusal([&] { supports_of(rig, cylinder.body, cylinder.surface); }),
             Contains("support \"floor\" of rig \"stance\": no part of the bone lies where it "
                      "should hold") &&
                 Contains("check the mask and the landmarks"));
}
