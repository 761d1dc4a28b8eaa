#include "mesh/meshing_result.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "mesh/quality.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::mesh
{
namespace
{
/// Volume of cells over the cube of their mean edge, measured on balls; that of the
/// regular tetrahedron is 0.118.
constexpr double volume_per_cube = 0.097;
/// Share of a layer as thick as the coarser cells that is finer than they are (measured).
constexpr double graded_share = 0.4;
/// Tetrahedra there are for each point, at least (5.3 and more in fine meshes).
constexpr double cells_per_point = 4;

/// Mean volume of the cells of meshes with this mean edge, mm^3.
double cell_volume(double edge_mm)
{
  return volume_per_cube * edge_mm * edge_mm * edge_mm;
}

void require_room(double cells, const MeshSizes& sizes)
{
  if (cells <= sizes.most_cells)
    return;
  throw InputError(Fault::meshing,
                   {"mesh sizes",
                    "edge_mm = " + format_number(sizes.edge_mm) +
                        ", surface_mm = " + format_number(sizes.surface_mm) +
                        ", lesion_mm = " + format_number(sizes.lesion_mm) + " would give about " +
                        format_number(cells, 2) + " cells",
                    "at most " + format_number(sizes.most_cells) + " cells",
                    "take edges " + format_number(1.1 * std::cbrt(cells / sizes.most_cells), 2) +
                        " times as long",
                    ""});
}

/// Refuses regions that the mesh does not show as they are.
void require_faithful(const MeshedRegion& region, const std::string& remedy)
{
  const double off = region.volume_mm3 / region.expected_mm3 - 1;
  if (region.cells > 0 && std::abs(off) <= volume_tolerance)
    return;
  const std::string seen = region.cells == 0
                               ? "got lost"
                               : "has " + format_number(region.volume_mm3) + " mm3 in the mesh";
  throw InputError(
      Fault::meshing,
      {region.name,
       "region \"" + region.name + "\" of " + format_number(region.expected_mm3) + " mm3 " + seen,
       "volumes right to " + format_number(100 * volume_tolerance) + " %", remedy, ""});
}

std::vector<MeshedRegion> regions_of(const Mesh& mesh, const Expected& expected)
{
  std::vector<MeshedRegion> regions;
  for (std::size_t n = 0; n < expected.names.size(); ++n)
    regions.push_back({expected.names[n], 0, 0, expected.volumes.at(static_cast<int>(n) + 1)});
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    MeshedRegion& region = regions[mesh.region[c]];
    ++region.cells;
    region.volume_mm3 += volume(mesh, c);
  }
  for (std::size_t n = 0; n < regions.size(); ++n)
    require_faithful(regions[n], expected.remedy[n]);
  return regions;
}

/// Fills angles and mean edge.
void measure(MeshedSolid& meshed)
{
  const Mesh& mesh = meshed.mesh;
  double edges = 0;
  std::size_t slivers = 0;
  meshed.smallest_dihedral_deg = 180;
  for (std::size_t n = 0; n < mesh.cells(); ++n)
  {
    const CellQuality cell = quality(mesh, n);
    if (!(cell.volume > 0))
    {
      const Vec3 at = centre(mesh, n);
      throw MesherGaveUp(Fault::meshing,
                         Problem{"mesh",
                                 "a cell at " + format_number(at.x) + ", " + format_number(at.y) +
                                     ", " + format_number(at.z) + " mm came out without volume",
                                 "cells with a volume", "take slightly different mesh sizes", ""});
    }
    meshed.smallest_dihedral_deg = std::min(meshed.smallest_dihedral_deg, cell.smallest_angle);
    meshed.largest_dihedral_deg = std::max(meshed.largest_dihedral_deg, cell.largest_angle);
    slivers += cell.smallest_angle < limits::sliver_angle ? 1 : 0;
    const auto corner = mesh.cell(n);
    for (const CellEdge& edge : reference_cell(mesh.shape).edges)
      edges += norm(mesh.points[corner[edge[0]]] - mesh.points[corner[edge[1]]]);
  }
  meshed.mean_edge_mm = edges / (6 * static_cast<double>(mesh.cells()));
  if (slivers > 0)
    meshed.warnings.push_back({"sliver",
                               std::to_string(slivers) + " of " + std::to_string(mesh.cells()) +
                                   " cells have an angle between faces below " +
                                   format_number(limits::sliver_angle) + " degrees (smallest " +
                                   format_number(meshed.smallest_dihedral_deg, 3) +
                                   "); slightly different mesh sizes may avoid them",
                               "mesh"});
}

/// Cells joined by faces, counted.
std::size_t pieces_of(const Mesh& mesh)
{
  std::vector<std::uint32_t> root(mesh.cells());
  std::iota(root.begin(), root.end(), 0U);
  const auto root_of = [&](std::uint32_t c)
  {
    while (root[c] != c)
      c = root[c] = root[root[c]];
    return c;
  };
  std::size_t pieces = mesh.cells();
  const auto faces = sorted_faces(mesh);
  for (std::size_t n = 1; n < faces.size(); ++n)
    if (faces[n].first == faces[n - 1].first)
    {
      const std::uint32_t one = root_of(faces[n].second.cell);
      const std::uint32_t other = root_of(faces[n - 1].second.cell);
      pieces -= one == other ? 0 : 1;
      root[std::max(one, other)] = std::min(one, other);
    }
  return pieces;
}
} // namespace

double predicted_cells(const MeshingBody& body, const Expected& expected)
{
  double cells = 0;
  for (const auto& [label, volume] : expected.volumes)
    cells += volume / cell_volume(body.inside(label));
  for (const auto& [patch, area] : expected.areas)
  {
    const double edge = body.surface(patch);
    const double inside = body.inside(patch.second);
    if (edge < inside)
      cells += graded_share * area * inside *
               (1 / cell_volume(std::sqrt(edge * inside)) - 1 / cell_volume(inside));
  }
  return cells;
}

void require_meshable(const MeshingBody& body, const Expected& expected, const MeshSizes& sizes)
{
  if (expected.volumes.empty())
    throw InputError(Fault::meshing,
                     {expected.names.front(), "the solid is empty: nothing lies inside",
                      "a solid with a volume", "check the mask, the parts and the cut planes", ""});
  for (std::size_t n = 0; n < expected.names.size(); ++n)
    if (!expected.volumes.contains(static_cast<int>(n) + 1))
      throw InputError(Fault::meshing,
                       {expected.names[n],
                        "region \"" + expected.names[n] + "\" has no volume inside the body",
                        "every part meets the body and is not covered by later parts",
                        "check its centre and size", ""});
  require_room(predicted_cells(body, expected), sizes);
}

MeshedSolid assembled(const Refined& refined, const Expected& expected)
{
  MeshedSolid meshed;
  Mesh& mesh = meshed.mesh;
  mesh.points = refined.points;
  mesh.corners = refined.corners;
  for (const int label : refined.labels)
    mesh.region.push_back(static_cast<std::uint16_t>(label - 1));
  mesh.regions = expected.names;
  meshed.regions = regions_of(mesh, expected);
  measure(meshed);
  if (const std::size_t pieces = pieces_of(mesh); pieces > 1)
    meshed.warnings.push_back(
        {"pieces",
         "the mesh consists of " + std::to_string(pieces) +
             " pieces that no face joins: what nothing holds cannot be solved",
         "mesh"});
  return meshed;
}

void judge_surface(MeshedSolid& meshed, const MeshSizes& sizes, const std::string& where)
{
  if (!meshed.surface)
    return;
  const SurfaceDistance& found = *meshed.surface;
  if (!(found.most_mm > surface_warned_times * sizes.approximation_mm))
    return;
  const Vec3& at = found.farthest;
  const std::string off = "the surface of the mesh lies " + format_number(found.most_mm, 3) +
                          " mm off the given one at " + format_number(at.x) + ", " +
                          format_number(at.y) + ", " + format_number(at.z) + " mm (mean " +
                          format_number(found.mean_mm, 2) + " mm)";
  const std::string remedy =
      "take a smaller surface_mm and approximation_mm, or smooth the surface "
      "there: it is thin or sharp";
  const double refused = surface_refused_share * sizes.surface_mm;
  if (found.most_mm > refused)
    throw InputError(
        Fault::meshing,
        {where, off, "at most " + format_number(refused) + " mm, half of surface_mm", remedy, ""});
  meshed.warnings.push_back({"surface_off",
                             off + ", more than " + format_number(surface_warned_times) +
                                 " times approximation_mm; " + remedy,
                             where});
}

std::vector<FaceOfCell> faces_of(const Mesh& mesh, const Refined& refined, int outside)
{
  std::vector<FaceKey> wanted;
  for (const Refined::Triangle& triangle : refined.surface)
    if (triangle.patch.first == outside)
    {
      FaceKey key = {triangle.corners[0], triangle.corners[1], triangle.corners[2], no_corner};
      std::sort(key.begin(), key.end());
      wanted.push_back(key);
    }
  std::sort(wanted.begin(), wanted.end());
  std::vector<FaceOfCell> faces;
  for (const FaceOfCell& face : boundary_faces(mesh))
    if (std::binary_search(wanted.begin(), wanted.end(), face_key(mesh, face)))
      faces.push_back(face);
  return faces;
}

std::size_t points_for(double cells)
{
  return static_cast<std::size_t>(cells / cells_per_point);
}

Box grown(const Box& box, double by)
{
  const Vec3 room{by, by, by};
  return {box.low - room, box.high + room};
}

Patch ordered(int one, int other)
{
  return {std::min(one, other), std::max(one, other)};
}

} // namespace calcar::mesh
