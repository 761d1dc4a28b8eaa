#include "solid/staircase.hpp"

#include "geometry/point_bins.hpp"
#include "solid/boundary.hpp"
#include "solid/loads.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::solid
{
namespace
{
/// Sums shorter than this share of what they are made of have no direction.
constexpr double even = 1e-9;

/// Outward at the points of a boundary; what has no direction keeps its own.
void smooth_normals(const mesh::Mesh& mesh, double reach_mm, BoundaryNodes& boundary)
{
  std::vector<Vec3> centres;
  std::vector<double> volumes;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    centres.push_back(mesh::centre(mesh, c));
    volumes.push_back(mesh::volume(mesh, c));
  }
  const geometry::PointBins bins(centres, reach_mm);
  for (std::size_t n = 0; n < boundary.points.size(); ++n)
  {
    Vec3 sum;
    double all = 0;
    bins.within(boundary.points[n], reach_mm,
                [&](std::size_t c)
                {
                  const Vec3 arm = centres[c] - boundary.points[n];
                  const double weight = volumes[c] * (1 - norm(arm) / reach_mm);
                  sum -= weight * arm;
                  all += weight * norm(arm);
                });
    if (norm(sum) > even * all)
      boundary.normals[n] = normalized(sum);
  }
}
} // namespace

BoundaryNodes staircase_nodes(const mesh::Mesh& mesh, const std::vector<mesh::FaceOfCell>& faces,
                              double reach_mm)
{
  BoundaryNodes boundary = boundary_nodes(mesh, faces);
  smooth_normals(mesh, reach_mm, boundary);
  std::fill(boundary.areas.begin(), boundary.areas.end(), 0);
  for_each_face_point(
      mesh, faces,
      [&](std::span<const std::uint32_t> nodes, const FacePoint& point)
      {
        for (std::size_t n = 0; n < nodes.size(); ++n)
        {
          const auto at = static_cast<std::size_t>(
              std::lower_bound(boundary.nodes.begin(), boundary.nodes.end(), nodes[n]) -
              boundary.nodes.begin());
          boundary.areas[at] +=
              point.values[n] * point.area * std::abs(dot(boundary.normals[at], point.normal));
        }
      });
  return boundary;
}

} // namespace calcar::solid
