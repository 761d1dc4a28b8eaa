#include "load/catalogue.hpp"
#include "load/make_load_case.hpp"
#include "load/nodal_forces.hpp"
#include "unit/load/synthetic_femur.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::load;
using anatomy::BoneKind;
using anatomy::Side;
using Catch::Matchers::Contains;

namespace
{
const Patient patient{72, 1.66, std::nullopt, "case.toml:3"};

LoadCase load_case(const std::string& name, const SyntheticFemur& femur)
{
  return make_load_case(activity(BoneKind::femur, name, ""), femur.anatomy, patient);
}

const AppliedForce& force_of(const LoadCase& loads, const std::string& name)
{
  for (const AppliedForce& force : loads.forces)
    if (force.name == name)
      return force;
  throw std::out_of_range(name);
}
} // namespace

TEST_CASE("every activity's nodal forces have its resultants and act through its places")
{
  for (const Side side : {Side::left, Side::right})
  {
    const SyntheticFemur femur = synthetic_femur(side);
    const SurfaceCloud& surface = femur.surface;
    for (const std::string& name : activity_names(BoneKind::femur))
    {
      const LoadCase loads = settled(load_case(name, femur), surface.points);
      CHECK(loads.forces.size() == activity(BoneKind::femur, name, "").forces.size());
      for (const AppliedForce& force : loads.forces)
      {
        CAPTURE(name, force.name);
        const auto nodal = nodal_forces(force, surface.points, surface.normals, surface.areas);
        Vec3 resultant, moment;
        int loaded = 0;
        for (std::size_t i = 0; i < nodal.size(); ++i)
        {
          resultant += nodal[i];
          moment += cross(surface.points[i] - force.patch.centre, nodal[i]);
          loaded += norm(nodal[i]) > 0;
        }
        CHECK(loaded > 10);
        CHECK(norm(resultant - force.force) < 1e-9 * norm(force.force));
        CHECK(norm(moment) < 1e-6 * norm(force.force));
      }
    }
  }
}

TEST_CASE("forces are scaled by body weight and mirrored between the sides")
{
  const SyntheticFemur left = synthetic_femur(Side::left);
  const SyntheticFemur right = synthetic_femur(Side::right);
  const double weight = 72 * 9.81;
  const LoadCase loads = load_case("level_walking", right);
  const Vec3 hip = force_of(loads, "hip_contact").force;
  CHECK(hip.x == Approx(-0.540 * weight)); // to the patient's right, laterally
  CHECK(hip.y == Approx(0.328 * weight));  // backwards
  CHECK(hip.z == Approx(-2.292 * weight)); // down
  CHECK(loads.reference.what == "hip contact force");
  CHECK(loads.reference.value == Approx(2.377 * weight).epsilon(1e-3));
  CHECK(loads.reference.unit == "N");
  CHECK(loads.kind == ActivityKind::daily);
  CHECK(loads.set == "heller2005");
  CHECK(loads.status == "verified");
  CHECK(loads.warnings.empty());
  const Vec3 other = force_of(load_case("level_walking", left), "hip_contact").force;
  CHECK(other == Vec3{-hip.x, hip.y, hip.z});
}

TEST_CASE("the hip force presses on the upper head and nowhere else")
{
  const SyntheticFemur femur = synthetic_femur(Side::left);
  const Patch head = load_case("level_walking", femur).forces.front().patch;
  CHECK(norm(head.centre - femur.anatomy.frame.origin) == 0);
  CHECK(head.weight(femur_point(femur.anatomy, 7, 3, 23), {}) > 0.9);
  CHECK(head.weight(femur_point(femur.anatomy, 0, 0, -24), {}) == 0);
  CHECK(head.weight(femur_point(femur.anatomy, -24, 0, 0), {}) == 0);
  CHECK(head.weight(femur_point(femur.anatomy, 12, 5, 40), {}) == 0);
}

TEST_CASE("all hip forces of the stance rig share one area")
{
  const SyntheticFemur femur = synthetic_femur(Side::right);
  const Patch walking = load_case("level_walking", femur).forces.front().patch;
  const Patch stumble = load_case("stumble", femur).forces.front().patch;
  for (const Vec3& point : femur.surface.points)
    CHECK(walking.weight(point, {}) == stumble.weight(point, {}));
}

TEST_CASE("muscle areas settle on the side of the bone they are named for")
{
  const SyntheticFemur femur = synthetic_femur(Side::left);
  const LoadCase loads = settled(load_case("stair_climbing", femur), femur.surface.points);
  const auto& bone = femur.anatomy;
  const auto at = [&](const std::string& name)
  { return force_of(loads, name).patch.centre - femur_point(bone, -40, -8, 0); };
  CHECK(dot(at("vastus_lateralis"), bone.frame.medial) < -10);
  CHECK(dot(at("vastus_medialis"), bone.frame.medial) > 10);
  CHECK(dot(at("abductor"), bone.frame.anterior) < 0);
  CHECK(dot(at("vastus_medialis"), bone.frame.proximal) <
        dot(at("vastus_lateralis"), bone.frame.proximal) - 20);
  // Settling again changes nothing.
  const LoadCase again = settled(loads, femur.surface.points);
  CHECK(force_of(again, "abductor").patch.centre == force_of(loads, "abductor").patch.centre);
}

TEST_CASE("a muscle whose place is not in the image is dropped and named")
{
  const SyntheticFemur cropped = synthetic_femur(Side::right, 92);
  const LoadCase stairs = load_case("stair_climbing", cropped);
  CHECK(stairs.forces.size() == 7);
  REQUIRE(stairs.warnings.size() == 1);
  CHECK(stairs.warnings[0].code == "muscle_dropped");
  CHECK_THAT(stairs.warnings[0].text,
             Contains("\"vastus_medialis\" is left out") && Contains("medial proximal shaft"));

  SyntheticFemur headless = synthetic_femur(Side::right);
  headless.anatomy.landmarks.erase("greater_trochanter");
  CHECK(load_case("level_walking", headless).forces.size() == 1);
  CHECK(load_case("level_walking", headless).warnings.size() == 4);
}

TEST_CASE("without a femoral head there is no load case")
{
  SyntheticFemur femur = synthetic_femur(Side::right);
  femur.anatomy.measures.clear();
  CHECK_THAT(refusal([&] { load_case("level_walking", femur); }),
             Contains("\"head_radius_mm\" was not measured, needed for the upper femoral head"));
  femur.anatomy.landmarks.erase("femoral_head_centre");
  CHECK_THAT(refusal([&] { load_case("level_walking", femur); }),
             Contains("landmark \"femoral_head_centre\" was not found") && Contains("[landmarks]"));
}

TEST_CASE("an activity of another bone and an impossible patient are refused")
{
  SyntheticFemur femur = synthetic_femur(Side::right);
  const Activity walking = activity(BoneKind::femur, "level_walking", "");
  CHECK_THAT(refusal([&] { make_load_case(walking, femur.anatomy, {}); }), Contains("2 to 400 kg"));
  femur.anatomy.kind = BoneKind::tibia;
  CHECK_THAT(refusal([&] { make_load_case(walking, femur.anatomy, patient); }),
             Contains("it is for the femur, the bone is a tibia"));
}

TEST_CASE("a force on an area that the rig does not have is refused")
{
  Activity walking = activity(BoneKind::femur, "level_walking", "");
  walking.forces[1].acts_on = "femoral_haed";
  CHECK_THAT(
      refusal([&] { make_load_case(walking, synthetic_femur(Side::left).anatomy, patient); }),
      Contains("force \"abductor\" acts on \"femoral_haed\"") &&
          Contains("did you mean \"femoral_head\"?"));
}

TEST_CASE("a fall pushes the head towards the ground and warns about soft tissue")
{
  const SyntheticFemur femur = synthetic_femur(Side::left);
  const LoadCase fall = load_case("sideways_fall", femur);
  REQUIRE(fall.forces.size() == 1);
  CHECK(fall.kind == ActivityKind::accident);
  CHECK(fall.reference.value == Approx(std::sqrt(2 * 9.81 * 0.51 * 1.66 * 71060 * 0.35 * 72)));
  CHECK(dot(fall.forces[0].force, femur.anatomy.frame.medial) < -0.8 * fall.reference.value);
  REQUIRE(fall.warnings.size() == 1);
  CHECK(fall.warnings[0].code == "soft_tissue_unknown");

  Patient padded = patient;
  padded.trochanteric_soft_tissue_mm = 20;
  const LoadCase softer =
      make_load_case(activity(BoneKind::femur, "sideways_fall", ""), femur.anatomy, padded);
  CHECK(fall.reference.value - softer.reference.value == Approx(1420));
  CHECK(softer.warnings[0].code == "soft_tissue_supine");
}

TEST_CASE("a place far off the bone and a patch that meets too few points are refused")
{
  const SyntheticFemur femur = synthetic_femur(Side::left);
  const SurfaceCloud& surface = femur.surface;
  AppliedForce force = force_of(load_case("level_walking", femur), "abductor");
  force.patch.centre += Vec3{0, 0, 70};
  CHECK_THAT(refusal([&] { nodal_forces(force, surface.points, surface.normals, surface.areas); }),
             Contains("mm off the bone's surface") && Contains("check the mask and the landmarks"));
  force.patch.on_surface = false;
  force.patch.weight = [](Vec3, Vec3) { return 0.0; };
  CHECK_THAT(refusal([&] { nodal_forces(force, surface.points, surface.normals, surface.areas); }),
             Contains("force \"abductor\" on \"postero_lateral_trochanter\"") &&
                 Contains("no point carries weight"));
}
