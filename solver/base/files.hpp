#pragma once

#include "base/error.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar
{

/// The text of a file. Throws InputError naming the file when it is missing or unreadable: a fault
/// of the command, or of the data when a case or mesh leads to it.
std::string read_text(const std::filesystem::path& file, Fault fault = Fault::command);

/**
 * Writes text to a temporary name beside `file` and renames it: a killed run leaves the old file or
 * the new one, never half of one.
 */
void write_text(const std::filesystem::path& file, const std::string& text);

/**
 * A folder of the project's data ("materials/protocols"): in CALCAR_DATA alone when that is set,
 * else in share/calcar beside the program's bin, in the source tree, or in the installation. Throws
 * InputError when none has it.
 */
std::filesystem::path data_folder(const std::string& name);

/// The data files of a folder by name without extension, sorted.
std::vector<std::string> data_names(const std::string& folder);

/// `folder`/`name`.toml. Throws InputError that lists the known names and suggests the nearest one;
/// `what` says what is looked for ("protocol").
std::filesystem::path data_file(const std::string& folder, const std::string& name,
                                const std::string& what, const std::string& place);

} // namespace calcar
