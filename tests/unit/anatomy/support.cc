#include "support.hpp"

#include "geometry/rotation.hpp"

#include <random>

namespace calcar::anatomy::test
{

namespace
{

void keep_only(image::Mask& mask, const std::function<bool(Vec3)>& keep)
{
  for (int k = 0; k < mask.grid.size[2]; ++k)
  {
    for (int j = 0; j < mask.grid.size[1]; ++j)
    {
      for (int i = 0; i < mask.grid.size[0]; ++i)
      {
        if (!keep(mask.grid.point({1.0 * i, 1.0 * j, 1.0 * k})))
        {
          mask.at(i, j, k) = 0;
        }
      }
    }
  }
}

} // namespace

image::Mask femur_mask(const SyntheticFemur& femur)
{
  image::Mask mask;
  mask.grid = femur.labels.grid;
  mask.values.assign(femur.labels.values.begin(), femur.labels.values.end());
  return mask;
}

FemurShape quick_femur(Side side)
{
  FemurShape shape = standard_femur(side);
  shape.voxel_mm = 2;
  return shape;
}

FemurShape varied_femur(int n)
{
  std::mt19937 random(static_cast<unsigned>(1000 + n));
  std::uniform_real_distribution<double> about(-1, 1);
  std::normal_distribution<double> normal;
  FemurShape shape = quick_femur(n % 2 == 0 ? Side::left : Side::right);
  shape.head_radius_mm += 3 * about(random);
  shape.length_mm += 40 * about(random);
  shape.neck_shaft_angle_deg += 7 * about(random);
  shape.version_deg += 12 * about(random);
  shape.shaft_radius_mm += 1.5 * about(random);
  shape.bow_radius_mm += 200 * about(random);
  shape.rotation =
      geometry::rotation_about({normal(random), normal(random), normal(random)}, 3 * about(random));
  shape.head_centre = {50 * about(random), 50 * about(random), 500 * about(random)};
  return shape;
}

image::Mask kept(image::Mask mask, const std::function<bool(Vec3)>& keep)
{
  keep_only(mask, keep);
  return mask;
}

image::Mask mask_of(const std::function<double(const Vec3&)>& distance)
{
  image::Mask mask;
  mask.grid.size = {71, 71, 201};
  mask.grid.spacing = {2, 2, 2};
  mask.grid.origin = {-70, -70, -200};
  mask.values.assign(mask.grid.voxels(), 1);
  keep_only(mask, [&](Vec3 p) { return distance(p) < 0; });
  return mask;
}

std::string refusal(const std::function<void()>& work)
{
  try
  {
    work();
  }
  catch (const InputError& error)
  {
    return error.what();
  }
  return "";
}

std::string refusal(const image::Mask& mask, const AnatomyOptions& options)
{
  return refusal([&] { find_anatomy(BoneKind::femur, mask, options); });
}

} // namespace calcar::anatomy::test
