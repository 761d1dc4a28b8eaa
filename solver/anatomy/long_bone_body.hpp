#pragma once

#include "anatomy/synthetic_bone.hpp"
#include "geometry/solid.hpp"

#include <array>
#include <functional>
#include <string>
#include <vector>

/// What the synthetic long bones share.
namespace calcar::anatomy::long_bone
{

/// 0 below `from`, 1 above `to`, t^2 (3 - 2 t) between; `from` may be the larger one.
double smooth_step(double from, double to, double x);

/// exp(-(distance / width)^2).
double bell(double distance, double width);

/// Linear between the points (x, value), in rising order of x; constant outside.
double interpolated(const std::vector<std::array<double, 2>>& profile, double x);

/// Distance from a point to the segment from a to b.
double distance_to_segment(Vec3 p, Vec3 a, Vec3 b);

/// One dimension of a synthetic bone. Throws InputError when it is missing or lies outside the
/// bounds, naming it.
double dimension(BoneKind kind, const Dimensions& dimensions, const std::string& name, double low,
                 double high);

/// Densities of a long bone's tissues, K2HPO4-equivalent g/cm^3.
struct Tissues
{
  double cortical = 0;
  double trabecular = 0; ///< typical of the ends; the place makes it more or less
  double marrow = 0;     ///< of the canal
};

/// The dimensions cortical_density_g_cm3, trabecular_density_g_cm3 and marrow_density_g_cm3.
Tissues tissues(BoneKind kind, const Dimensions& dimensions);

/// Cortical bone to the depth of the cortex and `inner` below it, passing over within 0.8 mm.
double layered(double cortical, double inner, double depth, double cortex);

/// What a maker knows of its bone at a point.
struct Make
{
  geometry::Solid surface;
  double shaft_radius = 0;                           ///< mm; bounds the cortex
  std::function<double(Vec3)> cortex_mm;             ///< near the point
  std::function<double(Vec3)> inner_density;         ///< below the cortex, g/cm^3
  std::function<bool(double, Vec3)> in_growth_plate; ///< of this thickness, mm
};

/// The body of a limb's bone with its surface, cortex, densities and, of a child, growth plates;
/// box, landmarks and measures are left to the maker. Reads cortex_midshaft_mm, cortex_thin_mm, the
/// densities and growth_plate_mm. Throws InputError for one that is no such bone's.
SyntheticBody limb_bone(BoneKind kind, const SyntheticPerson& person, const Dimensions& dimensions,
                        const Make& make);

/// A measure that is true by construction.
Measure made(double value, const std::string& unit);

} // namespace calcar::anatomy::long_bone
