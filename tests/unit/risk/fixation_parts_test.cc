// Cement, shielding, load share and interface motion in hand-made bodies with made-up strains.
#include "refusal.hpp"
#include "risk/ball_mean.hpp"
#include "risk/bone_zones.hpp"
#include "risk/cement_stress.hpp"
#include "risk/interface_motion.hpp"
#include "risk/load_share.hpp"
#include "risk/shielding.hpp"
#include "unit/risk/fixed_block.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::risk;
using Catch::Contains;
using load::ActivityKind;
using model::TissueKind;

namespace
{
/// A ball of cement of 6 mm radius in a block of bone.
struct CementBlock : FixedBlock
{
  CementBlock() : FixedBlock({21, 21, 21}) { add_cement("cement", {}, bodies::ball({}, 6)); }

  CementVerdict judged(const analysis::Response& response,
                       ActivityKind kind = ActivityKind::daily) const
  {
    return cement_stress(view(), 0, response, kind).value();
  }
};

const material::Alloy& pmma()
{
  static const material::Alloy alloy = material::alloy("pmma", "");
  return alloy;
}

SymTensor shear(Vec3 normal, Vec3 along, double gamma)
{
  const auto part = [&](int a, int b)
  { return 0.5 * gamma * (normal[a] * along[b] + normal[b] * along[a]); };
  return {part(0, 0), part(1, 1), part(2, 2), part(1, 2), part(2, 0), part(0, 1)};
}
} // namespace

TEST_CASE("cement under even tension or compression is judged by its own strength in each")
{
  const CementBlock block;
  const CementVerdict pulled =
      block.judged(block.strained(uniaxial(8, pmma().youngs, pmma().poisson)));
  CHECK(pulled.component == "cement");
  CHECK(pulled.tension_MPa == Approx(8).epsilon(1e-5));
  CHECK(pulled.compression_MPa == Approx(0).margin(1e-4));
  CHECK(pulled.utilisation == Approx(8 / pmma().ultimate_tension).epsilon(1e-5));
  CHECK(pulled.fatigue_utilisation ==
        Approx(4 / pmma().endurance + 4 / pmma().ultimate_tension).epsilon(1e-5));
  const auto strain = uniaxial(-30, pmma().youngs, pmma().poisson);
  const CementVerdict pressed = block.judged(block.strained(strain));
  CHECK(pressed.compression_MPa == Approx(30).epsilon(1e-5));
  CHECK(pressed.utilisation == Approx(30 / pmma().ultimate_compression).epsilon(1e-5));
  CHECK(pressed.fatigue_utilisation == Approx(0).margin(1e-4));
  CHECK(block.judged(block.strained(uniaxial(8, 2500, 0.3)), ActivityKind::accident)
            .fatigue_utilisation == 0);
}

TEST_CASE("a single voxel of cement does not decide, and bone beside it does not count")
{
  const CementBlock block;
  analysis::Response response = block.strained({});
  const auto peak = uniaxial(19, pmma().youngs, pmma().poisson);
  const auto at = [&](Vec3 p)
  {
    for (std::size_t n = 0; n < block.body.tissue.size(); ++n)
      if (norm(block.centre(n) - p) < 0.1)
        return n;
    FAIL("no such voxel");
    return std::size_t{0};
  };
  response.strain[at({0, 0, 0})] = peak; // one of the 19 voxels of a ball of 3 mm
  CHECK(block.judged(response).tension_MPa == Approx(1).epsilon(1e-4));
  response = block.strained({});
  for (std::size_t n = 0; n < block.body.tissue.size(); ++n)
    if (block.body.tissue[n] == TissueKind::bone)
      response.strain[n] = peak;
  CHECK(block.judged(response).utilisation == 0);
  CHECK_FALSE(cement_stress(block.view(), 0, response, ActivityKind::daily)->tension_MPa > 0);
}

TEST_CASE("a surface from a file is judged by the averaged stress of its voxels, and says so")
{
  FixedBlock block({15, 15, 15});
  block.add_bar(implant::ComponentKind::own_mesh, "own", {0, 0, -7}, {0, 0, 7}, 8);
  block.fixation.components[0].runs.clear();
  const material::Alloy ti = material::alloy("ti6al4v_eli", "");
  const auto response = block.strained(uniaxial(-200, ti.youngs, ti.poisson));
  const auto own = own_mesh_stress(block.view(), 0, response, ActivityKind::daily);
  REQUIRE(own);
  CHECK(own->stress_MPa == Approx(200).epsilon(1e-4));
  CHECK(own->normal_MPa == Approx(-200).epsilon(1e-4));
  CHECK(own->yield_utilisation == Approx(200 / ti.yield).epsilon(1e-4));
  CHECK(own->fatigue_utilisation ==
        Approx(100 / *ti.endurance_notched + 100 / ti.ultimate_tension).epsilon(1e-4));
  CHECK_THAT(own->doubts.back(), Contains("rough"));
  CHECK(own_mesh_stress(block.view(), 0, response, ActivityKind::accident)->fatigue_utilisation ==
        0);
  CHECK_FALSE(own_mesh_stress(CementBlock().view(), 0, response, ActivityKind::daily));
}

TEST_CASE("cement is found where the body's grid is larger than that of the hardware")
{
  CementBlock small;
  CementBlock block;
  block.hardware.grid = bodies::grid({15, 15, 15}); // the same places, counted on its own grid
  for (std::size_t n = 0; n < block.hardware.voxels.size(); ++n)
  {
    const Vec3 p = model::voxel_centre(small.hardware.grid, small.hardware.voxels[n]);
    const Vec3 index = block.hardware.grid.index(p);
    block.hardware.voxels[n] = block.hardware.grid.offset(static_cast<int>(std::lround(index.x)),
                                                          static_cast<int>(std::lround(index.y)),
                                                          static_cast<int>(std::lround(index.z)));
  }
  analysis::Response response = block.strained({});
  for (std::size_t n = 0; n < response.strain.size(); ++n)
    response.strain[n] = uniaxial(block.centre(n).x + 2 * block.centre(n).z, 2500, 0.3);
  CHECK(block.judged(response).tension_MPa == Approx(small.judged(response).tension_MPa));
  CHECK(block.judged(response).tension_MPa > 5);
}

TEST_CASE("the mean over a ball keeps an even and, inside, a linear field")
{
  const image::Grid grid = bodies::grid({9, 9, 9}, {1, 0.8, 1.2});
  const model::VoxelBody body = bodies::body(grid, [](Vec3 p) { return p.x < 2.5; });
  std::vector<double> linear, even(body.voxels.size(), 3);
  for (const std::uint64_t voxel : body.voxels)
    linear.push_back(dot(model::voxel_centre(grid, voxel), {1, -2, 0.5}));
  const auto means = ball_means<double>(grid, body.voxels, linear, 3);
  int inner = 0;
  for (std::size_t n = 0; n < means.size(); ++n)
  {
    const Vec3 p = model::voxel_centre(grid, body.voxels[n]);
    if (p.x < 1 && p.x > -2.6 && std::abs(p.y) < 1.8 && std::abs(p.z) < 3.1)
    {
      CHECK(means[n] == Approx(linear[n]).margin(1e-12));
      ++inner;
    }
  }
  CHECK(inner > 50);
  for (const double mean : ball_means<double>(grid, body.voxels, even, 3))
    CHECK(mean == Approx(3));
}

TEST_CASE("a region strained half as much as its twin has lost three quarters of its energy")
{
  // A cylinder of the synthetic femur's shaft, across the border to the subtrochanteric region.
  const auto femur = synthetic_femur(anatomy::Side::left);
  const Vec3 middle = femur_point(femur.anatomy, -40, -8, -110);
  image::Grid grid = bodies::grid({9, 9, 40});
  grid.origin += middle;
  const model::VoxelModel bone = Block::make(grid);
  const auto energy = [&](double upper, double lower)
  {
    analysis::Response response;
    for (const std::uint64_t voxel : bone.body.voxels)
      response.strain.push_back(
          uniaxial(model::voxel_centre(grid, voxel).z > middle.z ? upper : lower, 10000, 0.3));
    return region_energy(bone, response, femur.anatomy);
  };
  const auto twin = energy(20, 40);
  REQUIRE(twin.size() == 2);
  CHECK(twin.at("subtrochanteric") == Approx(0.5 * 20 * 20 / 10000).epsilon(1e-5));
  CHECK(twin.at("shaft") == Approx(0.5 * 40 * 40 / 10000).epsilon(1e-5));
  const auto lost = shielding(energy(30, 20), twin);
  REQUIRE(lost.size() == 2);
  CHECK(lost[0].region == "shaft");
  CHECK(lost[0].lost == Approx(0.75));
  CHECK(lost[1].lost == Approx(1 - 2.25));
}

TEST_CASE("only bone has strain energy, and regions that bear next to nothing are left out")
{
  FixedBlock block({10, 10, 10});
  block.add_bar(implant::ComponentKind::rod, "rod", {0, 0, -5}, {0, 0, 5}, 4);
  const auto energy =
      region_energy(block.body, block.strained(uniaxial(20, 10000, 0.3)), block.bone);
  REQUIRE(energy.size() == 1);
  CHECK(energy.begin()->second == Approx(0.5 * 20 * 20 / 10000).epsilon(1e-5));
  const auto lost = shielding({{"a", 0.5}, {"b", 0.001}, {"c", 1}}, {{"a", 1}, {"b", 0.009}});
  REQUIRE(lost.size() == 1);
  CHECK(lost[0].region == "a");
  CHECK(lost[0].lost == Approx(0.5));
  CHECK(shielding({{"a", 1}}, {}).empty());
}

TEST_CASE("shares are of sizes, from nothing to all")
{
  CHECK(load_share({-300, -100, 0, 0}).force == Approx(0.25));
  CHECK(load_share({-300, 100, 0, 0}).force == Approx(0.25));
  CHECK(load_share({-300, -100, 4000, 12000}).moment == Approx(0.75));
  CHECK(load_share({0, -100, 0, 0}).force == 1);
  CHECK(load_share({}).force == 0);
  CHECK(load_share({}).moment == 0);
}

TEST_CASE("load is shared at the largest lesion, across the bone's own axis there")
{
  FixedBlock block({5, 5, 5});
  block.bone = synthetic_femur(anatomy::Side::left).anatomy;
  const anatomy::BoneAnatomy& femur = block.bone;
  for (double z = -90; z > -300; z -= 10) // a shaft that leans forward
    block.bone.shaft_centres.push_back(femur_point(femur, -40, -8 - 0.1 * z, z));
  block.add_bar(implant::ComponentKind::rod, "rod", femur_point(femur, -40, 0, -100),
                femur_point(femur, -40, 0, -200), 4);
  const ShareLevel middle = share_level(block.view());
  CHECK(norm(middle.point - femur_point(femur, -40, 0, -150)) < 1e-9);
  const Vec3 lean = normalized(-0.1 * femur.frame.anterior + femur.frame.proximal);
  CHECK(std::abs(dot(middle.across, lean)) == Approx(1));
  CHECK_THAT(middle.words, Contains("middle of the implant") && Contains("own axis"));
  const Vec3 neck = femur.landmarks.at("femoral_neck_centre");
  block.lesions = {bodies::sphere_lesion(femur_point(femur, -40, 0, -180), 8),
                   bodies::sphere_lesion(neck, 9)};
  const ShareLevel lesion = share_level(block.view());
  CHECK(lesion.point == neck);
  CHECK(std::abs(dot(lesion.across, normalized(neck - femur.frame.origin))) == Approx(1));
  CHECK_THAT(lesion.words, Contains("lesion \"sphere\""));
  block.bone.kind = anatomy::BoneKind::vertebra; // without shaft and neck
  block.bone.shaft_centres.clear();
  CHECK(share_level(block.view()).across == femur.frame.proximal);
}

TEST_CASE("slip is what a contact layer shears along its face, whatever way the grid is turned")
{
  for (const double turn : {0.0, 0.8})
  {
    Block block({7, 7, 7}, {1, 1, 0.8}, turn);
    model::VoxelContact contact;
    for (int j = 0; j < 7; ++j) // a layer across z in the middle; the implant below it
      for (int i = 0; i < 7; ++i)
      {
        contact.voxels.push_back({block.at(i, j, 3), {0, 0, 1}, 100, 1});
        block.model.tissue[block.at(i, j, 3)] = TissueKind::interface;
        for (int k = 0; k < 3; ++k)
          block.model.tissue[block.at(i, j, k)] = TissueKind::metal;
      }
    const auto motion = [&](const SymTensor& e)
    {
      return interface_motion_um(block.model, contact,
                                 std::vector<SymTensor>(block.model.tissue.size(), e));
    };
    // u_x = 0.02 z across a layer of 0.8 mm; lifting off and stretching along it are no slip.
    const SymTensor sheared = shear({0, 0, 1}, {1, 0, 0}, 0.02);
    CHECK(motion(sheared) == Approx(16));
    CHECK(motion(sheared + SymTensor{0.01, -0.02, 0.05, 0, 0, 0.01}) == Approx(16));
    CHECK(motion(shear({0, 0, 1}, {0.6, 0.8, 0}, -0.02)) == Approx(16));
    CHECK(motion({0.01, -0.02, 0.05, 0, 0, 0.01}) == Approx(0).margin(1e-12));
    for (model::ContactVoxel& one : contact.voxels)
      one.normal = {0, 0, -1}; // looking at the metal: no bone there to slip against
    CHECK(motion(sheared) == 0);
    CHECK(interface_motion_um(block.model, {}, {}) == 0);
  }
}

TEST_CASE("one voxel that slips most is told, and marrow beside a nail does not count")
{
  Block block({5, 5, 5});
  model::VoxelContact contact;
  std::vector<SymTensor> strain(block.model.tissue.size());
  for (int i = 0; i < 5; ++i)
  {
    contact.voxels.push_back({block.at(i, 2, 2), {0, 1, 0}, 100, 1});
    strain[block.at(i, 2, 2)] = shear({0, 1, 0}, {0, 0, 1}, 0.01 * (i + 1));
  }
  CHECK(interface_motion_um(block.model, contact, strain) == Approx(50));
  block.model.tissue[block.at(4, 3, 2)] = TissueKind::soft;
  CHECK(interface_motion_um(block.model, contact, strain) == Approx(40));
}
