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

/// Days from an ISO date to today; nothing when it cannot be read.
std::optional<double> days_since(const std::optional<std::string>& date)
{
  if (!date)
    return std::nullopt;
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(date->c_str(), "%d-%u-%u", &year, &month, &day) != 3)
    return std::nullopt;
  using namespace std::chrono;
  const sys_days then = std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
  const double days = duration<double, std::ratio<86400>>(system_clock::now() - then).count();
  return days < 0 ? std::nullopt : std::optional<double>(days);
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

image::InputFacts facts_of(const PatientCase& given, const Images& images,
                           const image::CalibrationResult& calibration,
                           const image::Volume& density, const image::Metal& metal)
{
  image::InputFacts facts;
  facts.calibration = calibration.name;
  facts.phantom = image::to_string(calibration.phantom);
  facts.calibration_r_squared = calibration.r_squared;
  facts.calibration_residual_g_cm3 = calibration.residual_g_cm3;
  const Vec3 spacing = images.scan.grid.spacing;
  facts.slice_mm =
      images.acquisition.slice_thickness_mm.value_or(std::max({spacing.x, spacing.y, spacing.z}));
  facts.pixel_mm = std::min({spacing.x, spacing.y, spacing.z});
  facts.kernel = images.acquisition.kernel;
  facts.kvp = images.acquisition.kvp;
  facts.calibration_kvp = given.calibration.kvp;
  if (images.acquisition.modality)
    facts.contrast = images.acquisition.contrast_agent.has_value();
  facts.age_days = days_since(given.scan_date ? given.scan_date : images.acquisition.date);
  facts.metal_share = metal.share_in_region;
  facts.near_metal_share = metal.near_in_region;
  facts.dropped_share = images.dropped_share;
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
  inputs.grade =
      image::grade_input(facts_of(given, images, calibrated.result, calibrated.density, metal));
  results.grade =
      report::InputGradeResults{std::string(1, inputs.grade.grade), inputs.grade.reasons};

  inputs.bone = find_bone(given, images.mask);
  inputs.density = std::move(calibrated.density);
  inputs.envelope = std::move(images.mask);
  if (given.bone.extend_shaft_mm > 0)
    anatomy::extend_shaft(inputs.density, inputs.envelope, inputs.bone, given.bone.extend_shaft_mm);
  record_anatomy(inputs.bone, results);
  return inputs;
}

} // namespace calcar::pipeline
