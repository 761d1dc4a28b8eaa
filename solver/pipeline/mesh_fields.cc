#include "pipeline/mesh_fields.hpp"

#include "report/fields.hpp"

#include <algorithm>

namespace calcar::pipeline
{

std::filesystem::path field_file(const ResultsFolder& folder, std::string name)
{
  std::replace(name.begin(), name.end(), ' ', '_');
  return folder.path() / "fields" / (name + ".vtu");
}

void write_material(const MeshVariant& variant, const ResultsFolder& folder)
{
  const std::vector<report::Field> fields = {{"youngs_modulus_MPa", variant.model.youngs},
                                             {"ash_density_g_cm3", variant.model.ash},
                                             {"tissue", numbers_of(variant.model.tissue)}};
  report::write_vtu(field_file(folder, variant.name), variant.model.mesh, fields, {});
}

} // namespace calcar::pipeline
