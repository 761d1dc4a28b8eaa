#include "mesh/mesh_model.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/point_bins.hpp"
#include "mesh/bone_surface.hpp"
#include "mesh/sample_points.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace calcar::mesh
{
namespace
{

/// A mesh of which more than this share lies farther off than `stray_mm` is not in the scan.
constexpr double stray_share = 0.02;
constexpr double stray_mm = 3, stray_voxels = 2;

/// The voxels of a mask whose six neighbours belong to it; what lies beyond the image counts as
/// `beyond`.
image::Mask eroded(const image::Mask& mask, bool beyond)
{
  image::Mask inner = mask;
  const image::Grid& grid = mask.grid;
  const auto filled = [&](int i, int j, int k)
  { return grid.contains(i, j, k) ? mask.values[grid.offset(i, j, k)] != 0 : beyond; };
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        if (!(filled(i - 1, j, k) && filled(i + 1, j, k) && filled(i, j - 1, k) &&
              filled(i, j + 1, k) && filled(i, j, k - 1) && filled(i, j, k + 1)))
          inner.values[grid.offset(i, j, k)] = 0;
  return inner;
}

/// Centres of the outermost voxels of a mask: its nearest voxel to a place outside is among them.
std::vector<Vec3> rim_of(const image::Mask& mask)
{
  const image::Mask inner = eroded(mask, false);
  std::vector<Vec3> rim;
  for (std::size_t n = 0; n < mask.values.size(); ++n)
    if (mask.values[n] != 0 && inner.values[n] == 0)
      rim.push_back(model::voxel_centre(mask.grid, n));
  return rim;
}

/// The material at any point of a mesh, with the densities of other places at the surface.
class ExtendedField
{
public:
  ExtendedField(const model::MaterialField& field, SurfaceDensity surface)
      : field_(field), eroded_(surface == SurfaceDensity::eroded),
        // A bone cut off by the border of the image goes on behind it.
        trusted_(eroded_ ? eroded(field.mask(), true) : field.mask()),
        rim_(rim_of(trusted_), 2 * largest_spacing(field.grid()))
  {
    const std::vector<Vec3> rim = rim_of(trusted_);
    low_ = high_ = rim.empty() ? Vec3{} : rim.front();
    for (const Vec3& p : rim)
      for (std::size_t axis = 0; axis < 3; ++axis)
      {
        low_[axis] = std::min(low_[axis], p[axis]);
        high_[axis] = std::max(high_[axis], p[axis]);
      }
  }

  static double largest_spacing(const image::Grid& grid)
  {
    return std::max({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  }

  struct Sample
  {
    model::PointMaterial material;
    double outside_mm = 0; ///< distance to the voxel whose density it has, 0 for its own
    bool outside = false;  ///< of the mask
  };

  Sample at(Vec3 point) const
  {
    const Vec3 index = field_.grid().index(point);
    const auto own = field_.at_index(index);
    if (own && (!eroded_ || in_trusted(index)))
      return {*own, 0, false};
    const std::size_t near = rim_.nearest(point);
    const Vec3 place = rim_.point(near);
    return {field_.at_with_density_of(point, field_.grid().index(place)), norm(place - point),
            !own};
  }

  bool empty() const { return rim_.empty(); }

  /// Whether a point is certainly farther than `beyond` from the bone: outside its box.
  bool is_far(Vec3 point, double beyond) const
  {
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (point[axis] < low_[axis] - beyond || point[axis] > high_[axis] + beyond)
        return true;
    return false;
  }

private:
  /// The voxel that holds the index belongs to the mask that is trusted.
  bool in_trusted(Vec3 index) const
  {
    const image::Grid& grid = trusted_.grid;
    const auto nearest = [](double x) { return static_cast<int>(std::floor(x + 0.5)); };
    const int i = nearest(index.x), j = nearest(index.y), k = nearest(index.z);
    return grid.contains(i, j, k) && trusted_.values[grid.offset(i, j, k)] != 0;
  }

  const model::MaterialField& field_;
  bool eroded_;
  image::Mask trusted_;
  geometry::PointBins rim_;
  Vec3 low_, high_; ///< of the rim
};

/// Sums over the samples of one cell, weighted by volume.
struct CellSum
{
  double volume = 0;
  double youngs = 0;
  double poisson = 0;
  double ash = 0;
  double compressive = 0;
  double tensile = 0;
  std::array<double, model::tissue_kinds> of_kind = {};
};

/// Sums over the whole mesh.
struct Tally
{
  double bone = 0;
  double out_of_range = 0;
  double at_ceiling = 0;
  double outside = 0;
  double stray = 0;
};

void add(const ExtendedField::Sample& sample, double volume, double stray_beyond, CellSum& cell,
         Tally& tally, MeshModel& model)
{
  const model::PointMaterial& point = sample.material;
  cell.volume += volume;
  cell.youngs += volume * point.youngs;
  cell.poisson += volume * point.poisson;
  cell.ash += volume * point.ash;
  cell.compressive += volume * point.compressive_strength;
  cell.tensile += volume * point.tensile_strength;
  cell.of_kind[static_cast<std::size_t>(point.tissue)] += volume;
  if (point.tissue == model::TissueKind::bone)
  {
    tally.bone += volume;
    tally.out_of_range += point.in_law_range ? 0 : volume;
    tally.at_ceiling += point.at_ceiling ? volume : 0;
  }
  if (point.lesion >= 0)
    model.lesion_volume_mm3[static_cast<std::size_t>(point.lesion)] += volume;
  tally.outside += sample.outside ? volume : 0;
  tally.stray += sample.outside && sample.outside_mm > stray_beyond ? volume : 0;
}

void append_cell(const CellSum& cell, MeshModel& model)
{
  const auto mean = [&](double sum) { return static_cast<float>(sum / cell.volume); };
  model.youngs.push_back(mean(cell.youngs));
  model.poisson.push_back(mean(cell.poisson));
  model.ash.push_back(mean(cell.ash));
  model.compressive_strength.push_back(mean(cell.compressive));
  model.tensile_strength.push_back(mean(cell.tensile));
  const auto most = std::max_element(cell.of_kind.begin() + 1, cell.of_kind.end());
  model.tissue.push_back(static_cast<model::TissueKind>(most - cell.of_kind.begin()));
  model.volume.push_back(cell.volume);
}

[[noreturn]] void refuse_place(const MappingOptions& options, const std::string& given)
{
  throw InputError(Fault::data,
                   {options.place, given, "a mesh in the scan's own place, in mm (LPS)",
                    "check the mesh's unit and axes (RAS files have x and y the other way round), "
                    "and that mesh and mask are of one bone",
                    ""});
}

void measure_cells(MeshModel& model, const MappingOptions& options)
{
  std::vector<std::uint8_t> bone;
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
  {
    model.centre.push_back(centre(model.mesh, c));
    bone.push_back(model.tissue[c] != model::TissueKind::layer);
  }
  model.surface = options.boundary ? *options.boundary : boundary_faces(model.mesh);
  if (!options.layers.empty())
    model.surface = bone_surface(model.mesh, bone, model.surface);
}

/// The layer that each region is, null for bone.
std::vector<const LayerRegion*> layers_of(const Mesh& mesh, const std::vector<LayerRegion>& layers)
{
  std::vector<const LayerRegion*> of_region(mesh.regions.size(), nullptr);
  for (const LayerRegion& layer : layers)
    of_region.at(layer.region) = &layer;
  return of_region;
}

/// A mesh in another unit or place is told at once: to sample it would take long.
void require_near(const Mesh& mesh, const std::vector<const LayerRegion*>& layer,
                  const ExtendedField& extended, double stray_beyond, const MappingOptions& options)
{
  double far = 0, whole = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    if (!layer[mesh.region[c]])
    {
      const double cell = volume(mesh, c);
      whole += cell;
      far += extended.is_far(centre(mesh, c), stray_beyond) ? cell : 0;
    }
  if (far > stray_share * whole)
    refuse_place(options, format_number(100 * far / whole, 3) + " % of the mesh lies more than " +
                              format_number(stray_beyond, 3) + " mm outside the bone's mask");
}

/// A cell of a layer: of its tissue, whatever the scan shows there.
void append_layer_cell(std::size_t cell, const LayerRegion& layer, std::size_t number,
                       MeshModel& model)
{
  CellSum sum;
  sum.volume = volume(model.mesh, cell);
  sum.youngs = sum.volume * layer.tissue.youngs;
  sum.poisson = sum.volume * layer.tissue.poisson;
  sum.of_kind[static_cast<std::size_t>(model::TissueKind::layer)] = sum.volume;
  append_cell(sum, model);
  model.layer_volume_mm3[number] += sum.volume;
}

void map_points(const std::vector<const LayerRegion*>& layer, const ExtendedField& extended,
                const std::vector<Vec3>& points, MeshModel& model)
{
  const std::size_t per_cell = points.size() / std::max<std::size_t>(1, model.mesh.cells());
  const bool any = std::any_of(layer.begin(), layer.end(), [](const auto* one) { return one; });
  if (any && per_cell * model.mesh.cells() != points.size())
    throw std::invalid_argument("beside layers, as many points are needed in each cell");
  for (std::size_t n = 0; n < points.size(); ++n)
  {
    const LayerRegion* of = any ? layer[model.mesh.region[n / per_cell]] : nullptr;
    const auto bone = of ? model::PointMaterial{} : extended.at(points[n]).material;
    model.point_youngs.push_back(of ? of->tissue.youngs : bone.youngs);
    model.point_poisson.push_back(of ? of->tissue.poisson : bone.poisson);
  }
}

} // namespace

const std::vector<std::string>& surface_density_names()
{
  static const std::vector<std::string> names = {"nearest", "eroded"};
  return names;
}

MeshModel map_materials(Mesh mesh, const model::MaterialField& field, const MappingOptions& options)
{
  const image::Grid& grid = field.grid();
  const double spacing = options.sample_mm > 0
                             ? options.sample_mm
                             : 0.5 * std::min({grid.spacing.x, grid.spacing.y, grid.spacing.z});
  const ExtendedField extended(field, options.surface);
  if (extended.empty())
    refuse_place(options, "the bone is too thin for surface = \"eroded\": no voxel is left");
  MeshModel model;
  model.mesh = std::move(mesh);
  model.lesion_volume_mm3.assign(field.lesions().size(), 0);
  const double stray_beyond =
      std::max(stray_mm, stray_voxels * ExtendedField::largest_spacing(grid));
  model.layer_volume_mm3.assign(options.layers.size(), 0);
  const auto layer = layers_of(model.mesh, options.layers);
  require_near(model.mesh, layer, extended, stray_beyond, options);
  Tally tally;
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
  {
    if (const LayerRegion* of = layer[model.mesh.region[c]])
    {
      append_layer_cell(c, *of, static_cast<std::size_t>(of - options.layers.data()), model);
      continue;
    }
    CellSum sum;
    for (const SamplePoint& sample : sample_points(model.mesh, c, spacing))
      add(extended.at(sample.point), sample.volume, stray_beyond, sum, tally, model);
    append_cell(sum, model);
    model.volume_mm3 += sum.volume;
  }
  if (tally.stray > stray_share * model.volume_mm3)
    refuse_place(options, format_number(100 * tally.stray / model.volume_mm3, 3) +
                              " % of the mesh lies more than " + format_number(stray_beyond, 3) +
                              " mm outside the bone's mask");
  map_points(layer, extended, options.points, model);
  model.outside_law_range = tally.bone > 0 ? tally.out_of_range / tally.bone : 0;
  model.at_ceiling = tally.bone > 0 ? tally.at_ceiling / tally.bone : 0;
  model.outside_mask = model.volume_mm3 > 0 ? tally.outside / model.volume_mm3 : 0;
  measure_cells(model, options);
  return model;
}

} // namespace calcar::mesh
