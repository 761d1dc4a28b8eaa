// The thread of a screw against the bone beside it, by hand.
#include "geometry/rotation.hpp"
#include "refusal.hpp"
#include "risk/pull_out.hpp"
#include "unit/risk/fixed_block.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::risk;
using Catch::Contains;
using geometry::pi;
using implant::ComponentKind;
using model::TissueKind;

namespace
{
constexpr double core = 4.4, length = 40, strength = 100; // mm, mm, MPa of the block in compression

/// N of a millimetre of thread in bone of 100 MPa, from the numbers of the data file.
double per_mm(const PullOutRules& rules, ComponentKind kind)
{
  const Thread& thread = *thread_of(rules, kind);
  const double outer = core * thread.outer_over_bar;
  const double depth = outer * thread.depth_over_outer;
  return rules.shear_over_compression * strength * pi * outer *
         (rules.thread_base + rules.thread_slope * depth / thread.pitch_mm);
}

/// A screw from -20 to 20 along z in a block that it passes through.
struct ScrewInBlock : FixedBlock
{
  explicit ScrewInBlock(double turn = 0, ComponentKind kind = ComponentKind::locking_screw)
      : FixedBlock({21, 21, 60}, {1, 1, 1}, turn)
  {
    const Vec3 up = body.body.grid.direction * Vec3{0, 0, 1};
    add_bar(kind, "screw", -0.5 * length * up, 0.5 * length * up, core);
  }

  void make_soft(const bodies::Place& where)
  {
    for (std::size_t n = 0; n < body.tissue.size(); ++n)
      if (body.tissue[n] == TissueKind::bone && where(centre(n)))
      {
        body.tissue[n] = TissueKind::soft;
        body.compressive_strength[n] = 0;
      }
  }

  /// With the axial force N(s) told every 2 mm.
  std::optional<PullOut> pulled(const std::function<double(double)>& axial,
                                std::size_t index = 0) const
  {
    std::vector<analysis::SectionForce> forces;
    for (double s = 1; s < length; s += 2)
    {
      forces.push_back({});
      forces.back().at_mm = s;
      forces.back().axial_N = axial(s);
    }
    return pull_out(fixation, index, hardware, body, forces, pull_out_rules());
  }
};

/// All of it enters at the head, and the bone takes it evenly to the tip.
std::function<double(double)> even(double N)
{
  return [=](double s) { return N * (1 - s / length); };
}
} // namespace

TEST_CASE("a screw in even bone holds S pi D L times its thread's factor, wherever it points")
{
  const PullOutRules rules = pull_out_rules();
  for (const double turn : {0.0, 0.7})
  {
    const ScrewInBlock block(turn);
    const auto pulled = block.pulled(even(500));
    REQUIRE(pulled);
    CHECK(pulled->strength_N == Approx(per_mm(rules, ComponentKind::locking_screw) * length));
    CHECK(pulled->in_bone_mm == Approx(length));
    CHECK(pulled->force_N == Approx(500.0 * 39 / 40)); // at the first place, against the free tip
    CHECK(pulled->utilisation() == Approx(pulled->force_N / pulled->strength_N));
    // Pushed in it shears as well; twice the force is twice the utilisation.
    CHECK(block.pulled(even(-1000))->utilisation() == Approx(2 * pulled->utilisation()));
  }
}

TEST_CASE("only thread beside bone counts, and of its turn the share that is bone")
{
  const double all = per_mm(pull_out_rules(), ComponentKind::locking_screw);
  ScrewInBlock cortices;
  cortices.make_soft([](Vec3 p) { return std::abs(p.z) < 12; });
  CHECK(cortices.pulled(even(500))->strength_N == Approx(16 * all));
  CHECK(cortices.pulled(even(500))->in_bone_mm == Approx(16));
  ScrewInBlock half;
  half.make_soft([](Vec3 p) { return p.x > 0.1; });
  // Bone ends at x = 0.5, and is looked for half a voxel outside the thread.
  const double ring = 0.5 * core * 1.14 + 0.5;
  CHECK(half.pulled(even(500))->strength_N ==
        Approx((0.5 + std::asin(0.5 / ring) / pi) * length * all).epsilon(0.03));
  ScrewInBlock none;
  none.make_soft([](Vec3) { return true; });
  CHECK_FALSE(none.pulled(even(500)));
}

TEST_CASE("strength goes with the bone's own, and the thread's form with the kind of screw")
{
  const PullOutRules rules = pull_out_rules();
  ScrewInBlock block(0, ComponentKind::cortical_screw);
  CHECK(block.pulled(even(1))->strength_N ==
        Approx(length * per_mm(rules, ComponentKind::cortical_screw)));
  for (float& s : block.body.compressive_strength)
    s *= 0.25F;
  CHECK(block.pulled(even(1))->strength_N ==
        Approx(0.25 * length * per_mm(rules, ComponentKind::cortical_screw)));
  const ScrewInBlock lag(0, ComponentKind::lag_screw); // threaded at its tip alone
  const double thread = thread_of(rules, ComponentKind::lag_screw)->length_mm.value();
  REQUIRE(thread < length);
  CHECK(lag.pulled(even(1))->in_bone_mm == Approx(thread));
  CHECK_FALSE(ScrewInBlock(0, ComponentKind::blade).pulled(even(1)));
  CHECK_FALSE(thread_of(rules, ComponentKind::nail));
}

TEST_CASE("what holds the screw at its head is no bone: the force there is taken to the plate")
{
  ScrewInBlock block;
  implant::Component plate = block.fixation.components[0];
  plate.name = "plate";
  plate.kind = ComponentKind::plate;
  block.fixation.components.push_back(plate);
  block.hardware.component.assign(block.hardware.component.size(), 0);
  for (std::size_t n = 0; n < block.hardware.voxels.size(); ++n) // it takes the screw's first 8 mm
    if (model::voxel_centre(block.hardware.grid, block.hardware.voxels[n]).z < -12)
      block.hardware.component[n] = 1;
  // Nothing of the screw's own is found in the plate; below it falls evenly from 400 N.
  const auto pulled = block.pulled([](double s) { return s < 8 ? 0 : 400 * (40 - s) / 32; });
  REQUIRE(pulled);
  CHECK(pulled->force_N == Approx(400));
  CHECK(pulled->in_bone_mm == Approx(32));
}

TEST_CASE("a nail parts the thread of its locking screw: the part nearest to its limit is told")
{
  ScrewInBlock block;
  implant::Component nail = block.fixation.components[0];
  nail.name = "nail";
  nail.kind = ComponentKind::nail;
  block.fixation.components.push_back(nail);
  for (std::size_t n = 0; n < block.hardware.voxels.size(); ++n)
    if (std::abs(model::voxel_centre(block.hardware.grid, block.hardware.voxels[n]).z) < 6)
      block.hardware.component[n] = 1;
  block.make_soft([](Vec3 p) { return p.z > 0 && p.z < 14; }); // 6 mm of bone on the far side
  const auto pulled = block.pulled(
      [](double s) { return s < 14   ? 200 * s / 14
                            : s > 26 ? 200 * (40 - s) / 14
                                     : 0; });
  REQUIRE(pulled);
  CHECK(pulled->force_N == Approx(200));
  CHECK(pulled->in_bone_mm == Approx(6));
  CHECK(pulled->strength_N == Approx(6 * per_mm(pull_out_rules(), ComponentKind::locking_screw)));
}

TEST_CASE("the data of pull-out tell their sources, and wrong ones are refused")
{
  const PullOutRules rules = pull_out_rules();
  CHECK_FALSE(rules.record.source.empty());
  CHECK_FALSE(rules.shear_source.empty());
  CHECK(rules.threads.size() >= 4);
  for (const Thread& thread : rules.threads)
    CHECK_FALSE(thread.source.empty());
  const std::string text = R"(name = "pull_out"
words = "w"
source = "s"
status = "project_choice"
thread_base = 0.5
thread_slope = 0.6
[shear]
share_of_compression = 1.5
source = "s"
status = "project_choice"
[[thread]]
kind = "wood_screw"
outer_over_bar = 1.1
depth_over_outer = 0.1
pitch_mm = 0
source = "s"
status = "project_choice"
)";
  const std::string told =
      test::refusal_of([&] { read_pull_out(Table::parse(text, "pull_out.toml")); }, Fault::command);
  CHECK_THAT(told, Contains("share_of_compression") && Contains("between 0 and 1") &&
                       Contains("wood_screw") && Contains("pitch_mm") &&
                       Contains("more than 0 mm"));
}
