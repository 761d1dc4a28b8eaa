#include "solid/adaptive.hpp"

#include "bodies.hpp"
#include "solid/reference_points.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

constexpr double mu = 400;
constexpr double lambda = 600;
constexpr double youngs = mu * (3 * lambda + 2 * mu) / (lambda + mu);
constexpr double poisson = lambda / (2 * (lambda + mu));
constexpr double sharpness = 20;
constexpr Vec3 peak = {0.3, 0.3, 0.5};

/// u = (0, 0, z g), g = exp(-sharpness |x - peak|^2): a bump, at rest where z = 0.
double bump(Vec3 x)
{
  return std::exp(-sharpness * dot(x - peak, x - peak));
}

Vec3 slope(Vec3 x)
{
  const double g = bump(x);
  return -2 * sharpness * g * x.z * (x - peak) + Vec3{0, 0, g};
}

/// Second derivatives of z g along i and j.
double curvature(Vec3 x, std::size_t i, std::size_t j)
{
  const Vec3 d = x - peak;
  const double g = bump(x);
  const auto first = [&](std::size_t n) { return -2 * sharpness * d[n] * g; };
  double value = x.z * (4 * sharpness * sharpness * d[i] * d[j] - (i == j ? 2 * sharpness : 0)) * g;
  if (i == 2)
    value += first(j);
  if (j == 2)
    value += first(i);
  return value;
}

SymTensor exact_strain(Vec3 x)
{
  const Vec3 s = slope(x);
  return {0, 0, s.z, 0.5 * s.y, 0.5 * s.x, 0};
}

SymTensor exact_stress(Vec3 x)
{
  const SymTensor e = exact_strain(x);
  const double p = lambda * trace(e);
  return 2 * mu * e + SymTensor{p, p, p, 0, 0, 0};
}

Vec3 body_force(Vec3 x)
{
  Vec3 force;
  for (std::size_t i = 0; i < 3; ++i)
    force[i] = -(lambda + mu) * curvature(x, i, 2);
  force.z -= mu * (curvature(x, 0, 0) + curvature(x, 1, 1) + curvature(x, 2, 2));
  return force;
}

/// 1/2 integral of stress : strain of the exact solution.
double exact_energy()
{
  constexpr int n = 16;
  double sum = 0;
  for (int k = 0; k < n; ++k)
    for (int j = 0; j < n; ++j)
      for (int i = 0; i < n; ++i)
        for (const auto& [xi, weight] : solid::fine_reference_points(CellShape::hexahedron))
        {
          const Vec3 x = {(i + xi.x) / n, (j + xi.y) / n, (k + xi.z) / n};
          sum += weight / (n * n * n) * 0.5 * contract(exact_stress(x), exact_strain(x));
        }
  return sum;
}

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
  options.most_meshes = 6;
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
  solid::AdaptiveBody two = bump_body(1, 1);
  const Mesh one = two.coarse;
  for (const Vec3& p : one.points)
    two.coarse.points.push_back(p + Vec3{3, 0, 0});
  for (const std::uint32_t c : one.corners)
    two.coarse.corners.push_back(c + 8);
  two.coarse.region.push_back(0);
  CHECK_THAT(refusal(two), Catch::Contains("2 parts; allowed: one part"));
}
