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

/// Displacements at the voxels' centres along three axes.
std::array<Field, 3> displacements(const model::VoxelBody& body, const analysis::Response& response,
                                   const std::vector<model::NodeIndex>& nodes, bool lps,
                                   const std::array<std::string, 3>& axes)
{
  const std::vector<Vec3> centres = centre_displacements(body, response.displacement, nodes);
  std::array<Field, 3> fields;
  for (std::size_t axis = 0; axis < 3; ++axis)
    fields[axis] = field("displacement_" + axes[axis] + "_mm", centres.size(),
                         [&](std::size_t v) {
                           return (lps ? model::to_lps(body.grid, centres[v]) : centres[v])[axis];
                         });
  return fields;
}

/// The largest and the smallest principal strain.
std::array<Field, 2> principal_strains(const std::vector<SymTensor>& strain)
{
  std::array<Field, 2> fields = {Field{"principal_strain_max", {}},
                                 Field{"principal_strain_min", {}}};
  for (Field& one : fields)
    one.values.resize(strain.size());
  for (std::size_t v = 0; v < strain.size(); ++v)
  {
    const auto principal = eigenvalues(strain[v]); // the same in any axes
    fields[0].values[v] = static_cast<float>(principal[0]);
    fields[1].values[v] = static_cast<float>(principal[2]);
  }
  return fields;
}

void add_tensor(std::vector<Field>& fields, const std::string& name, const std::string& unit,
                const std::array<std::string, 3>& axes, std::size_t count,
                const std::function<SymTensor(std::size_t)>& tensor)
{
  const auto component = [&](std::size_t a, std::size_t b, double SymTensor::*member)
  {
    fields.push_back(field(name + "_" + axes[a] + axes[b] + unit, count,
                           [&](std::size_t n) { return tensor(n).*member; }));
  };
  component(0, 0, &SymTensor::xx);
  component(1, 1, &SymTensor::yy);
  component(2, 2, &SymTensor::zz);
  component(1, 2, &SymTensor::yz);
  component(2, 0, &SymTensor::zx);
  component(0, 1, &SymTensor::xy);
}

/// Strains of elements with their moduli.
struct Strained
{
  const std::vector<SymTensor>& strain;
  const std::vector<float>& youngs;
  const std::vector<float>& poisson;

  SymTensor stress(const SymTensor& e, std::size_t n) const
  {
    return material::hooke(e, youngs[n], poisson[n]);
  }
};

/// Principal strains, von Mises stress, energy density and, with `tensors`, all components in the
/// axes into which `turned` turns a strain.
void add_strain_fields(std::vector<Field>& fields, const Strained& elements,
                       const std::function<SymTensor(const SymTensor&)>& turned,
                       const std::array<std::string, 3>& names, bool tensors)
{
  const std::vector<SymTensor>& strain = elements.strain;
  for (Field& one : principal_strains(strain))
    fields.push_back(std::move(one));
  // Without direction: the same in any axes.
  fields.push_back(field("von_mises_MPa", strain.size(),
                         [&](std::size_t n)
                         { return material::von_mises_stress(elements.stress(strain[n], n)); }));
  fields.push_back(field("strain_energy_density_MPa", strain.size(),
                         [&](std::size_t n)
                         { return 0.5 * contract(elements.stress(strain[n], n), strain[n]); }));
  if (!tensors)
    return;
  // Computed anew for each field: lists of tensors would take more memory than all fields.
  add_tensor(fields, "strain", "", names, strain.size(),
             [&](std::size_t n) { return turned(strain[n]); });
  add_tensor(fields, "stress", "_MPa", names, strain.size(),
             [&](std::size_t n) { return elements.stress(turned(strain[n]), n); });
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
  std::vector<Field> fields;
  for (Field& one : displacements(body, response, nodes, lps, names))
    fields.push_back(std::move(one));
  const auto turned = [&](const SymTensor& strain)
  { return lps ? model::to_lps(body.grid, strain) : strain; };
  add_strain_fields(fields, {response.strain, body.youngs, body.poisson}, turned, names, tensors);
  return fields;
}

std::vector<Field> fields_of(const mesh::MeshModel& model, const analysis::Response& response,
                             bool tensors)
{
  std::vector<Field> fields;
  add_strain_fields(
      fields, {response.strain, model.youngs, model.poisson},
      [](const SymTensor& strain) { return strain; }, {"x", "y", "z"}, tensors);
  return fields;
}

void write_niftis(const std::filesystem::path& folder, const std::string& prefix,
                  const model::VoxelBody& body, const std::vector<Field>& fields)
{
  for (const Field& field : fields)
    image::write_nifti(folder / (prefix + field.name + ".nii.gz"), on_grid(body, field));
}

} // namespace calcar::report
