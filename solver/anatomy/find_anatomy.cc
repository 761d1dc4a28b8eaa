#include "anatomy/find_anatomy.hpp"

#include "anatomy/femur.hpp"
#include "anatomy/humerus.hpp"
#include "anatomy/pelvis.hpp"
#include "anatomy/rib.hpp"
#include "anatomy/skull.hpp"
#include "anatomy/tibia.hpp"
#include "anatomy/vertebra.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::anatomy
{

namespace
{

BoneAnatomy find(BoneKind kind, const image::Mask& mask, const AnatomyOptions& options)
{
  switch (kind)
  {
  case BoneKind::femur:
    return find_femur(mask, options);
  case BoneKind::tibia:
    return find_tibia(mask, options);
  case BoneKind::humerus:
    return find_humerus(mask, options);
  case BoneKind::vertebra:
    return find_vertebra(mask, options);
  case BoneKind::pelvis:
    return find_pelvis(mask, options);
  case BoneKind::rib:
    return find_rib(mask, options);
  case BoneKind::skull:
    break;
  }
  return find_skull(mask, options);
}

void check_overrides(BoneKind kind, const AnatomyOptions& options)
{
  const auto& names = landmark_names(kind);
  for (const auto& [name, point] : options.overrides)
  {
    if (std::find(names.begin(), names.end(), name) == names.end())
    {
      throw InputError(Fault::command, Problem{options.place, "unknown landmark \"" + name + "\"",
                                               join(names), suggestion(name, names), ""});
    }
  }
}

} // namespace

BoneAnatomy find_anatomy(BoneKind kind, const image::Mask& mask, const AnatomyOptions& options)
{
  check_overrides(kind, options);
  return find(kind, mask, options);
}

LandmarkOverrides read_overrides(const Table& table, BoneKind kind)
{
  LandmarkOverrides overrides;
  const auto& names = landmark_names(kind);
  for (const std::string& key : table.keys())
  {
    if (std::find(names.begin(), names.end(), key) != names.end())
    {
      overrides[key] = table.vector(key);
    }
    else
    {
      table.known({key});
      table.complain(key, "unknown landmark \"" + key + "\"", join(names), suggestion(key, names));
    }
  }
  return overrides;
}

} // namespace calcar::anatomy
