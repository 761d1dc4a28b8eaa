#pragma once

#include "lesion/lesion.hpp"
#include "lesion/lesion_measure.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::lesion
{

/**
 * How a lesion grows, as a case states it: growth = { radial_mm_per_month } of its outline
 * everywhere, or growth = { diameter_mm, at_months }, the largest diameter it will have. A scenario
 * always: no reliable rate is published (materials/lesions/growth.toml).
 */
struct Growth
{
  std::optional<double> radial_mm_per_month;
  std::optional<double> diameter_mm, at_months;
  std::string place;
};

/// Reads `growth` of a [[lesion]]; problems go to the table.
Growth read_growth(const Table& table);

/// What is known of how fast lesions grow.
struct GrowthRates
{
  material::DataRecord record;
  double usual_mm_per_month = 0; ///< more than this is told
};
const GrowthRates& growth_rates();

/**
 * The rate in mm a month of a lesion with this largest diameter at the scan. Throws InputError
 * (command) when the target is not larger than the lesion is.
 */
double rate_of(const Growth& growth, const std::string& lesion, double diameter_mm);

/// False for what is no tumour and does not grow: a biopsy hole.
bool can_grow(const Lesion& lesion);

/**
 * A lesion with its outline moved outwards: radii and depths by `mm`, diameters and lengths by
 * twice as much, arcs by twice as much along a girth of this radius, up to the whole of it. Of a
 * permeative lesion the region grows, its holes keep their size. Not of images.
 */
Lesion grown(Lesion lesion, double mm, double girth_radius_mm);

/// A lesion after some growth.
struct Grown
{
  double mm = 0; ///< less than asked for where the bone allows no more
  /// What takes the lesion's place in a list: of one that is in_ct the new tissue as a virtual
  /// lesion, then the seen one; else one.
  std::vector<PlacedLesion> lesions;
};

/**
 * Lets a placed lesion grow: shapes by their sizes, placed anew; masks and uptake by the distance
 * from their outline. It stops where the outline would hold more than the whole bone
 * (require_in_bone), found to a tenth of a mm. What lies outside the bone has no effect. Of a
 * lesion that is in_ct the part that the CT shows stays as it shows it.
 */
Grown grow(const PlacedLesion& placed, double mm, const Ground& ground);

} // namespace calcar::lesion
