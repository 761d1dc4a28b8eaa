#include "base/error.hpp"
#include "base/files.hpp"
#include "geometry/rotation.hpp"
#include "implant/path.hpp"
#include "material/alloy.hpp"
#include "material/tissue.hpp"
#include "model/hardware.hpp"
#include "model/interface_data.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <numeric>
#include <set>

using namespace calcar;
using model::TissueKind;

namespace
{
/// A block of bone with its arrays, about the origin, in which `turn` turns the grid's axes.
model::VoxelModel block(std::array<int, 3> size, double turn = 0, double edge = 1)
{
  model::VoxelModel model;
  model.body = bodies::body(
      bodies::grid(size, {edge, edge, edge}, turn), [](Vec3) { return true; }, 17000, 0.3);
  const std::size_t count = model.body.voxels.size();
  model.tissue.assign(count, TissueKind::bone);
  model.ash.assign(count, 1.0F);
  model.compressive_strength.assign(count, 150);
  model.tensile_strength.assign(count, 100);
  return model;
}

implant::Component rod(const std::string& name, Vec3 from, Vec3 to, double outer, double inner = 0)
{
  implant::Component bar;
  bar.name = name;
  bar.kind = implant::ComponentKind::nail;
  bar.alloy = "ti6al4v_eli";
  bar.axis = {from, to};
  const Vec3 along = normalized(to - from);
  bar.solid = geometry::cylinder(from, to, 0.5 * outer);
  if (inner > 0)
    bar.solid =
        geometry::subtract(bar.solid, geometry::cylinder(from - along, to + along, 0.5 * inner));
  bar.reach_mm = bar.radius_mm = 0.5 * outer;
  const implant::CrossSection section = implant::round_section(outer, inner);
  bar.runs = {
      {0, norm(to - from), section, implant::stiffness(section, material::alloy(bar.alloy, ""))}};
  bar.stiffness = bar.runs[0].stiffness;
  bar.to_bone = implant::Interface::debonded;
  bar.priority = 3;
  return bar;
}

implant::Component screw(const std::string& name, Vec3 from, Vec3 to, double core)
{
  implant::Component bar = rod(name, from, to, core);
  bar.kind = implant::ComponentKind::locking_screw;
  bar.to_bone = implant::Interface::bonded;
  bar.priority = 2;
  return bar;
}

implant::Component cement(Vec3 centre, double radius)
{
  implant::Component ball;
  ball.name = "cement";
  ball.kind = implant::ComponentKind::cement;
  ball.alloy = "pmma";
  ball.solid = geometry::sphere(centre, radius);
  ball.axis = {centre};
  ball.reach_mm = ball.radius_mm = radius;
  ball.priority = 1;
  return ball;
}

implant::Fixation of(std::vector<implant::Component> components)
{
  implant::Fixation fixation;
  fixation.components = std::move(components);
  return fixation;
}

const Vec3 low{0.3, -0.2, -14}, high{2.1, 1.4, 14};

/// A nail with a bore in a wider canal, and a screw across it.
implant::Fixation locked_nail()
{
  implant::Fixation fixation =
      of({rod("nail", low, high, 9, 4.5), screw("screw", {-12, 0.5, 3}, {13, 1, 4}, 4.4)});
  fixation.removed.push_back(
      {"reamed canal", geometry::cylinder(low - 2.0 * (high - low), high, 6.5), {0, 0, 0}, 200});
  return fixation;
}

std::size_t place_of(const model::VoxelModel& model, std::uint64_t voxel)
{
  const auto found = std::lower_bound(model.body.voxels.begin(), model.body.voxels.end(), voxel);
  REQUIRE(found != model.body.voxels.end());
  REQUIRE(*found == voxel);
  return static_cast<std::size_t>(found - model.body.voxels.begin());
}

void check_arrays(const model::VoxelModel& model)
{
  const std::size_t count = model.body.voxels.size();
  CHECK(std::is_sorted(model.body.voxels.begin(), model.body.voxels.end()));
  CHECK(std::adjacent_find(model.body.voxels.begin(), model.body.voxels.end()) ==
        model.body.voxels.end());
  CHECK(model.body.youngs.size() == count);
  CHECK(model.body.poisson.size() == count);
  CHECK(model.tissue.size() == count);
  CHECK(model.ash.size() == count);
  CHECK(model.compressive_strength.size() == count);
  CHECK(model.tensile_strength.size() == count);
  CHECK((model.bone_number.empty() || model.bone_number.size() == count));
}

/// The grid grown by whole voxels below and above.
image::Grid grown(const image::Grid& grid, std::array<int, 3> below, std::array<int, 3> above)
{
  image::Grid result = grid;
  result.origin = grid.point({double(-below[0]), double(-below[1]), double(-below[2])});
  for (std::size_t a = 0; a < 3; ++a)
    result.size[a] += below[a] + above[a];
  return result;
}
} // namespace

TEST_CASE("the layer of a debonded implant is read with its source, an unknown one refused")
{
  const model::InterfaceLayer layer = model::interface_layer("debonded");
  CHECK(layer.loose > 0);
  CHECK(layer.pressed > 100 * layer.loose);
  CHECK(layer.record.source.size() > 8);
  CHECK(layer.record.file.sha256.size() == 64);
  CHECK_THROWS_WITH(model::interface_layer("debondet"), Catch::Contains("debonded"));
}

TEST_CASE("the grid is grown by whole voxels until it holds the implants, and not otherwise")
{
  const image::Grid grid = bodies::grid({20, 20, 20}, {1, 1, 1}, 0.3);
  CHECK(image::same_grid(model::grid_around(grid, {of({cement({0, 0, 0}, 4)})}), grid));
  const image::Grid around = model::grid_around(grid, {locked_nail()});
  const Vec3 corner = around.index(grid.origin);
  for (std::size_t a = 0; a < 3; ++a)
    CHECK(std::abs(corner[a] - std::round(corner[a])) < 1e-9);
  for (const Vec3 end : {low, high})
    for (std::size_t a = 0; a < 3; ++a)
    {
      CHECK(around.index(end)[a] - 4.5 > 1.5);
      CHECK(around.index(end)[a] + 4.5 < around.size[a] - 2.5);
    }
  model::VoxelModel small = block({20, 20, 20});
  CHECK_THROWS_AS(model::rasterise(locked_nail(), small), std::invalid_argument);
}

TEST_CASE("the voxels of a bar hold its volume by their shares, whatever its direction")
{
  const Vec3 to = GENERATE(Vec3{0, 0, 30}, Vec3{20, 20, 0}, Vec3{14, 15, 17}, Vec3{5, -8, 27});
  const double outer = GENERATE(9.0, 3.0);
  const auto fixation = of({rod("rod", -0.5 * to, 0.5 * to, outer)});
  model::VoxelModel bone = block({8, 8, 8});
  bone.body.grid = model::grid_around(bone.body.grid, {fixation});
  bone = block(bone.body.grid.size);
  const auto hardware = model::rasterise(fixation, bone);
  const double exact = 0.25 * geometry::pi * outer * outer * norm(to);
  CHECK(hardware.components[0].exact_volume_mm3 == Approx(exact).epsilon(0.01));
  CHECK(hardware.components[0].volume_mm3 == Approx(exact).epsilon(0.03));
  CHECK(hardware.components[0].volume_mm3 <= hardware.components[0].exact_volume_mm3 * 1.000001);
  CHECK(std::is_sorted(hardware.voxels.begin(), hardware.voxels.end()));
  CHECK(hardware.components[0].voxels == hardware.voxels.size());
}

TEST_CASE("the modulus follows the section: a nail's head and its shaft each have their own factor")
{
  implant::Component nail = rod("nail", {0, 0, -20}, {0, 0, 20}, 13);
  nail.solid = geometry::unite({geometry::cylinder({0, 0, -20}, {0, 0, 0}, 6.5),
                                geometry::cylinder({0, 0, 0}, {0, 0, 20}, 2.2)});
  const auto alloy = material::alloy(nail.alloy, "");
  const auto thin = implant::round_section(4.4), thick = implant::round_section(13);
  nail.runs = {{0, 20, thick, implant::stiffness(thick, alloy)},
               {20, 40, thin, implant::stiffness(thin, alloy)}};
  const auto fixation = of({nail});
  const auto hardware = model::rasterise(fixation, block({20, 20, 60}));
  double head = 0, shaft = 0;
  for (std::size_t n = 0; n < hardware.voxels.size(); ++n)
    if (hardware.share[n] == 1)
      (model::voxel_centre(hardware.grid, hardware.voxels[n]).z < 0 ? head : shaft) =
          static_cast<double>(hardware.youngs[n]);
  CHECK(alloy.youngs / head == Approx(hardware.components[0].least_bending).epsilon(0.01));
  CHECK(alloy.youngs / shaft == Approx(hardware.components[0].most_bending).epsilon(0.01));
  CHECK(shaft < 0.95 * head);
}

TEST_CASE("where pieces overlap the one of higher priority holds, and nothing is counted twice")
{
  const auto fixation = locked_nail();
  const auto hardware = model::rasterise(fixation, block({34, 26, 40}));
  const double alloy = material::alloy("ti6al4v_eli", "").youngs;
  const double stiffest =
      alloy / std::min(hardware.components[0].least_bending, hardware.components[1].least_bending);
  std::size_t of_nail = 0, of_screw = 0;
  for (std::size_t n = 0; n < hardware.voxels.size(); ++n)
  {
    CHECK(hardware.share[n] >= 0.0999F);
    CHECK(hardware.share[n] <= 1.0001F);
    CHECK(static_cast<double>(hardware.youngs[n]) <= 1.0001 * stiffest);
    const Vec3 p = model::voxel_centre(hardware.grid, hardware.voxels[n]);
    const double in_nail = fixation.components[0].solid.distance(p);
    const double in_screw = fixation.components[1].solid.distance(p);
    if (in_nail < -0.9)
      CHECK(hardware.component[n] == 0);
    else if (in_screw < -0.9 && in_nail > 0.9)
      CHECK(hardware.component[n] == 1);
    ++(hardware.component[n] == 0 ? of_nail : of_screw);
  }
  CHECK(of_nail == hardware.components[0].voxels);
  CHECK(of_screw == hardware.components[1].voxels);
}

TEST_CASE("contact is all bone that touches a debonded nail from outside, and nothing else")
{
  const auto fixation = locked_nail();
  const auto bone = block({34, 26, 24}); // the nail stands out at both ends
  auto long_bone = bone;
  long_bone.body.grid = model::grid_around(bone.body.grid, {fixation});
  const Vec3 shift = long_bone.body.grid.index(bone.body.grid.origin);
  for (std::uint64_t& voxel : long_bone.body.voxels)
  {
    const auto at = model::voxel_index(bone.body.grid, voxel);
    voxel = long_bone.body.grid.offset(at[0] + int(std::lround(shift.x)),
                                       at[1] + int(std::lround(shift.y)),
                                       at[2] + int(std::lround(shift.z)));
  }
  const auto hardware = model::rasterise(fixation, long_bone);
  const image::Grid& grid = hardware.grid;
  const std::set<std::uint64_t> bones(long_bone.body.voxels.begin(), long_bone.body.voxels.end());
  std::set<std::uint64_t> metal(hardware.voxels.begin(), hardware.voxels.end()), contact;
  const implant::Path path(fixation.components[0].axis);
  for (const auto& one : hardware.contact.voxels)
  {
    contact.insert(one.voxel);
    CHECK(bones.count(one.voxel) == 1);
    CHECK(metal.count(one.voxel) == 0);
    CHECK(norm(one.normal) == Approx(1));
    const Vec3 p = model::voxel_centre(grid, one.voxel);
    const Vec3 off = p - path.point(path.nearest(p));
    CHECK(dot(one.normal, normalized(off)) > 0.99);
    CHECK(norm(off) > 4);
  }
  CHECK(contact.size() == hardware.contact.voxels.size());
  std::size_t missing = 0;
  for (std::size_t n = 0; n < hardware.voxels.size(); ++n)
  {
    const auto at = model::voxel_index(grid, hardware.voxels[n]);
    for (int c = -1; c <= 1 && hardware.component[n] == 0; ++c)
      for (int b = -1; b <= 1; ++b)
        for (int a = -1; a <= 1; ++a)
        {
          const std::uint64_t next = grid.offset(at[0] + a, at[1] + b, at[2] + c);
          const Vec3 p = model::voxel_centre(grid, next);
          const bool bore = norm(p - path.point(path.nearest(p))) < 3;
          missing +=
              bones.count(next) == 1 && metal.count(next) == 0 && !bore && contact.count(next) == 0;
        }
  }
  CHECK(missing == 0);
}

TEST_CASE("only nails, plates and the like follow the option; screws and cement stay bonded")
{
  const auto bone = block({34, 26, 40});
  model::HardwareOptions bonded, debonded;
  bonded.to_bone = implant::Interface::bonded;
  debonded.to_bone = implant::Interface::debonded;
  const auto fixation = locked_nail();
  CHECK(model::rasterise(fixation, bone, bonded).contact.empty());
  CHECK(model::rasterise(fixation, bone, debonded).contact.voxels.size() ==
        model::rasterise(fixation, bone).contact.voxels.size());
  const auto rest = of({fixation.components[1], cement({0, 0, -8}, 4)});
  CHECK(model::rasterise(rest, bone, debonded).contact.empty());
}

TEST_CASE("what is taken away and not filled becomes marrow without strength")
{
  const auto fixation = locked_nail();
  const auto bone = block({34, 26, 40});
  const auto hardware = model::rasterise(fixation, bone);
  CHECK(hardware.emptied.size() > 100); // the bore and the canal beside the nail
  const auto fixed = model::with_hardware(bone, hardware);
  const double marrow = material::tissue("marrow", "").youngs;
  const std::set<std::uint64_t> emptied(hardware.emptied.begin(), hardware.emptied.end());
  for (std::size_t n = 0; n < fixed.body.voxels.size(); ++n)
  {
    const double distance = fixation.removed[0].solid.distance(
        model::voxel_centre(fixed.body.grid, fixed.body.voxels[n]));
    const bool gone = emptied.count(fixed.body.voxels[n]) == 1;
    CHECK((fixed.tissue[n] == TissueKind::soft) == gone);
    if (gone)
    {
      CHECK(distance < 0.5);
      CHECK(static_cast<double>(fixed.body.youngs[n]) == Approx(marrow));
      CHECK(fixed.compressive_strength[n] == 0);
    }
    else if (distance < -0.9)
      CHECK(fixed.tissue[n] != TissueKind::bone);
  }
}

TEST_CASE("cement takes the voxels it holds half of, with its full modulus")
{
  const auto bone = block({20, 20, 20});
  const auto hardware = model::rasterise(of({cement({0.2, 0.1, -0.3}, 6)}), bone);
  const double volume = 4.0 / 3 * geometry::pi * 216;
  CHECK(static_cast<double>(hardware.voxels.size()) == Approx(volume).epsilon(0.02));
  const float youngs = static_cast<float>(material::alloy("pmma", "").youngs);
  CHECK(std::all_of(hardware.youngs.begin(), hardware.youngs.end(),
                    [&](float one) { return std::abs(one - youngs) < 1e-3F * youngs; }));
  CHECK(std::all_of(hardware.tissue.begin(), hardware.tissue.end(),
                    [](TissueKind kind) { return kind == TissueKind::cement; }));
}

TEST_CASE("a turned grid with a turned implant gives the same voxels")
{
  const double turn = 0.7;
  const auto straight = block({34, 26, 40}), turned = block({34, 26, 40}, turn);
  const Mat3 axes = turned.body.grid.direction;
  const auto moved = [&](Vec3 p) { return axes * p; };
  auto fixation = of({rod("nail", moved(low), moved(high), 9, 4.5),
                      screw("screw", moved({-12, 0.5, 3}), moved({13, 1, 4}), 4.4)});
  const auto a = model::rasterise(of(locked_nail().components), straight);
  const auto b = model::rasterise(fixation, turned);
  REQUIRE(a.voxels == b.voxels);
  REQUIRE(a.contact.voxels.size() == b.contact.voxels.size());
  CHECK(a.component == b.component);
  for (std::size_t n = 0; n < a.voxels.size(); ++n)
    CHECK(a.youngs[n] == Approx(b.youngs[n]).epsilon(1e-4));
  for (std::size_t n = 0; n < a.contact.voxels.size(); ++n)
    CHECK(norm(a.contact.voxels[n].normal - b.contact.voxels[n].normal) < 1e-6);
}

TEST_CASE("a body with hardware keeps all its voxels, on a grown grid too")
{
  auto bone = block({34, 26, 40});
  bone.volume_mm3 = static_cast<double>(bone.body.voxels.size());
  const auto hardware = model::rasterise(locked_nail(), bone);
  auto layered = bone;
  layered.body.grid = grown(bone.body.grid, {2, 0, 3}, {1, 4, 0});
  layered.bone_number.assign(bone.body.voxels.size(), 0);
  for (std::uint64_t& voxel : layered.body.voxels)
  {
    const auto at = model::voxel_index(bone.body.grid, voxel);
    voxel = layered.body.grid.offset(at[0] + 2, at[1], at[2] + 3);
  }
  const auto fixed = model::with_hardware(bone, hardware);
  const auto wide = model::with_hardware(layered, hardware);
  check_arrays(fixed);
  check_arrays(wide);
  CHECK(std::includes(wide.body.voxels.begin(), wide.body.voxels.end(), layered.body.voxels.begin(),
                      layered.body.voxels.end()));
  CHECK(fixed.tissue == wide.tissue);
  CHECK(fixed.body.youngs == wide.body.youngs);
  const auto contact = model::contact_on(wide.body, hardware);
  REQUIRE(contact.voxels.size() == hardware.contact.voxels.size());
  for (const auto& one : contact.voxels)
    CHECK(wide.tissue[place_of(wide, one.voxel)] == TissueKind::interface);
  double volume = 0;
  for (std::size_t n = 0; n < wide.tissue.size(); ++n)
  {
    const bool metal = wide.tissue[n] == TissueKind::metal;
    CHECK((wide.bone_number[n] == model::no_bone) == metal);
    volume += metal ? 0 : 1;
    if (wide.tissue[n] != TissueKind::bone)
      CHECK(wide.ash[n] + wide.compressive_strength[n] + wide.tensile_strength[n] == 0);
  }
  CHECK(wide.volume_mm3 == Approx(volume));
  auto off = bone;
  off.body.grid.origin += Vec3{0.3, 0, 0};
  CHECK_THROWS_AS(model::with_hardware(off, hardware), std::invalid_argument);
}

TEST_CASE("hardware that nothing holds is named")
{
  model::VoxelModel bone = block({10, 10, 30});
  const auto beside =
      of({rod("held", {0, 0, 0}, {14, 0, 0}, 4), rod("loose", {9, 0, 9}, {14, 0, 9}, 4),
          rod("by the other", {14, 0, -6}, {14, 0, 6}, 4)});
  const image::Grid grid = model::grid_around(bone.body.grid, {beside});
  const Vec3 shift = grid.index(bone.body.grid.origin);
  for (std::uint64_t& voxel : bone.body.voxels)
  {
    const auto at = model::voxel_index(bone.body.grid, voxel);
    voxel = grid.offset(at[0] + int(std::lround(shift.x)), at[1] + int(std::lround(shift.y)),
                        at[2] + int(std::lround(shift.z)));
  }
  bone.body.grid = grid;
  const auto hardware = model::rasterise(beside, bone);
  const auto fixed = model::with_hardware(bone, hardware);
  CHECK(model::loose_hardware(fixed, hardware) == std::vector<std::string>{"loose"});
}

TEST_CASE("a gap takes the slab of bone between two planes, and leaves layers and hardware")
{
  auto bone = block({10, 10, 20});
  for (std::size_t n = 0; n < 100; ++n)
    bone.tissue[n] = TissueKind::layer;
  const auto hardware = model::rasterise(of({screw("screw", {0, 0, -6}, {0, 0, 6}, 4)}), bone);
  const auto fixed = model::with_hardware(bone, hardware);
  const auto broken = model::with_gap(fixed, {{1, 2, 0}, {0, 0, 3}, 4});
  const double youngs = material::tissue("fracture_gap", "").youngs;
  std::size_t gap = 0;
  for (std::size_t n = 0; n < broken.tissue.size(); ++n)
  {
    const double z = model::voxel_centre(broken.body.grid, broken.body.voxels[n]).z;
    const bool inside = std::abs(z) < 2 && fixed.tissue[n] == TissueKind::bone;
    CHECK((broken.tissue[n] == TissueKind::gap) == inside);
    gap += inside;
    if (inside)
    {
      CHECK(static_cast<double>(broken.body.youngs[n]) == Approx(youngs));
      CHECK(broken.compressive_strength[n] == 0);
    }
    else
      CHECK(broken.body.youngs[n] == fixed.body.youngs[n]);
  }
  CHECK(gap > 300);
  CHECK(gap < 400);
  const auto at_end = model::with_gap(bone, {{0, 0, -10}, {0, 0, 1}, 2.0});
  CHECK(std::count(at_end.tissue.begin(), at_end.tissue.end(), TissueKind::layer) == 100);
}
