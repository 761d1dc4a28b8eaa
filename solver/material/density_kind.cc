#include "material/density_kind.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace calcar::material
{
namespace
{
DensityKind find(const std::string& name, const std::vector<std::string>& known,
                 const std::string& what, const std::string& place)
{
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw InputError(Fault::command, {place, "unknown " + what + " \"" + name + "\"", join(known),
                                      suggestion(name, known), ""});
  const auto& all = density_kind_names();
  return static_cast<DensityKind>(std::find(all.begin(), all.end(), name) - all.begin());
}
} // namespace

std::string to_string(DensityKind kind)
{
  return density_kind_names()[static_cast<std::size_t>(kind)];
}

const std::vector<std::string>& density_kind_names()
{
  static const std::vector<std::string> names{"K2HPO4", "CHA", "ash", "apparent"};
  return names;
}

const std::vector<std::string>& phantom_names()
{
  static const std::vector<std::string> names{"K2HPO4", "CHA"};
  return names;
}

DensityKind density_kind(const std::string& name, const std::string& place)
{
  return find(name, density_kind_names(), "kind of density", place);
}

DensityKind phantom_kind(const std::string& name, const std::string& place)
{
  return find(name, phantom_names(), "phantom", place);
}

} // namespace calcar::material
