// The voxel engine against closed forms. Each test checks the value and, where a mesh is refined,
// the rate.

#include "model/lattice.hpp"
#include "model/voxel_body.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

using namespace calcar;
using model::FixedComponent;
using model::NodalForce;
using model::NodeIndex;
using model::VoxelBody;
using model::VoxelSupports;

namespace
{
constexpr double youngs = 1000;
constexpr double poisson = 0.3;
constexpr double shear = youngs / (2 * (1 + poisson));

/// Voxels of the box whose centre satisfies `inside`; the grid's first node is at `origin`.
VoxelBody body_of(std::array<int, 3> size, double h, Vec3 first_node,
                  const std::function<bool(Vec3)>& inside)
{
  VoxelBody body;
  body.grid.size = size;
  body.grid.spacing = {h, h, h};
  body.grid.origin = first_node + 0.5 * h * Vec3{1, 1, 1};
  for (std::uint64_t voxel = 0; voxel < body.grid.voxels(); ++voxel)
    if (inside(model::voxel_centre(body.grid, voxel)))
      body.voxels.push_back(voxel);
  body.youngs.assign(body.voxels.size(), static_cast<float>(youngs));
  body.poisson.assign(body.voxels.size(), static_cast<float>(poisson));
  return body;
}

bool everywhere(Vec3)
{
  return true;
}

/// Root of the mean square of u - exact over the nodes, over that of exact.
double relative_error(const voxel::Engine& engine, const VoxelBody& body,
                      const voxel::Solution& solution, const std::function<Vec3(Vec3)>& exact)
{
  double error = 0;
  double size = 0;
  for (std::size_t n = 0; n < engine.nodes().size(); ++n)
  {
    const Vec3 wanted = exact(model::node_position(body.grid, engine.nodes()[n]));
    const Vec3 difference = solution.displacement[n] - wanted;
    error += dot(difference, difference);
    size += dot(wanted, wanted);
  }
  return std::sqrt(error / size);
}

/// Nodes with a void voxel (or the outside) beside them.
std::vector<NodeIndex> boundary_nodes(const VoxelBody& body)
{
  const model::Lattice lattice(body);
  std::vector<NodeIndex> boundary;
  for (const NodeIndex& node : model::nodes_of(body.grid, body.voxels))
    for (int corner = 0; corner < 8; ++corner)
      if (!lattice.active(node.i - (corner & 1), node.j - ((corner >> 1) & 1),
                          node.k - (corner >> 2)))
      {
        boundary.push_back(node);
        break;
      }
  return boundary;
}

voxel::Solution solve(voxel::Engine& engine, const std::vector<NodalForce>& forces,
                      double prescribed)
{
  return engine.solve({forces}, {prescribed}).front();
}

voxel::Options tight()
{
  voxel::Options options;
  options.relative_residual = 1e-10;
  return options;
}
} // namespace

TEST_CASE("a thick-walled cylinder under pressure converges to Lame's displacement at second order")
{
  // Plane strain: u_r = A r + B / r with inner radius 4, outer 8, inner pressure 10; the exact
  // displacement is prescribed on the staircase boundary, so that what is left is the error of the
  // elements.
  const double a = 4;
  const double b = 8;
  const double p = 10;
  const double lambda = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson));
  const double c1 = p * a * a / (b * b - a * a) / (2 * (lambda + shear));
  const double c2 = p * a * a * b * b / (b * b - a * a) / (2 * shear);
  const auto exact = [&](Vec3 x)
  {
    const double r2 = x.x * x.x + x.y * x.y;
    return (c1 + c2 / r2) * Vec3{x.x, x.y, 0};
  };
  std::vector<double> errors;
  for (const int n : {8, 16, 32})
  {
    const double h = 16.0 / n;
    const VoxelBody body = body_of({n, n, 4}, h, {-8, -8, 0},
                                   [&](Vec3 x)
                                   {
                                     const double r = std::hypot(x.x, x.y);
                                     return r > a && r < b;
                                   });
    VoxelSupports supports{{"boundary"}, {}, {}};
    for (const NodeIndex& node : boundary_nodes(body))
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back(
            {node, axis, exact(model::node_position(body.grid, node))[axis], 0});
    voxel::Engine engine(body, supports, MPI_COMM_SELF, tight());
    errors.push_back(relative_error(engine, body, solve(engine, {}, 1), exact));
  }
  INFO("errors " << errors[0] << " " << errors[1] << " " << errors[2]);
  CHECK(std::log2(errors[1] / errors[2]) > 1.7);
  CHECK(errors[2] < 1e-3);
}

TEST_CASE("the torsional stiffness of a square bar converges to Saint-Venant's at second order")
{
  // J = 0.140577 a^4 for side a (Timoshenko and Goodier, Theory of Elasticity, 3rd ed., section
  // 109). Both ends are turned and free to warp; the bar is long enough for the middle to be in
  // pure torsion, so that J is taken there from the energy per length.
  const double side = 8;
  const double length = 4;
  const double twist = 1e-3; // rad / mm
  std::vector<double> errors;
  for (const int n : {4, 8, 16})
  {
    const double h = side / n;
    const int layers = static_cast<int>(length / h);
    const VoxelBody body = body_of({n, n, layers}, h, {-side / 2, -side / 2, 0}, everywhere);
    VoxelSupports supports{{"bottom", "top", "along"}, {}, {}};
    for (const NodeIndex& node : model::nodes_of(body.grid, body.voxels))
    {
      if (node.k != 0 && node.k != layers)
        continue;
      const Vec3 x = model::node_position(body.grid, node);
      const int support = node.k == 0 ? 0 : 1;
      supports.fixed.push_back({node, 0, -twist * x.z * x.y, support});
      supports.fixed.push_back({node, 1, twist * x.z * x.x, support});
    }
    // Warping vanishes on the bar's axis by symmetry.
    supports.fixed.push_back({{n / 2, n / 2, 0}, 2, 0, 2});
    voxel::Engine engine(body, supports, MPI_COMM_SELF, tight());
    const voxel::Solution solution = solve(engine, {}, 1);
    const double stiffness = 2 * solution.strain_energy / (twist * twist * length); // G J
    const double exact = shear * 0.140577 * std::pow(side, 4);
    errors.push_back(stiffness / exact - 1);
  }
  INFO("errors " << errors[0] << " " << errors[1] << " " << errors[2]);
  CHECK(errors[2] > 0); // elements are too stiff
  CHECK(std::log2(errors[0] / errors[1]) > 1.8);
  CHECK(std::log2(errors[1] / errors[2]) > 1.8);
  CHECK(errors[2] < 0.01);
}

TEST_CASE("a cantilever's deflection converges at second order to Timoshenko's beam")
{
  const double side = 4;
  const double length = 24;
  const double force = 1;
  std::vector<double> deflections;
  for (const int n : {2, 4, 8})
  {
    const double h = side / n;
    const int layers = static_cast<int>(length / h);
    VoxelBody body = body_of({n, n, layers}, h, {0, 0, 0}, everywhere);
    // Without lateral contraction the wall does not hinder the section, and its edge is no
    // singularity.
    std::fill(body.poisson.begin(), body.poisson.end(), 0.0F);
    VoxelSupports supports{{"wall"}, {}, {}};
    std::vector<NodalForce> forces;
    for (const NodeIndex& node : model::nodes_of(body.grid, body.voxels))
    {
      if (node.k == 0)
        for (int axis = 0; axis < 3; ++axis)
          supports.fixed.push_back({node, axis, 0, 0});
      if (node.k == layers)
      {
        const double share = (node.i % n == 0 ? 0.5 : 1) * (node.j % n == 0 ? 0.5 : 1) / (n * n);
        forces.push_back({node, {force * share, 0, 0}});
      }
    }
    voxel::Engine engine(body, supports, MPI_COMM_SELF, tight());
    const voxel::Solution solution = solve(engine, forces, 0);
    // Work of the end load over the load: the mean deflection of the end.
    deflections.push_back(2 * solution.strain_energy / force);
    CHECK(solution.reaction[0].x == Approx(-force).epsilon(1e-7));
  }
  const double inertia = std::pow(side, 4) / 12;
  const double area = side * side;
  const double kappa = 5.0 / 6; // Cowper 1966, rectangular section without lateral contraction
  const double beam = force * std::pow(length, 3) / (3 * youngs * inertia) +
                      force * length / (kappa * (youngs / 2) * area);
  const double rate =
      std::log2((deflections[1] - deflections[0]) / (deflections[2] - deflections[1]));
  const double limit = deflections[2] + (deflections[2] - deflections[1]) / 3;
  INFO("deflections " << deflections[0] << " " << deflections[1] << " " << deflections[2]
                      << ", beam " << beam);
  CHECK(rate > 1.6);
  CHECK(rate < 2.4);
  // The wall hinders the section from warping, which the beam does not know.
  CHECK(limit == Approx(beam).epsilon(0.005));
}

TEST_CASE("a round tube of voxels has the axial and torsional stiffness of the true section within "
          "two percent")
{
  const double outer = 14;
  const double inner = 8;
  const double h = 0.5;
  const int layers = 6;
  const double length = layers * h;
  const double pi = 3.14159265358979;
  const VoxelBody body = body_of({60, 60, layers}, h, {-15, -15, 0},
                                 [&](Vec3 x)
                                 {
                                   const double r = std::hypot(x.x, x.y);
                                   return r > inner && r < outer;
                                 });
  const auto nodes = model::nodes_of(body.grid, body.voxels);
  VoxelSupports pull{{"bottom", "top", "corner"}, {}, {}};
  VoxelSupports turn{{"bottom", "top", "axis"}, {}, {}};
  const double twist = 1e-3;
  const double strain = 1e-3;
  for (const NodeIndex& node : nodes)
  {
    if (node.k != 0 && node.k != layers)
      continue;
    const Vec3 x = model::node_position(body.grid, node);
    const int support = node.k == 0 ? 0 : 1;
    pull.fixed.push_back({node, 2, strain * x.z, support});
    turn.fixed.push_back({node, 0, -twist * x.z * x.y, support});
    turn.fixed.push_back({node, 1, twist * x.z * x.x, support});
    turn.fixed.push_back({node, 2, 0, support});
  }
  const NodeIndex left{30 - 20, 30, 0};
  const NodeIndex right{30 + 20, 30, 0};
  pull.fixed.push_back({left, 0, 0, 2});
  pull.fixed.push_back({left, 1, 0, 2});
  pull.fixed.push_back({right, 1, 0, 2});
  voxel::Engine pulled(body, pull, MPI_COMM_SELF, tight());
  voxel::Engine turned(body, turn, MPI_COMM_SELF, tight());
  const double area = pi * (outer * outer - inner * inner);
  const double polar = pi / 2 * (std::pow(outer, 4) - std::pow(inner, 4));
  CHECK(solve(pulled, {}, 1).reaction[1].z == Approx(youngs * area * strain).epsilon(0.02));
  CHECK(2 * solve(turned, {}, 1).strain_energy / (twist * twist * length) ==
        Approx(shear * polar).epsilon(0.02));
}
