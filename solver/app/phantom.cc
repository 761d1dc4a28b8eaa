#include "anatomy/population.hpp"
#include "anatomy/synthetic_femur.hpp"
#include "app/commands.hpp"
#include "app/options.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/write.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

namespace calcar::app
{
namespace po = boost::program_options;
namespace fs = std::filesystem;
namespace
{
Usage phantom_usage()
{
  Usage usage;
  usage.synopsis = "calcar phantom femur -o FOLDER [options]";
  usage.words = "Makes a synthetic bone from smooth shapes: density (or HU) image, labels, the "
                "true landmarks, and a case file\n"
                "that runs. The same options give the same bytes.";
  usage.example =
      "calcar phantom femur --side left --length-mm 440 -o femur && calcar run femur/case.toml";
  usage.positional = {"BONE"};
  usage.options.add_options()("output,o", po::value<std::string>(), "folder to write")(
      "side", po::value<std::string>()->default_value("left"), "left or right")(
      "length-mm", po::value<double>(), "length of the bone")("voxel-mm", po::value<double>(),
                                                              "voxel size (default 1)")(
      "head-radius-mm", po::value<double>(), "radius of the head; neck and trochanters follow")(
      "neck-shaft-angle-deg", po::value<double>(),
      "between neck and shaft")("version-deg", po::value<double>(), "anteversion of the neck")(
      "density", po::value<double>(), "factor on trabecular density; below 1 osteoporotic")(
      "proximal-mm", po::value<double>(), "keep only this length from the proximal end")(
      "output-unit", po::value<std::string>()->default_value("density"),
      "density (mg/cm3, K2HPO4) or HU")("overwrite", "replace files in the folder");
  return usage;
}

[[noreturn]] void refuse(const std::string& given, const std::string& allowed,
                         const std::string& remedy)
{
  throw InputError(Fault::command, {"command line", given, allowed, remedy, ""});
}

anatomy::FemurShape shape_of(const Given& given)
{
  const std::string side = given.text("side");
  if (side != "left" && side != "right")
    refuse("--side is \"" + side + "\"", "left, right", suggestion(side, {"left", "right"}));
  anatomy::FemurShape shape =
      anatomy::standard_femur(side == "left" ? anatomy::Side::left : anatomy::Side::right);
  const auto take = [&](const char* name, double& value)
  {
    if (given.has(name))
      value = given.values[name].as<double>();
  };
  take("length-mm", shape.length_mm);
  take("voxel-mm", shape.voxel_mm);
  take("head-radius-mm", shape.head_radius_mm);
  take("neck-shaft-angle-deg", shape.neck_shaft_angle_deg);
  take("version-deg", shape.version_deg);
  take("density", shape.density_level);
  take("proximal-mm", shape.proximal_mm);
  const std::string unit = given.text("output-unit");
  if (unit != "density" && unit != "HU")
    refuse("--output-unit is \"" + unit + "\"", "density, HU", suggestion(unit, {"density", "HU"}));
  shape.output = unit == "HU" ? anatomy::ScanOutput::hounsfield : anatomy::ScanOutput::density;
  return shape;
}

std::string truth_json(const anatomy::BoneAnatomy& truth)
{
  using Json = nlohmann::ordered_json;
  const auto vector = [](Vec3 v) { return Json::array({v.x, v.y, v.z}); };
  Json json = {{"bone", anatomy::to_string(truth.kind)}, {"side", anatomy::to_string(truth.side)}};
  json["frame"] = {{"origin_lps_mm", vector(truth.frame.origin)},
                   {"medial", vector(truth.frame.medial)},
                   {"anterior", vector(truth.frame.anterior)},
                   {"proximal", vector(truth.frame.proximal)}};
  for (const auto& [name, point] : truth.landmarks)
    json["landmarks_lps_mm"][name] = vector(point);
  for (const auto& [name, measure] : truth.measures)
    json["measures"][name] = {{"value", measure.value}, {"unit", measure.unit}};
  return json.dump(2) + "\n";
}

/// A constant of the calibration with which the phantom's HU were made.
std::string calibration(const std::string& key)
{
  return format_number(anatomy::population_mean("synthetic_femur", key).mean, 8);
}

std::string case_text(const anatomy::FemurShape& shape, const std::string& image)
{
  const bool density = shape.output == anatomy::ScanOutput::density;
  const std::string side = anatomy::to_string(shape.side);
  std::string text = "title = \"Synthetic " + side +
                     " femur with a lytic lesion in the medial neck\"\n\n"
                     "[patient]\nbody_mass_kg = 70\nheight_m = 1.68\n\n"
                     "[bone]\nkind = \"femur\"\nside = \"" +
                     side + "\"\nimage = \"" + image +
                     "\"\n"
                     "mask = { file = \"labels.nii.gz\", label = 1 }\n\n[calibration]\n";
  if (density)
    text += "name = \"density\"\nphantom = \"K2HPO4\"\nunit = \"mg/cm3\"\n";
  else
    text += "name = \"linear\"\nphantom = \"K2HPO4\"\nslope_g_cm3_per_HU = " +
            calibration("hu_slope_g_cm3") +
            "\nintercept_g_cm3 = " + calibration("hu_intercept_g_cm3") + "\n";
  text += "\n[[lesion]]\nname = \"medial neck\"\nkind = \"lytic\"\nin_ct = false\nshape = "
          "\"sphere\"\nradius_mm = 12\n"
          "centre = { landmark = \"medial_neck_cortex\" }\n";
  for (const char* activity : {"level_walking", "stair_climbing", "one_leg_stance", "stand_up",
                               "stumble", "sideways_fall"})
    text += std::string("\n[[activity]]\nname = \"") + activity + "\"\n";
  return text;
}
} // namespace

int phantom_command(const std::vector<std::string>& arguments)
{
  const Usage usage = phantom_usage();
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  const std::string bone = required(given, usage, "BONE");
  if (bone != "femur")
    refuse("no synthetic \"" + bone + "\" in this version", "femur", suggestion(bone, {"femur"}));
  const fs::path folder = required(given, usage, "output");
  if (fs::exists(folder / "case.toml") && !given.has("overwrite"))
    throw InputError(Fault::command,
                     {folder.string(), "the folder holds a phantom already", "a new folder",
                      "choose another with -o, or pass --overwrite", ""});
  const anatomy::FemurShape shape = shape_of(given);
  anatomy::SyntheticFemur femur = anatomy::make_femur(shape);
  const bool density = shape.output == anatomy::ScanOutput::density;
  const std::string image = density ? "density.nii.gz" : "ct.nii.gz";
  if (density) // mg/cm3, as clinical density images are
    for (float& value : femur.volume.values)
      value *= 1000;
  fs::create_directories(folder);
  image::write_nifti(folder / image, femur.volume);
  image::write_nifti(folder / "labels.nii.gz", femur.labels);
  write_text(folder / "truth.json", truth_json(femur.truth));
  write_text(folder / "case.toml", case_text(shape, image));
  std::cout << "wrote " << (folder / image).string()
            << ", labels.nii.gz, truth.json and case.toml\n"
            << "run it: calcar run " << (folder / "case.toml").string() << "\n";
  return exit_code::done;
}

} // namespace calcar::app
