#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using Catch::Contains;

namespace
{
std::string study(const std::string& from, const std::string& to)
{
  return refused(with(study_case, from, to));
}
} // namespace

TEST_CASE("a study's case is read as written")
{
  const Case found = read(study_case);
  REQUIRE(found.study);
  CHECK_FALSE(found.patient);
  CHECK(found.title == "bar");
  const StudyCase& given = *found.study;
  CHECK(given.poisson_ratio == 0.3);
  REQUIRE(given.supports.size() == 1);
  CHECK(given.supports[0].fixed_axes == std::vector<int>{0, 1, 2});
  CHECK(given.supports[0].region.side.axis == 2);
  CHECK(given.supports[0].region.side.sign == -1);
  CHECK(given.supports[0].region.labels.label == 1);
  REQUIRE(given.forces.size() == 1);
  CHECK(given.forces[0].name == "press");
  CHECK(given.forces[0].force_N == Vec3{3, 0, -12.5});
  CHECK(given.forces[0].region.side.sign == +1);
}

TEST_CASE("a displaced support loads a study without any force")
{
  const std::string supports = R"([bone]
modulus_image = "E.nii.gz"
poisson_ratio = 0
[[support]]
name = "bottom"
region = { file = "regions.nii.gz", label = 1, side = "-k" }
fix = ["k"]
[[support]]
name = "top"
region = { file = "regions.nii.gz", label = 2, side = "+k" }
displacement_mm = { k = -0.1, i = 0 }
)";
  const Case found = read(supports);
  const std::map<int, double> expected = {{0, 0.0}, {2, -0.1}};
  CHECK(found.study->supports[1].displacement_mm == expected);
  CHECK(found.study->forces.empty());
  CHECK_THAT(refused(with(supports, "k = -0.1", "k = 0")),
             Contains("nothing loads the body: no [[force]], and no support is displaced"));
}

TEST_CASE("each wrong value of a study is refused with what is allowed")
{
  for (const std::string ratio : {"0.5", "-1", "0.7"})
    CHECK_THAT(study("poisson_ratio = 0.3", "poisson_ratio = " + ratio),
               Contains("greater than -1 and less than 0.5"));
  CHECK_THAT(study("poisson_ratio = 0.3\n", ""), Contains("missing key \"poisson_ratio\""));
  CHECK_THAT(study("side = \"-k\"", "side = \"down\""),
             Contains("unknown side \"down\"") && Contains("allowed: +i, -i, +j, -j, +k, -k"));
  CHECK_THAT(study("fix = [\"i\", \"j\", \"k\"]", "fix = [\"x\"]"),
             Contains("unknown axis \"x\" in fix; allowed: i, j, k; use the image's own index"));
  CHECK_THAT(study("k = -12.5", "z = -12.5"), Contains("unknown axis \"z\" in force_N"));
  CHECK_THAT(study("fix = [\"i\", \"j\", \"k\"]", "fix = []"),
             Contains("support \"bottom\" holds nothing"));
  CHECK_THAT(
      study("fix = [\"i\", \"j\", \"k\"]", "fix = [\"i\", \"k\"]\ndisplacement_mm = { k = 0.1 }"),
      Contains("axis k of support \"bottom\" is both in fix and in displacement_mm"));
  CHECK_THAT(study("force_N = { k = -12.5, i = 3 }\n", ""),
             Contains("force \"press\" has no force_N"));
  CHECK_THAT(study("name = \"bottom\"\n", ""), Contains("missing key \"name\" in [[support]]"));
  CHECK_THAT(study("region = { file = \"regions.nii.gz\", label = 1, side = \"-k\" }\n", ""),
             Contains("missing table [region] in [[support]]"));
  CHECK_THAT(study("label = 1", "label = -1"), Contains("a label greater than 0"));
  const std::string second = "[[support]]\nname = \"bottom\"\nfix = [\"i\"]\n"
                             "region = { file = \"r.nii.gz\", label = 3, side = \"+i\" }\n";
  CHECK_THAT(refused(study_case + second), Contains("two supports are called \"bottom\""));
  CHECK(refused(study_case + with(second, "bottom", "wall")) == "");
}

TEST_CASE("a study without supports or loads is refused")
{
  const std::string bone = study_case.substr(0, study_case.find("[[support]]"));
  const std::string force = study_case.substr(study_case.find("[[force]]"));
  CHECK_THAT(refused(bone + force), Contains("no [[support]] is given: nothing holds the body"));
  CHECK_THAT(refused(study_case.substr(0, study_case.find("[[force]]"))),
             Contains("nothing loads the body"));
}

TEST_CASE("lesions and activities have no place in a study")
{
  CHECK_THAT(refused(study_case + "[[lesion]]\nshape = \"sphere\""), Contains("lesion"));
  CHECK_THAT(refused(study_case + "[[activity]]\nname = \"level_walking\""), Contains("activity"));
  CHECK_THAT(refused(study_case + "[[forces]]\nname = \"press\""),
             Contains("did you mean \"force\"?"));
}
