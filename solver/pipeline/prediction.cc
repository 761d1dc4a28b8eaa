#include "pipeline/prediction.hpp"

#include "model/lattice.hpp"

namespace calcar::pipeline
{
namespace
{
// Measured on the real femur and the synthetic one (README.md); a prediction, not a promise.
constexpr double program_MB = 170;        ///< a rank with its libraries before any data
constexpr double bytes_per_unknown = 340; ///< engine, images, fields and gathered results
constexpr double seconds_per_unknown =
    1.5e-6; ///< set-up and one right-hand side to 1e-8 on one rank
} // namespace

Prediction predict(const model::VoxelBody& body, int solves, int ranks)
{
  Prediction prediction;
  prediction.voxels = body.voxels.size();
  prediction.unknowns = 3 * model::nodes_of(body.grid, body.voxels).size();
  prediction.solves = solves;
  const auto unknowns = static_cast<double>(prediction.unknowns);
  prediction.memory_MB = program_MB * ranks + bytes_per_unknown * unknowns / 1e6;
  prediction.seconds = seconds_per_unknown * unknowns * solves / ranks;
  return prediction;
}

} // namespace calcar::pipeline
