#include "benchmark/landmark_trial.hpp"

#include "anatomy/synthetic_piece.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <random>

namespace calcar::benchmark
{
namespace
{
using namespace anatomy;

constexpr double patient_turn_deg = 35;
constexpr double inside_mm = 5; ///< a landmark nearer to the image's border may be lost

/// Voxels that resolve the thinnest part of the bone, mm.
double voxel_of(BoneKind kind)
{
  switch (kind)
  {
  case BoneKind::vertebra:
    return 1.5;
  case BoneKind::rib:
    return 1.2;
  default:
    return 2;
  }
}

/// Levels over the whole of what can be made; empty where a bone has none.
std::string level_of(BoneKind kind, int number)
{
  const std::vector<std::string> spine = {"L3", "T12", "L1", "T8", "L5", "T4", "L4", "T10"};
  const std::vector<std::string> ribs = {"7", "5", "8", "4", "9", "6"};
  const auto n = static_cast<std::size_t>(number);
  return kind == BoneKind::vertebra ? spine[n % spine.size()]
         : kind == BoneKind::rib    ? ribs[n % ribs.size()]
                                    : "";
}

/// How far a bone may be turned so that its finder can tell its directions: see the headers.
double most_turned_deg(const LandmarkTrial& trial)
{
  const bool of_patient = trial.kind == BoneKind::rib || trial.kind == BoneKind::skull;
  if (of_patient && !trial.piece.empty())
  {
    return 0; // a piece has the directions of the patient, whatever they are of the bone
  }
  return of_patient || trial.piece == "body" ? patient_turn_deg : 180;
}

double turn_deg(const Mat3& rotation)
{
  const double trace = rotation[0].x + rotation[1].y + rotation[2].z;
  return geometry::degrees(std::acos(std::clamp(0.5 * (trace - 1), -1.0, 1.0)));
}

/// Distance from the image's border, mm; negative outside.
double inside_image(const image::Grid& grid, Vec3 point)
{
  const Vec3 index = grid.index(point);
  double least = 1e9;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double from = (index[a] + 0.5) * grid.spacing[a];
    const double to = (grid.size[a] - 0.5 - index[a]) * grid.spacing[a];
    least = std::min({least, from, to});
  }
  return least;
}

void compare(const BoneAnatomy& found, const BoneAnatomy& truth, const image::Grid& grid,
             LandmarkOutcome& outcome)
{
  outcome.wrong_side = found.side != truth.side;
  for (const auto& [name, point] : truth.landmarks)
  {
    const auto at = found.landmarks.find(name);
    if (at == found.landmarks.end())
    {
      if (inside_image(grid, point) > inside_mm)
      {
        outcome.missing.push_back(name);
      }
      continue;
    }
    Vec3 error = at->second - point;
    if (name == "isthmus")
    {
      error = geometry::without_component(error, truth.frame.proximal);
    }
    outcome.errors.push_back({name, norm(error)});
  }
  if (truth.kind == BoneKind::rib && !truth.whole)
  {
    return; // the frame is that of the piece's middle, not of the whole rib's
  }
  const Frame& f = found.frame;
  const Frame& t = truth.frame;
  outcome.axis_error_deg = std::max({geometry::angle_deg(f.medial, t.medial),
                                     geometry::angle_deg(f.anterior, t.anterior),
                                     geometry::angle_deg(f.proximal, t.proximal)});
}

LandmarkOutcome find_and_compare(const LandmarkTrial& trial, const AnatomyOptions& options,
                                 const image::Mask& mask, const BoneAnatomy& truth)
{
  LandmarkOutcome outcome;
  try
  {
    compare(find_anatomy(trial.kind, mask, options), truth, mask.grid, outcome);
  }
  catch (const InputError& error)
  {
    outcome.refusal = error.problems().front().given;
  }
  return outcome;
}
} // namespace

LandmarkTrial landmark_trial(BoneKind kind, int number, int seed)
{
  const int start = 100000 + 1000 * static_cast<int>(kind) + number;
  std::mt19937 random(static_cast<unsigned>(start) + 1000003U * static_cast<unsigned>(seed));
  std::uniform_real_distribution<double> unit(0, 1);
  std::normal_distribution<double> normal;
  LandmarkTrial trial;
  trial.kind = kind;
  trial.number = number;
  trial.person.side = unit(random) < 0.5 ? Side::left : Side::right;
  trial.person.sex = unit(random) < 0.5 ? Sex::female : Sex::male;
  const double age = 6 + 10 * unit(random);
  if (unit(random) < 0.4)
  {
    trial.person.age_years = age;
  }
  trial.person.size = 0.9 + 0.2 * unit(random);
  trial.person.density = static_cast<BoneDensity>(static_cast<int>(3 * unit(random)));
  trial.person.level = level_of(kind, number);
  const auto pieces = piece_names(kind);
  if (number % 3 == 2)
  {
    trial.piece = pieces[static_cast<std::size_t>(number / 3) % pieces.size()];
  }
  const double largest = most_turned_deg(trial);
  const double angle =
      unit(random) * (unit(random) < 0.3 ? std::min(largest, patient_turn_deg) : largest);
  trial.settings.rotation = geometry::rotation_about(
      {normal(random), normal(random), normal(random)}, geometry::radians(angle));
  trial.settings.position = {60 * normal(random), 60 * normal(random), 300 * normal(random)};
  trial.settings.voxel_mm = voxel_of(kind) * (0.85 + 0.3 * unit(random));
  trial.options.orientation =
      angle > patient_turn_deg ? Orientation::specimen : Orientation::patient;
  trial.options.level = trial.person.level;
  trial.options.age_years = trial.person.age_years;
  return trial;
}

std::string words_of(const LandmarkTrial& trial)
{
  const SyntheticPerson& p = trial.person;
  std::string words = p.sex == Sex::female ? "female" : "male";
  if (p.age_years)
  {
    words += " " + format_number(*p.age_years, 2) + " years";
  }
  const char* const states[] = {"healthy", "osteopenic", "osteoporotic"};
  words += std::string(" ") + states[static_cast<int>(p.density)];
  words += " " + to_string(p.side) + (p.level.empty() ? "" : " " + p.level);
  words += ", turned " + format_number(turn_deg(trial.settings.rotation), 3) + " degrees";
  words += ", size " + format_number(p.size, 3);
  return words + ", voxels " + format_number(trial.settings.voxel_mm, 3) + " mm";
}

LandmarkOutcome try_landmarks(const LandmarkTrial& trial)
{
  const SyntheticBody body = synthetic_bone(trial.kind, trial.person);
  ScanSettings settings = trial.settings;
  if (!trial.piece.empty())
  {
    settings.crop = piece_of(body, trial.piece);
  }
  const SyntheticScan scan = make_scan(body, settings);
  const image::Mask mask = bone_mask(scan.labels);
  const LandmarkOutcome alone = find_and_compare(trial, trial.options, mask, scan.truth);
  if (alone.refusal.empty() || may_lie_in_midline(trial.kind))
  {
    return alone;
  }
  AnatomyOptions told = trial.options;
  told.side = scan.truth.side;
  LandmarkOutcome outcome = find_and_compare(trial, told, mask, scan.truth);
  outcome.needed_side = outcome.refusal.empty();
  return outcome;
}

} // namespace calcar::benchmark
