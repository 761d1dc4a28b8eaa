#include "anatomy/pelvis_template.hpp"

#include "anatomy/pelvis_apex.hpp"
#include "anatomy/pelvis_body.hpp"
#include "anatomy/population.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double cell_mm = 3;
constexpr double margin_mm = 30;
constexpr int turns = 24;               ///< tried about the axis of the cup
constexpr std::size_t few = 400;        ///< points for the search
constexpr std::size_t many = 2500;      ///< for the refinement
constexpr double scale_deviation = 0.1; ///< of the logarithm of a bone's proportions

/// The standard hip bone with a table of its distances.
struct Standard
{
  PelvisBody body;
  Vec3 low;
  std::array<int, 3> size = {0, 0, 0};
  std::vector<float> distances;

  double at(int i, int j, int k) const
  {
    return distances[static_cast<std::size_t>((k * size[1] + j) * size[0] + i)];
  }
};

Standard make_standard()
{
  Dimensions dimensions;
  for (const auto& [name, mean] : population("synthetic_pelvis"))
  {
    dimensions[name] = mean.mean;
  }
  Standard s;
  constexpr double grown_up_years = 18;
  s.body = pelvis_body(dimensions, grown_up_years);
  s.low = s.body.low - Vec3{margin_mm, margin_mm, margin_mm};
  for (std::size_t a = 0; a < 3; ++a)
  {
    s.size[a] = static_cast<int>((s.body.high[a] - s.low[a] + margin_mm) / cell_mm) + 2;
  }
  for (int k = 0; k < s.size[2]; ++k)
    for (int j = 0; j < s.size[1]; ++j)
      for (int i = 0; i < s.size[0]; ++i)
      {
        s.distances.push_back(static_cast<float>(
            distance(s.body, s.low + cell_mm * Vec3{1.0 * i, 1.0 * j, 1.0 * k})));
      }
  return s;
}

const Standard& standard()
{
  static const Standard made = make_standard();
  return made;
}

/// Distance and its gradient.
struct Sample
{
  double value = 0;
  Vec3 gradient;
};

/// Trilinear in the table; further out the distance to the table's box is added.
Sample sample(Vec3 p)
{
  const Standard& s = standard();
  Vec3 q;
  Vec3 outside;
  std::array<int, 3> cell{};
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double high = s.size[a] - 1.001;
    const double x = (p[a] - s.low[a]) / cell_mm;
    q[a] = std::clamp(x, 0.0, high);
    outside[a] = cell_mm * (x - q[a]);
    cell[a] = static_cast<int>(q[a]);
    q[a] -= cell[a];
  }
  const auto [i, j, k] = cell;
  const auto corner = [&](int a, int b, int c) { return s.at(i + a, j + b, k + c); };
  const auto mix = [](double a, double b, double t) { return a + t * (b - a); };
  double edge[2][2];
  double slope[2][2];
  for (int c = 0; c < 2; ++c)
    for (int b = 0; b < 2; ++b)
    {
      edge[c][b] = mix(corner(0, b, c), corner(1, b, c), q.x);
      slope[c][b] = corner(1, b, c) - corner(0, b, c);
    }
  const double low = mix(edge[0][0], edge[0][1], q.y);
  const double high = mix(edge[1][0], edge[1][1], q.y);
  Sample result;
  result.value = mix(low, high, q.z) + norm(outside);
  result.gradient =
      Vec3{mix(mix(slope[0][0], slope[0][1], q.y), mix(slope[1][0], slope[1][1], q.y), q.z),
           mix(edge[0][1] - edge[0][0], edge[1][1] - edge[1][0], q.z), high - low} /
      cell_mm;
  if (norm(outside) > 0)
  {
    result.gradient = normalized(outside);
  }
  return result;
}

Vec3 divided(Vec3 a, Vec3 b)
{
  return {a.x / b.x, a.y / b.y, a.z / b.z};
}

double mean_scale(Vec3 s)
{
  return std::cbrt(s.x * s.y * s.z);
}

/// Points about the centre of the acetabulum, mirrored to those of a left bone.
std::vector<Vec3> centred(const std::vector<SurfacePoint>& surface, Vec3 centre, bool mirrored,
                          std::size_t most)
{
  std::vector<Vec3> points;
  const double step =
      std::max(1.0, static_cast<double>(surface.size()) / static_cast<double>(most));
  for (double n = 0; n < static_cast<double>(surface.size()); n += step)
  {
    Vec3 p = surface[static_cast<std::size_t>(n)].position - centre;
    p.x = mirrored ? -p.x : p.x;
    points.push_back(p);
  }
  return points;
}

/// Rotation and stretching, with the robust misfit of the points.
struct Fit
{
  Mat3 turn;
  Vec3 scale;
  double misfit = 1;
};

double misfit_of(const Fit& fit, const std::vector<Vec3>& points, double tolerance)
{
  double sum = 0;
  const double size = mean_scale(fit.scale);
  for (const Vec3& p : points)
  {
    const double d = size * sample(divided(fit.turn * p, fit.scale)).value / tolerance;
    sum += d * d / (1 + d * d);
  }
  return sum / static_cast<double>(points.size());
}

/// Gauss-Newton steps on sum d^2 / (1 + d^2), d in tolerances, with the proportions held near those
/// of the acetabulum.
void improve(Fit& fit, const std::vector<Vec3>& points, double tolerance, double expected_scale,
             int steps)
{
  for (int round = 0; round < steps; ++round)
  {
    Matrix6 m{};
    Vector6 rhs{};
    const double size = mean_scale(fit.scale);
    for (const Vec3& p : points)
    {
      const Vec3 v = fit.turn * p;
      const Vec3 q = divided(v, fit.scale);
      const Sample s = sample(q);
      const double d = size * s.value / tolerance;
      const double w = 1 / ((1 + d * d) * (1 + d * d));
      const Vec3 turn = cross(v, divided(s.gradient, fit.scale));
      const Vec3 stretch{-s.gradient.x * q.x, -s.gradient.y * q.y, -s.gradient.z * q.z};
      const double f = size / tolerance;
      const Vector6 row = {f * turn.x,    f * turn.y,    f * turn.z,
                           f * stretch.x, f * stretch.y, f * stretch.z};
      for (std::size_t i = 0; i < 6; ++i)
      {
        rhs[i] -= w * row[i] * d;
        for (std::size_t j = 0; j <= i; ++j)
        {
          m[i][j] += w * row[i] * row[j];
        }
      }
    }
    const double prior =
        0.02 * static_cast<double>(points.size()) / (scale_deviation * scale_deviation);
    for (std::size_t a = 0; a < 3; ++a)
    {
      m[a][a] += 1e-3 * static_cast<double>(points.size());
      m[a + 3][a + 3] += prior;
      rhs[a + 3] -= prior * std::log(fit.scale[a] / expected_scale);
    }
    const Vector6 x = solve(m, rhs);
    const Vec3 turn{x[0], x[1], x[2]};
    const double angle = norm(turn);
    if (angle > 1e-12)
    {
      fit.turn = geometry::rotation_about(turn, std::min(angle, 0.3)) * fit.turn;
    }
    for (std::size_t a = 0; a < 3; ++a)
    {
      fit.scale[a] *= std::exp(std::clamp(x[a + 3], -0.1, 0.1));
    }
  }
}

constexpr double misfit_tolerance = 5; ///< mm of an adult

void settle(Fit& fit, const std::vector<Vec3>& points, const std::array<double, 3>& tolerances,
            double expected)
{
  for (const double tolerance : tolerances)
  {
    improve(fit, points, tolerance * expected, expected, 8);
  }
  fit.misfit = misfit_of(fit, points, misfit_tolerance * expected);
}

LaidTemplate laid_by(const Fit& fit, const std::vector<Vec3>& points, const ConcaveSphere& cup,
                     bool mirrored)
{
  LaidTemplate laid{cup.centre, mirrored, fit.turn, fit.scale, fit.misfit, 0};
  double near = 0;
  for (const Vec3& p : points)
  {
    const double d = mean_scale(fit.scale) * sample(divided(fit.turn * p, fit.scale)).value;
    near += std::abs(d) < 0.2 * cup.radius ? 1 : 0;
  }
  laid.explained = near / static_cast<double>(points.size());
  return laid;
}

} // namespace

Vec3 LaidTemplate::to_standard(Vec3 lps) const
{
  Vec3 p = lps - centre;
  p.x = mirrored ? -p.x : p.x;
  return divided(turn * p, scale);
}

Vec3 LaidTemplate::to_lps(Vec3 p) const
{
  return centre + direction_in_lps({scale.x * p.x, scale.y * p.y, scale.z * p.z});
}

Vec3 LaidTemplate::direction_in_lps(Vec3 direction) const
{
  Vec3 d = transpose(turn) * direction;
  d.x = mirrored ? -d.x : d.x;
  return d;
}

double standard_radius()
{
  return standard().body.radius;
}

const PelvisBody& standard_body()
{
  return standard().body;
}

double standard_distance(Vec3 p)
{
  return sample(p).value;
}

const std::map<std::string, Vec3>& standard_landmarks()
{
  return standard().body.landmarks;
}

Vec3 standard_opening()
{
  return standard().body.opening;
}

LaidTemplate lay_standard(const std::vector<SurfacePoint>& surface, const ConcaveSphere& cup,
                          bool mirrored)
{
  const double expected = cup.radius / standard_radius();
  const std::vector<Vec3> coarse = centred(surface, cup.centre, mirrored, few);
  Vec3 opening = cup.opening;
  opening.x = mirrored ? -opening.x : opening.x;
  const Mat3 first = geometry::rotation_between(opening, standard_opening());
  std::vector<Fit> fits;
  for (int n = 0; n < turns; ++n)
  {
    const double angle = 2 * geometry::pi * n / turns;
    Fit fit{geometry::rotation_about(standard_opening(), angle) * first,
            {expected, expected, expected}};
    improve(fit, coarse, 20 * expected, expected, 6);
    fit.misfit = misfit_of(fit, coarse, 10 * expected);
    fits.push_back(fit);
  }
  std::sort(fits.begin(), fits.end(),
            [](const Fit& a, const Fit& b) { return a.misfit < b.misfit; });
  fits.resize(4);
  const std::vector<Vec3> fine = centred(surface, cup.centre, mirrored, many);
  for (Fit& fit : fits)
  {
    settle(fit, fine, {12, 8, 5}, expected);
  }
  const Fit best = *std::min_element(
      fits.begin(), fits.end(), [](const Fit& a, const Fit& b) { return a.misfit < b.misfit; });
  return laid_by(best, fine, cup, mirrored);
}

LaidTemplate lay_again(const std::vector<SurfacePoint>& surface, const ConcaveSphere& cup,
                       const LaidTemplate& laid)
{
  const std::vector<Vec3> fine = centred(surface, cup.centre, laid.mirrored, many);
  Fit fit{laid.turn, laid.scale};
  settle(fit, fine, {8, 5, 4}, cup.radius / standard_radius());
  return laid_by(fit, fine, cup, laid.mirrored);
}

} // namespace calcar::anatomy
