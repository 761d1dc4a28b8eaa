#include "model/plasticity.hpp"

#include <algorithm>

namespace calcar::model
{
namespace
{
VoxelYield yield_of(const material::ConstitutiveLaw& law, const VoxelModel& model, std::size_t n,
                    double band_mm)
{
  const auto ash = static_cast<double>(model.ash[n]);
  const material::YieldCurve curve =
      law.curve(ash, static_cast<double>(model.body.youngs[n]),
                static_cast<double>(model.compressive_strength[n]), band_mm);
  VoxelYield yield;
  yield.first = static_cast<float>(curve.first);
  yield.plateau = static_cast<float>(curve.plateau);
  yield.slope = static_cast<float>(curve.slope);
  yield.last = static_cast<float>(curve.last);
  yield.rate = static_cast<float>(curve.rate);
  yield.kind = static_cast<std::int32_t>(&law.after_yield(ash) - law.post_yield.data());
  return yield;
}
} // namespace

double band_of(const material::ConstitutiveLaw& law, double edge_mm)
{
  return law.regularisation_mm > 0 ? std::max(law.regularisation_mm, edge_mm) : 0;
}

SofteningLength softening_length(const material::ConstitutiveLaw& law, const image::Grid& grid)
{
  const Vec3& h = grid.spacing;
  const double edge = std::max({h.x, h.y, h.z});
  if (edge >= law.regularisation_mm)
    return {band_of(law, edge), 0};
  return {band_of(law, edge), law.regularisation_mm};
}

VoxelPlasticity plasticity_of(const VoxelModel& model, const material::ConstitutiveLaw& law,
                              double tension_over_compression,
                              const std::vector<std::uint8_t>& may_yield)
{
  VoxelPlasticity plasticity;
  const material::YieldSurface surface = law.surface(tension_over_compression);
  for (const material::PostYield& after : law.post_yield)
    plasticity.kinds.push_back({surface, after.damage});
  const double band = softening_length(law, model.body.grid).band_mm;
  plasticity.voxels.resize(model.body.voxels.size());
  for (std::size_t n = 0; n < plasticity.voxels.size(); ++n)
    if (may_yield[n] && model.tissue[n] == TissueKind::bone && model.compressive_strength[n] > 0)
      plasticity.voxels[n] = yield_of(law, model, n, band);
  return plasticity;
}

} // namespace calcar::model
