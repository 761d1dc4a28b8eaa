#include "anatomy/pelvis_parts.hpp"

#include "anatomy/long_bone_side.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double least_cup = 0.3;      ///< whole ones cover 0.45 to 0.55 of all directions
constexpr double smallest_cup_mm = 11; ///< of a child of 6 years
constexpr double largest_cup_mm = 34;
constexpr double worst_misfit = 0.42;    ///< hip bones up to 0.27, other bones from 0.6
constexpr double least_explained = 0.68; ///< hip bones from 0.84, other bones up to 0.38

const char* const one_hip_bone = "one hip bone, whole or in part, with its acetabulum";

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& remedy)
{
  throw InputError(Fault::data, Problem{options.place, given, one_hip_bone, remedy, ""});
}

/// The face of the image a point lies beyond, 0 to 5, or -1.
int face_of_image(const BoneShape& shape, Vec3 p)
{
  const auto [low, high] = shape.image_corners;
  const Vec3 index = shape.mask.grid.index(p);
  for (int a = 0; a < 3; ++a)
  {
    const auto axis = static_cast<std::size_t>(a);
    // A surface point lies half a voxel outside the last voxel of the bone along one axis.
    if (index[axis] < low[axis] - 0.25)
    {
      return 2 * a;
    }
    if (index[axis] > high[axis] + 0.25)
    {
      return 2 * a + 1;
    }
  }
  return -1;
}

/// Divides the surface into bone and cuts by the border of the image.
void divide_surface(const BoneShape& shape, PelvisParts& parts)
{
  const image::Grid& g = shape.mask.grid;
  std::array<Vec3, 6> sum{};
  std::array<double, 6> count{};
  for (const SurfacePoint& s : shape.surface)
  {
    const int face = face_of_image(shape, s.position);
    if (face < 0)
    {
      parts.surface.push_back(s);
      continue;
    }
    parts.border.push_back(s.position);
    sum[static_cast<std::size_t>(face)] += s.position;
    count[static_cast<std::size_t>(face)] += 1;
  }
  for (std::size_t face = 0; face < 6; ++face)
  {
    if (count[face] > 0)
    {
      const std::size_t a = face / 2;
      const Vec3 axis{a == 0 ? 1.0 : 0.0, a == 1 ? 1.0 : 0.0, a == 2 ? 1.0 : 0.0};
      parts.cuts.push_back({sum[face] / count[face],
                            (face % 2 == 0 ? -1.0 : 1.0) * (g.direction * axis),
                            count[face] * g.voxel_volume() / g.spacing[a]});
    }
  }
}

/// Both hip bones in one mask have two acetabula of one size.
bool two_cups(const std::vector<ConcaveSphere>& spheres)
{
  return spheres.size() > 1 && spheres[1].coverage > 0.38 &&
         std::abs(spheres[0].radius / spheres[1].radius - 1) < 0.15 &&
         norm(spheres[0].centre - spheres[1].centre) > 3 * spheres[0].radius;
}

ConcaveSphere checked_cup(const BoneShape& shape, const AnatomyOptions& options)
{
  std::vector<ConcaveSphere> spheres = concave_spheres(shape, 6);
  std::erase_if(spheres, [](const ConcaveSphere& s)
                { return s.radius < smallest_cup_mm || s.radius > largest_cup_mm; });
  if (two_cups(spheres))
  {
    refuse(options, "the mask has two acetabula: it holds both hip bones",
           "give one hip bone: use a label for each, or cut the mask at the symphysis and the "
           "sacroiliac joints");
  }
  if (spheres.empty() || spheres[0].coverage < least_cup)
  {
    refuse(options,
           "no part of the mask is a hollow half ball of 11 to 34 mm radius that could be the "
           "acetabulum: it is another bone, or the acetabulum is cut off or filled",
           "check the label number, the voxel size, that the hip joint is inside the image, and "
           "that the mask does not run into the femoral head");
  }
  return spheres[0];
}

void check_fit(const LaidTemplate& laid, const AnatomyOptions& options)
{
  if (laid.misfit > worst_misfit || laid.explained < least_explained)
  {
    refuse(options,
           "the mask is not one hip bone: only " + format_number(100 * laid.explained, 2) +
               " % of its surface lies where a hip bone has its own, turned and stretched to fit",
           "check the label number, and that the mask holds neither the other hip bone, the sacrum "
           "nor the femur");
  }
}

/// The standard laid on a part alone, where that does not lead far away from the whole.
LaidTemplate laid_on_part(const PelvisParts& parts, bool above)
{
  const std::vector<SurfacePoint> part = surface_part(parts, above);
  if (part.empty())
  {
    return parts.laid;
  }
  constexpr double furthest_deg = 12;
  const LaidTemplate laid = lay_again(part, parts.cup, parts.laid);
  for (const Vec3 axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}})
  {
    if (geometry::angle_deg(laid.direction_in_lps(axis), parts.laid.direction_in_lps(axis)) >
        furthest_deg)
    {
      return parts.laid;
    }
  }
  return laid;
}

std::optional<SideSign> sign_from_image(const LaidTemplate& laid)
{
  const auto sign = medial_sign_from_image("", laid.direction_in_lps({1, 0, 0}),
                                           laid.direction_in_lps({0, 0, 1}));
  if (!sign)
  {
    return std::nullopt;
  }
  return SideSign{sign->weight > 0 ? "the acetabulum opens to the patient's left"
                                   : "the acetabulum opens to the patient's right",
                  sign->weight};
}

} // namespace

PelvisParts find_pelvis_parts(const BoneShape& shape, const AnatomyOptions& options)
{
  PelvisParts parts;
  divide_surface(shape, parts);
  parts.cup = checked_cup(shape, options);
  parts.rim = cup_rim(shape, parts.cup);
  const LaidTemplate left = lay_standard(parts.surface, parts.cup, false);
  const LaidTemplate right = lay_standard(parts.surface, parts.cup, true);
  const bool more_left = left.misfit < right.misfit;
  parts.laid = more_left ? left : right;
  parts.other = more_left ? right : left;
  check_fit(parts.laid, options);
  parts.ilium = laid_on_part(parts, true);
  parts.ring = laid_on_part(parts, false);
  const std::vector<SideSign> signs = pelvis_signs(parts, left, right);
  for (const SideSign& sign : signs)
  {
    parts.side_weight += sign.weight;
  }
  parts.side = decide_limb_side({BoneKind::pelvis, signs, sign_from_image(parts.laid),
                                 options.orientation, options.side, options.place,
                                 "a hip bone with its acetabulum and enough of the ilium, or of "
                                 "pubis and ischium"});
  return parts;
}

} // namespace calcar::anatomy
