// Landmarks, axes and sides of synthetic bones found again: `scripts/benchmark --landmarks
// [BONE...]`.
#include "base/error.hpp"
#include "base/text.hpp"
#include "benchmark/landmark_trial.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <map>

namespace
{
using namespace calcar;
using namespace calcar::benchmark;

constexpr double most_mm = 3;
constexpr double most_deg = 3;
constexpr double most_refused = 0.1; ///< share of the trials

/// What came of the trials of a bone, whole or in one of its pieces.
struct Row
{
  int trials = 0;
  int refused = 0;
  int wrong_sides = 0;
  int needed_side = 0;
  int missing = 0;
  double sum_mm = 0;
  int landmarks = 0;
  double worst_mm = 0;
  std::string worst_landmark;
  double worst_deg = 0;
};

void add(const LandmarkOutcome& outcome, Row& row)
{
  ++row.trials;
  row.refused += !outcome.refusal.empty();
  row.wrong_sides += outcome.wrong_side;
  row.needed_side += outcome.needed_side;
  row.missing += static_cast<int>(outcome.missing.size());
  row.worst_deg = std::max(row.worst_deg, outcome.axis_error_deg);
  for (const LandmarkError& error : outcome.errors)
  {
    row.sum_mm += error.distance_mm;
    ++row.landmarks;
    if (error.distance_mm > row.worst_mm)
    {
      row.worst_mm = error.distance_mm;
      row.worst_landmark = error.name;
    }
  }
}

bool holds(const Row& row)
{
  return row.wrong_sides == 0 && row.missing == 0 && row.worst_mm <= most_mm &&
         row.worst_deg <= most_deg && row.refused <= most_refused * row.trials;
}

/// Tells what a trial broke, so that it can be looked at alone with --only.
void tell(const LandmarkTrial& trial, const LandmarkOutcome& outcome)
{
  std::string words;
  if (!outcome.refusal.empty())
  {
    words += "  refused: " + outcome.refusal + "\n";
  }
  if (outcome.wrong_side)
  {
    words += "  WRONG SIDE\n";
  }
  if (!outcome.missing.empty())
  {
    words += "  not found: " + join(outcome.missing) + "\n";
  }
  for (const LandmarkError& error : outcome.errors)
  {
    if (error.distance_mm > most_mm)
    {
      words += "  " + error.name + " off by " + format_number(error.distance_mm, 3) + " mm\n";
    }
  }
  if (outcome.axis_error_deg > most_deg)
  {
    words += "  axes off by " + format_number(outcome.axis_error_deg, 3) + " degrees\n";
  }
  if (!words.empty())
  {
    const std::string piece = trial.piece.empty() ? "whole" : trial.piece;
    std::printf("%s %d (%s): %s\n%s", anatomy::to_string(trial.kind).c_str(), trial.number,
                piece.c_str(), words_of(trial).c_str(), words.c_str());
    std::fflush(stdout);
  }
}

void print_table(const std::map<std::pair<std::string, std::string>, Row>& rows)
{
  std::printf("\n%-9s %-9s %6s %7s %10s %10s %8s %9s %-30s %9s\n", "bone", "part", "trials",
              "refused", "side told", "wrong side", "mean mm", "worst mm", "(landmark)",
              "worst deg");
  for (const auto& [name, row] : rows)
  {
    const double mean = row.landmarks > 0 ? row.sum_mm / row.landmarks : 0;
    std::printf("%-9s %-9s %6d %7d %10d %10d %8.2f %9.2f %-30s %9.2f%s%s\n", name.first.c_str(),
                name.second.c_str(), row.trials, row.refused, row.needed_side, row.wrong_sides,
                mean, row.worst_mm, row.worst_landmark.c_str(), row.worst_deg,
                row.missing > 0 ? "  landmarks not found" : "", holds(row) ? "" : "  EXCEEDED");
  }
  std::printf("\nBounds: %g mm, %g degrees, no wrong side, every landmark in the image, at most "
              "%g %% refused.\n",
              most_mm, most_deg, 100 * most_refused);
}

struct Request
{
  std::vector<std::string> bones = anatomy::bone_names();
  int trials = 50;
  int seed = 0; ///< another one draws other bones
  int only = -1;
};

Request read(int count, char** words)
{
  Request request;
  std::vector<std::string> bones;
  for (int n = 1; n < count; ++n)
  {
    if (std::strcmp(words[n], "--trials") == 0 && n + 1 < count)
    {
      request.trials = std::stoi(words[++n]);
    }
    else if (std::strcmp(words[n], "--seed") == 0 && n + 1 < count)
    {
      request.seed = std::stoi(words[++n]);
    }
    else if (std::strcmp(words[n], "--only") == 0 && n + 1 < count)
    {
      request.only = std::stoi(words[++n]);
    }
    else
    {
      bones.emplace_back(words[n]);
    }
  }
  request.bones = bones.empty() ? request.bones : bones;
  return request;
}

int run(const Request& request)
{
  std::map<std::pair<std::string, std::string>, Row> rows;
  for (const std::string& bone : request.bones)
  {
    for (int n = 0; n < request.trials; ++n)
    {
      if (request.only >= 0 && n != request.only)
      {
        continue;
      }
      const LandmarkTrial trial = landmark_trial(anatomy::bone_kind(bone), n, request.seed);
      const LandmarkOutcome outcome = try_landmarks(trial);
      tell(trial, outcome);
      add(outcome, rows[{bone, trial.piece.empty() ? "whole" : trial.piece}]);
    }
  }
  print_table(rows);
  return std::all_of(rows.begin(), rows.end(), [](const auto& row) { return holds(row.second); })
             ? 0
             : 1;
}
} // namespace

int main(int count, char** words)
{
  try
  {
    return run(read(count, words));
  }
  catch (const std::exception& error)
  {
    std::fprintf(stderr, "benchmark_landmarks: %s\n", error.what());
    return 2;
  }
}
