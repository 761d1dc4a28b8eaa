#include "anatomy/femur_axes.hpp"

#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

using geometry::angle_deg;
using geometry::pi;
using geometry::without_component;

struct NeckScan
{
  std::vector<double> at; ///< distance from the head centre, mm
  std::vector<Section> sections;
  std::size_t narrowest = 0;
};

/// A point of the bone whichever way it lies: sections sampled from its direction turn with the
/// bone.
Vec3 body_centre(const BoneShape& shape)
{
  Vec3 sum;
  for (const SurfacePoint& s : shape.surface)
  {
    sum += s.position;
  }
  return sum / static_cast<double>(shape.surface.size());
}

/// Sections along a line from the head centre. Their number shrinks where the line leaves the bone.
NeckScan scan_neck(const BoneShape& shape, const FemoralHead& head, Vec3 direction, double end)
{
  NeckScan scan;
  const Vec3 towards = body_centre(shape) - head.centre;
  for (double t = 0.5 * head.radius; t <= end; t += 1.0)
  {
    const Section s =
        section(shape, head.centre + t * direction, direction, towards, 2 * head.radius, 1);
    if (s.area <= 0)
    {
      break;
    }
    scan.at.push_back(t);
    scan.sections.push_back(s);
  }
  for (std::size_t n = 0; n < scan.sections.size() && scan.at[n] <= 2.0 * head.radius; ++n)
  {
    scan.narrowest =
        scan.sections[n].area < scan.sections[scan.narrowest].area ? n : scan.narrowest;
  }
  // The area is flat around its least value: the middle of what is within 3 % of it moves less with
  // the voxels.
  const double near = 1.03 * (scan.sections.empty() ? 0 : scan.sections[scan.narrowest].area);
  std::size_t first = scan.narrowest;
  std::size_t last = scan.narrowest;
  while (first > 0 && scan.sections[first - 1].area < near)
  {
    --first;
  }
  while (last + 1 < scan.sections.size() && scan.sections[last + 1].area < near)
  {
    ++last;
  }
  scan.narrowest = (first + last) / 2;
  return scan;
}

/// Mean centroid of the sections within 3 mm of the narrowest one.
Vec3 neck_centroid(const NeckScan& scan)
{
  Vec3 sum;
  double count = 0;
  for (std::size_t n = 0; n < scan.at.size(); ++n)
  {
    if (std::abs(scan.at[n] - scan.at[scan.narrowest]) < 3)
    {
      sum += scan.sections[n].centre;
      count += 1;
    }
  }
  return sum / count;
}

/// Direction across which the outward normals of the side wall point least: the smallest axis of
/// sum n n^T.
Vec3 direction_by_normals(const BoneShape& shape, const FemoralShaft& guess, Vec3 head_centre,
                          double from, double to, double& flare)
{
  std::vector<Vec3> normals;
  for (const SurfacePoint& s : shape.surface)
  {
    const double along = dot(s.position - head_centre, guess.distal);
    if (along > from && along < to && std::abs(dot(s.normal, guess.distal)) < 0.45)
    {
      // Both signs, so that the moments are about zero.
      normals.push_back(s.normal);
      normals.push_back(-s.normal);
    }
  }
  if (normals.size() < 100)
  {
    return guess.distal;
  }
  const EigenPair least = eigenpairs(geometry::moments(normals).moments)[2];
  const Vec3 d = least.direction;
  flare = least.value;
  return dot(d, guess.distal) < 0 ? -d : d;
}

struct Centreline
{
  geometry::FittedLine line;
  double length = 0;
  double radius = 0; ///< mean sqrt(area / pi)
};

/// The line through the centroids of the sections between two levels. Nothing when there are fewer
/// than three.
std::optional<Centreline> centreline(const BoneShape& shape, const FemoralShaft& shaft,
                                     const FemoralHead& head, double from, double to)
{
  std::vector<Vec3> centres;
  double area = 0;
  for (double s = from; s <= to; s += 2.0)
  {
    const Vec3 start = shaft_at(shaft, head.centre, s);
    const Section cut =
        section(shape, start, shaft.distal, head.centre - start, 2.5 * head.radius, 2, 48);
    if (cut.area > 0 && cut.closed)
    {
      centres.push_back(cut.centre);
      area += cut.area;
    }
  }
  const auto line = centres.size() < 3 ? std::nullopt : geometry::fit_line(centres);
  if (!line)
  {
    return std::nullopt;
  }
  return Centreline{*line, norm(centres.back() - centres.front()),
                    std::sqrt(area / (pi * static_cast<double>(centres.size())))};
}

} // namespace

double extent_along(const BoneShape& shape, Vec3 from, Vec3 direction)
{
  double extent = 0;
  for (const SurfacePoint& s : shape.surface)
  {
    extent = std::max(extent, dot(s.position - from, direction));
  }
  return extent;
}

Vec3 shaft_at(const FemoralShaft& shaft, Vec3 head_centre, double distance)
{
  return shaft.point + (distance - dot(shaft.point - head_centre, shaft.distal)) * shaft.distal;
}

std::optional<FemoralNeck> find_femoral_neck(const BoneShape& shape, const FemoralHead& head)
{
  Vec3 direction = head.towards_neck;
  NeckScan scan;
  for (int pass = 0; pass < 40; ++pass)
  {
    scan = scan_neck(shape, head, direction, 2.0 * head.radius);
    if (scan.sections.size() < 10)
    {
      return std::nullopt;
    }
    const Vec3 next = normalized(neck_centroid(scan) - head.centre);
    const double turned = angle_deg(next, direction);
    direction = next;
    if (turned < 1e-6)
    {
      break;
    }
  }
  scan = scan_neck(shape, head, direction, 2.6 * head.radius);
  if (scan.sections.size() < 10)
  {
    return std::nullopt;
  }
  FemoralNeck neck;
  neck.direction = direction;
  neck.centre = scan.sections[scan.narrowest].centre;
  neck.distance = scan.at[scan.narrowest];
  neck.area = scan.sections[scan.narrowest].area;
  double widest = neck.area;
  for (std::size_t n = scan.narrowest; n < scan.sections.size(); ++n)
  {
    widest = std::max(widest, scan.sections[n].area);
  }
  neck.widening = widest / neck.area;
  return neck;
}

std::optional<FemoralShaft> guess_shaft(const BoneShape& shape, const FemoralHead& head,
                                        const FemoralNeck& neck)
{
  double farthest = 0;
  for (const SurfacePoint& s : shape.surface)
  {
    farthest = std::max(farthest, norm(s.position - head.centre));
  }
  // Shells around the head cut the shaft nearly square; the one chosen lies well below the
  // trochanters if it can.
  const double shell = std::min(farthest - 0.3 * head.radius, 7 * head.radius);
  if (shell < 2.6 * head.radius)
  {
    return std::nullopt;
  }
  std::vector<Vec3> points;
  for (const SurfacePoint& s : shape.surface)
  {
    if (std::abs(norm(s.position - head.centre) - shell) < std::max(3.0, shape.voxel_mm))
    {
      points.push_back(s.position);
    }
  }
  if (points.empty())
  {
    return std::nullopt;
  }
  FemoralShaft guess;
  const Vec3 trochanters = head.centre + 2.3 * head.radius * neck.direction;
  guess.point = geometry::moments(points).centroid;
  guess.distal = normalized(guess.point - trochanters);
  guess.end = extent_along(shape, head.centre, guess.distal);
  return guess;
}

std::optional<FemoralShaft> fit_shaft(const BoneShape& shape, const FemoralHead& head,
                                      const FemoralShaft& guess, double from, double to)
{
  FemoralShaft shaft = guess;
  for (int pass = 0; pass < 30; ++pass)
  {
    shaft.end = extent_along(shape, head.centre, shaft.distal);
    const double start = std::min(from, shaft.end - 0.6 * head.radius);
    const std::optional<Centreline> centres =
        centreline(shape, shaft, head, start, std::min(to, shaft.end - 2 * shape.voxel_mm));
    if (!centres)
    {
      return std::nullopt;
    }
    shaft.point = centres->line.point;
    shaft.length = centres->length;
    shaft.radius = centres->radius;
    // A short piece tells its direction by its walls, a long one by its centres.
    const double trust = std::clamp(shaft.length / (3 * shaft.radius) - 0.5, 0.0, 1.0);
    const Vec3 walls = direction_by_normals(shape, shaft, head.centre, start - head.radius,
                                            shaft.end - 1.5 * shape.voxel_mm, shaft.flare);
    const Vec3 line = centres->line.direction;
    const Vec3 by_centres = dot(line, shaft.distal) < 0 ? -line : line;
    const Vec3 next = normalized(trust * by_centres + (1 - trust) * walls);
    const double turned = angle_deg(next, shaft.distal);
    shaft.distal = next;
    shaft.deviation_deg = 1.0 + 7.0 * (1 - trust);
    if (turned < 1e-6)
    {
      break;
    }
  }
  shaft.end = extent_along(shape, head.centre, shaft.distal);
  return shaft;
}

} // namespace calcar::anatomy
