#include "analysis/section_forces.hpp"

#include "analysis/cut_forces.hpp"
#include "implant/path.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::analysis
{
namespace
{
/// A voxel of a bar by its place along the axis.
struct Placed
{
  double at = 0;
  std::size_t voxel = 0; ///< index into the body's voxels
  Vec3 centre;
  double share = 0;
};

std::vector<Placed> voxels_of(const implant::Path& path, std::size_t index,
                              const model::HardwareVoxels& hardware, const model::VoxelBody& body)
{
  std::vector<Placed> placed;
  for (std::size_t n = 0; n < hardware.voxels.size(); ++n)
  {
    if (hardware.component[n] != index)
      continue;
    const Vec3 centre = model::voxel_centre(hardware.grid, hardware.voxels[n]);
    const Vec3 at = body.grid.index(centre);
    const std::array<int, 3> ijk = {static_cast<int>(std::lround(at.x)),
                                    static_cast<int>(std::lround(at.y)),
                                    static_cast<int>(std::lround(at.z))};
    if (!body.grid.contains(ijk[0], ijk[1], ijk[2]))
      continue;
    const std::uint64_t offset = body.grid.offset(ijk[0], ijk[1], ijk[2]);
    const auto found = std::lower_bound(body.voxels.begin(), body.voxels.end(), offset);
    if (found != body.voxels.end() && *found == offset)
      placed.push_back({path.nearest(centre), static_cast<std::size_t>(found - body.voxels.begin()),
                        centre, static_cast<double>(hardware.share[n])});
  }
  std::sort(placed.begin(), placed.end(),
            [](const Placed& a, const Placed& b) { return a.at < b.at; });
  return placed;
}

/// How far apart along a direction (grid axes) the centres of voxels are that share a node.
double reach_along(const image::Grid& grid, Vec3 direction)
{
  const Vec3 d = transpose(grid.direction) * direction;
  return grid.spacing.x * std::abs(d.x) + grid.spacing.y * std::abs(d.y) +
         grid.spacing.z * std::abs(d.z);
}

/// A place along a bar with the voxels near it.
struct Section
{
  Vec3 point;
  Vec3 along;
  std::span<const Placed> near;
};

Cut cut_at(const Section& section, double reach)
{
  Cut cut;
  for (const Placed& one : section.near)
  {
    const double ahead = dot(one.centre - section.point, section.along);
    if (std::abs(ahead) <= 1.001 * reach)
      (ahead > 0 ? cut.behind : cut.before).push_back(one.voxel);
  }
  return cut;
}

/// Unit direction across the axis in which the section is widest.
Vec3 width_of(const Section& section)
{
  SymTensor second;
  for (const Placed& one : section.near)
  {
    const Vec3 off = one.centre - section.point;
    const Vec3 r = off - dot(off, section.along) * section.along;
    second = second + one.share * SymTensor{r.x * r.x, r.y * r.y, r.z * r.z,
                                            r.y * r.z, r.z * r.x, r.x * r.y};
  }
  const Vec3 widest = eigenpairs(second)[0].direction;
  return normalized(widest - dot(widest, section.along) * section.along);
}

bool is_round(const implant::Component& component, double at)
{
  for (const implant::SectionRun& run : component.runs)
    if (at <= run.to_mm)
      return run.section.strong_mm4 < 1.05 * run.section.weak_mm4;
  return component.runs.back().section.strong_mm4 < 1.05 * component.runs.back().section.weak_mm4;
}

SectionForce resolved(const ForceAndMoment& sum, const Section& section, double at, bool round)
{
  SectionForce result;
  result.at_mm = at;
  result.point = section.point;
  result.axial_N = dot(sum.force, section.along);
  result.shear_N = norm(sum.force - result.axial_N * section.along);
  result.torsion_Nmm = dot(sum.moment, section.along);
  const Vec3 bending = sum.moment - result.torsion_Nmm * section.along;
  result.bending_Nmm = result.weak_Nmm = norm(bending);
  if (!round)
  {
    const Vec3 width = width_of(section);
    result.weak_Nmm = std::abs(dot(bending, width));
    result.strong_Nmm = std::abs(dot(bending, cross(section.along, width)));
  }
  return result;
}

bool is_hardware(model::TissueKind tissue)
{
  return tissue == model::TissueKind::metal || tissue == model::TissueKind::cement;
}

/// Centre of the voxels of a cut, weighted with their moduli.
Vec3 centre_of(const model::VoxelBody& body, const Cut& cut)
{
  Vec3 sum;
  double total = 0;
  for (const auto* side : {&cut.before, &cut.behind})
    for (const std::size_t n : *side)
    {
      const double weight = static_cast<double>(body.youngs[n]);
      sum += weight * model::voxel_centre(body.grid, body.voxels[n]);
      total += weight;
    }
  return total > 0 ? sum / total : Vec3{};
}
} // namespace

std::vector<SectionForce> section_forces(const implant::Component& component, std::size_t index,
                                         const model::HardwareVoxels& hardware,
                                         const model::VoxelModel& body, const Response& response,
                                         double step_mm)
{
  if (component.runs.empty() || component.axis.size() < 2)
    return {};
  const ElementForces elements(body.body, response.displacement);
  const implant::Path path(component.axis);
  const std::vector<Placed> placed = voxels_of(path, index, hardware, body.body);
  const Vec3 spacing = body.body.grid.spacing;
  const double edge = std::max({spacing.x, spacing.y, spacing.z});
  const double step = std::max(step_mm, 2 * edge);
  const auto count = std::max(1, static_cast<int>(std::lround(path.length() / step)));
  std::vector<SectionForce> result;
  for (int n = 0; n < count; ++n)
  {
    const double at = (n + 0.5) * path.length() / count;
    const auto before = [](const Placed& one, double s) { return one.at < s; };
    const auto low = std::lower_bound(placed.begin(), placed.end(), at - 4 * edge, before);
    const auto high = std::lower_bound(low, placed.end(), at + 4 * edge, before);
    const Section section{path.point(at), path.tangent(at), std::span(low, high)};
    const Cut cut = cut_at(section, reach_along(body.body.grid, section.along));
    if (cut.before.empty() || cut.behind.empty())
      continue;
    result.push_back(
        resolved(elements.across(cut, cut, section.point), section, at, is_round(component, at)));
  }
  return result;
}

SharedLoad shared_load(const model::VoxelModel& body, const Response& response, Vec3 point,
                       Vec3 normal)
{
  const ElementForces elements(body.body, response.displacement);
  const Vec3 along = normalized(normal);
  const double reach = reach_along(body.body.grid, along);
  Cut all, bone, metal;
  for (std::size_t n = 0; n < body.body.voxels.size(); ++n)
  {
    const double ahead =
        dot(model::voxel_centre(body.body.grid, body.body.voxels[n]) - point, along);
    if (std::abs(ahead) > 1.001 * reach || body.tissue[n] == model::TissueKind::interface)
      continue;
    Cut& part = is_hardware(body.tissue[n]) ? metal : bone;
    for (Cut* cut : {&all, &part})
      (ahead > 0 ? cut->behind : cut->before).push_back(n);
  }
  const Vec3 centre = centre_of(body.body, all);
  const ForceAndMoment by_bone = elements.across(all, bone, centre);
  const ForceAndMoment by_metal = elements.across(all, metal, centre);
  const auto bending = [&](const ForceAndMoment& sum)
  { return norm(sum.moment - dot(sum.moment, along) * along); };
  return {dot(by_bone.force, along), dot(by_metal.force, along), bending(by_bone),
          bending(by_metal)};
}

} // namespace calcar::analysis
