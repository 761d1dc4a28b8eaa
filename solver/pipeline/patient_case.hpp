#pragma once

#include "pipeline/case.hpp"

namespace calcar::pipeline
{

/// The part of a case file that is a patient's: complaints go into the document, which checks
/// itself in read_case.
PatientCase read_patient_case(const Table& document);

/// [mesh]: the defaults where the table is not there.
MeshInput read_mesh_input(const Table& document);

} // namespace calcar::pipeline
