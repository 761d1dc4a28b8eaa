#pragma once

#include "load/activity_force.hpp"
#include "load/load_case.hpp"
#include "load/patient.hpp"
#include "material/data_record.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/**
 * Force of a fall on the hip in N:
 *
 *   F = sqrt(2 g h K m) - soft_tissue * thickness,
 *
 * h the fall of the centre of mass, K the stiffness of the body, m its effective mass (Bouxsein
 * 2007, Robinovitch).
 */
struct Impact
{
  double height_ratio = 0;      ///< h over body height
  double stiffness_N_per_m = 0; ///< K
  double mass_ratio = 0;        ///< m over body mass
  double soft_tissue_N_per_mm =
      0; ///< taken up by each millimetre of soft tissue over the trochanter
};

/// One instant of a cycle: all forces of the activity at that time.
struct Instant
{
  double time_percent = 0; ///< of the cycle
  std::vector<ActivityForce> forces;
};

/**
 * An activity as its file in cases/activities/BONE has it, not yet on a bone. A file with
 * [[instant]] tells a cycle: all its instants load the same areas of one rig, so that their
 * responses are superposed from the same few solves.
 */
struct Activity
{
  material::DataRecord record;
  std::string title;
  anatomy::BoneKind bone = anatomy::BoneKind::femur;
  ActivityKind kind = ActivityKind::daily;
  std::string rig;
  std::string set;      ///< forces of different sets (measured on different people) are never mixed
  std::string evidence; ///< "research_only" of weakly founded loads, else ""
  std::vector<std::string> research_only_levels; ///< of a vertebra: levels of weak evidence
  std::vector<std::string> reference; ///< names of the forces whose sum "fracture load" counts
  std::string reference_words;        ///< "knee contact force"; "": after the force's name
  std::vector<ActivityForce> forces;  ///< of a cycle, those of the instant of largest reference
  std::vector<Instant> instants;      ///< in the order of time; empty: no cycle
  std::optional<Impact> impact;
};

/// Reads and checks an activity. Throws InputError naming file, line, key and remedy.
Activity read_activity(const std::filesystem::path& file);

/// A shipped activity of a bone by name; throws InputError at `place` with the known names, or when
/// the bone has none.
Activity activity(anatomy::BoneKind bone, const std::string& name, const std::string& place);

/// Force of the impact on this patient. Throws InputError when the height is missing or soft tissue
/// takes up all of it.
double impact_force(const Impact& impact, const Patient& patient);

} // namespace calcar::load
