#include "load/layer.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace calcar::load
{
namespace
{
/// Bound of the distance to a slab of the ellipse's outline: of the right sign everywhere and to
/// first order right near its surface.
geometry::Solid slab(const Ellipse& outline, double below, double above, bool box)
{
  const Vec3 third = cross(outline.axis, outline.wide);
  return {[=](const Vec3& point)
          {
            const Vec3 arm = point - outline.centre;
            const double height = dot(arm, outline.axis);
            const double ends = std::max(height - above, -below - height);
            if (box)
              return std::max({ends, std::abs(dot(arm, outline.wide)) - outline.radius_wide,
                               std::abs(dot(arm, third)) - outline.radius});
            const double smaller = std::min(outline.radius, outline.radius_wide);
            return std::max(ends, (outline.share(point) - 1) * smaller);
          }};
}

geometry::Solid shell(const Ellipse& sphere, double thickness, double half_angle)
{
  return {[=](const Vec3& point)
          {
            const Vec3 arm = point - sphere.centre;
            const double distance = norm(arm);
            const double middle = sphere.radius + thickness / 2;
            const double radial = std::abs(distance - middle) - thickness / 2;
            const double up = dot(arm, sphere.axis);
            const double angle = std::atan2(norm(arm - up * sphere.axis), up);
            return std::max(radial, (angle - half_angle) * sphere.radius);
          }};
}
} // namespace

namespace
{
constexpr double widest_gap_mm = 20;

LayerPlan::Joint read_joint(const Table& table, anatomy::BoneKind bone)
{
  LayerPlan::Joint joint;
  joint.below = read_place(table, bone, "landmark_below");
  joint.gap_mm = table.number("gap_mm", 0.0);
  table.require(joint.gap_mm >= 0 && joint.gap_mm <= widest_gap_mm, "gap_mm", "0 to 20 mm");
  joint.may_be_absent = table.flag("may_be_absent", false);
  return joint;
}

LayerPlan::Shape read_shape(const Table& table, bool joint)
{
  const std::string shape = joint ? table.choice("shape", {"cylinder", "ball"})
                                  : table.choice("shape", {"cylinder", "box", "shell"});
  return shape == "box"     ? LayerPlan::Shape::box
         : shape == "shell" ? LayerPlan::Shape::shell
         : shape == "ball"  ? LayerPlan::Shape::ball
                            : LayerPlan::Shape::cylinder;
}

/// The sizes of a layer that reaches from the bone outwards.
void read_reach(LayerPlan& plan, const Table& table)
{
  plan.thickness = read_size(table, "thickness");
  if (plan.shape == LayerPlan::Shape::shell)
  {
    plan.half_angle_deg = table.number("half_angle_deg");
    table.require(plan.half_angle_deg > 5 && plan.half_angle_deg <= 180, "half_angle_deg",
                  "5 to 180 degrees");
  }
  if (plan.shape == LayerPlan::Shape::box && plan.extent.across.empty())
    table.complain("across", "the sides of box \"" + plan.name + "\" have no direction", "",
                   "add across and radius_across");
}
} // namespace

LayerPlan read_layer(const Table& table, anatomy::BoneKind bone, bool segment)
{
  LayerPlan plan;
  plan.name = table.text("name");
  plan.words = table.text("words");
  plan.tissue = table.choice("tissue", data_names("materials/tissues"));
  plan.of_bone = table.has("of_bone") ? table.choice("of_bone", {"whole", "cut"}) : "";
  if (segment)
    plan.of = table.choice("of", places_in_segment());
  plan.shape = read_shape(table, plan.of == "joints");
  plan.place = read_place(table, bone);
  plan.outward = read_directions(table, "outward", bone);
  if (!(length_of(plan.outward) > 0))
    table.complain("outward", "the outward direction of layer \"" + plan.name + "\" is missing",
                   "named components", "write outward = { cranial = 1 } or the like");
  plan.extent = read_extent(table, bone);
  plan.below_mm = table.number("below_mm", 0.0);
  table.require(plan.below_mm >= 0, "below_mm", "0 or more");
  plan.over_bone_mm = table.number("over_bone_mm", 0.0);
  table.require(plan.over_bone_mm >= 0, "over_bone_mm", "0 or more");
  if (plan.of == "joints")
    plan.joint = read_joint(table, bone);
  else
    read_reach(plan, table);
  return plan;
}

Layer make_layer(const LayerPlan& plan, const anatomy::BoneAnatomy& bone)
{
  Layer layer;
  layer.name = plan.name;
  layer.words = plan.words;
  layer.tissue = plan.tissue;
  layer.outward = unit_vector(bone.frame, plan.outward);
  layer.over_bone_mm = plan.over_bone_mm;
  const Vec3 centre = place_on(plan.place, bone, plan.words);
  const Ellipse outline = ellipse_on(plan.extent, centre, layer.outward, bone, plan.words);
  const double thickness = size_on(plan.thickness, bone, plan.words);
  if (plan.shape == LayerPlan::Shape::shell)
    layer.zone = shell(outline, thickness, plan.half_angle_deg * std::numbers::pi / 180);
  else
    layer.zone = slab(outline, plan.below_mm, thickness, plan.shape == LayerPlan::Shape::box);
  return layer;
}

namespace
{
/// The mean of two ellipses whose places and axes are given.
Ellipse mean_ellipse(const Ellipse& a, const Ellipse& b, Vec3 centre, Vec3 axis)
{
  Ellipse mean;
  mean.centre = centre;
  mean.axis = axis;
  mean.radius = (a.radius + b.radius) / 2;
  mean.radius_wide = (a.radius_wide + b.radius_wide) / 2;
  const Vec3 wide = a.wide + b.wide;
  const Vec3 flat = wide - dot(wide, axis) * axis;
  mean.wide = norm(flat) > 0 ? normalized(flat) : Vec3{};
  return mean;
}

/// The layer between bone `upper` and the next one.
Layer make_joint(const LayerPlan& plan, Bones bones, std::size_t upper)
{
  const anatomy::BoneAnatomy& a = bones[upper];
  const anatomy::BoneAnatomy& b = bones[upper + 1];
  const std::string between = a.level + "-" + b.level;
  Layer layer;
  layer.name = plan.name + " " + between;
  layer.words = plan.words + " " + between;
  layer.tissue = plan.tissue;
  layer.outward =
      normalized(unit_vector(a.frame, plan.outward) + unit_vector(b.frame, plan.outward));
  layer.over_bone_mm = plan.over_bone_mm;
  layer.joint = {static_cast<int>(upper), static_cast<int>(upper) + 1, plan.joint->gap_mm,
                 plan.joint->may_be_absent};
  const Vec3 above = place_on(plan.place, a, layer.words);
  const Vec3 below = place_on(plan.joint->below, b, layer.words);
  const Vec3 centre = (above + below) / 2;
  const Ellipse outline = mean_ellipse(
      ellipse_on(plan.extent, above, layer.outward, a, layer.words),
      ellipse_on(plan.extent, below, layer.outward, b, layer.words), centre, layer.outward);
  const double reach = std::abs(dot(above - below, layer.outward)) / 2 + plan.below_mm;
  layer.zone = plan.shape == LayerPlan::Shape::ball ? geometry::sphere(centre, outline.radius)
                                                    : slab(outline, reach, reach, false);
  return layer;
}

bool has_places(const LayerPlan& plan, const anatomy::BoneAnatomy& upper,
                const anatomy::BoneAnatomy& lower)
{
  return find_place(plan.place, upper) && find_place(plan.joint->below, lower);
}
} // namespace

std::vector<Layer> make_layers(const LayerPlan& plan, Bones bones, Warnings& warnings)
{
  if (!plan.joint)
    return {make_layer(plan, bone_of(plan.of, bones))};
  std::vector<Layer> layers;
  for (std::size_t n = 0; n + 1 < bones.size(); ++n)
    if (!plan.joint->may_be_absent || has_places(plan, bones[n], bones[n + 1]))
      layers.push_back(make_joint(plan, bones, n));
    else
      warnings.push_back({"joint_absent",
                          plan.words + " " + bones[n].level + "-" + bones[n + 1].level +
                              " is left out: its places were not found on both vertebrae",
                          plan.name});
  return layers;
}

} // namespace calcar::load
