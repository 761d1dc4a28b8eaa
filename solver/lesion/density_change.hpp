#pragma once

#include "image/registration.hpp"
#include "lesion/lesion.hpp"

#include <optional>

namespace calcar::lesion
{

/// When two scans are comparable and what counts as a change (materials/lesions/earlier_scan.toml).
struct ChangeRule
{
  double around_mm = 0;         ///< of the bone is compared when the scans are laid on each other
  double from_lesions_mm = 0;   ///< nearer to a lesion nothing is, and is no control
  double least_correlation = 0; ///< of the densities
  double least_overlap = 0;     ///< Dice's, of the masks
  double least_inside = 0;      ///< share of the bone that the earlier scan shows
  double control_g_cm3 = 0;     ///< a larger change of the control is a difference of the scanners
  double control_share = 0;     ///< the same, relative
  double deviations = 0;        ///< of patches of its size: beyond them a lesion has changed
  int fewest_patches = 0;
};
const ChangeRule& change_rule();

/// Two scans of one bone on the grid of the later one, g/cm^3.
struct Compared
{
  const image::Volume* now = nullptr; ///< outlives it
  image::Volume then;                 ///< NaN where the earlier scan shows nothing
  image::Mask known;                  ///< bone that both show
  image::Mask control;                ///< of it, what is not near a lesion
};

/// Puts the earlier scan on the grid of the bone. `near_lesions` is no control.
Compared compared(const image::Volume& now, const image::Mask& bone,
                  const image::Mask& near_lesions, const image::Volume& then,
                  const image::RigidMotion& motion);

/// Mean densities of the known voxels of a mask; NaN when it has none.
struct MeanChange
{
  double then = 0;
  double now = 0;
};
MeanChange mean_change(const Compared& compared, const image::Mask& where);

/// Voxels of the bone that are at least half lesion.
image::Mask inside(const PlacedLesion& placed, const image::Mask& bone);

/**
 * What a region of this size changes by where nothing changed: the standard deviation of the mean
 * change of cubes of this edge, beside each other, of which at least half is control. It holds the
 * noise of both scans, of resampling and of the registration. Nothing when there are fewer such
 * cubes than the rule asks for.
 */
std::optional<double> patch_noise(const Compared& compared, double edge_mm, const ChangeRule& rule);

} // namespace calcar::lesion
