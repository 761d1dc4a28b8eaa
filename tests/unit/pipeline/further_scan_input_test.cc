// [contralateral], [earlier_scan] and [candidates]: what is read, and what is said against it.
#include "pipeline/further_scan_input.hpp"
#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using anatomy::BoneKind;
using anatomy::Side;
using Catch::Contains;

namespace
{
BoneInput femur()
{
  BoneInput bone;
  bone.kind = BoneKind::femur;
  bone.side = Side::left;
  bone.image = "ct.nii.gz";
  bone.mask = {"labels.nii.gz", {75}, "[bone] mask"};
  return bone;
}

FurtherScans scans(const std::string& text, const BoneInput& bone = femur(),
                   std::optional<std::string> date = "2026-11-02", bool mesh_file = false)
{
  const Table table = Table::parse(text, "case.toml");
  image::Calibration calibration;
  calibration.phantom = image::PhantomKind::k2hpo4;
  const FurtherScans read =
      read_further_scans(table, {bone, calibration, date, {"neck"}, mesh_file});
  table.check();
  return read;
}

std::string refused_scans(const std::string& text, const BoneInput& bone = femur(),
                          std::optional<std::string> date = "2026-11-02", bool mesh_file = false)
{
  return refusal([&] { scans(text, bone, date, mesh_file); });
}

const std::string other = "[contralateral]\nmask = { file = \"labels.nii.gz\", label = 76 }\n";
const std::string earlier = "[earlier_scan]\nimage = \"old.nii.gz\"\nmask = { file = "
                            "\"old_labels.nii.gz\", label = 1 }\ndate = 2026-05-02\n";
} // namespace

TEST_CASE("a case that asks for no other scan has none")
{
  const FurtherScans none = scans("");
  CHECK_FALSE(none.contralateral);
  CHECK_FALSE(none.earlier);
  CHECK_FALSE(none.candidates);
}

TEST_CASE("the other side is of the other side, by default in the bone's own image")
{
  const FurtherScans read = scans(other);
  REQUIRE(read.contralateral);
  CHECK(read.contralateral->bone.side == Side::right);
  CHECK(read.contralateral->bone.kind == BoneKind::femur);
  CHECK(read.contralateral->bone.image == "ct.nii.gz");
  CHECK(read.contralateral->bone.mask.labels == std::vector<int>{76});
  CHECK(scans("[contralateral]\nimage = \"b.nii\"\nmask = { file = \"m.nii\", label = 1 }")
            .contralateral->bone.image.filename() == "b.nii");
}

TEST_CASE("a label that its scheme has for the same side or another bone is no other side")
{
  const std::string scheme = "[contralateral]\nmask = { file = \"labels.nii.gz\", scheme = "
                             "\"totalsegmentator_v2\", label = ";
  CHECK_NOTHROW(scans(scheme + "76 }"));
  CHECK_THAT(refused_scans(scheme + "75 }"),
             Contains("the mask's label is a left femur") && Contains("a right femur"));
  CHECK_THAT(refused_scans(scheme + "77 }"), Contains("the mask's label is a pelvis"));
}

TEST_CASE("bones without another side, and meshes from files, have nothing to compare with")
{
  BoneInput vertebra = femur();
  vertebra.kind = BoneKind::vertebra;
  vertebra.side = Side::midline;
  CHECK_THAT(refused_scans(other, vertebra), Contains("a vertebra has no other side"));
  CHECK_THAT(refused_scans(other, femur(), "2026-11-02", true),
             Contains("beside a mesh that is read from a file"));
  BoneInput surface = femur();
  surface.surface = SurfaceInput{};
  CHECK_THAT(refused_scans(other, surface), Contains("only scans can be compared"));
}

TEST_CASE("an earlier scan has a date before the bone's, a lesion of the case, one phantom")
{
  const FurtherScans read =
      scans(earlier + "[[earlier_scan.lesion]]\nname = \"neck\"\nmask = { file = \"l.nii\", label "
                      "= 3 }\n");
  REQUIRE(read.earlier);
  CHECK(read.earlier->date == "2026-05-02");
  CHECK(read.earlier->date_now == "2026-11-02");
  CHECK(read.earlier->scan.bone.side == Side::left);
  REQUIRE(read.earlier->lesions.size() == 1);
  CHECK(read.earlier->lesions[0].mask.labels == std::vector<int>{3});
  CHECK_THAT(refused_scans(earlier, femur(), std::nullopt), Contains("[patient] has no scan_date"));
  CHECK_THAT(refused_scans(earlier, femur(), "2026-05-02"), Contains("the same day"));
  CHECK_THAT(refused_scans(earlier, femur(), "2026-05-01"), Contains("which is before it"));
  CHECK_THAT(refused_scans("[earlier_scan]\nmask = { file = \"m.nii\", label = 1 }"),
             Contains("[earlier_scan] has no date"));
  CHECK_THAT(refused_scans(earlier + "[[earlier_scan.lesion]]\nname = \"nek\"\nmask = { file = "
                                     "\"l.nii\", label = 3 }\n"),
             Contains("no [[lesion]] of this case is called \"nek\"") && Contains("neck"));
  CHECK_THAT(refused_scans(earlier + "[earlier_scan.calibration]\nname = \"density\"\nphantom = "
                                     "\"CHA\"\nunit = \"mg/cm3\"\n"),
             Contains("one phantom for both"));
  BoneInput extended = femur();
  extended.extend_shaft_mm = 50;
  CHECK_THAT(refused_scans(earlier, extended), Contains("was never scanned"));
}

TEST_CASE("candidates are searched against a side that is there, or a template by name")
{
  CHECK_FALSE(scans(other + "[candidates]\nagainst = \"contralateral\"").candidates->by_template);
  const auto search =
      scans("[candidates]\nagainst = \"template\"\ntemplate = \"femur_adult\"").candidates;
  REQUIRE(search);
  CHECK(search->by_template);
  CHECK(search->density_template == "femur_adult");
  CHECK_THAT(refused_scans("[candidates]\nagainst = \"contralateral\""),
             Contains("candidates against a side that is not given"));
  CHECK_THAT(refused_scans("[candidates]\nagainst = \"template\"\ntemplate = \"femur_adlt\""),
             Contains("femur_adult"));
  CHECK_THAT(refused_scans("[candidates]\nagainst = \"nothing\""), Contains("contralateral"));
}
