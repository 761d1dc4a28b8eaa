#include "base/error.hpp"
#include "base/files.hpp"
#include "mesh/gmsh.hpp"
#include "mesh/gmsh_elements.hpp"
#include "mesh/nodes.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>

namespace calcar::mesh
{
namespace
{

/// Numbers with blanks between them; real ones with as many digits as their last bit needs.
class Lines
{
public:
  Lines& text(std::string_view words)
  {
    text_ += words;
    return *this;
  }
  template <typename Number>
  Lines& operator<<(Number number)
  {
    char digits[40];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    if (!text_.empty() && text_.back() != '\n')
      text_ += ' ';
    text_.append(digits, end);
    return *this;
  }
  Lines& operator<<(const Vec3& x) { return *this << x.x << x.y << x.z; }
  void end() { text_ += '\n'; }
  std::string take() { return std::move(text_); }

private:
  std::string text_;
};

void check_name(const std::string& name, const std::filesystem::path& file)
{
  if (name.empty() || name.find_first_of("\"\n\r") != std::string::npos)
    throw InputError(
        Fault::command,
        {file.string(),
         "the name of a region or surface is " + (name.empty() ? "empty" : "\"" + name + "\""),
         "names without quotation marks and line breaks, which Gmsh cannot hold",
         "rename it, or write .vtu", ""});
}

void write_names(const Mesh& mesh, Lines& to)
{
  to.text("$PhysicalNames\n") << mesh.face_sets.size() + mesh.regions.size();
  to.end();
  for (std::size_t s = 0; s < mesh.face_sets.size(); ++s)
    (to << 2 << mesh.regions.size() + s + 1).text(" \"" + mesh.face_sets[s].name + "\"\n");
  for (std::size_t r = 0; r < mesh.regions.size(); ++r)
    (to << 3 << r + 1).text(" \"" + mesh.regions[r] + "\"\n");
  to.text("$EndPhysicalNames\n");
}

/// The smallest boxes around regions and surfaces.
class Boxes
{
public:
  explicit Boxes(std::size_t count) : boxes_(count, {largest, -1 * largest}) {}
  void add(std::size_t n, const Vec3& x)
  {
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      boxes_[n].low[axis] = std::min(boxes_[n].low[axis], x[axis]);
      boxes_[n].high[axis] = std::max(boxes_[n].high[axis], x[axis]);
    }
  }
  Box operator[](std::size_t n) const
  {
    return boxes_[n].low.x > boxes_[n].high.x ? Box{} : boxes_[n];
  }

private:
  static constexpr double most = std::numeric_limits<double>::max();
  static constexpr Vec3 largest = {most, most, most};
  std::vector<Box> boxes_;
};

/// Surfaces and volumes: number, box, their physical group, no bounding entities.
void write_entities(const Mesh& mesh, Lines& to)
{
  const std::size_t regions = mesh.regions.size();
  Boxes boxes(regions + mesh.face_sets.size());
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t point : mesh.cell(c))
      boxes.add(mesh.region[c], mesh.points[point]);
  for (std::size_t s = 0; s < mesh.face_sets.size(); ++s)
    for (const FaceOfCell face : mesh.face_sets[s].faces)
      for (const std::uint32_t point : face_corners(mesh, face))
        boxes.add(regions + s, mesh.points[point]);
  to.text("$Entities\n") << 0 << 0 << mesh.face_sets.size() << regions;
  to.end();
  for (std::size_t s = 0; s < mesh.face_sets.size(); ++s)
    (to << s + 1 << boxes[regions + s].low << boxes[regions + s].high << 1 << regions + s + 1 << 0)
        .end();
  for (std::size_t r = 0; r < regions; ++r)
    (to << r + 1 << boxes[r].low << boxes[r].high << 1 << r + 1 << 0).end();
  to.text("$EndEntities\n");
}

/// Gmsh counts from 1: numbers of which one is 0 are all given up.
std::vector<std::uint64_t> unless_zero(std::vector<std::uint64_t> tags)
{
  if (std::find(tags.begin(), tags.end(), 0U) != tags.end())
    std::iota(tags.begin(), tags.end(), 1U);
  return tags;
}

/// Numbers of the nodes: those of the points, then on from the largest.
std::vector<std::uint64_t> node_tags(const Mesh& mesh, const Nodes& nodes)
{
  std::vector<std::uint64_t> tags;
  tags.reserve(nodes.points.size());
  for (std::size_t p = 0; p < mesh.points.size(); ++p)
    tags.push_back(mesh.point_tag(p));
  tags = unless_zero(std::move(tags));
  std::uint64_t largest = *std::max_element(tags.begin(), tags.end());
  tags.reserve(nodes.points.size());
  while (tags.size() < nodes.points.size())
    tags.push_back(++largest);
  return tags;
}

std::vector<std::uint64_t> cell_tags(const Mesh& mesh)
{
  std::vector<std::uint64_t> tags;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    tags.push_back(mesh.cell_tag(c));
  return unless_zero(std::move(tags));
}

void write_nodes(const Nodes& nodes, const std::vector<std::uint64_t>& tags, Lines& to)
{
  to.text("$Nodes\n") << 1 << tags.size() << *std::min_element(tags.begin(), tags.end())
                      << *std::max_element(tags.begin(), tags.end());
  to.end();
  (to << 3 << 1 << 0 << tags.size()).end();
  for (const std::uint64_t tag : tags)
    (to << tag).end();
  for (const Vec3& point : nodes.points)
    (to << point).end();
  to.text("$EndNodes\n");
}

struct Types
{
  int cell;
  int face;
  ElementKind kind;
};

Types types_of(const Mesh& mesh)
{
  if (mesh.shape == CellShape::tetrahedron)
    return mesh.degree == 1 ? Types{4, 2, ElementKind::tet4} : Types{11, 9, ElementKind::tet10};
  return mesh.degree == 1 ? Types{5, 3, ElementKind::hex8} : Types{12, 10, ElementKind::hex27};
}

void write_surfaces(const Mesh& mesh, const Nodes& nodes, const std::vector<std::uint64_t>& tags,
                    std::uint64_t next_tag, Lines& to)
{
  for (std::size_t s = 0; s < mesh.face_sets.size(); ++s)
  {
    const FaceSet& set = mesh.face_sets[s];
    if (set.faces.empty())
      continue;
    (to << 2 << s + 1 << types_of(mesh).face << set.faces.size()).end();
    for (const FaceOfCell face : set.faces)
    {
      to << next_tag++;
      for (const std::uint8_t n : nodes_of_face(mesh.shape, mesh.degree, face.face))
        to << tags[nodes.cell(face.cell)[n]];
      to.end();
    }
  }
}

/// Cells of each region, in their order.
std::vector<std::vector<std::uint32_t>> cells_of_regions(const Mesh& mesh)
{
  std::vector<std::vector<std::uint32_t>> cells(mesh.regions.size());
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
    cells[mesh.region[c]].push_back(c);
  return cells;
}

void write_cells(const Mesh& mesh, const Nodes& nodes, const std::vector<std::uint64_t>& tags,
                 const std::vector<std::uint64_t>& cell_tags,
                 const std::vector<std::vector<std::uint32_t>>& cells, Lines& to)
{
  const Types types = types_of(mesh);
  std::vector<std::size_t> place(node_count(types.kind)); ///< VTK's place of Gmsh's n-th node
  for (std::size_t n = 0; n < place.size(); ++n)
    place[gmsh_order(types.kind)[n]] = n;
  for (std::size_t r = 0; r < cells.size(); ++r)
  {
    if (cells[r].empty())
      continue;
    (to << 3 << r + 1 << types.cell << cells[r].size()).end();
    for (const std::uint32_t c : cells[r])
    {
      to << cell_tags[c];
      for (const std::size_t n : place)
        to << tags[nodes.cell(c)[n]];
      to.end();
    }
  }
}

void write_elements(const Mesh& mesh, const Nodes& nodes, const std::vector<std::uint64_t>& tags,
                    Lines& to)
{
  const auto cells = cells_of_regions(mesh);
  std::size_t blocks = 0, faces = 0;
  for (const auto& of_region : cells)
    blocks += !of_region.empty();
  for (const FaceSet& set : mesh.face_sets)
  {
    blocks += !set.faces.empty();
    faces += set.faces.size();
  }
  const std::vector<std::uint64_t> cell_tags = mesh::cell_tags(mesh);
  const auto [smallest, largest] = std::minmax_element(cell_tags.begin(), cell_tags.end());
  to.text("$Elements\n") << blocks << mesh.cells() + faces << *smallest << *largest + faces;
  to.end();
  write_surfaces(mesh, nodes, tags, *largest + 1, to);
  write_cells(mesh, nodes, tags, cell_tags, cells, to);
  to.text("$EndElements\n");
}

} // namespace

void write_gmsh(const std::filesystem::path& file, const Mesh& mesh)
{
  if (mesh.cells() == 0)
    throw InputError(Fault::command, {file.string(), "a mesh without cells", "", "", ""});
  for (const std::string& name : mesh.regions)
    check_name(name, file);
  for (const FaceSet& set : mesh.face_sets)
    check_name(set.name, file);
  const Nodes nodes = nodes_of(mesh);
  const std::vector<std::uint64_t> tags = node_tags(mesh, nodes);
  Lines to;
  to.text("$MeshFormat\n4.1 0 8\n$EndMeshFormat\n");
  write_names(mesh, to);
  write_entities(mesh, to);
  write_nodes(nodes, tags, to);
  write_elements(mesh, nodes, tags, to);
  write_text(file, to.take());
}

} // namespace calcar::mesh
