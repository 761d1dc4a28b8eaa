#include "material/criteria.hpp"
#include "material/plastic_law.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace calcar;
using namespace calcar::material;

namespace
{
constexpr double youngs = 10000, poisson = 0.3;

PlasticLaw law_of(YieldSurface surface, YieldCurve curve, Damage damage = {})
{
  PlasticLaw law = elastic_law(youngs, poisson);
  law.yields = true;
  law.surface = surface;
  law.curve = curve;
  law.damage = damage;
  return law;
}

/// Keyak's shape: plateau, softening, residual plateau.
YieldCurve keyak_like()
{
  YieldCurve curve;
  curve.first = 80;
  curve.plateau = 0.01;
  curve.slope = -1000;
  curve.last = 30;
  return curve;
}

YieldCurve perfect(double stress)
{
  YieldCurve curve;
  curve.first = stress;
  return curve;
}

SymTensor components(const std::vector<double>& c)
{
  return {c[0], c[1], c[2], c[3], c[4], c[5]};
}
std::vector<double> components(const SymTensor& t)
{
  return {t.xx, t.yy, t.zz, t.yz, t.zx, t.xy};
}

/// Moves a bar to the axial strain `axial` in `steps` steps with free sides; returns its axial
/// stress after each.
std::vector<double> pull(const PlasticLaw& law, double axial, int steps)
{
  std::vector<double> path;
  PlasticState state;
  double side = 0;
  for (int n = 1; n <= steps; ++n)
  {
    const double x = axial * n / steps;
    PlasticAnswer answer;
    for (int it = 0; it < 60; ++it) // Newton on the free sides' stress
    {
      answer = evaluate(law, {x, side, side, 0, 0, 0}, state, TangentKind::consistent);
      const SymTensor by_side = apply(answer.tangent, {0, 1, 1, 0, 0, 0});
      if (std::abs(answer.stress.yy) < 1e-11 * law.curve.first)
        break;
      side -= answer.stress.yy / by_side.yy;
    }
    REQUIRE(std::abs(answer.stress.yy) < 1e-6);
    state = answer.state;
    path.push_back(answer.stress.xx);
  }
  return path;
}

const std::vector<std::pair<std::string, PlasticLaw>>& all_laws()
{
  static const std::vector<std::pair<std::string, PlasticLaw>> laws = {
      {"von Mises, perfect", law_of({}, perfect(80))},
      {"von Mises, Keyak", law_of({}, keyak_like())},
      {"cone, Keyak", law_of(drucker_prager(0.7), keyak_like())},
      {"quadric, hardening and damage",
       law_of(quadric(0.7, 0.3), {56, 0, 0, 80, 300}, {0.85, 8.0075})}};
  return laws;
}
} // namespace

TEST_CASE("A yield surface gives the uniaxial strengths it was made from")
{
  for (const YieldSurface& surface : {YieldSurface{}, drucker_prager(0.7019), drucker_prager(1),
                                      quadric(0.7019, 0.3), quadric(0.5, 0.49), quadric(1, -0.4)})
  {
    const double ratio = surface.tension_over_compression();
    CHECK(surface.equivalent_stress(-50.0 / 3, 50) == Approx(50).epsilon(1e-13));
    CHECK(surface.equivalent_stress(ratio * 50.0 / 3, ratio * 50) == Approx(50).epsilon(1e-13));
  }
  CHECK(drucker_prager(0.7019).tension_over_compression() == Approx(0.7019).epsilon(1e-12));
  CHECK(quadric(0.7019, 0.3).tension_over_compression() == Approx(0.7019).epsilon(1e-12));
}

TEST_CASE("The quadric is that of its tensors")
{
  // sqrt(S:F:S) + F:S = 1 with F_iiii = F0^2, F_iijj = -zeta F0^2, isotropic in shear.
  const double t = 49.0, c = 64.57, zeta = 0.3;
  const double f0 = (t + c) / (2 * t * c), f = (c - t) / (2 * t * c);
  const SymTensor stress = {10, -35, 4, 7, -12, 3};
  const double tr = trace(stress);
  const double given =
      f0 * std::sqrt((1 + zeta) * contract(stress, stress) - zeta * tr * tr) + f * tr;
  const double ours = quadric(t / c, zeta).equivalent_stress(tr / 3, von_mises_stress(stress)) / c;
  CHECK(ours == Approx(given).epsilon(1e-12));
}

TEST_CASE("A bar in compression follows the law's curve exactly")
{
  const double at_yield = 80 / youngs;
  const PlasticLaw law = law_of({}, keyak_like());
  for (const double plastic : {0.002, 0.01, 0.02, 0.05, 0.2})
  {
    // plastic strain = total strain - stress / E
    const double stress = keyak_like().stress(plastic);
    const double total = plastic + stress / youngs;
    CHECK(pull(law, -total, 200).back() == Approx(-stress).epsilon(1e-9));
    CHECK(pull(law, total, 200).back() == Approx(stress).epsilon(1e-9));
  }
  CHECK(pull(law, -0.5 * at_yield, 3).back() == Approx(-40).epsilon(1e-12));
}

TEST_CASE("A cone and a quadric yield at their two strengths and keep their curve in compression")
{
  for (const YieldSurface& surface : {drucker_prager(0.7), quadric(0.7, 0.3)})
  {
    const PlasticLaw law = law_of(surface, keyak_like());
    const auto tension = pull(law, 0.0065, 65), compression = pull(law, -0.013, 130);
    // yields at 70 MPa x 0.7 / 80 in tension
    CHECK(tension[54] == Approx(55).epsilon(1e-9));
    CHECK(tension.back() == Approx(56).epsilon(1e-3));
    CHECK(compression[78] == Approx(-79).epsilon(1e-9));
    CHECK(compression.back() == Approx(-80).epsilon(1e-9));
    const double plastic = 0.03, stress = keyak_like().stress(plastic);
    CHECK(pull(law, -(plastic + stress / youngs), 400).back() == Approx(-stress).epsilon(2e-3));
  }
}

TEST_CASE("Damage after the published constants takes the stiffness on unloading")
{
  const PlasticLaw law = law_of(quadric(0.7, 0.3), {56, 0, 0, 80, 300}, {0.85, 8.0075});
  const double axial = -0.02;
  PlasticState state;
  PlasticAnswer answer;
  for (int n = 1; n <= 50; ++n)
  {
    const double x = axial * n / 50;
    answer = evaluate(law, {x, -0.3 * x, -0.3 * x, 0, 0, 0}, state, TangentKind::consistent);
    state = answer.state;
  }
  REQUIRE(state.kappa > 0.005);
  const double left = 1 - 0.85 * (1 - std::exp(-8.0075 * state.kappa));
  const SymTensor back = {axial + 1e-4, -0.3 * axial, -0.3 * axial, 0, 0, 0};
  const PlasticAnswer unloaded = evaluate(law, back, state, TangentKind::consistent);
  CHECK_FALSE(unloaded.flows);
  CHECK(unloaded.tangent.shear == Approx(left * law.shear));
  CHECK((unloaded.stress.xx - answer.stress.xx) / 1e-4 ==
        Approx(left * (law.bulk + 4 * law.shear / 3)).epsilon(1e-6));
}

TEST_CASE("The consistent tangent is the derivative of the stress, for every law")
{
  std::mt19937 random(7);
  std::uniform_real_distribution<double> any(-1, 1);
  for (const auto& [name, law] : all_laws())
  {
    INFO(name);
    int flowing = 0;
    for (int n = 0; n < 200; ++n)
    {
      std::vector<double> e(6), start(6);
      for (std::size_t c = 0; c < 6; ++c)
      {
        e[c] = 0.02 * any(random);
        start[c] = 0.008 * any(random);
      }
      const PlasticState state =
          evaluate(law, components(start), {}, TangentKind::consistent).state;
      const PlasticAnswer answer = evaluate(law, components(e), state, TangentKind::consistent);
      flowing += answer.flows;
      const double h = 1e-8;
      bool corner = false;
      std::vector<SymTensor> differences;
      for (std::size_t c = 0; c < 6; ++c)
      {
        auto more = e, less = e;
        more[c] += h;
        less[c] -= h;
        const PlasticAnswer up = evaluate(law, components(more), state, TangentKind::consistent);
        const PlasticAnswer down = evaluate(law, components(less), state, TangentKind::consistent);
        differences.push_back((0.5 / h) * (up.stress + (-1) * down.stress));
        // At a corner of the curve or of the surface there are two derivatives.
        for (const double k : {law.curve.plateau, 0.06})
          corner = corner || (up.state.kappa - k) * (down.state.kappa - k) <= 0;
        corner = corner || up.flows != down.flows;
      }
      if (corner)
        continue;
      for (std::size_t c = 0; c < 6; ++c)
      {
        SymTensor unit_strain;
        std::vector<double> one(6, 0);
        one[c] = 1;
        const auto exact = components(apply(answer.tangent, components(one)));
        const auto numeric = components(differences[c]);
        for (std::size_t r = 0; r < 6; ++r)
          REQUIRE(exact[r] == Approx(numeric[r]).margin(2e-5 * youngs));
      }
    }
    CHECK(flowing > 100);
  }
}

TEST_CASE("The tangent for conjugate gradients is symmetric and never negative")
{
  std::mt19937 random(11);
  std::uniform_real_distribution<double> any(-1, 1);
  for (const auto& [name, law] : all_laws())
  {
    INFO(name);
    for (int n = 0; n < 200; ++n)
    {
      std::vector<double> e(6), a(6), b(6);
      for (std::size_t c = 0; c < 6; ++c)
      {
        e[c] = 0.05 * any(random);
        a[c] = any(random);
        b[c] = any(random);
      }
      const Tangent t = evaluate(law, components(e), {}, TangentKind::positive).tangent;
      const SymTensor x = components(a), y = components(b);
      REQUIRE(contract(x, apply(t, y)) == Approx(contract(y, apply(t, x))).margin(1e-10 * youngs));
      REQUIRE(contract(x, apply(t, x)) > -1e-9 * youngs);
    }
  }
}

TEST_CASE("Flow is associated, and plastic work is yield stress times accumulated strain")
{
  std::mt19937 random(3);
  std::uniform_real_distribution<double> any(-1, 1);
  for (const auto& [name, law] : all_laws())
  {
    INFO(name);
    for (int n = 0; n < 100; ++n)
    {
      std::vector<double> e(6);
      for (double& c : e)
        c = 0.03 * any(random);
      const PlasticAnswer answer = evaluate(law, components(e), {}, TangentKind::consistent);
      if (!answer.flows)
        continue;
      const double left = 1 - law.damage.loss(answer.state.kappa);
      const SymTensor effective = (1 / left) * answer.stress;
      const double p = trace(effective) / 3, q = von_mises_stress(effective);
      const double sigma = law.curve.stress(answer.state.kappa);
      REQUIRE(law.surface.equivalent_stress(p, q) == Approx(sigma).epsilon(1e-9));
      REQUIRE(contract(effective, answer.state.plastic) ==
              Approx(sigma * answer.state.kappa).epsilon(1e-8));
    }
  }
}

TEST_CASE("Pulled apart on all sides a cone stops at its tip")
{
  const PlasticLaw law = law_of(drucker_prager(0.7), perfect(80));
  const PlasticAnswer answer =
      evaluate(law, {0.01, 0.01, 0.01, 0, 0, 0}, {}, TangentKind::consistent);
  const double tip = law.surface.in_compression() * 80 / law.surface.c;
  CHECK(answer.stress.xx == Approx(tip).epsilon(1e-9));
  CHECK(answer.stress.yz == Approx(0).margin(1e-12));
  CHECK(answer.tangent.pp == Approx(0).margin(1e-9));
  // Von Mises has no tip: volume stays elastic.
  const PlasticLaw mises = law_of({}, perfect(80));
  const PlasticAnswer elastic =
      evaluate(mises, {0.01, 0.01, 0.01, 0, 0, 0}, {}, TangentKind::consistent);
  CHECK_FALSE(elastic.flows);
}

TEST_CASE("A yield stress held from outside is the one that is met")
{
  const PlasticLaw law = law_of({}, keyak_like());
  const SymTensor strain = {0.02, -0.01, -0.01, 0, 0, 0};
  const PlasticAnswer held = evaluate(law, strain, {}, TangentKind::consistent, 0.03);
  CHECK(von_mises_stress(held.stress) == Approx(keyak_like().stress(0.03)).epsilon(1e-12));
  const PlasticAnswer own = evaluate(law, strain, {}, TangentKind::consistent);
  CHECK(von_mises_stress(own.stress) ==
        Approx(keyak_like().stress(own.state.kappa)).epsilon(1e-12));
}

TEST_CASE("What is not a number stays so")
{
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& [name, law] : all_laws())
  {
    INFO(name);
    CHECK(std::isnan(evaluate(law, {nan, 0, 0, 0, 0, 0}, {}, TangentKind::consistent).stress.xx));
  }
}

TEST_CASE("Rotating the strain rotates the stress")
{
  // Swapping axes is a rotation for an isotropic law, shears included.
  for (const auto& [name, law] : all_laws())
  {
    INFO(name);
    const SymTensor a =
        evaluate(law, {0.02, -0.03, 0.01, 0.004, -0.006, 0.01}, {}, TangentKind::consistent).stress;
    const SymTensor b =
        evaluate(law, {-0.03, 0.01, 0.02, -0.006, 0.01, 0.004}, {}, TangentKind::consistent).stress;
    CHECK(b.xx == Approx(a.yy));
    CHECK(b.yy == Approx(a.zz));
    CHECK(b.zz == Approx(a.xx));
    CHECK(b.yz == Approx(a.zx));
    CHECK(b.zx == Approx(a.xy));
    CHECK(b.xy == Approx(a.yz));
  }
}

TEST_CASE("The share of stiffness left falls from 1 with the plastic strain")
{
  const PlasticLaw law = law_of({}, keyak_like());
  CHECK(secant_share(law, 0) == 1);
  CHECK(secant_share(law, 0.008) == Approx(0.5)); // 80 / (80 + 10000 x 0.008)
  CHECK(secant_share(elastic_law(youngs, poisson), 0.1) == 1);
}
