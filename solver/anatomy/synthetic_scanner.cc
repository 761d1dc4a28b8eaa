#include "anatomy/synthetic_scanner.hpp"

#include "anatomy/population.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

namespace calcar::anatomy
{

namespace
{

constexpr std::size_t rods = 5;
constexpr int first_rod_label = 101;
constexpr int streak_sectors = 7; ///< bright ones around the pin, with dark ones between

double calibrated(const char* what)
{
  return density_of_hounsfield(scanner_constant(what));
}

/// Where a voxel lies along the axes of its image, mm.
Vec3 along_axes(const image::Grid& grid, int i, int j, int k)
{
  return transpose(grid.direction) * grid.point({1.0 * i, 1.0 * j, 1.0 * k});
}

template <typename Visit>
void for_voxels(const image::Grid& grid, const Visit& visit)
{
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        visit(i, j, k);
}

Extent grown(Extent extent, double by)
{
  for (const std::size_t a : {0, 1})
  {
    extent.from[a] -= by;
    extent.to[a] += by;
  }
  return extent;
}

/// The section of a limb or trunk whose rounded rectangle (|x/a|^4 + |y/b|^4 <= 1) holds a box.
Extent holding(Extent extent)
{
  for (const std::size_t a : {0, 1})
  {
    const double more = 0.5 * (std::pow(2.0, 0.25) - 1) * (extent.to[a] - extent.from[a]);
    extent.from[a] -= more;
    extent.to[a] += more;
  }
  return extent;
}

bool inside_section(const Extent& box, Vec3 p)
{
  double sum = 0;
  for (const std::size_t a : {0, 1})
  {
    const double half = 0.5 * (box.to[a] - box.from[a]);
    const double t = (p[a] - box.from[a] - half) / half;
    sum += t * t * t * t;
  }
  return sum <= 1;
}

bool inside_slab(const Extent& box, Vec3 p)
{
  return p.x >= box.from.x && p.x <= box.to.x && p.y >= box.from.y && p.y <= box.to.y;
}

double rod_density(std::size_t n)
{
  return scanner_constant("rod_" + std::to_string(n + 1) + "_mg_cm3") / 1000;
}

/// Axis of the n-th rod in the slab, across the third axis.
Vec3 rod_axis(const Extent& slab, std::size_t n)
{
  const double step = (slab.to.x - slab.from.x) / static_cast<double>(rods);
  return {slab.from.x + (static_cast<double>(n) + 0.5) * step, 0.5 * (slab.from.y + slab.to.y), 0};
}

double distance_across(Vec3 p, Vec3 axis)
{
  return std::hypot(p.x - axis.x, p.y - axis.y);
}

} // namespace

double scanner_constant(const std::string& key)
{
  return population_mean("synthetic_scanner", key).mean;
}

double density_of_hounsfield(double hounsfield)
{
  return scanner_constant("hu_intercept_g_cm3") + scanner_constant("hu_slope_g_cm3") * hounsfield;
}

void to_hounsfield(image::Volume& volume)
{
  const double intercept = scanner_constant("hu_intercept_g_cm3");
  const double slope = scanner_constant("hu_slope_g_cm3");
  for (float& value : volume.values)
  {
    value = static_cast<float>((value - intercept) / slope);
  }
}

void close_with_skin(image::Volume& volume, const Faces& cropped)
{
  const auto soft = static_cast<float>(scanner_constant("soft_tissue_density_g_cm3"));
  const auto air = static_cast<float>(calibrated("air_HU"));
  const auto fat = static_cast<float>(calibrated("fat_HU"));
  const auto& size = volume.grid.size;
  for_voxels(volume.grid,
             [&](int i, int j, int k)
             {
               const int index[3] = {i, j, k};
               int depth = 2;
               for (std::size_t a = 0; a < 3; ++a)
               {
                 depth = std::min(depth, cropped[2 * a] ? 2 : index[a]);
                 depth = std::min(depth, cropped[2 * a + 1] ? 2 : size[a] - 1 - index[a]);
               }
               float& value = volume.at(i, j, k);
               if (depth < 2 && value == soft)
               {
                 value = depth == 0 ? air : fat;
               }
             });
}

Surroundings surroundings_of(const Extent& bone, const ScanSettings& settings)
{
  Surroundings around;
  around.bone = bone;
  const double pin = scanner_constant("pin_radius_mm");
  const double gap = scanner_constant("pin_gap_mm");
  around.pin = {bone.from.x - gap - pin, 0.5 * (bone.from.y + bone.to.y), 0};
  Extent held = bone;
  if (settings.metal)
  {
    held.from.x -= 2 * gap + 2 * pin;
  }
  around.all = held;
  if (settings.body || settings.phantom)
  {
    around.muscle = grown(holding(held), scanner_constant("muscle_layer_mm"));
    around.fat = grown(around.muscle, scanner_constant("fat_layer_mm"));
    around.all = grown(around.fat, scanner_constant("air_layer_mm"));
  }
  if (settings.phantom)
  {
    const double middle = 0.5 * (around.fat.from.x + around.fat.to.x);
    const double half = 1.5 * static_cast<double>(rods) * scanner_constant("rod_radius_mm");
    const double top = around.fat.to.y + scanner_constant("phantom_gap_mm");
    around.phantom = {{middle - half, top, 0},
                      {middle + half, top + scanner_constant("phantom_height_mm"), 0}};
    const double air = scanner_constant("air_layer_mm");
    around.all.from.x = std::min(around.all.from.x, around.phantom.from.x - air);
    around.all.to.x = std::max(around.all.to.x, around.phantom.to.x + air);
    around.all.to.y = around.phantom.to.y + air;
  }
  return around;
}

void paint_surroundings(const Surroundings& around, const ScanSettings& settings,
                        image::Volume& volume, image::LabelMap& labels)
{
  if (!settings.body && !settings.phantom)
  {
    return;
  }
  const auto fat = static_cast<float>(calibrated("fat_HU"));
  const auto air = static_cast<float>(calibrated("air_HU"));
  const auto base = static_cast<float>(calibrated("phantom_base_HU"));
  const double radius = scanner_constant("rod_radius_mm");
  const double region = scanner_constant("rod_region_share") * radius;
  std::array<float, rods> densities{};
  for (std::size_t n = 0; n < rods; ++n)
  {
    densities[n] = static_cast<float>(rod_density(n));
  }
  const auto visit = [&](int i, int j, int k)
  {
    const Vec3 p = along_axes(volume.grid, i, j, k);
    float& value = volume.at(i, j, k);
    if (inside_section(around.muscle, p))
    {
      return;
    }
    value = inside_section(around.fat, p) ? fat : air;
    if (!settings.phantom || !inside_slab(around.phantom, p))
    {
      return;
    }
    value = base;
    for (std::size_t n = 0; n < rods; ++n)
    {
      const double off = distance_across(p, rod_axis(around.phantom, n));
      value = off < radius ? densities[n] : value;
      labels.at(i, j, k) =
          off < region ? first_rod_label + static_cast<int>(n) : labels.at(i, j, k);
    }
  };
  for_voxels(volume.grid, visit);
}

Dimensions rods_mg_cm3()
{
  Dimensions densities;
  for (std::size_t n = 0; n < rods; ++n)
  {
    densities[std::to_string(first_rod_label + static_cast<int>(n))] = 1000 * rod_density(n);
  }
  return densities;
}

void add_metal(const Surroundings& around, image::Volume& volume)
{
  const double slope = scanner_constant("hu_slope_g_cm3");
  const double metal = calibrated("metal_HU");
  const double radius = scanner_constant("pin_radius_mm");
  const double streak = slope * scanner_constant("streak_HU");
  const double reach = scanner_constant("streak_reach_mm");
  const double air = calibrated("air_HU");
  const auto visit = [&](int i, int j, int k)
  {
    const Vec3 from_pin = along_axes(volume.grid, i, j, k) - around.pin;
    const double off = std::hypot(from_pin.x, from_pin.y);
    float& value = volume.at(i, j, k);
    if (off < radius)
    {
      value = static_cast<float>(metal);
      return;
    }
    const double angle = std::atan2(from_pin.y, from_pin.x);
    const double away = (off - radius) / reach;
    const double size = streak / (1 + away * away);
    // No scanner tells less than air.
    value = static_cast<float>(std::max(value + size * std::cos(streak_sectors * angle), air));
  };
  for_voxels(volume.grid, visit);
}

namespace
{

/// One pass of the separable filter along an axis.
void blur_along(image::Volume& volume, std::size_t axis, const std::vector<double>& weights)
{
  const auto& size = volume.grid.size;
  const int reach = static_cast<int>(weights.size()) - 1;
  const int n = size[axis];
  const std::size_t step =
      axis == 0   ? 1
      : axis == 1 ? static_cast<std::size_t>(size[0])
                  : static_cast<std::size_t>(size[0]) * static_cast<std::size_t>(size[1]);
  std::vector<double> line(static_cast<std::size_t>(n));
  for_voxels(volume.grid,
             [&](int i, int j, int k)
             {
               const int index[3] = {i, j, k};
               if (index[axis] != 0)
               {
                 return;
               }
               float* first = &volume.at(i, j, k);
               for (int m = 0; m < n; ++m)
               {
                 line[static_cast<std::size_t>(m)] = first[static_cast<std::size_t>(m) * step];
               }
               for (int m = 0; m < n; ++m)
               {
                 double sum = weights[0] * line[static_cast<std::size_t>(m)];
                 for (int r = 1; r <= reach; ++r)
                 {
                   sum += weights[static_cast<std::size_t>(r)] *
                          (line[static_cast<std::size_t>(std::max(m - r, 0))] +
                           line[static_cast<std::size_t>(std::min(m + r, n - 1))]);
                 }
                 first[static_cast<std::size_t>(m) * step] = static_cast<float>(sum);
               }
             });
}

} // namespace

void blur(image::Volume& volume, double width_mm)
{
  const double sigma = width_mm / (2 * std::sqrt(2 * std::log(2.0)));
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const double in_voxels = sigma / volume.grid.spacing[axis];
    std::vector<double> weights;
    double sum = 0;
    for (int r = 0; r <= static_cast<int>(std::ceil(4 * in_voxels)); ++r)
    {
      weights.push_back(std::exp(-0.5 * r * r / (in_voxels * in_voxels)));
      sum += (r == 0 ? 1 : 2) * weights.back();
    }
    for (double& weight : weights)
    {
      weight /= sum;
    }
    blur_along(volume, axis, weights);
  }
}

void add_noise(image::Volume& volume, double deviation, std::uint64_t seed)
{
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal(0, deviation);
  for (float& value : volume.values)
  {
    value = static_cast<float>(value + normal(random));
  }
}

namespace
{

void check_rods(const SyntheticScan& scan)
{
  const auto counts = image::label_counts(scan.labels);
  for (const auto& [label, density] : scan.rods_mg_cm3)
  {
    if (counts.count(std::stoi(label)) == 0)
    {
      throw InputError(Fault::command,
                       Problem{"synthetic scan", "the rods of the phantom are not in the image",
                               "a crop that keeps what lies behind the bone, and voxels of up to " +
                                   format_number(scanner_constant("rod_radius_mm")) + " mm",
                               "change the crop or the voxels, or leave the phantom out", ""});
    }
  }
}

} // namespace

void add_scanner_effects(const Surroundings& around, const Faces& cropped,
                         const ScanSettings& settings, SyntheticScan& scan)
{
  if (settings.phantom)
  {
    scan.rods_mg_cm3 = rods_mg_cm3();
    check_rods(scan);
  }
  if (settings.output == ScanOutput::hounsfield && !settings.body && !settings.phantom)
  {
    close_with_skin(scan.volume, cropped);
  }
  if (settings.metal)
  {
    add_metal(around, scan.volume);
  }
  if (settings.blur_mm > 0)
  {
    blur(scan.volume, settings.blur_mm);
  }
  double noise = scanner_constant("hu_slope_g_cm3") * settings.noise_HU;
  if (settings.output == ScanOutput::hounsfield)
  {
    to_hounsfield(scan.volume);
    noise = settings.noise_HU;
  }
  if (noise > 0)
  {
    add_noise(scan.volume, noise, settings.seed);
  }
}

} // namespace calcar::anatomy
