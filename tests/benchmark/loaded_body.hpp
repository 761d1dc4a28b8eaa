#pragma once

#include "model/voxel_body.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::benchmark
{

/// A body with its supports and right-hand sides, as Engine wants them.
struct LoadedBody
{
  model::VoxelBody body;
  model::VoxelSupports supports;
  std::vector<std::vector<model::NodalForce>> loads;
  std::vector<double> scale; ///< of the prescribed displacements, one per load
};

/// Which right-hand sides.
enum class Loads
{
  one, ///< a cube between plates; walking on a femur
  six, ///< a clamped cube under three forces and three moments; unit hip and muscle forces
};

/**
 * A cube of `size` voxels an edge: "solid" (one modulus), "heterogeneous" (moduli differ by a
 * factor of 400), "grouped" (the same, rounded to 24 moduli, for codes that want one material
 * each), "porous" (struts of radius 3 voxels, a third solid), "struts" (as
 * solid, but half as thick). Throws std::invalid_argument with the known kinds.
 */
LoadedBody make_cube(const std::string& kind, int size, Loads loads);

/// A body written by write_body with seven loads, of which the first is `one` and the others `six`.
/// Throws std::runtime_error when the file is missing, of another kind or cut short.
LoadedBody read_body(const std::filesystem::path& file, Loads loads);

/// Writes a body for one read on the same machine.
void write_body(const std::filesystem::path& file, const LoadedBody& body);

} // namespace calcar::benchmark
