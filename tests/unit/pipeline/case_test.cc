#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using Catch::Contains;

namespace
{
std::string patient(const std::string& from, const std::string& to)
{
  return refused(with(patient_case, from, to));
}

std::vector<Problem> problems_of(const std::string& text)
{
  try
  {
    read(text);
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == Fault::command);
    return error.problems();
  }
  return {};
}
} // namespace

TEST_CASE("a patient's case is read as written, with every default")
{
  const Case found = read(patient_case);
  REQUIRE(found.patient);
  CHECK_FALSE(found.study);
  const PatientCase& given = *found.patient;
  CHECK(found.title == "case"); // the file's name
  CHECK(given.patient.body_mass_kg == 72);
  CHECK_FALSE(given.patient.height_m);
  CHECK(given.bone.kind == anatomy::BoneKind::femur);
  CHECK(given.bone.side == anatomy::Side::left);
  CHECK(given.bone.mask.labels == std::vector<int>{2});
  CHECK_FALSE(given.bone.specimen);
  CHECK(given.bone.extend_shaft_mm == 0);
  CHECK(given.calibration.unit == "mg/cm3");
  CHECK(given.protocol.name.empty());
  CHECK_FALSE(given.protocol.convert_phantom);
  CHECK(given.voxel_mm == 1.0);
  CHECK(given.landmarks.empty());
  REQUIRE(given.lesions.size() == 1);
  CHECK(given.lesions[0].size("radius_mm") == 9);
  REQUIRE(given.activities.size() == 2);
  CHECK(given.activities[1].name == "stumble");
  CHECK_THAT(given.activities[1].place, Contains("case.toml:25"));
  CHECK(found.solver.relative_residual == voxel::Options().relative_residual);
  CHECK(found.output.fields);
  CHECK_FALSE(found.output.nifti);
  CHECK(found.source.sha256.size() == 64);
}

TEST_CASE("paths are meant from the folder of the case file, absolute ones stay")
{
  const Folder folder;
  const Case found = read_case(folder.write("deep/case.toml", patient_case));
  CHECK(found.patient->bone.image == folder.path() / "deep/scan/ct.nii.gz");
  CHECK(found.patient->bone.mask.file == folder.path() / "deep/labels.nii.gz");
  const Case other =
      read_case(folder.write("case.toml", with(patient_case, "scan/ct.nii.gz", "/data/ct.nii.gz")));
  CHECK(other.patient->bone.image == "/data/ct.nii.gz");
  const Case study = read_case(folder.write("deep/study.toml", study_case));
  CHECK(study.study->modulus_image == folder.path() / "deep/E.nii.gz");
  CHECK(study.study->supports[0].region.labels.file == folder.path() / "deep/regions.nii.gz");
}

TEST_CASE("what a case gives beside the necessary is read")
{
  const Case found = read("title = \"A title\"\n" + patient_case + R"(
[protocol]
name = "rizzoli_linear"
convert_phantom = true
[voxels]
size_mm = 0.8
[landmarks]
femoral_head_centre = [1, 2, 3]
[solver]
relative_residual = 1e-10
max_iterations = 50
coarse_space = "aggregation"
[output]
nifti = true
fields = false
tensors = true
)");
  CHECK(found.title == "A title");
  CHECK(found.patient->protocol.name == "rizzoli_linear");
  CHECK(found.patient->protocol.convert_phantom);
  CHECK(found.patient->voxel_mm == 0.8);
  CHECK(found.patient->landmarks.at("femoral_head_centre") == Vec3{1, 2, 3});
  CHECK(found.solver.relative_residual == 1e-10);
  CHECK(found.solver.max_iterations == 50);
  CHECK(found.solver.coarse_space == voxel::CoarseSpace::aggregation);
  CHECK(found.output.nifti);
  CHECK_FALSE(found.output.fields);
  CHECK(found.output.tensors);
}

TEST_CASE("the coarse space of the solver is automatic unless it is named")
{
  CHECK(read(patient_case).solver.coarse_space == voxel::CoarseSpace::automatic);
  const auto named = [](const std::string& name)
  { return read(patient_case + "[solver]\ncoarse_space = \"" + name + "\"").solver.coarse_space; };
  CHECK(named("automatic") == voxel::CoarseSpace::automatic);
  CHECK(named("geometric") == voxel::CoarseSpace::geometric);
  CHECK(named("aggregation") == voxel::CoarseSpace::aggregation);
}

TEST_CASE("a case is solved on voxels unless it asks for a mesh")
{
  const auto method_of = [](const std::string& text) { return read(text).patient->method; };
  CHECK(method_of(patient_case) == analysis::Method::voxel);
  CHECK(method_of("method = \"voxel\"\n" + patient_case) == analysis::Method::voxel);
  CHECK(method_of("method = \"mesh\"\n" + patient_case) == analysis::Method::mesh);
  CHECK_THAT(refused("method = \"meshes\"\n" + patient_case),
             Contains("method") && Contains("voxel, mesh") && Contains("did you mean \"mesh\""));
  CHECK_THAT(refused("method = \"mesh\"\n" + study_case),
             Contains("method has no meaning in study mode"));
}

TEST_CASE("the mesh of a case: made by sizes, or read from a file in its unit")
{
  const MeshInput plain = read(patient_case).patient->mesh;
  CHECK(plain.file.empty());
  CHECK(plain.unit.empty());
  CHECK(plain.order == 2);
  CHECK(plain.sizes == mesh::MeshSizes{});
  CHECK(plain.materials_at == MaterialsAt::cells);
  CHECK(plain.surface_density == mesh::SurfaceDensity::nearest);

  const MeshInput made = read(patient_case + "\n[mesh]\nedge_mm = 4\nsurface_mm = 2.5\norder = 1\n"
                                             "materials_at = \"integration_points\"\n"
                                             "surface_density = \"eroded\"\n")
                             .patient->mesh;
  CHECK(made.sizes.edge_mm == 4);
  CHECK(made.sizes.surface_mm == 2.5);
  CHECK(made.order == 1);
  CHECK(made.materials_at == MaterialsAt::integration_points);
  CHECK(made.surface_density == mesh::SurfaceDensity::eroded);

  const MeshInput given =
      read(patient_case + "\n[mesh]\nfile = \"femur.msh\"\nunit = \"m\"\n").patient->mesh;
  CHECK(given.file.filename() == "femur.msh");
  CHECK(given.file.is_absolute());
  CHECK(given.unit == "m");
}

TEST_CASE("each wrong value of a mesh is refused with what is allowed")
{
  const auto mesh = [](const std::string& line)
  { return refused(patient_case + "\n[mesh]\n" + line + "\n"); };
  CHECK_THAT(mesh("order = 3"), Contains("order") && Contains("1 or 2"));
  CHECK_THAT(mesh("unit = \"inch\""), Contains("unit") && Contains("mm, m, cm, um"));
  CHECK_THAT(mesh("edge_mm = -1"), Contains("edge_mm"));
  CHECK_THAT(mesh("materials_at = \"nodes\""), Contains("cells, integration_points"));
  CHECK_THAT(mesh("surface_density = \"thick\""), Contains("nearest, eroded"));
  CHECK_THAT(mesh("file = \"a.msh\"\nedge_mm = 3"),
             Contains("edge_mm has no meaning for a mesh that is read from a file"));
}

TEST_CASE("facts of the patient that are only reported are no unknown keys")
{
  const std::string facts =
      "body_mass_kg = 72\nheight_m = 1.66\nsex = \"female\"\nage_years = 63\n"
      "primary_tumour = \"breast\"\npain = { night = true }\nsurvival_months = [6, 12]\n"
      "weight_bearing = \"full\"\nscan_date = 2026-11-02\n";
  const Case found = read(with(patient_case, "body_mass_kg = 72\n", facts));
  CHECK(found.patient->patient.height_m == 1.66);
  CHECK(found.patient->scan_date == "2026-11-02");
  CHECK(found.patient->age_years == 63);
  CHECK_THAT(patient("body_mass_kg = 72", "body_mass_kg = 72\nscan_date = \"2026-11-02\""),
             Contains("a date such as 2026-11-02, without quotes"));
}

TEST_CASE("the resolved case holds every default and reads as the same case")
{
  const Case found = read(patient_case + "[voxels]\n[solver]\n[output]\n");
  for (const char* part : {"size_mm", "relative_residual", "max_iterations", "nifti", "tensors",
                           "orientation", "extend_shaft_mm", "in_ct", "tissue", "title"})
    CHECK_THAT(found.resolved, Contains(part));
  const Case again = read(found.resolved);
  CHECK(again.resolved == found.resolved);
  CHECK(again.title == found.title);
  CHECK(again.patient->activities.size() == 2);
  CHECK(again.patient->lesions[0].size("radius_mm") == 9);
}

TEST_CASE("each wrong value of a patient's case is refused with what is allowed")
{
  CHECK_THAT(patient("kind = \"femur\"", "kind = \"femurr\""),
             Contains("case.toml:5: unknown kind \"femurr\"") &&
                 Contains("did you mean \"femur\"?"));
  CHECK_THAT(patient("kind = \"femur\"", "kind = \"tibia\""),
             Contains("unknown landmark \"femoral_neck_centre\" of a tibia"));
  CHECK_THAT(patient("side = \"left\"", "side = \"links\""),
             Contains("unknown side \"links\"") && Contains("allowed: left, right"));
  CHECK_THAT(patient("label = 2", "label = 0"),
             Contains("labels greater than 0 (0 is background)"));
  CHECK_THAT(patient("label = 2", "label = 1.5"), Contains("a whole number"));
  CHECK_THAT(patient("side = \"left\"", "side = \"left\"\norientation = \"scanner\""),
             Contains("allowed: patient, specimen"));
  for (const std::string length : {"-1", "501"})
    CHECK_THAT(patient("side = \"left\"", "side = \"left\"\nextend_shaft_mm = " + length),
               Contains("\"extend_shaft_mm\" in [bone] is " + length) && Contains("0 to 500 mm"));
  CHECK_THAT(patient("phantom = \"CHA\"\n", ""), Contains("missing key \"phantom\""));
  CHECK_THAT(patient("unit = \"mg/cm3\"", "unit = \"kg/m3\""), Contains("allowed: mg/cm3, g/cm3"));
  CHECK_THAT(patient("\"level_walking\"", "\"level_walkin\""),
             Contains("did you mean \"level_walking\"?"));
  for (const std::string size : {"0.05", "6"})
    CHECK_THAT(refused(patient_case + "[voxels]\nsize_mm = " + size),
               Contains("\"size_mm\" in [voxels] is " + size) && Contains("0.1 to 5 mm"));
  CHECK_THAT(refused(patient_case + "[protocol]\nname = \"rizoli_linear\""),
             Contains("unknown protocol \"rizoli_linear\"") &&
                 Contains("did you mean \"rizzoli_linear\"?"));
  CHECK_THAT(refused(patient_case + "[solver]\nrelative_residual = 0.5"), Contains("1e-14 to 0.1"));
  CHECK_THAT(refused(patient_case + "[solver]\nmax_iterations = 0"), Contains("greater than 0"));
  CHECK_THAT(refused(patient_case + "[solver]\ncoarse_space = \"geometrc\""),
             Contains("unknown coarse_space \"geometrc\"") &&
                 Contains("automatic, geometric, aggregation") &&
                 Contains("did you mean \"geometric\"?"));
  CHECK_THAT(refused(patient_case + "[output]\nnifti = 1"), Contains("true or false"));
  CHECK_THAT(refused(patient_case + "[landmarks]\nhead_centre = [1, 2, 3]"),
             Contains("unknown landmark \"head_centre\"; allowed: femoral_head_centre"));
  CHECK_THAT(refused(patient_case + "[landmarks]\nisthmus = [1, 2]"),
             Contains("three numbers, [x, y, z]"));
}

TEST_CASE("each missing part of a patient's case is named")
{
  CHECK_THAT(patient("[patient]\nbody_mass_kg = 72\n", ""), Contains("missing table [patient]"));
  CHECK_THAT(patient("body_mass_kg = 72\n", ""), Contains("missing key \"body_mass_kg\""));
  CHECK_THAT(patient("image = \"scan/ct.nii.gz\"\n", ""), Contains("missing key \"image\""));
  CHECK_THAT(patient("mask = { file = \"labels.nii.gz\", label = 2 }\n", ""),
             Contains("missing table [mask] in [bone]"));
  CHECK_THAT(patient(", label = 2", ""), Contains("missing key \"label\" in [mask]"));
  CHECK_THAT(patient("[calibration]\nname = \"density\"\nphantom = \"CHA\"\nunit = \"mg/cm3\"", ""),
             Contains("missing table [calibration]"));
  const std::string without = with(with(patient_case, "[[activity]]\nname = \"level_walking\"", ""),
                                   "[[activity]]\nname = \"stumble\"", "");
  CHECK_THAT(refused(without), Contains("no [[activity]] is given; allowed:") &&
                                   Contains("level_walking") && Contains("add at least one"));
  // Also when something else is wrong.
  CHECK_THAT(refused(with(without, "side = \"left\"", "side = \"links\"")),
             Contains("no [[activity]] is given") && Contains("links"));
  CHECK_THAT(refused(""), Contains("missing table [bone]") && Contains("missing table [patient]"));
}

TEST_CASE("names that must differ do")
{
  CHECK_THAT(patient("\"stumble\"", "\"level_walking\""),
             Contains("case.toml:25: activity \"level_walking\" is there twice"));
  const std::string second = "[[lesion]]\nname = \"medial neck\"\nshape = \"sphere\"\n"
                             "radius_mm = 3\ncentre = { landmark = \"isthmus\" }\n";
  CHECK_THAT(refused(patient_case + second), Contains("two lesions are called \"medial neck\""));
  CHECK(refused(patient_case + with(second, "medial neck", "isthmus")) == "");
}

TEST_CASE("tables that nobody knows are refused, never ignored")
{
  CHECK_THAT(refused(study_case + "[[fixation]]\nname = \"nail\""),
             Contains("fixation has no meaning in study mode"));
  CHECK_THAT(refused(patient_case + "[voxel]\nsize_mm = 1"),
             Contains("unknown key \"voxel\"") && Contains("did you mean \"voxels\"?"));
}

TEST_CASE("all problems of a file are told together, each at its line")
{
  std::string text = with(patient_case, "body_mass_kg = 72", "body_mass = 72");
  text = with(text, "side = \"left\"", "side = \"links\"");
  text = with(text, "unit = \"mg/cm3\"", "unit = \"kg\"");
  text = with(text, "radius_mm = 9", "radius_mm = -9");
  text = with(text, "femoral_neck_centre", "femoral_neck");
  text = with(text, "stumble", "stumbling");
  const auto problems = problems_of(text);
  std::string lines;
  for (const Problem& problem : problems)
    lines += problem.place.substr(problem.place.rfind("case.toml")) + " ";
  CAPTURE(lines);
  CHECK(problems.size() == 7); // the mass is missing under its name and unknown under the other
  for (const char* line : {"case.toml:2 ", "case.toml:6 ", "case.toml:13 ", "case.toml:18 ",
                           "case.toml:19 ", "case.toml:25 "})
    CHECK_THAT(lines, Contains(line));
}

TEST_CASE("a file that is no TOML, or is not there, is refused by name")
{
  CHECK_THAT(refused("title = \"open"), Contains("case.toml:1: this is not valid TOML"));
  CHECK_THAT(refusal([] { read_case("/nowhere/case.toml"); }), Contains("/nowhere/case.toml"));
}
