#include "app/phantom_options.hpp"

#include "anatomy/synthetic_piece.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "load/bones.hpp"

#include <algorithm>
#include <charconv>

namespace calcar::app
{
namespace po = boost::program_options;
namespace
{
using anatomy::BoneKind;
using Texts = std::vector<std::string>;

/// Options that stand for a dimension: --length-mm for --set length_mm=...
constexpr const char* dimension_options[] = {"length-mm", "head-radius-mm", "neck-shaft-angle-deg",
                                             "version-deg"};

constexpr const char* standard_levels = "L2:L4";

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
      "level", po::value<std::string>(),
      "of a vertebra (L3) or rib (7); of a spine_segment, the vertebra in question")(
      "levels", po::value<std::string>(),
      "of a spine_segment: 2 to 5 neighbours, L2:L4 (the default) or L2,L3,L4")(
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

anatomy::SyntheticPerson person_of(const Given& given, const std::string& bone,
                                   double& density_factor)
{
  const BoneKind kind = kind_of(bone);
  anatomy::SyntheticPerson person;
  if (given.has("side") && anatomy::may_lie_in_midline(kind))
    refuse("--side is given of a " + bone, "no side: it lies in the midline", "leave it out");
  const bool has_level = kind == BoneKind::vertebra || kind == BoneKind::rib;
  if (given.has("level") && !has_level)
    refuse("--level is given of a " + bone, "vertebra or rib", "leave it out");
  if (given.has("levels") && !is_segment(bone))
    refuse("--levels is given of a " + bone, load::spine_segment,
           has_level ? "write --level" : "leave it out");
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

anatomy::Crop crop_of(const Given& given, const anatomy::SyntheticSegment& bones)
{
  const anatomy::SyntheticBody& body = bones.index_body();
  const anatomy::SegmentBox box = anatomy::box_of(bones);
  anatomy::Crop crop;
  if (given.has("piece") && bones.parts.size() > 1)
    refuse("--piece is given of a " + load::spine_segment,
           join(anatomy::direction_names(body.kind)) + " with --crop", "crop it along a direction");
  if (given.has("piece"))
    crop = anatomy::piece_of(body, given.text("piece"));
  double length = 0;
  crop_length(given, "proximal-mm", length);
  if (given.has("proximal-mm"))
    crop.from.z = box.high.z - length;
  crop_length(given, "distal-mm", length);
  if (given.has("distal-mm"))
    crop.to.z = box.low.z + length;
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

anatomy::ScanSettings settings_of(const Given& given, const anatomy::SyntheticSegment& bones)
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
  settings.crop = crop_of(given, bones);
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

} // namespace

std::vector<std::string> phantom_names()
{
  std::vector<std::string> names = anatomy::bone_names();
  names.push_back(load::spine_segment);
  return names;
}

bool is_segment(const std::string& bone)
{
  return bone == load::spine_segment;
}

anatomy::BoneKind kind_of(const std::string& bone)
{
  return is_segment(bone) ? BoneKind::vertebra : anatomy::bone_kind(bone);
}

void add_phantom_options(po::options_description& options)
{
  add_bone_options(options);
  add_scan_options(options);
}

PhantomPlan phantom_plan(const Given& given, const std::string& bone)
{
  PhantomPlan plan;
  double density_factor = 1;
  plan.person = person_of(given, bone, density_factor);
  const BoneKind kind = kind_of(bone);
  const anatomy::Dimensions dimensions = dimensions_of(given, kind, plan.person, density_factor);
  if (is_segment(bone))
    plan.bones = anatomy::spine_segment(
        plan.person,
        anatomy::segment_levels(given.has("levels") ? given.text("levels") : standard_levels),
        dimensions);
  else
    plan.bones.parts.push_back({anatomy::synthetic_bone(kind, plan.person, dimensions), {}});
  plan.settings = settings_of(given, plan.bones);
  return plan;
}

} // namespace calcar::app
