#include "anatomy/humerus.hpp"
#include "anatomy/pelvis.hpp"
#include "anatomy/population.hpp"
#include "anatomy/rib.hpp"
#include "anatomy/skull.hpp"
#include "anatomy/synthetic_bone.hpp"
#include "anatomy/synthetic_femur.hpp"
#include "anatomy/tibia.hpp"
#include "anatomy/vertebra.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace calcar::anatomy
{

namespace
{

constexpr std::array ages = {6, 8, 10, 12, 14, 16};

double factor(const std::string& key)
{
  return population_mean("synthetic_people", key).mean;
}

/// Between the values for 6 and 16 years by a straight line.
double between_ages(const std::string& stem, double age)
{
  const double share = (age - ages.front()) / (ages.back() - ages.front());
  return (1 - share) * factor(stem + "_age_6") + share * factor(stem + "_age_16");
}

/// What a person's dimensions are multiplied with.
struct Factors
{
  double length = 1;
  double thickness = 1; ///< of the vault of the skull, which thickens with the body
  double cortex = 1;
  double trabecular = 1;
  double cortical_density = 1;
};

Factors factors_of(BoneKind kind, const SyntheticPerson& person)
{
  Factors f;
  f.length = person.size;
  if (person.sex == Sex::female)
  {
    f.length *= factor("length_factor_female");
    f.cortex *= factor("cortex_factor_female");
    f.trabecular *= factor("trabecular_factor_female");
  }
  if (person.density != BoneDensity::healthy)
  {
    const std::string state =
        person.density == BoneDensity::osteopenic ? "osteopenic" : "osteoporotic";
    f.cortex *= factor("cortex_factor_" + state);
    f.trabecular *= factor("trabecular_factor_" + state);
  }
  f.thickness = f.length;
  if (person.age_years)
  {
    const double growth = growth_factor(person.sex, *person.age_years);
    f.thickness = f.length * growth;
    f.length *= kind == BoneKind::skull ? between_ages("head_factor", *person.age_years) : growth;
    f.cortex *= growth; // a child's cortex is thin in proportion to its bone
    f.trabecular *= between_ages("trabecular_factor", *person.age_years);
    f.cortical_density *= between_ages("cortical_density_factor", *person.age_years);
  }
  return f;
}

bool ends_with(const std::string& text, const std::string& end)
{
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

double factor_of(const std::string& name, const Factors& f)
{
  const bool cortex = name.find("cortex") != std::string::npos;
  if (ends_with(name, "_gap_mm"))
  {
    return 1; // cartilage is no thinner in small joints, and voxels must part the bones
  }
  if (ends_with(name, "_mm"))
  {
    const bool vault = name.rfind("thickness_", 0) == 0;
    return cortex ? f.cortex : vault ? f.thickness : f.length;
  }
  if (ends_with(name, "_g_cm3"))
  {
    return name.find("trabecular") != std::string::npos ? f.trabecular
           : name.find("cortical") != std::string::npos ? f.cortical_density
                                                        : 1;
  }
  return 1;
}

void within(const std::string& what, double value, double low, double high)
{
  if (!(value >= low && value <= high))
  {
    throw InputError(Fault::command,
                     Problem{"synthetic person", what + " = " + format_number(value),
                             format_number(low) + " to " + format_number(high),
                             "choose a value inside", ""});
  }
}

void check(const SyntheticPerson& person)
{
  within("size", person.size, 0.7, 1.3);
  if (person.age_years)
  {
    within("age_years of a child", *person.age_years, ages.front(), ages.back());
  }
}

struct MakerOf
{
  BoneKind kind;
  SyntheticBody (*make)(const SyntheticPerson&, const Dimensions&);
};

constexpr MakerOf makers[] = {
    {BoneKind::femur, make_femur_bone}, {BoneKind::tibia, make_tibia},
    {BoneKind::humerus, make_humerus},  {BoneKind::vertebra, make_vertebra},
    {BoneKind::pelvis, make_pelvis},    {BoneKind::rib, make_rib},
    {BoneKind::skull, make_skull},
};

} // namespace

double growth_factor(Sex sex, double age)
{
  const std::string stem =
      sex == Sex::male ? "length_factor_male_age_" : "length_factor_female_age_";
  const auto at = [&](std::size_t n) { return factor(stem + std::to_string(ages[n])); };
  std::size_t n = 1;
  while (n + 1 < ages.size() && age > ages[n])
  {
    ++n;
  }
  const double share = (age - ages[n - 1]) / (ages[n] - ages[n - 1]);
  return at(n - 1) + share * (at(n) - at(n - 1));
}

std::vector<std::string> dimension_names(BoneKind kind)
{
  std::vector<std::string> names;
  for (const auto& [name, mean] : population("synthetic_" + to_string(kind)))
  {
    names.push_back(name);
  }
  return names;
}

Dimensions standard_dimensions(BoneKind kind, const SyntheticPerson& person)
{
  check(person);
  const Factors factors = factors_of(kind, person);
  Dimensions dimensions;
  for (const auto& [name, mean] : population("synthetic_" + to_string(kind)))
  {
    dimensions[name] = factor_of(name, factors) * mean.mean;
  }
  return dimensions;
}

Dimensions dimensions_with(BoneKind kind, const SyntheticPerson& person, const Dimensions& given)
{
  Dimensions dimensions = standard_dimensions(kind, person);
  for (const auto& [name, value] : given)
  {
    if (dimensions.count(name) == 0)
    {
      const std::vector<std::string> known = dimension_names(kind);
      throw InputError(Fault::command,
                       Problem{"synthetic " + to_string(kind), "unknown dimension \"" + name + "\"",
                               join(known), suggestion(name, known), ""});
    }
    dimensions[name] = value;
  }
  return dimensions;
}

SyntheticBody synthetic_bone(BoneKind kind, const SyntheticPerson& person, const Dimensions& given)
{
  const auto maker = std::find_if(std::begin(makers), std::end(makers),
                                  [&](const MakerOf& m) { return m.kind == kind; });
  return maker->make(person, dimensions_with(kind, person, given));
}

} // namespace calcar::anatomy
