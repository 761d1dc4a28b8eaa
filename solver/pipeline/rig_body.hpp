#pragma once

#include "model/layers.hpp"
#include "model/surface.hpp"
#include "pipeline/patient_setting.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace calcar::pipeline
{

/// What loads, supports and criteria ask of the voxels of a body.
struct BodyShape
{
  model::Lattice bone;    ///< without the layers of the rig
  model::Surface surface; ///< with them
};

/// The body on which the activities of a rig are solved: the bone, with the rig's layers where it
/// has any. Rigs without layers share one shape.
struct RigBody
{
  std::optional<model::LayerVoxels> layers;
  std::shared_ptr<const BodyShape> shape;
};

/// The bodies of all rigs for a bone, whose variants have the same voxels; moves the areas of loads
/// and supports of each rig onto the surface of its body. `taken` are the voxels that bones of a
/// segment touched in (segment_body.hpp). Throws what model::layer_voxels throws, and InputError
/// (data) when a rig's layers do not join the bones of a segment to one body.
std::vector<RigBody> make_rig_bodies(const model::VoxelModel& bone, std::vector<RigCases>& rigs,
                                     std::span<const std::uint64_t> taken = {});

/// A variant of the bone with the layers of a rig; nothing when the rig has none, so that the
/// variant itself is the body.
std::optional<model::VoxelModel> layered(const model::VoxelModel& variant, const RigBody& body);

/// The most right-hand sides of a rig whose forces inertia balances.
int balanced_loads(const std::vector<RigCases>& rigs);

} // namespace calcar::pipeline
