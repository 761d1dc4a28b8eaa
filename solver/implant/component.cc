#include "implant/component.hpp"

#include "implant/path.hpp"

namespace calcar::implant
{

const std::vector<std::string>& component_names()
{
  static const std::vector<std::string> names{
      "nail", "lag_screw",     "blade",  "locking_screw", "cortical_screw", "plate",
      "rod",  "pedicle_screw", "cement", "stem",          "head",           "own_mesh"};
  return names;
}

std::string to_string(ComponentKind kind)
{
  return component_names()[static_cast<std::size_t>(kind)];
}

const std::vector<std::string>& interface_names()
{
  static const std::vector<std::string> names{"bonded", "debonded"};
  return names;
}

std::string to_string(Interface interface)
{
  return interface_names()[static_cast<std::size_t>(interface)];
}

double length_mm(const Component& component)
{
  return Path(component.axis).length();
}

} // namespace calcar::implant
