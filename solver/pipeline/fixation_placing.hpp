#pragma once

#include "model/hardware.hpp"
#include "pipeline/fixation_states.hpp"
#include "pipeline/patient_setting.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// The hardware of an option in voxels with one kind of interface.
struct OptionHardware
{
  implant::Interface to_bone = implant::Interface::bonded; ///< of the main implant
  model::HardwareVoxels voxels;
};

/// An option of the case in its bone, or why it is not.
struct PlacedOption
{
  std::optional<implant::Fixation> fixation; ///< none: refused
  /// A plate with the interface that was not stated lies elsewhere: bonded on the bone, else clear
  /// of it. None where the other interface is not asked for or such a plate has no place.
  std::optional<implant::Fixation> other;
  std::string refusal;
  std::vector<OptionHardware> hardware; ///< the stated interface first; then, where it is asked for
                                        ///< and makes a difference, the other
  double removed_mm3 = 0;               ///< bone taken away
};

/// What the options of a case come to before anything is solved.
struct FixationPlan
{
  std::vector<PlacedOption> options;         ///< in the order of the case; empty: there are none
  std::vector<lesion::PlacedLesion> lesions; ///< as the bone has them as it is
  std::optional<GapPlan> gap;

  bool any_placed() const;
};

/**
 * Places every option of the case in its bone. One that cannot be placed is told by the warning
 * "fixation_refused" and the others go on; unknown templates and choices end the run (InputError,
 * command). What is doubtful about a placement is told in `results` too, as the files it rests on.
 */
FixationPlan place_fixations(const PatientCase& given, const PatientSetting& setting,
                             report::Results& results);

/// The bone's grid, continued until it holds all that was placed.
image::Grid grid_with(const image::Grid& bone, const FixationPlan& plan);

/**
 * Puts the placed options into the voxels of the bone as it is. An option of which voxels hang on
 * nothing is refused like one that cannot be placed.
 */
void put_in_voxels(const FixationInput& input, const model::VoxelModel& as_is, FixationPlan& plan,
                   report::Results& results);

/// What was placed with the interface of `hardware`, an index into PlacedOption::hardware.
const implant::Fixation& placed_with(const PlacedOption& option, std::size_t hardware);

/// The hardware with the most voxels; null without any.
const model::HardwareVoxels* most_hardware(const FixationPlan& plan);

/// The component that an option is about: the first that is no cement; of cement alone the first.
const implant::Component& main_component(const implant::Fixation& fixation);

} // namespace calcar::pipeline
