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

LayerPlan read_layer(const Table& table, anatomy::BoneKind bone)
{
  LayerPlan plan;
  plan.name = table.text("name");
  plan.words = table.text("words");
  plan.tissue = table.choice("tissue", data_names("materials/tissues"));
  plan.of_bone = table.has("of_bone") ? table.choice("of_bone", {"whole", "cut"}) : "";
  const std::string shape = table.choice("shape", {"cylinder", "box", "shell"});
  plan.shape = shape == "box"     ? LayerPlan::Shape::box
               : shape == "shell" ? LayerPlan::Shape::shell
                                  : LayerPlan::Shape::cylinder;
  plan.place = read_place(table, bone);
  plan.outward = read_directions(table, "outward", bone);
  if (!(length_of(plan.outward) > 0))
    table.complain("outward", "the outward direction of layer \"" + plan.name + "\" is missing",
                   "named components", "write outward = { cranial = 1 } or the like");
  plan.extent = read_extent(table, bone);
  plan.thickness = read_size(table, "thickness");
  plan.below_mm = table.number("below_mm", 0.0);
  table.require(plan.below_mm >= 0, "below_mm", "0 or more");
  plan.over_bone_mm = table.number("over_bone_mm", 0.0);
  table.require(plan.over_bone_mm >= 0, "over_bone_mm", "0 or more");
  if (plan.shape == LayerPlan::Shape::shell)
  {
    plan.half_angle_deg = table.number("half_angle_deg");
    table.require(plan.half_angle_deg > 5 && plan.half_angle_deg <= 180, "half_angle_deg",
                  "5 to 180 degrees");
  }
  if (plan.shape == LayerPlan::Shape::box && plan.extent.across.empty())
    table.complain("across", "the sides of box \"" + plan.name + "\" have no direction", "",
                   "add across and radius_across");
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

} // namespace calcar::load
