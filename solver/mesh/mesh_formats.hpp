#pragma once

#include <filesystem>
#include <string>

namespace calcar::mesh
{

/// ".msh" of "Femur.MSH".
std::string lower_extension(const std::filesystem::path& file);

} // namespace calcar::mesh
