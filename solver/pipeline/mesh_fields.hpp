#pragma once

#include "pipeline/field_files.hpp"
#include "pipeline/mesh_problem.hpp"
#include "pipeline/results_folder.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Where fields of this name are written, blanks replaced.
std::filesystem::path field_file(const ResultsFolder& folder, std::string name);

/// Writes what a variant is made of: once, beside the fields of its activities.
void write_material(const MeshVariant& variant, const ResultsFolder& folder);

} // namespace calcar::pipeline
