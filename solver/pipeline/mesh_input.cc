#include "mesh/length_unit.hpp"
#include "pipeline/patient_case.hpp"

namespace calcar::pipeline
{
namespace
{
std::vector<std::string> unit_names()
{
  std::vector<std::string> names;
  for (const mesh::LengthUnit& unit : mesh::length_units())
    names.push_back(unit.name);
  return names;
}

void read_refinement(const Table& table, MeshInput& input)
{
  input.refine_to = table.maybe_number("refine_to");
  table.require(!input.refine_to || (*input.refine_to >= 0.005 && *input.refine_to <= 0.5),
                "refine_to", "0.005 to 0.5 (relative error in the energy norm)");
  if (input.refine_to && input.file.empty() && !input.hexahedra)
    table.complain("refine_to", "refine_to is given for a mesh of tetrahedra", "hexahedra",
                   "add cells = \"hexahedra\" or a file of hexahedra, or remove refine_to and make "
                   "edge_mm smaller");
  const bool is_limited = table.has("most_unknowns"); // before the default makes it so
  const double most = table.number("most_unknowns", static_cast<double>(input.most_unknowns));
  table.require(most >= 1000 && most <= 1e8, "most_unknowns", "1000 to 1e8");
  input.most_unknowns = static_cast<std::uint64_t>(most);
  if (is_limited && !input.refine_to)
    table.complain("most_unknowns", "most_unknowns has no meaning without refine_to", "",
                   "add refine_to, or remove it");
}
} // namespace

MeshInput read_mesh_input(const Table& document)
{
  MeshInput input;
  const auto table = document.maybe_table("mesh");
  if (!table)
    return input;
  input.place = table->place();
  const std::string file = table->text("file", "");
  input.file = file.empty() ? std::filesystem::path{} : table->folder() / file;
  if (table->has("unit"))
    input.unit = table->choice("unit", unit_names());
  input.order = table->integer("order", input.order);
  table->require(input.order == 1 || input.order == 2, "order", "1 or 2");
  if (!input.file.empty())
    for (const char* size : {"cells", "edge_mm", "surface_mm", "lesion_mm", "approximation_mm"})
      if (table->has(size))
        table->complain(size,
                        std::string(size) + " has no meaning for a mesh that is read from a file",
                        "", "remove it, or remove file to have the mesh made from the mask");
  input.hexahedra =
      table->choice("cells", {"tetrahedra", "hexahedra"}, "tetrahedra") == "hexahedra";
  if (input.hexahedra)
    for (const char* size : {"surface_mm", "lesion_mm", "approximation_mm"})
      if (table->has(size))
        table->complain(size, std::string(size) + " has no meaning for hexahedra", "edge_mm",
                        "remove it: hexahedra are voxels of edge_mm; refine_to makes them smaller "
                        "where it matters");
  input.sizes = mesh::read_mesh_sizes(*table);
  read_refinement(*table, input);
  const std::string at = table->choice("materials_at", {"cells", "integration_points"}, "cells");
  input.materials_at =
      at == "integration_points" ? MaterialsAt::integration_points : MaterialsAt::cells;
  const auto& surfaces = mesh::surface_density_names();
  input.surface_density = table->choice("surface_density", surfaces, surfaces.front()) == "eroded"
                              ? mesh::SurfaceDensity::eroded
                              : mesh::SurfaceDensity::nearest;
  return input;
}

} // namespace calcar::pipeline
