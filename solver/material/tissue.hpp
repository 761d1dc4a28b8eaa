#pragma once

#include "material/data_record.hpp"

#include <filesystem>
#include <optional>

namespace calcar::material
{

/// Moduli in use for a material, MPa.
struct ModulusRange
{
  double low;
  double high;
};

/// A homogeneous tissue that is not bone (marrow, tumour, cartilage) or a laboratory cap:
/// materials/tissues.
struct Tissue
{
  DataRecord record;
  double youngs = 0;                 ///< MPa
  double poisson = 0;                ///< 1
  std::optional<ModulusRange> range; ///< for sensitivity studies
};

/// Reads and checks a tissue. Throws InputError naming file, line, key and remedy.
Tissue read_tissue(const std::filesystem::path& file);

/// A shipped tissue by name; throws InputError at `place` with the known names.
Tissue tissue(const std::string& name, const std::string& place);

/// Reads youngs_MPa, poisson and youngs_range_MPa of any isotropic material; problems go to the
/// table.
double read_youngs(const Table& table);
double read_poisson(const Table& table);
std::optional<ModulusRange> read_modulus_range(const Table& table);

} // namespace calcar::material
