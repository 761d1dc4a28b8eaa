#include "geometry/rotation.hpp"
#include "mesh/abaqus_model.hpp"

#include <array>

namespace calcar::mesh::abaqus
{
namespace
{

/// All numbers of a positioning line; an empty field is zero.
template <std::size_t count>
std::array<double, count> read_reals(std::string_view line, const Lines& lines)
{
  std::array<double, count> values = {};
  std::size_t n = 0;
  std::string_view field;
  for (Fields fields(line); fields.next(field); ++n)
  {
    const auto value = field.empty() ? std::optional<double>(0) : real_number(field);
    if (!value || (n >= count && !field.empty()))
      refuse(lines.place(), "\"" + printable(line) + "\" is not a position of an instance",
             "first line: the translation x, y, z; second line: two points a, b of the axis and "
             "the angle in degrees",
             "correct the line");
    if (n < count)
      values[n] = *value;
  }
  if (n < count)
    refuse(lines.place(), "a position of an instance with " + std::to_string(n) + " numbers",
           std::to_string(count) + " numbers", "complete the line");
  return values;
}

/// Adds sets under their names in the assembly and returns their indices there.
std::vector<std::uint32_t> add_sets(const Sets& from, const Instance& instance, Sets& to)
{
  std::vector<std::uint32_t> indices;
  for (Set set : from.all())
  {
    set.key = instance.key + "." + set.key;
    set.name = instance.name + "." + set.name;
    for (std::uint64_t& member : set.members)
      member += instance.offset;
    for (Range& range : set.ranges)
    {
      range.first += instance.offset;
      range.last += instance.offset;
    }
    indices.push_back(to.add(set));
  }
  return indices;
}

void add_elements(const Part& part, const Instance& instance,
                  const std::vector<std::uint32_t>& sets, Part& assembly)
{
  for (const Elements& from : part.elements)
  {
    Elements& to = elements_of(assembly, *from.type);
    for (const std::uint64_t tag : from.tags)
      to.tags.push_back(tag + instance.offset);
    to.marks.insert(to.marks.end(), from.marks.begin(), from.marks.end());
    for (const std::uint64_t node : from.nodes)
      to.nodes.push_back(node + instance.offset);
    for (const std::uint32_t set : from.set)
      to.set.push_back(set == Elements::no_set ? set : sets[set]);
  }
}

} // namespace

void read_position(Lines& lines, Instance& instance)
{
  if (const auto line = lines.data_line())
  {
    const auto t = read_reals<3>(*line, lines);
    instance.translation = {t[0], t[1], t[2]};
  }
  if (const auto line = lines.data_line())
  {
    const auto r = read_reals<7>(*line, lines);
    const Vec3 a = {r[0], r[1], r[2]};
    const Vec3 axis = Vec3{r[3], r[4], r[5]} - a;
    if (norm(axis) == 0)
      refuse(lines.place(), "the axis of rotation of instance \"" + instance.name + "\" is a point",
             "two different points", "correct the line");
    instance.rotation = geometry::rotation_about(axis, geometry::radians(r[6]));
    instance.rotation_centre = a;
  }
  if (lines.data_line())
    refuse(lines.place(), "a third line of positions of instance \"" + instance.name + "\"",
           "a translation and a rotation", "remove the line");
}

void add_instance(const Part& part, const Instance& instance, Part& assembly)
{
  for (const std::uint64_t tag : part.node_tags)
    assembly.node_tags.push_back(tag + instance.offset);
  assembly.node_marks.insert(assembly.node_marks.end(), part.node_marks.begin(),
                             part.node_marks.end());
  const bool turned = instance.rotation != identity();
  for (const Vec3& point : part.points)
  {
    const Vec3 moved = point + instance.translation;
    assembly.points.push_back(turned ? instance.rotation_centre +
                                           instance.rotation * (moved - instance.rotation_centre)
                                     : moved);
  }
  add_sets(part.node_sets, instance, assembly.node_sets);
  add_sets(part.node_surfaces, instance, assembly.node_surfaces);
  add_elements(part, instance, add_sets(part.element_sets, instance, assembly.element_sets),
               assembly);
  const std::string prefix = instance.key + ".";
  for (Surface surface : part.surfaces)
  {
    surface.name = instance.name + "." + surface.name;
    for (SurfaceFaces& faces : surface.faces)
    {
      if (faces.element != 0)
        faces.element += instance.offset;
      else
        faces.set = prefix + faces.set;
    }
    assembly.surfaces.push_back(std::move(surface));
  }
  for (const Section& section : part.sections)
    assembly.sections.push_back({section.card, prefix + section.set, section.place});
  for (const auto& [variant, count] : part.kinds_of_variants)
    assembly.kinds_of_variants[variant] += count;
}

} // namespace calcar::mesh::abaqus
