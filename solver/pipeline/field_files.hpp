#pragma once

#include "model/voxel_model.hpp"
#include "pipeline/case.hpp"
#include "pipeline/results_folder.hpp"
#include "report/fields.hpp"

#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Writes fields of a body into the folder "fields" of the results, as the case asks for; blanks of
/// the name become underscores.
void write_fields(const std::string& name, const model::VoxelBody& body,
                  const std::vector<report::Field>& fields, const OutputOptions& options,
                  const ResultsFolder& folder);

/// What each voxel is, as the numbers of model::TissueKind.
std::vector<float> numbers_of(const std::vector<model::TissueKind>& tissues);

} // namespace calcar::pipeline
