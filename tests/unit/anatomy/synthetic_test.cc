#include "geometry/rotation.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

namespace
{

double density_at(const SyntheticFemur& femur, Vec3 p)
{
  const Vec3 index = femur.volume.grid.index(p);
  return femur.volume.at(static_cast<int>(std::lround(index.x)),
                         static_cast<int>(std::lround(index.y)),
                         static_cast<int>(std::lround(index.z)));
}

double volume_cm3(const SyntheticFemur& femur)
{
  double count = 0;
  for (const int label : femur.labels.values)
  {
    count += label;
  }
  return count * femur.labels.grid.voxel_volume() / 1000;
}

} // namespace

TEST_CASE("the synthetic femur has the densities of bone where they belong")
{
  FemurShape shape = standard_femur(Side::left);
  shape.proximal_mm = 300;
  const SyntheticFemur femur = make_femur(shape);
  const Frame& f = femur.truth.frame;
  const auto& at = femur.truth.landmarks;
  const Vec3 mid = f.origin + named_vector(f, {{"distal", 200}});
  Vec3 shaft = femur.truth.shaft_centres.front();
  for (const Vec3& c : femur.truth.shaft_centres)
  {
    shaft = std::abs(dot(c - mid, f.proximal)) < std::abs(dot(shaft - mid, f.proximal)) ? c : shaft;
  }
  CHECK(density_at(femur, shaft) == Approx(-0.02).margin(0.01));
  CHECK(density_at(femur, shaft + 11 * f.medial) == Approx(1.15).margin(0.02));
  CHECK(density_at(femur, shaft + 30 * f.medial) == Approx(0.02).margin(0.001));
  CHECK(density_at(femur, f.origin) > 0.25);
  CHECK(density_at(femur, f.origin) < 0.6);
  const Vec3 trochanter = at.at("greater_trochanter") + 12 * f.medial;
  CHECK(density_at(femur, trochanter) > 0.05);
  CHECK(density_at(femur, trochanter) < 0.2);
  // The calcar: 3 mm below the surface there is still cortex, above the neck there is not.
  const Vec3 up = normalized(at.at("lateral_neck_cortex") - at.at("medial_neck_cortex"));
  CHECK(density_at(femur, at.at("medial_neck_cortex") + 2 * up) > 0.9);
  CHECK(density_at(femur, at.at("lateral_neck_cortex") - 4 * up) < 0.6);
}

TEST_CASE("the volume of the synthetic femur converges with the voxel size")
{
  FemurShape shape = quick_femur(Side::right);
  const double coarse = volume_cm3(make_femur(shape));
  shape.voxel_mm = 1.3;
  const double fine = volume_cm3(make_femur(shape));
  CHECK(coarse == Approx(fine).epsilon(0.01));
  CHECK(fine > 350);
  CHECK(fine < 700);
}

TEST_CASE("the mass of the synthetic femur hardly depends on how it lies in the voxels")
{
  const auto mass = [](const SyntheticFemur& femur)
  {
    double sum = 0;
    for (const float rho : femur.volume.values)
    {
      sum += rho - 0.02;
    }
    return sum * femur.volume.grid.voxel_volume();
  };
  FemurShape shape = quick_femur(Side::left);
  const double straight = mass(make_femur(shape));
  shape.rotation = geometry::rotation_about({1, 2, -1}, 0.8);
  CHECK(mass(make_femur(shape)) == Approx(straight).epsilon(0.005));
}

TEST_CASE("the synthetic femur is the same every time, and its mirror image on the other side")
{
  FemurShape shape = quick_femur(Side::left);
  shape.proximal_mm = 120;
  CHECK(make_femur(shape).volume.values == make_femur(shape).volume.values);
  const SyntheticFemur left = make_femur(shape);
  shape.side = Side::right;
  const SyntheticFemur right = make_femur(shape);
  for (const auto& [name, point] : left.truth.landmarks)
  {
    CHECK(norm(right.truth.landmarks.at(name) - Vec3{-point.x, point.y, point.z}) < 1e-9);
  }
}

TEST_CASE("Hounsfield units come by the example calibration")
{
  FemurShape shape = quick_femur(Side::left);
  shape.proximal_mm = 120;
  const SyntheticFemur density = make_femur(shape);
  shape.output = ScanOutput::hounsfield;
  const SyntheticFemur hu = make_femur(shape);
  const image::Grid& grid = hu.volume.grid;
  for (int k = 2; k < grid.size[2] - 2; k += 5)
  {
    for (int j = 2; j < grid.size[1] - 2; j += 3)
    {
      CHECK(-0.02066 + 0.000775 * hu.volume.at(grid.size[0] / 2, j, k) ==
            Approx(density.volume.at(grid.size[0] / 2, j, k)).margin(1e-6));
    }
  }
  // Air around the limb and fat under its skin, as a CT has them.
  CHECK(hu.volume.at(0, 0, 0) == -1000);
  CHECK(hu.volume.at(1, 1, grid.size[2] - 2) == -100);
}

TEST_CASE("a lower density level thins the trabeculae and leaves the cortex")
{
  FemurShape shape = quick_femur(Side::left);
  shape.proximal_mm = 150;
  const SyntheticFemur normal = make_femur(shape);
  shape.density_level = 0.5;
  const SyntheticFemur porotic = make_femur(shape);
  const Vec3 head = normal.truth.frame.origin;
  CHECK(density_at(porotic, head) == Approx(0.5 * density_at(normal, head)).epsilon(0.02));
  CHECK(*std::max_element(porotic.volume.values.begin(), porotic.volume.values.end()) ==
        Approx(1.15));
}

TEST_CASE("a synthetic femur of impossible size is refused with the range")
{
  FemurShape shape = quick_femur(Side::left);
  shape.head_radius_mm = 50;
  CHECK(refusal([&] { make_femur(shape); }) ==
        "synthetic femur: head_radius_mm = 50; allowed: 15 to 32; choose a value inside");
  shape = quick_femur(Side::left);
  shape.proximal_mm = 30;
  CHECK_THAT(
      refusal([&] { make_femur(shape); }),
      Contains("proximal_mm = 30; allowed: 0 for the whole bone, or at least 3.5 head radii"));
}
