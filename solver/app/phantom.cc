#include "anatomy/synthetic_piece.hpp"
#include "app/commands.hpp"
#include "app/phantom_case.hpp"
#include "app/phantom_options.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/write.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

namespace calcar::app
{
namespace po = boost::program_options;
namespace fs = std::filesystem;
namespace
{
using anatomy::BoneKind;

bool is_bone(const std::string& name)
{
  const auto bones = phantom_names();
  return std::find(bones.begin(), bones.end(), name) != bones.end();
}

/// What can be set and cropped of a bone, for its help.
std::string words_of(const std::string& bone)
{
  const BoneKind kind = kind_of(bone);
  std::string text = "\n\nDimensions of a " + anatomy::to_string(kind) +
                     " for --set, with those of a healthy man:\n";
  for (const auto& [name, value] : anatomy::standard_dimensions(kind, {}))
    text += "  " + name + " = " + format_number(value) + "\n";
  if (is_segment(bone))
    text += "They are those of an L3; the other levels have them times their ratio to it.\n";
  else
    text += "Pieces for --piece: " + join(anatomy::piece_names(kind)) + "\n";
  return text + "Directions for --crop: " + join(anatomy::direction_names(kind));
}

Usage phantom_usage(const std::string& bone)
{
  Usage usage;
  usage.synopsis = "calcar phantom BONE -o FOLDER [options]";
  usage.words = "Makes a synthetic bone, or a segment of the spine, from smooth shapes: density "
                "(or HU) image, labels, the "
                "true landmarks, and a case file\n"
                "that runs. The same options give the same bytes. BONE is one of\n  " +
                join(phantom_names()) + ".";
  usage.words += is_bone(bone) ? words_of(bone) : "";
  usage.example =
      "calcar phantom femur --side left --set length_mm=440 -o femur && calcar run femur/case.toml";
  usage.positional = {"BONE"};
  usage.options.add_options()("output,o", po::value<std::string>(),
                              "folder to write")("overwrite", "replace files in the folder");
  add_phantom_options(usage.options);
  return usage;
}

Phantom make_phantom(const Given& given, const std::string& bone)
{
  if (!is_bone(bone))
    throw InputError(Fault::command,
                     {"command line", "no synthetic \"" + bone + "\"", join(phantom_names()),
                      suggestion(bone, phantom_names()), ""});
  PhantomPlan plan = phantom_plan(given, bone);
  Phantom phantom{bone,          plan.person,
                  plan.settings, anatomy::make_scan(plan.bones, plan.settings),
                  plan.bones,    ""};
  const bool density = phantom.settings.output == anatomy::ScanOutput::density;
  phantom.image = density ? "density.nii.gz" : "ct.nii.gz";
  if (density) // mg/cm3, as clinical density images are
    for (float& value : phantom.scan.volume.values)
      value *= 1000;
  return phantom;
}

/// Labels of a segment hold whole bones; what of them is growth plate stands in a file of its own.
void write_labels(const fs::path& folder, const Phantom& phantom)
{
  image::LabelMap labels = phantom.scan.labels;
  if (is_segment(phantom.bone) && phantom.person.age_years)
  {
    image::LabelMap plates = labels;
    std::fill(plates.values.begin(), plates.values.end(), 0);
    for (std::size_t n = 0; n < labels.values.size(); ++n)
      for (const auto& part : phantom.bones.parts)
        if (labels.values[n] == part.body.plate_label)
          plates.values[n] = std::exchange(labels.values[n], part.body.label);
    image::write_nifti(folder / growth_plates_file, plates);
  }
  image::write_nifti(folder / "labels.nii.gz", labels);
}

void write_phantom(const fs::path& folder, const Phantom& phantom)
{
  fs::create_directories(folder);
  image::write_nifti(folder / phantom.image, phantom.scan.volume);
  write_labels(folder, phantom);
  write_text(folder / "truth.json", truth_json(phantom));
  const std::string text = case_text(phantom);
  write_text(folder / "case.toml", text);
  std::cout << "wrote " << (folder / phantom.image).string()
            << ", labels.nii.gz, truth.json and case.toml\n";
  if (text.find(no_activity) != std::string::npos)
    std::cout << no_activity << "\n";
  else
    std::cout << "run it: calcar run " << (folder / "case.toml").string() << "\n";
}
} // namespace

int phantom_command(const std::vector<std::string>& arguments)
{
  // The help of a bone lists its dimensions, so that the bone is looked for first.
  const auto bone_word = std::find_if(arguments.begin(), arguments.end(), is_bone);
  const Usage usage = phantom_usage(bone_word == arguments.end() ? "" : *bone_word);
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  const std::string bone = required(given, usage, "BONE");
  const fs::path folder = required(given, usage, "output");
  if (fs::exists(folder / "case.toml") && !given.has("overwrite"))
    throw InputError(Fault::command,
                     {folder.string(), "the folder holds a phantom already", "a new folder",
                      "choose another with -o, or pass --overwrite", ""});
  write_phantom(folder, make_phantom(given, bone));
  return exit_code::done;
}

} // namespace calcar::app
