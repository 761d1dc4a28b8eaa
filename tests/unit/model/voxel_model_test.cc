#include "model/voxel_model.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <numbers>

using namespace calcar;
using namespace calcar::model;
using namespace bodies;

namespace
{
double ball_volume(double radius)
{
  return 4.0 / 3 * std::numbers::pi * radius * radius * radius;
}

VoxelModel voxelized(const image::Volume& density, const image::Mask& mask, double size_mm,
                     std::vector<lesion::PlacedLesion> lesions = {})
{
  return voxelize(MaterialField({density, mask, rizzoli(), std::move(lesions)}),
                  voxel_grid(mask, size_mm));
}

/// What each voxel is made of, in the order of the numbers.
std::vector<std::array<double, 4>> sorted_voxels(const VoxelModel& model)
{
  std::vector<std::array<double, 4>> voxels;
  for (std::size_t n = 0; n < model.tissue.size(); ++n)
    voxels.push_back({model.body.youngs[n], model.ash[n], model.compressive_strength[n],
                      static_cast<double>(model.tissue[n])});
  std::sort(voxels.begin(), voxels.end());
  return voxels;
}

/// Largest relative difference between two such lists; infinite when they differ in length.
double difference(const std::vector<std::array<double, 4>>& a,
                  const std::vector<std::array<double, 4>>& b)
{
  if (a.size() != b.size())
    return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    for (std::size_t c = 0; c < 4; ++c)
      largest = std::max(largest, std::abs(a[n][c] - b[n][c]) / (1e-3 + std::abs(b[n][c])));
  return largest;
}

/// The image with its index axes permuted and flipped; voxels stay where they are in space.
template <typename T>
image::Image<T> reordered(const image::Image<T>& image, std::array<int, 3> axes,
                          std::array<bool, 3> flip)
{
  image::Image<T> result;
  const image::Grid& from = image.grid;
  const Mat3 columns = transpose(from.direction);
  Mat3 turned;
  std::array<int, 3> first = {0, 0, 0};
  for (std::size_t a = 0; a < 3; ++a)
  {
    const auto old = static_cast<std::size_t>(axes[a]);
    result.grid.size[a] = from.size[old];
    result.grid.spacing[a] = from.spacing[old];
    turned[a] = flip[a] ? -columns[old] : columns[old];
    first[old] = flip[a] ? from.size[old] - 1 : 0;
  }
  result.grid.direction = transpose(turned);
  result.grid.origin = from.point({1.0 * first[0], 1.0 * first[1], 1.0 * first[2]});
  for (std::uint64_t n = 0; n < result.grid.voxels(); ++n)
  {
    const Vec3 index = from.index(voxel_centre(result.grid, n));
    result.values.push_back(image.at(static_cast<int>(std::lround(index.x)),
                                     static_cast<int>(std::lround(index.y)),
                                     static_cast<int>(std::lround(index.z))));
  }
  return result;
}

/// A lump of bone with uneven density that no turn maps onto itself.
struct Lump
{
  image::Grid grid = bodies::grid({24, 20, 28}, {0.8, 0.8, 1.1}, 0.4);
  image::Mask mask =
      bodies::mask(grid,
                   [](Vec3 p)
                   {
                     return norm(p - Vec3{-1, 0.5, 2}) < 7 ||
                            (p.x > 0 && p.x < 6 && std::abs(p.y) < 3 && std::abs(p.z) < 5);
                   });
  image::Volume density =
      volume(grid, [](Vec3 p) { return 0.5 + 0.05 * p.x - 0.04 * p.y + 0.45 * std::sin(p.z); });
};
} // namespace

TEST_CASE("the volume of a ball's voxels is that of the ball at any voxel size and place")
{
  const double radius = 15;
  const image::Grid grid = bodies::grid({64, 64, 64}, {0.5, 0.5, 0.5});
  const image::Mask mask = bodies::mask(grid, ball({0, 0, 0}, radius));
  const image::Volume density = volume(grid, [](Vec3) { return 0.5; });
  const MaterialField field({density, mask, rizzoli()});
  for (const double size : {0.8, 1.0, 1.5, 2.0, 3.0})
  {
    double mean = 0;
    const std::vector<double> shifts = {0.03, 0.21, 0.37, 0.52, 0.68, 0.89};
    for (const double shift : shifts)
    {
      CAPTURE(size, shift);
      image::Grid voxels = voxel_grid(mask, size);
      voxels.origin += size * Vec3{shift, 0.3 - shift, 0.7 * shift};
      const VoxelModel model = voxelize(field, voxels);
      CHECK(model.volume_mm3 == Approx(ball_volume(radius)).epsilon(0.03));
      CHECK(model.volume_mm3 ==
            Approx(size * size * size * static_cast<double>(model.body.voxels.size())));
      CHECK(std::is_sorted(model.body.voxels.begin(), model.body.voxels.end()));
      mean += model.volume_mm3 / static_cast<double>(shifts.size());
    }
    CAPTURE(size);
    CHECK(mean == Approx(ball_volume(radius)).epsilon(0.01));
  }
}

TEST_CASE("the voxel grid holds the whole mask")
{
  const image::Grid grid = bodies::grid({30, 26, 22}, {1, 1.2, 0.9}, 0.4);
  const image::Mask mask = bodies::mask(grid, ball({1, -2, 0.5}, 9));
  const image::Volume density = volume(grid, [](Vec3) { return 0.5; });
  for (const double size : {0.7, 2.0, 4.0})
  {
    const VoxelModel model = voxelized(density, mask, size);
    const image::Grid& voxels = model.body.grid;
    CHECK(voxels.direction == grid.direction);
    CHECK(voxels.spacing == Vec3{size, size, size});
    CHECK(model.volume_mm3 == Approx(ball_volume(9)).epsilon(size > 3 ? 0.2 : 0.06));
    for (const std::uint64_t voxel : model.body.voxels)
    {
      const auto index = voxel_index(voxels, voxel);
      for (std::size_t axis = 0; axis < 3; ++axis)
        REQUIRE((index[axis] > 0 && index[axis] < voxels.size[axis] - 1));
    }
  }
}

TEST_CASE("a pattern finer than the voxel is averaged over its sub-points")
{
  // Layers of two densities, one fine voxel thick, in voxels of six layers.
  const image::Grid grid = bodies::grid({36, 12, 12}, {0.5, 0.5, 0.5});
  const image::Mask mask = bodies::mask(grid, [](Vec3) { return true; });
  const auto layer = [&](Vec3 p) { return static_cast<int>(std::lround(grid.index(p).x)) % 2; };
  const image::Volume density = volume(grid, [&](Vec3 p) { return layer(p) ? 1.0 : 0.2; });
  const VoxelModel model = voxelized(density, mask, 3);
  REQUIRE(model.body.voxels.size() == 6 * 2 * 2);
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
  {
    // The planes of sub-points lie 1 mm apart; density is linear between the layers' centres.
    double youngs = 0;
    double ash = 0;
    for (const double step : {-1.0, 0.0, 1.0})
    {
      const Vec3 centre = voxel_centre(model.body.grid, model.body.voxels[n]);
      const double index = grid.index(centre + Vec3{step, 0, 0}).x;
      const double low = std::floor(index);
      const auto value = [](double i) { return std::lround(i) % 2 ? 1.0 : 0.2; };
      const double cha = value(low) + (index - low) * (value(low + 1) - value(low));
      youngs += rizzoli_youngs(cha) / 3;
      ash += rizzoli_ash(cha) / 3;
    }
    CHECK(model.body.youngs[n] == Approx(youngs).epsilon(1e-5));
    CHECK(model.ash[n] == Approx(ash).epsilon(1e-5));
  }
}

TEST_CASE("the modulus of a voxel is the mean of moduli, not the modulus of the mean density")
{
  // A density step inside the voxel: sub-points at -1, 0 and 1 mm of the voxel's
  // centre.
  const image::Grid grid = bodies::grid({60, 60, 60}, {0.1, 0.1, 0.1});
  const image::Mask mask = bodies::mask(grid, [](Vec3) { return true; });
  const image::Volume density = volume(grid, [](Vec3 p) { return p.x < 0.5 ? 0.2 : 1.0; });
  image::Grid coarse = bodies::grid({1, 1, 1}, {3, 3, 3});
  const VoxelModel model = voxelize(MaterialField({density, mask, rizzoli()}), coarse);
  REQUIRE(model.body.voxels.size() == 1);
  const double youngs = (2 * rizzoli_youngs(0.2) + rizzoli_youngs(1.0)) / 3;
  CHECK(model.body.youngs[0] == Approx(youngs).epsilon(1e-5));
  const double mean_cha = (2 * 0.2 + 1.0) / 3;
  CHECK(model.ash[0] == Approx(rizzoli_ash(mean_cha)).epsilon(1e-5));
  CHECK(model.body.youngs[0] > 1.1 * rizzoli_youngs(mean_cha));
  const auto strength = [](double cha)
  {
    const double ash = rizzoli_ash(cha);
    return ash < 0.317 ? 137 * std::pow(ash, 1.88) : 114 * std::pow(ash, 1.72);
  };
  CHECK(model.compressive_strength[0] ==
        Approx((2 * strength(0.2) + strength(1.0)) / 3).epsilon(1e-5));
  CHECK(model.tensile_strength[0] == Approx(0.7019 * model.compressive_strength[0]));
  CHECK(model.tissue[0] == TissueKind::bone);
}

TEST_CASE("a voxel is active when at least half of it is inside, and keeps its modulus whole")
{
  const image::Grid grid = bodies::grid({60, 60, 60}, {0.1, 0.1, 0.1});
  const image::Volume density = volume(grid, [](Vec3) { return 0.6; });
  const image::Grid coarse = bodies::grid({1, 1, 1}, {3, 3, 3});
  // Of the three planes of sub-points at x = -1, 0, 1 mm one, two or three lie inside.
  for (const int planes : {0, 1, 2, 3})
  {
    CAPTURE(planes);
    const image::Mask mask = bodies::mask(grid, [&](Vec3 p) { return p.x < planes - 1.5; });
    const VoxelModel model = voxelize(MaterialField({density, mask, rizzoli()}), coarse);
    CHECK(model.body.voxels.size() == (planes >= 2 ? 1 : 0));
    if (planes < 2)
      continue;
    CHECK(model.body.youngs[0] == Approx(rizzoli_youngs(0.6)).epsilon(1e-5));
    CHECK(model.compressive_strength[0] == Approx(114 * std::pow(rizzoli_ash(0.6), 1.72)));
    CHECK(model.volume_mm3 == Approx(27));
  }
}

TEST_CASE("flips and quarter turns of the image give the same voxels")
{
  const Lump lump;
  const double size = GENERATE(1.0, 1.6, 2.2);
  const std::vector<lesion::PlacedLesion> lesions = {sphere_lesion({0, 1, 2}, 4)};
  const VoxelModel plain = voxelized(lump.density, lump.mask, size, lesions);
  const auto expected = sorted_voxels(plain);
  REQUIRE(expected.size() > 100);
  std::array<int, 3> axes = {0, 1, 2};
  do
    for (int flips = 0; flips < 8; ++flips)
    {
      const std::array<bool, 3> flip = {(flips & 1) != 0, (flips & 2) != 0, (flips & 4) != 0};
      CAPTURE(size, axes[0], axes[1], axes[2], flips);
      const VoxelModel model = voxelized(reordered(lump.density, axes, flip),
                                         reordered(lump.mask, axes, flip), size, lesions);
      CHECK(model.body.voxels.size() == plain.body.voxels.size());
      CHECK(difference(sorted_voxels(model), expected) < 1e-5);
      CHECK(model.lesion_volume_mm3[0] == Approx(plain.lesion_volume_mm3[0]));
    }
  while (std::next_permutation(axes.begin(), axes.end()));
}

TEST_CASE("the volume of a lesion is that of its sphere, or of its part inside the bone")
{
  const image::Grid grid = bodies::grid({50, 50, 50});
  const image::Mask mask = bodies::mask(grid, [](Vec3 p) { return p.x < 6; });
  const image::Volume density = volume(grid, [](Vec3) { return 0.5; });
  for (const double size : {0.8, 1.0, 2.0})
  {
    CAPTURE(size);
    const VoxelModel model = voxelized(
        density, mask, size, {sphere_lesion({-12.1, 0.3, 0.2}, 8), sphere_lesion({6, 4, 2}, 6)});
    CHECK(model.lesion_volume_mm3[0] == Approx(ball_volume(8)).epsilon(0.02));
    // The second is cut by the plane x = 6 through its centre; half a layer of voxels may be lost.
    CHECK(model.lesion_volume_mm3[1] == Approx(0.5 * ball_volume(6)).epsilon(0.03 + 0.01 * size));
  }
}

TEST_CASE("the body with lesions has the twin's voxels and differs only where a lesion reaches")
{
  const Lump lump;
  const std::vector<lesion::PlacedLesion> lesions = {sphere_lesion({-2, 1, 3}, 3),
                                                     sphere_lesion({3, -2, -3}, 2.2)};
  const VoxelModel twin = voxelized(lump.density, lump.mask, 1.3);
  const MaterialField field({lump.density, lump.mask, rizzoli(), lesions});
  const VoxelModel model = with_lesions(twin, field);
  const VoxelModel anew = voxelize(field, twin.body.grid);
  CHECK(image::same_grid(model.body.grid, twin.body.grid));
  CHECK(model.body.voxels == twin.body.voxels);
  CHECK(anew.body.voxels == twin.body.voxels);
  CHECK(model.body.youngs == anew.body.youngs);
  CHECK(model.body.poisson == anew.body.poisson);
  CHECK(model.ash == anew.ash);
  CHECK(model.tissue == anew.tissue);
  CHECK(model.tensile_strength == anew.tensile_strength);
  CHECK(model.lesion_volume_mm3 == anew.lesion_volume_mm3);

  int far = 0, near = 0, tumour = 0;
  const double half_diagonal = 0.5 * norm(twin.body.grid.spacing);
  for (std::size_t n = 0; n < twin.body.voxels.size(); ++n)
  {
    const Vec3 centre = voxel_centre(twin.body.grid, twin.body.voxels[n]);
    double gap = 1e9;
    for (const auto& placed : lesions)
      gap = std::min(gap, norm(centre - placed.centre) - placed.reach_mm);
    const bool same = model.body.youngs[n] == twin.body.youngs[n] &&
                      model.tissue[n] == twin.tissue[n] && model.ash[n] == twin.ash[n];
    if (gap > half_diagonal)
    {
      REQUIRE(same);
      ++far;
    }
    if (gap < -half_diagonal)
    {
      REQUIRE_FALSE(same);
      CHECK(model.body.youngs[n] == 1);
      CHECK(model.tissue[n] == TissueKind::tumour);
      CHECK(model.compressive_strength[n] == 0);
      ++near;
    }
    tumour += model.tissue[n] == TissueKind::tumour;
  }
  CHECK(far > 100);
  CHECK(near > 5);
  CHECK(tumour > near);
}

TEST_CASE("shares of bone outside the law's range and at the ceiling are counted over bone")
{
  // A quarter soft, a quarter at the ceiling, a quarter tested, a quarter dense but untested.
  const image::Grid grid = bodies::grid({80, 8, 8});
  const image::Mask mask = bodies::mask(grid, [](Vec3) { return true; });
  const auto value = [](Vec3 p) { return p.x < -20 ? -0.1 : p.x < 0 ? 0.3 : p.x < 20 ? 0.9 : 2.0; };
  const VoxelModel model = voxelized(volume(grid, value), mask, 1);
  CHECK(model.at_ceiling == Approx(1.0 / 3).margin(0.02));
  CHECK(model.outside_law_range == Approx(2.0 / 3).margin(0.02));
  const auto soft = std::count(model.tissue.begin(), model.tissue.end(), TissueKind::soft);
  CHECK(static_cast<double>(soft) / static_cast<double>(model.tissue.size()) ==
        Approx(0.25).margin(0.02));
}

TEST_CASE("keep leaves the chosen voxels as they were")
{
  const Lump lump;
  const VoxelModel model = voxelized(lump.density, lump.mask, 1.5);
  std::vector<std::uint8_t> flags(model.tissue.size());
  for (std::size_t n = 0; n < flags.size(); ++n)
    flags[n] = n % 3 != 1;
  const VoxelModel kept = keep(model, flags);
  std::size_t at = 0;
  for (std::size_t n = 0; n < flags.size(); ++n)
  {
    if (!flags[n])
      continue;
    REQUIRE(at < kept.body.voxels.size());
    CHECK(kept.body.voxels[at] == model.body.voxels[n]);
    CHECK(kept.body.youngs[at] == model.body.youngs[n]);
    CHECK(kept.body.poisson[at] == model.body.poisson[n]);
    CHECK(kept.ash[at] == model.ash[n]);
    CHECK(kept.compressive_strength[at] == model.compressive_strength[n]);
    CHECK(kept.tensile_strength[at] == model.tensile_strength[n]);
    CHECK(kept.tissue[at] == model.tissue[n]);
    ++at;
  }
  for (const std::size_t size :
       {kept.body.voxels.size(), kept.body.youngs.size(), kept.body.poisson.size(), kept.ash.size(),
        kept.tissue.size(), kept.compressive_strength.size(), kept.tensile_strength.size()})
    CHECK(size == at);
  CHECK(kept.volume_mm3 == Approx(1.5 * 1.5 * 1.5 * static_cast<double>(at)));
}

TEST_CASE("the cartilage of growth plates counts by itself, in a bone with lesions too")
{
  const image::Grid grid = bodies::grid({16, 16, 16});
  const image::Volume density = bodies::volume(grid, [](Vec3) { return 0.6; });
  const image::Mask mask = bodies::mask(grid, [](Vec3) { return true; });
  const image::Mask plate = bodies::mask(grid, [](Vec3 p) { return std::abs(p.z) < 2; });
  const VoxelModel twin =
      voxelize(MaterialField({density, mask, rizzoli(), {}, &plate}), voxel_grid(mask, 1));
  CHECK(twin.volume_mm3 == Approx(16 * 16 * 16));
  CHECK(twin.cartilage_volume_mm3 == Approx(16 * 16 * 4));
  const VoxelModel ill = with_lesions(
      twin, MaterialField({density, mask, rizzoli(), {sphere_lesion({0, 0, 0}, 5)}, &plate}));
  // The lesion takes a slice of 4 mm of a ball of 5 mm radius out of the plate.
  CHECK(twin.cartilage_volume_mm3 - ill.cartilage_volume_mm3 ==
        Approx(3.14159265 * (25 * 4 - 16.0 / 3)).epsilon(0.05));
  CHECK(ill.volume_mm3 == twin.volume_mm3);
}

TEST_CASE("half the voxel size changes the volume of a lesion in the body by less than 2 %")
{
  const image::Grid grid = bodies::grid({40, 40, 40});
  const image::Mask mask = bodies::mask(grid, ball({0, 0, 0}, 17));
  const image::Volume density = volume(grid, [](Vec3) { return 0.6; });
  const std::vector<lesion::PlacedLesion> lesions = {sphere_lesion({3, -2, 1}, 8)};
  const double coarse = voxelized(density, mask, 2, lesions).lesion_volume_mm3[0];
  const double fine = voxelized(density, mask, 1, lesions).lesion_volume_mm3[0];
  CHECK(std::abs(coarse / fine - 1) < 0.02);
  CHECK(fine == Approx(4.0 / 3 * geometry::pi * 512).epsilon(0.01));
}
