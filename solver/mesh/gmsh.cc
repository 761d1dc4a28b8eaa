#include "mesh/gmsh.hpp"

#include "mesh/gmsh_file.hpp"
#include "mesh/refuse.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace calcar::mesh
{
namespace
{

constexpr const char* save_again = "save the mesh from Gmsh (File > Export, version 4.1 or 2.2)";

/// "3 1 "Femur"": dimension, number and name. A name may hold blanks, and quotes inside its own.
void read_name(NumberStream& stream, GmshFile& file)
{
  stream.next_record();
  const int dimension = static_cast<int>(stream.integer("the dimension of a physical group"));
  const std::int64_t tag = stream.integer("the number of a physical group");
  const std::string_view quoted = stream.line();
  if (quoted.size() < 3 || quoted.front() != '"' || quoted.back() != '"')
    stream.refuse("physical group " + std::to_string(tag) + " has no name", "a name in quotes",
                  save_again);
  const std::string name(quoted.substr(1, quoted.size() - 2));
  for (const auto& [key, known] : file.names)
    if (key.first == dimension && known == name && key.second != tag)
      stream.refuse("physical groups " + std::to_string(key.second) + " and " +
                        std::to_string(tag) + " are both named \"" + name + "\"",
                    "different names", "rename one of them");
  if (!file.names.try_emplace({dimension, tag}, name).second)
    stream.refuse("physical group " + std::to_string(tag) + " is named twice", "one name",
                  save_again);
}

void read_names(NumberStream& stream, GmshFile& file)
{
  stream.next_record();
  const std::uint64_t count = stream.size("the number of physical names");
  stream.end_record();
  stream.expect(count, 3, 6, "physical names");
  for (std::uint64_t n = 0; n < count; ++n)
    read_name(stream, file);
}

/// The 1 behind the format's line tells of the order of bytes.
void read_byte_order(NumberStream& stream, GmshFile& file)
{
  stream.set_binary(false);
  const std::int64_t one = stream.integer("the number 1 (order of bytes)");
  file.swapped = one == 0x01000000;
  if (one != 1 && !file.swapped)
    stream.refuse("the order of bytes cannot be told", "the number 1 in 4 bytes", save_again);
  stream.set_text();
}

void read_format(NumberStream& stream, GmshFile& file)
{
  stream.next_record();
  const std::string version(stream.word("the version"));
  file.version_2 = version == "2.2" || version == "2.1" || version == "2.0" || version == "2";
  if (!file.version_2 && version != "4.1")
    stream.refuse("Gmsh format " + version.substr(0, 20), "2.2, 4.1", save_again);
  const std::int64_t type = stream.integer("0 (text) or 1 (binary)");
  if (type != 0 && type != 1)
    stream.refuse("file type " + std::to_string(type), "0 (text), 1 (binary)", save_again);
  const std::int64_t bytes = stream.integer("the size of numbers");
  file.binary = type == 1;
  if (file.binary && bytes != 8)
    stream.refuse("numbers of " + std::to_string(bytes) + " bytes", "8",
                  "save as text, or on a machine of 64 bits");
  stream.end_record();
  if (file.binary)
    read_byte_order(stream, file);
}

struct Section
{
  const char* name;
  void (*read_2)(NumberStream&, GmshFile&); ///< nullptr: passed over
  void (*read_4)(NumberStream&, GmshFile&);
  bool mentioned = false; ///< the user is told when it is passed over
};

constexpr std::array<Section, 13> sections = {{
    {"MeshFormat", read_format, read_format},
    {"PhysicalNames", read_names, read_names},
    {"Entities", nullptr, read_entities},
    {"PartitionedEntities", nullptr, read_partitioned_entities},
    {"Nodes", read_nodes_2, read_nodes_4},
    {"Elements", read_elements_2, read_elements_4},
    {"Comments", nullptr, nullptr},
    {"Periodic", nullptr, nullptr},
    {"GhostElements", nullptr, nullptr},
    {"Parametrizations", nullptr, nullptr},
    {"NodeData", nullptr, nullptr, true},
    {"ElementData", nullptr, nullptr, true},
    {"ElementNodeData", nullptr, nullptr, true},
}};
constexpr Section unknown = {"", nullptr, nullptr, true};

const Section& section_of(const std::string& name)
{
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [&](const Section& s) { return name == s.name; });
  return found == sections.end() ? unknown : *found;
}

void pass_over(NumberStream& stream, const std::string& name, bool mentioned, GmshFile& file)
{
  if (!stream.skip_past("$End" + name))
    stream.refuse("section $" + name + " has no $End" + name, "", save_again);
  stream.line();
  if (mentioned)
    file.sections_left_out.push_back("section $" + name);
}

/// One section; `begin` is where its $ stands.
void read_section(NumberStream& stream, const std::string& name, std::set<std::string>& read,
                  GmshFile& file)
{
  const Section& section = section_of(name);
  if (name == "NOD" || name == "NOE" || name == "ELM")
    stream.refuse("Gmsh format 1", "2.2, 4.1", save_again);
  if (name == "ParametricNodes")
    stream.refuse("nodes with parametric coordinates in format 2.2 ($ParametricNodes)", "$Nodes",
                  "save with Mesh.SaveParametric = 0, or in format 4.1");
  if (name != "MeshFormat" && name != "Comments" && !read.contains("MeshFormat"))
    stream.refuse("section $" + name + " before $MeshFormat", "$MeshFormat first", save_again);
  const auto function = file.version_2 ? section.read_2 : section.read_4;
  if (!function)
    return pass_over(stream, name, section.mentioned, file);
  if (!read.insert(name).second)
    stream.refuse("section $" + name + " a second time", "each section once", save_again);
  function(stream, file);
  stream.set_text();
  stream.next_record();
  const std::size_t end = stream.position();
  if (stream.line() != "$End" + name)
    stream.refuse_at(end, "no $End" + name + " behind the last entry of $" + name,
                     "as many entries as announced", save_again);
}

} // namespace

FileMesh read_gmsh(const std::string& text, const std::string& place, double mm_per_unit)
{
  NumberStream stream(text, place);
  GmshFile file;
  std::set<std::string> read;
  while (stream.next_record())
  {
    const std::string_view line = stream.line();
    if (line.starts_with('$')) // Gmsh passes over what stands between sections
      read_section(stream, std::string(line.substr(1)), read, file);
  }
  for (const char* name : {"MeshFormat", "Nodes", "Elements"})
    if (!read.contains(name))
      refuse(place, std::string("the file has no section $") + name, "a mesh of Gmsh", save_again);
  return regions_of(std::move(file), place, mm_per_unit);
}

} // namespace calcar::mesh
