#include "risk/shielding.hpp"

#include "material/criteria.hpp"
#include "model/lattice.hpp"

#include <algorithm>

namespace calcar::risk
{
namespace
{
constexpr double least_share = 0.01; ///< of the most strained region's energy
} // namespace

std::map<std::string, double> region_energy(const model::VoxelModel& body,
                                            const analysis::Response& response,
                                            const anatomy::BoneAnatomy& bone)
{
  struct Sum
  {
    double energy = 0;
    double voxels = 0;
  };
  std::map<std::string, Sum> sums;
  for (std::size_t n = 0; n < body.tissue.size(); ++n)
  {
    if (body.tissue[n] != model::TissueKind::bone)
      continue;
    const std::string region =
        anatomy::region_of(bone, model::voxel_centre(body.body.grid, body.body.voxels[n]));
    const SymTensor& strain = response.strain[n];
    const SymTensor stress = material::hooke(strain, body.body.youngs[n], body.body.poisson[n]);
    Sum& sum = sums[region.empty() ? "elsewhere" : region];
    sum.energy += 0.5 * contract(stress, strain);
    sum.voxels += 1;
  }
  std::map<std::string, double> means;
  for (const auto& [region, sum] : sums)
    means[region] = sum.energy / sum.voxels;
  return means;
}

std::vector<Shielding> shielding(const std::map<std::string, double>& energy,
                                 const std::map<std::string, double>& twin)
{
  double most = 0;
  for (const auto& [region, value] : twin)
    most = std::max(most, value);
  std::vector<Shielding> result;
  for (const auto& [region, value] : twin)
    if (const auto found = energy.find(region); found != energy.end() && value > least_share * most)
      result.push_back({region, 1 - found->second / value});
  std::stable_sort(result.begin(), result.end(),
                   [](const Shielding& a, const Shielding& b) { return a.lost > b.lost; });
  return result;
}

} // namespace calcar::risk
