#include "implant/plate_bed.hpp"

#include "base/text.hpp"
#include "implant/canal.hpp"
#include "implant/refusal.hpp"
#include "implant/shaft.hpp"

#include <algorithm>
#include <cmath>

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

Bed feel_bed(const Building& b, const Path& line, Span span, Vec3 side)
{
  Bed bed;
  for (double s = span.from; s <= span.to + 1e-9; s += station_mm)
  {
    const Vec3 axis = line.tangent(s);
    const Vec3 outward = across(axis, side);
    const Vec3 width = cross(axis, outward);
    const auto height =
        highest_over_width(b.site, line.point(s), outward, width, b.plan.plate->width_mm);
    if (!height)
      continue;
    bed.middle.push_back(line.point(s));
    bed.outward.push_back(outward);
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

} // namespace

const ScrewPlan& plate_screw(const Building& b)
{
  const ScrewPlan& usual = *b.plan.screw;
  if (!b.request.screws || *b.request.screws == usual.kind)
    return usual;
  if (b.plan.other_screw && *b.request.screws == b.plan.other_screw->kind)
    return *b.plan.other_screw;
  throw InputError(
      Fault::command,
      {b.request.place,
       "\"" + b.plan.record.name + "\" with screws of the kind " + to_string(*b.request.screws),
       to_string(usual.kind) +
           (b.plan.other_screw ? ", " + to_string(b.plan.other_screw->kind) : ""),
       "choose a kind that this plate takes", ""});
}

double plate_gap(const Building& b)
{
  const bool drawn = plate_screw(b).kind == ComponentKind::cortical_screw &&
                     b.plan.screw->kind != ComponentKind::cortical_screw;
  const bool bonded = b.request.to_bone.value_or(b.plan.to_bone) == Interface::bonded;
  const double gap =
      std::max(drawn ? 0 : b.plan.plate->gap_mm, bonded ? 0 : b.request.least_gap_mm);
  b.fixation.measures["plate_gap_mm"] = gap;
  return gap;
}

Path middle_line(const Building& b)
{
  const std::vector<Vec3> shaft = shaft_centres(b.site);
  const bool stump = b.site.bone().kind == anatomy::BoneKind::femur && !b.site.bone().whole;
  if (shaft.size() < 4)
    refuse(b.request.place, "the image shows too little of the shaft for a plate",
           "at least 40 mm of it",
           stump ? "use an image that shows more of the bone, or extend the shaft ([bone] "
                   "extend_shaft_mm)"
                 : "use an image that shows more of the bone");
  return Path(smoothed(shaft, 40));
}

Path bent_line(const Building& b, const Path& middle, Span span, Vec3 side, double gap_mm)
{
  Bed bed = feel_bed(b, middle, span, side);
  smooth_heights(bed);
  std::vector<Vec3> points;
  for (std::size_t n = 0; n < bed.middle.size(); ++n)
    points.push_back(bed.middle[n] +
                     (bed.height[n] + gap_mm + 0.5 * b.plan.plate->thickness_mm) * bed.outward[n]);
  return Path(points);
}

Component plate_component(const Building& b, const std::vector<Vec3>& axis, Vec3 side, int holes)
{
  const PlatePlan& plan = *b.plan.plate;
  Component plate;
  plate.name = "plate";
  plate.kind = ComponentKind::plate;
  plate.alloy = b.plan.alloy;
  plate.axis = axis;
  plate.solid = swept_bar(axis, side, plan.width_mm, plan.thickness_mm);
  plate.reach_mm = 0.5 * std::hypot(plan.width_mm, plan.thickness_mm);
  plate.radius_mm = 0.5 * plan.thickness_mm;
  const CrossSection whole = rectangle_section(plan.width_mm, plan.thickness_mm);
  const double length = Path(axis).length();
  plate.runs = {{0, length, whole, stiffness(whole, b.alloy)}};
  take_least(plate);
  plate.weakest = holed_section(plan.width_mm, plan.thickness_mm, plan.hole_mm);
  plate.to_bone = b.request.to_bone.value_or(b.plan.to_bone);
  plate.priority = 3;
  plate.size = format_number(holes) + " holes, " + format_number(length, 4) + " mm";
  return plate;
}

std::optional<Component> screw_through(const Building& b, const std::string& name, const Path& line,
                                       double at, Vec3 side)
{
  const double thickness = b.plan.plate->thickness_mm;
  const Vec3 outward = across(line.tangent(at), side);
  const Vec3 head = line.point(at) + 0.5 * thickness * outward;
  double to_surface = thickness;
  while (to_surface < 30 && depth_at(b.site, head - to_surface * outward) <= 0)
    to_surface += 0.1;
  auto screw = screw_along(b, plate_screw(b), name, head, -outward, to_surface, {});
  if (screw)
    screw->joined = {"plate"};
  return screw;
}

} // namespace calcar::implant
