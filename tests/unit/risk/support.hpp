#pragma once

#include "risk/assessment.hpp"
#include "risk/domain.hpp"
#include "unit/load/synthetic_femur.hpp"
#include "unit/model/support.hpp"

/// A block of bone, its lattice and surface: 1 mm voxels, E = 10 GPa, nu = 0.3, strengths of 100
/// MPa in compression and 70 in tension, 0.8 g/cm^3 ash.
struct Block
{
  calcar::model::VoxelModel model;
  calcar::model::Lattice lattice;
  calcar::model::Surface surface;

  explicit Block(std::array<int, 3> size, calcar::Vec3 spacing = {1, 1, 1}, double turn = 0)
      : model(make(bodies::grid(size, spacing, turn))), lattice(model.body),
        surface(calcar::model::surface_of(model.body, lattice))
  {
  }

  static calcar::model::VoxelModel make(const calcar::image::Grid& grid)
  {
    calcar::model::VoxelModel result;
    result.body = bodies::body(
        grid, [](calcar::Vec3) { return true; }, 10000, 0.3);
    const std::size_t count = result.body.voxels.size();
    result.tissue.assign(count, calcar::model::TissueKind::bone);
    result.ash.assign(count, 0.8F);
    result.compressive_strength.assign(count, 100);
    result.tensile_strength.assign(count, 70);
    return result;
  }

  calcar::Vec3 centre(std::size_t n) const
  {
    return calcar::model::voxel_centre(model.body.grid, model.body.voxels[n]);
  }
  std::size_t at(int i, int j, int k) const { return model.body.grid.offset(i, j, k); }
};

/// All bone, everywhere, without average or distances.
inline calcar::material::CriterionDomain everywhere()
{
  calcar::material::CriterionDomain domain;
  domain.where = calcar::material::CriterionDomain::Where::volume;
  return domain;
}

inline calcar::load::Patch patch_where(const std::function<bool(calcar::Vec3)>& inside)
{
  calcar::load::Patch patch;
  patch.name = "patch";
  patch.weight = [=](calcar::Vec3 p, calcar::Vec3) { return inside(p) ? 1.0 : 0.0; };
  return patch;
}
