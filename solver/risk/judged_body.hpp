#pragma once

#include "analysis/response.hpp"
#include "load/load_case.hpp"
#include "material/protocol.hpp"
#include "mesh/mesh_model.hpp"
#include "model/surface.hpp"
#include "model/voxel_model.hpp"
#include "solid/body.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace calcar::risk
{

/**
 * A body as the criteria see it. Its elements (voxels or the cells of a mesh) have one material
 * each; strain is judged at its samples (the voxels themselves, or points in the cells), and
 * averaged about its places (voxels, or points of a mesh's surface). `bone` and `judged` follow the
 * protocol's domain (judged_voxels, judged_cells); the model must outlive it.
 */
struct JudgedBody
{
  std::span<const float> youngs;               ///< MPa, of each element
  std::span<const float> poisson;              ///< 1
  std::span<const float> compressive_strength; ///< MPa
  std::span<const float> tensile_strength;     ///< MPa
  std::vector<std::uint8_t> bone;              ///< counts in averages: bone of enough density
  std::vector<std::uint8_t> judged;            ///< the criterion may be at its worst here
  std::span<const std::uint8_t> bone_number;   ///< of several bones: which one an element belongs
                                               ///< to; empty: there is one

  std::size_t samples = 0;
  std::function<std::size_t(std::size_t)> element; ///< of a sample
  std::function<double(std::size_t)> volume;       ///< that a sample stands for, mm^3
  /// At a sample.
  std::function<SymTensor(const analysis::Response&, std::size_t)> strain;

  std::function<Vec3(std::size_t)> place;                   ///< LPS mm
  std::function<std::size_t(std::size_t)> element_of_place; ///< that a place belongs to
  /// Mean of a field, given at the samples, over the ball of the domain's `average_mm` about each
  /// place, over the bone in it (nearest_bone.hpp); the sample's own value where that is 0; 0 at
  /// places that are not judged.
  std::function<std::vector<double>(const std::vector<double>&)> averaged;

  std::size_t elements() const { return youngs.size(); }
};

/// The voxels of a model for one load case.
JudgedBody judged_body(const model::VoxelModel& model, const model::Lattice& lattice,
                       const model::Surface& surface, const material::CriterionDomain& domain,
                       const load::LoadCase& load_case, const load::Rig& rig);

/// The cells of a mesh for one load case; `boundary` are the nodes on the mesh's boundary. Strains
/// are those at the integration points, interpolated.
JudgedBody judged_body(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                       const material::CriterionDomain& domain, const load::LoadCase& load_case,
                       const load::Rig& rig);

} // namespace calcar::risk
