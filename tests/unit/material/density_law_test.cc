#include "base/text.hpp"
#include "material/density_law.hpp"
#include "scratch_file.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::material;
using Catch::Matchers::Contains;

namespace
{
const std::string sound = R"(
name = "two_pieces"
words = "a law in two pieces"
source = "nobody 2000"
status = "recalled_low"
density = "ash"
tested_g_cm3 = [0.2, 0.8]
[[piece]]
rho_min_g_cm3 = 0.1
rho_max_g_cm3 = 0.5
a_MPa = 10
b_MPa = 1000
c = 2
[[piece]]
rho_min_g_cm3 = 0.5
rho_max_g_cm3 = 1.0
a_MPa = 0
b_MPa = 600
c = 1
)";

DensityLaw read(const std::string& text)
{
  const ScratchFile file("two_pieces.toml", text);
  return DensityLaw::read(file.path());
}
} // namespace

TEST_CASE("a law takes each piece where it holds and is clamped at its ends")
{
  const DensityLaw law = read(sound);
  CHECK(law.youngs_modulus(0.3) == Approx(10 + 1000 * 0.09));
  CHECK(law.youngs_modulus(0.5) == Approx(300));
  CHECK(law.youngs_modulus(-1) == Approx(20));
  CHECK(law.youngs_modulus(7) == Approx(600));
  CHECK(std::isnan(law.youngs_modulus(std::nan(""))));
  CHECK(law.in_tested_range(0.8));
  CHECK_FALSE(law.in_tested_range(0.81));
  CHECK(law.kind() == DensityKind::ash);
}

TEST_CASE("a faulty law is refused with file, line and remedy")
{
  CHECK_THAT(refusal([] { read(with(sound, "\"ash\"", "\"asch\"")); }),
             Contains("two_pieces.toml:6") && Contains("K2HPO4, CHA, ash, apparent") &&
                 Contains("did you mean \"ash\"?"));
  CHECK_THAT(refusal([] { read(with(sound, "rho_min_g_cm3 = 0.5", "rho_min_g_cm3 = 0.6")); }),
             Contains("leave no gap and no overlap"));
  CHECK_THAT(refusal([] { read(with(sound, "a_MPa = 10", "a_MPa = -100")); }),
             Contains("nowhere negative") && Contains("start the piece at a higher density"));
  CHECK_THAT(refusal([] { read(with(sound, "[0.2, 0.8]", "[0.8, 0.2]")); }),
             Contains("the lower one first"));
  CHECK_THAT(refusal([] { read(with(sound, "recalled_low", "sure")); }),
             Contains("unknown status \"sure\"") && Contains("project_choice"));
  CHECK_THAT(refusal([] { read(with(sound, "nobody 2000", "")); }), Contains("cite it"));
  CHECK_THAT(refusal([] { read(with(sound, "two_pieces", "too_pieces")); }),
             Contains("rename the file or the entry"));
  CHECK_THAT(refusal([] { read(with(sound, "words", "wrods")); }),
             Contains("did you mean \"words\"?"));
  CHECK_THAT(refusal([] { read(sound.substr(0, sound.find("[[piece]]"))); }),
             Contains("there is no [[piece]]"));
}

TEST_CASE("a pieces' range that runs backwards and a rate of zero are refused")
{
  CHECK_THAT(refusal([] { read(with(sound, "rho_max_g_cm3 = 0.5", "rho_max_g_cm3 = 0.05")); }),
             Contains("more than rho_min_g_cm3"));
  CHECK_THAT(refusal([] { read(with(sound, "density =", "strain_rate_per_s = 0\ndensity =")); }),
             Contains("strain_rate_per_s"));
}

TEST_CASE("the strain rate of a law multiplies its modulus")
{
  const DensityLaw fast = read(
      with(sound, "density =", "strain_rate_per_s = 0.01\nstrain_rate_exponent = 0.06\ndensity ="));
  CHECK(fast.youngs_modulus(0.5) == Approx(300 * std::pow(0.01, 0.06)));
}

TEST_CASE("an unknown law is refused with the known ones")
{
  CHECK_THAT(refusal([] { DensityLaw::named("keyak2006", "case.toml:4"); }),
             Contains("case.toml:4") && Contains("morgan2003_pooled") &&
                 Contains("did you mean \"keyak2005\"?"));
}

TEST_CASE("the chain from HU to modulus gives the reference table to its printed digits")
{
  // biomechanics.md 1.4: rho_QCT = -0.02066 + 0.000775 HU, ash by Schileo 2008, apparent = ash /
  // 0.6.
  struct Row
  {
    double hu, qct, ash, apparent, morgan, keller, keyak98, yosibash, keyak2005;
  };
  const std::vector<Row> table{
      {100, .0568, .1287, .2146, 691.5, 96.1, 372.9, 372.9, 329.1},
      {300, .2118, .2647, .4411, 2023.5, 500.3, 1820.5, 1820.5, 1257.4},
      {500, .3668, .4006, .6677, 3752.4, 1292.5, 2595.1, 2398, 2718.1},
      {800, .5993, .6045, 1.0075, 6927.1, 3316.1, 3708.8, 3708.8, 5842.7},
      {1200, .9093, .8764, 1.4607, 12046.6, 7761.9, 7823.9, 7823.9, 11657.5},
      {1600, 1.2193, 1.1483, 1.9138, 18018.0, 14410.6, 13467.3, 13467.3, 19269.1}};
  const auto modulus = [](const std::string& law, double rho)
  { return DensityLaw::named(law, "").youngs_modulus(rho); };
  for (const Row& row : table)
  {
    CAPTURE(row.hu);
    const double qct = -0.02066 + 0.000775 * row.hu;
    const double ash = 0.0789 + 0.877 * qct;
    CHECK(qct == Approx(row.qct).margin(6e-5));
    CHECK(ash == Approx(row.ash).margin(6e-5));
    CHECK(ash / 0.6 == Approx(row.apparent).margin(6e-5));
    CHECK(modulus("morgan2003_femoral_neck", ash / 0.6) == Approx(row.morgan).margin(0.06));
    CHECK(modulus("keller1994_pooled", ash) == Approx(row.keller).margin(0.06));
    CHECK(modulus("keyak1998", ash) == Approx(row.keyak98).margin(0.06));
    CHECK(modulus("yosibash_trabelsi", ash) == Approx(row.yosibash).margin(0.06));
    CHECK(modulus("keyak2005", ash) == Approx(row.keyak2005).margin(0.06));
    CHECK(modulus("morgan2003_femoral_neck_ash", ash) == Approx(row.morgan).epsilon(1e-4));
  }
}
