#include "image/motion_fit.hpp"

#include "geometry/rotation.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"

#include <vnl/algo/vnl_svd.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace calcar::image
{
namespace
{
constexpr std::size_t most_samples = 40'000;

/// The moving scan at the places of the fixed one's voxels, for least squares.
class Comparison
{
public:
  Comparison(const Volume& fixed, const Mask& where, const Volume& moving)
      : fixed_(fixed), moving_(moving), samples_(sampled_voxels(where)), centre_(centroid(where))
  {
    const Vec3 h = moving.grid.spacing;
    step_mm_ = std::max({h.x, h.y, h.z});
  }

  /// Residuals of m(q) - (factor f(p) + offset) under a motion: their normal equations.
  struct Normal
  {
    vnl_matrix<double> matrix = vnl_matrix<double>(8, 8, 0.0);
    vnl_vector<double> right = vnl_vector<double>(8, 0.0);
    double squares = 0; ///< mean
  };

  Normal normal(const RigidMotion& motion, double factor, double offset) const
  {
    Normal sum;
    double n = 0;
    const Vec3 pivot = motion(centre_);
    for (const auto& [i, j, k] : samples_)
    {
      const Vec3 q = motion(fixed_.grid.point({double(i), double(j), double(k)}));
      const auto there = value(q);
      const auto slope = there ? gradient(q) : std::nullopt;
      if (!slope)
        continue;
      const auto here = static_cast<double>(fixed_.at(i, j, k));
      const Vec3 turn = cross(q - pivot, *slope);
      const double row[8] = {slope->x, slope->y, slope->z, turn.x, turn.y, turn.z, -here, -1};
      const double residual = *there - (factor * here + offset);
      for (unsigned r = 0; r < 8; ++r)
      {
        for (unsigned c = 0; c < 8; ++c)
          sum.matrix(r, c) += row[r] * row[c];
        sum.right(r) -= row[r] * residual;
      }
      sum.squares += residual * residual;
      n += 1;
    }
    sum.squares /= std::max(n, 1.0);
    return sum;
  }

  Vec3 pivot(const RigidMotion& motion) const { return motion(centre_); }

private:
  std::optional<double> value(Vec3 q) const
  {
    constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
    const auto found = static_cast<double>(sample_linear(moving_, q, nothing));
    return std::isfinite(found) ? std::optional(found) : std::nullopt;
  }
  std::optional<Vec3> gradient(Vec3 q) const
  {
    Vec3 slope;
    for (std::size_t a = 0; a < 3; ++a)
    {
      Vec3 step;
      step[a] = step_mm_;
      const auto above = value(q + step), below = value(q - step);
      if (!above || !below)
        return std::nullopt;
      slope[a] = (*above - *below) / (2 * step_mm_);
    }
    return slope;
  }

  const Volume& fixed_;
  const Volume& moving_;
  std::vector<std::array<int, 3>> samples_;
  Vec3 centre_;
  double step_mm_ = 1;
};

} // namespace

std::vector<std::array<int, 3>> sampled_voxels(const Mask& where)
{
  const std::size_t every = count(where) / most_samples + 1;
  std::vector<std::array<int, 3>> voxels;
  std::size_t n = 0;
  for (int k = 0; k < where.grid.size[2]; ++k)
    for (int j = 0; j < where.grid.size[1]; ++j)
      for (int i = 0; i < where.grid.size[0]; ++i)
        if (where.at(i, j, k) && n++ % every == 0)
          voxels.push_back({i, j, k});
  return voxels;
}

Vec3 centroid(const Mask& where)
{
  Vec3 sum;
  double n = 0;
  for (int k = 0; k < where.grid.size[2]; ++k)
    for (int j = 0; j < where.grid.size[1]; ++j)
      for (int i = 0; i < where.grid.size[0]; ++i)
        if (where.at(i, j, k))
        {
          sum += where.grid.point({double(i), double(j), double(k)});
          n += 1;
        }
  return sum / n;
}

RigidMotion sharpened(const Volume& fixed, const Mask& where, const Volume& moving,
                      RigidMotion motion)
{
  constexpr int steps = 30;
  constexpr double small_mm = 1e-4, small_turn = 1e-6;
  const Comparison comparison(fixed, where, moving);
  double factor = 1, offset = 0, least = std::numeric_limits<double>::infinity();
  RigidMotion best = motion;
  for (int step = 0; step < steps; ++step)
  {
    const Comparison::Normal sum = comparison.normal(motion, factor, offset);
    if (step > 0 && sum.squares < least) // the first still has the scale of one scan for both
    {
      least = sum.squares;
      best = motion;
    }
    vnl_svd<double> parts(sum.matrix); // free turns of a round bone stay as they are
    parts.zero_out_relative(1e-10);
    const vnl_vector<double> x = parts.solve(sum.right);
    const Vec3 move{x(0), x(1), x(2)}, turn{x(3), x(4), x(5)};
    const Vec3 pivot = comparison.pivot(motion);
    if (norm(turn) > 0)
    {
      const Mat3 rotation = geometry::rotation_about(turn, norm(turn));
      motion = {rotation * motion.turn, rotation * (motion.shift - pivot) + pivot};
    }
    motion.shift += move;
    factor += x(6);
    offset += x(7);
    if (norm(move) < small_mm && norm(turn) < small_turn)
      break;
  }
  return best;
}

} // namespace calcar::image
