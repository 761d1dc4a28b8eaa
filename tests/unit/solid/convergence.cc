#include "bodies.hpp"
#include "solid/loads.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

constexpr double youngs = 1000;
constexpr double poisson = 0.3;
constexpr double mu = youngs / (2 * (1 + poisson));
constexpr double lambda = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson));
constexpr double p = 2.0, q = 1.5, r = 1.8;

/// u = (sin px cos qy, sin qy cos rz, sin rz cos px).
Vec3 exact(Vec3 x)
{
  return {std::sin(p * x.x) * std::cos(q * x.y), std::sin(q * x.y) * std::cos(r * x.z),
          std::sin(r * x.z) * std::cos(p * x.x)};
}

SymTensor exact_strain(Vec3 x)
{
  return {p * std::cos(p * x.x) * std::cos(q * x.y),
          q * std::cos(q * x.y) * std::cos(r * x.z),
          r * std::cos(r * x.z) * std::cos(p * x.x),
          -0.5 * r * std::sin(q * x.y) * std::sin(r * x.z),
          -0.5 * p * std::sin(r * x.z) * std::sin(p * x.x),
          -0.5 * q * std::sin(p * x.x) * std::sin(q * x.y)};
}

SymTensor stress_of(const SymTensor& e)
{
  const double s = lambda * trace(e);
  return 2 * mu * e + SymTensor{s, s, s, 0, 0, 0};
}

/// -div stress = -(mu laplace u + (lambda + mu) grad div u).
Vec3 body_force(Vec3 x)
{
  const Vec3 u = exact(x);
  const double sx = std::sin(p * x.x), cx = std::cos(p * x.x);
  const double sy = std::sin(q * x.y), cy = std::cos(q * x.y);
  const double sz = std::sin(r * x.z), cz = std::cos(r * x.z);
  const Vec3 laplace = {-(p * p + q * q) * u.x, -(q * q + r * r) * u.y, -(r * r + p * p) * u.z};
  const Vec3 grad_div = {-p * p * sx * cy - r * p * cz * sx, -q * q * sy * cz - p * q * cx * sy,
                         -r * r * sz * cx - q * r * cy * sz};
  return -mu * laplace + -(lambda + mu) * grad_div;
}

struct Errors
{
  double displacement = 0; ///< L2
  double energy = 0;       ///< root of the integral of stress : strain of the error
};

Errors errors_of(const Mesh& mesh, const std::vector<Vec3>& u)
{
  const Nodes nodes = calcar::mesh::nodes_of(mesh);
  Errors sums;
  for (const auto& [xi, weight] : solid::fine_reference_points(mesh.shape))
  {
    const auto values = solid::shape_values(mesh.shape, mesh.degree, xi);
    const auto slopes = solid::shape_derivatives(mesh.shape, mesh.degree, xi);
    const auto corner_values = solid::shape_values(mesh.shape, 1, xi);
    const auto corner_slopes = solid::shape_derivatives(mesh.shape, 1, xi);
    for (std::size_t c = 0; c < mesh.cells(); ++c)
    {
      const auto j = solid::jacobian(mesh, c, corner_slopes);
      const double det = determinant(j);
      const Vec3 at = solid::place(mesh, c, corner_values);
      Vec3 value;
      calcar::Mat3 gradient; // row: component, column: direction
      for (std::size_t n = 0; n < values.size(); ++n)
      {
        const Vec3 g = (slopes[n].x * cross(j[1], j[2]) + slopes[n].y * cross(j[2], j[0]) +
                        slopes[n].z * cross(j[0], j[1])) /
                       det;
        const Vec3 un = u[nodes.cell(c)[n]];
        value += values[n] * un;
        for (std::size_t i = 0; i < 3; ++i)
          gradient[i] += un[i] * g;
      }
      const SymTensor strain = {gradient[0].x,
                                gradient[1].y,
                                gradient[2].z,
                                0.5 * (gradient[1].z + gradient[2].y),
                                0.5 * (gradient[2].x + gradient[0].z),
                                0.5 * (gradient[0].y + gradient[1].x)};
      const SymTensor e = strain + -1.0 * exact_strain(at);
      sums.displacement += weight * det * dot(value - exact(at), value - exact(at));
      sums.energy += weight * det * contract(stress_of(e), e);
    }
  }
  return {std::sqrt(sums.displacement), std::sqrt(sums.energy)};
}

Errors solve(const Kind& kind, std::uint32_t boxes)
{
  Mesh mesh = grid(kind, {boxes, boxes, boxes});
  for (Vec3& x : mesh.points) // a smooth map of the cube to itself
  {
    const double bump = 0.5 * x.x * (1 - x.x) * x.y * (1 - x.y) * x.z * (1 - x.z);
    x += bump * Vec3{1, -2, 1.5};
  }
  Supports supports;
  hold(
      supports, calcar::mesh::nodes_of(mesh),
      [](Vec3 x)
      {
        return on_cube(x) &&
               (x.z < 1 - 1e-9 || x.x < 1e-9 || x.y < 1e-9 || x.x > 1 - 1e-9 || x.y > 1 - 1e-9);
      },
      exact);
  auto forces = solid::body_forces(mesh, body_force);
  const auto top = solid::traction_forces(
      mesh, faces_where(mesh, [](Vec3 x) { return x.z > 1 - 1e-9; }),
      [](Vec3 x, Vec3 normal) { return stress_of(exact_strain(x)) * normal; });
  forces.insert(forces.end(), top.begin(), top.end());
  solid::Engine engine(body(mesh, youngs, poisson), supports, MPI_COMM_WORLD,
                       {1e-10, 1000, solid::Method::boomeramg});
  return errors_of(mesh, engine.solve({forces}, {1})[0].displacement);
}

} // namespace

TEST_CASE("the error falls at the optimal rate for every kind of element")
{
  for (const Kind& kind : kinds())
  {
    const std::uint32_t boxes = kind.degree == 1 ? 8 : 4;
    const Errors coarse = solve(kind, boxes);
    const Errors fine = solve(kind, 2 * boxes);
    const double rate_displacement = std::log2(coarse.displacement / fine.displacement);
    const double rate_energy = std::log2(coarse.energy / fine.energy);
    CAPTURE(kind.name, coarse.displacement, fine.displacement, coarse.energy, fine.energy);
    CHECK(rate_displacement > kind.degree + 1 - 0.15);
    CHECK(rate_displacement < kind.degree + 1 + 0.3);
    CHECK(rate_energy > kind.degree - 0.1);
    CHECK(rate_energy < kind.degree + 0.3);
  }
}
