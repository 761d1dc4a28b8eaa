#include "anatomy/synthetic_raster.hpp"
#include "anatomy/synthetic_scanner.hpp"
#include "anatomy/synthetic_segment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace calcar::anatomy
{

namespace
{

constexpr double margin_mm = 8;        ///< of soft tissue around the bone
constexpr double no_crop = 1e8;        ///< a crop further away than this is none
constexpr double most_voxels = 4e8;    ///< a density volume of 1.6 GB
constexpr double end_mm = 10;          ///< what counts as the end of a whole bone
constexpr double start_of_shaft = 100; ///< mm over which the proximal shaft's axis is taken

void check(const ScanSettings& settings)
{
  std::vector<Problem> problems;
  const auto within =
      [&](const std::string& what, double value, double low, double high, const char* unit)
  {
    if (!(value >= low && value <= high))
    {
      problems.push_back({"synthetic scan", what + " = " + format_number(value),
                          format_number(low) + " to " + format_number(high) + " " + unit,
                          "choose a value inside", ""});
    }
  };
  within("voxel_mm", settings.voxel_mm, 0.2, 10, "mm");
  for (std::size_t a = 0; a < 3; ++a)
  {
    if (settings.spacing_mm[a] != 0)
    {
      within("spacing_mm", settings.spacing_mm[a], 0.2, 10, "mm");
    }
  }
  within("noise_HU", settings.noise_HU, 0, 500, "HU");
  within("blur_mm", settings.blur_mm, 0, 20, "mm");
  if (std::abs(determinant(settings.rotation) - 1) > 1e-6)
  {
    problems.push_back({"synthetic scan", "rotation is not a rotation", "an orthonormal matrix",
                        "leave it out or build it from angles", ""});
  }
  if (!problems.empty())
  {
    throw InputError(Fault::command, problems);
  }
}

std::string three(Vec3 p)
{
  return format_number(p.x) + " " + format_number(p.y) + " " + format_number(p.z);
}

[[noreturn]] void refuse_crop(const SegmentBox& box, const std::string& what)
{
  throw InputError(Fault::command, Problem{"synthetic scan", what,
                                           "a part of the bone's box, " + three(box.low) + " to " +
                                               three(box.high) + " mm (medial, anterior, proximal)",
                                           "move the crop", ""});
}

bool is_cropped(const Crop& crop)
{
  for (std::size_t a = 0; a < 3; ++a)
  {
    if (crop.from[a] > -no_crop || crop.to[a] < no_crop)
    {
      return true;
    }
  }
  return false;
}

/// The crop along the axes of the image, which are the body's but for their signs.
Extent crop_along(const Crop& crop, const Pose& pose, const Mat3& direction)
{
  Extent extent{{-1e9, -1e9, -1e9}, {1e9, 1e9, 1e9}};
  const Mat3 along = transpose(direction) * pose.to_lps;
  const Vec3 offset = transpose(direction) * pose.lps({0, 0, 0});
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double sign = along[a][a];
    const double one = sign > 0 ? crop.from[a] : crop.to[a];
    const double other = sign > 0 ? crop.to[a] : crop.from[a];
    extent.from[a] = std::abs(one) < no_crop ? offset[a] + sign * one : extent.from[a];
    extent.to[a] = std::abs(other) < no_crop ? offset[a] + sign * other : extent.to[a];
  }
  return extent;
}

/// A grid with the faces at which the crop ends it.
struct CroppedGrid
{
  image::Grid grid;
  Faces cropped{};
};

/**
 * The voxels between `extent` and the crop. At a crop the image's border (half a voxel beyond the
 * outermost centres) lies on the crop's plane.
 */
CroppedGrid make_grid(const Extent& extent, const Extent& crop, Vec3 spacing, const Mat3& direction)
{
  CroppedGrid made;
  made.grid.spacing = spacing;
  made.grid.direction = direction;
  Vec3 first;
  double voxels = 1;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double h = spacing[a];
    const bool low = crop.from[a] > extent.from[a];
    const bool high = crop.to[a] < extent.to[a];
    const double from = std::max(crop.from[a], extent.from[a]);
    const double to = std::min(crop.to[a], extent.to[a]);
    const double steps = (to - from) / h;
    const double n =
        low && high ? std::floor(steps + 1e-9) : std::ceil(steps - 1e-9) + (low || high ? 0 : 1);
    first[a] = low ? from + 0.5 * h : high ? to - (n - 0.5) * h : from;
    voxels *= std::max(n, 0.0);
    made.grid.size[a] = n >= 1 && n < 1e6 ? static_cast<int>(n) : 0;
    made.cropped[2 * a] = low;
    made.cropped[2 * a + 1] = high;
  }
  if (voxels > most_voxels)
  {
    throw InputError(Fault::command,
                     Problem{"synthetic scan",
                             format_number(voxels / 1e6) + " million voxels are asked for",
                             "up to " + format_number(most_voxels / 1e6) + " million",
                             "choose larger voxels or keep less of the bone", ""});
  }
  made.grid.origin = direction * first;
  return made;
}

CroppedGrid grid_of(const SegmentBox& box, const Pose& pose, const Surroundings& around,
                    const ScanSettings& settings, const Mat3& direction)
{
  Extent extent = around.all;
  for (std::size_t a = 0; a < 3; ++a)
  {
    extent.from[a] = std::min(extent.from[a], around.bone.from[a] - margin_mm);
    extent.to[a] = std::max(extent.to[a], around.bone.to[a] + margin_mm);
  }
  Vec3 spacing = settings.spacing_mm;
  for (std::size_t a = 0; a < 3; ++a)
  {
    spacing[a] = spacing[a] > 0 ? spacing[a] : settings.voxel_mm;
  }
  const CroppedGrid made =
      make_grid(extent, crop_along(settings.crop, pose, direction), spacing, direction);
  if (made.grid.voxels() == 0)
  {
    refuse_crop(box, "the crop leaves nothing of the image");
  }
  return made;
}

/// What of the bone lies on the faces of the image.
struct Border
{
  std::array<std::size_t, 6> voxels{};
  Vec3 distal_sum; ///< of the centres on the face across the third axis, low end
};

Border border_of(const image::Mask& bone)
{
  Border border;
  const auto& size = bone.grid.size;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
      {
        if (bone.at(i, j, k) == 0)
        {
          continue;
        }
        const int index[3] = {i, j, k};
        for (std::size_t a = 0; a < 3; ++a)
        {
          border.voxels[2 * a] += index[a] == 0;
          border.voxels[2 * a + 1] += index[a] == size[a] - 1;
        }
        if (k == 0)
        {
          border.distal_sum += bone.grid.point({1.0 * i, 1.0 * j, 1.0 * k});
        }
      }
  return border;
}

/// A point inside the bone near the middle of its most distal centimetre.
Vec3 distal_end(const image::Mask& bone, Vec3 proximal)
{
  std::vector<Vec3> points;
  const auto& size = bone.grid.size;
  double lowest = 1e9;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
        if (bone.at(i, j, k) != 0)
        {
          points.push_back(bone.grid.point({1.0 * i, 1.0 * j, 1.0 * k}));
          lowest = std::min(lowest, dot(points.back(), proximal));
        }
  std::erase_if(points, [&](Vec3 p) { return dot(p, proximal) > lowest + end_mm; });
  Vec3 sum;
  for (const Vec3& p : points)
  {
    sum += p;
  }
  const Vec3 mean = sum / static_cast<double>(points.size());
  return *std::min_element(points.begin(), points.end(),
                           [&](Vec3 a, Vec3 b) { return norm(a - mean) < norm(b - mean); });
}

/// Points that depend on the whole bone or on what of it the image shows: of a piece they are
/// elsewhere, or cannot be known.
bool is_of_whole(const std::string& name)
{
  static const std::set<std::string> names = {"midshaft_centre", "isthmus",     "midpoint",
                                              "dorsal_end",      "ventral_end", "piece_centre"};
  return names.count(name) > 0;
}

void add_landmarks(const SyntheticSegment::Part& part, const Pose& pose, const Crop& crop,
                   BoneAnatomy& truth)
{
  const SyntheticBody& body = part.body;
  const auto kept = [&](Vec3 own)
  {
    const Vec3 p = part.in_index.apply(own);
    return p.x >= crop.from.x && p.y >= crop.from.y && p.z >= crop.from.z && p.x <= crop.to.x &&
           p.y <= crop.to.y && p.z <= crop.to.z;
  };
  for (const std::string& name : landmark_names(body.kind))
  {
    const auto found = body.landmarks.find(name);
    if (found != body.landmarks.end() && kept(found->second) && (truth.whole || !is_of_whole(name)))
    {
      truth.landmarks[name] = pose.lps(found->second);
    }
    else
    {
      truth.absent.push_back(name);
    }
  }
  for (const Vec3& centre : body.shaft_centres)
  {
    if (kept(centre))
    {
      truth.shaft_centres.push_back(pose.lps(centre));
    }
  }
}

void add_shaft(const image::Mask& bone, const Border& border, bool distal_cut, BoneAnatomy& truth)
{
  truth.shaft_distal = -truth.frame.proximal;
  const auto& centres = truth.shaft_centres;
  if (centres.size() >= 2)
  {
    std::size_t last = 1;
    while (last + 1 < centres.size() && norm(centres[last + 1] - centres[0]) <= start_of_shaft)
    {
      ++last;
    }
    truth.shaft_distal = normalized(centres[last] - centres[0]);
  }
  truth.cut_centre = distal_cut ? border.distal_sum / static_cast<double>(border.voxels[4])
                                : distal_end(bone, truth.frame.proximal);
}

BoneAnatomy truth_of(const SyntheticSegment::Part& part, const Pose& pose,
                     const ScanSettings& settings, const CroppedGrid& made, const image::Mask& bone)
{
  const SyntheticBody& body = part.body;
  const Border border = border_of(bone);
  BoneAnatomy truth;
  truth.kind = body.kind;
  truth.side = may_lie_in_midline(body.kind) ? Side::midline : body.side;
  truth.level = body.level;
  truth.frame = {pose.lps(body.origin), pose.to_lps * Vec3{1, 0, 0}, pose.to_lps * Vec3{0, 1, 0},
                 pose.to_lps * Vec3{0, 0, 1}};
  truth.whole = true;
  for (std::size_t face = 0; face < 6; ++face)
  {
    truth.whole = truth.whole && !(made.cropped[face] && border.voxels[face] > 0);
  }
  add_landmarks(part, pose, settings.crop, truth);
  truth.measures = body.measures;
  truth.confidence = 1;
  add_shaft(bone, border, made.cropped[4] && border.voxels[4] > 0, truth);
  return truth;
}

/// The pose of a part in that of its segment's index.
Pose pose_of(const SyntheticSegment::Part& part, const Pose& index)
{
  return {index.to_lps * part.in_index.axes, index.lps(part.in_index.at), {0, 0, 0}};
}

BoneAnatomy truth_of(const SyntheticSegment& segment, const SyntheticSegment::Part& part,
                     const Pose& pose, const ScanSettings& settings, const CroppedGrid& made,
                     const image::LabelMap& labels)
{
  const image::Mask bone = bone_mask(labels, part.body.label, part.body.plate_label);
  if (std::none_of(bone.values.begin(), bone.values.end(), [](auto v) { return v != 0; }))
  {
    refuse_crop(box_of(segment), segment.parts.size() == 1
                                     ? "the crop leaves nothing of the bone"
                                     : "the crop leaves nothing of " + part.body.level);
  }
  return truth_of(part, pose, settings, made, bone);
}

} // namespace

image::Mask bone_mask(const image::LabelMap& labels, int label, int plate_label)
{
  image::Mask mask{labels.grid, std::vector<std::uint8_t>(labels.values.size()), labels.source};
  std::transform(labels.values.begin(), labels.values.end(), mask.values.begin(),
                 [=](std::int32_t value) { return value == label || value == plate_label; });
  return mask;
}

SyntheticScan make_scan(const SyntheticBody& body, const ScanSettings& settings)
{
  SyntheticSegment alone;
  alone.parts.push_back({body, {}});
  return make_scan(alone, settings);
}

SyntheticScan make_scan(const SyntheticSegment& segment, const ScanSettings& settings)
{
  check(settings);
  const SyntheticBody& index = segment.index_body();
  const Side side = may_lie_in_midline(index.kind) ? Side::midline : index.side;
  const Pose pose = pose_of(side, settings.rotation, index.origin, settings.position);
  // The border of an image can cut along the bone's axes only when the image is turned with it.
  const Mat3 direction = is_cropped(settings.crop) ? settings.rotation : identity();
  const SegmentBox box = box_of(segment);
  const Surroundings around =
      surroundings_of(extent_of(pose, box.low, box.high, direction), settings);
  const CroppedGrid made = grid_of(box, pose, around, settings, direction);
  SyntheticScan scan;
  scan.volume.grid = scan.labels.grid = made.grid;
  scan.volume.values.assign(made.grid.voxels(),
                            static_cast<float>(scanner_constant("soft_tissue_density_g_cm3")));
  scan.labels.values.assign(made.grid.voxels(), 0);
  paint_surroundings(around, settings, scan.volume, scan.labels);
  for (const auto& part : segment.parts)
  {
    rasterise(part.body, pose_of(part, pose), scan.volume, scan.labels);
  }
  for (const auto& part : segment.parts)
  {
    scan.parts.push_back(truth_of(segment, part, pose_of(part, pose), settings, made, scan.labels));
  }
  scan.truth = scan.parts[segment.index];
  add_scanner_effects(around, made.cropped, settings, scan);
  return scan;
}

} // namespace calcar::anatomy
