#pragma once

#include "model/material_field.hpp"
#include "pipeline/mesh_problem.hpp"
#include "pipeline/results_folder.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Where fields of this name are written, blanks replaced.
std::filesystem::path field_file(const ResultsFolder& folder, std::string name);

/// Tissues as the numbers that stand for them in fields.
std::vector<float> numbers_of(const std::vector<model::TissueKind>& tissues);

/// Writes what a variant is made of: once, beside the fields of its activities.
void write_material(const MeshVariant& variant, const ResultsFolder& folder);

} // namespace calcar::pipeline
