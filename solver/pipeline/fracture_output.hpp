#pragma once

#include "analysis/fracture_path.hpp"
#include "pipeline/results_folder.hpp"
#include "report/fields.hpp"
#include "report/results.hpp"
#include "risk/fracture.hpp"

#include <vector>

namespace calcar::pipeline
{

/// What a path leaves in each voxel or cell.
std::vector<report::Field> fracture_fields(const risk::FractureAssessment& found,
                                           const analysis::FracturePath& path);

/// Writes the steps of a path and adds it to the results of its variant, without its fields.
void record_path(risk::FractureAssessment found, const ResultsFolder& folder,
                 report::VariantResults& out);

} // namespace calcar::pipeline
