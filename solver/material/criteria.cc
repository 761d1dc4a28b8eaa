#include "material/criteria.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::material
{
namespace
{
double second_invariant(const SymTensor& stress)
{
  const double mean = trace(stress) / 3;
  const SymTensor deviator = stress + SymTensor{-mean, -mean, -mean, 0, 0, 0};
  return contract(deviator, deviator) / 2;
}

/// max(e1 / e_t, -e3 / e_c)
double max_principal_strain(const PointState& p)
{
  const auto e = eigenvalues(p.strain);
  return std::max({e[0] / p.limit_tension, -e[2] / p.limit_compression, 0.0});
}

/// sqrt(3 J2) / S_c
double von_mises(const PointState& p)
{
  return von_mises_stress(p.stress) / p.strength_c;
}

/// (alpha I1 + sqrt(J2)) / k, alpha = (Sc - St) / (sqrt3 (Sc + St)), k = 2 Sc St / (sqrt3 (Sc +
/// St))
double drucker_prager(const PointState& p)
{
  const double alpha = (p.strength_c - p.strength_t) / (p.strength_c + p.strength_t);
  const double k = 2 * p.strength_c * p.strength_t / (p.strength_c + p.strength_t);
  const double load = alpha * trace(p.stress) + std::sqrt(3 * second_invariant(p.stress));
  return std::max(load / k, 0.0);
}

/// The u > 0 of u^2 - B u - A = 0 with A = vM^2 / (Sc St), B = (Sc - St) I1 / (Sc St)
double hoffman(const PointState& p)
{
  const double product = p.strength_c * p.strength_t;
  const double a = 3 * second_invariant(p.stress) / product;
  const double b = (p.strength_c - p.strength_t) * trace(p.stress) / product;
  const double root = std::sqrt(b * b + 4 * a);
  // The same root in the form that does not cancel when b < 0.
  return b >= 0 ? (b + root) / 2 : 2 * a / (root - b);
}

/// sqrt(2 U / E) / e_eff
double pistoia(const PointState& p)
{
  return effective_strain(p.strain, p.stress, p.youngs) / p.limit_effective;
}
} // namespace

const std::vector<Criterion>& criteria()
{
  static const std::vector<Criterion> table{
      {"max_principal_strain", "largest principal strain over its limit in tension or compression",
       "Schileo E et al 2008 J Biomech 41:356; Schileo E et al 2014 J Biomech 47:3531",
       Status::verified, Needs::strain_limits, false, max_principal_strain},
      {"von_mises", "von Mises stress over compressive strength",
       "Keyak JH et al 2005 Clin Orthop 437:219", Status::recalled_medium, Needs::strength, false,
       von_mises},
      {"drucker_prager", "Drucker-Prager cone through tensile and compressive strength",
       "Derikx LC et al 2011 Comput Methods Biomech Biomed Engin 14:183", Status::recalled_high,
       Needs::strength, false, drucker_prager},
      {"hoffman", "Hoffman's paraboloid through tensile and compressive strength",
       "Hoffman's criterion in its standard isotropic form", Status::recalled_high, Needs::strength,
       false, hoffman},
      {"pistoia", "effective strain exceeded by a critical part of the volume",
       "Pistoia W et al 2002 Bone 30:842", Status::verified, Needs::effective_strain, true,
       pistoia},
  };
  return table;
}

std::vector<std::string> criterion_names()
{
  std::vector<std::string> names;
  for (const Criterion& row : criteria())
    names.push_back(row.name);
  return names;
}

const Criterion& criterion(const std::string& name, const std::string& place)
{
  for (const Criterion& row : criteria())
    if (row.name == name)
      return row;
  const auto names = criterion_names();
  throw InputError(Fault::command, {place, "unknown criterion \"" + name + "\"", join(names),
                                    suggestion(name, names), ""});
}

SymTensor hooke(const SymTensor& strain, double youngs, double poisson)
{
  const double mu = youngs / (2 * (1 + poisson));
  const double pressure = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson)) * trace(strain);
  return 2 * mu * strain + SymTensor{pressure, pressure, pressure, 0, 0, 0};
}

double von_mises_stress(const SymTensor& stress)
{
  return std::sqrt(3 * second_invariant(stress));
}

double effective_strain(const SymTensor& strain, const SymTensor& stress, double youngs)
{
  return std::sqrt(std::max(contract(stress, strain), 0.0) / youngs);
}

double volume_utilisation(const std::vector<double>& utilisations,
                          const std::vector<double>& volumes, double critical_fraction)
{
  std::vector<std::size_t> order(utilisations.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return utilisations[a] > utilisations[b]; });
  const double critical = critical_fraction * std::accumulate(volumes.begin(), volumes.end(), 0.0);
  double above = 0;
  for (const std::size_t i : order)
  {
    above += volumes[i];
    if (above >= critical)
      return utilisations[i];
  }
  return 0;
}

} // namespace calcar::material
