#pragma once

#include "model/voxel_model.hpp"
#include "pipeline/follow_up_input.hpp"
#include "pipeline/patient_setting.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// The bone at a date, in one bound.
struct FollowUpState
{
  lesion::Bound bound = lesion::Bound::worse;
  double months = 0;
  std::vector<lesion::LesionCourse> courses; ///< of each lesion of the case
  std::vector<double> ash_gain_g_cm3;        ///< likewise
  double whole_bone_left = 1;
  std::vector<lesion::PlacedLesion> lesions; ///< as they are then
  std::vector<std::size_t> owner;            ///< of each of these: the lesion of the case
  /// The state before it in the list that has the same body, which need not be solved twice; the
  /// number of states itself for the body of the scan.
  std::optional<std::size_t> same_as;
};

/// What turns a gain in HU into density.
struct GainScale
{
  double g_cm3_per_HU = 0;
  std::string words; ///< where the slope comes from
  std::string doubt; ///< "" or "unconfirmed: ..."
};

/// The slope the case states, else that of the calibration, else the lower end of what is usual
/// (materials/lesions/hu_slope.toml).
GainScale gain_scale(const FollowUpInput& input, const PatientInputs& inputs);

/// Growth of each lesion of the case in mm a month, 0 where none is stated. Throws what
/// lesion::rate_of throws.
std::vector<double> growth_of(const FollowUpInput& input, const PatientSetting& setting);

/**
 * The states of all dates, worse and better bound of each date together. Lesions that the CT cannot
 * see are replaced in the worse bound and as dense as the CT shows in the better one. Growth that
 * the bone does not allow is stopped and told by the warning "growth_stopped".
 */
std::vector<FollowUpState> follow_up_states(const FollowUpInput& input,
                                            const PatientSetting& setting, const GainScale& scale,
                                            Warnings& warnings);

/// The voxels of `scan`, the bone as it is in this bound at the scan, filled as the state has them.
model::VoxelModel model_of(const FollowUpState& state, const model::VoxelModel& scan,
                           const PatientInputs& inputs);

} // namespace calcar::pipeline
