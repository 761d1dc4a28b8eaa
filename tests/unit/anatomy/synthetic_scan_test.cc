#include "anatomy/synthetic_bone.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <numeric>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;
using geometry::pi;

namespace
{

/// A ball of one density with a landmark on each side, medial of its frame's origin.
SyntheticBody ball(double radius, double density, BoneKind kind = BoneKind::femur)
{
  const Vec3 centre{20, 0, 0};
  SyntheticBody body;
  body.kind = kind;
  body.distance = [=](Vec3 p) { return norm(p - centre) - radius; };
  body.density = [=](Vec3, double) { return density; };
  body.cortex_mm = [](Vec3) { return 0.0; };
  body.low = centre - Vec3{radius, radius, radius};
  body.high = centre + Vec3{radius, radius, radius};
  body.landmarks = {{"femoral_head_centre", centre + Vec3{0, 0, 0.5 * radius}},
                    {"femoral_neck_centre", centre - Vec3{0, 0, 0.5 * radius}},
                    {"midshaft_centre", centre + Vec3{0.5 * radius, 0, 0.5 * radius}}};
  body.shaft_centres = {centre + Vec3{0, 0, 10}, centre, centre - Vec3{0, 0, 10}};
  return body;
}

/// Density beyond that of the soft tissue, times volume: g.
double excess_mass(const SyntheticScan& scan)
{
  double sum = 0;
  for (const float rho : scan.volume.values)
  {
    sum += rho - 0.02;
  }
  return sum * scan.volume.grid.voxel_volume() / 1000;
}

double ball_volume_cm3(double radius)
{
  return 4.0 / 3 * pi * radius * radius * radius / 1000;
}

struct Spread
{
  double mean = 0;
  double deviation = 0;
};

Spread spread_of(const std::vector<double>& values)
{
  Spread s;
  s.mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  for (const double v : values)
  {
    s.deviation += (v - s.mean) * (v - s.mean);
  }
  s.deviation = std::sqrt(s.deviation / static_cast<double>(values.size()));
  return s;
}

std::vector<double> values_of(const SyntheticScan& scan, std::int32_t label)
{
  std::vector<double> values;
  for (std::size_t n = 0; n < scan.labels.values.size(); ++n)
  {
    if (scan.labels.values[n] == label)
    {
      values.push_back(scan.volume.values[n]);
    }
  }
  return values;
}

ScanSettings quick_scan(double voxel_mm = 2)
{
  ScanSettings settings;
  settings.voxel_mm = voxel_mm;
  return settings;
}

} // namespace

TEST_CASE("a scanned ball has the volume and the mass of the ball, in voxels of any shape")
{
  ScanSettings settings = quick_scan();
  const Vec3 spacing = GENERATE(Vec3{0, 0, 0}, Vec3{1, 1, 3}, Vec3{2.5, 0, 1.2});
  settings.spacing_mm = spacing;
  const SyntheticScan scan = make_scan(ball(20, 1.1), settings);
  CHECK(scan.volume.grid.spacing.y == (spacing.y > 0 ? spacing.y : 2));
  CHECK(image::volume_cm3(bone_mask(scan.labels)) == Approx(ball_volume_cm3(20)).epsilon(0.02));
  CHECK(excess_mass(scan) == Approx(1.08 * ball_volume_cm3(20)).epsilon(0.01));
  CHECK(scan.truth.whole);
  CHECK(spread_of(values_of(scan, 0)).mean < 0.03);
}

TEST_CASE("a right bone is the mirror image of a left one, and a bone of the midline is as a left "
          "one")
{
  SyntheticBody body = ball(15, 1);
  const SyntheticScan left = make_scan(body, quick_scan());
  body.side = Side::right;
  const SyntheticScan right = make_scan(body, quick_scan());
  CHECK(left.truth.frame.medial.x == -1);
  CHECK(right.truth.frame.medial.x == 1);
  CHECK(left.truth.landmarks.at("femoral_head_centre").x == -20);
  CHECK(right.truth.landmarks.at("femoral_head_centre").x == 20);
  CHECK(excess_mass(left) == Approx(excess_mass(right)).epsilon(1e-6));
  // The mask lies where the truth says.
  const Vec3 head = right.volume.grid.index(right.truth.landmarks.at("femoral_head_centre"));
  CHECK(right.labels.at(static_cast<int>(std::lround(head.x)),
                        static_cast<int>(std::lround(head.y)),
                        static_cast<int>(std::lround(head.z))) == 1);
  body.kind = BoneKind::vertebra;
  const SyntheticScan midline = make_scan(body, quick_scan());
  CHECK(midline.truth.side == Side::midline);
  CHECK(midline.truth.frame.medial.x == -1);
  CHECK(midline.volume.values == left.volume.values);
}

TEST_CASE("turned by 90 degrees the scan is the same, its axes exchanged")
{
  ScanSettings settings = quick_scan();
  const SyntheticScan straight = make_scan(ball(16, 1), settings);
  settings.rotation = geometry::rotation_about({0, 0, 1}, pi / 2);
  settings.position = {7, -5, 100};
  const SyntheticScan turned = make_scan(ball(16, 1), settings);
  CHECK(excess_mass(turned) == Approx(excess_mass(straight)).epsilon(1e-6));
  CHECK(norm(turned.truth.frame.medial - Vec3{0, -1, 0}) < 1e-12);
  CHECK(norm(turned.truth.frame.origin - settings.position) < 1e-12);
  CHECK(norm(turned.truth.landmarks.at("femoral_head_centre") - Vec3{7, -25, 108}) < 1e-9);
}

TEST_CASE("a crop ends the image: the border cuts the bone, landmarks beyond it are absent")
{
  ScanSettings settings = quick_scan();
  settings.rotation = geometry::rotation_about({1, 2, -1}, 0.8);
  settings.crop.from.z = 1;
  const SyntheticScan scan = make_scan(ball(20, 1), settings);
  CHECK_FALSE(scan.truth.whole);
  CHECK(scan.truth.landmarks.count("femoral_head_centre") == 1);
  CHECK(scan.truth.absent.front() == "femoral_neck_centre");
  // Of a part one cannot know where the middle of the whole lies.
  CHECK(scan.truth.landmarks.count("midshaft_centre") == 0);
  CHECK(scan.truth.shaft_centres.size() == 1);
  const double cap = pi * 19 * 19 * (60 - 19) / 3 / 1000; // above 1 mm of a ball of 20 mm
  CHECK(image::volume_cm3(bone_mask(scan.labels)) == Approx(cap).epsilon(0.01));
  // The cut is the image's border: half a voxel beyond the lowest centres lies the crop's plane.
  const Vec3 lowest = scan.volume.grid.point({0, 0, -0.5});
  CHECK(dot(lowest - scan.truth.frame.origin, scan.truth.frame.proximal) == Approx(1));
  CHECK(norm(scan.truth.cut_centre - scan.truth.frame.origin - 20 * scan.truth.frame.medial -
             2 * scan.truth.frame.proximal) < 0.1);
  CHECK(scan.volume.grid.direction == settings.rotation);
}

TEST_CASE("a crop that cuts nothing of the bone leaves it whole")
{
  ScanSettings settings = quick_scan();
  settings.crop.from = {-3, -1e9, -1e9};
  settings.crop.to = {1e9, 1e9, 23};
  const SyntheticScan scan = make_scan(ball(20, 1), settings);
  CHECK(scan.truth.whole);
  CHECK(scan.truth.absent.size() == landmark_names(BoneKind::femur).size() - 3);
}

TEST_CASE("noise is white, of the deviation asked for, and the same for the same seed")
{
  ScanSettings settings = quick_scan();
  settings.output = ScanOutput::hounsfield;
  settings.body = true;
  const SyntheticScan clean = make_scan(ball(20, 1), settings);
  settings.noise_HU = 25;
  const SyntheticScan noisy = make_scan(ball(20, 1), settings);
  std::vector<double> noise;
  double neighbours = 0;
  for (std::size_t n = 0; n < clean.volume.values.size(); ++n)
  {
    noise.push_back(noisy.volume.values[n] - clean.volume.values[n]);
    neighbours += n > 0 ? noise[n] * noise[n - 1] : 0;
  }
  REQUIRE(noise.size() > 50000);
  const auto count = static_cast<double>(noise.size());
  CHECK(std::abs(spread_of(noise).mean) < 5 * 25 / std::sqrt(count));
  CHECK(spread_of(noise).deviation == Approx(25).epsilon(0.02));
  CHECK(std::abs(neighbours / count) < 5 * 625 / std::sqrt(count));
  CHECK(make_scan(ball(20, 1), settings).volume.values == noisy.volume.values);
  settings.seed = 2;
  CHECK(make_scan(ball(20, 1), settings).volume.values != noisy.volume.values);
}

TEST_CASE("blur keeps the mass and has the width asked for along every axis")
{
  ScanSettings settings = quick_scan(1);
  settings.spacing_mm = {1, 1, 1.5};
  const SyntheticBody grain = ball(2.5, 1);
  const SyntheticScan sharp = make_scan(grain, settings);
  settings.blur_mm = 4;
  const SyntheticScan blurred = make_scan(grain, settings);
  CHECK(excess_mass(blurred) == Approx(excess_mass(sharp)).epsilon(0.01));
  // The variances of shapes add up under convolution: 4 mm of full width are a deviation of 1.70.
  const auto variance = [](const SyntheticScan& scan, std::size_t axis)
  {
    const image::Grid& grid = scan.volume.grid;
    double sum = 0, weight = 0;
    for (int k = 0; k < grid.size[2]; ++k)
      for (int j = 0; j < grid.size[1]; ++j)
        for (int i = 0; i < grid.size[0]; ++i)
        {
          const double w = scan.volume.at(i, j, k) - 0.02f;
          const Vec3 p = grid.point({1.0 * i, 1.0 * j, 1.0 * k}) - Vec3{-20, 0, 0};
          sum += w * p[axis] * p[axis];
          weight += w;
        }
    return sum / weight;
  };
  const double sigma = 4 / (2 * std::sqrt(2 * std::log(2.0)));
  for (const std::size_t axis : {0, 1, 2})
  {
    CHECK(variance(blurred, axis) - variance(sharp, axis) == Approx(sigma * sigma).epsilon(0.03));
  }
}

TEST_CASE("the body has muscle, fat and air in plenty, with their HU")
{
  ScanSettings settings = quick_scan();
  settings.output = ScanOutput::hounsfield;
  settings.body = true;
  const SyntheticScan scan = make_scan(ball(20, 1), settings);
  std::map<int, int> voxels;
  for (const float hu : scan.volume.values)
  {
    ++voxels[static_cast<int>(std::lround(hu))];
  }
  const auto all = static_cast<double>(scan.volume.values.size());
  CHECK(voxels[-1000] > 0.1 * all);
  CHECK(voxels[-100] > 0.1 * all);
  CHECK(voxels[52] > 0.1 * all); // 0.02 g/cm3
  // Bone touches neither fat nor air: around it there is muscle.
  CHECK(voxels[-1000] + voxels[-100] + voxels[52] <
        static_cast<int>(all) - static_cast<int>(values_of(scan, 1).size()) + 1);
}

TEST_CASE("the rods beneath the patient have their densities, and regions away from their edges")
{
  ScanSettings settings = quick_scan();
  settings.phantom = true;
  settings.blur_mm = 1;
  const SyntheticScan scan = make_scan(ball(20, 1), settings);
  REQUIRE(scan.rods_mg_cm3.size() == 5);
  for (const auto& [label, density] : scan.rods_mg_cm3)
  {
    INFO(label);
    const std::vector<double> inside = values_of(scan, std::stoi(label));
    REQUIRE(inside.size() > 100);
    CHECK(spread_of(inside).mean == Approx(density / 1000).margin(1e-4));
    CHECK(spread_of(inside).deviation < 1e-3);
  }
  // Beneath a patient on the back is behind: more posterior than all of the bone.
  const auto rod = image::extract(scan.labels, 101);
  for (std::size_t n = 0; n < rod.values.size(); ++n)
  {
    if (rod.values[n] != 0)
    {
      const int j =
          static_cast<int>(n / static_cast<std::size_t>(rod.grid.size[0])) % rod.grid.size[1];
      REQUIRE(rod.grid.point({0, 1.0 * j, 0}).y > 20 + 14);
    }
  }
}

TEST_CASE("the pin is metal, its streaks are dark and bright and fall with distance")
{
  ScanSettings settings = quick_scan(1);
  settings.output = ScanOutput::hounsfield;
  settings.body = true;
  const SyntheticScan plain = make_scan(ball(15, 1), settings);
  settings.metal = true;
  const SyntheticScan scan = make_scan(ball(15, 1), settings);
  CHECK(*std::max_element(scan.volume.values.begin(), scan.volume.values.end()) > 2500);
  CHECK(*std::min_element(scan.volume.values.begin(), scan.volume.values.end()) > -1000.1);
  const std::vector<double> bone = values_of(scan, 1);
  const std::vector<double> without = values_of(plain, 1);
  CHECK(spread_of(bone).deviation > spread_of(without).deviation + 20);
  CHECK(std::abs(spread_of(bone).mean - spread_of(without).mean) < 150);
}

TEST_CASE("growth plates are cartilage with a label of their own and belong to the bone")
{
  SyntheticBody body = ball(20, 1);
  body.growth_plate = [](Vec3 p) { return std::abs(p.z - 3.3) < 2; };
  const SyntheticScan scan = make_scan(body, quick_scan(1));
  // Between 1.3 and 5.3 mm: pi (r^2 h - [z^3 / 3]).
  const double slab = pi * (400 * 4 - (5.3 * 5.3 * 5.3 - 1.3 * 1.3 * 1.3) / 3) / 1000;
  CHECK(0.001 * static_cast<double>(values_of(scan, 2).size()) == Approx(slab).epsilon(0.02));
  CHECK(image::volume_cm3(bone_mask(scan.labels)) == Approx(ball_volume_cm3(20)).epsilon(0.01));
  CHECK(spread_of(values_of(scan, 2)).mean == Approx(0.055).margin(0.03));
  CHECK(excess_mass(scan) ==
        Approx(0.98 * (ball_volume_cm3(20) - slab) + 0.035 * slab).epsilon(0.01));
}

TEST_CASE("a neighbour has its own label and density, and gives way to the bone")
{
  SyntheticBody body = ball(15, 1);
  body.neighbours = {{"other ball", 10,
                      [](Vec3 p) {
                        return norm(p - Vec3{20, 0, 12}) - 10;
                      },
                      0.5}};
  const SyntheticScan scan = make_scan(body, quick_scan(1));
  CHECK(image::volume_cm3(bone_mask(scan.labels)) == Approx(ball_volume_cm3(15)).epsilon(0.01));
  CHECK(values_of(scan, 10).size() > 300);
  CHECK(spread_of(values_of(scan, 10)).mean == Approx(0.5).margin(0.08));
}

TEST_CASE("settings without sense are refused in words")
{
  const auto said = [](const ScanSettings& settings)
  { return refusal([&] { make_scan(ball(20, 1), settings); }); };
  ScanSettings settings = quick_scan();
  settings.voxel_mm = 20;
  settings.noise_HU = -1;
  CHECK_THAT(said(settings),
             Contains("voxel_mm = 20; allowed: 0.2 to 10 mm") && Contains("noise_HU = -1"));
  settings = quick_scan();
  settings.crop.from.z = 15;
  settings.crop.to.z = 15.5;
  CHECK_THAT(said(settings), Contains("the crop leaves nothing of the image; allowed: a part of "
                                      "the bone's box, 0 -20 -20 to 40 20 20 mm"));
  settings = quick_scan();
  settings.crop.from.z = 21;
  settings.crop.to.z = 25;
  CHECK_THAT(said(settings), Contains("the crop leaves nothing of the bone"));
  settings = quick_scan();
  settings.rotation = {Vec3{-1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  CHECK_THAT(said(settings), Contains("rotation is not a rotation"));
  settings = quick_scan();
  settings.phantom = true;
  settings.crop.from.y = -10;
  CHECK_THAT(said(settings), Contains("the rods of the phantom are not in the image"));
  settings = quick_scan(0.2);
  settings.body = true;
  CHECK_THAT(refusal([&] { make_scan(ball(120, 1), settings); }),
             Contains("million voxels are asked for"));
}
