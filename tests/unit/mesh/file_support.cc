#include "unit/mesh/file_support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>

namespace calcar::mesh::test
{
namespace
{

using Place = std::array<double, 3>;

Place place_of(const Vec3& x)
{
  return {x.x, x.y, x.z};
}

/// A cell by number: its region and its corners in order.
std::map<std::uint64_t, std::pair<std::string, std::vector<Place>>> cells_of(const Mesh& mesh)
{
  std::map<std::uint64_t, std::pair<std::string, std::vector<Place>>> cells;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    auto& cell = cells[mesh.cell_tag(c)];
    cell.first = mesh.regions.at(mesh.region[c]);
    for (const std::uint32_t point : mesh.cell(c))
      cell.second.push_back(place_of(mesh.points.at(point)));
  }
  return cells;
}

std::map<std::string, std::set<std::set<Place>>> surfaces_of(const Mesh& mesh)
{
  std::map<std::string, std::set<std::set<Place>>> surfaces;
  for (const FaceSet& set : mesh.face_sets)
    for (const FaceOfCell face : set.faces)
    {
      std::set<Place> corners;
      for (const std::uint32_t point : face_corners(mesh, face))
        corners.insert(place_of(mesh.points[point]));
      surfaces[set.name].insert(corners);
    }
  return surfaces;
}

/// Every number of the mesh leads somewhere.
bool is_sound(const Mesh& mesh)
{
  const auto corners = static_cast<std::size_t>(reference_cell(mesh.shape).corners);
  return mesh.cells() > 0 && mesh.corners.size() == corners * mesh.cells() &&
         std::all_of(mesh.corners.begin(), mesh.corners.end(),
                     [&](std::uint32_t p) { return p < mesh.points.size(); }) &&
         std::all_of(mesh.region.begin(), mesh.region.end(),
                     [&](std::uint16_t r) { return r < mesh.regions.size(); });
}

/// True when the text is refused.
bool refused(const FormatReader& format, const std::string& text)
{
  try
  {
    const ReadMesh read = format.read(text);
    if (!is_sound(read.mesh))
      FAIL("an unsound mesh was read");
    return false;
  }
  catch (const InputError& error)
  {
    if (error.problems().front().given.empty())
      FAIL("a message without words");
    return true;
  }
}

} // namespace

void write_bytes(const std::filesystem::path& file, const std::string& bytes)
{
  std::ofstream(file, std::ios::binary) << bytes;
}

std::string replaced(std::string text, const std::string& what, const std::string& by)
{
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

Mesh two_tetrahedra()
{
  Mesh mesh;
  mesh.points = {{0.1, 1.0 / 3, 0}, {1e-17, 2, 0.7}, {-3.3, 0.2, 1e5 / 7}, {5, 5, 5}, {-1, -2, -4}};
  mesh.corners = {0, 1, 2, 3, 0, 2, 1, 4};
  mesh.region = {0, 1};
  mesh.regions = {"cortex of the neck", "lesion"};
  mesh.point_tags = {7, 3, 900, 12, 5};
  mesh.cell_tags = {40, 4};
  mesh.face_sets = {{"load", {{0, 1}, {0, 2}}}, {"between", {{0, 0}}}};
  return mesh;
}

Mesh two_hexahedra()
{
  Mesh mesh;
  mesh.shape = CellShape::hexahedron;
  for (int k = 0; k < 2; ++k)
    for (int j = 0; j < 2; ++j)
      for (int i = 0; i < 3; ++i)
        mesh.points.push_back({i + 0.1 * j, 1.5 * j + 0.3 * k * i, k / 0.7 + 0.2 * j});
  mesh.corners = {0, 1, 4, 3, 6, 7, 10, 9, 1, 2, 5, 4, 7, 8, 11, 10};
  mesh.region = {0, 1};
  mesh.regions = {"left", "right"};
  mesh.face_sets = {{"middle", {{0, 3}}}, {"bottom", {{0, 0}, {1, 0}}}};
  return mesh;
}

void check_same(const Mesh& mesh, const Mesh& other, bool with_surfaces)
{
  CHECK(mesh.shape == other.shape);
  CHECK(mesh.degree == other.degree);
  CHECK(mesh.points.size() == other.points.size());
  CHECK(cells_of(mesh) == cells_of(other));
  if (with_surfaces)
    CHECK(surfaces_of(mesh) == surfaces_of(other));
}

std::size_t survive(const FormatReader& format, const std::string& text, std::size_t changes)
{
  REQUIRE(!refused(format, text));
  std::size_t count = 0;
  for (std::size_t length = 0; length < text.size(); ++length)
    count += refused(format, text.substr(0, length));
  std::mt19937 random(4);
  for (std::size_t n = 0; n < changes; ++n)
  {
    std::string changed = text;
    for (std::size_t k = 0; k <= random() % 3; ++k)
      changed[random() % changed.size()] = static_cast<char>(random() % 256);
    count += refused(format, changed);
    // Digits put for digits reach further than bytes that are none.
    changed = text;
    const std::size_t at = text.find_first_of("0123456789", random() % text.size());
    if (at != std::string::npos)
      changed[at] = static_cast<char>('0' + random() % 10);
    count += refused(format, changed);
  }
  return count;
}

bool has_warning(const Warnings& warnings, const std::string& code)
{
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const Warning& w) { return w.code == code; });
}

} // namespace calcar::mesh::test
