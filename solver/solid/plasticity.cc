#include "solid/plasticity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace calcar::solid
{
namespace
{
/// Where the numbers of a point stand.
enum Place : std::size_t
{
  bulk,
  shear,
  first, ///< MPa; 0: elastic
  plateau,
  slope,
  last,
  rate,
  surface_b,
  surface_c,
  damage_most,
  damage_rate,
  softening
};
static_assert(softening + 1 == yield_properties);

std::array<double, 6> in_order(const SymTensor& t)
{
  return {t.xx, t.yy, t.zz, t.yz, t.zx, t.xy};
}

material::PlasticState state_of(std::span<const double> s)
{
  return {{s[0], s[1], s[2], s[3], s[4], s[5]}, s[6]};
}

/// T by engineering strains, (1 - share) T + share C. Only where pn = np is it symmetric.
Tangent matrix_of(const material::Tangent& t, const material::PlasticLaw& law, double share)
{
  const double pp = (1 - share) * t.pp + share * law.bulk;
  const double mu = (1 - share) * t.shear + share * law.shear;
  const std::array<double, 6> n = in_order(t.n);
  Tangent matrix{};
  for (std::size_t i = 0; i < 6; ++i)
    for (std::size_t j = 0; j < 6; ++j)
    {
      const double d_i = i < 3 ? 1 : 0, d_j = j < 3 ? 1 : 0;
      matrix[i][j] = (1 - share) * (t.nn * n[i] * n[j] + t.pn * d_i * n[j] + t.np * n[i] * d_j) +
                     (pp - 2 * mu / 3) * d_i * d_j;
      if (i == j)
        matrix[i][j] += i < 3 ? 2 * mu : mu;
    }
  return matrix;
}
} // namespace

std::vector<double> properties_of(double youngs, double poisson, const CellYield& yield,
                                  const model::YieldKind* kind)
{
  const material::PlasticLaw elastic = material::elastic_law(youngs, poisson);
  std::vector<double> p(yield_properties, 0);
  p[bulk] = elastic.bulk;
  p[shear] = elastic.shear;
  p[softening] = std::numeric_limits<double>::quiet_NaN();
  if (!kind)
    return p;
  p[first] = yield.curve.first;
  p[plateau] = yield.curve.plateau;
  p[slope] = yield.curve.slope;
  p[last] = yield.curve.last;
  p[rate] = yield.curve.rate;
  p[surface_b] = kind->surface.b;
  p[surface_c] = kind->surface.c;
  p[damage_most] = kind->damage.most;
  p[damage_rate] = kind->damage.rate;
  return p;
}

material::PlasticLaw law_of(std::span<const double> p)
{
  material::PlasticLaw law;
  law.bulk = p[bulk];
  law.shear = p[shear];
  law.yields = p[first] > 0;
  law.surface = {p[surface_b], p[surface_c]};
  law.curve = {p[first], p[plateau], p[slope], p[last], p[rate]};
  law.damage = {p[damage_most], p[damage_rate]};
  return law;
}

double& softening_of(std::span<double> properties)
{
  return properties[softening];
}

double accumulated_of(std::span<const double> state)
{
  return state[6];
}

double yield_left(const material::PlasticLaw& law, double kappa)
{
  return law.yields ? (1 - law.damage.loss(kappa)) * law.curve.stress(kappa) / law.curve.stress(0)
                    : 1;
}

namespace
{
Law law_at_points(double elastic_share, bool may_yield)
{
  Law law;
  law.properties = yield_properties;
  law.state = yield_state;
  law.respond = [=](std::span<const double> properties, const SymTensor& strain,
                    std::span<const double> state, std::span<double> new_state)
  {
    material::PlasticLaw at = law_of(properties);
    at.yields = at.yields && may_yield;
    const double held = properties[softening];
    const material::PlasticAnswer answer =
        material::evaluate(at, strain, state_of(state), material::TangentKind::positive,
                           std::isnan(held) ? std::nullopt : std::optional(held));
    const std::array<double, 6> plastic = in_order(answer.state.plastic);
    std::copy(plastic.begin(), plastic.end(), new_state.begin());
    new_state[6] = answer.state.kappa;
    return PointResponse{answer.stress, matrix_of(answer.tangent, at, elastic_share)};
  };
  return law;
}

} // namespace

double elastic_utilisation(const material::PlasticLaw& law, const SymTensor& strain)
{
  const double volume = trace(strain);
  const SymTensor mean = {volume / 3, volume / 3, volume / 3, 0, 0, 0};
  const SymTensor deviator = (2 * law.shear) * (strain + (-1) * mean);
  return law.surface.equivalent_stress(law.bulk * volume,
                                       std::sqrt(1.5 * contract(deviator, deviator))) /
         law.curve.stress(0);
}

Law yielding_law(double elastic_share)
{
  return law_at_points(elastic_share, true);
}

Law unyielding_law()
{
  return law_at_points(0, false);
}

} // namespace calcar::solid
