#include "pipeline/earlier_scan.hpp"

#include "base/files.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/acquisition.hpp"
#include "image/distance.hpp"
#include "image/mask.hpp"
#include "image/motion_fit.hpp"
#include "image/resample.hpp"
#include "lesion/density_change.hpp"
#include "lesion/samples.hpp"
#include "pipeline/patient_setting.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::pipeline
{
namespace
{
using report::EarlierResults;
using report::LesionChange;

constexpr double days_a_month = 365.25 / 12;
constexpr std::size_t told_regions = 3;

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

/// Where the search begins: the frames on each other, the middles on each other, and the place in
/// the scanner.
std::vector<image::RigidMotion> starts_of(const PatientInputs& now, const PatientInputs& then)
{
  const anatomy::Frame &a = now.bone.frame, &b = then.bone.frame;
  image::RigidMotion frames;
  frames.turn =
      transpose(Mat3{b.medial, b.anterior, b.proximal}) * Mat3{a.medial, a.anterior, a.proximal};
  frames.shift = b.origin - frames.turn * a.origin;
  const image::RigidMotion middles{identity(),
                                   image::centroid(then.envelope) - image::centroid(now.envelope)};
  return {frames, middles, image::RigidMotion{}};
}

/// The bone and a little around it, without what may have changed.
image::Mask to_compare(const PatientInputs& now, const std::vector<lesion::PlacedLesion>& lesions,
                       const lesion::ChangeRule& rule)
{
  image::Mask where = image::dilate(now.envelope, rule.around_mm);
  const image::Mask ill = near_lesions(where, lesions, rule.from_lesions_mm);
  for (std::size_t v = 0; v < where.values.size(); ++v)
    where.values[v] = where.values[v] && !ill.values[v] ? 1 : 0;
  return where;
}

/// Dice's coefficient of both masks, as far as the earlier scan shows the place.
double overlap_of(const PatientInputs& now, const PatientInputs& then,
                  const image::RigidMotion& motion)
{
  double both = 0, sum = 0;
  const image::Grid& grid = now.envelope.grid;
  constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const Vec3 q =
            then.envelope.grid.index(motion(grid.point({double(i), double(j), double(k)})));
        if (!std::isfinite(image::sample_index(then.density, q, nothing)))
          continue;
        const bool in_then = image::fraction(then.envelope, q) >= 0.5F;
        const bool in_now = now.envelope.at(i, j, k) != 0;
        both += in_then && in_now ? 1 : 0;
        sum += (in_then ? 1 : 0) + (in_now ? 1 : 0);
      }
  return sum > 0 ? 2 * both / sum : 0;
}

void require_match(const EarlierResults& found, const lesion::ChangeRule& rule,
                   const std::string& place)
{
  const std::string remedy = "check that image, mask and side are of the same bone of the same "
                             "patient, and that it was not fractured or operated on in between";
  const auto figures = [](double value, double least)
  { return format_number(value, 2) + " (at least " + format_number(least) + ")"; };
  if (found.inside < rule.least_inside || found.correlation < rule.least_correlation ||
      found.overlap < rule.least_overlap)
    refuse(
        place,
        "the earlier scan does not match the bone as a rigid body: correlation of the densities " +
            figures(found.correlation, rule.least_correlation) + ", overlap of the masks " +
            figures(found.overlap, rule.least_overlap) + ", share of the bone that it shows " +
            figures(found.inside, rule.least_inside),
        "two scans of one bone", remedy);
}

/// An earlier outline, placed in its own scan.
lesion::PlacedLesion placed_then(const EarlierLesion& given, const lesion::Lesion& now,
                                 const PatientInputs& then)
{
  lesion::Lesion outline;
  outline.name = now.name;
  outline.kind = now.kind;
  outline.tissue = now.tissue;
  outline.in_ct = true;
  outline.shape = "mask";
  outline.place = given.mask.place;
  lesion::LesionImage image;
  image.file = given.mask.file;
  image.label = given.mask.labels.front();
  outline.image = image;
  return lesion::place(outline, ground_of(then));
}

double ball_radius(double volume_mm3)
{
  return std::cbrt(3 * volume_mm3 / (4 * geometry::pi));
}

double voxel_of(const PatientInputs& inputs)
{
  return std::cbrt(inputs.density.grid.voxel_volume());
}

/// Volume then, and the growth from both volumes.
void add_growth(const EarlierLesion& given, const lesion::PlacedLesion& placed,
                const PatientInputs& now, const PatientInputs& then,
                const image::RigidMotion& motion, double months, LesionChange& change,
                report::Results& results)
{
  const lesion::PlacedLesion before = placed_then(given, placed.lesion, then);
  append(results.warnings, before.warnings);
  for (const Source& source : before.sources)
    results.sources.push_back(source);
  const lesion::LesionSamples samples = lesion::sample(before, then.envelope);
  const lesion::LesionSamples own = lesion::sample(placed, now.envelope);
  const double then_mm = ball_radius(samples.volume_mm3), now_mm = ball_radius(own.volume_mm3);
  const double apart = norm(motion(own.centroid) - samples.centroid);
  if (apart > then_mm + now_mm)
    refuse(given.mask.place,
           "the earlier outline of \"" + given.name + "\" lies " + format_number(apart, 3) +
               " mm from the lesion once the scans are laid on each other",
           "outlines that meet: within " + format_number(then_mm + now_mm, 3) + " mm",
           "check the label: it may be another lesion's");
  change.volume_then_mm3 = samples.volume_mm3;
  change.growth_mm_per_month = (now_mm - then_mm) / months;
  change.growth_uncertainty = 0.5 * std::hypot(voxel_of(now), voxel_of(then)) / months;
}

std::string signed_number(double value)
{
  return (value < 0 ? "-" : "+") + format_number(std::abs(value), 2);
}

std::string growth_words(const LesionChange& change)
{
  if (!change.growth_mm_per_month)
    return "";
  const std::string volumes = "; volume " + format_number(*change.volume_then_mm3 / 1000, 3) +
                              " -> " + format_number(change.volume_now_mm3 / 1000, 3) + " cm3, ";
  const std::string rate = signed_number(*change.growth_mm_per_month) + " +- " +
                           format_number(*change.growth_uncertainty, 2) + " mm of radius a month";
  return volumes + rate +
         (std::abs(*change.growth_mm_per_month) > *change.growth_uncertainty
              ? ""
              : ", no growth beyond the voxels");
}

std::string words_of(const LesionChange& change)
{
  const std::string densities =
      format_number(change.density.then, 3) + " -> " + format_number(change.density.now, 3) +
      " g/cm3, " + signed_number(change.against_control) + " against the rest of the bone";
  const std::string verdict =
      !change.noise ? " (its noise is not known: too little bone beside it)"
      : change.beyond_noise
          ? std::string(change.against_control < 0 ? " (a loss" : " (a gain") +
                " beyond the noise of " + format_number(*change.noise, 2) + ")"
          : " (no change beyond the noise of " + format_number(*change.noise, 2) + ")";
  return densities + verdict + growth_words(change);
}

/// The bone's scan put onto the earlier scan's voxels and back: what interpolation alone does to
/// it.
image::Volume there_and_back(const PatientInputs& now, const PatientInputs& then,
                             const image::RigidMotion& motion)
{
  constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
  const image::Volume there =
      image::moved_onto(then.density.grid, now.density, image::inverse(motion), nothing);
  return image::moved_onto(now.density.grid, there, motion, nothing);
}

LesionChange change_of(const lesion::PlacedLesion& placed, const lesion::Compared& compared,
                       const lesion::Compared& resampled, const report::DensityChange& control,
                       const PatientInputs& now, const lesion::ChangeRule& rule)
{
  LesionChange change;
  change.name = placed.lesion.name;
  const image::Mask where = lesion::inside(placed, now.envelope);
  const lesion::MeanChange mean = lesion::mean_change(compared, where);
  const lesion::MeanChange blur = lesion::mean_change(resampled, where);
  change.density = {mean.then, mean.now};
  change.volume_now_mm3 = lesion::sample(placed, now.envelope).volume_mm3;
  change.against_control = change.density.change() - control.change();
  change.noise = lesion::patch_noise(compared, std::cbrt(change.volume_now_mm3), rule);
  if (change.noise && std::isfinite(blur.then)) // sharp borders lose more than patches do
    change.noise = std::hypot(*change.noise, blur.now - blur.then);
  change.beyond_noise =
      change.noise && std::abs(change.against_control) > rule.deviations * *change.noise;
  return change;
}

/// The bone outside the lesions must be as it was; where it is not, the scales differ.
void judge_control(const lesion::ChangeRule& rule, const std::string& place, EarlierResults& found,
                   Warnings& warnings)
{
  const double change = found.control.change();
  const double limit =
      std::max(rule.control_g_cm3, rule.control_share * std::abs(found.control.then));
  found.control_differs = std::abs(change) > limit;
  found.control_words = "the bone outside the lesions changed by " + signed_number(change) +
                        " g/cm3 (" + format_number(found.control.then, 3) + " -> " +
                        format_number(found.control.now, 3) + "), ";
  found.control_words +=
      found.control_differs ? "more than " + format_number(limit, 2) +
                                  ": read as a difference of scanner or calibration, not as biology"
                            : "within " + format_number(limit, 2) + ", as two scans of one bone do";
  if (found.control_differs)
    warnings.push_back({"scanner_difference",
                        found.control_words + "; lesions are compared with it, not with zero",
                        place});
}

EarlierResults described(const EarlierScan& given, const image::Registration& laid,
                         const PatientInputs& now, std::size_t starts)
{
  EarlierResults found;
  found.date = given.date;
  found.date_now = given.date_now;
  found.months = image::days_between(given.date, given.date_now).value_or(0) / days_a_month;
  found.turn_deg = image::turn_deg(laid.motion);
  const Vec3 middle = image::centroid(now.envelope);
  found.shift_mm = norm(laid.motion(middle) - middle);
  found.correlation = laid.correlation;
  found.inside = laid.inside;
  found.starts = starts;
  found.agreeing = laid.agreeing;
  return found;
}

image::Volume change_volume(const lesion::Compared& compared)
{
  image::Volume change{
      compared.now->grid, std::vector<float>(compared.now->values.size(), 0.0F), {}};
  for (std::size_t v = 0; v < change.values.size(); ++v)
    if (compared.known.values[v])
      change.values[v] = compared.now->values[v] - compared.then.values[v];
  return change;
}
} // namespace

image::Volume compare_with_earlier(const PatientCase& given, const PatientInputs& inputs,
                                   const std::vector<lesion::PlacedLesion>& lesions,
                                   report::Results& results)
{
  const Stage stage("compare with the earlier scan", results.timings);
  const EarlierScan& earlier = *given.further_scans.earlier;
  const std::string& place = earlier.scan.place;
  const lesion::ChangeRule& rule = lesion::change_rule();
  report::Results read;
  const PatientInputs then = read_inputs(case_of(given, earlier.scan), read);
  add_scan(read, "earlier scan", results);
  const auto starts = starts_of(inputs, then);
  const image::Registration laid = image::register_rigid(
      inputs.density, to_compare(inputs, lesions, rule), then.density, starts, place);
  EarlierResults found = described(earlier, laid, inputs, starts.size());
  found.overlap = overlap_of(inputs, then, laid.motion);
  require_match(found, rule, place);
  const lesion::Compared compared = lesion::compared(
      inputs.density, inputs.envelope, near_lesions(inputs.envelope, lesions, rule.from_lesions_mm),
      then.density, laid.motion);
  const lesion::Compared resampled{&inputs.density, there_and_back(inputs, then, laid.motion),
                                   compared.known, compared.control};
  const lesion::MeanChange control = lesion::mean_change(compared, compared.control);
  found.control = {control.then, control.now};
  judge_control(rule, place, found, results.warnings);
  for (const lesion::PlacedLesion& placed : lesions)
  {
    found.lesions.push_back(change_of(placed, compared, resampled, found.control, inputs, rule));
    for (const EarlierLesion& before : earlier.lesions)
      if (before.name == placed.lesion.name)
        add_growth(before, placed, inputs, then, laid.motion, found.months, found.lesions.back(),
                   results);
    found.lesions.back().words = words_of(found.lesions.back());
  }
  const auto regions =
      lesion::find_candidates(ground_of(inputs), compared.then, "the earlier scan");
  for (std::size_t n = 0; n < std::min(told_regions, regions.size()); ++n)
    found.where.push_back(regions[n].words);
  results.other_scans.earlier = std::move(found);
  return change_volume(compared);
}

} // namespace calcar::pipeline
