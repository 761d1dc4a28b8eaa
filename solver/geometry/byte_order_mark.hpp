#pragma once

#include <string>
#include <string_view>

namespace calcar::geometry
{

/**
 * A file's bytes without the UTF-8 byte order mark (EF BB BF) that some editors of Windows put
 * before a text. Files with a zero byte among their first 1000 are binary: there the bytes belong
 * to the data and stay.
 */
inline std::string without_byte_order_mark(std::string bytes)
{
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  constexpr std::size_t looked_at = 1000;
  if (bytes.starts_with(mark) &&
      std::string_view(bytes).substr(0, looked_at).find('\0') == std::string_view::npos)
    bytes.erase(0, mark.size());
  return bytes;
}

} // namespace calcar::geometry
