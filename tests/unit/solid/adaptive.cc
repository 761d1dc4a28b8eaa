#include "solid/adaptive.hpp"

#include "bump.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
using namespace bump_solution;
namespace solid = calcar::solid;

namespace
{

solid::AdaptiveBody bump_body(int degree, std::uint32_t boxes)
{
  solid::AdaptiveBody body;
  body.coarse = grid(kinds()[degree == 1 ? 2 : 3], {boxes, boxes, boxes});
  body.moduli = [](Vec3) { return solid::Moduli{youngs, poisson}; };
  body.fixed = [](Vec3 x, Vec3) -> solid::FixedAt {
    return x.z < 1e-9 ? solid::FixedAt{0.0, 0.0, 0.0} : solid::FixedAt{};
  };
  body.traction = [](Vec3 x, Vec3 normal)
  { return x.z < 1e-9 ? Vec3{} : exact_stress(x) * normal; };
  body.body_force = body_force;
  return body;
}

/// The true error in the energy norm: Galerkin's solution has that much less energy.
double true_error(const solid::AdaptiveStep& step)
{
  static const double exact = exact_energy();
  return std::sqrt(2 * (exact - step.energy));
}

} // namespace

TEST_CASE("the estimated error is the true one within a factor of 2 on every mesh")
{
  for (const int degree : {1, 2})
  {
    solid::AdaptiveOptions options;
    options.tolerance = 1e-6;
    options.most_meshes = degree == 1 ? 5 : 4;
    const auto solution =
        solid::solve_adaptively(bump_body(degree, degree == 1 ? 4 : 3), MPI_COMM_WORLD, options);
    REQUIRE(solution.steps.size() == std::size_t(options.most_meshes));
    CHECK(!solution.reached_tolerance);
    for (const auto& step : solution.steps)
    {
      const double effectivity = step.error / true_error(step);
      CAPTURE(degree, step.unknowns, step.error, true_error(step), step.iterations);
      CHECK(effectivity > 0.5);
      CHECK(effectivity < 2);
    }
  }
}

TEST_CASE("adaptive meshes reach the optimal rate")
{
  for (const int degree : {1, 2})
  {
    solid::AdaptiveOptions options;
    options.tolerance = 1e-6;
    options.most_meshes = degree == 1 ? 6 : 4;
    const auto steps =
        solid::solve_adaptively(bump_body(degree, degree == 1 ? 4 : 3), MPI_COMM_WORLD, options)
            .steps;
    const auto& last = steps.back();
    const auto& before = steps[steps.size() - 3];
    // The optimum is an error like unknowns^(-degree/3).
    const double rate = std::log(true_error(before) / true_error(last)) /
                        std::log(double(last.unknowns) / double(before.unknowns));
    CAPTURE(degree, before.unknowns, true_error(before), last.unknowns, true_error(last));
    CHECK(rate > 0.8 * degree / 3.0);
  }
}

TEST_CASE("an adaptive mesh is nearer than a uniform one with more unknowns")
{
  solid::AdaptiveOptions options;
  options.tolerance = 1e-6;
  options.share = 0.4; // small steps, so that one comes near the bound
  options.most_meshes = 7;
  const auto adaptive = solid::solve_adaptively(bump_body(1, 4), MPI_COMM_WORLD, options).steps;
  options.everywhere = true;
  options.most_meshes = 3;
  const auto uniform = solid::solve_adaptively(bump_body(1, 4), MPI_COMM_WORLD, options).steps;
  bool better = false;
  for (const auto& step : adaptive)
    better = better || (double(step.unknowns) < 0.7 * double(uniform.back().unknowns) &&
                        true_error(step) < true_error(uniform.back()));
  CHECK(better);
}

TEST_CASE("refinement stops at the tolerance, and cells tell how uncertain their strain is")
{
  solid::AdaptiveOptions options;
  options.tolerance = 0.2;
  const auto solution = solid::solve_adaptively(bump_body(1, 4), MPI_COMM_WORLD, options);
  CHECK(solution.reached_tolerance);
  CHECK(solution.steps.back().relative_error <= 0.2);
  CHECK(solution.steps[solution.steps.size() - 2].relative_error > 0.2);
  REQUIRE(solution.cells.size() == solution.steps.back().cells);
  double volume = 0, squares = 0, claimed = 0, true_squares = 0;
  for (const auto& cell : solution.cells)
  {
    const Vec3 edges = cell.corners[6] - cell.corners[0];
    const double v = edges.x * edges.y * edges.z; // deal.II may turn the cells
    volume += std::abs(v);
    squares += cell.energy_error * cell.energy_error;
    Vec3 centre;
    for (const Vec3& corner : cell.corners)
      centre += 0.125 * corner;
    const SymTensor gap = cell.strain + -1.0 * exact_strain(centre);
    true_squares += std::abs(v) * contract(gap, gap);
    claimed += std::abs(v) * cell.strain_error * cell.strain_error;
    CHECK(cell.uncertainty >= 0);
  }
  CHECK(volume == Approx(1));
  CHECK(std::sqrt(squares) == Approx(solution.steps.back().error));
  // The strain at centres is better than the rms over cells that is claimed.
  CHECK(true_squares < claimed);
}

TEST_CASE("a stretch is exact on the coarse mesh and certain everywhere")
{
  solid::AdaptiveBody body = bump_body(1, 2);
  body.body_force = {};
  body.traction = {};
  body.moduli = [](Vec3) { return solid::Moduli{100, 0}; };
  body.fixed = [](Vec3 x, Vec3) -> solid::FixedAt
  {
    solid::FixedAt at;
    if (x.z < 1e-9 || x.z > 1 - 1e-9)
      at = {0.0, 0.0, 3e-3 * x.z};
    return at;
  };
  const auto solution = solid::solve_adaptively(body, MPI_COMM_WORLD);
  CHECK(solution.steps.size() == 1);
  CHECK(solution.reached_tolerance);
  CHECK(solution.steps[0].relative_error < 1e-7);
  CHECK(solution.steps[0].energy == Approx(0.5 * 100 * 9e-6));
  for (const auto& cell : solution.cells)
  {
    CHECK(difference(cell.strain, {0, 0, 3e-3, 0, 0, 0}) < 1e-10);
    CHECK(cell.uncertainty < 1e-7);
    for (std::size_t n = 0; n < 8; ++n)
      CHECK(norm(cell.displacement[n] - Vec3{0, 0, 3e-3 * cell.corners[n].z}) < 1e-10);
  }
}

TEST_CASE("an adaptive body that cannot be solved is refused with the reason")
{
  const auto refusal = [](const solid::AdaptiveBody& body)
  { return message_of([&] { solid::solve_adaptively(body, MPI_COMM_WORLD); }); };
  solid::AdaptiveBody tetrahedra = bump_body(1, 1);
  tetrahedra.coarse = grid(kinds()[0], {1, 1, 1});
  CHECK_THAT(refusal(tetrahedra), Catch::Contains("adaptive mesh: tetrahedra; allowed: hexahedra"));
  solid::AdaptiveBody free = bump_body(1, 1);
  free.fixed = [](Vec3, Vec3) { return solid::FixedAt{std::nullopt, std::nullopt, 0.0}; };
  CHECK_THAT(refusal(free), Catch::Contains("its supports leave it free: translation along x, "
                                            "translation along y, rotation about z"));
  solid::AdaptiveBody bad = bump_body(1, 2);
  bad.moduli = [](Vec3 x) { return solid::Moduli{x.x > 0.5 ? -1.0 : 1.0, 0.3}; };
  CHECK_THAT(refusal(bad), Catch::Contains("moduli out of range at ("));
}

TEST_CASE("an adaptive body may have several parts, each of which must be held")
{
  const solid::AdaptiveBody one = bump_body(1, 2);
  solid::AdaptiveBody two = one;
  const auto points = std::uint32_t(one.coarse.points.size());
  const Vec3 away = {3, 0, 0};
  for (const Vec3& p : one.coarse.points)
    two.coarse.points.push_back(p + away);
  for (const std::uint32_t c : one.coarse.corners)
    two.coarse.corners.push_back(c + points);
  two.coarse.region.insert(two.coarse.region.end(), one.coarse.cells(), 0);
  const auto home = [&](Vec3 x) { return x.x > 2 ? x - away : x; };
  two.traction = [&](Vec3 x, Vec3 normal) { return one.traction(home(x), normal); };
  two.body_force = [&](Vec3 x) { return body_force(home(x)); };
  solid::AdaptiveOptions options;
  options.tolerance = 1e-6;
  options.most_meshes = 3;
  const auto single = solid::solve_adaptively(one, MPI_COMM_WORLD, options).steps;
  const auto twins = solid::solve_adaptively(two, MPI_COMM_WORLD, options).steps;
  for (std::size_t n = 0; n < single.size(); ++n)
  {
    CHECK(twins[n].cells == 2 * single[n].cells);
    CHECK(twins[n].unknowns == 2 * single[n].unknowns);
    CHECK(twins[n].energy == Approx(2 * single[n].energy).epsilon(1e-6));
    CHECK(twins[n].relative_error == Approx(single[n].relative_error).epsilon(1e-6));
  }
  two.fixed = [&](Vec3 x, Vec3 normal)
  { return x.x > 2 ? solid::FixedAt{} : one.fixed(x, normal); };
  CHECK_THAT(message_of([&] { solid::solve_adaptively(two, MPI_COMM_WORLD, options); }),
             Catch::Contains("the piece of 8 cells with cell 9: its supports leave it free"));
}

TEST_CASE("refinement that its caller does not want or that grows too large is ended")
{
  const solid::AdaptiveBody body = bump_body(1, 2);
  const auto end_of = [&](std::uint64_t most_unknowns, bool allowed, std::size_t& solved)
  {
    solid::AdaptiveGrid grid(body.coarse, MPI_COMM_WORLD);
    solid::RefinementOptions options;
    options.most_unknowns = most_unknowns;
    options.most_meshes = 3;
    solved = 0;
    return solid::refine_until(
        grid, options,
        [&](const solid::RefinedMesh& mesh)
        {
          ++solved;
          return solid::MeshErrors{std::vector<double>(mesh.mesh.cells(), 1.0), 0.5};
        },
        [&](const solid::RefinedMesh&) { return allowed; }, MPI_COMM_WORLD);
  };
  std::size_t solved = 0;
  CHECK(end_of(100, true, solved) == solid::RefinementEnd::most_unknowns);
  CHECK(solved == 1); // 81 unknowns, the next mesh has 375
  CHECK(end_of(3000, false, solved) == solid::RefinementEnd::not_allowed);
  CHECK(solved == 1);
  CHECK(end_of(1000000, true, solved) == solid::RefinementEnd::most_meshes);
  CHECK(solved == 3);
}
