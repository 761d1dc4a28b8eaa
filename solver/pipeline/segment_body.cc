#include "pipeline/segment_body.hpp"

#include "base/text.hpp"
#include "model/several_bones.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
/// Of a vertebra's voxels: above it the joints are more guessed than seen. The project's choice.
constexpr double fused_share = 0.02;

void warn_of_touch(const std::string& level, std::size_t taken, std::size_t all, Warnings& warnings)
{
  const double share = static_cast<double>(taken) / static_cast<double>(all);
  const bool fused = share > fused_share;
  warnings.push_back(
      {fused ? "vertebrae_fused" : "vertebrae_touch",
       level + " touches the vertebra above it: " + std::to_string(taken) + " voxels of " + level +
           " (" + format_number(100 * share, 2) +
           " % of it) became part of the joint between them" +
           (fused ? "; that is much: the joints there are more guessed than seen, choose a smaller "
                    "[voxels] size_mm or look at the masks"
                  : ""),
       "[bone] mask"});
}
} // namespace

std::vector<std::string> levels_of(const PatientInputs& inputs)
{
  std::vector<std::string> levels;
  for (const anatomy::BoneAnatomy& vertebra : inputs.vertebrae)
    levels.push_back(vertebra.level);
  return levels;
}

std::vector<std::uint64_t> separate_vertebrae(const PatientInputs& inputs, model::VoxelModel& bones,
                                              Warnings& warnings)
{
  bones.bone_number = model::bone_numbers(bones.body, *inputs.bones);
  std::vector<std::uint8_t> keep = model::touching_voxels(bones.body, bones.bone_number);
  std::vector<std::uint64_t> taken;
  std::vector<std::size_t> touching(inputs.vertebrae.size(), 0), all(inputs.vertebrae.size(), 0);
  for (std::size_t n = 0; n < keep.size(); ++n)
  {
    ++all[bones.bone_number[n]];
    if (keep[n] != 0)
    {
      ++touching[bones.bone_number[n]];
      taken.push_back(bones.body.voxels[n]);
    }
    keep[n] = keep[n] == 0;
  }
  for (std::size_t v = 0; v < touching.size(); ++v)
    if (touching[v] > 0)
      warn_of_touch(inputs.vertebrae[v].level, touching[v], all[v], warnings);
  if (!taken.empty())
    bones = model::keep(bones, keep);
  return taken;
}

} // namespace calcar::pipeline
