#include "anatomy/vertebra_truth.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

namespace calcar::anatomy
{

namespace
{

constexpr double step = 0.5; ///< mm of the grids that are added up over

/// Where a line from `outside` along `into` first meets the surface; `length` when it does not.
double first_hit(const std::function<double(Vec3)>& distance, Vec3 outside, Vec3 into,
                 double length)
{
  double t = 0;
  double last = 0;
  while (t < length)
  {
    const double d = distance(outside + t * into);
    if (d < 0)
    {
      double low = std::max(t - last, 0.0);
      double high = t;
      for (int n = 0; n < 20; ++n)
      {
        const double middle = 0.5 * (low + high);
        (distance(outside + middle * into) < 0 ? high : low) = middle;
      }
      return high;
    }
    last = std::clamp(0.6 * d, 0.15, 4.0);
    t += last;
  }
  return length;
}

/// A square of samples in a plane with what hangs together on it.
struct Patch
{
  double area = 0;
  Vec3 centroid;
  Vec3 low{1e9, 1e9, 1e9}, high{-1e9, -1e9, -1e9}; ///< of its points
  bool closed = true;                              ///< does not reach the edge of the square
};

/// The piece of the plane through `centre`, spanned by the unit vectors e1 and e2, where `belongs`
/// holds, that hangs together with the centre; the square has half a side of `reach` mm.
Patch flooded(const std::function<bool(Vec3)>& belongs, Vec3 centre, Vec3 e1, Vec3 e2, double reach)
{
  const int half = static_cast<int>(reach / step);
  const int side = 2 * half + 1;
  std::vector<char> seen(static_cast<std::size_t>(side * side), 0);
  std::vector<std::array<int, 2>> front = {{0, 0}};
  Patch patch;
  double count = 0;
  while (!front.empty())
  {
    const auto [i, j] = front.back();
    front.pop_back();
    if (std::abs(i) > half || std::abs(j) > half)
    {
      patch.closed = false;
      continue;
    }
    char& mark = seen[static_cast<std::size_t>((i + half) * side + j + half)];
    const Vec3 p = centre + step * (i * e1 + j * e2);
    if (mark || !belongs(p))
    {
      continue;
    }
    mark = 1;
    count += 1;
    patch.centroid += p;
    for (std::size_t a = 0; a < 3; ++a)
    {
      patch.low[a] = std::min(patch.low[a], p[a]);
      patch.high[a] = std::max(patch.high[a], p[a]);
    }
    for (const auto& [di, dj] :
         {std::array{1, 0}, std::array{-1, 0}, std::array{0, 1}, std::array{0, -1}})
    {
      front.push_back({i + di, j + dj});
    }
  }
  patch.area = count * step * step;
  patch.centroid = count > 0 ? patch.centroid / count : centre;
  return patch;
}

/// Half the sides of a box around the vertebral body.
Vec3 half_box(const VertebraShape& s)
{
  return {std::max(s.superior_half_width, s.inferior_half_width) + 1,
          std::max(s.superior_half_depth, s.inferior_half_depth) + 1,
          s.height + std::abs(s.half_wedge)};
}

/// Height of the outer surface of the vertebral body over (x, y) from above (+1) or below (-1);
/// false when there is none.
bool body_height_at(const VertebraShape& s, double x, double y, double side, double& z)
{
  const double far = half_box(s).z;
  const auto body = [&](Vec3 p) { return body_distance(s, p); };
  const double t = first_hit(body, {x, y, side * far}, {0, 0, -side}, far);
  z = side * (far - t);
  return t < far;
}

struct Endplate
{
  Vec3 centre;
  double area = 0;
};

/// Centroid and area, seen along z, of the body's end with its rounded rim, as far as that leans
/// outwards by less than 75 degrees.
Endplate endplate(const VertebraShape& s, double side)
{
  const Vec3 reach = half_box(s);
  Endplate plate;
  double count = 0;
  for (double x = 0; x < reach.x; x += step)
  {
    for (double y = -reach.y; y < reach.y; y += step)
    {
      double z = 0;
      if (!body_height_at(s, x, y, side, z))
      {
        continue;
      }
      const double h = 0.05;
      const Vec3 p{x, y, z};
      const auto d = [&](Vec3 q) { return body_distance(s, q); };
      const Vec3 normal{d(p + Vec3{h, 0, 0}) - d(p - Vec3{h, 0, 0}),
                        d(p + Vec3{0, h, 0}) - d(p - Vec3{0, h, 0}),
                        d(p + Vec3{0, 0, h}) - d(p - Vec3{0, 0, h})};
      if (side * normal.z > 0.26 * norm(normal))
      {
        const double weight = x > 0 ? 2 : 1;
        count += weight;
        plate.centre += weight * Vec3{0, y, 0};
      }
    }
  }
  plate.area = count * step * step;
  plate.centre = plate.centre / count;
  body_height_at(s, 0, plate.centre.y, side, plate.centre.z);
  return plate;
}

Vec3 body_centroid(const VertebraShape& s)
{
  const Vec3 reach = half_box(s);
  Vec3 sum;
  double count = 0;
  for (double x = 0.5 * step; x < reach.x; x += 2 * step)
  {
    for (double y = -reach.y; y < reach.y; y += 2 * step)
    {
      for (double z = -reach.z; z < reach.z; z += 2 * step)
      {
        if (body_distance(s, {x, y, z}) < 0)
        {
          sum += Vec3{0, y, z};
          count += 1;
        }
      }
    }
  }
  return sum / count;
}

/// The narrowest section of the right pedicle across its own axis.
Patch narrowest_section(const VertebraShape& s)
{
  const Vec3 axis = normalized(s.pedicle.to - s.pedicle.from);
  const Vec3 e1 = s.pedicle.up;
  const Vec3 e2 = cross(axis, e1);
  const auto bone = [&](Vec3 p) { return distance(s, p) < 0; };
  const double length = norm(s.pedicle.to - s.pedicle.from);
  Patch best;
  best.area = 1e9;
  for (double t = 0.25; t < 0.9; t += 0.25 / length)
  {
    const Vec3 at = s.pedicle.from + t * length * axis;
    const Patch section = flooded(bone, at, e1, e2, 0.75 * s.of.at("pedicle_height_mm") + 4);
    if (section.area > 0 && section.area < best.area)
    {
      best = section;
    }
  }
  return best;
}

/// The hole seen through the vertebra along z, at the height of the pedicles.
Patch canal_hole(const VertebraShape& s, double height)
{
  const double below = s.inferior_facet.z - s.inferior_radius - 8;
  const double above = s.superior_facet.z + s.superior_radius + 8;
  const auto open = [&](Vec3 p)
  {
    for (double z = below; z < above;)
    {
      const double d = distance(s, {p.x, p.y, z});
      if (d < 0)
      {
        return false;
      }
      z += std::max(0.6, 0.6 * d);
    }
    return true;
  };
  return flooded(open, {0, s.canal.y, height}, {1, 0, 0}, {0, 1, 0}, s.of.at("canal_width_mm"));
}

/// Centroid of what is left of a joint surface as designed: bone beneath it, none in front.
Vec3 joint_surface(const VertebraShape& s, Vec3 middle, Vec3 normal, double radius)
{
  const Vec3 e1 = normalized(cross(normal, {0, 0, 1}));
  const Vec3 e2 = cross(normal, e1);
  Vec3 sum;
  double count = 0;
  for (double a = -radius; a <= radius; a += 0.25)
  {
    for (double b = -radius; b <= radius; b += 0.25)
    {
      const Vec3 p = middle + a * e1 + b * e2;
      const bool surface = distance(s, p - 0.6 * normal) < 0 && distance(s, p + 0.4 * normal) > 0;
      if (std::hypot(a, b) < radius && surface)
      {
        sum += p;
        count += 1;
      }
    }
  }
  return count > 0 ? sum / count : middle;
}

/// The tip of a process: the mean of what reaches within 2 mm as far from `from` as its farthest
/// point; rays around the designed tip.
Vec3 farthest_point(const VertebraShape& s, Vec3 from, Vec3 tip, bool in_midline)
{
  const auto bone = [&](Vec3 p) { return distance(s, p); };
  const Vec3 axis = normalized(tip - from);
  const Vec3 up = normalized(geometry::without_component({0, 0, 1}, axis));
  const Vec3 side = cross(axis, up);
  const double far = norm(tip - from) + 20;
  const int across = in_midline ? 0 : 20;
  double farthest = 0;
  std::vector<Vec3> hits;
  for (int a = -20; a <= 20; ++a)
  {
    for (int b = -across; b <= across; ++b)
    {
      const Vec3 ray = normalized(axis + 0.02 * (a * up + b * side));
      const double t = first_hit(bone, from + far * ray, -ray, 30);
      if (t < 30)
      {
        hits.push_back(from + (far - t) * ray);
        farthest = std::max(farthest, far - t);
      }
    }
  }
  Vec3 sum;
  double count = 0;
  for (const Vec3& hit : hits)
  {
    if (norm(hit - from) > farthest - 2)
    {
      sum += hit;
      count += 1;
    }
  }
  return sum / count;
}

/// Largest height of the vertebral body in the midline, in its front or rear third.
double midline_height(const VertebraShape& s, double front, double from, double to)
{
  double best = 0;
  for (double y = from; y <= to; y += 0.1)
  {
    double top = 0;
    double bottom = 0;
    if (front * y > 0 && body_height_at(s, 0, y, 1, top) && body_height_at(s, 0, y, -1, bottom))
    {
      best = std::max(best, top - bottom);
    }
  }
  return best;
}

void add_pair(VertebraTruth& truth, const std::string& name, Vec3 right)
{
  truth.landmarks["right_" + name] = right;
  truth.landmarks["left_" + name] = {-right.x, right.y, right.z};
}

void measure(VertebraTruth& truth, const std::string& name, double value, const char* unit)
{
  truth.measures[name] = {value, 0, unit, "made so"};
}

} // namespace

VertebraTruth vertebra_truth(const VertebraShape& s)
{
  VertebraTruth truth;
  const auto body = [&](Vec3 p) { return body_distance(s, p); };
  const Vec3 centre = body_centroid(s);
  const Endplate top = endplate(s, 1);
  const Endplate bottom = endplate(s, -1);
  const double far = 2 * s.half_depth;
  const double middle = 0.5 * (top.centre.z + bottom.centre.z);
  const double front = far - first_hit(body, {0, far, middle}, {0, -1, 0}, 2 * far);
  const double rear = first_hit(body, {0, -far, middle}, {0, 1, 0}, 2 * far) - far;
  truth.landmarks = {{"body_centre", centre},
                     {"superior_endplate_centre", top.centre},
                     {"inferior_endplate_centre", bottom.centre},
                     {"anterior_wall", {0, front, middle}},
                     {"posterior_wall", {0, rear, middle}}};
  const Patch pedicle = narrowest_section(s);
  const Patch hole = canal_hole(s, pedicle.centroid.z);
  truth.landmarks["canal_centre"] = {0, hole.centroid.y, pedicle.centroid.z};
  add_pair(truth, "pedicle_centre", pedicle.centroid);
  add_pair(truth, "superior_facet",
           joint_surface(s, s.superior_facet, s.superior_normal, s.superior_radius));
  add_pair(truth, "inferior_facet",
           joint_surface(s, s.inferior_facet, s.inferior_normal, s.inferior_radius));
  add_pair(truth, "transverse_process",
           farthest_point(s, pedicle.centroid, s.transverse.to, false));
  truth.landmarks["spinous_process"] =
      farthest_point(s, truth.landmarks["canal_centre"], s.spinous.to, true);

  measure(truth, "superior_endplate_area_mm2", top.area, "mm2");
  measure(truth, "inferior_endplate_area_mm2", bottom.area, "mm2");
  measure(truth, "body_depth_mm", front - rear, "mm");
  measure(truth, "canal_width_mm", hole.high.x - hole.low.x + step, "mm");
  measure(truth, "canal_depth_mm", hole.high.y - hole.low.y + step, "mm");
  const double across = pedicle.high.x - pedicle.low.x + step;
  measure(truth, "left_pedicle_width_mm", across, "mm");
  measure(truth, "right_pedicle_width_mm", across, "mm");
  measure(truth, "body_height_anterior_mm", midline_height(s, 1, front / 3, far), "mm");
  measure(truth, "body_height_posterior_mm", midline_height(s, -1, -far, rear / 3), "mm");
  const double sixth_before = 0.5 * (front + rear) + (front - rear) / 6;
  const double width = far - first_hit(body, {far, sixth_before, middle}, {-1, 0, 0}, far);
  measure(truth, "body_width_mm", 2 * width, "mm");
  const double lower_in_front =
      0.5 * (s.of.at("body_height_posterior_mm") - s.of.at("body_height_anterior_mm"));
  measure(truth, "wedge_angle_deg",
          geometry::degrees(std::atan(lower_in_front / s.of.at("superior_endplate_depth_mm")) +
                            std::atan(lower_in_front / s.of.at("inferior_endplate_depth_mm"))),
          "deg");
  return truth;
}

} // namespace calcar::anatomy
