#include "base/error.hpp"
#include "base/text.hpp"
#include "mesh/abaqus.hpp"
#include "mesh/gmsh.hpp"
#include "mesh/mesh_formats.hpp"
#include "mesh/read_mesh.hpp"
#include "mesh/vtk_mesh.hpp"

#include <algorithm>
#include <array>

namespace calcar::mesh
{
namespace
{

struct Writer
{
  const char* extension;
  void (*write)(const std::filesystem::path& file, const Mesh& mesh);
};

constexpr std::array<Writer, 3> writers = {{
    {".inp", write_abaqus},
    {".msh", write_gmsh},
    {".vtu", [](const std::filesystem::path& file, const Mesh& mesh) { write_vtu(file, mesh); }},
}};

} // namespace

void write_mesh(const std::filesystem::path& file, const Mesh& mesh)
{
  const std::string extension = lower_extension(file);
  const auto writer = std::find_if(writers.begin(), writers.end(),
                                   [&](const Writer& w) { return extension == w.extension; });
  if (writer != writers.end())
    return writer->write(file, mesh);
  std::vector<std::string> known;
  for (const Writer& w : writers)
    known.emplace_back(w.extension);
  throw InputError(Fault::command,
                   {file.string(),
                    "a mesh cannot be written with the extension \"" + extension + "\"",
                    join(known), "choose one of them", ""});
}

} // namespace calcar::mesh
