#pragma once

#include "analysis/section_forces.hpp"
#include "implant/fixation.hpp"
#include "lesion/lesion.hpp"
#include "risk/assessment.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::risk
{

/// What ends a fixed bone. Kept apart: each asks for another remedy.
enum class FailureMode
{
  bone_at_lesion,
  bone_at_implant_end, ///< at the tip of a nail, the last screw of a plate
  bone_at_screws,      ///< beside screws or in the neck around a lag screw
  bone_elsewhere,
  implant_yield,
  implant_fatigue,
  screw_pull_out,
  cement
};
std::string to_string(FailureMode mode); ///< "bone_at_lesion", ...
std::string words_of(FailureMode mode);  ///< "the bone breaks at the lesion", ...

/// A state of the bone in which an option is judged.
enum class BoneState
{
  as_is, ///< the lesion as it is
  grown, ///< the lesion grown
  gone   ///< the segment gone, or broken without union
};
std::string to_string(BoneState state); ///< "as_is", "grown", "gone"

/// Stress of a bar, plate or screw from its section forces and real section.
struct ComponentVerdict
{
  std::string component; ///< "nail", "screw 3"
  implant::ComponentKind kind = implant::ComponentKind::nail;
  std::string alloy;
  std::string size;
  analysis::SectionForce worst;     ///< where the stress is greatest
  anatomy::Location location;       ///< of it
  double stress_MPa = 0;            ///< von Mises of N/A + M/W and T/W_t (of cement: see below)
  double normal_MPa = 0;            ///< of N and M, tension positive, the larger in size
  double shear_MPa = 0;             ///< of T
  double yield_utilisation = 0;     ///< stress over yield
  bool notched = false;             ///< where fatigue is worst there are threads or a hole: the
                                    ///< endurance is that beside them, where the alloy has one
  double fatigue_utilisation = 0;   ///< Goodman, from no load to the activity's and back; 0 in
                                    ///< an accident
  double fatigue_safety = 0;        ///< 1 / fatigue_utilisation; infinite where that is 0
  std::optional<double> pull_out_N; ///< of a screw: force along its axis out of the bone
  std::optional<double> pull_out_strength_N;
  std::optional<double> pull_out_utilisation;
  std::vector<std::string> doubts; ///< "unconfirmed: ..." of alloy and screw data
};

/// Cement is no bar: the largest principal stresses in it, averaged over a ball of 3 mm, each over
/// its strength.
struct CementVerdict
{
  std::string component;
  double tension_MPa = 0;
  double compression_MPa = 0;     ///< positive
  double utilisation = 0;         ///< the larger of tension and compression over strength
  double fatigue_utilisation = 0; ///< of the tension alone
  anatomy::Location location;
};

/// How far a mode is from its end.
struct ModeUtilisation
{
  FailureMode mode = FailureMode::bone_at_lesion;
  double utilisation = 0; ///< load over strength
  std::string where;      ///< component or place in words
};

/// Strain energy of a region of bone against that of the healthy twin under the same load.
struct Shielding
{
  std::string region; ///< name, as anatomy::region_of
  double lost = 0;    ///< share of the twin's strain energy per volume that is gone; negative:
                      ///< there is more
};

/// An option in a state under an activity.
struct FixationVerdict
{
  std::string activity;
  load::ActivityKind kind = load::ActivityKind::daily;
  ActivityAssessment bone;               ///< the bone around the hardware, as any variant's
  std::vector<ModeUtilisation> modes;    ///< largest utilisation first; fatigue of cement is
                                         ///< told as that of the implant
  double load_factor = 0;                ///< 1 / the largest
  std::optional<double> fracture_load_N; ///< of the fixed bone, by its first failure other than
                                         ///< fatigue: load factor times the reference load
  std::optional<double> restored;        ///< its load factor, fatigue left out, over that of the
                                         ///< bone without the option in the state as_is
  std::optional<double> of_healthy;      ///< the same over that of the healthy twin
  double strain_near_lesion = 0;         ///< greatest size of a principal strain of bone within
                                         ///< 5 mm of the lesion, averaged over a ball of 3 mm; 0
                                         ///< without lesions
  double implant_share = 0;              ///< of the load through the level of the lesion (or of
                                         ///< the implant's middle) that the hardware takes
  double implant_moment_share = 0;       ///< of the moment, likewise
  std::string share_level;               ///< where: "at the middle of the lesion ..., across ..."
  std::vector<ComponentVerdict> components;
  std::vector<CementVerdict> cement;
  std::vector<Shielding> shielding; ///< by region, the most shielded first
  double interface_motion_um = 0;   ///< greatest slip along a debonded interface; 0 bonded
  double cycles = 0;                ///< that fatigue was judged for; 0 in an accident
};

/// Everything `judge_fixation` looks at. What is referred to outlives the call.
struct FixedBody
{
  const implant::Fixation& fixation;
  const model::HardwareVoxels& hardware;
  const model::VoxelModel& body;                    ///< as solved
  const std::vector<lesion::PlacedLesion>& lesions; ///< of the state
  const anatomy::BoneAnatomy& bone;
  const std::vector<model::NodeIndex>& nodes; ///< of the response's displacements
};

/// Loads of daily life: cycles and what they rest on (materials/fixation/daily_cycles.toml).
struct DailyCycles
{
  double steps_per_day = 0;
  double months = 0; ///< of expected survival
  double cycles = 0; ///< of the bone
  std::string words;
  std::string doubt;
};
/// `steps_per_day` and `months` of the case where they are given, else the data file's. A limb
/// bears every other step; a vertebra and the pelvis bear each.
DailyCycles daily_cycles(std::optional<double> steps_per_day, std::optional<double> months,
                         anatomy::BoneKind bone = anatomy::BoneKind::femur);

/**
 * Judges a fixed body in one activity. `bone` is the bone's own assessment of this response
 * (risk::assess); `healthy` and `unfixed` are the load factors of the healthy twin and of the bone
 * without the option in the state as_is; `twin_energy` the strain energy per volume of the regions
 * of the twin (region_energy).
 */
struct Baseline
{
  std::optional<double> healthy_load_factor;
  std::optional<double> unfixed_load_factor;
  std::map<std::string, double> twin_energy; ///< N mm / mm^3 by region
};
FixationVerdict judge_fixation(const FixedBody& fixed, ActivityAssessment bone,
                               const analysis::Response& response, const load::LoadCase& load_case,
                               const Baseline& baseline, const DailyCycles& cycles);

/// Mean strain energy per volume of the bone of each region, N mm / mm^3.
std::map<std::string, double> region_energy(const model::VoxelModel& body,
                                            const analysis::Response& response,
                                            const anatomy::BoneAnatomy& bone);

} // namespace calcar::risk
