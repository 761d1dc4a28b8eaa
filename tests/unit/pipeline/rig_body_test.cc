#include "base/error.hpp"
#include "pipeline/mesh_problem.hpp"
#include "pipeline/prediction.hpp"
#include "pipeline/rig_body.hpp"
#include "refusal.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;

namespace
{
/// A cube of bone, 10 mm wide about the origin.
model::VoxelModel cube()
{
  model::VoxelModel model;
  model.body = bodies::body(bodies::grid({10, 10, 10}), [](Vec3) { return true; });
  const std::size_t count = model.body.voxels.size();
  model.tissue.assign(count, model::TissueKind::bone);
  model.ash.assign(count, 0.5F);
  model.compressive_strength.assign(count, 8);
  model.tensile_strength.assign(count, 6);
  return model;
}

/// A rig with a spot placed by a landmark 2 mm above the bone's top, and an activity on it.
RigCases rig_of(const std::string& name, std::vector<load::Layer> layers = {})
{
  RigCases rig;
  rig.rig.name = name;
  rig.rig.layers = std::move(layers);
  load::Patch patch;
  patch.name = "spot";
  patch.centre = {0, 0, 7};
  patch.radius_mm = 4;
  patch.on_surface = true;
  patch.weight = [](Vec3 p, Vec3) { return norm(p - Vec3{0, 0, 7}) < 4 ? 1.0 : 0.0; };
  rig.cases.emplace_back();
  rig.cases.back().name = "pressing";
  rig.cases.back().forces = {{"force", patch, {0, 0, -1}, {}, 0}};
  return rig;
}

load::Layer pad()
{
  return {"pad", "", "pmma_cap", {[](const Vec3& p) { return 0 * p.x; }}, {0, 0, 1}, 3};
}

double height_of_load(const RigCases& rig)
{
  return rig.cases.front().forces.front().patch.centre.z;
}
} // namespace

TEST_CASE("rigs without layers share the bone's shape, a rig with layers has a body of its own")
{
  const model::VoxelModel bone = cube();
  std::vector<RigCases> rigs = {rig_of("bare"), rig_of("padded", {pad()}), rig_of("bare too")};
  const auto bodies = make_rig_bodies(bone, rigs);
  REQUIRE(bodies.size() == 3);
  CHECK(bodies[0].shape == bodies[2].shape);
  CHECK(bodies[0].shape != bodies[1].shape);
  CHECK_FALSE(layered(bone, bodies[0]));
  const auto padded = layered(bone, bodies[1]);
  REQUIRE(padded);
  CHECK(padded->body.voxels.size() == 1000 + 300);
  CHECK(padded->layer_volume_mm3 == std::vector<double>{300});
  CHECK(bodies[1].shape->surface.nodes.size() > bodies[0].shape->surface.nodes.size());
}

TEST_CASE("loads settle on the outer surface: the bone's, or that of the layer over it")
{
  std::vector<RigCases> rigs = {rig_of("bare"), rig_of("padded", {pad()})};
  make_rig_bodies(cube(), rigs);
  CHECK(height_of_load(rigs[0]) == Approx(5).margin(0.3));
  CHECK(height_of_load(rigs[1]) == Approx(8).margin(0.3));
}

TEST_CASE("a mesh read from a file refuses the rigs that have layers, in words")
{
  MeshInput input;
  input.place = "case.toml:12";
  const std::vector<RigCases> rigs = {rig_of("bare"), rig_of("padded", {pad()})};
  refuse_layers(input, rigs); // made from the mask, with its layers
  input.file = "bone.msh";
  refuse_layers(input, {rig_of("bare")});
  const std::string message = test::refusal_of([&] { refuse_layers(input, rigs); }, Fault::command);
  CHECK_THAT(message, Contains("case.toml:12") && Contains("\"pressing\"") && Contains("\"pad\"") &&
                          Contains("\"padded\"") && Contains("bone.msh") &&
                          Contains("method = \"voxel\"") && !Contains("\"bare\""));
}

TEST_CASE("a mesh of several bones is refused, in words")
{
  load::Layer disc = pad();
  disc.joint.emplace();
  const std::string message = test::refusal_of(
      [&] {
        refuse_layers({}, {rig_of("segment", {pad(), disc})});
      },
      Fault::command);
  CHECK_THAT(message, Contains("from bone to bone") && Contains("\"segment\"") &&
                          Contains("method = \"voxel\""));
}

TEST_CASE("rigs without layers share a mesh, each rig with layers has its own")
{
  using Groups = std::vector<std::vector<std::size_t>>;
  CHECK(rigs_by_mesh({rig_of("a"), rig_of("b", {pad()}), rig_of("c"), rig_of("d", {pad()})}) ==
        Groups{{0, 2}, {1}, {3}});
  CHECK(rigs_by_mesh({rig_of("b", {pad()})}) == Groups{{0}});
  CHECK(rigs_by_mesh({rig_of("a"), rig_of("c")}) == Groups{{0, 1}});
}

TEST_CASE("forces of inertia on every node count in the predicted memory")
{
  const model::VoxelBody body = bodies::body(bodies::grid({30, 30, 30}), [](Vec3) { return true; });
  const double nodes = 31 * 31 * 31;
  const auto peak = [&](int balanced)
  { return predict(body, {.loads = 6, .balanced_loads = balanced}).memory_MB; };
  CHECK(peak(6) - peak(3) == Approx(3 * nodes * sizeof(model::NodalForce) / 1e6).epsilon(0.01));
  CHECK(peak(3) > peak(0));
}
