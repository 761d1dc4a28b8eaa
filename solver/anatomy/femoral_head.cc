#include "anatomy/femoral_head.hpp"

#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double cell_mm = 4;
constexpr double smallest_mm = 8;
constexpr double largest_mm = 40;
constexpr double radius_step_mm = 2;

struct Candidate
{
  Vec3 centre;
  double radius = 0;
  double votes = 0; ///< per area of the sphere
};

/// A coarse grid of votes for sphere centres around the bone.
struct Votes
{
  Vec3 low;
  std::array<int, 3> size = {0, 0, 0};
  std::vector<float> count;

  std::size_t at(int i, int j, int k) const
  {
    return static_cast<std::size_t>((k * size[1] + j) * size[0] + i);
  }
};

Votes empty_votes(const std::vector<SurfacePoint>& points)
{
  Vec3 low = points.front().position;
  Vec3 high = low;
  for (const SurfacePoint& p : points)
  {
    for (std::size_t a = 0; a < 3; ++a)
    {
      low[a] = std::min(low[a], p.position[a]);
      high[a] = std::max(high[a], p.position[a]);
    }
  }
  Votes votes;
  votes.low = low;
  for (std::size_t a = 0; a < 3; ++a)
  {
    votes.size[a] = static_cast<int>((high[a] - low[a]) / cell_mm) + 2;
  }
  votes.count.assign(votes.at(0, 0, votes.size[2]), 0);
  return votes;
}

/// Shares one vote among the eight cells around a point.
void vote(Votes& votes, Vec3 centre)
{
  const Vec3 index = (centre - votes.low) / cell_mm;
  const int i = static_cast<int>(std::floor(index.x));
  const int j = static_cast<int>(std::floor(index.y));
  const int k = static_cast<int>(std::floor(index.z));
  if (i < 0 || j < 0 || k < 0 || i + 1 >= votes.size[0] || j + 1 >= votes.size[1] ||
      k + 1 >= votes.size[2])
  {
    return;
  }
  for (int c = 0; c < 8; ++c)
  {
    const double wx = c & 1 ? index.x - i : 1 - index.x + i;
    const double wy = c & 2 ? index.y - j : 1 - index.y + j;
    const double wz = c & 4 ? index.z - k : 1 - index.z + k;
    votes.count[votes.at(i + (c & 1), j + (c >> 1 & 1), k + (c >> 2))] +=
        static_cast<float>(wx * wy * wz);
  }
}

/// The three best centres of one radius.
void collect(const Votes& votes, double radius, std::vector<Candidate>& candidates)
{
  std::vector<Candidate> here;
  for (int k = 0; k < votes.size[2]; ++k)
  {
    for (int j = 0; j < votes.size[1]; ++j)
    {
      for (int i = 0; i < votes.size[0]; ++i)
      {
        const Vec3 centre = votes.low + cell_mm * Vec3{1.0 * i, 1.0 * j, 1.0 * k};
        here.push_back({centre, radius, votes.count[votes.at(i, j, k)] / (radius * radius)});
      }
    }
  }
  const auto more = [](const Candidate& a, const Candidate& b) { return a.votes > b.votes; };
  const std::size_t keep = std::min<std::size_t>(here.size(), 40);
  std::partial_sort(here.begin(), here.begin() + static_cast<std::ptrdiff_t>(keep), here.end(),
                    more);
  int taken = 0;
  for (std::size_t n = 0; n < keep && taken < 3; ++n)
  {
    const bool apart =
        std::none_of(candidates.begin(), candidates.end(),
                     [&](const Candidate& c)
                     { return c.radius == radius && norm(c.centre - here[n].centre) < 10; });
    if (apart)
    {
      candidates.push_back(here[n]);
      ++taken;
    }
  }
}

std::vector<Candidate> hough(const std::vector<SurfacePoint>& surface)
{
  const std::size_t stride = std::max<std::size_t>(1, surface.size() / 6000);
  std::vector<Candidate> candidates;
  for (double radius = smallest_mm; radius <= largest_mm; radius += radius_step_mm)
  {
    Votes votes = empty_votes(surface);
    for (std::size_t n = 0; n < surface.size(); n += stride)
    {
      vote(votes, surface[n].position - radius * surface[n].normal);
    }
    collect(votes, radius, candidates);
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.votes > b.votes; });
  candidates.resize(std::min<std::size_t>(candidates.size(), 14));
  return candidates;
}

/// Points near the sphere whose normal is that of the sphere within about 35 degrees.
std::vector<Vec3> belonging(const std::vector<SurfacePoint>& surface, Vec3 centre, double radius,
                            double tolerance)
{
  std::vector<Vec3> points;
  for (const SurfacePoint& s : surface)
  {
    const Vec3 d = s.position - centre;
    const double distance = norm(d);
    if (std::abs(distance - radius) < tolerance && dot(d, s.normal) > 0.82 * distance)
    {
      points.push_back(s.position);
    }
  }
  return points;
}

/// Evenly spread unit vectors (Fibonacci spiral).
std::vector<Vec3> even_directions(int count)
{
  std::vector<Vec3> directions;
  const double golden = geometry::pi * (3 - std::sqrt(5.0));
  for (int n = 0; n < count; ++n)
  {
    const double z = 1 - (2 * n + 1.0) / count;
    const double r = std::sqrt(1 - z * z);
    directions.push_back({r * std::cos(golden * n), r * std::sin(golden * n), z});
  }
  return directions;
}

const std::vector<Vec3>& net()
{
  static const std::vector<Vec3> directions = even_directions(240);
  return directions;
}

/// Which of the net's directions have a point of the sphere near them.
void measure_coverage(FemoralHead& head, const std::vector<Vec3>& points)
{
  std::vector<bool> covered(net().size(), false);
  for (const Vec3& p : points)
  {
    const Vec3 d = normalized(p - head.centre);
    for (std::size_t n = 0; n < net().size(); ++n)
    {
      covered[n] = covered[n] || dot(d, net()[n]) > 0.99; // 8 degrees: the spacing of the net
    }
  }
  Vec3 sum;
  for (std::size_t n = 0; n < net().size(); ++n)
  {
    if (!covered[n])
    {
      head.open.push_back(net()[n]);
      sum += net()[n];
    }
  }
  head.coverage = 1 - static_cast<double>(head.open.size()) / static_cast<double>(net().size());
  head.towards_neck = norm(sum) > 1e-9 ? normalized(sum) : Vec3{0, 0, -1};
}

std::optional<FemoralHead> refine(const BoneShape& shape, const Candidate& start)
{
  geometry::FittedSphere sphere{start.centre, start.radius, 0, 0};
  const double finest = std::max(1.5, 0.75 * shape.voxel_mm);
  std::vector<Vec3> points;
  for (const double tolerance : {5.0, 4.0, 3.0, 2.0, finest, finest, finest, finest})
  {
    points = belonging(shape.surface, sphere.centre, sphere.radius, std::max(tolerance, finest));
    const auto fitted = points.size() < 30 ? std::nullopt : geometry::fit_sphere(points);
    if (!fitted || fitted->radius < 0.7 * smallest_mm || fitted->radius > 1.2 * largest_mm)
    {
      return std::nullopt;
    }
    sphere = *fitted;
  }
  FemoralHead head;
  head.centre = sphere.centre;
  head.radius = sphere.radius;
  head.rms = sphere.rms;
  measure_coverage(head, points);
  return head;
}

} // namespace

double dome_seen(const FemoralHead& head, Vec3 towards_neck)
{
  const double rim = std::cos(geometry::radians(80));
  const auto on_dome = [&](const Vec3& d) { return dot(d, towards_neck) < rim; };
  const auto all = std::count_if(net().begin(), net().end(), on_dome);
  const auto open = std::count_if(head.open.begin(), head.open.end(), on_dome);
  return 1 - static_cast<double>(open) / static_cast<double>(all);
}

std::optional<FemoralHead> find_femoral_head(const BoneShape& shape)
{
  std::optional<FemoralHead> best;
  for (const Candidate& candidate : hough(shape.surface))
  {
    const auto head = refine(shape, candidate);
    if (head && head->coverage > 0.2 && (!best || head->coverage > best->coverage))
    {
      best = head;
    }
  }
  return best;
}

} // namespace calcar::anatomy
