#include "voxel/plastic_points.hpp"

#include "voxel/neighbourhood.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{
namespace
{
constexpr SymTensor unit = {1, 1, 1, 0, 0, 0};

using Corners = std::array<std::size_t, 8>;

Corners corners_of(const Level& level, std::uint32_t place)
{
  const std::int32_t* table =
      level.nodes.table.data() + std::size_t{place / brick_voxels} * brick_nodes;
  const auto at = voxel_indices(static_cast<int>(place % brick_voxels));
  Corners corners;
  for (int c = 0; c < 8; ++c)
    corners[static_cast<std::size_t>(c)] =
        3 * static_cast<std::size_t>(
                table[node_position(at[0] + (c & 1), at[1] + (c >> 1 & 1), at[2] + (c >> 2))]);
  return corners;
}

template <typename T>
SymTensor strain_at(const std::array<Vec3, 8>& gradient, const Corners& corners, const T* u)
{
  SymTensor e;
  for (std::size_t c = 0; c < 8; ++c)
  {
    const Vec3& d = gradient[c];
    const auto x = static_cast<double>(u[corners[c]]), y = static_cast<double>(u[corners[c] + 1]),
               z = static_cast<double>(u[corners[c] + 2]);
    e.xx += d.x * x;
    e.yy += d.y * y;
    e.zz += d.z * z;
    e.yz += 0.5 * (d.z * y + d.y * z);
    e.zx += 0.5 * (d.x * z + d.z * x);
    e.xy += 0.5 * (d.y * x + d.x * y);
  }
  return e;
}

void add_force(const std::array<Vec3, 8>& gradient, const Corners& corners, double volume,
               const SymTensor& stress, double* f)
{
  for (std::size_t c = 0; c < 8; ++c)
  {
    const Vec3 force = stress * (volume * gradient[c]);
    f[corners[c]] += force.x;
    f[corners[c] + 1] += force.y;
    f[corners[c] + 2] += force.z;
  }
}

/// Sums of a component's corner values with the signs of the axes: 8 times its mean gradient, but
/// for the spacing.
template <typename T>
Vec3 signed_sums(const Corners& corners, std::size_t component, const T* u)
{
  double v[8];
  for (std::size_t c = 0; c < 8; ++c)
    v[c] = static_cast<double>(u[corners[c] + component]);
  const double a = v[0] + v[1], b = v[2] + v[3], c = v[4] + v[5], d = v[6] + v[7];
  return {(v[1] - v[0]) + (v[3] - v[2]) + (v[5] - v[4]) + (v[7] - v[6]), (b - a) + (d - c),
          (c + d) - (a + b)};
}

/// strain_at() at the centre in a third of the work: there all corners weigh the same but for their
/// signs. `gradient` is that of the last corner, all of whose signs are +.
SymTensor mean_strain(const Vec3& gradient, const Corners& corners, const float* u)
{
  const Vec3 x = signed_sums(corners, 0, u), y = signed_sums(corners, 1, u),
             z = signed_sums(corners, 2, u);
  return {gradient.x * x.x,
          gradient.y * y.y,
          gradient.z * z.z,
          0.5 * (gradient.z * y.z + gradient.y * z.y),
          0.5 * (gradient.x * z.x + gradient.z * x.z),
          0.5 * (gradient.y * x.y + gradient.x * y.x)};
}

/// add_force() at the centre, by the same signs.
void add_mean_force(const Vec3& gradient, const Corners& corners, double volume,
                    const SymTensor& stress, double* f)
{
  const Vec3 a = volume * gradient;
  const Vec3 along[3] = {{a.x * stress.xx, a.y * stress.xy, a.z * stress.zx},
                         {a.x * stress.xy, a.y * stress.yy, a.z * stress.yz},
                         {a.x * stress.zx, a.y * stress.yz, a.z * stress.zz}};
  for (std::size_t component = 0; component < 3; ++component)
  {
    const Vec3& t = along[component];
    for (std::size_t jk = 0; jk < 4; ++jk)
    {
      const double yz = ((jk & 1) != 0 ? t.y : -t.y) + ((jk & 2) != 0 ? t.z : -t.z);
      f[corners[2 * jk] + component] += yz - t.x;
      f[corners[2 * jk + 1] + component] += yz + t.x;
    }
  }
}

/// Moduli of the product at a voxel.
struct Moduli
{
  double lambda;
  double mu;
};

Moduli moduli_at(const Level& level, std::uint32_t place)
{
  return {static_cast<double>(level.bricks.lambda[place]),
          static_cast<double>(level.bricks.mu[place])};
}

/// Sets the moduli of a voxel to a share of the material's.
void set_share(const PlasticPoints& points, std::size_t voxel, double share, Level& level)
{
  const auto factor = static_cast<float>(share);
  level.bricks.lambda[points.places[voxel]] = factor * points.lambda[voxel];
  level.bricks.mu[points.places[voxel]] = factor * points.mu[voxel];
}

/// A point with a law's answer, against what the product already has.
Correction correction_of(std::uint32_t place, std::size_t point, const SymTensor& strain,
                         const Moduli& base, const material::PlasticAnswer& answer)
{
  Correction correction;
  correction.place = place;
  correction.point = static_cast<std::uint32_t>(point);
  correction.stress =
      answer.stress + (-2 * base.mu) * strain + (-base.lambda * trace(strain)) * unit;
  correction.tangent = answer.tangent;
  correction.tangent.pp -= base.lambda + 2 * base.mu / 3;
  correction.tangent.shear -= base.mu;
  return correction;
}
} // namespace

PointGradients point_gradients(const Vec3& spacing, Points points)
{
  const double at = points == Points::centre ? 0 : 1 / std::sqrt(3.0);
  const std::size_t count = points == Points::centre ? 1 : 8;
  const auto sign = [](std::size_t corner, std::size_t axis)
  { return (corner >> axis & 1) != 0 ? 1.0 : -1.0; };
  PointGradients gradients;
  gradients.volume = spacing.x * spacing.y * spacing.z / static_cast<double>(count);
  gradients.at.resize(count);
  for (std::size_t g = 0; g < count; ++g)
    for (std::size_t c = 0; c < 8; ++c)
      for (std::size_t axis = 0; axis < 3; ++axis)
      {
        double value = 2 / spacing[axis] * sign(c, axis) / 8;
        for (const std::size_t other : {(axis + 1) % 3, (axis + 2) % 3})
          value *= 1 + sign(c, other) * sign(g, other) * at;
        gradients.at[g][c][axis] = value;
      }
  return gradients;
}

PlasticPoints make_points(const Level& level, std::vector<model::VoxelYield> yields,
                          std::vector<model::YieldKind> kinds, Points points)
{
  PlasticPoints result;
  result.kind = points;
  result.gradients = point_gradients(level.bricks.spacing, points);
  result.places = active_places(level.bricks);
  for (const std::uint32_t place : result.places)
  {
    result.lambda.push_back(level.bricks.lambda[place]);
    result.mu.push_back(level.bricks.mu[place]);
  }
  result.yields = std::move(yields);
  result.kinds = std::move(kinds);
  result.old.resize(result.voxels() * result.per_voxel());
  result.state = result.old;
  return result;
}

material::PlasticLaw law_of(const PlasticPoints& points, std::size_t voxel)
{
  const auto lambda = static_cast<double>(points.lambda[voxel]);
  material::PlasticLaw law;
  law.shear = static_cast<double>(points.mu[voxel]);
  law.bulk = lambda + 2 * law.shear / 3;
  const model::VoxelYield& yield = points.yields[voxel];
  if (yield.kind < 0)
    return law;
  const model::YieldKind& kind = points.kinds[static_cast<std::size_t>(yield.kind)];
  law.yields = true;
  law.surface = kind.surface;
  law.damage = kind.damage;
  law.curve.first = static_cast<double>(yield.first);
  law.curve.plateau = static_cast<double>(yield.plateau);
  law.curve.slope = static_cast<double>(yield.slope);
  law.curve.last = static_cast<double>(yield.last);
  law.curve.rate = static_cast<double>(yield.rate);
  return law;
}

std::vector<double> accumulated(const PlasticPoints& points)
{
  const std::size_t count = points.per_voxel();
  std::vector<double> means(points.voxels(), 0);
  for (std::size_t n = 0; n < points.state.size(); ++n)
    means[n / count] += points.state[n].kappa / static_cast<double>(count);
  return means;
}

void ask_law(Level& level, const std::vector<double>& u, const std::vector<double>* averaged,
             material::TangentKind kind, PlasticPoints& points)
{
  points.corrections.clear();
  const std::size_t count = points.per_voxel();
  for (std::size_t v = 0; v < points.voxels(); ++v)
  {
    if (points.yields[v].kind < 0)
      continue;
    const material::PlasticLaw law = law_of(points, v);
    const std::uint32_t place = points.places[v];
    const Corners corners = corners_of(level, place);
    const auto softening = averaged ? std::optional((*averaged)[v]) : std::nullopt;
    for (std::size_t g = 0; g < count; ++g)
    {
      const SymTensor strain = strain_at(points.gradients.at[g], corners, u.data());
      const std::size_t n = v * count + g;
      const material::PlasticAnswer answer =
          material::evaluate(law, strain, points.old[n], kind, softening);
      points.state[n] = answer.state;
      if (points.kind == Points::centre)
        set_share(points, v, material::secant_share(law, answer.state.kappa, softening), level);
      if (answer.state.kappa > 0 || (softening && *softening > 0))
        points.corrections.push_back(
            correction_of(place, g, strain, moduli_at(level, place), answer));
    }
  }
}

double yield_left(const PlasticPoints& points, std::size_t voxel, double kappa)
{
  const material::PlasticLaw law = law_of(points, voxel);
  return law.yields ? (1 - law.damage.loss(kappa)) * law.curve.stress(kappa) / law.curve.stress(0)
                    : 1;
}

double utilisation_at(const PlasticPoints& points, const Level& level, std::size_t voxel,
                      std::size_t point, const std::vector<double>& u)
{
  const material::PlasticLaw law = law_of(points, voxel);
  const SymTensor strain =
      strain_at(points.gradients.at[point], corners_of(level, points.places[voxel]), u.data());
  const SymTensor stress =
      (2 * law.shear) * strain + ((law.bulk - 2 * law.shear / 3) * trace(strain)) * unit;
  const double p = trace(stress) / 3;
  const SymTensor deviator = stress + (-p) * unit;
  const double q = std::sqrt(1.5 * contract(deviator, deviator));
  return law.surface.equivalent_stress(p, q) / law.curve.stress(0);
}

void add_stress(const PlasticPoints& points, const Level& level, double* f)
{
  for (const Correction& at : points.corrections)
    add_force(points.gradients.at[at.point], corners_of(level, at.place), points.gradients.volume,
              at.stress, f);
}

void add_tangent(const PlasticPoints& points, const Level& level, const float* u, double* f)
{
  const double volume = points.gradients.volume;
  for (const Correction& at : points.corrections)
  {
    const Corners corners = corners_of(level, at.place);
    const std::array<Vec3, 8>& gradient = points.gradients.at[at.point];
    if (points.kind == Points::centre)
      add_mean_force(gradient.back(), corners, volume,
                     material::apply(at.tangent, mean_strain(gradient.back(), corners, u)), f);
    else
      add_force(gradient, corners, volume,
                material::apply(at.tangent, strain_at(gradient, corners, u)), f);
  }
}

} // namespace calcar::voxel
