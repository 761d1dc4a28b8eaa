#include "app/info_mesh.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/read_surface.hpp"
#include "geometry/surface_defects.hpp"
#include "mesh/read_mesh.hpp"
#include "mesh/summary.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace calcar::app
{
namespace
{
using Json = nlohmann::ordered_json;

bool has_extension_of(const std::string& file, const std::vector<std::string>& extensions)
{
  std::string extension = std::filesystem::path(file).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(extensions.begin(), extensions.end(), extension) != extensions.end();
}

Json json_of(const Vec3& v)
{
  return Json::array({v.x, v.y, v.z});
}

Json json_of(const mesh::Box& box)
{
  return {{"low", json_of(box.low)}, {"high", json_of(box.high)}};
}

Json json_of(const Warnings& warnings)
{
  Json list = Json::array();
  for (const Warning& warning : warnings)
    list.push_back({{"code", warning.code}, {"text", warning.text}});
  return list;
}

Json unit_json(const mesh::UnitGuess& guess, const std::string& unit)
{
  Json plausible = Json::array();
  for (const mesh::LengthUnit& candidate : guess.plausible)
    plausible.push_back(candidate.name);
  const bool fits = std::find(plausible.begin(), plausible.end(), unit) != plausible.end();
  return {{"read_as", unit},
          {"plausible", plausible},
          {"longest_side_in_file", guess.longest_side},
          {"fits", fits},
          {"words", guess.words}};
}

Json quality_json(const mesh::MeshSummary& summary)
{
  const mesh::QualitySummary& q = summary.quality;
  return {{"shape_is", mesh::shape_words(summary.shape)},
          {"least_shape", q.worst.shape},
          {"mean_shape", q.mean_shape},
          {"histogram_of_shape_by_tenths", q.histogram},
          {"smallest_angle_degrees", q.worst.smallest_angle},
          {"largest_angle_degrees", q.worst.largest_angle},
          {"shortest_edge_mm", q.worst.shortest_edge},
          {"longest_edge_mm", q.worst.longest_edge},
          {"largest_edge_ratio", q.edge_ratio}};
}

Json sets_json(const std::vector<mesh::SetSummary>& sets, bool of_faces)
{
  Json list = Json::array();
  for (const mesh::SetSummary& set : sets)
  {
    list.push_back({{"name", set.name}, {of_faces ? "faces" : "points", set.members}});
    if (of_faces)
      list.back()["area_mm2"] = set.area;
  }
  return list;
}

Json describe_mesh(const std::string& file, const std::string& unit)
{
  const double mm = mesh::mm_per_unit(unit, "--unit");
  const mesh::ReadMesh read = mesh::read_mesh(file, mm);
  const mesh::MeshSummary summary = mesh::summarise(read.mesh, mm);
  Json json = {{"file", file},
               {"sha256", read.mesh.source.sha256},
               {"kind", "mesh"},
               {"cells_are", to_string(summary.shape)},
               {"degree", summary.degree},
               {"points", summary.points},
               {"cells", summary.cells},
               {"boundary_faces", summary.boundary_faces},
               {"box_mm", json_of(summary.box)},
               {"volume_mm3", summary.volume},
               {"area_mm2", summary.area}};
  json["unit"] = unit_json(summary.unit, unit);
  json["regions"] = Json::array();
  for (const mesh::RegionSummary& region : summary.regions)
    json["regions"].push_back(
        {{"name", region.name}, {"cells", region.cells}, {"volume_mm3", region.volume}});
  json["face_sets"] = sets_json(summary.face_sets, true);
  json["point_sets"] = sets_json(summary.point_sets, false);
  json["quality"] = quality_json(summary);
  json["defects"] = Json::array();
  for (const mesh::DefectLine& line : summary.defects)
    json["defects"].push_back({{"code", line.code}, {"words", line.words}, {"stops", line.stops}});
  json["warnings"] = json_of(read.warnings);
  return json;
}

mesh::Box box_of(const geometry::TriangleSurface& surface)
{
  mesh::Mesh points;
  points.points = surface.points;
  return mesh::box(points);
}

/// What keeps a surface from bounding a body, in words.
std::vector<mesh::DefectLine> surface_lines(const geometry::SurfaceDefects& d)
{
  std::vector<mesh::DefectLine> lines;
  const auto at = [](const Vec3& x)
  {
    return ", the first at (" +
           join({format_number(x.x, 6), format_number(x.y, 6), format_number(x.z, 6)}) + ") mm";
  };
  const auto add = [&](const char* code, std::size_t count, const std::string& words, bool stops)
  {
    if (count > 0)
      lines.push_back({code, std::to_string(count) + " " + words, stops});
  };
  add("open_edges", d.open_edges, "edges of one triangle only: holes" + at(d.open_at), true);
  add("crowded_edges", d.crowded_edges, "edges of more than two triangles" + at(d.crowded_at),
      true);
  add("pinched_points", d.pinched_points, "points at which it meets itself" + at(d.pinched_at),
      true);
  add("turned_edges", d.turned_edges, "edges whose triangles are turned against each other", false);
  add("flat_triangles", d.flat_triangles, "triangles with their corners on a line", false);
  return lines;
}

Json describe_surface(const std::string& file, const std::string& unit)
{
  const double mm = mesh::mm_per_unit(unit, "--unit");
  const geometry::ReadSurface read = geometry::read_triangles(file, mm);
  const geometry::TriangleSurface& surface = read.surface;
  const geometry::SurfaceDefects defects = geometry::find_defects(surface);
  const mesh::Box box = box_of(surface);
  Json json = {{"file", file},
               {"sha256", surface.source.sha256},
               {"kind", "surface"},
               {"points", surface.points.size()},
               {"triangles", surface.triangles.size()},
               {"parts", defects.parts},
               {"closed", defects.closed()},
               {"box_mm", json_of(box)}};
  if (defects.closed() && defects.turned_edges == 0)
    json["volume_mm3"] = geometry::volume(surface);
  json["area_mm2"] = geometry::area(surface);
  json["unit"] = unit_json(mesh::guess_unit({box.low / mm, box.high / mm}), unit);
  json["defects"] = Json::array();
  for (const mesh::DefectLine& line : surface_lines(defects))
    json["defects"].push_back({{"code", line.code}, {"words", line.words}, {"stops", line.stops}});
  json["warnings"] = json_of(read.warnings);
  return json;
}

std::string number(const Json& value, int digits = 4)
{
  return format_number(value.get<double>(), digits);
}

std::string three(const Json& list, int digits)
{
  return number(list[0], digits) + ", " + number(list[1], digits) + ", " + number(list[2], digits);
}

void line(const std::string& name, const std::string& words)
{
  std::cout << "  " << name << std::string(name.size() < 10 ? 10 - name.size() : 1, ' ') << words
            << "\n";
}

void print_size(const Json& json)
{
  const Json& low = json["box_mm"]["low"];
  const Json& high = json["box_mm"]["high"];
  Json size = Json::array();
  for (std::size_t axis = 0; axis < 3; ++axis)
    size.push_back(high[axis].get<double>() - low[axis].get<double>());
  line("box", number(size[0]) + " x " + number(size[1]) + " x " + number(size[2]) + " mm, from (" +
                  three(low, 6) + ") to (" + three(high, 6) + ")");
  if (json.contains("volume_mm3"))
    line("volume", number(json["volume_mm3"].get<double>() / 1000) + " cm3");
  line("surface", number(json["area_mm2"].get<double>() / 100) + " cm2");
}

void print_unit(const Json& unit)
{
  const std::string words = unit["words"].get<std::string>();
  if (unit["fits"].get<bool>())
    line("unit", "read as " + unit["read_as"].get<std::string>() + "; plausible: " + words);
  else
    line("unit", "read as " + unit["read_as"].get<std::string>() +
                     ", which is NOT plausible for a bone; plausible: " + words +
                     (unit["plausible"].empty()
                          ? ""
                          : "; say unit = \"" + unit["plausible"][0].get<std::string>() +
                                "\" in the case, --unit here"));
}

void print_sets(const Json& json)
{
  for (const Json& region : json["regions"])
    line("region", "\"" + region["name"].get<std::string>() + "\": " + region["cells"].dump() +
                       " cells, " + number(region["volume_mm3"].get<double>() / 1000) + " cm3");
  for (const Json& set : json["face_sets"])
    line("faces", "\"" + set["name"].get<std::string>() + "\": " + set["faces"].dump() +
                      " faces, " + number(set["area_mm2"].get<double>() / 100) + " cm2");
  for (const Json& set : json["point_sets"])
    line("points",
         "\"" + set["name"].get<std::string>() + "\": " + set["points"].dump() + " points");
}

void print_quality(const Json& quality)
{
  line("quality", quality["shape_is"].get<std::string>() + " " + number(quality["least_shape"], 3) +
                      " to 1, mean " + number(quality["mean_shape"], 3) +
                      "; angles between faces " + number(quality["smallest_angle_degrees"], 3) +
                      " to " + number(quality["largest_angle_degrees"], 4) + " degrees");
  line("edges", number(quality["shortest_edge_mm"]) + " to " + number(quality["longest_edge_mm"]) +
                    " mm, in one cell up to 1 : " + number(quality["largest_edge_ratio"], 3));
  const Json& histogram = quality["histogram_of_shape_by_tenths"];
  std::size_t most = 1;
  for (const Json& count : histogram)
    most = std::max(most, count.get<std::size_t>());
  for (std::size_t bin = 0; bin < histogram.size(); ++bin)
  {
    const auto count = histogram[bin].get<std::size_t>();
    const std::string bar((50 * count + most - 1) / most, '#');
    const std::string range =
        "0." + std::to_string(bin) + " - " +
        (bin + 1 == histogram.size() ? "1.0" : "0." + std::to_string(bin + 1));
    line("", range + "  " + bar + (bar.empty() ? "" : " ") + std::to_string(count));
  }
}

void print_findings(const Json& json)
{
  bool stops = false;
  for (const Json& defect : json["defects"])
  {
    line("defect", defect["words"].get<std::string>());
    stops = stops || defect["stops"].get<bool>();
  }
  if (json["defects"].empty())
    line("defects", "none");
  for (const Json& warning : json["warnings"])
    line("warning", warning["text"].get<std::string>());
  if (stops)
    line("", json["kind"] == "mesh"
                 ? "It cannot be solved as it is: what cannot be repaired will be refused."
                 : "It bounds no body as it is: a mesh cannot be made of it.");
}

void print_mesh(const Json& json)
{
  std::cout << json["file"].get<std::string>() << ": mesh of "
            << json["cells_are"].get<std::string>() << " cells, degree " << json["degree"] << "\n";
  line("cells", json["cells"].dump());
  line("points", json["points"].dump());
  line("boundary", json["boundary_faces"].dump() + " faces");
  print_size(json);
  print_unit(json["unit"]);
  print_sets(json);
  print_quality(json["quality"]);
  print_findings(json);
}

void print_surface(const Json& json)
{
  std::cout << json["file"].get<std::string>() << ": surface, "
            << (json["closed"].get<bool>() ? "closed" : "not closed") << "\n";
  line("triangles", json["triangles"].dump());
  line("points", json["points"].dump());
  line("parts", json["parts"].dump());
  print_size(json);
  print_unit(json["unit"]);
  print_findings(json);
}

} // namespace

bool is_mesh_or_surface(const std::string& file)
{
  return has_extension_of(file, mesh::mesh_extensions()) ||
         has_extension_of(file, geometry::surface_extensions());
}

int info_mesh(const std::string& file, const std::string& unit, bool json)
{
  const bool surface = has_extension_of(file, geometry::surface_extensions());
  const Json described = surface ? describe_surface(file, unit) : describe_mesh(file, unit);
  if (json)
    std::cout << described.dump(2) << "\n";
  else if (surface)
    print_surface(described);
  else
    print_mesh(described);
  return exit_code::done;
}

} // namespace calcar::app
