#include "pipeline/inputs.hpp"

#include "anatomy/extend_shaft.hpp"
#include "anatomy/find_anatomy.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "image/checks.hpp"
#include "image/grid.hpp"
#include "image/intensity.hpp"
#include "image/mask.hpp"
#include "image/read.hpp"

#include <chrono>
#include <cstdio>
#include <map>

namespace calcar::pipeline
{
namespace
{
/// Volumes in cm^3 between which a mask can be that bone, whole or cut. Wide bounds of the
/// project's own choice: they catch a wrong label, an empty corner or two bones in one.
struct VolumeBounds
{
  double least;
  double most;
};
constexpr VolumeBounds femur_volume_cm3 = {15, 1000};

material::DensityKind density_kind(image::PhantomKind kind)
{
  return kind == image::PhantomKind::k2hpo4 ? material::DensityKind::k2hpo4
                                            : material::DensityKind::cha;
}

std::string today()
{
  const auto now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  const std::chrono::year_month_day date(now);
  char text[32];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

/// Days since the scan; nothing when its date is unknown or lies in the future.
std::optional<double> age_of_scan(const std::optional<std::string>& date)
{
  const auto days = date ? image::days_between(*date, today()) : std::nullopt;
  return days && *days >= 0 ? days : std::nullopt;
}

struct Images
{
  image::Volume scan;
  image::Acquisition acquisition;
  image::Mask mask; ///< one piece
  std::size_t filled = 0;
  double dropped_share = 0;
  bool axes_repaired = false;
};

Images read_images(const BoneInput& bone, report::Results& results)
{
  auto scan = image::read_volume(bone.image);
  auto labels = image::read_labels(bone.mask.file);
  append(results.warnings, scan.warnings);
  append(results.warnings, labels.warnings);
  results.sources.push_back(scan.image.source);
  results.sources.push_back(labels.image.source);
  image::require_same_grid(scan.image, labels.image);
  const image::Mask label = image::extract(labels.image, bone.mask.label);
  image::CleanMask clean = image::keep_largest(label);
  append(results.warnings, clean.warnings);
  image::require_volume(clean.mask, femur_volume_cm3.least, femur_volume_cm3.most,
                        anatomy::to_string(bone.kind));
  Images images;
  images.dropped_share =
      1 - static_cast<double>(image::count(clean.mask)) / static_cast<double>(image::count(label));
  image::Envelope envelope = image::fill_holes(clean.mask);
  images.filled = envelope.filled;
  images.mask = std::move(envelope.mask);
  images.mask.source = labels.image.source;
  images.axes_repaired = !scan.warnings.empty();
  images.acquisition = scan.acquisition;
  images.scan = std::move(scan.image);
  return images;
}

void record_calibration(const image::CalibrationResult& calibration, report::Results& results)
{
  auto& facts = results.calibration;
  facts["name"] = calibration.name;
  facts["phantom"] = image::to_string(calibration.phantom);
  facts["slope_g_cm3_per_unit"] = format_number(calibration.slope, 8);
  facts["intercept_g_cm3"] = format_number(calibration.intercept, 8);
  if (calibration.residual_g_cm3)
    facts["residual_g_cm3"] = format_number(*calibration.residual_g_cm3);
  if (calibration.r_squared)
    facts["r_squared"] = format_number(*calibration.r_squared, 6);
}

/// LPS direction of a face of the patient as border_contacts names it.
Vec3 towards(const std::string& side)
{
  const std::map<std::string, Vec3> directions = {
      {"left", {1, 0, 0}},      {"right", {-1, 0, 0}},   {"posterior", {0, 1, 0}},
      {"anterior", {0, -1, 0}}, {"superior", {0, 0, 1}}, {"inferior", {0, 0, -1}}};
  const auto found = directions.find(side);
  return found == directions.end() ? Vec3{} : found->second;
}

/// Area of the mask on the image border, the shaft's own cut left out: there the bone goes on
/// unseen.
double cut_area_cm2(const image::Mask& mask, const anatomy::BoneAnatomy& bone)
{
  double area = 0;
  for (const image::FaceContact& contact : image::border_contacts(mask))
    if (dot(towards(contact.side), -bone.frame.proximal) < 0.7)
      area += contact.area_cm2;
  return area;
}

image::InputFacts facts_of(const PatientCase& given, const Images& images,
                           const image::CalibrationResult& calibration,
                           const image::Volume& density, const image::Metal& metal,
                           const anatomy::BoneAnatomy& bone)
{
  image::InputFacts facts = image::facts_of(images.acquisition, images.scan.grid);
  facts.calibration = calibration.name;
  facts.phantom = image::to_string(calibration.phantom);
  facts.calibration_r_squared = calibration.r_squared;
  facts.calibration_residual_g_cm3 = calibration.residual_g_cm3;
  facts.calibration_kvp = given.calibration.kvp;
  facts.age_days = age_of_scan(given.scan_date ? given.scan_date : images.acquisition.date);
  facts.metal_share = metal.share_in_region;
  facts.near_metal_share = metal.near_in_region;
  facts.dropped_share = images.dropped_share;
  facts.cut_area_cm2 = cut_area_cm2(images.mask, bone);
  const image::InsideMask inside = image::values_inside(density, images.mask);
  facts.mean_g_cm3 = inside.mean;
  facts.most_g_cm3 = inside.most;
  facts.axes_repaired = images.axes_repaired;
  return facts;
}

void record_anatomy(const anatomy::BoneAnatomy& bone, report::Results& results)
{
  results.bone = anatomy::to_string(bone.kind);
  results.side = anatomy::to_string(bone.side);
  results.anatomy_confidence = bone.confidence;
  results.landmarks = bone.landmarks;
  for (const auto& [name, measure] : bone.measures)
    results.measures[name] = {measure.value, measure.deviation, measure.unit, measure.source};
  append(results.warnings, bone.warnings);
}

anatomy::BoneAnatomy find_bone(const PatientCase& given, const image::Mask& mask)
{
  anatomy::AnatomyOptions options;
  options.side = given.bone.side;
  options.orientation =
      given.bone.specimen ? anatomy::Orientation::specimen : anatomy::Orientation::patient;
  options.overrides = given.landmarks;
  options.place = given.bone.place;
  return anatomy::find_anatomy(given.bone.kind, mask, options);
}

material::Protocol choose_protocol(const PatientCase& given, report::Results& results)
{
  const material::DensityKind phantom = density_kind(given.calibration.phantom);
  const std::string name =
      given.protocol.name.empty()
          ? material::default_protocol(anatomy::to_string(given.bone.kind), phantom)
          : given.protocol.name;
  material::Protocol protocol =
      material::for_phantom(material::protocol(name, given.protocol.place), phantom,
                            given.protocol.convert_phantom, given.protocol.place, results.warnings);
  results.protocol = protocol.record.name;
  results.protocol_words = protocol.record.words;
  results.doubts = protocol.doubts();
  for (const Source& source : protocol.sources())
    results.sources.push_back(source);
  return protocol;
}
} // namespace

PatientInputs read_inputs(const PatientCase& given, report::Results& results)
{
  PatientInputs inputs;
  // The protocol first: a wrong phantom is told before anything long begins.
  inputs.protocol = choose_protocol(given, results);
  Images images = read_images(given.bone, results);
  image::CalibratedVolume calibrated = image::apply(given.calibration, images.scan);
  append(results.warnings, calibrated.result.warnings);
  record_calibration(calibrated.result, results);
  image::require_bone_inside(calibrated.density, images.mask, image::Quantity::density);

  const bool hounsfield = given.calibration.kind != image::Calibration::Kind::density;
  const image::Metal metal =
      hounsfield ? image::find_metal(images.scan, images.mask, image::Quantity::hounsfield)
                 : image::find_metal(calibrated.density, images.mask, image::Quantity::density);
  append(results.warnings, metal.warnings);
  inputs.bone = find_bone(given, images.mask);
  inputs.grade = image::grade_input(
      facts_of(given, images, calibrated.result, calibrated.density, metal, inputs.bone));
  results.grade =
      report::InputGradeResults{std::string(1, inputs.grade.grade), inputs.grade.reasons};
  inputs.density = std::move(calibrated.density);
  inputs.envelope = std::move(images.mask);
  if (given.bone.extend_shaft_mm > 0)
    anatomy::extend_shaft(inputs.density, inputs.envelope, inputs.bone, given.bone.extend_shaft_mm);
  record_anatomy(inputs.bone, results);
  return inputs;
}

} // namespace calcar::pipeline
