#pragma once

#include "base/table.hpp"

#include <map>
#include <string>

namespace calcar::implant
{

struct Building;

/// How cement is shaped when it is put into a vertebral body.
enum class CementForm
{
  spread, ///< pressed in between the trabeculae: as wide as the body is (vertebroplasty)
  balloon ///< fills a cavity made by a balloon (kyphoplasty)
};

/// Cement in a vertebral body, put in through the pedicles.
struct VertebralCementPlan
{
  CementForm form = CementForm::spread;
  std::map<std::string, double> usual_ml; ///< of thoracic and lumbar vertebrae
  int pedicles = 2;                       ///< it is put in through: as many deposits
  double forward = 0;         ///< middle of the cement without lesion, 0 posterior, 1 anterior wall
  double aside = 0;           ///< of each of two deposits, share of half the body's width
  double long_to_wide = 1;    ///< of a balloon
  double wall_mm = 0;         ///< kept from the posterior wall
  double shell_mm = 0;        ///< kept from all other surfaces
  double open_wall_mm = 0;    ///< kept from the posterior wall where a lesion has opened it
  double most_open_share = 0; ///< of the posterior wall that a lesion may have opened
};

VertebralCementPlan read_vertebral_cement(const Table& table);

/**
 * Cement of the chosen volume in a vertebral body: about the lesions that lie in it, or in its
 * anterior two thirds. Each deposit is an ellipsoid grown until the volume is reached; what would
 * lie outside the bone, behind the posterior wall or within the distances kept from them is cut off
 * and made up for elsewhere. Measures: cement_ml, cement_share_of_body,
 * cement_to_posterior_wall_mm, body_ml; with lesions posterior_wall_open and endplates_open, shares
 * of their area. Refused: a volume that has no room, and a posterior wall that lesions have opened
 * too far; the warnings "leak_posterior_wall" and "leak_endplate" tell of lesser openings.
 */
void build_vertebroplasty(const Building& building);

} // namespace calcar::implant
