#pragma once

#include "implant/fixation.hpp"
#include "material/alloy.hpp"
#include "model/hardware.hpp"
#include "model/lattice.hpp"
#include "voxel/engine.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

/// Single bars of metal in voxels, held at one end and loaded at the other.
namespace test_bodies
{

/// A straight bar along any direction of the grid.
struct BarPlan
{
  std::string name;
  double outer = 0; ///< mm; of a plate 0
  double inner = 0;
  double width = 0;
  double thickness = 0;
  calcar::Vec3 along = {0, 0, 1};
  calcar::Vec3 from = {0, 0, 0}; ///< in a grid whose voxels have their centres at whole mm
  double roll = 0;               ///< of a plate about its axis, rad
  double length = 0;
};

/// Two unit vectors across the axis: of a plate along its thickness and its width.
struct Across
{
  calcar::Vec3 thin;
  calcar::Vec3 wide;
};

inline Across across_of(const BarPlan& plan)
{
  using calcar::Vec3;
  const Vec3 t = calcar::normalized(plan.along);
  const Vec3 side = std::abs(t.y) < 0.9 ? Vec3{0, 1, 0} : Vec3{1, 0, 0};
  const Vec3 a = calcar::normalized(side - calcar::dot(side, t) * t);
  const Vec3 thin = std::cos(plan.roll) * a + std::sin(plan.roll) * calcar::cross(t, a);
  return {thin, calcar::cross(t, thin)};
}

inline calcar::implant::Component bar(const BarPlan& plan)
{
  using namespace calcar;
  const Vec3 t = normalized(plan.along);
  const Vec3 to = plan.from + plan.length * t;
  const material::Alloy alloy = material::alloy("ti6al4v_eli", "bar");
  implant::Component bar;
  bar.name = plan.name;
  bar.kind = implant::ComponentKind::rod;
  bar.alloy = "ti6al4v_eli";
  bar.axis = {plan.from, to};
  implant::CrossSection section;
  if (plan.outer > 0)
  {
    bar.solid = geometry::cylinder(plan.from, to, 0.5 * plan.outer);
    if (plan.inner > 0)
      bar.solid = geometry::subtract(bar.solid,
                                     geometry::cylinder(plan.from - t, to + t, 0.5 * plan.inner));
    bar.reach_mm = 0.5 * plan.outer;
    bar.radius_mm = 0.5 * plan.outer;
    section = implant::round_section(plan.outer, plan.inner);
  }
  else
  {
    const Across across = across_of(plan);
    bar.solid.distance = [=](const Vec3& p)
    {
      const Vec3 d = p - 0.5 * (plan.from + to);
      const Vec3 off{std::abs(dot(d, t)) - 0.5 * plan.length,
                     std::abs(dot(d, across.thin)) - 0.5 * plan.thickness,
                     std::abs(dot(d, across.wide)) - 0.5 * plan.width};
      const Vec3 out{std::max(off.x, 0.), std::max(off.y, 0.), std::max(off.z, 0.)};
      return norm(out) + std::min(std::max({off.x, off.y, off.z}), 0.0);
    };
    bar.reach_mm = 0.5 * std::hypot(plan.width, plan.thickness);
    bar.radius_mm = 0.5 * plan.thickness;
    section = implant::rectangle_section(plan.width, plan.thickness);
  }
  bar.runs = {{0, plan.length, section, implant::stiffness(section, alloy)}};
  bar.stiffness = bar.runs[0].stiffness;
  bar.weakest = section;
  return bar;
}

/// A bar alone on a grid of 1 mm.
struct BarInVoxels
{
  calcar::implant::Component bar;
  calcar::model::HardwareVoxels hardware;
  calcar::model::VoxelModel model;
};

inline BarInVoxels in_voxels(const BarPlan& plan, double edge_mm = 1)
{
  using namespace calcar;
  BarInVoxels result;
  result.bar = bar(plan);
  implant::Fixation fixation;
  fixation.components = {result.bar};
  model::VoxelModel nothing;
  nothing.body.grid.size = {1, 1, 1};
  nothing.body.grid.spacing = {edge_mm, edge_mm, edge_mm};
  nothing.body.grid = model::grid_around(nothing.body.grid, {fixation});
  result.hardware = model::rasterise(fixation, nothing);
  result.model = model::with_hardware(nothing, result.hardware);
  return result;
}

/// How a bar is loaded at its far end.
enum class BarLoad
{
  thin,   ///< 1 N across, in the direction of `Across::thin`
  wide,   ///< in the other
  pull,   ///< 1 N along it
  torsion ///< 1 N mm about it
};

/// A bar held at its start and loaded in the four ways at its end, solved.
struct SolvedBar
{
  std::vector<calcar::model::NodeIndex> nodes;
  std::vector<std::vector<calcar::model::NodalForce>> forces; ///< by BarLoad, grid axes (= LPS)
  std::vector<calcar::voxel::Solution> solutions;             ///< by BarLoad
};

/// Held are all nodes of the first 2 mm, loaded those of the last.
inline SolvedBar solved(const BarPlan& plan, const BarInVoxels& in)
{
  using namespace calcar;
  const Vec3 t = normalized(plan.along);
  const Across across = across_of(plan);
  const model::VoxelBody& body = in.model.body;
  SolvedBar result;
  result.forces.resize(4);
  model::VoxelSupports supports;
  supports.names = {"held"};
  std::vector<model::NodeIndex> end;
  Vec3 middle;
  for (const model::NodeIndex& node : model::nodes_of(body.grid, body.voxels))
  {
    const Vec3 p = model::node_position(body.grid, node);
    const double s = dot(p - plan.from, t);
    for (int axis = 0; axis < 3 && s <= 2; ++axis)
      supports.fixed.push_back({node, axis, 0, 0});
    if (s < plan.length - 2)
      continue;
    end.push_back(node);
    middle += p;
  }
  middle = middle / static_cast<double>(end.size());
  const double one = 1.0 / static_cast<double>(end.size());
  double inertia = 0;
  for (const model::NodeIndex& node : end)
  {
    const Vec3 r = model::node_position(body.grid, node) - middle;
    const Vec3 turn = cross(t, r);
    inertia += dot(turn, turn);
    result.forces[0].push_back({node, one * across.thin});
    result.forces[1].push_back({node, one * across.wide});
    result.forces[2].push_back({node, one * t});
    result.forces[3].push_back({node, turn});
  }
  for (model::NodalForce& force : result.forces[3])
    force.force = force.force / inertia;
  voxel::Options options;
  options.relative_residual = 1e-9;
  voxel::Engine engine(body, supports, MPI_COMM_SELF, options);
  result.solutions = engine.solve(result.forces, {0, 0, 0, 0});
  result.nodes = engine.nodes();
  return result;
}

/// Force and moment about a point (N, N mm) of the loads at the end: what every section carries.
struct EndLoad
{
  calcar::Vec3 force;
  calcar::Vec3 moment;
};

inline EndLoad end_load(const BarInVoxels& in, const SolvedBar& solved, BarLoad load,
                        calcar::Vec3 about)
{
  EndLoad sum;
  for (const auto& one : solved.forces[static_cast<std::size_t>(load)])
  {
    sum.force += one.force;
    sum.moment +=
        cross(calcar::model::node_position(in.model.body.grid, one.node) - about, one.force);
  }
  return sum;
}

/// Motion of a cross-section, by least squares over its nodes.
struct Motion
{
  calcar::Vec3 centre; ///< mean place of the nodes
  calcar::Vec3 moved;
  calcar::Vec3 turned; ///< rad
};

inline Motion motion_at(const BarPlan& plan, const BarInVoxels& in, const SolvedBar& solved,
                        BarLoad load, double at)
{
  using namespace calcar;
  const Vec3 t = normalized(plan.along);
  const auto& u = solved.solutions[static_cast<std::size_t>(load)].displacement;
  std::vector<std::size_t> near;
  Motion motion;
  for (std::size_t n = 0; n < solved.nodes.size(); ++n)
  {
    const Vec3 p = model::node_position(in.model.body.grid, solved.nodes[n]);
    if (std::abs(dot(p - plan.from, t) - at) > 1.01)
      continue;
    near.push_back(n);
    motion.centre += p;
    motion.moved += u[n];
  }
  motion.centre = motion.centre / static_cast<double>(near.size());
  motion.moved = motion.moved / static_cast<double>(near.size());
  Mat3 inertia{};
  Vec3 spin;
  for (const std::size_t n : near)
  {
    const Vec3 r = model::node_position(in.model.body.grid, solved.nodes[n]) - motion.centre;
    spin += cross(r, u[n] - motion.moved);
    for (std::size_t a = 0; a < 3; ++a)
      for (std::size_t b = 0; b < 3; ++b)
        inertia[a][b] += (a == b ? dot(r, r) : 0) - r[a] * r[b];
  }
  for (std::size_t a = 0; a < 3; ++a) // Cramer's rule; the inertia is symmetric
  {
    Mat3 replaced = inertia;
    replaced[a] = spin;
    motion.turned[a] = determinant(replaced) / determinant(inertia);
  }
  return motion;
}

/// Stiffness of the voxels over the exact one.
struct StiffnessRatios
{
  double thin = 0; ///< bending; of a plate about its weak axis
  double wide = 0;
  double axial = 0;
  double torsion = 0;
};

/**
 * From the motions of two sections at 30 % and 70 % of the length, away from the ends: EI =
 * integral of M over the difference of their rotations, EA and GJ likewise. Shear plays no part in
 * rotations.
 */
inline StiffnessRatios stiffness_ratios(const BarPlan& plan, const BarInVoxels& in,
                                        const SolvedBar& solved)
{
  using namespace calcar;
  const Vec3 t = normalized(plan.along);
  const Across across = across_of(plan);
  const implant::Stiffness& exact = in.bar.stiffness;
  const auto bending = [&](BarLoad load, Vec3 towards)
  {
    const Motion low = motion_at(plan, in, solved, load, 0.3 * plan.length);
    const Motion high = motion_at(plan, in, solved, load, 0.7 * plan.length);
    const Vec3 axis = cross(t, towards);
    const EndLoad moment = end_load(in, solved, load, 0.5 * (low.centre + high.centre));
    return dot(moment.moment, axis) * dot(high.centre - low.centre, t) /
           dot(high.turned - low.turned, axis);
  };
  const auto along = [&](BarLoad load, bool turn)
  {
    const Motion low = motion_at(plan, in, solved, load, 0.3 * plan.length);
    const Motion high = motion_at(plan, in, solved, load, 0.7 * plan.length);
    return dot(high.centre - low.centre, t) /
           dot(turn ? high.turned - low.turned : high.moved - low.moved, t);
  };
  return {bending(BarLoad::thin, across.thin) / exact.bending_EI_Nmm2,
          bending(BarLoad::wide, across.wide) / exact.bending_strong_EI_Nmm2,
          along(BarLoad::pull, false) / exact.axial_EA_N,
          along(BarLoad::torsion, true) / exact.torsion_GJ_Nmm2};
}

} // namespace test_bodies
