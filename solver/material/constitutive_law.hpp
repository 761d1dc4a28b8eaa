#pragma once

#include "material/data_record.hpp"
#include "material/yield_curve.hpp"
#include "material/yield_surface.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace calcar::material
{

/// y(rho) = a + b rho^c of ash density in g/cm3.
struct DensityPower
{
  double a = 0;
  double b = 0;
  double c = 1;

  double operator()(double ash) const;
};

/// What follows yield in bone of some densities.
struct PostYield
{
  std::string words;
  double below_ash_g_cm3 = 0; ///< for ash densities below this, and not below the entry before
  double specimen_mm = 0;     ///< length that the strains were measured over; 0: no softening
  DensityPower plateau;       ///< plastic strain of the specimen before it softens
  DensityPower softening_MPa; ///< d stress / d strain of the specimen, negative
  DensityPower residual_MPa;  ///< stress that stays
  double hardening_rate = 0;  ///< of the saturating curve from yield to strength; 0: none
  Damage damage;
};

/**
 * A law for bone beyond its elastic part, one data file in materials/constitutive: the shape of the
 * yield surface, and its size over the accumulated plastic strain by density. The elastic modulus
 * and the strength are the protocol's.
 *
 * Strains after yield were measured over a specimen of length L and belong to a band that is
 * shorter; over a length h they are
 *
 *   plateau(h) = (L / h) plateau,   1 / Ep(h) = (L / h) / Ep - (L / h - 1) / E,
 *
 * so that a bar of length L of which h softens has the specimen's curve.
 */
struct ConstitutiveLaw
{
  enum class Shape
  {
    von_mises,
    drucker_prager,
    quadric
  };

  DataRecord record;
  Shape shape = Shape::von_mises;
  double interaction = 0;         ///< zeta of the quadric
  double yield_over_strength = 1; ///< 0 to 1
  double regularisation_mm = 0;   ///< h; 0: nothing softens
  std::vector<PostYield> post_yield;

  /// The yield surface for bone with this ratio of tensile to compressive strength.
  YieldSurface surface(double tension_over_compression) const;

  /// The entry for an ash density.
  const PostYield& after_yield(double ash) const;

  /**
   * The yield curve of bone of this ash density (g/cm3), Young's modulus and compressive strength
   * (MPa), its strains over the length `band_mm`.
   */
  YieldCurve curve(double ash, double youngs, double strength, double band_mm) const;
};

/// Reads and checks a law. Throws InputError naming file, line, key and remedy.
ConstitutiveLaw read_constitutive_law(const std::filesystem::path& file);

/// A shipped law by name; throws InputError at `place` with the known names.
ConstitutiveLaw constitutive_law(const std::string& name, const std::string& place);

} // namespace calcar::material
