#include "anatomy/synthetic_segment.hpp"

#include "anatomy/vertebra_levels.hpp"
#include "anatomy/vertebra_synthetic.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::degrees;
using geometry::radians;

constexpr std::size_t fewest = 2;
constexpr std::size_t most = 5;
constexpr int first_label = 11;
constexpr int first_plate_label = 21;

[[noreturn]] void refuse_levels(const std::string& given, const std::string& remedy)
{
  throw InputError(Fault::command,
                   Problem{"levels of a spine segment", given,
                           format_number(1.0 * fewest) + " to " + format_number(1.0 * most) +
                               " neighbours of " + join(vertebra_levels()) +
                               ", from cranial to caudal: L2:L4 or L2,L3,L4",
                           remedy, ""});
}

std::size_t number_of(const std::string& level)
{
  const auto& all = vertebra_levels();
  const auto found = std::find(all.begin(), all.end(), level);
  if (found == all.end())
  {
    refuse_levels("unknown level \"" + level + "\"", suggestion(level, all));
  }
  return static_cast<std::size_t>(found - all.begin());
}

void check_levels(const std::vector<std::string>& levels)
{
  const std::string given = join(levels);
  for (std::size_t n = 0; n < levels.size(); ++n)
  {
    if (number_of(levels[n]) != number_of(levels.front()) + n)
    {
      refuse_levels(given + " are no neighbours from cranial to caudal",
                    "leave none out between them and write the upper ones first");
    }
  }
  if (levels.size() < fewest || levels.size() > most)
  {
    refuse_levels(format_number(1.0 * static_cast<double>(levels.size())) + " level" +
                      (levels.size() == 1 ? "" : "s") + ": " + given,
                  levels.size() < fewest ? "make a vertebra alone with calcar phantom vertebra"
                                         : "choose fewer");
  }
}

std::size_t index_of(const std::vector<std::string>& levels, const std::string& index)
{
  if (index.empty())
  {
    return (levels.size() - 1) / 2;
  }
  const auto found = std::find(levels.begin(), levels.end(), index);
  if (found == levels.end())
  {
    throw InputError(Fault::command, Problem{"index level of a spine segment", index, join(levels),
                                             "choose one of the segment's levels", ""});
  }
  return static_cast<std::size_t>(found - levels.begin());
}

/**
 * Where the vertebra below lies in the coordinates of the one above, both as they are built: turned
 * about x by the slopes of the two rims and the wedge of the disc, its upper rim's middle below the
 * lower rim's by the disc's height, half way between the directions of the two rims.
 */
Placement below(const VertebraShape& upper, const VertebraShape& lower)
{
  const double wedge = radians(upper.of.at("disc_wedge_deg"));
  const double rim = rim_slope(upper, -1);
  const double half_way = rim - 0.5 * wedge;
  const Mat3 axes = geometry::rotation_about({1, 0, 0}, rim - wedge - rim_slope(lower, 1));
  const Vec3 down{0, std::sin(half_way), -std::cos(half_way)};
  const Vec3 top = Vec3{0, 0, -0.5 * upper.height} + upper.of.at("disc_height_mm") * down;
  return {axes, top - axes * Vec3{0, 0, 0.5 * lower.height}};
}

/// A vertebra with the inferior joints that the one below asks for.
std::shared_ptr<const VertebraShape> shape_of(const Dimensions& of_l3, std::size_t level)
{
  const auto& all = vertebra_levels();
  const Dimensions own = at_level(of_l3, all[level]);
  const auto alone = std::make_shared<const VertebraShape>(vertebra_shape(own));
  if (level + 1 == all.size())
  {
    return alone;
  }
  const auto next =
      std::make_shared<const VertebraShape>(vertebra_shape(at_level(of_l3, all[level + 1])));
  const Placement place = below(*alone, *next);
  const JointBelow joint{place.apply(next->superior_facet), place.axes * next->superior_normal,
                         next->superior_radius,
                         [next, place](Vec3 p) { return distance(*next, place.back(p)); }};
  return std::make_shared<const VertebraShape>(vertebra_shape(own, joint));
}

} // namespace

Placement compose(const Placement& first, const Placement& second)
{
  return {second.axes * first.axes, second.apply(first.at)};
}

Placement inverse(const Placement& placement)
{
  return {transpose(placement.axes), placement.back({0, 0, 0})};
}

SegmentBox box_of(const SyntheticSegment& segment)
{
  SegmentBox box{{1e9, 1e9, 1e9}, {-1e9, -1e9, -1e9}};
  for (const auto& [body, in_index] : segment.parts)
  {
    for (int corner = 0; corner < 8; ++corner)
    {
      const Vec3 p = in_index.apply({corner & 1 ? body.high.x : body.low.x,
                                     corner & 2 ? body.high.y : body.low.y,
                                     corner & 4 ? body.high.z : body.low.z});
      for (std::size_t a = 0; a < 3; ++a)
      {
        box.low[a] = std::min(box.low[a], p[a]);
        box.high[a] = std::max(box.high[a], p[a]);
      }
    }
  }
  return box;
}

std::vector<std::string> segment_levels(const std::string& words)
{
  std::vector<std::string> levels;
  const std::size_t colon = words.find(':');
  if (colon != std::string::npos)
  {
    const std::size_t from = number_of(words.substr(0, colon));
    const std::size_t to = number_of(words.substr(colon + 1));
    for (std::size_t n = from; n <= to; ++n)
    {
      levels.push_back(vertebra_levels()[n]);
    }
    if (from > to)
    {
      refuse_levels(words, "write the upper level first");
    }
  }
  else
  {
    for (std::size_t from = 0; from <= words.size();)
    {
      const std::size_t to = std::min(words.find(',', from), words.size());
      levels.push_back(words.substr(from, to - from));
      from = to + 1;
    }
  }
  check_levels(levels);
  return levels;
}

SyntheticSegment spine_segment(const SyntheticPerson& person,
                               const std::vector<std::string>& levels, const Dimensions& given)
{
  check_levels(levels);
  SyntheticSegment segment;
  segment.index = index_of(levels, person.level);
  const Dimensions of_l3 = dimensions_with(BoneKind::vertebra, person, given);
  std::vector<std::shared_ptr<const VertebraShape>> shapes;
  std::vector<Placement> in_first; ///< of the coordinates the parts' frames have
  Placement built;                 ///< of those the shape is built in
  for (std::size_t n = 0; n < levels.size(); ++n)
  {
    shapes.push_back(shape_of(of_l3, number_of(levels[n])));
    if (n > 0)
    {
      built = compose(below(*shapes[n - 1], *shapes[n]), built);
      const Dimensions& above = shapes[n - 1]->of;
      segment.discs.push_back({above.at("disc_height_mm"), above.at("disc_wedge_deg")});
    }
    FramedVertebra made = framed_vertebra(shapes[n], person, levels[n]);
    made.body.label = first_label + static_cast<int>(n);
    made.body.plate_label = first_plate_label + static_cast<int>(n);
    in_first.push_back(compose(made.frame, built));
    segment.parts.push_back({std::move(made.body), {}});
  }
  const Placement to_index = inverse(in_first[segment.index]);
  for (std::size_t n = 0; n < levels.size(); ++n)
  {
    segment.parts[n].in_index = compose(in_first[n], to_index);
  }
  const Vec3 front = built.axes * Vec3{0, std::cos(rim_slope(*shapes.back(), -1)),
                                       std::sin(rim_slope(*shapes.back(), -1))};
  segment.lordosis_deg = degrees(rim_slope(*shapes.front(), 1) - std::atan2(front.z, front.y));
  return segment;
}

} // namespace calcar::anatomy
