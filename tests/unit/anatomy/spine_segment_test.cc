#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_segment.hpp"
#include "anatomy/vertebra_levels.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"
#include "support.hpp"
#include "vertebra_support.hpp"

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

SyntheticSegment segment(const std::string& levels, const SyntheticPerson& person = {})
{
  return spine_segment(person, segment_levels(levels));
}

using Part = SyntheticSegment::Part;

double distance(const Part& part, Vec3 in_index)
{
  return part.body.distance(part.in_index.back(in_index));
}

Vec3 landmark(const Part& part, const std::string& name)
{
  return part.in_index.apply(part.body.landmarks.at(name));
}

/// Least sum of the distances to two bones over a grid of points that lie deep in neither: their
/// gap; negative where they overlap.
double least_gap(const Part& one, const Part& other, const SegmentBox& box)
{
  double least = 1e9;
  const double step = 1;
  for (double z = box.low.z; z < box.high.z; z += step)
    for (double y = box.low.y; y < box.high.y; y += step)
      for (double x = 0; x < box.high.x; x += step) // symmetric
      {
        const double d = distance(one, {x, y, z});
        if (d > -1.5 && d < 4)
        {
          const double e = distance(other, {x, y, z});
          least = e > -1.5 ? std::min(least, d + e) : e < 0 && d < 0 ? -1.5 : least;
        }
      }
  return least;
}

/// The normal of the lower right joint surface where its landmark lies.
Vec3 normal_at(const Part& part, Vec3 p)
{
  const double h = 0.05;
  Vec3 slope;
  for (std::size_t a = 0; a < 3; ++a)
  {
    Vec3 step;
    step[a] = h;
    slope[a] = distance(part, p + step) - distance(part, p - step);
  }
  return normalized(slope);
}

/// Area over which the right joint surfaces of two neighbours lie opposite each other, mm2.
double facing_area(const Part& upper, const Part& lower)
{
  const Vec3 middle = landmark(lower, "right_superior_facet");
  const Vec3 normal = normal_at(lower, middle);
  const Vec3 e1 = geometry::any_perpendicular(normal);
  const Vec3 e2 = cross(normal, e1);
  double area = 0;
  for (double a = -10; a <= 10; a += 0.5)
    for (double b = -10; b <= 10; b += 0.5)
    {
      const Vec3 p = middle + a * e1 + b * e2;
      const bool bone_below = distance(lower, p - 0.6 * normal) < 0;
      const bool gap = distance(lower, p + normal) > 0 && distance(upper, p + normal) > 0;
      area += bone_below && gap && distance(upper, p + 3 * normal) < 0 ? 0.25 : 0;
    }
  return area;
}

/// Pairs of face neighbours among the voxels that belong to different bones.
std::size_t touching_faces(const image::LabelMap& labels)
{
  const auto& size = labels.grid.size;
  std::size_t count = 0;
  const auto differ = [&](std::int32_t one, std::int32_t other)
  { return one != 0 && other != 0 && one % 10 != other % 10; };
  for (int k = 0; k + 1 < size[2]; ++k)
    for (int j = 0; j + 1 < size[1]; ++j)
      for (int i = 0; i + 1 < size[0]; ++i)
      {
        const auto own = labels.at(i, j, k);
        count += differ(own, labels.at(i + 1, j, k)) + differ(own, labels.at(i, j + 1, k)) +
                 differ(own, labels.at(i, j, k + 1));
      }
  return count;
}

/// The n-th of a fixed row of segments in any pose, 2 mm voxels.
struct SegmentCase
{
  SyntheticSegment segment;
  SyntheticScan scan;
};

SegmentCase varied_segment(int n)
{
  std::mt19937 random(static_cast<unsigned>(700 + n));
  std::uniform_real_distribution<double> about(-1, 1);
  std::normal_distribution<double> normal;
  const std::string levels[] = {"L2:L4", "T8:T9", "T12:L1"};
  SyntheticPerson person;
  person.sex = n % 2 == 0 ? Sex::male : Sex::female;
  person.size = 1 + 0.1 * about(random);
  person.density = static_cast<BoneDensity>(n % 3);
  ScanSettings settings;
  settings.rotation =
      geometry::rotation_about({normal(random), normal(random), normal(random)}, 3 * about(random));
  settings.voxel_mm = 2;
  settings.position = {80 * about(random), 80 * about(random), 300 * about(random)};
  const SyntheticSegment made = segment(levels[n], person);
  return {made, make_scan(made, settings)};
}

} // namespace

TEST_CASE("every vertebra of a segment in any pose is found by its label")
{
  const int n = GENERATE(0, 1, 2);
  const SegmentCase one = varied_segment(n);
  REQUIRE(one.scan.parts.size() == one.segment.parts.size());
  for (std::size_t p = 0; p < one.segment.parts.size(); ++p)
  {
    const SyntheticBody& body = one.segment.parts[p].body;
    const BoneAnatomy& truth = one.scan.parts[p];
    AnatomyOptions options = vertebra_in_a_tube();
    options.level = body.level;
    const BoneAnatomy found = find_anatomy(
        BoneKind::vertebra, bone_mask(one.scan.labels, body.label, body.plate_label), options);
    INFO("segment " << n << ", " << body.level);
    CHECK(truth.level == body.level);
    CHECK(angle_deg(found.frame.medial, truth.frame.medial) < 3);
    CHECK(angle_deg(found.frame.anterior, truth.frame.anterior) < 3);
    CHECK(angle_deg(found.frame.proximal, truth.frame.proximal) < 3);
    for (const auto& [name, point] : truth.landmarks)
    {
      INFO(name);
      REQUIRE(found.landmarks.count(name) == 1);
      CHECK(norm(found.landmarks.at(name) - point) < 3);
    }
  }
  const BoneAnatomy& index = one.scan.parts[one.segment.index];
  CHECK(one.scan.truth.level == index.level);
  CHECK(one.scan.truth.frame.origin == index.frame.origin);
}

TEST_CASE("neighbouring vertebrae of a segment keep the gap of their joints and face each other")
{
  const SyntheticSegment made = segment(GENERATE("L3:L5", "T6:T8", "T11:L1"));
  const SegmentBox box = box_of(made);
  for (std::size_t n = 0; n + 1 < made.parts.size(); ++n)
  {
    const Part& upper = made.parts[n];
    const Part& lower = made.parts[n + 1];
    INFO(upper.body.level);
    const double gap = least_gap(upper, lower, box);
    CHECK(gap > 1.8);
    CHECK(gap < 2.6);
    for (const std::string side : {"left", "right"})
    {
      const Vec3 inferior = landmark(upper, side + "_inferior_facet");
      const Vec3 superior = landmark(lower, side + "_superior_facet");
      CHECK(norm(inferior - superior) < 4);
    }
    // A circle of facet_height_mm across has 177 mm2 in L3 and 95 in T6.
    CHECK(facing_area(upper, lower) > 50);
  }
}

TEST_CASE("at 1 mm no two vertebrae of a child's or an adult's segment touch")
{
  SyntheticPerson person;
  const bool child = GENERATE(false, true);
  if (child)
  {
    person.age_years = 6;
  }
  const SyntheticSegment made = segment("L2:L3", person);
  ScanSettings settings;
  settings.rotation = geometry::rotation_about({1, 2, 3}, 0.5);
  const SyntheticScan scan = make_scan(made, settings);
  CHECK(touching_faces(scan.labels) == 0);
  const auto counts = image::label_counts(scan.labels);
  CHECK(counts.count(21) == (child ? 1 : 0));
  CHECK(counts.count(22) == (child ? 1 : 0));
  for (const Part& part : made.parts)
  {
    const image::Mask bone = bone_mask(scan.labels, part.body.label, part.body.plate_label);
    CHECK(image::connected_pieces(bone, image::Neighbours::faces).voxels.size() == 1);
  }
}

TEST_CASE("discs are as high and as wedged between the endplates as the data say")
{
  const SyntheticSegment made = segment("L1:L5");
  const Dimensions l3 = standard_dimensions(BoneKind::vertebra, {});
  double turned = 0;
  for (std::size_t n = 0; n + 1 < made.parts.size(); ++n)
  {
    const Part& upper = made.parts[n];
    const Part& lower = made.parts[n + 1];
    INFO(upper.body.level);
    const Dimensions own = at_level(l3, upper.body.level);
    CHECK(made.discs[n].height_mm == Approx(own.at("disc_height_mm")));
    CHECK(made.discs[n].wedge_deg == Approx(own.at("disc_wedge_deg")));
    // Between the middles of the endplates there are the disc and both hollows.
    const double between = norm(landmark(upper, "inferior_endplate_centre") -
                                landmark(lower, "superior_endplate_centre"));
    CHECK(between > own.at("disc_height_mm") + own.at("endplate_concavity_mm"));
    CHECK(between < own.at("disc_height_mm") + 2.5 * own.at("endplate_concavity_mm"));
    const double angle =
        angle_deg(upper.in_index.axes * Vec3{0, 0, 1}, lower.in_index.axes * Vec3{0, 0, 1});
    turned += angle;
    CHECK(angle > 3);
  }
  // What the frames turn by from L1 to L5 is the lordosis less half the wedges of L1 and L5.
  CHECK(made.lordosis_deg == Approx(turned).margin(6));
  CHECK(made.lordosis_deg > 30);
  CHECK(made.lordosis_deg < 50);
  CHECK(segment("T4:T8").lordosis_deg < -5); // kyphosis
}

TEST_CASE("the index of a segment is the middle vertebra or the one asked for; labels run caudally")
{
  SyntheticPerson person;
  CHECK(segment("L2:L4").index_body().level == "L3");
  CHECK(segment("L2,L3").index_body().level == "L2");
  CHECK(segment("T12:L3").index_body().level == "L1");
  person.level = "L4";
  const SyntheticSegment made = segment("L2:L4", person);
  CHECK(made.index_body().level == "L4");
  CHECK(norm(made.parts[2].in_index.at) < 1e-9);
  for (std::size_t n = 0; n < made.parts.size(); ++n)
  {
    CHECK(made.parts[n].body.label == 11 + static_cast<int>(n));
    CHECK(made.parts[n].body.plate_label == 21 + static_cast<int>(n));
    CHECK(determinant(made.parts[n].in_index.axes) == Approx(1));
  }
}

TEST_CASE("levels that are no neighbours from cranial to caudal are refused")
{
  const auto refused = [](const std::string& words)
  { return refusal([&] { segment_levels(words); }); };
  CHECK_THAT(refused("L2,L4"), Contains("L2, L4 are no neighbours from cranial to caudal"));
  CHECK_THAT(refused("L4,L3"), Contains("no neighbours"));
  CHECK_THAT(refused("L4:L2"), Contains("write the upper level first"));
  CHECK_THAT(refused("L3:L8"), Contains("unknown level \"L8\""));
  CHECK_THAT(refused("L2,,L3"), Contains("unknown level \"\""));
  CHECK_THAT(refused("L3"), Contains("1 level: L3; allowed: 2 to 5 neighbours"));
  CHECK_THAT(refused("T12:L5"), Contains("6 levels"));
  SyntheticPerson person;
  person.level = "L5";
  CHECK_THAT(refusal([&] { segment("L2:L4", person); }),
             Contains("index level of a spine segment: L5; allowed: L2, L3, L4"));
}

TEST_CASE("a crop that leaves nothing of a segment's vertebra is refused by its name")
{
  const SyntheticSegment made = segment("L2:L3");
  ScanSettings settings;
  settings.voxel_mm = 3;
  settings.crop.from.z = 0; // the index is L2
  CHECK_THAT(refusal([&] { make_scan(made, settings); }),
             Contains("the crop leaves nothing of L3"));
  settings.crop.from.z = -36;
  const SyntheticScan scan = make_scan(made, settings);
  CHECK(scan.parts[0].landmarks.count("body_centre") == 1);
  CHECK_FALSE(scan.parts[1].whole);
  CHECK(scan.parts[1].landmarks.count("superior_endplate_centre") == 1);
  CHECK(scan.parts[1].landmarks.count("inferior_endplate_centre") == 0);
}
