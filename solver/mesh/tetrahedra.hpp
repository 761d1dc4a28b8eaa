#pragma once

#include "base/table.hpp"
#include "base/warning.hpp"
#include "geometry/solid.hpp"
#include "geometry/triangle_surface.hpp"
#include "mesh/mesh.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::mesh
{

/// How fine a mesh is to be. Lengths are those of edges on average, in mm.
struct MeshSizes
{
  double edge_mm = 3;    ///< inside the bone
  double surface_mm = 3; ///< on its surface (the cortex) and along the rims of its cut ends
  double lesion_mm = 2;  ///< inside and on the interface of lesions and implants (layers of a rig
                         ///< are meshed as the bone is)
  double approximation_mm = 0.15; ///< triangles lie at most this far off the true surface
  double most_cells = 4e6;        ///< a mesh that would have more is refused before it is begun

  bool operator==(const MeshSizes&) const = default;
};

/// Throws InputError (meshing) with all sizes that are out of bounds; `place` names the table or
/// option they come from.
void require_valid(const MeshSizes& sizes, const std::string& place = "mesh sizes");

/// Reads edge_mm, surface_mm, lesion_mm and approximation_mm of a table, each with its default;
/// values out of bounds are complained of there. surface_mm is edge_mm when not
/// given, and approximation_mm at most a quarter of surface_mm.
MeshSizes read_mesh_sizes(const Table& table);

/// A lesion, an implant, or any other part of a body with a region of its own.
struct Part
{
  std::string name;
  geometry::Solid solid; ///< only its sign is asked for
};

/// A plane that cuts a body off; `normal` (unit) points away from what is kept.
struct CutPlane
{
  std::string name; ///< of the face set that the cut becomes
  Vec3 point;
  Vec3 normal;
};

/**
 * A solid whose parts have names: what tetrahedra are made of. A point belongs to the last of the
 * parts that holds it, else to `name`, when it lies in the body and behind all cuts. Parts do not
 * reach out of the body.
 */
struct LabelledSolid
{
  std::string name = "bone"; ///< region of what lies in no part
  geometry::Solid body;      ///< only its sign is asked for
  std::vector<Part> parts;
  std::vector<CutPlane> cuts; ///< planes that do not cross within the body
  std::vector<Part> layers;   ///< beside the body: where it is not, the first that holds the point
  Box box;                    ///< holds the body, cuts apart, and the layers

  /// 0 outside, -1, -2, ... beyond a cut, 1 in `name`, 2, 3, ... in a part, then in a layer.
  int label(const Vec3& point) const;
  /// The same without layers.
  int body_label(const Vec3& point) const;
  bool is_layer(int label) const { return label > 1 + static_cast<int>(parts.size()); }
};

/// What a region came to.
struct MeshedRegion
{
  std::string name;
  std::size_t cells = 0;
  double volume_mm3 = 0;
  double expected_mm3 = 0; ///< of the solid itself
};

/**
 * How far a mesh's surface and the surface it was to have lie apart, measured both ways: from
 * corners and centres of the mesh's faces to the given surface, and from points of the given
 * surface to the mesh's faces.
 */
struct SurfaceDistance
{
  double most_mm = 0; ///< the largest of both ways
  double mean_mm = 0; ///< of the mesh's faces: their corners and centres
  Vec3 farthest;      ///< where the largest was found, mm
};
/// A mesh is warned of when its surface lies off by more than this times approximation_mm, and
/// refused when that is also more than `surface_refused_share` of surface_mm.
constexpr double surface_warned_times = 3;
constexpr double surface_refused_share = 0.5;

/// A mesh made here, with what is to be known of it.
struct MeshedSolid
{
  Mesh mesh; ///< face sets: one for each cut plane
  std::vector<MeshedRegion> regions;
  double smallest_dihedral_deg = 0;
  double largest_dihedral_deg = 0;
  double mean_edge_mm = 0;
  std::optional<SurfaceDistance> surface; ///< with interfaces; not measured of a labelled solid
  double seconds = 0;
  Warnings warnings; ///< e.g. a sliver that could not be mended
};

/**
 * Conforming tetrahedra of a labelled solid: Delaunay refinement, slivers perturbed and exuded (see
 * mesh/meshing.hpp). Interfaces between labels become faces of cells; cut planes stay flat to 1e-9
 * mm and their rims sharp. The same solid and sizes give the same bits.
 *
 * Throws InputError (meshing) when the solid is empty or would have more cells than allowed (the
 * message tells the edge length that would do), and when a region got lost or its volume differs
 * by more than `volume_tolerance` from that of the solid: it is too small or too thin for the edge
 * length.
 */
MeshedSolid make_tetrahedra(const LabelledSolid& solid, const MeshSizes& sizes);
constexpr double volume_tolerance = 0.05;

/// Cells that such a mesh will have, about (a prediction within a factor of 1.5).
double predicted_cells(const LabelledSolid& solid, const MeshSizes& sizes);

} // namespace calcar::mesh
