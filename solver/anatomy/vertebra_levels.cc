#include "anatomy/vertebra_levels.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::anatomy
{

namespace
{

struct Levels
{
  std::vector<std::string> names;
  std::map<std::string, std::vector<double>> lengths;
  std::map<std::string, std::vector<double>> angles;
  std::vector<double> wedge;
};

std::vector<double> of_all_levels(const Table& table, const std::string& key, std::size_t count)
{
  const std::vector<double> values = table.numbers(key);
  table.require(values.size() == count, key, "one number for each level");
  return values;
}

Levels read_levels()
{
  const Table file = Table::read(data_folder("materials/anatomy") / "vertebra_levels.toml");
  file.text("source");
  file.choice("status", {"verified", "unconfirmed", "design"});
  Levels levels;
  levels.names = file.texts("levels");
  const Table lengths = file.table("length");
  for (const std::string& key : lengths.keys())
  {
    levels.lengths[key] = of_all_levels(lengths, key, levels.names.size());
  }
  const Table angles = file.table("angle_deg");
  for (const char* key :
       {"superior_facet", "inferior_facet", "spinous_slant", "transverse_backward", "disc_wedge"})
  {
    levels.angles[key] = of_all_levels(angles, key, levels.names.size());
  }
  levels.wedge = of_all_levels(file.table("ratio"), "wedge", levels.names.size());
  file.check();
  return levels;
}

const Levels& all_levels()
{
  static const Levels levels = read_levels();
  return levels;
}

std::size_t number_of(const std::string& level)
{
  const auto& names = all_levels().names;
  const auto found = std::find(names.begin(), names.end(), level);
  if (found == names.end())
  {
    throw InputError(Fault::command,
                     Problem{"level", "unknown level of a vertebra \"" + level + "\"", join(names),
                             suggestion(level, names), ""});
  }
  return static_cast<std::size_t>(found - names.begin());
}

/// The ratio to L3 of a length by its name; 1 for what does not differ by level.
double ratio_to_l3(const std::string& name, std::size_t level, std::size_t l3)
{
  const std::string stem = name.substr(0, name.find("_mm"));
  const bool height = stem == "body_height_anterior" || stem == "body_height_posterior";
  const auto& lengths = all_levels().lengths;
  const auto found = lengths.find(height ? "body_height" : stem);
  return found == lengths.end() ? 1.0 : found->second[level] / found->second[l3];
}

} // namespace

const std::vector<std::string>& vertebra_levels()
{
  return all_levels().names;
}

Dimensions at_level(const Dimensions& of_l3, const std::string& level)
{
  const Levels& all = all_levels();
  const std::size_t l3 = number_of("L3");
  const std::size_t at = level.empty() ? l3 : number_of(level);
  Dimensions dimensions;
  for (const auto& [name, value] : of_l3)
  {
    dimensions[name] = value * ratio_to_l3(name, at, l3);
  }
  if (dimensions.count("body_height_anterior_mm"))
  {
    dimensions["body_height_anterior_mm"] *= all.wedge[at] / all.wedge[l3];
  }
  for (const auto& [name, values] : all.angles)
  {
    dimensions[name + "_deg"] = values[at];
  }
  return dimensions;
}

} // namespace calcar::anatomy
