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

/// A file that holds several bones is named once.
void add_once(std::vector<Source>& sources, const Source& source)
{
  if (std::none_of(sources.begin(), sources.end(),
                   [&](const Source& s) { return s.path == source.path; }))
    sources.push_back(source);
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
      add_once(results.sources, read.mask.source);
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

/// The mask of one bone: its largest piece with its cavities filled.
struct OneBone
{
  image::Mask mask;
  std::size_t labelled = 0;
  std::size_t dropped = 0;
  std::size_t filled = 0;
};

OneBone clean_bone(const image::Mask& label, BoneKind kind, Warnings& warnings)
{
  OneBone bone;
  image::CleanMask clean = image::keep_largest(label);
  append(warnings, clean.warnings);
  require_volume(clean.mask, kind);
  bone.labelled = image::count(label);
  bone.dropped = bone.labelled - image::count(clean.mask);
  // A skull's hollow is not bone: it has no cavity of its own to fill.
  image::Envelope envelope =
      kind == BoneKind::skull ? image::Envelope{clean.mask, 0} : image::fill_holes(clean.mask);
  bone.filled = envelope.filled;
  bone.mask = std::move(envelope.mask);
  bone.mask.source = label.source;
  return bone;
}

/// Vertebrae of a segment may share no more of their voxels than this.
constexpr double shared_by_vertebrae = 0.01;

/// Puts a vertebra into the map of the segment's bones, where it meets another as far as that
/// leaves room.
void put(const image::Mask& vertebra, std::size_t n, const BoneInput& bone, image::LabelMap& bones)
{
  std::size_t shared = 0;
  for (std::size_t v = 0; v < vertebra.values.size(); ++v)
    if (vertebra.values[v] != 0 && bones.values[v] != 0)
      ++shared;
    else if (vertebra.values[v] != 0)
      bones.values[v] = static_cast<std::int32_t>(n + 1);
  const double share = static_cast<double>(shared) / static_cast<double>(image::count(vertebra));
  if (share > shared_by_vertebrae)
    throw InputError(Fault::data,
                     {bone.mask.place,
                      format_number(100 * share, 2) + " % of the mask of " + bone.segment[n].level +
                          " is also that of a vertebra above it",
                      "at most " + format_number(100 * shared_by_vertebrae) + " %",
                      "check the labels of the segment's levels", ""});
}

/// Runs something for one vertebra; what it complains of and warns of names the level.
template <typename Work>
void for_vertebra(const std::string& level, Warnings& warnings, const Work& work)
{
  Warnings own;
  try
  {
    work(own);
  }
  catch (const InputError& error)
  {
    std::vector<Problem> problems = error.problems();
    for (Problem& problem : problems)
      problem.place = level + ": " + problem.place;
    throw InputError(error.fault(), problems);
  }
  for (Warning& warning : own)
  {
    warning.text = level + ": " + warning.text;
    warnings.push_back(std::move(warning));
  }
}

/// The masks of a segment's vertebrae, each cleaned by itself.
void read_vertebrae(const BoneInput& bone, const image::Space& ct, BoneImages& images,
                    report::Results& results)
{
  image::LabelMap bones{ct.grid, std::vector<std::int32_t>(ct.grid.voxels(), 0), {}};
  std::size_t labelled = 0, dropped = 0;
  for (std::size_t n = 0; n < bone.segment.size(); ++n)
    for_vertebra(bone.segment[n].level, results.warnings,
                 [&](Warnings& warnings)
                 {
                   report::Results read;
                   const image::Mask label = read_mask(
                       {bone.mask.file, {bone.segment[n].label}, bone.mask.place}, ct, read);
                   for (const Source& source : read.sources)
                     add_once(results.sources, source);
                   warnings = read.warnings;
                   const OneBone one = clean_bone(label, bone.kind, warnings);
                   labelled += one.labelled;
                   dropped += one.dropped;
                   images.filled += one.filled;
                   put(one.mask, n, bone, bones);
                   bones.source = label.source;
                 });
  images.mask = {ct.grid, std::vector<std::uint8_t>(bones.values.size()), bones.source};
  std::transform(bones.values.begin(), bones.values.end(), images.mask.values.begin(),
                 [](std::int32_t label) { return static_cast<std::uint8_t>(label != 0); });
  images.dropped_share = static_cast<double>(dropped) / static_cast<double>(labelled);
  images.bones = std::move(bones);
}

void read_one_bone(const BoneInput& bone, const image::Space& ct, BoneImages& images,
                   report::Results& results)
{
  OneBone one = clean_bone(read_mask(bone.mask, ct, results), bone.kind, results.warnings);
  images.dropped_share = static_cast<double>(one.dropped) / static_cast<double>(one.labelled);
  images.filled = one.filled;
  images.mask = std::move(one.mask);
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
  if (bone.segment.empty())
    read_one_bone(bone, ct, images, results);
  else
    read_vertebrae(bone, ct, images, results);
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
