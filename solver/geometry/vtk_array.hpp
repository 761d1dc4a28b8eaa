#pragma once

#include "geometry/number_stream.hpp"
#include "geometry/xml_text.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace calcar::geometry
{

/// How the arrays of a .vtu are coded: attributes of <VTKFile> and <AppendedData>.
struct VtkCoding
{
  std::string_view text; ///< of the file
  std::string place;
  bool big_endian = false;
  bool wide_headers = false; ///< sizes in 8 bytes, else 4
  std::string compressor;    ///< VTK's name of its class; empty: none
  std::size_t appended = 0;  ///< where the appended data begin; 0: there are none
  std::size_t appended_end = 0;
  bool appended_base64 = false;
};

/// Where an array stands: "femur.vtu:12".
std::string place_of(const VtkCoding& coding, const XmlElement& array);

/// The numbers of a <DataArray>, `expected` of them when that is known. Throws InputError (data).
std::vector<double> numbers_of(const VtkCoding& coding, const XmlElement& array,
                               std::optional<std::uint64_t> expected);

/// The texts of an <Array type="String">.
std::vector<std::string> texts_of(const VtkCoding& coding, const XmlElement& array);

} // namespace calcar::geometry
