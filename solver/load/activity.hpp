#pragma once

#include "load/load_case.hpp"
#include "load/patient.hpp"
#include "material/data_record.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/// A force of an activity as its file has it.
struct ActivityForce
{
  std::string name;
  std::string acts_on;                      ///< an area of the rig
  std::map<std::string, double> percent_bw; ///< by named directions, percent of body weight
  bool of_impact = false;                   ///< along the rig's fall, of the impact's magnitude
};

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

/// An activity as its file in cases/activities/BONE has it, not yet on a bone.
struct Activity
{
  material::DataRecord record;
  std::string title;
  anatomy::BoneKind bone = anatomy::BoneKind::femur;
  ActivityKind kind = ActivityKind::daily;
  std::string rig;
  std::string set; ///< forces of different sets (measured on different people) are never mixed
  std::string reference; ///< name of the force that "fracture load" counts
  std::vector<ActivityForce> forces;
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
