#pragma once

#include "material/catalogue.hpp"
#include "material/data_record.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace calcar::lesion
{

/// The two ends between which an answer to treatment is looked for. Both are scenarios.
enum class Bound
{
  worse,
  better
};
std::string to_string(Bound bound); ///< "worse bound", "better bound"

/// A part of a treatment's data with its own standing.
struct Standing
{
  material::Status status = material::Status::recalled_low;
  std::string source;
  std::string note;
};

/// Density gained by a lytic lesion in the better bound, in HU.
struct Recovery
{
  double gain_HU = 0; ///< of gain (1 - exp(-t / tau))
  double tau_months = 1;
  double cap_HU = 0;
  double early_months = 0;          ///< nothing is gained before
  double first_measured_months = 0; ///< from here on the curve holds
  double with_bone_agent = 1;       ///< factors of the gain
  double without_bone_agent = 1;
  Standing standing;
};

/// Mineral lost by a lytic lesion in the worse bound; it does not come back.
struct MineralLoss
{
  double share = 0;       ///< of what the lesion holds, in the end
  double over_months = 0; ///< in which it is lost, evenly
  Standing standing;
};

/// Bone lost everywhere.
struct BoneLoss
{
  std::optional<double> rate_percent_per_year; ///< none: the case must state it
  double from_age_years = 0;                   ///< younger patients are refused
  Standing standing;
};

/// A sentence that is told wherever the treatment is used.
struct ToldLine
{
  std::string text;
  std::string source;
  material::Status status = material::Status::recalled_low;
  std::string bone; ///< empty: of all bones
};

/**
 * A treatment as one data file of materials/treatments has it: adding one is adding a file. What a
 * file does not have does not happen: without [recovery], [loss] and [bone_loss] the density stays
 * as it is.
 */
struct Treatment
{
  material::DataRecord record;
  bool on_whole_bone = false; ///< reach = "bone"; else in lesions alone
  /// In the better bound growth ends where it begins; in the worse one it always goes on.
  bool stops_growth = false;
  std::string growth_note;
  bool bone_agent = false;      ///< acts against loss of bone
  bool raises_recovery = false; ///< a bone agent with which the gain of others was measured
  std::optional<Recovery> recovery;
  std::optional<MineralLoss> loss;
  std::optional<BoneLoss> bone_loss;
  std::vector<ToldLine> told;

  /// True when no figure of the file changes a density.
  bool leaves_density() const { return !recovery && !loss && !bone_loss; }
};

/// Reads and checks a treatment. Throws InputError naming file, line, key and remedy.
Treatment read_treatment(const std::filesystem::path& file);

/// A shipped treatment by name; throws InputError at `place` with the known names.
Treatment treatment(const std::string& name, const std::string& place);

/// Their names, for a case file.
std::vector<std::string> treatment_names();

/// The treatments as lines of `calcar list`.
std::vector<material::Entry> list_treatments();

/// What of a treatment's figures is unconfirmed, one sentence each, for the report.
std::vector<std::string> doubts_of(const Treatment& treatment);

} // namespace calcar::lesion
