#include "voxel/engine.hpp"

#include "bodies.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using voxel::Engine;
using voxel::Solution;

namespace
{

Solution solve(const VoxelBody& b, const VoxelSupports& supports,
               const std::vector<NodalForce>& forces, double tolerance = 1e-12)
{
  Engine engine(b, supports, MPI_COMM_SELF, {tolerance, 300});
  return engine.solve({forces}, {1}).front();
}

/// Largest difference of any component from the same tensor everywhere.
double strain_error(const Solution& solution, const SymTensor& expected)
{
  double error = 0;
  for (const SymTensor& strain : solution.strain)
  {
    const SymTensor d = strain + -1.0 * expected;
    for (const double value : {d.xx, d.yy, d.zz, d.yz, d.zx, d.xy})
      error = std::max(error, std::abs(value));
  }
  return error;
}

/// Plane k = 0 without motion along k, and one edge and corner against the rest.
VoxelSupports roller(const VoxelBody& b)
{
  VoxelSupports supports;
  supports.names = {"bottom"};
  fix_plane(b, 0, 2, 0, 0, supports);
  supports.fixed.push_back({{0, 0, 0}, 0, 0, 0});
  supports.fixed.push_back({{0, 0, 0}, 1, 0, 0});
  supports.fixed.push_back({{b.grid.size[0], 0, 0}, 1, 0, 0});
  return supports;
}

} // namespace

TEST_CASE("a linear displacement of the boundary gives its strain everywhere")
{
  const Vec3 spacing = GENERATE(Vec3{1, 1, 1}, Vec3{0.6, 1.1, 2.3});
  const VoxelBody b = body({13, 11, 9}, spacing,
                           [](int i, int j, int k)
                           {
                             const bool notch = i > 7 && j > 6;
                             const bool hole = i > 2 && i < 6 && j > 3 && j < 8 && k > 1 && k < 6;
                             return notch || hole ? 0.0 : 1000.0;
                           });
  const Mat3 gradient = {Vec3{1e-3, 4e-4, -2e-4}, Vec3{-3e-4, -2e-3, 5e-4},
                         Vec3{7e-4, 1e-4, 1.5e-3}};
  VoxelSupports supports;
  supports.names = {"boundary"};
  for_nodes(b,
            [&](NodeIndex n, int around)
            {
              if (around == 8)
                return;
              const Vec3 u = gradient * Vec3{n.i * spacing.x, n.j * spacing.y, n.k * spacing.z};
              for (int a = 0; a < 3; ++a)
                supports.fixed.push_back({n, a, u[static_cast<std::size_t>(a)], 0});
            });
  const Solution solution = solve(b, supports, {});
  const SymTensor expected{1e-3, -2e-3, 1.5e-3, 3e-4, 2.5e-4, 5e-5};
  CHECK(strain_error(solution, expected) < 1e-10 * 2e-3);
  CHECK(norm(solution.reaction.front()) < 1e-9);
  const double density =
      0.5 * (400 * trace(expected) * trace(expected) + 800 * contract(expected, expected));
  CHECK(solution.strain_energy ==
        Approx(density * b.grid.voxel_volume() * static_cast<double>(b.voxels.size()))
            .epsilon(1e-10));
}

TEST_CASE("a bar under its end load stretches and thins as Hooke says")
{
  const Vec3 spacing{1.5, 0.8, 2};
  const VoxelBody b = block({7, 10, 23}, spacing);
  const double force = 50, area = 7 * 1.5 * 10 * 0.8, strain = force / (1000 * area);
  const Solution solution = solve(b, roller(b), end_load(b, 23, {0, 0, force}));
  CHECK(strain_error(solution, {-0.25 * strain, -0.25 * strain, strain, 0, 0, 0}) < 1e-10 * strain);
  CHECK(solution.reaction.front().z == Approx(-force).epsilon(1e-10));
  CHECK(std::abs(solution.reaction.front().x) < 1e-9 * force);
  CHECK(solution.strain_energy == Approx(0.5 * force * strain * 46).epsilon(1e-10));
}

TEST_CASE("a bar drawn by its end reports the force at both supports")
{
  const VoxelBody b = block({5, 4, 12});
  VoxelSupports supports = roller(b);
  supports.names.push_back("top");
  fix_plane(b, 12, 2, 0.24, 1, supports);
  // A force straight onto the support goes into its reaction and nowhere else.
  const Solution solution = solve(b, supports, {{{2, 2, 12}, {0, 0, 3}}});
  CHECK(strain_error(solution, {-0.005, -0.005, 0.02, 0, 0, 0}) < 1e-12);
  CHECK(solution.reaction[0].z == Approx(-0.02 * 1000 * 20).epsilon(1e-10));
  CHECK(solution.reaction[1].z == Approx(0.02 * 1000 * 20 - 3).epsilon(1e-10));
}

TEST_CASE("a cantilever's deflection tends to Timoshenko's at second order")
{
  // 8 x 8 x 64 mm, nu = 0: F L^3 / (3 E I) + F L / (5/6 G A)
  const double force = 10, length = 64, height = 8, youngs = 1000;
  const double inertia = height * height * height * height / 12;
  const double exact = force * length * length * length / (3 * youngs * inertia) +
                       force * length / (5.0 / 6 * youngs / 2 * height * height);
  std::vector<double> deflection;
  for (const int n : {2, 4, 8})
  {
    const double h = height / n;
    const VoxelBody b = body(
        {n, n, 8 * n}, {h, h, h}, [&](int, int, int) { return youngs; }, 0);
    VoxelSupports supports;
    supports.names = {"clamp"};
    fix_plane(b, 0, -1, 0, 0, supports);
    Engine engine(b, supports, MPI_COMM_SELF, {1e-10, 300});
    const Solution s = engine.solve({end_load(b, 8 * n, {force, 0, 0})}, {1}).front();
    double mean = 0;
    int count = 0;
    for (std::size_t node = 0; node < engine.nodes().size(); ++node)
      if (engine.nodes()[node].k == 8 * n)
      {
        mean += s.displacement[node].x;
        ++count;
      }
    deflection.push_back(mean / count);
    CHECK(s.reaction.front().x == Approx(-force).epsilon(1e-7));
  }
  const double rate = std::log2((deflection[1] - deflection[0]) / (deflection[2] - deflection[1]));
  CHECK(rate > 1.7);
  CHECK(rate < 2.3);
  CHECK(deflection[2] == Approx(exact).epsilon(0.02));
  CHECK(deflection[2] + (deflection[2] - deflection[1]) / 3 == Approx(exact).epsilon(0.01));
}

TEST_CASE("springs of any direction hold a body that moves as a whole")
{
  const VoxelBody b = block({6, 5, 7});
  // Every node on the same spring under the same force: u = S^-1 f everywhere, without strain.
  const SymTensor stiffness{30, 20, 10, 2, -3, 5};
  const Vec3 motion{0.1, -0.2, 0.4};
  VoxelSupports supports;
  supports.names = {"foundation"};
  std::vector<NodalForce> forces;
  for_nodes(b,
            [&](NodeIndex n, int)
            {
              supports.springs.push_back({n, stiffness, 0});
              forces.push_back({n, stiffness * motion});
            });
  const Solution solution = solve(b, supports, forces);
  double error = 0;
  for (const Vec3& u : solution.displacement)
    error = std::max(error, norm(u - motion));
  CHECK(error < 1e-10);
  CHECK(strain_error(solution, {}) < 1e-11);
  const Vec3 expected = -static_cast<double>(forces.size()) * (stiffness * motion);
  CHECK(norm(solution.reaction.front() - expected) < 1e-8);
}

TEST_CASE("a bar on an oblique elastic foundation settles by force over stiffness")
{
  // Springs normal to the plane carry the load in proportion to their share of the face: uniform
  // stress.
  const VoxelBody b = block({4, 4, 9});
  VoxelSupports supports = roller(b);
  supports.fixed.erase(supports.fixed.begin(), supports.fixed.end() - 3);
  supports.names = {"corners", "foundation"};
  for (const NodalForce& share : end_load(b, 0, {0, 0, 800}))
    supports.springs.push_back({share.node, {0, 0, share.force.z, 0, 0, 0}, 1});
  const Solution solution = solve(b, supports, end_load(b, 9, {0, 0, -16}));
  CHECK(strain_error(solution, {0.00025, 0.00025, -0.001, 0, 0, 0}) < 1e-12);
  CHECK(solution.displacement.front().z == Approx(-0.02).epsilon(1e-10));
  CHECK(solution.displacement.back().z == Approx(-0.029).epsilon(1e-10));
  CHECK(solution.reaction[1].z == Approx(16).epsilon(1e-10));
  CHECK(std::abs(solution.reaction[0].z) < 1e-9);
}

TEST_CASE("several load cases equal the same ones solved alone, and superpose")
{
  const VoxelBody b = contrast_block({11, 9, 14});
  VoxelSupports supports;
  supports.names = {"bottom", "top"};
  fix_plane(b, 0, -1, 0, 0, supports);
  fix_plane(b, 14, 0, 0.01, 1, supports);
  const auto first = end_load(b, 14, {0, 4, 0}), second = end_load(b, 14, {0, 1, -20});
  std::vector<NodalForce> sum = first;
  for (NodalForce force : second)
    sum.push_back({force.node, 2 * force.force});
  Engine engine(b, supports, MPI_COMM_SELF, {1e-12, 300});
  const auto s = engine.solve({first, second, sum, {}}, {0, 0, 1, 1});
  const Solution alone = engine.solve({second}, {0}).front();
  double repeat = 0, superposed = 0, scale = 0;
  for (std::size_t n = 0; n < alone.displacement.size(); ++n)
  {
    repeat = std::max(repeat, norm(s[1].displacement[n] - alone.displacement[n]));
    const Vec3 combined = s[0].displacement[n] + 2 * s[1].displacement[n] + s[3].displacement[n];
    superposed = std::max(superposed, norm(combined - s[2].displacement[n]));
    scale = std::max(scale, norm(s[2].displacement[n]));
  }
  CHECK(repeat < 1e-9 * scale); // the second starts from the first
  CHECK(superposed < 1e-9 * scale);
  CHECK(norm(s[0].reaction[0] + 2 * s[1].reaction[0] + s[3].reaction[0] - s[2].reaction[0]) < 1e-8);
}

TEST_CASE("a load starts from the solutions of earlier ones")
{
  const VoxelBody b = contrast_block({11, 9, 14});
  VoxelSupports supports;
  supports.names = {"bottom"};
  fix_plane(b, 0, -1, 0, 0, supports);
  const auto side = end_load(b, 14, {0, 4, 0}), down = end_load(b, 14, {0, 0, -20});
  std::vector<NodalForce> sum = side;
  for (NodalForce force : down)
    sum.push_back({force.node, 3 * force.force});
  Engine engine(b, supports, MPI_COMM_SELF, {1e-8, 300});
  const auto s = engine.solve({side, side, down, sum}, {0, 0, 0, 0});
  CHECK(s[0].report.starting_residual == 1);
  CHECK(s[1].report.starting_residual < 1e-4); // kept in single precision
  CHECK(s[1].report.iterations < s[0].report.iterations / 2);
  CHECK(s[3].report.starting_residual < 1e-4);
  CHECK(s[3].report.iterations < s[0].report.iterations / 2);
  for (const Solution& solution : s)
    CHECK(solution.report.relative_residual <= 1e-8);
  // A new list starts afresh: the same answer to the last bit.
  const Solution again = engine.solve({side}, {0}).front();
  CHECK(again.report.starting_residual == 1);
  CHECK(again.displacement.back() == s[0].displacement.back());
}

TEST_CASE("a body without load stays where it is")
{
  const VoxelBody b = block({3, 3, 3});
  const Solution solution = solve(b, roller(b), {});
  CHECK(solution.report.iterations == 0);
  CHECK(solution.strain_energy == 0);
}

TEST_CASE("a single voxel is a body")
{
  const VoxelBody b = block({1, 1, 1});
  const Solution solution = solve(b, roller(b), end_load(b, 1, {0, 0, 1}));
  CHECK(solution.strain.front().zz == Approx(1e-3).epsilon(1e-10));
}
