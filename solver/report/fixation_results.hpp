#pragma once

#include "risk/fixation_comparison.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::report
{

/// A component as it was placed and put into voxels.
struct FixationComponentResults
{
  std::string name;
  std::string kind;
  std::string alloy;
  std::string size;
  std::string to_bone; ///< "bonded" or "debonded"
  double length_mm = 0;
  double bending_EI_Nm2 = 0;
  double voxel_bending = 1; ///< over the exact one, before the modulus was scaled
  Vec3 from, to;            ///< ends of the axis, LPS mm
};

/// An option in one state and with one interface.
struct FixationStateResults
{
  risk::BoneState state = risk::BoneState::as_is;
  std::string interface;                       ///< "debonded", "bonded": of the main implant
  bool headline = true;                        ///< the interface that the option is judged with
  std::vector<risk::FixationVerdict> verdicts; ///< of each activity
  analysis::SolverSummary solver;
};

/// A fixation of the case: placed and solved, or why it was not.
struct FixationResults
{
  std::string name;
  std::string template_name;
  std::string words;
  std::optional<std::string> refusal; ///< told with the measured reason; nothing below is there
  std::map<std::string, double> measures;
  std::vector<FixationComponentResults> components;
  std::vector<std::string> doubts;
  Warnings warnings;
  double removed_mm3 = 0; ///< bone taken away
  std::vector<FixationStateResults> states;
  double seconds = 0;
};

/// The bone alone in a state: what the options are compared with.
struct UnfixedStateResults
{
  risk::BoneState state = risk::BoneState::as_is;
  std::vector<risk::ActivityAssessment> activities; ///< empty where the segment is gone: it holds
                                                    ///< nothing
};

/// All options of a case.
struct FixationsResults
{
  double grown_mm = 0;    ///< outline of lesions in the state "grown"
  std::string gone_words; ///< "gap of 10 mm across the shaft at the lesion \"...\""
  risk::DailyCycles cycles;
  std::vector<UnfixedStateResults> unfixed;
  std::vector<FixationResults> options; ///< in the order of the case
  risk::Comparison comparison;
  std::vector<std::string> assumptions;
  int solves = 0;
  double seconds = 0;
};

} // namespace calcar::report
