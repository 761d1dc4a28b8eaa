#pragma once

#include "model/plasticity.hpp"
#include "pipeline/fracture_input.hpp"
#include "pipeline/patient_setting.hpp"
#include "pipeline/rig_body.hpp"
#include "risk/fracture.hpp"

#include <mpi.h>

#include <functional>
#include <vector>

namespace calcar::pipeline
{

/// The activities of a rig that are to be followed to fracture: no instants of a cycle.
std::vector<std::size_t> followed_cases(const FractureInput& input, const RigCases& rig);

/// How far and in what steps the path of a load case is followed.
model::PathControl control_of(const FractureInput& input, const load::LoadCase& load_case);

/// The constitutive law that a case asks for: its own, or the protocol's. Throws InputError
/// (command) when neither names one.
material::ConstitutiveLaw law_of(const FractureInput& input, const material::Protocol& protocol);

/// How the path of an activity is kept and gone on with; asked on rank 0.
using PathsKept = std::function<analysis::PathKeeping(const std::string& activity)>;

/**
 * Follows activities of a rig on a variant's body, which holds the rig's layers, to fracture; the
 * bone near loads and supports that the protocol does not judge is kept from yielding there too.
 * `record` is called on rank 0 with each verdict and its path. Collective; everything is read on
 * rank 0.
 */
void follow_to_fracture(const FractureInput& input, const PatientSetting& setting,
                        const RigCases& rig, const RigBody& rig_body, const model::VoxelModel& body,
                        const std::function<void(const risk::FractureAssessment&,
                                                 const analysis::FracturePath&)>& record,
                        const PathsKept& kept, MPI_Comm comm);

} // namespace calcar::pipeline
