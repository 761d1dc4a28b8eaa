#include "geometry/rotation.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using geometry::angle_deg;

namespace
{

AnatomyOptions in_a_tube()
{
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  return options;
}

/// Every landmark of the truth is found within `tolerance`. The isthmus is nearly a tube: along the
/// shaft it is known to a centimetre or two only, across it as well as the others.
void check_landmarks(const BoneAnatomy& found, const BoneAnatomy& truth, double tolerance)
{
  for (const auto& [name, point] : truth.landmarks)
  {
    INFO(name);
    REQUIRE(found.landmarks.count(name) == 1);
    const Vec3 error = found.landmarks.at(name) - point;
    const double along = std::abs(dot(error, truth.frame.proximal));
    if (name == "isthmus")
    {
      CHECK(along < 25);
      CHECK(norm(geometry::without_component(error, truth.frame.proximal)) < tolerance);
    }
    else
    {
      CHECK(norm(error) < tolerance);
    }
  }
  CHECK(found.absent == truth.absent);
}

void check_frame(const Frame& found, const Frame& truth, double tolerance_deg)
{
  CHECK(angle_deg(found.medial, truth.medial) < tolerance_deg);
  CHECK(angle_deg(found.anterior, truth.anterior) < tolerance_deg);
  CHECK(angle_deg(found.proximal, truth.proximal) < tolerance_deg);
  CHECK(norm(found.origin - truth.origin) < 0.5);
  CHECK(std::abs(dot(found.medial, found.proximal)) < 1e-12);
  CHECK(std::abs(dot(found.medial, found.anterior)) < 1e-12);
}

} // namespace

TEST_CASE("a whole femur of any size in any pose is found: side, landmarks within 3 mm, axes "
          "within 3 degrees")
{
  const int n = GENERATE(0, 1, 2, 3, 4, 5, 6, 7);
  const FemurShape shape = varied_femur(n);
  const SyntheticFemur femur = make_femur(shape);
  const BoneAnatomy found = find_anatomy(BoneKind::femur, femur_mask(femur), in_a_tube());
  INFO("femur " << n);
  REQUIRE(found.side == shape.side);
  CHECK(found.whole);
  check_landmarks(found, femur.truth, 3);
  check_frame(found.frame, femur.truth.frame, 3);
  CHECK(found.measures.at("head_radius_mm").value == Approx(shape.head_radius_mm).margin(0.5));
  CHECK(found.measures.at("neck_shaft_angle_deg").value ==
        Approx(shape.neck_shaft_angle_deg).margin(3));
  CHECK(found.measures.at("version_deg").value == Approx(shape.version_deg).margin(3));
  CHECK(found.measures.at("version_deg").source == "measured");
  CHECK(found.measures.at("length_mm").value == Approx(shape.length_mm).margin(4));
  CHECK(angle_deg(found.shaft_distal, femur.truth.shaft_distal) < 2);
  CHECK(found.confidence > 0.8);
  CHECK(found.warnings.empty());
}

TEST_CASE("a proximal femur in any pose is found, its version being the population's")
{
  const int n = GENERATE(10, 11, 12, 13, 14, 15);
  FemurShape shape = varied_femur(n);
  shape.version_deg = 12;
  shape.proximal_mm = 175;
  const SyntheticFemur femur = make_femur(shape);
  const BoneAnatomy found = find_anatomy(BoneKind::femur, femur_mask(femur), in_a_tube());
  INFO("femur " << n);
  REQUIRE(found.side == shape.side);
  CHECK_FALSE(found.whole);
  check_landmarks(found, femur.truth, 3.5);
  check_frame(found.frame, femur.truth.frame, 3);
  CHECK(found.measures.at("version_deg").value == 12);
  CHECK(found.measures.at("version_deg").deviation == 9);
  CHECK_THAT(found.measures.at("version_deg").source, Catch::Contains("population mean"));
  CHECK(norm(found.cut_centre - femur.truth.cut_centre) < 5);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].code == "version_from_population");
  CHECK(found.warnings[0].text == "the condyles are not in the image: the anteversion is the "
                                  "population mean, 12 +/- 9 degrees");
}

TEST_CASE("a short shaft is found less surely, says so, and never gives a wrong side")
{
  const int n = GENERATE(20, 21, 22, 23, 24, 25);
  FemurShape shape = varied_femur(n);
  shape.version_deg = 12;
  shape.proximal_mm = 4.55 * shape.head_radius_mm;
  const SyntheticFemur femur = make_femur(shape);
  const BoneAnatomy found = find_anatomy(BoneKind::femur, femur_mask(femur), in_a_tube());
  INFO("femur " << n);
  REQUIRE(found.side == shape.side);
  check_frame(found.frame, femur.truth.frame, 10);
  CHECK(found.measures.at("proximal_axis_deg").deviation > 3);
  CHECK(found.confidence < 0.9);
  REQUIRE(!found.warnings.empty());
  CHECK(found.warnings[0].code == "short_shaft");
  CHECK_THAT(found.warnings[0].text,
             Catch::Contains("mm of shaft below the lesser trochanter: the shaft's axis is "
                             "sure to about"));
}

TEST_CASE("a patient's femur is found without being told the side, and agrees with the image")
{
  const Side side = GENERATE(Side::left, Side::right);
  const SyntheticFemur femur = make_femur(quick_femur(side));
  AnatomyOptions options;
  options.side = side;
  const BoneAnatomy found = find_anatomy(BoneKind::femur, femur_mask(femur), options);
  CHECK(found.side == side);
  CHECK(find_anatomy(BoneKind::femur, femur_mask(femur)).side == side);
  // The patient's left is +x: the medial direction of a left femur points to -x.
  CHECK((side == Side::left ? -found.frame.medial.x : found.frame.medial.x) > 0.99);
  CHECK(-found.frame.anterior.y > 0.99);
  CHECK(found.frame.proximal.z > 0.99);
}

TEST_CASE("a landmark given by hand replaces the found one and the frame follows it")
{
  const SyntheticFemur femur = make_femur(quick_femur(Side::left));
  const image::Mask mask = femur_mask(femur);
  const BoneAnatomy plain = find_anatomy(BoneKind::femur, mask);
  AnatomyOptions options;
  const Vec3 condyle = plain.landmarks.at("medial_condyle") + Vec3{0, 8, 0};
  const Vec3 trochanter = plain.landmarks.at("greater_trochanter") + Vec3{0, 0, 5};
  options.overrides = {{"medial_condyle", condyle}, {"greater_trochanter", trochanter}};
  const BoneAnatomy moved = find_anatomy(BoneKind::femur, mask, options);
  CHECK(moved.landmarks.at("medial_condyle") == condyle);
  CHECK(moved.landmarks.at("greater_trochanter") == trochanter);
  CHECK(angle_deg(moved.frame.medial, plain.frame.medial) ==
        Approx(10.4).margin(2)); // 8 mm over 44 mm
  CHECK(moved.measures.at("version_deg").value - plain.measures.at("version_deg").value ==
        Approx(10.4).margin(2.5));
  options.overrides = {{"femoral_head_centre", plain.frame.origin + Vec3{0, 0, 3}}};
  CHECK(find_anatomy(BoneKind::femur, mask, options).frame.origin ==
        plain.frame.origin + Vec3{0, 0, 3});
  options.overrides = {{"greater_trocanter", trochanter}};
  const std::string text = refusal(mask, options);
  CHECK_THAT(text, Catch::Contains("unknown landmark \"greater_trocanter\""));
  CHECK_THAT(text, Catch::Contains("femoral_head_centre, femoral_neck_centre"));
  CHECK_THAT(text, Catch::Contains("did you mean \"greater_trochanter\""));
}

TEST_CASE("specks beside the femur are left out with a warning")
{
  const SyntheticFemur femur = make_femur(quick_femur(Side::left));
  image::Mask mask = femur_mask(femur);
  for (int k = 2; k < 14; ++k)
  {
    for (int j = 2; j < 10; ++j)
    {
      for (int i = 0; i < 8; ++i)
      {
        mask.at(i, j, k + 100) = 1;
      }
    }
  }
  const BoneAnatomy found = find_anatomy(BoneKind::femur, mask);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].code == "mask_in_pieces");
  CHECK_THAT(found.warnings[0].text,
             Catch::Contains("% of the mask is not connected to the femur and was left out"));
}

TEST_CASE("a femur that lies across the patient is found with the doubt told")
{
  FemurShape shape = quick_femur(Side::left);
  shape.rotation = geometry::rotation_about({1, 0, 0}, geometry::radians(80));
  const BoneAnatomy found = find_anatomy(BoneKind::femur, femur_mask(make_femur(shape)));
  CHECK(found.side == Side::left);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].code == "side_by_shape_only");
  CHECK(found.warnings[0].text ==
        "the femur does not lie along the patient's axis: its side is told by its shape alone");
}
