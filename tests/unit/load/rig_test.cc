#include "load/nodal_forces.hpp"
#include "load/rig.hpp"
#include "unit/load/synthetic_femur.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <numbers>

using namespace calcar;
using namespace calcar::load;
using anatomy::Side;
using Catch::Matchers::Contains;

namespace
{
constexpr double degree = std::numbers::pi / 180;

std::string changed(const std::string& name, const std::string& from, const std::string& to)
{
  const std::string text = read_text(data_file("cases/rigs", name, "", ""));
  const ScratchFile file(name + ".toml", with(text, from, to));
  return refusal([&] { read_rig(file.path()); });
}
} // namespace

TEST_CASE("the stance rig clamps a cut shaft at its end")
{
  const SyntheticFemur cut = synthetic_femur(Side::left, 150);
  const Rig rig = make_rig("femur_stance", cut.anatomy);
  REQUIRE(rig.supports.size() == 1);
  CHECK(rig.supports[0].kind == SupportKind::clamped);
  CHECK(rig.source.size() > 10);
  const double level = -norm(cut.anatomy.cut_centre - femur_point(cut.anatomy, -40, -8, 0));
  const auto held = [&](double height)
  { return rig.supports[0].patch.weight(femur_point(cut.anatomy, -30, 0, level + height), {}); };
  CHECK(held(7) == 1);
  CHECK(held(9) == 0);
}

TEST_CASE("the stance rig lets a whole bone turn at the knee and keeps the head above it")
{
  const SyntheticFemur whole = synthetic_femur(Side::left);
  const Rig rig = make_rig("femur_stance", whole.anatomy);
  REQUIRE(rig.supports.size() == 2);
  const Support& knee = rig.supports[0];
  CHECK(knee.kind == SupportKind::springs);
  CHECK(knee.directions.size() == 3);
  const Vec3 centre = whole.anatomy.cut_centre;
  const anatomy::Frame& frame = whole.anatomy.frame;
  CHECK(knee.patch.weight(centre + 20 * frame.anterior, {}) == Approx(1));
  CHECK(knee.patch.weight(centre + 6 * frame.medial, {}) == 0);
  const Support& head = rig.supports[1];
  REQUIRE(head.directions.size() == 2);
  for (const Vec3& direction : head.directions)
    CHECK(dot(direction, frame.proximal) == Approx(0).margin(1e-12));
}

TEST_CASE("the fall is tilted 10 degrees from the shaft's normal and turned 15 from the neck")
{
  for (const Side side : {Side::left, Side::right})
  {
    const SyntheticFemur femur = synthetic_femur(side);
    const auto& bone = femur.anatomy;
    const Vec3 fall = fall_direction({10, 15}, bone);
    CHECK(norm(fall) == Approx(1));
    CHECK(dot(fall, bone.frame.proximal) == Approx(std::sin(10 * degree)));
    CHECK(dot(fall, bone.frame.medial) < -0.8);
    CHECK(dot(fall, bone.frame.anterior) < 0);

    // Neck in the transverse plane: 24 medially for 6 anteriorly.
    const double neck = std::atan2(6, 24);
    const double up = std::atan2(-dot(fall, bone.frame.anterior), -dot(fall, bone.frame.medial));
    CHECK(up - neck == Approx(15 * degree));

    // Without angles it lies in the plane of neck and shaft.
    const Vec3 plain = fall_direction({0, 0}, bone);
    CHECK(dot(plain, bone.frame.proximal) == Approx(0).margin(1e-12));
    CHECK(dot(plain, bone.frame.medial) == Approx(-std::cos(neck)));
  }
}

TEST_CASE("in the fall rig the ground faces the trochanter and the distal end turns about one axis")
{
  const SyntheticFemur femur = synthetic_femur(Side::right);
  const auto& bone = femur.anatomy;
  const Rig rig = settled(make_rig("femur_sideways_fall", bone), femur.surface.points);
  REQUIRE(rig.supports.size() == 2);
  const Support& ground = rig.supports[0];
  CHECK(ground.kind == SupportKind::springs);
  REQUIRE(ground.directions.size() == 1);
  const Vec3 fall = ground.directions[0];
  CHECK(ground.patch.weight(ground.patch.centre, fall) == Approx(1));
  CHECK(ground.patch.weight(ground.patch.centre, -fall) == 0);
  CHECK(ground.patch.weight(ground.patch.centre, {}) == 0);
  CHECK(dot(ground.patch.centre - femur_point(bone, -53, -8, -15), bone.frame.medial) < -10);

  const Support& pivot = rig.supports[1];
  CHECK(pivot.directions.size() == 3);
  CHECK(pivot.patch.weight(femur_point(bone, -40, 7, -395), {}) == Approx(1));
  CHECK(pivot.patch.weight(femur_point(bone, -40, -23, -395), {}) == Approx(1));
  CHECK(pivot.patch.weight(femur_point(bone, -35.9, 7, -395), {}) == 0);
  CHECK(pivot.patch.weight(femur_point(bone, -40, 7, -390.9), {}) == 0);
}

TEST_CASE("a rig needs its landmarks and its own bone")
{
  SyntheticFemur femur = synthetic_femur(Side::right);
  femur.anatomy.landmarks.erase("femoral_neck_centre");
  CHECK_THAT(
      refusal([&] { make_rig("femur_sideways_fall", femur.anatomy); }),
      Contains(
          "landmark \"femoral_neck_centre\" was not found, needed for the direction of the fall"));
  femur.anatomy.kind = anatomy::BoneKind::tibia;
  CHECK_THAT(refusal([&] { make_rig("femur_stance", femur.anatomy); }),
             Contains("it is for the femur, the bone is a tibia"));
  CHECK_THAT(refusal([&] { make_rig("femur_stanc", femur.anatomy, "case.toml:7"); }),
             Contains("case.toml:7") && Contains("did you mean \"femur_stance\"?"));
}

TEST_CASE("a faulty rig is refused with file, line and remedy")
{
  CHECK_THAT(changed("femur_stance", "kind = \"cap\"", "kind = \"cop\""),
             Contains("femur_stance.toml:14") && Contains("cap, spot, end, axis"));
  CHECK_THAT(changed("femur_stance", "towards = { medial", "towards = { medail"),
             Contains("unknown direction \"medail\""));
  CHECK_THAT(changed("femur_stance", "towards =", "# ="), Contains("one of towards and against"));
  CHECK_THAT(changed("femur_stance", "half_angle_deg = 50", "half_angle_deg = 500"),
             Contains("5 to 90 degrees"));
  CHECK_THAT(changed("femur_stance", "radius_mm = 15", "radius_mm = 0"),
             Contains("more than 0 mm"));
  CHECK_THAT(changed("femur_stance", "{ posterior = 8 }", "{ back = 8 }"),
             Contains("unknown direction \"back\""));
  CHECK_THAT(changed("femur_stance", "area = \"distal_end\"", "area = \"distal\""),
             Contains("femoral_head, postero_lateral_trochanter"));
  CHECK_THAT(changed("femur_sideways_fall", "[fall]", "[drop]"),
             Contains("follows the fall, the rig has none") && Contains("add [fall]"));
  CHECK_THAT(changed("femur_sideways_fall", "= 10\n", "= 100\n"), Contains("-90 to 90 degrees"));
  CHECK_THAT(changed("femur_sideways_fall", "[\"fall\"]", "[\"down\"]"),
             Contains("unknown direction \"down\"") && Contains("fall"));
  CHECK_THAT(changed("femur_sideways_fall", "[\"fall\"]", "[]"),
             Contains("one to three named directions"));
  CHECK_THAT(changed("femur_sideways_fall", "= 50000", "= 0"), Contains("stiffness_N_per_mm"));
  const std::string text = read_text(data_file("cases/rigs", "femur_stance", "", ""));
  const ScratchFile file("femur_stance.toml", text.substr(0, text.find("[[support]]")));
  CHECK_THAT(refusal([&] { read_rig(file.path()); }), Contains("there is no [[support]]"));
}
