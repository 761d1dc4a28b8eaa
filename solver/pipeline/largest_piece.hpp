#pragma once

#include "base/warning.hpp"
#include "model/voxel_body.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/**
 * Which voxels of a body belong to its largest piece joined by faces, 1 or 0; nothing when there is
 * one piece. The others go with a warning, and are refused (InputError, data) where they are more
 * than a hundredth of the body. `remedy` tells how to make the voxels smaller.
 */
std::optional<std::vector<std::uint8_t>>
largest_piece(const model::VoxelBody& body, const std::string& remedy, Warnings& warnings);

/// The same of each bone of a body of several by itself: `numbers` of its voxels, `names` of the
/// bones. Throws InputError (data) too when nothing of a bone is left.
std::optional<std::vector<std::uint8_t>> largest_pieces(const model::VoxelBody& body,
                                                        const std::vector<std::uint8_t>& numbers,
                                                        const std::vector<std::string>& names,
                                                        const std::string& remedy,
                                                        Warnings& warnings);

} // namespace calcar::pipeline
