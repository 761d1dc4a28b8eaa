// Areas, layers and couples of rigs on hand-made bones, and what is refused.
#include "base/files.hpp"
#include "load/activity.hpp"
#include "load/make_load_case.hpp"
#include "load/nodal_forces.hpp"
#include "load/rig.hpp"
#include "unit/load/hand_made_bones.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::load;
using anatomy::BoneKind;
using anatomy::Side;
using Catch::Matchers::Contains;

namespace
{
LoadCase load_case(const std::string& name, const HandMadeBone& bone)
{
  return make_load_case(activity(bone.anatomy.kind, name, ""), bone.anatomy, test_patient());
}

std::string changed(const std::string& folder, const std::string& name, const std::string& from,
                    const std::string& to)
{
  const std::string text = read_text(data_file(folder, name, "", ""));
  REQUIRE(text.find(from) != std::string::npos);
  const ScratchFile file(name + ".toml", with(text, from, to));
  return folder == "cases/rigs"      ? refusal([&] { read_rig(file.path()); })
         : folder == "cases/scatter" ? ""
                                     : refusal([&] { read_activity(file.path()); });
}

std::string changed_rig(const std::string& name, const std::string& from, const std::string& to)
{
  return changed("cases/rigs", name, from, to);
}

Vec3 sum_of(const AppliedForce& force, const SurfaceCloud& surface)
{
  Vec3 sum;
  for (const Vec3& nodal : nodal_forces(force, surface.points, surface.normals, surface.areas))
    sum += nodal;
  return sum;
}
} // namespace

TEST_CASE("a pressure adds its integral over the surface")
{
  const Patch everywhere{"all", [](Vec3, Vec3) { return 1.0; }, {}, 10, false};
  AppliedForce pressure{"p", everywhere, {}, {}, 0.02};
  SECTION("on a plate it is pressure times area, against the normal")
  {
    HandMadeBone plate = hand_made(BoneKind::tibia, Side::left, {});
    add_plate(plate, {0, 0, 0}, 20, 10, 1);
    const Vec3 sum = sum_of(pressure, plate.surface);
    CHECK(norm(sum - Vec3{0, 0, -0.02 * 800}) < 1e-9);
    pressure.force = {3, 0, 5};
    CHECK(norm(sum_of(pressure, plate.surface) - Vec3{3, 0, 5 - 16}) < 1e-9);
  }
  SECTION("on a hemisphere it is pressure times the area of its opening, on a sphere nothing")
  {
    SurfaceCloud ball;
    add_sphere(ball, {5, 6, 7}, 30, 20000);
    CHECK(norm(sum_of(pressure, ball)) < 0.02);
    pressure.patch.weight = [](Vec3 point, Vec3) { return point.z > 7 ? 1.0 : 0.0; };
    const Vec3 sum = sum_of(pressure, ball);
    CHECK(sum.z == Approx(-0.02 * std::numbers::pi * 30 * 30).epsilon(1e-3));
    CHECK(std::hypot(sum.x, sum.y) < 0.1);
  }
}

TEST_CASE("the pressure of a cough pushes the rib outwards")
{
  for (const Side side : {Side::left, Side::right})
  {
    const HandMadeBone rib = hand_made_rib(side);
    const LoadCase cough = load_case("cough", rib);
    REQUIRE(cough.forces.size() == 1);
    CHECK(cough.forces[0].pressure_MPa == Approx(0.020));
    CHECK(cough.reference.value == Approx(20));
    CHECK(cough.reference.unit == "kPa");
    const Vec3 sum = sum_of(cough.forces[0], rib.surface);
    // Over the whole arc the pressure acts on its chord, along the line from there to the middle.
    CHECK(dot(sum, rib.anatomy.frame.medial) < -5);
    CHECK(std::abs(dot(sum, rib.anatomy.frame.anterior)) < 0.5);
    CHECK(cough.forces[0].patch.spread); // else all of the rib would be too near to the load
    CHECK_FALSE(load_case("side_lying", rib).forces[0].patch.spread);
    // The outer surface is not loaded.
    const Patch& inside = cough.forces[0].patch;
    const Vec3 lateral = -rib.anatomy.frame.medial;
    CHECK(inside.weight(rib.at({6, 0, 0}), -lateral) == 1);
    CHECK(inside.weight(rib.at({-6, 0, 0}), lateral) == 0);
  }
}

TEST_CASE("the hip presses on the roof of the socket, from inside and nowhere else")
{
  for (const Side side : {Side::left, Side::right})
  {
    const HandMadeBone pelvis = hand_made_pelvis(side);
    const Patch cup = load_case("level_walking", pelvis).forces.front().patch;
    CHECK(norm(cup.centre - pelvis.at({})) == 0);
    const auto weight = [&](Vec3 own, double sign)
    {
      const Vec3 point = pelvis.at(25 * normalized(own));
      return cup.weight(point, sign * normalized(pelvis.at({}) - point));
    };
    CHECK(weight({0.255, 0.099, 0.962}, 1) == Approx(1));
    CHECK(weight({0.255, 0.099, 0.962}, -1) == 0); // the outside of the wall
    CHECK(weight({0, 0, -1}, 1) == 0);
    CHECK(weight({-1, 0, 0}, 1) == 0);
    CHECK(cup.weight(pelvis.at({0, 0, 40}), -pelvis.anatomy.frame.proximal) == 0);
    CHECK(cup.weight(pelvis.at({0, 0, 25}), {}) == 0);
  }
}

TEST_CASE("a vertebra lies between half discs over its endplates and nothing else")
{
  const HandMadeBone vertebra = hand_made_vertebra();
  const Rig rig = make_rig("vertebra_discs", vertebra.anatomy);
  REQUIRE(rig.layers.size() == 2);
  CHECK_FALSE(rig.inertia_relief);
  const Layer& upper = rig.layers[0];
  CHECK(upper.tissue == "disc");
  CHECK(norm(upper.outward - vertebra.anatomy.frame.proximal) < 1e-12);
  CHECK(upper.over_bone_mm > 7);
  const auto holds = [&](const Layer& layer, Vec3 own)
  { return layer.zone.contains(vertebra.at(own)); };
  CHECK(holds(upper, {0, 0, 18.9})); // 7 mm, a fifth of the depth
  CHECK_FALSE(holds(upper, {0, 0, 19.1}));
  CHECK(holds(upper, {0, 0, 7.1}));
  CHECK_FALSE(holds(upper, {0, 0, 6.9}));
  CHECK(holds(upper, {29, 0, 15}));
  CHECK_FALSE(holds(upper, {30, 0, 15}));
  CHECK(holds(upper, {0, 19, 15}));
  CHECK_FALSE(holds(upper, {0, 19.5, 15}));
  CHECK(norm(rig.layers[1].outward + upper.outward) < 1e-12);
  CHECK(holds(rig.layers[1], {0, 0, -18.9}));

  REQUIRE(rig.supports.size() == 1);
  const Patch& below = rig.supports[0].patch;
  const Vec3 up = vertebra.anatomy.frame.proximal;
  CHECK(below.weight(vertebra.at({0, 0, -19}), -up) == 1);
  CHECK(below.weight(vertebra.at({0, 0, -19}), up) == 0);
  CHECK(below.weight(vertebra.at({0, 0, -12}), -up) == 0);   // under the endplate, not the disc
  CHECK(below.weight(vertebra.at({0, -60, -19}), -up) == 0); // a spinous process
  const Patch above = load_case("standing", vertebra).forces[0].patch;
  CHECK(norm(above.centre - vertebra.at({0, 0, 19})) < 1e-9);
  CHECK(above.weight(vertebra.at({14, 6, 19}), up) == 1);
  CHECK(above.weight(vertebra.at({8, -24, 19}), up) == 0); // a superior facet
}

TEST_CASE("the zone's distance has the right sign and is exact across its flat ends")
{
  const HandMadeBone vertebra = hand_made_vertebra();
  const auto zone = make_rig("vertebra_pmma_caps", vertebra.anatomy).layers[0].zone;
  CHECK(zone.distance(vertebra.at({0, 0, 25.5})) == Approx(3));
  CHECK(zone.distance(vertebra.at({0, 0, 20.5})) == Approx(-2));
  CHECK(zone.distance(vertebra.at({40, 0, 15})) > 0);
}

TEST_CASE("a shell surrounds a head within its angle")
{
  const HandMadeBone humerus = hand_made_humerus(Side::right);
  LayerPlan plan;
  plan.name = plan.words = "cup";
  plan.shape = LayerPlan::Shape::shell;
  plan.place.landmarks = {"humeral_head_centre"};
  plan.outward = {{"proximal", 1}};
  plan.extent.radius.measure = "head_radius_mm";
  plan.thickness.mm = 4;
  plan.half_angle_deg = 60;
  const auto zone = make_layer(plan, humerus.anatomy).zone;
  CHECK(zone.contains(humerus.at({0, 0, 25})));
  CHECK_FALSE(zone.contains(humerus.at({0, 0, 22})));
  CHECK_FALSE(zone.contains(humerus.at({0, 0, 28})));
  CHECK(zone.contains(humerus.at({20, 0, 14})));
  CHECK_FALSE(zone.contains(humerus.at({24, 0, 6})));
  plan.shape = LayerPlan::Shape::box;
  plan.extent.across = "medial";
  plan.extent.radius_across.mm = 10;
  const auto box = make_layer(plan, humerus.anatomy).zone;
  CHECK(box.contains(humerus.at({9, 22, 3})));
  CHECK_FALSE(box.contains(humerus.at({11, 0, 3})));
  CHECK_FALSE(box.contains(humerus.at({9, 24, 3})));
}

TEST_CASE("a cut bone is held at its cut")
{
  HandMadeBone tibia = hand_made_tibia(Side::left);
  CHECK(make_rig("tibia_stance", tibia.anatomy).supports.at(0).name == "ankle");
  tibia.anatomy.whole = false;
  tibia.anatomy.landmarks.erase("ankle_centre");
  tibia.anatomy.cut_centre = tibia.at({0, 0, -120});
  const Rig rig = make_rig("tibia_stance", tibia.anatomy);
  REQUIRE(rig.supports.size() == 1);
  CHECK(rig.supports[0].kind == SupportKind::clamped);
  CHECK(rig.supports[0].patch.weight(tibia.at({0, 0, -113}), {}) == 1);
  CHECK(rig.supports[0].patch.weight(tibia.at({0, 0, -111}), {}) == 0);
  CHECK(load_case("level_walking", tibia).forces.size() == 2);

  const HandMadeBone skull = hand_made_skull();
  CHECK(make_rig("skull_free", skull.anatomy).inertia_relief);
  HandMadeBone piece = skull;
  piece.anatomy.whole = false;
  for (const char* gone : {"right_parietal", "left_parietal", "vertex"})
    piece.anatomy.landmarks.erase(gone);
  const Rig rim = make_rig("skull_free", piece.anatomy);
  CHECK_FALSE(rim.inertia_relief);
  REQUIRE(rim.supports.size() == 1);
  CHECK(rim.supports[0].patch.weight(piece.at({0, 0, 78}), {}) == 0);
  CHECK(rim.supports[0].patch.weight(piece.at({40, 0, 69}), {}) == 1);
  const Vec3 impact = load_case("fall_impact_right", piece).forces[0].force;
  CHECK(norm(impact + 5000 * piece.anatomy.frame.proximal) < 1e-9); // into the piece
}

TEST_CASE("an activity that makes no sense on a piece of bone is refused with words")
{
  HandMadeBone humerus = hand_made_humerus(Side::left);
  humerus.anatomy.whole = false;
  humerus.anatomy.landmarks.erase("deltoid_tuberosity");
  humerus.anatomy.cut_centre = humerus.at({-5, 0, -90});
  CHECK(load_case("torsion_internal", humerus).forces.size() == 1);
  CHECK_THAT(refusal([&] { load_case("abduction_with_weight", humerus); }),
             Contains("makes no sense on this part of the humerus") && Contains("\"deltoid\"") &&
                 Contains("deltoid tuberosity") && Contains("[landmarks]"));
  // The place itself may be there, but too near to the cut.
  humerus.anatomy.landmarks["deltoid_tuberosity"] = humerus.at({-17, 0, -80});
  CHECK_THAT(refusal([&] { load_case("abduction_with_weight", humerus); }),
             Contains("not in balance"));

  HandMadeBone pelvis = hand_made_pelvis(Side::right);
  pelvis.anatomy.landmarks.erase("iliac_crest");
  CHECK_THAT(refusal([&] { load_case("level_walking", pelvis); }), Contains("\"abductor\""));
  pelvis.anatomy.landmarks.erase("sacroiliac_joint");
  CHECK_THAT(refusal([&] { make_rig("pelvis_stance", pelvis.anatomy); }),
             Contains("landmark \"sacroiliac_joint\" was not found"));

  HandMadeBone tibia = hand_made_tibia(Side::left);
  tibia.anatomy.landmarks.erase("medial_plateau_centre");
  CHECK_THAT(refusal([&] { load_case("standing", tibia); }),
             Contains("landmark \"medial_plateau_centre\" was not found, needed for the medial "
                      "tibial plateau"));
}

TEST_CASE("the activities that are possible on a piece are those that are not refused")
{
  HandMadeBone humerus = hand_made_humerus(Side::left);
  CHECK(possible_activities(humerus.anatomy).size() == 5);
  humerus.anatomy.landmarks.erase("deltoid_tuberosity");
  const std::vector<std::string> proximal{"chair_push_up", "crutch_walking", "torsion_external",
                                          "torsion_internal"};
  CHECK(possible_activities(humerus.anatomy) == proximal);
  humerus.anatomy.landmarks.clear();
  CHECK(possible_activities(humerus.anatomy).empty());
  CHECK(possible_activities(hand_made_vertebra("").anatomy) ==
        std::vector<std::string>{"compression_pmma_1000N"});
}

TEST_CASE("a rig that holds only whole bones refuses a piece")
{
  RigPlan plan = rig_plan("tibia_stance", "");
  plan.supports.erase(plan.supports.begin()); // that of a cut
  HandMadeBone tibia = hand_made_tibia(Side::left);
  tibia.anatomy.whole = false;
  CHECK_THAT(refusal([&] { make_rig(plan, tibia.anatomy); }),
             Contains("nothing holds a partial tibia"));
}

TEST_CASE("faulty areas and layers are refused with file, line and remedy")
{
  CHECK_THAT(changed_rig("tibia_stance", "normal = { proximal = 1 }", "normal = { cranial = 1 }"),
             Contains("unknown direction \"cranial\"") && Contains("medial, lateral"));
  CHECK_THAT(changed_rig("tibia_stance", "normal = { proximal = 1 }\n", ""),
             Contains("where face \"medial_plateau\" faces is not clear") &&
                 Contains("one of normal, normal_from, normal_towards and layer"));
  CHECK_THAT(changed_rig("tibia_stance", "cone_deg = 55", "cone_deg = 155"),
             Contains("5 to 90 degrees"));
  CHECK_THAT(changed_rig("tibia_stance", "landmark = \"medial_plateau_centre\"",
                         "landmark = \"medial_plateau\""),
             Contains("unknown landmark \"medial_plateau\" of the tibia") &&
                 Contains("did you mean"));
  CHECK_THAT(changed_rig("tibia_stance", "radius = { between = [\"medial_plateau_centre\", ",
                         "radius = { between = ["),
             Contains("two landmarks"));
  CHECK_THAT(changed_rig("tibia_stance", "times = 0.35", "times = 0"), Contains("more than 0"));
  CHECK_THAT(changed_rig("tibia_stance", "radius = { between", "radius = { betwen"),
             Contains("one of measure and between") && Contains("betwen"));
  CHECK_THAT(changed_rig("vertebra_discs", "layer = \"upper_disc\"", "layer = \"upper_disk\""),
             Contains("did you mean \"upper_disc\"?"));
  CHECK_THAT(changed_rig("vertebra_discs", "tissue = \"disc\"", "tissue = \"gel\""),
             Contains("pmma_cap"));
  CHECK_THAT(changed_rig("vertebra_discs", "outward = { cranial = 1 }", "outward = { up = 1 }"),
             Contains("unknown direction \"up\"") && Contains("cranial, caudal"));
  CHECK_THAT(changed_rig("vertebra_discs", "over_bone_mm = 12", "over_bone_mm = -1"),
             Contains("0 or more"));
  CHECK_THAT(changed_rig("vertebra_discs", "shape = \"cylinder\"", "shape = \"shell\""),
             Contains("half_angle_deg") && Contains("a layer that is a cylinder or a box"));
  CHECK_THAT(changed_rig("vertebra_discs", "across = \"right\"", "across = \"medial\""),
             Contains("right, left, anterior"));
  CHECK_THAT(changed_rig("vertebra_discs", "kind = \"face\"", "kind = \"end\""),
             Contains("the vertebra has no distal end"));
  CHECK_THAT(changed_rig("skull_free", "\"whole\"", "\"sometimes\""),
             Contains("always, whole, cut"));
  CHECK_THAT(changed_rig("rib_cage", "[\"dorsal_end\", ", "[\"back_end\", "),
             Contains("unknown landmark \"back_end\" of the rib"));
  CHECK_THAT(changed_rig("rib_cage", "normal_from", "normal = { lateral = 1 }\nnormal_from"),
             Contains("one of normal"));
}

TEST_CASE("faulty forces of an activity are refused with file, line and remedy")
{
  const auto humerus = [](const std::string& from, const std::string& to)
  { return changed("cases/activities/humerus", "torsion_internal", from, to); };
  CHECK_THAT(humerus("[\"anterior\", \"medial\"]", "[\"anterior\", \"posterior\"]"),
             Contains("which way the couple turns is not clear") && Contains("turns = ["));
  CHECK_THAT(humerus("[\"anterior\", \"medial\"]", "[\"anterior\"]"),
             Contains("which way the couple turns"));
  CHECK_THAT(humerus("[\"anterior\", \"medial\"]", "[\"forwards\", \"medial\"]"),
             Contains("medial, lateral, anterior"));
  CHECK_THAT(humerus("= 1.74\n", "= -1.74\n"), Contains("sense of the couple is told by turns"));
  CHECK_THAT(humerus("\"research_only\"", "\"weak\""), Contains("research_only"));
  CHECK_THAT(humerus("moment_percent_bw_m", "moment_percent_bw"),
             Contains("unknown key \"moment_percent_bw\"") && Contains("is zero or missing"));

  const auto vertebra = [](const std::string& from, const std::string& to)
  { return changed("cases/activities/vertebra", "standing", from, to); };
  CHECK_THAT(vertebra("T1 = 15", "TH1 = 15"), Contains("levels such as T12 and L3"));
  CHECK_THAT(changed("cases/activities/tibia", "standing",
                     "set = ", "research_only_levels = [\"T1\"]\nset = "),
             Contains("only vertebrae have levels"));
  CHECK_THAT(vertebra("T1 = 15", "T1 = 0"), Contains("more than 0 at every level"));
  CHECK_THAT(vertebra("direction = { caudal = 1 }", "direction = { distal = 1 }"),
             Contains("unknown direction \"distal\"") && Contains("cranial"));

  const auto rib = [](const std::string& name, const std::string& from, const std::string& to)
  { return changed("cases/activities/rib", name, from, to); };
  CHECK_THAT(rib("cough", "pressure_kPa = 20", "pressure_kPa = -20"), Contains("more than 0"));
  CHECK_THAT(rib("side_lying", "magnitude_percent_bw = 3", "magnitude_percent_bw = 0"),
             Contains("more than 0"));
  CHECK_THAT(rib("side_lying", "\"inwards\"", "\"inward\""), Contains("did you mean \"inwards\"?"));
  CHECK_THAT(changed("cases/activities/tibia", "standing", "references = [\"medial_contact\", ",
                     "references = [\"medial\", "),
             Contains("one of the forces: medial_contact, lateral_contact"));

  Activity lying = activity(BoneKind::rib, "side_lying", "");
  lying.forces[0].acts_on = "dorsal_end";
  CHECK_THAT(
      refusal([&] { make_load_case(lying, hand_made_rib(Side::left).anatomy, test_patient()); }),
      Contains("acts inwards, but its area \"dorsal_end\" faces nowhere"));
}
