#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using Catch::Contains;

namespace
{
/// [bone] alone, with image and mask unless the lines bring their own.
BoneInput bone(const std::string& lines, const std::string& mask = "label = 1")
{
  const Table table = Table::parse("image = \"ct.nii.gz\"\nmask = { file = \"labels.nii.gz\", " +
                                       mask + " }\n" + lines,
                                   "case.toml");
  const BoneInput read = read_bone(table);
  table.check();
  return read;
}

std::string refused_bone(const std::string& lines, const std::string& mask = "label = 1")
{
  return refusal([&] { bone(lines, mask); });
}

const std::string scheme = "scheme = \"totalsegmentator_v2\"";
} // namespace

TEST_CASE("every kind of bone is read, each with the side and level it has")
{
  for (const std::string kind : {"femur", "tibia", "humerus", "pelvis"})
  {
    INFO(kind);
    const BoneInput read = bone("kind = \"" + kind + "\"\nside = \"right\"");
    CHECK(read.side == anatomy::Side::right);
    CHECK(anatomy::to_string(read.kind) == kind);
    CHECK_THAT(refused_bone("kind = \"" + kind + "\""), Contains("side"));
    CHECK_THAT(refused_bone("kind = \"" + kind + "\"\nside = \"left\"\nlevel = \"L3\""),
               Contains("has no level") && Contains("vertebrae and ribs have one"));
  }
  CHECK(bone("kind = \"rib\"\nside = \"left\"\nlevel = \"7\"").level == "7");
  CHECK(bone("kind = \"vertebra\"\nlevel = \"T12\"").level == "T12");
  CHECK(bone("kind = \"vertebra\"").side == anatomy::Side::midline);
  CHECK_FALSE(bone("kind = \"skull\"").side);
  CHECK(bone("kind = \"skull\"\nside = \"left\"").side == anatomy::Side::left);
}

TEST_CASE("a vertebra with a side and a level that is none are refused")
{
  CHECK_THAT(refused_bone("kind = \"vertebra\"\nside = \"left\""),
             Contains("a vertebra has no side") && Contains("remove the key"));
  CHECK_THAT(refused_bone("kind = \"vertebra\"\nlevel = \"L6\""),
             Contains("L6") && Contains("L5") && Contains("T1"));
  CHECK_THAT(refused_bone("kind = \"rib\"\nside = \"left\"\nlevel = \"13\""), Contains("13"));
}

TEST_CASE("a scheme of labels tells side and level, and must agree with what is given")
{
  const BoneInput third = bone("kind = \"vertebra\"", "label = 29, " + scheme);
  CHECK(third.level == "L3");
  const BoneInput hip = bone("kind = \"pelvis\"", "label = 78, " + scheme);
  CHECK(hip.side == anatomy::Side::right);
  const BoneInput rib = bone("kind = \"rib\"", "label = 110, " + scheme);
  CHECK(rib.side == anatomy::Side::right);
  CHECK(rib.level == "7");
  CHECK_THAT(refused_bone("kind = \"vertebra\"\nlevel = \"L2\"", "label = 29, " + scheme),
             Contains("level = \"L2\"") && Contains("L3"));
  CHECK_THAT(refused_bone("kind = \"femur\"\nside = \"left\"", "label = 76, " + scheme),
             Contains("side = \"left\"") && Contains("right"));
  CHECK_THAT(refused_bone("kind = \"femur\"\nside = \"left\"", "label = 77, " + scheme),
             Contains("the mask's label is a pelvis") && Contains("kind says femur"));
  CHECK_THAT(refused_bone("kind = \"femur\"\nside = \"left\"", "label = 25, " + scheme),
             Contains("label 25") && Contains("none of Calcar's bones"));
  CHECK_THAT(refused_bone("kind = \"vertebra\"", "label = 49, " + scheme), Contains("C2"));
  CHECK_THAT(refused_bone("kind = \"vertebra\"", "label = 29, scheme = \"total\""),
             Contains("totalsegmentator_v2"));
}

TEST_CASE("a bone of several labels and its growth plates are read")
{
  const BoneInput child = bone("kind = \"femur\"\nside = \"left\"\n"
                               "growth_plates = { file = \"labels.nii.gz\", label = 2 }",
                               "labels = [1, 2]");
  CHECK(child.mask.labels == std::vector<int>{1, 2});
  REQUIRE(child.growth_plates);
  CHECK(child.growth_plates->labels == std::vector<int>{2});
  CHECK_THAT(refused_bone("kind = \"femur\"\nside = \"left\"", "labels = [1, 0]"),
             Contains("labels greater than 0"));
  CHECK_THAT(refused_bone("kind = \"femur\"\nside = \"left\"", "labels = [1], label = 1"),
             Contains("both label and labels"));
}

TEST_CASE("only a femur's shaft is extended")
{
  CHECK(bone("kind = \"femur\"\nside = \"left\"\nextend_shaft_mm = 30").extend_shaft_mm == 30);
  CHECK_THAT(refused_bone("kind = \"humerus\"\nside = \"left\"\nextend_shaft_mm = 30"),
             Contains("the shaft of a humerus is not extended"));
}

TEST_CASE("a bone may be given by its surface and a template, without a CT")
{
  const std::string from = "image = \"scan/ct.nii.gz\"\nmask = { file = \"labels.nii.gz\", "
                           "label = 2 }\n\n[calibration]\nname = \"density\"\nphantom = "
                           "\"CHA\"\nunit = \"mg/cm3\"\n";
  const std::string surface = "surface = { file = \"femur.stl\", template = \"femur_adult\" }\n";
  const Case found = read(with(patient_case, from, surface));
  REQUIRE(found.patient->bone.surface);
  CHECK(found.patient->bone.surface->density_template == "femur_adult");
  CHECK(found.patient->bone.specimen);
  CHECK(found.patient->calibration.phantom == image::PhantomKind::k2hpo4);
  CHECK_THAT(refused(with(patient_case, from,
                          surface + "\n[calibration]\nname = \"density\"\nphantom = \"CHA\"\n")),
             Contains("[calibration] has no meaning for a bone given by its surface"));
  CHECK_THAT(refused(with(patient_case, from, surface + "image = \"ct.nii.gz\"\n")),
             Contains("image has no meaning beside a surface"));
  CHECK_THAT(
      refused(with(patient_case, from, "surface = { file = \"a.stl\", template = \"femur\" }\n")),
      Contains("femur_adult"));
}
