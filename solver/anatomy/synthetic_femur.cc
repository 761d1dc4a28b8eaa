#include "anatomy/synthetic_femur.hpp"

#include "anatomy/femur_body.hpp"
#include "anatomy/population.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr int block = 8;         ///< voxels of a side, skipped together when far from the bone
constexpr double steepest = 1.6; ///< bound on the gradient of `distance`
constexpr double margin_mm = 8;  ///< of soft tissue around the bone

/// Where the body lies in the scanner.
struct Pose
{
  Mat3 to_lps; ///< turns the body's (medial, anterior, proximal) into LPS
  Vec3 head_lps;
  Vec3 head_body;

  Vec3 lps(Vec3 p) const { return head_lps + to_lps * (p - head_body); }
  Vec3 body(Vec3 x) const { return head_body + transpose(to_lps) * (x - head_lps); }
};

Pose pose_of(const FemurBody& body)
{
  const double medial = body.shape.side == Side::right ? 1 : -1;
  const Mat3 anatomical = {Vec3{medial, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  return {body.shape.rotation * anatomical, body.shape.head_centre, body.head};
}

/// The level below which nothing is kept.
double cut_level(const FemurBody& body)
{
  return body.shape.proximal_mm > 0 ? body.top_z - body.shape.proximal_mm
                                    : body.bottom_z - margin_mm;
}

/// The grid around what is kept of the bone, axes along LPS.
image::Grid grid_around(const FemurBody& body, const Pose& pose)
{
  const double k = body.scale;
  const Vec3 low{-45 * k, -42 * k, std::max(cut_level(body), body.bottom_z)};
  const Vec3 high{body.head.x + body.shape.head_radius_mm,
                  std::max({40 * k, body.head.y + body.shape.head_radius_mm,
                            bow(body, 0.5 * body.notch_z) + 1.3 * body.shape.shaft_radius_mm}),
                  body.top_z};
  Vec3 from{1e9, 1e9, 1e9};
  Vec3 to = -from;
  for (int corner = 0; corner < 8; ++corner)
  {
    const Vec3 p = pose.lps(
        {corner & 1 ? high.x : low.x, corner & 2 ? high.y : low.y, corner & 4 ? high.z : low.z});
    for (std::size_t a = 0; a < 3; ++a)
    {
      from[a] = std::min(from[a], p[a] - margin_mm);
      to[a] = std::max(to[a], p[a] + margin_mm);
    }
  }
  image::Grid grid;
  const double h = body.shape.voxel_mm;
  grid.spacing = {h, h, h};
  grid.origin = from;
  for (std::size_t a = 0; a < 3; ++a)
  {
    grid.size[a] = static_cast<int>(std::ceil((to[a] - from[a]) / h)) + 1;
  }
  return grid;
}

/// Mean density of a voxel: sub-points where a boundary may cross it, its centre alone elsewhere.
double voxel_density(const FemurBody& body, Vec3 centre, const Mat3& turn_back,
                     double distance_at_centre, double soft_tissue)
{
  const double h = body.shape.voxel_mm;
  const double near = 0.9 * h * steepest;
  const double to_marrow = -distance_at_centre - cortex_thickness(body, centre);
  if (distance_at_centre < -near && std::abs(to_marrow) > near + 0.4)
  {
    return density_inside(body, centre, -distance_at_centre);
  }
  double sum = 0;
  for (int sub = 0; sub < 8; ++sub)
  {
    const Vec3 offset{sub & 1 ? 0.25 * h : -0.25 * h, sub & 2 ? 0.25 * h : -0.25 * h,
                      sub & 4 ? 0.25 * h : -0.25 * h};
    const Vec3 p = centre + turn_back * offset;
    const double d = distance(body, p);
    const double share = std::clamp(0.5 - 2 * d / h, 0.0, 1.0);
    sum += share > 0 ? share * density_inside(body, p, std::max(-d, 0.0)) : 0;
    sum += (1 - share) * soft_tissue;
  }
  return sum / 8;
}

void fill_block(const FemurBody& body, const Pose& pose, double cut, double soft_tissue, int i0,
                int j0, int k0, SyntheticFemur& scan)
{
  const image::Grid& grid = scan.volume.grid;
  const Mat3 back = transpose(pose.to_lps);
  const double h = body.shape.voxel_mm;
  for (int k = k0; k < std::min(k0 + block, grid.size[2]); ++k)
  {
    for (int j = j0; j < std::min(j0 + block, grid.size[1]); ++j)
    {
      for (int i = i0; i < std::min(i0 + block, grid.size[0]); ++i)
      {
        const Vec3 p = pose.body(grid.origin + h * Vec3{1.0 * i, 1.0 * j, 1.0 * k});
        const double d = p.z < cut ? 1e9 : distance(body, p);
        if (d < 0.9 * h * steepest)
        {
          scan.volume.at(i, j, k) =
              static_cast<float>(voxel_density(body, p, back, d, soft_tissue));
          scan.labels.at(i, j, k) = d < 0 ? 1 : 0;
        }
      }
    }
  }
}

void rasterise(const FemurBody& body, const Pose& pose, SyntheticFemur& scan)
{
  const image::Grid& grid = scan.volume.grid;
  const double soft_tissue = population_mean("synthetic_femur", "soft_tissue_density_g_cm3").mean;
  scan.volume.values.assign(grid.voxels(), static_cast<float>(soft_tissue));
  scan.labels.values.assign(grid.voxels(), 0);
  const double h = body.shape.voxel_mm;
  const double reach = steepest * h * (0.5 * std::sqrt(3.0) * block + 1);
  const double cut = cut_level(body);
  for (int k = 0; k < grid.size[2]; k += block)
  {
    for (int j = 0; j < grid.size[1]; j += block)
    {
      for (int i = 0; i < grid.size[0]; i += block)
      {
        const double half = 0.5 * (block - 1);
        const Vec3 middle = pose.body(grid.origin + h * Vec3{i + half, j + half, k + half});
        if (distance(body, middle) < reach)
        {
          fill_block(body, pose, cut, soft_tissue, i, j, k, scan);
        }
      }
    }
  }
}

/// Number of voxels from the image border, 0 on it.
int from_border(const image::Grid& grid, int i, int j, int k)
{
  return std::min({i, j, k, grid.size[0] - 1 - i, grid.size[1] - 1 - j, grid.size[2] - 1 - k});
}

/// HU by the example calibration; the soft tissue at the border becomes air with a layer of fat
/// under it, as in the CT of a limb.
void to_hounsfield(image::Volume& volume)
{
  const double intercept = population_mean("synthetic_femur", "hu_intercept_g_cm3").mean;
  const double slope = population_mean("synthetic_femur", "hu_slope_g_cm3").mean;
  const auto soft =
      static_cast<float>(population_mean("synthetic_femur", "soft_tissue_density_g_cm3").mean);
  const auto air = static_cast<float>(population_mean("synthetic_femur", "air_HU").mean);
  const auto fat = static_cast<float>(population_mean("synthetic_femur", "fat_HU").mean);
  for (int k = 0; k < volume.grid.size[2]; ++k)
    for (int j = 0; j < volume.grid.size[1]; ++j)
      for (int i = 0; i < volume.grid.size[0]; ++i)
      {
        float& value = volume.at(i, j, k);
        const int depth = value == soft ? from_border(volume.grid, i, j, k) : 2;
        value = depth == 0   ? air
                : depth == 1 ? fat
                             : static_cast<float>((value - intercept) / slope);
      }
}

BoneAnatomy truth_of(const FemurBody& body, const Pose& pose)
{
  BoneAnatomy truth;
  const FemurShape& shape = body.shape;
  const double cut = cut_level(body);
  truth.side = shape.side;
  truth.whole = shape.proximal_mm <= 0;
  truth.frame = {pose.head_lps, pose.to_lps * Vec3{1, 0, 0}, pose.to_lps * Vec3{0, 1, 0},
                 pose.to_lps * Vec3{0, 0, 1}};
  const auto landmarks = body_landmarks(body);
  for (const std::string& name : landmark_names(BoneKind::femur))
  {
    const Vec3 p = landmarks.at(name);
    const bool needs_whole = name == "midshaft_centre" || name == "isthmus";
    if (p.z > cut && (truth.whole || !needs_whole))
    {
      truth.landmarks[name] = pose.lps(p);
    }
    else
    {
      truth.absent.push_back(name);
    }
  }
  const double below_lesser = body.lesser_tip.z - 0.5 * shape.head_radius_mm;
  truth.shaft_distal = pose.to_lps * normalized(Vec3{0, -bow_slope(body, -82 * body.scale), -1});
  for (double z = below_lesser; z > std::max(cut, body.notch_z + 20 * body.scale); z -= 10)
  {
    truth.shaft_centres.push_back(pose.lps({0, bow(body, z), z}));
  }
  const auto exact = [](double value, const char* unit) {
    return Measure{value, 0, unit, "made so"};
  };
  truth.measures["head_radius_mm"] = exact(shape.head_radius_mm, "mm");
  truth.measures["neck_shaft_angle_deg"] = exact(shape.neck_shaft_angle_deg, "deg");
  truth.measures["version_deg"] = exact(shape.version_deg, "deg");
  truth.measures["length_mm"] = exact(shape.length_mm, "mm");
  truth.confidence = 1;
  const double end = std::max(cut, body.bottom_z);
  // Of a whole bone a point inside the condyles, just above the roof of the notch.
  truth.cut_centre =
      truth.whole ? pose.lps(landmarks.at("intercondylar_notch") + Vec3{0, 0, 6 * body.scale})
                  : pose.lps({0, bow(body, end), end});
  return truth;
}

void check(const FemurShape& s)
{
  const auto need =
      [](bool condition, const std::string& what, double value, const std::string& allowed)
  {
    if (!condition)
    {
      throw InputError(Fault::command,
                       Problem{"synthetic femur", what + " = " + format_number(value), allowed,
                               "choose a value inside", ""});
    }
  };
  const auto within = [&](const std::string& what, double value, double low, double high)
  {
    need(value >= low && value <= high, what, value,
         format_number(low) + " to " + format_number(high));
  };
  within("head_radius_mm", s.head_radius_mm, 15, 32);
  within("length_mm", s.length_mm, 10 * s.head_radius_mm, 600);
  within("neck_shaft_angle_deg", s.neck_shaft_angle_deg, 105, 150);
  within("version_deg", s.version_deg, -20, 45);
  within("shaft_radius_mm", s.shaft_radius_mm, 8, 20);
  within("bow_radius_mm", s.bow_radius_mm, 500, 5000);
  within("cortex_midshaft_mm", s.cortex_midshaft_mm, 1, 0.8 * s.shaft_radius_mm);
  within("density_level", s.density_level, 0, 2);
  within("voxel_mm", s.voxel_mm, 0.3, 5);
  need(s.proximal_mm <= 0 || s.proximal_mm >= 3.5 * s.head_radius_mm, "proximal_mm", s.proximal_mm,
       "0 for the whole bone, or at least 3.5 head radii");
}

} // namespace

FemurShape standard_femur(Side side)
{
  const auto mean = [](const char* key) { return population_mean("synthetic_femur", key).mean; };
  FemurShape shape;
  shape.side = side;
  shape.length_mm = mean("length_mm");
  shape.head_radius_mm = mean("head_radius_mm");
  shape.neck_shaft_angle_deg = mean("neck_shaft_angle_deg");
  shape.version_deg = mean("version_deg");
  shape.shaft_radius_mm = mean("shaft_radius_mm");
  shape.bow_radius_mm = mean("bow_radius_mm");
  shape.cortex_midshaft_mm = mean("cortex_midshaft_mm");
  return shape;
}

SyntheticFemur make_femur(const FemurShape& shape)
{
  check(shape);
  const FemurBody body = femur_body(shape);
  const Pose pose = pose_of(body);
  SyntheticFemur scan;
  scan.volume.grid = grid_around(body, pose);
  scan.labels.grid = scan.volume.grid;
  rasterise(body, pose, scan);
  if (shape.output == ScanOutput::hounsfield)
  {
    to_hounsfield(scan.volume);
  }
  scan.truth = truth_of(body, pose);
  return scan;
}

} // namespace calcar::anatomy
