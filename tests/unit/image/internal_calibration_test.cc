#include "image/internal_calibration.hpp"
#include "image/line_fit.hpp"
#include "image/phantomless.hpp"
#include "image/write.hpp"
#include "unit/image/support.hpp"
#include "unit/image/tissue_scan.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
const MassAttenuation& table()
{
  static const MassAttenuation read = MassAttenuation::read();
  return read;
}

/// A scanner to which the method's first assumption is exact: mu/rho is linear in HU at its energy,
/// with air at -1000 and muscle at 50 HU.
struct LinearScanner
{
  double energy;
  double slope = (table().at("muscle", energy) - table().at("air", energy)) / 1050;

  double hounsfield(double attenuation) const
  {
    return -1000 + (attenuation - table().at("air", energy)) / slope;
  }
  std::map<std::string, double> tissues() const
  {
    std::map<std::string, double> result;
    for (const std::string& name : internal_tissues())
      result[name] = hounsfield(table().at(name, energy));
    return result;
  }
};

/// A real scanner: HU by their definition from densities of the tissues in g/cm3.
std::map<std::string, double> physical_tissues(double energy, double cortex)
{
  const std::map<std::string, double> density = {{"adipose", 0.95},
                                                 {"air", 0.0012},
                                                 {"blood", 1.06},
                                                 {"cortical_bone", cortex},
                                                 {"muscle", 1.05}};
  std::map<std::string, double> result;
  for (const auto& [name, rho] : density)
    result[name] = 1000 * (rho * table().at(name, energy) / table().at("water", energy) - 1);
  return result;
}
} // namespace

TEST_CASE("mass attenuation meets its table and is a power law in between")
{
  CHECK(table().at("cortical_bone", 60) == 0.3148);
  CHECK(table().at("K2HPO4", 30) == 1.975);
  CHECK(table().at("K2HPO4", 150) == Approx(0.1480));
  // half way on both logarithmic scales
  CHECK(table().at("water", std::sqrt(60.0 * 80)) == Approx(std::sqrt(0.2059 * 0.1837)));
  for (const double beyond : {29.9, 150.1, std::nan("")})
    CHECK_THAT(refusal_of([&] { table().at("water", beyond); }), Contains("30 to 150 keV"));
}

TEST_CASE("internal calibration recovers energy and K2HPO4 of its own forward model")
{
  for (const double energy : {62.0, 75.0, 88.3, 110.0})
  {
    const LinearScanner scanner{energy};
    const InternalFit fit = fit_internal(scanner.tissues(), table(), "case.toml:3");
    CAPTURE(energy);
    CHECK(fit.attenuation.r_squared == Approx(1));
    CHECK(std::abs(fit.energy_kev - energy) < 0.5);
    // The mass density of a voxel by the definition of HU, fitted to the same tissues by hand.
    std::vector<double> hu, density;
    for (const auto& [name, h] : scanner.tissues())
    {
      hu.push_back(h);
      density.push_back((h / 1000 + 1) * table().at("water", energy) / table().at(name, energy));
    }
    const LineFit mass = fit_line(hu, density);
    for (const double share : {0.0, 0.1, 0.3, 0.6})
    {
      const double mixed =
          share * table().at("K2HPO4", energy) + (1 - share) * table().at("triglyceride", energy);
      const double h = scanner.hounsfield(mixed);
      const double k2hpo4 = share * (mass.intercept + mass.slope * h);
      CHECK(fit.curve.at(h) == Approx(k2hpo4).margin(0.001));
    }
  }
}

TEST_CASE("on a scanner with real tissues the method comes near rods of K2HPO4 in water")
{
  // What the method is good for, not that it is right: it errs by 35 mg/cm3 at water and by 15 % at
  // 500 mg/cm3 when cortical bone reads what dense bone does.
  for (const double energy : {55.0, 65.0, 75.0})
  {
    const InternalFit fit = fit_internal(physical_tissues(energy, 1.92), table(), "");
    CAPTURE(energy);
    CHECK(fit.energy_kev > energy); // where tissues lie on a line, not the beam's energy
    for (const double rod : {0.0, 0.1, 0.2, 0.5})
    {
      const double h = 1000 * rod * table().at("K2HPO4", energy) / table().at("water", energy);
      CHECK(fit.curve.at(h) == Approx(rod).epsilon(0.15).margin(0.04));
    }
  }
  const double dense = fit_internal(physical_tissues(65, 1.92), table(), "").curve.at(400);
  const double thin = fit_internal(physical_tissues(65, 1.40), table(), "").curve.at(400);
  CHECK(thin > 1.3 * dense); // thin cortex that reads low makes all densities high
}

TEST_CASE("internal calibration refuses what does not tell the energy")
{
  const auto refused = [](std::map<std::string, double> tissues)
  { return refusal_of([&] { fit_internal(tissues, table(), "case.toml:3"); }); };
  std::map<std::string, double> tissues = physical_tissues(65, 1.92);
  tissues.erase("cortical_bone");
  CHECK_THAT(refused(tissues),
             Contains("case.toml:3: internal calibration has adipose, air, blood, "
                      "muscle to go by; allowed: at least three of"));
  CHECK_THAT(refused({{"cortical_bone", 1500}, {"air", -1000}}), Contains("at least three"));
  CHECK_THAT(refused({{"cortical_bone", 40}, {"muscle", 50}, {"blood", 45}}),
             Contains("the tissues read nearly the same"));
  CHECK_THAT(refused({{"cortical_bone", -900}, {"air", -1000}, {"muscle", 50}}),
             Contains("fit best at the end of the table of mass attenuation (150 keV)"));
}

TEST_CASE("tissues are sampled from regions and from the scan, and their deviations propagated")
{
  const TissueImages scan = make_tissue_scan();
  const TemporaryFolder folder;
  write_nifti(folder / "tissues.nii.gz", scan.tissues);
  Calibration c;
  c.kind = Calibration::Kind::internal;
  c.place = "case.toml:3";
  c.tissues["cortical_bone"] = {folder / "tissues.nii.gz", 4, "case.toml:4"};
  const CalibrationResult result = calibrate(c, scan.ct, scan.bone, {}).result;
  CHECK(result.tissues.size() == 4);
  CHECK(result.tissues.at("cortical_bone").from_region);
  CHECK(std::abs(result.tissues.at("cortical_bone").hounsfield - 1500) <
        40); // blurred at its edges
  CHECK(!result.tissues.at("adipose").from_region);
  CHECK(std::abs(result.tissues.at("muscle").hounsfield - 55) < 3);
  CHECK(to_string(result.phantom) == "K2HPO4");
  CHECK(result.widenings.empty());
  std::map<std::string, double> hu;
  std::vector<double> column;
  for (const auto& [name, tissue] : result.tissues)
  {
    hu[name] = tissue.hounsfield;
    column.push_back(tissue.hounsfield);
  }
  const InternalFit fit = fit_internal(hu, table(), "");
  CHECK(*result.effective_energy_kev == Approx(fit.energy_kev));
  CHECK(result.curve().at(500) == Approx(fit.curve.at(500)));
  double energy = 0, density = 0;
  const double bone = fit.curve.value_of(0.3);
  CHECK(fit.curve.at(bone) == Approx(0.3));
  for (const auto& [name, tissue] : result.tissues)
  {
    auto up = hu, down = hu;
    up[name] += tissue.deviation;
    down[name] -= tissue.deviation;
    const InternalFit a = fit_internal(up, table(), ""), b = fit_internal(down, table(), "");
    energy += std::pow((a.energy_kev - b.energy_kev) / 2, 2);
    density += std::pow((a.curve.at(bone) - b.curve.at(bone)) / 2, 2);
  }
  CHECK(*result.effective_energy_deviation_kev == Approx(std::sqrt(energy)).epsilon(0.01));
  CHECK(result.uncertainty[1].deviation_g_cm3 ==
        Approx(std::sqrt(density + scatter_variance(fit, column, bone))).epsilon(0.01));
}

TEST_CASE("doubtful regions are refused or told")
{
  TissueScan settings;
  settings.cortex = 900;
  const TissueImages scan = make_tissue_scan(settings);
  const TemporaryFolder folder;
  LabelMap tissues = scan.tissues;
  const Vec3 s = tissues.grid.spacing;
  REQUIRE(s.x * s.y == 4); // two voxels are 8 mm2
  int drawn = 0;
  for (std::int32_t& v : tissues.values)
    if (v == 4 && ++drawn <= 2)
      v = 9;
  write_nifti(folder / "tissues.nii.gz", tissues);
  Calibration c;
  c.kind = Calibration::Kind::internal;
  c.tissues["cortical_bone"] = {folder / "tissues.nii.gz", 9, "case.toml:4"};
  CHECK_THAT(
      refusal_of([&] { resolve(c, scan.ct, &scan.bone); }),
      Contains("case.toml:4: the region of cortical_bone covers 8 mm2 of the image; allowed: "
               "10 mm2 and more"));
  c.tissues["cortical_bone"].label = 4;
  c.tissues["blood"] = {folder / "tissues.nii.gz", 4, "case.toml:5"};
  const CalibrationResult result = resolve(c, scan.ct, &scan.bone);
  const auto warned = [&](const std::string& code)
  { return std::ranges::count(result.warnings, code, &Warning::code); };
  CHECK(warned("cortical_bone_reads_low") == 1);
  CHECK(warned("contrast_in_blood") == 1);
  REQUIRE(result.widenings.size() == 1);
  CHECK(result.widenings[0].relative > 0.1);
}
