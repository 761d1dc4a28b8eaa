#pragma once

#include "anatomy/bone_anatomy.hpp"

#include <string>
#include <vector>

namespace calcar::anatomy
{

/// The regions of a bone from materials/anatomy/<bone>_regions.toml, proximal to distal.
const std::vector<Region>& regions(BoneKind kind);

/// Name of the region a point lies in, by its level ("neck", "subtrochanteric"). A region whose
/// landmark lies outside the image is passed over.
std::string region_of(const BoneAnatomy& bone, Vec3 point);

/**
 * Where on the bone's girth a point lies: of head and neck "superolateral", "inferomedial",
 * "anterior", "posterior" and between; elsewhere "medial", "anteromedial", "anterior" and so on;
 * "central" within a quarter of the local radius of the axis.
 */
std::string aspect_of(const BoneAnatomy& bone, Vec3 point);

/// A place on the bone, for the report.
struct Location
{
  std::string words;    ///< "femoral neck, inferomedial, 6 mm distal and 4 mm medial of the femoral
                        ///< neck centre"
  std::string region;   ///< name of it
  std::string landmark; ///< the nearest
  double distance_mm = 0; ///< from it
  Vec3 point;             ///< LPS mm
};

Location locate(const BoneAnatomy& bone, Vec3 point);

} // namespace calcar::anatomy
