#pragma once

#include "base/warning.hpp"
#include "material/tissue.hpp"
#include "mesh/mesh.hpp"
#include "model/material_field.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace calcar::mesh
{

/**
 * A bone as a mesh with its tissue: the body that is solved and what the criteria need beside it.
 * Arrays have one entry per cell. Lives on rank 0.
 */
struct MeshModel
{
  Mesh mesh;
  std::vector<model::TissueKind> tissue;
  std::vector<float> youngs;               ///< MPa, mean over the cell
  std::vector<float> poisson;              ///< 1
  std::vector<float> ash;                  ///< mean ash density, g/cm^3
  std::vector<float> compressive_strength; ///< MPa
  std::vector<float> tensile_strength;     ///< MPa
  std::vector<double> point_youngs;        ///< MPa at the points asked for; empty when none were
  std::vector<double> point_poisson;       ///< 1
  std::vector<Vec3> centre;                ///< LPS mm
  std::vector<double> volume;              ///< mm^3
  std::vector<FaceOfCell> surface;         ///< of the bone: on the boundary or towards a layer
  double outside_law_range = 0;            ///< share of the bone's sample points, by volume
  double at_ceiling = 0;                   ///< the same of those at the cortical ceiling
  double outside_mask = 0;                 ///< share of the mesh's volume outside the bone's mask
  std::vector<double> lesion_volume_mm3;   ///< of each lesion of the field inside the mesh
  double volume_mm3 = 0;                   ///< without layers
  std::vector<double> layer_volume_mm3;    ///< of each layer of the rig; none without them
};

/// A region of a mesh that is a layer of a rig, beside the bone.
struct LayerRegion
{
  std::size_t region = 0; ///< index into Mesh::regions
  material::Tissue tissue;
};

/// Whose density a sample point gets near the surface of the bone, where voxels are partly air.
enum class SurfaceDensity
{
  nearest, ///< outside the mask: that of the nearest voxel of the mask; inside: its own
  eroded   ///< also in the outermost layer of the mask: that of the nearest voxel below it
};

/// "nearest", "eroded", in the order of SurfaceDensity.
const std::vector<std::string>& surface_density_names();

struct MappingOptions
{
  SurfaceDensity surface = SurfaceDensity::nearest;
  /// Largest distance of sample points in a cell, mm; 0: half the smallest spacing of the scan.
  double sample_mm = 0;
  /// Where E is wanted besides the cells' means: solid::integration_points, as many in each cell;
  /// empty: nowhere.
  std::vector<Vec3> points = {};
  /// Regions whose cells are no bone, and what they are made of.
  std::vector<LayerRegion> layers = {};
  /// The boundary where it is not boundary_faces(): of cells that were refined unequally.
  std::optional<std::vector<FaceOfCell>> boundary = {};
  std::string place = "[mesh]"; ///< for messages
};

/**
 * Gives each cell the means of E, Poisson's ratio, density and strength over sample points spread
 * evenly in it: the mean of E, not E of the mean density. Tetrahedra are halved along their edges
 * into eight of equal volume until no edge is longer than sample_mm (3 times at most), hexahedra
 * are cut evenly in their own coordinates and weighted by their Jacobian; the samples are the
 * centres of the pieces. Tissue is that of most samples. Lesions count where the point itself lies,
 * whatever density stands in for its own. Cells of a layer have its tissue's moduli everywhere, no
 * density and no strength, and count in none of the shares.
 *
 * Throws InputError (data) when more than a fiftieth of the mesh lies farther than 3 mm (or two
 * voxels) outside the mask: then mesh and scan are not in one place.
 */
MeshModel map_materials(Mesh mesh, const model::MaterialField& field,
                        const MappingOptions& options = {});

} // namespace calcar::mesh
