#pragma once

#include "base/table.hpp"

#include <vector>

namespace calcar::implant
{

struct Building;

/// Two flexible nails, bent like a C, that brace against each other in a child's canal.
struct FlexiblePlan
{
  std::vector<double> diameters_mm; ///< rising
  double share_of_canal = 0;        ///< of the canal's narrowest diameter that each takes
  double least_share = 0;           ///< below which the two are told to be thin
  bool retrograde = true;           ///< they go in near the distal growth plate
  double entry_from_plate_mm = 0;   ///< from the growth plate
  double tip_to_plate_mm = 0;       ///< kept from the other growth plate
  double spread = 0;                ///< of the tips from the canal's axis, share of its room
  double most_strain = 0;           ///< of the nail where it is bent most
};

FlexiblePlan read_flexible(const Table& table);

/**
 * Two C-shaped nails, "medial nail" and "lateral nail", each from its side of the metaphysis along
 * the far wall of the canal in its middle and back to its own side; one lies in front of the other,
 * so that they pass where they cross. Growth plates must be labelled: an adult, a child without
 * labels, and an image that does not show the plate next to the entry are refused. Measures:
 * isthmus_mm, nail_diameter_mm, canal_fill (of one nail), nail_length_mm (of the shorter),
 * nail_bend_radius_mm (the least), entry_to_growth_plate_mm, tip_to_growth_plate_mm.
 */
void build_flexible_nails(const Building& building);

} // namespace calcar::implant
