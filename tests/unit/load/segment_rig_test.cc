// Rigs and activities of spine segments.
#include "base/files.hpp"
#include "geometry/rotation.hpp"
#include "load/catalogue.hpp"
#include "load/make_load_case.hpp"
#include "load/rig.hpp"
#include "refusal.hpp"
#include "unit/load/hand_made_bones.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::load;
using anatomy::BoneAnatomy;
using anatomy::BoneKind;
using Catch::Contains;

namespace
{
/// A vertebra of hand_made_vertebra with facets, turned about its right axis, its middle at a
/// place.
BoneAnatomy vertebra(const std::string& level, Vec3 centre, double flexed_deg = 0,
                     bool facets = true)
{
  BoneAnatomy bone = hand_made_vertebra(level).anatomy;
  const Vec3 old = bone.frame.origin;
  if (facets)
    for (const double side : {-1.0, 1.0})
    {
      const std::string name = side < 0 ? "left_" : "right_";
      bone.landmarks[name + "superior_facet"] =
          old + side * 16 * bone.frame.medial - 32 * bone.frame.anterior + 15 * bone.frame.proximal;
      bone.landmarks[name + "inferior_facet"] =
          old + side * 16 * bone.frame.medial - 34 * bone.frame.anterior - 17 * bone.frame.proximal;
    }
  const Mat3 turn = geometry::rotation_about(bone.frame.medial, geometry::radians(flexed_deg));
  for (auto& [name, point] : bone.landmarks)
    point = centre + turn * (point - old);
  bone.frame = {centre, turn * bone.frame.medial, turn * bone.frame.anterior,
                turn * bone.frame.proximal};
  return bone;
}

std::vector<BoneAnatomy> straight_segment(bool facets = true)
{
  return {vertebra("L2", {0, 0, 68}, 0, facets), vertebra("L3", {0, 0, 34}, 0, facets),
          vertebra("L4", {0, 0, 0}, 0, facets)};
}

/// Lordosis: each level tilted against the next, in an arc.
std::vector<BoneAnatomy> curved_segment()
{
  return {vertebra("L2", {0, 2, 68}, -9), vertebra("L3", {0, 0, 34}), vertebra("L4", {0, 2, 0}, 9)};
}

const std::string discs = "spine_segment_discs";
} // namespace

TEST_CASE("a segment has half discs at its ends and a disc and two facet joints between neighbours")
{
  const auto bones = straight_segment();
  const Rig rig = make_rig(discs, bones);
  std::vector<std::string> names;
  for (const Layer& layer : rig.layers)
    names.push_back(layer.name);
  CHECK(names == std::vector<std::string>{"upper_disc", "lower_disc", "disc L2-L3", "disc L3-L4",
                                          "left_facet L2-L3", "left_facet L3-L4",
                                          "right_facet L2-L3", "right_facet L3-L4"});
  CHECK(rig.warnings.empty());
  CHECK(rig.layers[3].joint->upper == 1);
  CHECK(rig.layers[3].joint->lower == 2);
  // Half discs beyond the ends, discs in the middle between the endplates (gap 10 mm), facets about
  // the middle of the two landmarks.
  CHECK(rig.layers[0].zone.contains({0, 0, 68 + 12 + 3}));
  CHECK_FALSE(rig.layers[0].zone.contains({0, 0, 34 + 12 + 3}));
  CHECK(rig.layers[1].zone.contains({0, 0, -12 - 3}));
  for (const double z : {46.0, 51.0, 56.0})
    CHECK(rig.layers[2].zone.contains({0, 0, z}));
  CHECK_FALSE(rig.layers[2].zone.contains({0, 0, 17}));
  CHECK_FALSE(rig.layers[2].zone.contains({0, 25, 51}));
  const Vec3 left = 0.5 * (bones[0].landmarks.at("left_inferior_facet") +
                           bones[1].landmarks.at("left_superior_facet"));
  CHECK(rig.layers[4].zone.distance(left) == Approx(-0.4 * 35));
}

TEST_CASE("of vertebral bodies alone the facet joints are left out with a warning")
{
  const auto bones = straight_segment(false);
  const Rig rig = make_rig(discs, bones);
  CHECK(rig.layers.size() == 4);
  REQUIRE(rig.warnings.size() == 4);
  CHECK(rig.warnings[0].code == "joint_absent");
  CHECK_THAT(rig.warnings[0].text, Contains("left facet joint L2-L3 is left out"));
}

TEST_CASE("a segment is loaded by its top vertebra's load, along the line to the lower face")
{
  const Activity standing = for_segment(activity(BoneKind::vertebra, "standing", ""), "");
  CHECK(standing.rig == discs);
  const auto bones = curved_segment();
  const LoadCase load = make_load_cases(standing, bones, test_patient()).front();
  CHECK(load.rig == discs);
  REQUIRE(load.forces.size() == 1);
  const double weight = test_patient().body_weight_N();
  CHECK(load.reference.value == Approx(0.75 * weight)); // of L2
  CHECK(norm(load.forces[0].force) == Approx(0.75 * weight));
  const Rig rig = make_rig(discs, bones);
  const Vec3 line = rig.supports.at(0).patch.centre - load.forces[0].patch.centre;
  CHECK(norm(cross(normalized(line), normalized(load.forces[0].force))) < 1e-12);
  CHECK(dot(line, load.forces[0].force) > 0);
  // Not along the top vertebra's own axis, which would bend the segment.
  CHECK(geometry::angle_deg(load.forces[0].force, -bones[0].frame.proximal) > 5);
}

TEST_CASE("on a straight segment the force is that of one vertebra")
{
  const Activity one = activity(BoneKind::vertebra, "flexion", "");
  const auto bones = straight_segment();
  const Vec3 alone = make_load_case(one, bones[0], test_patient()).forces[0].force;
  const Vec3 force =
      make_load_cases(for_segment(one, ""), bones, test_patient()).front().forces[0].force;
  CHECK(norm(force - alone) < 1e-9 * norm(alone));
}

TEST_CASE("every activity of a vertebra whose rig has one of a segment runs on a segment")
{
  const auto names = activity_names("spine_segment");
  CHECK(names == activity_names(BoneKind::vertebra));
  CHECK(activity_names("femur") == activity_names(BoneKind::femur));
  const auto bones = straight_segment();
  for (const std::string& name : names)
  {
    CAPTURE(name);
    const Activity plan = for_segment(activity(BoneKind::vertebra, name, ""), "");
    CHECK(rig_plan(plan.rig, "").segment);
    CHECK(make_load_cases(plan, bones, test_patient()).front().reference.value > 0);
    CHECK(make_rig(plan.rig, bones).layers.size() == 8);
  }
  CHECK(list_activities("spine_segment").size() == names.size());
  CHECK_THAT(
      refusal([&] { for_segment(activity(BoneKind::femur, "level_walking", ""), "case:9"); }),
      Contains("case:9") && Contains("not for a spine segment") && Contains("standing"));
}

TEST_CASE("a segment's rig refuses one vertebra, and that of one vertebra a segment")
{
  const auto bones = straight_segment();
  CHECK_THAT(refusal([&] { make_rig(discs, bones[0]); }),
             Contains("for the spine segment") && Contains("is a vertebra"));
  CHECK_THAT(refusal([&] { make_rig("vertebra_discs", bones); }),
             Contains("for the vertebra") && Contains("spine segment L2-L4"));
}

namespace
{
/// The segment's rig with one text in the place of another.
std::string changed(const std::string& from, const std::string& to)
{
  const std::string text = read_text(data_folder("cases/rigs") / (discs + ".toml"));
  REQUIRE(text.find(from) != std::string::npos);
  const ScratchFile file(discs + ".toml", with(text, from, to));
  return refusal([&] { read_rig(file.path()); });
}
} // namespace

TEST_CASE("a segment's rig says of which vertebra each part is, and refuses what makes no sense")
{
  CHECK(changed("words = \"disc\"", "words = \"the disc\"") == "");
  CHECK_THAT(changed("of = \"top\"\n", ""), Contains("of") && Contains("top, bottom, joints"));
  CHECK_THAT(changed("of = \"top\"", "of = \"tops\""), Contains("tops") && Contains("bottom"));
  CHECK_THAT(changed("in_place_of = \"vertebra_discs\"\n", ""), Contains("in_place_of"));
  CHECK_THAT(changed("landmark_below = \"superior_endplate_centre\"\n", ""),
             Contains("landmark_below"));
  CHECK_THAT(changed("landmark_below = \"superior_endplate_centre\"",
                     "landmark_below = \"superior_endplate\""),
             Contains("unknown landmark \"superior_endplate\""));
  CHECK_THAT(changed("gap_mm = 4", "gap_mm = 40"), Contains("0 to 20 mm"));
  CHECK_THAT(changed("shape = \"ball\"", "shape = \"shell\""),
             Contains("shell") && Contains("cylinder, ball"));
  CHECK_THAT(changed("line_to = \"lower_face\"", "line_to = \"floor\""),
             Contains("line_to") && Contains("\"floor\"") && Contains("lower_face"));
  CHECK_THAT(changed("layer = \"upper_disc\"", "layer = \"disc\""),
             Contains("top or bottom vertebra"));
}
