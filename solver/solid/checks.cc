#include "solid/checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "mesh/quality.hpp"
#include "solid/parts.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace calcar::solid
{
namespace
{

constexpr std::size_t most_problems = 10; ///< a list of a million bad cells helps nobody

std::string in_file(const mesh::Mesh& mesh)
{
  return mesh.source.path.empty() ? "" : mesh.source.path + ": ";
}

std::string cell_name(const mesh::Mesh& mesh, std::size_t cell)
{
  return in_file(mesh) + "cell " + std::to_string(mesh.cell_tag(cell));
}

std::string at(Vec3 p)
{
  return " at (" + format_number(p.x) + ", " + format_number(p.y) + ", " + format_number(p.z) +
         ") mm";
}

std::string node_name(const mesh::Mesh& mesh, const std::vector<Vec3>& nodes, std::uint32_t node)
{
  if (node >= nodes.size())
    return in_file(mesh) + "node number " + std::to_string(node);
  if (node < mesh.points.size())
    return in_file(mesh) + "point " + std::to_string(mesh.point_tag(node)) + at(nodes[node]);
  return in_file(mesh) + "the node between corners" + at(nodes[node]);
}

void throw_if_any(std::vector<Problem> problems)
{
  if (!problems.empty())
    throw InputError(Fault::data, std::move(problems));
}

void add(std::vector<Problem>& problems, Problem problem)
{
  if (problems.size() < most_problems)
    problems.push_back(std::move(problem));
  else if (problems.size() == most_problems)
    problems.push_back({"further places", "more problems like these", "", "", ""});
}

void check_sizes(const SolidBody& body)
{
  const mesh::Mesh& mesh = body.mesh;
  if (mesh.cells() == 0)
    throw InputError(Fault::data,
                     {in_file(mesh) + "mesh", "no cell", "at least one", "check the file", ""});
  if (mesh.degree != 1 && mesh.degree != 2)
    throw InputError(Fault::data, {in_file(mesh) + "mesh", "degree " + std::to_string(mesh.degree),
                                   "1 or 2", "", ""});
  const std::size_t points =
      mesh.cells() * static_cast<std::size_t>(integration_points_per_cell(mesh.shape, mesh.degree));
  for (const auto* moduli : {&body.youngs, &body.poisson})
    if (moduli->size() != body.youngs.size() ||
        (moduli->size() != mesh.cells() && moduli->size() != points))
      throw InputError(Fault::data,
                       {in_file(mesh) + "mesh",
                        std::to_string(body.youngs.size()) + " Young's moduli and " +
                            std::to_string(body.poisson.size()) + " Poisson's ratios for " +
                            std::to_string(mesh.cells()) + " cells",
                        "one for each cell, or one for each of the " + std::to_string(points) +
                            " integration points",
                        "", ""});
}

void check_moduli(const SolidBody& body, std::vector<Problem>& problems)
{
  const std::size_t per_cell = body.youngs.size() / body.mesh.cells();
  for (std::size_t n = 0; n < body.youngs.size(); ++n)
  {
    if (!(body.youngs[n] > 1e-30) || !std::isfinite(body.youngs[n]))
      add(problems,
          {cell_name(body.mesh, n / per_cell),
           "Young's modulus " + format_number(body.youngs[n]) + " MPa", "more than 0 and finite",
           "leave void cells out of the body, or check the density law", ""});
    if (!(body.poisson[n] > -1 && body.poisson[n] < 0.5))
      add(problems, {cell_name(body.mesh, n / per_cell),
                     "Poisson's ratio " + format_number(body.poisson[n], 9),
                     "more than -1 and less than 0.5", "check the material", ""});
  }
}

void check_points(const mesh::Mesh& mesh, std::vector<Problem>& problems)
{
  std::vector<bool> used(mesh.points.size());
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t point : mesh.cell(c))
    {
      if (point >= mesh.points.size())
        throw InputError(Fault::data, {cell_name(mesh, c),
                                       "a corner that is point number " + std::to_string(point),
                                       "0 to " + std::to_string(mesh.points.size() - 1), "", ""});
      used[point] = true;
    }
  for (std::size_t p = 0; p < used.size(); ++p)
  {
    const Vec3& x = mesh.points[p];
    if (!std::isfinite(x.x) || !std::isfinite(x.y) || !std::isfinite(x.z))
      add(problems, {in_file(mesh) + "point " + std::to_string(mesh.point_tag(p)),
                     "coordinates that are not finite", "numbers in mm", "check the file", ""});
    if (!used[p])
      add(problems, {in_file(mesh) + "point " + std::to_string(mesh.point_tag(p)) + at(x),
                     "it belongs to no cell", "points that are corners of cells",
                     "leave it out of the mesh", ""});
  }
}

/// Refuses cells whose Jacobian is not positive where it is integrated.
void check_volumes(const mesh::Mesh& mesh, std::vector<Problem>& problems)
{
  std::vector<std::vector<Vec3>> derivatives;
  for (const ReferencePoint& point : reference_points(mesh.shape, mesh.degree))
    derivatives.push_back(shape_derivatives(mesh.shape, 1, point.xi));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    double least = determinant(jacobian(mesh, c, derivatives[0]));
    for (std::size_t q = 1; q < derivatives.size() && mesh.shape == mesh::CellShape::hexahedron;
         ++q)
      least = std::min(least, determinant(jacobian(mesh, c, derivatives[q])));
    if (least > 0 && mesh::grade(mesh::quality(mesh, c), mesh.shape) != mesh::CellGrade::inverted)
      continue;
    const double volume = mesh::volume(mesh, c);
    std::string given = "volume " + format_number(volume) + " mm^3";
    if (volume > 0)
      given = "it is folded: " + (least > 0 ? std::string("its Jacobian is negative at a corner")
                                            : "its Jacobian is " + format_number(least) +
                                                  " mm^3 at an integration point, its volume " +
                                                  format_number(volume));
    add(problems,
        {cell_name(mesh, c) + at(mesh::centre(mesh, c)), given,
         "cells of positive volume, corners in the order of VTK, nowhere folded",
         volume < 0 ? "turn the order of its corners, or repair the mesh" : "repair the mesh", ""});
  }
}

void check_support_number(const Supports& supports, int support, const std::string& name,
                          std::vector<Problem>& problems)
{
  if (support < 0 || support >= static_cast<int>(supports.names.size()))
    add(problems, {name, "support number " + std::to_string(support),
                   "0 to " + std::to_string(static_cast<int>(supports.names.size()) - 1), "", ""});
}

void check_fixed(const mesh::Mesh& mesh, const mesh::Nodes& nodes, const Supports& supports,
                 std::vector<Problem>& problems)
{
  for (const FixedComponent& fixed : supports.fixed)
  {
    const std::string name = node_name(mesh, nodes.points, fixed.node);
    if (fixed.node >= nodes.points.size())
      add(problems, {name, "a support where there is no node",
                     "0 to " + std::to_string(nodes.points.size() - 1),
                     "move the support onto the body", ""});
    if (fixed.axis < 0 || fixed.axis > 2 || !std::isfinite(fixed.displacement))
      add(problems, {name,
                     "displacement " + format_number(fixed.displacement) + " along axis " +
                         std::to_string(fixed.axis),
                     "a finite displacement along axis 0, 1 or 2", "", ""});
    check_support_number(supports, fixed.support, name, problems);
  }
}

/// A component that is fixed twice must be fixed at the same place.
void check_repeated(const mesh::Mesh& mesh, const mesh::Nodes& nodes,
                    std::vector<FixedComponent> fixed, std::vector<Problem>& problems)
{
  const auto component = [](const FixedComponent& f) { return std::pair(f.node, f.axis); };
  std::stable_sort(fixed.begin(), fixed.end(),
                   [&](const auto& a, const auto& b) { return component(a) < component(b); });
  for (std::size_t n = 1; n < fixed.size(); ++n)
    if (component(fixed[n - 1]) == component(fixed[n]) &&
        fixed[n - 1].displacement != fixed[n].displacement)
      add(problems,
          {node_name(mesh, nodes.points, fixed[n].node),
           "displacements " + format_number(fixed[n - 1].displacement, 9) + " and " +
               format_number(fixed[n].displacement, 9) + " mm along " + "xyz"[fixed[n].axis],
           "one displacement per component", "let the supports not overlap", ""});
}

void check_springs(const mesh::Mesh& mesh, const mesh::Nodes& nodes, const Supports& supports,
                   std::vector<Problem>& problems)
{
  for (const NodeSpring& spring : supports.springs)
  {
    const std::string name = node_name(mesh, nodes.points, spring.node);
    if (spring.node >= nodes.points.size())
      add(problems, {name, "a spring where there is no node",
                     "0 to " + std::to_string(nodes.points.size() - 1),
                     "move the support onto the body", ""});
    check_support_number(supports, spring.support, name, problems);
    const SymTensor& k = spring.stiffness;
    bool good = true;
    for (const double value : {k.xx, k.yy, k.zz, k.yz, k.zx, k.xy})
      good = good && std::isfinite(value);
    // A spring along one direction has two eigenvalues that are 0 but for rounding.
    double least = std::nan("");
    if (good)
    {
      const auto pairs = eigenpairs(k);
      least = pairs[2].value;
      good = least >= -1e-9 * std::abs(pairs[0].value);
    }
    if (!good)
      add(problems,
          {name, "a spring with stiffness " + format_number(least) + " N/mm in one direction",
           "0 or more in every direction", "", ""});
  }
}

Problem problem_of(const mesh::Mesh& mesh, const FreePart& free)
{
  const std::string name = " of " + std::to_string(free.part.cells) + " cells with cell " +
                           std::to_string(mesh.cell_tag(free.part.first));
  if (free.motions.empty())
    return {in_file(mesh) + "the part" + name,
            "it hangs on edges or corners of cells as on hinges, and can swing",
            "parts that are joined by faces or held by supports",
            "leave the part out of the body, or support it", ""};
  return {in_file(mesh) + "the piece" + name, "its supports leave it free: " + join(free.motions),
          "supports that hold every piece", "add supports, or leave the piece out of the body", ""};
}

/// Refuses what makes two bodies take one place: a face of more than two cells, among them cells
/// that are there twice. It would be solved, and too stiff.
void check_faces(const mesh::Mesh& mesh, std::vector<Problem>& problems)
{
  const auto faces = mesh::sorted_faces(mesh);
  for (std::size_t n = 0; n < faces.size();)
  {
    std::size_t next = n + 1;
    while (next < faces.size() && faces[next].first == faces[n].first)
      ++next;
    if (next > n + 2)
      add(problems, {cell_name(mesh, faces[n + 2].second.cell) +
                         at(mesh::centre(mesh, faces[n + 2].second.cell)),
                     "a face that " + std::to_string(next - n) + " cells share, also cells " +
                         std::to_string(mesh.cell_tag(faces[n].second.cell)) + " and " +
                         std::to_string(mesh.cell_tag(faces[n + 1].second.cell)),
                     "one or two cells at a face", "repair the mesh: cells overlap", ""});
    n = next;
  }
}

/// A cell that stands for itself twice shares each of its faces with itself alone.
void check_twins(const mesh::Mesh& mesh, std::vector<Problem>& problems)
{
  const auto faces = mesh::sorted_faces(mesh);
  const std::size_t per_cell = mesh::reference_cell(mesh.shape).faces.size();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> neighbours;
  for (std::size_t n = 1; n < faces.size(); ++n)
    if (faces[n].first == faces[n - 1].first)
      neighbours.emplace_back(faces[n - 1].second.cell, faces[n].second.cell);
  std::sort(neighbours.begin(), neighbours.end());
  for (std::size_t n = 0; n < neighbours.size();)
  {
    std::size_t next = n + 1;
    while (next < neighbours.size() && neighbours[next] == neighbours[n])
      ++next;
    if (next - n == per_cell)
      add(problems,
          {cell_name(mesh, neighbours[n].second) + at(mesh::centre(mesh, neighbours[n].second)),
           "the same corners as cell " + std::to_string(mesh.cell_tag(neighbours[n].first)),
           "each cell once", "leave one of them out", ""});
    n = next;
  }
}

} // namespace

void check_body(const SolidBody& body)
{
  check_sizes(body);
  std::vector<Problem> problems;
  check_points(body.mesh, problems);
  throw_if_any(std::move(problems));
  problems = {};
  check_volumes(body.mesh, problems);
  check_faces(body.mesh, problems);
  check_twins(body.mesh, problems);
  check_moduli(body, problems);
  throw_if_any(std::move(problems));
}

void check_supports(const SolidBody& body, const mesh::Nodes& nodes, const Supports& supports)
{
  std::vector<Problem> problems;
  check_fixed(body.mesh, nodes, supports, problems);
  check_springs(body.mesh, nodes, supports, problems);
  throw_if_any(std::move(problems));
  problems = {};
  check_repeated(body.mesh, nodes, supports.fixed, problems);
  throw_if_any(std::move(problems));
  problems = {};
  for (const FreePart& free : free_parts(parts_of(body.mesh, nodes, body.hanging), nodes, supports))
    add(problems, problem_of(body.mesh, free));
  throw_if_any(std::move(problems));
}

void check_forces(const mesh::Mesh& mesh, const std::vector<Vec3>& nodes,
                  const std::vector<NodalForce>& forces)
{
  std::vector<Problem> problems;
  for (const NodalForce& force : forces)
  {
    if (force.node >= nodes.size())
      add(problems,
          {node_name(mesh, nodes, force.node), "a force where there is no node",
           "0 to " + std::to_string(nodes.size() - 1), "move the load onto the body", ""});
    else if (const Vec3& f = force.force;
             !std::isfinite(f.x) || !std::isfinite(f.y) || !std::isfinite(f.z))
      add(problems, {node_name(mesh, nodes, force.node), "a force that is not a number",
                     "finite components in N", "check the load", ""});
  }
  throw_if_any(std::move(problems));
}

} // namespace calcar::solid
