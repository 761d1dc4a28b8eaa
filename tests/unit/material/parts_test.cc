#include "material/alloy.hpp"
#include "material/ash_conversion.hpp"
#include "material/strain_limits.hpp"
#include "material/strength_law.hpp"
#include "scratch_file.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::material;
using Catch::Matchers::Contains;

namespace
{
/// What reading a shipped file says after one change.
template <typename Reader>
std::string changed(const std::string& folder, const std::string& name, const std::string& from,
                    const std::string& to, Reader reader)
{
  const std::string text = read_text(data_file(folder, name, "", ""));
  const ScratchFile file(name + ".toml", with(text, from, to));
  return refusal([&] { reader(file.path()); });
}
} // namespace

TEST_CASE("strain limits in percent or of an unknown kind are refused")
{
  const auto limits = [](const std::string& name, const std::string& from, const std::string& to)
  { return changed("materials/strain_limits", name, from, to, read_strain_limits); };
  CHECK_THAT(limits("schileo_max_principal", "0.0073", "0.73"),
             Contains("not in % or microstrain"));
  CHECK_THAT(limits("schileo_max_principal", "\"principal\"", "\"shear\""),
             Contains("principal, effective"));
  CHECK_THAT(limits("pistoia2002", "= 0.02", "= 2.0"), Contains("critical_volume_fraction"));
  const StrainLimits schileo = strain_limits("schileo_max_principal", "");
  CHECK(schileo.tension == 0.0073);
  CHECK(schileo.compression == 0.0104);
  CHECK(strain_limits("pistoia2002", "").effective_strain == 0.007);
}

TEST_CASE("the density where the two pieces of Keyak's strength meet gives 15.80 MPa")
{
  CHECK(StrengthLaw::named("keyak_piecewise", "").compressive(0.317) ==
        Approx(15.80).epsilon(1e-3));
  CHECK(StrengthLaw::named("keyak2005", "").compressive(0.4) == Approx(19.60).epsilon(1e-3));
  CHECK(StrengthLaw::named("keyak2005", "").compressive(1.2) == Approx(141.62).epsilon(1e-4));
  CHECK_THAT(changed("materials/strength", "keyak2005", "= 0.7019", "= 1.7", StrengthLaw::read),
             Contains("weaker in tension"));
}

TEST_CASE("an ash conversion in mg/cm3 or without slope is refused")
{
  CHECK_THAT(
      changed("materials/ash_conversions", "schileo2008", "0.0789", "78.9", read_ash_conversion),
      Contains("not mg/cm3"));
  CHECK_THAT(changed("materials/ash_conversions", "schileo2008", "0.877", "0", read_ash_conversion),
             Contains("more than 0"));
}

TEST_CASE("tissues and alloys with impossible constants are refused")
{
  CHECK_THAT(changed("materials/tissues", "marrow", "= 5.0", "= 0", read_tissue),
             Contains("more than 0 MPa"));
  CHECK_THAT(changed("materials/tissues", "marrow", "= 0.45", "= 0.5", read_tissue),
             Contains("take 0.49"));
  CHECK_THAT(changed("materials/tissues", "marrow", "[0.01, 50.0]", "[10, 50]", read_tissue),
             Contains("around youngs_MPa"));
  CHECK_THAT(
      changed("materials/alloy", "cocrmo", "yield_MPa = 827.0", "yield_MPa = -1", read_alloy),
      Contains("yield_MPa"));
  CHECK_THAT(refusal([] { alloy("titanium", "here"); }), Contains("unknown implant material"));
}

TEST_CASE("Goodman adds amplitude over endurance and tensile mean over ultimate strength")
{
  const Alloy titanium = alloy("ti6al4v_eli", "");
  CHECK(goodman_utilisation(titanium, 250, 430) == Approx(1.0));
  CHECK(goodman_utilisation(titanium, -250, -430) == Approx(0.5));
}
