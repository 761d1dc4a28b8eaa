#pragma once

#include "implant/fixation.hpp"
#include "implant/site.hpp"
#include "implant/template.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::implant
{

/// What a case asks for beside the template: sizes chosen by hand, and lesions to be filled.
struct Request
{
  std::string name;                     ///< for the report
  std::string place = "[[fixation]]";   ///< where errors say they come from
  std::map<std::string, double> chosen; ///< by the names of chosen_names()
  std::optional<Interface> to_bone;     ///< instead of the template's
  /// Of a plate that takes both: locking_screw or cortical_screw; none: the template's first.
  std::optional<ComponentKind> screws;
  /// A plate that is not bonded lies at least so far above the bone: in voxels a gap must be wider
  /// than one.
  double least_gap_mm = 0;
  std::vector<std::string> filled_lesions; ///< with cement; of the method "cement" empty means all
};

/// Sizes that may be chosen by hand: nail_diameter_mm, nail_length_mm, neck_angle_deg, holes,
/// plate_centre_mm (distal of the level placed automatically), cement_ml, pedicles (1 or 2),
/// levels_above and levels_below (vertebrae joined), screw_diameter_mm (of pedicle screws),
/// stem_diameter_mm, stem_length_mm, margin_mm (bone taken beside a lesion).
const std::vector<std::string>& chosen_names();

/**
 * Places an implant without help: sizes from the template's, in the bone's own frame and canal, so
 * that a turned or mirrored bone gets the turned or mirrored implant. Throws InputError (data) at
 * the request's place for what cannot be placed, with the measured reason, and (command) for an
 * unknown choice or a template of another bone. What may be placed but is doubtful comes as
 * warnings: "ends_at_lesion", "beyond_image", "growth_plate", "bend", ...
 */
Fixation place(const Request& request, const Template& plan, const Site& site);

} // namespace calcar::implant
