#pragma once

#include "implant/fixation.hpp"
#include "model/hardware.hpp"

#include <vector>

namespace calcar::model
{

/// How a component meets the bone under some options.
implant::Interface interface_of(const implant::Component& component,
                                const HardwareOptions& options);

/// The contact voxels of the components that are debonded; `hardware` has its voxels.
VoxelContact contact_ring(const implant::Fixation& fixation, const VoxelModel& bone,
                          const HardwareVoxels& hardware, const HardwareOptions& options);

/// The voxels of the bone that lie in what the operation takes away and are neither hardware nor
/// contact, ascending.
std::vector<std::uint64_t> emptied_voxels(const implant::Fixation& fixation, const VoxelModel& bone,
                                          const HardwareVoxels& hardware);

} // namespace calcar::model
