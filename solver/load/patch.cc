#include "load/area.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace calcar::load
{
namespace
{
constexpr double degree = std::numbers::pi / 180;

/// A head is no sphere, and voxel nodes lie off it: points farther out than this belong to the neck
/// or trochanter.
constexpr double farthest_on_head = 1.35;

/// Points nearer to the centre of a socket, or farther, are not its surface: a fovea is deeper.
constexpr double nearest_in_socket = 0.75;
constexpr double farthest_in_socket = 1.3;

/// How much of a layer's thickness below its outer plane still counts as its outer face: the face
/// of a layer in voxels is a staircase.
constexpr double face_of_layer = 0.6;

/// How far out, in radii of its outline, points may still be of a layer's outer face.
constexpr double farthest_of_outline = 1.18;

/// 1 in the middle, falling smoothly to 0 at the rim, t = 1.
double bell(double t)
{
  return t < 1 ? (1 - t * t) * (1 - t * t) : 0;
}

/// 1 as far as t = 0.7, then falling smoothly to 0 at t = 1.
double flat(double t)
{
  return bell(std::max(0.0, (std::abs(t) - 0.7) / 0.3));
}

double angle_between(Vec3 a, Vec3 b)
{
  const double lengths = norm(a) * norm(b);
  return lengths > 0 ? std::acos(std::clamp(dot(a, b) / lengths, -1.0, 1.0)) : std::numbers::pi;
}

Patch cap(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  const Vec3 centre = place_on(area.place, bone, area.words);
  const double radius = size_on(area.radius, bone, area.words);
  const Vec3 pole =
      area.against.empty() ? unit_vector(bone.frame, area.towards) : -normalized(fall);
  const double half_angle = area.half_angle_deg * degree;
  const auto weight = [=](Vec3 point, Vec3)
  {
    const Vec3 arm = point - centre;
    const double distance = norm(arm);
    if (distance > farthest_on_head * radius || distance == 0)
      return 0.0;
    return bell(angle_between(arm, pole) / half_angle);
  };
  return {area.name, weight, centre, radius, false};
}

Patch cup(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 centre = place_on(area.place, bone, area.words);
  const double radius = size_on(area.radius, bone, area.words);
  const Vec3 pole = unit_vector(bone.frame, area.towards);
  const double half_angle = area.half_angle_deg * degree;
  const auto weight = [=](Vec3 point, Vec3 normal)
  {
    const Vec3 arm = point - centre;
    const double distance = norm(arm);
    if (distance < nearest_in_socket * radius || distance > farthest_in_socket * radius)
      return 0.0;
    return bell(angle_between(arm, pole) / half_angle) *
           flat(angle_between(normal, -arm) / (std::numbers::pi / 2));
  };
  return {area.name, weight, centre, radius, false};
}

Patch spot(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  const Vec3 centre = place_on(area.place, bone, area.words);
  const double radius = size_on(area.radius, bone, area.words);
  const bool faces = !area.facing.empty();
  const auto weight = [=](Vec3 point, Vec3 normal)
  {
    const double share = bell(norm(point - centre) / radius);
    return faces ? share * std::max(dot(normal, fall), 0.0) : share;
  };
  return {area.name, weight, centre, radius, true};
}

Vec3 mean_of(const std::vector<std::string>& landmarks, const anatomy::BoneAnatomy& bone,
             const std::string& needed_for)
{
  return place_on({landmarks, {}, {}}, bone, needed_for);
}

/// The outer face of a layer: its own outline, near its outer plane.
Patch face_of(const LayerPlan& layer, const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 outward = unit_vector(bone.frame, layer.outward);
  const double thickness = size_on(layer.thickness, bone, area.words);
  const Vec3 centre = place_on(layer.place, bone, area.words) + thickness * outward;
  const double depth = face_of_layer * thickness;
  const double cone = area.cone_deg * degree;
  const auto weight = [=](Vec3 point, Vec3 normal)
  {
    return flat(dot(point - centre, outward) / depth) * flat(angle_between(normal, outward) / cone);
  };
  const Ellipse outline = ellipse_on(layer.extent, centre, outward, bone, area.words);
  const auto inside = [=](Vec3 point, Vec3 normal)
  {
    // A voxel that the outline cuts reaches beyond it; a facet beside the layer must not count.
    return weight(point, normal) * flat(outline.share(point) / farthest_of_outline);
  };
  return {area.name, inside, centre, outline.radius, false};
}

/// The point that a radial face looks away from, or at.
Vec3 pivot_of(const Area& area, const anatomy::BoneAnatomy& bone)
{
  return mean_of(area.normal_towards.empty() ? area.normal_from : area.normal_towards, bone,
                 area.words);
}

/// Towards a point is away from it with the sign changed.
double sign_of(const Area& area)
{
  return area.normal_towards.empty() ? 1 : -1;
}

Patch face(const Area& area, const anatomy::BoneAnatomy& bone)
{
  if (area.layer)
    return face_of(*area.layer, area, bone);
  const Vec3 centre = place_on(area.place, bone, area.words);
  const double cone = area.cone_deg * degree;
  const bool radial = area.normal.empty();
  const Vec3 pivot = radial ? pivot_of(area, bone) : Vec3{};
  const double sign = sign_of(area);
  const Vec3 axis = outward_of(area, bone);
  const auto turned = [=](Vec3 point, Vec3 normal)
  { return flat(angle_between(normal, radial ? sign * (point - pivot) : axis) / cone); };
  if (!area.extent)
    return {area.name, turned, centre, 0, false};

  const Ellipse outline = ellipse_on(*area.extent, centre, axis, bone, area.words);
  const double depth = area.depth ? size_on(*area.depth, bone, area.words)
                                  : std::max(outline.radius, outline.radius_wide);
  const auto weight = [=](Vec3 point, Vec3 normal)
  {
    return turned(point, normal) * flat(outline.share(point)) * flat(outline.height(point) / depth);
  };
  return {area.name, weight, centre, outline.radius, true};
}

Patch slab(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 centre = place_on(area.place, bone, area.words);
  const Vec3 along = anatomy::direction(bone.frame, area.along);
  const double depth = size_on(area.depth.value(), bone, area.words);
  const auto weight = [=](Vec3 point, Vec3) { return flat(dot(point - centre, along) / depth); };
  return {area.name, weight, centre, depth, false};
}

Patch beyond(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 centre = place_on(area.place, bone, area.words);
  const double radius = size_on(area.radius, bone, area.words);
  const auto weight = [=](Vec3 point, Vec3) { return norm(point - centre) > radius ? 1.0 : 0.0; };
  return {area.name, weight, centre, radius, false};
}

Patch end(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 centre = bone.cut_centre;
  const Vec3 proximal = bone.frame.proximal;
  const double depth = bone.whole ? area.depth_whole_mm : area.depth_mm;
  const auto weight = [=](Vec3 point, Vec3)
  { return dot(point - centre, proximal) <= depth ? 1.0 : 0.0; };
  return {area.name, weight, centre, depth, false};
}

Patch axis(const Area& area, const anatomy::BoneAnatomy& bone)
{
  const Vec3 centre = bone.cut_centre + area.height_mm * bone.frame.proximal;
  const Vec3 line = anatomy::direction(bone.frame, area.along);
  const double radius = size_on(area.radius, bone, area.words);
  const auto weight = [=](Vec3 point, Vec3)
  { return bell(norm(cross(point - centre, line)) / radius); };
  return {area.name, weight, centre, radius, false};
}
} // namespace

Vec3 outward_of(const Area& area, const anatomy::BoneAnatomy& bone)
{
  if (area.kind != Area::Kind::face)
    return {};
  if (area.layer)
    return unit_vector(bone.frame, area.layer->outward);
  if (!area.normal.empty())
    return unit_vector(bone.frame, area.normal);
  return sign_of(area) * normalized(place_on(area.place, bone, area.words) - pivot_of(area, bone));
}

namespace
{
Patch patch_of_kind(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  switch (area.kind)
  {
  case Area::Kind::cap:
    return cap(area, bone, fall);
  case Area::Kind::cup:
    return cup(area, bone);
  case Area::Kind::spot:
    return spot(area, bone, fall);
  case Area::Kind::face:
    return face(area, bone);
  case Area::Kind::slab:
    return slab(area, bone);
  case Area::Kind::beyond:
    return beyond(area, bone);
  case Area::Kind::end:
    return end(area, bone);
  case Area::Kind::axis:
    return axis(area, bone);
  }
  return {};
}
} // namespace

Patch make_patch(const Area& area, const anatomy::BoneAnatomy& bone, Vec3 fall)
{
  Patch patch = patch_of_kind(area, bone, fall);
  patch.spread = area.spread;
  return patch;
}

} // namespace calcar::load
