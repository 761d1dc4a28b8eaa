#include "lesion/lesion_tissue.hpp"
#include "material/protocol.hpp"
#include "unit/lesion/tube.hpp"
#include "unit/material/scratch_file.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::lesion;
using namespace lesion_test;
using Catch::Contains;

namespace
{
constexpr double soft_below = 0.11, most_ash = 1.2;

std::string sphere(const std::string& more)
{
  return "shape = \"sphere\"\nradius_mm = 6\ncentre = { landmark = \"midshaft_centre\" }\n" + more;
}

const Bone& bone()
{
  static const Bone coarse = []
  {
    TubePlan plan;
    plan.voxel_mm = 1;
    return tube(plan);
  }();
  return coarse;
}

PlacedLesion placed(const std::string& more)
{
  return place(read(sphere(more)), bone().ground());
}

/// What a lesion makes of bone of this ash density `off_mm` from its centre along anterior.
PointTissue at(const std::vector<PlacedLesion>& lesions, double off_mm, double ash = 0.5,
               double below = soft_below)
{
  const Vec3 p = bone().anatomy.frame.origin + off_mm * bone().anatomy.frame.anterior;
  return act(lesions, p, ash, ash < below, below, most_ash).tissue;
}
} // namespace

TEST_CASE("a lytic lesion leaves its filling inside and the bone outside as it was")
{
  const PointTissue in = at({placed("kind = \"lytic\"")}, 5.9);
  CHECK(in.filling == 0);
  CHECK(in.soft);
  const PointTissue out = at({placed("kind = \"lytic\"")}, 6.1);
  CHECK_FALSE(out.changed);
  CHECK(out.filling == -1);
  CHECK(out.ash == 0.5);
}

TEST_CASE(
    "a blastic lesion adds its gain, weakens the tissue by its factor and stops at the ceiling")
{
  const std::vector<PlacedLesion> one = {placed(
      "kind = \"blastic\"\nash_gain_g_cm3 = 0.25\nyoungs_factor = 0.9\nstrength_factor = 0.8")};
  const PointTissue in = at(one, 3);
  CHECK(in.ash == Approx(0.75));
  CHECK(in.youngs_factor == Approx(0.9));
  CHECK(in.compressive_factor == Approx(0.8));
  CHECK(in.tensile_factor == Approx(0.8));
  CHECK(in.filling == -1);
  CHECK(at(one, 3, 1.1).ash == 1.2);
  // Marrow becomes bone.
  CHECK_FALSE(at(one, 3, 0.02).soft);
  CHECK(at(one, 3, 0.02).ash == Approx(0.27));
  // The shipped factor is that of the source.
  CHECK(read(sphere("kind = \"blastic\"")).tissue.youngs_factor == 0.94);
}

TEST_CASE("across an ill-defined margin mineral falls by the lesion's share")
{
  const std::vector<PlacedLesion> one = {placed("margin_mm = 4")};
  double before = -1;
  for (double off = 3.5; off <= 8.5; off += 0.05)
  {
    const PointTissue point = at(one, off);
    const double share = fraction(one[0], one[0].centre + off * bone().anatomy.frame.anterior);
    if (point.filling < 0)
      CHECK(point.ash == Approx(0.5 * (1 - share)));
    else
      CHECK(0.5 * (1 - share) < soft_below);
    const double left = point.filling < 0 ? point.ash : 0;
    CHECK(left >= before);
    before = left;
  }
  CHECK(before == 0.5);
}

TEST_CASE("a sclerotic rim gains density outside the outline, over its thickness")
{
  const std::vector<PlacedLesion> one = {
      placed("rim = { thickness_mm = 1.5, ash_gain_g_cm3 = 0.2 }")};
  CHECK(at(one, 5.95).filling == 0);
  CHECK(at(one, 6.05).ash == Approx(0.7));
  CHECK(at(one, 7.45).ash == Approx(0.7));
  CHECK(at(one, 7.45).youngs_factor == 1);
  CHECK_FALSE(at(one, 7.55).changed);
}

TEST_CASE("degraded cortex is within reach, is cortex, and is degraded once")
{
  const std::string degradation =
      "cortical_degradation = { reach_mm = 3, youngs_factor = 0.8, compressive_factor = 0.7 }";
  const std::vector<PlacedLesion> two = {placed(degradation), placed(degradation)};
  const PointTissue cortex = at(two, 8.9, 0.9);
  CHECK(cortex.youngs_factor == 0.8);
  CHECK(cortex.compressive_factor == 0.7);
  CHECK(cortex.tensile_factor == 1);
  CHECK(cortex.ash == 0.9);
  CHECK_FALSE(at(two, 8.9, 0.5).changed); // spongy bone follows its law
  CHECK_FALSE(at(two, 9.1, 0.9).changed);
  CHECK(at(two, 5, 0.9).filling == 1); // where the tumour is there is no cortex
}

TEST_CASE("the later of two lesions holds where they overlap, alone")
{
  const std::string gain = "kind = \"blastic\"\nash_gain_g_cm3 = 0.3";
  CHECK(at({placed("kind = \"lytic\""), placed(gain)}, 2).ash == Approx(0.8));
  CHECK(at({placed(gain), placed("kind = \"lytic\"")}, 2).filling == 1);
  CHECK(at({placed(gain), placed(gain)}, 2).ash == Approx(0.8)); // not twice
  // A rim yields to a lesion, whichever comes first.
  const std::string rim = "name = \"a\"\nrim = { thickness_mm = 3 }";
  const std::string larger = "kind = \"lytic\"\nname = \"b\"";
  const PlacedLesion small = placed(rim);
  PlacedLesion large = place(read("shape = \"sphere\"\nradius_mm = 8\n"
                                  "centre = { landmark = \"midshaft_centre\" }\n" +
                                  larger),
                             bone().ground());
  CHECK(at({small, large}, 7).filling == 1);
  CHECK(at({large, small}, 7).filling == 0);
}

TEST_CASE("a lesion that the CT shows changes nothing, and does not hide a virtual one")
{
  for (const char* kind : {"lytic", "blastic", "mixed"})
  {
    const std::string in_ct = "in_ct = true\nmargin_mm = 2\nrim = { thickness_mm = 2 }\nkind = \"" +
                              std::string(kind) + "\"";
    for (const double off : {0.0, 5.0, 6.0, 7.0})
      CHECK_FALSE(at({placed(in_ct)}, off).changed);
    const std::vector<PlacedLesion> both = {placed("kind = \"lytic\""), placed(in_ct)};
    CHECK(at(both, 2).filling == 0);
    CHECK(act(both, bone().anatomy.frame.origin, 0.5, false, soft_below, most_ash).lesion == 1);
  }
}

TEST_CASE("blastic bone is never softer than what a lytic lesion leaves of the same place")
{
  const material::Protocol protocol = material::protocol("rizzoli_linear", "");
  const double below = soft_below_ash(protocol);
  const double tumour = material::tissue("tumour_lytic", "").youngs;
  for (const std::string margin : {"0", "4"})
  {
    const std::vector<PlacedLesion> lytic = {placed("kind = \"lytic\"\nmargin_mm = " + margin)};
    const std::vector<PlacedLesion> blastic = {placed("kind = \"blastic\"\nmargin_mm = " + margin)};
    for (double ash = 0; ash <= 1.2; ash += 0.05)
      for (double off = 0; off < 9; off += 0.2)
      {
        const auto youngs = [&](const std::vector<PlacedLesion>& lesions)
        {
          const PointTissue t = at(lesions, off, ash, below);
          return t.filling >= 0 ? tumour
                 : t.soft       ? protocol.soft.youngs
                          : t.youngs_factor * material::properties_of_ash(protocol, t.ash).youngs;
        };
        CHECK(youngs(blastic) >= youngs(lytic) * (1 - 1e-12));
      }
  }
}

TEST_CASE("a mixed lesion is lytic and blastic side by side, in the share and width stated")
{
  for (const double share : {0.25, 0.5, 0.8})
    for (const double patch : {2.0, 4.0})
    {
      const PlacedLesion mixed = placed("kind = \"mixed\"\npatch_mm = " + std::to_string(patch) +
                                        "\nlytic_share = " + std::to_string(share) + "\nseed = 3");
      // Over a large cube, and along lines whose changes tell the width.
      double lytic = 0, total = 0, changes = 0;
      const double step = 0.1;
      for (int a = 0; a < 12; ++a)
        for (int b = 0; b < 12; ++b)
        {
          bool before = false;
          for (int n = 0; n < 400; ++n)
          {
            const Vec3 p{4.1 * a, 3.7 * b, step * n};
            const bool now = is_lytic_at(mixed, p);
            lytic += now;
            total += 1;
            changes += n > 0 && now != before;
            before = now;
          }
        }
      CHECK(lytic / total == Approx(share).margin(0.08));
      // Neighbouring patches differ with the chance 2 s (1 - s).
      const double width = total * step / changes * 2 * share * (1 - share);
      CHECK(width > 0.5 * patch);
      CHECK(width < 1.3 * patch);
    }
  const PlacedLesion mixed = placed("kind = \"mixed\"");
  int lytic = 0, blastic = 0, points = 0;
  for (double off = 0; off < 5.9; off += 0.05, ++points)
  {
    const PointTissue point = at({mixed}, off);
    lytic += point.filling == 0;
    blastic += point.filling < 0 && point.ash > 0.5;
  }
  CHECK(lytic + blastic == points);
  CHECK(lytic > 0);
  CHECK(blastic > 0);
}

TEST_CASE("numbers of a tissue that cannot be are refused")
{
  const auto refused = [](const std::string& more) { return refusal([&] { read(sphere(more)); }); };
  CHECK_THAT(refused("kind = \"blastic\"\nash_gain_g_cm3 = -0.1"),
             Contains("\"ash_gain_g_cm3\" is -0.1") && Contains("kind = \"lytic\""));
  CHECK_THAT(refused("kind = \"blastic\"\nyoungs_factor = 0"),
             Contains("\"youngs_factor\" is 0") && Contains("at most 1.5"));
  CHECK_THAT(refused("kind = \"mixed\"\nlytic_share = 1"),
             Contains("less than 1") && Contains("a lesion of one kind alone"));
  CHECK_THAT(refused("kind = \"mixed\"\npatch_mm = 0.1"), Contains("0.5 to 50 mm"));
  CHECK_THAT(refused("rim = { ash_gain_g_cm3 = 0.2 }"), Contains("missing key \"thickness_mm\""));
  CHECK_THAT(refused("rim = { thickness_mm = 30 }"), Contains("at most 20 mm"));
  CHECK_THAT(refused("rim = { thickness_mm = 1, ash_gain_g_cm3 = 0 }"),
             Contains("\"ash_gain_g_cm3\" in [rim] is 0"));
  CHECK_THAT(refused("cortical_degradation = { youngs_factor = 1.2 }"),
             Contains("\"youngs_factor\" in [cortical_degradation] is 1.2") &&
                 Contains("at most 1"));
  CHECK_THAT(refused("cortical_degradation = { reach_mm = 0 }"), Contains("at most 50 mm"));
  CHECK_THAT(refused("kind = \"blastic\"\ntissue = \"marrow\""),
             Contains("unknown key \"tissue\"")); // it has no filling
}
