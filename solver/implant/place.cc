#include "implant/place.hpp"

#include "base/text.hpp"
#include "implant/check.hpp"

#include <algorithm>

namespace calcar::implant
{
namespace
{
void require_known_choices(const Request& request)
{
  for (const auto& [name, value] : request.chosen)
    if (std::find(chosen_names().begin(), chosen_names().end(), name) == chosen_names().end())
      throw InputError(Fault::command,
                       {request.place, "unknown choice \"" + name + "\"", join(chosen_names()),
                        suggestion(name, chosen_names()), ""});
}

void require_bone(const Request& request, const Template& plan, const Site& site)
{
  if (plan.any_bone || plan.bone == site.bone().kind)
    return;
  std::vector<std::string> fitting;
  for (const material::Entry& entry : list_fixations(site.bone().kind))
    fitting.push_back(entry.name);
  throw InputError(Fault::command,
                   {request.place,
                    "\"" + plan.record.name + "\" is made for the " + to_string(plan.bone) +
                        ", the bone is a " + to_string(site.bone().kind),
                    fitting.empty() ? "no fixation is known for it" : join(fitting),
                    "choose one of these", ""});
}

std::vector<std::string> lesions_to_fill(const Request& request, const Template& plan,
                                         const Site& site)
{
  std::vector<std::string> names = request.filled_lesions;
  if (plan.method == Method::cement && names.empty())
    for (const lesion::PlacedLesion& lesion : site.lesions)
      names.push_back(lesion.lesion.name);
  if (plan.method == Method::cement && names.empty())
    throw InputError(Fault::command, {request.place, "there is no lesion that cement could fill",
                                      "a case with a lesion", "add a [[lesion]]", ""});
  return names;
}
} // namespace

const std::vector<std::string>& chosen_names()
{
  static const std::vector<std::string> names{
      "nail_diameter_mm", "nail_length_mm", "neck_angle_deg", "holes",        "plate_centre_mm",
      "cement_ml",        "pedicles",       "levels_above",   "levels_below", "screw_diameter_mm",
      "stem_diameter_mm", "stem_length_mm", "margin_mm"};
  return names;
}

Fixation place(const Request& request, const Template& plan, const Site& site)
{
  require_known_choices(request);
  require_bone(request, plan, site);
  Fixation fixation;
  fixation.name = request.name;
  fixation.template_name = plan.record.name;
  fixation.words = plan.record.words;
  fixation.doubts = plan.doubts;
  const Building building{request, plan, site, material::alloy(plan.alloy, request.place),
                          fixation};
  if (plan.method == Method::nail)
    build_nail(building);
  if (plan.method == Method::plate)
    build_plate(building);
  if (plan.method == Method::hip_screw)
    build_hip_screw(building);
  if (plan.method == Method::vertebroplasty)
    build_vertebroplasty(building);
  if (plan.method == Method::pedicle_screws)
    build_pedicle_screws(building);
  if (plan.method == Method::flexible_nails)
    build_flexible_nails(building);
  if (plan.method == Method::prosthesis)
    build_prosthesis(building);
  build_cement(building, plan.cement.value_or(CementPlan{}), lesions_to_fill(request, plan, site));
  check(building);
  return fixation;
}

} // namespace calcar::implant
