#include "anatomy/find_anatomy.hpp"

#include "anatomy/femur.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::anatomy
{

namespace
{

using Finder = BoneAnatomy (*)(const image::Mask&, const AnatomyOptions&);

/// How each bone is found; a bone without a finder waits for a later version.
struct FinderOf
{
  BoneKind kind;
  Finder find;
};

constexpr FinderOf finders[] = {
    {BoneKind::femur, find_femur}, {BoneKind::tibia, nullptr},  {BoneKind::humerus, nullptr},
    {BoneKind::vertebra, nullptr}, {BoneKind::pelvis, nullptr}, {BoneKind::rib, nullptr},
    {BoneKind::skull, nullptr},
};

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
  for (const FinderOf& finder : finders)
  {
    if (finder.kind == kind && finder.find != nullptr)
    {
      check_overrides(kind, options);
      return finder.find(mask, options);
    }
  }
  throw InputError(
      Fault::command,
      Problem{options.place, "landmarks of a " + to_string(kind) + " cannot be found yet",
              "femur only in this version",
              "choose kind = \"femur\", or solve this bone in study mode with supports and loads "
              "along the axes of the image",
              ""});
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
