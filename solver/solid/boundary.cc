#include "solid/boundary.hpp"

#include "mesh/nodes.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

#include <algorithm>
#include <map>

namespace calcar::solid
{
namespace
{

using mesh::CellShape;

/// Place in the reference cell of a point (r, s) of a face whose corners are those of the cell.
Vec3 on_face(CellShape shape, const mesh::CellFace& face, Vec3 at)
{
  const auto corners = reference_nodes(shape, 1);
  const Vec3 origin = corners[face[0]];
  const Vec3 r = corners[face[1]] - origin;
  const Vec3 s = corners[shape == CellShape::tetrahedron ? face[2] : face[3]] - origin;
  return origin + at.x * r + at.y * s;
}

/// What does not change from cell to cell at a point of a face.
struct FaceRule
{
  std::vector<double> values;    ///< of the face's nodes
  std::vector<double> corners;   ///< of the face's corners
  std::vector<double> place;     ///< of the cell's corners
  std::vector<Vec3> derivatives; ///< of the cell's corners
  Vec3 r, s;                     ///< directions of the face in the reference cell
  double weight = 0;
};

std::vector<FaceRule> rules_of(CellShape shape, int degree, int number)
{
  const mesh::CellFace& face = mesh::reference_cell(shape).faces[static_cast<std::size_t>(number)];
  const auto nodes = mesh::nodes_of_face(shape, degree, number);
  std::vector<FaceRule> rules;
  for (const ReferencePoint& point : fine_face_points(shape))
  {
    const Vec3 xi = on_face(shape, face, point.xi);
    FaceRule rule;
    const auto all = shape_values(shape, degree, xi);
    for (const std::uint8_t node : nodes)
      rule.values.push_back(all[node]);
    rule.place = shape_values(shape, 1, xi);
    for (int n = 0; n < mesh::reference_cell(shape).corners_of_face; ++n)
      rule.corners.push_back(rule.place[nodes[static_cast<std::size_t>(n)]]);
    rule.derivatives = shape_derivatives(shape, 1, xi);
    const Vec3 origin = on_face(shape, face, {0, 0, 0});
    rule.r = on_face(shape, face, {1, 0, 0}) - origin;
    rule.s = on_face(shape, face, {0, 1, 0}) - origin;
    rule.weight = point.weight;
    rules.push_back(std::move(rule));
  }
  return rules;
}

struct Sums
{
  double area = 0;
  Vec3 normal;
};

} // namespace

void for_each_face_point(
    const mesh::Mesh& mesh, const std::vector<mesh::FaceOfCell>& faces,
    const std::function<void(std::span<const std::uint32_t>, const FacePoint&)>& visit)
{
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  std::vector<std::vector<FaceRule>> rules;
  for (int f = 0; f < static_cast<int>(mesh::reference_cell(mesh.shape).faces.size()); ++f)
    rules.push_back(rules_of(mesh.shape, mesh.degree, f));
  std::vector<std::uint32_t> of_face;
  for (const mesh::FaceOfCell& face : faces)
  {
    of_face.clear();
    for (const std::uint8_t n : mesh::nodes_of_face(mesh.shape, mesh.degree, face.face))
      of_face.push_back(nodes.cell(face.cell)[n]);
    for (const FaceRule& rule : rules[face.face])
    {
      // Corners run counter-clockwise seen from outside: dx/dr x dx/ds points outwards.
      const Mat3 columns = jacobian(mesh, face.cell, rule.derivatives);
      const Mat3 j = transpose(columns);
      const Vec3 normal = cross(j * rule.r, j * rule.s);
      FacePoint point;
      point.point = place(mesh, face.cell, rule.place);
      point.area = rule.weight * norm(normal);
      point.normal = norm(normal) > 0 ? normalized(normal) : Vec3{};
      point.values = rule.values;
      point.geometric = rule.corners;
      visit(of_face, point);
    }
  }
}

BoundaryNodes boundary_nodes(const mesh::Mesh& mesh)
{
  return boundary_nodes(mesh, mesh::boundary_faces(mesh));
}

BoundaryNodes boundary_nodes(const mesh::Mesh& mesh, const std::vector<mesh::FaceOfCell>& faces)
{
  std::map<std::uint32_t, Sums> sums;
  const auto add = [&](std::span<const std::uint32_t> nodes, const FacePoint& point)
  {
    for (std::size_t n = 0; n < nodes.size(); ++n)
    {
      Sums& sum = sums[nodes[n]];
      sum.area += point.values[n] * point.area;
      // Corners of quadratic triangles have no area: their normals by the linear functions.
      const bool corner = n < point.geometric.size();
      const double weight = corner ? point.geometric[n] : point.values[n];
      sum.normal += weight * point.area * point.normal;
    }
  };
  for_each_face_point(mesh, faces, add);
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  const bool no_corner_area = mesh.shape == CellShape::tetrahedron && mesh.degree == 2;
  BoundaryNodes result;
  for (const auto& [node, sum] : sums)
  {
    result.nodes.push_back(node);
    result.points.push_back(nodes.points[node]);
    result.normals.push_back(norm(sum.normal) > 0 ? normalized(sum.normal) : Vec3{});
    // Exactly 0 there, but for rounding.
    result.areas.push_back(no_corner_area && node < mesh.points.size() ? 0 : sum.area);
  }
  return result;
}

} // namespace calcar::solid
