#include "app/commands.hpp"
#include "app/info_mesh.hpp"
#include "app/options.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "image/checks.hpp"
#include "image/intensity.hpp"
#include "image/mask.hpp"
#include "image/read.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <iostream>

namespace calcar::app
{
namespace
{
using Json = nlohmann::ordered_json;

Json vector_json(Vec3 v)
{
  return Json::array({v.x, v.y, v.z});
}

Json grid_json(const image::Grid& grid)
{
  const Mat3 axes = transpose(grid.direction);
  return {{"size", grid.size},
          {"spacing_mm", vector_json(grid.spacing)},
          {"origin_lps_mm", vector_json(grid.origin)},
          {"axes_lps",
           Json::array({vector_json(axes[0]), vector_json(axes[1]), vector_json(axes[2])})}};
}

/// True when all values are whole and there are few of them: a label image.
bool looks_like_labels(const image::Volume& volume)
{
  for (const float value : volume.values)
    if (value < 0 || value > 65535 || value != std::floor(value))
      return false;
  return image::spread_of(volume).most <= 1000;
}

Json acquisition_json(const image::Acquisition& acquisition)
{
  Json json = Json::object();
  const auto put = [&](const char* name, const auto& value)
  {
    if (value)
      json[name] = *value;
  };
  put("modality", acquisition.modality);
  put("kVp", acquisition.kvp);
  put("kernel", acquisition.kernel);
  put("slice_thickness_mm", acquisition.slice_thickness_mm);
  put("contrast_agent", acquisition.contrast_agent);
  put("date", acquisition.date);
  put("manufacturer", acquisition.manufacturer);
  put("model", acquisition.model);
  return json;
}

Json labels_json(const std::string& file, const image::Grid& grid)
{
  Json labels = Json::array();
  for (const auto& [label, count] : image::label_counts(image::read_labels(file).image))
    labels.push_back({{"label", label},
                      {"voxels", count},
                      {"volume_cm3", static_cast<double>(count) * grid.voxel_volume() / 1000}});
  return labels;
}

/// What the range of values suggests; a hint for a person, never used by a computation.
std::string guess(const image::Spread& spread)
{
  if (spread.low < -500)
    return "CT in HU";
  if (spread.most > 3000)
    return "modulus in MPa, or another quantity";
  if (spread.most <= 5)
    return "density in g/cm3, or another quantity";
  return "density in mg/cm3, or another quantity";
}

Json describe(const std::string& file)
{
  const auto loaded = image::read_volume(file);
  const image::Spread spread = image::spread_of(loaded.image);
  Json json = {{"file", file},
               {"sha256", loaded.image.source.sha256},
               {"grid", grid_json(loaded.image.grid)}};
  json["values"] = {{"least", spread.least},
                    {"most", spread.most},
                    {"one_in_1000_below", spread.low},
                    {"one_in_1000_above", spread.high}};
  if (looks_like_labels(loaded.image))
  {
    json["kind"] = "labels";
    json["labels"] = labels_json(file, loaded.image.grid);
  }
  else
    json["kind"] = guess(spread);
  json["acquisition"] = acquisition_json(loaded.acquisition);
  json["warnings"] = Json::array();
  for (const Warning& warning : loaded.warnings)
    json["warnings"].push_back(warning.text);
  return json;
}

std::string three(const Json& list)
{
  return join({format_number(list[0].get<double>(), 6), format_number(list[1].get<double>(), 6),
               format_number(list[2].get<double>(), 6)});
}

void print(const Json& json)
{
  const Json& grid = json["grid"];
  std::cout << json["file"].get<std::string>() << ": " << json["kind"].get<std::string>() << "\n"
            << "  voxels    " << grid["size"][0] << " x " << grid["size"][1] << " x "
            << grid["size"][2] << "\n"
            << "  spacing   " << three(grid["spacing_mm"]) << " mm\n"
            << "  origin    " << three(grid["origin_lps_mm"]) << " mm (LPS)\n";
  const char* names[] = {"i", "j", "k"};
  for (std::size_t axis = 0; axis < 3; ++axis)
    std::cout << "  axis " << names[axis] << "    " << three(grid["axes_lps"][axis]) << " (LPS)\n";
  std::cout << "  values    " << format_number(json["values"]["least"].get<double>()) << " to "
            << format_number(json["values"]["most"].get<double>()) << "\n";
  if (json.contains("labels"))
    for (const Json& label : json["labels"])
      std::cout << "  label " << label["label"] << ": " << label["voxels"] << " voxels, "
                << format_number(label["volume_cm3"].get<double>()) << " cm3\n";
  for (const auto& [name, value] : json["acquisition"].items())
    std::cout << "  " << name << ": "
              << (value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
  for (const Json& warning : json["warnings"])
    std::cout << "  warning: " << warning.get<std::string>() << "\n";
}
} // namespace

int info_command(const std::vector<std::string>& arguments)
{
  Usage usage;
  usage.synopsis = "calcar info [mesh] FILE [--unit UNIT] [--json]";
  usage.words = "Tells what is in an image: grid, orientation, range of values, labels, how it was "
                "taken; in a mesh or a\nsurface: counts, box, volume, regions, sets, quality, "
                "defects, and what unit its numbers look like. FILE\nis NIfTI, NRRD, MetaImage, a "
                "DICOM folder or one file of a series; .msh, .inp, .vtk, .vtu, .ucd; .stl, .ply,\n"
                ".obj, .vtp.";
  usage.example = "calcar info labels.nii.gz";
  usage.positional = {"FILE", "OF"};
  usage.options.add_options()("json", "as JSON")(
      "unit", boost::program_options::value<std::string>()->default_value("mm"),
      "of a mesh or surface: mm, m, cm, um");
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  const std::string word = required(given, usage, "FILE");
  const bool of_mesh = word == "mesh" && given.has("OF"); // calcar info mesh FILE
  if (given.has("OF") && !of_mesh)
    throw InputError(Fault::command,
                     {"command line", "too many words", usage.synopsis, "see --help", ""});
  const std::string file = of_mesh ? given.text("OF") : word;
  if (of_mesh || is_mesh_or_surface(file))
    return info_mesh(file, given.text("unit"), given.has("json"));
  const Json json = describe(file);
  if (given.has("json"))
    std::cout << json.dump(2) << "\n";
  else
    print(json);
  return exit_code::done;
}

} // namespace calcar::app
