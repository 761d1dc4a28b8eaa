#include "anatomy/vertebra.hpp"

#include "anatomy/vertebra_guess.hpp"
#include "anatomy/vertebra_landmarks.hpp"
#include "anatomy/vertebra_signs.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr std::size_t fewest_voxels = 200;
constexpr double largest_volume_cm3 = 200; ///< L5 of a large man has 80 to 100
constexpr double least_confidence = 0.4;
constexpr double least_flatness = 0.35; ///< a ball has 0.22
constexpr double smallest_ball_mm = 3.5;
constexpr double largest_ball_mm = 22;
constexpr double few_voxels_high =
    6.5; ///< voxels in a body's height, below which a warning is given
constexpr double most_left_out = 0.2;
constexpr double most_cut = 0.02; ///< share of the body's free surface on the image's border

const Vec3 patient_front{0, -1, 0};
const Vec3 patient_up{0, 0, 1};

const char* const one_vertebra = "one vertebra from T1 to L5, with its posterior elements or its "
                                 "body alone, the body seen whole";

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& remedy)
{
  throw InputError(Fault::data, Problem{options.place, given, one_vertebra, remedy, ""});
}

void check_voxels(const image::Mask& mask, const AnatomyOptions& options)
{
  const std::size_t voxels = image::count(mask);
  if (voxels < fewest_voxels)
  {
    throw InputError(Fault::data,
                     Problem{options.place,
                             "the mask holds " + std::to_string(voxels) + " voxels of bone",
                             "at least 200",
                             "check that the label number is the one of the vertebra, and the "
                             "voxel size",
                             ""});
  }
}

void check_volume(const image::Mask& mask, const AnatomyOptions& options)
{
  const double volume = image::volume_cm3(mask);
  if (volume > largest_volume_cm3)
  {
    refuse(options,
           "the mask is not a vertebra: it holds " + format_number(volume, 3) +
               " cm3, a vertebra less than 200",
           "check the label number and the voxel size of the image");
  }
}

void check_thick_part(const BoneShape& shape, const ThickPart& part, const AnatomyOptions& options)
{
  if (shape.left_out > most_left_out)
  {
    refuse(options,
           "the mask is in pieces: " + format_number(100 * shape.left_out, 2) +
               " % of it hang together with no part of the largest one",
           "check that the label is that of one vertebra, in one piece");
  }
  if (part.radius < smallest_ball_mm || part.radius > largest_ball_mm)
  {
    refuse(options,
           "the mask is not a vertebra: the largest ball inside it has a radius of " +
               format_number(part.radius, 3) + " mm, in a vertebral body 3.5 to 22 mm",
           "check the label number and the voxel size of the image");
  }
  // The thickest part of the posterior elements is thinner, or nearer.
  const double beyond = norm(part.second_centre - part.centre);
  if (part.second_radius > 0.9 * part.radius && beyond > 2.9 * part.radius)
  {
    refuse(options,
           "the mask holds more than one vertebra: a second body lies " + format_number(beyond, 3) +
               " mm from the first",
           "give the mask of one vertebra");
  }
}

GuessedAxes checked_axes(const BoneShape& shape, const ThickPart& part,
                         const AnatomyOptions& options)
{
  const bool patient = options.orientation == Orientation::patient;
  const auto guess =
      guess_axes(shape, part, patient ? patient_front : Vec3{}, patient ? patient_up : Vec3{});
  if (!guess || guess->flatness < least_flatness)
  {
    refuse(options,
           "the mask is not a vertebra: its thickest part has no two flat ends that could be the "
           "endplates",
           "check the label number, and that the body of the vertebra is whole in the mask");
  }
  return *guess;
}

/// The bone as it is looked at.
struct Bone
{
  BoneShape shape;
  ThickPart part;
  double grain_mm; ///< largest voxel spacing of the mask as given
};

VertebraParts checked_parts(const Bone& seen, const VertebraAxes& axes,
                            const AnatomyOptions& options)
{
  const auto parts = find_vertebra_parts(seen.shape, seen.part, axes, seen.grain_mm);
  if (!parts)
  {
    refuse(options, "the mask is not a vertebra: an endplate is not to be found",
           "check the label number, and that the body of the vertebra is whole in the mask");
  }
  return *parts;
}

/// Share of the body's free surface that lies on the border of the image.
double cut_share(const BoneShape& shape, const ThickPart& part, const VertebraParts& parts)
{
  double cut = 0;
  double all = 0;
  for (const SurfacePoint& s : part.surface)
  {
    if (parts.local(s.position).y < parts.posterior_wall.y + 0.1 * parts.depth())
    {
      continue;
    }
    all += 1;
    cut += on_image_border(shape, s) ? 1 : 0;
  }
  return cut / std::max(all, 1.0);
}

/// Largest distance of the bone's surface from the middle of the body.
double reach_of(const BoneShape& shape, Vec3 centre)
{
  double reach = 0;
  for (const SurfacePoint& s : shape.surface)
  {
    reach = std::max(reach, norm(s.position - centre));
  }
  return reach;
}

/// The bounds are wide of what synthetic vertebrae from T1 to L5 and nine real ones showed.
void check_proportions(const BoneShape& shape, const ThickPart& part, const VertebraParts& parts,
                       const AnatomyOptions& options)
{
  const double tall = parts.height() / parts.body_width;
  const double deep = parts.depth() / parts.body_width;
  const double reach = reach_of(shape, parts.lps(parts.body_centre)) / parts.body_width;
  if (cut_share(shape, part, parts) > most_cut)
  {
    refuse(options, "the image ends inside the vertebral body",
           "use an image that shows the whole body of the vertebra");
  }
  if (tall < 0.22 || tall > 1.15 || deep < 0.4 || deep > 1.4 || reach > 4 ||
      parts.body_width < 11 || parts.body_width > 75)
  {
    refuse(options,
           "the proportions are not those of a vertebra: the body found is " +
               format_number(parts.body_width, 3) + " mm wide, " + format_number(parts.depth(), 3) +
               " mm deep and " + format_number(parts.height(), 3) +
               " mm high, and the bone reaches " + format_number(reach * parts.body_width, 3) +
               " mm from its middle",
           "check the label number, the voxel size, and that the mask holds one vertebra");
  }
}

/// The parts the right way up and round, and how sure that is.
struct Decided
{
  VertebraParts parts;
  double cranial = 0;
  double anterior = 0;
};

Decided decide(const Bone& seen, VertebraParts parts, const AnatomyOptions& options)
{
  Decided decided;
  decided.anterior =
      decide_direction(anterior_signs(seen.shape, seen.part, parts),
                       sign_from_image(parts.axes.front, patient_front), options.orientation,
                       {"anterior", "front and back"}, options.place);
  if (decided.anterior < 0)
  {
    const VertebraAxes& a = parts.axes;
    parts = checked_parts(seen, {-a.right, -a.front, a.up}, options);
  }
  decided.cranial =
      decide_direction(cranial_signs(seen.shape, parts), sign_from_image(parts.axes.up, patient_up),
                       options.orientation, {"cranial", "up and down"}, options.place);
  if (decided.cranial < 0)
  {
    const VertebraAxes& a = parts.axes;
    parts = checked_parts(seen, {-a.right, a.front, -a.up}, options);
  }
  decided.parts = parts;
  decided.cranial = std::abs(decided.cranial);
  decided.anterior = std::abs(decided.anterior);
  return decided;
}

/// Frame by ISB from landmarks; without both pedicles the right is that of the parts.
void build_frame(const VertebraParts& parts, BoneAnatomy& bone)
{
  const auto& at = bone.landmarks;
  Frame& f = bone.frame;
  f.origin = at.at("body_centre");
  f.proximal = normalized(at.at("superior_endplate_centre") - at.at("inferior_endplate_centre"));
  const bool pedicles = at.count("right_pedicle_centre") && at.count("left_pedicle_centre");
  const Vec3 right =
      pedicles ? at.at("right_pedicle_centre") - at.at("left_pedicle_centre") : parts.axes.right;
  f.medial = normalized(geometry::without_component(right, f.proximal));
  f.anterior = cross(f.proximal, f.medial);
  bone.cut_centre = at.at("inferior_endplate_centre");
  bone.shaft_distal = -f.proximal;
}

double rising(double value, double from, double to)
{
  return std::clamp((value - from) / (to - from), 0.0, 1.0);
}

void rate(double voxel_mm, const GuessedAxes& guess, const Decided& decided,
          const AnatomyOptions& options, BoneAnatomy& bone)
{
  const VertebraParts& parts = decided.parts;
  bone.confidence_parts = {
      {"flat endplates", 0.4 + 0.6 * rising(guess.flatness, least_flatness, 0.6)},
      {"parallel endplates",
       1 - 0.7 * rising(std::abs(bone.measures.at("wedge_angle_deg").value), 15, 40)},
      {"up and down", rising(decided.cranial, 0, 0.8)},
      {"front and back", rising(decided.anterior, 0, 0.8)},
      {"voxels in the height", rising(parts.height() / voxel_mm, 1, 6)}};
  if (parts.right && parts.left)
  {
    const double larger = std::max(parts.right->area, parts.left->area);
    const double smaller = std::min(parts.right->area, parts.left->area);
    bone.confidence_parts["alike pedicles"] = 0.4 + 0.6 * rising(smaller / larger, 0.3, 0.8);
  }
  if (!guess.canal)
  {
    bone.confidence_parts["symmetry of the body"] = rising(guess.symmetry, 0.4, 0.8);
  }
  const auto least =
      std::min_element(bone.confidence_parts.begin(), bone.confidence_parts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  bone.confidence = least->second;
  if (bone.confidence < least_confidence)
  {
    throw InputError(Fault::data,
                     Problem{options.place,
                             "the vertebra is not recognised with confidence: " + least->first +
                                 " scores " + format_number(least->second, 2) + " of 1",
                             "0.4 or more", "check the mask there, or use a finer image", ""});
  }
}

void warn(const Bone& seen, double height_mm, const AnatomyOptions& options, BoneAnatomy& bone)
{
  const BoneShape& shape = seen.shape;
  const auto add = [&](const char* code, const std::string& text) {
    bone.warnings.push_back({code, text, options.place});
  };
  if (height_mm < few_voxels_high * seen.grain_mm)
  {
    // Each endplate's middle is known to a quarter of a voxel, about.
    const double unsure = geometry::degrees(0.25 * seen.grain_mm / height_mm);
    add("coarse_for_its_size",
        "the vertebral body is " + format_number(height_mm, 2) + " mm high and the voxels are " +
            format_number(seen.grain_mm, 2) + " mm: its cranial axis is sure to about " +
            format_number(unsure, 2) + " degrees only");
  }
  if (shape.left_out > 0.01)
  {
    add("mask_in_pieces", format_number(100 * shape.left_out, 2) +
                              " % of the mask is not connected to the vertebra and was left out");
  }
  if (!bone.landmarks.count("canal_centre"))
  {
    add("posterior_elements_missing",
        "no canal is seen behind the vertebral body: right and left follow from the symmetry of "
        "the body and the directions of the image, and are sure to about 10 degrees");
  }
  if (options.orientation == Orientation::patient &&
      (!sign_from_image(bone.frame.proximal, patient_up) ||
       !sign_from_image(bone.frame.anterior, patient_front)))
  {
    add("directions_by_shape_only",
        "the vertebra lies askew in the patient by more than 45 degrees: up and front are told by "
        "its shape alone");
  }
}

} // namespace

BoneAnatomy find_vertebra(const image::Mask& mask, const AnatomyOptions& options)
{
  check_voxels(mask, options);
  check_volume(mask, options);
  const Vec3 spacing = mask.grid.spacing;
  Bone seen{
      bone_shape(finer_mask(mask), options.place), {}, std::max({spacing.x, spacing.y, spacing.z})};
  seen.part = thick_part(seen.shape);
  const auto& [shape, part, grain_mm] = seen;
  check_thick_part(shape, part, options);
  const GuessedAxes guess = checked_axes(shape, part, options);
  VertebraParts first = checked_parts(seen, guess.axes, options);
  if (!first.canal)
  {
    const Vec3 up = first.axes.up;
    first = checked_parts(seen, axes_from(up, front_of_body(shape, part, up, first.axes.front)),
                          options);
  }
  check_proportions(shape, part, first, options);
  const Decided decided = decide(seen, first, options);
  BoneAnatomy bone;
  bone.kind = BoneKind::vertebra;
  bone.side = Side::midline;
  bone.level = options.level;
  bone.landmarks = landmarks_of(decided.parts);
  const auto override_landmarks = [&]
  {
    for (const auto& [name, point] : options.overrides)
    {
      bone.landmarks[name] = point;
    }
  };
  // Those the frame rests on are replaced before it is built, the others after they are found.
  override_landmarks();
  build_frame(decided.parts, bone);
  add_processes(shape, decided.parts, bone.landmarks);
  override_landmarks();
  for (const std::string& name : landmark_names(BoneKind::vertebra))
  {
    if (!bone.landmarks.count(name))
    {
      bone.absent.push_back(name);
    }
  }
  bone.measures = measures_of(decided.parts);
  bone.whole =
      bone.landmarks.count("canal_centre") != 0 && bone.landmarks.count("spinous_process") != 0;
  rate(grain_mm, guess, decided, options, bone);
  warn(seen, decided.parts.height(), options, bone);
  return bone;
}

} // namespace calcar::anatomy
