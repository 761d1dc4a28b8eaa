#pragma once

#include "pipeline/case.hpp"
#include "pipeline/mesh_problem.hpp"
#include "pipeline/results_folder.hpp"
#include "report/results.hpp"

#include <mpi.h>

#include <cstddef>

namespace calcar::pipeline
{

/**
 * Follows the activities of all rigs of a mesh to fracture on a variant of its body: verdicts go
 * into `out`, fields and steps into `folder`. The bone near loads and supports that the protocol
 * does not judge is kept from yielding there too. Collective; everything is read on rank 0, but for
 * the number of rigs, which all ranks know.
 */
void follow_to_fracture(const Case& given, const PatientSetting& setting, const MeshBody& body,
                        std::size_t variant, const ResultsFolder* folder,
                        report::VariantResults& out, report::Results& results, MPI_Comm comm);

} // namespace calcar::pipeline
