#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/build.hpp"
#include "implant/canal.hpp"
#include "implant/extent.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::implant
{
namespace
{
constexpr double station_mm = 3;  ///< along the bone, where its surface is felt
constexpr double highest_mm = 90; ///< above the bone's middle, from where a surface is looked for

/// The bone's side where a plate may lie.
struct Bed
{
  std::vector<Vec3> middle;   ///< of the bone, proximal to distal
  std::vector<Vec3> outward;  ///< unit: the plate's side, across the bone there
  std::vector<Vec3> across;   ///< unit: along the plate's width
  std::vector<double> height; ///< of the surface over `middle`, the most over the plate's width
};

/// Height of the surface over a point, looking in from outside; nothing when no bone is met.
std::optional<double> surface_over(const Site& site, Vec3 middle, Vec3 outward)
{
  for (double h = highest_mm; h > 0; h -= 0.25)
  {
    const double here = depth_at(site, middle + h * outward);
    if (here <= 0)
      continue;
    const double above = depth_at(site, middle + (h + 0.25) * outward);
    return above < -500 ? h : h + 0.25 * here / (here - above);
  }
  return std::nullopt;
}

std::optional<double> highest_over_width(const Site& site, Vec3 middle, Vec3 outward, Vec3 across,
                                         double width)
{
  std::optional<double> highest;
  for (int n = -4; n <= 4; ++n)
  {
    const auto here = surface_over(site, middle + (0.125 * n * width) * across, outward);
    if (here)
      highest = std::max(highest.value_or(*here), *here);
  }
  return highest;
}

/// The line of the shaft's middle, straight on proximally towards a plate's upper end.
Path middle_line(const Building& b)
{
  const std::vector<Vec3>& shaft = b.site.bone().shaft_centres;
  if (shaft.size() < 4)
    refuse(b.request.place, "the image shows too little of the shaft for a plate",
           "at least 40 mm of it", "use an image that shows more of the bone");
  return Path(smoothed(shaft, 40));
}

/// Arc lengths of the line between which the bone has a side for the plate.
Span usable(const Building& b, const Path& line)
{
  double from = 0;
  if (!b.plan.plate->top.empty())
    from = level_on(line,
                    landmark(b.site, b.plan.plate->top, "the plate's upper end", b.request.place));
  return {from, line.length()};
}

Bed feel_bed(const Building& b, const Path& line, Span span)
{
  const PlatePlan& plan = *b.plan.plate;
  const Vec3 side = anatomy::named_vector(b.site.bone().frame, plan.side);
  Bed bed;
  for (double s = span.from; s <= span.to + 1e-9; s += station_mm)
  {
    const Vec3 axis = line.tangent(s);
    const Vec3 outward = across(axis, side);
    const Vec3 width = cross(axis, outward);
    const auto height = highest_over_width(b.site, line.point(s), outward, width, plan.width_mm);
    if (!height)
      continue;
    bed.middle.push_back(line.point(s));
    bed.outward.push_back(outward);
    bed.across.push_back(width);
    bed.height.push_back(*height);
  }
  if (bed.middle.size() < 5)
    refuse(b.request.place, "no side of the bone is found for the plate",
           "a shaft with its side in the image", "choose another implant");
  return bed;
}

/// Smooths the heights over 20 mm and lifts them so that no place of the bone stands through.
void smooth_heights(Bed& bed)
{
  std::vector<Vec3> curve;
  for (std::size_t n = 0; n < bed.height.size(); ++n)
    curve.push_back({station_mm * static_cast<double>(n), bed.height[n], 0});
  const std::vector<Vec3> smooth = smoothed(curve, 15);
  std::vector<double> lifted(bed.height.size());
  for (std::size_t n = 0; n < lifted.size(); ++n)
  {
    double lift = 0;
    for (std::size_t m = n < 4 ? 0 : n - 4; m < std::min(lifted.size(), n + 5); ++m)
      lift = std::max(lift, bed.height[m] - smooth[m].y);
    lifted[n] = smooth[n].y + lift;
  }
  bed.height = lifted;
}

/// Middle of the plate's thickness.
Path plate_line(const Bed& bed, const PlatePlan& plan)
{
  std::vector<Vec3> points;
  for (std::size_t n = 0; n < bed.middle.size(); ++n)
    points.push_back(bed.middle[n] +
                     (bed.height[n] + plan.gap_mm + 0.5 * plan.thickness_mm) * bed.outward[n]);
  return Path(points);
}

/// Where holes are along the plate's line, and which stretch the plate covers.
struct Layout
{
  int holes = 0;
  double from = 0;
  double to = 0;
  std::vector<double> at;
};

Layout layout(const PlatePlan& plan, int holes, double from)
{
  Layout result{holes, from, from + holes * plan.pitch_mm, {}};
  for (int n = 0; n < holes; ++n)
    result.at.push_back(from + (n + 0.5) * plan.pitch_mm);
  return result;
}

/// The stretch of all lesions along the plate; nothing without lesions.
std::optional<Span> lesions_along(const Building& b, const Path& line)
{
  std::optional<Span> all;
  for (const lesion::PlacedLesion& lesion : b.site.lesions)
    if (const auto span = lesion_span(b.site, lesion, line))
      all = all ? Span{std::min(all->from, span->from), std::max(all->to, span->to)} : span;
  return all;
}

bool clear_of(const std::optional<Span>& lesions, double at, double by)
{
  return !lesions || at < lesions->from - by || at > lesions->to + by;
}

/// Whether enough screws find whole bone on each side of the lesions, and the plate reaches
/// `beyond` mm past them.
bool holds(const PlatePlan& plan, const Layout& layout, const std::optional<Span>& lesions,
           double beyond)
{
  if (!lesions)
    return true;
  if (lesions->from - layout.from < beyond || layout.to - lesions->to < beyond)
    return false;
  const auto above = std::count_if(layout.at.begin(), layout.at.end(),
                                   [&](double s) { return s < lesions->from - plan.hole_mm; });
  const auto below = std::count_if(layout.at.begin(), layout.at.end(),
                                   [&](double s) { return s > lesions->to + plan.hole_mm; });
  return above >= plan.least_screws_each_side && below >= plan.least_screws_each_side;
}

/// The shortest plate that holds on both sides of the lesions, centred on them as far as the bone
/// allows.
Layout choose_layout(const Building& b, const Path& line, const Path& bone,
                     const std::optional<Span>& lesions)
{
  const PlatePlan& plan = *b.plan.plate;
  std::vector<int> sizes = plan.holes;
  if (const auto chosen = b.chosen("holes"))
    sizes = {static_cast<int>(std::lround(*chosen))};
  const double middle = (lesions ? 0.5 * (lesions->from + lesions->to) : 0.5 * line.length()) +
                        b.chosen("plate_centre_mm").value_or(0);
  const Vec3 bone_middle = bone.point(bone.nearest(line.point(middle)));
  if (!lesions && !b.chosen("holes"))
    sizes.erase(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2));
  const double rule =
      b.plan.spans.diameters * bone_diameter(b.site, bone_middle, line.tangent(middle));
  for (const double beyond : {rule, -1e9}) // by the rule of two diameters, or else as it goes
    for (const int holes : sizes)
    {
      const double length = holes * plan.pitch_mm;
      if (length > line.length())
        break;
      const double from =
          plan.top.empty() ? std::clamp(middle - 0.5 * length, 0.0, line.length() - length) : 0;
      const Layout tried = layout(plan, holes, from);
      if (holds(plan, tried, lesions, beyond))
        return tried;
    }
  refuse(b.request.place,
         "the side of the bone is " + format_number(line.length(), 3) +
             " mm long in the image: no plate of " + format_number(sizes.front()) + " to " +
             format_number(sizes.back()) + " holes finds " +
             format_number(plan.least_screws_each_side) +
             " screws in whole bone on each side of "
             "the lesion",
         "room for a plate on both sides of the lesion",
         "choose a nail, or an image that shows more of the bone");
}

/// A bar of rectangular section along a path: boxes one after the other.
geometry::Solid swept_bar(const std::vector<Vec3>& points, Vec3 side, double width,
                          double thickness)
{
  struct Piece
  {
    Vec3 middle, along, outward, across;
    double half = 0;
  };
  std::vector<Piece> pieces;
  for (std::size_t n = 1; n < points.size(); ++n)
  {
    const Vec3 along = normalized(points[n] - points[n - 1]);
    const Vec3 outward = across(along, side);
    pieces.push_back({0.5 * (points[n] + points[n - 1]), along, outward, cross(along, outward),
                      0.5 * norm(points[n] - points[n - 1]) + 0.05 * thickness});
  }
  const double reach = 0.5 * std::hypot(width, thickness);
  return {
      [=](const Vec3& p)
      {
        double nearest = 1e9;
        for (const Piece& piece : pieces)
        {
          const Vec3 d = p - piece.middle;
          if (norm(d) - piece.half - reach > nearest)
            continue;
          const Vec3 off{std::abs(dot(d, piece.along)) - piece.half,
                         std::abs(dot(d, piece.outward)) - 0.5 * thickness,
                         std::abs(dot(d, piece.across)) - 0.5 * width};
          const Vec3 out{std::max(off.x, 0.), std::max(off.y, 0.), std::max(off.z, 0.)};
          nearest = std::min(nearest, norm(out) + std::min(std::max({off.x, off.y, off.z}), 0.0));
        }
        return nearest;
      }};
}

Component plate_component(const Building& b, const Path& line, const Layout& chosen)
{
  const PlatePlan& plan = *b.plan.plate;
  Component plate;
  plate.name = "plate";
  plate.kind = ComponentKind::plate;
  plate.alloy = b.plan.alloy;
  plate.axis = line.stretch(chosen.from, chosen.to);
  plate.solid = swept_bar(plate.axis, anatomy::named_vector(b.site.bone().frame, plan.side),
                          plan.width_mm, plan.thickness_mm);
  plate.reach_mm = 0.5 * std::hypot(plan.width_mm, plan.thickness_mm);
  plate.radius_mm = 0.5 * plan.thickness_mm;
  const CrossSection whole = rectangle_section(plan.width_mm, plan.thickness_mm);
  plate.runs = {{0, chosen.to - chosen.from, whole, stiffness(whole, b.alloy)}};
  take_least(plate);
  plate.weakest = holed_section(plan.width_mm, plan.thickness_mm, plan.hole_mm);
  plate.to_bone = b.request.to_bone.value_or(b.plan.to_bone);
  plate.priority = 3;
  plate.size =
      format_number(chosen.holes) + " holes, " + format_number(chosen.to - chosen.from, 4) + " mm";
  return plate;
}

/// Screws in the holes that lie clear of the lesions.
int fill_holes(const Building& b, const Path& line, const Layout& chosen,
               const std::optional<Span>& lesions)
{
  const PlatePlan& plan = *b.plan.plate;
  const Vec3 side = anatomy::named_vector(b.site.bone().frame, plan.side);
  int count = 0;
  for (std::size_t n = 0; n < chosen.at.size(); ++n)
  {
    const double s = chosen.at[n];
    if (!clear_of(lesions, s, plan.hole_mm))
      continue;
    const Vec3 outward = across(line.tangent(s), side);
    const Vec3 head = line.point(s) + 0.5 * plan.thickness_mm * outward;
    double to_surface = plan.thickness_mm;
    while (to_surface < 30 && depth_at(b.site, head - to_surface * outward) <= 0)
      to_surface += 0.1;
    auto screw = screw_along(b, "screw " + std::to_string(n + 1), head, -outward, to_surface, {});
    if (!screw)
      continue;
    screw->joined = {"plate"};
    b.fixation.components.push_back(std::move(*screw));
    ++count;
  }
  return count;
}
} // namespace

void build_plate(const Building& b)
{
  const PlatePlan& plan = *b.plan.plate;
  const Path middle = middle_line(b);
  Bed bed = feel_bed(b, middle, usable(b, middle));
  smooth_heights(bed);
  const Path line = plate_line(bed, plan);
  const auto lesions = lesions_along(b, line);
  const Layout chosen = choose_layout(b, line, middle, lesions);
  b.fixation.components.push_back(plate_component(b, line, chosen));
  const int screws = fill_holes(b, line, chosen, lesions);
  if (screws < 2 * plan.least_screws_each_side)
    refuse(b.request.place, "only " + format_number(screws) + " screws of the plate find bone",
           "at least " + format_number(2 * plan.least_screws_each_side),
           "choose a longer plate, or an image that shows more of the bone");
  auto& measures = b.fixation.measures;
  measures["plate_length_mm"] = chosen.to - chosen.from;
  measures["plate_holes"] = chosen.holes;
  measures["screws"] = screws;
}

} // namespace calcar::implant
