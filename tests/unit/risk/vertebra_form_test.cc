// Form of a vertebra under prescribed displacements, whose truth is known.
#include "unit/risk/box_vertebra.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::risk;

namespace
{
/// A box vertebra with what is measured of it.
struct Measured
{
  BoxVertebra box;
  VertebraProbe probe;
  VertebraForm form;

  explicit Measured(double voxel_mm = 1, double turn = 0, bool arch = true)
      : box(voxel_mm, turn, arch), probe(box.model, box.bone),
        form(vertebra_form(probe, collapse_rules().zones).value())
  {
  }
  VertebraMeasures under(const std::function<Vec3(Vec3)>& field) const
  {
    return measure(probe, form, box.displaced(field));
  }
};

/// Lowered in front: the superior endplate turns by the angle about the posterior wall's top, what
/// lies below less in proportion to its height.
Vec3 wedge(Vec3 p, double angle_deg)
{
  const double lever = std::max(0.0, p.y + BoxVertebra::half_depth);
  const double share = (p.z + BoxVertebra::half_height) / (2 * BoxVertebra::half_height);
  return {0, 0, -std::tan(geometry::radians(angle_deg)) * lever * share};
}

/// The posterior wall pushed back by `depth` in its middle, less to its edges and not in front.
Vec3 burst(Vec3 p, double depth)
{
  const double behind = std::clamp(-p.y / BoxVertebra::half_depth, 0.0, 1.0);
  const double wall = p.y < -16 ? 0 : behind;
  return {0,
          -depth * wall * bump(p.x, BoxVertebra::canal_half_width) *
              bump(p.z, BoxVertebra::half_height),
          0};
}

/// Both endplates pressed in by `depth` in their middles.
Vec3 biconcave(Vec3 p, double depth)
{
  const double out = std::hypot(p.x / BoxVertebra::half_width, p.y / BoxVertebra::half_depth);
  return {0, 0, -depth * bump(out, 0.6) * p.z / BoxVertebra::half_height};
}

Vec3 rigid(Vec3 p)
{
  return Vec3{3, -2, 5} + cross(Vec3{0.02, -0.03, 0.01}, p);
}
} // namespace

TEST_CASE("A box vertebra has the heights and the canal it was made with")
{
  const Measured as_is;
  const VertebraMeasures m = measure(as_is.probe, as_is.form, {});
  for (const double height : {m.heights.anterior, m.heights.middle, m.heights.posterior,
                              m.heights.right, m.heights.left, m.heights.mean})
    CHECK(height == Approx(24).epsilon(1e-3));
  CHECK(m.wedge_deg == Approx(0).margin(1e-6));
  REQUIRE(m.canal_mm2);
  CHECK(*m.canal_mm2 == Approx(BoxVertebra::canal_mm2).epsilon(0.005));
  CHECK(m.bulge_mm == 0);
  CHECK(m.superior_depression_mm == 0);
  CHECK(as_is.form.against_arch);
}

TEST_CASE("A wedge of five degrees is measured as five degrees, and its heights by the lever")
{
  const Measured as_is;
  const VertebraMeasures m = as_is.under([](Vec3 p) { return wedge(p, 5); });
  CHECK(m.wedge_deg == Approx(5).epsilon(0.005));
  CHECK(m.lateral_wedge_deg == Approx(0).margin(0.01));
  const double slope = std::tan(geometry::radians(5));
  CHECK(m.heights.anterior == Approx(24 - 24 * slope).margin(0.02)); // at 0.8 of the depth of 30
  CHECK(m.heights.middle == Approx(24 - 15 * slope).margin(0.02));
  CHECK(m.heights.posterior == Approx(24 - 6 * slope).margin(0.02));
  CHECK(m.superior_depression_mm == Approx(0).margin(0.02));
  CHECK(*m.canal_mm2 == Approx(BoxVertebra::canal_mm2).epsilon(0.005));
}

TEST_CASE("A lateral wedge is told as lower on the right")
{
  const Measured as_is;
  const VertebraMeasures m = as_is.under(
      [](Vec3 p) {
        return p.y < -BoxVertebra::half_depth ? Vec3{} : Vec3{0, 0, p.z > 0 ? -0.05 * p.x : 0.0};
      });
  CHECK(m.lateral_wedge_deg == Approx(geometry::degrees(std::atan(0.05))).epsilon(0.01));
  CHECK(m.heights.right == Approx(24 - 0.05 * 15).margin(0.05));
  CHECK(m.heights.left == Approx(24 + 0.05 * 15).margin(0.05));
}

TEST_CASE("A burst of two millimetres is measured as two, and narrows the canal by its section")
{
  const Measured as_is;
  const VertebraMeasures m = as_is.under([](Vec3 p) { return burst(p, 2); });
  CHECK(m.bulge_mm == Approx(2).epsilon(0.02));
  REQUIRE(m.canal_mm2);
  // The mean of a bump is half of it: 2 mm x 20 mm / 2 = 20 mm2 of the section at mid-height.
  CHECK(*m.canal_mm2 == Approx(300).epsilon(0.01));
  CHECK(*m.canal_lost == Approx(20.0 / 320).epsilon(0.03));
  CHECK(*m.canal_height == Approx(0.5).margin(0.05));
  CHECK(m.heights.mean == Approx(24).epsilon(1e-3));
}

TEST_CASE("Endplates pressed in by one and a half millimetres are measured so, each by itself")
{
  const Measured as_is;
  const VertebraMeasures m = as_is.under([](Vec3 p) { return biconcave(p, 1.5); });
  CHECK(m.superior_depression_mm == Approx(1.5).epsilon(0.02));
  CHECK(m.inferior_depression_mm == Approx(1.5).epsilon(0.02));
  CHECK(m.heights.middle < m.heights.anterior - 1);
  const VertebraMeasures upper =
      as_is.under([](Vec3 p) { return p.z > 0 ? biconcave(p, 1.5) : Vec3{}; });
  CHECK(upper.superior_depression_mm == Approx(1.5).epsilon(0.02));
  CHECK(upper.inferior_depression_mm == Approx(0).margin(1e-9));
}

TEST_CASE("A vertebra that moves as a whole does not change its form")
{
  const Measured as_is;
  const VertebraMeasures before = measure(as_is.probe, as_is.form, {});
  const VertebraMeasures m = as_is.under(rigid);
  CHECK(m.heights.anterior == Approx(before.heights.anterior).margin(1e-6));
  CHECK(m.heights.left == Approx(before.heights.left).margin(1e-6));
  CHECK(m.bulge_mm == Approx(0).margin(1e-9));
  CHECK(m.superior_depression_mm == Approx(0).margin(1e-9));
  CHECK(*m.canal_lost == Approx(0).margin(1e-9));
  const VertebraMeasures moved = as_is.under([](Vec3 p) { return rigid(p) + burst(p, 2); });
  CHECK(moved.bulge_mm == Approx(2).epsilon(0.02));
}

TEST_CASE("How the scan lies changes nothing beyond its voxels")
{
  const auto everything = [](Vec3 p) { return wedge(p, 3) + burst(p, 1.5) + rigid(p); };
  const VertebraMeasures straight = Measured(1).under(everything);
  const VertebraMeasures turned = Measured(1, 0.4).under(everything);
  CHECK(turned.wedge_deg == Approx(straight.wedge_deg).margin(0.15));
  CHECK(turned.heights.anterior == Approx(straight.heights.anterior).margin(0.6)); // half a voxel
  CHECK(turned.bulge_mm == Approx(straight.bulge_mm).margin(0.1));
  CHECK(*turned.canal_mm2 == Approx(*straight.canal_mm2).epsilon(0.05));
  CHECK(*turned.canal_lost == Approx(*straight.canal_lost).margin(0.01));
}

TEST_CASE("Of a body alone the wall is told against the body, and no canal is made up")
{
  const Measured as_is(1, 0, false);
  CHECK_FALSE(as_is.form.against_arch);
  const VertebraMeasures m = as_is.under([](Vec3 p) { return rigid(p) + burst(p, 2); });
  CHECK(m.bulge_mm == Approx(2).epsilon(0.1));
  CHECK_FALSE(m.canal_mm2);
  CHECK_FALSE(m.canal_lost);
}

TEST_CASE("A vertebra whose endplates the voxels do not show is not measured")
{
  BoxVertebra box(2);
  box.bone.frame.origin += Vec3{0, 0, 200}; // the mask lies elsewhere
  for (auto& [name, point] : box.bone.landmarks)
    point += Vec3{0, 0, 200};
  const VertebraProbe probe(box.model, box.bone);
  CHECK_FALSE(vertebra_form(probe, collapse_rules().zones));
}
