#include "material/catalogue.hpp"
#include "material/criteria.hpp"
#include "material/point.hpp"
#include "scratch_file.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::material;
using Catch::Matchers::Contains;

namespace
{
/// Root mean square of the relative differences of the published pairs from the shipped conversion.
double spread_at(double rho_k2hpo4)
{
  const double shipped = phantom_conversion(DensityKind::k2hpo4, DensityKind::cha)(rho_k2hpo4);
  double sum = 0;
  int pairs = 0;
  for (const Entry& one : list_ash_conversions())
    for (const Entry& other : list_ash_conversions())
    {
      const AshConversion from = ash_conversion(one.name, "");
      const AshConversion to = ash_conversion(other.name, "");
      if (from.phantom != DensityKind::k2hpo4 || to.phantom != DensityKind::cha)
        continue;
      sum += std::pow(to.phantom_density(from.ash(rho_k2hpo4)) / shipped - 1, 2);
      ++pairs;
    }
  return std::sqrt(sum / pairs);
}

std::string changed_protocol(const std::string& from, const std::string& to)
{
  const auto original = data_file("materials/protocols", "rizzoli_linear", "", "");
  const ScratchFile file("rizzoli_linear.toml", with(read_text(original), from, to));
  return refusal([&] { read_protocol(file.path()); });
}
} // namespace

TEST_CASE("properties at a point follow the protocol's chain")
{
  const Protocol p = protocol("rizzoli_linear", "");
  const PointProperties bone = properties_at(p, 0.2118 + 4e-5);
  CHECK(bone.ash == Approx(0.2647).margin(1e-4));
  CHECK(bone.youngs == Approx(2023.5).epsilon(1e-3));
  CHECK(bone.poisson == 0.3);
  CHECK(bone.strength_c == Approx(137 * std::pow(bone.ash, 1.88)));
  CHECK(bone.strength_t / bone.strength_c == Approx(0.7019));
  CHECK_FALSE(bone.soft);
  CHECK(bone.tested);
  CHECK(ash_density(p, 0.2) == Approx(0.0789 + 0.877 * 0.2));
}

TEST_CASE("density is capped at the cortical ceiling and soft below its threshold")
{
  const Protocol p = protocol("rizzoli_linear", "");
  const PointProperties metal = properties_at(p, 9.0);
  CHECK(metal.ash == 1.2);
  CHECK(metal.youngs == Approx(6850 * std::pow(2.0, 1.49)));
  CHECK(metal.strength_c == Approx(114 * std::pow(1.2, 1.72)));
  CHECK_FALSE(metal.tested);

  const PointProperties fat = properties_at(p, -0.1);
  CHECK(fat.soft);
  CHECK(fat.ash == 0);
  CHECK(fat.youngs == 5);
  CHECK(fat.poisson == 0.45);
  CHECK(properties_at(p, 0.0349).soft);
  CHECK_FALSE(properties_at(p, 0.0351).soft);
  CHECK_FALSE(properties_of_ash(p, 0.05).soft);
  CHECK(std::isnan(properties_at(p, std::nan("")).youngs));
}

TEST_CASE("a law in phantom density gets the density of the phantom")
{
  const Protocol p = protocol("vertebra_kopperdahl", "");
  CHECK(properties_at(p, 0.15).youngs == Approx(2980 * std::pow(0.15, 1.05)));
  CHECK(properties_at(p, 0.15).strength_c == Approx(37.4 * std::pow(0.15, 1.39)));
}

TEST_CASE("all protocols give the moduli of their parts at 0.3 g/cm3")
{
  const auto modulus = [](const std::string& name)
  { return properties_at(protocol(name, ""), 0.3).youngs; };
  CHECK(modulus("rizzoli_linear_k2hpo4") == Approx(6850 * std::pow(0.3569 / 0.6, 1.49)));
  CHECK(modulus("keyak2005_linear") == Approx(14900 * std::pow(0.3294, 1.86)));
  CHECK(modulus("yosibash_p") == Approx(2398));
  CHECK(modulus("ogo_fall") == Approx(10500 * std::pow(0.3569, 2.29)));
}

TEST_CASE("an image of the other phantom is refused with the sibling protocol's name")
{
  Warnings warnings;
  const Protocol p = protocol("rizzoli_linear", "");
  CHECK_THAT(refusal([&] { for_phantom(p, DensityKind::k2hpo4, false, "case.toml:8", warnings); }),
             Contains("case.toml:8") && Contains("made for a CHA phantom") &&
                 Contains("calibrated with K2HPO4") &&
                 Contains("take protocol \"rizzoli_linear_k2hpo4\"") &&
                 Contains("convert_phantom = true"));
  CHECK_THAT(refusal(
                 [&] {
                   for_phantom(protocol("ogo_fall", ""), DensityKind::cha, false, "case.toml:8",
                               warnings);
                 }),
             Contains("choose a protocol made for CHA"));
  CHECK(warnings.empty());
  CHECK_FALSE(for_phantom(p, DensityKind::cha, false, "", warnings).converted);
}

TEST_CASE("a phantom is converted on request, with its uncertainty as a warning")
{
  Warnings warnings;
  const Protocol p = for_phantom(protocol("rizzoli_linear", ""), DensityKind::k2hpo4, true,
                                 "case.toml:8", warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].code == "phantom_converted");
  CHECK_THAT(warnings[0].text, Contains("19 %"));
  CHECK(p.sources().size() == 8);
  // The pair of regressions that sets ash densities equal: the ash is that of keyak1994.
  CHECK(ash_density(p, 0.3) == Approx(0.0389 + 1.06 * 0.3));
  CHECK(properties_at(p, 0.3).youngs ==
        Approx(properties_at(protocol("rizzoli_linear_k2hpo4", ""), 0.3).youngs));

  const auto forth = phantom_conversion(DensityKind::k2hpo4, DensityKind::cha);
  const auto back = phantom_conversion(DensityKind::cha, DensityKind::k2hpo4);
  CHECK(back(forth(0.42)) == Approx(0.42));
  CHECK_THROWS_AS(phantom_conversion(DensityKind::cha, DensityKind::ash), std::logic_error);
}

TEST_CASE("the stated uncertainty of the phantom conversion is the scatter of the published pairs")
{
  const auto conversion = phantom_conversion(DensityKind::k2hpo4, DensityKind::cha);
  CHECK(spread_at(0.30) == Approx(conversion.relative_deviation).margin(0.005));
  CHECK(spread_at(1.0) == Approx(0.14).margin(0.005));
}

TEST_CASE("published ash regressions differ as the reference says")
{
  const auto ash = [](const std::string& name, double rho)
  { return ash_conversion(name, "").ash(rho); };
  CHECK(ash("schileo2008", 0.3) == Approx(0.342).margin(5e-4));
  CHECK(ash("keyak2005", 0.3) == Approx(0.329).margin(5e-4));
  CHECK(ash("keyak1994", 0.3) == Approx(0.357).margin(5e-4));
  CHECK(ash("les1994", 0.3) == Approx(0.418).margin(5e-4));
  CHECK(ash("keyak1994", -0.031) == Approx(0.006).margin(5e-4));
}

TEST_CASE("a protocol used for another bone or activity warns")
{
  const Protocol p = protocol("ogo_fall", "");
  CHECK(check_use(p, "femur", "sideways_fall", "").empty());
  const Warnings bone = check_use(p, "tibia", "level_walking", "case.toml");
  REQUIRE(bone.size() == 1); // its activities are those of its bone
  CHECK(bone[0].code == "protocol_bone");
  CHECK_THAT(bone[0].text, Contains("not made for the tibia but for: femur") &&
                               Contains("The tibia has none of its own: the laws measured on"));
  const Warnings activity = check_use(p, "femur", "level_walking", "case.toml");
  REQUIRE(activity.size() == 1);
  CHECK(activity[0].code == "protocol_activity");
  CHECK_THAT(activity[0].text, Contains("not made for level_walking but for: sideways_fall"));
}

TEST_CASE("a protocol whose parts do not fit is refused")
{
  CHECK_THAT(changed_protocol("\"schileo2008\"", "\"keyak1994\""),
             Contains("a conversion for a CHA phantom") && Contains("must not be mixed"));
  CHECK_THAT(changed_protocol("\"morgan2003_femoral_neck\"", "\"kopperdahl2002\""),
             Contains("a law in ash, apparent or CHA density"));
  CHECK_THAT(changed_protocol("\"keyak_piecewise\"", "\"kopperdahl2002\""),
             Contains("must not be mixed"));
  CHECK_THAT(changed_protocol("= \"schileo_max_principal\"", "= \"pistoia2002\""),
             Contains("limits of the principal kind"));
  CHECK_THAT(changed_protocol("= \"pistoia2002\"", "= \"yosibash\""),
             Contains("limits of the effective kind"));
  CHECK_THAT(changed_protocol("\"max_principal_strain\"", "\"von_mieses\""),
             Contains("did you mean \"von_mises\"?"));
  CHECK_THAT(changed_protocol("\"marrow\"", "\"marow\""),
             Contains("unknown tissue") && Contains("did you mean \"marrow\"?"));
  CHECK_THAT(changed_protocol("= 1.2", "= 1200"), Contains("0.5 to 2 g/cm3"));
  CHECK_THAT(changed_protocol("= 0.035", "= 35"), Contains("not mg/cm3"));
  CHECK_THAT(changed_protocol("average_mm = 4.0", "average_mm = -4"), Contains("0 to 100 mm"));
  CHECK_THAT(changed_protocol("ash_to_apparent = 0.6", "ash_to_apparent = 60"),
             Contains("commonly 0.6"));
  CHECK_THAT(changed_protocol("poisson = 0.3", "poisson = 0.5"), Contains("less than 0.5"));
  CHECK_THAT(changed_protocol("= 0.2\n", "= 200\n"), Contains("min_ash_g_cm3"));
}

TEST_CASE("unknown names of parts are refused with the known ones")
{
  CHECK_THAT(refusal([] { protocol("rizoli_linear", "case.toml:3"); }),
             Contains("case.toml:3") && Contains("did you mean \"rizzoli_linear\"?"));
  CHECK_THAT(refusal([] { phantom_kind("ash", "case.toml:5"); }),
             Contains("unknown phantom \"ash\"") && Contains("K2HPO4, CHA"));
  CHECK_THAT(refusal([] { density_kind("bmd", "here"); }), Contains("unknown kind of density"));
  CHECK(to_string(density_kind("apparent", "")) == "apparent");
}
