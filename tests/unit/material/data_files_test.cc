// Walks materials/: every file parses, is cited, has its units in its keys, and is listed or used.
#include "base/files.hpp"
#include "base/text.hpp"
#include "material/alloy.hpp"
#include "material/catalogue.hpp"
#include "material/density_law.hpp"
#include "material/protocol.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>

using namespace calcar;
using namespace calcar::material;

namespace
{
const std::vector<std::string> folders{"materials/density_elasticity",  "materials/strength",
                                       "materials/strain_limits",       "materials/ash_conversions",
                                       "materials/protocols",           "materials/tissues",
                                       "materials/phantom_conversions", "materials/alloy"};

/// Positive inside, never falling by more than the 0.3 % steps of printed piecewise laws.
void check_curve(const DensityCurve& curve)
{
  const double low = curve.pieces().front().rho_min;
  const double high = curve.pieces().back().rho_max;
  double before = 0;
  for (int i = 1; i <= 400; ++i)
  {
    const double value = curve.value(low + (high - low) * i / 400);
    CHECK(value > 0);
    CHECK(value >= 0.997 * before);
    before = value;
  }
  CHECK(curve.value(high + 1) == Approx(curve.value(high)));
  CHECK(curve.value(low - 1) == Approx(curve.value(low)));
  CHECK(std::isfinite(curve.value(-0.3)));
}
} // namespace

TEST_CASE("every material file is named, cited and given a status")
{
  for (const std::string& folder : folders)
    for (const Entry& entry : entries(folder))
    {
      CAPTURE(folder, entry.name);
      CHECK(entry.words.size() > 5);
      CHECK(entry.words.find('\n') == std::string::npos);
      CHECK(entry.source.size() > 8);
      CHECK((entry.doubt.empty() || entry.doubt.starts_with("unconfirmed")));
    }
  CHECK(list_laws().size() >= 25);
  CHECK(list_strengths().size() >= 8);
  CHECK(list_strain_limits().size() >= 9);
  CHECK(list_ash_conversions().size() == 5);
  CHECK(list_protocols().size() >= 6);
  CHECK(list_tissues().size() >= 4);
  CHECK(list_alloys().size() >= 7);
}

TEST_CASE("numbers of material files carry their unit in the key unless they are pure")
{
  const std::set<std::string> pure{"poisson",
                                   "b",
                                   "c",
                                   "ash_to_apparent",
                                   "tension_over_compression",
                                   "relative_deviation",
                                   "critical_volume_fraction",
                                   "tension_strain",
                                   "compression_strain",
                                   "effective_strain",
                                   "strain_rate_exponent"};
  for (const std::string& folder : folders)
    for (const std::string& name : data_names(folder))
    {
      std::istringstream lines(read_text(data_file(folder, name, "", "")));
      for (std::string line; std::getline(lines, line);)
      {
        const auto equals = line.find(" = ");
        if (line.starts_with("#") || equals == std::string::npos || equals + 3 >= line.size())
          continue;
        const bool number =
            std::string("-.0123456789").find(line[equals + 3]) != std::string::npos ||
            (line[equals + 3] == '[' && std::isdigit(line[equals + 4]));
        const std::string key = line.substr(0, equals);
        CAPTURE(folder, name, line);
        const bool has_unit = key.ends_with("_MPa") || key.ends_with("_g_cm3") ||
                              key.ends_with("_per_s") || key.find("_mm") != std::string::npos;
        CHECK((!number || has_unit || pure.contains(key)));
      }
    }
}

TEST_CASE("every density law is positive, rises with density and is clamped")
{
  for (const Entry& entry : list_laws())
  {
    CAPTURE(entry.name);
    const DensityLaw law = DensityLaw::named(entry.name, "");
    check_curve(law.curve());
    CHECK(law.youngs_modulus(3) < 31000);
  }
}

TEST_CASE("every strength law is positive, rises with density and is weaker in tension")
{
  for (const Entry& entry : list_strengths())
  {
    CAPTURE(entry.name);
    const StrengthLaw law = StrengthLaw::named(entry.name, "");
    check_curve(law.curve());
    CHECK(law.tensile(0.5) < law.compressive(0.5));
    CHECK(law.ratio_source().size() > 8);
  }
}

TEST_CASE("every strain limit, tissue, alloy and conversion reads")
{
  for (const Entry& entry : list_strain_limits())
    CHECK(strain_limits(entry.name, "").record.name == entry.name);
  for (const Entry& entry : list_tissues())
    CHECK(tissue(entry.name, "").youngs > 0);
  for (const Entry& entry : list_ash_conversions())
    CHECK(ash_conversion(entry.name, "").ash(1.0) > 0.9);
  for (const Entry& entry : list_alloys())
  {
    CAPTURE(entry.name);
    const Alloy metal = alloy(entry.name, "");
    CHECK(metal.yield <= metal.ultimate_compression);
    CHECK(metal.endurance_notched.value_or(0) <= metal.endurance);
  }
}

TEST_CASE("every protocol reads with all its parts, names doubts and stays below 22 GPa")
{
  for (const Entry& entry : list_protocols())
  {
    CAPTURE(entry.name);
    const Protocol p = protocol(entry.name, "");
    CHECK_FALSE(p.bones.empty());
    CHECK_FALSE(p.doubts().empty());
    CHECK(p.sources().size() == 7);
    for (const Source& source : p.sources())
      CHECK(source.sha256.size() == 64);
    const double density =
        p.law.kind() == DensityKind::apparent ? p.max_ash_g_cm3 / p.ash_to_apparent
        : p.law.kind() == DensityKind::ash    ? p.max_ash_g_cm3
                                              : p.ash.phantom_density(p.max_ash_g_cm3);
    CHECK(p.law.youngs_modulus(density) < 22000);
    if (!p.sibling.empty())
    {
      const Protocol sibling = protocol(p.sibling, "");
      CHECK(sibling.sibling == p.record.name);
      CHECK(sibling.phantom != p.phantom);
    }
  }
}

TEST_CASE("every default protocol exists and is made for its phantom")
{
  for (const std::string bone : {"femur", "vertebra", "tibia", "skull"})
    for (const std::string& name : phantom_names())
    {
      const DensityKind phantom = phantom_kind(name, "");
      CHECK(protocol(default_protocol(bone, phantom), "").phantom == phantom);
    }
  CHECK(default_protocol("femur", DensityKind::cha) == "rizzoli_linear");
  CHECK(default_protocol("femur", DensityKind::k2hpo4) == "rizzoli_linear_k2hpo4");
  CHECK(default_protocol("vertebra", DensityKind::k2hpo4) == "vertebra_kopperdahl");
  for (const std::string bone : {"tibia", "humerus", "pelvis", "rib", "skull"})
    CHECK(reason_for_none(bone).size() > 40);
  CHECK(reason_for_none("femur").empty());
}
