#include "risk/load_share.hpp"

#include "implant/path.hpp"
#include "lesion/wall.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::risk
{
namespace
{
Vec3 middle_of(const implant::Fixation& fixation)
{
  for (const implant::Component& component : fixation.components)
    if (component.axis.size() > 1)
    {
      const implant::Path path(component.axis);
      return path.point(0.5 * path.length());
    }
  for (const implant::Component& component : fixation.components)
    if (!component.axis.empty())
      return component.axis.front();
  return {};
}

double share_of(double hardware, double bone)
{
  const double both = std::abs(hardware) + std::abs(bone);
  return both > 0 ? std::abs(hardware) / both : 0;
}
} // namespace

ShareLevel share_level(const FixedBody& fixed)
{
  ShareLevel level;
  const auto largest =
      std::max_element(fixed.lesions.begin(), fixed.lesions.end(),
                       [](const auto& a, const auto& b) { return a.reach_mm < b.reach_mm; });
  if (largest != fixed.lesions.end())
  {
    level.point = largest->centre;
    level.words = "at the middle of the lesion \"" + largest->lesion.name + "\"";
  }
  else
  {
    level.point = middle_of(fixed.fixation);
    level.words = "at the middle of the implant";
  }
  level.across = lesion::local_axis(fixed.bone, level.point);
  level.words += ", across the bone's own axis there";
  return level;
}

LoadShare load_share(const analysis::SharedLoad& load)
{
  return {share_of(load.hardware_N, load.bone_N),
          share_of(load.hardware_moment_Nmm, load.bone_moment_Nmm)};
}

} // namespace calcar::risk
