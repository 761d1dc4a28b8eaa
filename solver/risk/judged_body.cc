#include "risk/judged_body.hpp"

#include "risk/cell_domain.hpp"
#include "risk/domain.hpp"

namespace calcar::risk
{

JudgedBody judged_body(const model::VoxelModel& model, const model::Lattice& lattice,
                       const model::Surface& surface, const material::CriterionDomain& domain,
                       const load::LoadCase& load_case, const load::Rig& rig)
{
  JudgedVoxels voxels = judged_voxels(model, lattice, surface, domain, load_case, rig);
  JudgedBody body;
  body.youngs = model.body.youngs;
  body.poisson = model.body.poisson;
  body.compressive_strength = model.compressive_strength;
  body.tensile_strength = model.tensile_strength;
  body.bone = voxels.bone;
  body.judged = voxels.judged;
  body.volume = [volume = model.body.grid.voxel_volume()](std::size_t) { return volume; };
  body.centre = [&model](std::size_t n)
  { return model::voxel_centre(model.body.grid, model.body.voxels[n]); };
  body.averaged = [&model, voxels = std::move(voxels),
                   diameter = domain.average_mm](const std::vector<double>& field)
  { return averaged(field, model, voxels, diameter); };
  return body;
}

JudgedBody judged_body(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                       const material::CriterionDomain& domain, const load::LoadCase& load_case,
                       const load::Rig& rig)
{
  JudgedCells cells = judged_cells(model, boundary, domain, load_case, rig);
  JudgedBody body;
  body.youngs = model.youngs;
  body.poisson = model.poisson;
  body.compressive_strength = model.compressive_strength;
  body.tensile_strength = model.tensile_strength;
  body.bone = cells.bone;
  body.judged = cells.judged;
  body.volume = [&model](std::size_t n) { return model.volume[n]; };
  body.centre = [&model](std::size_t n) { return model.centre[n]; };
  body.averaged = [&model, cells = std::move(cells),
                   diameter = domain.average_mm](const std::vector<double>& field)
  { return averaged(field, model, cells, diameter); };
  return body;
}

} // namespace calcar::risk
