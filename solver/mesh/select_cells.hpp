#pragma once

#include "mesh/mesh.hpp"

#include <vector>

namespace calcar::mesh
{

/// The mesh of the cells with keep[cell], and of the points that they use; points and cells keep
/// their numbers of the file, sets what is left of them. (A face set keeps faces of kept cells.)
Mesh select_cells(const Mesh& mesh, const std::vector<bool>& keep);

} // namespace calcar::mesh
