#include "lesion/lesion_mask.hpp"

#include "anatomy/region.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "image/box.hpp"
#include "image/label_input.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"
#include "image/uptake.hpp"

#include <algorithm>
#include <memory>

namespace calcar::lesion
{
namespace
{
/// Shares of a lesion's mask outside the bone that are refused, and told: the mask of the bone may
/// end short of where a lesion has swollen its wall.
constexpr double refused_outside = 0.5;
constexpr double told_outside = 0.2;

std::filesystem::path relative_to(const Table& table, const std::string& file)
{
  return file.empty() ? std::filesystem::path{} : table.folder() / file;
}

/// Voxel centres of a mask in LPS.
template <typename Visit>
void for_each_inside(const image::Mask& mask, const Visit& visit)
{
  for (int k = 0; k < mask.grid.size[2]; ++k)
    for (int j = 0; j < mask.grid.size[1]; ++j)
      for (int i = 0; i < mask.grid.size[0]; ++i)
        if (mask.at(i, j, k))
          visit(mask.grid.point({double(i), double(j), double(k)}));
}

Vec3 centroid(const image::Mask& mask)
{
  Vec3 sum;
  double count = 0;
  for_each_inside(mask,
                  [&](Vec3 p)
                  {
                    sum += p;
                    count += 1;
                  });
  return sum / count;
}

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

std::string percent(double share)
{
  return format_number(100 * share, 2) + " %";
}

std::string named(const Lesion& lesion)
{
  return "lesion \"" + lesion.name + "\"";
}

/// How far outside a mask its distance is asked for: margin, rim and degraded cortex.
double needed_around(const Lesion& lesion)
{
  PlacedLesion point;
  point.lesion = lesion;
  return influence_mm(point) + lesion.margin_mm + 5;
}

PlacedLesion place_uptake(const Lesion& lesion, const Ground& ground)
{
  const image::Uptake uptake = image::read_uptake(lesion.image->file, lesion.image->declared_unit);
  if (uptake.acquisition.frame_of_reference)
    image::require_same_frame({ground.mask.grid, ground.frame_of_reference},
                              *uptake.acquisition.frame_of_reference, lesion.image->file.string());
  const image::ValuesOn on = image::values_on(ground.mask.grid, uptake.values);
  const image::Mask mask = mask_of_uptake(lesion, on.values, on.covered, ground.mask);
  PlacedLesion placed = lesion_of_mask(lesion, mask, needed_around(lesion));
  placed.sources.push_back(uptake.values.source);
  append(placed.warnings, uptake.warnings);
  append(placed.warnings, on.warnings);
  if (const auto pieces = image::connected_pieces(mask, image::Neighbours::all);
      pieces.voxels.size() > 1)
    placed.warnings.push_back({"uptake_pieces",
                               named(lesion) + " is made of " +
                                   std::to_string(pieces.voxels.size()) +
                                   " separate regions above the threshold",
                               lesion.place});
  return placed;
}
} // namespace

void read_mask_choice(const Table& table, Lesion& lesion)
{
  lesion.shape = "mask";
  const Table mask = table.table("mask");
  LesionImage image;
  image.file = relative_to(table, mask.text("file"));
  image.label = mask.integer("label");
  mask.require(image.label > 0, "label", "a label greater than 0 (0 is background)");
  lesion.image = image;
  lesion.source = table.choice("source", {"ct", "mri", "uptake"}, "ct");
}

void read_uptake_choice(const Table& table, Lesion& lesion)
{
  lesion.shape = "uptake";
  lesion.source = "uptake";
  const Table uptake = table.table("from_uptake");
  LesionImage image;
  image.file = relative_to(table, uptake.text("file"));
  image.threshold = uptake.maybe_number("threshold");
  image.share_of_maximum = uptake.maybe_number("share_of_maximum");
  if (uptake.has("unit"))
    image.declared_unit = uptake.text("unit");
  if (image.threshold.has_value() == image.share_of_maximum.has_value())
    uptake.complain("threshold",
                    image.threshold ? "both threshold and share_of_maximum are given"
                                    : "no threshold is given",
                    "threshold = 4.0 (SUVbw), or share_of_maximum = 0.4 (of the largest uptake "
                    "inside the bone)",
                    "give one of them");
  uptake.require(!image.threshold || *image.threshold > 0, "threshold", "greater than 0");
  uptake.require(!image.share_of_maximum ||
                     (*image.share_of_maximum > 0 && *image.share_of_maximum < 1),
                 "share_of_maximum", "greater than 0 and less than 1");
  lesion.image = image;
}

PlacedLesion lesion_of_mask(const Lesion& lesion, const image::Mask& mask, double beyond_mm)
{
  if (image::count(mask) == 0)
    refuse(lesion.place, named(lesion) + " has an empty mask", "at least one voxel",
           "check the label and the file of the mask");
  const image::Mask near =
      image::crop(mask, image::grown(image::bounding_box(mask), mask.grid, beyond_mm + 2));
  const auto field = std::make_shared<const image::Volume>(signed_depth(near));
  PlacedLesion placed;
  placed.lesion = lesion;
  placed.centre = centroid(near);
  for_each_inside(near, [&](Vec3 p)
                  { placed.reach_mm = std::max(placed.reach_mm, norm(p - placed.centre)); });
  placed.reach_mm += norm(mask.grid.spacing);
  constexpr float nowhere = -1000;
  placed.solid.distance = [field](const Vec3& p)
  { return -static_cast<double>(image::sample_linear(*field, p, nowhere)); };
  return placed;
}

image::Mask mask_of_uptake(const Lesion& lesion, const image::Volume& uptake,
                           const image::Mask& covered, const image::Mask& bone)
{
  std::size_t voxels = 0, seen = 0;
  float most = 0;
  for (std::size_t n = 0; n < bone.values.size(); ++n)
    if (bone.values[n])
    {
      ++voxels;
      seen += covered.values[n] ? 1 : 0;
      most = std::max(most, covered.values[n] ? uptake.values[n] : 0);
    }
  const std::string file = lesion.image->file.string();
  const double share = static_cast<double>(seen) / static_cast<double>(voxels);
  if (share < 0.5)
    refuse(file, "the uptake image covers " + percent(share) + " of the bone",
           "an image of the same patient and space as the CT that covers the bone",
           "is it of another patient or examination, or did a tool drop its position?");
  const double threshold = lesion.image->threshold.value_or(
      lesion.image->share_of_maximum.value_or(1) * static_cast<double>(most));
  if (!(static_cast<double>(most) >= threshold && most > 0))
    refuse(lesion.place,
           named(lesion) + ": no uptake inside the bone reaches the threshold of " +
               format_number(threshold) + "; the largest there is " +
               format_number(static_cast<double>(most)),
           "a threshold below the largest uptake inside the bone",
           "lower it, or check that bone and image are of one patient");
  image::Mask mask = bone;
  for (std::size_t n = 0; n < bone.values.size(); ++n)
    mask.values[n] =
        bone.values[n] && covered.values[n] && static_cast<double>(uptake.values[n]) >= threshold
            ? 1
            : 0;
  return mask;
}

Warnings check_inside_bone(const Lesion& lesion, const image::Mask& mask, const Ground& ground)
{
  std::size_t all = 0, outside = 0;
  for (std::size_t n = 0; n < mask.values.size(); ++n)
    if (mask.values[n])
    {
      ++all;
      outside += ground.mask.values[n] ? 0 : 1;
    }
  const double share =
      static_cast<double>(outside) / static_cast<double>(std::max<std::size_t>(all, 1));
  const std::string words =
      named(lesion) + ": " + percent(share) + " of its mask lies outside the bone";
  if (share > refused_outside)
    refuse(lesion.place,
           words + " (its centre: " + anatomy::locate(ground.bone, centroid(mask)).words + ")",
           "a mask most of which lies inside the bone",
           "check the affine of the mask's file, that it is of this patient, and the label");
  if (share <= told_outside)
    return {};
  return {{"lesion_outside_bone", words + "; what lies there is not computed", lesion.place}};
}

PlacedLesion place_image(const Lesion& lesion, const Ground& ground)
{
  if (lesion.shape == "uptake")
    return place_uptake(lesion, ground);
  const image::LabelInput read = image::read_mask_on({ground.mask.grid, ground.frame_of_reference},
                                                     lesion.image->file, lesion.image->label);
  const Warnings outside = check_inside_bone(lesion, read.mask, ground);
  PlacedLesion placed = lesion_of_mask(lesion, read.mask, needed_around(lesion));
  placed.sources.push_back(read.mask.source);
  append(placed.warnings, read.warnings);
  append(placed.warnings, outside);
  return placed;
}

} // namespace calcar::lesion
