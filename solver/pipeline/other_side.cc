#include "pipeline/other_side.hpp"

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "image/mask.hpp"
#include "image/motion_fit.hpp"
#include "image/resample.hpp"
#include "lesion/mirror.hpp"
#include "lesion/twin.hpp"
#include "pipeline/patient.hpp"
#include "pipeline/patient_mesh.hpp"
#include "pipeline/patient_setting.hpp"
#include "report/fracture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace calcar::pipeline
{
namespace
{
using anatomy::Side;

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();
/// Beyond a lesion the scanner's blur still shows it, mm.
constexpr double blur_mm = 3;
/// Masks of two bones may share no more of their voxels than this.
constexpr double most_shared = 0.01;
/// Two bones differ by the noise of their scans at least: 10 to 50 mg/cm^3. What differs by less
/// than this root of the mean square is a copy.
constexpr double copy_g_cm3 = 0.003;
/// Ends of both bones in the images that differ by more than this are told, mm.
constexpr double even_ends_mm = 15;
/// Larger voxels are told beside a comparison of sides, mm.
constexpr double finest_needed_mm = 1.5;

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

/// Share of the bone's mask that is also the other's, in space.
double shared_share(const image::Mask& bone, const image::Mask& other)
{
  double shared = 0;
  for (int k = 0; k < bone.grid.size[2]; ++k)
    for (int j = 0; j < bone.grid.size[1]; ++j)
      for (int i = 0; i < bone.grid.size[0]; ++i)
        if (bone.at(i, j, k))
          shared += image::fraction(other, other.grid.index(bone.grid.point(
                                               {double(i), double(j), double(k)}))) >= 0.5F
                        ? 1
                        : 0;
  return shared / static_cast<double>(image::count(bone));
}

/// What one CT, or one space of two, tells of left and right: LPS x runs to the patient's left.
void require_place(const PatientCase& given, const PatientInputs& inputs,
                   const PatientInputs& other)
{
  const FurtherScan& scan = *given.further_scans.contralateral;
  const bool one_space =
      scan.bone.image == given.bone.image ||
      (inputs.frame_of_reference && inputs.frame_of_reference == other.frame_of_reference);
  if (!one_space)
    return;
  if (const double shared = shared_share(inputs.envelope, other.envelope); shared > most_shared)
    refuse(scan.place,
           format_number(100 * shared, 3) + " % of the bone is also the other side's mask",
           "two bones", "choose the label of the other side's bone");
  const double towards_left =
      image::centroid(inputs.envelope).x - image::centroid(other.envelope).x;
  if (!given.bone.specimen && (inputs.bone.side == Side::left) != (towards_left > 0))
    refuse(scan.place,
           "in the scan of both, the " + anatomy::to_string(inputs.bone.side) +
               " bone lies to the " + (towards_left > 0 ? "left" : "right") + " of the other",
           "the left one on the patient's left",
           "the labels are exchanged, or the image's header is mirrored: correct it");
}

/// A header with a mirrored axis makes a right bone of a left one: its shape fits, but it is no
/// other side.
void require_no_copy(const PatientInputs& inputs, const image::Volume& mirrored,
                     const std::string& place)
{
  double known = 0, squares = 0;
  for (std::size_t v = 0; v < mirrored.values.size(); ++v)
    if (std::isfinite(mirrored.values[v]))
    {
      const auto off = static_cast<double>(mirrored.values[v] - inputs.density.values[v]);
      known += 1;
      squares += off * off;
    }
  if (known > 0 && std::sqrt(squares / known) < copy_g_cm3)
    refuse(place,
           "mirrored, the other side is the bone itself: their densities differ by " +
               format_number(1000 * std::sqrt(squares / known), 2) + " mg/cm3",
           "a scan of the other side, which differs by its noise at least",
           "this is the bone's own scan with its left and right exchanged: give the other side's "
           "(a synthetic bone needs --noise-HU)");
}

/// The density of the bone without what is near its lesions, on the grid of the other side.
image::Volume onto_other(const PatientInputs& inputs, const PatientInputs& other,
                         const std::vector<lesion::PlacedLesion>& lesions,
                         const lesion::Mirror& mirror)
{
  image::Mask healthy = inputs.envelope;
  const image::Mask ill = near_lesions(healthy, lesions, blur_mm);
  for (std::size_t v = 0; v < healthy.values.size(); ++v)
    healthy.values[v] = healthy.values[v] && !ill.values[v] ? 1 : 0;
  lesion::Mirror back = mirror;
  back.turn = transpose(mirror.turn);
  back.shift = -(back.turn * mirror.shift);
  const lesion::Ground from{inputs.bone, healthy, inputs.density, inputs.frame_of_reference};
  return lesion::mirrored_density(ground_of(other), from, back);
}

/// Blanks the mirrored density where the other side is suspected of a lesion.
image::Volume without(const image::Volume& mirrored, const image::Mask& bone,
                      const std::vector<lesion::Candidate>& suspicions,
                      const lesion::Mirror& mirror)
{
  image::Volume result = mirrored;
  const image::Grid& grid = bone.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        if (!std::isfinite(mirrored.at(i, j, k)))
          continue;
        const Vec3 there = mirror(grid.point({double(i), double(j), double(k)}));
        for (const lesion::Candidate& c : suspicions)
          if (image::fraction(c.mask, c.mask.grid.index(there)) > 0)
            result.at(i, j, k) = unknown;
      }
  return result;
}

/// Two mirror images differ too where their voxels lie differently in the cortex.
void warn_of_voxels(const PatientCase& given, Warnings& warnings)
{
  if (given.method == analysis::Method::voxel && given.voxel_mm > finest_needed_mm)
    warnings.push_back({"contralateral_voxels",
                        "voxels of " + format_number(given.voxel_mm) +
                            " mm are too coarse to compare sides: two mirror-image synthetic "
                            "femora differed by 25 % at 3 mm and by 3 % at 2 mm",
                        "[voxels] size_mm"});
}

void warn_of_ends(const PatientInputs& inputs, const PatientInputs& other, const std::string& place,
                  Warnings& warnings)
{
  const auto length = [](const anatomy::BoneAnatomy& bone)
  { return std::abs(dot(bone.cut_centre - bone.frame.origin, bone.frame.proximal)); };
  const double own = length(inputs.bone), theirs = length(other.bone);
  if (inputs.bone.whole && other.bone.whole)
    return;
  if (std::abs(own - theirs) > even_ends_mm || inputs.bone.whole != other.bone.whole)
    warnings.push_back({"contralateral_ends",
                        "the scans show bones of different length (" + format_number(own, 3) +
                            " and " + format_number(theirs, 3) +
                            " mm from the frame's origin to the end): held at different places, "
                            "their strengths are not quite comparable",
                        place});
}

/// Strength over strength, from two utilisations under one load.
std::optional<double> ratio_of(const risk::ActivityAssessment* bone,
                               const risk::ActivityAssessment& other)
{
  if (!bone || !(bone->criteria.front().utilisation > 0))
    return std::nullopt;
  return other.criteria.front().utilisation / bone->criteria.front().utilisation;
}

report::SideRatio compare(const report::Results& results, const report::VariantResults& other,
                          const risk::ActivityAssessment& assessment)
{
  report::SideRatio side;
  side.activity = assessment.activity;
  side.utilisation = assessment.criteria.front().utilisation;
  side.as_is = ratio_of(report::find_activity(results, "as is", side.activity), assessment);
  side.twin = ratio_of(report::find_activity(results, "healthy twin", side.activity), assessment);
  const auto* path = report::find_path(results, "as is", side.activity);
  for (const risk::FractureAssessment& theirs : other.paths)
    if (path && theirs.activity == side.activity && path->peak_reached && theirs.peak_reached)
      side.path = path->ultimate / theirs.ultimate;
  if (side.as_is)
    side.words = lesion::side_words(*side.as_is);
  return side;
}

/// Puts the other side's results beside the bone's own.
void record(Outcome other, Outcome& outcome)
{
  report::Results& results = outcome.results;
  add_scan(other.results, "other side", results);
  for (const auto& [stage, seconds] : other.results.timings.stages())
    results.timings.add(stage + " (other side)", seconds);
  Prediction& all = outcome.prediction;
  all.solves += other.prediction.solves;
  all.seconds += other.prediction.seconds;
  if (other.prediction.memory_MB > all.memory_MB)
    static_cast<PeakMemory&>(all) = other.prediction;
  if (results.memory && other.results.memory)
    results.memory->measured_MB =
        std::max(results.memory->measured_MB, other.results.memory->measured_MB);
  if (other.results.variants.empty())
    return; // a dry run
  report::VariantResults variant = std::move(other.results.variants.back());
  variant.name = "other side";
  for (const risk::ActivityAssessment& assessment : variant.activities)
    results.other_scans.contralateral->ratios.push_back(compare(results, variant, assessment));
  results.solver = analysis::merge(results.solver, variant.solver);
  for (report::SupportResults support : other.results.supports)
  {
    support.variant = variant.name;
    results.supports.push_back(support);
  }
  const auto as_is = std::find_if(results.variants.begin(), results.variants.end(),
                                  [](const auto& v) { return v.name == "as is"; });
  results.variants.insert(as_is, std::move(variant));
}
} // namespace

OtherSide read_other_side(const PatientCase& given, const PatientInputs& inputs,
                          const std::vector<lesion::PlacedLesion>& lesions,
                          report::Results& results)
{
  const FurtherScan& scan = *given.further_scans.contralateral;
  report::Results read;
  const PatientInputs other = read_inputs(case_of(given, scan), read);
  add_scan(read, "other side", results);
  require_place(given, inputs, other);
  const lesion::Mirror mirror =
      lesion::mirror_onto(ground_of(inputs), ground_of(other), scan.place);
  OtherSide side;
  side.raw = lesion::mirrored_density(ground_of(inputs), ground_of(other), mirror);
  require_no_copy(inputs, side.raw, scan.place);
  const auto suspicions = lesion::find_candidates(
      ground_of(other), onto_other(inputs, other, lesions, mirror), "the bone in question");
  append(results.warnings, lesion::check_contralateral(suspicions, scan.place));
  warn_of_ends(inputs, other, scan.place, results.warnings);
  warn_of_voxels(given, results.warnings);
  side.used = without(side.raw, inputs.envelope, suspicions, mirror);
  report::ContralateralResults found;
  found.side = anatomy::to_string(other.bone.side);
  found.mirror_rms_mm = mirror.rms_mm;
  found.mirror_matched = mirror.matched_share;
  found.bone_mm3 = 1000 * image::volume_cm3(other.envelope);
  found.grade = std::string(1, other.grade.grade);
  found.doubt = lesion::side_difference().doubt;
  for (const lesion::Candidate& c : suspicions)
    found.suspicions.push_back(c.words);
  results.other_scans.contralateral = std::move(found);
  return side;
}

void run_other_side(const Case& given, const ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
{
  struct Asked
  {
    int run = 0;
    int mesh = 0;
  } asked;
  Case other;
  std::unique_ptr<ResultsFolder> own;
  on_root(comm,
          [&]
          {
            if (!given.patient || !given.patient->further_scans.contralateral)
              return;
            asked = {1, given.patient->method == analysis::Method::mesh};
            other = given;
            other.patient = case_of(*given.patient, *given.patient->further_scans.contralateral);
            if (folder)
              own = std::make_unique<ResultsFolder>(*folder, "other_side");
          });
  MPI_Bcast(&asked, sizeof asked, MPI_BYTE, 0, comm);
  if (!asked.run)
    return;
  other.solver = given.solver;
  Outcome solved;
  on_root(comm,
          [&]
          {
            solved.results = {};
            solved.results.title = outcome.results.title + ": other side";
            solved.results.ranks = outcome.results.ranks;
          });
  if (asked.mesh)
    run_patient_on_mesh(other, own.get(), solved, comm);
  else
    run_patient(other, own.get(), solved, comm);
  on_root(comm,
          [&]
          {
            if (own)
              own->commit();
            record(std::move(solved), outcome);
          });
}

} // namespace calcar::pipeline
