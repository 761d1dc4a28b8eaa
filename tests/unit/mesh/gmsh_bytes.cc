#include "unit/mesh/gmsh_bytes.hpp"

#include "put_bytes.hpp"

#include <sstream>

namespace calcar::mesh::test
{
namespace
{

class Bytes
{
public:
  explicit Bytes(bool swapped) : swapped_(swapped) {}
  template <typename T>
  Bytes& put(T value)
  {
    calcar::test::put(text_, value, swapped_);
    return *this;
  }
  Bytes& integer(std::size_t value) { return put(static_cast<std::int32_t>(value)); }
  Bytes& size(std::size_t value) { return put(static_cast<std::uint64_t>(value)); }
  Bytes& point(const Vec3& x) { return put(x.x).put(x.y).put(x.z); }
  Bytes& text(const std::string& words)
  {
    text_ += words;
    return *this;
  }
  const std::string& all() const { return text_; }

private:
  bool swapped_;
  std::string text_;
};

std::string names_of(const Mesh& mesh)
{
  std::ostringstream to;
  to << "$PhysicalNames\n" << mesh.regions.size() + mesh.face_sets.size() << "\n";
  for (std::size_t s = 0; s < mesh.face_sets.size(); ++s)
    to << "2 " << s + 1 << " \"" << mesh.face_sets[s].name << "\"\n";
  for (std::size_t r = 0; r < mesh.regions.size(); ++r)
    to << "3 " << r + 1 << " \"" << mesh.regions[r] << "\"\n";
  to << "$EndPhysicalNames\n";
  return to.str();
}

std::size_t faces_in(const Mesh& mesh)
{
  std::size_t faces = 0;
  for (const FaceSet& set : mesh.face_sets)
    faces += set.faces.size();
  return faces;
}

} // namespace

std::string gmsh_4_bytes(const Mesh& mesh, bool swapped)
{
  Bytes to(swapped);
  to.text("$MeshFormat\n4.1 1 8\n").integer(1).text("\n$EndMeshFormat\n" + names_of(mesh));
  to.text("$Entities\n").size(0).size(0).size(mesh.face_sets.size()).size(mesh.regions.size());
  for (const std::size_t count : {mesh.face_sets.size(), mesh.regions.size()})
    for (std::size_t n = 1; n <= count; ++n)
      to.integer(n).point({0, 0, 0}).point({1, 1, 1}).size(1).integer(n).size(1).integer(-1UL);
  to.text("\n$EndEntities\n$Nodes\n").size(1).size(mesh.points.size()).size(1).size(1000);
  to.integer(3).integer(1).integer(0).size(mesh.points.size());
  for (std::size_t p = 0; p < mesh.points.size(); ++p)
    to.size(mesh.point_tag(p));
  for (const Vec3& point : mesh.points)
    to.point(point);
  to.text("\n$EndNodes\n$Elements\n").size(mesh.cells() + mesh.face_sets.size());
  to.size(mesh.cells() + faces_in(mesh)).size(1).size(1000);
  std::size_t tag = 1000;
  for (std::size_t s = 0; s < mesh.face_sets.size(); ++s)
  {
    to.integer(2).integer(s + 1).integer(2).size(mesh.face_sets[s].faces.size());
    for (const FaceOfCell face : mesh.face_sets[s].faces)
    {
      to.size(tag++);
      for (const std::uint32_t point : face_corners(mesh, face))
        to.size(mesh.point_tag(point));
    }
  }
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    to.integer(3).integer(mesh.region[c] + 1U).integer(4).size(1).size(mesh.cell_tag(c));
    for (const std::uint32_t point : mesh.cell(c))
      to.size(mesh.point_tag(point));
  }
  to.text("\n$EndElements\n");
  return to.all();
}

std::string gmsh_2_bytes(const Mesh& mesh, bool swapped)
{
  Bytes to(swapped);
  to.text("$MeshFormat\n2.2 1 8\n").integer(1).text("\n$EndMeshFormat\n" + names_of(mesh));
  to.text("$Nodes\n" + std::to_string(mesh.points.size()) + "\n");
  for (std::size_t p = 0; p < mesh.points.size(); ++p)
    to.integer(mesh.point_tag(p)).point(mesh.points[p]);
  to.text("\n$EndNodes\n$Elements\n" + std::to_string(mesh.cells() + faces_in(mesh)) + "\n");
  std::size_t tag = 1000;
  for (std::size_t s = 0; s < mesh.face_sets.size(); ++s)
  {
    to.integer(2).integer(mesh.face_sets[s].faces.size()).integer(2);
    for (const FaceOfCell face : mesh.face_sets[s].faces)
    {
      to.integer(tag++).integer(s + 1).integer(50);
      for (const std::uint32_t point : face_corners(mesh, face))
        to.integer(mesh.point_tag(point));
    }
  }
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    to.integer(4).integer(1).integer(3).integer(mesh.cell_tag(c));
    to.integer(mesh.region[c] + 1U).integer(50).integer(1);
    for (const std::uint32_t point : mesh.cell(c))
      to.integer(mesh.point_tag(point));
  }
  to.text("\n$EndElements\n");
  return to.all();
}

std::string gmsh_2_element(int type, const std::vector<Vec3>& nodes,
                           const std::vector<std::size_t>& order)
{
  std::ostringstream to;
  to.precision(17);
  to << "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n" << nodes.size() << "\n";
  for (std::size_t n = 0; n < nodes.size(); ++n)
    to << n + 1 << " " << nodes[n].x << " " << nodes[n].y << " " << nodes[n].z << "\n";
  to << "$EndNodes\n$Elements\n1\n1 " << type << " 2 1 1";
  for (const std::size_t node : order)
    to << " " << node;
  to << "\n$EndElements\n";
  return to.str();
}

} // namespace calcar::mesh::test
