#include "lesion/twin.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "lesion/samples.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::lesion
{
namespace
{
constexpr double near_surface = 0.35; ///< s in voxels
constexpr double by_depth = 0.03;     ///< s over depth
constexpr double over_relaxation = 1.6;
constexpr double tolerance_g_cm3 = 1e-4;
constexpr int most_sweeps = 2000;

/// One coupling of a voxel that is filled: the neighbour's number among the filled, or its density.
struct Coupling
{
  double weight = 0;
  std::size_t voxel = 0;
  double step = 0; ///< m_a - m_b
};

struct Unknown
{
  std::size_t voxel = 0;
  std::vector<Coupling> couplings;
  double total = 0;
};

/// True for lesions that the twin is without; what the CT cannot see is no lesion in it.
bool is_filled(const PlacedLesion& placed)
{
  return placed.lesion.in_ct && !placed.lesion.both_ways;
}

/// Voxels of the bone that the CT's lesions change, with a voxel around them.
std::vector<std::uint8_t> to_fill(const Ground& ground, const std::vector<PlacedLesion>& lesions)
{
  const image::Grid& grid = ground.mask.grid;
  std::vector<std::uint8_t> fill(grid.voxels(), 0);
  const double voxel = std::max({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  for (const PlacedLesion& placed : lesions)
  {
    if (!is_filled(placed))
      continue;
    const auto& rim = placed.lesion.tissue.rim;
    const double around = 0.5 * placed.lesion.margin_mm + (rim ? rim->thickness_mm : 0) + voxel;
    for_each_near(grid, placed.centre, placed.reach_mm + around,
                  [&](std::size_t offset, int i, int j, int k)
                  {
                    const Vec3 p = grid.point({double(i), double(j), double(k)});
                    if (ground.mask.values[offset] && placed.solid.distance(p) < around)
                      fill[offset] = 1;
                  });
  }
  return fill;
}

/// Depth of the bone's voxels near the lesions, on the grid of the bone.
class Depths
{
public:
  Depths(const Ground& ground, const std::vector<PlacedLesion>& lesions)
  {
    constexpr double deepest_of_interest_mm = 30;
    for (const PlacedLesion& placed : lesions)
      if (is_filled(placed))
        near_.push_back({ground.mask, placed.centre,
                         influence_mm(placed) + placed.lesion.margin_mm + deepest_of_interest_mm});
  }
  double at(Vec3 p) const
  {
    double depth = -1e9;
    for (const Depth& one : near_) // known near its own lesion, far outside elsewhere
      depth = std::max(depth, one(p));
    return depth;
  }

private:
  std::vector<Depth> near_;
};

class Filling
{
public:
  Filling(const Ground& ground, const std::vector<PlacedLesion>& lesions,
          const image::Volume* mirrored)
      : ground_(ground), mirrored_(mirrored), fill_(to_fill(ground, lesions)),
        depths_(ground, lesions)
  {
    const image::Grid& grid = ground.mask.grid;
    for (int k = 0; k < grid.size[2]; ++k)
      for (int j = 0; j < grid.size[1]; ++j)
        for (int i = 0; i < grid.size[0]; ++i)
          if (fill_[grid.offset(i, j, k)])
            unknowns_.push_back(unknown_at(i, j, k));
  }

  bool has_border() const
  {
    return std::any_of(unknowns_.begin(), unknowns_.end(),
                       [&](const Unknown& u)
                       {
                         return std::any_of(u.couplings.begin(), u.couplings.end(),
                                            [&](const Coupling& c) { return !fill_[c.voxel]; });
                       });
  }

  FilledTwin solve() const
  {
    FilledTwin twin{ground_.density, unknowns_.size(), 0};
    std::vector<float>& values = twin.density.values;
    for (const Unknown& u : unknowns_)
      twin.mirrored += mirrored_ && std::isfinite(mirrored_->values[u.voxel]) ? 1 : 0;
    double change = 1;
    for (int sweep = 0; sweep < most_sweeps && change > tolerance_g_cm3; ++sweep)
    {
      change = 0;
      for (const Unknown& u : unknowns_)
      {
        double sum = 0;
        for (const Coupling& c : u.couplings)
          sum += c.weight * (static_cast<double>(values[c.voxel]) + c.step);
        if (u.total <= 0)
          continue;
        const auto before = static_cast<double>(values[u.voxel]);
        const double step = over_relaxation * (sum / u.total - before);
        values[u.voxel] = static_cast<float>(before + step);
        change = std::max(change, std::abs(step));
      }
    }
    return twin;
  }

private:
  Unknown unknown_at(int i, int j, int k) const
  {
    const image::Grid& grid = ground_.mask.grid;
    Unknown unknown;
    unknown.voxel = grid.offset(i, j, k);
    const double depth = depth_at(i, j, k);
    const double h = std::min({grid.spacing.x, grid.spacing.y, grid.spacing.z});
    const double s = std::max(near_surface * h, by_depth * depth);
    for (int c = -1; c <= 1; ++c)
      for (int b = -1; b <= 1; ++b)
        for (int a = -1; a <= 1; ++a)
        {
          if ((a == 0 && b == 0 && c == 0) || !grid.contains(i + a, j + b, k + c) ||
              !ground_.mask.at(i + a, j + b, k + c))
            continue;
          const double apart = norm({a * grid.spacing.x, b * grid.spacing.y, c * grid.spacing.z});
          const double layers = (depth - depth_at(i + a, j + b, k + c)) / s;
          // A floor keeps every voxel joined to some neighbour.
          const double weight = std::max(std::exp(-layers * layers), 1e-6) / (apart * apart);
          const std::size_t other = grid.offset(i + a, j + b, k + c);
          unknown.couplings.push_back({weight, other, mirror_step(unknown.voxel, other)});
          unknown.total += weight;
        }
    return unknown;
  }

  double depth_at(int i, int j, int k) const
  {
    return depths_.at(ground_.mask.grid.point({double(i), double(j), double(k)}));
  }

  double mirror_step(std::size_t a, std::size_t b) const
  {
    if (!mirrored_)
      return 0;
    const double step =
        static_cast<double>(mirrored_->values[a]) - static_cast<double>(mirrored_->values[b]);
    return std::isfinite(step) ? step : 0;
  }

  const Ground& ground_;
  const image::Volume* mirrored_;
  std::vector<std::uint8_t> fill_;
  Depths depths_;
  std::vector<Unknown> unknowns_;
};

SideDifference read_side_difference()
{
  const Table table =
      Table::read(data_file("materials/lesions", "side_difference", "lesion data", ""));
  const auto record = material::read_record(table);
  SideDifference result{table.number("mean"), table.number("deviation"),
                        table.number("no_difference"), material::doubt(record.status)};
  table.check();
  return result;
}
} // namespace

FilledTwin fill_lesions(const Ground& ground, const std::vector<PlacedLesion>& lesions,
                        const image::Volume* mirrored)
{
  const auto first = std::find_if(lesions.begin(), lesions.end(), is_filled);
  if (first == lesions.end())
    return {ground.density, 0, 0};
  const Filling filling(ground, lesions, mirrored);
  if (!filling.has_border())
    throw InputError(Fault::data,
                     {first->lesion.place,
                      "the lesions that the CT shows leave no bone beside them to make a healthy "
                      "twin from",
                      "lesions that are surrounded by bone",
                      "compare with the other side ([contralateral]), or give a smaller lesion",
                      ""});
  return filling.solve();
}

const SideDifference& side_difference()
{
  static const SideDifference data = read_side_difference();
  return data;
}

std::string side_words(double ratio)
{
  const SideDifference& by_nature = side_difference();
  const std::string figures = " (ratio " + format_number(ratio, 3) + "; sides differ by " +
                              format_number(100 * by_nature.mean) + " +- " +
                              format_number(100 * by_nature.deviation) + " % by nature, within " +
                              format_number(100 * by_nature.no_difference) + " % is no difference)";
  if (std::abs(ratio - 1) <= by_nature.no_difference + 1e-12)
    return "no difference between the sides" + figures;
  return (ratio < 1 ? "weaker than the other side" : "stronger than the other side") + figures;
}

} // namespace calcar::lesion
