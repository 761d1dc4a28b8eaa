#include "anatomy/point_query.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

const BoneAnatomy& bone()
{
  static const BoneAnatomy truth = make_femur(quick_femur(Side::left)).truth;
  return truth;
}

PointQuery read(const std::string& toml, BoneKind kind = BoneKind::femur)
{
  const Table table = Table::parse(toml, "case.toml");
  PointQuery query = read_point(table, kind);
  table.check();
  return query;
}

/// What is said of a point when the case file is read; "" when nothing.
std::string reading(const std::string& toml, BoneKind kind = BoneKind::femur)
{
  return refusal([&] { read(toml, kind); });
}

} // namespace

TEST_CASE("a point of a case file is a landmark with an offset, or LPS coordinates")
{
  const Vec3 neck = bone().landmarks.at("femoral_neck_centre");
  CHECK(resolve(read("landmark = \"femoral_neck_centre\""), bone()) == neck);
  const Vec3 beside = resolve(
      read("landmark = \"femoral_neck_centre\"\noffset_mm = { medial = 6, distal = 4 }"), bone());
  CHECK(dot(beside - neck, bone().frame.medial) == Approx(6));
  CHECK(dot(beside - neck, bone().frame.proximal) == Approx(-4));
  CHECK(dot(beside - neck, bone().frame.anterior) == Approx(0).margin(1e-12));
  CHECK(resolve(read("point_lps_mm = [12.5, -40, 310]"), bone()) == Vec3{12.5, -40, 310});
}

TEST_CASE("an offset has opposite directions that cancel")
{
  const PointQuery query = read("landmark = \"isthmus\"\n"
                                "offset_mm = { medial = 3, lateral = 3, anterior = 2, "
                                "posterior = 2, proximal = 7, distal = 7 }");
  CHECK(norm(resolve(query, bone()) - bone().landmarks.at("isthmus")) < 1e-12);
}

TEST_CASE("a point that is written wrongly is refused as the file is read")
{
  CHECK_THAT(reading("landmark = \"femoral_neck_center\""),
             Contains("case.toml:1: unknown landmark \"femoral_neck_center\" of a femur; allowed: "
                      "femoral_head_centre, femoral_neck_centre") &&
                 Contains("did you mean \"femoral_neck_centre\"?"));
  CHECK_THAT(reading("landmark = \"isthmus\"\noffset_mm = { upward = 3 }"),
             Contains("case.toml:2: unknown direction \"upward\"; allowed: medial, lateral"));
  CHECK_THAT(reading("landmark = \"isthmus\"\noffset_mm = { medail = 3 }"),
             Contains("did you mean \"medial\"?"));
  CHECK_THAT(reading("landmark = 3"), Contains("\"landmark\" is") && Contains("a text in quotes"));
  CHECK_THAT(reading("point_lps_mm = [1, 2]"), Contains("three numbers, [x, y, z]"));
  CHECK_THAT(reading("point_lps_mm = [1, 2, nan]"), Contains("a finite number"));
}

TEST_CASE("a point is given by a landmark or by coordinates, not by both and not by neither")
{
  const std::string neither = reading("offset_mm = { medial = 3 }");
  CHECK_THAT(neither, Contains("a point is not given; allowed: { landmark = \"...\"") &&
                          Contains("give one of the two") && !Contains("unknown key"));
  const std::string both =
      reading("landmark = \"isthmus\"\npoint_lps_mm = [1, 2, 3]\noffset_mm = { medial = 3 }");
  CHECK_THAT(both, Contains("both by landmark and by point_lps_mm") && !Contains("unknown key"));
  CHECK_THAT(reading("point_lps_mm = [1, 2, 3]\noffset_mm = { medial = 3 }"),
             Contains("unknown key \"offset_mm\""));
}

TEST_CASE("all that is wrong with a point is said at once")
{
  const std::string text =
      reading("landmark = \"istmus\"\noffset_mm = { upward = 3, medial = \"4\" }\nlabel = 1");
  CHECK_THAT(text, Contains("did you mean \"isthmus\"?") && Contains("upward") &&
                       Contains("unknown key \"label\""));
}

TEST_CASE("a landmark outside the image is refused with those that were found")
{
  FemurShape shape = quick_femur(Side::left);
  shape.proximal_mm = 150;
  const BoneAnatomy crop = make_femur(shape).truth;
  const PointQuery query = read("landmark = \"medial_condyle\"");
  CHECK(norm(resolve(query, bone()) - bone().landmarks.at("medial_condyle")) == 0);
  const std::string text = refusal([&] { resolve(query, crop); });
  CHECK_THAT(text, Contains("landmark \"medial_condyle\" lies outside the image; allowed: "
                            "femoral_head_centre") &&
                       Contains("give point_lps_mm, or use an image that shows it"));
  const std::string choices = text.substr(text.find("allowed:"));
  CHECK_THAT(choices, !Contains("condyle"));
}

TEST_CASE("a bone without a list of landmarks takes coordinates and refuses landmarks")
{
  CHECK(resolve(read("point_lps_mm = [1, 2, 3]", BoneKind::rib), bone()) == Vec3{1, 2, 3});
  BoneAnatomy rib;
  rib.kind = BoneKind::rib;
  CHECK_THAT(refusal([&] { resolve(read("landmark = \"tip\"", BoneKind::rib), rib); }),
             Contains("unknown landmark \"tip\" of a rib"));
}
