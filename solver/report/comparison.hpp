#pragma once

#include "base/warning.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace calcar::report
{

/// A number of two runs; none where a run does not have it (an infinite load factor, no force).
struct Pair
{
  std::optional<double> a;
  std::optional<double> b;

  /// (b - a) / a; none where one is missing or a is 0.
  std::optional<double> difference() const;
};

/// One activity in one variant, of two runs.
struct ComparedActivity
{
  std::string variant;
  std::string activity;
  Pair utilisation;
  Pair fracture_load_N;
  /// F^2 / (2 W) with the reference force F and the work W of the activity's forces, N/mm: what the
  /// body as a whole sets against its load. None where the reference load is no force.
  Pair stiffness_N_mm;
  std::optional<double> apart_mm; ///< between the weakest points
  std::string location_a;         ///< in words
  std::string location_b;
};

/// Two runs side by side.
struct Comparison
{
  std::string name_a;
  std::string name_b;
  std::string body_a; ///< "voxels of 1 mm, 612 345 unknowns"
  std::string body_b;
  std::vector<ComparedActivity> activities; ///< in the order of a
  std::vector<Pair> volume_mm3;             ///< of the variants both have, in the order of a
  std::vector<std::string> variants;        ///< their names
  Warnings warnings;                        ///< what makes the comparison doubtful or incomplete
};

/**
 * Compares the results.json of two results folders (or two such files). Differences of the cases
 * (protocol, criterion, side, lesions, loads) are named as warnings. Throws InputError (command)
 * when a folder holds no results of this program's version of the schema, when one is a study and
 * the other is not a patient's case, and when they have no variant and activity in common.
 */
Comparison compare_results(const std::filesystem::path& a, const std::filesystem::path& b);

/// As lines for the terminal, and as JSON.
std::string comparison_table(const Comparison& comparison);
std::string comparison_json(const Comparison& comparison);

} // namespace calcar::report
