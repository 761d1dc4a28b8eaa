#include "report/fields.hpp"

#include "base/symmetric_tensor.hpp"
#include "image/write.hpp"
#include "material/criteria.hpp"
#include "model/boundary.hpp"
#include "model/lattice.hpp"

#include <array>
#include <functional>

namespace calcar::report
{
namespace
{
/// Displacement at voxel centres: the mean of the eight corners.
std::vector<Vec3> centre_displacements(const model::VoxelBody& body,
                                       const std::vector<Vec3>& displacement,
                                       const std::vector<model::NodeIndex>& nodes)
{
  const auto nx = static_cast<std::size_t>(body.grid.size[0]) + 1;
  const auto ny = static_cast<std::size_t>(body.grid.size[1]) + 1;
  const auto nz = static_cast<std::size_t>(body.grid.size[2]) + 1;
  const auto offset = [&](int i, int j, int k)
  {
    return static_cast<std::size_t>(i) +
           nx * (static_cast<std::size_t>(j) + ny * static_cast<std::size_t>(k));
  };
  std::vector<std::uint32_t> number(nx * ny * nz, 0);
  for (std::size_t n = 0; n < nodes.size(); ++n)
    number[offset(nodes[n].i, nodes[n].j, nodes[n].k)] = static_cast<std::uint32_t>(n);
  std::vector<Vec3> centres(body.voxels.size());
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
  {
    const auto [i, j, k] = model::voxel_index(body.grid, body.voxels[v]);
    for (int corner = 0; corner < 8; ++corner)
      centres[v] += 0.125 * displacement[number[offset(i + (corner & 1), j + ((corner >> 1) & 1),
                                                       k + (corner >> 2))]];
  }
  return centres;
}

Field field(const std::string& name, std::size_t count,
            const std::function<double(std::size_t)>& value)
{
  Field result{name, std::vector<float>(count)};
  for (std::size_t n = 0; n < count; ++n)
    result.values[n] = static_cast<float>(value(n));
  return result;
}

void add_tensor(std::vector<Field>& fields, const std::string& name, const std::string& unit,
                const std::array<std::string, 3>& axes, const std::vector<SymTensor>& tensors)
{
  const std::size_t count = tensors.size();
  const auto component = [&](std::size_t a, std::size_t b, double SymTensor::*member)
  {
    fields.push_back(field(name + "_" + axes[a] + axes[b] + unit, count,
                           [&](std::size_t n) { return tensors[n].*member; }));
  };
  component(0, 0, &SymTensor::xx);
  component(1, 1, &SymTensor::yy);
  component(2, 2, &SymTensor::zz);
  component(1, 2, &SymTensor::yz);
  component(2, 0, &SymTensor::zx);
  component(0, 1, &SymTensor::xy);
}

/// Values of a field on the whole grid of the body, 0 where no voxel is active.
image::Volume on_grid(const model::VoxelBody& body, const Field& field)
{
  image::Volume volume;
  volume.grid = body.grid;
  volume.values.assign(body.grid.voxels(), 0.0F);
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
    volume.values[body.voxels[v]] = field.values[v];
  return volume;
}
} // namespace

std::vector<Field> fields_of(const model::VoxelBody& body, const analysis::Response& response,
                             const std::vector<model::NodeIndex>& nodes, const std::string& axes,
                             bool tensors)
{
  const bool lps = axes == "LPS";
  const std::array<std::string, 3> names =
      lps ? std::array<std::string, 3>{"x", "y", "z"} : std::array<std::string, 3>{"i", "j", "k"};
  const std::size_t count = body.voxels.size();
  std::vector<SymTensor> strain = response.strain;
  std::vector<SymTensor> stress(count);
  std::vector<std::array<double, 3>> principal(count);
  for (std::size_t v = 0; v < count; ++v)
  {
    if (lps)
      strain[v] = model::to_lps(body.grid, strain[v]);
    stress[v] = material::hooke(strain[v], body.youngs[v], body.poisson[v]);
    principal[v] = eigenvalues(strain[v]);
  }
  const std::vector<Vec3> displacement = centre_displacements(body, response.displacement, nodes);

  std::vector<Field> fields;
  for (std::size_t axis = 0; axis < 3; ++axis)
    fields.push_back(field("displacement_" + names[axis] + "_mm", count,
                           [&](std::size_t v) {
                             return (lps ? model::to_lps(body.grid, displacement[v])
                                         : displacement[v])[axis];
                           }));
  fields.push_back(
      field("principal_strain_max", count, [&](std::size_t v) { return principal[v][0]; }));
  fields.push_back(
      field("principal_strain_min", count, [&](std::size_t v) { return principal[v][2]; }));
  fields.push_back(field("von_mises_MPa", count,
                         [&](std::size_t v) { return material::von_mises_stress(stress[v]); }));
  fields.push_back(field("strain_energy_density_MPa", count,
                         [&](std::size_t v) { return 0.5 * contract(stress[v], strain[v]); }));
  if (tensors)
  {
    add_tensor(fields, "strain", "", names, strain);
    add_tensor(fields, "stress", "_MPa", names, stress);
  }
  return fields;
}

void write_niftis(const std::filesystem::path& folder, const std::string& prefix,
                  const model::VoxelBody& body, const std::vector<Field>& fields)
{
  for (const Field& field : fields)
    image::write_nifti(folder / (prefix + field.name + ".nii.gz"), on_grid(body, field));
}

} // namespace calcar::report
