#include "mesh/abaqus_part.hpp"

#include <array>
#include <span>

namespace calcar::mesh::abaqus
{
namespace
{

/// Its data may stand in a file of its own.
void enter_input(Lines& lines, const Card& card)
{
  if (const auto file = card.value("INPUT"))
    lines.enter(*file, card.place);
}

[[noreturn]] void refuse_incomplete(std::span<const std::uint64_t> numbers, std::size_t count,
                                    const std::string& place)
{
  refuse(place,
         "element " + std::to_string(numbers[0]) + " has " + std::to_string(count - 1) + " of " +
             std::to_string(numbers.size() - 1) + " nodes",
         "a line that goes on ends with a comma",
         "complete it, or correct TYPE= of its *ELEMENT card");
}

/// Puts the numbers of a line behind the `count` that are there.
std::size_t read_numbers(std::string_view line, std::span<std::uint64_t> numbers, std::size_t count,
                         const Lines& lines)
{
  std::string_view field;
  bool gap = false;
  for (Fields fields(line); fields.next(field);)
  {
    if (field.empty()) // allowed behind the last comma
    {
      gap = true;
      continue;
    }
    const auto number = node_number(field);
    if (gap || !number)
      refuse(lines.place(),
             gap ? "an empty field among the nodes of an element"
                 : "\"" + printable(field) + "\" is not the number of a node or element",
             "whole numbers from 1 to 999999999", "correct the number");
    if (count == numbers.size())
      refuse(lines.place(),
             "element " + std::to_string(numbers[0]) + " has more than " +
                 std::to_string(numbers.size() - 1) + " nodes",
             "", "correct TYPE= of its *ELEMENT card, or complete the element before");
    numbers[count++] = *number;
  }
  return count;
}

/// Reads an element's numbers, which may go on over several lines; false when there is none.
bool read_element(Lines& lines, std::span<std::uint64_t> numbers)
{
  constexpr std::size_t full_line = 16;
  std::size_t count = 0;
  while (count < numbers.size())
  {
    const auto line = lines.data_line();
    if (!line && count == 0)
      return false;
    if (!line)
      refuse_incomplete(numbers, count, lines.place());
    count = read_numbers(*line, numbers, count, lines);
    if (count == 0)
      refuse(lines.place(), "a line of commas in place of an element", "number, nodes",
             "remove the line");
    if (count < numbers.size() && !line->ends_with(',') && count != full_line)
      refuse_incomplete(numbers, count, lines.place());
  }
  return true;
}

/// One of the coordinates: an empty field is zero.
double coordinate(std::string_view field, const Lines& lines)
{
  const auto value = field.empty() ? std::optional<double>(0) : real_number(field);
  if (!value)
    refuse(lines.place(), "\"" + printable(field) + "\" is not a coordinate",
           "numbers like 1.5, .5, 1.E-3", "correct the number");
  return *value;
}

/// A member of a set by its number or as "instance.number"; 0 when it is neither.
std::uint64_t numbered_member(std::string_view field, const Scope& scope)
{
  if (const auto number = node_number(field))
    return *number + scope.offset;
  const std::size_t dot = field.rfind('.');
  if (scope.instances == nullptr || dot == std::string_view::npos)
    return 0;
  const auto instance = scope.instances->find(fold(field.substr(0, dot)));
  const auto number = node_number(field.substr(dot + 1));
  return number && instance != scope.instances->end() ? *number + instance->second : 0;
}

/// The set that a name means in a scope.
const Set& named_member(std::string_view field, const Scope& scope, const Sets& sets,
                        const Lines& lines)
{
  const std::string name = fold(field);
  const Set* set = sets.find(scope.prefix + name);
  if (set == nullptr)
    set = sets.find(name);
  if (set == nullptr)
    refuse(lines.place(), "\"" + printable(field) + "\" is neither a number nor a set",
           "numbers from 1 to 999999999 and names of sets defined before",
           "define the set above this line, or correct its name");
  return *set;
}

/// "first, last, step" (step 1 when it is left out)
void read_range(std::string_view line, const Lines& lines, const Scope& scope, Set& set)
{
  std::array<std::uint64_t, 3> range = {0, 0, 1};
  std::size_t count = 0;
  std::string_view field;
  for (Fields fields(line); fields.next(field);)
  {
    if (field.empty())
      continue;
    const auto number = node_number(field);
    if (!number || count == 3)
      refuse(lines.place(), "\"" + printable(line) + "\" is not a range", "first, last, step",
             "write three whole numbers from 1 to 999999999");
    range[count++] = *number;
  }
  if (count < 2 || range[1] < range[0])
    refuse(lines.place(), "\"" + printable(line) + "\" is not a range", "first, last, step",
           "write the smaller number first");
  set.ranges.push_back({range[0] + scope.offset, range[1] + scope.offset, range[2]});
}

void append(Set& to, const Set& from)
{
  to.members.insert(to.members.end(), from.members.begin(), from.members.end());
  to.ranges.insert(to.ranges.end(), from.ranges.begin(), from.ranges.end());
}

/// The scope of a card in an assembly that names its instance.
Scope scope_of(const Card& card, const Scope& scope)
{
  const auto instance = card.value("INSTANCE");
  if (!instance)
    return scope;
  if (scope.instances == nullptr || !scope.instances->contains(fold(*instance)))
    refuse(card.place, "there is no instance \"" + printable(*instance) + "\"", "",
           "define it above, or correct its name");
  return {scope.instances->at(fold(*instance)), fold(*instance) + ".", scope.instances};
}

/// Numbers, names of sets, or ranges, into a set that is not one of `sets`: a set may list itself.
void read_members(Lines& lines, const Card& card, const Scope& scope, const Sets& sets, Set& set)
{
  const bool generate = card.has("GENERATE");
  std::string_view field;
  while (const auto line = lines.data_line())
  {
    if (generate)
    {
      read_range(*line, lines, scope, set);
      continue;
    }
    for (Fields fields(*line); fields.next(field);)
    {
      if (field.empty())
        continue;
      if (const std::uint64_t number = numbered_member(field, scope))
      {
        set.members.push_back(number);
        continue;
      }
      append(set, named_member(field, scope, sets, lines));
    }
  }
}

void read_set(Lines& lines, const Card& card, const Scope& scope, const std::string& name,
              Sets& sets)
{
  Set set = {fold(name), shown(name), card.place, card.has("INTERNAL"), {}, {}};
  read_members(lines, card, scope_of(card, scope), sets, set);
  sets.add(set);
}

/// Numbers from `before` on become members of the set that a card names.
std::uint32_t add_all(const std::string& name, const Card& card,
                      const std::vector<std::uint64_t>& numbers, std::size_t before, Sets& sets)
{
  const std::uint32_t index = sets.add({fold(name), shown(name), card.place, false, {}, {}});
  auto& members = sets[index].members;
  members.insert(members.end(), numbers.begin() + static_cast<std::ptrdiff_t>(before),
                 numbers.end());
  return index;
}

/// "S3" as 2.
std::uint8_t face_of(std::string_view field, const Lines& lines)
{
  const std::string name = fold(field);
  if (name.size() == 2 && name[0] == 'S' && name[1] >= '1' && name[1] <= '6')
    return static_cast<std::uint8_t>(name[1] - '1');
  refuse(lines.place(),
         name.empty() ? "a surface without a face" : "\"" + printable(field) + "\" is not a face",
         "S1 to S4 of tetrahedra, S1 to S6 of hexahedra",
         "name the faces of solid elements: \"element or set, S1\"");
}

void read_element_surface(Lines& lines, const Card& card, const Scope& scope, Part& part)
{
  const std::string name = shown(card.required("NAME", "*SURFACE, NAME=Head, TYPE=ELEMENT"));
  Surface surface = {name, card.place, card.has("INTERNAL"), {}};
  while (const auto line = lines.data_line())
  {
    std::string_view first;
    std::string_view second;
    Fields fields(*line);
    fields.next(first);
    fields.next(second);
    SurfaceFaces faces;
    faces.face = face_of(second, lines);
    faces.place = lines.place();
    faces.element = numbered_member(first, scope);
    if (faces.element == 0)
    {
      const std::string set = fold(first);
      faces.set = part.element_sets.find(scope.prefix + set) != nullptr ? scope.prefix + set : set;
    }
    surface.faces.push_back(faces);
  }
  part.surfaces.push_back(std::move(surface));
}

/// Nodes and sets of nodes, each on a line of its own, behind it an area that is not needed.
void read_node_surface(Lines& lines, const Card& card, const Scope& scope, Part& part)
{
  const std::string name = card.required("NAME", "*SURFACE, NAME=Head, TYPE=NODE");
  Set surface = {fold(name), shown(name), card.place, card.has("INTERNAL"), {}, {}};
  while (const auto line = lines.data_line())
  {
    std::string_view field;
    Fields(*line).next(field);
    if (const std::uint64_t number = numbered_member(field, scope))
    {
      surface.members.push_back(number);
      continue;
    }
    append(surface, named_member(field, scope, part.node_sets, lines));
  }
  part.node_surfaces.add(surface);
}

} // namespace

std::uint32_t Sets::add(const Set& set)
{
  const auto [entry, is_new] =
      known_.try_emplace(set.key, static_cast<std::uint32_t>(sets_.size()));
  if (is_new)
    sets_.push_back(set);
  else
    append(sets_[entry->second], set);
  return entry->second;
}

const Set* Sets::find(const std::string& key) const
{
  const auto found = known_.find(key);
  return found == known_.end() ? nullptr : &sets_[found->second];
}

Elements& elements_of(Part& part, const ElementType& type)
{
  for (Elements& elements : part.elements)
    if (elements.type == &type)
      return elements;
  part.elements.emplace_back().type = &type;
  return part.elements.back();
}

std::size_t nodes_kept(const ElementType& type)
{
  return type.role == Role::left_out ? 0 : node_count(type.kind);
}

void read_nodes(Lines& lines, const Card& card, const Scope& scope, Part& part)
{
  constexpr int most_fields = 7; // number, coordinates, direction of a shell's normal
  const auto system = card.value("SYSTEM");
  if (system && fold(*system) != "R")
    refuse(card.place, "*NODE with SYSTEM=" + printable(*system),
           "rectangular coordinates, SYSTEM=R", "write the nodes in rectangular coordinates");
  const auto name = card.value("NSET");
  const std::size_t before = part.node_tags.size();
  enter_input(lines, card);
  while (const auto line = lines.data_line())
  {
    std::string_view field;
    Fields fields(*line);
    fields.next(field);
    const auto number = node_number(field);
    if (!number)
      refuse(lines.place(), "\"" + printable(field) + "\" is not the number of a node",
             "whole numbers from 1 to 999999999", "write: number, x, y, z");
    Vec3 point;
    int count = 1;
    for (; fields.next(field); ++count)
      if (count <= 3)
        point[static_cast<std::size_t>(count - 1)] = coordinate(field, lines);
    if (count < 4 || count > most_fields + 1)
      refuse(lines.place(),
             "node " + std::to_string(*number) + " has " + std::to_string(count - 1) +
                 " coordinates",
             "three, an empty field is zero", "write: number, x, y, z");
    part.node_tags.push_back(*number + scope.offset);
    part.node_marks.push_back(lines.mark());
    part.points.push_back(point);
  }
  if (name)
    add_all(*name, card, part.node_tags, before, part.node_sets);
}

void read_elements(Lines& lines, const Card& card, const Scope& scope, Part& part)
{
  const ElementType& type =
      element_type(fold(card.required("TYPE", "*ELEMENT, TYPE=C3D10")), card.place);
  const auto name = card.value("ELSET");
  Elements& elements = elements_of(part, type);
  const std::size_t before = elements.tags.size();
  std::array<std::uint64_t, 21> buffer = {};
  const std::span<std::uint64_t> numbers(buffer.data(), static_cast<std::size_t>(type.nodes) + 1);
  enter_input(lines, card);
  while (read_element(lines, numbers))
  {
    elements.tags.push_back(numbers[0] + scope.offset);
    elements.marks.push_back(lines.mark());
    for (std::size_t n = 0; n < nodes_kept(type); ++n)
      elements.nodes.push_back(numbers[n + 1] + scope.offset);
  }
  elements.set.resize(elements.tags.size(),
                      name ? add_all(*name, card, elements.tags, before, part.element_sets)
                           : Elements::no_set);
  if (!type.difference.empty())
    part.kinds_of_variants[std::string(type.name) + " (" + std::string(type.difference) + ")"] +=
        elements.tags.size() - before;
}

void read_node_set(Lines& lines, const Card& card, const Scope& scope, Part& part)
{
  const std::string name = card.required("NSET", "*NSET, NSET=Head");
  if (const auto of = card.value("ELSET"))
    refuse(card.place, "*NSET with ELSET=" + printable(*of),
           "numbers, names of node sets, GENERATE", "list the nodes");
  read_set(lines, card, scope, name, part.node_sets);
}

void read_element_set(Lines& lines, const Card& card, const Scope& scope, Part& part)
{
  const std::string name = card.required("ELSET", "*ELSET, ELSET=Cortex");
  read_set(lines, card, scope, name, part.element_sets);
}

void read_surface(Lines& lines, const Card& card, const Scope& scope, Part& part)
{
  const std::string type = fold(card.value("TYPE").value_or("ELEMENT"));
  if (card.has("COMBINE") || card.has("CROP"))
    refuse(card.place, "*SURFACE made of other surfaces", "lists of faces", "list its faces");
  if (type == "ELEMENT")
    read_element_surface(lines, card, scope, part);
  else if (type == "NODE")
    read_node_surface(lines, card, scope, part);
  else
    refuse(card.place, "*SURFACE of TYPE=" + printable(type), "ELEMENT, NODE",
           "remove it from the deck: only surfaces of the body are read");
}

void read_section(const Card& card, Part& part)
{
  if (const auto set = card.value("ELSET"))
    part.sections.push_back({card.written, fold(*set), card.place});
}

} // namespace calcar::mesh::abaqus
