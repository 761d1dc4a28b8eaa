#include "base/files.hpp"
#include "mesh/abaqus.hpp"
#include "mesh/abaqus_lines.hpp"
#include "mesh/nodes.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <set>

namespace calcar::mesh
{
namespace
{

/// CalculiX cuts names after 80 characters; some room for a number.
constexpr std::size_t longest_name = 70;
/// Abaqus reads no more numbers from a line.
constexpr std::size_t per_line = 16;

void write(std::uint64_t number, std::string& text)
{
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  text.append(digits.data(), end);
}

/// The shortest digits that read back to the same value, without an exponent as long as a line of
/// three such numbers stays below the 256 characters of Abaqus.
void write(double value, std::string& text)
{
  constexpr double smallest_plain = 1e-40;
  constexpr double largest_plain = 1e18;
  const bool plain =
      value == 0 || (std::abs(value) >= smallest_plain && std::abs(value) < largest_plain);
  std::array<char, 128> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  const std::string_view written(digits.data(), static_cast<std::size_t>(end - digits.data()));
  text += written;
  if (plain && written.find('.') == std::string_view::npos)
    text += '.';
}

/// Names as a deck may hold them, each once regardless of case.
class Names
{
public:
  std::string unique(const std::string& name)
  {
    std::string allowed = name.substr(0, longest_name);
    for (char& c : allowed)
      if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_')
        c = '_';
    if (allowed.empty() || std::isalpha(static_cast<unsigned char>(allowed.front())) == 0)
      allowed.insert(0, "S");
    std::string result = allowed;
    for (int n = 2; !taken_.insert(abaqus::fold(result)).second; ++n)
      result = allowed + "_" + std::to_string(n);
    return result;
  }

private:
  std::set<std::string> taken_;
};

/// Numbers of points, further nodes and cells in the deck.
struct Numbering
{
  std::vector<std::uint64_t> nodes;
  std::vector<std::uint64_t> cells;
};

/// Those of the mesh, followed by new ones for the nodes behind its points; from 1 when they do not
/// fit.
std::vector<std::uint64_t> numbers(const std::vector<std::uint64_t>& tags, std::size_t count)
{
  const std::uint64_t largest = tags.empty() ? 0 : *std::max_element(tags.begin(), tags.end());
  const bool keep = !tags.empty() && largest + (count - tags.size()) <= abaqus::largest_number &&
                    *std::min_element(tags.begin(), tags.end()) > 0;
  std::vector<std::uint64_t> numbers(count);
  for (std::size_t n = 0; n < count; ++n)
    numbers[n] = !keep ? n + 1 : n < tags.size() ? tags[n] : largest + 1 + n - tags.size();
  return numbers;
}

/// How many of a cell's nodes an element of the deck has.
std::size_t nodes_of_element(const Mesh& mesh)
{
  if (mesh.shape == CellShape::tetrahedron)
    return mesh.degree == 1 ? 4 : 10;
  return mesh.degree == 1 ? 8 : 20;
}

void write_nodes(const Nodes& nodes, std::size_t used, const Numbering& numbering,
                 std::string& text)
{
  text += "*NODE\n";
  for (std::size_t n = 0; n < used; ++n)
  {
    write(numbering.nodes[n], text);
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      text += ", ";
      write(nodes.points[n][axis], text);
    }
    text += '\n';
  }
}

void write_element(std::uint64_t number, std::span<const std::uint32_t> nodes,
                   const Numbering& numbering, std::string& text)
{
  write(number, text);
  for (std::size_t n = 0; n < nodes.size(); ++n)
  {
    text += n + 1 == per_line ? ",\n" : ", ";
    write(numbering.nodes[nodes[n]], text);
  }
  text += '\n';
}

void write_elements(const Mesh& mesh, const Nodes& nodes, const Numbering& numbering,
                    std::string& text)
{
  const std::size_t per_element = nodes_of_element(mesh);
  Names names;
  std::vector<std::string> regions;
  for (const std::string& region : mesh.regions)
    regions.push_back(names.unique(region));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    if (c == 0 || mesh.region[c] != mesh.region[c - 1])
      text += "*ELEMENT, TYPE=C3D" + std::to_string(per_element) +
              ", ELSET=" + regions[mesh.region[c]] + "\n";
    write_element(numbering.cells[c], nodes.cell(c).first(per_element), numbering, text);
  }
}

void write_point_sets(const Mesh& mesh, const Numbering& numbering, std::string& text)
{
  Names names;
  for (const PointSet& set : mesh.point_sets)
  {
    text += "*NSET, NSET=" + names.unique(set.name) + "\n";
    for (std::size_t n = 0; n < set.points.size(); ++n)
    {
      write(numbering.nodes[set.points[n]], text);
      text += (n + 1) % per_line == 0 || n + 1 == set.points.size() ? "\n" : ", ";
    }
  }
}

void write_face_sets(const Mesh& mesh, const Numbering& numbering, std::string& text)
{
  Names names;
  for (const FaceSet& set : mesh.face_sets)
  {
    text += "*SURFACE, NAME=" + names.unique(set.name) + ", TYPE=ELEMENT\n";
    for (const FaceOfCell& face : set.faces)
    {
      write(numbering.cells[face.cell], text);
      text += ", S" + std::to_string(face.face + 1) + "\n";
    }
  }
}

/// The nodes that elements of the deck have come first: corners, middles of edges.
std::size_t nodes_written(const Mesh& mesh, const Nodes& nodes)
{
  if (mesh.degree == 1)
    return mesh.points.size();
  std::uint32_t last = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t node : nodes.cell(c).first(nodes_of_element(mesh)))
      last = std::max(last, node);
  return std::max<std::size_t>(mesh.points.size(), last + 1U);
}

} // namespace

void write_abaqus(const std::filesystem::path& file, const Mesh& mesh)
{
  const Nodes nodes = nodes_of(mesh);
  const std::size_t used = nodes_written(mesh, nodes);
  const Numbering numbering = {numbers(mesh.point_tags, used),
                               numbers(mesh.cell_tags, mesh.cells())};
  std::string text = "*HEADING\nlengths in mm\n";
  write_nodes(nodes, used, numbering, text);
  write_elements(mesh, nodes, numbering, text);
  write_point_sets(mesh, numbering, text);
  write_face_sets(mesh, numbering, text);
  write_text(file, text);
}

} // namespace calcar::mesh
