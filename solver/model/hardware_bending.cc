#include "model/hardware_bending.hpp"

#include "base/symmetric_tensor.hpp"
#include "implant/path.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::model
{
namespace
{
/// Of the bending inside voxels what counts, by the direction of a bar: all along an axis and in a
/// plane of two; less where the bar is oblique to all three, whose voxels need not follow pure
/// bending each by itself. The factor is measured.
double counted_within(Vec3 along)
{
  return 1 - 2.5 * std::sqrt(std::abs(along.x * along.y * along.z));
}
/// A stretch has its run's section when their areas differ by less than this share.
constexpr double same_area = 0.2;
/// Stretches are about so many voxels long.
constexpr double stretch_voxels = 4;

SymTensor dyad(Vec3 a, Vec3 b)
{
  return {a.x * b.x,
          a.y * b.y,
          a.z * b.z,
          0.5 * (a.y * b.z + a.z * b.y),
          0.5 * (a.z * b.x + a.x * b.z),
          0.5 * (a.x * b.y + a.y * b.x)};
}

/// Strain along axis a inside an element, per curvature. The bar runs along t, bent towards b: u_t
/// = -x y, u_b = (x^2 + nu (y^2 - z^2)) / 2, u_z = nu y z, strain y (-tt + nu (bb + zz)).
SymTensor strain_within(Vec3 t, Vec3 b, std::size_t a, double nu)
{
  const Vec3 z = cross(t, b);
  Vec3 axis;
  axis[a] = 1;
  const Vec3 second = -2 * t[a] * b[a] * t + (t[a] * t[a] + nu * (b[a] * b[a] - z[a] * z[a])) * b +
                      2 * nu * b[a] * z[a] * z;
  return -b[a] * dyad(t, t) + nu * b[a] * (dyad(b, b) + dyad(z, z)) + (-1.0) * dyad(second, axis);
}

/// Sums over a stretch of a bar.
struct Stretch
{
  double volume = 0; ///< mm^3 by shares
  SymTensor second;  ///< of the squares of the places across the axis, mm^5
  Vec3 along;        ///< sum of the tangents by volume
};

/// The stretches of a bar, of one length.
struct Stretches
{
  double length = 0;
  std::vector<Stretch> all;
};

Stretches stretches_of(const implant::Path& path, const image::Grid& grid,
                       const std::vector<VoxelShare>& shares)
{
  const double edge = std::cbrt(grid.voxel_volume());
  Stretches result;
  const auto count =
      std::max<std::size_t>(1, static_cast<std::size_t>(path.length() / (stretch_voxels * edge)));
  result.length = path.length() / static_cast<double>(count);
  result.all.resize(count);
  for (const VoxelShare& one : shares)
  {
    const Vec3 centre = voxel_centre(grid, one.voxel);
    const double s = path.nearest(centre);
    const Vec3 along = path.tangent(s);
    const Vec3 off = centre - path.point(s);
    const Vec3 across = off - dot(off, along) * along;
    const double low = std::max(0.0, (s - 0.5 * edge) / result.length);
    const double high = std::min(static_cast<double>(count), (s + 0.5 * edge) / result.length);
    for (auto n = static_cast<std::size_t>(low); n < count && static_cast<double>(n) < high; ++n)
    {
      const double at = static_cast<double>(n);
      const double part = std::min(high, at + 1) - std::max(low, at);
      const double volume = one.share * grid.voxel_volume() * part / (high - low);
      result.all[n].volume += volume;
      result.all[n].second = result.all[n].second + volume * dyad(across, across);
      result.all[n].along += volume * along;
    }
  }
  return result;
}

/// Bending of one stretch: second moments of its voxels about their middle and what is within them,
/// mm^4.
struct Bending
{
  double between = 0;
  double within = 0;         ///< of the stiffness
  double within_virtual = 0; ///< of the moment
};

Bending bending_of(const Stretch& stretch, double length, const image::Grid& grid,
                   const implant::CrossSection& section, double poisson)
{
  const Mat3 to_grid = transpose(grid.direction);
  const Vec3 along = normalized(stretch.along);
  const auto axes = eigenpairs(stretch.second); // width, thickness, along
  const bool round = section.strong_mm4 < 1.05 * section.weak_mm4;
  Bending result;
  for (std::size_t n = round ? 0 : 1; n < 2; ++n)
  {
    const double weight = round ? 0.5 : 1;
    const Vec3 towards = normalized(axes[n].direction - dot(axes[n].direction, along) * along);
    const double area = stretch.volume / length;
    result.between += weight * axes[n].value / length;
    const auto within = [&](double virtual_poisson)
    {
      return weight * area *
             bending_within(to_grid * along, to_grid * towards, grid.spacing, poisson,
                            virtual_poisson);
    };
    result.within += counted_within(to_grid * along) * within(poisson);
    result.within_virtual += within(0);
  }
  return result;
}

std::size_t run_at(const implant::Component& bar, double s)
{
  for (std::size_t n = 0; n < bar.runs.size(); ++n)
    if (s <= bar.runs[n].to_mm)
      return n;
  return bar.runs.size() - 1;
}
} // namespace

double bending_within(Vec3 along, Vec3 towards, Vec3 spacing, double poisson,
                      double virtual_poisson)
{
  const double lambda = poisson / ((1 + poisson) * (1 - 2 * poisson)); // over E
  const double mu = 0.5 / (1 + poisson);
  double sum = 0;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const SymTensor e = strain_within(along, towards, a, poisson);
    const SymTensor f = strain_within(along, towards, a, virtual_poisson);
    sum += spacing[a] * spacing[a] / 12 * (lambda * trace(e) * trace(f) + 2 * mu * contract(e, f));
  }
  return sum;
}

BarBending bar_bending(const implant::Component& bar, const image::Grid& grid,
                       const std::vector<VoxelShare>& shares, double youngs, double poisson)
{
  const implant::Path path(bar.axis);
  const Stretches stretches = stretches_of(path, grid, shares);
  BarBending result;
  std::vector<double> sums(bar.runs.size(), 0), counts(bar.runs.size(), 0);
  double all = 0, between = 0, moment = 0;
  for (std::size_t n = 0; n < stretches.all.size(); ++n)
  {
    const Stretch& stretch = stretches.all[n];
    const std::size_t r = run_at(bar, (static_cast<double>(n) + 0.5) * stretches.length);
    const implant::SectionRun& run = bar.runs[r];
    const double area = stretch.volume / stretches.length;
    if (std::abs(area - run.section.area_mm2) > same_area * run.section.area_mm2)
      continue;
    const Bending bending = bending_of(stretch, stretches.length, grid, run.section, poisson);
    const double over = youngs * (bending.between + bending.within) / run.stiffness.bending_EI_Nmm2;
    result.least = all == 0 ? over : std::min(result.least, over);
    result.most = all == 0 ? over : std::max(result.most, over);
    sums[r] += over;
    ++counts[r];
    ++all;
    between += bending.between;
    moment += bending.between + bending.within_virtual;
  }
  const double mean =
      all > 0 ? std::accumulate(sums.begin(), sums.end(), 0.0) / all : 1; // of runs too short
  for (std::size_t r = 0; r < bar.runs.size(); ++r)
    result.over_exact.push_back(counts[r] > 0 ? sums[r] / counts[r] : mean);
  if (moment > 0)
    result.mean_stress_share = between / moment;
  return result;
}

} // namespace calcar::model
