#pragma once

#include "report/fixation_results.hpp"
#include "report/fixation_verdict.hpp"

#include <string>
#include <vector>

/// What the results of fixations say, looked up and put into words: what CSV, table and pictures
/// share.
namespace calcar::report
{

/// "fixation" entry of the bone alone in tables.
inline const std::string no_fixation = "no fixation";

/// "lesion as it is", "lesion grown by 5 mm", "segment gone".
std::string state_words(risk::BoneState state, const FixationsResults& results);

/// The states that were solved for some option or the bone alone, in the order as is, grown, gone.
std::vector<risk::BoneState> states_of(const FixationsResults& results);

/// The solve that an option is judged with in a state; null when there is none.
const FixationStateResults* judged(const FixationResults& option, risk::BoneState state);

/// The same state with the other interface; null when it was not run.
const FixationStateResults* compared(const FixationResults& option, risk::BoneState state);

/// The verdict with the least load factor among activities of a kind; null when there is none.
const risk::FixationVerdict* worst(const FixationStateResults& state, load::ActivityKind kind);
const risk::ActivityAssessment* worst(const std::vector<risk::ActivityAssessment>& activities,
                                      load::ActivityKind kind);

/// What a state is shown by: the worst daily activity, or the worst accident where none is daily.
/// Null without any.
const risk::FixationVerdict* decisive(const FixationStateResults& state);
const risk::ActivityAssessment* decisive(const std::vector<risk::ActivityAssessment>& activities);

/// The verdict on an activity; null when there is none.
const risk::FixationVerdict* verdict_on(const FixationStateResults& state,
                                        const std::string& activity);

/// Load factor of a bone by its headline criterion; infinite without load.
double load_factor_of(const risk::ActivityAssessment& bone);

/// What the option of this name is in the comparison; null when it is not there.
const risk::OptionSummary* summary_of(const FixationsResults& results, const std::string& option);

/// Indices of the options in the order of the comparison, those it does not name after them.
std::vector<std::size_t> ranked(const FixationsResults& results);

/// What is unconfirmed behind an option (its implants) and behind all (loads, cycles), each once
/// and without the sources, which results.json has.
std::vector<std::string> doubts_of(const FixationResults& option);
std::vector<std::string> common_doubts(const FixationsResults& results);

/// Doubts with the same reason in one: "quoted from memory: nail, lag screw" of
/// "nail: unconfirmed: quoted from memory" and the same of a lag screw.
std::vector<std::string> grouped(const std::vector<std::string>& doubts);

} // namespace calcar::report
