#include "anatomy/pelvis_truth.hpp"

#include "anatomy/pelvis_apex.hpp"
#include "anatomy/pelvis_definitions.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

Vec3 gradient(const PelvisBody& b, Vec3 p)
{
  constexpr double h = 0.05;
  return Vec3{distance(b, p + Vec3{h, 0, 0}) - distance(b, p - Vec3{h, 0, 0}),
              distance(b, p + Vec3{0, h, 0}) - distance(b, p - Vec3{0, h, 0}),
              distance(b, p + Vec3{0, 0, h}) - distance(b, p - Vec3{0, 0, h})} /
         (2 * h);
}

Vec3 on_surface(const PelvisBody& b, Vec3 p)
{
  for (int round = 0; round < 30; ++round)
  {
    const Vec3 g = gradient(b, p);
    p = p - distance(b, p) / std::max(dot(g, g), 0.1) * g;
  }
  return p;
}

/// The point of the surface farthest along a direction, uphill from a start.
Vec3 prominent_point(const PelvisBody& b, Vec3 start, Vec3 along)
{
  Vec3 p = on_surface(b, start);
  double step = 4 * b.scale;
  while (step > 1e-4)
  {
    const Vec3 uphill = geometry::without_component(along, normalized(gradient(b, p)));
    const Vec3 next =
        norm(uphill) > 1e-9
            ? on_surface(b, p + step * std::min(1.0, 4 * norm(uphill)) * normalized(uphill))
            : p;
    if (dot(next - p, along) > 1e-9)
    {
      p = next;
    }
    else
    {
      step *= 0.5;
    }
  }
  return p;
}

/// Centroid of the flat face of the pubis.
Vec3 face_centroid(const PelvisBody& b)
{
  Vec3 sum;
  double count = 0;
  constexpr double h = 0.5;
  for (double y = 0; y < 80 * b.scale; y += h)
  {
    for (double z = -70 * b.ischium; z < 20; z += h)
    {
      const Vec3 p = from_design(b, {b.face - 0.02, y, z});
      if (distance(b, p) < -0.01)
      {
        sum += p;
        count += 1;
      }
    }
  }
  return sum / count;
}

/// Centroid of the auricular surface, by its area.
Vec3 auricular_centroid(const PelvisBody& b)
{
  Vec3 sum;
  double area = 0;
  constexpr double h = 1;
  for (double y = -90 * b.wing.depth; y < -40 * b.wing.depth; y += h)
  {
    for (double z = 50 * b.wing.height; z < 110 * b.wing.height; z += h)
    {
      if (auricular_distance(b.wing, y, z) > 0)
      {
        continue;
      }
      const double middle = wing_middle(b.wing, y, z);
      double low = middle;
      double high = middle + 40 * b.scale;
      for (int round = 0; round < 40; ++round)
      {
        const double x = 0.5 * (low + high);
        (distance(b, from_design(b, {x, y, z})) < 0 ? low : high) = x;
      }
      const Vec3 p = from_design(b, {low, y, z});
      const Vec3 normal = normalized(gradient(b, p));
      const double share = 1 / std::max(std::abs(normal.x), 0.2);
      sum += share * p;
      area += share;
    }
  }
  return sum / area;
}

/// A first place for each prominent landmark, in design coordinates.
Vec3 near_landmark(const PelvisBody& b, const std::string& name)
{
  const auto on_wing = [&](double y, double z)
  {
    const double v = b.wing.depth * y;
    const double w = b.wing.height * z;
    return Vec3{wing_middle(b.wing, v, w), v, w};
  };
  if (name == "anterior_superior_iliac_spine")
  {
    return on_wing(47, 80);
  }
  if (name == "posterior_superior_iliac_spine")
  {
    return on_wing(-101, 86);
  }
  if (name == "iliac_crest")
  {
    return on_wing(-43, 147);
  }
  if (name == "anterior_inferior_iliac_spine")
  {
    return on_wing(39, 42) - Vec3{3 * b.scale, 0, 0};
  }
  return name == "pubic_tubercle" ? on_pubis(b, {63, 58, -5}) : on_ischium(b, {20, -44, -75});
}

/// The middle of the crest's part near its highest point.
Vec3 middle_of_ridge(const PelvisBody& b, const ProminentLandmark& landmark)
{
  const Vec3 near = from_design(b, near_landmark(b, landmark.name));
  const double over = dot(b.high - near, landmark.direction);
  return middle_of_top([&](Vec3 p) { return distance(b, p) < 0; }, near + over * landmark.direction,
                       landmark.direction,
                       {landmark.reach * b.scale, over + 2 * landmark.dome_mm, landmark.dome_mm});
}

} // namespace

void find_prominent_points(PelvisBody& body)
{
  for (const ProminentLandmark& landmark : prominent_landmarks())
  {
    if (!landmark.ridge)
    {
      body.landmarks[landmark.name] = prominent_point(
          body, from_design(body, near_landmark(body, landmark.name)), landmark.direction);
    }
  }
}

void find_middles(PelvisBody& body)
{
  for (const ProminentLandmark& landmark : prominent_landmarks())
  {
    if (landmark.ridge)
    {
      body.landmarks[landmark.name] = middle_of_ridge(body, landmark);
    }
  }
  body.landmarks["acetabulum_centre"] = {0, 0, 0};
  body.landmarks["supraacetabular"] = {0, 0, body.radius + supraacetabular_mm};
  body.landmarks["pubic_symphysis"] = face_centroid(body);
  body.landmarks["sacroiliac_joint"] = auricular_centroid(body);
}

} // namespace calcar::anatomy
