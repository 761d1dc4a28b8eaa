#include "app/commands.hpp"
#include "app/options.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/read_surface.hpp"
#include "image/mask.hpp"
#include "mesh/from_surface.hpp"
#include "mesh/length_unit.hpp"
#include "mesh/read_mesh.hpp"
#include "pipeline/case.hpp"
#include "pipeline/mesh_case.hpp"
#include "pipeline/patient_setting.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>

namespace calcar::app
{
namespace po = boost::program_options;
namespace fs = std::filesystem;
namespace
{
Usage mesh_usage()
{
  Usage usage;
  usage.synopsis = "calcar mesh INPUT -o OUTPUT [options]";
  usage.words =
      "Makes a mesh of tetrahedra. INPUT is a case file (the bone is meshed from its mask by the "
      "sizes "
      "of its [mesh], lesions become regions),\n"
      "a closed surface (STL, PLY, OBJ, VTP), or a mesh whose cells are bad: it is made anew from "
      "its boundary.\n"
      "OUTPUT is .msh, .inp or .vtu. The same input gives the same mesh.";
  usage.example = "calcar mesh case.toml -o femur.msh --edge-mm 3 --surface-mm 2";
  usage.positional = {"INPUT"};
  const mesh::MeshSizes sizes;
  const auto length = [](double value)
  { return po::value<double>()->default_value(value, format_number(value)); };
  usage.options.add_options()("output,o", po::value<std::string>(), "file to write")(
      "edge-mm", length(sizes.edge_mm), "length of edges inside")(
      "surface-mm", po::value<double>(), "length of edges on the surface (default: edge-mm)")(
      "lesion-mm", length(sizes.lesion_mm), "length of edges in and on lesions")(
      "approximation-mm", po::value<double>(),
      "how far triangles may lie off the surface (default 0.15, or a quarter of surface-mm)")(
      "order", po::value<int>()->default_value(1), "1 or 2: with nodes in the middle of edges")(
      "unit", po::value<std::string>(), "of a surface or mesh: mm, cm, m")(
      "json", "what was made, as JSON")("overwrite", "replace the file");
  return usage;
}

[[noreturn]] void refuse(const std::string& given, const std::string& allowed,
                         const std::string& remedy)
{
  throw InputError(Fault::command, {"command line", given, allowed, remedy, ""});
}

/// The sizes that a case or the defaults have, and in their place those of the command line; an
/// edge length alone is that of the surface too, and an approximation that is not given is at most
/// a quarter of it.
mesh::MeshSizes sizes_of(const Given& given, mesh::MeshSizes sizes)
{
  const auto is_given = [&](const char* name)
  { return given.has(name) && !given.values[name].defaulted(); };
  const auto take = [&](const char* name, double& size)
  {
    if (is_given(name))
      size = given.values[name].as<double>();
  };
  take("edge-mm", sizes.edge_mm);
  if (is_given("edge-mm"))
    sizes.surface_mm = sizes.edge_mm;
  take("surface-mm", sizes.surface_mm);
  take("lesion-mm", sizes.lesion_mm);
  sizes.approximation_mm = std::min(sizes.approximation_mm, 0.25 * sizes.surface_mm);
  take("approximation-mm", sizes.approximation_mm);
  mesh::require_valid(sizes, "command line");
  return sizes;
}

bool has_extension(const fs::path& file, const std::vector<std::string>& extensions)
{
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

/// Voxels of the bone as hexahedra, for a case that asks for them.
mesh::MeshedSolid voxels_of_case(const pipeline::PatientInputs& inputs, double edge_mm)
{
  mesh::MeshedSolid meshed;
  const auto start = std::chrono::steady_clock::now();
  meshed.mesh = pipeline::hexahedra_of_case(inputs, edge_mm, meshed.warnings);
  meshed.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  meshed.smallest_dihedral_deg = meshed.largest_dihedral_deg = 90;
  meshed.mean_edge_mm = edge_mm;
  mesh::MeshedRegion& bone = meshed.regions.emplace_back();
  bone.name = "bone";
  bone.cells = meshed.mesh.cells();
  bone.volume_mm3 = static_cast<double>(bone.cells) * edge_mm * edge_mm * edge_mm;
  bone.expected_mm3 =
      static_cast<double>(image::count(inputs.envelope)) * inputs.envelope.grid.voxel_volume();
  return meshed;
}

mesh::MeshedSolid mesh_case(const fs::path& file, const Given& options)
{
  const pipeline::Case given = pipeline::read_case(file);
  if (!given.patient)
    throw InputError(Fault::command,
                     {file.string(), "a study has no bone to mesh: its voxels are its body",
                      "a case with [bone] image and mask", "use calcar run", ""});
  if (!given.patient->bone.segment.empty())
    throw InputError(
        Fault::command,
        {given.patient->bone.place, "a spine segment is not meshed", "a case of one bone",
         "write kind = \"vertebra\" with one label; a segment is solved on voxels", ""});
  report::Results results;
  const pipeline::PatientInputs inputs = pipeline::read_inputs(*given.patient, results);
  std::vector<lesion::PlacedLesion> lesions;
  for (const lesion::Lesion& lesion : given.patient->lesions)
    lesions.push_back(lesion::place(lesion, pipeline::ground_of(inputs)));
  const mesh::MeshSizes sizes = sizes_of(options, given.patient->mesh.sizes);
  mesh::MeshedSolid meshed = given.patient->mesh.hexahedra
                                 ? voxels_of_case(inputs, sizes.edge_mm)
                                 : pipeline::mesh_of_case(inputs, lesions, sizes);
  meshed.warnings.insert(meshed.warnings.begin(), results.warnings.begin(), results.warnings.end());
  return meshed;
}

mesh::MeshedSolid mesh_file(const fs::path& file, const mesh::MeshSizes& sizes, const Given& given)
{
  const double mm = given.has("unit") ? mesh::mm_per_unit(given.text("unit"), "--unit") : 1;
  const auto check_unit = [&](const std::vector<Vec3>& points)
  {
    if (!given.has("unit"))
      mesh::require_millimetres(mesh::box_of(points), file.string());
  };
  if (has_extension(file, geometry::surface_extensions()))
  {
    geometry::ReadSurface read = geometry::read_surface(file, mm);
    check_unit(read.surface.points);
    mesh::MeshedSolid meshed = mesh::make_tetrahedra(read.surface, sizes);
    append(read.warnings, meshed.warnings);
    meshed.warnings = std::move(read.warnings);
    return meshed;
  }
  if (!has_extension(file, mesh::mesh_extensions()))
    refuse("INPUT is \"" + file.string() + "\"",
           "a case (.toml), a surface (" + join(geometry::surface_extensions()) + ") or a mesh (" +
               join(mesh::mesh_extensions()) + ")",
           "give one of these");
  mesh::ReadMesh read = mesh::read_mesh(file, mm);
  check_unit(read.mesh.points);
  mesh::MeshedSolid meshed = mesh::remesh(read.mesh, sizes);
  append(read.warnings, meshed.warnings);
  meshed.warnings = std::move(read.warnings);
  return meshed;
}

nlohmann::ordered_json json_of(const mesh::MeshedSolid& meshed, const std::string& file)
{
  nlohmann::ordered_json json = {{"file", file},
                                 {"points", meshed.mesh.points.size()},
                                 {"cells", meshed.mesh.cells()},
                                 {"order", meshed.mesh.degree},
                                 {"smallest_angle_deg", meshed.smallest_dihedral_deg},
                                 {"largest_angle_deg", meshed.largest_dihedral_deg},
                                 {"mean_edge_mm", meshed.mean_edge_mm},
                                 {"seconds", meshed.seconds}};
  if (meshed.surface)
    json["surface_off_mm"] = {{"most", meshed.surface->most_mm}, {"mean", meshed.surface->mean_mm}};
  json["regions"] = nlohmann::ordered_json::array();
  for (const mesh::MeshedRegion& region : meshed.regions)
    json["regions"].push_back({{"name", region.name},
                               {"cells", region.cells},
                               {"volume_mm3", region.volume_mm3},
                               {"expected_mm3", region.expected_mm3}});
  json["face_sets"] = nlohmann::ordered_json::array();
  for (const mesh::FaceSet& set : meshed.mesh.face_sets)
    json["face_sets"].push_back({{"name", set.name}, {"faces", set.faces.size()}});
  json["warnings"] = nlohmann::ordered_json::array();
  for (const Warning& warning : meshed.warnings)
    json["warnings"].push_back(warning.text);
  return json;
}

void print(const mesh::MeshedSolid& meshed, const std::string& file)
{
  std::cout << "wrote " << file << ": " << meshed.mesh.cells()
            << (meshed.mesh.shape == mesh::CellShape::hexahedron ? " hexahedra, " : " tetrahedra, ")

            << meshed.mesh.points.size() << " points, in " << format_number(meshed.seconds, 3)
            << " s\n"
            << "  angles between faces " << format_number(meshed.smallest_dihedral_deg, 3) << " to "
            << format_number(meshed.largest_dihedral_deg, 4) << " degrees, mean edge "
            << format_number(meshed.mean_edge_mm, 3) << " mm\n";
  if (meshed.surface)
    std::cout << "  surface within " << format_number(meshed.surface->most_mm, 2) << " mm (mean "
              << format_number(meshed.surface->mean_mm, 2) << ") of the given one\n";
  for (const mesh::MeshedRegion& region : meshed.regions)
    std::cout << "  region \"" << region.name << "\": " << region.cells << " cells, "
              << format_number(region.volume_mm3 / 1000) << " cm3 ("
              << format_number(100 * (region.volume_mm3 / region.expected_mm3 - 1), 2)
              << " % off its solid)\n";
  for (const mesh::FaceSet& set : meshed.mesh.face_sets)
    std::cout << "  faces \"" << set.name << "\": " << set.faces.size() << "\n";
  for (const Warning& warning : meshed.warnings)
    std::cout << "  warning: " << warning.text << "\n";
}
} // namespace

int mesh_command(const std::vector<std::string>& arguments)
{
  const Usage usage = mesh_usage();
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  const fs::path input = required(given, usage, "INPUT");
  const fs::path output = required(given, usage, "output");
  if (!has_extension(output, {".msh", ".inp", ".vtu"}))
    refuse("-o is \"" + output.string() + "\"", ".msh, .inp, .vtu", "give one of these extensions");
  if (fs::exists(output) && !given.has("overwrite"))
    throw InputError(Fault::command, {output.string(), "the file is there already", "a new file",
                                      "choose another with -o, or pass --overwrite", ""});
  const int order = given.values["order"].as<int>();
  if (order != 1 && order != 2)
    refuse("--order is " + std::to_string(order), "1, 2", "2 adds nodes in the middle of edges");
  mesh::MeshedSolid meshed = has_extension(input, {".toml"})
                                 ? mesh_case(input, given)
                                 : mesh_file(input, sizes_of(given, {}), given);
  meshed.mesh.degree = order;
  mesh::write_mesh(output, meshed.mesh);
  if (given.has("json"))
    std::cout << json_of(meshed, output.string()).dump(2) << "\n";
  else
    print(meshed, output.string());
  return exit_code::done;
}

} // namespace calcar::app
