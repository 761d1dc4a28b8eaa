#include "anatomy/population.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/table.hpp"

namespace calcar::anatomy
{

namespace
{

std::map<std::string, PopulationMean> read_population(const std::string& name)
{
  const Table file = Table::read(data_folder("materials/anatomy") / (name + ".toml"));
  std::map<std::string, PopulationMean> means;
  for (const std::string& key : file.keys())
  {
    const Table entry = file.table(key);
    means[key] = {entry.number("mean"), entry.number("deviation"), entry.text("source"),
                  entry.choice("status", {"verified", "unconfirmed", "design"})};
  }
  file.check();
  return means;
}

} // namespace

const std::map<std::string, PopulationMean>& population(const std::string& name)
{
  static std::map<std::string, std::map<std::string, PopulationMean>> files;
  const auto known = files.find(name);
  return known != files.end() ? known->second
                              : files.emplace(name, read_population(name)).first->second;
}

const PopulationMean& population_mean(const std::string& name, const std::string& key)
{
  const auto& means = population(name);
  const auto found = means.find(key);
  if (found == means.end())
  {
    throw InputError(Fault::command,
                     Problem{"materials/anatomy/" + name + ".toml", "no entry [" + key + "]",
                             "an entry with mean, deviation, source and status",
                             "restore the file from the distribution", ""});
  }
  return found->second;
}

} // namespace calcar::anatomy
