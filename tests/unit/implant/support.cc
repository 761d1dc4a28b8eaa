#include "support.hpp"

#include "base/error.hpp"

#include <algorithm>

namespace implant_test
{
namespace
{
anatomy::SyntheticScan scan_of(const Plan& plan)
{
  anatomy::SyntheticPerson person;
  person.side = plan.side;
  person.age_years = plan.age_years;
  anatomy::ScanSettings settings;
  settings.voxel_mm = plan.voxel_mm;
  settings.rotation = plan.turn;
  settings.crop = plan.crop;
  return anatomy::make_scan(anatomy::synthetic_bone(plan.kind, person, plan.dimensions), settings);
}

std::optional<image::Mask> growth_plates(const image::LabelMap& labels)
{
  image::Mask plates{labels.grid, {}, {}};
  for (const auto label : labels.values)
    plates.values.push_back(label == 2 ? 1 : 0);
  const bool any = std::count(plates.values.begin(), plates.values.end(), 1) > 0;
  return any ? std::optional(plates) : std::nullopt;
}
} // namespace

Bone::Bone(const Plan& plan)
    : scan(scan_of(plan)), mask(anatomy::bone_mask(scan.labels)),
      plates(growth_plates(scan.labels)), ground{scan.truth, mask, scan.volume},
      site(implant::make_site(ground, {}, plates ? &*plates : nullptr, plan.age_years))
{
}

void Bone::add_lesion(const std::string& name, Vec3 centre, double radius_mm)
{
  lesion::PlacedLesion lesion;
  lesion.lesion.name = name;
  lesion.centre = centre;
  lesion.reach_mm = radius_mm;
  lesion.solid = geometry::sphere(centre, radius_mm);
  site.lesions.push_back(lesion);
}

const Bone& femur()
{
  static const Bone bone{Plan{}};
  return bone;
}

implant::Fixation placed(const Bone& bone, const std::string& name, const implant::Request& request)
{
  return implant::place(request, implant::fixation_template(name, "case.toml"), bone.site);
}

std::string refusal(const Bone& bone, const std::string& name, const implant::Request& request)
{
  try
  {
    placed(bone, name, request);
  }
  catch (const InputError& error)
  {
    return error.what();
  }
  return "";
}

bool warns(const implant::Fixation& fixation, const std::string& code)
{
  return std::any_of(fixation.warnings.begin(), fixation.warnings.end(),
                     [&](const Warning& w) { return w.code == code; });
}

} // namespace implant_test
