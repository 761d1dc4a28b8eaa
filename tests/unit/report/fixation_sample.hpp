#pragma once

#include "report/fixation.hpp"
#include "unit/report/results.hpp"

#include <cmath>

/// Options made by hand, with numbers that are easy to follow.
namespace sample
{

inline risk::ComponentVerdict part(const std::string& name, implant::ComponentKind kind,
                                   double yield, double fatigue)
{
  risk::ComponentVerdict v;
  v.component = name;
  v.kind = kind;
  v.alloy = "ti6al4v_eli";
  v.size = "11 mm x 380 mm";
  v.worst = {120, {1, 2, 3}, -800, 150, 30000, 30000, 0, 4000};
  v.location.words = "subtrochanteric region, lateral";
  v.stress_MPa = 795 * yield;
  v.normal_MPa = -700 * yield;
  v.shear_MPa = 60;
  v.yield_utilisation = yield;
  v.fatigue_utilisation = fatigue;
  v.fatigue_safety = fatigue > 0 ? 1 / fatigue : std::numeric_limits<double>::infinity();
  v.doubts = {"nail: unconfirmed: quoted from memory (check the maker's guide)"};
  return v;
}

/// A verdict whose bone at the lesion has this utilisation and whose fatigue has that.
inline risk::FixationVerdict verdict(const std::string& activity, load::ActivityKind kind,
                                     double bone, double fatigue)
{
  risk::FixationVerdict v;
  v.activity = activity;
  v.kind = kind;
  v.bone = assessment(activity, kind, bone);
  if (activity == "stair_climbing")
    v.bone.title = "Stair climbing";
  const double pull_out = 0.4 * bone;
  v.modes = {{risk::FailureMode::bone_at_lesion, bone, "inferomedial femoral neck"},
             {risk::FailureMode::implant_fatigue, fatigue, "nail"},
             {risk::FailureMode::screw_pull_out, pull_out, "distal locking screw 2"}};
  if (fatigue > bone)
    std::swap(v.modes[0], v.modes[1]);
  v.load_factor = 1 / std::max(bone, fatigue);
  v.fracture_load_N = 1600 / bone;
  v.restored = 0.9 * v.load_factor;
  v.of_healthy = 0.5 * v.load_factor;
  v.strain_near_lesion = 0.0042;
  v.implant_share = 0.62;
  v.implant_moment_share = 0.7;
  v.components = {
      part("nail", implant::ComponentKind::nail, 0.3, fatigue),
      part("distal locking screw 2", implant::ComponentKind::locking_screw, 0.1, 0.5 * fatigue)};
  v.components[1].pull_out_N = 300;
  v.components[1].pull_out_strength_N = 300 / pull_out;
  v.components[1].pull_out_utilisation = pull_out;
  v.cement = {{"cement in medial neck", 8, 30, 0.35, 0.5 * fatigue, {}}};
  v.shielding = {{"medial neck", 0.48}, {"shaft", -0.1}};
  v.interface_motion_um = 85;
  v.cycles = kind == load::ActivityKind::daily ? 900000 : 0;
  return v;
}

/// What a solve took.
inline analysis::SolverSummary solved()
{
  analysis::SolverSummary solver;
  solver.unknowns = 123456;
  solver.elements = 40000;
  solver.levels = 4;
  solver.right_hand_sides = solver.iterations = solver.iterations_total = 3;
  return solver;
}

inline report::FixationStateResults state(risk::BoneState which, bool headline, double bone,
                                          double fatigue)
{
  report::FixationStateResults s;
  s.state = which;
  s.interface = headline ? "debonded" : "bonded";
  s.headline = headline;
  s.verdicts = {verdict("level_walking", load::ActivityKind::daily, 0.8 * bone, 0.8 * fatigue),
                verdict("stair_climbing", load::ActivityKind::daily, bone, fatigue),
                verdict("sideways_fall", load::ActivityKind::accident, 2 * bone, 0)};
  s.solver = solved();
  return s;
}

/// An option of three states, the first with both interfaces; utilisation of the bone as is.
inline report::FixationResults option(const std::string& name, double bone)
{
  report::FixationResults o;
  o.name = name;
  o.template_name = "cephalomedullary_nail_long";
  o.words = "cephalomedullary nail, long, with a lag screw and two distal locking screws";
  o.measures = {{"nail_length_mm", 380}, {"canal_fill", 0.93}};
  o.components.push_back({"nail",
                          "nail",
                          "ti6al4v_eli",
                          "11 mm x 380 mm",
                          "debonded",
                          380,
                          82.5,
                          1.07,
                          {0, 0, 0},
                          {0, 0, -380}});
  o.doubts = {"nail: unconfirmed: quoted from memory (check the maker's guide)"};
  o.removed_mm3 = 12345;
  o.states = {state(risk::BoneState::as_is, true, bone, 0.3),
              state(risk::BoneState::as_is, false, 0.7 * bone, 0.25),
              state(risk::BoneState::grown, true, 1.2 * bone, 0.4),
              state(risk::BoneState::gone, true, 1.3 * bone, 1.5 * bone)};
  o.seconds = 12.5;
  return o;
}

inline report::FixationResults refused(const std::string& name)
{
  report::FixationResults o;
  o.name = name;
  o.template_name = "femoral_nail_antegrade";
  o.words = "antegrade femoral nail";
  o.refusal =
      "canal 7.4 mm at the isthmus: the smallest nail is 9 mm; allowed: a canal at least as "
      "wide as the nail; choose a plate, or a thinner nail";
  return o;
}

/// The comparison that belongs to options in their order, best first.
inline risk::Comparison comparison(const std::vector<report::FixationResults>& options)
{
  risk::Comparison c;
  for (const report::FixationResults& o : options)
  {
    risk::OptionSummary s;
    s.option = o.name;
    s.placed = !o.refusal;
    s.refusal = o.refusal.value_or("");
    for (const report::FixationStateResults& one : o.states)
      if (one.headline)
        s.least_load_factor = one.verdicts[1].load_factor;
    s.limited_by =
        s.placed ? "the implant breaks by fatigue: nail, segment gone, stair climbing" : "";
    s.fatigue_safety = s.placed ? s.least_load_factor : std::numeric_limits<double>::infinity();
    s.shielding = 0.48;
    s.removed_mm3 = o.removed_mm3;
    s.holds = s.least_load_factor >= 1;
    c.options.push_back(s);
  }
  c.words = {"Two of three options hold in every state."};
  return c;
}

/// Results with these options; the bone alone in two states.
inline report::Results with_fixations(std::vector<report::FixationResults> options)
{
  report::Results r = results();
  r.solver = solved();
  r.lesions[0].centre.words = "femoral neck";
  for (report::VariantResults& variant : r.variants)
    variant.solver = solved();
  report::FixationsResults f;
  f.grown_mm = 5;
  f.gone_words = "gap of 10 mm across the shaft at the lesion \"medial neck\"";
  f.cycles = {5000, 6, 900000, "5000 steps a day, half of them of one leg, for 6 months",
              "unconfirmed: quoted from memory"};
  for (const auto& [which, bone] :
       {std::pair{risk::BoneState::as_is, 1.1}, std::pair{risk::BoneState::grown, 1.6}})
    f.unfixed.push_back({which,
                         {assessment("level_walking", load::ActivityKind::daily, bone),
                          assessment("sideways_fall", load::ActivityKind::accident, 2 * bone)}});
  f.unfixed.push_back({risk::BoneState::gone, {}});
  f.options = std::move(options);
  f.comparison = comparison(f.options);
  f.assumptions = {"The nail is not tied to the bone: it slides and takes no tension."};
  f.solves = 12;
  f.seconds = 60;
  r.fixations = f;
  return r;
}

/// Two options that are placed and one that is not.
inline report::Results with_fixations()
{
  report::Results r = with_fixations(
      {option("Long nail", 0.4), option("Plate, \"lateral\"", 0.75), refused("Thick nail")});
  r.fixations->comparison.dominated = {
      "Plate, \"lateral\": Long nail is at least as good in everything and better in strength"};
  return r;
}

} // namespace sample
