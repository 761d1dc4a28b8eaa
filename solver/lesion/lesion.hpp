#pragma once

#include "anatomy/point_query.hpp"
#include "base/table.hpp"
#include "geometry/solid.hpp"

#include <map>
#include <string>
#include <vector>

namespace calcar::lesion
{

/**
 * A lesion as the case file states it. This version knows virtual lytic lesions: `in_ct = false`,
 * the tissue inside the shape is replaced by tumour tissue; the healthy twin is then the plain CT.
 */
struct Lesion
{
  std::string name;
  std::string kind = "lytic";
  bool in_ct = false;
  std::string shape; ///< "sphere" or "ellipsoid"
  anatomy::PointQuery centre;
  double radius_mm = 0;                   ///< of a sphere
  std::map<std::string, double> radii_mm; ///< of an ellipsoid, along medial, anterior and proximal
  std::string tissue = "tumour_lytic";    ///< a file in materials/tissues
  std::string place;
};

/// Reads one [[lesion]] of a bone of this kind; wrong values are complained of in the table.
Lesion read_lesion(const Table& table, anatomy::BoneKind bone);

/// A lesion in the bone.
struct PlacedLesion
{
  Lesion lesion;
  Vec3 centre;         ///< LPS mm
  double reach_mm = 0; ///< no point of the lesion is farther from the centre
  geometry::Solid solid;
};

/// Places a lesion by the bone's landmarks and frame; the ellipsoid's axes are the frame's.
PlacedLesion place(const Lesion& lesion, const anatomy::BoneAnatomy& bone);

} // namespace calcar::lesion
