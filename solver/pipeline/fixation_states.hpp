#pragma once

#include "implant/site.hpp"
#include "model/hardware.hpp"
#include "pipeline/fixation_input.hpp"
#include "pipeline/patient_setting.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Where the bone is gone in the state "gone".
struct GapPlan
{
  model::BoneGap gap;
  std::string words; ///< "gap of 24 mm across the femoral shaft at the lesion \"...\", ..."
};

/**
 * The gap through the largest lesion across the bone's own axis there (lesion::local_axis: of the
 * neck in head and neck of a femur, else of the shaft). As long as the lesion along that axis, or
 * as stated, and at least sqrt(3) voxels of `voxel_mm`: in a thinner one voxels of both sides could
 * share a node. A bone without lesions is cut in the middle of the shaft that the image shows.
 * Nothing for a bone without a shaft. `measures` are those of the site's lesions.
 */
std::optional<GapPlan> gap_of(const FixationInput& input, const implant::Site& site,
                              const std::vector<lesion::LesionMeasures>& measures, double voxel_mm);

/// A bone in a state, without hardware.
struct StateBody
{
  model::VoxelModel model;
  std::vector<lesion::PlacedLesion> lesions; ///< as they are then
};

/**
 * The voxels of `as_is`, which has `lesions`, in a state: as they are, with the lesions grown, or
 * with the gap. Lesions that cannot grow stay as they are; growth that the bone does not allow is
 * told by the warning "growth_stopped". All states have the same voxels.
 */
StateBody body_in(risk::BoneState state, const FixationInput& input,
                  const std::optional<GapPlan>& gap,
                  const std::vector<lesion::PlacedLesion>& lesions, const model::VoxelModel& as_is,
                  const PatientInputs& inputs, Warnings& warnings);

} // namespace calcar::pipeline
