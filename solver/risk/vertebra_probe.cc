#include "risk/vertebra_probe.hpp"

#include "model/lattice.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::risk
{
namespace
{
constexpr double stride = 0.2; ///< of a ray, in voxels
constexpr int bisections = 8;  ///< of a stride, where a ray meets the surface

std::size_t lattice_offset(const image::Grid& grid, int i, int j, int k)
{
  const auto nx = static_cast<std::size_t>(grid.size[0]) + 1;
  const auto ny = static_cast<std::size_t>(grid.size[1]) + 1;
  return static_cast<std::size_t>(i) +
         nx * (static_cast<std::size_t>(j) + ny * static_cast<std::size_t>(k));
}

std::vector<std::int32_t> number_nodes(const model::VoxelBody& body)
{
  const auto& size = body.grid.size;
  std::vector<std::int32_t> numbers(lattice_offset(body.grid, size[0], size[1], size[2]) + 1, -1);
  std::int32_t next = 0;
  for (const model::NodeIndex& node : model::nodes_of(body.grid, body.voxels))
    numbers[lattice_offset(body.grid, node.i, node.j, node.k)] = next++;
  return numbers;
}

/// Where a way from `in` to `out` leaves what `inside` tells, on its inner side.
template <typename Inside>
Vec3 border_between(Vec3 in, Vec3 out, const Inside& inside)
{
  for (int n = 0; n < bisections; ++n)
  {
    const Vec3 middle = 0.5 * (in + out);
    (inside(middle) ? in : out) = middle;
  }
  return in;
}
} // namespace

VertebraProbe::VertebraProbe(const model::VoxelModel& model, const anatomy::BoneAnatomy& bone,
                             std::uint8_t number)
    : model_(model), bone_(bone), voxel_of_(model.body.grid.voxels(), -1),
      node_of_(number_nodes(model.body))
{
  const Vec3& edge = model.body.grid.spacing;
  grain_ = std::min({edge.x, edge.y, edge.z});
  for (std::size_t v = 0; v < model.body.voxels.size(); ++v)
  {
    const bool ours = model.bone_number.empty() || model.bone_number[v] == number;
    if (!ours || model.tissue[v] == model::TissueKind::layer)
      continue;
    own_.push_back(v);
    voxel_of_[model.body.voxels[v]] = static_cast<std::int32_t>(v);
  }
}

Vec3 VertebraProbe::local(Vec3 lps) const
{
  const anatomy::Frame& f = bone_.frame;
  const Vec3 p = lps - f.origin;
  return {dot(p, f.medial), dot(p, f.anterior), dot(p, f.proximal)};
}

Vec3 VertebraProbe::turned(Vec3 along_grid) const
{
  const Vec3 lps = model_.body.grid.direction * along_grid;
  const anatomy::Frame& f = bone_.frame;
  return {dot(lps, f.medial), dot(lps, f.anterior), dot(lps, f.proximal)};
}

/// Continuous index of a point; voxel (i, j, k) spans i - 0.5 to i + 0.5.
Vec3 VertebraProbe::index_of(Vec3 local) const
{
  const anatomy::Frame& f = bone_.frame;
  return model_.body.grid.index(f.origin + local.x * f.medial + local.y * f.anterior +
                                local.z * f.proximal);
}

std::optional<std::size_t> VertebraProbe::voxel_at(Vec3 local) const
{
  const Vec3 index = index_of(local);
  const auto nearest = [](double x) { return static_cast<int>(std::floor(x + 0.5)); };
  const int i = nearest(index.x), j = nearest(index.y), k = nearest(index.z);
  const image::Grid& grid = model_.body.grid;
  if (!grid.contains(i, j, k))
    return std::nullopt;
  const std::int32_t voxel = voxel_of_[grid.offset(i, j, k)];
  return voxel < 0 ? std::nullopt : std::optional(static_cast<std::size_t>(voxel));
}

std::size_t VertebraProbe::node_at(int i, int j, int k) const
{
  return static_cast<std::size_t>(node_of_[lattice_offset(model_.body.grid, i, j, k)]);
}

SurfaceHit VertebraProbe::hit_at(Vec3 local, std::size_t voxel) const
{
  SurfaceHit hit{local, voxel, {}, {}};
  const auto [i, j, k] = model::voxel_index(model_.body.grid, model_.body.voxels[voxel]);
  const Vec3 inside = index_of(local) - Vec3{i - 0.5, j - 0.5, k - 0.5};
  for (std::size_t corner = 0; corner < 8; ++corner)
  {
    const int a = corner & 1, b = (corner >> 1) & 1, c = (corner >> 2) & 1;
    hit.nodes[corner] = node_at(i + a, j + b, k + c);
    hit.weights[corner] = (a ? inside.x : 1 - inside.x) * (b ? inside.y : 1 - inside.y) *
                          (c ? inside.z : 1 - inside.z);
  }
  return hit;
}

std::optional<SurfaceHit> VertebraProbe::first_bone(Vec3 from, Vec3 way, double reach) const
{
  const double step = stride * grain_;
  for (double gone = 0; gone <= reach; gone += step)
  {
    const Vec3 here = from + gone * way;
    if (!voxel_at(here))
      continue;
    const Vec3 border = gone > 0 ? border_between(here, here - step * way,
                                                  [&](Vec3 p) { return voxel_at(p).has_value(); })
                                 : here;
    return hit_at(border, *voxel_at(border));
  }
  return std::nullopt;
}

std::optional<SurfaceHit> VertebraProbe::last_bone(Vec3 from, Vec3 way, double reach) const
{
  const double step = stride * grain_;
  if (!voxel_at(from))
    return std::nullopt;
  for (double gone = step; gone <= reach; gone += step)
  {
    const Vec3 here = from + gone * way;
    if (voxel_at(here))
      continue;
    const Vec3 border =
        border_between(here - step * way, here, [&](Vec3 p) { return voxel_at(p).has_value(); });
    return hit_at(border, *voxel_at(border));
  }
  return std::nullopt;
}

std::optional<SurfaceHit> VertebraProbe::point_at(Vec3 local) const
{
  const auto voxel = voxel_at(local);
  return voxel ? std::optional(hit_at(local, *voxel)) : std::nullopt;
}

Vec3 VertebraProbe::moved(const SurfaceHit& hit, std::span<const Vec3> displacement) const
{
  Vec3 along_grid;
  for (std::size_t corner = 0; corner < 8; ++corner)
    along_grid += hit.weights[corner] * displacement[hit.nodes[corner]];
  return turned(along_grid);
}

} // namespace calcar::risk
