#include "load/make_load_case.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "load/catalogue.hpp"
#include "load/rig.hpp"

#include <algorithm>

namespace calcar::load
{
namespace
{
void check_bone(const Activity& activity, const anatomy::BoneAnatomy& bone)
{
  if (activity.bone != bone.kind)
    throw InputError(Fault::command, {"activity \"" + activity.record.name + "\"",
                                      "it is for the " + anatomy::to_string(activity.bone) +
                                          ", the bone is a " + anatomy::to_string(bone.kind),
                                      "", "choose an activity of this bone", ""});
}

const Area& area_of(const ActivityForce& force, const RigPlan& plan, const Activity& activity)
{
  if (const Area* area = plan.area(force.acts_on))
    return *area;
  std::vector<std::string> names;
  for (const Area& area : plan.areas)
    names.push_back(area.name);
  throw InputError(Fault::command, {activity.record.file.path,
                                    "force \"" + force.name + "\" acts on \"" + force.acts_on +
                                        "\", which rig \"" + plan.record.name + "\" does not have",
                                    join(names), suggestion(force.acts_on, names), ""});
}

/// A force that presses on a face must act on one.
void check_face(const ActivityForce& force, const Area& area, const Activity& activity)
{
  if (force.inwards_percent_bw + force.inwards_N > 0 && area.kind != Area::Kind::face)
    throw InputError(Fault::command,
                     {activity.record.file.path,
                      "force \"" + force.name + "\" acts inwards, but its area \"" + area.name +
                          "\" faces nowhere",
                      "an area of kind \"face\"", "give the force a direction", ""});
}

/// "hip_contact" -> "hip contact"
std::string in_words(std::string name)
{
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

bool is_reference(const Activity& activity, const ActivityForce& force)
{
  const auto& names = activity.reference;
  return std::find(names.begin(), names.end(), force.name) != names.end();
}

/// Refuses a piece of bone on which the forces that are left would not be in balance.
[[noreturn]] void refuse_piece(const ActivityForce& force, const Area& area,
                               const Activity& activity, const anatomy::BoneAnatomy& bone)
{
  throw InputError(Fault::data,
                   {"activity \"" + activity.record.name + "\"",
                    "it makes no sense on this part of the " + anatomy::to_string(bone.kind) +
                        ": the place of the force \"" + force.name + "\" (" + area.words +
                        ") is not in the image, and without it the others are not in balance",
                    "a bone with this place",
                    "choose an activity that needs less of the bone, or give the landmark under "
                    "[landmarks]",
                    ""});
}

Warning dropped(const ActivityForce& force, const Area& area, const Activity& activity)
{
  return {"muscle_dropped",
          activity.title + ": the force \"" + force.name + "\" is left out, its place (" +
              area.words + ") is not in the image",
          activity.record.name};
}

/// "research_only" or "", of the activity or of its load at this level of the spine.
std::string evidence_on(const Activity& activity, const anatomy::BoneAnatomy& bone)
{
  const auto& weak = activity.research_only_levels;
  const bool weak_here = std::find(weak.begin(), weak.end(), bone.level) != weak.end();
  return weak_here ? "research_only" : activity.evidence;
}

Warning research_only(const Activity& activity)
{
  return {"research_only",
          activity.title +
              ": this load is for research only, it is too weakly founded to advise on",
          activity.record.name};
}

Warning fall_doubt(const Patient& patient)
{
  if (patient.trochanteric_soft_tissue_mm)
    return {"soft_tissue_supine",
            "soft tissue over the trochanter is thicker on a supine CT than in a fall on the side: "
            "the predicted force "
            "may be about 31 % too low",
            patient.place};
  return {"soft_tissue_unknown",
          "the thickness of the soft tissue over the trochanter is not given: nothing is "
          "subtracted from the force of "
          "the fall",
          patient.place};
}
/// What the load case is, without its forces.
LoadCase titled(const Activity& activity, const anatomy::BoneAnatomy& bone)
{
  LoadCase result;
  result.name = activity.record.name;
  result.title = activity.title;
  result.kind = activity.kind;
  result.rig = activity.rig;
  result.set = activity.set;
  result.source = activity.record.source;
  result.status = material::to_string(activity.record.status);
  result.doubt = material::doubt(activity.record.status);
  result.evidence = evidence_on(activity, bone);
  result.note = activity.record.note;
  result.file = activity.record.file;
  if (!result.evidence.empty())
    result.warnings.push_back(research_only(activity));
  return result;
}

/// The sum of the reference forces; of couples alone their moment, of a pressure alone that.
ReferenceLoad reference_load(const Activity& activity, const std::vector<AppliedForce>& forces)
{
  constexpr double mm_per_m = 1000;
  Vec3 force, moment;
  double pressure_MPa = 0;
  for (const AppliedForce& one : forces)
    if (std::find(activity.reference.begin(), activity.reference.end(), one.name) !=
        activity.reference.end())
    {
      force += one.force;
      moment += one.moment;
      pressure_MPa += one.pressure_MPa;
    }
  const std::string words = activity.reference_words;
  const std::string name = in_words(activity.reference.front());
  if (norm(force) > 0)
    return {words.empty() ? name + " force" : words, norm(force), "N"};
  if (norm(moment) > 0)
    return {words.empty() ? name + " torque" : words, norm(moment) / mm_per_m, "N m"};
  return {words.empty() ? name + " pressure" : words, 1000 * pressure_MPa, "kPa"};
}

/// The frame that forces on an area are told in: the bone's; where the area asks for it, turned by
/// the smallest angle so that cranial points away from another area. A compression then acts along
/// the line of both, as muscles and gravity together have it in a curved spine.
anatomy::Frame frame_of_forces(const Area& area, const RigPlan& plan, Bones bones)
{
  const anatomy::BoneAnatomy& bone = bone_of(area.of, bones);
  if (area.line_to.empty())
    return bone.frame;
  const Area& other = *plan.area(area.line_to);
  const Vec3 line =
      make_patch(area, bone, {}).centre - make_patch(other, bone_of(other.of, bones), {}).centre;
  const Mat3 turn = geometry::rotation_between(bone.frame.proximal, line);
  return {bone.frame.origin, turn * bone.frame.medial, turn * bone.frame.anterior,
          turn * bone.frame.proximal};
}

AppliedForce applied(const ActivityForce& force, const Area& area, const Activity& activity,
                     const RigPlan& plan, Bones bones, const Patient& patient)
{
  constexpr double MPa_per_kPa = 1e-3;
  const anatomy::BoneAnatomy& bone = bone_of(area.of, bones);
  const Vec3 fall = fall_of(plan, bone);
  anatomy::BoneAnatomy turned = bone;
  turned.frame = frame_of_forces(area, plan, bones);
  AppliedForce result;
  result.name = force.name;
  result.patch = make_patch(area, bone, fall);
  result.force = force.of_impact ? impact_force(*activity.impact, patient) * fall
                                 : force_on(force, turned, patient, outward_of(area, bone));
  result.moment = couple_on(force, turned, patient);
  result.pressure_MPa = MPa_per_kPa * force.pressure_kPa;
  return result;
}

/// The activity with these forces on a bone.
LoadCase load_case_of(const Activity& activity, const std::vector<ActivityForce>& forces,
                      Bones bones, const Patient& patient)
{
  const RigPlan plan = rig_plan(activity.rig, activity.record.file.path);
  LoadCase result = titled(activity, bones.front());
  for (const ActivityForce& force : forces)
  {
    const Area& area = area_of(force, plan, activity);
    const anatomy::BoneAnatomy& bone = bone_of(area.of, bones);
    check_face(force, area, activity);
    if (!is_reference(activity, force) && !is_in_image(area, bone))
    {
      if (force.required)
        refuse_piece(force, area, activity, bone);
      result.warnings.push_back(dropped(force, area, activity));
      continue;
    }
    result.forces.push_back(applied(force, area, activity, plan, bones, patient));
  }
  result.reference = reference_load(activity, result.forces);
  if (activity.impact)
    result.warnings.push_back(fall_doubt(patient));
  return result;
}
} // namespace

LoadCase make_load_case(const Activity& activity, const anatomy::BoneAnatomy& bone,
                        const Patient& patient)
{
  check_bone(activity, bone);
  check_patient(patient);
  return load_case_of(activity, activity.forces, Bones(&bone, 1), patient);
}

std::vector<LoadCase> make_load_cases(const Activity& activity, const anatomy::BoneAnatomy& bone,
                                      const Patient& patient)
{
  return make_load_cases(activity, Bones(&bone, 1), patient);
}

std::vector<LoadCase> make_load_cases(const Activity& activity, Bones bones, const Patient& patient)
{
  check_bone(activity, bones.front());
  check_patient(patient);
  if (activity.instants.empty())
    return {load_case_of(activity, activity.forces, bones, patient)};
  std::vector<LoadCase> cases;
  for (const Instant& instant : activity.instants)
  {
    const std::string when = " at " + format_number(instant.time_percent) + " %";
    cases.push_back(load_case_of(activity, instant.forces, bones, patient));
    cases.back().name += when;
    cases.back().title += when + " of the cycle";
    cases.back().time_percent = instant.time_percent;
  }
  return cases;
}

Activity for_segment(Activity activity, const std::string& place)
{
  const auto rigs = rigs_of_segments();
  const auto rig = rigs.find(activity.rig);
  if (rig == rigs.end())
    throw InputError(Fault::command,
                     {place,
                      "activity \"" + activity.record.name + "\" (rig \"" + activity.rig +
                          "\") is for one vertebra, not for a spine segment",
                      join(activity_names(spine_segment)), "choose another activity", ""});
  activity.rig = rig->second;
  return activity;
}

std::vector<std::string> possible_activities(const anatomy::BoneAnatomy& bone)
{
  const Patient anybody{70, 1.7, std::nullopt, ""};
  std::vector<std::string> possible;
  for (const std::string& name : activity_names(bone.kind))
    try
    {
      const Activity plan = activity(bone.kind, name, "");
      make_load_case(plan, bone, anybody);
      make_rig(plan.rig, bone);
      possible.push_back(name);
    }
    catch (const InputError&)
    {
      // not on this bone
    }
  return possible;
}

} // namespace calcar::load
