#pragma once

#include "anatomy/bone_anatomy.hpp"

#include <string>
#include <vector>

namespace calcar::anatomy
{

/// The regions of a bone from materials/anatomy/<bone>_regions.toml, proximal to distal.
const std::vector<Region>& regions(BoneKind kind);

/**
 * Name of the region a point lies in ("neck", "subtrochanteric"): the first of the file whose tests
 * all hold; empty when none does. A region whose landmark lies outside the image is passed over.
 *
 *     [[region]]
 *     name, words
 *     landmark = "...", from_mm, to_mm        mm distal of a landmark along the bone
 *     landmark = "...", within_mm             in a ball about it; or within_measure, within_factor
 *     between = ["a", "b"], from, to          share of the way from a to b (also_between, ...)
 *     along = "neck", to_head_radii           of the femur: from the head centre along the neck
 */
std::string region_of(const BoneAnatomy& bone, Vec3 point);

/**
 * Where on the bone's girth a point lies: of head and neck "superolateral", "inferomedial",
 * "anterior", "posterior" and between; elsewhere "medial", "anteromedial", "anterior" and so on;
 * "central" within a quarter of the local radius of the axis. Of a vertebra by its own directions;
 * empty of pelvis, rib and skull, where region and landmark say it.
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
