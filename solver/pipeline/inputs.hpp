#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "anatomy/region.hpp"
#include "image/grade.hpp"
#include "image/volume.hpp"
#include "load/bones.hpp"
#include "material/protocol.hpp"
#include "pipeline/pipeline.hpp"

#include <optional>
#include <vector>

namespace calcar::pipeline
{

/// What a patient's case stands on once its images are read and checked; on rank 0.
struct PatientInputs
{
  image::Volume density; ///< g/cm^3 of the image's phantom
  image::Mask envelope;  ///< the bone with its cavities filled: for measures, the twin and the body
  std::optional<image::Mask> growth_plates; ///< inside the envelope, on its grid
  material::Protocol protocol;
  anatomy::BoneAnatomy bone;                   ///< of a segment that of the vertebra in question
  std::vector<anatomy::BoneAnatomy> vertebrae; ///< of a segment, cranial to caudal; else empty
  std::optional<image::LabelMap> bones;        ///< of a segment: n + 1 where its vertebra n is
  image::InputGrade grade;
  std::optional<std::string> frame_of_reference; ///< of the CT, when DICOM told
  std::optional<double> g_cm3_per_HU; ///< slope of the calibration in bone; none for density images
};

/// The bone, or the vertebrae of a segment.
load::Bones bones_of(const PatientInputs& inputs);

/// A place in words; of a segment they begin with the level of the vertebra it lies in or next to.
anatomy::Location locate(const PatientInputs& inputs, Vec3 point);

/**
 * Reads CT and mask, calibrates, chooses the protocol, finds the anatomy and grades the inputs.
 * Warnings, sources and facts go into `results`. Throws InputError for whatever is in doubt.
 */
PatientInputs read_inputs(const PatientCase& given, report::Results& results);

} // namespace calcar::pipeline
