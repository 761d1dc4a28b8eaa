#include "image/box.hpp"
#include "image/resample.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
Volume linear_volume()
{
  Volume volume{{{6, 5, 4}, {10, -20, 30}, {0.5, 1, 2}, identity()}, {}, {}};
  volume.values.resize(volume.grid.voxels());
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 5; ++j)
      for (int i = 0; i < 6; ++i)
        volume.at(i, j, k) = static_cast<float>(1 + 2 * i - 3 * j + 0.5 * k);
  return volume;
}

/// An uneven body off the middle of its image.
Mask body()
{
  Mask mask{{{23, 19, 17}, {-5, 4, 9}, {0.8, 0.9, 1.1}, identity()}, {}, {}};
  mask.values.resize(mask.grid.voxels());
  for (int k = 3; k < 15; ++k)
    for (int j = 2; j < 16; ++j)
      for (int i = 4; i < 20; ++i)
        mask.at(i, j, k) = (i - 9) * (i - 9) + 2 * (j - 8) * (j - 8) + (k - 7) * (k - 10) < 60;
  return mask;
}

/// The same body in space, stored with an axis turned over.
template <typename T>
Image<T> flipped(const Image<T>& image, std::size_t axis)
{
  Image<T> result = image;
  Vec3 last;
  last[axis] = image.grid.size[axis] - 1;
  result.grid.origin = image.grid.point(last);
  for (Vec3& row : result.grid.direction)
    row[axis] = -row[axis];
  for (int k = 0; k < image.grid.size[2]; ++k)
    for (int j = 0; j < image.grid.size[1]; ++j)
      for (int i = 0; i < image.grid.size[0]; ++i)
      {
        std::array<int, 3> v = {i, j, k};
        v[axis] = image.grid.size[axis] - 1 - v[axis];
        result.at(v[0], v[1], v[2]) = image.at(i, j, k);
      }
  return result;
}

/// The same body in space, stored with its axes in the order j k i.
template <typename T>
Image<T> turned(const Image<T>& image)
{
  Image<T> result = image;
  const Grid& g = image.grid;
  result.grid.size = {g.size[1], g.size[2], g.size[0]};
  result.grid.spacing = {g.spacing.y, g.spacing.z, g.spacing.x};
  for (std::size_t r = 0; r < 3; ++r)
    result.grid.direction[r] = {g.direction[r].y, g.direction[r].z, g.direction[r].x};
  for (int k = 0; k < g.size[2]; ++k)
    for (int j = 0; j < g.size[1]; ++j)
      for (int i = 0; i < g.size[0]; ++i)
        result.at(j, k, i) = image.at(i, j, k);
  return result;
}

/// True when both hold the same values at the same places in space.
template <typename T>
bool same_in_space(const Image<T>& a, const Image<T>& b, double tolerance)
{
  if (a.values.size() != b.values.size())
    return false;
  for (int k = 0; k < a.grid.size[2]; ++k)
    for (int j = 0; j < a.grid.size[1]; ++j)
      for (int i = 0; i < a.grid.size[0]; ++i)
      {
        const Vec3 at = b.grid.index(a.grid.point({i + 0., j + 0., k + 0.}));
        const int v[3] = {static_cast<int>(std::lround(at.x)), static_cast<int>(std::lround(at.y)),
                          static_cast<int>(std::lround(at.z))};
        const Vec3 whole = {v[0] + 0., v[1] + 0., v[2] + 0.};
        if (!b.grid.contains(v[0], v[1], v[2]) || norm(at - whole) > 1e-6)
          return false;
        if (std::abs(double(a.at(i, j, k)) - double(b.at(v[0], v[1], v[2]))) > tolerance)
          return false;
      }
  return true;
}
} // namespace

TEST_CASE("trilinear sampling reproduces a linear field and ends half a voxel outside")
{
  const Volume volume = linear_volume();
  CHECK(sample_index(volume, {1.25, 2.5, 0.75}, -1) == Approx(1 + 2.5 - 7.5 + 0.375));
  CHECK(sample_linear(volume, volume.grid.point({1.25, 2.5, 0.75}), -1) == Approx(-3.625));
  CHECK(sample_index(volume, {-0.4, 0, 0}, -1) == Approx(1));
  CHECK(sample_index(volume, {-0.6, 0, 0}, -7) == -7);
  CHECK(sample_index(volume, {5.5, 4.5, 3.5}, -7) == Approx(1 + 10 - 12 + 1.5));
  CHECK(sample_index(volume, {NAN, 0, 0}, -7) == -7);
}

TEST_CASE("the fraction of a mask is one inside, a half on a face, nothing outside")
{
  Mask mask{{{4, 4, 4}, {}, {1, 1, 1}, identity()}, std::vector<std::uint8_t>(64, 0), {}};
  for (int k = 0; k < 4; ++k)
    for (int j = 0; j < 4; ++j)
      for (int i = 2; i < 4; ++i)
        mask.at(i, j, k) = 1;
  CHECK(fraction(mask, {2.5, 1, 1}) == 1.0f);
  CHECK(fraction(mask, {1.5, 1, 1}) == 0.5f);
  CHECK(fraction(mask, {0.5, 1, 1}) == 0.0f);
  CHECK(fraction(mask, {3.5, 1, 1}) == 0.5f); // beyond the image counts as empty
  CHECK(fraction(mask, {9, 1, 1}) == 0.0f);
  CHECK(fraction(mask, {1e30, 0, 0}) == 0.0f);
}

TEST_CASE("the isotropic grid covers the box of the mask and one voxel more on each side")
{
  const Mask mask = body();
  const Box box = bounding_box(mask);
  const Grid grid = isotropic_grid(mask, 1.5);
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double length = (box.high[a] - box.low[a] + 1) * mask.grid.spacing[a];
    CHECK((grid.size[a] - 2) * 1.5 >= length - 1e-6);
    CHECK((grid.size[a] - 3) * 1.5 < length);
  }
  const Vec3 middle = {0.5 * (grid.size[0] - 1), 0.5 * (grid.size[1] - 1),
                       0.5 * (grid.size[2] - 1)};
  const Vec3 box_middle = {0.5 * (box.low[0] + box.high[0]), 0.5 * (box.low[1] + box.high[1]),
                           0.5 * (box.low[2] + box.high[2])};
  CHECK(norm(grid.point(middle) - mask.grid.point(box_middle)) < 1e-9);
  CHECK_THAT(refusal_of([&] { isotropic_grid(mask, 0); }, Fault::command),
             Contains("the voxel size is 0 mm; allowed: a positive size"));
  Mask empty = mask;
  empty.values.assign(empty.values.size(), 0);
  CHECK_THAT(refusal_of([&] { isotropic_grid(empty, 1); }), Contains("the mask is empty"));
}

TEST_CASE("flipped and turned images give the same voxels in space")
{
  const Mask mask = body();
  Volume volume{mask.grid, {}, {}};
  LabelMap labels{mask.grid, {}, {}};
  for (std::size_t i = 0; i < mask.values.size(); ++i)
  {
    volume.values.push_back(static_cast<float>((i * 7919) % 101));
    labels.values.push_back(mask.values[i] ? 1 + static_cast<int>(i / 40 % 3) : 0);
  }
  for (const double size : {0.7, 1.0, 2.3})
  {
    const Grid grid = isotropic_grid(mask, size);
    const Volume v = resample(volume, grid);
    const LabelMap l = resample_labels(labels, grid);
    const auto check = [&](const auto& change)
    {
      const Grid other = isotropic_grid(change(mask), size);
      CHECK(same_in_space(v, resample(change(volume), other), 1e-3));
      CHECK(same_in_space(l, resample_labels(change(labels), other), 0));
    };
    for (std::size_t axis = 0; axis < 3; ++axis)
      check([axis](const auto& image) { return flipped(image, axis); });
    check([](const auto& image) { return turned(image); });
    check([](const auto& image) { return turned(flipped(image, 2)); });
  }
}

TEST_CASE("a coarser grid takes the mean of the voxels inside, not the one in the middle")
{
  Volume volume{{{8, 8, 8}, {}, {1, 1, 1}, identity()}, std::vector<float>(512), {}};
  for (int k = 0; k < 8; ++k)
    for (int j = 0; j < 8; ++j)
      for (int i = 0; i < 8; ++i)
        volume.at(i, j, k) = static_cast<float>((i + j + k) % 2);
  const Grid coarse{{2, 2, 2}, {1.5, 1.5, 1.5}, {4, 4, 4}, identity()};
  for (const float v : resample(volume, coarse).values)
    CHECK(v == Approx(0.5));
  Grid away = coarse;
  away.origin.x = 100;
  for (const float v : resample(volume, away, -5).values)
    CHECK(v == -5.0f);
}

TEST_CASE("labels follow the largest share of the volume")
{
  LabelMap labels{{{6, 6, 6}, {}, {1, 1, 1}, identity()}, std::vector<std::int32_t>(216, 0), {}};
  for (int k = 0; k < 6; ++k)
    for (int j = 0; j < 6; ++j)
    {
      labels.at(0, j, k) = 4;
      labels.at(1, j, k) = 7; // the middle of the coarse voxel, but a third of it
      labels.at(2, j, k) = 4;
    }
  const Grid coarse{{1, 1, 1}, {1, 2, 2}, {3, 3, 3}, identity()};
  CHECK(resample_labels(labels, coarse).values[0] == 4);
  const Grid same = labels.grid;
  CHECK(resample_labels(labels, same).values[labels.grid.offset(1, 3, 3)] == 7);
}

TEST_CASE("resampling a mask keeps its volume")
{
  const Mask mask = ball(40, 14, {19.5, 20.2, 19.1});
  const auto volume = [](const Mask& m)
  {
    double sum = 0;
    for (const auto v : m.values)
      sum += v;
    return sum * m.grid.voxel_volume();
  };
  for (const double size : {0.8, 1.0, 1.7, 2.6})
    CHECK(volume(resample_mask(mask, isotropic_grid(mask, size))) ==
          Approx(volume(mask)).epsilon(0.02));
}
