#include "mesh/abaqus.hpp"

#include "base/text.hpp"
#include "mesh/abaqus_cards.hpp"
#include "mesh/abaqus_model.hpp"

#include <unordered_set>

namespace calcar::mesh
{
namespace
{
using namespace abaqus;

/// Greater than all numbers of a part.
constexpr std::uint64_t numbers_of_instance = 1'000'000'000;
constexpr std::uint64_t numbers_of_assembly = 1000 * numbers_of_instance;

/// A part by its folded name.
struct NamedPart
{
  std::string name;
  Part part;
  bool used = false;
};

/// What has been read of a deck.
struct Deck
{
  Part whole; ///< the assembly, or all of a deck without parts
  std::map<std::string, NamedPart> parts;
  std::map<std::string, std::uint64_t> offsets; ///< of instances by folded name
  std::vector<Instance> instances;
  Part* part = nullptr; ///< the one that is open
  Part of_instance;     ///< its part with what the instance adds
  Scope assembly = {numbers_of_assembly, "", &offsets};
  bool in_assembly = false;
  bool in_instance = false;
  PassedOver passed_over;
};

[[noreturn]] void refuse_order(const Card& card, const std::string& where)
{
  refuse(card.place, card.written + " " + where, "", "correct the order of the cards");
}

void begin_part(const Card& card, Deck& deck)
{
  const std::string name = card.required("NAME", "*PART, NAME=Femur");
  if (deck.part != nullptr || deck.in_assembly)
    refuse_order(card, "before the end of the part or assembly above");
  if (!deck.whole.empty())
    refuse_order(card, "in a deck with nodes outside of parts");
  const auto [entry, is_new] =
      deck.parts.try_emplace(fold(name), NamedPart{shown(name), {}, false});
  if (!is_new)
    refuse(card.place, "part \"" + shown(name) + "\" is defined twice", "", "rename one of them");
  deck.part = &entry->second.part;
}

void end_part(const Card& card, Deck& deck)
{
  if (deck.part == nullptr || deck.in_instance)
    refuse_order(card, "without *PART");
  deck.part = nullptr;
}

void begin_instance(Lines& lines, const Card& card, Deck& deck)
{
  constexpr std::size_t most = 999;
  const std::string name = card.required("NAME", "*INSTANCE, NAME=Femur-1, PART=Femur");
  const std::string part = card.required("PART", "*INSTANCE, NAME=Femur-1, PART=Femur");
  if (!deck.in_assembly || deck.in_instance)
    refuse_order(card, deck.in_instance ? "before *END INSTANCE" : "outside of *ASSEMBLY");
  const auto found = deck.parts.find(fold(part));
  if (found == deck.parts.end())
    refuse(card.place, "there is no part \"" + printable(part) + "\"", "",
           "define it above, or correct its name");
  Instance instance;
  instance.name = shown(name);
  instance.key = fold(name);
  instance.offset = deck.instances.size() * numbers_of_instance;
  if (!deck.offsets.emplace(instance.key, instance.offset).second)
    refuse(card.place, "instance \"" + instance.name + "\" is defined twice", "",
           "rename one of them");
  if (deck.instances.size() == most)
    refuse(card.place, "more than 999 instances", "", "merge parts");
  read_position(lines, instance);
  deck.instances.push_back(instance);
  deck.of_instance = found->second.part;
  found->second.used = true;
  deck.part = &deck.of_instance;
  deck.in_instance = true;
}

void end_instance(const Card& card, Deck& deck)
{
  if (!deck.in_instance)
    refuse_order(card, "without *INSTANCE");
  add_instance(deck.of_instance, deck.instances.back(), deck.whole);
  deck.of_instance = {};
  deck.in_instance = false;
  deck.part = nullptr;
}

void begin_assembly(const Card& card, Deck& deck)
{
  if (deck.part != nullptr || deck.in_assembly)
    refuse_order(card, "before the end of the part or assembly above");
  if (!deck.whole.empty())
    refuse_order(card, "in a deck with nodes outside of parts");
  deck.in_assembly = true;
}

void end_assembly(const Card& card, Deck& deck)
{
  if (!deck.in_assembly || deck.in_instance)
    refuse_order(card, deck.in_instance ? "before *END INSTANCE" : "without *ASSEMBLY");
  deck.in_assembly = false;
}

/// Cards that open and close parts and instances; false for others.
bool read_structure(Lines& lines, const Card& card, Deck& deck)
{
  if (card.keyword == "PART")
    begin_part(card, deck);
  else if (card.keyword == "ENDPART")
    end_part(card, deck);
  else if (card.keyword == "INSTANCE")
    begin_instance(lines, card, deck);
  else if (card.keyword == "ENDINSTANCE")
    end_instance(card, deck);
  else if (card.keyword == "ASSEMBLY")
    begin_assembly(card, deck);
  else if (card.keyword == "ENDASSEMBLY")
    end_assembly(card, deck);
  else
    return false;
  return true;
}

/// Cards of the mesh; false for others.
bool read_mesh_card(Lines& lines, const Card& card, Deck& deck)
{
  const bool of_assembly = deck.part == nullptr && !deck.parts.empty();
  const Scope scope = of_assembly ? deck.assembly : Scope();
  Part& part = deck.part != nullptr ? *deck.part : deck.whole;
  const bool nodes = card.keyword == "NODE" || card.keyword == "ELEMENT";
  if (nodes && of_assembly && !deck.in_assembly)
    refuse_order(card, "outside of the parts of a deck with parts");
  if (card.keyword == "NODE")
    read_nodes(lines, card, scope, part);
  else if (card.keyword == "ELEMENT")
    read_elements(lines, card, scope, part);
  else if (card.keyword == "NSET")
    read_node_set(lines, card, scope, part);
  else if (card.keyword == "ELSET")
    read_element_set(lines, card, scope, part);
  else if (card.keyword == "SURFACE")
    read_surface(lines, card, scope, part);
  else if (is_section(card.keyword))
    read_section(card, part);
  else
    return false;
  return true;
}

/// A deck that ends with its only part has that part as its mesh.
void close(Deck& deck, const std::string& place)
{
  if (deck.part != nullptr || deck.in_assembly)
    refuse(place,
           std::string("the deck ends within a") + (deck.in_instance   ? "n instance"
                                                    : deck.in_assembly ? "n assembly"
                                                                       : " part"),
           "", "complete it: its end is missing");
  if (deck.instances.empty() && deck.parts.size() == 1)
  {
    if (!deck.whole.node_sets.all().empty() || !deck.whole.element_sets.all().empty() ||
        !deck.whole.surfaces.empty() || !deck.whole.node_surfaces.all().empty())
      refuse(place, "sets or surfaces outside of the part, and no *INSTANCE that places it", "",
             "add an *ASSEMBLY with an instance of the part");
    deck.whole = std::move(deck.parts.begin()->second.part);
    deck.parts.begin()->second.used = true;
  }
  else if (deck.instances.empty() && deck.parts.size() > 1)
    refuse(place, std::to_string(deck.parts.size()) + " parts, and no *INSTANCE that places them",
           "", "add an *ASSEMBLY with instances of the parts");
}

void warn_of_parts(const Deck& deck, const std::string& place, Warnings& warnings)
{
  std::vector<std::string> unused;
  for (const auto& [key, part] : deck.parts)
    if (!part.used)
      unused.push_back(part.name);
  if (!unused.empty())
    warnings.push_back(
        {"mesh_unused_parts", "parts without an instance are left out: " + join(unused), place});
  std::vector<std::string> numbered;
  for (const Instance& instance : deck.instances)
    if (instance.offset > 0)
      numbered.push_back(instance.name + " by " + std::to_string(instance.offset));
  if (!numbered.empty())
    warnings.push_back({"mesh_instance_numbers",
                        "numbers of nodes and elements of instances are raised: " + join(numbered),
                        place});
}

void warn_of_elements(const Part& part, const std::string& place, Warnings& warnings)
{
  for (const auto& [variant, count] : part.kinds_of_variants)
    warnings.push_back({"mesh_element_variant",
                        std::to_string(count) + " elements " + variant +
                            " are computed as fully integrated displacement elements",
                        place});
  for (const Elements& elements : part.elements)
    if (elements.type->role == Role::surface)
      warnings.push_back({"mesh_surface_elements",
                          std::to_string(elements.tags.size()) + " elements of type " +
                              std::string(elements.type->name) +
                              " have no section and are read as faces of solid elements",
                          place});
}

/// Element sets that mean nothing here: neither regions, nor parts of surfaces.
void warn_of_sets(const Part& part, const FileMesh& mesh, const std::string& place,
                  Warnings& warnings)
{
  std::unordered_set<std::string> used(mesh.regions.begin(), mesh.regions.end());
  for (const Surface& surface : part.surfaces)
    for (const SurfaceFaces& faces : surface.faces)
      if (const Set* set = part.element_sets.find(faces.set))
        used.insert(set->name);
  std::vector<std::string> lost;
  for (const Set& set : part.element_sets.all())
    if (!set.internal && !used.contains(set.name))
      lost.push_back(set.name);
  if (!lost.empty())
    warnings.push_back(
        {"mesh_element_sets",
         "element sets that do not make regions are left out: " + join(lost) + " (regions are " +
             (part.sections.empty() ? "the ELSETs of *ELEMENT cards" : "the sets of sections") +
             ")",
         place});
}

/// The deck alone does not make the mesh: these files belong to it.
void warn_of_files(const std::vector<Source>& included, const std::string& place,
                   Warnings& warnings)
{
  std::vector<std::string> files;
  for (const Source& source : included)
    files.push_back(source.path + " (SHA-256 " + source.sha256 + ")");
  if (!files.empty())
    warnings.push_back({"mesh_included_files", "the deck includes " + join(files), place});
}

} // namespace

FileMesh read_abaqus(const std::string& text, const std::string& place, double mm_per_unit)
{
  Lines lines(text, place);
  Deck deck;
  while (const auto card = lines.next_card())
    if (!read_structure(lines, *card, deck) && !read_mesh_card(lines, *card, deck))
      pass_over(*card, deck.passed_over);
  close(deck, lines.place());

  FileMesh mesh;
  const Numbers numbers(deck.whole, lines);
  add_cells(deck.whole, numbers, place, mesh);
  add_sets(deck.whole, numbers, mesh);
  warn_of_parts(deck, place, mesh.warnings);
  warn_of_elements(deck.whole, place, mesh.warnings);
  warn_of_sets(deck.whole, mesh, place, mesh.warnings);
  warn_of_cards(deck.passed_over, mesh.warnings);
  warn_of_files(lines.included(), place, mesh.warnings);
  mesh.included = lines.included();
  mesh.points = std::move(deck.whole.points);
  for (Vec3& point : mesh.points)
    point *= mm_per_unit;
  mesh.node_tags = std::move(deck.whole.node_tags);
  return mesh;
}

} // namespace calcar::mesh
