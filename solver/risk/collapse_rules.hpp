#pragma once

#include "base/table.hpp"
#include "material/data_record.hpp"
#include "risk/vertebra_form.hpp"

#include <map>
#include <string>
#include <vector>

namespace calcar::risk
{

/// What rules are asked about, by the names of `collapse_figures`.
using Figures = std::map<std::string, double>;

/// The names a rule may ask; what they are stands in materials/spine/collapse.toml.
const std::vector<std::string>& collapse_figures();

/// A name that holds where figures reach, or do not pass, its bounds.
struct NamedRule
{
  std::string name;
  std::string words;
  std::string reason;
  Figures at_least, at_most;
};

/// A grade of deformity from a loss of height on.
struct HeightGrade
{
  int number = 0;
  double from = 0; ///< loss over height
  std::string words;
};

/// How collapse is measured and named: materials/spine/collapse.toml.
struct CollapseRules
{
  material::DataRecord record;
  BodyZones zones;
  double end_share = 0;   ///< of the body's height: next to an endplate
  double least_share = 0; ///< of all that failed, for a vertebra to have collapsed
  double height_loss = 0; ///< share of the height at which a vertebra has failed by compression
  std::string height_source, height_doubt;
  std::vector<NamedRule> modes, shapes; ///< the last of each has no conditions
  std::vector<HeightGrade> grades;      ///< ascending, the first from 0
  std::string grade_source, grade_doubt;
};

/// Reads and checks the rules. Throws InputError (command) naming file, line, key and remedy: an
/// unknown figure, a last rule with conditions, grades out of order.
CollapseRules read_collapse_rules(const Table& table);

/// Those of materials/spine/collapse.toml.
CollapseRules collapse_rules();

/// The first rule that holds. A figure that is missing holds no bound.
const NamedRule& first_that_holds(const std::vector<NamedRule>& rules, const Figures& figures);

/// The grade of a loss of height, as a share.
const HeightGrade& grade_of(const CollapseRules& rules, double loss);

} // namespace calcar::risk
