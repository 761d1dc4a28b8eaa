// Two bones with a disc and facet joints between them against closed forms.
#include "analysis/solve_rig.hpp"
#include "model/boundary.hpp"
#include "model/layers.hpp"
#include "model/several_bones.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <iostream>
#include <map>
#include <tuple>

using namespace calcar;

namespace
{
constexpr double bone_youngs = 400, body_height = 12, gap = 4;

/// Two blocks of 12 x 12 x 12 mm above each other, 4 mm apart. With `arch` each has behind it an
/// arch that reaches to 1 mm of the other one's, so that there is a facet joint.
struct Motion
{
  model::VoxelModel model; ///< bones and layers
  model::Surface surface;
  double facet_volume = 0;

  Motion(double disc_youngs, double facet_youngs, bool arch, double poisson = 0)
  {
    model::VoxelModel bones = two_bones(arch);
    load::Rig rig;
    rig.name = "motion segment";
    load::Layer disc{
        "disc",    "",
        "disc",    {[](const Vec3& p) { return std::max(std::abs(p.z) - gap, p.y - 6); }},
        {0, 0, 1}, 20};
    disc.joint.emplace();
    rig.layers.push_back(disc);
    if (arch)
    {
      load::Layer facet{"facet",   "", "facet_joint", {[](const Vec3& p) { return 12 - p.y; }},
                        {0, 0, 1}, 0};
      facet.joint = {0, 1, 1.5, false};
      rig.layers.push_back(facet);
    }
    model::LayerVoxels layers = model::layer_voxels(bones.body, rig, {bones.bone_number, {}});
    layers.tissues[0].youngs = disc_youngs;
    if (arch)
      layers.tissues[1].youngs = facet_youngs;
    for (material::Tissue& tissue : layers.tissues)
      tissue.poisson = poisson;
    model = model::with_layers(bones, layers);
    facet_volume = arch ? model.layer_volume_mm3[1] : 0;
    surface = model::surface_of(model.body, model::Lattice(model.body));
  }

  static model::VoxelModel two_bones(bool arch)
  {
    const auto inside = [=](Vec3 p)
    {
      const bool body = p.y < 6 && std::abs(p.z) > gap / 2;
      // Arms run back from the middle of the bodies and meet at the back, 1 mm apart.
      const bool arm = p.y >= 6 && std::abs(std::abs(p.z) - 8) < 3 && std::abs(p.x) < 3;
      const bool back = p.y > 12 && std::abs(p.z) < 11 && std::abs(p.z) > 0.5 && std::abs(p.x) < 3;
      return body || (arch && (arm || back));
    };
    // 1 mm voxels; the middle of a voxel lies at z = 0, so that the gap of the arch is one voxel.
    image::Grid grid = bodies::grid({12, 24, 29});
    grid.origin.y = -5.5;
    model::VoxelModel model;
    model.body = bodies::body(
        grid, [&](Vec3 p) { return std::abs(p.z) <= 14 && inside(p); }, bone_youngs, 0.0);
    const std::size_t voxels = model.body.voxels.size();
    model.tissue.assign(voxels, model::TissueKind::bone);
    for (std::vector<float>* values :
         {&model.ash, &model.compressive_strength, &model.tensile_strength})
      values->assign(voxels, 1);
    for (const std::uint64_t voxel : model.body.voxels)
      model.bone_number.push_back(model::voxel_centre(grid, voxel).z > 0 ? 0 : 1);
    return model;
  }

  /// A force on the end of the upper body, the end of the lower one held.
  analysis::RigResult pressed(Vec3 force) const
  {
    const double end = 14.5;
    load::Patch top, floor;
    top.name = "top";
    top.centre = {0, 0, end};
    top.weight = [=](Vec3 p, Vec3)
    {
      if (p.z < end - 1e-6 || p.y > 6 + 1e-6)
        return 0.0;
      return (std::abs(p.x) > 6 - 1e-6 ? 0.5 : 1) * (std::abs(p.y) > 6 - 1e-6 ? 0.5 : 1);
    };
    floor.name = "floor";
    floor.weight = [=](Vec3 p, Vec3) { return p.z < -end + 1e-6 ? 1.0 : 0.0; };
    load::Rig rig;
    rig.name = "press";
    rig.supports.push_back({"floor", load::SupportKind::clamped, floor, {}, 0});
    load::LoadCase press;
    press.name = "press";
    press.forces = {{"platen", even(top), force}};
    voxel::Options options;
    options.relative_residual = 1e-11;
    return analysis::solve_rig(model.body, surface, rig, {press}, MPI_COMM_SELF, options);
  }

  /// The weight of a node times its area on the surface is the face that belongs to it.
  load::Patch even(load::Patch patch) const
  {
    std::map<std::pair<long, long>, double> areas;
    for (std::size_t n = 0; n < surface.nodes.size(); ++n)
      if (surface.points[n].z > 14.5 - 1e-6)
        areas[{std::lround(2 * surface.points[n].x), std::lround(2 * surface.points[n].y)}] =
            surface.areas[n];
    patch.weight = [inner = patch.weight, areas](Vec3 p, Vec3 normal)
    {
      const double weight = inner(p, normal);
      return weight > 0 ? weight / areas.at({std::lround(2 * p.x), std::lround(2 * p.y)}) : 0.0;
    };
    return patch;
  }

  /// Force along z that passes a layer of voxels at a height, over those that are `chosen`.
  template <typename Choice>
  double passing(const analysis::Response& response, double z, const Choice& chosen) const
  {
    double force = 0;
    for (std::size_t n = 0; n < model.body.voxels.size(); ++n)
    {
      const Vec3 p = model::voxel_centre(model.body.grid, model.body.voxels[n]);
      if (std::abs(p.z - z) < 1e-6 && chosen(p))
        force += double(model.body.youngs[n]) * response.strain[n].zz; // no lateral contraction
    }
    return force;
  }

  double sink(const analysis::RigResult& result) const
  {
    double sum = 0;
    int count = 0;
    for (std::size_t n = 0; n < result.nodes.size(); ++n)
      if (const Vec3 p = model::node_position(model.body.grid, result.nodes[n]);
          std::abs(p.z - 14.5) < 1e-6)
      {
        sum -= result.responses[0].displacement[n].z;
        ++count;
      }
    return sum / count;
  }
};

bool in_front(Vec3 p)
{
  return p.y < 6;
}
bool behind(Vec3 p)
{
  return p.y > 6;
}
} // namespace

TEST_CASE("two bones and the disc between them give way as three springs in series")
{
  const double area = 144, force = 300;
  for (const double youngs : {2.0, 10.0, 400.0})
  {
    const Motion motion(youngs, 0, false);
    // A gap of 4 mm holds five layers of voxels whose middles lie within 2 mm of z = 0.
    const double disc = 5, bones = 24;
    REQUIRE(motion.model.layer_volume_mm3.at(0) == Approx(area * disc));
    const auto result = motion.pressed({0, 0, -force});
    CHECK(motion.sink(result) ==
          Approx(force / area * (bones / bone_youngs + disc / youngs)).epsilon(1e-6));
    CHECK(result.responses[0].equilibrium.force_error() < 1e-8);
    CHECK(norm(result.responses[0].reactions.at(0).force - Vec3{0, 0, force}) < 1e-6 * force);
    CHECK(motion.passing(result.responses[0], 0, in_front) == Approx(-force).epsilon(1e-6));
  }
}

TEST_CASE("soft facets leave the load to the disc, stiff ones take a part of it on themselves")
{
  const double force = 300;
  double before = 0;
  for (const double youngs : {1e-4, 1.0, 10.0, 400.0})
  {
    const Motion motion(10, youngs, true);
    CHECK(motion.facet_volume == Approx(6 * 6)); // one voxel high, 6 wide, 6 deep
    const auto result = motion.pressed({0, 0, -force});
    const analysis::Response& response = result.responses[0];
    const double through_disc = -motion.passing(response, 0, in_front) / force;
    const double through_facet = -motion.passing(response, 0, behind) / force;
    // Together they carry all of it.
    CHECK(through_disc + through_facet == Approx(1).epsilon(1e-6));
    std::cout << "facets of " << youngs << " MPa beside a disc of 10 MPa: " << 100 * through_facet
              << " % of the load\n";
    if (youngs < 1e-3)
      CHECK(std::abs(through_facet) < 1e-4);
    else
      CHECK(through_facet > before + 0.003);
    before = through_facet;
    CHECK(response.equilibrium.force_error() < 1e-8);
    CHECK(response.equilibrium.moment_error() < 1e-8);
  }
}

TEST_CASE(
    "a segment that is its own mirror image answers a force in its plane with a mirrored field")
{
  const Motion motion(10, 10, true, 0.45);
  const auto result = motion.pressed({0, 40, -300});
  std::map<std::tuple<long, long, long>, Vec3> moved;
  double most = 0, apart = 0;
  for (std::size_t n = 0; n < result.nodes.size(); ++n)
  {
    const Vec3 p = model::node_position(motion.model.body.grid, result.nodes[n]);
    moved[{std::lround(2 * p.x), std::lround(2 * p.y), std::lround(2 * p.z)}] =
        result.responses[0].displacement[n];
    most = std::max(most, norm(result.responses[0].displacement[n]));
  }
  for (const auto& [place, u] : moved)
  {
    const auto [x, y, z] = place;
    const Vec3 other = moved.at({-x, y, z});
    apart = std::max(apart, norm(u - Vec3{-other.x, other.y, other.z}));
  }
  CHECK(apart < 1e-7 * most);
}
