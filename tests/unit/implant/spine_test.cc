#include "anatomy/synthetic_segment.hpp"
#include "geometry/rotation.hpp"
#include "implant/check.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{
Plan vertebra_plan()
{
  Plan plan;
  plan.kind = anatomy::BoneKind::vertebra;
  plan.voxel_mm = 1;
  return plan;
}

/// An L3 of 1 mm voxels: read only.
const Bone& vertebra()
{
  static const Bone bone(vertebra_plan());
  return bone;
}

/// Right, anterior, cranial of a vertebra's frame.
Vec3 in_frame(const anatomy::BoneAnatomy& bone, Vec3 p)
{
  const Vec3 d = p - bone.frame.origin;
  return {dot(d, bone.frame.medial), dot(d, bone.frame.anterior), dot(d, bone.frame.proximal)};
}

/// Points of a solid about a place, `step` mm apart.
std::vector<Vec3> points_in(const geometry::Solid& solid, Vec3 centre, double reach, double step)
{
  std::vector<Vec3> points;
  for (double x = -reach; x <= reach; x += step)
    for (double y = -reach; y <= reach; y += step)
      for (double z = -reach; z <= reach; z += step)
        if (const Vec3 p = centre + Vec3{x, y, z}; solid.contains(p))
          points.push_back(p);
  return points;
}

/// Vertebrae of one mask, as a pipeline hands them over.
struct Segment
{
  explicit Segment(const std::string& levels, const Mat3& turn = identity())
      : parts(anatomy::spine_segment({}, anatomy::segment_levels(levels))),
        scan(anatomy::make_scan(parts, settings(turn))), mask{scan.labels.grid, {}, {}},
        ground{scan.truth, mask, scan.volume}, site(make())
  {
  }
  Segment(const Segment&) = delete;
  Segment& operator=(const Segment&) = delete;

  static anatomy::ScanSettings settings(const Mat3& turn)
  {
    anatomy::ScanSettings settings;
    settings.voxel_mm = 1;
    settings.rotation = turn;
    return settings;
  }
  implant::Site make()
  {
    for (const auto label : scan.labels.values)
      mask.values.push_back(label != 0 ? 1 : 0);
    implant::Site made = implant::make_site(ground);
    made.levels = scan.parts;
    return made;
  }
  /// Exact depth below the surface of the vertebra n.
  double depth(std::size_t n, Vec3 p) const
  {
    const anatomy::SyntheticBody& body = parts.parts[n].body;
    return -body.distance(body.origin + in_frame(scan.parts[n], p));
  }

  anatomy::SyntheticSegment parts;
  anatomy::SyntheticScan scan;
  image::Mask mask;
  lesion::Ground ground;
  implant::Site site;
};

const Segment& lumbar()
{
  static const Segment segment("L2:L4");
  return segment;
}

implant::Fixation screws(const implant::Site& site, const implant::Request& request = {})
{
  return implant::place(request, implant::fixation_template("pedicle_screws", "case.toml"), site);
}

std::string refused(const implant::Site& site, const implant::Request& request = {})
{
  try
  {
    screws(site, request);
  }
  catch (const InputError& error)
  {
    return error.what();
  }
  return "";
}

const implant::Component& named(const implant::Fixation& fixation, const std::string& name)
{
  for (const implant::Component& c : fixation.components)
    if (c.name == name)
      return c;
  throw std::runtime_error("no component " + name);
}
} // namespace

TEST_CASE("cement in a vertebral body has the volume asked for and stays inside", "[implant]")
{
  const std::string name = GENERATE("vertebroplasty", "kyphoplasty");
  const double ml = GENERATE(3.0, 6.0);
  implant::Request request;
  request.chosen = {{"cement_ml", ml}};
  const implant::Fixation fixation = placed(vertebra(), name, request);
  REQUIRE(fixation.components.size() == 1);
  const implant::Component& cement = fixation.components[0];
  const auto points = points_in(cement.solid, cement.axis[0], cement.reach_mm + 2, 0.6);
  CHECK_THAT(static_cast<double>(points.size()) * 0.216 / 1000, WithinRel(ml, 0.05));
  const double wall =
      in_frame(vertebra().scan.truth, vertebra().scan.truth.landmarks.at("posterior_wall")).y;
  double nearest = 1e9, shallowest = 1e9, farthest = 0;
  for (const Vec3& p : points)
  {
    nearest = std::min(nearest, in_frame(vertebra().scan.truth, p).y - wall);
    shallowest = std::min(shallowest, implant::depth_at(vertebra().site, p));
    farthest = std::max(farthest, norm(p - cement.axis[0]));
  }
  CHECK(nearest >= 4 - 1e-6);
  CHECK(shallowest >= 1 - 1e-6);
  CHECK(farthest <= cement.reach_mm);
  CHECK_THAT(fixation.measures.at("cement_to_posterior_wall_mm"), WithinAbs(nearest, 0.6));
  CHECK_THAT(fixation.measures.at("cement_share_of_body") * fixation.measures.at("body_ml"),
             WithinRel(ml, 1e-9));
  CHECK(fixation.removed.size() == (name == "kyphoplasty" ? 1 : 0));
}

TEST_CASE("the share of the body is that of the body itself", "[implant]")
{
  const implant::Fixation fixation = placed(vertebra(), "vertebroplasty");
  CHECK(fixation.measures.at("cement_ml") == 5); // of a lumbar vertebra
  // Between the ellipse on the endplates' mean area and that of a waist a tenth narrower.
  const auto& m = vertebra().scan.truth.measures;
  const double area =
      0.5 * (m.at("superior_endplate_area_mm2").value + m.at("inferior_endplate_area_mm2").value);
  const double height =
      0.5 * (m.at("body_height_anterior_mm").value + m.at("body_height_posterior_mm").value);
  CHECK(fixation.measures.at("body_ml") < area * height / 1000);
  CHECK(fixation.measures.at("body_ml") > 0.81 * area * height / 1000);
}

TEST_CASE("cement without a lesion lies as far right as left, through one pedicle in one piece",
          "[implant]")
{
  implant::Request request;
  for (const double pedicles : {1.0, 2.0})
  {
    request.chosen = {{"pedicles", pedicles}};
    const implant::Fixation fixation = placed(vertebra(), "vertebroplasty", request);
    const implant::Component& cement = fixation.components[0];
    double sum = 0;
    const auto points = points_in(cement.solid, cement.axis[0], cement.reach_mm, 1);
    for (const Vec3& p : points)
      sum += in_frame(vertebra().scan.truth, p).x;
    CHECK_THAT(sum / static_cast<double>(points.size()), WithinAbs(0, 0.3));
  }
  request.chosen = {{"pedicles", 3}};
  CHECK_THAT(refusal(vertebra(), "vertebroplasty", request), Contains("1 or 2"));
}

TEST_CASE("more cement than the body has room for is refused with the room", "[implant]")
{
  implant::Request request;
  request.chosen = {{"cement_ml", 60}};
  CHECK_THAT(refusal(vertebra(), "vertebroplasty", request), Contains("has room for"));
  request.chosen = {{"cement_ml", -1}};
  CHECK_THAT(refusal(vertebra(), "vertebroplasty", request), Contains("more than 0"));
  CHECK_THAT(refusal(femur(), "vertebroplasty"), Contains("made for the vertebra"));
}

TEST_CASE("cement goes about the lesion", "[implant]")
{
  Bone bone(vertebra_plan());
  const auto& truth = bone.scan.truth;
  const Vec3 middle = truth.landmarks.at("body_centre");
  const Vec3 lesion = middle + 8.0 * truth.frame.medial + 4.0 * truth.frame.anterior;
  bone.add_lesion("right", lesion, 6);
  implant::Request request;
  request.chosen = {{"pedicles", 1}};
  const implant::Fixation fixation = placed(bone, "vertebroplasty", request);
  CHECK(norm(fixation.components[0].axis[0] - lesion) < 0.5);
  CHECK(fixation.components[0].solid.contains(lesion));
  CHECK_FALSE(warns(fixation, "leak_posterior_wall"));
  CHECK_FALSE(warns(fixation, "leak_endplate"));
  CHECK(fixation.measures.at("posterior_wall_open") == 0);
}

TEST_CASE("an opened posterior wall is told of and kept away from, one that is gone refused",
          "[implant]")
{
  const auto with = [](double radius)
  {
    auto bone = std::make_unique<Bone>(vertebra_plan());
    bone->add_lesion("wall", bone->scan.truth.landmarks.at("posterior_wall"), radius);
    return bone;
  };
  const implant::Fixation small = placed(*with(5), "vertebroplasty");
  CHECK(warns(small, "leak_posterior_wall"));
  CHECK(small.measures.at("posterior_wall_open") > 0.05);
  CHECK(small.measures.at("posterior_wall_open") < 0.5);
  CHECK(small.measures.at("cement_to_posterior_wall_mm") >= 8 - 1e-6);
  CHECK_THAT(refusal(*with(14), "vertebroplasty"), Contains("of the posterior wall of the body"));
}

TEST_CASE("an opened endplate is told of", "[implant]")
{
  Bone bone(vertebra_plan());
  bone.add_lesion("end", bone.scan.truth.landmarks.at("superior_endplate_centre"), 7);
  const implant::Fixation fixation = placed(bone, "kyphoplasty");
  CHECK(warns(fixation, "leak_endplate"));
  CHECK_FALSE(warns(fixation, "leak_posterior_wall"));
}

TEST_CASE("rods are refused for a vertebra alone and where a level is not shown", "[implant]")
{
  CHECK_THAT(refusal(vertebra(), "pedicle_screws"), Contains("one vertebra") && Contains("L3"));
  const Segment two("L2:L3");
  CHECK_THAT(refused(two.site), Contains("L2, L3") && Contains("to hold screws"));
  implant::Request request;
  request.chosen = {{"levels_above", 2}};
  CHECK_THAT(refused(lumbar().site, request), Contains("2 above"));
  request.chosen = {{"levels_above", 0.5}};
  CHECK_THAT(refused(lumbar().site, request), Contains("whole number"));
}

TEST_CASE("pedicle screws lie in bone and never touch the spinal canal", "[implant]")
{
  const Segment& spine = lumbar();
  const implant::Fixation fixation = screws(spine.site);
  CHECK(fixation.measures.at("screws") == 4);
  for (const std::size_t n : {0u, 2u})
    for (const std::string side : {"right", "left"})
    {
      const anatomy::BoneAnatomy& level = spine.scan.parts[n];
      const std::string name = level.level + " " + side + " screw";
      INFO(name);
      const implant::Component& screw = named(fixation, name);
      const double outer = fixation.measures.at(name + " diameter_mm");
      CHECK(fixation.measures.at(name + " to_canal_mm") > 0);
      CHECK(fixation.measures.at(name + " inwards_deg") > 0);
      const Vec3 along = normalized(screw.axis[1] - screw.axis[0]);
      const double length = implant::length_mm(screw);
      const double behind =
          in_frame(level, level.landmarks.at(side + "_pedicle_centre")).y - 4; // in the arch
      // The thread's whole surface by the exact shape, from the arch to the tip.
      double shallowest = 1e9;
      for (double s = 0; s <= length; s += 0.5)
        for (int ray = 0; ray < 16; ++ray)
        {
          const Vec3 axis_point = screw.axis[0] + s * along;
          if (in_frame(level, axis_point).y < behind)
            continue;
          const Vec3 out = geometry::rotation_about(along, ray * geometry::pi / 8) *
                           geometry::any_perpendicular(along);
          shallowest = std::min(shallowest, spine.depth(n, axis_point + 0.5 * outer * out));
        }
      CHECK(shallowest > 0.2);
      // The tip at most at 80 % of the body's depth, less one step of length.
      const double wall = in_frame(level, level.landmarks.at("posterior_wall")).y;
      const double front = in_frame(level, level.landmarks.at("anterior_wall")).y;
      const double tip = (in_frame(level, screw.axis[1]).y - wall) / (front - wall);
      CHECK(tip < 0.82);
      CHECK(tip > 0.8 - 5 / (front - wall));
    }
}

TEST_CASE("rods join the heads of their side outside the bone", "[implant]")
{
  const implant::Fixation fixation = screws(lumbar().site);
  for (const std::string side : {"right", "left"})
  {
    const implant::Component& rod = named(fixation, side + " rod");
    const implant::Path line(rod.axis);
    for (double s = 0; s <= line.length(); s += 1)
      CHECK(implant::depth_at(lumbar().site, line.point(s)) < -2.75);
    for (const std::string level : {"L2", "L4"})
    {
      const implant::Component& screw = named(fixation, level + " " + side + " screw");
      CHECK(norm(line.point(line.nearest(screw.axis[0])) - screw.axis[0]) < 1e-6);
      CHECK(screw.joined == std::vector<std::string>{rod.name});
      CHECK(screw.runs.back().to_mm == Approx(implant::length_mm(screw)));
      CHECK(screw.stiffness.bending_EI_Nmm2 == screw.runs.back().stiffness.bending_EI_Nmm2);
    }
  }
}

TEST_CASE("pedicles too narrow for a screw are refused with their width", "[implant]")
{
  const Segment thoracic("T4:T6");
  CHECK_THAT(refused(thoracic.site),
             Contains("the pedicle of T4") && Contains("the thinnest screw is 4.5"));
  implant::Request request;
  request.chosen = {{"screw_diameter_mm", 7.5}};
  CHECK_THAT(refused(lumbar().site, request), Contains("the pedicle of L2") && Contains("not 7.5"));
  request.chosen = {{"screw_diameter_mm", 5}};
  CHECK(screws(lumbar().site, request).measures.at("L4 left screw diameter_mm") == 5);
  request.chosen = {{"screw_diameter_mm", 5.2}};
  CHECK_THAT(refused(lumbar().site, request), Contains("as they are made"));
}

TEST_CASE("the mirror image of a spine gets the mirror image of its screws", "[implant]")
{
  const auto mirrored = [](Vec3 v) { return Vec3{-v.x, v.y, v.z}; };
  const auto mirror = [&](anatomy::BoneAnatomy bone)
  {
    // The patient's right stays right: the mirrored bone has it on the other side of its frame.
    bone.frame = {mirrored(bone.frame.origin), -mirrored(bone.frame.medial),
                  mirrored(bone.frame.anterior), mirrored(bone.frame.proximal)};
    std::map<std::string, Vec3> landmarks;
    for (const auto& [name, p] : bone.landmarks)
    {
      const bool right = name.rfind("right_", 0) == 0, left = name.rfind("left_", 0) == 0;
      const std::string other = right  ? "left_" + name.substr(6)
                                : left ? "right_" + name.substr(5)
                                       : name;
      landmarks[other] = mirrored(p);
    }
    bone.landmarks = landmarks;
    return bone;
  };
  image::Mask mask = lumbar().mask;
  image::Volume density = lumbar().scan.volume;
  mask.grid.origin = mirrored(mask.grid.origin);
  mask.grid.direction[0] = -mask.grid.direction[0];
  density.grid = mask.grid;
  const anatomy::BoneAnatomy own = mirror(lumbar().scan.truth);
  const lesion::Ground ground{own, mask, density};
  implant::Site site = implant::make_site(ground);
  for (const anatomy::BoneAnatomy& level : lumbar().site.levels)
    site.levels.push_back(mirror(level));
  const implant::Fixation a = screws(lumbar().site), b = screws(site);
  for (const std::string level : {"L2", "L4"})
  {
    const implant::Component& right = named(a, level + " right screw");
    const implant::Component& left = named(b, level + " left screw");
    CHECK(right.size == left.size);
    CHECK(norm(mirrored(right.axis[0]) - left.axis[0]) < 0.05);
    CHECK(norm(mirrored(right.axis[1]) - left.axis[1]) < 0.05);
  }
  CHECK(named(a, "right rod").size == named(b, "left rod").size);
}

TEST_CASE("a turned spine gets the turned screws", "[implant]")
{
  const Segment turned("L2:L4", geometry::rotation_about({1, 0.5, 0.3}, 0.5));
  const implant::Fixation a = screws(lumbar().site), b = screws(turned.site);
  REQUIRE(a.components.size() == b.components.size());
  for (const std::string name : {"L2 right screw", "L2 left screw", "L4 right screw"})
  {
    const implant::Component &one = named(a, name), &other = named(b, name);
    CHECK(norm(in_frame(lumbar().scan.truth, one.axis[1]) -
               in_frame(turned.scan.truth, other.axis[1])) < 6); // a step of length and a voxel
    CHECK_THAT(a.measures.at(name + " diameter_mm"),
               WithinAbs(b.measures.at(name + " diameter_mm"), 0.5));
  }
}
