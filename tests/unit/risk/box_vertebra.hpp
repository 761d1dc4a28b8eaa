#pragma once

#include "model/lattice.hpp"
#include "risk/collapse.hpp"
#include "unit/model/support.hpp"

#include <cmath>
#include <functional>

/**
 * A vertebra of boxes whose figures are known: body 40 mm wide, 30 deep, 24 high; behind it a canal
 * 20 wide and 16 deep, ringed by bone over the whole height. Coordinates of its frame: right,
 * anterior, cranial of the body's middle.
 */
struct BoxVertebra
{
  static constexpr double half_width = 20, half_depth = 15, half_height = 12;
  static constexpr double canal_half_width = 10, canal_back = -31, canal_mm2 = 320;

  calcar::model::VoxelModel model;
  calcar::anatomy::BoneAnatomy bone;
  std::vector<calcar::Vec3> nodes; ///< local

  /// Local directions in LPS: right -x, anterior -y, cranial z; the grid's axes turned by an angle.
  explicit BoxVertebra(double voxel_mm = 1, double turn = 0, bool arch = true)
  {
    using namespace calcar;
    bone.kind = anatomy::BoneKind::vertebra;
    bone.side = anatomy::Side::midline;
    bone.level = "L3";
    bone.frame = {{5, -7, 11}, {-1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
    bone.landmarks = {{"body_centre", lps({})},
                      {"superior_endplate_centre", lps({0, 0, half_height})},
                      {"inferior_endplate_centre", lps({0, 0, -half_height})},
                      {"anterior_wall", lps({0, half_depth, 0})},
                      {"posterior_wall", lps({0, -half_depth, 0})}};
    bone.measures["body_width_mm"] = {2 * half_width, 0, "mm", "measured"};
    if (arch)
    {
      bone.landmarks["canal_centre"] = lps({0, -23, 0});
      bone.measures["canal_width_mm"] = {2 * canal_half_width, 0, "mm", "measured"};
    }
    const int n = static_cast<int>(std::round(96 / voxel_mm));
    image::Grid grid = bodies::grid({n, n, n}, {voxel_mm, voxel_mm, voxel_mm}, turn);
    grid.origin = grid.origin + bone.frame.origin;
    model.body = bodies::body(
        grid, [&](Vec3 p) { return inside(local(p), arch); }, 300, 0.3);
    const std::size_t count = model.body.voxels.size();
    model.tissue.assign(count, model::TissueKind::bone);
    model.ash.assign(count, 0.2F);
    model.compressive_strength.assign(count, 2);
    model.tensile_strength.assign(count, 2);
    for (const model::NodeIndex& node : model::nodes_of(grid, model.body.voxels))
      nodes.push_back(local(model::node_position(grid, node)));
  }

  static bool inside(calcar::Vec3 p, bool arch)
  {
    if (std::abs(p.z) > half_height)
      return false;
    if (p.y > -half_depth)
      return std::abs(p.x) < half_width && p.y < half_depth;
    const bool canal = std::abs(p.x) < canal_half_width && p.y > canal_back;
    return arch && std::abs(p.x) < 18 && p.y > -37 && !canal;
  }

  calcar::Vec3 lps(calcar::Vec3 p) const
  {
    const auto& f = bone.frame;
    return f.origin + p.x * f.medial + p.y * f.anterior + p.z * f.proximal;
  }
  calcar::Vec3 local(calcar::Vec3 p) const
  {
    const auto& f = bone.frame;
    p = p - f.origin;
    return {dot(p, f.medial), dot(p, f.anterior), dot(p, f.proximal)};
  }
  calcar::Vec3 place(std::size_t voxel) const
  {
    return local(calcar::model::voxel_centre(model.body.grid, model.body.voxels[voxel]));
  }

  /// The displacement of the nodes, in grid axes, of a field given in the vertebra's axes.
  std::vector<calcar::Vec3> displaced(const std::function<calcar::Vec3(calcar::Vec3)>& field) const
  {
    std::vector<calcar::Vec3> result;
    for (const calcar::Vec3& node : nodes)
      result.push_back(transpose(model.body.grid.direction) *
                       (lps(field(node)) - bone.frame.origin));
    return result;
  }

  /// Fields at the end of a path: `strained` tells the plastic strain of a place, which has
  /// softened where it is above 0.
  calcar::voxel::YieldingFields failed(const std::function<double(calcar::Vec3)>& strained,
                                       const std::function<calcar::Vec3(calcar::Vec3)>& field) const
  {
    calcar::voxel::YieldingFields fields;
    for (std::size_t v = 0; v < model.body.voxels.size(); ++v)
    {
      const double strain = strained(place(v));
      fields.accumulated.push_back(strain);
      fields.left.push_back(strain > 0 ? 0.5 : 1);
      fields.yielded_at.push_back(strain > 0 ? 1 : 0);
      fields.softened_at.push_back(strain > 0 ? 2 : 0);
    }
    fields.displacement = displaced(field);
    return fields;
  }
};

/// How the box vertebra comes down when it is displaced and strained so at the end of a path of
/// three steps: elastic (nothing moves), peak, end.
inline calcar::risk::Collapse collapse_of(const BoxVertebra& box,
                                          const std::function<double(calcar::Vec3)>& strained,
                                          const std::function<calcar::Vec3(calcar::Vec3)>& field,
                                          bool peak_reached = true)
{
  using namespace calcar;
  analysis::FracturePath path;
  path.steps.resize(3);
  const double factors[] = {1, 2, 1.8};
  risk::CollapseWatch watch(box.model, load::Bones(&box.bone, 1), risk::collapse_rules());
  for (std::size_t n = 0; n < 3; ++n)
  {
    path.steps[n].factor = factors[n];
    const double share = 0.5 * static_cast<double>(n);
    watch.see(path.steps[n], box.displaced([&](Vec3 p) { return share * field(p); }));
  }
  path.peak = 1;
  path.peak_reached = peak_reached;
  path.at_end = box.failed(strained, field);
  return watch.judge(path);
}

/// 1 at 0, falling to 0 at `half` with a flat end.
inline double bump(double x, double half)
{
  const double pi = 3.14159265358979323846;
  return std::abs(x) < half ? std::pow(std::cos(0.5 * pi * x / half), 2) : 0;
}
