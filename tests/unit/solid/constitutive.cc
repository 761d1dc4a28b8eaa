#include "bodies.hpp"
#include "solid/assembly.hpp"
#include "solid/numbering.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

using Components = std::array<double, 6>;

Components components(const SymTensor& t)
{
  return {t.xx, t.yy, t.zz, t.yz, t.zx, t.xy};
}

/// A law that stiffens: energy 1/2 lambda tr^2 + mu e:e + stiffening/4 (e:e)^2, so that stress =
/// lambda tr 1 + (2 mu + stiffening e:e) e. Its state is the largest e:e so far.
solid::Law stiffening_law()
{
  solid::Law law;
  law.properties = 3; // lambda, mu, stiffening
  law.state = 1;
  law.respond = [](std::span<const double> properties, const SymTensor& strain,
                   std::span<const double> state, std::span<double> new_state)
  {
    const double lambda = properties[0];
    const double square = contract(strain, strain);
    const double secant = 2 * properties[1] + properties[2] * square;
    const double pressure = lambda * trace(strain);
    solid::PointResponse response;
    response.stress = secant * strain + SymTensor{pressure, pressure, pressure, 0, 0, 0};
    const Components e = components(strain);
    for (std::size_t i = 0; i < 6; ++i)
    {
      for (std::size_t j = 0; j < 6; ++j)
        response.tangent[i][j] = 2 * properties[2] * e[i] * e[j] + (i < 3 && j < 3 ? lambda : 0);
      response.tangent[i][i] += i < 3 ? secant : secant / 2;
    }
    new_state[0] = std::max(state[0], square);
    return response;
  };
  return law;
}

/// The largest difference between a law's tangent and the slope of its stress.
double tangent_error(const solid::Law& law, const std::vector<double>& properties,
                     const Components& strain)
{
  const auto stress = [&](const Components& e)
  {
    std::vector<double> state(std::size_t(law.state)), next(std::size_t(law.state));
    return law.respond(properties, {e[0], e[1], e[2], e[3], e[4], e[5]}, state, next);
  };
  const solid::Tangent tangent = stress(strain).tangent;
  double error = 0;
  for (std::size_t j = 0; j < 6; ++j)
  {
    const double step = 1e-6;
    Components plus = strain, minus = strain;
    plus[j] += j < 3 ? step : step / 2; // engineering shear
    minus[j] -= j < 3 ? step : step / 2;
    const Components a = components(stress(plus).stress);
    const Components b = components(stress(minus).stress);
    for (std::size_t i = 0; i < 6; ++i)
      error = std::max(error, std::abs((a[i] - b[i]) / (2 * step) - tangent[i][j]));
  }
  return error;
}

/// A mesh with all that assembles its forces for a law.
struct Assembled
{
  Mesh mesh;
  solid::Elements elements;
  solid::Restraints restraints;
  solid::MaterialPoints material;

  explicit Assembled(const Kind& kind)
      : mesh(make(kind)), elements(mesh, MPI_COMM_WORLD),
        restraints(spread(mesh, elements)), material{stiffening_law(), {}, {}}
  {
    const std::size_t points = elements.cells().size() * std::size_t(elements.points_per_cell());
    for (std::size_t n = 0; n < points; ++n)
      material.properties.insert(material.properties.end(), {500.0, 300.0 + double(n % 5), 4e5});
    material.state.assign(points, 0);
  }

  static Mesh make(const Kind& kind)
  {
    Mesh mesh = grid(kind, {2, 2, 1});
    distort(mesh, 0.1);
    return mesh;
  }

  static solid::Restraints spread(const Mesh& mesh, const solid::Elements& elements)
  {
    const auto nodes = calcar::mesh::nodes_of(mesh);
    Supports supports;
    hold(supports, nodes, [](Vec3 p) { return p.z < 1e-9; });
    for (std::uint32_t n = 0; n < nodes.points.size(); n += 3)
      supports.springs.push_back({n, {30, 20, 10, 5, -4, 3}, 0});
    const auto numbering = solid::number_nodes(elements, nodes.of_cell, MPI_COMM_WORLD);
    return solid::spread_supports(supports, elements, numbering, MPI_COMM_WORLD);
  }

  std::vector<double> forces(solid::Field& u, std::vector<double>* state = nullptr)
  {
    solid::Field out(elements, MPI_COMM_WORLD);
    u.fetch_ghosts();
    solid::internal_forces(elements, material, restraints, u, out, state);
    return {out.own().begin(), out.own().end()};
  }
};

/// Small numbers without order, 0 where fixed.
void fill(solid::Field& field, const solid::Restraints& restraints, unsigned seed)
{
  std::mt19937 random(seed);
  for (std::size_t n = 0; n < field.own().size(); ++n)
  {
    const double value = 0.02 * (double(random()) / 4294967295.0 - 0.5);
    field.own()[n] = restraints.fixed[n] ? 0 : value;
  }
  field.fetch_ghosts();
}

} // namespace

TEST_CASE("tangents are the slopes of the stress")
{
  const Components strain = {2e-3, -1e-3, 3e-3, 1.5e-3, -2.5e-3, 7e-4};
  CHECK(tangent_error(solid::linear_elasticity(), {17000, 0.3}, strain) < 1e-4);
  CHECK(tangent_error(stiffening_law(), {500, 300, 4e5}, strain) < 1e-4);
}

TEST_CASE("Hooke's law gives uniaxial stress its modulus and Poisson's ratio")
{
  const solid::Law law = solid::linear_elasticity();
  const std::vector<double> properties = {17000, 0.3};
  const auto response = law.respond(properties, {1e-3, -3e-4, -3e-4, 0, 0, 0}, {}, {});
  CHECK(response.stress.xx == Approx(17).epsilon(1e-13));
  CHECK(std::abs(response.stress.yy) < 1e-12);
  CHECK(std::abs(response.stress.zz) < 1e-12);
  const auto shear = law.respond(properties, {0, 0, 0, 1e-3, 0, 0}, {}, {});
  CHECK(shear.stress.yz == Approx(17000 / 2.6 * 2e-3));
}

TEST_CASE("the assembled tangent is the slope of the assembled forces of a non-linear law")
{
  for (const Kind& kind : kinds())
  {
    CAPTURE(kind.name);
    Assembled body(kind);
    solid::Field u(body.elements, MPI_COMM_WORLD), direction(body.elements, MPI_COMM_WORLD);
    fill(u, body.restraints, 1);
    fill(direction, body.restraints, 2);
    solid::LinearSolver solver(body.elements, MPI_COMM_WORLD);
    solid::assemble_tangent(body.elements, body.material, body.restraints, u, solver);
    solver.finish(solid::Method::mumps, {});
    solid::Field product(body.elements, MPI_COMM_WORLD);
    solver.multiply(direction, product);
    const double step = 1e-4;
    const auto moved = [&](double by)
    {
      solid::Field at(body.elements, MPI_COMM_WORLD);
      for (std::size_t n = 0; n < at.own().size(); ++n)
        at.own()[n] = u.own()[n] + by * direction.own()[n];
      return body.forces(at);
    };
    const auto plus = moved(step), minus = moved(-step);
    double error = 0, scale = 0;
    for (std::size_t n = 0; n < plus.size(); ++n)
    {
      if (body.restraints.fixed[n])
        continue;
      const double slope = (plus[n] - minus[n]) / (2 * step);
      error = std::max(error, std::abs(slope - product.own()[n]));
      scale = std::max(scale, std::abs(slope));
    }
    CHECK(error < 1e-7 * scale);
    // The law is not linear there: its secant is something else.
    const auto whole = body.forces(u);
    solver.multiply(u, product);
    double nonlinear = 0;
    for (std::size_t n = 0; n < whole.size(); ++n)
      if (!body.restraints.fixed[n])
        nonlinear = std::max(nonlinear, std::abs(whole[n] - product.own()[n]));
    CHECK(nonlinear > 1e-3 * scale);
  }
}

TEST_CASE("the new state of a law comes back for every integration point")
{
  Assembled body(kinds()[3]);
  solid::Field u(body.elements, MPI_COMM_WORLD);
  fill(u, body.restraints, 3);
  std::vector<double> state;
  body.forces(u, &state);
  REQUIRE(state.size() == body.material.state.size());
  std::vector<double> expected(state.size());
  const auto points = std::size_t(body.elements.points_per_cell());
  solid::for_each_point(
      body.elements, body.material, u,
      [&](std::size_t cell, std::size_t q, double, const SymTensor& strain, const SymTensor&)
      { expected[points * cell + q] = contract(strain, strain); });
  CHECK(state == expected);
}
