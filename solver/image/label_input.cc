#include "image/label_input.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/compressed.hpp"
#include "image/dicom.hpp"
#include "image/dicom_tags.hpp"
#include "image/grid.hpp"
#include "image/mask.hpp"
#include "image/read.hpp"
#include "image/resample.hpp"
#include "image/segmentation.hpp"
#include "image/structure_set.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace calcar::image
{
namespace
{
/// Labels that keep less than this of their volume are told: they are too thin for the grid.
constexpr double kept_volume = 0.8;

Vec3 last_index(const Grid& grid)
{
  return {grid.size[0] - 1.0, grid.size[1] - 1.0, grid.size[2] - 1.0};
}

std::string point_in_words(Vec3 p)
{
  return "(" + format_number(p.x) + ", " + format_number(p.y) + ", " + format_number(p.z) + ")";
}

bool reaches(const Grid& grid, Vec3 point)
{
  const Vec3 index = grid.index(point);
  for (std::size_t a = 0; a < 3; ++a)
    if (!(index[a] >= -0.5 && index[a] <= grid.size[a] - 0.5))
      return false;
  return true;
}

/// Calls visit(offset, whether the voxel's centre lies inside `other`) for the voxels of a grid.
template <typename Visit>
void for_each_inside(const Grid& grid, const Grid& other, const Visit& visit)
{
  std::size_t offset = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i, ++offset)
        visit(offset, reaches(other, grid.point({i + 0.0, j + 0.0, k + 0.0})));
}

[[noreturn]] void refuse_apart(const Grid& ct, const Grid& other, const std::string& what,
                               const std::string& place)
{
  throw InputError(
      Fault::data,
      {place, what + ": its grid is " + grid_in_words(other) + ", the CT's " + grid_in_words(ct),
       "an image of the same patient and space as the CT",
       "is it of another patient or examination, or did a tool drop its position? "
       "Export it again in the space of the CT",
       ""});
}

std::string percent(double share)
{
  return format_number(100 * share, 2) + " %";
}

/// Voxels of each label whose centre lies inside the CT, and all of them.
struct Overlap
{
  std::map<std::int32_t, std::size_t> inside;
  std::size_t in = 0, all = 0;
};

Overlap overlap_of(const Grid& ct, const LabelMap& labels)
{
  Overlap overlap;
  for_each_inside(labels.grid, ct,
                  [&](std::size_t offset, bool in)
                  {
                    if (labels.values[offset] == 0)
                      return;
                    ++overlap.all;
                    if (in)
                    {
                      ++overlap.in;
                      ++overlap.inside[labels.values[offset]];
                    }
                  });
  return overlap;
}

[[noreturn]] void refuse_lost(std::int32_t label, const LabelMap& from, const Grid& ct)
{
  throw InputError(Fault::data,
                   {from.source.path,
                    "label " + std::to_string(label) + " is thinner than the voxels of the CT (" +
                        grid_in_words(ct) + "): nothing of it is left there",
                    "", "give a CT of finer voxels, or a label that is larger", ""});
}

/// Labels that the coarser grid lost, refused, or thinned, told.
void compare_volumes(const Overlap& before, const LabelMap& from, LabelsOn& to)
{
  const std::map<std::int32_t, std::size_t> after = label_counts(to.labels);
  const double ratio = from.grid.voxel_volume() / to.labels.grid.voxel_volume();
  std::string thinned;
  for (const auto& [label, voxels] : before.inside)
  {
    const auto kept = after.find(label);
    if (kept == after.end())
      refuse_lost(label, from, to.labels.grid);
    const double share = static_cast<double>(kept->second) / (static_cast<double>(voxels) * ratio);
    if (share < kept_volume)
      thinned +=
          (thinned.empty() ? "" : ", ") + std::to_string(label) + " (" + percent(share) + " left)";
  }
  if (!thinned.empty())
    to.warnings.push_back({"labels_thinned",
                           "on the grid of the CT labels lost volume: " + thinned +
                               ": they are thin against its voxels",
                           from.source.path});
}

std::string modality_of(const std::filesystem::path& file)
{
  if (!std::filesystem::is_regular_file(file) || !looks_like_dicom(first_bytes(file, 132)))
    return "";
  return read_tags(file).text("Modality");
}

LabelInput from_label_image(const Space& ct, LabelMap labels, Warnings warnings, int label)
{
  extract(labels, label); // the label is looked for before the grids are compared
  for (std::int32_t& v : labels.values)
    v = v == label ? label : 0;
  LabelsOn on = labels_on(ct.grid, std::move(labels));
  append(warnings, on.warnings);
  return {extract(on.labels, label), "", on.resampled, std::move(warnings)};
}
} // namespace

std::string grid_in_words(const Grid& grid)
{
  return std::to_string(grid.size[0]) + "x" + std::to_string(grid.size[1]) + "x" +
         std::to_string(grid.size[2]) + " voxels of " + format_number(grid.spacing.x, 3) + "x" +
         format_number(grid.spacing.y, 3) + "x" + format_number(grid.spacing.z, 3) + " mm from " +
         point_in_words(grid.point({0, 0, 0})) + " to " +
         point_in_words(grid.point(last_index(grid)));
}

void require_same_frame(const Space& ct, const std::string& frame, const std::string& place)
{
  if (!ct.frame_of_reference || frame.empty() || frame == *ct.frame_of_reference)
    return;
  throw InputError(Fault::data,
                   {place,
                    "its frame of reference (" + frame + ") is not that of the CT (" +
                        *ct.frame_of_reference + ")",
                    "one frame of reference",
                    "give the object that was drawn on this CT, or register it to the CT first",
                    ""});
}

namespace
{
/// The axis of `labels` that runs along axis `a` of the CT, in either sense, with as many voxels of
/// the same length; 3 when none does.
std::size_t twin_axis(const Grid& ct, std::size_t a, const Grid& labels)
{
  std::size_t b = 0;
  while (b < 3 &&
         !(labels.size[b] == ct.size[a] && std::abs(labels.spacing[b] - ct.spacing[a]) < 1e-6 &&
           std::abs(dot(transpose(labels.direction)[b], transpose(ct.direction)[a])) > 1 - 1e-6))
    ++b;
  return b;
}

/// The CT's voxels under another header: as many, of the same size and along the same lines, but
/// elsewhere in space (position lost, x and y negated, mirrored) or with axes swapped. A mask drawn
/// on this CT, whose header was damaged since. The same voxels in another order are none.
bool is_damaged_copy(const Grid& ct, const Grid& labels)
{
  std::array<int, 3> a = ct.size;
  std::array<int, 3> b = labels.size;
  std::ranges::sort(a);
  std::ranges::sort(b);
  double turned = 0;
  for (std::size_t row = 0; row < 3; ++row)
    turned += norm(ct.direction[row] - labels.direction[row]);
  if (a == b && norm(ct.spacing - labels.spacing) < 1e-6 && turned < 1e-6)
    return true;
  for (std::size_t axis = 0; axis < 3; ++axis)
    if (twin_axis(ct, axis, labels) == 3)
      return false;
  const auto centre = [](const Grid& grid) { return grid.point(0.5 * last_index(grid)); };
  const double voxel = std::min({ct.spacing.x, ct.spacing.y, ct.spacing.z});
  return norm(centre(ct) - centre(labels)) > 0.1 * voxel;
}
} // namespace

LabelsOn labels_on(const Grid& ct, LabelMap labels)
{
  if (same_grid(ct, labels.grid))
    return {std::move(labels), false, {}};
  const std::string place = labels.source.path;
  if (is_damaged_copy(ct, labels.grid))
    require_same_grid(ct, labels.grid, place);
  const Overlap overlap = overlap_of(ct, labels);
  if (overlap.in == 0)
    refuse_apart(ct, labels.grid, "no labelled voxel lies inside the CT", place);
  LabelsOn result{resample_labels(labels, ct), true, {}};
  result.labels.source = labels.source;
  result.warnings.push_back({"labels_resampled",
                             "the labels lie on another grid than the CT and were resampled: " +
                                 grid_in_words(labels.grid) + "; the CT has " + grid_in_words(ct),
                             place});
  const double outside = 1 - static_cast<double>(overlap.in) / static_cast<double>(overlap.all);
  if (outside > 0)
    result.warnings.push_back(
        {"labels_outside", percent(outside) + " of the labelled voxels lie outside the CT", place});
  compare_volumes(overlap, labels, result);
  return result;
}

ValuesOn values_on(const Grid& ct, Volume values)
{
  const std::string place = values.source.path;
  ValuesOn result;
  result.covered = {ct, std::vector<std::uint8_t>(ct.voxels()), values.source};
  std::size_t inside = 0;
  for_each_inside(ct, values.grid,
                  [&](std::size_t offset, bool in)
                  {
                    result.covered.values[offset] = in ? 1 : 0;
                    inside += in ? 1 : 0;
                  });
  if (inside == 0)
    refuse_apart(ct, values.grid, "the image does not overlap with the CT", place);
  if (same_grid(ct, values.grid))
  {
    result.values = std::move(values);
    return result;
  }
  result.resampled = true;
  result.values = resample(values, ct);
  result.warnings.push_back({"values_resampled",
                             "the image lies on another grid than the CT and was resampled: " +
                                 grid_in_words(values.grid) + "; the CT has " + grid_in_words(ct),
                             place});
  const double covered = static_cast<double>(inside) / static_cast<double>(ct.voxels());
  if (covered < 0.99)
    result.warnings.push_back(
        {"values_cover_part", "the image covers " + percent(covered) + " of the CT", place});
  return result;
}

LabelInput read_mask_on(const Space& ct, const std::filesystem::path& file, int label)
{
  const std::string modality = modality_of(file);
  if (modality == "RTSTRUCT")
    return read_structure(ct, file, label);
  if (modality == "SEG")
  {
    Segmentation segment = read_segment(ct, file, label);
    LabelInput result = from_label_image(ct, std::move(segment.labels), {}, label);
    result.name = segment.name;
    return result;
  }
  Loaded<std::int32_t> loaded = read_labels(file);
  return from_label_image(ct, std::move(loaded.image), std::move(loaded.warnings), label);
}

} // namespace calcar::image
