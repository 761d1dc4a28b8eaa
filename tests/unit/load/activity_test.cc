#include "base/files.hpp"
#include "load/activity.hpp"
#include "load/catalogue.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>

using namespace calcar;
using namespace calcar::load;
using anatomy::BoneKind;
using Catch::Matchers::Contains;

namespace
{
std::string changed(const std::string& name, const std::string& from, const std::string& to)
{
  const std::string text = read_text(data_file("cases/activities/femur", name, "", ""));
  const ScratchFile file(name + ".toml", with(text, from, to));
  return refusal([&] { read_activity(file.path()); });
}

Patient person(double mass, double height)
{
  return {mass, height, std::nullopt, "case.toml:5"};
}

std::string patient_refusal(const std::string& text)
{
  return refusal(
      [&]
      {
        const Table document = Table::parse(text, "case.toml");
        read_patient(document.table("patient"));
        document.check();
      });
}
} // namespace

TEST_CASE("a faulty activity is refused with file, line and remedy")
{
  CHECK_THAT(changed("level_walking", "\"daily\"", "\"dayly\""),
             Contains("level_walking.toml:5") && Contains("daily, accident") &&
                 Contains("did you mean \"daily\"?"));
  CHECK_THAT(changed("level_walking", "\"femur_stance\"", "\"femur_stanze\""),
             Contains("femur_sideways_fall, femur_stance") && Contains("did you mean"));
  CHECK_THAT(changed("level_walking", "= { medial = -54.0", "= { medail = -54.0"),
             Contains("unknown direction \"medail\"") && Contains("did you mean \"medial\"?"));
  CHECK_THAT(changed("level_walking", "reference = \"hip_contact\"", "reference = \"hip\""),
             Contains("one of the forces: hip_contact, abductor"));
  CHECK_THAT(changed("stumble", "= 870", "= -870"), Contains("more than 0"));
  CHECK_THAT(changed("stumble",
                     "direction = { lateral = 67.7, anterior = -23.6, proximal = -235.8 }",
                     "direction = { lateral = 1, medial = 1 }"),
             Contains("the direction of force \"hip_contact\" is zero"));
  CHECK_THAT(changed("one_leg_stance", "force_percent_bw = { lateral", "# { lateral"),
             Contains("is zero or missing") && Contains("write force_percent_bw"));
  CHECK_THAT(changed("sideways_fall", "[impact]", "[unused]"), Contains("add [impact]"));
  CHECK_THAT(changed("sideways_fall", "= 0.51", "= 51"), Contains("fall_height_over_body_height"));
  CHECK_THAT(changed("sideways_fall", "= 71060", "= 0"), Contains("stiffness_N_per_m"));
  CHECK_THAT(changed("sideways_fall", "soft_tissue_N_per_mm = 71", "soft_tissue_N_per_mm = -1"),
             Contains("0 or more"));
  CHECK_THAT(changed("sideways_fall", "along = \"fall\"", "along = \"gravity\""), Contains("fall"));
  const std::string text = read_text(data_file("cases/activities/femur", "stumble", "", ""));
  const ScratchFile file("stumble.toml", text.substr(0, text.find("[[force]]")));
  CHECK_THAT(refusal([&] { read_activity(file.path()); }), Contains("there is no [[force]]"));
}

TEST_CASE("an unknown activity is refused with the known ones and a suggestion")
{
  CHECK_THAT(refusal([] { activity(BoneKind::femur, "level_waking", "case.toml:40"); }),
             Contains("case.toml:40") && Contains("unknown activity of the femur") &&
                 Contains("stair_climbing") && Contains("did you mean \"level_walking\"?"));
}

TEST_CASE("a bone without activities says where to add them")
{
  // A data folder of its own that knows the femur only.
  const ScratchFile femur("level_walking.toml", "");
  const auto folder = femur.path().parent_path();
  std::filesystem::create_directories(folder / "cases/activities/femur");
  const char* before = std::getenv("CALCAR_DATA");
  const std::string restore = before ? before : "";
  setenv("CALCAR_DATA", folder.c_str(), 1);
  const std::string said =
      refusal([] { activity(BoneKind::skull, "level_walking", "case.toml:40"); });
  const auto none = activity_names(BoneKind::skull);
  before ? setenv("CALCAR_DATA", restore.c_str(), 1) : unsetenv("CALCAR_DATA");
  CHECK_THAT(said, Contains("case.toml:40: there are no activities for the skull") &&
                       Contains("cases/activities/skull"));
  CHECK(none.empty());
}

TEST_CASE("the force of a fall is that of the formula")
{
  const auto impact = activity(BoneKind::femur, "sideways_fall", "").impact.value();
  CHECK(impact_force(impact, person(60, 1.60)) == Approx(4888).margin(0.5));
  CHECK(impact_force(impact, person(75, 1.75)) == Approx(5715).margin(0.5));
  Patient padded = person(60, 1.60);
  padded.trochanteric_soft_tissue_mm = 20;
  CHECK(impact_force(impact, padded) == Approx(4888 - 71 * 20).margin(0.5));
}

TEST_CASE("a fall without height or with too much soft tissue is refused")
{
  const auto impact = activity(BoneKind::femur, "sideways_fall", "").impact.value();
  Patient patient = person(60, 1.60);
  patient.trochanteric_soft_tissue_mm = 90;
  CHECK_THAT(refusal([&] { impact_force(impact, patient); }),
             Contains("soft tissue of 90 mm takes up all of the fall") &&
                 Contains("less than 68.8 mm"));
  patient.height_m.reset();
  CHECK_THAT(refusal([&] { impact_force(impact, patient); }),
             Contains("case.toml:5") && Contains("height of the patient is not given") &&
                 Contains("add height_m = 1.66"));
}

TEST_CASE("a patient without mass or with an impossible one is refused")
{
  CHECK_THAT(patient_refusal("[patient]\nheight_m = 1.7"),
             Contains("missing key \"body_mass_kg\""));
  CHECK_THAT(patient_refusal("[patient]\nbody_mass_kg = -70"),
             Contains("case.toml:2") && Contains("2 to 400 kg") && Contains("multiple of it"));
  CHECK_THAT(patient_refusal("[patient]\nbody_mass_kg = 70000"), Contains("2 to 400 kg"));
  CHECK_THAT(patient_refusal("[patient]\nbody_mass_kg = 70\nheight_m = 170"),
             Contains("give it in metres"));
  CHECK_THAT(patient_refusal("[patient]\nbody_mass_kg = 70\ntrochanteric_soft_tissue_mm = -3"),
             Contains("0 to 150 mm"));
  CHECK(patient_refusal("[patient]\nbody_mass_kg = 70").empty());
  CHECK_THAT(refusal([] { check_patient(Patient{}); }),
             Contains("[patient]") && Contains("give the patient's mass"));
  CHECK(person(70, 1.7).body_weight_N() == Approx(686.7));
}
