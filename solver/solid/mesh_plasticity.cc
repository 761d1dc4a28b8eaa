#include "solid/mesh_plasticity.hpp"

#include <cmath>

namespace calcar::solid
{

double edge_of(const mesh::Mesh& mesh, std::size_t cell)
{
  const double of_cube = mesh.shape == mesh::CellShape::tetrahedron ? 6 * std::sqrt(2.0) : 1;
  return std::cbrt(of_cube * std::abs(mesh::volume(mesh, cell)));
}

CellPlasticity plasticity_of(const mesh::MeshModel& model, const material::ConstitutiveLaw& law,
                             double tension_over_compression,
                             const std::vector<std::uint8_t>& may_yield)
{
  CellPlasticity plasticity;
  const material::YieldSurface surface = law.surface(tension_over_compression);
  for (const material::PostYield& after : law.post_yield)
    plasticity.kinds.push_back({surface, after.damage});
  plasticity.cells.resize(model.mesh.cells());
  for (std::size_t c = 0; c < plasticity.cells.size(); ++c)
  {
    if (!may_yield[c] || model.tissue[c] != model::TissueKind::bone ||
        !(model.compressive_strength[c] > 0))
      continue;
    const auto ash = static_cast<double>(model.ash[c]);
    plasticity.cells[c] = {
        law.curve(ash, static_cast<double>(model.youngs[c]),
                  static_cast<double>(model.compressive_strength[c]),
                  model::band_of(law, edge_of(model.mesh, c))),
        static_cast<std::int32_t>(&law.after_yield(ash) - law.post_yield.data())};
  }
  return plasticity;
}

model::SofteningLength softening_length(const mesh::MeshModel& model,
                                        const CellPlasticity& plasticity,
                                        const material::ConstitutiveLaw& law)
{
  double volume = 0, sum = 0;
  for (std::size_t c = 0; c < plasticity.cells.size(); ++c)
    if (plasticity.cells[c].kind >= 0)
    {
      volume += model.volume[c];
      sum += model.volume[c] * model::band_of(law, edge_of(model.mesh, c));
    }
  return {volume > 0 ? sum / volume : 0, law.regularisation_mm};
}

} // namespace calcar::solid
