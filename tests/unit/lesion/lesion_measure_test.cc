#include "lesion/lesion_measure.hpp"
#include "unit/lesion/tube.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;
using Catch::Contains;

namespace
{
const Bone& bone()
{
  static const Bone one = []
  {
    TubePlan plan;
    plan.voxel_mm = 0.75;
    return tube(plan);
  }();
  return one;
}

LesionMeasures measured(const std::string& toml)
{
  return measure(place(read(toml), bone().ground()), bone().ground());
}

const std::string at_centre = "centre = { landmark = \"midshaft_centre\" }\n";
} // namespace

TEST_CASE("a breach through the wall has the arc and length it was given")
{
  const LesionMeasures m = measured("shape = \"cortical_breach\"\narc_deg = 90\nlength_mm = 16\n" +
                                    at_centre + "direction = { lateral = 1 }");
  CHECK(m.touches_cortex);
  CHECK(m.remaining_cortex_mm == Approx(0).margin(0.05));
  REQUIRE(m.circumferential_share);
  CHECK(*m.circumferential_share == Approx(0.25).margin(0.02));
  CHECK(m.axial_mm == Approx(16).margin(1.01));
  CHECK(*m.axial_share == Approx(16.0 / 60).margin(0.03));
  // From edge to edge of the sector's outer face, over its length.
  CHECK(m.largest_diameter_mm ==
        Approx(std::hypot(16, 2 * outer * std::sin(geometry::pi / 4))).margin(1));
}

TEST_CASE("what a bowl inside the wall leaves of it is the wall less its depth")
{
  const LesionMeasures m =
      measured("shape = \"endosteal_scalloping\"\ndepth_mm = 2.5\narc_deg = 90\nlength_mm = 24\n" +
               at_centre + "direction = { anterior = 1 }");
  CHECK(m.touches_cortex);
  CHECK(m.remaining_cortex_mm == Approx(outer - inner - 2.5).margin(0.4));
  // Where the bowl takes a tenth of the wall or more: 1 - u^2 >= 0.6 / 2.5.
  CHECK(*m.circumferential_share == Approx(0.25 * std::sqrt(1 - 0.24)).margin(0.02));
}

TEST_CASE("a lesion in the canal leaves the cortex alone")
{
  const LesionMeasures m = measured("shape = \"sphere\"\nradius_mm = 6\n" + at_centre);
  CHECK_FALSE(m.touches_cortex);
  CHECK(m.axial_mm == 0);
  CHECK(*m.circumferential_share == 0);
  CHECK(m.largest_diameter_mm == Approx(12).margin(0.4));
  CHECK(m.share_of_bone == Approx(4.0 / 3 * 216 / (outer * outer * 60)).epsilon(0.02));
  CHECK(m.landmark_mm.at("midshaft_centre") == 0);
  CHECK(m.landmark_mm.at("greater_tubercle") == Approx(std::hypot(outer, 20) - 6).margin(0.3));
  CHECK_THAT(m.centre.words, Contains("central"));
}

TEST_CASE("a transcortical hole takes its diameter out of the girth")
{
  const LesionMeasures m = measured("shape = \"transcortical_hole\"\ndiameter_mm = 8\n" +
                                    at_centre + "direction = { medial = 1 }");
  CHECK(m.axial_mm == Approx(8).margin(1.01));
  // Rays to the hole's edge where it leaves the wall inside: asin(4 / 8), 60 degrees in all, of
  // those whose cortex is still taken for a tenth.
  CHECK(*m.circumferential_share ==
        Approx(2 * std::asin(4.0 / 9) / (2 * geometry::pi)).margin(0.04));
  CHECK(m.remaining_cortex_mm == Approx(0).margin(0.05));
}

TEST_CASE("the cortex of a bone without a shaft is measured below its surface")
{
  Bone rib = bone();
  rib.anatomy.kind = anatomy::BoneKind::rib;
  rib.anatomy.landmarks.clear();
  const Lesion lesion = read("shape = \"sphere\"\nradius_mm = 4\ncentre = { point_lps_mm = [7, 6, "
                             "11] }",
                             anatomy::BoneKind::rib);
  const LesionMeasures m = measure(place(lesion, rib.ground()), rib.ground());
  // Its centre is 9 mm off the axis: from 5 to 13 mm, so that 1 mm is left outside.
  CHECK(m.touches_cortex);
  CHECK(m.remaining_cortex_mm == Approx(1).margin(0.3));
  CHECK_FALSE(m.axial_share);
  CHECK_FALSE(m.circumferential_share);
}
