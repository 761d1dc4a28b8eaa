#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using Catch::Contains;
using risk::BoneState;

namespace
{
const std::string nail = "[[fixation]]\nname = \"Long nail\"\n"
                         "template = \"cephalomedullary_nail_long\"\n";
const std::string plate = "[[fixation]]\nname = \"Plate\"\ntemplate = \"femoral_plate_lateral\"\n";

std::string with_tables(const std::string& tables)
{
  return patient_case + "\n" + tables;
}

std::string with_about(const std::string& keys)
{
  return with_tables(nail + "[fixations]\n" + keys + "\n");
}

FixationInput options_of(const std::string& text)
{
  const auto found = read(text).patient->fixations;
  REQUIRE(found);
  return *found;
}
} // namespace

TEST_CASE("a case without [[fixation]] has none")
{
  CHECK_FALSE(read(patient_case).patient->fixations);
}

TEST_CASE("an option is compared in all states and both interfaces where nothing else is said")
{
  const FixationInput input = options_of(with_tables(nail));
  REQUIRE(input.options.size() == 1);
  CHECK(input.options[0].request.name == "Long nail");
  CHECK(input.options[0].template_name == "cephalomedullary_nail_long");
  CHECK(input.options[0].request.chosen.empty());
  CHECK_FALSE(input.options[0].request.to_bone);
  CHECK(input.states == std::vector{BoneState::as_is, BoneState::grown, BoneState::gone});
  CHECK(input.interfaces == Interfaces::both);
  CHECK_FALSE(input.both_everywhere);
  CHECK(input.grown_mm == fixation_defaults().grown_mm);
  CHECK(input.enough == fixation_defaults().enough);
  CHECK_FALSE(input.gap_mm);
}

TEST_CASE("what a case says about its fixations is kept")
{
  const FixationInput input = options_of(with_tables(
      nail +
      "nail_diameter_mm = 11\ninterface = \"bonded\"\ncement = { fills = \"medial neck\" }\n" +
      plate + "plate_centre_mm = -5\ncement = { fills = [\"medial neck\"] }\n" +
      "[fixations]\nstates = [\"gone\", \"as_is\"]\ninterfaces = \"both_everywhere\"\n"
      "grown_mm = 3\ngap_mm = 12\nactivities = [\"level_walking\"]\nenough = 1.2\n"
      "preferences = { strength = 0.5, small = 0 }\n"));
  REQUIRE(input.options.size() == 2);
  CHECK(input.options[0].request.chosen.at("nail_diameter_mm") == 11);
  CHECK(input.options[0].request.to_bone == implant::Interface::bonded);
  for (const FixationChoice& choice : input.options)
    CHECK(choice.request.filled_lesions == std::vector<std::string>{"medial neck"});
  CHECK(input.options[1].request.chosen.at("plate_centre_mm") == -5);
  CHECK(input.states == std::vector{BoneState::as_is, BoneState::gone});
  CHECK(input.both_everywhere);
  CHECK(input.grown_mm == 3);
  CHECK(input.gap_mm == 12.0);
  CHECK(input.activities == std::vector<std::string>{"level_walking"});
  CHECK(input.enough == 1.2);
  CHECK(input.preferences.strength == 0.5);
  CHECK(input.preferences.small == 0);
  CHECK(input.preferences.lasting == fixation_defaults().preferences.lasting);
}

TEST_CASE("fatigue is judged for the longest survival and the steps that are stated")
{
  const auto patient = [](const std::string& keys)
  { return with(patient_case, "body_mass_kg = 72\n", "body_mass_kg = 72\n" + keys + "\n"); };
  const Case given = read(patient("survival_months = [6, 12]\nsteps_per_day = 2500"));
  CHECK(given.patient->survival_months == 12.0);
  CHECK(given.patient->steps_per_day == 2500.0);
  CHECK_FALSE(read(patient_case).patient->survival_months);
  for (const char* months : {"[]", "[0, 3]", "[3, 6, 9]", "[1000]"})
    CHECK_THAT(refused(patient("survival_months = " + std::string(months))),
               Contains("survival_months = [6, 12]"));
  CHECK_THAT(refused(patient("steps_per_day = -1")), Contains("0 to 50000"));
}

TEST_CASE("templates, lesions and activities that are not known are refused with the known ones")
{
  CHECK_THAT(refused(with_tables(with(nail, "nail_long", "nail_lon"))),
             Contains("unknown template") &&
                 Contains("did you mean \"cephalomedullary_nail_long\"?") &&
                 Contains("cement_filling"));
  CHECK_THAT(refused(with_tables(with(nail, "cephalomedullary_nail_long", "tibial_nail"))),
             Contains("unknown template \"tibial_nail\""));
  CHECK_THAT(refused(with_tables(nail + "cement = { fills = \"medial nek\" }\n")),
             Contains("unknown lesion \"medial nek\"") &&
                 Contains("did you mean \"medial neck\"?"));
  CHECK_THAT(refused(with_tables(nail + "cement = { fills = [\"medial neck\", \"hip\"] }\n")),
             Contains("unknown lesion \"hip\""));
  CHECK_THAT(refused(with_tables(nail + "cement = { fills = 3 }\n")), Contains("fills"));
  CHECK_THAT(refused(with_about("activities = [\"walking\"]")),
             Contains("unknown activity \"walking\"") && Contains("level_walking, stumble"));
}

TEST_CASE("choices that cannot be or mean nothing for a template are refused")
{
  CHECK_THAT(refused(with_tables(nail + "nail_diametre_mm = 11\n")),
             Contains("did you mean \"nail_diameter_mm\"?"));
  CHECK_THAT(refused(with_tables(nail + "nail_diameter_mm = 0\n")),
             Contains("nail_diameter_mm") && Contains("greater than 0"));
  CHECK_THAT(refused(with_tables(nail + "holes = 12\n")),
             Contains("holes has no meaning for \"cephalomedullary_nail_long\""));
  CHECK_THAT(refused(with_tables(plate + "neck_angle_deg = 125\n")),
             Contains("neck_angle_deg has no meaning for \"femoral_plate_lateral\""));
  CHECK_THAT(refused(with_tables(nail + "interface = \"glued\"\n")), Contains("bonded, debonded"));
}

TEST_CASE("names of options differ and can be names of files")
{
  CHECK_THAT(refused(with_tables(nail + nail)), Contains("two fixations are called \"Long nail\""));
  for (const char* name : {"", "as is", "no fixation", "a/b"})
    CHECK_THAT(refused(with_tables(with(nail, "Long nail", name))),
               Contains("\"name\"") && Contains("healthy twin"));
}

TEST_CASE("figures about all options lie in their ranges")
{
  CHECK_THAT(refused(with_about("grown_mm = 0")), Contains("at most 30 mm"));
  CHECK_THAT(refused(with_about("gap_mm = 0.5")), Contains("1 to 200 mm"));
  CHECK_THAT(refused(with_about("enough = 0")), Contains("strength over load"));
  CHECK_THAT(refused(with_about("interfaces = \"all\"")),
             Contains("stated, both, both_everywhere"));
  CHECK_THAT(refused(with_about("preferences = { strength = 2 }")), Contains("0 to 1"));
  CHECK_THAT(refused(with_about("preferences = { strenght = 1 }")),
             Contains("did you mean \"strength\"?"));
  CHECK_THAT(
      refused(with_about("preferences = { strength = 0, lasting = 0, bone_kept = 0, small = 0 }")),
      Contains("no preference is greater than 0"));
}

TEST_CASE("states are those that the bone can be in")
{
  CHECK_THAT(refused(with_about("states = []")), Contains("at least one of them"));
  CHECK_THAT(refused(with_about("states = [\"gon\"]")),
             Contains("unknown state \"gon\"") && Contains("did you mean \"gone\"?"));
  const auto at = patient_case.find("[[lesion]]");
  const std::string healthy =
      patient_case.substr(0, at) + patient_case.substr(patient_case.find("[[activity]]"));
  CHECK(options_of(healthy + "\n" + nail).states == std::vector{BoneState::as_is, BoneState::gone});
  CHECK_THAT(refused(healthy + "\n" + nail + "[fixations]\nstates = [\"as_is\", \"grown\"]\n"),
             Contains("without a lesion that can grow"));
}

TEST_CASE("fixations of nothing, on a mesh and in a study are refused")
{
  CHECK_THAT(refused(with_tables("[fixations]\nenough = 1.5\n")),
             Contains("[fixations], but the case has no [[fixation]]"));
  CHECK_THAT(refused("method = \"mesh\"\n" + with_tables(nail)),
             Contains("fixations are computed on voxels"));
  CHECK_THAT(refused(study_case + nail), Contains("fixation has no meaning in study mode"));
  CHECK_THAT(refused(study_case + "[fixations]\nenough = 1\n"),
             Contains("fixations has no meaning in study mode"));
}

TEST_CASE("the file of the states is a choice of this project with figures that make sense")
{
  const FixationDefaults& defaults = fixation_defaults();
  CHECK(defaults.record.status == material::Status::project_choice);
  CHECK(defaults.grown_mm > 0);
  CHECK(defaults.gap_without_lesion_mm > 0);
  CHECK(defaults.enough >= 1);
  CHECK(defaults.preferences.strength > 0);
}
