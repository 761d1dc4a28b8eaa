#include "analysis/section_forces.hpp"
#include "bodies/bars.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace test_bodies;

namespace
{
BarPlan oblique(double outer, double width, double thickness, Vec3 along)
{
  BarPlan plan;
  plan.name = "bar";
  plan.outer = outer;
  plan.width = width;
  plan.thickness = thickness;
  plan.along = along;
  plan.from = {0.37, 0.21, 0.43};
  plan.roll = 0.4;
  plan.length = 40;
  return plan;
}

analysis::Response response_of(const SolvedBar& bar, BarLoad load)
{
  analysis::Response response;
  const voxel::Solution& solution = bar.solutions[static_cast<std::size_t>(load)];
  response.strain = solution.strain;
  response.displacement = solution.displacement;
  return response;
}

std::vector<analysis::SectionForce> forces_in(const BarInVoxels& in,
                                              const analysis::Response& response)
{
  return analysis::section_forces(in.bar, 0, in.hardware, in.model, response);
}

/// A block of 10 x 10 x 8 voxels with a corner of 4 x 6 of metal, without contraction.
model::VoxelModel block()
{
  model::VoxelModel model;
  model.body = bodies::body(
      bodies::grid({10, 10, 8}, {1, 1, 1}, 0.4), [](Vec3) { return true; }, 1000, 0);
  for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
  {
    const auto at = model::voxel_index(model.body.grid, model.body.voxels[n]);
    const bool metal = at[0] < 4 && at[1] < 6;
    model.tissue.push_back(metal ? model::TissueKind::metal : model::TissueKind::bone);
    model.body.youngs[n] = metal ? 50000 : 1000;
  }
  return model;
}

analysis::Response strained(const model::VoxelBody& body, const SymTensor& strain)
{
  analysis::Response response;
  for (const auto& node : model::nodes_of(body.grid, body.voxels))
    response.displacement.push_back(strain * Vec3{double(node.i), double(node.j), double(node.k)});
  return response;
}
} // namespace

TEST_CASE("section forces of a bar held at one end are those of statics in every direction")
{
  const Vec3 along = GENERATE(Vec3{0, 0, 1}, Vec3{1, 0, 1}, Vec3{0.3, 0.5, 1});
  const double outer = GENERATE(9.0, 3.0);
  const BarPlan plan = oblique(outer, 0, 0, along);
  const BarInVoxels in = in_voxels(plan);
  const SolvedBar bar = solved(plan, in);
  const Vec3 t = normalized(along);
  for (const BarLoad load : {BarLoad::thin, BarLoad::wide, BarLoad::pull, BarLoad::torsion})
  {
    const auto sections = forces_in(in, response_of(bar, load));
    CHECK(sections.size() == 10);
    for (const analysis::SectionForce& section : sections)
    {
      if (section.at_mm < 5 || section.at_mm > plan.length - 5) // held and loaded there
        continue;
      const EndLoad end = end_load(in, bar, load, section.point);
      const double axial = dot(end.force, t), torsion = dot(end.moment, t);
      const double force = 1e-3 * std::max(norm(end.force), 0.01);
      const double moment = 1e-3 * std::max(norm(end.moment), 1.0);
      CHECK(section.axial_N == Approx(axial).margin(force));
      CHECK(section.shear_N == Approx(norm(end.force - axial * t)).margin(force));
      CHECK(section.bending_Nmm == Approx(norm(end.moment - torsion * t)).margin(moment));
      CHECK(section.torsion_Nmm == Approx(torsion).margin(moment));
      CHECK(section.weak_Nmm == section.bending_Nmm);
      CHECK(section.strong_Nmm == 0);
    }
  }
}

TEST_CASE("a plate's moment is told about its weak and its strong axis")
{
  const BarPlan plan = oblique(0, 14, 4, {0.3, 0.5, 1});
  const BarInVoxels in = in_voxels(plan);
  const SolvedBar bar = solved(plan, in);
  for (const BarLoad load : {BarLoad::thin, BarLoad::wide})
    for (const analysis::SectionForce& section : forces_in(in, response_of(bar, load)))
    {
      if (section.at_mm < 8 || section.at_mm > plan.length - 8)
        continue;
      CHECK(std::hypot(section.weak_Nmm, section.strong_Nmm) == Approx(section.bending_Nmm));
      const double about = load == BarLoad::thin ? section.weak_Nmm : section.strong_Nmm;
      CHECK(about > 0.99 * section.bending_Nmm);
    }
}

TEST_CASE("section forces do not change when the whole body is moved and turned")
{
  const BarPlan plan = oblique(5, 0, 0, {0.3, 0.5, 1});
  const BarInVoxels in = in_voxels(plan);
  const SolvedBar bar = solved(plan, in);
  analysis::Response response = response_of(bar, BarLoad::thin);
  const auto before = forces_in(in, response);
  for (std::size_t n = 0; n < bar.nodes.size(); ++n)
    response.displacement[n] +=
        Vec3{3, -2, 1} +
        cross(Vec3{1e-3, 2e-3, -1e-3}, model::node_position(in.model.body.grid, bar.nodes[n]));
  const auto after = forces_in(in, response);
  REQUIRE(before.size() == after.size());
  for (std::size_t n = 0; n < before.size(); ++n)
  {
    CHECK(after[n].bending_Nmm == Approx(before[n].bending_Nmm).epsilon(1e-4));
    CHECK(after[n].shear_N == Approx(before[n].shear_N).epsilon(1e-4));
  }
}

TEST_CASE("what is no bar has no sections, and missing displacements are refused")
{
  const BarPlan plan = oblique(5, 0, 0, {0, 0, 1});
  BarInVoxels in = in_voxels(plan);
  CHECK_THROWS_AS(forces_in(in, {}), std::invalid_argument);
  in.bar.runs.clear();
  CHECK(forces_in(in, {}).empty());
}

TEST_CASE("bone and hardware side by side share a load by their stiffness")
{
  const model::VoxelModel model = block();
  const double strain = 1e-3;
  const auto response = strained(model.body, {0, 0, strain, 0, 0, 0});
  const image::Grid& grid = model.body.grid;
  const Vec3 up = grid.direction * Vec3{0, 0, 1};
  const double metal = strain * 50000 * 24, bone = strain * 1000 * 76;
  const auto load = analysis::shared_load(model, response, grid.point({1, 7, 3.5}), 2 * up);
  CHECK(load.hardware_N == Approx(metal));
  CHECK(load.bone_N == Approx(bone));
  // Both pull at their own centres, about the common one.
  const Vec3 of_metal{1.5, 2.5, 0}, of_all{4.5, 4.5, 0};
  const Vec3 of_bone = (100 * of_all - 24 * of_metal) / 76;
  const Vec3 common = (metal * of_metal + bone * of_bone) / (metal + bone);
  CHECK(load.hardware_moment_Nmm == Approx(metal * norm(of_metal - common)));
  CHECK(load.bone_moment_Nmm == Approx(bone * norm(of_bone - common)));
  const auto other_way = analysis::shared_load(model, response, grid.point({1, 7, 3.5}), -up);
  CHECK(other_way.hardware_N == Approx(load.hardware_N));
  const auto across = analysis::shared_load(model, response, grid.point({5.5, 5, 3}),
                                            grid.direction * Vec3{1, 0, 0});
  CHECK(std::abs(across.bone_N) + std::abs(across.hardware_N) < 1e-6 * metal);
}
