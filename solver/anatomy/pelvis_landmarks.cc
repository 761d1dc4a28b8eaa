#include "anatomy/pelvis_apex.hpp"
#include "anatomy/pelvis_definitions.hpp"
#include "anatomy/pelvis_parts.hpp"
#include "geometry/fit.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

/// Size of the bone over that of the standard.
double size_of(const PelvisParts& parts)
{
  const Vec3 s = parts.laid.scale;
  return std::cbrt(s.x * s.y * s.z);
}

/// The standard as it lies on the part of the bone that has a landmark.
const LaidTemplate& laid_for(const PelvisParts& parts, const std::string& name)
{
  return name.starts_with("pub") || name.starts_with("isch") ? parts.ring : parts.ilium;
}

bool in_image(const BoneShape& shape, Vec3 p)
{
  const auto [low, high] = shape.image_corners;
  const Vec3 index = shape.mask.grid.index(p);
  for (std::size_t a = 0; a < 3; ++a)
  {
    if (index[a] < low[a] - 0.5 || index[a] > high[a] + 0.5)
    {
      return false;
    }
  }
  return true;
}

/// Share of what the standard has around a landmark, inside the image, that is in the mask, with
/// some tolerance for bones of other proportions.
double seen_around(const BoneShape& shape, const LaidTemplate& laid, double size,
                   Vec3 standard_point)
{
  constexpr double around = 14;
  constexpr double step = 3.5;
  const double tolerance = std::max(4 * size, shape.voxel_mm);
  double all = 0;
  double seen = 0;
  for (double x = -around; x <= around; x += step)
    for (double y = -around; y <= around; y += step)
      for (double z = -around; z <= around; z += step)
      {
        const Vec3 p = standard_point + Vec3{x, y, z};
        const Vec3 lps = laid.to_lps(p);
        if (norm(p - standard_point) <= around && standard_distance(p) < -1 && in_image(shape, lps))
        {
          all += 1;
          seen += bone_near(shape, lps, tolerance) ? 1 : 0;
        }
      }
  return all > 0 ? seen / all : 0;
}

/// Whether the image ends near a point of the surface, so that the bone may go on there.
bool on_cut(const PelvisParts& parts, Vec3 p, double reach)
{
  return std::any_of(parts.border.begin(), parts.border.end(),
                     [&](Vec3 b) { return norm(b - p) < reach; });
}

/// The mask averaged with a Gaussian of `sigma` mm: its steps blurred.
double blurred(const BoneShape& shape, Vec3 p, double sigma)
{
  const image::Grid& g = shape.mask.grid;
  const Vec3 at = g.index(p);
  std::array<int, 3> low{};
  std::array<int, 3> high{};
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double reach = 2.2 * sigma / g.spacing[a];
    const auto [first, last] = shape.image_corners; // beyond them nothing is known
    low[a] = static_cast<int>(std::ceil(std::max({at[a] - reach, first[a], 0.0}) - 1e-6));
    high[a] =
        static_cast<int>(std::floor(std::min({at[a] + reach, last[a], g.size[a] - 1.0}) + 1e-6));
  }
  double sum = 0;
  double weights = 0;
  for (int k = low[2]; k <= high[2]; ++k)
    for (int j = low[1]; j <= high[1]; ++j)
      for (int i = low[0]; i <= high[0]; ++i)
      {
        const double x = (i - at.x) * g.spacing.x / sigma;
        const double y = (j - at.y) * g.spacing.y / sigma;
        const double z = (k - at.z) * g.spacing.z / sigma;
        const double w = std::exp(-0.5 * (x * x + y * y + z * z));
        weights += w;
        sum += shape.mask.at(i, j, k) != 0 ? w : 0;
      }
  return weights > 0 ? sum / weights : 0;
}

/// A point of the voxels' stepped surface moved along its normal onto the blurred one.
Vec3 onto_blurred(const BoneShape& shape, const SurfacePoint& s)
{
  const double sigma = 0.5 * shape.voxel_mm;
  const double step = 0.4 * shape.voxel_mm;
  double before = blurred(shape, s.position - 4 * step * s.normal, sigma);
  for (int n = -3; n <= 4; ++n)
  {
    const double now = blurred(shape, s.position + n * step * s.normal, sigma);
    if (now < 0.5 && before >= 0.5)
    {
      const double back = (0.5 - now) / (before - now);
      return s.position + (n - back) * step * s.normal;
    }
    before = now;
  }
  return s.position;
}

/// The points of the surface that are high along a direction, smoothed.
std::vector<Vec3> smoothed_top(const BoneShape& shape, const std::vector<SurfacePoint>& near,
                               Vec3 along, double depth)
{
  double top = -1e18;
  for (const SurfacePoint& s : near)
  {
    top = std::max(top, dot(s.position, along));
  }
  std::vector<Vec3> points;
  for (const SurfacePoint& s : near)
  {
    if (dot(s.position, along) > top - depth)
    {
      points.push_back(onto_blurred(shape, s));
    }
  }
  return points;
}

Vec3 top_of_dome(const ProminentLandmark& landmark, const BoneShape& shape,
                 const std::vector<SurfacePoint>& near, Vec3 along, double size)
{
  const double depth = std::max(landmark.dome_mm * size, 0.9 * shape.voxel_mm);
  return apex(smoothed_top(shape, near, along, depth + 2 * shape.voxel_mm), along, depth);
}

Vec3 top_of_ridge(const ProminentLandmark& landmark, const BoneShape& shape,
                  const std::vector<SurfacePoint>& near, Vec3 expected, Vec3 along)
{
  double over = -1e18;
  double reach = 0;
  for (const SurfacePoint& s : near)
  {
    over = std::max(over, dot(s.position - expected, along));
    reach = std::max(reach, norm(s.position - expected));
  }
  const double spare = 2 * shape.voxel_mm;
  // Not the blurred mask: blurring wears a thin ridge down more than a thick one.
  return middle_of_top([&](Vec3 p) { return inside(shape, p); }, expected + (over + spare) * along,
                       along, {reach, 2 * spare + landmark.dome_mm, landmark.dome_mm});
}

std::optional<Vec3> prominent(const ProminentLandmark& landmark, const BoneShape& shape,
                              const PelvisParts& parts, const Frame& frame)
{
  const Vec3 expected =
      laid_for(parts, landmark.name).to_lps(standard_landmarks().at(landmark.name));
  const Vec3 along = landmark.direction.x * frame.medial + landmark.direction.y * frame.anterior +
                     landmark.direction.z * frame.proximal;
  const double reach = landmark.reach * size_of(parts);
  std::vector<SurfacePoint> near;
  for (const SurfacePoint& s : parts.surface)
  {
    if (norm(s.position - expected) < reach)
    {
      near.push_back(s);
    }
  }
  if (near.empty())
  {
    return std::nullopt;
  }
  const Vec3 found = landmark.ridge ? top_of_ridge(landmark, shape, near, expected, along)
                                    : top_of_dome(landmark, shape, near, along, size_of(parts));
  return on_cut(parts, found, 1.5 * shape.voxel_mm) ? std::nullopt : std::optional(found);
}

} // namespace

bool bone_near(const BoneShape& shape, Vec3 p, double reach)
{
  if (inside(shape, p))
  {
    return true;
  }
  for (std::size_t a = 0; a < 3; ++a)
  {
    for (const double sign : {-reach, reach})
    {
      Vec3 q = p;
      q[a] += sign;
      if (inside(shape, q))
      {
        return true;
      }
    }
  }
  return false;
}

std::optional<SymphysealFace> symphyseal_face(const BoneShape& shape, const PelvisParts& parts,
                                              Vec3 medial)
{
  const Vec3 expected = standard_landmarks().at("pubic_symphysis");
  std::vector<Vec3> points;
  for (const SurfacePoint& s : parts.surface)
  {
    const Vec3 p = parts.ring.to_standard(s.position);
    const double cosine = dot(s.normal, medial);
    if (norm(p - expected) < 26 && std::abs(p.x - expected.x) < 9 && cosine > 0.8)
    {
      points.push_back(s.position);
    }
  }
  const Vec3 ring_point = parts.ring.to_lps(expected);
  SymphysealFace face;
  face.normal = medial;
  for (int round = 0; round < 6; ++round)
  {
    if (points.size() < 20)
    {
      return std::nullopt;
    }
    const geometry::Moments m = geometry::moments(points);
    const auto axes = eigenpairs(m.moments);
    face.centre = m.centroid;
    const Vec3 normal = axes[2].direction;
    face.normal = dot(normal, medial) > 0 ? normal : -normal;
    face.rms = std::sqrt(std::max(axes[2].value, 0.0));
    const double tolerance = std::max(1.2, 0.7 * shape.voxel_mm);
    std::erase_if(points,
                  [&](Vec3 p) { return std::abs(dot(p - face.centre, face.normal)) > tolerance; });
  }
  // Each point stands for the area of a voxel's face that looks along the normal at most.
  const double h = std::cbrt(shape.mask.grid.voxel_volume());
  const Vec3 n = transpose(shape.mask.grid.direction) * face.normal;
  const double points_per_face = std::abs(n.x) + std::abs(n.y) + std::abs(n.z);
  face.area_mm2 = static_cast<double>(points.size()) * h * h / points_per_face;
  const double size = size_of(parts);
  const bool enough = face.area_mm2 > 130 * size * size;
  face.cut = on_cut(parts, ring_point, 22 * size);
  return enough && geometry::angle_deg(face.normal, medial) < 20 ? std::optional(face)
                                                                 : std::nullopt;
}

std::optional<Vec3> pelvis_landmark(const std::string& name, const BoneShape& shape,
                                    const PelvisParts& parts, const Frame& frame)
{
  constexpr double least_seen = 0.6;
  const Vec3 standard = standard_landmarks().at(name);
  const LaidTemplate& laid = laid_for(parts, name);
  const Vec3 expected = laid.to_lps(standard);
  if (!in_image(shape, expected) || seen_around(shape, laid, size_of(parts), standard) < least_seen)
  {
    return std::nullopt;
  }
  for (const ProminentLandmark& landmark : prominent_landmarks())
  {
    if (landmark.name == name)
    {
      return prominent(landmark, shape, parts, frame);
    }
  }
  return expected;
}

} // namespace calcar::anatomy
