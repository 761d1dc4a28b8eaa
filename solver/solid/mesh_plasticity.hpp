#pragma once

#include "material/constitutive_law.hpp"
#include "mesh/mesh_model.hpp"
#include "model/plasticity.hpp"
#include "solid/plasticity.hpp"

#include <cstdint>
#include <vector>

namespace calcar::solid
{

/// Edge of the regular tetrahedron or of the cube that has the cell's volume, mm.
double edge_of(const mesh::Mesh& mesh, std::size_t cell);

/**
 * How the cells of a model yield: bone by its ash density, modulus and compressive strength,
 * everything else (marrow, tumour, layers) stays elastic, and so do the cells whose flag in
 * `may_yield` is 0. Strains after yield are spread over the law's own length, in larger cells over
 * their edge. `tension_over_compression` is that of the protocol's strength law.
 */
CellPlasticity plasticity_of(const mesh::MeshModel& model, const material::ConstitutiveLaw& law,
                             double tension_over_compression,
                             const std::vector<std::uint8_t>& may_yield);

/// The mean length of the cells that yield, by their volume, and the width over which softening is
/// averaged: the law's own.
model::SofteningLength softening_length(const mesh::MeshModel& model,
                                        const CellPlasticity& plasticity,
                                        const material::ConstitutiveLaw& law);

} // namespace calcar::solid
