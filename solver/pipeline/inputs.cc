#include "pipeline/inputs.hpp"

#include "anatomy/bone_template.hpp"
#include "anatomy/extend_shaft.hpp"
#include "anatomy/find_anatomy.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "image/calibration_facts.hpp"
#include "image/checks.hpp"
#include "image/intensity.hpp"
#include "image/mask.hpp"
#include "image/mask_fit.hpp"
#include "model/several_bones.hpp"
#include "pipeline/bone_images.hpp"
#include "pipeline/segment_order.hpp"

#include <chrono>
#include <cstdio>
#include <map>

namespace calcar::pipeline
{
namespace
{
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

void record_calibration(const image::CalibrationResult& calibration, report::Results& results)
{
  append(results.warnings, calibration.warnings);
  results.calibration = image::calibration_facts(calibration);
  for (const Source& source : calibration.sources)
    results.sources.push_back(source);
  if (!calibration.doubt.empty())
    results.doubts.push_back("calibration: " + calibration.doubt);
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

/// Area of the mask on the image border: there the bone goes on unseen. The cut at which a part of
/// a bone ends as it should (the shaft's, a rib piece's) is left out: it lies where the anatomy has
/// it. Of a rib or skull piece every cut is one of those.
double cut_area_cm2(const image::Mask& mask, const anatomy::BoneAnatomy& bone)
{
  using anatomy::BoneKind;
  if (!bone.whole && (bone.kind == BoneKind::rib || bone.kind == BoneKind::skull))
    return 0;
  const bool limb = bone.kind == BoneKind::femur || bone.kind == BoneKind::tibia ||
                    bone.kind == BoneKind::humerus;
  const bool above = dot(bone.cut_centre - bone.frame.origin, bone.frame.proximal) > 0;
  const Vec3 cut = above ? bone.frame.proximal : -bone.frame.proximal;
  double area = 0;
  for (const image::FaceContact& contact : image::border_contacts(mask))
    if (!limb || dot(towards(contact.side), cut) < 0.7)
      area += contact.area_cm2;
  return area;
}

image::InputFacts facts_of(const PatientCase& given, const BoneImages& images,
                           const image::CalibrationResult& calibration,
                           const image::Volume& density, const image::Metal& metal,
                           const anatomy::BoneAnatomy& bone)
{
  image::InputFacts facts = image::facts_of(images.acquisition, images.scan.grid);
  image::add_calibration(calibration, facts);
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
  results.level = bone.level;
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
  options.level = given.bone.level;
  options.age_years = given.age_years;
  options.place = given.bone.place;
  return anatomy::find_anatomy(given.bone.kind, mask, options);
}

/// Each vertebra of a segment by its own mask; landmarks that were given by hand are those of the
/// one in question.
std::vector<anatomy::BoneAnatomy> find_vertebrae(const PatientCase& given,
                                                 const image::LabelMap& bones)
{
  std::vector<anatomy::BoneAnatomy> vertebrae;
  for (std::size_t n = 0; n < given.bone.segment.size(); ++n)
  {
    const std::string& level = given.bone.segment[n].level;
    PatientCase one = given;
    one.bone.level = level;
    one.bone.place = given.bone.place + ", " + level;
    if (level != given.bone.level)
      one.landmarks.clear();
    vertebrae.push_back(find_bone(one, image::extract(bones, static_cast<std::int32_t>(n + 1))));
    for (Warning& warning : vertebrae.back().warnings)
      warning.text = level + ": " + warning.text;
  }
  require_in_order(vertebrae, given.bone.place);
  return vertebrae;
}

void record_segment(const PatientInputs& inputs, report::Results& results)
{
  if (inputs.vertebrae.empty())
    return;
  results.bone = load::spine_segment;
  for (const anatomy::BoneAnatomy& vertebra : inputs.vertebrae)
  {
    results.vertebrae.push_back({vertebra.level, vertebra.confidence, vertebra.landmarks, 0});
    results.anatomy_confidence = std::min(results.anatomy_confidence, vertebra.confidence);
    if (vertebra.level != inputs.bone.level) // whose warnings are told already
      append(results.warnings, vertebra.warnings);
  }
  results.warnings.push_back(
      {"segment_validation",
       "models of spine segments are weakly validated: discs and facet joints are bonded, linear "
       "layers that bear tension too, ligaments and muscles are left out, and the stiffness of "
       "facet joints, on which the result depends (materials/tissues/facet_joint.toml), is not "
       "known; compare variants and vertebrae with each other rather than trust the absolute "
       "numbers",
       "[bone] kind"});
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

/// A bone with more metal in it than this is not computed (0.01 %, where its grade would be D too).
constexpr double metal_in_bone = 1e-4;

/// A density law would make 20 GPa bone of an implant, and the streaks around it are no bone
/// either.
void require_no_metal(const image::Metal& metal, const BoneInput& bone)
{
  if (metal.share_in_region > metal_in_bone)
    throw InputError(Fault::data,
                     {bone.place,
                      "metal inside the bone: " + format_number(100 * metal.share_in_region, 2) +
                          " % of it, and " + format_number(100 * metal.near_in_region, 2) +
                          " % within reach of its streaks",
                      "a bone without an implant",
                      "a bone with an implant in the scan is not computed in this version; it must "
                      "not be taken for dense bone. Use a scan from before the operation, or the "
                      "other side",
                      ""});
}

/// Density, metal and grade of a bone that a CT shows.
void read_scan(const PatientCase& given, report::Results& results, PatientInputs& inputs)
{
  BoneImages images = read_bone_images(given.bone, results);
  image::CalibratedVolume calibrated =
      image::calibrate(given.calibration, images.scan, images.mask, images.acquisition);
  record_calibration(calibrated.result, results);
  image::require_bone_inside(calibrated.density, images.mask, image::Quantity::density);

  const bool hounsfield = given.calibration.kind != image::Calibration::Kind::density;
  if (hounsfield)
    inputs.g_cm3_per_HU = image::slope_in_bone(calibrated.result);
  const image::Metal metal =
      hounsfield ? image::find_metal(images.scan, images.mask, image::Quantity::hounsfield)
                 : image::find_metal(calibrated.density, images.mask, image::Quantity::density);
  append(results.warnings, metal.warnings);
  require_no_metal(metal, given.bone);
  if (images.bones)
  {
    inputs.vertebrae = find_vertebrae(given, *images.bones);
    inputs.bone = inputs.vertebrae[index_vertebra(given.bone)];
    inputs.bones = std::move(images.bones);
  }
  else
    inputs.bone = find_bone(given, images.mask);
  append(results.warnings,
         image::check_mask_fit(calibrated.density, images.mask, image::Quantity::density));
  inputs.grade = image::grade_input(
      facts_of(given, images, calibrated.result, calibrated.density, metal, inputs.bone));
  inputs.frame_of_reference = images.acquisition.frame_of_reference;
  inputs.density = std::move(calibrated.density);
  inputs.growth_plates = std::move(images.growth_plates);
  inputs.envelope = std::move(images.mask);
  if (given.bone.extend_shaft_mm > 0)
    anatomy::extend_shaft(inputs.density, inputs.envelope, inputs.bone, given.bone.extend_shaft_mm);
}

/// The same of a bone of which only the surface is known: nothing of its density is the patient's.
void read_surface(const PatientCase& given, report::Results& results, PatientInputs& inputs)
{
  const SurfaceInput& surface = *given.bone.surface;
  inputs.envelope = read_bone_surface(given.bone, given.voxel_mm, results);
  inputs.bone = find_bone(given, inputs.envelope);
  const anatomy::BoneTemplate chosen =
      anatomy::bone_template(surface.density_template, given.bone.kind, surface.place);
  results.sources.push_back(chosen.record.file);
  inputs.density = anatomy::template_density(chosen, inputs.envelope, inputs.bone);
  const std::string words = "no CT: cortex and densities are those of a template (" +
                            chosen.record.words + "), not the patient's";
  results.calibration["name"] = "template";
  results.calibration["phantom"] = image::to_string(given.calibration.phantom);
  results.calibration["template"] = chosen.record.name;
  results.warnings.push_back({"generic_density", words, surface.place});
  if (const std::string doubt = material::doubt(chosen.record.status); !doubt.empty())
    results.doubts.push_back("template " + chosen.record.name + ": " + doubt);
  inputs.grade = {'D', {"D: " + words}};
}
} // namespace

load::Bones bones_of(const PatientInputs& inputs)
{
  return inputs.vertebrae.empty() ? load::Bones(&inputs.bone, 1) : load::Bones(inputs.vertebrae);
}

anatomy::Location locate(const PatientInputs& inputs, Vec3 point)
{
  if (!inputs.bones)
    return anatomy::locate(inputs.bone, point);
  const anatomy::BoneAnatomy& bone =
      inputs.vertebrae[static_cast<std::size_t>(model::nearest_label(*inputs.bones, point) - 1)];
  anatomy::Location location = anatomy::locate(bone, point);
  location.words = bone.level + ": " + location.words;
  return location;
}

PatientInputs read_inputs(const PatientCase& given, report::Results& results)
{
  PatientInputs inputs;
  // The protocol first: a wrong phantom is told before anything long begins.
  inputs.protocol = choose_protocol(given, results);
  if (given.bone.surface)
    read_surface(given, results, inputs);
  else
    read_scan(given, results, inputs);
  results.grade =
      report::InputGradeResults{std::string(1, inputs.grade.grade), inputs.grade.reasons};
  record_anatomy(inputs.bone, results);
  record_segment(inputs, results);
  return inputs;
}

} // namespace calcar::pipeline
