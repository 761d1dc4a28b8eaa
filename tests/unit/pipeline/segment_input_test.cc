// [bone] of kind "spine_segment": what is read, and what is said against it.
#include "pipeline/segment_input.hpp"
#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using Catch::Contains;

namespace
{
/// A segment with these levels in its mask, and further lines of [bone].
BoneInput segment(const std::string& levels, const std::string& lines = "")
{
  const Table table = Table::parse("kind = \"spine_segment\"\nimage = \"ct.nii.gz\"\n"
                                   "mask = { file = \"labels.nii.gz\", " +
                                       levels + " }\n" + lines,
                                   "case.toml");
  const BoneInput read = read_bone(table);
  table.check();
  return read;
}

std::string refused_segment(const std::string& levels, const std::string& lines = "")
{
  return refusal([&] { segment(levels, lines); });
}

std::vector<std::string> levels_of(const BoneInput& bone)
{
  std::vector<std::string> levels;
  for (const SegmentVertebra& vertebra : bone.segment)
    levels.push_back(vertebra.level);
  return levels;
}

const std::string three = "levels = { L3 = 12, L4 = 13, L2 = 11 }";
} // namespace

TEST_CASE("the vertebrae of a segment are read with their labels, from cranial to caudal")
{
  const BoneInput read = segment(three);
  CHECK(read.kind == anatomy::BoneKind::vertebra);
  CHECK(read.side == anatomy::Side::midline);
  CHECK(kind_name(read) == "spine_segment");
  CHECK(levels_of(read) == std::vector<std::string>{"L2", "L3", "L4"});
  CHECK(read.mask.labels == std::vector<int>{11, 12, 13});
  CHECK(levels_of(segment("levels = { L1 = 5, T11 = 3, T12 = 9 }")) ==
        std::vector<std::string>{"T11", "T12", "L1"});
}

TEST_CASE("a scheme of labels tells the labels of levels that are named")
{
  const BoneInput read =
      segment("scheme = \"totalsegmentator_v2\", levels = [\"L4\", \"L3\", \"L2\"]");
  CHECK(levels_of(read) == std::vector<std::string>{"L2", "L3", "L4"});
  CHECK(read.mask.labels == std::vector<int>{30, 29, 28});
  CHECK_THAT(refused_segment("scheme = \"totalsegmentator_v2\", levels = [\"L3\", \"L3\", \"L4\"]"),
             Contains("L3 is there twice"));
  CHECK_THAT(refused_segment("scheme = \"totalsegmentator\", levels = [\"L3\", \"L4\"]"),
             Contains("totalsegmentator_v2"));
}

TEST_CASE("the vertebra in question is the middle one, the upper of two, or the one that is named")
{
  CHECK(segment(three).level == "L3");
  CHECK(index_vertebra(segment(three)) == 1);
  CHECK(segment("levels = { L3 = 12, L4 = 13 }").level == "L3");
  CHECK(segment("levels = { L3 = 12, L4 = 13, L5 = 14, L2 = 1 }").level == "L3");
  const BoneInput named = segment(three, "level = \"L4\"");
  CHECK(named.level == "L4");
  CHECK(index_vertebra(named) == 2);
  CHECK_THAT(refused_segment(three, "level = \"L5\""), Contains("L5") && Contains("L2, L3, L4"));
}

TEST_CASE("a segment that is none is refused in words")
{
  CHECK_THAT(refused_segment("levels = { L2 = 11, L4 = 13 }"),
             Contains("between L2 and L4") && Contains("gap") && Contains("name those between"));
  CHECK_THAT(refused_segment("levels = { L2 = 11 }"),
             Contains("1 vertebrae") && Contains("2 to 5") && Contains("kind = \"vertebra\""));
  CHECK_THAT(refused_segment("levels = { T12 = 1, L1 = 2, L2 = 3, L3 = 4, L4 = 5, L5 = 6 }"),
             Contains("6 vertebrae") && Contains("2 to 5"));
  CHECK_THAT(refused_segment("levels = { L2 = 11, L3 = 12, S1 = 13 }"),
             Contains("unknown level \"S1\"") && Contains("L5"));
  CHECK_THAT(refused_segment("levels = { L2 = 11, L3 = 11 }"),
             Contains("label 11 stands for two levels"));
  CHECK_THAT(refused_segment("levels = { L2 = 0, L3 = 11 }"), Contains("label of L2 is 0"));
  CHECK_THAT(refused_segment("levels = { L2 = 1.5, L3 = 11 }"), Contains("label of L2 is 1.5"));
  CHECK_THAT(refused_segment("label = 11"),
             Contains("levels = { L2 = 11, L3 = 12 }") && Contains("label has no meaning"));
}

TEST_CASE("keys that mean nothing for a segment are refused")
{
  CHECK_THAT(refused_segment(three, "side = \"left\""),
             Contains("side has no meaning") && Contains("remove the key"));
  CHECK_THAT(refused_segment(three, "growth_plates = { file = \"l.nii\", label = 2 }"),
             Contains("single vertebra"));
  CHECK_THAT(refused_segment(three, "extend_shaft_mm = 20"), Contains("femur"));
  CHECK_THAT(refused_segment(three, "surface = { file = \"a.stl\" }"), Contains("labels"));
  CHECK_THAT(refused_segment(three, "levle = 3"), Contains("levle"));
}

TEST_CASE("a case of a segment takes the activities that have a rig for one, and others are listed")
{
  const std::string head = "[patient]\nbody_mass_kg = 70\n[bone]\nkind = \"spine_segment\"\n"
                           "image = \"ct.nii.gz\"\nmask = { file = \"labels.nii.gz\", " +
                           three +
                           " }\n[calibration]\nname = \"density\"\nphantom = \"K2HPO4\"\n"
                           "unit = \"mg/cm3\"\n";
  for (const std::string name : {"standing", "flexion", "lifting_10kg", "cough"})
    CHECK(read(head + "[[activity]]\nname = \"" + name + "\"\n").patient->activities.size() == 1);
  CHECK_THAT(refused(head + "[[activity]]\nname = \"level_walking\"\n"),
             Contains("level_walking") && Contains("standing") && Contains("cough"));
}
