#include "image/calibration.hpp"
#include "image/calibration_facts.hpp"
#include "image/grade.hpp"
#include "image/histogram_peak.hpp"
#include "image/line_fit.hpp"
#include "image/phantomless.hpp"
#include "unit/image/support.hpp"
#include "unit/image/tissue_scan.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
Calibration read(const std::string& toml)
{
  const Table table = Table::parse(toml, "case.toml");
  const Calibration calibration = read_calibration(table);
  table.check();
  return calibration;
}

const std::string by_tissues = "name = \"air_fat_muscle\"\n";

/// Peaks as if they had been found.
TissuePeaks peaks(double air, double fat, double muscle, double deviation)
{
  TissuePeaks p;
  p.found["air"] = {air, deviation, 10, 100, false};
  p.found["fat"] = {fat, deviation, 10, 100, false};
  p.found["muscle"] = {muscle, deviation, 10, 100, false};
  return p;
}
} // namespace

TEST_CASE("air, fat and muscle are found within 3 HU, within 5 HU in a noisy scan")
{
  for (const double noise : {4.0, 15.0, 30.0})
  {
    TissueScan settings;
    settings.noise = noise;
    const TissueImages scan = make_tissue_scan(settings);
    const TissuePeaks found = find_tissue_peaks(scan.ct, &scan.bone);
    CAPTURE(noise);
    REQUIRE(found.missing.empty());
    const double near = noise < 20 ? 3 : 5;
    CHECK(std::abs(found.found.at("air").hounsfield + 1000) < near);
    CHECK(std::abs(found.found.at("fat").hounsfield + 100) < near);
    CHECK(std::abs(found.found.at("muscle").hounsfield - 55) < near);
    for (const auto& [name, peak] : found.found)
    {
      CAPTURE(name);
      CHECK(peak.width == Approx(noise).epsilon(0.25).margin(1));
      CHECK(peak.deviation > 0.2 * peak.width);
    }
  }
}

TEST_CASE("tissues that drown in noise are found in the averaged image, which is told")
{
  TissueScan settings;
  settings.noise = 90;
  settings.size = 64;
  const TissueImages scan = make_tissue_scan(settings);
  const TissuePeaks found = find_tissue_peaks(scan.ct, &scan.bone);
  REQUIRE(found.missing.empty());
  CHECK(std::abs(found.found.at("fat").hounsfield + 100) < 15);
  CHECK(std::abs(found.found.at("muscle").hounsfield - 55) < 15);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].code == "noisy_scan");
}

TEST_CASE("peaks follow the image when its scale is shifted, and are the same without a mask")
{
  TissueScan settings;
  settings.air = -985;
  settings.fat = -118;
  settings.muscle = 38;
  const TissueImages scan = make_tissue_scan(settings);
  for (const Mask* bone : {&scan.bone, static_cast<const Mask*>(nullptr)})
  {
    const TissuePeaks found = find_tissue_peaks(scan.ct, bone);
    CHECK(std::abs(found.found.at("air").hounsfield + 985) < 3);
    CHECK(std::abs(found.found.at("fat").hounsfield + 118) < 3);
    CHECK(std::abs(found.found.at("muscle").hounsfield - 38) < 3);
  }
}

TEST_CASE("padding is not taken for air")
{
  TissueImages scan = make_tissue_scan();
  for (std::size_t i = 0; i < scan.ct.values.size(); ++i)
    if (scan.tissues.values[i] == 1 && i % 3 != 0) // a corner outside the scanner's circle
      scan.ct.values[i] = -2048;
  const TissuePeaks padded = find_tissue_peaks(scan.ct, &scan.bone);
  CHECK(std::abs(padded.found.at("air").hounsfield + 1000) < 3);
  for (float& v : scan.ct.values)
    v = v < -600 ? -2048.0f : v;
  const TissuePeaks none = find_tissue_peaks(scan.ct, &scan.bone);
  CHECK_THAT(none.missing.at("air"), Contains("filled with -2048 HU, which is not air"));
  for (float& v : scan.ct.values)
    v = v < -600 ? -1000.0f : v;
  const TissuePeaks filled = find_tissue_peaks(scan.ct, &scan.bone);
  CHECK(filled.found.at("air").hounsfield == -1000);
  TissueScan still;
  still.noise = 0; // the skin is blurred, the air is not
  const TissueImages clean = make_tissue_scan(still);
  CHECK(find_tissue_peaks(clean.ct, &clean.bone).found.at("air").hounsfield == -1000);
  CHECK(filled.warnings.at(0).code == "filled_air");
}

TEST_CASE("a scan without air or without muscle is refused with the reason and what helps")
{
  TissueScan settings;
  settings.air_there = false;
  const TissueImages no_air = make_tissue_scan(settings);
  const std::string words = refusal_of([&] { apply(read(by_tissues), no_air.ct, &no_air.bone); });
  CHECK_THAT(words, Contains("does not show air (only 0 voxels of the image lie between -1100 and "
                             "-900 HU); allowed: peaks of air, fat and muscle"));
  CHECK_THAT(words, Contains("give the whole scan with air around the patient"));
  settings.air_there = true;
  settings.muscle = settings.fat;
  const TissueImages no_muscle = make_tissue_scan(settings);
  CHECK_THAT(refusal_of([&] { apply(read(by_tissues), no_muscle.ct, &no_muscle.bone); }),
             Contains("does not show muscle (the histogram has no peak between 10 and 110 HU)") ||
                 Contains("does not show muscle (only"));
}

TEST_CASE("both published triples are fitted, and their difference is told")
{
  for (const auto& [name, rho, other, other_rho] :
       {std::tuple{"840_80_30", std::array{-0.840, -0.080, 0.030}, "797_95_38",
                   std::array{-0.797, -0.095, 0.038}},
        std::tuple{"797_95_38", std::array{-0.797, -0.095, 0.038}, "840_80_30",
                   std::array{-0.840, -0.080, 0.030}}})
  {
    const std::array hu = {-1000.0, -100.0, 55.0};
    CalibrationResult result;
    calibrate_by_air_fat_muscle(tissue_reference(name, ""), peaks(hu[0], hu[1], hu[2], 2), "c",
                                result);
    const LineFit own = fit_line(hu, rho), not_taken = fit_line(hu, other_rho);
    CHECK(result.slope == Approx(own.slope));
    CHECK(result.intercept == Approx(own.intercept));
    CHECK(to_string(result.phantom) == "CHA");
    REQUIRE(result.alternatives.size() == 1);
    CHECK(result.alternatives[0].name == other);
    CHECK(result.alternatives[0].curve.slope == Approx(not_taken.slope));
    REQUIRE(result.uncertainty.size() == 3);
    for (const DensityDeviation& at : result.uncertainty)
    {
      const double h = (at.density_g_cm3 - own.intercept) / own.slope;
      const double difference = not_taken.intercept + not_taken.slope * h - at.density_g_cm3;
      CHECK(at.other_reference.at(other) == Approx(difference));
      // the interval of a density covers what the other reference says
      CHECK(density_deviation(result, at.density_g_cm3) ==
            Approx(std::hypot(at.deviation_g_cm3, difference)));
    }
    CHECK_THAT(result.doubt, Contains("unconfirmed"));
  }
}

TEST_CASE("the uncertainty of slope, intercept and density is that of repeated peaks")
{
  const TissueReference reference = tissue_reference("840_80_30", "");
  CalibrationResult result;
  calibrate_by_air_fat_muscle(reference, peaks(-1000, -100, 55, 6), "c", result);
  // The scatter about the line stays while the peaks move: it is taken off.
  const std::array hu = {-1000.0, -100.0, 55.0}, rho = {-0.840, -0.080, 0.030};
  const LineFit fit = fit_line(hu, rho);
  std::mt19937 random(3);
  std::normal_distribution<double> normal(0, 6);
  double slopes = 0, densities = 0;
  constexpr int repeats = 20000;
  const double bone = result.curve().value_of(1.0);
  for (int n = 0; n < repeats; ++n)
  {
    const std::array moved = {hu[0] + normal(random), hu[1] + normal(random),
                              hu[2] + normal(random)};
    const LineFit again = fit_line(moved, rho);
    slopes += std::pow(again.slope - fit.slope, 2) / repeats;
    densities += std::pow(again.intercept + again.slope * bone - 1.0, 2) / repeats;
  }
  CHECK(*result.slope_deviation ==
        Approx(std::sqrt(slopes + slope_variance(fit, hu))).epsilon(0.03));
  CHECK(result.uncertainty.back().deviation_g_cm3 ==
        Approx(std::sqrt(densities + line_variance(fit, hu, bone))).epsilon(0.03));
}

TEST_CASE("a line's variance agrees with its closed form")
{
  const std::array x = {0.0, 1.0, 2.0}, y = {0.0, 2.0, 1.0};
  const LineFit fit = fit_line(x, y); // y = 0.5 + 0.5 x, residuals -0.5, 1, -0.5: s^2 = 1.5
  CHECK(slope_variance(fit, x) == Approx(1.5 / 2));
  CHECK(line_variance(fit, x, 1) == Approx(1.5 / 3));
  CHECK(line_variance(fit, x, 3) == Approx(1.5 * (1.0 / 3 + 4.0 / 2)));
}

TEST_CASE("a noisy scan calibrated by its tissues gives the density its maker put in")
{
  // HU of a scan whose density is -0.01 + 0.8e-3 HU, read by a reference that is true to it
  const TissueImages scan = make_tissue_scan();
  const CalibratedVolume result = calibrate(read(by_tissues), scan.ct, scan.bone, {});
  const LineFit exact =
      fit_line(std::array{-1000.0, -100.0, 55.0}, std::array{-0.840, -0.080, 0.030});
  for (const double hu : {0.0, 300.0, 1500.0})
    CHECK(result.result.curve().at(hu) == Approx(exact.intercept + exact.slope * hu).margin(0.01));
  CHECK(result.result.slope > 0.7e-3);
  CHECK(result.result.slope < 0.9e-3);
  const auto warned = [&](const std::string& code)
  { return std::ranges::count(result.result.warnings, code, &Warning::code); };
  CHECK(warned("phantomless") == 1);
  CHECK(warned("patient_check") == 0);
  InputFacts facts;
  add_calibration(result.result, facts);
  CHECK(grade_input(facts).grade == 'C');
  CHECK(grade_input(facts).reasons.front() == "C: calibrated without a phantom");
}

TEST_CASE("the case file of a calibration without phantom is checked")
{
  CHECK(read(by_tissues).reference == "840_80_30");
  CHECK(read(by_tissues + "reference = \"797_95_38\"\nphantom = \"HA\"\n").reference ==
        "797_95_38");
  const auto refused = [](const std::string& toml)
  { return refusal_of([&] { read(toml); }, Fault::command); };
  CHECK_THAT(refused(by_tissues + "reference = \"840\"\n"), Contains("797_95_38, 840_80_30"));
  CHECK_THAT(refused(by_tissues + "phantom = \"K2HPO4\"\n"),
             Contains("no phantom is used, and the densities are equivalent to CHA"));
  CHECK_THAT(refused("name = \"internal\"\nphantom = \"CHA\"\n"), Contains("K2HPO4"));
  CHECK_THAT(refused(by_tissues + "kvp = 120\n"), Contains("kvp"));
  CHECK_THAT(refused("name = \"internal\"\ntissues = { liver = { file = \"a\", label = 1 } }\n"),
             Contains("liver"));
  CHECK_THAT(refused("name = \"internal\"\ntissues = { muscle = { file = \"a\", label = 0 } }\n"),
             Contains("background"));
}

TEST_CASE("every reference file states tissues in rising density, its phantom and a source")
{
  for (const std::string& name : tissue_reference_names())
  {
    const TissueReference reference = tissue_reference(name, "");
    CAPTURE(name);
    CHECK(reference.name == name);
    CHECK(reference.g_cm3.at("air") < reference.g_cm3.at("fat"));
    CHECK(reference.g_cm3.at("fat") < reference.g_cm3.at("muscle"));
  }
  CHECK(tissue_reference_names().size() >= 2);
}

TEST_CASE("what a calibration came to is told with its deviations and the other reference")
{
  CalibrationResult result;
  result.name = "air_fat_muscle";
  calibrate_by_air_fat_muscle(tissue_reference("840_80_30", ""), peaks(-1000, -100, 55, 2), "c",
                              result);
  result.widenings.push_back({"a contrast agent", 0, 0.014});
  const auto facts = calibration_facts(result);
  CHECK(std::stod(facts.at("slope_g_cm3_per_unit")) == Approx(result.slope));
  CHECK(std::stod(facts.at("deviation_at_1_g_cm3")) ==
        Approx(density_deviation(result, 1)).epsilon(0.01));
  CHECK(std::stod(facts.at("difference_to_797_95_38_at_1_g_cm3")) ==
        Approx(result.uncertainty[2].other_reference.at("797_95_38")).epsilon(0.01));
  CHECK(facts.at("tissue_fat_HU") == "-100");
  CHECK(facts.at("widened_by") == "a contrast agent");
  CHECK(!facts.contains("effective_energy_keV"));
  CHECK(!facts.contains("patient_doubts"));
}

TEST_CASE("a peak is the Gaussian it was drawn from, and a histogram without one says so")
{
  std::mt19937 random(5);
  for (const double width : {8.0, 20.0, 45.0})
    for (const int voxels : {3000, 300000})
    {
      std::normal_distribution<double> fat(-97, width), muscle(60, width);
      Histogram histogram;
      for (int n = 0; n < voxels; ++n)
      {
        histogram.add(static_cast<float>(fat(random)));
        histogram.add(static_cast<float>(muscle(random)));
      }
      CAPTURE(width, voxels);
      Peak peak;
      CHECK(find_peak(histogram, {-160, -40}, {}, peak) == "");
      CHECK(std::abs(peak.position + 97) < 1 + 0.15 * width);
      CHECK(peak.width == Approx(width).epsilon(voxels > 10000 ? 0.15 : 0.4));
      CHECK_THAT(find_peak(histogram, {-800, -500}, {}, peak), Contains("only 0 voxels"));
    }
  Histogram slope; // rises towards a peak outside the window
  for (int n = 0; n < 300; ++n)
    for (int m = 0; m < n; ++m)
      slope.add(static_cast<float>(-200 + n));
  Peak peak;
  CHECK(find_peak(slope, {-160, -40}, {}, peak) ==
        "the histogram has no peak between -160 and -40 HU");
}
