#pragma once

#include "lesion/lesion.hpp"
#include "lesion/wall.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace calcar::implant
{

/// What implants are placed in. What the ground refers to, and growth plates, belong to the caller,
/// who outlives it.
struct Site
{
  lesion::Ground ground;
  std::vector<lesion::PlacedLesion> lesions;
  const image::Mask* growth_plates = nullptr; ///< open ones; null: none are labelled
  std::optional<double> age_years;
  std::shared_ptr<const image::Volume> depth; ///< below the bone's surface, mm; negative outside
  /// Of a spine segment its vertebrae, cranial to caudal, the one in question (`bone()`) among
  /// them; the ground's images hold them all. Else empty.
  std::vector<anatomy::BoneAnatomy> levels = {};

  const anatomy::BoneAnatomy& bone() const { return ground.bone; }
};

/// The depth is computed here, once for all implants of a bone.
Site make_site(const lesion::Ground& ground, std::vector<lesion::PlacedLesion> lesions = {},
               const image::Mask* growth_plates = nullptr,
               std::optional<double> age_years = std::nullopt);

/// Depth below the bone's surface at a point, mm; negative outside, -1000 outside the image.
double depth_at(const Site& site, Vec3 point);

/// Density in g/cm^3 at a point; -1 outside the image.
double density_at(const Site& site, Vec3 point);

/// True when a point lies in the image.
bool in_image(const Site& site, Vec3 point);

/**
 * Distance from `from` along the unit vector `towards` to where the bone ends, and from inside the
 * bone; nothing when the bone goes on to the border of the image or farther than `limit_mm`. 0 when
 * `from` is outside.
 */
std::optional<double> way_out(const Site& site, Vec3 from, Vec3 towards, double limit_mm = 150);

/// A landmark. Throws InputError (data) at `place` when it lies outside the image, naming what
/// needs it.
Vec3 landmark(const Site& site, const std::string& name, const std::string& what,
              const std::string& place);

} // namespace calcar::implant
