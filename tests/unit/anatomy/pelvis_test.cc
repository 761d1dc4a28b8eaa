#include "anatomy/pelvis.hpp"
#include "anatomy/region.hpp"
#include "geometry/rotation.hpp"
#include "pelvis_support.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::angle_deg;

namespace
{

AnatomyOptions on_a_table()
{
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  return options;
}

/// The n-th of a fixed row of persons and poses.
struct Case
{
  SyntheticBody body;
  ScanSettings settings;
};

Case varied(int n)
{
  std::mt19937 random(static_cast<unsigned>(4000 + n));
  std::uniform_real_distribution<double> about(-1, 1);
  std::normal_distribution<double> normal;
  SyntheticPerson p = person(n % 2 == 0 ? Side::left : Side::right, 1 + 0.1 * about(random));
  p.sex = n % 3 == 0 ? Sex::female : Sex::male;
  Dimensions given = standard_dimensions(BoneKind::pelvis, p);
  for (const char* name :
       {"iliac_flare_mm", "iliac_height_mm", "iliac_depth_mm", "midplane_distance_mm"})
  {
    given[name] *= 1 + 0.05 * about(random);
  }
  given["acetabulum_anteversion_deg"] += 6 * about(random);
  Case c{alone(p, given), coarse(n % 2 == 0 ? 2.5 : 3)};
  const Vec3 axis{normal(random), normal(random), normal(random)};
  c.settings.rotation = geometry::rotation_about(axis, 3 * about(random));
  c.settings.position = {60 * about(random), 40 * about(random), 300 * about(random)};
  return c;
}

void check_frame(const BoneAnatomy& found, const BoneAnatomy& truth, double tolerance_deg)
{
  CHECK(angle_deg(found.frame.medial, truth.frame.medial) < tolerance_deg);
  CHECK(angle_deg(found.frame.anterior, truth.frame.anterior) < tolerance_deg);
  CHECK(angle_deg(found.frame.proximal, truth.frame.proximal) < tolerance_deg);
  CHECK(norm(found.frame.origin - truth.frame.origin) < 1);
  CHECK(std::abs(dot(found.frame.medial, found.frame.anterior)) < 1e-9);
  CHECK(std::abs(dot(found.frame.medial, found.frame.proximal)) < 1e-9);
}

void check_landmarks(const BoneAnatomy& found, const BoneAnatomy& truth, double tolerance)
{
  for (const auto& [name, point] : truth.landmarks)
  {
    INFO(name);
    REQUIRE(found.landmarks.count(name) == 1);
    CHECK(norm(found.landmarks.at(name) - point) < tolerance);
  }
  CHECK(found.absent == truth.absent);
}

std::string pelvis_refusal(const image::Mask& mask, const AnatomyOptions& options = {})
{
  return refusal([&] { find_pelvis(mask, options); });
}

} // namespace

TEST_CASE("a child's hip bone has the triradiate cartilage, whose three layers meet in the "
          "acetabulum, and is found")
{
  SyntheticPerson child = person(Side::right);
  child.age_years = 9;
  const SyntheticBody body = alone(child);
  REQUIRE(body.growth_plate);
  const double r = body.measures.at("acetabulum_radius_mm").value;
  int layers = 0;
  bool before = false;
  for (int step = 100; step <= 820; ++step) // from between two layers once around
  {
    const double angle = geometry::radians(0.5 * step);
    const bool now = body.growth_plate({r, 0.5 * r * std::cos(angle), 0.5 * r * std::sin(angle)});
    layers += now && !before ? 1 : 0;
    before = now;
  }
  CHECK(layers == 3);
  CHECK_FALSE(body.growth_plate(body.landmarks.at("iliac_crest")));
  const SyntheticScan scan = make_scan(body, coarse(2));
  CHECK(std::count(scan.labels.values.begin(), scan.labels.values.end(), 2) > 50);
  const BoneAnatomy found = find_pelvis(labelled(scan.labels, {1, 2}), {});
  CHECK(found.side == Side::right);
  check_landmarks(found, scan.truth, 3);
  check_frame(found, scan.truth, 3);
}

TEST_CASE("a whole hip bone of any size in any pose is found: side, landmarks within 3 mm, axes "
          "within 3 degrees")
{
  const int n = GENERATE(0, 1, 2);
  const Case c = varied(n);
  const Scan scan = scanned(c.body, c.settings);
  const BoneAnatomy found = find_pelvis(scan.mask, on_a_table());
  INFO("hip bone " << n);
  REQUIRE(found.side == c.body.side);
  CHECK(found.whole);
  CHECK(found.confidence > 0.8);
  CHECK(found.warnings.empty());
  check_landmarks(found, scan.truth, 3);
  check_frame(found, scan.truth, 3);
  for (const auto& [name, tolerance] :
       std::map<std::string, double>{{"acetabulum_radius_mm", 0.5},
                                     {"acetabulum_inclination_deg", 3},
                                     {"acetabulum_anteversion_deg", 3},
                                     {"iliac_height_mm", 4},
                                     {"iliac_depth_mm", 4},
                                     {"ischial_height_mm", 4},
                                     {"midplane_distance_mm", 3}})
  {
    INFO(name);
    CHECK(found.measures.at(name).value ==
          Approx(scan.truth.measures.at(name).value).margin(tolerance));
  }
}

TEST_CASE("a hip bone whose upper ilium lies outside the image, as in a CT of the hip, is found "
          "with what is missing told")
{
  Case c = varied(3);
  c.settings.crop.to.z = 60;
  const Scan scan = scanned(c.body, c.settings);
  const BoneAnatomy found = find_pelvis(scan.mask, on_a_table());
  REQUIRE(found.side == c.body.side);
  CHECK_FALSE(found.whole);
  CHECK(found.landmarks.count("iliac_crest") == 0);
  CHECK(found.landmarks.count("anterior_superior_iliac_spine") == 0);
  check_landmarks(found, scan.truth, 3);
  check_frame(found, scan.truth, 5); // the frame rests on the shape
  CHECK(found.measures.at("axes_deviation_deg").value >= 4);
  REQUIRE(found.warnings.size() == 1);
  CHECK(found.warnings[0].code == "axes_by_shape");
  CHECK_THAT(found.warnings[0].text,
             Contains("both superior iliac spines are needed for the frame"));
}

TEST_CASE("a hip bone cut below the acetabulum, as in a CT of the belly, is found")
{
  Case c = varied(4);
  c.settings.crop.from.z = -34;
  const Scan scan = scanned(c.body, c.settings);
  const BoneAnatomy found = find_pelvis(scan.mask, on_a_table());
  REQUIRE(found.side == c.body.side);
  CHECK_FALSE(found.whole);
  CHECK(found.landmarks.count("ischial_tuberosity") == 0);
  check_landmarks(found, scan.truth, 3.5);
  check_frame(found, scan.truth, 3);
  CHECK(norm(found.cut_centre - scan.truth.cut_centre) < 4);
  CHECK(found.measures.at("obturator_ring_closed").value == 0);
  const auto open = std::find_if(found.warnings.begin(), found.warnings.end(),
                                 [](const Warning& w) { return w.code == "ring_open"; });
  REQUIRE(open != found.warnings.end());
  CHECK_THAT(open->text, Contains("the ring of pubis and ischium") &&
                             Contains("the ischiopubic ramus") && Contains("not seen"));
}

TEST_CASE(
    "the ring of a hip bone is closed with the upper ilium cut off, open with a gap in either "
    "ramus")
{
  const SyntheticBody body = alone(person(Side::left));
  ScanSettings settings = coarse(3);
  settings.crop.to.z = 60;
  const Scan scan = scanned(body, settings);
  const auto ring = [&](const image::Mask& mask)
  { return find_pelvis(mask, {}).measures.at("obturator_ring_closed").value; };
  CHECK(ring(scan.mask) == 1);
  const auto without = [&](const char* from, const char* to, double share)
  {
    const auto& at = scan.truth.landmarks;
    const Vec3 middle = at.at(from) + share * (at.at(to) - at.at(from));
    return kept(scan.mask, [middle](Vec3 p) { return norm(p - middle) > 16; });
  };
  CHECK(ring(without("ischial_tuberosity", "pubic_symphysis", 0.5)) == 0);
  CHECK(ring(without("acetabulum_centre", "pubic_tubercle", 0.75)) == 0);
}

TEST_CASE("of a patient's hip bone the image must agree with the shape")
{
  const Side side = GENERATE(Side::left, Side::right);
  Scan scan = scanned(alone(person(side)), coarse(3));
  AnatomyOptions options;
  options.side = side;
  const BoneAnatomy found = find_pelvis(scan.mask, options);
  CHECK((side == Side::left ? -found.frame.medial.x : found.frame.medial.x) > 0.99);
  CHECK(-found.frame.anterior.y > 0.99);
  options.side = side == Side::left ? Side::right : Side::left;
  CHECK_THAT(pelvis_refusal(scan.mask, options),
             Contains("the mask shows a " + to_string(side) + " hip bone"));
  // An image whose front and back were exchanged shows a mirrored bone.
  scan.mask.grid.direction[1].y = -1;
  CHECK_THAT(pelvis_refusal(scan.mask), Contains("the orientation of the image is in doubt") &&
                                            Contains("the acetabulum opens to the patient's"));
  // On a table nobody can tell a mirrored image from a bone of the other side.
  CHECK(find_pelvis(scan.mask, on_a_table()).side != side);
}

TEST_CASE("landmarks of a hip bone given by hand replace the found ones and the frame follows")
{
  const Scan scan = scanned(alone(person(Side::left)), coarse(3));
  const BoneAnatomy plain = find_pelvis(scan.mask, {});
  AnatomyOptions options;
  const Vec3 spine =
      plain.landmarks.at("anterior_superior_iliac_spine") + 10 * plain.frame.proximal;
  options.overrides = {{"anterior_superior_iliac_spine", spine},
                       {"pubic_tubercle", {1, 2, 3}},
                       {"acetabulum_centre", plain.frame.origin + Vec3{0, 0, 2}}};
  const BoneAnatomy moved = find_pelvis(scan.mask, options);
  CHECK(moved.landmarks.at("anterior_superior_iliac_spine") == spine);
  CHECK(moved.landmarks.at("pubic_tubercle") == Vec3{1, 2, 3});
  CHECK(moved.frame.origin == plain.frame.origin + Vec3{0, 0, 2});
  CHECK(angle_deg(moved.frame.anterior, plain.frame.anterior) ==
        Approx(geometry::degrees(std::atan(10 / plain.measures.at("iliac_depth_mm").value)))
            .margin(0.8));
}

TEST_CASE("what is not one hip bone with its acetabulum is refused with words")
{
  CHECK_THAT(pelvis_refusal(femur_mask(make_femur(quick_femur(Side::left)))),
             Contains("no part of the mask is a hollow half ball of 11 to 34 mm radius"));
  CHECK_THAT(pelvis_refusal(mask_of([](const Vec3& p) { return norm(p) - 40; })),
             Contains("could be the acetabulum"));
  const SyntheticBody body = synthetic_bone(BoneKind::pelvis, person(Side::left));
  const SyntheticScan ring = make_scan(body, coarse(3.5));
  CHECK_THAT(pelvis_refusal(labelled(ring.labels, {11})), Contains("could be the acetabulum"));
  const image::Mask own = labelled(ring.labels, {1});
  const image::Mask cut = kept(own, [](Vec3 p) { return p.z > 22; });
  CHECK_THAT(pelvis_refusal(cut), Contains("the acetabulum is cut off or filled"));
}

TEST_CASE("a mask of both hip bones is refused")
{
  SyntheticBody body = synthetic_bone(BoneKind::pelvis, person(Side::left));
  const auto own = body.distance;
  const auto other = body.neighbours[0].distance;
  const Vec3 face = body.landmarks.at("pubic_symphysis");
  // Joined at the symphysis, as masks of the whole pelvis are.
  body.distance = [own, other, face](Vec3 p) {
    return std::min({own(p), other(p), norm(p - face - Vec3{2, 0, 0}) - 8});
  };
  body.high.x = 2 * body.measures.at("midplane_distance_mm").value - body.low.x;
  body.neighbours.clear();
  const Scan scan = scanned(body, coarse(3));
  CHECK_THAT(pelvis_refusal(scan.mask),
             Contains("the mask has two acetabula: it holds both hip bones"));
}

TEST_CASE("places on the hip bone are told by their region, on a whole bone and on a cut one")
{
  Case c = varied(0);
  const BoneAnatomy whole = scanned(c.body, coarse(4)).truth;
  const auto& at = c.body.landmarks;
  const auto midway = [&](const char* a, const char* b) { return 0.5 * (at.at(a) + at.at(b)); };
  const double r = c.body.measures.at("acetabulum_radius_mm").value;
  const std::vector<std::pair<Vec3, std::string>> places = {
      {{1.1 * r, 0, 0}, "acetabulum"},
      {{0, 0, r + 12}, "supraacetabular"},
      {midway("anterior_superior_iliac_spine", "iliac_crest"), "ilium_wing"},
      {at.at("iliac_crest"), "ilium_wing"},
      {at.at("sacroiliac_joint"), "sacroiliac"},
      {at.at("pubic_tubercle"), "superior_pubic_ramus"},
      {{0.6 * at.at("pubic_tubercle").x, 0.62 * at.at("pubic_tubercle").y, 0},
       "superior_pubic_ramus"},
      {midway("ischial_tuberosity", "pubic_symphysis") - Vec3{0, 0, 10}, "inferior_pubic_ramus"},
      {at.at("ischial_tuberosity"), "ischium"}};
  // The truth lies in LPS: a left bone in anatomical position about its origin.
  const auto lps = [&](Vec3 p)
  {
    return whole.frame.origin + p.x * whole.frame.medial + p.y * whole.frame.anterior +
           p.z * whole.frame.proximal;
  };
  for (const auto& [place, region] : places)
  {
    INFO(region << " at " << place.x << " " << place.y << " " << place.z);
    CHECK(region_of(whole, lps(place)) == region);
  }
  BoneAnatomy cut = whole;
  cut.landmarks.erase("ischial_tuberosity");
  cut.landmarks.erase("pubic_symphysis");
  CHECK(region_of(cut, lps({0, 0, r + 12})) == "supraacetabular");
  CHECK(region_of(cut, lps({18, -40, -45})) == "ischium");
}
