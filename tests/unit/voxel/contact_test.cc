#include "base/error.hpp"
#include "unit/voxel/contact_bodies.hpp"
#include "voxel/contact_layer.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace bodies;
using voxel::CoarseSpace;
using voxel::Engine;
using voxel::Options;
using voxel::Solution;

namespace
{
const MPI_Comm world = MPI_COMM_WORLD;
constexpr double pressed = 500, loose = 0.1;

/// Two blocks of 4 x 4 x 4 mm on each other, E = 1000 MPa, with one layer of contact between them.
Bar stack()
{
  Section section{4, 4, [](int, int, int) { return 1000.0; }};
  section.normal = [](int, int, int k) { return k == 4 ? Vec3{0, 0, 1} : Vec3{}; };
  return bar(section, 9, pressed, loose);
}

VoxelSupports clamped(const VoxelBody& b)
{
  VoxelSupports supports;
  supports.names = {"clamp"};
  fix_plane(b, 0, -1, 0, 0, supports);
  return supports;
}

Options to(double residual, CoarseSpace coarse_space = CoarseSpace::automatic)
{
  Options options;
  options.relative_residual = residual;
  options.coarse_space = coarse_space;
  return options;
}

/// The displacement of a corner node of plane k.
Vec3 at_plane(const Engine& engine, const Solution& solution, int k)
{
  const auto nodes = engine.nodes();
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (nodes[n].k == k)
      return solution.displacement[n];
  return {};
}

/// A rod in a tube, clamped at one end, with a force across on the tube at the other.
struct Nailed
{
  explicit Nailed(int length) : top(length)
  {
    RodInTube tube;
    tube.rod = 3;
    tube.outer = 7;
    beam = bar(tube.section(), length);
    supports = clamped(beam.body);
  }

  std::vector<NodalForce> across(Vec3 force) const
  {
    return plane_load(
        beam.body, top, top - 1, force, [](int i, int) { return i < 3 || i > 10 ? 1.0 : 0.0; },
        [](NodeIndex) { return 1.0; });
  }

  int top;
  Bar beam;
  VoxelSupports supports;
};
} // namespace

TEST_CASE("a pressed layer carries the force, a pulled one parts")
{
  const Bar blocks = stack();
  Engine engine(blocks.body, clamped(blocks.body), world, to(1e-7), blocks.contact);
  const auto solutions = engine.solve(
      {end_load(blocks.body, 9, {0, 0, -16}), end_load(blocks.body, 9, {0, 0, 0.016})}, {1, 1});

  const Solution& press = solutions[0]; // 1 MPa
  CHECK(at_plane(engine, press, 9).z == Approx(-8.0 / 1000 - 1 / (pressed + loose)).epsilon(1e-5));
  CHECK(press.report.pressed == 16);
  REQUIRE(press.contact_pressure.size() == 16);
  for (const double pressure : press.contact_pressure)
    CHECK(pressure == Approx(pressed / (pressed + loose)).epsilon(1e-5));
  CHECK(press.reaction.front().z == Approx(16).epsilon(1e-6));

  const Solution& pull = solutions[1]; // 0.001 MPa: only what is loose holds
  CHECK(at_plane(engine, pull, 9).z == Approx(0.008 / 1000 + 0.001 / loose).epsilon(1e-4));
  CHECK(pull.report.pressed == 0);
  for (const double pressure : pull.contact_pressure)
    CHECK(pressure == 0);
}

TEST_CASE("the energy of a body with contact is the work of its forces")
{
  const Nailed nailed(30);
  Engine engine(nailed.beam.body, nailed.supports, world, to(1e-7), nailed.beam.contact);
  const auto load = nailed.across({30, 10, -100});
  const Solution solution = engine.solve({load}, {0}).front();
  const auto nodes = engine.nodes();
  double work = 0;
  for (const NodalForce& force : load)
    for (std::size_t n = 0; n < nodes.size(); ++n)
      if (nodes[n] == force.node)
        work += 0.5 * dot(force.force, solution.displacement[n]);
  CHECK(solution.strain_energy == Approx(work).epsilon(1e-5));
  CHECK(solution.reaction.front().x == Approx(-30).epsilon(1e-5));
  CHECK(solution.reaction.front().z == Approx(100).epsilon(1e-5));
}

TEST_CASE("surfaces slide past each other, pressed or not")
{
  const Bar blocks = stack();
  // The top is led: it may move along i and k only as a whole in k.
  const double down = GENERATE(-0.02, 0.0);
  VoxelSupports supports = clamped(blocks.body);
  supports.names.push_back("press");
  fix_plane(blocks.body, 9, 2, down, 1, supports);
  fix_plane(blocks.body, 9, 1, 0, 1, supports);
  Engine engine(blocks.body, supports, world, to(1e-7), blocks.contact);
  const double shear = 0.001; // MPa
  const Solution solution =
      engine.solve({end_load(blocks.body, 9, {16 * shear, 0, 0})}, {1}).front();
  // The layer shears by G = loose / 2, whatever presses on it.
  CHECK(at_plane(engine, solution, 9).x == Approx(shear / (loose / 2)).epsilon(0.01));
  if (down < 0)
    CHECK(solution.report.pressed == 16);
}

TEST_CASE("the answer is homogeneous in the load, and not the same turned round")
{
  const Nailed nailed(30);
  Engine engine(nailed.beam.body, nailed.supports, world, to(1e-7), nailed.beam.contact);
  const auto solutions = engine.solve({nailed.across({50, 0, 0}), nailed.across({100, 0, 0}),
                                       nailed.across({50, 0, -500}), nailed.across({50, 0, 500})},
                                      {0, 0, 0, 0});
  const double u = at_plane(engine, solutions[0], 30).x;
  CHECK(at_plane(engine, solutions[1], 30).x == Approx(2 * u).epsilon(1e-5));
  // It starts from the earlier solution, scaled, to which little is to be added.
  CHECK(4 * solutions[1].report.iterations < solutions[0].report.iterations);
  // The tube presses on the rod or leaves it: pressures follow the load.
  CHECK(solutions[2].contact_pressure != solutions[3].contact_pressure);
}

TEST_CASE("both coarse spaces give the same answer with contact")
{
  const Nailed nailed(40);
  const auto load = nailed.across({50, 20, -100});
  Engine cycles(nailed.beam.body, nailed.supports, world, to(1e-7, CoarseSpace::geometric),
                nailed.beam.contact);
  Engine aggregates(nailed.beam.body, nailed.supports, world, to(1e-7, CoarseSpace::aggregation),
                    nailed.beam.contact);
  const Solution a = cycles.solve({load}, {0}).front();
  const Solution b = aggregates.solve({load}, {0}).front();
  CHECK_FALSE(a.report.aggregation);
  CHECK(b.report.aggregation);
  CHECK(a.strain_energy == Approx(b.strain_energy).epsilon(1e-6));
  double most = 0;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
    most = std::max(most, norm(a.displacement[n] - b.displacement[n]));
  CHECK(most < 1e-5 * norm(at_plane(aggregates, b, 40)));
}

TEST_CASE("a linear system of a nailed tube takes at most 25 iterations")
{
  const Nailed nailed(60);
  Engine engine(nailed.beam.body, nailed.supports, world, to(1e-6), nailed.beam.contact);
  for (const Solution& solution :
       engine.solve({nailed.across({50, 0, 0}), nailed.across({0, 0, -500})}, {0, 0}))
  {
    CHECK(solution.report.aggregation);
    CHECK(solution.report.newton > 1); // it had to look for what is pressed
    CHECK(solution.report.most_iterations <= 25);
    CHECK(solution.report.pressed > 0);
    CHECK(solution.report.pressed < nailed.beam.contact.voxels.size());
  }
}

TEST_CASE("the assembled matrix agrees with contact")
{
  const Bar blocks = stack();
  Options options = to(1e-7);
  options.check = true;
  Engine engine(blocks.body, clamped(blocks.body), world, options, blocks.contact);
  // Off the middle: one side presses, the other opens.
  const Solution solution =
      engine.solve({{{{0, 0, 9}, {0, 0, -1}}, {{0, 4, 9}, {0, 0, -1}}}}, {1}).front();
  CHECK(solution.report.pressed > 0);
  CHECK(solution.report.pressed < 16);
  REQUIRE(solution.report.check);
  CHECK(solution.report.check->displacement_difference < 1e-4);
  CHECK(solution.report.check->reaction_difference < 1e-4);
}

TEST_CASE("a body without contact is what it was")
{
  const VoxelBody b = contrast_block({9, 8, 12});
  const VoxelSupports supports = clamped(b);
  Engine plain(b, supports, world);
  Engine empty(b, supports, world, {}, VoxelContact{});
  const auto load = end_load(b, 12, {1, 2, 3});
  const Solution a = plain.solve({load}, {0}).front(), c = empty.solve({load}, {0}).front();
  REQUIRE(a.displacement.size() == c.displacement.size());
  bool same = true;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
    same = same && norm(a.displacement[n] - c.displacement[n]) == 0;
  CHECK(same);
  CHECK(c.contact_pressure.empty());
  CHECK(c.report.newton == 0);
}

TEST_CASE("a layer is not stiffer than what it presses on allows")
{
  Bar blocks = stack();
  for (ContactVoxel& voxel : blocks.contact.voxels)
    voxel.pressed_MPa = 3000;
  CHECK(voxel::limited_by_tissue(blocks.body, blocks.contact).voxels.front().pressed_MPa == 3000);
  for (std::size_t v = 0; v < blocks.body.voxels.size(); ++v)
    if (indices(blocks.body, blocks.body.voxels[v])[2] > 4)
      blocks.body.youngs[v] = 10;
  for (const ContactVoxel& voxel : voxel::limited_by_tissue(blocks.body, blocks.contact).voxels)
    CHECK(voxel.pressed_MPa == voxel::stiffest_on_tissue * 10);
  // Pointing the other way it presses on the stiff block.
  for (ContactVoxel& voxel : blocks.contact.voxels)
    voxel.normal = {0, 0, -1};
  CHECK(voxel::limited_by_tissue(blocks.body, blocks.contact).voxels.front().pressed_MPa == 3000);
}

TEST_CASE("contact that cannot be is refused with its voxel")
{
  Bar blocks = stack();
  auto& voxels = blocks.contact.voxels;
  const auto build = [&](Options options = {})
  { Engine(blocks.body, clamped(blocks.body), world, options, blocks.contact); };
  SECTION("order")
  {
    std::swap(voxels[0], voxels[1]);
    CHECK_THROWS_WITH(build(),
                      Catch::Contains("contact voxel (0, 0, 4)") && Catch::Contains("ascending"));
  }
  SECTION("outside the body")
  {
    voxels.back().voxel = 100000;
    CHECK_THROWS_WITH(build(), Catch::Contains("no voxel of the body"));
  }
  SECTION("normal")
  {
    voxels[2].normal = {0, 0, 2};
    CHECK_THROWS_WITH(build(), Catch::Contains("contact voxel (2, 0, 4)") &&
                                   Catch::Contains("a normal of length 2"));
  }
  SECTION("modulus")
  {
    voxels[3].loose_MPa = 0;
    CHECK_THROWS_WITH(build(), Catch::Contains("contact voxel (3, 0, 4)") &&
                                   Catch::Contains("moduli above 0"));
  }
  SECTION("PETSc")
  {
    Options options;
    options.petsc = "-ksp_type cg";
    CHECK_THROWS_WITH(build(options), Catch::Contains("--petsc") && Catch::Contains("bond"));
  }
}
