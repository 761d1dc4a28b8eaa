#pragma once

#include "implant/build.hpp"

#include <string>
#include <vector>

namespace calcar::implant
{

/// A stem in its mantle of cement, from where it leaves the bone to its tip.
struct Stem
{
  Path line;                    ///< from the cut to the tip
  double tip_mm = 0;            ///< diameter at the tip
  double widens_mm = 0;         ///< more than that at the cut
  double plug_mm = 0;           ///< of cement beyond the tip
  std::vector<double> outer_mm; ///< radius of the mantle, every 2 mm from the cut to the plug's end

  double length() const { return line.length(); }
  double radius(double s) const ///< of the metal
  {
    return 0.5 * (tip_mm + widens_mm * (1 - s / line.length()));
  }
};

/// What a stem has room in.
struct StemRoom
{
  Path axis;                 ///< of the canal, from the cut on
  double length_mm = 0;      ///< along it, to where the tip must end
  bool beyond_image = false; ///< the canal goes on where the image ends
  std::string where;         ///< "distal to the cut", for messages
};

/**
 * The thickest stem of the longest made length up to the usual one that fits with its mantle: at
 * every level the metal and the least mantle lie within the canal's free radius. Throws InputError
 * (data) when none does, with canal and thinnest stem; warns "beyond_image" when a longer one would
 * be taken in a larger image.
 */
Stem fit_stem(const Building& building, const StemRoom& room);

/// Of the metal alone; round at the tip, which lies within the line.
geometry::Solid stem_solid(const Stem& stem);

/// Mantle and plug, filled, cut off flat at the plug's end and at the cut.
geometry::Solid mantle_solid(const Stem& stem);

/// The cement about a stem as a component: `solid` less `metal`, within the bone.
Component cement_about(const Building& building, const Stem& stem, const std::string& name,
                       geometry::Solid solid, geometry::Solid metal);

/// Volume of the mantle and plug, ml.
double cement_ml(const Stem& stem);

/// Sections along a stem, `from_mm` on along a component's axis; of a stem that runs against the
/// axis (tip first) `reversed`.
std::vector<SectionRun> stem_runs(const Stem& stem, const material::Alloy& alloy, double from_mm,
                                  bool reversed);

/// Measures stem_diameter_mm, stem_length_mm, mantle_least_mm, mantle_most_mm, `before` their
/// names.
void measure_stem(const Building& building, const Stem& stem, const std::string& before);

} // namespace calcar::implant
