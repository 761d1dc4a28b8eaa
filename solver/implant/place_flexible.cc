#include "implant/place_flexible.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/canal.hpp"
#include "implant/place_flexible_course.hpp"
#include "implant/refusal.hpp"
#include "implant/template_values.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double tunnel_mm = 25; ///< along the bone, from the entry to where the canal guides
constexpr double apart_mm = 0.3; ///< between the two where they cross
constexpr double step_mm = NailCourse::step_mm;
constexpr int sweeps = 20000;   ///< of the search for the shape of least bending
constexpr double chord_mm = 12; ///< over which a bend is measured

std::string mm(double value)
{
  return format_number(std::round(10 * value) / 10);
}

double choose_diameter(const Building& b, double isthmus)
{
  const FlexiblePlan& plan = *b.plan.flexible;
  if (const auto chosen = b.chosen("nail_diameter_mm"))
  {
    if (2 * *chosen > isthmus)
      refuse(b.request.place,
             "canal " + mm(isthmus) + " mm at the isthmus: two nails of " + mm(*chosen) +
                 " mm do not pass",
             "two nails side by side", "choose thinner ones");
    return *chosen;
  }
  const double most = plan.share_of_canal * isthmus;
  if (most < plan.diameters_mm.front())
    refuse(b.request.place,
           "canal " + mm(isthmus) + " mm at the isthmus: each nail may take " + mm(most) +
               " mm, the thinnest is " + mm(plan.diameters_mm.front()),
           "a canal that two nails pass", "choose a plate");
  const double diameter =
      *(std::upper_bound(plan.diameters_mm.begin(), plan.diameters_mm.end(), most + 1e-9) - 1);
  if (diameter < plan.least_share * isthmus)
    b.warn("thin_nails", "canal " + mm(isthmus) + " mm at the isthmus: the thickest nails, " +
                             mm(diameter) + " mm, fill less of it than two nails should");
  return diameter;
}

/// Where one nail lies across the canal's axis: from its own side's surface (positive) over the far
/// wall (negative) in the middle to its own side again.
struct Bow
{
  double start = 0, apex = 0, end = 0; ///< mm from the axis towards the nail's side
  double beside = 0;                   ///< towards the front or back: constant
};

/// How far a nail may lie from the axis on its way, at place n of the course.
double limit(const NailCourse& course, std::size_t n, double radius, double beside)
{
  const double room = course.room[n] - radius;
  return std::sqrt(std::max(0.0, room * room - beside * beside));
}

/// The same towards the nail's own side: near its entry it lies in the hole through the wall.
double own_side(const NailCourse& course, const Bow& bow, std::size_t n, double radius)
{
  const double room = limit(course, n, radius, bow.beside);
  const double in_hole = 1 - step_mm * static_cast<double>(n) / tunnel_mm;
  return room + std::max(0.0, bow.start - room) * std::max(0.0, in_hole);
}

/// The value of place n that makes the squared bends about it least, its neighbours standing still.
double least_bent(const std::vector<double>& offset, std::size_t n)
{
  const auto bend = [&](std::size_t m) { return offset[m - 1] - 2 * offset[m] + offset[m + 1]; };
  double pull = 0, weight = 0;
  for (std::size_t m = std::max<std::size_t>(n, 2) - 1; m <= std::min(n + 1, offset.size() - 2);
       ++m)
  {
    const double share = m == n ? -2 : 1;
    pull += share * bend(m);
    weight += share * share;
  }
  return offset[n] - pull / weight;
}

/// The nail's offsets from the canal's axis: of all ways from the entry over the far wall to the
/// tip that stay in the canal the one that bends least. From two parabolas that meet at the wall.
std::vector<double> offsets(const NailCourse& course, const Bow& bow, double radius)
{
  const std::size_t last = course.room.size() - 1, apex = last / 2;
  std::vector<double> offset;
  for (std::size_t n = 0; n <= last; ++n)
  {
    const double half = static_cast<double>(n < apex ? apex : last - apex);
    const double share = (static_cast<double>(n) - static_cast<double>(apex)) / half;
    offset.push_back(bow.apex + ((n < apex ? bow.start : bow.end) - bow.apex) * share * share);
  }
  for (int sweep = 0; sweep < sweeps; ++sweep)
    for (std::size_t n = 1; n < last; ++n)
      if (n != apex)
        offset[n] = std::clamp(least_bent(offset, n), -limit(course, n, radius, bow.beside),
                               own_side(course, bow, n, radius));
  return offset;
}

/// Radius of the circle through three points of a path, the least along it.
double least_bend_radius(const Path& path)
{
  double least = 1e9;
  for (double s = chord_mm; s + chord_mm <= path.length(); s += 2)
  {
    const Vec3 a = path.point(s - chord_mm), m = path.point(s), c = path.point(s + chord_mm);
    const double area = norm(cross(m - a, c - a)); // twice the triangle's
    if (area > 1e-9)
      least = std::min(least, norm(m - a) * norm(c - m) * norm(c - a) / (2 * area));
  }
  return least;
}

/// The way of one nail, in at the side that is named (medial or lateral).
Path nail_way(const Building& b, const NailCourse& course, const std::string& side, double radius)
{
  const FlexiblePlan& plan = *b.plan.flexible;
  const anatomy::Frame& frame = b.site.bone().frame;
  const Vec3 outwards = anatomy::direction(frame, side);
  const double front = side == "medial" ? 1 : -1; // the medial one lies in front
  Bow bow;
  bow.beside = radius + 0.5 * apart_mm;
  const auto out =
      way_out(b.site, course.axis.point(0), across(course.axis.tangent(0), outwards), 80);
  if (!out || *out <= 0)
    refuse(b.request.place,
           "the " + side + " surface of the bone at the nail's entry lies outside the image",
           "an image that shows it", "use an image that shows more of the bone");
  bow.start = *out;
  const std::size_t last = course.room.size() - 1;
  bow.apex = -limit(course, last / 2, radius, bow.beside);
  bow.end = plan.spread * limit(course, last, radius, bow.beside);
  const std::vector<double> offset = offsets(course, bow, radius);
  std::vector<Vec3> points;
  for (std::size_t n = 0; n <= last; ++n)
  {
    const double s = step_mm * static_cast<double>(n);
    const Vec3 along = course.axis.tangent(s);
    const Vec3 aside = across(along, outwards);
    const Vec3 forward = across(along, geometry::without_component(frame.anterior, aside));
    points.push_back(course.axis.point(s) + offset[n] * aside + front * bow.beside * forward);
  }
  return Path(points);
}

Component nail(const Building& b, const Path& path, const std::string& side, double diameter)
{
  const double radius = 0.5 * diameter;
  Component part;
  part.name = side + " nail";
  part.kind = ComponentKind::nail;
  part.alloy = b.plan.alloy;
  part.axis = path.points();
  std::vector<geometry::TubePoint> tube;
  for (const Vec3& p : path.stretch(0, path.length() - radius))
    tube.push_back({p, radius});
  part.solid = geometry::swept_tube(tube);
  part.radius_mm = part.reach_mm = radius;
  const CrossSection section = round_section(diameter);
  part.runs = {{0, path.length(), section, stiffness(section, b.alloy)}};
  take_least(part);
  part.to_bone = b.request.to_bone.value_or(b.plan.to_bone);
  part.priority = 3;
  part.size = mm(diameter) + " mm x " + mm(path.length()) + " mm";
  return part;
}

void judge_bend(const Building& b, const std::vector<Component>& nails, double diameter)
{
  double radius = 1e9;
  for (const Component& part : nails)
    radius = std::min(radius, least_bend_radius(Path(part.axis)));
  b.fixation.measures["nail_bend_radius_mm"] = radius;
  const double strain = 0.5 * diameter / radius;
  if (strain > b.plan.flexible->most_strain)
    b.warn("bend", "the nails are bent to a radius of " + mm(radius) +
                       " mm: " + format_number(std::round(1000 * strain) / 10) +
                       " % strain in a nail that was straight; they must be bent to shape before "
                       "they go in");
}
} // namespace

FlexiblePlan read_flexible(const Table& table)
{
  FlexiblePlan plan;
  plan.diameters_mm = rising(table, "diameters_mm");
  plan.share_of_canal = share(table, "share_of_canal");
  plan.least_share = share(table, "least_share");
  plan.retrograde = table.choice("entry", {"distal", "proximal"}) == "distal";
  plan.entry_from_plate_mm = size(table, "entry_from_plate_mm");
  plan.tip_to_plate_mm = size(table, "tip_to_plate_mm");
  plan.spread = share(table, "spread");
  plan.most_strain = size(table, "most_strain");
  table.require(!(plan.share_of_canal > 0.5), "share_of_canal", "at most 0.5: there are two");
  return plan;
}

void build_flexible_nails(const Building& b)
{
  const NailCourse course = nail_course(b);
  if (course.axis.length() < 4 * tunnel_mm)
    refuse(b.request.place,
           "the canal is " + mm(course.axis.length()) + " mm long between entry and tips",
           "at least " + mm(4 * tunnel_mm) + " mm", "choose a plate");
  const double diameter = choose_diameter(b, course.isthmus_mm);
  std::vector<Component> nails;
  for (const char* side : {"medial", "lateral"})
    nails.push_back(nail(b, nail_way(b, course, side, 0.5 * diameter), side, diameter));
  judge_bend(b, nails, diameter);
  auto& measures = b.fixation.measures;
  measures["isthmus_mm"] = course.isthmus_mm;
  measures["nail_diameter_mm"] = diameter;
  measures["canal_fill"] = diameter / course.isthmus_mm;
  measures["nail_length_mm"] = std::min(length_mm(nails[0]), length_mm(nails[1]));
  for (Component& part : nails)
    b.fixation.components.push_back(std::move(part));
}

} // namespace calcar::implant
