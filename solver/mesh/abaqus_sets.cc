#include "mesh/abaqus_model.hpp"

#include <algorithm>
#include <unordered_set>

namespace calcar::mesh::abaqus
{
namespace
{

void add_face(std::uint64_t tag, const SurfaceFaces& faces, const Part& part,
              const Numbers& numbers, FileFaceSet& set)
{
  const auto at = numbers.element(tag);
  if (!at)
    refuse(faces.place,
           "surface \"" + set.name + "\" names element " + std::to_string(tag) +
               ", which the deck does not have",
           "", "correct the surface");
  const ElementType& type = *part.elements[at->type].type;
  const bool tetrahedron = type.kind == ElementKind::tet4 || type.kind == ElementKind::tet10;
  if (type.role != Role::cell || (tetrahedron && faces.face > 3))
    refuse(faces.place,
           "surface \"" + set.name + "\" names face S" + std::to_string(faces.face + 1) +
               " of element " + std::to_string(tag) + " of type " + std::string(type.name),
           "S1 to S4 of tetrahedra, S1 to S6 of hexahedra", "correct the surface");
  set.faces.emplace_back(tag, faces.face);
}

FileFaceSet faces_of(const Surface& surface, const Part& part, const Numbers& numbers)
{
  FileFaceSet set = {surface.name, {}};
  for (const SurfaceFaces& faces : surface.faces)
  {
    if (faces.element != 0)
    {
      add_face(faces.element, faces, part, numbers, set);
      continue;
    }
    const Set* elements = part.element_sets.find(faces.set);
    if (elements == nullptr)
      refuse(faces.place,
             "surface \"" + surface.name + "\" names \"" + printable(faces.set) +
                 "\", which is neither an element nor an element set",
             "", "define the set, or correct its name");
    for (const std::uint64_t tag : numbers.elements_of(*elements))
      add_face(tag, faces, part, numbers, set);
  }
  return set;
}

} // namespace

void add_sets(const Part& part, const Numbers& numbers, FileMesh& mesh)
{
  for (const Sets* sets : {&part.node_sets, &part.node_surfaces})
    for (const Set& set : sets->all())
    {
      auto nodes = numbers.nodes_of(set);
      if (sets == &part.node_surfaces && part.node_sets.find(set.key) != nullptr && !set.internal)
        refuse(set.place, "a surface and a node set are both named \"" + set.name + "\"",
               "one meaning per name", "rename one of them");
      if (!set.internal)
        mesh.node_sets.push_back({set.name, std::move(nodes)});
    }
  std::unordered_set<std::string> names;
  for (const Surface& surface : part.surfaces)
  {
    FileFaceSet faces = faces_of(surface, part, numbers);
    if (!names.insert(fold(surface.name)).second)
      refuse(surface.place, "surface \"" + surface.name + "\" is defined twice", "",
             "rename one of them");
    if (!surface.internal)
      mesh.face_sets.push_back(std::move(faces));
  }
}

} // namespace calcar::mesh::abaqus
