#include "image/calibration.hpp"
#include "image/intensity.hpp"
#include "image/line_fit.hpp"
#include "image/write.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
/// 1000 voxels spread evenly between two values.
Volume values_between(double least, double most)
{
  Volume volume{{{10, 10, 10}, {}, {1, 1, 1}, identity()}, {}, {"image.nii.gz", ""}};
  for (int i = 0; i < 1000; ++i)
    volume.values.push_back(static_cast<float>(least + (most - least) * i / 999.0));
  return volume;
}

Volume ct()
{
  return values_between(-1000, 1600);
}

Calibration read(const std::string& toml)
{
  const Table table = Table::parse(toml, "case.toml");
  const Calibration calibration = read_calibration(table);
  table.check();
  return calibration;
}

std::string case_refusal(const std::string& toml)
{
  return refusal_of([&] { read(toml); }, Fault::command);
}

const std::string three_rods =
    "name = \"rods\"\nphantom = \"CHA\"\n"
    "rods = [{ density_mg_cm3 = 0, HU = 10 }, { density_mg_cm3 = 100, HU = 150 },\n"
    "        { density_mg_cm3 = 200, HU = 260 }]\n";
} // namespace

TEST_CASE("a line fit agrees with its closed form")
{
  const double x[] = {10, 150, 260}, y[] = {0, 100, 200};
  const LineFit fit = fit_line(x, y);
  // mx = 140, my = 100: sum (x-mx)(y-my) = 25000, sum (x-mx)^2 = 31400
  CHECK(fit.slope == Approx(25000.0 / 31400));
  CHECK(fit.intercept == Approx(100 - 140 * 25000.0 / 31400));
  CHECK(fit.r_squared == Approx(25000.0 * 25000 / (31400 * 20000)));
  CHECK(fit.residual == Approx(std::sqrt((1 - fit.r_squared) * 20000 / 3)));
}

TEST_CASE("rods give slope, intercept, residual and R2 in g/cm3")
{
  const CalibrationResult r = apply(read(three_rods), ct()).result;
  CHECK(r.slope == Approx(25.0 / 31400));
  CHECK(r.intercept == Approx(0.1 - 0.14 * 25000.0 / 31400));
  CHECK(r.r_squared.value() == Approx(0.99522).epsilon(1e-4));
  CHECK(r.residual_g_cm3.value() == Approx(0.005642).epsilon(1e-3));
  REQUIRE(r.warnings.size() == 1);
  CHECK(r.warnings[0].code == "calibration_extrapolated");
  CHECK_THAT(r.warnings[0].text, Contains("g/cm3, the densest rod of the phantom only 0.2 g/cm3"));
}

TEST_CASE("rods are measured in the scan where a label image shows them")
{
  const TemporaryFolder folder;
  Volume scan = ct();
  LabelMap labels{scan.grid, std::vector<std::int32_t>(1000), {}};
  for (std::size_t i = 500; i < 600; ++i)
  {
    labels.values[i] = i < 550 ? 1 : 2;
    scan.values[i] = i < 550 ? (i % 2 ? 90.f : 110.f) : 300.f;
  }
  write_nifti(folder / "rods.nii.gz", labels);
  write_file(folder / "case.toml",
             "name = \"rods\"\nphantom = \"HA\"\nrods = [{ density_mg_cm3 = 80, region = { file = "
             "\"rods.nii.gz\", label = 1 } },"
             "{ density_mg_cm3 = 240, region = { file = \"rods.nii.gz\", label = 2 } }]\n");
  const Table table = Table::read(folder / "case.toml");
  const Calibration calibration = read_calibration(table);
  table.check();
  CHECK(calibration.phantom == PhantomKind::cha);
  const CalibrationResult r = resolve(calibration, scan);
  CHECK(r.slope == Approx(0.8e-3));
  CHECK(r.intercept == Approx(0).margin(1e-9));
}

TEST_CASE("a Mindways phantom returns the density its formula was made with")
{
  // sigma_ref = 1.25 + 0.2174, beta_ref = -5 - 999.6: HU = 1.25 rho - 5 in the patient
  const double rods[5][2] = {
      {1012.25, -51.83}, {1056.95, -53.4}, {1103.57, 58.88}, {1119.52, 157.05}, {923.2, 375.83}};
  std::string toml = "name = \"mindways\"\nphantom = \"K2HPO4\"\nrods = [";
  for (const auto& [water, k2hpo4] : rods)
    toml += "{ water_mg_cm3 = " + std::to_string(water) +
            ", k2hpo4_mg_cm3 = " + std::to_string(k2hpo4) +
            ", HU = " + std::to_string(water + 1.4674 * k2hpo4 - 1004.6) + " },\n";
  const CalibrationResult r = apply(read(toml + "]\n"), ct()).result;
  CHECK(r.slope == Approx(1e-3 / 1.25));
  CHECK(r.intercept == Approx(5e-3 / 1.25));
  CHECK(r.residual_g_cm3.value() == Approx(0).margin(1e-8));
  CHECK(to_string(r.phantom) == "K2HPO4");
}

TEST_CASE("a linear calibration and a density image become g/cm3")
{
  const Volume linear = apply(read("name = \"linear\"\nphantom = \"CHA\"\nslope_g_cm3_per_HU = "
                                   "0.0008\nintercept_g_cm3 = 0.01\nkvp = 120\n"),
                              ct())
                            .density;
  CHECK(linear.values.front() == Approx(-0.79));
  CHECK(linear.values.back() == Approx(1.29));
  const Volume mg = apply(read("name = \"density\"\nphantom = \"K2HPO4\"\nunit = \"mg/cm3\"\n"),
                          values_between(-31, 1448))
                        .density;
  CHECK(mg.values.back() == Approx(1.448));
  const Volume g = apply(read("name = \"density\"\nphantom = \"K2HPO4\"\nunit = \"g/cm3\"\n"),
                         values_between(-0.8, 1.4))
                       .density;
  CHECK(g.values.back() == Approx(1.4));
}

TEST_CASE("the case file must say everything a calibration needs")
{
  CHECK_THAT(case_refusal("name = \"density\"\nunit = \"mg/cm3\"\n"), Contains("phantom"));
  CHECK_THAT(case_refusal("name = \"density\"\nphantom = \"CHA\"\n"), Contains("unit"));
  CHECK_THAT(case_refusal("name = \"density\"\nphantom = \"CHA\"\nunit = \"kg/m3\"\n"),
             Contains("mg/cm3, g/cm3"));
  CHECK_THAT(case_refusal("name = \"linaer\"\nphantom = \"CHA\"\n"), Contains("linear"));
  CHECK_THAT(case_refusal("name = \"linear\"\nphantom = \"CHA\"\nintercept_g_cm3 = 0\n"),
             Contains("slope_g_cm3_per_HU"));
  const std::string linear = "name = \"linear\"\nphantom = \"CHA\"\n";
  CHECK_THAT(case_refusal(linear + "slope_g_cm3_per_HU = -0.0008\nintercept_g_cm3 = 0\n"),
             Contains("a positive slope"));
  CHECK_THAT(case_refusal(linear + "slope_g_cm3_per_HU = 0.8\nintercept_g_cm3 = 0\n"),
             Contains("divide by 1000 if it is in mg/cm3 per HU"));
  CHECK_THAT(case_refusal(linear + "slope_g_cm3_per_HU = 0.0008\nintercept_g_cm3 = -12\n"),
             Contains("divide by 1000 if it is in mg/cm3"));
  CHECK_THAT(case_refusal(
                 "name = \"rods\"\nphantom = \"CHA\"\nrods = [{ density_mg_cm3 = 0, HU = 10 }]\n"),
             Contains("1 rods are given; allowed: at least 2 distinct rods"));
  CHECK_THAT(case_refusal("name = \"rods\"\nphantom = \"CHA\"\nrods = [{ density_mg_cm3 = 0 }, { "
                          "density_mg_cm3 = 9, HU = 10 }]\n"),
             Contains("a rod has neither HU nor region"));
  CHECK_THAT(
      case_refusal(
          "name = \"mindways\"\nphantom = \"CHA\"\nrods = [{ water_mg_cm3 = 1000, k2hpo4_mg_cm3 = "
          "0, HU = 1 }, { water_mg_cm3 = 1000, k2hpo4_mg_cm3 = 100, HU = 140 }]\n"),
      Contains("a Mindways phantom is stated to be of CHA; allowed: K2HPO4"));
}

TEST_CASE("rods that make no sense are refused")
{
  const auto refused = [](const std::string& rods)
  {
    return refusal_of(
        [&] { apply(read("name = \"rods\"\nphantom = \"CHA\"\nrods = [" + rods + "]\n"), ct()); });
  };
  CHECK_THAT(refused("{ density_mg_cm3 = 100, HU = 10 }, { density_mg_cm3 = 100, HU = 200 }"),
             Contains("at least 2 distinct rods"));
  CHECK_THAT(refused("{ density_mg_cm3 = 0, HU = 200 }, { density_mg_cm3 = 200, HU = 10 }"),
             Contains("the calibration falls with HU (slope -0.001053"));
  CHECK_THAT(refused("{ density_mg_cm3 = 0, HU = 0 }, { density_mg_cm3 = 2, HU = 250 }"),
             Contains("check the unit of the densities (mg/cm3)"));
  CHECK_THAT(refused("{ density_mg_cm3 = 0, HU = 0 }, { density_mg_cm3 = 200, HU = 100 }, { "
                     "density_mg_cm3 = 100, HU = 200 }, { density_mg_cm3 = 150, HU = 120 }"),
             Contains("the rods do not lie on a line (R2 ="));
}

TEST_CASE("an unusual slope and scattered rods are warned of")
{
  const auto code = [](const std::string& toml)
  { return resolve(read("phantom = \"CHA\"\n" + toml), ct()).warnings.at(0).code; };
  CHECK(code("name = \"linear\"\nslope_g_cm3_per_HU = 0.002\nintercept_g_cm3 = 0\n") ==
        "unusual_slope");
  CHECK(code("name = \"rods\"\nrods = [{ density_mg_cm3 = 0, HU = 0 }, { density_mg_cm3 = 100, HU "
             "= 160 }, { density_mg_cm3 = 200, HU = 250 }]\n") == "calibration_scatter");
}

TEST_CASE("an image that is not what the calibration takes it for is refused")
{
  const auto hu = [](const Volume& v) { return refusal_of([&] { require_hounsfield(v); }); };
  const auto density = [](const Volume& v, const std::string& unit)
  { return refusal_of([&] { require_density(v, unit); }); };
  require_hounsfield(ct());
  require_density(values_between(-31, 1448), "mg/cm3");
  require_density(values_between(-840, 1448), "mg/cm3"); // with air, calibrated
  CHECK_THAT(hu(values_between(-31, 1448)),
             Contains("promised in HU but looks like density: values from -31 to 1448"));
  CHECK_THAT(hu(values_between(-31, 1448)),
             Contains("write name = \"density\" with its unit in [calibration]"));
  CHECK_THAT(hu(values_between(-0.8, 1.4)), Contains("looks like density in g/cm3"));
  CHECK_THAT(hu(values_between(-1000, 90)), Contains("no CT of bone has such numbers"));
  CHECK_THAT(hu(values_between(7, 7)), Contains("one value everywhere (7)"));
  CHECK_THAT(density(values_between(7, 7), "g/cm3"), Contains("one value everywhere"));
  CHECK_THAT(density(ct(), "mg/cm3"),
             Contains("promised as density but looks like HU: values from -1000 to 1600"));
  CHECK_THAT(density(ct(), "g/cm3"), Contains("looks like HU"));
  CHECK_THAT(density(values_between(-31, 1448), "g/cm3"),
             Contains("promised in g/cm3 but holds values from -31 to 1448"));
  CHECK_THAT(density(values_between(-0.03, 1.4), "mg/cm3"),
             Contains("write unit = \"g/cm3\" if that is what it holds"));
  CHECK_THAT(density(values_between(-30, 4000), "mg/cm3"),
             Contains("if there is metal give the CT in HU"));
  CHECK_THAT(density(values_between(-30, 60), "mg/cm3"), Contains("the image shows no bone"));
}
