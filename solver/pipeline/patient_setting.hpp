#pragma once

#include "lesion/lesion.hpp"
#include "lesion/lesion_measure.hpp"
#include "load/load_case.hpp"
#include "pipeline/case.hpp"
#include "pipeline/inputs.hpp"
#include "pipeline/other_scans.hpp"
#include "report/results.hpp"

#include <vector>

namespace calcar::pipeline
{

/// The load cases that share a rig.
struct RigCases
{
  load::Rig rig;
  std::vector<load::LoadCase> cases;
};

/// What a patient's case stands on, whichever body is made of it; on rank 0.
struct PatientSetting
{
  PatientInputs inputs;
  std::vector<lesion::PlacedLesion> lesions;
  std::vector<lesion::LesionMeasures> lesion_measures; ///< of each lesion
  std::optional<image::Volume> filled_density;         ///< of the twin, when the CT shows lesions
  OtherScans other_scans;                              ///< what the case asks for beside its bone
  std::vector<RigCases> rigs;
};

/// What lesions are placed in and measured on.
lesion::Ground ground_of(const PatientInputs& inputs);

/// Density of the healthy twin: that of the CT, with the lesions that it shows filled.
const image::Volume& twin_density(const PatientSetting& setting);

/// Reads the inputs, places the lesions and makes the load cases. What was found goes into
/// `results`. Throws InputError for whatever is in doubt.
PatientSetting prepare_setting(const PatientCase& given, report::Results& results);

/// Appends the warnings that are not there yet: what is the same for every activity or mesh is told
/// once.
void add_once(Warnings& warnings, const Warnings& more);

/// Moves the areas of loads and supports onto the surface of the body (points in LPS mm).
void settle(std::vector<RigCases>& rigs, const std::vector<Vec3>& surface_points);

/// Records the lesions with their volume in the body and their measures, and warns of those near
/// the cut and of those that the body does not feel.
void record_lesions(const PatientSetting& setting, const std::vector<double>& volumes_mm3,
                    double bone_mm3, report::Results& results);

/// Right-hand sides in all, for so many variants, and the most in one rig.
int solves_of(const PatientSetting& setting, std::size_t variants);
int most_loads(const PatientSetting& setting);

/// Puts the activities of a variant in the order in which the case names them.
void sort_activities(const PatientCase& given, report::VariantResults& variant);

} // namespace calcar::pipeline
