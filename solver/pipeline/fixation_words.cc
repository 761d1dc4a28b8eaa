#include "pipeline/fixation_words.hpp"

#include "base/text.hpp"
#include "model/interface_data.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
using risk::BoneState;

std::string in_brackets(const std::string& doubt)
{
  return doubt.empty() ? "" : " (" + doubt + ")";
}

bool has(const FixationInput& input, BoneState state)
{
  return std::find(input.states.begin(), input.states.end(), state) != input.states.end();
}

bool any_debonded(const FixationPlan& plan)
{
  return std::any_of(plan.options.begin(), plan.options.end(),
                     [](const PlacedOption& option)
                     {
                       return std::any_of(option.hardware.begin(), option.hardware.end(),
                                          [](const OptionHardware& h)
                                          { return !h.voxels.contact.empty(); });
                     });
}

std::string interface_words()
{
  const material::DataRecord law = model::interface_layer("debonded").record;
  return "debonded: " + law.words + in_brackets(material::doubt(law.status));
}

std::string grown_words(const FixationInput& input)
{
  return "state \"grown\": the outline of each lesion lies " + format_number(input.grown_mm, 3) +
         " mm farther out, a scenario under the implant; nothing is said about when";
}
} // namespace

std::vector<std::string> fixation_assumptions(const FixationInput& input, const FixationPlan& plan,
                                              const risk::DailyCycles& cycles)
{
  std::vector<std::string> words = {
      "loads, supports and the shape of the bone are those of the bone alone; what an operation "
      "does to muscles and to the way of walking is not in them",
      "linear elastic at the first load after the operation: no healing, no remodelling, no "
      "loosening over time; every utilisation grows in proportion to the load",
      "of an activity that is a cycle only the instant is looked at in which the bone without "
      "fixation is nearest to failure"};
  if (any_debonded(plan))
    words.push_back(interface_words());
  words.push_back("screws are the cylinders of their cores, and bonded to the bone like cement: "
                  "their threads count in the strength against pull-out and in fatigue alone");
  words.push_back("stress of metal is that of bars, from the forces and moments in their "
                  "cross-sections: peaks at notches beyond the notched endurance are not told");
  if (has(input, BoneState::grown))
    words.push_back(grown_words(input));
  if (has(input, BoneState::gone) && plan.gap)
    words.push_back("state \"gone\": " + plan.gap->words +
                    ", without union: the implant bears what crosses it");
  if (!cycles.words.empty())
    words.push_back(cycles.words + in_brackets(cycles.doubt));
  return words;
}

} // namespace calcar::pipeline
