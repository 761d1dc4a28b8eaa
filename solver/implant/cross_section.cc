#include "implant/cross_section.hpp"

#include "geometry/rotation.hpp"

#include <cmath>
#include <stdexcept>

namespace calcar::implant
{
namespace
{
double rectangle_torsion(double long_side, double short_side)
{
  double sum = 0;
  for (int n = 1; n < 40; n += 2)
    sum += std::tanh(n * geometry::pi * long_side / (2 * short_side)) / std::pow(n, 5);
  const double slender = 192 / std::pow(geometry::pi, 5) * short_side / long_side;
  return long_side * std::pow(short_side, 3) / 3 * (1 - slender * sum);
}
} // namespace

CrossSection round_section(double outer, double inner)
{
  const double second = geometry::pi * (std::pow(outer, 4) - std::pow(inner, 4)) / 64;
  return {geometry::pi * (outer * outer - inner * inner) / 4,
          second,
          second,
          2 * second,
          0.5 * outer,
          0.5 * outer};
}

CrossSection rectangle_section(double width, double thickness)
{
  if (width < thickness)
    throw std::invalid_argument("rectangle_section: the width is the longer side");
  return {width * thickness,
          width * std::pow(thickness, 3) / 12,
          thickness * std::pow(width, 3) / 12,
          rectangle_torsion(width, thickness),
          0.5 * thickness,
          0.5 * width};
}

CrossSection holed_section(double width, double thickness, double hole)
{
  const double strip = 0.5 * (width - hole);
  if (strip <= 0)
    throw std::invalid_argument("holed_section: the hole is as wide as the bar");
  CrossSection section = rectangle_section(width, thickness);
  section.area_mm2 = 2 * strip * thickness;
  section.weak_mm4 = 2 * strip * std::pow(thickness, 3) / 12;
  section.strong_mm4 = thickness * (std::pow(width, 3) - std::pow(hole, 3)) / 12;
  section.torsion_mm4 =
      2 * rectangle_torsion(std::max(strip, thickness), std::min(strip, thickness));
  return section;
}

Stiffness stiffness(const CrossSection& section, const material::Alloy& alloy)
{
  const double shear = alloy.youngs / (2 * (1 + alloy.poisson));
  return {alloy.youngs * section.area_mm2, alloy.youngs * section.weak_mm4,
          alloy.youngs * section.strong_mm4, shear * section.torsion_mm4};
}

} // namespace calcar::implant
