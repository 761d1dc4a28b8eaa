#pragma once

#include "geometry/triangle_surface.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <string>
#include <vector>

// Surfaces as files of every format and habit, written without the project's own code.

namespace calcar::geometry::test
{

using calcar::test::TemporaryFolder;

std::string stl_text(const TriangleSurface& surface);
std::string stl_bytes(const TriangleSurface& surface, std::string header = "made for a test");
std::string obj_text(const TriangleSurface& surface);
std::string ply_text(const TriangleSurface& surface);
std::string ply_bytes(const TriangleSurface& surface, bool big); ///< big: big-endian
std::string vtp_text(const TriangleSurface& surface);

/// A file that is to be written.
struct Written
{
  std::string name;
  std::string bytes;
};

std::vector<Written> in_all_formats(const TriangleSurface& surface);

std::filesystem::path write(const TemporaryFolder& folder, const Written& file);
std::filesystem::path write(const TemporaryFolder& folder, const std::string& name,
                            const std::string& bytes);

} // namespace calcar::geometry::test
