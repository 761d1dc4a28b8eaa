#include "anatomy/sphere_on_bone.hpp"

#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

/// Points near the sphere whose normal is the sphere's, outwards or, of a cup, inwards.
std::vector<Vec3> belonging(const std::vector<SurfacePoint>& surface, Vec3 centre, double radius,
                            double tolerance, const SphereSearch& search)
{
  const double sign = search.hollow ? -1 : 1;
  std::vector<Vec3> points;
  for (const SurfacePoint& s : surface)
  {
    const Vec3 d = s.position - centre;
    const double distance = norm(d);
    if (std::abs(distance - radius) < tolerance &&
        sign * dot(d, s.normal) > search.facing * distance)
    {
      points.push_back(s.position);
    }
  }
  return points;
}

/// Which of the net's directions have a point of the sphere near them.
void measure_coverage(SphereOnBone& sphere, const std::vector<Vec3>& points, int count)
{
  const std::vector<Vec3> net = even_directions(count);
  std::vector<bool> covered(net.size(), false);
  for (const Vec3& p : points)
  {
    const Vec3 d = normalized(p - sphere.centre);
    for (std::size_t n = 0; n < net.size(); ++n)
    {
      covered[n] = covered[n] || dot(d, net[n]) > 0.99; // 8 degrees: the spacing of the net
    }
  }
  for (std::size_t n = 0; n < net.size(); ++n)
  {
    (covered[n] ? sphere.covered : sphere.open).push_back(net[n]);
  }
  sphere.coverage = static_cast<double>(sphere.covered.size()) / static_cast<double>(net.size());
}

/// The x with m x = rhs, by Cramer's rule.
Vec3 solved(const Mat3& m, Vec3 rhs)
{
  const Mat3 t = transpose(m);
  return Vec3{dot(rhs, cross(t[1], t[2])), dot(t[0], cross(rhs, t[2])),
              dot(t[0], cross(t[1], rhs))} /
         determinant(m);
}

} // namespace

std::vector<Vec3> even_directions(int count)
{
  std::vector<Vec3> directions;
  const double golden = geometry::pi * (3 - std::sqrt(5.0));
  for (int n = 0; n < count; ++n)
  {
    const double z = 1 - (2 * n + 1.0) / count;
    const double r = std::sqrt(1 - z * z);
    directions.push_back({r * std::cos(golden * n), r * std::sin(golden * n), z});
  }
  return directions;
}

VoteGrid empty_votes(const std::vector<SurfacePoint>& surface, double cell_mm, double margin_mm)
{
  Vec3 low = surface.front().position;
  Vec3 high = low;
  for (const SurfacePoint& p : surface)
  {
    for (std::size_t a = 0; a < 3; ++a)
    {
      low[a] = std::min(low[a], p.position[a]);
      high[a] = std::max(high[a], p.position[a]);
    }
  }
  VoteGrid votes;
  votes.low = low - Vec3{margin_mm, margin_mm, margin_mm};
  votes.cell_mm = cell_mm;
  for (std::size_t a = 0; a < 3; ++a)
  {
    votes.size[a] = static_cast<int>((high[a] - low[a] + 2 * margin_mm) / cell_mm) + 2;
  }
  votes.count.assign(votes.at(0, 0, votes.size[2]), 0);
  return votes;
}

void vote(VoteGrid& votes, Vec3 place, double weight)
{
  const Vec3 index = (place - votes.low) / votes.cell_mm;
  const int i = static_cast<int>(std::floor(index.x));
  const int j = static_cast<int>(std::floor(index.y));
  const int k = static_cast<int>(std::floor(index.z));
  if (i < 0 || j < 0 || k < 0 || i + 1 >= votes.size[0] || j + 1 >= votes.size[1] ||
      k + 1 >= votes.size[2])
  {
    return;
  }
  for (int c = 0; c < 8; ++c)
  {
    const double wx = c & 1 ? index.x - i : 1 - index.x + i;
    const double wy = c & 2 ? index.y - j : 1 - index.y + j;
    const double wz = c & 4 ? index.z - k : 1 - index.z + k;
    votes.count[votes.at(i + (c & 1), j + (c >> 1 & 1), k + (c >> 2))] +=
        static_cast<float>(weight * wx * wy * wz);
  }
}

void vote_nearest(VoteGrid& votes, Vec3 place, double weight)
{
  const Vec3 index = (place - votes.low) / votes.cell_mm;
  const int i = static_cast<int>(std::floor(index.x + 0.5));
  const int j = static_cast<int>(std::floor(index.y + 0.5));
  const int k = static_cast<int>(std::floor(index.z + 0.5));
  if (i >= 0 && j >= 0 && k >= 0 && i < votes.size[0] && j < votes.size[1] && k < votes.size[2])
  {
    votes.count[votes.at(i, j, k)] += static_cast<float>(weight);
  }
}

VoteGrid spread(const VoteGrid& votes)
{
  VoteGrid wide = votes;
  for (int k = 0; k < votes.size[2]; ++k)
    for (int j = 0; j < votes.size[1]; ++j)
      for (int i = 0; i < votes.size[0]; ++i)
      {
        float sum = 0;
        for (int c = std::max(k - 1, 0); c <= std::min(k + 1, votes.size[2] - 1); ++c)
          for (int b = std::max(j - 1, 0); b <= std::min(j + 1, votes.size[1] - 1); ++b)
            for (int a = std::max(i - 1, 0); a <= std::min(i + 1, votes.size[0] - 1); ++a)
            {
              sum += votes.count[votes.at(a, b, c)];
            }
        wide.count[votes.at(i, j, k)] = sum;
      }
  return wide;
}

std::vector<VotedPlace> most_voted(const VoteGrid& votes, std::size_t most, double apart_mm)
{
  std::vector<VotedPlace> places;
  while (places.size() < most)
  {
    VotedPlace best{{}, -1};
    for (int k = 0; k < votes.size[2]; ++k)
      for (int j = 0; j < votes.size[1]; ++j)
        for (int i = 0; i < votes.size[0]; ++i)
        {
          const double here = votes.count[votes.at(i, j, k)];
          const Vec3 centre = votes.point(i, j, k);
          if (here > best.votes &&
              std::none_of(places.begin(), places.end(),
                           [&](const VotedPlace& p) { return norm(p.centre - centre) < apart_mm; }))
          {
            best = {centre, here};
          }
        }
    if (best.votes < 0)
    {
      break;
    }
    places.push_back(best);
  }
  return places;
}

std::optional<SphereOnBone> refine_sphere(const std::vector<SurfacePoint>& surface, Vec3 centre,
                                          double radius, const SphereSearch& search)
{
  SphereOnBone sphere;
  sphere.centre = centre;
  sphere.radius = radius;
  const double finest = search.finest_mm;
  std::vector<Vec3> points;
  for (const double tolerance : {5.0, 4.0, 3.0, 2.0, finest, finest, finest, finest})
  {
    points = belonging(surface, sphere.centre, sphere.radius, std::max(tolerance, finest), search);
    const auto fitted = points.size() < 30 ? std::nullopt : geometry::fit_sphere(points);
    if (!fitted || fitted->radius < search.smallest_mm || fitted->radius > search.largest_mm)
    {
      return std::nullopt;
    }
    sphere.centre = fitted->centre;
    sphere.radius = fitted->radius;
    sphere.rms = fitted->rms;
  }
  measure_coverage(sphere, points, search.net);
  return sphere;
}

EdgePlane plane_of_edge(const std::vector<Vec3>& edge, Vec3 axis)
{
  const Vec3 e1 = geometry::any_perpendicular(axis);
  const Vec3 e2 = cross(axis, e1);
  EdgePlane found;
  Vec3 plane{0, 0, 0}; // slope along e1, along e2, height
  for (int pass = 0; pass < 12; ++pass)
  {
    Mat3 m = {Vec3{}, Vec3{}, Vec3{}};
    Vec3 rhs;
    double seen = 0;
    for (const Vec3& u : edge)
    {
      const Vec3 row{dot(u, e1), dot(u, e2), 1};
      const double h = dot(u, axis);
      const double off = (h - dot(row, plane)) / 0.12;
      const double w = 1 / ((1 + off * off) * (1 + off * off));
      seen += std::abs(off) < 1.5 ? 1.0 / static_cast<double>(edge.size()) : 0;
      for (std::size_t k = 0; k < 3; ++k)
      {
        m[k] += w * row[k] * row;
      }
      rhs += w * h * row;
    }
    plane = solved(m, rhs);
    found.seen = seen;
  }
  found.axis = normalized(axis - plane.x * e1 - plane.y * e2);
  return found;
}

} // namespace calcar::anatomy
