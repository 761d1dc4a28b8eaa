#include "pipeline/case.hpp"

#include "anatomy/find_anatomy.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "load/catalogue.hpp"
#include "material/catalogue.hpp"
#include "mesh/length_unit.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace calcar::pipeline
{
namespace
{
/// Parts of the case file that this version does not compute: refused, never ignored.
void refuse_later_parts(const Table& table)
{
  if (table.has("fixation"))
    table.complain("fixation", "[[fixation]]: fixations are not computed in this version", "",
                   "remove the table; the bone itself is computed");
  if (table.has("contralateral"))
    table.complain("contralateral",
                   "[contralateral]: the other side is not compared in this version", "",
                   "remove the table");
}

std::filesystem::path relative_to_case(const Table& table, const std::string& file)
{
  return file.empty() ? std::filesystem::path{} : table.folder() / file;
}

LabelChoice read_label(const Table& table)
{
  LabelChoice choice;
  choice.place = table.place();
  choice.file = relative_to_case(table, table.text("file"));
  choice.label = table.integer("label");
  table.require(choice.label > 0, "label", "a label greater than 0 (0 is background)");
  return choice;
}

void read_patient(const Table& table, PatientCase& patient)
{
  patient.patient = load::read_patient(table);
  patient.scan_date = table.maybe_date("scan_date");
  patient.age_years = table.maybe_number("age_years");
  table.require(!patient.age_years || (*patient.age_years >= 0 && *patient.age_years <= 120),
                "age_years", "0 to 120 years");
  // Kept for the report; nothing is computed from them here.
  table.known({"sex", "primary_tumour", "pain", "survival_months", "weight_bearing", "walking_aid",
               "steps_per_day", "ecog", "previous"});
}

ProtocolChoice read_protocol_choice(const Table& document)
{
  ProtocolChoice choice;
  choice.place = document.place("protocol");
  if (const auto table = document.maybe_table("protocol"))
  {
    choice.name = table->text("name", "");
    choice.convert_phantom = table->flag("convert_phantom", false);
    const auto known = data_names("materials/protocols");
    if (!choice.name.empty() && std::find(known.begin(), known.end(), choice.name) == known.end())
      table->complain("name", "unknown protocol \"" + choice.name + "\"", join(known),
                      suggestion(choice.name, known));
    choice.place = table->place("name");
  }
  return choice;
}

std::vector<ActivityChoice> read_activities(const Table& document, const std::string& bone)
{
  std::vector<ActivityChoice> activities;
  std::set<std::string> seen;
  const auto known = load::activity_names(bone);
  const auto tables = document.tables("activity");
  for (const Table& table : tables)
  {
    const std::string name = table.choice("name", known);
    if (name.empty())
      continue;
    if (!seen.insert(name).second)
      table.complain("name", "activity \"" + name + "\" is there twice", "", "remove one of them");
    activities.push_back({name, table.place("name")});
  }
  if (tables.empty())
    document.complain("activity", "no [[activity]] is given", join(known), "add at least one");
  return activities;
}

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

MeshInput read_mesh_input(const Table& document)
{
  MeshInput input;
  const auto table = document.maybe_table("mesh");
  if (!table)
    return input;
  input.place = table->place();
  input.file = relative_to_case(*table, table->text("file", ""));
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

/// A surface has no CT to calibrate: its density comes from a template, in g/cm3 of K2HPO4.
image::Calibration template_calibration(const Table& document)
{
  if (document.has("calibration"))
    document.complain("calibration", "[calibration] has no meaning for a bone given by its surface",
                      "", "remove the table: the density is the template's");
  image::Calibration calibration;
  calibration.phantom = image::PhantomKind::k2hpo4;
  calibration.unit = "g/cm3";
  return calibration;
}

std::optional<FractureInput> read_fracture_table(const Table& document, const PatientCase& patient)
{
  const auto table = document.maybe_table("fracture_load");
  if (!table)
    return std::nullopt;
  std::vector<std::string> names;
  for (const ActivityChoice& activity : patient.activities)
    names.push_back(activity.name);
  if (patient.method == analysis::Method::mesh)
    document.complain("fracture_load", "[fracture_load] with method = \"mesh\"",
                      "method = \"voxel\"",
                      "the non-linear path is followed on voxels in this version; take out one of "
                      "the two");
  return read_fracture(*table, names);
}

PatientCase read_patient_case(const Table& document)
{
  PatientCase patient;
  patient.method = document.choice("method", {"voxel", "mesh"}, "voxel") == "mesh"
                       ? analysis::Method::mesh
                       : analysis::Method::voxel;
  patient.mesh = read_mesh_input(document);
  read_patient(document.table("patient"), patient);
  patient.bone = read_bone(document.table("bone"));
  if (patient.bone.surface)
    patient.calibration = template_calibration(document);
  else
    patient.calibration = image::read_calibration(document.table("calibration"));
  patient.protocol = read_protocol_choice(document);
  if (const auto voxels = document.maybe_table("voxels"))
  {
    patient.voxel_mm = voxels->number("size_mm", 1.0);
    voxels->require(patient.voxel_mm >= 0.1 && patient.voxel_mm <= 5, "size_mm", "0.1 to 5 mm");
  }
  if (const auto landmarks = document.maybe_table("landmarks"))
    patient.landmarks = anatomy::read_overrides(*landmarks, patient.bone.kind);
  std::set<std::string> names;
  for (const Table& table : document.tables("lesion"))
  {
    patient.lesions.push_back(lesion::read_lesion(table, patient.bone.kind));
    if (!names.insert(patient.lesions.back().name).second)
      table.complain("name", "two lesions are called \"" + patient.lesions.back().name + "\"", "",
                     "give each its own name");
  }
  patient.activities = read_activities(document, kind_name(patient.bone));
  patient.fracture = read_fracture_table(document, patient);
  return patient;
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
  study.modulus_image = relative_to_case(bone, bone.text("modulus_image"));
  study.poisson_ratio = bone.number("poisson_ratio");
  bone.require(study.poisson_ratio > -1 && study.poisson_ratio < 0.5, "poisson_ratio",
               "greater than -1 and less than 0.5");
  bone.known({"kind", "side"});
  document.known({"patient", "voxels", "calibration", "protocol"});
  for (const char* part : {"lesion", "activity", "landmarks", "method", "mesh", "fracture_load"})
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
  refuse_later_parts(document);
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
