#include "anatomy/synthetic_raster.hpp"

#include "anatomy/population.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr int fine_block = 8;    ///< voxels of a side, skipped together when far from the surface
constexpr int coarse_block = 32; ///< blocks of blocks, likewise
constexpr double cortex_blend_mm = 0.4; ///< over which cortex gives way to what is inside it

/// What all voxels of a scan share.
struct Raster
{
  const image::Grid& grid;
  const Pose& pose;
  std::array<Vec3, 8> offsets; ///< of the sub-points from the centre, in the body's coordinates
  double widest;               ///< the largest spacing, mm
  double mean_edge;            ///< edge of the cube of a voxel's volume, mm

  Vec3 body_point(double i, double j, double k) const { return pose.body(grid.point({i, j, k})); }
};

Raster make_raster(const image::Grid& grid, const Pose& pose)
{
  const Vec3 s = grid.spacing;
  Raster raster{grid, pose, {}, std::max({s.x, s.y, s.z}), std::cbrt(s.x * s.y * s.z)};
  const Mat3 back = transpose(pose.to_lps);
  for (std::size_t sub = 0; sub < 8; ++sub)
  {
    const Vec3 step{(sub & 1 ? 0.25 : -0.25) * s.x, (sub & 2 ? 0.25 : -0.25) * s.y,
                    (sub & 4 ? 0.25 : -0.25) * s.z};
    raster.offsets[sub] = back * (grid.direction * step);
  }
  return raster;
}

using Distance = std::function<double(Vec3)>;

/// Calls visit(i, j, k, point, distance) for every voxel that the body fills or touches.
template <typename Visit>
class NearVoxels
{
public:
  NearVoxels(const Raster& raster, const Distance& distance, double steepest, const Visit& visit)
      : raster_(raster), distance_(distance), steepest_(steepest), visit_(visit)
  {
  }

  void run() const
  {
    const auto& size = raster_.grid.size;
    for (int k = 0; k < size[2]; k += coarse_block)
      for (int j = 0; j < size[1]; j += coarse_block)
        for (int i = 0; i < size[0]; i += coarse_block)
          block({i, j, k}, coarse_block);
  }

private:
  void block(std::array<int, 3> first, int edge) const
  {
    const double half = 0.5 * (edge - 1);
    const Vec3 middle = raster_.body_point(first[0] + half, first[1] + half, first[2] + half);
    const double reach = 0.5 * edge * norm(raster_.grid.spacing) + raster_.widest;
    if (distance_(middle) >= steepest_ * reach)
    {
      return;
    }
    if (edge == fine_block)
    {
      voxels(first);
      return;
    }
    const auto& size = raster_.grid.size;
    for (int k = first[2]; k < std::min(first[2] + edge, size[2]); k += fine_block)
      for (int j = first[1]; j < std::min(first[1] + edge, size[1]); j += fine_block)
        for (int i = first[0]; i < std::min(first[0] + edge, size[0]); i += fine_block)
          block({i, j, k}, fine_block);
  }

  void voxels(std::array<int, 3> first) const
  {
    const auto& size = raster_.grid.size;
    for (int k = first[2]; k < std::min(first[2] + fine_block, size[2]); ++k)
      for (int j = first[1]; j < std::min(first[1] + fine_block, size[1]); ++j)
        for (int i = first[0]; i < std::min(first[0] + fine_block, size[0]); ++i)
        {
          const Vec3 p = raster_.body_point(i, j, k);
          const double d = distance_(p);
          if (d < 0.9 * raster_.widest * steepest_)
          {
            visit_(i, j, k, p, d);
          }
        }
  }

  const Raster& raster_;
  const Distance& distance_;
  double steepest_;
  const Visit& visit_;
};

/// Share of a sub-point's cell (half a voxel wide) on the inner side of a surface at distance d.
double inner_share(double d, double mean_edge)
{
  return std::clamp(0.5 - 2 * d / mean_edge, 0.0, 1.0);
}

double density_at(const SyntheticBody& body, Vec3 p, double depth, double cartilage)
{
  return body.growth_plate && body.growth_plate(p) ? cartilage : body.density(p, depth);
}

bool touches_growth_plate(const SyntheticBody& body, const Raster& raster, Vec3 centre)
{
  return body.growth_plate &&
         std::any_of(raster.offsets.begin(), raster.offsets.end(),
                     [&](Vec3 offset) { return body.growth_plate(centre + offset); });
}

/// Mean density of a voxel: sub-points where a boundary may cross it, its centre alone elsewhere.
double voxel_density(const SyntheticBody& body, const Raster& raster, Vec3 centre, double d,
                     double around, double cartilage)
{
  const double near = 0.9 * raster.widest * body.steepest;
  const double to_inside = -d - body.cortex_mm(centre);
  if (d < -near && std::abs(to_inside) > near + cortex_blend_mm &&
      !touches_growth_plate(body, raster, centre))
  {
    return body.density(centre, -d);
  }
  double sum = 0;
  for (const Vec3& offset : raster.offsets)
  {
    const Vec3 p = centre + offset;
    const double at = body.distance(p);
    const double share = inner_share(at, raster.mean_edge);
    sum += share > 0 ? share * density_at(body, p, std::max(-at, 0.0), cartilage) : 0;
    sum += (1 - share) * around;
  }
  return sum / 8;
}

void paint_neighbour(const SyntheticBody::Neighbour& neighbour, double steepest,
                     const Raster& raster, const std::function<bool(Vec3)>& kept,
                     image::Volume& volume, image::LabelMap& labels)
{
  const auto visit = [&](int i, int j, int k, Vec3 p, double d)
  {
    if (kept && !kept(p))
    {
      return;
    }
    double share = 0;
    for (const Vec3& offset : raster.offsets)
    {
      share += inner_share(neighbour.distance(p + offset), raster.mean_edge) / 8;
    }
    float& value = volume.at(i, j, k);
    value = static_cast<float>(share * neighbour.density_g_cm3 + (1 - share) * value);
    if (d < 0)
    {
      labels.at(i, j, k) = neighbour.label;
    }
  };
  NearVoxels(raster, neighbour.distance, steepest, visit).run();
}

} // namespace

Pose pose_of(Side side, const Mat3& rotation, Vec3 at_body, Vec3 at_lps)
{
  const double medial = side == Side::right ? 1 : -1;
  const Mat3 anatomical = {Vec3{medial, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  return {rotation * anatomical, at_lps, at_body};
}

Extent extent_of(const Pose& pose, Vec3 low, Vec3 high, const Mat3& direction)
{
  Extent extent{{1e9, 1e9, 1e9}, {-1e9, -1e9, -1e9}};
  const Mat3 back = transpose(direction);
  for (int corner = 0; corner < 8; ++corner)
  {
    const Vec3 p = back * pose.lps({corner & 1 ? high.x : low.x, corner & 2 ? high.y : low.y,
                                    corner & 4 ? high.z : low.z});
    for (std::size_t a = 0; a < 3; ++a)
    {
      extent.from[a] = std::min(extent.from[a], p[a]);
      extent.to[a] = std::max(extent.to[a], p[a]);
    }
  }
  return extent;
}

void rasterise(const SyntheticBody& body, const Pose& pose, image::Volume& volume,
               image::LabelMap& labels, const std::function<bool(Vec3)>& kept)
{
  const Raster raster = make_raster(volume.grid, pose);
  for (const SyntheticBody::Neighbour& neighbour : body.neighbours)
  {
    paint_neighbour(neighbour, body.steepest, raster, kept, volume, labels);
  }
  const double cartilage = population_mean("synthetic_people", "cartilage_density_g_cm3").mean;
  const auto visit = [&](int i, int j, int k, Vec3 p, double d)
  {
    if (kept && !kept(p))
    {
      return;
    }
    float& value = volume.at(i, j, k);
    value = static_cast<float>(voxel_density(body, raster, p, d, value, cartilage));
    if (d < 0)
    {
      labels.at(i, j, k) =
          body.growth_plate && body.growth_plate(p) ? body.plate_label : body.label;
    }
  };
  NearVoxels(raster, body.distance, body.steepest, visit).run();
}

} // namespace calcar::anatomy
