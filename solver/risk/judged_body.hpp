#pragma once

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
 * A body as the criteria see it: elements that are voxels or the cells of a mesh, alike. `bone` and
 * `judged` follow the protocol's domain (judged_voxels, judged_cells); the model must outlive it.
 */
struct JudgedBody
{
  std::span<const float> youngs;               ///< MPa
  std::span<const float> poisson;              ///< 1
  std::span<const float> compressive_strength; ///< MPa
  std::span<const float> tensile_strength;     ///< MPa
  std::vector<std::uint8_t> bone;              ///< counts in averages: bone of enough density
  std::vector<std::uint8_t> judged;            ///< the criterion may be at its worst here
  std::function<double(std::size_t)> volume;   ///< of an element, mm^3
  std::function<Vec3(std::size_t)> centre;     ///< of an element, LPS mm
  /// Mean of a field over the ball of the domain's `average_mm` about each judged element, over
  /// the bone in it; the element's own value where that is 0; 0 where not judged.
  std::function<std::vector<double>(const std::vector<double>&)> averaged;

  std::size_t elements() const { return youngs.size(); }
};

/// The voxels of a model for one load case.
JudgedBody judged_body(const model::VoxelModel& model, const model::Lattice& lattice,
                       const model::Surface& surface, const material::CriterionDomain& domain,
                       const load::LoadCase& load_case, const load::Rig& rig);

/// The cells of a mesh for one load case; `boundary` are the nodes on the mesh's boundary.
JudgedBody judged_body(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                       const material::CriterionDomain& domain, const load::LoadCase& load_case,
                       const load::Rig& rig);

} // namespace calcar::risk
