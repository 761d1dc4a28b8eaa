#include "risk/cell_domain.hpp"

#include "geometry/point_bins.hpp"

namespace calcar::risk
{
namespace
{
void mark_near(const load::Patch& patch, const solid::BoundaryNodes& boundary,
               const geometry::PointBins& centres, double radius_mm,
               std::vector<std::uint8_t>& marked)
{
  for (std::size_t n = 0; n < boundary.nodes.size(); ++n)
    if (patch.weight(boundary.points[n], boundary.normals[n]) > 0)
      centres.within(boundary.points[n], radius_mm, [&](std::size_t cell) { marked[cell] = 1; });
}
} // namespace

JudgedCells judged_cells(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                         const material::CriterionDomain& domain, const load::LoadCase& load_case,
                         const load::Rig& rig)
{
  const std::size_t count = model.tissue.size();
  std::vector<std::uint8_t> excluded(count, 0);
  if (domain.exclude_mm_from_load > 0 && count > 0)
  {
    const geometry::PointBins centres(model.centre, domain.exclude_mm_from_load);
    for (const load::AppliedForce& force : load_case.forces)
      mark_near(force.patch, boundary, centres, domain.exclude_mm_from_load, excluded);
  }
  if (domain.exclude_mm_from_support > 0 && count > 0)
  {
    const geometry::PointBins centres(model.centre, domain.exclude_mm_from_support);
    for (const load::Support& support : rig.supports)
      mark_near(support.patch, boundary, centres, domain.exclude_mm_from_support, excluded);
  }
  JudgedCells result;
  result.bone.assign(count, 0);
  result.judged.assign(count, 0);
  for (std::size_t n = 0; n < count; ++n)
  {
    result.bone[n] =
        model.tissue[n] == model::TissueKind::bone && model.ash[n] >= domain.min_ash_g_cm3;
    const bool in_place =
        domain.where == material::CriterionDomain::Where::volume || model.on_surface[n] != 0;
    result.judged[n] = result.bone[n] && in_place && !excluded[n];
  }
  return result;
}

std::vector<double> averaged(const std::vector<double>& field, const mesh::MeshModel& model,
                             const JudgedCells& cells, double diameter_mm)
{
  std::vector<double> means(field.size(), 0);
  if (field.empty())
    return means;
  const double radius = diameter_mm / 2;
  const geometry::PointBins centres(model.centre, radius > 0 ? radius : 1);
  for (std::size_t n = 0; n < field.size(); ++n)
  {
    if (!cells.judged[n])
      continue;
    double sum = 0, volume = 0;
    centres.within(model.centre[n], radius,
                   [&](std::size_t other)
                   {
                     if (!cells.bone[other])
                       return;
                     sum += model.volume[other] * field[other];
                     volume += model.volume[other];
                   });
    means[n] = radius > 0 ? sum / volume : field[n];
  }
  return means;
}

} // namespace calcar::risk
