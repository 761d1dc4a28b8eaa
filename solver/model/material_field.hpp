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
  soft = 2,  ///< marrow or fat below the protocol's `soft_below_g_cm3`
  tumour = 3 ///< the inside of a virtual lesion
};

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

/**
 * The material of a bone as a function of place: density from the CT through the protocol's laws,
 * with virtual lesions put in. The density is interpolated linearly; a point is inside where the
 * linearly interpolated mask is at least 1/2.
 */
class MaterialField
{
public:
  /// `density` is in g/cm^3 of the protocol's phantom kind and on the mask's grid.
  MaterialField(const image::Volume& density, const image::Mask& mask,
                const material::Protocol& protocol, std::vector<lesion::PlacedLesion> lesions);

  /// At a continuous index of the image; nothing outside the mask.
  std::optional<PointMaterial> at_index(Vec3 index) const;
  /// At a point in LPS mm.
  std::optional<PointMaterial> at(Vec3 point) const { return at_index(grid().index(point)); }

  /**
   * At a point in LPS mm, inside or not, with the density of another place (a continuous index of
   * the image, inside it): for points at the bone's surface whose own voxels are partly air.
   * Lesions are those at the point itself.
   */
  PointMaterial at_with_density_of(Vec3 point, Vec3 density_index) const;

  const image::Grid& grid() const { return mask_->grid; }
  const image::Mask& mask() const { return *mask_; }
  const std::vector<lesion::PlacedLesion>& lesions() const { return lesions_; }

private:
  PointMaterial material_of(Vec3 point, double density) const;

  const image::Volume* density_; ///< owned by the caller, who outlives the field
  const image::Mask* mask_;
  const material::Protocol* protocol_;
  std::vector<lesion::PlacedLesion> lesions_;
  std::vector<material::Tissue> lesion_tissues_;
};

} // namespace calcar::model
