#include "base/error.hpp"
#include "material/constitutive_law.hpp"
#include "scratch_file.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::material;

TEST_CASE("Keyak's curve has the published stations at a length of 3 mm")
{
  // Ash density, E, S, total strains at the corners, softening and residual stress, trabecular
  // branch, of the checked table.
  const ConstitutiveLaw law = constitutive_law("keyak2005", "");
  struct Row
  {
    double ash, youngs, strength, eps_ab, softening, residual, eps_c;
  };
  for (const Row& row : {Row{0.2, 747, 5.63, 0.03355, -33.2, 2.34, 0.1403},
                         Row{0.4, 2710, 19.60, 0.05765, -94.8, 8.21, 0.1851}})
  {
    const double youngs = 14900 * std::pow(row.ash, 1.86), strength = 102 * std::pow(row.ash, 1.80);
    CHECK(youngs == Approx(row.youngs).epsilon(2e-3));
    CHECK(strength == Approx(row.strength).epsilon(2e-3));
    const YieldCurve curve = law.curve(row.ash, youngs, strength, 3);
    CHECK(curve.first == Approx(row.strength).epsilon(2e-3));
    CHECK(curve.plateau == Approx(row.eps_ab).epsilon(2e-3));
    CHECK(curve.last == Approx(row.residual).epsilon(2e-3));
    // Over total strain: 1 / Ep = 1 / slope + 1 / E.
    const double softening = 1 / (1 / curve.slope + 1 / youngs);
    CHECK(softening == Approx(row.softening).epsilon(4e-3));
    const double eps_c = strength / youngs + curve.plateau + (curve.last - curve.first) / softening;
    CHECK(eps_c == Approx(row.eps_c).epsilon(4e-3));
  }
}

TEST_CASE("Keyak's cortical branch holds from 0.6 g/cm3 on")
{
  const ConstitutiveLaw law = constitutive_law("keyak2005", "");
  const double ash = 1.0, youngs = 14900, strength = 102;
  const YieldCurve curve = law.curve(ash, youngs, strength, 3);
  CHECK(curve.plateau == Approx(0.01400).epsilon(2e-3));
  CHECK(1 / (1 / curve.slope + 1 / youngs) == Approx(-584.3).epsilon(2e-3));
  CHECK(curve.last == Approx(43.1).epsilon(1e-9));
  CHECK(law.after_yield(0.59).words == "trabecular bone");
  CHECK(law.after_yield(0.61).words == "cortical bone");
}

TEST_CASE("A bar of specimen length of which a band softens has the specimen's curve")
{
  // 15 mm of which 3 mm soften; the rest unloads elastically.
  const ConstitutiveLaw law = constitutive_law("keyak2005", "");
  const double ash = 0.4, youngs = 2710, strength = 19.6;
  const YieldCurve curve = law.curve(ash, youngs, strength, 3);
  const double fall = 5, specimen = 15, band = 3; // MPa, mm
  const double stretch = (curve.plateau - fall / curve.slope) * band - fall / youngs * specimen;
  const double expected = specimen * (0.00189 + 0.0241 * ash + fall / (2080 * std::pow(ash, 1.45)));
  CHECK(stretch == Approx(expected).epsilon(1e-6));
}

TEST_CASE("Laws of the shipped data files read, with yield surfaces that fit the strengths")
{
  for (const std::string name : {"keyak2005", "drucker_prager", "quadric_damage", "von_mises"})
  {
    INFO(name);
    const ConstitutiveLaw law = constitutive_law(name, "");
    CHECK(law.record.name == name);
    CHECK_FALSE(law.record.source.empty());
    const double ratio = law.surface(0.7).tension_over_compression();
    CHECK(ratio == Approx(law.shape == ConstitutiveLaw::Shape::von_mises ? 1 : 0.7));
  }
  const YieldCurve hardening = constitutive_law("quadric_damage", "").curve(0.5, 4000, 30, 3);
  CHECK(hardening.first == Approx(21));
  CHECK(hardening.stress(1) == Approx(30));
}

TEST_CASE("A law that makes no sense is refused with the line and what to do")
{
  const std::string head = "name = \"law\"\nwords = \"w\"\nsource = \"s\"\nstatus = \"verified\"\n"
                           "surface = \"von_mises\"\nyield_over_strength = 1.0\n";
  const auto refused = [&](const std::string& rest, const std::string& part)
  {
    INFO(part);
    const ScratchFile file("law.toml", head + rest);
    CHECK_THROWS_WITH(read_constitutive_law(file.path()), Catch::Contains(part));
  };
  const std::string entry = "[[post_yield]]\nwords = \"x\"\nbelow_ash_g_cm3 = 10.0\n";
  refused("regularisation_mm = 3.0\n", "at least one [[post_yield]]");
  refused("regularisation_mm = 30.0\n" + entry, "0 (nothing softens) to 20 mm");
  refused("regularisation_mm = 0.0\n" + entry + "damage_most = 0.5\ndamage_rate = 1.0\n",
          "depends on the mesh");
  refused("regularisation_mm = 3.0\n" + entry + entry, "rising density");
  refused("regularisation_mm = 3.0\n" + entry + "damage_most = 1.0\n", "less than 1");
  refused("regularisation_mm = 3.0\n" + entry + "specimen_mm = 15.0\nhardening_rate = 5.0\n",
          "either hardening or softening");
  refused("regularisation_mm = 3.0\n" + entry + "specimen_mm = 15.0\nplateau = { a = 1.0 }\n",
          "all of { a, b, c }");
  CHECK_THROWS_WITH(constitutive_law("keyak", "case.toml:3"),
                    Catch::Contains("case.toml:3") && Catch::Contains("keyak2005"));
}
