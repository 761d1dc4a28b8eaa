#pragma once

#include "base/table.hpp"
#include "implant/place.hpp"
#include "material/data_record.hpp"
#include "risk/fixation_comparison.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

struct PatientCase;

/// A [[fixation]] of a case.
struct FixationChoice
{
  implant::Request request;
  std::string template_name;
};

/// Which interfaces are run.
enum class Interfaces
{
  stated, ///< that of each option
  both    ///< the bonded one beside it, to show the difference
};

/// What holds where [fixations] says nothing (materials/fixation/states.toml).
struct FixationDefaults
{
  material::DataRecord record;
  double grown_mm = 0;
  double gap_without_lesion_mm = 0;
  double enough = 0;
  risk::Preferences preferences;
};
const FixationDefaults& fixation_defaults();

/// The options of a case, and [fixations] about all of them.
struct FixationInput
{
  std::vector<FixationChoice> options;
  /// Those that the bone can be in, in this order: `grown` needs a lesion that can grow, `gone` a
  /// bone with a shaft.
  std::vector<risk::BoneState> states = {risk::BoneState::as_is, risk::BoneState::grown,
                                         risk::BoneState::gone};
  Interfaces interfaces = Interfaces::both; ///< of the state as_is; `both_everywhere` in all
  bool both_everywhere = false;
  double grown_mm = 0;                 ///< outline of lesions in the state "grown"
  std::optional<double> gap_mm;        ///< of the state "gone"; none: all of the lesion's extent
  std::vector<std::string> activities; ///< empty: all of the case
  risk::Preferences preferences;
  double enough = 1; ///< load factor that counts as holding
  std::string place = "[[fixation]]";
};

/**
 * Reads them from a case whose patient, lesions and activities have been read; nothing when the
 * case has no [[fixation]]. Problems are recorded in the document: unknown templates, lesions,
 * activities and choices, choices that mean nothing for a template, names that are there twice,
 * states that the bone cannot be in, method = "mesh", a spine segment.
 */
std::optional<FixationInput> read_fixations(const Table& document, const PatientCase& patient);

} // namespace calcar::pipeline
