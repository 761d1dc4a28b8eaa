#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace calcar
{

/// A file that went into a result. Travels with the object read from it.
struct Source
{
  std::string path;
  std::string sha256;
};

/// SHA-256 of a file's bytes as 64 hexadecimal digits. Throws InputError (data) when it cannot be
/// read.
std::string sha256_of(const std::filesystem::path& file);

/// SHA-256 of a text.
std::string sha256_of_text(const std::string& text);

/// Version of Calcar, "0.1.0".
std::string version();

/// Name and version of the libraries the program was built with.
std::vector<std::pair<std::string, std::string>> library_versions();

} // namespace calcar
