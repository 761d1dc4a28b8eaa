#pragma once

#include "image/volume.hpp"
#include "lesion/lesion.hpp"
#include "material/protocol.hpp"
#include "material/tissue.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace calcar::model
{

/// What a voxel is made of, as the criteria see it: only bone can fail.
enum class TissueKind : std::uint8_t
{
  bone = 1,
  soft = 2,      ///< marrow or fat below the protocol's `soft_below_g_cm3`
  tumour = 3,    ///< the filling of a virtual lytic lesion
  cartilage = 4, ///< an open growth plate
  layer = 5,     ///< beside the bone: a disc, cap or pot of the rig
  metal = 6,     ///< an implant of metal or polymer
  cement = 7,    ///< bone cement
  interface = 8, ///< between an implant that is not bonded and the bone
  gap = 9        ///< where the bone is broken or gone
};
/// How many kinds there are, 0 for none included.
constexpr std::size_t tissue_kinds = 10;

/// Properties at a point of the bone.
struct PointMaterial
{
  TissueKind tissue = TissueKind::bone;
  double youngs = 0;               ///< MPa
  double poisson = 0;              ///< 1
  double ash = 0;                  ///< g/cm^3
  double compressive_strength = 0; ///< MPa; 0 where tissue is not bone
  double tensile_strength = 0;     ///< MPa
  bool in_law_range = true;
  bool at_ceiling = false;
  int lesion = -1; ///< index of the lesion the point lies in
};

/// What the material of a bone follows from. Images and protocol belong to the caller, who outlives
/// the field; all images are on one grid.
struct Ingredients
{
  const image::Volume& density; ///< g/cm^3 of the protocol's phantom kind
  const image::Mask& mask;      ///< the bone, its growth plates included
  const material::Protocol& protocol;
  std::vector<lesion::PlacedLesion> lesions = {};
  const image::Mask* growth_plates = nullptr; ///< null: they are closed, or there are none
};

/**
 * The material of a bone as a function of place: density from the CT through the protocol's laws,
 * as the lesions leave it (lesion::act: those `in_ct` change nothing), and cartilage
 * (materials/tissues/growth_plate.toml) where a growth plate is open; the filling of a lytic lesion
 * in a plate takes its place. The density is interpolated linearly; a point is inside a mask where
 * it is at least 1/2 when linearly interpolated. What lies beside the bone, a rig's layers, depends
 * on the voxels and is put there by model/layers.hpp.
 */
class MaterialField
{
public:
  /// Throws std::invalid_argument when the images are not on one grid, InputError when the tissue
  /// of a lesion is not known.
  explicit MaterialField(Ingredients ingredients);

  /// At a continuous index of the image; nothing outside the mask.
  std::optional<PointMaterial> at_index(Vec3 index) const;
  /// At a point in LPS mm.
  std::optional<PointMaterial> at(Vec3 point) const { return at_index(grid().index(point)); }

  /**
   * At a point in LPS mm, inside or not, with the density of another place (a continuous index of
   * the image, inside it): for points at the bone's surface whose own voxels are partly air.
   * Lesions and growth plates are those at the point itself.
   */
  PointMaterial at_with_density_of(Vec3 point, Vec3 density_index) const;

  const image::Grid& grid() const { return of_.mask.grid; }
  const image::Mask& mask() const { return of_.mask; }
  const std::vector<lesion::PlacedLesion>& lesions() const { return of_.lesions; }

private:
  PointMaterial material_of(Vec3 point, double density) const;
  bool in_growth_plate(Vec3 point) const;

  Ingredients of_;
  std::vector<material::Tissue> fillings_; ///< of the lesions, where they are lytic
  double soft_below_ash_ = 0;
  std::optional<material::Tissue> cartilage_;
};

} // namespace calcar::model
