#include "pipeline/segment_order.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
constexpr double most_turned_deg = 45;
constexpr double widest_gap = 0.75;     ///< of the height of a body
constexpr double deepest_overlap = 0.1; ///< of the same
constexpr double most_offset = 0.6;     ///< of the depth of a body

double between(const anatomy::BoneAnatomy& bone, const char* from, const char* to)
{
  return norm(bone.landmarks.at(from) - bone.landmarks.at(to));
}

/// Two neighbours, the upper one first.
struct Neighbours
{
  const anatomy::BoneAnatomy& upper;
  const anatomy::BoneAnatomy& lower;
  const std::string& place;

  std::string words() const { return upper.level + " and " + lower.level; }

  [[noreturn]] void refuse(const std::string& given, const std::string& allowed) const
  {
    throw InputError(Fault::data, {place, given, allowed,
                                   "check which label stands for which level, and look at the "
                                   "masks: the vertebrae must be neighbours in the order of their "
                                   "levels",
                                   ""});
  }

  void check_turn() const
  {
    const double tilt = geometry::angle_deg(upper.frame.proximal, lower.frame.proximal);
    const double turn = geometry::angle_deg(upper.frame.medial, lower.frame.medial);
    if (std::max(tilt, turn) > most_turned_deg)
      refuse(words() + " are turned against each other by " +
                 format_number(std::max(tilt, turn), 3) + " degrees",
             "at most " + format_number(most_turned_deg) + " degrees");
  }

  void check_place() const
  {
    const Vec3 up = normalized(upper.frame.proximal + lower.frame.proximal);
    const double height = (between(upper, "superior_endplate_centre", "inferior_endplate_centre") +
                           between(lower, "superior_endplate_centre", "inferior_endplate_centre")) /
                          2;
    const double depth = (between(upper, "anterior_wall", "posterior_wall") +
                          between(lower, "anterior_wall", "posterior_wall")) /
                         2;
    if (dot(upper.frame.origin - lower.frame.origin, up) <= 0)
      refuse(lower.level + " lies above " + upper.level, upper.level + " above " + lower.level);
    const Vec3 way = upper.landmarks.at("inferior_endplate_centre") -
                     lower.landmarks.at("superior_endplate_centre");
    const double gap = dot(way, up);
    if (gap > widest_gap * height)
      refuse("the endplates of " + words() + " that face each other are " + format_number(gap, 3) +
                 " mm apart: a vertebra may be missing between them",
             "at most " + format_number(widest_gap * height, 3) +
                 " mm, three quarters of a body's height");
    if (gap < -deepest_overlap * height)
      refuse("the bodies of " + words() + " overlap by " + format_number(-gap, 3) + " mm",
             "at most " + format_number(deepest_overlap * height, 2) + " mm");
    const double offset = norm(way - gap * up);
    if (offset > most_offset * depth)
      refuse("the bodies of " + words() + " are offset by " + format_number(offset, 3) + " mm",
             "at most " + format_number(most_offset * depth, 3) + " mm, 60 % of a body's depth");
  }
};
} // namespace

void require_in_order(const std::vector<anatomy::BoneAnatomy>& vertebrae, const std::string& place)
{
  for (std::size_t n = 0; n + 1 < vertebrae.size(); ++n)
  {
    const Neighbours pair{vertebrae[n], vertebrae[n + 1], place};
    pair.check_turn();
    pair.check_place();
  }
}

} // namespace calcar::pipeline
