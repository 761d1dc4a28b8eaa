// Layers beside the bone and inertia relief against closed forms.

#include "analysis/solve_rig.hpp"
#include "base/error.hpp"
#include "model/boundary.hpp"
#include "model/inertia_relief.hpp"
#include "model/layers.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>
#include <map>
#include <tuple>

using namespace calcar;

namespace
{
constexpr double bone_youngs = 400;

/// A block of bone of 12 x 8 mm, 16 mm high about the origin, without lateral contraction.
model::VoxelModel block(double voxel_mm, double turn = 0)
{
  const auto count = [&](double length)
  { return static_cast<int>(std::lround(length / voxel_mm)); };
  model::VoxelModel model;
  model.body = bodies::body(
      bodies::grid({count(12), count(8), count(16)}, {voxel_mm, voxel_mm, voxel_mm}, turn),
      [](Vec3) { return true; }, bone_youngs, 0.0);
  const std::size_t voxels = model.body.voxels.size();
  model.tissue.assign(voxels, model::TissueKind::bone);
  model.ash.assign(voxels, 0.5F);
  model.compressive_strength.assign(voxels, 8);
  model.tensile_strength.assign(voxels, 6);
  return model;
}

/// All above or below a height along `up`, within the block's outline.
geometry::Solid beyond(Vec3 up, double from, double to)
{
  return {[=](const Vec3& p) { return std::max(from - dot(p, up), dot(p, up) - to); }};
}

/// A block between two discs of their own thickness, all without lateral contraction, so that the
/// closed form of springs in series is exact.
struct Sandwich
{
  double voxel_mm;
  Vec3 up;
  model::VoxelModel model;
  model::Surface surface;

  Sandwich(double size, double turn, const std::string& above, const std::string& below)
      : voxel_mm(size)
  {
    const model::VoxelModel bone = block(size, turn);
    up = bone.body.grid.direction * Vec3{0, 0, 1};
    load::Rig rig;
    rig.name = "two discs";
    // The zones are wider than the bone: only what lies over it is filled.
    rig.layers = {{"upper", "", above, beyond(up, 0, 100), up, 4},
                  {"lower", "", below, beyond(-up, 0, 100), -up, 6}};
    model::LayerVoxels layers = model::layer_voxels(bone.body, rig);
    for (material::Tissue& tissue : layers.tissues)
      tissue.poisson = 0;
    model = model::with_layers(bone, layers);
    surface = model::surface_of(model.body, model::Lattice(model.body));
  }

  /// The end of the upper disc.
  load::Patch top() const
  {
    load::Patch patch;
    patch.name = "top";
    patch.centre = 12 * up;
    patch.weight = [axis = up](Vec3 p, Vec3) { return dot(p, axis) > 12 - 1e-6 ? 1.0 : 0.0; };
    return patch;
  }

  analysis::RigResult pressed(double force) const
  {
    load::Patch floor;
    floor.name = "floor";
    floor.weight = [axis = up](Vec3 p, Vec3) { return dot(p, axis) < -14 + 1e-6 ? 1.0 : 0.0; };
    load::Rig rig;
    rig.name = "press";
    rig.supports.push_back({"floor", load::SupportKind::clamped, floor, {}, 0});
    load::LoadCase press;
    press.name = "press";
    press.forces = {{"platen", even(top()), -force * up}};
    voxel::Options options;
    options.relative_residual = 1e-11;
    return analysis::solve_rig(model.body, surface, rig, {press}, MPI_COMM_SELF, options);
  }

  /// An even pressure on the end: the surface's areas are rounded over at its edges, so the weight
  /// of a node is the face area that belongs to it.
  load::Patch even(load::Patch patch) const
  {
    std::map<std::tuple<long, long, long>, double> share;
    const auto key = [](Vec3 p)
    { return std::tuple(std::lround(1e3 * p.x), std::lround(1e3 * p.y), std::lround(1e3 * p.z)); };
    const image::Grid& grid = model.body.grid;
    for (std::size_t n = 0; n < surface.nodes.size(); ++n)
    {
      const Vec3 local = transpose(grid.direction) * surface.points[n];
      const double x = std::abs(std::abs(local.x) - 6) < 1e-6 ? 0.5 : 1;
      const double y = std::abs(std::abs(local.y) - 4) < 1e-6 ? 0.5 : 1;
      share[key(surface.points[n])] = x * y * voxel_mm * voxel_mm / surface.areas[n];
    }
    patch.weight = [inner = patch.weight, share, key](Vec3 p, Vec3 normal)
    { return inner(p, normal) > 0 ? share.at(key(p)) : 0.0; };
    return patch;
  }
};

/// Mean displacement along `up` of the nodes at a height.
double sink(const Sandwich& sandwich, const analysis::RigResult& result, double height)
{
  double sum = 0;
  int count = 0;
  for (std::size_t n = 0; n < result.nodes.size(); ++n)
    if (std::abs(dot(model::node_position(sandwich.model.body.grid, result.nodes[n]), sandwich.up) -
                 height) < 1e-6)
    {
      sum += dot(model::to_lps(sandwich.model.body.grid, result.responses[0].displacement[n]),
                 sandwich.up);
      ++count;
    }
  return sum / count;
}
} // namespace

TEST_CASE("a block between two discs gives way as three springs in series")
{
  const double area = 12 * 8, force = 500;
  const double soft = material::tissue("growth_plate", "").youngs;
  const double hard = material::tissue("pmma_cap", "").youngs;
  for (const double turn : {0.0, 0.6})
    for (const double size : {2.0, 1.0})
    {
      INFO("voxels of " << size << " mm, turned by " << turn);
      const Sandwich sandwich(size, turn, "growth_plate", "pmma_cap");
      REQUIRE(sandwich.model.layer_volume_mm3.at(0) == Approx(area * 4));
      REQUIRE(sandwich.model.layer_volume_mm3.at(1) == Approx(area * 6));
      const auto result = sandwich.pressed(force);
      const double stress = force / area;
      CHECK(-sink(sandwich, result, -8) == Approx(stress * 6 / hard).epsilon(1e-6));
      CHECK(-sink(sandwich, result, 8) ==
            Approx(stress * (6 / hard + 16 / bone_youngs)).epsilon(1e-6));
      CHECK(-sink(sandwich, result, 12) ==
            Approx(stress * (6 / hard + 16 / bone_youngs + 4 / soft)).epsilon(1e-6));
      CHECK(result.responses[0].equilibrium.force_error() < 1e-8);
      CHECK(result.responses[0].equilibrium.moment_error() < 1e-8);
    }
}

TEST_CASE("a scan turned by 90 degrees gives a body with layers that answers the same")
{
  // The same block in the same place, its image's axes along z, x and y: a force of any direction
  // and a couple through an oblique cap.
  const auto solved = [](const image::Grid& grid)
  {
    model::VoxelModel bone;
    bone.body = bodies::body(
        grid, [](Vec3 p) { return norm(p) < 9; }, 700, 0.3);
    const std::size_t voxels = bone.body.voxels.size();
    bone.tissue.assign(voxels, model::TissueKind::bone);
    for (std::vector<float>* values :
         {&bone.ash, &bone.compressive_strength, &bone.tensile_strength})
      values->assign(voxels, 1);
    const Vec3 out = normalized({1, 2, 15});
    load::Patch floor;
    floor.name = "floor";
    floor.weight = [](Vec3 p, Vec3) { return p.z < -6.5 ? 1.0 : 0.0; };
    load::Rig rig;
    rig.name = "oblique";
    rig.layers = {{"cap", "", "pmma_cap", geometry::cylinder({}, 13.2 * out, 6.3), out, 0}};
    rig.supports.push_back({"floor", load::SupportKind::clamped, floor, {}, 0});
    const auto model = model::with_layers(bone, model::layer_voxels(bone.body, rig));
    const auto surface = model::surface_of(model.body, model::Lattice(model.body));
    load::Patch top;
    top.name = "top";
    top.centre = 13 * out;
    top.weight = [out](Vec3 p, Vec3) { return std::max(0.0, dot(p, out) - 10.7); };
    load::LoadCase press;
    press.name = "press";
    press.forces = {{"press", top, {30, -40, -400}, {500, -300, 200}, 0.2}};
    voxel::Options options;
    options.relative_residual = 1e-11;
    const auto result =
        analysis::solve_rig(model.body, surface, rig, {press}, MPI_COMM_SELF, options);
    std::map<std::tuple<long, long, long>, Vec3> moved; // by place
    for (std::size_t n = 0; n < result.nodes.size(); ++n)
    {
      const Vec3 p = model::node_position(model.body.grid, result.nodes[n]);
      moved[{std::lround(1e3 * p.x), std::lround(1e3 * p.y), std::lround(1e3 * p.z)}] =
          model::to_lps(model.body.grid, result.responses[0].displacement[n]);
    }
    return moved;
  };
  const image::Grid straight = bodies::grid({20, 20, 20});
  image::Grid turned = straight;
  turned.direction = {Vec3{0, 1, 0}, Vec3{0, 0, 1}, Vec3{1, 0, 0}};
  const auto a = solved(straight);
  const auto b = solved(turned);
  REQUIRE(a.size() == b.size());
  double most = 0, apart = 0;
  for (const auto& [place, displacement] : a)
  {
    most = std::max(most, norm(displacement));
    apart = std::max(apart, norm(displacement - b.at(place)));
  }
  CHECK(apart < 1e-7 * most);
}

TEST_CASE("the stiffness of a cap hardly shows, that of a disc does")
{
  const double area = 12 * 8;
  const auto stiffness = [&](const std::string& tissue)
  {
    const Sandwich sandwich(2, 0, tissue, tissue);
    return 500 / -sink(sandwich, sandwich.pressed(500), 12);
  };
  const double bone = area * bone_youngs / 16;
  const double cap = material::tissue("pmma_cap", "").youngs;
  const double disc = material::tissue("growth_plate", "").youngs;
  CHECK(stiffness("pmma_cap") ==
        Approx(1 / (1 / bone + 10 / (area * cap))).epsilon(1e-6)); // 9 % less than the bone's
  CHECK(stiffness("growth_plate") == Approx(1 / (1 / bone + 10 / (area * disc))).epsilon(1e-6));
}

namespace
{
/// A bar of 6 x 6 mm along the third axis of a grid, 40 mm long, free of supports.
struct FreeBar
{
  static constexpr double half = 20, side = 6, youngs = 1000;

  model::VoxelBody body;
  model::Surface surface;
  Vec3 along;
  Vec3 across;

  explicit FreeBar(double turn, double voxel_mm = 1)
  {
    const int wide = static_cast<int>(std::lround(side / voxel_mm));
    const int tall = static_cast<int>(std::lround(2 * half / voxel_mm));
    body = bodies::body(
        bodies::grid({wide, wide, tall}, {voxel_mm, voxel_mm, voxel_mm}, turn),
        [](Vec3) { return true; }, youngs, 0.0);
    surface = model::surface_of(body, model::Lattice(body));
    along = body.grid.direction * Vec3{0, 0, 1};
    across = body.grid.direction * Vec3{1, 0, 0};
  }

  /// The end at +half, with the share of the face that belongs to each node.
  load::Patch end() const
  {
    load::Patch patch;
    patch.name = "end";
    patch.centre = half * along;
    std::map<std::tuple<long, long, long>, double> share;
    const auto key = [](Vec3 p)
    { return std::tuple(std::lround(1e3 * p.x), std::lround(1e3 * p.y), std::lround(1e3 * p.z)); };
    for (std::size_t n = 0; n < surface.nodes.size(); ++n)
    {
      const Vec3 local = transpose(body.grid.direction) * surface.points[n];
      if (local.z < half - 1e-6)
        continue;
      const double x = std::abs(std::abs(local.x) - side / 2) < 1e-6 ? 0.5 : 1;
      const double y = std::abs(std::abs(local.y) - side / 2) < 1e-6 ? 0.5 : 1;
      share[key(surface.points[n])] = x * y / surface.areas[n];
    }
    patch.weight = [share, key](Vec3 p, Vec3)
    {
      const auto found = share.find(key(p));
      return found == share.end() ? 0.0 : found->second;
    };
    return patch;
  }

  analysis::Response under(Vec3 force, Vec3 moment) const
  {
    load::Rig rig;
    rig.name = "free";
    rig.inertia_relief = true;
    load::LoadCase one;
    one.name = "push";
    one.forces = {{"end", end(), force, moment, 0}};
    voxel::Options options;
    options.relative_residual = 1e-11;
    return analysis::solve_rig(body, surface, rig, {one}, MPI_COMM_SELF, options).responses.front();
  }

  /// Place of a voxel along the bar from its free end, as a share of its length, and its place
  /// across it.
  double share_of_length(std::size_t v) const
  {
    return (dot(model::voxel_centre(body.grid, body.voxels[v]), along) + half) / (2 * half);
  }
};

/// sum over the voxels of each slice of something, by share of length.
template <typename Value>
std::map<long, double> by_slice(const FreeBar& bar, const Value& value)
{
  std::map<long, double> sums;
  for (std::size_t v = 0; v < bar.body.voxels.size(); ++v)
    sums[std::lround(1e4 * bar.share_of_length(v))] += value(v);
  return sums;
}
} // namespace

TEST_CASE("pushed at one end a free bar is stressed by F/A there and less and less to nothing")
{
  for (const double turn : {0.0, 0.9})
  {
    const FreeBar bar(turn);
    const auto response = bar.under(-360 * bar.along, {});
    CHECK(response.equilibrium.borne_by_supports() < 1e-6);
    CHECK(response.equilibrium.force_error() < 1e-6);
    CHECK(response.equilibrium.moment_error() < 1e-6);
    // Newton's law: stress(x) = F/A x/L, x from the free end.
    for (std::size_t v = 0; v < bar.body.voxels.size(); ++v)
      REQUIRE(bar.youngs * response.strain[v].zz ==
              Approx(-360.0 / 36 * bar.share_of_length(v)).margin(1e-6));
  }
}

TEST_CASE("a couple at one end bends a free bar by M (3 s^2 - 2 s^3), s from the free end")
{
  // The bar turns about its middle: q = -rho A alpha (x - L/2), M'' = q, and rotary inertia adds
  // (side / L)^2, 2 %, of a linear course.
  const FreeBar bar(0.4);
  const double couple = 1000;
  const Vec3 axis = cross(bar.along, bar.across);
  const auto response = bar.under({}, couple * axis);
  CHECK(response.equilibrium.borne_by_supports() < 1e-6);
  CHECK(response.equilibrium.moment_error() < 1e-6);
  const auto moment =
      by_slice(bar,
               [&](std::size_t v)
               {
                 const double x =
                     dot(model::voxel_centre(bar.body.grid, bar.body.voxels[v]), bar.across);
                 return x * bar.youngs * response.strain[v].zz;
               });
  // Stress at the voxels' centres does not show the moment that each voxel bears by its own
  // bending: 1 / n^2 of the sum of n by n, and half as much again by the shear that a trilinear
  // element has when it bends (G / E = 1/2 without lateral contraction).
  const double own = 1 / (bar.side * bar.side);
  const double seen = (1 - own) / (1 + own / 2);
  double worst = 0;
  for (const auto& [share, value] : moment)
  {
    const double s = 1e-4 * static_cast<double>(share);
    const double slender = s * s * (3 - 2 * s);
    const double thick = std::pow(bar.side / (2 * bar.half), 2);
    const double expected = couple * (slender * (1 - thick) + thick * s) * seen;
    worst = std::max(worst, std::abs(std::abs(value) - expected) / couple);
  }
  CHECK(worst < 0.004);
  CHECK(moment.rbegin()->second * moment.begin()->second > 0);
  std::cout << "free bar under a couple: bending moment off by " << 100 * worst
            << " % of the couple at worst\n";
}

TEST_CASE("a twist at one end of a free bar falls linearly to nothing at the other")
{
  const FreeBar bar(0.4);
  const double couple = 1000;
  const auto response = bar.under({}, couple * bar.along);
  CHECK(response.equilibrium.borne_by_supports() < 1e-6);
  const double shear = bar.youngs / 2;
  const auto torque = by_slice(bar,
                               [&](std::size_t v)
                               {
                                 const Vec3 p =
                                     transpose(bar.body.grid.direction) *
                                     model::voxel_centre(bar.body.grid, bar.body.voxels[v]);
                                 const SymTensor& e = response.strain[v];
                                 return 2 * shear * (p.x * e.yz - p.y * e.zx);
                               });
  // What the voxels' own twist carries does not show at their centres: the same share everywhere
  // away from the loaded end.
  const double quarter = torque.at(2625), half = torque.at(5125), three = torque.at(7625);
  CHECK(quarter / half == Approx(0.2625 / 0.5125).epsilon(0.01));
  CHECK(three / half == Approx(0.7625 / 0.5125).epsilon(0.01));
  CHECK(std::abs(half) == Approx(0.5125 * couple).epsilon(0.08));
}
