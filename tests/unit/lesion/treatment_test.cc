#include "lesion/treatment.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

using namespace calcar;
using namespace calcar::lesion;
using Catch::Contains;

namespace
{
const std::string head = "name = \"case\"\nwords = \"w\"\nsource = \"s\"\nstatus = \"verified\"\n";

Treatment read(const std::string& more)
{
  const ScratchFile file("case.toml", head + more);
  return read_treatment(file.path());
}
} // namespace

TEST_CASE("every treatment that is shipped can be read, and says what holds of it")
{
  const auto names = treatment_names();
  CHECK(names.size() == list_treatments().size());
  for (const char* expected :
       {"radiotherapy", "bisphosphonate", "denosumab", "aromatase_inhibitor", "steroids", "age",
        "ablation", "radium_223", "chemotherapy", "proton_therapy"})
    CHECK(std::find(names.begin(), names.end(), expected) != names.end());
  for (const std::string& name : names)
  {
    CAPTURE(name);
    const Treatment t = treatment(name, "");
    CHECK(t.record.name == name);
    CHECK_FALSE(t.record.source.empty());
    // What stops growth in a bound says why.
    CHECK(t.stops_growth == !t.growth_note.empty());
    // Nothing that changes a density is there without telling how it is founded.
    if (t.recovery)
      CHECK_FALSE(t.recovery->standing.source.empty());
    if (t.loss)
      CHECK_FALSE(t.loss->standing.source.empty());
    if (!t.leaves_density())
      CHECK_FALSE(doubts_of(t).empty());
  }
}

TEST_CASE("treatments without mechanical data change no density and say so")
{
  for (const char* name : {"ablation", "radium_223", "chemotherapy", "proton_therapy"})
  {
    const Treatment t = treatment(name, "");
    CAPTURE(name);
    CHECK(t.leaves_density());
    CHECK_FALSE(t.bone_agent);
    CHECK(t.record.note == "no mechanical data, density unchanged");
  }
}

TEST_CASE("agents against loss of bone tell of the atypical fracture of the femur, and only there")
{
  for (const char* name : {"bisphosphonate", "denosumab"})
  {
    const Treatment t = treatment(name, "");
    CAPTURE(name);
    CHECK(t.bone_agent);
    const auto line = std::find_if(t.told.begin(), t.told.end(),
                                   [](const ToldLine& told)
                                   { return told.text.find("atypical") != std::string::npos; });
    REQUIRE(line != t.told.end());
    CHECK(line->bone == "femur");
    CHECK_THAT(line->text, Contains("lateral cortex"));
  }
}

TEST_CASE("no rate of bone loss is made up: steroids and age ask the case for one")
{
  for (const char* name : {"steroids", "age", "androgen_deprivation"})
  {
    const Treatment t = treatment(name, "");
    CAPTURE(name);
    REQUIRE(t.bone_loss);
    CHECK_FALSE(t.bone_loss->rate_percent_per_year);
  }
  const Treatment hormone = treatment("aromatase_inhibitor", "");
  REQUIRE(hormone.bone_loss->rate_percent_per_year);
  CHECK_THAT(doubts_of(hormone).back(), Contains("quoted from memory with low confidence"));
}

TEST_CASE("the parts of a treatment's file are checked")
{
  CHECK_NOTHROW(read("reach = \"bone\"\nstops_growth = \"never\"\n"));
  CHECK_THAT(refusal([] { read("reach = \"leg\"\nstops_growth = \"never\"\n"); }),
             Contains("lesion, bone"));
  CHECK_THAT(refusal(
                 []
                 {
                   read("reach = \"lesion\"\nstops_growth = \"never\"\n[loss]\nshare = 1.4\n"
                        "over_months = 2\nstatus = \"verified\"\nsource = \"s\"\n");
                 }),
             Contains("0 to 1 of the mineral"));
  CHECK_THAT(refusal(
                 []
                 {
                   read("reach = \"bone\"\nstops_growth = \"never\"\n[bone_loss]\n"
                        "rate_percent_per_year = 80\nstatus = \"verified\"\nsource = \"s\"\n");
                 }),
             Contains("0 to 30 % a year"));
  CHECK_THAT(refusal([] { treatment("radiotherpy", "case.toml:7"); }),
             Contains("did you mean") && Contains("case.toml:7"));
}
