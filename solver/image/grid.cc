#include "image/grid.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
constexpr double silent_voxels = 0.02; ///< corner movement that is only rounding in the file
constexpr double repair_voxels = 0.5;  ///< corner movement up to which axes are straightened

std::array<Vec3, 8> corners(const std::array<int, 3>& size)
{
  std::array<Vec3, 8> result;
  for (std::size_t c = 0; c < 8; ++c)
    result[c] = {(c & 1) ? size[0] - 1.0 : 0.0, (c & 2) ? size[1] - 1.0 : 0.0,
                 (c & 4) ? size[2] - 1.0 : 0.0};
  return result;
}

Mat3 inverse(const Mat3& m)
{
  const double d = determinant(m);
  return transpose(Mat3{cross(m[1], m[2]) / d, cross(m[2], m[0]) / d, cross(m[0], m[1]) / d});
}

/// The orthonormal matrix nearest to m (polar decomposition by Newton's iteration, X <- (X +
/// X^-T)/2).
Mat3 nearest_rotation(Mat3 m)
{
  for (int i = 0; i < 30; ++i)
  {
    const Mat3 other = transpose(inverse(m));
    for (std::size_t r = 0; r < 3; ++r)
      m[r] = 0.5 * (m[r] + other[r]);
  }
  return m;
}

/// Largest deviation of the columns from an orthonormal set.
double skewness(const Mat3& m)
{
  const Mat3 product = transpose(m) * m;
  double worst = 0;
  for (std::size_t r = 0; r < 3; ++r)
    for (std::size_t c = 0; c < 3; ++c)
      worst = std::max(worst, std::abs(product[r][c] - (r == c ? 1.0 : 0.0)));
  return worst;
}

std::string in_words(Vec3 v, int digits = 6)
{
  return "(" + format_number(v.x, digits) + ", " + format_number(v.y, digits) + ", " +
         format_number(v.z, digits) + ")";
}

std::string in_words(const std::array<int, 3>& size)
{
  return std::to_string(size[0]) + "x" + std::to_string(size[1]) + "x" + std::to_string(size[2]);
}

bool sizes_are_swapped(std::array<int, 3> a, std::array<int, 3> b)
{
  if (a == b)
    return false;
  std::ranges::sort(a);
  std::ranges::sort(b);
  return a == b;
}

void check_steps(const std::array<int, 3>& size, const std::array<Vec3, 3>& steps, Vec3 origin,
                 const std::string& place)
{
  for (std::size_t a = 0; a < 3; ++a)
  {
    if (size[a] < 1)
      throw InputError(Fault::data, {place, "the image has size " + in_words(size), "",
                                     "export it again: an image needs voxels in every axis", ""});
    const double step = norm(steps[a]);
    if (!std::isfinite(step) || step < 1e-6)
      throw InputError(Fault::data,
                       {place,
                        "the voxel spacing along axis " + std::string(1, "ijk"[a]) + " is " +
                            format_number(step) + " mm",
                        "a positive spacing", "correct the header or export the image again", ""});
  }
  if (!std::isfinite(norm(origin)))
    throw InputError(Fault::data, {place, "the origin of the image is not a number", "",
                                   "correct the header or export the image again", ""});
}

[[noreturn]] void refuse_skewed(const std::string& place, double voxels)
{
  const std::string amount = std::isfinite(voxels) ? "straightening them would move a corner by " +
                                                         format_number(voxels, 3) + " voxels"
                                                   : "two of them have the same direction";
  throw InputError(Fault::data,
                   {place, "the image axes are not at right angles: " + amount, "at most 0.5 voxel",
                    "resample the image on a grid with orthogonal axes (gantry tilt?)", ""});
}
} // namespace

CheckedGrid grid_from_steps(const std::array<int, 3>& size, const std::array<Vec3, 3>& steps,
                            Vec3 origin, const std::string& place)
{
  check_steps(size, steps, origin, place);
  CheckedGrid result;
  Grid& grid = result.grid;
  grid.size = size;
  grid.origin = origin;
  grid.spacing = {norm(steps[0]), norm(steps[1]), norm(steps[2])};
  grid.direction = transpose(
      Mat3{steps[0] / grid.spacing.x, steps[1] / grid.spacing.y, steps[2] / grid.spacing.z});
  if (skewness(grid.direction) < 1e-12)
    return result;
  const Grid given = grid;
  if (std::abs(determinant(given.direction)) < 0.1)
    refuse_skewed(place, INFINITY);
  grid.direction = nearest_rotation(given.direction);
  // About the centre no corner moves more than it must; rounding alone leaves the origin as it is.
  const Vec3 centre = {0.5 * (size[0] - 1), 0.5 * (size[1] - 1), 0.5 * (size[2] - 1)};
  if (skewness(given.direction) > 1e-6)
    grid.origin += given.point(centre) - grid.point(centre);
  const double voxels =
      corner_distance(given, grid) / std::min({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  if (voxels > repair_voxels)
    refuse_skewed(place, voxels);
  if (voxels > silent_voxels)
    result.warnings.push_back({"skewed_axes",
                               "the image axes were not quite at right angles and were "
                               "straightened; a corner moved by " +
                                   format_number(voxels, 2) + " voxel",
                               place});
  return result;
}

double corner_distance(const Grid& a, const Grid& b)
{
  double worst = 0;
  for (const Vec3 corner : corners(a.size))
    worst = std::max(worst, norm(a.point(corner) - b.point(corner)));
  return worst;
}

bool same_grid(const Grid& a, const Grid& b, double tolerance_mm)
{
  return a.size == b.size && corner_distance(a, b) <= tolerance_mm;
}

std::string grid_difference(const Grid& a, const Grid& b, double tolerance_mm)
{
  if (same_grid(a, b, tolerance_mm))
    return "";
  std::string words;
  const auto say = [&words](const std::string& text)
  { words += (words.empty() ? "" : ", ") + text; };
  if (a.size != b.size)
    say("size " + in_words(b.size) + " instead of " + in_words(a.size) +
        (sizes_are_swapped(a.size, b.size) ? " (axes swapped)" : ""));
  const double longest = std::max({a.size[0], a.size[1], a.size[2]});
  if (longest * norm(a.spacing - b.spacing) > tolerance_mm)
    say("spacing " + in_words(b.spacing) + " instead of " + in_words(a.spacing) + " mm");
  if (norm(a.origin - b.origin) > tolerance_mm)
    say("origin " + in_words(b.origin) + " instead of " + in_words(a.origin) + " mm");
  const char axes[] = "ijk";
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const Vec3 da = transpose(a.direction)[axis];
    const Vec3 db = transpose(b.direction)[axis];
    if (norm(da - db) * a.size[axis] * a.spacing[axis] > tolerance_mm)
      say("direction of axis " + std::string(1, axes[axis]) + " " + in_words(db, 3) +
          " instead of " + in_words(da, 3));
  }
  if (words.empty())
    say("corners up to " + format_number(corner_distance(a, b)) + " mm apart");
  return words;
}

void require_same_grid(const Grid& volume, const Grid& labels, const std::string& place,
                       double tolerance_mm)
{
  const std::string difference = grid_difference(volume, labels, tolerance_mm);
  if (difference.empty())
    return;
  const bool swapped = sizes_are_swapped(volume.size, labels.size);
  throw InputError(
      Fault::data,
      {place, "the mask lies on another grid than the image: " + difference,
       "the grid of the image",
       swapped
           ? "the tool that wrote the mask swapped its axes: export it again in the image's space"
           : "resample the mask on the image's grid (nearest neighbour), or export it again",
       ""});
}

} // namespace calcar::image
