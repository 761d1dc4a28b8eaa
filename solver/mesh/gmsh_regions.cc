#include "base/text.hpp"
#include "mesh/gmsh_elements.hpp"
#include "mesh/gmsh_file.hpp"

#include <algorithm>
#include <set>

namespace calcar::mesh
{
namespace
{

/// The physical groups of elements.
std::vector<std::int64_t> physicals_of(const GmshGroup& group, const GmshFile& file)
{
  if (file.version_2)
    return group.physical == 0 ? std::vector<std::int64_t>() : std::vector{group.physical};
  const auto entity = file.physicals.find(group.entity);
  if (entity == file.physicals.end())
    return {};
  std::vector<std::int64_t> physicals = entity->second;
  std::sort(physicals.begin(), physicals.end());
  physicals.erase(std::unique(physicals.begin(), physicals.end()), physicals.end());
  return physicals;
}

std::string physical_name(int dimension, std::int64_t tag, const GmshFile& file)
{
  const auto name = file.names.find({dimension, tag});
  if (name != file.names.end())
    return name->second;
  return (dimension == 3 ? "physical volume " : "physical surface ") + std::to_string(tag);
}

/// "volume 5": an entity, or the one that it is a partition of.
std::string entity_name(GmshKey entity, const GmshFile& file)
{
  const auto parent = file.parents.find(entity);
  if (parent != file.parents.end() && parent->second.first == entity.first)
    entity = parent->second;
  return "volume " + std::to_string(entity.second);
}

/// Names of the region, or of the surfaces, that the elements of each group belong to.
std::vector<std::vector<std::string>> names_of_groups(const GmshFile& file)
{
  std::vector<std::vector<std::string>> names;
  for (const GmshGroup& group : file.groups)
  {
    names.emplace_back();
    for (const std::int64_t physical : physicals_of(group, file))
      names.back().push_back(physical_name(group.entity.first, physical, file));
    if (group.entity.first == 3)
      names.back() = {names.back().empty() ? entity_name(group.entity, file)
                                           : join(names.back(), " + ")};
  }
  return names;
}

/// How many cells lie in no and in several physical volumes, and the regions made for them.
struct Doubts
{
  std::size_t in_none = 0;
  std::size_t in_several = 0;
  std::size_t in_one = 0;
  std::set<std::string> none;
  std::set<std::string> several;
};

std::string some_of(const std::set<std::string>& regions)
{
  std::vector<std::string> names(regions.begin(), regions.end());
  constexpr std::size_t most = 5;
  const bool more = names.size() > most;
  names.resize(std::min(names.size(), most));
  return join(names) + (more ? ", ..." : "");
}

Doubts doubts_of(const GmshFile& file, const std::vector<std::vector<std::string>>& names)
{
  std::vector<std::size_t> cells(file.groups.size(), 0);
  for (const GmshElements& elements : file.elements)
    for (const std::uint32_t group : elements.group)
      ++cells[group];
  Doubts doubts;
  for (std::size_t g = 0; g < cells.size(); ++g)
  {
    if (file.groups[g].entity.first != 3 || cells[g] == 0)
      continue;
    const std::size_t physicals = physicals_of(file.groups[g], file).size();
    (physicals == 0   ? doubts.in_none
     : physicals == 1 ? doubts.in_one
                      : doubts.in_several) += cells[g];
    if (physicals == 0)
      doubts.none.insert("\"" + names[g].front() + "\"");
    if (physicals > 1)
      doubts.several.insert("\"" + names[g].front() + "\"");
  }
  return doubts;
}

Warnings warnings_of(const Doubts& doubts, const std::string& place)
{
  Warnings warnings;
  if (doubts.in_none > 0 && doubts.in_one + doubts.in_several > 0)
    warnings.push_back({"mesh_no_physical_group",
                        std::to_string(doubts.in_none) +
                            " cells are in no physical volume; they are kept as region " +
                            some_of(doubts.none),
                        place});
  if (doubts.in_several > 0)
    warnings.push_back({"mesh_several_physical_groups",
                        std::to_string(doubts.in_several) +
                            " cells are in several physical volumes; they are the region " +
                            some_of(doubts.several),
                        place});
  return warnings;
}

/// Elements of one kind with their regions; an element in several surfaces stands there for each.
/// Returns how many belong to none.
std::size_t add_elements(GmshElements elements,
                         const std::vector<std::vector<std::uint16_t>>& regions, FileMesh& mesh)
{
  const std::size_t nodes = node_count(elements.block.kind);
  ElementBlock block;
  block.kind = elements.block.kind;
  if (is_cell(block.kind))
  {
    block = std::move(elements.block);
    for (const std::uint32_t group : elements.group)
      block.region.push_back(regions[group].front());
    mesh.blocks.push_back(std::move(block));
    return 0;
  }
  std::size_t without = 0;
  for (std::size_t e = 0; e < elements.group.size(); ++e)
  {
    without += regions[elements.group[e]].empty();
    for (const std::uint16_t region : regions[elements.group[e]])
    {
      const auto first = elements.block.nodes.begin() + static_cast<std::ptrdiff_t>(nodes * e);
      block.tags.push_back(elements.block.tags[e]);
      block.nodes.insert(block.nodes.end(), first, first + static_cast<std::ptrdiff_t>(nodes));
      block.region.push_back(region);
    }
  }
  mesh.blocks.push_back(std::move(block));
  return without;
}

} // namespace

FileMesh regions_of(GmshFile file, const std::string& place, double mm_per_unit)
{
  FileMesh mesh;
  const auto names = names_of_groups(file);
  mesh.warnings = warnings_of(doubts_of(file, names), place);
  RegionNames regions;
  std::vector<std::vector<std::uint16_t>> indices;
  for (const auto& of_group : names)
  {
    indices.emplace_back();
    for (const std::string& name : of_group)
      indices.back().push_back(regions.index(name, place));
  }
  for (std::size_t kind = 0; kind < file.elements.size(); ++kind)
  {
    GmshElements& elements = file.elements[kind];
    elements.block.kind = static_cast<ElementKind>(kind);
    if (elements.group.empty())
      continue;
    const std::size_t without = add_elements(std::move(elements), indices, mesh);
    if (without > 0)
      mesh.ignored.push_back(std::to_string(without) + " " +
                             to_string(static_cast<ElementKind>(kind)) + " in no physical surface");
  }
  for (const auto& [type, count] : file.left_out)
    mesh.ignored.push_back(std::to_string(count) + " " + to_string(*gmsh_element(type)));
  mesh.ignored.insert(mesh.ignored.end(), file.sections_left_out.begin(),
                      file.sections_left_out.end());
  mesh.regions = std::move(regions).names();
  mesh.node_tags = std::move(file.node_tags);
  mesh.points = std::move(file.points);
  for (Vec3& point : mesh.points)
    point = mm_per_unit * point;
  return mesh;
}

} // namespace calcar::mesh
