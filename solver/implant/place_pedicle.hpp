#pragma once

#include "base/table.hpp"

#include <vector>

namespace calcar::implant
{

struct Building;

/// Screws through pedicles, joined by a rod on each side.
struct PediclePlan
{
  std::vector<double> outer_mm;   ///< of the thread, rising
  std::vector<double> core_mm;    ///< of each
  std::vector<double> lengths_mm; ///< rising
  double share_of_body = 0;       ///< of the body's depth that the tip reaches
  double inwards_deg = 0;         ///< usual direction, towards the midline
  double share_of_pedicle = 0;    ///< of the pedicle's free width that the thread may take
  double least_wall_mm = 0;       ///< bone between thread and canal
  double head_mm = 0;             ///< from the bone to the middle of the rod, along the screw
  double rod_mm = 0;              ///< diameter
  double rod_end_mm = 0;          ///< of the rod beyond its last screws
  double most_rod_bend_mm = 0;    ///< by how far a rod may be bent away from bone
  int above = 1;                  ///< vertebrae held above the one in question
  int below = 1;
};

PediclePlan read_pedicle(const Table& table);

/**
 * Pedicle screws on both sides of the vertebrae above and below the one in question, and two rods.
 * Each screw runs along its pedicle's axis (place_pedicle_line.hpp). Refused: a vertebra alone, a
 * segment that shows no level above or below, a pedicle too narrow for the thinnest screw.
 * Measures: of each screw ("L2 right screw") its diameter_mm, length_mm, to_canal_mm (bone between
 * thread and spinal canal) and pedicle_free_mm; screws, rod_length_mm, rod_bend_mm.
 */
void build_pedicle_screws(const Building& building);

} // namespace calcar::implant
