#include "load/make_load_case.hpp"

#include "base/text.hpp"
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

/// "hip_contact" -> "hip contact"
std::string in_words(std::string name)
{
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// True when the force has no place in the image and must be left out.
bool is_outside(const Area& area, const anatomy::BoneAnatomy& bone)
{
  return area.kind == Area::Kind::spot && !place_of_spot(area, bone);
}

Warning dropped(const ActivityForce& force, const Area& area, const Activity& activity)
{
  return {"muscle_dropped",
          activity.title + ": the force \"" + force.name + "\" is left out, its place (" +
              area.words + ") is not in the image",
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
} // namespace

LoadCase make_load_case(const Activity& activity, const anatomy::BoneAnatomy& bone,
                        const Patient& patient)
{
  check_bone(activity, bone);
  check_patient(patient);
  const RigPlan plan = rig_plan(activity.rig, activity.record.file.path);
  const Vec3 fall = fall_of(plan, bone);

  LoadCase result;
  result.name = activity.record.name;
  result.title = activity.title;
  result.kind = activity.kind;
  result.rig = activity.rig;
  result.set = activity.set;
  result.source = activity.record.source;
  result.status = material::to_string(activity.record.status);
  result.doubt = material::doubt(activity.record.status);
  result.note = activity.record.note;
  result.file = activity.record.file;
  for (const ActivityForce& force : activity.forces)
  {
    const Area& area = area_of(force, plan, activity);
    if (force.name != activity.reference && is_outside(area, bone))
    {
      result.warnings.push_back(dropped(force, area, activity));
      continue;
    }
    const Vec3 vector = force.of_impact ? impact_force(*activity.impact, patient) * fall
                                        : patient.body_weight_N() / 100 *
                                              named_vector(bone.frame, force.percent_bw);
    result.forces.push_back({force.name, make_patch(area, bone, fall), vector});
    if (force.name == activity.reference)
      result.reference = {in_words(force.name) + " force", norm(vector), "N"};
  }
  if (activity.impact)
    result.warnings.push_back(fall_doubt(patient));
  return result;
}

} // namespace calcar::load
