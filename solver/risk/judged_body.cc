#include "risk/judged_body.hpp"

#include "risk/cell_domain.hpp"
#include "risk/domain.hpp"
#include "solid/interpolation.hpp"

#include <memory>

namespace calcar::risk
{
namespace
{
template <typename Model>
JudgedBody with_material(const Model& model, std::span<const float> youngs,
                         std::span<const float> poisson)
{
  JudgedBody body;
  body.youngs = youngs;
  body.poisson = poisson;
  body.compressive_strength = model.compressive_strength;
  body.tensile_strength = model.tensile_strength;
  return body;
}

SymTensor strain_at(const mesh::Mesh& mesh, const analysis::Response& response,
                    const CellSample& sample)
{
  const std::size_t count = response.strain_points.size() / mesh.cells();
  return solid::strain_at(mesh.shape, mesh.degree, sample.xi,
                          std::span(response.strain_points).subspan(count * sample.cell, count));
}
} // namespace

JudgedBody judged_body(const model::VoxelModel& model, const model::Lattice& lattice,
                       const model::Surface& surface, const material::CriterionDomain& domain,
                       const load::LoadCase& load_case, const load::Rig& rig)
{
  JudgedVoxels voxels = judged_voxels(model, lattice, surface, domain, load_case, rig);
  JudgedBody body = with_material(model, model.body.youngs, model.body.poisson);
  body.bone = voxels.bone;
  body.judged = voxels.judged;
  body.bone_number = model.bone_number;
  body.samples = model.body.voxels.size();
  body.element = [](std::size_t n) { return n; };
  body.volume = [volume = model.body.grid.voxel_volume()](std::size_t) { return volume; };
  body.strain = [](const analysis::Response& response, std::size_t n)
  { return response.strain[n]; };
  body.place = [&model](std::size_t n)
  { return model::voxel_centre(model.body.grid, model.body.voxels[n]); };
  body.element_of_place = body.element;
  body.averaged = [&model, voxels = std::move(voxels),
                   diameter = domain.average_mm](const std::vector<double>& field)
  { return averaged(field, model, voxels, diameter); };
  return body;
}

JudgedBody judged_body(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                       const material::CriterionDomain& domain, const load::LoadCase& load_case,
                       const load::Rig& rig)
{
  const double diameter = domain.average_mm;
  JudgedCells cells = judged_cells(model, boundary, domain, load_case, rig);
  const auto places = std::make_shared<const std::vector<JudgedPlace>>(
      judged_places(model, cells, boundary, domain, load_case, rig));
  const auto samples =
      std::make_shared<const std::vector<CellSample>>(samples_of(model, cells, *places, diameter));
  JudgedBody body = with_material(model, model.youngs, model.poisson);
  body.bone = std::move(cells.bone);
  body.judged = std::move(cells.judged);
  body.samples = samples->size();
  body.element = [samples](std::size_t s) { return std::size_t{(*samples)[s].cell}; };
  body.volume = [samples](std::size_t s) { return (*samples)[s].volume; };
  body.strain = [samples, &model](const analysis::Response& response, std::size_t s)
  { return strain_at(model.mesh, response, (*samples)[s]); };
  body.place = [places](std::size_t p) { return (*places)[p].point; };
  body.element_of_place = [places](std::size_t p) { return std::size_t{(*places)[p].cell}; };
  body.averaged = [means = means_about(*places, *samples, diameter)](
                      const std::vector<double>& field) { return averaged(field, means); };
  return body;
}

} // namespace calcar::risk
