#include "risk/fixation.hpp"

#include "risk/bone_zones.hpp"
#include "risk/cement_stress.hpp"
#include "risk/component_stress.hpp"
#include "risk/interface_motion.hpp"
#include "risk/load_share.hpp"
#include "risk/pull_out.hpp"
#include "risk/shielding.hpp"

#include <algorithm>

namespace calcar::risk
{
namespace
{
struct ModeName
{
  const char* name;
  const char* words;
};

/// In the order of FailureMode.
constexpr ModeName mode_names[] = {
    {"bone_at_lesion", "the bone breaks at the lesion"},
    {"bone_at_implant_end", "the bone breaks at the end of the implant"},
    {"bone_at_screws", "the bone breaks beside a screw"},
    {"bone_elsewhere", "the bone breaks away from lesion and implant"},
    {"implant_yield", "the implant bends for good"},
    {"implant_fatigue", "the implant breaks by fatigue"},
    {"screw_pull_out", "the screw pulls out of the bone"},
    {"cement", "the cement cracks"}};

/// Screws are short: their forces are told at every other voxel, all others' every 4 mm.
constexpr double screw_step_mm = 2;

void add_pull_out(const FixedBody& fixed, std::size_t index,
                  const std::vector<analysis::SectionForce>& forces, const PullOutRules& rules,
                  ComponentVerdict& verdict)
{
  const Thread* thread = thread_of(rules, verdict.kind);
  if (!thread)
    return;
  const auto pulled = pull_out(fixed.fixation, index, fixed.hardware, fixed.body, forces, rules);
  if (!pulled)
  {
    verdict.doubts.push_back("pull-out: no bone lies beside the thread of " + verdict.component);
    return;
  }
  verdict.pull_out_N = pulled->force_N;
  verdict.pull_out_strength_N = pulled->strength_N;
  verdict.pull_out_utilisation = pulled->utilisation();
  const auto add = [&](const std::string& what, const std::string& doubt, const std::string& source)
  {
    if (!doubt.empty())
      verdict.doubts.push_back("pull-out, " + what + ": " + doubt + " (" + source + ")");
  };
  add("formula", material::doubt(rules.record.status), rules.record.source);
  add("shear strength of bone", rules.shear_doubt, rules.shear_source);
  add("thread", thread->doubt, thread->source);
}

/// All bars, with the pull-out of screws.
std::vector<ComponentVerdict> judge_components(const FixedBody& fixed,
                                               const analysis::Response& response,
                                               load::ActivityKind kind)
{
  const PullOutRules rules = pull_out_rules();
  std::vector<ComponentVerdict> verdicts;
  for (std::size_t n = 0; n < fixed.fixation.components.size(); ++n)
  {
    const implant::Component& component = fixed.fixation.components[n];
    if (auto own = own_mesh_stress(fixed, n, response, kind))
    {
      own->location = anatomy::locate(fixed.bone, own->worst.point);
      verdicts.push_back(std::move(*own));
    }
    if (component.runs.empty())
      continue;
    const std::vector<analysis::SectionForce> forces =
        is_screw(component.kind)
            ? analysis::section_forces(component, n, fixed.hardware, fixed.body, response,
                                       screw_step_mm)
            : analysis::section_forces(component, n, fixed.hardware, fixed.body, response);
    ComponentVerdict verdict = component_stress(fixed.fixation, n, forces, kind);
    verdict.location = anatomy::locate(fixed.bone, verdict.worst.point);
    add_pull_out(fixed, n, forces, rules, verdict);
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

/// Tells a mode by the part that comes nearest to it; not at all where none is loaded so.
class WorstPart
{
public:
  explicit WorstPart(FailureMode mode) { worst_.mode = mode; }

  void see(double utilisation, const std::string& part)
  {
    if (utilisation > worst_.utilisation)
    {
      worst_.utilisation = utilisation;
      worst_.where = part;
    }
  }
  void tell(std::vector<ModeUtilisation>& modes) const
  {
    if (worst_.utilisation > 0)
      modes.push_back(worst_);
  }

private:
  ModeUtilisation worst_;
};

/// The modes of implant and cement. Fatigue of cement counts as fatigue of the implant.
void add_hardware_modes(const FixationVerdict& verdict, std::vector<ModeUtilisation>& modes)
{
  WorstPart yield(FailureMode::implant_yield);
  WorstPart fatigue(FailureMode::implant_fatigue);
  WorstPart pulled(FailureMode::screw_pull_out);
  WorstPart cement(FailureMode::cement);
  for (const ComponentVerdict& one : verdict.components)
  {
    yield.see(one.yield_utilisation, one.component);
    fatigue.see(one.fatigue_utilisation, one.component);
    pulled.see(one.pull_out_utilisation.value_or(0), one.component);
  }
  for (const CementVerdict& one : verdict.cement)
  {
    fatigue.see(one.fatigue_utilisation, one.component);
    cement.see(one.utilisation, one.component);
  }
  for (const WorstPart* part : {&yield, &fatigue, &pulled, &cement})
    part->tell(modes);
}

/// The load factor of the first failure that one load can cause.
double strength_factor(const std::vector<ModeUtilisation>& modes)
{
  double most = 0;
  for (const ModeUtilisation& mode : modes)
    if (mode.mode != FailureMode::implant_fatigue)
      most = std::max(most, mode.utilisation);
  return safety_of(most);
}

std::optional<double> over(double factor, const std::optional<double>& other)
{
  return other && *other > 0 ? std::optional(factor / *other) : std::nullopt;
}
} // namespace

std::string to_string(FailureMode mode)
{
  return mode_names[static_cast<std::size_t>(mode)].name;
}

std::string words_of(FailureMode mode)
{
  return mode_names[static_cast<std::size_t>(mode)].words;
}

std::string to_string(BoneState state)
{
  constexpr const char* names[] = {"as_is", "grown", "gone"};
  return names[static_cast<std::size_t>(state)];
}

FixationVerdict judge_fixation(const FixedBody& fixed, ActivityAssessment bone,
                               const analysis::Response& response, const load::LoadCase& load_case,
                               const Baseline& baseline, const DailyCycles& cycles)
{
  FixationVerdict verdict;
  verdict.activity = load_case.name;
  verdict.kind = load_case.kind;
  verdict.cycles = load_case.kind == load::ActivityKind::daily ? cycles.cycles : 0;
  verdict.components = judge_components(fixed, response, load_case.kind);
  for (std::size_t n = 0; n < fixed.fixation.components.size(); ++n)
    if (auto cement = cement_stress(fixed, n, response, load_case.kind))
      verdict.cement.push_back(std::move(*cement));

  verdict.modes = bone_modes(fixed, bone);
  add_hardware_modes(verdict, verdict.modes);
  std::stable_sort(verdict.modes.begin(), verdict.modes.end(),
                   [](const auto& a, const auto& b) { return a.utilisation > b.utilisation; });
  verdict.load_factor = safety_of(verdict.modes.empty() ? 0 : verdict.modes.front().utilisation);
  const double strength = strength_factor(verdict.modes);
  if (bone.reference.unit == "N")
    verdict.fracture_load_N = strength * bone.reference.value;
  verdict.restored = over(strength, baseline.unfixed_load_factor);
  verdict.of_healthy = over(strength, baseline.healthy_load_factor);

  const ShareLevel level = share_level(fixed);
  const LoadShare share =
      load_share(analysis::shared_load(fixed.body, response, level.point, level.across));
  verdict.implant_share = share.force;
  verdict.implant_moment_share = share.moment;
  verdict.share_level = level.words;
  verdict.strain_near_lesion = strain_near_lesions(fixed, response);
  verdict.shielding =
      shielding(region_energy(fixed.body, response, fixed.bone), baseline.twin_energy);
  verdict.interface_motion_um = interface_motion_um(
      fixed.body, model::contact_on(fixed.body.body, fixed.hardware), response.strain);
  verdict.bone = std::move(bone);
  return verdict;
}

} // namespace calcar::risk
