#include "pipeline/case.hpp"

#include "pipeline/patient_case.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace calcar::pipeline
{
namespace
{
LabelChoice read_label(const Table& table)
{
  LabelChoice choice;
  choice.place = table.place();
  choice.file = table.folder() / table.text("file");
  choice.label = table.integer("label");
  table.require(choice.label > 0, "label", "a label greater than 0 (0 is background)");
  return choice;
}

RegionChoice read_region(const Table& table)
{
  RegionChoice region;
  region.labels = read_label(table);
  const std::string side = table.choice("side", model::voxel_side_names());
  if (!side.empty())
    region.side = model::voxel_side(side);
  return region;
}

constexpr const char* axis_letters = "ijk";

/// The axis of "i", "j" or "k"; -1 with a complaint for anything else.
int axis_of(const Table& table, const std::string& key, const std::string& name)
{
  for (int axis = 0; axis < 3; ++axis)
    if (name == std::string(1, axis_letters[axis]))
      return axis;
  table.complain(key, "unknown axis \"" + name + "\" in " + key, "i, j, k",
                 "use the image's own index axes");
  return -1;
}

StudySupport read_support(const Table& table)
{
  StudySupport support;
  support.name = table.text("name");
  support.region = read_region(table.table("region"));
  for (const std::string& name : table.texts("fix"))
    if (const int axis = axis_of(table, "fix", name); axis >= 0)
      support.fixed_axes.push_back(axis);
  for (const auto& [name, displacement] : table.named_numbers("displacement_mm"))
  {
    const int axis = axis_of(table, "displacement_mm", name);
    if (axis < 0)
      continue;
    const auto& fixed = support.fixed_axes;
    if (std::find(fixed.begin(), fixed.end(), axis) != fixed.end())
      table.complain("displacement_mm",
                     "axis " + name + " of support \"" + support.name +
                         "\" is both in fix and in displacement_mm",
                     "one of the two", "remove it from one of them");
    support.displacement_mm[axis] = displacement;
  }
  if (support.fixed_axes.empty() && support.displacement_mm.empty())
    table.complain("name", "support \"" + support.name + "\" holds nothing", "",
                   "name axes in fix or displacement_mm");
  return support;
}

StudyForce read_force(const Table& table)
{
  StudyForce force;
  force.name = table.text("name", "force");
  force.region = read_region(table.table("region"));
  const auto components = table.named_numbers("force_N");
  if (components.empty())
    table.complain("force_N", "force \"" + force.name + "\" has no force_N", "{ k = -1000 }",
                   "give its components");
  for (const auto& [name, value] : components)
    if (const int axis = axis_of(table, "force_N", name); axis >= 0)
      force.force_N[static_cast<std::size_t>(axis)] = value;
  return force;
}

StudyCase read_study_case(const Table& document)
{
  StudyCase study;
  const Table bone = document.table("bone");
  study.place = bone.place("modulus_image");
  study.modulus_image = bone.folder() / bone.text("modulus_image");
  study.poisson_ratio = bone.number("poisson_ratio");
  bone.require(study.poisson_ratio > -1 && study.poisson_ratio < 0.5, "poisson_ratio",
               "greater than -1 and less than 0.5");
  bone.known({"kind", "side"});
  document.known({"patient", "voxels", "calibration", "protocol"});
  for (const char* part : {"lesion", "activity", "landmarks", "method", "mesh", "fracture_load",
                           "fixation", "fixations"})
    if (document.has(part))
      document.complain(
          part, std::string(part) + " has no meaning in study mode (modulus_image is given)", "",
          "remove it, or give image, mask, kind and side instead of modulus_image");
  std::set<std::string> names;
  for (const Table& table : document.tables("support"))
  {
    study.supports.push_back(read_support(table));
    if (!names.insert(study.supports.back().name).second)
      table.complain("name", "two supports are called \"" + study.supports.back().name + "\"", "",
                     "give each its own name");
  }
  if (study.supports.empty())
    document.complain("support", "no [[support]] is given: nothing holds the body", "",
                      "add at least one");
  for (const Table& table : document.tables("force"))
    study.forces.push_back(read_force(table));
  const bool moved =
      std::any_of(study.supports.begin(), study.supports.end(),
                  [](const StudySupport& s)
                  {
                    return std::any_of(s.displacement_mm.begin(), s.displacement_mm.end(),
                                       [](const auto& d) { return d.second != 0; });
                  });
  if (study.forces.empty() && !moved && !study.supports.empty())
    document.complain("force", "nothing loads the body: no [[force]], and no support is displaced",
                      "", "add a [[force]] or a displacement_mm that is not 0");
  return study;
}

/// In the order of voxel::CoarseSpace.
constexpr std::array<const char*, 3> coarse_spaces = {"automatic", "geometric", "aggregation"};

/// The coarse space of a name; automatic for any other word, which the table has complained about.
voxel::CoarseSpace coarse_space(const std::string& name)
{
  const auto found = std::find(coarse_spaces.begin(), coarse_spaces.end(), name);
  return found == coarse_spaces.end()
             ? voxel::CoarseSpace::automatic
             : static_cast<voxel::CoarseSpace>(found - coarse_spaces.begin());
}

voxel::Options read_solver(const Table& document)
{
  voxel::Options options;
  if (const auto table = document.maybe_table("solver"))
  {
    options.relative_residual = table->number("relative_residual", options.relative_residual);
    table->require(options.relative_residual >= 1e-14 && options.relative_residual <= 0.1,
                   "relative_residual", "1e-14 to 0.1");
    options.max_iterations = table->integer("max_iterations", options.max_iterations);
    table->require(options.max_iterations > 0, "max_iterations", "greater than 0");
    options.coarse_space = coarse_space(table->choice(
        "coarse_space", {coarse_spaces.begin(), coarse_spaces.end()}, coarse_spaces.front()));
  }
  return options;
}

std::optional<double> read_memory_limit(const Table& document)
{
  const auto table = document.maybe_table("solver");
  if (!table)
    return std::nullopt;
  const std::optional<double> limit = table->maybe_number("memory_GB");
  table->require(!limit || (*limit > 0 && *limit <= 1e6), "memory_GB", "greater than 0, up to 1e6");
  return limit;
}

OutputOptions read_output(const Table& document)
{
  OutputOptions options;
  if (const auto table = document.maybe_table("output"))
  {
    options.nifti = table->flag("nifti", false);
    options.fields = table->flag("fields", true);
    options.tensors = table->flag("tensors", false);
  }
  return options;
}
} // namespace

Case read_case(const std::filesystem::path& file)
{
  const Table document = Table::read(file);
  Case result;
  result.title = document.text("title", file.stem().string());
  result.solver = read_solver(document);
  result.memory_GB = read_memory_limit(document);
  result.output = read_output(document);
  const auto bone = document.maybe_table("bone");
  if (bone && bone->has("modulus_image"))
    result.study = read_study_case(document);
  else
    result.patient = read_patient_case(document);
  document.check();
  result.resolved = document.resolved();
  result.source = document.source();
  return result;
}

} // namespace calcar::pipeline
