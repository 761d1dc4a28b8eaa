#include "anatomy/vertebra_landmarks.hpp"

#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

namespace calcar::anatomy
{

namespace
{

/// A point of the surface in coordinates along the axes.
struct LocalPoint
{
  Vec3 position;
  Vec3 normal;
  bool at_border; ///< the image ends here
};

/// The surface behind the body, and beside it from its middle backwards.
std::vector<LocalPoint> around_body(const BoneShape& shape, const VertebraParts& parts)
{
  std::vector<LocalPoint> points;
  for (const SurfacePoint& s : shape.surface)
  {
    const Vec3 p = parts.local(s.position);
    const bool beside =
        std::abs(p.x - parts.body_centre.x) > 0.68 * parts.body_width && p.y < parts.body_centre.y;
    if (p.y < parts.posterior_wall.y || beside)
    {
      points.push_back({p, parts.local(s.normal), on_image_border(shape, s)});
    }
  }
  return points;
}

/// Centroid of the flattest patch among points: those whose normals are near the mean one.
std::optional<Vec3> flat_patch(const std::vector<LocalPoint>& points)
{
  Vec3 normal;
  for (const LocalPoint& p : points)
  {
    normal += p.normal;
  }
  if (points.size() < 6 || norm(normal) < 1e-6)
  {
    return std::nullopt;
  }
  normal = normalized(normal);
  Vec3 sum;
  double count = 0;
  for (const LocalPoint& p : points)
  {
    if (dot(p.normal, normal) > 0.75)
    {
      sum += p.position;
      count += 1;
    }
  }
  return count > 0 ? std::optional(sum / count) : std::nullopt;
}

/// The joint surface above the pedicle, facing back and towards the midline.
std::optional<Vec3> superior_facet(const std::vector<LocalPoint>& points,
                                   const VertebraParts& parts, const FoundPedicle& pedicle,
                                   double side)
{
  const double middle = parts.canal->x;
  const double apart = side * (pedicle.centre.x - middle);
  double top = -1e9;
  std::vector<LocalPoint> facing;
  for (const LocalPoint& p : points)
  {
    const double x = side * (p.position.x - middle);
    if (x < 0.35 * apart || x > 1.8 * apart || p.position.y > pedicle.centre.y)
    {
      continue;
    }
    top = std::max(top, p.position.z);
    if (p.position.z > pedicle.centre.z + 0.2 * pedicle.height && p.normal.y < -0.3 &&
        side * p.normal.x < 0.35 && p.normal.z < 0.6)
    {
      facing.push_back(p);
    }
  }
  return top > pedicle.centre.z + 0.55 * pedicle.height ? flat_patch(facing) : std::nullopt;
}

/// The joint surface at the lower end of the pillar, facing forwards and outwards.
std::optional<Vec3> inferior_facet(const std::vector<LocalPoint>& points,
                                   const VertebraParts& parts, const FoundPedicle& pedicle,
                                   double side)
{
  const double middle = parts.canal->x;
  const double apart = side * (pedicle.centre.x - middle);
  const auto at_pillar = [&](Vec3 p)
  {
    const double x = side * (p.x - middle);
    return x > 0.5 * apart && x < 1.4 * apart && p.y < parts.canal->y &&
           p.y > parts.canal->y_low - 0.6 * (parts.canal->y_high - parts.canal->y_low);
  };
  double bottom = 1e9;
  for (const LocalPoint& p : points)
  {
    bottom = at_pillar(p.position) ? std::min(bottom, p.position.z) : bottom;
  }
  if (bottom > pedicle.centre.z - 0.7 * pedicle.height)
  {
    return std::nullopt;
  }
  std::vector<LocalPoint> facing;
  for (const LocalPoint& p : points)
  {
    if (at_pillar(p.position) && p.position.z < bottom + 0.9 * pedicle.height && p.normal.y > 0.3 &&
        side * p.normal.x > -0.35 && p.normal.z > -0.6)
    {
      facing.push_back(p);
    }
  }
  return flat_patch(facing);
}

/// The point of a process farthest from where it springs: mean of the last `depth` mm. Nothing when
/// the process is shorter than `least` or the image ends there.
std::optional<Vec3> tip(const std::vector<LocalPoint>& points, Vec3 from,
                        const std::function<bool(Vec3)>& belongs, double least, double depth)
{
  double farthest = 0;
  for (const LocalPoint& p : points)
  {
    farthest = belongs(p.position) ? std::max(farthest, norm(p.position - from)) : farthest;
  }
  if (farthest < least)
  {
    return std::nullopt;
  }
  Vec3 sum;
  double count = 0;
  bool cut = false;
  for (const LocalPoint& p : points)
  {
    if (belongs(p.position) && norm(p.position - from) > farthest - depth)
    {
      sum += p.position;
      count += 1;
      cut = cut || p.at_border;
    }
  }
  return cut ? std::nullopt : std::optional(sum / count);
}

Vec3 canal_centre(const VertebraParts& parts)
{
  return {parts.canal->x, parts.canal->y, 0.5 * (parts.right->centre.z + parts.left->centre.z)};
}

std::optional<Vec3> transverse_tip(const std::vector<LocalPoint>& points,
                                   const VertebraParts& parts, const FoundPedicle& pedicle,
                                   double side, double depth)
{
  const auto belongs = [&](Vec3 p)
  {
    // Beside the body its flaring rims are near, too.
    const double level = p.y < parts.posterior_wall.y ? 1 : 0.4;
    return side * (p.x - pedicle.centre.x) > 0.6 * pedicle.width &&
           std::abs(p.z - pedicle.centre.z) < level * parts.height();
  };
  return tip(points, pedicle.centre, belongs, pedicle.width + 3, depth);
}

std::optional<Vec3> spinous_tip(const std::vector<LocalPoint>& points, const VertebraParts& parts,
                                double depth)
{
  const double apart = 0.5 * (parts.right->centre.x - parts.left->centre.x);
  // The inferior joints hang down behind the canal, too, but end sooner.
  const double back = parts.canal->y_low - 0.35 * parts.depth();
  const auto belongs = [&](Vec3 p)
  { return std::abs(p.x - parts.canal->x) < 0.5 * apart && p.y < back; };
  return tip(points, canal_centre(parts), belongs, parts.canal->y - back, depth);
}

} // namespace

std::map<std::string, Vec3> landmarks_of(const VertebraParts& parts)
{
  std::map<std::string, Vec3> landmarks = {
      {"body_centre", parts.lps(parts.body_centre)},
      {"superior_endplate_centre", parts.lps(parts.superior.centre)},
      {"inferior_endplate_centre", parts.lps(parts.inferior.centre)},
      {"anterior_wall", parts.lps(parts.anterior_wall)},
      {"posterior_wall", parts.lps(parts.posterior_wall)}};
  if (parts.right)
  {
    landmarks["right_pedicle_centre"] = parts.lps(parts.right->centre);
  }
  if (parts.left)
  {
    landmarks["left_pedicle_centre"] = parts.lps(parts.left->centre);
  }
  if (parts.canal && parts.right && parts.left)
  {
    landmarks["canal_centre"] = parts.lps(canal_centre(parts));
  }
  return landmarks;
}

void add_processes(const BoneShape& shape, const VertebraParts& parts,
                   std::map<std::string, Vec3>& landmarks)
{
  if (!parts.canal || !parts.right || !parts.left)
  {
    return;
  }
  const std::vector<LocalPoint> points = around_body(shape, parts);
  const double depth = 2;
  const auto add = [&](const std::string& name, const std::optional<Vec3>& found)
  {
    if (found && !leaves_image(shape, parts.lps(*found), 3 + shape.voxel_mm))
    {
      landmarks[name] = parts.lps(*found);
    }
  };
  for (const double side : {1.0, -1.0})
  {
    const std::string name = side > 0 ? "right_" : "left_";
    const FoundPedicle& pedicle = side > 0 ? *parts.right : *parts.left;
    add(name + "superior_facet", superior_facet(points, parts, pedicle, side));
    add(name + "inferior_facet", inferior_facet(points, parts, pedicle, side));
    add(name + "transverse_process", transverse_tip(points, parts, pedicle, side, depth));
  }
  add("spinous_process", spinous_tip(points, parts, depth));
}

std::map<std::string, Measure> measures_of(const VertebraParts& parts)
{
  std::map<std::string, Measure> measures;
  const auto measured = [&](const char* name, double value, const char* unit) {
    measures[name] = {value, 0, unit, "measured"};
  };
  measured("body_height_anterior_mm", parts.height_anterior, "mm");
  measured("body_height_posterior_mm", parts.height_posterior, "mm");
  measured("body_width_mm", parts.body_width, "mm");
  measured("body_depth_mm", parts.depth(), "mm");
  measured("superior_endplate_area_mm2", parts.superior.area, "mm2");
  measured("inferior_endplate_area_mm2", parts.inferior.area, "mm2");
  measured("wedge_angle_deg",
           geometry::degrees(std::atan(parts.inferior.slope) - std::atan(parts.superior.slope)),
           "deg");
  if (parts.canal)
  {
    measured("canal_width_mm", parts.canal->x_high - parts.canal->x_low, "mm");
    measured("canal_depth_mm", parts.canal->y_high - parts.canal->y_low, "mm");
  }
  if (parts.right)
  {
    measured("right_pedicle_width_mm", parts.right->width, "mm");
  }
  if (parts.left)
  {
    measured("left_pedicle_width_mm", parts.left->width, "mm");
  }
  return measures;
}

} // namespace calcar::anatomy
