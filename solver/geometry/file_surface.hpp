#pragma once

#include "base/vec3.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace calcar::geometry
{

/// Polygons as a file has them, in its unit.
struct FileSurface
{
  std::vector<Vec3> points;
  std::vector<std::uint32_t> corners;   ///< of polygon after polygon
  std::vector<std::size_t> first = {0}; ///< polygon p has the corners first[p] ... first[p + 1] - 1
  std::vector<std::size_t> line;        ///< of each polygon in the file; empty for binary files
  bool joined = true;                   ///< false: every polygon has points of its own (STL)

  std::size_t polygons() const { return first.size() - 1; }
};

// The formats. `text` is the whole file, `file` its name for messages. They throw InputError
// (data).

FileSurface parse_stl(const std::string& text, const std::string& file);
FileSurface parse_ply(const std::string& text, const std::string& file);
FileSurface parse_obj(const std::string& text, const std::string& file);
FileSurface parse_vtp(const std::string& text, const std::string& file);

} // namespace calcar::geometry
