#include "mesh/labels.hpp"

#include "geometry/rotation.hpp"
#include "mesh/meshing_result.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <unordered_map>

namespace calcar::mesh
{
namespace
{
constexpr double most_samples = 30e6;
/// Bisection ends at this share of the box's diagonal.
constexpr double bisection_share = 1e-8;

/// Visits the pairs of neighbours whose labels differ: visit(i, j, k, axis, one, other).
template <typename Visit>
void for_steps(const LabelSamples& samples, const Visit& visit)
{
  const auto [nx, ny, nz] = samples.size;
  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i)
      {
        const int here = samples.at(i, j, k);
        if (i + 1 < nx && separates(here, samples.at(i + 1, j, k)))
          visit(i, j, k, 0, here, samples.at(i + 1, j, k));
        if (j + 1 < ny && separates(here, samples.at(i, j + 1, k)))
          visit(i, j, k, 1, here, samples.at(i, j + 1, k));
        if (k + 1 < nz && separates(here, samples.at(i, j, k + 1)))
          visit(i, j, k, 2, here, samples.at(i, j, k + 1));
      }
}
} // namespace

bool separates(int one, int other)
{
  return one != other && (one > 0 || other > 0);
}

LabelSamples sample_labels(const std::function<int(const Vec3&)>& label, const Box& box,
                           double step)
{
  const Vec3 extent = box.high - box.low;
  const double volume = extent.x * extent.y * extent.z;
  LabelSamples samples;
  samples.box = box;
  samples.step = std::max(step, std::cbrt(volume / most_samples));
  for (std::size_t axis = 0; axis < 3; ++axis)
    samples.size[axis] = std::max(1, static_cast<int>(std::ceil(extent[axis] / samples.step)));
  const auto [nx, ny, nz] = samples.size;
  samples.labels.reserve(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny) *
                         static_cast<std::size_t>(nz));
  for (int k = 0; k < nz; ++k)
    for (int j = 0; j < ny; ++j)
      for (int i = 0; i < nx; ++i)
        samples.labels.push_back(static_cast<std::int16_t>(label(samples.point(i, j, k))));
  return samples;
}

std::map<int, double> volumes_of(const LabelSamples& samples)
{
  std::map<int, double> volumes;
  const double cube = samples.step * samples.step * samples.step;
  std::map<int, std::size_t> counts;
  for (const int label : samples.labels)
    if (label > 0)
      ++counts[label];
  for (const auto& [label, count] : counts)
    volumes[label] = static_cast<double>(count) * cube;
  return volumes;
}

std::map<int, double> volumes_of(const std::function<int(const Vec3&)>& label, const Box& box,
                                 int points)
{
  constexpr double g = 1.2207440846057596;
  const Vec3 extent = box.high - box.low;
  std::map<int, int> counts;
  const auto part = [](double x) { return x - std::floor(x); };
  for (int n = 1; n <= points; ++n)
  {
    const Vec3 at{part(n / g), part(n / (g * g)), part(n / (g * g * g))};
    ++counts[label(box.low + Vec3{at.x * extent.x, at.y * extent.y, at.z * extent.z})];
  }
  std::map<int, double> volumes;
  for (const auto& [region, count] : counts)
    if (region > 0)
      volumes[region] = extent.x * extent.y * extent.z * count / points;
  return volumes;
}

std::map<Patch, double> areas_of(const LabelSamples& samples)
{
  std::map<Patch, double> areas;
  const double face = samples.step * samples.step * 2 / 3;
  for_steps(samples,
            [&](int, int, int, int, int one, int other) { areas[ordered(one, other)] += face; });
  return areas;
}

std::vector<Crossing> seeds_of(const LabelSamples& samples, const MeshingBody& body,
                               const std::function<double(const Patch&)>& spacing)
{
  std::vector<Crossing> seeds;
  std::set<std::pair<Patch, std::array<int, 3>>> taken;
  for_steps(samples,
            [&](int i, int j, int k, int axis, int one, int other)
            {
              const Patch patch = ordered(one, other);
              const double cell = spacing(patch) / samples.step;
              const auto block = [&](int index) { return static_cast<int>(index / cell); };
              if (!taken.insert({patch, {block(i), block(j), block(k)}}).second)
                return;
              const Vec3 to = samples.point(i + (axis == 0), j + (axis == 1), k + (axis == 2));
              if (const auto crossing = body.crossing(samples.point(i, j, k), to))
                seeds.push_back(*crossing);
            });
  return seeds;
}

void answer_by_labels(MeshingBody& body, const std::function<int(const Vec3&)>& label)
{
  const double tolerance = bisection_share * norm(body.box.high - body.box.low);
  body.label = label;
  body.separated = [label](const Vec3& from, const Vec3& to) -> std::optional<Patch>
  {
    const int one = label(from);
    const int other = label(to);
    return separates(one, other) ? std::optional<Patch>(ordered(one, other)) : std::nullopt;
  };
  body.crossing = [label, tolerance](Vec3 from, Vec3 to) -> std::optional<Crossing>
  {
    const int one = label(from);
    int other = label(to);
    if (!separates(one, other))
      return std::nullopt;
    Vec3 middle = 0.5 * (from + to);
    int here = one; // of `from`; may become another label of the outside on the way
    while (norm(to - from) > tolerance)
    {
      const int between = label(middle);
      if (separates(here, between))
      {
        to = middle;
        other = between;
      }
      else
      {
        from = middle;
        here = between;
      }
      middle = 0.5 * (from + to);
    }
    return Crossing{middle, ordered(here, other)};
  };
}

namespace
{
/// A lattice in a plane with the crossings of a curve with its edges, linked in pairs.
class Section
{
public:
  Section(const std::function<bool(const Vec3&)>& inside, Vec3 point, Vec3 normal, const Box& box,
          double step)
      : inside_(inside), step_(step), u_(geometry::any_perpendicular(normal)), v_(cross(normal, u_))
  {
    const double reach = 0.5 * norm(box.high - box.low) + 2 * step;
    const Vec3 centre = 0.5 * (box.low + box.high);
    // The middle of the lattice is the foot of the box's centre on the plane.
    origin_ = centre - dot(centre - point, normal) * normal - reach * (u_ + v_);
    n_ = static_cast<int>(2 * reach / step) + 1;
    flags_.resize(static_cast<std::size_t>(n_) * static_cast<std::size_t>(n_), 0);
    for (int j = 1; j + 1 < n_; ++j)
      for (int i = 1; i + 1 < n_; ++i)
        flags_[corner(i, j)] = inside_(at(i, j)) ? 1 : 0;
    for (int j = 0; j + 1 < n_; ++j)
      for (int i = 0; i + 1 < n_; ++i)
        link_square(i, j);
  }

  std::vector<std::vector<Vec3>> curves(std::size_t least_points) const
  {
    std::vector<std::vector<Vec3>> curves;
    std::vector<bool> done(points_.size(), false);
    for (std::size_t start = 0; start < points_.size(); ++start)
    {
      std::vector<Vec3> curve;
      int before = -1;
      int here = static_cast<int>(start);
      while (!done[static_cast<std::size_t>(here)])
      {
        const auto n = static_cast<std::size_t>(here);
        done[n] = true;
        curve.push_back(points_[n]);
        const int next = links_[n][0] == before ? links_[n][1] : links_[n][0];
        before = here;
        here = next;
      }
      if (curve.size() < least_points)
        continue;
      curve.push_back(curve.front());
      curves.push_back(std::move(curve));
    }
    return curves;
  }

private:
  std::size_t corner(int i, int j) const
  {
    return static_cast<std::size_t>(i) + static_cast<std::size_t>(n_) * static_cast<std::size_t>(j);
  }
  Vec3 at(double i, double j) const { return origin_ + step_ * (i * u_ + j * v_); }

  void link_square(int i, int j)
  {
    // Corners counter-clockwise; edge c runs from corner c to the next.
    const std::array<std::array<int, 2>, 4> at_corner = {
        {{i, j}, {i + 1, j}, {i + 1, j + 1}, {i, j + 1}}};
    std::array<bool, 4> in{};
    for (std::size_t c = 0; c < 4; ++c)
      in[c] = flags_[corner(at_corner[c][0], at_corner[c][1])] != 0;
    std::vector<std::size_t> cut;
    for (std::size_t c = 0; c < 4; ++c)
      if (in[c] != in[(c + 1) % 4])
        cut.push_back(c);
    const auto edge = [&](std::size_t c) { return crossing(at_corner[c], at_corner[(c + 1) % 4]); };
    if (cut.size() == 2)
      link(edge(cut[0]), edge(cut[1]));
    if (cut.size() != 4)
      return;
    // A saddle: the corners unlike the centre are cut off, each between its two edges.
    const bool centre = inside_(at(i + 0.5, j + 0.5));
    for (std::size_t c = 0; c < 4; ++c)
      if (in[c] != centre)
        link(edge((c + 3) % 4), edge(c));
  }

  /// The number of the crossing between two neighbouring corners.
  int crossing(const std::array<int, 2>& a, const std::array<int, 2>& b)
  {
    const std::array<int, 2> low = std::min(a, b);
    const std::array<int, 2> high = std::max(a, b);
    const std::size_t key = 2 * corner(low[0], low[1]) + (low[0] == high[0] ? 1 : 0);
    const auto [entry, isNew] = number_.emplace(key, static_cast<int>(points_.size()));
    if (isNew)
    {
      points_.push_back(bisect(at(low[0], low[1]), at(high[0], high[1])));
      links_.push_back({-1, -1});
    }
    return entry->second;
  }

  Vec3 bisect(Vec3 from, Vec3 to) const
  {
    const bool first = inside_(from);
    for (int n = 0; n < 40; ++n)
    {
      const Vec3 middle = 0.5 * (from + to);
      (inside_(middle) == first ? from : to) = middle;
    }
    return 0.5 * (from + to);
  }

  void link(int a, int b)
  {
    for (const auto& [one, other] : {std::pair{a, b}, std::pair{b, a}})
    {
      auto& links = links_[static_cast<std::size_t>(one)];
      (links[0] < 0 ? links[0] : links[1]) = other;
    }
  }

  const std::function<bool(const Vec3&)>& inside_;
  double step_;
  Vec3 u_;
  Vec3 v_;
  Vec3 origin_;
  int n_ = 0;
  std::vector<std::uint8_t> flags_;
  std::vector<Vec3> points_;
  std::vector<std::array<int, 2>> links_;
  std::unordered_map<std::size_t, int> number_;
};
} // namespace

std::vector<std::vector<Vec3>> section_curves(const std::function<bool(const Vec3&)>& inside,
                                              Vec3 point, Vec3 normal, const Box& box, double step)
{
  return Section(inside, point, normal, box, step).curves(6);
}

} // namespace calcar::mesh
