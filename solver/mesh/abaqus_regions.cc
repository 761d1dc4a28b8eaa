#include "mesh/abaqus_model.hpp"

#include <algorithm>

namespace calcar::mesh::abaqus
{
namespace
{

/// Element set of each element, type by type, or Elements::no_set.
using SetOfElement = std::vector<std::vector<std::uint32_t>>;

void put(std::uint64_t tag, std::uint32_t set, const Section& section, const Part& part,
         const Numbers& numbers, SetOfElement& sets)
{
  const At at = *numbers.element(tag);
  const ElementType& type = *part.elements[at.type].type;
  if (type.role != Role::cell)
    refuse(section.place,
           section.card + " gives element " + std::to_string(tag) + " of type " +
               std::string(type.name) + " something to carry beside the solids",
           "sections of solid elements", "remove these elements and their section");
  std::uint32_t& known = sets[at.type][at.element];
  if (known != Elements::no_set)
    refuse(section.place,
           "element " + std::to_string(tag) + " is in the sections of \"" +
               part.element_sets.all()[known].name + "\" and of \"" +
               part.element_sets.all()[set].name + "\"",
           "one section per element", "let the sets of the sections not overlap");
  known = set;
}

void check_all_have_sections(const Part& part, const SetOfElement& sets, const std::string& deck)
{
  for (std::size_t t = 0; t < sets.size(); ++t)
  {
    const auto missing = std::find(sets[t].begin(), sets[t].end(), Elements::no_set);
    if (part.elements[t].type->role == Role::cell && missing != sets[t].end())
      refuse(deck,
             "element " +
                 std::to_string(
                     part.elements[t].tags[static_cast<std::size_t>(missing - sets[t].begin())]) +
                 " is in no section, and others are",
             "a section for every solid element, or no sections",
             "add the element to the set of a section");
  }
}

/// The rule of sections: each solid in exactly one, nothing else in any.
SetOfElement sets_of_sections(const Part& part, const Numbers& numbers, const std::string& deck)
{
  SetOfElement sets;
  for (const Elements& elements : part.elements)
    sets.emplace_back(elements.tags.size(), Elements::no_set);
  for (const Section& section : part.sections)
  {
    const Set* set = part.element_sets.find(section.set);
    if (set == nullptr)
      refuse(section.place,
             section.card + " of element set \"" + printable(section.set) +
                 "\", which is not defined",
             "", "define the set, or correct its name");
    const auto index = static_cast<std::uint32_t>(set - part.element_sets.all().data());
    for (const std::uint64_t tag : numbers.elements_of(*set))
      put(tag, index, section, part, numbers, sets);
  }
  check_all_have_sections(part, sets, deck);
  return sets;
}

bool some_cell_has_a_set(const Part& part)
{
  return std::any_of(part.elements.begin(), part.elements.end(),
                     [](const Elements& elements)
                     {
                       return elements.type->role == Role::cell &&
                              std::any_of(elements.set.begin(), elements.set.end(),
                                          [](std::uint32_t set)
                                          { return set != Elements::no_set; });
                     });
}

/// Indices of regions by element set.
class RegionOfSet
{
public:
  RegionOfSet(const Part& part, const std::string& deck)
      : sets_(part.element_sets.all()), deck_(deck),
        without_set_(some_cell_has_a_set(part) ? "unnamed" : "all")
  {
  }
  std::vector<std::uint16_t> indices(const std::vector<std::uint32_t>& sets)
  {
    std::vector<std::uint16_t> regions;
    regions.reserve(sets.size());
    for (std::size_t n = 0; n < sets.size(); ++n)
      regions.push_back(
          n > 0 && sets[n] == sets[n - 1]
              ? regions.back()
              : names_.index(sets[n] == Elements::no_set ? without_set_ : sets_[sets[n]].name,
                             deck_));
    return regions;
  }
  std::vector<std::string> names() && { return std::move(names_).names(); }

private:
  const std::vector<Set>& sets_;
  const std::string& deck_;
  std::string without_set_;
  RegionNames names_;
};

/// Which element sets are named by *ELEMENT cards.
std::vector<bool> sets_of_cards(const Part& part)
{
  std::vector<bool> named(part.element_sets.all().size(), false);
  for (const Elements& elements : part.elements)
    for (const std::uint32_t set : elements.set)
      if (set != Elements::no_set)
        named[set] = true;
  return named;
}

/// Element sets that list pieces of surfaces: these once more, under the name of the set.
void add_surface_groups(const Part& part, const Numbers& numbers, RegionOfSet& regions,
                        FileMesh& mesh)
{
  const std::vector<bool> of_card = sets_of_cards(part);
  for (std::uint32_t s = 0; s < of_card.size(); ++s)
  {
    const Set& set = part.element_sets.all()[s];
    if (of_card[s] || set.internal)
      continue;
    std::vector<ElementBlock> blocks(part.elements.size());
    for (const std::uint64_t tag : numbers.elements_of(set))
    {
      const At at = *numbers.element(tag);
      const Elements& elements = part.elements[at.type];
      if (elements.type->role != Role::surface)
        continue;
      const std::size_t count = node_count(elements.type->kind);
      const auto from = elements.nodes.begin() + static_cast<std::ptrdiff_t>(count * at.element);
      ElementBlock& block = blocks[at.type];
      block.kind = elements.type->kind;
      block.tags.push_back(tag);
      block.nodes.insert(block.nodes.end(), from, from + static_cast<std::ptrdiff_t>(count));
    }
    for (ElementBlock& block : blocks)
      if (!block.tags.empty())
      {
        block.region = regions.indices(std::vector<std::uint32_t>(block.tags.size(), s));
        mesh.blocks.push_back(std::move(block));
      }
  }
}

} // namespace

void add_cells(Part& part, const Numbers& numbers, const std::string& deck, FileMesh& mesh)
{
  const SetOfElement by_section =
      part.sections.empty() ? SetOfElement() : sets_of_sections(part, numbers, deck);
  RegionOfSet regions(part, deck);
  add_surface_groups(part, numbers, regions, mesh);
  for (std::size_t t = 0; t < part.elements.size(); ++t)
  {
    Elements& elements = part.elements[t];
    const ElementType& type = *elements.type;
    if (type.role == Role::left_out)
    {
      mesh.ignored.push_back(std::to_string(elements.tags.size()) + " elements of type " +
                             std::string(type.name));
      continue;
    }
    const bool of_section = type.role == Role::cell && !by_section.empty();
    ElementBlock block = {type.kind, elements.tags, std::move(elements.nodes),
                          regions.indices(of_section ? by_section[t] : elements.set)};
    mesh.blocks.push_back(std::move(block));
  }
  mesh.regions = std::move(regions).names();
}

} // namespace calcar::mesh::abaqus
