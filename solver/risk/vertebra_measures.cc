// The form of a vertebra under load; see vertebra_form.hpp.
#include "geometry/rotation.hpp"
#include "model/inertia_relief.hpp"
#include "risk/spinal_canal.hpp"
#include "risk/vertebra_form.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace calcar::risk
{
namespace
{
/// From here on outwards, a column lies in the lateral quarter of the body's width.
constexpr double lateral_from = 0.5;

/// value = at_origin + to_right x + to_front y.
struct Plane
{
  double at_origin = 0, to_right = 0, to_front = 0;

  double at(Vec3 p) const { return at_origin + to_right * p.x + to_front * p.y; }
};

/// Least-squares plane through values over points; flat when they lie on one line.
Plane plane_through(const std::vector<Vec3>& points, const std::vector<double>& values)
{
  const double count = static_cast<double>(points.size());
  Vec3 centre;
  double mean = 0;
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    centre += points[n] / count;
    mean += values[n] / count;
  }
  double xx = 0, xy = 0, yy = 0, xv = 0, yv = 0;
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    const Vec3 d = points[n] - centre;
    xx += d.x * d.x;
    xy += d.x * d.y;
    yy += d.y * d.y;
    xv += d.x * values[n];
    yv += d.y * values[n];
  }
  Plane plane;
  const double determinant = xx * yy - xy * xy;
  if (determinant > 1e-9 * xx * yy)
  {
    plane.to_right = (xv * yy - yv * xy) / determinant;
    plane.to_front = (yv * xx - xv * xy) / determinant;
  }
  plane.at_origin = mean - plane.to_right * centre.x - plane.to_front * centre.y;
  return plane;
}

using Motion = std::function<Vec3(const SurfaceHit&)>;

/// An endplate's points over the body's section, and a number of each.
Plane plane_of(const std::vector<BodyColumn>& columns, SurfaceHit BodyColumn::*plate,
               const std::function<double(const SurfaceHit&)>& number)
{
  std::vector<Vec3> points;
  std::vector<double> values;
  for (const BodyColumn& column : columns)
  {
    points.push_back((column.*plate).at);
    values.push_back(number(column.*plate));
  }
  return plane_through(points, values);
}

/// Mean height of the columns that `belongs` takes; that of all where it takes none.
double mean_height(const VertebraForm& form, const Motion& moved,
                   const std::function<bool(const BodyColumn&)>& belongs)
{
  double sum = 0, count = 0, all = 0;
  for (const BodyColumn& column : form.columns)
  {
    const double height = column.height() + moved(column.top).z - moved(column.bottom).z;
    all += height / static_cast<double>(form.columns.size());
    if (!belongs(column))
      continue;
    sum += height;
    count += 1;
  }
  return count > 0 ? sum / count : all;
}

BodyHeights heights(const VertebraForm& form, const Motion& moved)
{
  const auto between = [&](const std::array<double, 2>& zone)
  {
    return mean_height(form, moved,
                       [&](const BodyColumn& c) {
                         return c.depth >= zone[0] && c.depth <= zone[1] &&
                                std::abs(c.across) <= form.zones.strip;
                       });
  };
  BodyHeights found;
  found.anterior = between(form.zones.anterior);
  found.middle = between(form.zones.middle);
  found.posterior = between(form.zones.posterior);
  found.right = mean_height(form, moved, [](const auto& c) { return c.across >= lateral_from; });
  found.left = mean_height(form, moved, [](const auto& c) { return c.across <= -lateral_from; });
  found.mean = mean_height(form, moved, [](const auto&) { return true; });
  return found;
}

/// How far an endplate's middle has gone into the body (along `inwards`) beyond its rim's plane.
double depression(const VertebraForm& form, SurfaceHit BodyColumn::*plate, double inwards,
                  const Motion& moved)
{
  std::vector<BodyColumn> rim;
  for (const BodyColumn& column : form.columns)
    if (column.out >= form.zones.rim_from)
      rim.push_back(column);
  if (rim.empty())
    return 0;
  const auto inward = [&](const SurfaceHit& hit) { return inwards * moved(hit).z; };
  const Plane plane = plane_of(rim, plate, inward);
  double most = 0;
  for (const BodyColumn& column : form.columns)
    if (column.out <= form.zones.centre_to)
      most = std::max(most, inward(column.*plate) - plane.at((column.*plate).at));
  return most;
}

/// Motions of wall and canal with the mean motion of what they are told against taken out.
struct Relative
{
  std::vector<Vec3> wall;
  std::vector<std::vector<Vec3>> canal; ///< of each section's outline
};

Relative relative_motion(const VertebraForm& form, const Motion& moved)
{
  std::vector<Vec3> points, motions;
  std::vector<double> weights;
  const auto add = [&](Vec3 at, Vec3 motion, double weight)
  {
    points.push_back(at);
    motions.push_back(motion);
    weights.push_back(weight);
  };
  for (const SurfaceHit& hit : form.wall)
    add(hit.at, moved(hit), 0);
  for (const CanalSection& section : form.canal)
    for (std::size_t n = 0; n < section.outline.size(); ++n)
      add(section.outline[n], section.bone[n] ? moved(*section.bone[n]) : Vec3{}, 0);
  for (const SurfaceHit& hit : form.still)
    add(hit.at, moved(hit), 1);
  model::remove_mean_motion(points, weights, motions);
  Relative relative;
  auto next = motions.begin() + static_cast<std::ptrdiff_t>(form.wall.size());
  relative.wall.assign(motions.begin(), next);
  for (const CanalSection& section : form.canal)
  {
    relative.canal.emplace_back(next, next + static_cast<std::ptrdiff_t>(section.outline.size()));
    next += static_cast<std::ptrdiff_t>(section.outline.size());
    for (std::size_t n = 0; n < section.outline.size(); ++n)
      if (!section.bone[n]) // an opening has no bone that moves
        relative.canal.back()[n] = {};
  }
  return relative;
}

void measure_canal(const VertebraForm& form, const Relative& relative, VertebraMeasures& measures)
{
  for (std::size_t s = 0; s < form.canal.size(); ++s)
  {
    std::vector<Vec3> outline = form.canal[s].outline;
    const double before = area_of(outline);
    for (std::size_t n = 0; n < outline.size(); ++n)
      outline[n] += relative.canal[s][n];
    const double area = area_of(outline);
    const double lost = 1 - area / before;
    measures.canal_lost = std::max(measures.canal_lost.value_or(lost), lost);
    if (measures.canal_mm2 && area >= *measures.canal_mm2)
      continue;
    measures.canal_mm2 = area;
    measures.canal_height =
        (form.canal[s].z - form.inferior_z) / (form.superior_z - form.inferior_z);
  }
}

Motion motion_of(const VertebraProbe& probe, std::span<const Vec3> displacement)
{
  if (displacement.empty())
    return [](const SurfaceHit&) { return Vec3{}; };
  return [&probe, displacement](const SurfaceHit& hit) { return probe.moved(hit, displacement); };
}
} // namespace

BodyHeights heights_of(const VertebraProbe& probe, const VertebraForm& form,
                       std::span<const Vec3> displacement)
{
  return heights(form, motion_of(probe, displacement));
}

VertebraMeasures measure(const VertebraProbe& probe, const VertebraForm& form,
                         std::span<const Vec3> displacement)
{
  const Motion moved = motion_of(probe, displacement);
  const auto height = [&](const SurfaceHit& hit) { return hit.at.z + moved(hit).z; };
  VertebraMeasures measures;
  measures.heights = heights(form, moved);
  const Plane upper = plane_of(form.columns, &BodyColumn::top, height);
  const Plane lower = plane_of(form.columns, &BodyColumn::bottom, height);
  measures.wedge_deg = geometry::degrees(std::atan(lower.to_front) - std::atan(upper.to_front));
  measures.lateral_wedge_deg =
      geometry::degrees(std::atan(lower.to_right) - std::atan(upper.to_right));
  measures.superior_depression_mm = depression(form, &BodyColumn::top, -1, moved);
  measures.inferior_depression_mm = depression(form, &BodyColumn::bottom, 1, moved);
  const Relative relative = relative_motion(form, moved);
  for (const Vec3& motion : relative.wall)
    measures.bulge_mm = std::max(measures.bulge_mm, -motion.y);
  measure_canal(form, relative, measures);
  return measures;
}

} // namespace calcar::risk
