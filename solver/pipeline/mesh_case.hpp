#pragma once

#include "lesion/lesion.hpp"
#include "load/load_case.hpp"
#include "mesh/mesh_model.hpp"
#include "mesh/tetrahedra.hpp"
#include "pipeline/inputs.hpp"

#include <vector>

namespace calcar::pipeline
{

/**
 * The bone of a case with its lesions as a labelled solid: the mask without its staircase
 * (mesh::smooth_body), each lesion a part of its name, flat ends of the mask as cut planes
 * ("cut_1", ...). A bone cut off in its shaft whose end is not flat is rounded there, with the
 * warning "cut_not_flat". `warnings` gets those of smoothing too.
 */
mesh::LabelledSolid solid_of_case(const PatientInputs& inputs,
                                  const std::vector<lesion::PlacedLesion>& lesions,
                                  Warnings& warnings);

/// Tetrahedra of the bone of a case; lesions are regions, and after them the layers of a rig
/// (mesh::add_layers), which share the bone's nodes. Throws InputError (meshing), and for layers
/// what model::layer_voxels throws.
mesh::MeshedSolid mesh_of_case(const PatientInputs& inputs,
                               const std::vector<lesion::PlacedLesion>& lesions,
                               const mesh::MeshSizes& sizes, const load::Rig* rig = nullptr);

/**
 * Voxels of the bone of a case as hexahedra: cubes of `edge_mm` along the image's axes, at least
 * half inside the mask, in one region; of several pieces the largest. Then the layers of a rig in
 * cubes of the same grid (model::layer_voxels), each a region. Their surface is a staircase, which
 * no refinement makes smooth: the warning "staircase" says so. Throws InputError (data) where a
 * larger part of the bone would get lost, and for layers what model::layer_voxels throws.
 */
mesh::Mesh hexahedra_of_case(const PatientInputs& inputs, double edge_mm, Warnings& warnings,
                             const load::Rig* rig = nullptr);

/// The layers of a rig, which are the last regions of a mesh made with them.
std::vector<mesh::LayerRegion> layer_regions(const mesh::Mesh& mesh, const load::Rig& rig);

} // namespace calcar::pipeline
