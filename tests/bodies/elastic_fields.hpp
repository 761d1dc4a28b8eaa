#pragma once

#include "bodies/elements.hpp"
#include "bodies/structured_meshes.hpp"
#include "solid/engine.hpp"

#include <functional>
#include <set>
#include <stdexcept>

/// Loads, errors and stresses of elastic bodies on meshes, by the tests' own elements.
namespace test_bodies
{

using calcar::Mat3;
using calcar::SymTensor;
using calcar::solid::NodalForce;
using calcar::solid::SolidBody;
using calcar::solid::Solution;
using calcar::solid::Supports;

using VectorField = std::function<Vec3(Vec3)>;
using Gradient = std::function<Mat3(Vec3)>; ///< gradient[i][k] = du_i / dx_k

inline SymTensor symmetric(const Mat3& g)
{
  return {g[0].x,
          g[1].y,
          g[2].z,
          0.5 * (g[1].z + g[2].y),
          0.5 * (g[0].z + g[2].x),
          0.5 * (g[0].y + g[1].x)};
}

/// Isotropic law: stress of a strain, MPa.
inline SymTensor hooke(double youngs, double poisson, SymTensor strain)
{
  const double mu = youngs / 2 / (1 + poisson);
  const double p = youngs * poisson / (1 + poisson) / (1 - 2 * poisson) * trace(strain);
  return 2 * mu * strain + SymTensor{p, p, p, 0, 0, 0};
}

/// The nodal forces of a sum over points: add(cell, point, force) collects shape * weight * force.
class ForceSum
{
public:
  explicit ForceSum(const Mesh& mesh)
      : nodes_(calcar::mesh::nodes_of(mesh)), sum_(nodes_.points.size())
  {
  }
  void add(std::size_t cell, const PointInCell& point, Vec3 density)
  {
    const auto nodes = nodes_.cell(cell);
    for (std::size_t n = 0; n < nodes.size(); ++n)
      sum_[nodes[n]] += point.weight * point.shape.value[n] * density;
  }
  /// The forces of an initial stress: weight * stress * gradient of the shape functions.
  void add_stress(std::size_t cell, const PointInCell& point, SymTensor stress)
  {
    const auto nodes = nodes_.cell(cell);
    for (std::size_t n = 0; n < nodes.size(); ++n)
      sum_[nodes[n]] += point.weight * (stress * point.shape.gradient[n]);
  }
  std::vector<NodalForce> forces() const
  {
    std::vector<NodalForce> result;
    for (std::uint32_t n = 0; n < sum_.size(); ++n)
      if (sum_[n] != Vec3{})
        result.push_back({n, sum_[n]});
    return result;
  }

private:
  calcar::mesh::Nodes nodes_;
  std::vector<Vec3> sum_;
};

/// Nodal forces of a traction(x, outward normal) in MPa on faces, by n x n points of each.
inline std::vector<NodalForce> traction_forces(const Mesh& mesh,
                                               const std::vector<FaceOfCell>& faces,
                                               const std::function<Vec3(Vec3, Vec3)>& traction,
                                               int n = 3)
{
  ForceSum sum(mesh);
  over_faces(mesh, faces, n,
             [&](const FaceOfCell& face, const PointInCell& point)
             { sum.add(face.cell, point, traction(point.x, point.normal)); });
  return sum.forces();
}

/// Nodes of the displacements where `here` says.
inline std::vector<std::uint32_t> nodes_where(const Mesh& mesh,
                                              const std::function<bool(Vec3)>& here)
{
  const auto points = calcar::mesh::nodes_of(mesh).points;
  std::vector<std::uint32_t> nodes;
  for (std::uint32_t n = 0; n < points.size(); ++n)
    if (here(points[n]))
      nodes.push_back(n);
  return nodes;
}

/// Nodes of the displacements on faces, ascending, each once.
inline std::vector<std::uint32_t> nodes_on(const Mesh& mesh, const std::vector<FaceOfCell>& faces)
{
  const auto nodes = calcar::mesh::nodes_of(mesh);
  std::set<std::uint32_t> on;
  for (const FaceOfCell& face : faces)
    for (const std::uint8_t n : calcar::mesh::nodes_of_face(mesh.shape, mesh.degree, face.face))
      on.insert(nodes.cell(face.cell)[n]);
  return {on.begin(), on.end()};
}

/// Prescribes one component of nodes, to value(x); components already prescribed stay as they are.
inline void prescribe(
    Supports& supports, const Mesh& mesh, const std::vector<std::uint32_t>& nodes, int axis,
    const std::function<double(Vec3)>& value = [](Vec3) { return 0.0; })
{
  std::set<std::uint32_t> taken;
  for (const auto& fixed : supports.fixed)
    if (fixed.axis == axis)
      taken.insert(fixed.node);
  const auto points = calcar::mesh::nodes_of(mesh).points;
  const int support = static_cast<int>(supports.names.size());
  supports.names.push_back("support " + std::to_string(support));
  for (const std::uint32_t n : nodes)
    if (!taken.contains(n))
      supports.fixed.push_back({n, axis, value(points[n]), support});
}

/// Prescribes all components of nodes.
inline void prescribe(Supports& supports, const Mesh& mesh, const std::vector<std::uint32_t>& nodes,
                      const VectorField& field)
{
  for (int axis = 0; axis < 3; ++axis)
    prescribe(supports, mesh, nodes, axis,
              [&](Vec3 x) { return field(x)[static_cast<std::size_t>(axis)]; });
}

/// Symmetry planes x = 0, y = 0, z = 0, as far as their nodes are not prescribed already.
inline void prescribe_symmetry(Supports& supports, const Mesh& mesh, std::array<bool, 3> planes)
{
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (planes[axis])
      prescribe(supports, mesh,
                nodes_where(mesh, [axis](Vec3 x) { return std::abs(x[axis]) < 1e-9; }),
                static_cast<int>(axis));
}

/// A body of one tissue.
inline SolidBody uniform_body(Mesh mesh, double youngs, double poisson)
{
  SolidBody body;
  body.mesh = std::move(mesh);
  body.youngs.assign(body.mesh.cells(), youngs);
  body.poisson.assign(body.mesh.cells(), poisson);
  return body;
}

/// Solves on this process alone.
inline Solution solve_alone(const SolidBody& body, const Supports& supports,
                            const std::vector<NodalForce>& forces, double relative_residual = 1e-9)
{
  calcar::solid::Options options;
  options.relative_residual = relative_residual;
  calcar::solid::Engine engine(body, supports, MPI_COMM_SELF, options);
  return engine.solve({forces}, {1}).front();
}

/// Gradient of nodal displacements at a point of a cell.
inline Mat3 displacement_gradient(const std::vector<Vec3>& displacement,
                                  std::span<const std::uint32_t> nodes, const Shape& shape)
{
  Mat3 g = {};
  for (std::size_t n = 0; n < nodes.size(); ++n)
    for (std::size_t i = 0; i < 3; ++i)
      g[i] += displacement[nodes[n]][i] * shape.gradient[n];
  return g;
}

/// Relative errors of a solution: of the displacement in L2, and of the strain in the energy norm.
struct Errors
{
  double displacement;
  double energy;
};

/// `youngs` as a function of place, by 4^3 points in each cell.
inline Errors errors_of(const Mesh& mesh, const std::vector<Vec3>& displacement,
                        const VectorField& exact, const Gradient& gradient,
                        const std::function<double(Vec3)>& youngs, double poisson)
{
  const auto nodes = calcar::mesh::nodes_of(mesh);
  double wrong = 0, all = 0, wrong_energy = 0, all_energy = 0;
  over_cells(mesh, 4,
             [&](std::size_t c, const PointInCell& point)
             {
               Vec3 u;
               for (std::size_t n = 0; n < nodes.cell(c).size(); ++n)
                 u += point.shape.value[n] * displacement[nodes.cell(c)[n]];
               const Vec3 right = exact(point.x);
               wrong += point.weight * dot(u - right, u - right);
               all += point.weight * dot(right, right);
               const SymTensor strain = symmetric(gradient(point.x));
               const SymTensor error =
                   symmetric(displacement_gradient(displacement, nodes.cell(c), point.shape)) +
                   (-1) * strain;
               const double e = youngs(point.x);
               wrong_energy += point.weight * contract(hooke(e, poisson, error), error);
               all_energy += point.weight * contract(hooke(e, poisson, strain), strain);
             });
  return {std::sqrt(wrong / all), std::sqrt(wrong_energy / all_energy)};
}

/// Solves a small dense system by elimination with pivots. Throws where it is singular.
inline std::vector<double> solve_dense(std::vector<std::vector<double>> a, std::vector<double> b)
{
  const std::size_t n = b.size();
  for (std::size_t k = 0; k < n; ++k)
  {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(a[i][k]) > std::abs(a[best][k]))
        best = i;
    std::swap(a[k], a[best]);
    std::swap(b[k], b[best]);
    if (std::abs(a[k][k]) < 1e-12)
      throw std::runtime_error("too few points to fit a polynomial");
    for (std::size_t i = k + 1; i < n; ++i)
    {
      const double factor = a[i][k] / a[k][k];
      for (std::size_t j = k; j < n; ++j)
        a[i][j] -= factor * a[k][j];
      b[i] -= factor * b[k];
    }
  }
  for (std::size_t k = n; k-- > 0;)
  {
    for (std::size_t j = k + 1; j < n; ++j)
      b[k] -= a[k][j] * b[j];
    b[k] /= a[k][k];
  }
  return b;
}

/// The monomials up to a degree (1 or 2) at a point.
inline std::vector<double> monomials(Vec3 x, int degree)
{
  if (degree == 1)
    return {1, x.x, x.y, x.z};
  return {1, x.x, x.y, x.z, x.x * x.x, x.y * x.y, x.z * x.z, x.y * x.z, x.z * x.x, x.x * x.y};
}

/// Numbers of the cells within `rings` cells of a point of the mesh.
inline std::vector<std::size_t> cells_around(const Mesh& mesh, std::uint32_t point, int rings)
{
  std::vector<bool> near(mesh.points.size());
  near[point] = true;
  std::vector<std::size_t> cells;
  for (int ring = 0; ring < rings; ++ring)
  {
    cells.clear();
    for (std::size_t c = 0; c < mesh.cells(); ++c)
      if (std::any_of(mesh.cell(c).begin(), mesh.cell(c).end(),
                      [&](std::uint32_t p) { return near[p]; }))
        cells.push_back(c);
    for (const std::size_t c : cells)
      for (const std::uint32_t p : mesh.cell(c))
        near[p] = true;
  }
  return cells;
}

/// The number of the mesh's point nearest to a place.
inline std::uint32_t nearest_point(const Mesh& mesh, Vec3 x)
{
  const auto nearer = [x](Vec3 a, Vec3 b) { return norm(a - x) < norm(b - x); };
  return static_cast<std::uint32_t>(
      std::min_element(mesh.points.begin(), mesh.points.end(), nearer) - mesh.points.begin());
}

/**
 * Value at a point of the mesh, which may lie on the boundary, of a field known at the integration
 * points: a polynomial of the degree of the displacements is fitted by least squares to the values
 * in the cells around it (the patch recovery of Zienkiewicz and Zhu 1992,
 * https://doi.org/10.1002/nme.1620330702).
 */
inline SymTensor fitted_at(const Mesh& mesh, const std::vector<SymTensor>& field, Vec3 place,
                           int rings)
{
  const std::uint32_t point = nearest_point(mesh, place);
  const Vec3 at = mesh.points[point];
  const auto cells = cells_around(mesh, point, rings);
  const auto points = calcar::solid::integration_points(mesh);
  const auto per_cell = points.size() / mesh.cells();
  double radius = 0;
  for (const std::size_t c : cells)
    radius = std::max(radius, norm(points[c * per_cell] - at));
  const std::size_t terms = monomials({}, mesh.degree).size();
  std::vector<std::vector<double>> normal(terms, std::vector<double>(terms));
  std::array<std::vector<double>, 6> right;
  right.fill(std::vector<double>(terms));
  for (const std::size_t c : cells)
    for (std::size_t q = c * per_cell; q < (c + 1) * per_cell; ++q)
    {
      const auto basis = monomials((points[q] - at) / radius, mesh.degree);
      const SymTensor& s = field[q];
      const std::array<double, 6> values = {s.xx, s.yy, s.zz, s.yz, s.zx, s.xy};
      for (std::size_t i = 0; i < terms; ++i)
      {
        for (std::size_t j = 0; j < terms; ++j)
          normal[i][j] += basis[i] * basis[j];
        for (std::size_t k = 0; k < 6; ++k)
          right[k][i] += basis[i] * values[k];
      }
    }
  std::array<double, 6> value{};
  for (std::size_t k = 0; k < 6; ++k)
    value[k] = solve_dense(normal, right[k]).front();
  return {value[0], value[1], value[2], value[3], value[4], value[5]};
}

/// Stresses at the integration points, MPa, of a body with one modulus in each cell.
inline std::vector<SymTensor> stress_of(const SolidBody& body, const Solution& solution)
{
  const std::size_t per_cell = solution.strain_points.size() / body.mesh.cells();
  std::vector<SymTensor> stress;
  for (std::size_t q = 0; q < solution.strain_points.size(); ++q)
    stress.push_back(
        hooke(body.youngs[q / per_cell], body.poisson[q / per_cell], solution.strain_points[q]));
  return stress;
}

/**
 * Stress at a point of the mesh of a body of one tissue, MPa, as fitted_at. Two rings of cells: a
 * curved surface is made of facets, whose edges disturb the stress within the first ring, and at
 * the edge of a body one ring may hold one tetrahedron only.
 */
inline SymTensor stress_at(const SolidBody& body, const Solution& solution, Vec3 place,
                           int rings = 2)
{
  return fitted_at(body.mesh, stress_of(body, solution), place, rings);
}

/// Gradient of a field by central differences, for closed forms given by their displacements;
/// `step` mm.
inline Gradient differences(VectorField field, double step)
{
  return [field = std::move(field), step](Vec3 x)
  {
    Mat3 columns;
    for (std::size_t k = 0; k < 3; ++k)
    {
      Vec3 ahead = x, behind = x;
      ahead[k] += step;
      behind[k] -= step;
      columns[k] = (field(ahead) - field(behind)) / (2 * step);
    }
    return transpose(columns);
  };
}

} // namespace test_bodies
