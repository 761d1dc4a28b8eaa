#include "implant/end_screws.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/canal.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <iterator>

namespace calcar::implant
{
namespace
{
constexpr double oblique_mm = 8;     ///< of its way, where a screw enters at a slant
constexpr double short_of_mm = 5;    ///< that a tip may end before the place it aims at
constexpr double holding_mm = 10;    ///< of whole bone at the tip that make a screw hold
constexpr double above_bone_mm = 40; ///< that a head may stand off, along the screw

/// Head and direction of a screw.
struct Aim
{
  Vec3 head;
  Vec3 towards;
  double to_target_mm = 0; ///< 0: a direction alone
};

Aim aim_of(const Building& b, const EndScrewPlan& plan, const Path& line, Vec3 side)
{
  const anatomy::Frame& frame = b.site.bone().frame;
  const double at = b.plan.plate->top.empty() ? line.length() - plan.from_end_mm : plan.from_end_mm;
  const Vec3 outward = across(line.tangent(at), side);
  Vec3 beside = anatomy::named_vector(frame, plan.aside_mm);
  beside = geometry::without_component(beside, outward);
  beside = geometry::without_component(beside, line.tangent(at));
  const Vec3 head = line.point(at) + 0.5 * b.plan.plate->thickness_mm * outward + beside;
  if (plan.aim.empty())
    return {head, normalized(anatomy::named_vector(frame, plan.towards)), 0};
  const Vec3 target = landmark(b.site, plan.aim, plan.name, b.request.place) +
                      anatomy::named_vector(frame, plan.aim_offset_mm);
  return {head, normalized(target - head), norm(target - head)};
}

/// Why a screw on this way does not do; empty when it does.
std::string flaw_of(const Building& b, const Component& screw, const Aim& aim, double to_near)
{
  const EndScrews& end = *b.plan.end_screws;
  const double length = length_mm(screw);
  if (aim.to_target_mm > 0 && length < aim.to_target_mm - short_of_mm)
    return "bone or joint end " + format_number(aim.to_target_mm - length, 2) +
           " mm before the place it aims at";
  double wall = 1e9;
  for (double t = to_near + oblique_mm; t <= length; t += 1)
    wall = std::min(wall, depth_at(b.site, aim.head + t * aim.towards) - screw.radius_mm);
  if (wall < end.least_wall_mm)
    return "it would keep " + format_number(std::max(0.0, wall), 2) +
           " mm of bone around it, less than " + format_number(end.least_wall_mm);
  return "";
}

/// True when the bone about the tip is no lesion's.
bool holds_bone(const Building& b, const Component& screw)
{
  const Path line(screw.axis);
  return std::none_of(b.site.lesions.begin(), b.site.lesions.end(),
                      [&](const lesion::PlacedLesion& lesion)
                      {
                        for (double s = line.length() - holding_mm; s <= line.length(); s += 1)
                          if (lesion.solid.contains(line.point(s)))
                            return true;
                        return false;
                      });
}

/// Why screws were left out so far.
std::string left_out(const Building& b)
{
  std::string why;
  for (const Warning& warning : b.fixation.warnings)
    if (warning.code == "screw_left_out")
      why += (why.empty() ? " (" : "; ") + warning.text;
  return why.empty() ? why : why + ")";
}

std::optional<Component> end_screw(const Building& b, const EndScrewPlan& plan, const Aim& aim)
{
  const EndScrews& end = *b.plan.end_screws;
  double to_near = 0;
  while (to_near < above_bone_mm && depth_at(b.site, aim.head + to_near * aim.towards) <= 0)
    to_near += 0.1;
  auto screw =
      screw_along(b, end.screw, plan.name, aim.head, aim.towards, to_near, end.before_surface_mm);
  if (!screw)
    return std::nullopt;
  if (const std::string flaw = flaw_of(b, *screw, aim, to_near); !flaw.empty())
  {
    b.warn("screw_left_out", plan.name + " is left out: " + flaw);
    return std::nullopt;
  }
  screw->joined = {"plate"};
  return screw;
}
} // namespace

std::vector<Component> place_end_screws(const Building& b, const Path& line, Vec3 side)
{
  const EndScrews& end = *b.plan.end_screws;
  std::vector<Component> screws;
  for (const EndScrewPlan& plan : end.at)
    if (auto screw = end_screw(b, plan, aim_of(b, plan, line, side)))
      screws.push_back(std::move(*screw));
  const auto holding = std::count_if(screws.begin(), screws.end(),
                                     [&](const Component& c) { return holds_bone(b, c); });
  if (holding < end.least)
    refuse(b.request.place,
           "only " + format_number(static_cast<double>(holding)) + " of the " +
               format_number(static_cast<double>(end.at.size())) +
               " screws at the plate's end hold whole bone" + left_out(b),
           "at least " + format_number(end.least),
           "the bone's end is too small, too destroyed or not wholly in the image for this plate: "
           "choose another implant");
  return screws;
}

} // namespace calcar::implant
