#include "implant/place_prosthesis_shaft.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/canal.hpp"
#include "implant/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double smooth_over_mm = 40; ///< of the canal's axis, to either side
constexpr double wide_from = 1.5;     ///< times the isthmus: wider, the wall guides no stem
constexpr double above_canal_mm =
    140; ///< the shaft's axis goes on straight through the trochanters

std::string mm(double value)
{
  return format_number(std::round(10 * value) / 10);
}

std::string distal_joint(anatomy::BoneKind kind)
{
  return kind == anatomy::BoneKind::femur     ? "intercondylar_notch"
         : kind == anatomy::BoneKind::humerus ? "elbow_centre"
                                              : "ankle_centre";
}
} // namespace

Shaft find_shaft(const Building& b)
{
  const Canal canal = find_canal(b.site, b.request.place);
  std::vector<Vec3> centres;
  for (std::size_t n = 0; n < canal.points.size(); ++n)
  {
    const bool wide =
        canal.points[n].free_radius_mm > wide_from * canal.points[canal.isthmus].free_radius_mm;
    if (n > canal.isthmus && wide)
      break;
    centres.push_back(canal.points[n].centre);
  }
  std::vector<Vec3> axis = smoothed(centres, smooth_over_mm);
  if (axis.size() < 5)
    refuse(b.request.place, "the image shows too little of the canal for a stem",
           "at least 25 mm of it", "use an image that shows more of the shaft");
  const std::size_t reach = std::min<std::size_t>(axis.size() - 1, 8);
  const Vec3 down = normalized(axis.back() - axis[axis.size() - 1 - reach]);
  while (depth_at(b.site, axis.back() + 5.0 * down) > 0)
    axis.push_back(axis.back() + 5.0 * down);
  const Vec3 up = normalized(axis.front() - axis[reach]);
  axis.insert(axis.begin(), axis.front() + above_canal_mm * up);
  Shaft shaft{Path(axis), above_canal_mm, 0, false};
  shaft.end = shaft.axis.length();
  const auto joint = b.site.bone().landmarks.find(distal_joint(b.site.bone().kind));
  if (joint == b.site.bone().landmarks.end())
    shaft.beyond_image = !b.site.bone().whole;
  else
    shaft.end = std::min(shaft.end,
                         level_on(shaft.axis, joint->second) - b.plan.prosthesis->before_joint_mm);
  return shaft;
}

void resect(const Building& b, const std::string& name, const geometry::Solid& solid, Vec3 centre)
{
  const image::Mask& mask = b.site.ground.mask;
  double reach = 0, count = 0;
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
      {
        if (!mask.at(i, j, k))
          continue;
        const Vec3 p = mask.grid.point({double(i), double(j), double(k)});
        if (!solid.contains(p))
          continue;
        reach = std::max(reach, norm(p - centre));
        count += 1;
      }
  const Vec3 voxel = {mask.grid.spacing[0], mask.grid.spacing[1], mask.grid.spacing[2]};
  reach += norm(voxel);
  b.fixation.measures["resected_ml"] = count * mask.grid.voxel_volume() / 1000;
  b.fixation.removed.push_back(
      {name, geometry::intersect({solid, geometry::sphere(centre, reach)}), centre, reach, true});
}

void prepare_canal(const Building& b, const std::string& name, const Stem& stem,
                   const geometry::Solid& solid)
{
  const Vec3 middle = stem.line.point(0.5 * stem.length());
  b.fixation.removed.push_back({name, solid, middle,
                                0.5 * stem.length() + stem.plug_mm + 2 * stem.outer_mm.front() +
                                    b.plan.prosthesis->neck_mm});
}

Component metal_bar(const Building& b, const std::string& name, geometry::Solid solid,
                    std::vector<Vec3> axis, std::vector<SectionRun> runs)
{
  Component part;
  part.name = name;
  part.kind = ComponentKind::stem;
  part.alloy = b.plan.alloy;
  part.solid = std::move(solid);
  part.axis = std::move(axis);
  part.runs = std::move(runs);
  part.radius_mm = 1e9;
  for (const SectionRun& run : part.runs)
  {
    part.reach_mm = std::max(part.reach_mm, run.section.weak_edge_mm);
    part.radius_mm = std::min(part.radius_mm, run.section.weak_edge_mm);
  }
  part.reach_mm += 0.5 * b.plan.prosthesis->widens_mm;
  take_least(part);
  part.to_bone = Interface::bonded;
  part.priority = 3;
  return part;
}

SectionRun round_run(const Building& b, double from, double to, double diameter)
{
  const CrossSection section = round_section(diameter);
  return {from, to, section, stiffness(section, b.alloy)};
}

Joint find_joint(const Building& b, const Shaft& shaft)
{
  Joint joint;
  joint.head = landmark(b.site, "femoral_head_centre", "the prosthesis' head", b.request.place);
  const Vec3 neck =
      landmark(b.site, "femoral_neck_centre", "the prosthesis' neck", b.request.place);
  joint.radius = b.site.bone().measures.at("head_radius_mm").value;
  joint.towards_neck = normalized(neck - joint.head);
  const Vec3 down = shaft.axis.tangent(0.5 * shaft.canal_top);
  const auto meeting =
      geometry::closest_points(joint.head, joint.towards_neck, shaft.axis.point(0), down);
  joint.shoulder = dot(meeting.on_second - shaft.axis.point(0), down);
  b.fixation.measures["head_diameter_mm"] = 2 * joint.radius;
  b.fixation.measures["offset_mm"] =
      norm(geometry::without_component(joint.head - shaft.axis.point(0), down));
  return joint;
}

void add_head(const Building& b, const Joint& joint)
{
  Component head;
  head.name = "head";
  head.kind = ComponentKind::head;
  head.alloy = b.plan.prosthesis->head_alloy;
  material::alloy(head.alloy, b.request.place);
  head.solid = geometry::sphere(joint.head, joint.radius);
  head.axis = {joint.head};
  head.radius_mm = head.reach_mm = joint.radius;
  head.joined = {"stem"};
  head.priority = 5;
  head.size = mm(2 * joint.radius) + " mm";
  b.fixation.components.push_back(std::move(head));
}

void judge_spans(const Building& b, const Stem& stem)
{
  const double rule = b.plan.spans.diameters;
  for (const lesion::PlacedLesion& lesion : b.site.lesions)
  {
    const auto span = lesion_span(b.site, lesion, stem.line);
    if (!span || rule <= 0)
      continue;
    const double left = stem.length() - span->to;
    const double wanted =
        rule * bone_diameter(b.site, lesion.centre, stem.line.tangent(stem.length()));
    b.fixation.measures["distal_beyond_" + lesion.lesion.name + "_mm"] = left;
    if (left < wanted)
      b.warn("ends_at_lesion",
             "the stem ends at the lesion \"" + lesion.lesion.name + "\": " + mm(std::abs(left)) +
                 " mm " + (left < 0 ? "short of" : "beyond") + " its end, less than " + mm(wanted) +
                 " mm (" + format_number(rule) + " diameters of the bone)");
  }
}

} // namespace calcar::implant
