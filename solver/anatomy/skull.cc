#include "anatomy/skull.hpp"

#include "anatomy/population.hpp"
#include "anatomy/skull_fit.hpp"
#include "anatomy/skull_landmarks.hpp"
#include "anatomy/skull_surface.hpp"
#include "anatomy/skull_symmetry.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

constexpr double least_confidence = 0.4;
constexpr double whole_from = 0.45;  ///< share of all directions that a vault fills at least
constexpr double whole_above = 0.97; ///< share of those above its centre
constexpr double clear_side = 0.35;  ///< least component of a piece's outward direction to a side

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, Problem{options.place, given, allowed, remedy, ""});
}

/// Axes of the head: right, anterior, superior.
struct HeadAxes
{
  Vec3 right{-1, 0, 0};
  Vec3 anterior{0, -1, 0};
  Vec3 superior{0, 0, 1};
};

/// Directions that landmarks given by hand tell: those of which two or more follow are enough.
std::optional<HeadAxes> axes_by_hand(const AnatomyOptions& options)
{
  const auto given = [&](const char* name) -> std::optional<Vec3>
  {
    const auto found = options.overrides.find(name);
    return found == options.overrides.end() ? std::nullopt : std::optional(found->second);
  };
  const auto front = given("frontal_point");
  const auto back = given("occipital_point");
  const auto left = given("left_parietal");
  const auto right = given("right_parietal");
  const auto top = given("vertex");
  const auto centre = given("cranial_centre");
  std::optional<Vec3> to_front;
  std::optional<Vec3> to_right;
  std::optional<Vec3> to_top;
  std::optional<Vec3> middle = centre;
  middle = !middle && front && back ? 0.5 * (*front + *back) : middle;
  middle = !middle && left && right ? 0.5 * (*left + *right) : middle;
  if (front && (back || middle))
  {
    to_front = *front - (back ? *back : *middle);
  }
  else if (back && middle)
  {
    to_front = *middle - *back;
  }
  if (right && (left || middle))
  {
    to_right = *right - (left ? *left : *middle);
  }
  else if (left && middle)
  {
    to_right = *middle - *left;
  }
  if (top && middle)
  {
    to_top = *top - *middle;
  }
  HeadAxes axes;
  if (to_front && to_right)
  {
    axes.right = normalized(*to_right);
    axes.anterior = normalized(without_component(*to_front, axes.right));
    axes.superior = cross(axes.right, axes.anterior);
  }
  else if (to_front && to_top)
  {
    axes.anterior = normalized(*to_front);
    axes.superior = normalized(without_component(*to_top, axes.anterior));
    axes.right = cross(axes.anterior, axes.superior);
  }
  else if (to_right && to_top)
  {
    axes.right = normalized(*to_right);
    axes.superior = normalized(without_component(*to_top, axes.right));
    axes.anterior = cross(axes.superior, axes.right);
  }
  else
  {
    return std::nullopt;
  }
  if (to_top && dot(*to_top, axes.superior) < 0)
  {
    refuse(options, "the landmarks given by hand contradict each other: the vertex lies below",
           "landmarks of one head, left and right not exchanged", "check the landmarks");
  }
  return axes;
}

/// Share of the directions above a point that meet bone.
double seen_above(const std::vector<VaultRay>& rays, Vec3 superior)
{
  double hits = 0;
  double all = 0;
  for (const VaultRay& ray : rays)
  {
    if (dot(ray.direction, superior) > 0.02)
    {
      hits += ray.hit;
      all += 1;
    }
  }
  return hits / all;
}

/// What the frame of a vault rests on.
struct Vault
{
  VaultEllipsoid ellipsoid;
  MedianPlane median;
  bool whole = false;
};

/// A whole vault, or nothing when what is seen is not one.
std::optional<Vault> whole_vault(VaultSurface& surface, const std::optional<HeadAxes>& by_hand)
{
  if (surface.hit < whole_from)
  {
    return std::nullopt;
  }
  const HeadAxes axes = by_hand.value_or(HeadAxes{});
  Vault vault;
  vault.median = by_hand ? MedianPlane{surface.start, axes.right, 0} : best_symmetry(surface);
  const auto fit = fit_vault(outer_points(surface), vault.median, axes.anterior, axes.superior);
  if (!fit)
  {
    return std::nullopt;
  }
  // Seen from the centre that was found, the surface is cast again and fitted once more.
  surface.start = fit->centre;
  surface.rays = cast_rays(surface.mask, surface.start, 2 * surface.radius_mm, even_directions());
  if (seen_above(surface.rays, fit->superior) < whole_above)
  {
    return std::nullopt;
  }
  if (!by_hand)
  {
    vault.median = best_symmetry(surface);
  }
  const auto again = fit_vault(outer_points(surface), vault.median, fit->anterior, fit->superior);
  if (!again)
  {
    return std::nullopt;
  }
  vault.ellipsoid = *again;
  vault.whole = true;
  return vault;
}

Vec3 usual_radii(bool deviation)
{
  const auto of = [&](const char* key)
  {
    const PopulationMean& mean = population_mean("skull_population", key);
    return 0.5 * (deviation ? mean.deviation : mean.mean);
  };
  return {of("width_mm"), of("length_mm"), of("height_mm")};
}

Vault piece_of_vault(const VaultSurface& surface, const HeadAxes& axes)
{
  Vault vault;
  VaultEllipsoid start;
  start.centre = surface.start;
  start.right = axes.right;
  start.anterior = axes.anterior;
  start.superior = axes.superior;
  start.radii = usual_radii(false);
  vault.ellipsoid = fit_piece(outer_points(surface), start, usual_radii(false), usual_radii(true),
                              population_mean("skull_population", "fit_tolerance_mm").mean);
  return vault;
}

/// The outer surface in the middle of what is seen, and the mean direction outward.
struct PieceMiddle
{
  Vec3 point;
  Vec3 outward;
};
PieceMiddle middle_of(const VaultSurface& surface)
{
  Vec3 sum;
  for (const VaultRay& ray : surface.rays)
  {
    sum += ray.hit ? ray.direction : Vec3{};
  }
  PieceMiddle middle;
  middle.outward = normalized(sum);
  double best = -2;
  for (const VaultRay& ray : surface.rays)
  {
    const double near = dot(ray.direction, middle.outward);
    if (ray.hit && near > best)
    {
      best = near;
      middle.point = ray.outer;
    }
  }
  return middle;
}

/// The side of a piece is a matter of words: it is taken as given unless the piece faces the other
/// way.
Side side_of(const Vault& vault, const PieceMiddle& middle, const AnatomyOptions& options)
{
  if (!options.side || *options.side == Side::midline)
  {
    return Side::midline;
  }
  const double to_left = -dot(middle.outward, vault.ellipsoid.right);
  const double to_given = *options.side == Side::left ? to_left : -to_left;
  if (vault.whole || to_given < -clear_side)
  {
    refuse(options,
           vault.whole
               ? "the mask shows a whole cranial vault, which has no side"
               : "the piece of the vault faces " + std::string(to_left > 0 ? "left" : "right") +
                     ", but side = \"" + to_string(*options.side) + "\" was asked for",
           vault.whole ? "side = \"midline\", or none"
                       : "side = \"" + std::string(to_left > 0 ? "left" : "right") + "\", or none",
           "correct the side, or check the affine of the image");
  }
  return *options.side;
}

void rate(const VaultSurface& surface, const Vault& vault, const AnatomyOptions& options,
          BoneAnatomy& bone)
{
  const Vec3 r = vault.ellipsoid.radii;
  const double size = (r.x + r.y + r.z) / 3;
  bone.confidence_parts = {
      {"ellipsoid", std::clamp(1.4 - vault.ellipsoid.rms / (0.07 * size), 0.0, 1.0)},
      {"size", std::clamp(std::min((size - 32) / 8, (120 - size) / 15), 0.0, 1.0)},
      {"one piece", std::clamp(1 - surface.left_out / 0.4, 0.0, 1.0)}};
  if (vault.whole)
  {
    bone.confidence_parts["symmetry"] = std::clamp(1.4 - vault.median.asymmetry_mm / 4, 0.0, 1.0);
  }
  else
  {
    bone.confidence_parts["seen"] = std::clamp(0.4 + (surface.hit - 0.01) / 0.1, 0.0, 1.0);
  }
  const auto least =
      std::min_element(bone.confidence_parts.begin(), bone.confidence_parts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  bone.confidence = least->second;
  if (bone.confidence < least_confidence)
  {
    refuse(options,
           "the skull is not recognised with confidence: " + least->first + " scores " +
               format_number(least->second, 2) + " of 1",
           "0.4 or more", "check the mask, or give a larger piece");
  }
}

/// Measures of the ellipsoid; of a piece with the spread that people have.
void add_measures(const Vault& vault, BoneAnatomy& bone)
{
  const Vec3 r = 2 * vault.ellipsoid.radii;
  const Vec3 d = vault.whole ? Vec3{} : 2 * usual_radii(true);
  const std::string source =
      vault.whole ? "measured"
                  : "piece and population mean, materials/anatomy/skull_population.toml";
  bone.measures["length_mm"] = {r.y, d.y, "mm", source};
  bone.measures["width_mm"] = {r.x, d.x, "mm", source};
  bone.measures["height_mm"] = {r.z, d.z, "mm", source};
}

void warn(const VaultSurface& surface, const Vault& vault, bool by_hand,
          const AnatomyOptions& options, BoneAnatomy& bone)
{
  const auto warning = [&](const char* code, const std::string& text) {
    bone.warnings.push_back({code, text, options.place});
  };
  if (by_hand)
  {
    warning("directions_by_hand", "the directions of the head rest on landmarks given by hand");
  }
  else if (vault.whole)
  {
    warning(
        "directions_from_image",
        "which way is front, up and left rests on the image's orientation alone: a vault is too "
        "symmetric to tell; only the median plane and the long axis are measured");
  }
  if (!vault.whole)
  {
    warning("skull_piece",
            std::string("the image shows a piece of the vault: ") +
                (by_hand ? "" : "all directions are those of the image, ") +
                "the centre is that of an ellipsoid held near population means, sure to about 10 "
                "mm, and " +
                (bone.side == Side::midline
                     ? "its side is not told"
                     : "its side, " + to_string(bone.side) + ", is as given"));
  }
  if (surface.left_out > 0.01)
  {
    warning("mask_in_pieces", format_number(100 * surface.left_out, 2) +
                                  " % of the mask is not connected to the skull and was left out");
  }
}

} // namespace

BoneAnatomy find_skull(const image::Mask& mask, const AnatomyOptions& options)
{
  const auto by_hand = axes_by_hand(options);
  if (options.orientation == Orientation::specimen && !by_hand)
  {
    refuse(options,
           "the directions of the skull cannot be told: a vault is too symmetric, and a specimen's "
           "image does not say which way is up",
           "three landmarks by hand that tell two directions, such as vertex, frontal_point and "
           "occipital_point, or vertex, left_parietal and right_parietal",
           "give them in LPS mm");
  }
  VaultSurface surface = vault_surface(mask, options.place);
  const auto whole = whole_vault(surface, by_hand);
  const Vault vault = whole ? *whole : piece_of_vault(surface, by_hand.value_or(HeadAxes{}));
  const PieceMiddle middle = middle_of(surface);
  BoneAnatomy bone;
  bone.kind = BoneKind::skull;
  bone.whole = vault.whole;
  bone.side = side_of(vault, middle, options);
  // Framed as a left bone whatever the side of a piece: `medial` is the patient's right.
  const VaultEllipsoid& e = vault.ellipsoid;
  bone.frame = {e.centre, e.right, e.anterior, e.superior};
  if (options.overrides.count("cranial_centre"))
  {
    bone.frame.origin = options.overrides.at("cranial_centre");
  }
  add_skull_landmarks(surface, bone);
  if (vault.whole)
  {
    bone.landmarks["cranial_centre"] = bone.frame.origin;
  }
  else
  {
    bone.landmarks["piece_centre"] = middle.point;
  }
  for (const auto& [name, point] : options.overrides)
  {
    bone.landmarks[name] = point;
  }
  for (const std::string& name : landmark_names(BoneKind::skull))
  {
    if (!bone.landmarks.count(name))
    {
      bone.absent.push_back(name);
    }
  }
  add_measures(vault, bone);
  rate(surface, vault, options, bone);
  warn(surface, vault, by_hand.has_value(), options, bone);
  return bone;
}

} // namespace calcar::anatomy
