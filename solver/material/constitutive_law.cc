#include "material/constitutive_law.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::material
{
namespace
{
DensityPower read_power(const Table& table, const std::string& key)
{
  const auto given = table.named_numbers(key);
  DensityPower power;
  for (const auto& [name, value] : given)
  {
    table.require(name == "a" || name == "b" || name == "c", key, "{ a, b, c }",
                  "it stands for a + b * rho^c");
    (name == "a" ? power.a : name == "b" ? power.b : power.c) = value;
  }
  table.require(given.size() == 3, key, "all of { a, b, c }", "it stands for a + b * rho^c");
  return power;
}

PostYield read_post_yield(const Table& table)
{
  PostYield entry;
  entry.words = table.text("words");
  entry.below_ash_g_cm3 = table.number("below_ash_g_cm3");
  entry.specimen_mm = table.number("specimen_mm", 0);
  if (entry.specimen_mm > 0)
  {
    entry.plateau = read_power(table, "plateau");
    entry.softening_MPa = read_power(table, "softening_MPa");
    entry.residual_MPa = read_power(table, "residual_MPa");
  }
  table.require(entry.specimen_mm >= 0, "specimen_mm", "0 (no softening) or more");
  entry.hardening_rate = table.number("hardening_rate", 0);
  entry.damage.most = table.number("damage_most", 0);
  entry.damage.rate = table.number("damage_rate", 0);
  table.require(entry.hardening_rate >= 0, "hardening_rate", "0 (none) or more");
  table.require(!(entry.specimen_mm > 0 && entry.hardening_rate > 0), "hardening_rate",
                "either hardening or softening by a specimen's curve");
  table.require(entry.damage.most >= 0 && entry.damage.most < 1, "damage_most",
                "0 (none) to less than 1");
  table.require(entry.damage.rate >= 0, "damage_rate", "0 or more");
  return entry;
}
} // namespace

double DensityPower::operator()(double ash) const
{
  return a + b * std::pow(std::max(ash, 0.0), c);
}

YieldSurface ConstitutiveLaw::surface(double ratio) const
{
  switch (shape)
  {
  case Shape::von_mises:
    return {};
  case Shape::drucker_prager:
    return drucker_prager(ratio);
  case Shape::quadric:
    return quadric(ratio, interaction);
  }
  return {};
}

const PostYield& ConstitutiveLaw::after_yield(double ash) const
{
  for (const PostYield& entry : post_yield)
    if (ash < entry.below_ash_g_cm3)
      return entry;
  return post_yield.back();
}

YieldCurve ConstitutiveLaw::curve(double ash, double youngs, double strength, double band_mm) const
{
  const PostYield& after = after_yield(ash);
  YieldCurve curve;
  curve.first = yield_over_strength * strength;
  curve.last = curve.first;
  if (after.hardening_rate > 0)
  {
    curve.rate = after.hardening_rate;
    curve.last = strength;
  }
  if (!(after.specimen_mm > 0) || !(band_mm > 0))
    return curve;
  const double longer = after.specimen_mm / band_mm;
  const double softening = after.softening_MPa(ash);
  const double residual = after.residual_MPa(ash);
  if (!(softening < 0) || !(residual < curve.first))
    return curve;
  const double of_band = 1 / (longer / softening - (longer - 1) / youngs);
  curve.plateau = std::max(longer * after.plateau(ash), 0.0);
  curve.slope = youngs * of_band / (youngs - of_band); // over plastic instead of total strain
  curve.last = residual;
  return curve;
}

ConstitutiveLaw read_constitutive_law(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  ConstitutiveLaw law;
  law.record = read_record(table);
  const std::string shape = table.choice("surface", {"von_mises", "drucker_prager", "quadric"});
  law.shape = shape == "quadric"          ? ConstitutiveLaw::Shape::quadric
              : shape == "drucker_prager" ? ConstitutiveLaw::Shape::drucker_prager
                                          : ConstitutiveLaw::Shape::von_mises;
  if (law.shape == ConstitutiveLaw::Shape::quadric)
  {
    law.interaction = table.number("interaction");
    table.require(law.interaction > -0.5 && law.interaction < 0.5, "interaction",
                  "more than -0.5, less than 0.5", "outside the surface is not convex and closed");
  }
  law.yield_over_strength = table.number("yield_over_strength");
  table.require(law.yield_over_strength > 0 && law.yield_over_strength <= 1, "yield_over_strength",
                "more than 0, at most 1");
  law.regularisation_mm = table.number("regularisation_mm");
  table.require(law.regularisation_mm >= 0 && law.regularisation_mm <= 20, "regularisation_mm",
                "0 (nothing softens) to 20 mm");
  double from = 0;
  for (const Table& entry : table.tables("post_yield"))
  {
    law.post_yield.push_back(read_post_yield(entry));
    const PostYield& after = law.post_yield.back();
    entry.require(after.below_ash_g_cm3 > from, "below_ash_g_cm3", "more than in the entry before",
                  "list the entries by rising density");
    from = after.below_ash_g_cm3;
    const bool softens = after.specimen_mm > 0 || after.damage.most > 0;
    entry.require(!softens || law.regularisation_mm > 0, "specimen_mm",
                  "softening with regularisation_mm above 0",
                  "without a length of its own softening depends on the mesh");
  }
  if (law.post_yield.empty())
    table.complain("post_yield", "nothing follows yield", "at least one [[post_yield]]",
                   "one with below_ash_g_cm3 alone is perfectly plastic");
  table.check();
  return law;
}

ConstitutiveLaw constitutive_law(const std::string& name, const std::string& place)
{
  return read_constitutive_law(
      data_file("materials/constitutive", name, "constitutive law", place));
}

} // namespace calcar::material
