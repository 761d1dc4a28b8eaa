// Manufactured solutions: the finite elements on meshes converge at the optimal rates, with a
// modulus that varies within elements.

#include "bodies/elastic_fields.hpp"

#include <catch2/catch.hpp>

using namespace test_bodies;

namespace
{

constexpr double poisson = 0.3;
constexpr double side = 10; // mm

/**
 * Three plane waves u_i = a_i sin(k_i . x + p_i) in a body whose modulus is E = E0 exp(g . x); the
 * body force that holds them is, with l and m Lame's coefficients,
 *   f = -(l + m) grad(div u) - m laplace(u) - grad(l) div u - 2 eps grad(m).
 */
struct Waves
{
  std::array<double, 3> amplitude = {0.03, -0.02, 0.025};
  std::array<Vec3, 3> k = {{{0.21, 0.13, -0.17}, {-0.11, 0.25, 0.14}, {0.16, -0.19, 0.22}}};
  std::array<double, 3> phase = {0.4, 1.3, -0.6};
  Vec3 growth = {0.08, -0.05, 0.03};

  double youngs(Vec3 x) const { return 1000 * std::exp(dot(growth, x)); }
  double angle(std::size_t i, Vec3 x) const { return dot(k[i], x) + phase[i]; }
  Vec3 displacement(Vec3 x) const
  {
    Vec3 u;
    for (std::size_t i = 0; i < 3; ++i)
      u[i] = amplitude[i] * std::sin(angle(i, x));
    return u;
  }
  Mat3 gradient(Vec3 x) const
  {
    Mat3 g;
    for (std::size_t i = 0; i < 3; ++i)
      g[i] = amplitude[i] * std::cos(angle(i, x)) * k[i];
    return g;
  }
  Vec3 body_force(Vec3 x) const
  {
    const double m = youngs(x) / 2 / (1 + poisson);
    const double l = 2 * m * poisson / (1 - 2 * poisson);
    const SymTensor strain = symmetric(gradient(x));
    Vec3 f = -1 * (l * trace(strain) * growth + 2 * m * (strain * growth));
    for (std::size_t i = 0; i < 3; ++i)
    {
      const double wave = amplitude[i] * std::sin(angle(i, x));
      f += (l + m) * wave * k[i][i] * k[i]; // grad(div u) = -sum of wave k_ii k_i
      f[i] += m * wave * dot(k[i], k[i]);
    }
    return f;
  }
  SymTensor stress(Vec3 x) const { return hooke(youngs(x), poisson, symmetric(gradient(x))); }
};

/// Shaken by 15 % of the cells' size; the moduli at the integration points.
SolidBody body_of(ElementKind kind, int cells, const Waves& waves)
{
  SolidBody body;
  body.mesh = made_of(kind, shaken(box_of_hexahedra({cells, cells, cells}, {side, side, side}),
                                   0.15 * side / cells));
  for (const Vec3& x : calcar::solid::integration_points(body.mesh))
    body.youngs.push_back(waves.youngs(x));
  body.poisson.assign(body.youngs.size(), poisson);
  return body;
}

/// Displacements prescribed on four sides, tractions on x = 10 and z = 10.
Errors solve_waves(ElementKind kind, int cells)
{
  const Waves waves;
  const SolidBody body = body_of(kind, cells, waves);
  const auto pulled = [](Vec3 x) { return std::max(x.x, x.z) > side - 1e-9; };
  ForceSum sum(body.mesh);
  over_cells(body.mesh, 4,
             [&](std::size_t c, const PointInCell& point)
             { sum.add(c, point, waves.body_force(point.x)); });
  over_faces(body.mesh, boundary_where(body.mesh, pulled), 4,
             [&](const FaceOfCell& face, const PointInCell& point)
             { sum.add(face.cell, point, waves.stress(point.x) * point.normal); });
  Supports supports;
  prescribe(supports, body.mesh,
            nodes_on(body.mesh, boundary_where(body.mesh, [&](Vec3 x) { return !pulled(x); })),
            [&](Vec3 x) { return waves.displacement(x); });
  const Solution solution = solve_alone(body, supports, sum.forces(), 1e-10);
  return errors_of(
      body.mesh, solution.displacement, [&](Vec3 x) { return waves.displacement(x); },
      [&](Vec3 x) { return waves.gradient(x); }, [&](Vec3 x) { return waves.youngs(x); }, poisson);
}

} // namespace

TEST_CASE("the body force of the manufactured solution is minus the divergence of its stress")
{
  const Waves waves;
  const double h = 1e-4;
  for (const Vec3 x : {Vec3{1, 2, 3}, Vec3{7, 4, 0.5}})
  {
    Vec3 divergence;
    for (std::size_t k = 0; k < 3; ++k)
    {
      Vec3 ahead = x, behind = x, normal;
      ahead[k] += h;
      behind[k] -= h;
      normal[k] = 1;
      divergence += ((waves.stress(ahead) + (-1) * waves.stress(behind)) * normal) / (2 * h);
    }
    CHECK(norm(divergence + waves.body_force(x)) < 1e-6 * norm(waves.body_force(x)));
  }
}

TEST_CASE("a manufactured solution in a body of varying modulus converges at the optimal rates in "
          "every kind of element")
{
  for (const ElementKind kind : element_kinds)
  {
    const int coarse = kind.degree == 1 ? 8 : 4;
    const Errors first = solve_waves(kind, coarse);
    const Errors second = solve_waves(kind, 2 * coarse);
    const double rate = std::log2(first.displacement / second.displacement);
    const double energy_rate = std::log2(first.energy / second.energy);
    INFO(kind.name << ": displacement " << first.displacement << " " << second.displacement
                   << " rate " << rate << ", energy " << first.energy << " " << second.energy
                   << " rate " << energy_rate);
    // degree + 1 and degree; the meshes are shaken anew, so that the rates vary a little.
    CHECK(rate > kind.degree + 1 - 0.15);
    CHECK(rate < kind.degree + 1 + 0.35);
    CHECK(energy_rate > kind.degree - 0.1);
    CHECK(energy_rate < kind.degree + 0.25);
  }
}
