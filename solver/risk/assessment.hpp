#pragma once

#include "analysis/response.hpp"
#include "anatomy/region.hpp"
#include "load/bones.hpp"
#include "load/load_case.hpp"
#include "material/protocol.hpp"
#include "risk/judged_body.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calcar::risk
{

/// One criterion's verdict on a variant in an activity. Utilisation = load / strength: 1 or more is
/// failure.
struct CriterionResult
{
  std::string criterion;
  std::string words;
  std::string source;
  std::string doubt;  ///< "" or why a number behind it is unconfirmed
  std::string domain; ///< where it was judged, in words
  double utilisation = 0;
  double load_factor = 0;                    ///< 1 / utilisation
  std::optional<anatomy::Location> location; ///< of the worst point; none for a volume criterion
  std::optional<std::size_t> element;        ///< of the body there
};

/// The largest principal strain of one sign where the headline criterion is judged.
struct PeakStrain
{
  double value = 0; ///< tension positive
  std::optional<anatomy::Location> location;
};

/// The headline criterion on one of several bones: which vertebra of a segment breaks first.
struct BoneVerdict
{
  std::string bone;       ///< its level, "L3"
  double utilisation = 0; ///< the activity's is the largest, of a volume criterion that of all bone
  double load_factor = 0; ///< 1 / utilisation
  std::optional<double> fracture_load_N; ///< as of the activity
  std::optional<anatomy::Location> location;
};

/// How near to failure an instant of a cycle is, by the headline criterion.
struct InstantUtilisation
{
  double time_percent = 0; ///< of the cycle
  double utilisation = 0;
};

/// The verdict on a variant in an activity, of a cycle in its worst instant. The first entry of
/// `criteria` is the protocol's own, the headline.
struct ActivityAssessment
{
  std::string activity;
  std::string title;
  load::ActivityKind kind = load::ActivityKind::daily;
  std::string rig;
  load::ReferenceLoad reference;
  std::string rig_source;
  std::string rig_doubt; ///< "" or why supports and places of the forces are unconfirmed
  std::string load_source;
  std::string load_doubt; ///< "" or why the load is unconfirmed
  std::string evidence;   ///< "" or "research_only": too weakly founded to advise on
  std::vector<CriterionResult> criteria;
  std::vector<BoneVerdict> bones; ///< of a body of several bones, in their order; else empty
  PeakStrain tension;
  PeakStrain compression;
  std::optional<double>
      fracture_load_N; ///< load factor times the reference load; none where that is no force
  std::optional<double> fracture_load_BW; ///< the same over body weight
  std::vector<double> utilisation_field;  ///< headline utilisation of every element of bone, 0
                                          ///< elsewhere; not averaged
  std::vector<analysis::Reaction> reactions;
  analysis::Equilibrium equilibrium;
  std::vector<InstantUtilisation> cycle; ///< of an activity that is a cycle, else empty
  double largest_displacement_mm = 0;    ///< largest displacement of the body, its layers included
  /// On a mesh, by its estimated discretisation error: how uncertain the strain is at the weakest
  /// place, as a share of it, and the error of the whole solution in the energy norm.
  std::optional<double> strain_uncertainty;
  std::optional<double> relative_error;
  double external_work = 0; ///< of the activity's forces, N mm
};

/**
 * Judges a response by every criterion of the table. In linear analysis everything scales with the
 * load, so that the multiple of the whole activity at which it fails is 1 / utilisation. Throws
 * InputError (data) when the protocol's domain holds no bone of this body. Of several bones
 * (`bones` in the order of the body's numbers) words begin with the bone's level, and each is
 * judged by itself too; where the domain holds nothing of one of them that is refused as well.
 */
ActivityAssessment assess(const JudgedBody& body, const analysis::Response& response,
                          const load::LoadCase& load_case, const load::Rig& rig,
                          const material::Protocol& protocol, load::Bones bones,
                          double body_weight_N);

/// Of one bone.
ActivityAssessment assess(const JudgedBody& body, const analysis::Response& response,
                          const load::LoadCase& load_case, const load::Rig& rig,
                          const material::Protocol& protocol, const anatomy::BoneAnatomy& bone,
                          double body_weight_N);

/// Utilisation by the protocol's own criterion alone, as `assess` finds it. Throws as that does.
double headline_utilisation(const JudgedBody& body, const analysis::Response& response,
                            const material::Protocol& protocol, const std::string& activity);

/// The instants of a cycle judged one after the other, each response let go of before the next.
struct JudgedCycle
{
  std::vector<InstantUtilisation> instants;
  std::size_t worst = 0; ///< index of the one with the largest utilisation, the first of equals
};

/**
 * Judges the instants of a cycle: load cases on the same areas of one rig, for which `body` is the
 * judged body. `response(n)` is that of the n-th. Throws std::invalid_argument for none.
 */
JudgedCycle judge_cycle(const JudgedBody& body,
                        const std::function<analysis::Response(std::size_t)>& response,
                        const std::vector<load::LoadCase>& instants,
                        const material::Protocol& protocol);

} // namespace calcar::risk
