#include "mesh/read_mesh.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "geometry/byte_order_mark.hpp"
#include "mesh/abaqus.hpp"
#include "mesh/file_mesh.hpp"
#include "mesh/gmsh.hpp"
#include "mesh/mesh_formats.hpp"
#include "mesh/refuse.hpp"
#include "mesh/ucd.hpp"
#include "mesh/vtk_mesh.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace calcar::mesh
{
namespace
{

/// Abaqus decks begin with a keyword or comment (*), AVS UCD with a comment (#) or a count.
FileMesh read_inp(const std::string& text, const std::string& place, double mm_per_unit)
{
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const char begin = first == std::string::npos ? ' ' : text[first];
  if (begin == '*')
    return read_abaqus(text, place, mm_per_unit);
  if (begin == '#' || (begin >= '0' && begin <= '9'))
    return read_ucd(text, place, mm_per_unit);
  refuse(place, "neither an Abaqus deck nor AVS UCD",
         "a first line with * (Abaqus), or with # or counts (AVS UCD)",
         "save the mesh again, or give it the extension of its format");
}

struct Format
{
  const char* extension;
  FileMesh (*read)(const std::string& text, const std::string& place, double mm_per_unit);
};

constexpr std::array<Format, 5> formats = {{
    {".inp", read_inp},
    {".msh", read_gmsh},
    {".ucd", read_ucd},
    {".vtk", read_vtk},
    {".vtu", read_vtu},
}};

/// What the text of a file holds; the text ends here, before the mesh is assembled.
FileMesh read_file(const std::filesystem::path& file, const Format& format, double mm_per_unit,
                   Source& source)
{
  std::string text = read_text(file, Fault::data);
  source = {file.string(), sha256_of_text(text)};
  text = geometry::without_byte_order_mark(std::move(text));
  return format.read(text, file.string(), mm_per_unit);
}

} // namespace

std::string lower_extension(const std::filesystem::path& file)
{
  std::string extension = file.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return extension;
}

const std::vector<std::string>& mesh_extensions()
{
  static const std::vector<std::string> extensions = []
  {
    std::vector<std::string> names;
    for (const Format& format : formats)
      names.emplace_back(format.extension);
    return names;
  }();
  return extensions;
}

ReadMesh read_mesh(const std::filesystem::path& file, double mm_per_unit)
{
  const std::string extension = lower_extension(file);
  const auto format = std::find_if(formats.begin(), formats.end(),
                                   [&](const Format& f) { return extension == f.extension; });
  if (format == formats.end())
    refuse(file.string(), "a mesh with the extension \"" + extension + "\"",
           join(mesh_extensions()), "save the mesh in one of these formats");
  Source source;
  FileMesh file_mesh = read_file(file, *format, mm_per_unit, source);
  return assemble(std::move(file_mesh), source);
}

} // namespace calcar::mesh
