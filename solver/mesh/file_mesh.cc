#include "mesh/file_mesh.hpp"

#include "base/error.hpp"

namespace calcar::mesh
{

std::size_t node_count(ElementKind kind)
{
  switch (kind)
  {
  case ElementKind::triangle:
    return 3;
  case ElementKind::tet4:
  case ElementKind::quad:
    return 4;
  case ElementKind::hex8:
    return 8;
  case ElementKind::tet10:
    return 10;
  case ElementKind::hex20:
    return 20;
  case ElementKind::hex27:
    return 27;
  }
  return 0;
}

std::string to_string(ElementKind kind)
{
  const std::string nodes = std::to_string(node_count(kind)) + "-node ";
  if (kind == ElementKind::triangle)
    return "triangles";
  if (kind == ElementKind::quad)
    return "quadrilaterals";
  const bool tetrahedron = kind == ElementKind::tet4 || kind == ElementKind::tet10;
  return nodes + (tetrahedron ? "tetrahedra" : "hexahedra");
}

bool is_cell(ElementKind kind)
{
  return kind != ElementKind::triangle && kind != ElementKind::quad;
}

std::uint16_t RegionNames::index(const std::string& name, const std::string& place)
{
  constexpr std::size_t most = 65535;
  const auto [entry, is_new] = known_.try_emplace(name, static_cast<std::uint16_t>(names_.size()));
  if (is_new)
  {
    if (names_.size() == most)
      throw InputError(Fault::data, {place, "more than 65535 regions", "at most 65535",
                                     "number materials or parts, not single elements", ""});
    names_.push_back(name);
  }
  return entry->second;
}

} // namespace calcar::mesh
