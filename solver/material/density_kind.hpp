#pragma once

#include <string>
#include <vector>

namespace calcar::material
{

/**
 * What a bone density means. All are g/cm3, and none stands for another: a conversion is always
 * asked for by name. Mixing the two phantoms alone shifts E by up to 1.7.
 */
enum class DensityKind
{
  k2hpo4, ///< equivalent density of a K2HPO4 phantom (liquid: Mindways, Cann-Genant)
  cha, ///< equivalent density of a calcium hydroxyapatite phantom (solid: ESP, QRM, Siemens, CIRS)
  ash, ///< mineral mass over bone volume
  apparent ///< wet mass without marrow over bone volume
};

/// "K2HPO4", "CHA", "ash", "apparent": as written in data and case files.
std::string to_string(DensityKind kind);

/// All names of density kinds, and those of the two phantoms.
const std::vector<std::string>& density_kind_names();
const std::vector<std::string>& phantom_names();

/// The kind by its name. Throws InputError at `place` for an unknown one, listing the known ones.
DensityKind density_kind(const std::string& name, const std::string& place);

/// The phantom by its name; "ash" and "apparent" are refused.
DensityKind phantom_kind(const std::string& name, const std::string& place);

} // namespace calcar::material
