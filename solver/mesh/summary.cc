#include "mesh/summary.hpp"

namespace calcar::mesh
{
namespace
{

double area(const Mesh& mesh, const std::vector<FaceOfCell>& faces)
{
  double sum = 0;
  for (const FaceOfCell& face : faces)
    sum += area(mesh, face);
  return sum;
}

std::vector<RegionSummary> summarise_regions(const Mesh& mesh)
{
  std::vector<RegionSummary> regions;
  for (const std::string& name : mesh.regions)
    regions.push_back({name, 0, 0});
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    RegionSummary& region = regions.at(mesh.region[c]);
    ++region.cells;
    region.volume += volume(mesh, c);
  }
  return regions;
}

Box in_file_unit(const Box& box, double mm_per_unit)
{
  return {box.low / mm_per_unit, box.high / mm_per_unit};
}

} // namespace

double area(const Mesh& mesh, FaceOfCell face)
{
  const auto corners = face_corners(mesh, face);
  Vec3 middle;
  for (const std::uint32_t p : corners)
    middle += mesh.points[p] / static_cast<double>(corners.size());
  double sum = 0;
  for (std::size_t n = 0; n < corners.size(); ++n)
    sum += norm(cross(mesh.points[corners[n]] - middle,
                      mesh.points[corners[(n + 1) % corners.size()]] - middle)) /
           2;
  return sum;
}

std::string shape_words(CellShape shape)
{
  return shape == CellShape::tetrahedron ? "radius ratio" : "scaled Jacobian";
}

MeshSummary summarise(const Mesh& mesh, double mm_per_unit)
{
  MeshSummary summary;
  summary.shape = mesh.shape;
  summary.degree = mesh.degree;
  summary.points = mesh.points.size();
  summary.cells = mesh.cells();
  summary.box = box(mesh);
  summary.regions = summarise_regions(mesh);
  for (const PointSet& set : mesh.point_sets)
    summary.point_sets.push_back({set.name, set.points.size(), 0});
  for (const FaceSet& set : mesh.face_sets)
    summary.face_sets.push_back({set.name, set.faces.size(), area(mesh, set.faces)});
  const auto boundary = boundary_faces(mesh);
  summary.boundary_faces = boundary.size();
  summary.area = area(mesh, boundary);
  summary.quality = summarise_quality(mesh);
  summary.volume = summary.quality.volume;
  summary.defects = defect_lines(find_defects(mesh), mesh);
  summary.unit = guess_unit(in_file_unit(summary.box, mm_per_unit));
  return summary;
}

} // namespace calcar::mesh
