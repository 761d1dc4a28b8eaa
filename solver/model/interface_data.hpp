#pragma once

#include "material/data_record.hpp"

#include <filesystem>
#include <string>

namespace calcar::model
{

/// The layer between an implant that is not bonded and the bone: one file of materials/interfaces.
/// The law is that of ContactVoxel.
struct InterfaceLayer
{
  material::DataRecord record;
  double pressed = 0; ///< MPa, stress over strain along the normal while it is pressed
  double loose = 0;   ///< MPa, modulus that is always there
};

/// Reads and checks a layer. Throws InputError naming file, line, key and remedy.
InterfaceLayer read_interface_layer(const std::filesystem::path& file);

/// A shipped layer by name; throws InputError with the known names.
InterfaceLayer interface_layer(const std::string& name);

} // namespace calcar::model
