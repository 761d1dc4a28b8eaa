#include "solid/error_estimate.hpp"

#include "bump.hpp"
#include "solid/loads.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
using namespace bump_solution;
namespace solid = calcar::solid;

namespace
{

/// Strains of a function of place at the integration points.
std::vector<SymTensor> strains(const Mesh& mesh, const std::function<SymTensor(Vec3)>& strain)
{
  std::vector<SymTensor> list;
  for (const Vec3& p : solid::integration_points(mesh))
    list.push_back(strain(p));
  return list;
}

/// The body of the bump, solved, and its true error in the energy norm.
solid::ErrorEstimate estimate_of_bump(const Kind& kind, std::uint32_t boxes, double shake,
                                      double& true_error)
{
  Mesh mesh = grid(kind, {boxes, boxes, boxes});
  distort(mesh, shake / boxes);
  const SolidBody body = bodies::body(mesh, youngs, poisson);
  Supports supports;
  hold(supports, calcar::mesh::nodes_of(mesh), [](Vec3 p) { return p.z < 1e-9; });
  auto forces = solid::body_forces(mesh, body_force);
  for (const auto& force : solid::traction_forces(
           mesh, calcar::mesh::boundary_faces(mesh),
           [](Vec3 x, Vec3 normal) { return x.z < 1e-9 ? Vec3{} : exact_stress(x) * normal; }))
    forces.push_back(force);
  const auto solution =
      solid::Engine(body, supports, MPI_COMM_WORLD, {1e-9, 1000, solid::Method::automatic})
          .solve({forces}, {0})[0];
  const auto estimate = solid::ErrorEstimator(body).estimate(solution.strain_points);
  CHECK(estimate.energy == Approx(solution.strain_energy).epsilon(1e-12));
  // Galerkin's solution has that much less energy.
  static const double exact = exact_energy();
  true_error = std::sqrt(2 * (exact - solution.strain_energy));
  return estimate;
}

} // namespace

TEST_CASE("the estimate is the true error within a factor of 2 for all elements, and falls with it")
{
  for (const Kind& kind : kinds())
    for (const double shake : {0.0, 0.15})
    {
      double coarse_error = 0, fine_error = 0;
      const std::uint32_t boxes = kind.degree == 1 ? 8 : 4;
      const auto coarse = estimate_of_bump(kind, boxes, shake, coarse_error);
      const auto fine = estimate_of_bump(kind, kind.degree == 1 ? 12 : 7, shake, fine_error);
      CAPTURE(kind.name, shake, coarse.error, coarse_error, fine.error, fine_error,
              fine.relative_error);
      for (const double effectivity : {coarse.error / coarse_error, fine.error / fine_error})
      {
        CHECK(effectivity > 0.5);
        CHECK(effectivity < 2);
      }
      CHECK(fine.error < coarse.error);
    }
}

TEST_CASE("stresses that the elements can have are certain")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    const SolidBody body = bodies::body(grid(kind, {3, 2, 2}));
    const auto strain = [&](Vec3 p)
    {
      const double x = kind.degree == 1 ? 1 : 1 + p.x - 2 * p.y + 0.5 * p.z;
      return x * SymTensor{1e-3, -2e-3, 5e-4, 3e-4, 0, 1e-4};
    };
    const auto estimate = solid::ErrorEstimator(body).estimate(strains(body.mesh, strain));
    CHECK(estimate.relative_error < 1e-7);
    for (std::size_t c = 0; c < body.mesh.cells(); ++c)
      CHECK(estimate.uncertainty(c) < 1e-7);
  }
}

TEST_CASE("an estimate is homogeneous: errors scale with the load, uncertainty does not")
{
  const auto strain = [](Vec3 p)
  { return SymTensor{p.x * p.x, p.y * p.z, -p.x * p.y * p.y, 0, p.z * p.z, 0}; };
  for (const Kind& kind : kinds())
  {
    const SolidBody body = bodies::body(grid(kind, {3, 3, 3}));
    const solid::ErrorEstimator estimator(body);
    const auto once = estimator.estimate(strains(body.mesh, strain));
    const auto twice =
        estimator.estimate(strains(body.mesh, [&](Vec3 p) { return -2.0 * strain(p); }));
    CHECK(once.error > 0);
    CHECK(twice.error == Approx(2 * once.error));
    CHECK(twice.relative_error == Approx(once.relative_error));
    double sum = 0;
    for (std::size_t c = 0; c < body.mesh.cells(); ++c)
    {
      sum += once.squared[c];
      CHECK(twice.strain_error[c] == Approx(2 * once.strain_error[c]));
      CHECK(twice.uncertainty(c) == Approx(once.uncertainty(c)));
    }
    CHECK(std::sqrt(sum) == Approx(once.error));
  }
}

TEST_CASE("where tissues meet stresses are recovered apart, but no cell is certain by itself")
{
  const auto stretch = [](Vec3) { return SymTensor{0, 0, 1e-3, 0, 0, 0}; };
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    SolidBody two = bodies::body(grid(kind, {4, 2, 2}), 1000, 0);
    std::vector<std::uint32_t> tissue(two.mesh.cells(), 0);
    for (std::size_t c = 0; c < two.mesh.cells(); ++c)
      if (calcar::mesh::centre(two.mesh, c).x > 0.5)
      {
        two.youngs[c] = 100;
        tissue[c] = 7;
      }
    // Side by side under one stretch: the exact solution, whose stress jumps.
    const auto strain = strains(two.mesh, stretch);
    CHECK(solid::ErrorEstimator(two).estimate(strain).relative_error > 0.1);
    CHECK(solid::ErrorEstimator(two, tissue).estimate(strain).relative_error < 1e-7);
    // Every cell a tissue of its own: none may be certain.
    std::vector<std::uint32_t> lone(two.mesh.cells());
    for (std::uint32_t c = 0; c < lone.size(); ++c)
      lone[c] = c;
    const auto bump = strains(two.mesh, exact_strain);
    CHECK(solid::ErrorEstimator(two, lone).estimate(bump).relative_error > 0.05);
  }
}
