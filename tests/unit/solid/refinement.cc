#include "bodies.hpp"
#include "solid/loads.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;
using solid::Method;

namespace
{

constexpr std::array<Method, 3> methods = {Method::mumps, Method::boomeramg, Method::gamg};

/// The unit cube, its lower half 1 / contrast as stiff, held below and pulled and sheared above.
struct Stack
{
  SolidBody body;
  Supports supports;
  std::vector<NodalForce> forces;
};

Stack stack(double contrast, const Kind& kind = kinds()[1], std::uint32_t boxes = 4)
{
  Stack result;
  const Mesh mesh = grid(kind, {boxes, boxes, boxes});
  hold(result.supports, calcar::mesh::nodes_of(mesh), [](Vec3 p) { return p.z < 1e-9; });
  result.forces =
      solid::traction_forces(mesh, faces_where(mesh, [](Vec3 p) { return p.z > 1 - 1e-9; }),
                             [](Vec3, Vec3) {
                               return Vec3{0.3, 0.1, 1};
                             });
  result.body = body(mesh);
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    if (calcar::mesh::centre(mesh, c).z < 0.5)
      result.body.youngs[c] /= contrast;
  return result;
}

solid::Solution solve(const Stack& problem, const solid::Options& options)
{
  solid::Engine engine(problem.body, problem.supports, MPI_COMM_WORLD, options);
  return engine.solve({problem.forces}, {1})[0];
}

/// The largest difference of the displacements, over the largest.
double difference(const solid::Solution& a, const solid::Solution& b, double scale_b = 1)
{
  double gap = 0, most = 0;
  for (std::size_t n = 0; n < a.displacement.size(); ++n)
  {
    gap = std::max(gap, norm(a.displacement[n] - scale_b * b.displacement[n]));
    most = std::max(most, norm(a.displacement[n]));
  }
  return gap / most;
}

} // namespace

TEST_CASE(
    "a stiff block on a layer ten million times softer is solved as a rigid one on it would be")
{
  // A block on a layer 1e5 times softer is rigid but for 1e-5: what the softer layer does, over
  // the contrast, must be the same but for that. The residual cannot show how good it is.
  const auto harder = solve(stack(1e5), {1e-10, 3000, Method::mumps});
  for (const Method method : methods)
  {
    CAPTURE(static_cast<int>(method));
    const auto solution = solve(stack(1e7), {1e-12, 3000, method});
    CHECK(solution.report.at_rounding_limit);
    CHECK(solution.report.relative_residual > 1e-9);
    CHECK(solution.report.relative_residual <= solid::accepted_rounding_noise);
    CHECK(solution.report.backward_error < 1e-14);
    CHECK(solution.report.energy_error < 1e-7);
    CHECK(difference(solution, harder, 100) < 1e-4);
  }
}

TEST_CASE("methods agree where the residual stops far above what was asked for")
{
  const Stack problem = stack(2e7, kinds()[1], 6);
  const auto exact = solve(problem, {1e-12, 3000, Method::mumps});
  CHECK(exact.report.relative_residual > 1e-8);
  for (const Method method : {Method::boomeramg, Method::gamg})
  {
    const auto solution = solve(problem, {1e-8, 3000, method});
    CAPTURE(static_cast<int>(method), solution.report.relative_residual);
    CHECK(difference(solution, exact) < 1e-6);
    CHECK(solution.strain_energy == Approx(exact.strain_energy).epsilon(1e-7));
  }
}

TEST_CASE("a bone on foundations too soft for double precision is refused, and says how to mend it")
{
  Stack problem = stack(1);
  const auto nodes = calcar::mesh::nodes_of(problem.body.mesh);
  problem.supports = {};
  problem.supports.names = {"foundation"};
  for (std::uint32_t n = 0; n < nodes.points.size(); ++n)
    if (nodes.points[n].z < 1e-9)
      problem.supports.springs.push_back({n, {1e-12, 1e-12, 1e-12, 0, 0, 0}, 0});
  for (const Method method : methods)
  {
    CAPTURE(static_cast<int>(method));
    const std::string message = message_of([&] { solve(problem, {1e-8, 3000, method}); });
    CHECK_THAT(message, Catch::Contains("the solver of the mesh's equations"));
  }
  const std::string message = message_of([&] { solve(stack(1e11), {1e-8, 3000, Method::mumps}); });
  CHECK_THAT(message, Catch::Contains("MUMPS") &&
                          Catch::Contains("reached the limit of double precision") &&
                          Catch::Contains("backward error") && Catch::Contains("energy norm") &&
                          Catch::Contains("raise the smallest moduli"));
  CHECK_THAT(message, !Catch::Contains("solve with MUMPS"));
}

TEST_CASE("a body that is easy to solve is solved to the last digits")
{
  for (const Method method : methods)
  {
    const auto solution = solve(stack(1), {1e-17, 3000, method});
    CHECK(solution.report.at_rounding_limit);
    CHECK(solution.report.relative_residual < 1e-12);
    CHECK(solution.report.energy_error < 1e-12);
    CHECK(solution.report.backward_error < 1e-15);
    CHECK(solution.report.method == method);
    CHECK(solution.report.fallback.empty());
  }
}

TEST_CASE("GAMG that does not converge is replaced by BoomerAMG, which the report tells")
{
  // A body on which BoomerAMG needs fewer iterations than GAMG.
  Stack problem;
  int enough = 1, most = 0;
  for (const double contrast : {1.0, 1e2, 1e4})
    for (const Kind& kind : kinds())
      if (enough > most)
      {
        problem = stack(contrast, kind, kind.degree == 1 ? 8 : 4);
        enough = solve(problem, {1e-8, 1000, Method::boomeramg}).report.iterations;
        most = solve(problem, {1e-8, 1000, Method::gamg}).report.iterations - 1;
      }
  REQUIRE(enough <= most);
  solid::Engine engine(problem.body, problem.supports, MPI_COMM_WORLD, {1e-8, most, Method::gamg});
  CHECK(engine.method() == Method::gamg);
  const auto solutions = engine.solve({problem.forces, problem.forces}, {1, 1});
  CHECK_THAT(solutions[0].report.fallback,
             Catch::Contains("GAMG stopped with DIVERGED_ITS after " + std::to_string(most)) &&
                 Catch::Contains("solved by conjugate gradients with BoomerAMG"));
  CHECK(solutions[0].report.method == Method::boomeramg);
  CHECK(engine.method() == Method::boomeramg);
  CHECK(solutions[0].report.relative_residual <= 1e-8);
  CHECK(solutions[1].report.fallback.empty()); // begins with what helped
  CHECK(difference(solutions[1], solve(problem, {1e-10, 1000, Method::mumps})) < 1e-6);
}

TEST_CASE("a small body that the automatic choice cannot iterate on is factored")
{
  const Stack problem = stack(1, kinds()[1], 7); // above 6000 unknowns
  solid::Engine engine(problem.body, problem.supports, MPI_COMM_WORLD,
                       {1e-8, 3, Method::automatic});
  CHECK(engine.method() == Method::boomeramg);
  const auto report = engine.solve({problem.forces}, {1})[0].report;
  CHECK(report.method == Method::mumps);
  CHECK_THAT(report.fallback, Catch::Contains("BoomerAMG stopped with DIVERGED_ITS after 3 ") &&
                                  Catch::Contains("solved by the factorisation by MUMPS"));
  CHECK(report.relative_residual <= 1e-8);
}

TEST_CASE("a method that was asked for and fails names remedies that fit it")
{
  const Stack problem = stack(1);
  const std::string boomeramg = message_of([&] { solve(problem, {1e-8, 3, Method::boomeramg}); });
  CHECK_THAT(boomeramg, Catch::Contains("(conjugate gradients with BoomerAMG) stopped with "
                                        "DIVERGED_ITS after 3 iterations") &&
                            Catch::Contains("allow more iterations") &&
                            Catch::Contains("solve with MUMPS if there is memory"));
  const std::string gamg = message_of([&] { solve(problem, {1e-8, 3, Method::gamg}); });
  CHECK_THAT(gamg, Catch::Contains("(conjugate gradients with BoomerAMG) stopped with") &&
                       Catch::Contains("(before: conjugate gradients with GAMG stopped with"));
}
