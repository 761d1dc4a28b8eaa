#include "material/plastic_law.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::material
{
namespace
{
constexpr SymTensor unit = {1, 1, 1, 0, 0, 0};

/// Invariants of a stress and the direction of its deviator.
struct Invariants
{
  double p;
  double q;
  SymTensor n;
};

Invariants invariants(const SymTensor& stress)
{
  const double p = trace(stress) / 3;
  const SymTensor deviator = stress + (-p) * unit;
  const double norm = std::sqrt(contract(deviator, deviator));
  return {p, std::sqrt(1.5) * norm, norm > 0 ? (1 / norm) * deviator : SymTensor{}};
}

/// A trial stress brought back to the surface, in invariants.
struct Returned
{
  double p;
  double q;
  double lambda; ///< plastic multiplier: d plastic = lambda dPhi/ds, Phi = g phi
  bool apex = false;
};

/// The yield stress that a return meets: of the accumulated strain, or held.
struct Yield
{
  const PlasticLaw& law;
  double old_kappa;
  std::optional<double> held;
  double g;

  /// Phi on the surface, g sigma, MPa.
  double radius(double lambda) const
  {
    return g * law.curve.stress(held ? *held : old_kappa + g * lambda);
  }
  /// d radius / d lambda.
  double hardening(double lambda) const
  {
    return held ? 0 : g * g * law.curve.tangent(old_kappa + g * lambda);
  }
};

/// Stress on the ray of returns with t = lambda / m, m = sqrt(q^2 + b p^2).
struct OnRay
{
  double p;
  double q;
  double m;
};

/// q = q_trial / (1 + 3 G t) and p (1 + K b t) = p_trial - K c t m.
OnRay on_ray(const PlasticLaw& law, double p_trial, double q_trial, double t)
{
  const double b = law.surface.b, c = law.surface.c, k = law.bulk;
  const double q = q_trial / (1 + 3 * law.shear * t);
  const double p0 = p_trial / (1 + k * b * t), p1 = k * c * t / (1 + k * b * t);
  // m^2 = q^2 + b (p0 - p1 m)^2
  const double a2 = 1 - b * p1 * p1, a1 = b * p0 * p1, a0 = q * q + b * p0 * p0;
  const double m = a2 > 0 ? (-a1 + std::sqrt(a1 * a1 + a2 * a0)) / a2 : a0 / (2 * a1);
  return {p0 - p1 * m, q, m};
}

double excess(const PlasticLaw& law, const Yield& yield, const OnRay& ray, double t)
{
  return ray.m + law.surface.c * ray.p - yield.radius(t * ray.m);
}

/// The root of a falling function between two places where it has different signs: regula falsi
/// after the Illinois rule, which halves the weight of an end that stays.
template <typename Function>
double root_between(Function&& f, double low, double f_low, double high, double f_high,
                    double scale)
{
  constexpr int most = 100;
  constexpr double tolerance = 1e-14;
  int side = 0;
  double middle = low;
  for (int n = 0; n < most && high - low > tolerance * high; ++n)
  {
    middle = (low * f_high - high * f_low) / (f_high - f_low);
    const double value = f(middle);
    if (std::abs(value) <= tolerance * scale)
      break;
    if (value > 0)
    {
      low = middle;
      f_low = value;
      f_high *= side > 0 ? 0.5 : 1.0;
      side = 1;
    }
    else
    {
      high = middle;
      f_high = value;
      f_low *= side < 0 ? 0.5 : 1.0;
      side = -1;
    }
  }
  return middle;
}

/// Von Mises with a curve of lines: each part has a closed form.
std::optional<Returned> radial_return(const PlasticLaw& law, const Yield& yield, double p,
                                      double q_trial)
{
  const YieldCurve& curve = law.curve;
  if (law.surface.b > 0 || law.surface.c > 0 || curve.rate > 0)
    return std::nullopt;
  const double stiff = 3 * law.shear;
  const auto at = [&](double sigma_at_0, double slope) // q_trial - 3G l = sigma_at_0 + slope l
  { return (q_trial - sigma_at_0) / (stiff + slope); };
  const auto found = [&](double l) { return Returned{p, q_trial - stiff * l, l}; };
  if (yield.held || curve.slope == 0)
    return found(at(yield.radius(0), 0));
  const double to_corner = curve.plateau - yield.old_kappa;
  const double flat = at(curve.first, 0);
  if (flat <= to_corner)
    return found(flat);
  if (stiff + curve.slope > 0)
  {
    const double sloped = at(curve.first - curve.slope * to_corner, curve.slope);
    const double end = to_corner + (curve.last - curve.first) / curve.slope;
    if (sloped <= end)
      return found(sloped);
  }
  return found(at(curve.last, 0));
}

/// The tip of a cone: no deviator is left. c p = radius.
Returned to_apex(const PlasticLaw& law, const Yield& yield, double p_trial)
{
  const double c = law.surface.c, k = law.bulk;
  const auto f = [&](double l) { return c * (p_trial - k * c * l) - yield.radius(l); };
  const double most = p_trial / (k * c); // p = 0 there
  const double at_0 = f(0), at_most = f(most);
  const double l = at_0 > 0 && at_most < 0 ? root_between(f, 0, at_0, most, at_most, at_0) : most;
  return {p_trial - k * c * l, 0, l, true};
}

Returned bring_back(const PlasticLaw& law, const Yield& yield, double p_trial, double q_trial)
{
  if (const auto closed = radial_return(law, yield, p_trial, q_trial))
    return *closed;
  const auto f = [&](double t) { return excess(law, yield, on_ray(law, p_trial, q_trial, t), t); };
  const double at_0 = f(0);
  double t = 1e-3 / law.shear, at_t = f(t);
  constexpr double farthest = 1e12;
  while (at_t > 0 && t * law.shear < farthest)
    at_t = f(t *= 4);
  if (at_t > 0) // only the cone has a tip
    return to_apex(law, yield, p_trial);
  t = root_between(f, 0, at_0, t, at_t, at_0);
  const OnRay ray = on_ray(law, p_trial, q_trial, t);
  const Returned found = {ray.p, ray.q, t * ray.m};
  return found.q > 1e-9 * q_trial ? found : to_apex(law, yield, p_trial);
}

/// Derivatives of a return with respect to the trial invariants.
struct ReturnSlopes
{
  double p_p, p_q, q_p, q_q, l_p, l_q;
};

/// Implicit differentiation of  p + K l Phi_p = p_trial,  q + 3 G l Phi_q = q_trial,
/// Phi - radius(l) = 0.
ReturnSlopes slopes(const PlasticLaw& law, const Returned& at, double hardening)
{
  const double k = law.bulk, g3 = 3 * law.shear, b = law.surface.b, c = law.surface.c;
  if (at.apex)
  {
    const double l_p = c / (k * c * c + hardening);
    return {1 - k * c * l_p, 0, 0, 0, l_p, 0};
  }
  const double m = std::sqrt(at.q * at.q + b * at.p * at.p);
  const double f_p = b * at.p / m + c, f_q = at.q / m, m3 = m * m * m;
  const double f_pp = b * at.q * at.q / m3, f_qq = b * at.p * at.p / m3,
               f_pq = -b * at.p * at.q / m3;
  const double l = at.lambda;
  const double a11 = 1 + k * l * f_pp, a12 = k * l * f_pq, a21 = g3 * l * f_pq,
               a22 = 1 + g3 * l * f_qq;
  const double determinant = a11 * a22 - a12 * a21;
  // Inverse of the upper left block, then the row of the surface.
  const double i11 = a22 / determinant, i12 = -a12 / determinant, i21 = -a21 / determinant,
               i22 = a11 / determinant;
  const double v_p = i11 * k * f_p + i12 * g3 * f_q, v_q = i21 * k * f_p + i22 * g3 * f_q;
  const double whole = f_p * v_p + f_q * v_q + hardening;
  const double l_p = (f_p * i11 + f_q * i21) / whole, l_q = (f_p * i12 + f_q * i22) / whole;
  return {i11 - v_p * l_p, i12 - v_p * l_q, i21 - v_q * l_p, i22 - v_q * l_q, l_p, l_q};
}

Tangent elastic_tangent(const PlasticLaw& law, double left)
{
  Tangent tangent;
  tangent.pp = left * law.bulk;
  tangent.shear = left * law.shear;
  return tangent;
}

/// d stress from d p and d q: with dp_trial = K tr(e), dq_trial = sqrt(6) G n:e.
Tangent flow_tangent(const PlasticLaw& law, const ReturnSlopes& s, const SymTensor& n,
                     double q_share)
{
  const double root = std::sqrt(2.0 / 3.0);
  Tangent tangent;
  tangent.n = n;
  tangent.pp = law.bulk * s.p_p;
  tangent.shear = law.shear * q_share;
  tangent.nn = 2 * law.shear * (s.q_q - q_share);
  tangent.pn = std::sqrt(6.0) * law.shear * s.p_q;
  tangent.np = root * law.bulk * s.q_p;
  return tangent;
}

void scale(Tangent& tangent, double factor)
{
  tangent.pp *= factor;
  tangent.shear *= factor;
  tangent.nn *= factor;
  tangent.pn *= factor;
  tangent.np *= factor;
}
} // namespace

PlasticLaw elastic_law(double youngs, double poisson)
{
  PlasticLaw law;
  law.bulk = youngs / (3 * (1 - 2 * poisson));
  law.shear = youngs / (2 * (1 + poisson));
  return law;
}

SymTensor apply(const Tangent& t, const SymTensor& strain)
{
  const double volume = trace(strain), along = contract(t.n, strain);
  const double p = t.pp * volume + t.pn * along - 2 * t.shear * volume / 3;
  return (2 * t.shear) * strain + (t.nn * along + t.np * volume) * t.n + p * unit;
}

PlasticAnswer evaluate(const PlasticLaw& law, const SymTensor& strain, const PlasticState& old,
                       TangentKind kind, std::optional<double> softening)
{
  const SymTensor elastic = strain + (-1) * old.plastic;
  const double pressure = (law.bulk - 2 * law.shear / 3) * trace(elastic);
  const SymTensor trial = (2 * law.shear) * elastic + pressure * unit;
  PlasticAnswer answer;
  answer.state = old;
  if (!law.yields)
  {
    answer.stress = trial;
    answer.tangent = elastic_tangent(law, 1);
    return answer;
  }
  const Invariants at = invariants(trial);
  const double g = law.surface.in_compression();
  const Yield yield{law, old.kappa, softening, g};
  const double phi = std::sqrt(at.q * at.q + law.surface.b * at.p * at.p) + law.surface.c * at.p;
  if (!(phi > yield.radius(0)))
  {
    const double left = 1 - law.damage.loss(softening ? *softening : old.kappa);
    answer.stress = left * trial;
    answer.tangent = elastic_tangent(law, left);
    return answer;
  }
  const Returned back = bring_back(law, yield, at.p, at.q);
  const SymTensor effective = back.p * unit + (std::sqrt(2.0 / 3.0) * back.q) * at.n;
  const SymTensor deviator = (std::sqrt(2.0 / 3.0) * (at.q - back.q) / (2 * law.shear)) * at.n;
  answer.flows = true;
  answer.state.kappa = old.kappa + g * back.lambda;
  answer.state.plastic = old.plastic + deviator + ((at.p - back.p) / (3 * law.bulk)) * unit;

  const bool positive = kind == TangentKind::positive;
  double hardening = yield.hardening(back.lambda);
  if (positive)
    hardening = std::max(hardening, 0.0);
  const ReturnSlopes s = slopes(law, back, hardening);
  const double kappa = softening ? *softening : answer.state.kappa;
  const double left = 1 - law.damage.loss(kappa);
  answer.stress = left * effective;
  answer.tangent = flow_tangent(law, s, at.n, at.q > 0 ? back.q / at.q : 0);
  scale(answer.tangent, left);
  if (!positive && !softening && law.damage.most > 0)
  {
    // d stress -= D' effective d kappa, d kappa = g (l_p K tr(e) + l_q sqrt(6) G n:e)
    const double rate = law.damage.tangent(kappa) * g;
    const double by_volume = rate * s.l_p * law.bulk;
    const double by_shape = rate * s.l_q * std::sqrt(6.0) * law.shear;
    const double q = std::sqrt(2.0 / 3.0) * back.q;
    answer.tangent.pp -= by_volume * back.p;
    answer.tangent.pn -= by_shape * back.p;
    answer.tangent.np -= by_volume * q;
    answer.tangent.nn -= by_shape * q;
  }
  return answer;
}

double secant_share(const PlasticLaw& law, double kappa, std::optional<double> softening)
{
  if (!law.yields)
    return 1;
  const double youngs = 9 * law.bulk * law.shear / (3 * law.bulk + law.shear);
  const double by = softening.value_or(kappa);
  const double sigma = law.curve.stress(by);
  return (1 - law.damage.loss(by)) * sigma / (sigma + youngs * kappa);
}

} // namespace calcar::material
