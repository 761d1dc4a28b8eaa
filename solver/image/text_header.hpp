#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace calcar::image
{

/// Which of the two formats with a readable header.
enum class TextFormat
{
  nrrd, ///< .nrrd, .nhdr: "key: value"
  meta  ///< .mha, .mhd: "Key = Value"
};

/// The readable header of a NRRD or MetaImage file, keys in small letters.
struct TextHeader
{
  std::map<std::string, std::string> fields;
  std::uint64_t data_start = 0; ///< byte after the header

  /// The value of a key, empty when it is absent.
  std::string value(const std::string& key) const;
};

TextHeader read_text_header(const std::filesystem::path& file, TextFormat format);

/**
 * Refuses what the library would repair or fill silently: other than three dimensions, spacing that
 * is missing or not positive, no orientation, and fewer bytes of voxels than the header promises
 * (raw or compressed, in the file itself or in the one it names). Throws InputError (data).
 */
void check_text_header(const std::filesystem::path& file, TextFormat format);

} // namespace calcar::image
