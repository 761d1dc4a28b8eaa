// A vertebra made weak at a known place comes down there: paths of the engine, not prescribed
// fields.
#include "material/catalogue.hpp"
#include "model/plasticity.hpp"
#include "unit/risk/box_vertebra.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::risk;

namespace
{
constexpr double voxel_mm = 3;
/// On the top of the body the nodes of the highest layer, on its underside those of the lowest.
constexpr double end_z = BoxVertebra::half_height;

/// A box vertebra of trabecular bone, a third as strong and stiff where `weak` holds.
BoxVertebra weakened(const std::function<bool(Vec3)>& weak)
{
  BoxVertebra box(voxel_mm);
  for (std::size_t v = 0; v < box.model.body.voxels.size(); ++v)
    if (weak(box.place(v)))
    {
      box.model.body.youngs[v] /= 3;
      box.model.compressive_strength[v] /= 3;
      box.model.tensile_strength[v] /= 3;
    }
  return box;
}

/// The underside held; the top pressed down by a platen that stays level.
model::VoxelSupports between_platens(const BoxVertebra& box)
{
  model::VoxelSupports supports;
  supports.names = {"below", "above"};
  const auto nodes = model::nodes_of(box.model.body.grid, box.model.body.voxels);
  for (std::size_t n = 0; n < nodes.size(); ++n)
  {
    if (box.nodes[n].y < -BoxVertebra::half_depth - 0.1)
      continue;
    if (box.nodes[n].z < -end_z + 0.1)
      for (int axis = 0; axis < 3; ++axis)
        supports.fixed.push_back({nodes[n], axis, 0, 0});
    else if (box.nodes[n].z > end_z - 0.1)
      supports.fixed.push_back({nodes[n], 2, -1, 1});
  }
  return supports;
}

/// 1000 N spread over the top, which may tilt.
std::vector<model::NodalForce> spread_over_top(const BoxVertebra& box)
{
  std::vector<model::NodalForce> forces;
  const auto nodes = model::nodes_of(box.model.body.grid, box.model.body.voxels);
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (box.nodes[n].z > end_z - 0.1 && box.nodes[n].y > -BoxVertebra::half_depth - 0.1)
      forces.push_back({nodes[n], {0, 0, -1}});
  for (model::NodalForce& force : forces)
    force.force = 1000.0 / static_cast<double>(forces.size()) * force.force;
  return forces;
}

VertebralCollapse followed(const BoxVertebra& box, bool tilting, double millimetres = 1)
{
  const material::ConstitutiveLaw law = material::constitutive_law("quadric_damage", "");
  const std::vector<std::uint8_t> all(box.model.body.voxels.size(), 1);
  const model::VoxelPlasticity plasticity = model::plasticity_of(box.model, law, 1, all);
  model::VoxelSupports supports = between_platens(box);
  voxel::PathLoad load;
  voxel::PathOptions options;
  options.equilibrium.averaging_mm = model::softening_length(law, box.model.body.grid).averaging_mm;
  options.most_displacement = millimetres;
  if (tilting)
  {
    std::erase_if(supports.fixed, [](const auto& fixed) { return fixed.support == 1; });
    supports.names.pop_back();
    load.forces = spread_over_top(box);
    load.size = 1000;
  }
  voxel::YieldingBody body(box.model.body, plasticity, supports, MPI_COMM_SELF);
  CollapseWatch watch(box.model, load::Bones(&box.bone, 1), collapse_rules());
  voxel::PathResult result = voxel::follow(body, load, options,
                                           [&](const voxel::PathStep& step, voxel::YieldingBody& at)
                                           { watch.see(step, at.fields().displacement); });
  analysis::FracturePath path;
  path.steps = result.steps;
  path.peak = result.peak;
  path.peak_reached = result.peak_reached;
  path.at_end = result.at_end;
  return watch.judge(path).vertebrae.front();
}

/// Within the body.
bool in_body(Vec3 p)
{
  return p.y > -BoxVertebra::half_depth;
}
} // namespace

TEST_CASE("A vertebra collapses in a weak layer, wherever it is put")
{
  for (const double z : {-9.0, 0.0, 9.0})
  {
    const BoxVertebra box =
        weakened([z](Vec3 p) { return in_body(p) && std::abs(p.z - z) < voxel_mm; });
    const VertebralCollapse found = followed(box, false);
    const double height = (z + end_z) / (2 * end_z);
    const BodyFailure& f = found.failure;
    INFO("layer at " << z << ", mode " << found.mode << found.why_not);
    CHECK(f.sections[f.failing].height == Approx(height).margin(0.13)); // a section of 5
    CHECK(f.sections[f.weakest].height == Approx(height).margin(0.13));
    CHECK(found.mode == (z > 5 ? "superior_endplate" : z < -5 ? "inferior_endplate" : "crush"));
  }
}

TEST_CASE("A vertebra weak in front wedges when its top may tilt, and more than a whole one")
{
  const BoxVertebra whole = weakened([](Vec3) { return false; });
  const BoxVertebra front = weakened([](Vec3 p) { return p.y > 5 && std::abs(p.z) < 6; });
  const VertebralCollapse a = followed(whole, true), b = followed(front, true);
  CHECK(b.mode == "wedge_anterior");
  CHECK(b.at_end.wedge_deg - b.before.wedge_deg > 0.5);
  CHECK(b.figures.at("anterior_minus_posterior") > a.figures.at("anterior_minus_posterior"));
  CHECK(std::abs(b.figures.at("right_minus_left")) < 0.05); // symmetric
}

TEST_CASE("A vertebra weak at its right side wedges to the right")
{
  const VertebralCollapse found =
      followed(weakened([](Vec3 p) { return in_body(p) && p.x > 5 && std::abs(p.z) < 6; }), true);
  CHECK(found.mode == "wedge_right");
  CHECK(found.at_end.lateral_wedge_deg > 0.3);
}

TEST_CASE("A posterior wall gone soft as under a tumour is pushed further into the canal")
{
  // Soft, not merely weak: where a wall bears less but is as stiff, the body gives way elsewhere.
  const auto softened = [](float by, double front)
  {
    BoxVertebra box(voxel_mm);
    for (std::size_t v = 0; v < box.model.body.voxels.size(); ++v)
    {
      const Vec3 p = box.place(v);
      if (in_body(p) && p.y < front && std::abs(p.x) < 9 && std::abs(p.z) < 8)
        box.model.body.youngs[v] /= by;
    }
    return box;
  };
  const VertebralCollapse whole = followed(softened(1, -8), false);
  for (const double front : {-8.0, -2.0})
    for (const float by : {10.0F, 30.0F})
    {
      const VertebralCollapse soft = followed(softened(by, front), false);
      INFO("soft behind " << front << " mm, by " << by);
      CHECK(soft.at_end.bulge_mm > 1.5 * whole.at_end.bulge_mm);
    }
}

TEST_CASE("A vertebra that is hardly pressed has not collapsed")
{
  const VertebralCollapse found = followed(weakened([](Vec3) { return false; }), false, 0.25);
  CHECK(found.mode.empty());
  CHECK(found.why_not.find("no collapse") == 0);
}
