#include "risk/cement_stress.hpp"

#include "material/criteria.hpp"
#include "model/lattice.hpp"
#include "risk/ball_mean.hpp"
#include "risk/component_stress.hpp"
#include "risk/voxel_at.hpp"

#include <algorithm>

namespace calcar::risk
{
namespace
{
/// Stresses of one component's voxels, averaged over small balls, by the body's grid.
struct VoxelStress
{
  std::vector<std::uint64_t> voxels;
  std::vector<SymTensor> stress;
};

VoxelStress stress_of(const FixedBody& fixed, std::size_t index, const analysis::Response& response)
{
  const model::HardwareVoxels& hardware = fixed.hardware;
  const model::VoxelBody& body = fixed.body.body;
  VoxelStress result;
  for (std::size_t n = 0; n < hardware.voxels.size(); ++n)
  {
    if (hardware.component[n] != index)
      continue;
    const Vec3 centre = model::voxel_centre(hardware.grid, hardware.voxels[n]);
    const auto at = voxel_at(body.grid, body.voxels, centre);
    if (!at || fixed.body.tissue[*at] != hardware.tissue[n])
      continue;
    result.voxels.push_back(body.voxels[*at]); // both grids run the same way: still ascending
    result.stress.push_back(
        material::hooke(response.strain[*at], body.youngs[*at], body.poisson[*at]));
  }
  result.stress = ball_means<SymTensor>(body.grid, result.voxels, result.stress, small_ball_mm);
  return result;
}
} // namespace

std::optional<CementVerdict> cement_stress(const FixedBody& fixed, std::size_t index,
                                           const analysis::Response& response,
                                           load::ActivityKind kind)
{
  const implant::Component& component = fixed.fixation.components[index];
  if (component.kind != implant::ComponentKind::cement)
    return std::nullopt;
  const material::Alloy alloy = material::alloy(component.alloy, fixed.fixation.name);
  const VoxelStress cement = stress_of(fixed, index, response);
  CementVerdict verdict;
  verdict.component = component.name;
  std::optional<std::size_t> worst;
  for (std::size_t n = 0; n < cement.stress.size(); ++n)
  {
    const auto values = eigenvalues(cement.stress[n]);
    const double tension = std::max(values[0], 0.0);
    const double compression = std::max(-values[2], 0.0);
    verdict.tension_MPa = std::max(verdict.tension_MPa, tension);
    verdict.compression_MPa = std::max(verdict.compression_MPa, compression);
    const double here =
        std::max(tension / alloy.ultimate_tension, compression / alloy.ultimate_compression);
    if (!worst || here > verdict.utilisation)
      worst = n;
    verdict.utilisation = std::max(verdict.utilisation, here);
  }
  if (kind == load::ActivityKind::daily)
    verdict.fatigue_utilisation =
        material::goodman_utilisation(alloy, 0.5 * verdict.tension_MPa, 0.5 * verdict.tension_MPa);
  if (worst)
    verdict.location = anatomy::locate(
        fixed.bone, model::voxel_centre(fixed.body.body.grid, cement.voxels[*worst]));
  return verdict;
}

std::optional<ComponentVerdict> own_mesh_stress(const FixedBody& fixed, std::size_t index,
                                                const analysis::Response& response,
                                                load::ActivityKind kind)
{
  const implant::Component& component = fixed.fixation.components[index];
  if (component.kind != implant::ComponentKind::own_mesh)
    return std::nullopt;
  const material::Alloy alloy = material::alloy(component.alloy, fixed.fixation.name);
  ComponentVerdict verdict = verdict_of(component, alloy);
  const VoxelStress voxels = stress_of(fixed, index, response);
  for (std::size_t n = 0; n < voxels.stress.size(); ++n)
  {
    const double stress = material::von_mises_stress(voxels.stress[n]);
    if (n > 0 && stress <= verdict.stress_MPa)
      continue;
    const auto values = eigenvalues(voxels.stress[n]);
    verdict.stress_MPa = stress;
    verdict.normal_MPa = values[0] >= -values[2] ? values[0] : values[2];
    verdict.worst.point = model::voxel_centre(fixed.body.body.grid, voxels.voxels[n]);
  }
  verdict.yield_utilisation = verdict.stress_MPa / alloy.yield;
  verdict.notched = true;
  if (kind == load::ActivityKind::daily)
    verdict.fatigue_utilisation = fatigue_utilisation(
        {verdict.stress_MPa, verdict.stress_MPa, 0, verdict.stress_MPa}, alloy, true);
  verdict.fatigue_safety = safety_of(verdict.fatigue_utilisation);
  verdict.doubts.push_back(
      "stress of " + component.name +
      ": that of its voxels, averaged over balls of 3 mm, since a surface from "
      "a file has no section: rough, too low at thin places and notches");
  return verdict;
}

} // namespace calcar::risk
