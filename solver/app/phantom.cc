#include "anatomy/synthetic_piece.hpp"
#include "app/commands.hpp"
#include "app/options.hpp"
#include "app/phantom_case.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/write.hpp"

#include <algorithm>
#include <charconv>
#include <iostream>

namespace calcar::app
{
namespace po = boost::program_options;
namespace fs = std::filesystem;
namespace
{
using anatomy::BoneKind;
using Texts = std::vector<std::string>;

/// Options that stand for a dimension: --length-mm for --set length_mm=...
constexpr const char* dimension_options[] = {"length-mm", "head-radius-mm", "neck-shaft-angle-deg",
                                             "version-deg"};

bool is_bone(const std::string& name)
{
  const auto& bones = anatomy::bone_names();
  return std::find(bones.begin(), bones.end(), name) != bones.end();
}

/// What can be set and cropped of a bone, for its help.
std::string words_of(BoneKind kind)
{
  std::string text = "\n\nDimensions of a " + anatomy::to_string(kind) +
                     " for --set, with those of a healthy man:\n";
  for (const auto& [name, value] : anatomy::standard_dimensions(kind, {}))
    text += "  " + name + " = " + format_number(value) + "\n";
  return text + "Pieces for --piece: " + join(anatomy::piece_names(kind)) + "\n" +
         "Directions for --crop: " + join(anatomy::direction_names(kind));
}

void add_bone_options(po::options_description& options)
{
  options.add_options()("side", po::value<std::string>(),
                        "left (the default) or right; none of a vertebra or skull")(
      "sex", po::value<std::string>(),
      "male (the default) or female")("age-years", po::value<double>(),
                                      "6 to 16: a child, with growth plates; without it an adult")(
      "size", po::value<double>(), "factor on all lengths, on top of sex and age")(
      "density", po::value<std::string>(),
      "healthy (the default), osteopenic or osteoporotic; or a factor on trabecular density")(
      "level", po::value<std::string>(), "of a vertebra (L3) or rib (7)")(
      "set", po::value<Texts>()->composing(),
      "NAME=VALUE: a dimension by its name; may repeat. calcar phantom BONE --help lists them");
  for (const char* name : dimension_options)
    options.add_options()(name, po::value<double>(),
                          (std::string("as --set of the dimension of this name")).c_str());
}

void add_scan_options(po::options_description& options)
{
  options.add_options()("voxel-mm", po::value<double>(), "voxel size (default 1)")(
      "spacing-mm", po::value<std::string>(), "X,Y,Z: spacing of the image's axes instead")(
      "piece", po::value<std::string>(), "a part of the bone as scans often show it")(
      "proximal-mm", po::value<double>(), "keep only this length from the proximal end")(
      "distal-mm", po::value<double>(), "keep only this length from the distal end")(
      "crop", po::value<Texts>()->composing(),
      "DIRECTION=FROM:TO: keep only this range, mm from the frame's origin; may repeat")(
      "rotate-deg", po::value<std::string>(),
      "X,Y,Z: turn the bone about the image's axes, one after the other")(
      "noise-HU", po::value<double>(), "standard deviation of white noise")(
      "seed", po::value<unsigned>(), "of the noise (default 1)")(
      "blur-mm", po::value<double>(), "full width at half maximum of a Gaussian blur")(
      "body", "muscle, a layer of fat and air around the bone")(
      "phantom", "calibration rods beneath the patient (with --output-unit HU)")(
      "metal", "a steel pin beside the bone, with streaks")(
      "output-unit", po::value<std::string>()->default_value("density"),
      "density (mg/cm3, K2HPO4) or HU");
}

Usage phantom_usage(const std::string& bone)
{
  Usage usage;
  usage.synopsis = "calcar phantom BONE -o FOLDER [options]";
  usage.words = "Makes a synthetic bone from smooth shapes: density (or HU) image, labels, the "
                "true landmarks, and a case file\n"
                "that runs. The same options give the same bytes. BONE is one of\n  " +
                join(anatomy::bone_names()) + ".";
  usage.words += is_bone(bone) ? words_of(anatomy::bone_kind(bone)) : "";
  usage.example =
      "calcar phantom femur --side left --set length_mm=440 -o femur && calcar run femur/case.toml";
  usage.positional = {"BONE"};
  usage.options.add_options()("output,o", po::value<std::string>(),
                              "folder to write")("overwrite", "replace files in the folder");
  add_bone_options(usage.options);
  add_scan_options(usage.options);
  return usage;
}

[[noreturn]] void refuse(const std::string& given, const std::string& allowed,
                         const std::string& remedy)
{
  throw InputError(Fault::command, {"command line", given, allowed, remedy, ""});
}

/// One of the words an option takes, by its place in the list.
std::size_t choice(const Given& given, const char* option, const Texts& allowed)
{
  if (!given.has(option))
    return 0;
  const std::string word = given.text(option);
  const auto found = std::find(allowed.begin(), allowed.end(), word);
  if (found == allowed.end())
    refuse(std::string("--") + option + " is \"" + word + "\"", join(allowed),
           suggestion(word, allowed));
  return static_cast<std::size_t>(found - allowed.begin());
}

std::optional<double> number_in(const std::string& text)
{
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional<double>(value) : std::nullopt;
}

/// Three numbers "X,Y,Z" of an option.
Vec3 three_numbers(const Given& given, const char* option)
{
  const std::string text = given.text(option);
  std::vector<double> numbers;
  for (std::size_t from = 0; from <= text.size();)
  {
    const std::size_t to = std::min(text.find(',', from), text.size());
    const auto number = number_in(text.substr(from, to - from));
    if (!number)
      break;
    numbers.push_back(*number);
    from = to + 1;
  }
  if (numbers.size() != 3 ||
      std::count(text.begin(), text.end(), ',') != 2) // "1,2,3,x" stops after three
    refuse(std::string("--") + option + " is \"" + text + "\"", "three numbers with commas",
           std::string("write --") + option + " 1,2,3");
  return {numbers[0], numbers[1], numbers[2]};
}

template <typename T>
void take(const Given& given, const char* option, T& value)
{
  if (given.has(option))
    value = given.values[option].as<T>();
}

void take_density(const Given& given, anatomy::SyntheticPerson& person, double& factor)
{
  if (!given.has("density"))
    return;
  if (const auto number = number_in(given.text("density")))
  {
    factor = *number;
    return;
  }
  person.density = static_cast<anatomy::BoneDensity>(
      choice(given, "density", {"healthy", "osteopenic", "osteoporotic"}));
}

anatomy::SyntheticPerson person_of(const Given& given, BoneKind kind, double& density_factor)
{
  anatomy::SyntheticPerson person;
  if (given.has("side") && anatomy::may_lie_in_midline(kind))
    refuse("--side is given of a " + anatomy::to_string(kind), "no side: it lies in the midline",
           "leave it out");
  const bool has_level = kind == BoneKind::vertebra || kind == BoneKind::rib;
  if (given.has("level") && !has_level)
    refuse("--level is given of a " + anatomy::to_string(kind), "vertebra or rib", "leave it out");
  person.side =
      choice(given, "side", {"left", "right"}) == 0 ? anatomy::Side::left : anatomy::Side::right;
  person.sex =
      choice(given, "sex", {"male", "female"}) == 0 ? anatomy::Sex::male : anatomy::Sex::female;
  if (given.has("age-years"))
    person.age_years = given.values["age-years"].as<double>();
  take(given, "size", person.size);
  take(given, "level", person.level);
  take_density(given, person, density_factor);
  return person;
}

/// NAME and what follows the sign between them.
std::pair<std::string, std::string> split(const std::string& text, char sign)
{
  const std::size_t at = text.find(sign);
  return at == std::string::npos ? std::pair{text, std::string{}}
                                 : std::pair{text.substr(0, at), text.substr(at + 1)};
}

anatomy::Dimensions dimensions_of(const Given& given, BoneKind kind,
                                  const anatomy::SyntheticPerson& person, double density_factor)
{
  anatomy::Dimensions dimensions;
  if (density_factor != 1)
    for (const auto& [name, value] : anatomy::standard_dimensions(kind, person))
      if (name.starts_with("trabecular") && name.ends_with("_g_cm3"))
        dimensions[name] = density_factor * value;
  for (const char* option : dimension_options)
    if (given.has(option))
    {
      std::string name = option;
      std::replace(name.begin(), name.end(), '-', '_');
      dimensions[name] = given.values[option].as<double>();
    }
  const Texts settings = given.has("set") ? given.values["set"].as<Texts>() : Texts{};
  for (const std::string& setting : settings)
  {
    const auto [name, text] = split(setting, '=');
    const auto value = number_in(text);
    if (!value)
      refuse("--set " + setting,
             "NAME=VALUE with a number; NAME is one of " + join(anatomy::dimension_names(kind)),
             "write --set " + anatomy::dimension_names(kind).front() + "=...");
    dimensions[name] = *value;
  }
  return dimensions;
}

void crop_length(const Given& given, const char* option, double& length)
{
  take(given, option, length);
  if (given.has(option) && !(length > 0))
    refuse(std::string("--") + option + " is " + format_number(length), "a positive length",
           "leave it out for the whole bone");
}

anatomy::Crop crop_of(const Given& given, const anatomy::SyntheticBody& body)
{
  anatomy::Crop crop;
  if (given.has("piece"))
    crop = anatomy::piece_of(body, given.text("piece"));
  double length = 0;
  crop_length(given, "proximal-mm", length);
  if (given.has("proximal-mm"))
    crop.from.z = body.high.z - length;
  crop_length(given, "distal-mm", length);
  if (given.has("distal-mm"))
    crop.to.z = body.low.z + length;
  const Texts ranges = given.has("crop") ? given.values["crop"].as<Texts>() : Texts{};
  for (const std::string& range : ranges)
  {
    const auto [name, numbers] = split(range, '=');
    const auto [from, to] = split(numbers, ':');
    const auto low = number_in(from);
    const auto high = number_in(to);
    if (!low || !high)
      refuse("--crop " + range, "DIRECTION=FROM:TO with two numbers",
             "write --crop " + anatomy::direction_names(body.kind).front() + "=-20:30");
    anatomy::keep_along(body, name, *low, *high, crop);
  }
  return crop;
}

anatomy::ScanSettings settings_of(const Given& given, const anatomy::SyntheticBody& body)
{
  anatomy::ScanSettings settings;
  take(given, "voxel-mm", settings.voxel_mm);
  if (given.has("spacing-mm"))
    settings.spacing_mm = three_numbers(given, "spacing-mm");
  if (given.has("rotate-deg"))
  {
    const Vec3 angles = three_numbers(given, "rotate-deg");
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      Vec3 about;
      about[axis] = 1;
      settings.rotation =
          geometry::rotation_about(about, geometry::radians(angles[axis])) * settings.rotation;
    }
  }
  settings.crop = crop_of(given, body);
  take(given, "noise-HU", settings.noise_HU);
  if (given.has("seed"))
    settings.seed = given.values["seed"].as<unsigned>();
  take(given, "blur-mm", settings.blur_mm);
  settings.body = given.has("body");
  settings.phantom = given.has("phantom");
  settings.metal = given.has("metal");
  settings.output = choice(given, "output-unit", {"density", "HU"}) == 0
                        ? anatomy::ScanOutput::density
                        : anatomy::ScanOutput::hounsfield;
  if (settings.phantom && settings.output == anatomy::ScanOutput::density)
    refuse("--phantom in an image of density", "--phantom in an image of HU: its rods calibrate it",
           "add --output-unit HU");
  return settings;
}

Phantom make_phantom(const Given& given, const std::string& bone)
{
  if (!is_bone(bone))
    refuse("no synthetic \"" + bone + "\"", join(anatomy::bone_names()),
           suggestion(bone, anatomy::bone_names()));
  const BoneKind kind = anatomy::bone_kind(bone);
  Phantom phantom;
  double density_factor = 1;
  phantom.person = person_of(given, kind, density_factor);
  const anatomy::SyntheticBody body = anatomy::synthetic_bone(
      kind, phantom.person, dimensions_of(given, kind, phantom.person, density_factor));
  phantom.settings = settings_of(given, body);
  phantom.scan = anatomy::make_scan(body, phantom.settings);
  const bool density = phantom.settings.output == anatomy::ScanOutput::density;
  phantom.image = density ? "density.nii.gz" : "ct.nii.gz";
  if (density) // mg/cm3, as clinical density images are
    for (float& value : phantom.scan.volume.values)
      value *= 1000;
  return phantom;
}

void write_phantom(const fs::path& folder, const Phantom& phantom)
{
  fs::create_directories(folder);
  image::write_nifti(folder / phantom.image, phantom.scan.volume);
  image::write_nifti(folder / "labels.nii.gz", phantom.scan.labels);
  write_text(folder / "truth.json", truth_json(phantom.scan));
  write_text(folder / "case.toml", case_text(phantom));
  std::cout << "wrote " << (folder / phantom.image).string()
            << ", labels.nii.gz, truth.json and case.toml\n"
            << "run it: calcar run " << (folder / "case.toml").string() << "\n";
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
