#pragma once

#include "anatomy/synthetic_raster.hpp"

#include <array>

namespace calcar::anatomy
{

/// A constant of materials/anatomy/synthetic_scanner.toml.
double scanner_constant(const std::string& key);

/// K2HPO4-equivalent density that the example calibration gives to a HU, g/cm^3.
double density_of_hounsfield(double hounsfield);

/// The density volume in HU by the example calibration.
void to_hounsfield(image::Volume& volume);

/// Which faces of an image are where a crop ends it: faces[2 a] at the low end of axis a,
/// faces[2 a + 1] at its high end.
using Faces = std::array<bool, 6>;

/// A density image of soft tissue alone: where it ends by itself, not by a crop, its outermost
/// voxels become air with a layer of fat under it, as a CT has them.
void close_with_skin(image::Volume& volume, const Faces& cropped);

/// The patient around the bone and what lies beside: lengths in mm along the axes of the image.
struct Surroundings
{
  Extent bone;    ///< the box around it
  Extent muscle;  ///< its section (across the third axis) is a rounded rectangle in this box
  Extent fat;     ///< likewise, around the muscle
  Extent phantom; ///< the slab of the calibration phantom; along the third axis without end
  Vec3 pin;       ///< its axis runs along the third axis
  Extent all;     ///< what an image must show of it
};

Surroundings surroundings_of(const Extent& bone, const ScanSettings& settings);

/// Paints body, calibration phantom and pin, as the settings ask, under the bone that is painted
/// later; labels the rods from 101 on. Densities in g/cm^3.
void paint_surroundings(const Surroundings& around, const ScanSettings& settings,
                        image::Volume& volume, image::LabelMap& labels);

/// Density of each rod by its label.
Dimensions rods_mg_cm3();

/// The pin itself, over everything, and its streaks in the planes across it.
void add_metal(const Surroundings& around, image::Volume& volume);

/// Metal, blur, HU and noise, as the settings ask, in the order in which a scanner meets them.
/// Throws InputError when the crop left a part of the rods out.
void add_scanner_effects(const Surroundings& around, const Faces& cropped,
                         const ScanSettings& settings, SyntheticScan& scan);

/// A Gaussian of this full width at half maximum along every axis; at the border the image goes on
/// as it ends.
void blur(image::Volume& volume, double width_mm);

/// White normal noise of this standard deviation (in the volume's unit).
void add_noise(image::Volume& volume, double deviation, std::uint64_t seed);

} // namespace calcar::anatomy
