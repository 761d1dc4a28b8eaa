#pragma once

#include "anatomy/pelvis_acetabulum.hpp"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace calcar::anatomy
{

struct PelvisBody;

/**
 * The standard hip bone (a left one, the adult of materials/anatomy/synthetic_pelvis.toml) laid on
 * the one seen. The centres of both acetabula are the same point; `turn` leads from LPS, for a
 * right bone mirrored in x about the centre, to the frame of the standard; there the three axes
 * are stretched by `scale`.
 */
struct LaidTemplate
{
  Vec3 centre;          ///< of the acetabulum, LPS
  bool mirrored = true; ///< the bone seen is a right one
  Mat3 turn = identity();
  Vec3 scale{1, 1, 1};  ///< size of the bone seen over that of the standard
  double misfit = 1;    ///< mean robust distance of surface and standard, 0 (none) to 1
  double explained = 0; ///< share of the surface within 0.2 acetabular radii of the standard

  Vec3 to_standard(Vec3 lps) const;
  Vec3 to_lps(Vec3 standard) const;
  /// A direction of the frame of the standard in LPS.
  Vec3 direction_in_lps(Vec3 direction) const;
};

/// The standard itself.
const PelvisBody& standard_body();
/// Radius of the standard's acetabulum, mm.
double standard_radius();
/// Signed distance to the standard hip bone, mm, from a table.
double standard_distance(Vec3 standard);
/// Its landmarks and the axis of its acetabulum, in its frame.
const std::map<std::string, Vec3>& standard_landmarks();
Vec3 standard_opening();

/**
 * Lays the standard on the surface of a bone, as it is or mirrored: many turns about the axis of
 * the cup are tried, the best are refined by least squares with weights that let parts that are
 * cut off or alien count little. Points in `surface` at the border of the image should have been
 * left out.
 */
LaidTemplate lay_standard(const std::vector<SurfacePoint>& surface, const ConcaveSphere& cup,
                          bool mirrored);

/// The same for a part of the surface, starting from how the whole lies.
LaidTemplate lay_again(const std::vector<SurfacePoint>& surface, const ConcaveSphere& cup,
                       const LaidTemplate& laid);

} // namespace calcar::anatomy
