#include "anatomy/long_bone.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::anatomy
{

namespace
{

constexpr double least_confidence = 0.4;

} // namespace

Extent extent_of(const BoneShape& shape, const Frame& frame)
{
  Extent extent{1e300, -1e300};
  for (const SurfacePoint& s : shape.surface)
  {
    const double height = dot(s.position - frame.origin, frame.proximal);
    extent.bottom = std::min(extent.bottom, height);
    extent.top = std::max(extent.top, height);
  }
  return extent;
}

Vec3 centre_at_height(const LongBone& bone, const Frame& frame, double height)
{
  double level = 0;
  for (int round = 0; round < 6; ++round)
  {
    level += height - dot(centre_at(bone, level) - frame.origin, frame.proximal);
  }
  return centre_at(bone, level);
}

void apply(const LandmarkOverrides& overrides, BoneAnatomy& bone)
{
  for (const auto& [name, point] : overrides)
  {
    bone.landmarks[name] = point;
  }
}

void list_absent(BoneAnatomy& bone)
{
  for (const std::string& name : landmark_names(bone.kind))
  {
    if (!bone.landmarks.count(name))
    {
      bone.absent.push_back(name);
    }
  }
}

double rating(double value, double bad_low, double good_low, double good_high, double bad_high)
{
  return std::clamp(std::min((value - bad_low) / (good_low - bad_low),
                             (bad_high - value) / (bad_high - good_high)),
                    0.0, 1.0);
}

void check_confidence(BoneAnatomy& bone, const std::string& place)
{
  const auto least =
      std::min_element(bone.confidence_parts.begin(), bone.confidence_parts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  bone.confidence = least->second;
  if (bone.confidence < least_confidence)
  {
    refuse_bone(place,
                "the " + words_for_one(bone.kind) + " is not recognised with confidence: " +
                    least->first + " scores " + format_number(least->second, 2) + " of 1",
                "0.4 or more", "check the mask there, or use a finer image");
  }
}

std::string short_shaft_text(const LongBone& bone)
{
  return "only " + format_number(bone.to - bone.from, 2) +
         " mm of shaft are to be seen: its axis is sure to about " +
         format_number(bone.deviation_deg, 2) + " degrees only";
}

} // namespace calcar::anatomy
