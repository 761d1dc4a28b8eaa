#pragma once

#include "geometry/rotation.hpp"
#include "image/volume.hpp"
#include "lesion/lesion.hpp"
#include "material/protocol.hpp"
#include "model/lattice.hpp"
#include "model/surface.hpp"
#include "model/voxel_model.hpp"

#include <functional>

/// Small bodies, masks and lesions for the tests of the model room and of those above it.
namespace bodies
{
using namespace calcar;
using Place = std::function<bool(Vec3)>;
using Value = std::function<double(Vec3)>;

/// A grid centred on the origin, with axes turned about (1, 2, 3) when an angle is given.
inline image::Grid grid(std::array<int, 3> size, Vec3 spacing = {1, 1, 1}, double turn = 0)
{
  image::Grid result;
  result.size = size;
  result.spacing = spacing;
  if (turn != 0)
    result.direction = geometry::rotation_about({1, 2, 3}, turn);
  result.origin = -result.point({0.5 * (size[0] - 1), 0.5 * (size[1] - 1), 0.5 * (size[2] - 1)});
  return result;
}

template <typename T, typename Function>
image::Image<T> image_of(const image::Grid& grid, const Function& value)
{
  image::Image<T> image;
  image.grid = grid;
  for (std::uint64_t n = 0; n < grid.voxels(); ++n)
    image.values.push_back(static_cast<T>(value(model::voxel_centre(grid, n))));
  return image;
}

inline image::Mask mask(const image::Grid& grid, const Place& inside)
{
  return image_of<std::uint8_t>(grid, inside);
}
inline image::Volume volume(const image::Grid& grid, const Value& value)
{
  return image_of<float>(grid, value);
}

/// The voxels whose centres lie inside, of one modulus in MPa.
inline model::VoxelBody body(const image::Grid& grid, const Place& inside, double youngs = 1000,
                             double poisson = 0.25)
{
  model::VoxelBody result;
  result.grid = grid;
  for (std::uint64_t n = 0; n < grid.voxels(); ++n)
    if (inside(model::voxel_centre(grid, n)))
      result.voxels.push_back(n);
  result.youngs.assign(result.voxels.size(), static_cast<float>(youngs));
  result.poisson.assign(result.voxels.size(), static_cast<float>(poisson));
  return result;
}

inline Place ball(Vec3 centre, double radius)
{
  return [=](Vec3 p) { return norm(p - centre) < radius; };
}

inline lesion::PlacedLesion sphere_lesion(Vec3 centre, double radius,
                                          const std::string& tissue = "tumour_lytic")
{
  lesion::PlacedLesion placed;
  placed.lesion.name = "sphere";
  placed.lesion.tissue.filling = tissue;
  placed.centre = centre;
  placed.reach_mm = radius;
  placed.solid = geometry::sphere(centre, radius);
  return placed;
}

/// Rizzoli's protocol: rho_ash = 0.0789 + 0.877 rho, E = 6850 (rho_ash / 0.6)^1.49.
inline const material::Protocol& rizzoli()
{
  static const material::Protocol protocol = material::protocol("rizzoli_linear", "");
  return protocol;
}
inline double rizzoli_ash(double cha)
{
  return 0.0789 + 0.877 * cha;
}
inline double rizzoli_youngs(double cha)
{
  return 6850 * std::pow(rizzoli_ash(cha) / 0.6, 1.49);
}
} // namespace bodies
