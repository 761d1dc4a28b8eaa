#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "base/table.hpp"

#include <map>
#include <optional>
#include <string>

namespace calcar::anatomy
{

/**
 * A point as a case file names it: { landmark = "femoral_neck_centre", offset_mm = { medial = 6,
 * distal = 4 } } or { point_lps_mm = [x, y, z] }.
 */
struct PointQuery
{
  std::optional<std::string> landmark;
  std::map<std::string, double> offset_mm; ///< by direction name
  std::optional<Vec3> point_lps_mm;
  std::string place; ///< "case.toml:12"
};

/// Reads a point on a bone of this kind; wrong keys, unknown directions and landmarks that such a
/// bone does not have are complained of in the table.
PointQuery read_point(const Table& table, BoneKind kind);

/// The point on this bone in LPS mm. Throws InputError (command) when the landmark is unknown for
/// the bone or lies outside the image.
Vec3 resolve(const PointQuery& query, const BoneAnatomy& bone);

} // namespace calcar::anatomy
