#include "implant/place_flexible_course.hpp"

#include "base/text.hpp"
#include "implant/canal.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace calcar::implant
{
namespace
{
constexpr double smooth_over_mm = 20; ///< of the canal's axis

/// Where growth plates begin, seen from the middle of the shaft, along the bone's proximal
/// direction from its frame's origin; nothing when none is labelled there.
struct PlateLevels
{
  std::optional<double> proximal, distal;
};

PlateLevels plate_levels(const Building& b, double middle)
{
  PlateLevels levels;
  const image::Mask& plates = *b.site.growth_plates;
  const anatomy::Frame& frame = b.site.bone().frame;
  for (int k = 0; k < plates.grid.size[2]; ++k)
    for (int j = 0; j < plates.grid.size[1]; ++j)
      for (int i = 0; i < plates.grid.size[0]; ++i)
      {
        if (!plates.at(i, j, k))
          continue;
        const Vec3 p = plates.grid.point({double(i), double(j), double(k)});
        const double at = dot(p - frame.origin, frame.proximal);
        if (at > middle)
          levels.proximal = std::min(levels.proximal.value_or(at), at);
        else
          levels.distal = std::max(levels.distal.value_or(at), at);
      }
  return levels;
}

void require_child(const Building& b)
{
  if (b.site.growth_plates)
    return;
  const std::string age =
      b.site.age_years ? "the patient is " + format_number(*b.site.age_years) + " years old and "
                       : "";
  refuse(b.request.place, age + "no open growth plate is labelled",
         "a child's bone with labels of its open growth plates, which these nails stay clear of",
         "label them, or choose an implant for adults");
}

/// The axis straight on until a level of the bone's own axis.
std::vector<Vec3> continued(std::vector<Vec3> axis, const Site& site, double level)
{
  const anatomy::Frame& frame = site.bone().frame;
  const std::size_t back = std::min<std::size_t>(axis.size() - 1, 4);
  const Vec3 along = normalized(axis.back() - axis[axis.size() - 1 - back]);
  const auto short_of = [&](Vec3 p)
  { return (level - dot(p - frame.origin, frame.proximal)) * dot(along, frame.proximal) > 0; };
  for (int n = 0; n < 40 && short_of(axis.back()); ++n)
  {
    const Vec3 next = axis.back() + 5.0 * along;
    if (depth_at(site, next) <= 5)
      break;
    axis.push_back(next);
  }
  return axis;
}

/// Arc length at which a path passes a level, from its start; its end when it does not.
double at_level(const Path& path, const anatomy::Frame& frame, double level)
{
  const auto height = [&](double s)
  { return dot(path.point(s) - frame.origin, frame.proximal) - level; };
  const double start = height(0);
  for (double s = 0; s < path.length(); s += 0.5)
    if (height(s) * start <= 0)
      return s;
  return path.length();
}

/// The canal's smooth axis from the entry's end on, reaching both levels where bone does.
Path canal_axis(const Building& b, const Canal& canal, double from, std::optional<double> to)
{
  std::vector<Vec3> centres;
  for (const CanalPoint& point : canal.points)
    centres.push_back(point.centre);
  if (b.plan.flexible->retrograde)
    std::reverse(centres.begin(), centres.end());
  std::vector<Vec3> axis = smoothed(centres, smooth_over_mm);
  if (to)
    axis = continued(axis, b.site, *to);
  std::reverse(axis.begin(), axis.end());
  axis = continued(axis, b.site, from);
  std::reverse(axis.begin(), axis.end());
  return Path(axis);
}
} // namespace

NailCourse nail_course(const Building& b)
{
  require_child(b);
  const FlexiblePlan& plan = *b.plan.flexible;
  const Canal canal = find_canal(b.site, b.request.place);
  const anatomy::Frame& frame = b.site.bone().frame;
  const auto height = [&](Vec3 p) { return dot(p - frame.origin, frame.proximal); };
  const double middle = height(canal.points[canal.points.size() / 2].centre);
  const PlateLevels plates = plate_levels(b, middle);
  const auto near = plan.retrograde ? plates.distal : plates.proximal;
  const auto far = plan.retrograde ? plates.proximal : plates.distal;
  if (!near)
    refuse(b.request.place,
           std::string("the image shows no growth plate at the ") +
               (plan.retrograde ? "distal" : "proximal") + " end, near which the nails go in",
           "an image that shows it, labelled", "use an image that shows more of the bone");
  const double forward = plan.retrograde ? 1 : -1; // from the entry to the tips
  const double from = *near + forward * plan.entry_from_plate_mm;
  if (!far)
    b.warn("beyond_image", "no growth plate is labelled at the far end: the nails are taken to "
                           "end where the canal does");
  const double to = far ? *far - forward * plan.tip_to_plate_mm : forward * 1e9;
  const Path whole = canal_axis(b, canal, from, far ? std::optional(to) : std::nullopt);
  NailCourse course{
      Path(whole.stretch(at_level(whole, frame, from), at_level(whole, frame, to))), {}, 1e9};
  for (double s = 0; s <= course.axis.length(); s += NailCourse::step_mm)
    course.room.push_back(free_radius(b.site, course.axis.point(s), course.axis.tangent(s)));
  for (const CanalPoint& point : canal.points)
    if (forward * (height(point.centre) - from) > 0 && forward * (to - height(point.centre)) > 0)
      course.isthmus_mm = std::min(course.isthmus_mm, 2 * point.free_radius_mm);
  b.fixation.measures["entry_to_growth_plate_mm"] = std::abs(height(course.axis.point(0)) - *near);
  if (far)
    b.fixation.measures["tip_to_growth_plate_mm"] =
        std::abs(height(course.axis.point(course.axis.length())) - *far);
  return course;
}

} // namespace calcar::implant
