#include "model/material_field.hpp"

#include "material/point.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace calcar::model
{
namespace
{
/// The eight voxels around a continuous index with their trilinear weights; clamped at the border.
struct Cell
{
  std::array<std::size_t, 8> offsets;
  std::array<double, 8> weights;
};

std::optional<Cell> cell_around(const image::Grid& grid, Vec3 index)
{
  std::array<int, 3> low{};
  std::array<int, 3> high{};
  std::array<double, 3> t{};
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    // Half a voxel beyond the outermost centres still belongs to the image.
    if (index[axis] < -0.5 || index[axis] > grid.size[axis] - 0.5)
      return std::nullopt;
    const double x = std::clamp(index[axis], 0.0, grid.size[axis] - 1.0);
    low[axis] = static_cast<int>(x);
    high[axis] = std::min(low[axis] + 1, grid.size[axis] - 1);
    t[axis] = x - low[axis];
  }
  Cell cell;
  for (std::size_t corner = 0; corner < 8; ++corner)
  {
    const bool i = corner & 1;
    const bool j = corner & 2;
    const bool k = corner & 4;
    cell.offsets[corner] =
        grid.offset(i ? high[0] : low[0], j ? high[1] : low[1], k ? high[2] : low[2]);
    cell.weights[corner] = (i ? t[0] : 1 - t[0]) * (j ? t[1] : 1 - t[1]) * (k ? t[2] : 1 - t[2]);
  }
  return cell;
}

template <typename T>
double interpolate(const image::Image<T>& image, const Cell& cell)
{
  double value = 0;
  for (std::size_t corner = 0; corner < 8; ++corner)
    value += cell.weights[corner] * static_cast<double>(image.values[cell.offsets[corner]]);
  return value;
}

/// A point on the border is inside whatever rounding makes of its index: images that are flipped or
/// turned then give the same voxels.
constexpr double half = 0.5 - 1e-9;

PointMaterial filled_with(TissueKind kind, const material::Tissue& tissue)
{
  PointMaterial point;
  point.tissue = kind;
  point.youngs = tissue.youngs;
  point.poisson = tissue.poisson;
  return point;
}

PointMaterial bone_of(const material::Protocol& protocol,
                      const material::PointProperties& properties)
{
  PointMaterial point;
  point.tissue = properties.soft ? TissueKind::soft : TissueKind::bone;
  point.youngs = properties.youngs;
  point.poisson = properties.poisson;
  point.ash = properties.ash;
  point.in_law_range = properties.tested;
  point.at_ceiling = properties.ash >= protocol.max_ash_g_cm3;
  if (!properties.soft)
  {
    point.compressive_strength = properties.strength_c;
    point.tensile_strength = properties.strength_t;
  }
  return point;
}

/// Bone as lesions have left it.
PointMaterial changed_bone(const material::Protocol& protocol, const lesion::PointTissue& tissue)
{
  PointMaterial point = bone_of(protocol, material::properties_of_ash(protocol, tissue.ash));
  point.youngs *= tissue.youngs_factor;
  point.compressive_strength *= tissue.compressive_factor;
  point.tensile_strength *= tissue.tensile_factor;
  if (tissue.new_bone)
  {
    point.tissue = TissueKind::soft; // bears load; criteria do not look at it
    point.compressive_strength = point.tensile_strength = 0;
  }
  return point;
}
} // namespace

MaterialField::MaterialField(Ingredients ingredients) : of_(std::move(ingredients))
{
  const image::Mask* plates = of_.growth_plates;
  if (of_.density.grid.size != grid().size || (plates && plates->grid.size != grid().size))
    throw std::invalid_argument("density, mask and growth plates are not on one grid");
  for (const lesion::PlacedLesion& placed : of_.lesions)
    fillings_.push_back(material::tissue(placed.lesion.tissue.filling, placed.lesion.place));
  soft_below_ash_ = lesion::soft_below_ash(of_.protocol);
  if (plates)
    cartilage_ = material::tissue("growth_plate", "growth plates");
}

std::optional<PointMaterial> MaterialField::at_index(Vec3 index) const
{
  const auto cell = cell_around(grid(), index);
  if (!cell || interpolate(of_.mask, *cell) < half)
    return std::nullopt;
  return material_of(grid().point(index), interpolate(of_.density, *cell));
}

PointMaterial MaterialField::at_with_density_of(Vec3 point, Vec3 density_index) const
{
  const auto cell = cell_around(grid(), density_index);
  if (!cell)
    throw std::invalid_argument("the density of a place outside the image");
  return material_of(point, interpolate(of_.density, *cell));
}

bool MaterialField::in_growth_plate(Vec3 point) const
{
  if (!of_.growth_plates)
    return false;
  const auto cell = cell_around(grid(), grid().index(point));
  return cell && interpolate(*of_.growth_plates, *cell) >= half;
}

PointMaterial MaterialField::material_of(Vec3 place, double density) const
{
  const material::PointProperties properties = material::properties_at(of_.protocol, density);
  lesion::Effect effect;
  if (!of_.lesions.empty())
    effect = lesion::act(of_.lesions, place, properties.ash, properties.soft, soft_below_ash_,
                         of_.protocol.max_ash_g_cm3);
  PointMaterial point;
  if (effect.tissue.filling >= 0)
    point =
        filled_with(TissueKind::tumour, fillings_[static_cast<std::size_t>(effect.tissue.filling)]);
  else if (in_growth_plate(place))
    point = filled_with(TissueKind::cartilage, *cartilage_);
  else if (effect.tissue.changed && !effect.tissue.soft)
    point = changed_bone(of_.protocol, effect.tissue);
  else
    point = bone_of(of_.protocol, properties);
  point.lesion = effect.lesion;
  return point;
}

} // namespace calcar::model
