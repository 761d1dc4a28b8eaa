#include "image/mask_fit.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::image
{
namespace
{
using Index = std::array<int, 3>;

constexpr double better = 2;               ///< times the step in place
constexpr double finest_step_mm = 1.5;     ///< of the search
constexpr int most_steps = 4;              ///< of the search, each way
constexpr std::size_t enough_faces = 4000; ///< of a mask's border are compared

/// A face of the mask's border: the voxel inside and the one across it.
struct Face
{
  Index inside;
  Index outside;
};

std::vector<Face> border_of(const Mask& mask)
{
  const Grid& grid = mask.grid;
  std::vector<Face> faces;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        for (std::size_t axis = 0; axis < 3 && mask.at(i, j, k) != 0; ++axis)
          for (const int way : {-1, 1})
          {
            Index across = {i, j, k};
            across[axis] += way;
            if (grid.contains(across[0], across[1], across[2]) &&
                mask.at(across[0], across[1], across[2]) == 0)
              faces.push_back({{i, j, k}, across});
          }
  std::vector<Face> some;
  const std::size_t stride = std::max<std::size_t>(1, faces.size() / enough_faces);
  for (std::size_t n = 0; n < faces.size(); n += stride)
    some.push_back(faces[n]);
  return some;
}

/// How a mask is put elsewhere: mirrored along the axes of the image, then moved, voxels.
struct Motion
{
  std::array<bool, 3> mirrored = {false, false, false};
  Index move = {0, 0, 0};

  Index operator()(Index at, const Grid& grid) const
  {
    for (std::size_t a = 0; a < 3; ++a)
      at[a] = (mirrored[a] ? grid.size[a] - 1 - at[a] : at[a]) + move[a];
    return at;
  }
};

/// Mean step across the faces, outside to inside; nothing when most of them leave the image.
double mean_step(const Volume& volume, const std::vector<Face>& faces, const Motion& motion,
                 float most)
{
  const auto value = [&](Index at)
  { return static_cast<double>(std::clamp(volume.at(at[0], at[1], at[2]), 0.0F, most)); };
  const auto in = [&](Index at) { return volume.grid.contains(at[0], at[1], at[2]); };
  double sum = 0;
  std::size_t count = 0;
  for (const Face& face : faces)
  {
    const Index inside = motion(face.inside, volume.grid);
    const Index outside = motion(face.outside, volume.grid);
    if (!in(inside) || !in(outside))
      continue;
    sum += value(inside) - value(outside);
    ++count;
  }
  return 2 * count > faces.size() ? sum / static_cast<double>(count) : -INFINITY;
}

struct Fit
{
  double step = -INFINITY;
  Motion motion;
};

/// The largest step of the mask, mirrored or not, moved by some steps.
Fit best_fit(const Volume& volume, const std::vector<Face>& faces, std::array<bool, 3> mirrored,
             float most)
{
  Index stride{};
  for (std::size_t a = 0; a < 3; ++a)
    stride[a] = std::max(1, static_cast<int>(std::lround(finest_step_mm / volume.grid.spacing[a])));
  Fit best;
  for (int z = -most_steps; z <= most_steps; ++z)
    for (int y = -most_steps; y <= most_steps; ++y)
      for (int x = -most_steps; x <= most_steps; ++x)
      {
        const Motion motion = {mirrored, {x * stride[0], y * stride[1], z * stride[2]}};
        const double step = mean_step(volume, faces, motion, most);
        if (step > best.step)
          best = {step, motion};
      }
  return best;
}

/// "3 mm left and 6 mm superior"
std::string in_words(const Index& move, const Grid& grid)
{
  const Vec3 lps = grid.point({move[0] + 0.0, move[1] + 0.0, move[2] + 0.0}) - grid.origin;
  const std::array<std::array<const char*, 2>, 3> names = {
      {{"right", "left"}, {"anterior", "posterior"}, {"inferior", "superior"}}};
  std::string words;
  for (std::size_t a = 0; a < 3; ++a)
    if (std::abs(lps[a]) >= 0.5)
      words += (words.empty() ? "" : " and ") + format_number(std::abs(lps[a]), 2) + " mm " +
               names[a][lps[a] > 0 ? 1 : 0];
  return words;
}

[[noreturn]] void refuse_mirrored(const Mask& mask, double step, const Fit& flipped)
{
  std::string axes;
  for (std::size_t a = 0; a < 3; ++a)
    if (flipped.motion.mirrored[a])
      axes += (axes.empty() ? "" : " and ") + std::string(1, "ijk"[a]);
  throw InputError(Fault::data,
                   {mask.source.path,
                    "the mask is mirrored: flipped along " + axes +
                        " of its voxels its border would lie on that of the bone " +
                        (step > 0 ? format_number(flipped.step / step, 2) + " times as well"
                                  : "and now does not"),
                    "a mask in the space of the image",
                    "the tool that wrote the mask flipped its data: export it again and look at it "
                    "over the image",
                    ""});
}
} // namespace

Warnings check_mask_fit(const Volume& volume, const Mask& mask, Quantity quantity)
{
  const bool hounsfield = quantity == Quantity::hounsfield;
  const float most = hounsfield ? 1500.0F : 1.5F;
  const double visible = hounsfield ? 50 : 0.05;
  const std::vector<Face> faces = border_of(mask);
  const double here = mean_step(volume, faces, {}, most);
  const Fit moved = best_fit(volume, faces, {false, false, false}, most);
  const auto far_better = [&](const Fit& fit, double than)
  { return fit.step > visible && fit.step > better * std::max(than, 0.0); };
  Fit flipped;
  if (!(here > visible) || far_better(moved, here))
    // One axis, or x and y together: a mix of LPS and RAS.
    for (const std::array<bool, 3> axes : {std::array{true, false, false},
                                           {false, true, false},
                                           {false, false, true},
                                           {true, true, false}})
      if (const Fit fit = best_fit(volume, faces, axes, most); fit.step > flipped.step)
        flipped = fit;
  if (far_better(flipped, std::max(here, moved.step)))
    refuse_mirrored(mask, here, flipped);
  if (!far_better(moved, here))
    return {};
  return {{"mask_displaced",
           "moved by " + in_words(moved.motion.move, volume.grid) +
               " the mask's border would lie on that of the bone much better (step " +
               format_number(moved.step, 2) + " instead of " + format_number(here, 2) +
               (hounsfield ? " HU" : " g/cm3") +
               "): it is displaced, or much too wide or narrow; look at it over the image",
           mask.source.path}};
}

} // namespace calcar::image
