#include "unit/risk/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace calcar;
using namespace calcar::risk;
using Where = material::CriterionDomain::Where;
using model::TissueKind;

namespace
{
JudgedVoxels judged(const Block& block, const material::CriterionDomain& domain,
                    const load::LoadCase& load_case = {}, const load::Rig& rig = {})
{
  return judged_voxels(block.model, block.lattice, block.surface, domain, load_case, rig);
}

long count(const std::vector<std::uint8_t>& flags)
{
  return std::count(flags.begin(), flags.end(), 1);
}

load::LoadCase loaded_where(const std::function<bool(Vec3)>& inside)
{
  load::LoadCase load_case;
  load_case.forces.push_back({"force", patch_where(inside), {0, 0, -1}});
  return load_case;
}

load::Rig held_where(const std::function<bool(Vec3)>& inside)
{
  load::Rig rig;
  rig.supports.push_back({"floor", load::SupportKind::clamped, patch_where(inside), {}, 0});
  return rig;
}
} // namespace

TEST_CASE("bone of enough ash density is judged, at the surface or everywhere")
{
  Block block({5, 6, 7});
  material::CriterionDomain domain = everywhere();
  CHECK(count(judged(block, domain).judged) == 5 * 6 * 7);
  domain.where = Where::surface;
  const JudgedVoxels surface = judged(block, domain);
  CHECK(count(surface.judged) == 5 * 6 * 7 - 3 * 4 * 5);
  CHECK(count(surface.bone) == 5 * 6 * 7);
  CHECK(surface.judged[block.at(0, 3, 3)]);
  CHECK_FALSE(surface.judged[block.at(2, 3, 3)]);
}

TEST_CASE("marrow, tumour and bone of too little ash never count")
{
  Block block({5, 5, 5});
  block.model.tissue[block.at(1, 1, 1)] = TissueKind::soft;
  block.model.tissue[block.at(2, 2, 2)] = TissueKind::tumour;
  block.model.ash[block.at(3, 3, 3)] = 0.19F;
  block.model.ash[block.at(3, 3, 2)] = 0.25F;
  material::CriterionDomain domain = everywhere();
  domain.min_ash_g_cm3 = 0.25;
  const JudgedVoxels voxels = judged(block, domain);
  CHECK(count(voxels.bone) == 122);
  CHECK(voxels.bone == voxels.judged);
  for (const std::size_t n : {block.at(1, 1, 1), block.at(2, 2, 2), block.at(3, 3, 3)})
    CHECK_FALSE(voxels.bone[n]);
  CHECK(voxels.bone[block.at(3, 3, 2)]);
}

TEST_CASE("voxels within the distance of a loaded or held node are not judged")
{
  const Block block({12, 13, 20}, {1, 1, 0.8}, 0.5);
  const Vec3 up = block.model.body.grid.direction * Vec3{0, 0, 1};
  const auto on_top = [&](Vec3 p) { return dot(p, up) > 7.9 && norm(p - 8 * up) < 2.1; };
  const auto below = [&](Vec3 p) { return dot(p, up) < -7.9; };
  material::CriterionDomain domain = everywhere();
  domain.exclude_mm_from_load = 4;
  domain.exclude_mm_from_support = 3;
  const JudgedVoxels voxels = judged(block, domain, loaded_where(on_top), held_where(below));
  int excluded = 0;
  for (std::size_t n = 0; n < voxels.judged.size(); ++n)
  {
    bool near = false;
    for (const Vec3& point : block.surface.points)
    {
      const double distance = norm(point - block.centre(n));
      near = near || (on_top(point) && distance <= 4) || (below(point) && distance <= 3);
    }
    REQUIRE(voxels.judged[n] == !near);
    CHECK(voxels.bone[n]);
    excluded += near;
  }
  CHECK(excluded > 500);
}

TEST_CASE("what is excluded lies evenly about a patch")
{
  const Block block({20, 20, 20});
  material::CriterionDomain domain = everywhere();
  domain.exclude_mm_from_load = 5.3;
  const JudgedVoxels voxels =
      judged(block, domain, loaded_where([](Vec3 p) { return p.z > 9.9 && norm(p) < 10.5; }));
  for (int k = 0; k < 20; ++k)
    for (int j = 0; j < 20; ++j)
      for (int i = 0; i < 20; ++i)
      {
        const auto here = voxels.judged[block.at(i, j, k)];
        REQUIRE(here == voxels.judged[block.at(19 - i, j, k)]);
        REQUIRE(here == voxels.judged[block.at(i, 19 - j, k)]);
        REQUIRE(here == voxels.judged[block.at(j, i, k)]);
      }
  CHECK_FALSE(voxels.judged[block.at(9, 9, 19)]);
  CHECK(voxels.judged[block.at(9, 9, 0)]);
}

TEST_CASE("distances of 0 exclude nothing")
{
  const Block block({6, 6, 6});
  const auto all = [](Vec3) { return true; };
  const JudgedVoxels voxels = judged(block, everywhere(), loaded_where(all), held_where(all));
  CHECK(count(voxels.judged) == 216);
}

TEST_CASE("the average of an even field is the field, and of a linear field its middle value")
{
  const Block block({12, 12, 12}, {1, 0.9, 1.2}, 0.4);
  const JudgedVoxels voxels = judged(block, everywhere());
  std::vector<double> even(voxels.bone.size(), 0.7);
  std::vector<double> linear;
  for (std::size_t n = 0; n < even.size(); ++n)
    linear.push_back(3 + dot(block.centre(n), {0.1, -0.2, 0.15}));
  for (const double diameter : {0.0, 2.0, 4.0, 5.5})
  {
    for (const double mean : averaged(even, block.model, voxels, diameter))
      CHECK(mean == Approx(0.7));
    const auto means = averaged(linear, block.model, voxels, diameter);
    int inner = 0;
    for (int k = 3; k < 9; ++k)
      for (int j = 4; j < 8; ++j)
        for (int i = 3; i < 9; ++i, ++inner)
          CHECK(means[block.at(i, j, k)] == Approx(linear[block.at(i, j, k)]));
    CHECK(inner == 6 * 4 * 6);
  }
}

TEST_CASE("an average is over the bone voxels of the ball, and only where judged")
{
  Block block({7, 7, 7});
  const std::size_t middle = block.at(3, 3, 3);
  block.model.tissue[block.at(4, 3, 3)] = TissueKind::tumour;
  JudgedVoxels voxels = judged(block, everywhere());
  voxels.judged[block.at(2, 3, 3)] = 0; // not judged, yet bone
  std::vector<double> field(343, 1.0);
  field[middle] = 8;
  field[block.at(4, 3, 3)] = 1000;
  const auto means = averaged(field, block.model, voxels, 2); // the voxel and its six neighbours
  CHECK(means[middle] == Approx((8 + 5 * 1.0) / 6));
  CHECK(means[block.at(2, 3, 3)] == 0);
  CHECK(means[block.at(4, 3, 3)] == 0);
  CHECK(means[block.at(0, 0, 0)] == 1);
  // Where one voxel fills half the ball, each has its own value.
  CHECK(averaged(field, block.model, voxels, 1.2)[middle] == 8);
  CHECK(averaged(field, block.model, voxels, 0)[middle] == 8);
}

TEST_CASE("at edges and corners a mean is over as many voxels as fill half a ball")
{
  // As in cell_domain_test.cc, on voxels of 0.25 mm; their centres lie 0.125 mm inside.
  const Block block({40, 40, 40}, {0.25, 0.25, 0.25});
  const JudgedVoxels voxels = judged(block, everywhere());
  std::vector<double> depth;
  for (std::size_t n = 0; n < voxels.bone.size(); ++n)
    depth.push_back(block.centre(n).x - block.centre(block.at(0, 0, 0)).x + 0.125);
  const auto means = averaged(depth, block.model, voxels, 4);
  CHECK(means[block.at(20, 20, 20)] == Approx(depth[block.at(20, 20, 20)]));
  const double flat = means[block.at(0, 20, 20)];
  CHECK(flat == Approx(0.75 + 0.08).margin(0.03));
  CHECK(means[block.at(0, 0, 20)] == Approx(0.75 * std::cbrt(2)).margin(0.05));
  CHECK(means[block.at(0, 0, 0)] == Approx(0.75 * std::cbrt(4)).margin(0.05));
}

TEST_CASE("a wall thinner than the ball is averaged over the same volume, alike on both sides")
{
  const Block block({30, 30, 1});
  const JudgedVoxels voxels = judged(block, everywhere());
  std::vector<double> field(voxels.bone.size(), 0);
  const std::size_t middle = block.at(15, 15, 0);
  field[middle] = 1;
  // Half a ball of 4 mm is 16.76 voxels: the 13 within 2 mm, and of the next 8 the rest.
  const auto means = averaged(field, block.model, voxels, 4);
  CHECK(means[middle] == Approx(3 / (2 * std::numbers::pi * 8)));
  const double rest = (2 * std::numbers::pi * 8 / 3 - 13) / 8;
  for (const auto& [i, j] : {std::array{2, 1}, {-1, 2}, {-2, -1}, {1, -2}})
    CHECK(means[block.at(15 + i, 15 + j, 0)] == Approx(rest * 3 / (2 * std::numbers::pi * 8)));
}
