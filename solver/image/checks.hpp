#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"

#include <string>
#include <vector>

namespace calcar::image
{

/// What the values of an image mean.
enum class Quantity
{
  hounsfield, ///< HU
  density     ///< g/cm3
};

/// Metal seen in a scan.
struct Metal
{
  Mask metal;                 ///< compact pieces beyond the threshold
  Mask near_metal;            ///< within `streak_mm` of it: values there are not to be trusted
  bool clipped = false;       ///< the scanner's 12-bit end (3071 HU) hides how bright the metal is
  double share_in_region = 0; ///< metal voxels of the region / voxels of the region
  double near_in_region = 0;  ///< share of the region within streak_mm of metal, metal included
  Warnings warnings;

  bool found() const { return !warnings.empty(); }
};

/**
 * Looks for metal in the whole image: HU above 2500, or density above 1.9 g/cm3, in pieces (26
 * neighbours) of at least 20 mm^3 for HU and 50 mm^3 for density, where dense cortex comes close.
 * Streaks are taken to reach 10 mm. All four are Calcar's own choice; cortical bone reads up to
 * about 2000 HU. `region` is the bone's mask on the same grid.
 */
Metal find_metal(const Volume& volume, const Mask& region, Quantity quantity);

/// Where a mask touches the border of the image: the bone goes on beyond the scan.
struct FaceContact
{
  std::string side; ///< of the patient: "left", "posterior", "superior", ...
  double area_cm2;
};

/// The faces touched, largest contact first; empty when the mask lies inside.
std::vector<FaceContact> border_contacts(const Mask& mask);

/**
 * Flat ends of a mask along the image axes, on the border or inside (a crop that was padded again):
 * the outermost layer has at least 0.5 cm2 and 70 % of the area 4 mm further in. A rounded end,
 * such as a head, has far less. Largest first.
 */
std::vector<FaceContact> flat_ends(const Mask& mask);

/// Doubts about a CT as a whole, given in HU: "no_air" when its darkest voxels are not air,
/// "clipped_low" when they are cut off.
Warnings check_ct(const Volume& volume);

/**
 * Makes sure that a mask lies on bone: the mean inside must be above that of soft tissue (0.08
 * g/cm3 or 100 HU) and above the mean of the 5 mm around the mask. InputError (data) at the mask's
 * file; a mask shifted, flipped or of another patient ends here.
 */
void require_bone_inside(const Volume& volume, const Mask& mask, Quantity quantity);

/// Refuses a mask whose volume in cm3 is outside the bounds the caller knows for the bone.
/// InputError (data).
void require_volume(const Mask& mask, double least_cm3, double most_cm3, const std::string& bone);

} // namespace calcar::image
