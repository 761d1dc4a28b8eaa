#pragma once

#include "geometry/rotation.hpp"
#include "lesion/lesion.hpp"
#include "unit/load/synthetic_femur.hpp"

#include <functional>

/// Bones made by hand for lesions, with everything known in closed form.
namespace lesion_test
{
using namespace calcar;

/// Images of a bone with its anatomy.
struct Bone
{
  anatomy::BoneAnatomy anatomy;
  image::Mask mask;
  image::Volume density;

  lesion::Ground ground() const { return {anatomy, mask, density}; }
};

inline image::Grid grid_about(Vec3 centre, std::array<int, 3> size, double voxel_mm,
                              const Mat3& turn = identity())
{
  image::Grid grid;
  grid.size = size;
  grid.spacing = {voxel_mm, voxel_mm, voxel_mm};
  grid.direction = turn;
  grid.origin =
      centre -
      (grid.point({0.5 * (size[0] - 1), 0.5 * (size[1] - 1), 0.5 * (size[2] - 1)}) - grid.origin);
  return grid;
}

/// Fills mask and density by functions of LPS points.
inline void paint(Bone& bone, const image::Grid& grid, const std::function<bool(Vec3)>& inside,
                  const std::function<double(Vec3)>& density)
{
  bone.mask.grid = bone.density.grid = grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const Vec3 p = grid.point({double(i), double(j), double(k)});
        bone.mask.values.push_back(inside(p) ? 1 : 0);
        bone.density.values.push_back(static_cast<float>(inside(p) ? density(p) : -0.1));
      }
}

/// The synthetic femur's landmarks in a block of bone that holds all of it.
inline Bone femur_in_a_block(const anatomy::BoneAnatomy& femur)
{
  Bone bone;
  bone.anatomy = femur;
  paint(
      bone, grid_about(femur.frame.origin, {150, 150, 260}, 4), [](Vec3) { return true; },
      [](Vec3) { return 0.5; });
  return bone;
}

/// Radii of the tube, mm.
constexpr double outer = 14, inner = 8;

/**
 * A humerus that is a tube along its proximal axis, 2 half_length long: cortex of 1.2 g/cm^3
 * between the radii, marrow of 0 inside. `turn` turns the bone in the scanner, whose axes stay, or
 * with `grid_turns` the voxels with it; a right tube is the mirror image (x -> -x) of a left one.
 */
struct TubePlan
{
  anatomy::Side side = anatomy::Side::left;
  double voxel_mm = 0.5;
  double half_length = 30;
  Mat3 turn = identity();
  bool grid_turns = true;
};

inline Bone tube(const TubePlan& plan = {})
{
  Bone bone;
  anatomy::BoneAnatomy& a = bone.anatomy;
  a.kind = anatomy::BoneKind::humerus;
  a.side = plan.side;
  const double mirror = plan.side == anatomy::Side::left ? 1 : -1;
  const auto turned = [&](Vec3 v) { return plan.turn * v; };
  a.frame = {turned({mirror * 7, -3, 11}), turned({-mirror, 0, 0}), turned({0, -1, 0}),
             turned({0, 0, 1})};
  a.landmarks["midshaft_centre"] = a.frame.origin;
  a.landmarks["greater_tubercle"] = a.frame.origin - outer * a.frame.medial + 20 * a.frame.proximal;
  a.measures["shaft_radius_mm"] = {outer, 0, "mm", "measured"};
  for (int n = 2; n >= -2; --n)
    a.shaft_centres.push_back(a.frame.origin + 10.0 * n * a.frame.proximal);
  a.shaft_distal = -a.frame.proximal;
  a.cut_centre = a.frame.origin - plan.half_length * a.frame.proximal;
  const int across = 2 * static_cast<int>(std::ceil((outer + 3) / plan.voxel_mm));
  const int along = 2 * static_cast<int>(std::ceil((plan.half_length + 2) / plan.voxel_mm));
  const double room = plan.grid_turns ? 1 : 1.5;
  const auto cells = [&](int n) { return static_cast<int>(room * n); };
  const int turned_size = cells(std::max(across, along));
  const image::Grid grid =
      plan.grid_turns
          ? grid_about(a.frame.origin, {across, across, along}, plan.voxel_mm, plan.turn)
          : grid_about(a.frame.origin, {turned_size, turned_size, turned_size}, plan.voxel_mm);
  const auto radius = [frame = a.frame](Vec3 p)
  { return norm(geometry::without_component(p - frame.origin, frame.proximal)); };
  paint(
      bone, grid,
      [=, frame = a.frame](Vec3 p) {
        return radius(p) < outer &&
               std::abs(dot(p - frame.origin, frame.proximal)) < plan.half_length;
      },
      [=](Vec3 p) { return radius(p) > inner ? 1.2 : 0.0; });
  return bone;
}

inline lesion::Lesion read(const std::string& toml,
                           anatomy::BoneKind kind = anatomy::BoneKind::humerus)
{
  const Table table = Table::parse(toml, "case.toml");
  lesion::Lesion lesion = lesion::read_lesion(table, kind);
  table.check();
  return lesion;
}

} // namespace lesion_test
