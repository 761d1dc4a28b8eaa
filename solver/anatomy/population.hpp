#pragma once

#include <map>
#include <string>

namespace calcar::anatomy
{

/// A typical value with its standard deviation between people, and where it comes from.
struct PopulationMean
{
  double mean = 0;
  double deviation = 0;
  std::string source;
  std::string status; ///< "verified", "unconfirmed" or "design"
};

/// The tables of materials/anatomy/`name`.toml by their names, which end in the unit. Read once in
/// a process. Throws InputError for a file that does not parse.
const std::map<std::string, PopulationMean>& population(const std::string& name);

/// One of them. Throws InputError when the file does not hold it.
const PopulationMean& population_mean(const std::string& name, const std::string& key);

} // namespace calcar::anatomy
