#include "implant/place_pedicle_line.hpp"

#include "geometry/rotation.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double step_mm = 0.5;
constexpr double behind_mm = 6;   ///< of the pedicle's centre, where it opens into the arch
constexpr double softness_mm = 1; ///< how sharply little bone counts
constexpr double habit_mm = 0.3;  ///< of bone that 10 degrees off the usual direction are worth
constexpr double most_aside_mm = 3;
constexpr double farthest_entry_mm = 30;
constexpr double off_midline_mm = 2;
constexpr std::array<double, 2> inwards{-5, 30}, upwards{-20, 20}; ///< degrees

/// A vertebra seen from one pedicle; sideways is away from the midline.
struct View
{
  const Site& site;
  Vec3 pedicle, canal, wall; ///< LPS
  Vec3 sideways, front, up;
  double tip = 0;       ///< forward of the posterior wall, mm
  double usual_deg = 0; ///< inwards

  double forward(Vec3 p) const { return dot(p - wall, front); } ///< 0 at the posterior wall
  double aside(Vec3 p) const { return dot(p - canal, sideways); }
};

/// Position across and angles of a line.
using Tuning = std::array<double, 4>;

struct Line
{
  Vec3 at, along;
};

Line line_of(const View& view, const Tuning& t)
{
  const double in = geometry::radians(t[2]), lift = geometry::radians(t[3]);
  return {view.pedicle + t[0] * view.sideways + t[1] * view.up,
          std::cos(lift) * (std::cos(in) * view.front - std::sin(in) * view.sideways) +
              std::sin(lift) * view.up};
}

/// Along a line from its point by the pedicle's centre to a depth of the body.
double way_to(const View& view, const Line& line, double forward)
{
  return (forward - view.forward(line.at)) / std::max(0.5, dot(line.along, view.front));
}

/// How bad a line is: minus its smooth least depth from behind the pedicle to the tip, mm, and the
/// cost of its angles.
double badness(const View& view, const Tuning& t)
{
  const Line line = line_of(view, t);
  double sum = 0, count = 0;
  for (double s = -behind_mm; s <= way_to(view, line, view.tip); s += step_mm, count += 1)
    sum += std::exp(-depth_at(view.site, line.at + s * line.along) / softness_mm);
  const double in = (t[2] - view.usual_deg) / 10, lift = t[3] / 10;
  return softness_mm * std::log(sum / count) + habit_mm * (in * in + lift * lift);
}

bool allowed(const Tuning& t)
{
  return std::hypot(t[0], t[1]) <= most_aside_mm && t[2] >= inwards[0] && t[2] <= inwards[1] &&
         t[3] >= upwards[0] && t[3] <= upwards[1];
}

/// The line with most bone about it: from a raster of angles, by steps that are halved.
Tuning best(const View& view)
{
  Tuning at{0, 0, view.usual_deg, 0};
  double least = 1e300;
  for (double in = 0; in <= 25; in += 5)
    for (double lift = -10; lift <= 10; lift += 5)
      if (const double here = badness(view, {0, 0, in, lift}); here < least)
      {
        least = here;
        at = {0, 0, in, lift};
      }
  for (double share = 1; share > 0.05; share *= 0.5)
    for (bool moved = true; moved;)
    {
      moved = false;
      for (std::size_t a = 0; a < 4; ++a)
        for (const double sign : {1.0, -1.0})
        {
          Tuning next = at;
          next[a] += sign * share * (a < 2 ? 1.0 : 3.0);
          if (!allowed(next))
            continue;
          if (const double here = badness(view, next); here < least - 1e-9)
          {
            least = here;
            at = next;
            moved = true;
          }
        }
    }
  return at;
}

/// From a point of the line to where the bone ends across it, the least over directions within
/// `within_deg` of `towards`.
double across_bone(const View& view, Vec3 point, Vec3 along, Vec3 towards, double within_deg)
{
  const Vec3 first = normalized(geometry::without_component(towards, along));
  const Vec3 second = cross(along, first);
  double least = 1e9;
  for (double angle = -within_deg; angle <= within_deg; angle += 15)
  {
    const double a = geometry::radians(angle);
    const auto out = way_out(view.site, point, std::cos(a) * first + std::sin(a) * second, 30);
    least = std::min(least, out.value_or(30));
  }
  return least;
}

View view_of(const Site& site, const anatomy::BoneAnatomy& bone, PedicleSide side,
             const PedicleAim& aim, const std::string& place)
{
  const auto at = [&](const std::string& name)
  {
    const auto found = bone.landmarks.find(name);
    if (found == bone.landmarks.end())
      refuse(place,
             "a pedicle screw in " + bone.level + " needs the landmark \"" + name +
                 "\", which lies outside the image",
             "an image that shows the whole vertebra", "choose other levels");
    return found->second;
  };
  const double sign = side == PedicleSide::right ? 1 : -1;
  View view{site,
            at(to_string(side) + "_pedicle_centre"),
            at("canal_centre"),
            at("posterior_wall"),
            sign * bone.frame.medial, // a vertebra's `medial` is the patient's right
            bone.frame.anterior,
            bone.frame.proximal,
            0,
            aim.inwards_deg};
  view.tip = aim.share_of_body * view.forward(at("anterior_wall"));
  return view;
}

/// The narrowest places of the pedicle along the line.
void measure(const View& view, const Line& line, PedicleLine& result)
{
  result.free_mm = result.to_canal_mm = 1e9;
  for (double s = -behind_mm; s <= way_to(view, line, 0); s += step_mm)
  {
    const Vec3 p = line.at + s * line.along;
    if (view.forward(p) > 0)
      break;
    result.free_mm =
        std::min(result.free_mm, 2 * across_bone(view, p, line.along, view.sideways, 180));
    const Vec3 middle = view.canal + dot(p - view.canal, view.up) * view.up;
    result.to_canal_mm =
        std::min(result.to_canal_mm, across_bone(view, p, line.along, middle - p, 45));
  }
}
} // namespace

std::string to_string(PedicleSide side)
{
  return side == PedicleSide::right ? "right" : "left";
}

PedicleLine pedicle_line(const Site& site, const anatomy::BoneAnatomy& vertebra, PedicleSide side,
                         const PedicleAim& aim, const std::string& place)
{
  const View view = view_of(site, vertebra, side, aim, place);
  if (depth_at(site, view.pedicle) <= 0)
    refuse(place,
           "the centre of the " + to_string(side) + " pedicle of " + vertebra.level +
               " lies outside the bone",
           "pedicles of whole bone", "choose other levels, or check the landmark");
  const Tuning tuning = best(view);
  const Line line = line_of(view, tuning);
  const auto back = way_out(site, line.at, -line.along, farthest_entry_mm);
  if (!back)
    refuse(place,
           "behind the " + to_string(side) + " pedicle of " + vertebra.level +
               " the bone goes on to the image's border, or for more than " +
               std::to_string(static_cast<int>(farthest_entry_mm)) + " mm",
           "an image that shows the whole vertebra", "choose other levels");
  PedicleLine result;
  result.entry = line.at - *back * line.along;
  result.direction = line.along;
  result.inwards_deg = tuning[2];
  result.upwards_deg = tuning[3];
  const double front = dot(line.along, view.front);
  result.to_tip_mm = (view.tip - view.forward(result.entry)) / front;
  while (result.to_tip_mm > 0 &&
         view.aside(result.entry + result.to_tip_mm * line.along) < off_midline_mm)
    result.to_tip_mm -= step_mm; // screws of both sides must not meet
  measure(view, line, result);
  return result;
}

} // namespace calcar::implant
