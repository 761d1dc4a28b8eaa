#pragma once

#include <string>

namespace calcar::app
{

/// True when the extension is that of a mesh (.msh, .inp, ...) or of a surface (.stl, .ply, ...).
bool is_mesh_or_surface(const std::string& file);

/**
 * Prints what is in a mesh or a surface: counts, box, volume, area, regions, sets, quality,
 * defects, and what unit its numbers look like; `unit` is the file's unit ("mm", "m", ...), `json`
 * prints that instead. Returns the exit code. Throws InputError for what cannot be read; a mesh
 * with defects is described, not refused.
 */
int info_mesh(const std::string& file, const std::string& unit, bool json);

} // namespace calcar::app
