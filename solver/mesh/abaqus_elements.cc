#include "mesh/abaqus_elements.hpp"

#include "mesh/abaqus_lines.hpp"

#include <array>

namespace calcar::mesh::abaqus
{
namespace
{

constexpr std::string_view modified = "modified for contact";
constexpr std::string_view hybrid = "hybrid, with the pressure as an unknown";
constexpr std::string_view reduced = "integrated with fewer points";
constexpr std::string_view incompatible = "with incompatible modes";
constexpr std::string_view improved = "with improved surface stresses";
constexpr std::string_view none = "";

/// Corners first, then middles of edges: their order is that of VTK, and ours.
constexpr std::array solids = {
    ElementType{"C3D4", Role::cell, ElementKind::tet4, 4, none},
    ElementType{"C3D4H", Role::cell, ElementKind::tet4, 4, hybrid},
    ElementType{"C3D8", Role::cell, ElementKind::hex8, 8, none},
    ElementType{"C3D8R", Role::cell, ElementKind::hex8, 8, reduced},
    ElementType{"C3D8I", Role::cell, ElementKind::hex8, 8, incompatible},
    ElementType{"C3D8H", Role::cell, ElementKind::hex8, 8, hybrid},
    ElementType{"C3D8RH", Role::cell, ElementKind::hex8, 8, "hybrid, integrated with fewer points"},
    ElementType{"C3D8IH", Role::cell, ElementKind::hex8, 8, "hybrid, with incompatible modes"},
    ElementType{"C3D8S", Role::cell, ElementKind::hex8, 8, improved},
    ElementType{"C3D10", Role::cell, ElementKind::tet10, 10, none},
    ElementType{"C3D10H", Role::cell, ElementKind::tet10, 10, hybrid},
    ElementType{"C3D10M", Role::cell, ElementKind::tet10, 10, modified},
    ElementType{"C3D10MH", Role::cell, ElementKind::tet10, 10, "hybrid, modified for contact"},
    ElementType{"C3D10I", Role::cell, ElementKind::tet10, 10, improved},
    ElementType{"C3D10HS", Role::cell, ElementKind::tet10, 10, "hybrid, improved surface stresses"},
    ElementType{"C3D20", Role::cell, ElementKind::hex20, 20, none},
    ElementType{"C3D20R", Role::cell, ElementKind::hex20, 20, reduced},
    ElementType{"C3D20H", Role::cell, ElementKind::hex20, 20, hybrid},
    ElementType{"C3D20RH", Role::cell, ElementKind::hex20, 20,
                "hybrid, integrated with fewer points"},
};

/// With any of the variants R, H, I, M, ... behind the name.
constexpr std::array geometry = {
    ElementType{"CPS3", Role::surface, ElementKind::triangle, 3, none},
    ElementType{"CPS4", Role::surface, ElementKind::quad, 4, none},
    ElementType{"CPS6", Role::surface, ElementKind::triangle, 6, none},
    ElementType{"CPS8", Role::surface, ElementKind::quad, 8, none},
    ElementType{"CPE3", Role::surface, ElementKind::triangle, 3, none},
    ElementType{"CPE4", Role::surface, ElementKind::quad, 4, none},
    ElementType{"CPE6", Role::surface, ElementKind::triangle, 6, none},
    ElementType{"CPE8", Role::surface, ElementKind::quad, 8, none},
    ElementType{"S3", Role::surface, ElementKind::triangle, 3, none},
    ElementType{"S4", Role::surface, ElementKind::quad, 4, none},
    ElementType{"S6", Role::surface, ElementKind::triangle, 6, none},
    ElementType{"S8", Role::surface, ElementKind::quad, 8, none},
    ElementType{"STRI3", Role::surface, ElementKind::triangle, 3, none},
    ElementType{"STRI65", Role::surface, ElementKind::triangle, 6, none},
    ElementType{"M3D3", Role::surface, ElementKind::triangle, 3, none},
    ElementType{"M3D4", Role::surface, ElementKind::quad, 4, none},
    ElementType{"M3D6", Role::surface, ElementKind::triangle, 6, none},
    ElementType{"M3D8", Role::surface, ElementKind::quad, 8, none},
    ElementType{"SFM3D3", Role::surface, ElementKind::triangle, 3, none},
    ElementType{"SFM3D4", Role::surface, ElementKind::quad, 4, none},
    ElementType{"SFM3D6", Role::surface, ElementKind::triangle, 6, none},
    ElementType{"SFM3D8", Role::surface, ElementKind::quad, 8, none},
    ElementType{"T3D2", Role::left_out, ElementKind::triangle, 2, none},
    ElementType{"T3D3", Role::left_out, ElementKind::triangle, 3, none},
    ElementType{"B31", Role::left_out, ElementKind::triangle, 2, none},
    ElementType{"B32", Role::left_out, ElementKind::triangle, 3, none},
    ElementType{"B33", Role::left_out, ElementKind::triangle, 2, none},
    ElementType{"MASS", Role::left_out, ElementKind::triangle, 1, none},
};

/// Is it `type` or one of its variants: "S8R5", "CPS4RI"?
bool is_variant(std::string_view name, std::string_view type)
{
  return name.starts_with(type) &&
         name.find_first_not_of("RHIMS5", type.size()) == std::string_view::npos;
}

} // namespace

const ElementType& element_type(const std::string& name, const std::string& place)
{
  for (const ElementType& type : solids)
    if (name == type.name)
      return type;
  for (const ElementType& type : geometry)
    if (is_variant(name, type.name))
      return type;
  refuse(place, "elements of TYPE=" + printable(name) + " are not supported",
         "C3D4, C3D8, C3D10, C3D20 and their variants R, I, H, M; without a section also "
         "triangles, quadrilaterals (CPS3, S4, M3D3, ...), T3D2 and beams as geometry",
         "mesh with these, or remove these elements from the deck if the body does not need them");
}

} // namespace calcar::mesh::abaqus
