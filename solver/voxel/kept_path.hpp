#pragma once

#include "voxel/load_path.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace calcar::voxel
{

/// What a path rests on, a SHA-256 (64 hexadecimal digits) for each part. How far and in what steps
/// it is followed is none of it: that may be changed on the way.
struct PathBasis
{
  std::string body;     ///< grid, voxels, elastic moduli
  std::string law;      ///< how each voxel yields
  std::string supports; ///< what holds the body
  std::string load;     ///< forces at factor 1 and their size
  std::string options;  ///< of equilibria: points, averaging, residual
  bool operator==(const PathBasis&) const = default;
};

PathBasis basis_of(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
                   const model::VoxelSupports& supports, const PathLoad& load,
                   const EquilibriumOptions& options);

/// A path up to an equilibrium, whole: enough to go on from it on any number of ranks.
struct KeptPath
{
  PathBasis basis;
  std::vector<PathStep> steps; ///< the last is where it stands
  Standing at;
  std::vector<double> seen; ///< what watched the path has to remember; of no meaning here
};

/**
 * Writes a path to a file; to a temporary name first, then renamed. Bytes, little-endian:
 *
 *   "calcar path to fracture\n"   24 characters
 *   format version                uint32
 *   0x01020304                    uint32, the order of bytes
 *   basis                         5 x 64 characters
 *   sizes                         uint64: steps, numbers a step, nodes, voxels, numbers a voxel,
 *                                 numbers seen
 *   steps                         doubles, in the order of PathStep
 *   drive, equilibria             doubles
 *   displacement                  3 doubles a node, mm
 *   yielded_at, softened_at       doubles, one a voxel
 *   states                        doubles, all voxels of one number after the other
 *   seen                          doubles
 *   SHA-256 of all this           64 characters
 *
 * Throws InputError (command) when it cannot be written.
 */
void write_kept_path(const std::filesystem::path& file, const KeptPath& path);

/// Reads it. Throws InputError (data) for a file that is no such one, is of another version, is not
/// whole or is damaged, and for one that rests on something else than `basis`: it says on what.
KeptPath read_kept_path(const std::filesystem::path& file, const PathBasis& basis);

} // namespace calcar::voxel
