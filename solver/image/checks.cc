#include "image/checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/box.hpp"
#include "image/distance.hpp"
#include "image/intensity.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
constexpr double soft_tissue_hu = 100;     ///< a whole bone with its marrow reads 200 and more
constexpr double soft_tissue_g_cm3 = 0.08; ///< muscle reads 0.03 to 0.06
constexpr double shell_mm = 5;             ///< surroundings a mask is compared with

constexpr double flat_cm2 = 0.5, flat_share = 0.7, further_in_mm = 4;

/// The side of the patient that an LPS direction points to most.
std::string side_of(Vec3 direction)
{
  const char* names[3][2] = {
      {"right", "left"}, {"anterior", "posterior"}, {"inferior", "superior"}};
  std::size_t axis = 0;
  for (std::size_t a = 1; a < 3; ++a)
    if (std::abs(direction[a]) > std::abs(direction[axis]))
      axis = a;
  return names[axis][direction[axis] > 0 ? 1 : 0];
}

/// Calls visit(axis, upper, outward direction, voxel face in cm2) for the six sides of a grid.
template <typename Visit>
void for_each_side(const Grid& grid, const Visit& visit)
{
  const Mat3 axes = transpose(grid.direction);
  for (std::size_t a = 0; a < 3; ++a)
    for (const bool upper : {false, true})
      visit(a, upper, upper ? axes[a] : -axes[a], grid.voxel_volume() / grid.spacing[a] / 100);
}

/// What surrounds a mask within a distance.
Mask shell_around(const Mask& mask, double distance_mm)
{
  Mask shell = dilate(mask, distance_mm);
  for (std::size_t i = 0; i < shell.values.size(); ++i)
    if (mask.values[i] != 0)
      shell.values[i] = 0;
  return shell;
}
} // namespace

std::vector<FaceContact> border_contacts(const Mask& mask)
{
  std::vector<FaceContact> contacts;
  for_each_side(mask.grid,
                [&](std::size_t axis, bool upper, Vec3 outward, double face_cm2)
                {
                  const int layer = upper ? mask.grid.size[axis] - 1 : 0;
                  if (const std::size_t voxels = layer_voxels(mask, axis, layer))
                    contacts.push_back({side_of(outward), static_cast<double>(voxels) * face_cm2});
                });
  std::ranges::stable_sort(contacts, std::ranges::greater{}, &FaceContact::area_cm2);
  return contacts;
}

std::vector<FaceContact> flat_ends(const Mask& mask)
{
  std::vector<FaceContact> ends;
  const Box box = bounding_box(mask);
  for_each_side(mask.grid,
                [&](std::size_t axis, bool upper, Vec3 outward, double face_cm2)
                {
                  const int inwards =
                      (upper ? -1 : 1) *
                      static_cast<int>(std::lround(further_in_mm / mask.grid.spacing[axis]));
                  const int last = upper ? box.high[axis] : box.low[axis];
                  const double area =
                      static_cast<double>(layer_voxels(mask, axis, last)) * face_cm2;
                  const double inside =
                      static_cast<double>(layer_voxels(mask, axis, last + inwards)) * face_cm2;
                  if (area >= flat_cm2 && area >= flat_share * inside)
                    ends.push_back({side_of(outward), area});
                });
  std::ranges::stable_sort(ends, std::ranges::greater{}, &FaceContact::area_cm2);
  return ends;
}

Warnings check_ct(const Volume& volume)
{
  Warnings warnings;
  const Spread s = spread_of(volume);
  if (s.low > -900 && s.low < -400)
    warnings.push_back({"no_air",
                        "the darkest voxels read " + format_number(s.low) +
                            ", between fat (-100) and air (-1000): are these HU?",
                        volume.source.path});
  if (s.least == s.low && s.least > -400)
    warnings.push_back({"clipped_low",
                        "the values are cut off at " + format_number(s.least) +
                            " HU: fat and marrow may be missing",
                        volume.source.path});
  return warnings;
}

void require_bone_inside(const Volume& volume, const Mask& mask, Quantity quantity)
{
  const bool hounsfield = quantity == Quantity::hounsfield;
  const std::string unit = hounsfield ? " HU" : " g/cm3";
  const double soft = hounsfield ? soft_tissue_hu : soft_tissue_g_cm3;
  const InsideMask inside = values_inside(volume, mask);
  if (inside.mean < soft)
    throw InputError(
        Fault::data,
        {mask.source.path,
         "the mask does not lie on bone: its mean is " + format_number(inside.mean, 3) + unit,
         "a mean above soft tissue (" + format_number(soft) + unit + ")",
         "check the label, and that mask and image are of the same scan", ""});
  const Box box = grown(bounding_box(mask), mask.grid, shell_mm);
  const InsideMask around =
      values_inside(crop(volume, box), shell_around(crop(mask, box), shell_mm));
  if (around.voxels > 0 && around.mean >= inside.mean)
    throw InputError(
        Fault::data,
        {mask.source.path,
         "the mask does not lie on bone: its mean is " + format_number(inside.mean, 3) + unit +
             ", that of the 5 mm around it " + format_number(around.mean, 3) + unit,
         "denser inside than around",
         "the mask may be shifted or flipped: check it over the image in a viewer", ""});
}

void require_volume(const Mask& mask, double least_cm3, double most_cm3, const std::string& bone)
{
  const double volume = volume_cm3(mask);
  if (volume >= least_cm3 && volume <= most_cm3)
    return;
  // A factor of 1000 in length is one of 1e9 in volume: the file's spacing is in metres.
  const double as_metres = volume * 1e9;
  const bool metres = as_metres >= least_cm3 && as_metres <= most_cm3;
  throw InputError(
      Fault::data,
      {mask.source.path,
       "the mask has " + format_number(volume) + " cm3 with voxels of " +
           format_number(mask.grid.spacing.x) + " x " + format_number(mask.grid.spacing.y) + " x " +
           format_number(mask.grid.spacing.z) + " mm",
       format_number(least_cm3) + " to " + format_number(most_cm3) + " cm3 for a " + bone,
       metres ? "the spacing looks like metres: write the image with its spacing in mm"
              : "check the label, the kind of bone and the voxel spacing",
       ""});
}

} // namespace calcar::image
