#include "voxel/checks.hpp"

#include "bodies.hpp"
#include "geometry/rigid_motion.hpp"
#include "voxel/engine.hpp"
#include "voxel/hinges.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using Catch::Contains;
using voxel::Engine;

namespace
{

VoxelSupports clamp(const VoxelBody& b)
{
  VoxelSupports supports;
  supports.names = {"clamp"};
  fix_plane(b, 0, -1, 0, 0, supports);
  return supports;
}

void build(const VoxelBody& b, const VoxelSupports& supports)
{
  const Engine engine(b, supports, MPI_COMM_SELF);
}

/// Of a body in one piece.
std::vector<std::string> free_motions(const VoxelBody& b, const VoxelSupports& supports)
{
  const voxel::Parts parts = voxel::parts_of(b);
  return voxel::piece_supports(b.grid, parts, voxel::pieces_of(parts), supports)
      .front()
      .free_motions;
}

/// Two cubes of 3 voxels side by side along i, with the second shifted.
VoxelBody two_cubes(int gap, int shift_j, int shift_k)
{
  return body({6 + gap, 3 + shift_j, 3 + shift_k}, {1, 1, 1},
              [=](int i, int j, int k)
              {
                const bool first = i < 3 && j < 3 && k < 3;
                const bool second = i >= 3 + gap && j >= shift_j && k >= shift_k;
                return first || second ? 1000.0 : 0.0;
              });
}

} // namespace

TEST_CASE("a bad modulus is refused with its voxel, its value and what is allowed")
{
  VoxelBody b = block({4, 4, 4});
  const VoxelSupports supports = clamp(b);
  const float value = GENERATE(0.0F, -3.0F, std::numeric_limits<float>::quiet_NaN(),
                               std::numeric_limits<float>::infinity());
  b.youngs[b.grid.offset(1, 2, 3)] = value;
  CHECK_THROWS_AS(build(b, supports), InputError);
  CHECK_THROWS_WITH(build(b, supports), Contains("voxel (1, 2, 3)") &&
                                            Contains("Young's modulus") && Contains("more than 0"));
}

TEST_CASE("a bad Poisson's ratio is refused")
{
  VoxelBody b = block({4, 4, 4});
  const VoxelSupports supports = clamp(b);
  b.poisson[0] = GENERATE(0.5F, -1.0F, 0.7F, std::numeric_limits<float>::quiet_NaN());
  CHECK_THROWS_WITH(build(b, supports), Contains("voxel (0, 0, 0)") && Contains("less than 0.5"));
}

TEST_CASE("data that are at fault lead to the exit code for data")
{
  VoxelBody b = block({2, 2, 2});
  const VoxelSupports supports = clamp(b);
  b.youngs[0] = -1;
  try
  {
    build(b, supports);
    FAIL("was accepted");
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == Fault::data);
  }
}

TEST_CASE("an empty body is refused")
{
  const VoxelBody b = body({3, 3, 3}, {1, 1, 1}, [](int, int, int) { return 0.0; });
  CHECK_THROWS_WITH(build(b, {}), Contains("no active voxel"));
}

TEST_CASE("supports and forces must stand on the body")
{
  const VoxelBody b =
      body({4, 4, 4}, {1, 1, 1}, [](int i, int, int) { return i < 2 ? 1000.0 : 0.0; });
  VoxelSupports supports = clamp(b);
  supports.fixed.push_back({{4, 0, 0}, 0, 0, 0});
  CHECK_THROWS_WITH(build(b, supports), Contains("node (4, 0, 0)") && Contains("support"));
  supports = clamp(b);
  supports.springs.push_back({{3, 3, 3}, {1, 1, 1, 0, 0, 0}, 0});
  CHECK_THROWS_WITH(build(b, supports), Contains("node (3, 3, 3)") && Contains("spring"));
  Engine engine(b, clamp(b), MPI_COMM_SELF);
  CHECK_THROWS_WITH(engine.solve({{{{9, 9, 9}, {1, 0, 0}}}}, {1}),
                    Contains("node (9, 9, 9)") && Contains("force"));
  CHECK_THROWS_AS(engine.solve({{{{0, 0, 1}, {NAN, 0, 0}}}}, {1}), InputError);
}

TEST_CASE("contradictory displacements are refused, repeated ones are not")
{
  const VoxelBody b = block({3, 3, 3});
  VoxelSupports supports = clamp(b);
  supports.fixed.push_back(supports.fixed.front());
  CHECK_NOTHROW(build(b, supports));
  supports.fixed.back().displacement = 0.1;
  CHECK_THROWS_WITH(build(b, supports), Contains("node (0, 0, 0)") && Contains("0.1"));
}

TEST_CASE("a motion that the supports leave is named")
{
  const VoxelBody b = block({4, 4, 4});
  VoxelSupports supports;
  supports.names = {"plane"};
  CHECK_THROWS_WITH(build(b, supports),
                    Contains("translation along i") && Contains("rotation about k"));
  fix_plane(b, 0, 2, 0, 0, supports);
  CHECK_THROWS_WITH(build(b, supports),
                    Contains("translation along i") && Contains("translation along j") &&
                        Contains("rotation about k") && !Contains("rotation about i"));
  supports.fixed.push_back({{0, 0, 4}, 0, 0, 0});
  supports.fixed.push_back({{0, 4, 4}, 0, 0, 0});
  CHECK_THROWS_WITH(build(b, supports), Contains("free: translation along j;") ||
                                            Contains("free: translation along j"));
  supports.fixed.push_back({{0, 4, 4}, 1, 0, 0});
  CHECK_NOTHROW(build(b, supports));
}

TEST_CASE("a body held at one point may rotate about all axes")
{
  const VoxelBody b = block({4, 4, 4});
  VoxelSupports supports;
  supports.names = {"point"};
  for (const int axis : {0, 1, 2})
    supports.fixed.push_back({{2, 2, 2}, axis, 0, 0});
  CHECK(free_motions(b, supports) ==
        std::vector<std::string>{"rotation about i", "rotation about j", "rotation about k"});
}

TEST_CASE("springs hold only in the directions in which they are stiff")
{
  const VoxelBody b = block({4, 4, 4});
  VoxelSupports supports;
  supports.names = {"foundation"};
  for (const NodalForce& share : end_load(b, 0, {0, 0, 100}))
    supports.springs.push_back({share.node, {0, 0, share.force.z, 0, 0, 0}, 0});
  CHECK(free_motions(b, supports) ==
        std::vector<std::string>{"translation along i", "translation along j", "rotation about k"});
  for (auto& spring : supports.springs)
    spring.stiffness = {1, 1, 5, 0.5, 0.2, 0.1};
  CHECK(free_motions(b, supports).empty());
  supports.springs.front().stiffness.xx = -4;
  CHECK_THROWS_WITH(build(b, supports), Contains("stiffness"));
}

TEST_CASE("a piece without support is found and refused")
{
  const VoxelBody b = two_cubes(1, 0, 0);
  const auto list = voxel::pieces(b);
  REQUIRE(list.size() == 2);
  CHECK(list[0].voxels.size() == 27);
  VoxelSupports supports;
  supports.names = {"clamp"};
  for_nodes(b,
            [&](NodeIndex n, int)
            {
              for (int axis = 0; axis < 3 && n.i == 0; ++axis)
                supports.fixed.push_back({n, axis, 0, 0});
            });
  CHECK_THROWS_WITH(build(b, supports), Contains("27 voxels") && Contains("voxel (4, 0, 0)") &&
                                            Contains("translation along k") &&
                                            Contains("leave the piece out"));
}

TEST_CASE("voxels that share a corner are one piece by nodes and two by faces")
{
  const VoxelBody corner = two_cubes(0, 3, 3), edge = two_cubes(0, 3, 0), face = two_cubes(0, 2, 2);
  CHECK(voxel::pieces(corner).size() == 1);
  CHECK(voxel::pieces(corner, voxel::Joint::face).size() == 2);
  CHECK(voxel::pieces(edge).size() == 1);
  CHECK(voxel::pieces(edge, voxel::Joint::face).size() == 2);
  CHECK(voxel::pieces(face, voxel::Joint::face).size() == 1);
  // The last voxel of a row does not touch the first of the next.
  const VoxelBody rows =
      body({5, 3, 1}, {1, 1, 1},
           [](int i, int j, int) { return (i == 4 && j == 0) || (i == 0 && j == 1) ? 1.0 : 0.0; });
  CHECK(voxel::pieces(rows).size() == 2);
}

TEST_CASE("a part that hangs on an edge or corner is refused unless it is held")
{
  for (const VoxelBody& b : {two_cubes(0, 3, 3), two_cubes(0, 3, 0)})
  {
    VoxelSupports supports;
    supports.names = {"clamp"};
    for (const int axis : {0, 1, 2})
      for (const NodeIndex n : {NodeIndex{0, 0, 0}, {3, 0, 0}, {0, 3, 0}})
        supports.fixed.push_back({n, axis, 0, 0});
    CHECK_THROWS_WITH(build(b, supports), Contains("27 voxels") && Contains("can swing"));
    for (const int axis : {0, 1, 2})
      for (const NodeIndex n : {NodeIndex{6, 3, 3}, {6, 4, 3}})
        supports.fixed.push_back({n, axis, 0, 0});
    Engine engine(b, supports, MPI_COMM_SELF, {1e-8, 200});
    CHECK_NOTHROW(engine.solve({{{{6, 5, 3}, {1, 0, 0}}}}, {1}));
  }
}

TEST_CASE("an oblique motion is reported as such")
{
  geometry::RigidMotion motion({0, 0, 0}, 1);
  for (const Vec3 point : {Vec3{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}})
  {
    motion.forbid(point, {1, -1, 0});
    motion.forbid(point, {0, 1, -1});
  }
  REQUIRE(!motion.is_held());
  CHECK(motion.free_motions().front().find("oblique") != std::string::npos);
}
