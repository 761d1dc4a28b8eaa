#include "pipeline/bone_images.hpp"

#include "base/text.hpp"
#include "geometry/read_surface.hpp"
#include "image/checks.hpp"
#include "image/label_input.hpp"
#include "image/mask.hpp"
#include "image/rasterise.hpp"
#include "image/read.hpp"
#include "mesh/length_unit.hpp"

#include <algorithm>
#include <array>

namespace calcar::pipeline
{
namespace
{
using anatomy::BoneKind;

/// Volumes in cm^3 between which a mask can be that bone, whole or cut, of a child or a large
/// adult. Wide bounds of the project's own choice: they catch a wrong label, an empty corner or two
/// bones in one.
struct VolumeBounds
{
  BoneKind kind;
  double least;
  double most;
};
constexpr std::array volume_bounds = {
    VolumeBounds{BoneKind::femur, 15, 1000}, VolumeBounds{BoneKind::tibia, 10, 800},
    VolumeBounds{BoneKind::humerus, 8, 500}, VolumeBounds{BoneKind::vertebra, 2, 200},
    VolumeBounds{BoneKind::pelvis, 20, 900}, VolumeBounds{BoneKind::rib, 0.5, 80},
    VolumeBounds{BoneKind::skull, 3, 1500},
};

void require_volume(const image::Mask& mask, BoneKind kind)
{
  const auto bounds = std::find_if(volume_bounds.begin(), volume_bounds.end(),
                                   [&](const VolumeBounds& b) { return b.kind == kind; });
  image::require_volume(mask, bounds->least, bounds->most, anatomy::to_string(kind));
}

/// The voxels that have one of these labels, on the CT's grid, from whatever file holds them.
image::Mask read_mask(const BoneLabels& choice, const image::Space& ct, report::Results& results)
{
  image::Mask mask;
  for (const int label : choice.labels)
  {
    image::LabelInput read = image::read_mask_on(ct, choice.file, label);
    append(results.warnings, read.warnings);
    if (mask.values.empty())
    {
      results.sources.push_back(read.mask.source);
      mask = std::move(read.mask);
      continue;
    }
    for (std::size_t v = 0; v < mask.values.size(); ++v)
      mask.values[v] = mask.values[v] | read.mask.values[v];
  }
  return mask;
}

/// The growth plates as far as they lie in the bone. Throws InputError (data) when they do not.
image::Mask plates_in_bone(image::Mask plates, const image::Mask& bone, const BoneLabels& given)
{
  const std::size_t all = image::count(plates);
  for (std::size_t v = 0; v < plates.values.size(); ++v)
    plates.values[v] = plates.values[v] & bone.values[v];
  const std::size_t inside = image::count(plates);
  if (2 * inside < all || 2 * inside > image::count(bone))
    throw InputError(
        Fault::data,
        {given.place,
         format_number(100.0 * static_cast<double>(inside) / static_cast<double>(all), 3) +
             " % of the growth plates lie in the bone, and they are " +
             format_number(
                 100.0 * static_cast<double>(inside) / static_cast<double>(image::count(bone)), 3) +
             " % of it",
         "at least half of them inside, and less than half of the bone",
         "the mask must hold the growth plates too: name their label beside the bone's in labels",
         ""});
  return plates;
}
} // namespace

BoneImages read_bone_images(const BoneInput& bone, report::Results& results)
{
  auto scan = image::read_volume(bone.image);
  append(results.warnings, scan.warnings);
  results.sources.push_back(scan.image.source);
  BoneImages images;
  images.axes_repaired = !scan.warnings.empty();
  const image::Space ct = {scan.image.grid, scan.acquisition.frame_of_reference};
  const image::Mask label = read_mask(bone.mask, ct, results);
  image::CleanMask clean = image::keep_largest(label);
  append(results.warnings, clean.warnings);
  require_volume(clean.mask, bone.kind);
  images.dropped_share =
      1 - static_cast<double>(image::count(clean.mask)) / static_cast<double>(image::count(label));
  // A skull's hollow is not bone: it has no cavity of its own to fill.
  image::Envelope envelope =
      bone.kind == BoneKind::skull ? image::Envelope{clean.mask, 0} : image::fill_holes(clean.mask);
  images.filled = envelope.filled;
  images.mask = std::move(envelope.mask);
  images.mask.source = label.source;
  if (bone.growth_plates)
    images.growth_plates = plates_in_bone(read_mask(*bone.growth_plates, ct, results), images.mask,
                                          *bone.growth_plates);
  images.acquisition = scan.acquisition;
  images.scan = std::move(scan.image);
  return images;
}

image::Mask read_bone_surface(const BoneInput& bone, double size_mm, report::Results& results)
{
  const SurfaceInput& given = *bone.surface;
  const double unit = given.unit.empty() ? 1 : mesh::mm_per_unit(given.unit, given.place);
  geometry::ReadSurface read = geometry::read_surface(given.file, unit);
  append(results.warnings, read.warnings);
  results.sources.push_back(read.surface.source);
  if (given.unit.empty())
    mesh::require_millimetres(mesh::box_of(read.surface.points), given.place,
                              anatomy::to_string(bone.kind));
  image::Mask mask = image::rasterise(read.surface, size_mm, 2);
  require_volume(mask, bone.kind);
  return mask;
}

} // namespace calcar::pipeline
