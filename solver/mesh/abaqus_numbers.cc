#include "mesh/abaqus_numbers.hpp"

#include <algorithm>

namespace calcar::mesh::abaqus
{
namespace
{

std::vector<std::uint64_t> all_tags(const Part& part)
{
  std::vector<std::uint64_t> tags;
  for (const Elements& elements : part.elements)
    tags.insert(tags.end(), elements.tags.begin(), elements.tags.end());
  return tags;
}

/// The numbers of a range that exist: looks up each, or goes through all that exist when these are
/// fewer.
void add_range(const Range& range, const std::vector<std::uint64_t>& tags, const TagIndex& index,
               std::vector<std::uint64_t>& numbers)
{
  if ((range.last - range.first) / range.step < tags.size())
  {
    for (std::uint64_t n = range.first; n <= range.last; n += range.step)
      if (index.find(n))
        numbers.push_back(n);
    return;
  }
  for (const std::uint64_t n : tags)
    if (n >= range.first && n <= range.last && (n - range.first) % range.step == 0)
      numbers.push_back(n);
}

std::vector<std::uint64_t> numbers_of(const Set& set, const std::vector<std::uint64_t>& tags,
                                      const TagIndex& index, const std::string& kind)
{
  std::vector<std::uint64_t> numbers = set.members;
  for (const std::uint64_t number : numbers)
    if (!index.find(number))
      refuse(set.place,
             kind + " set \"" + set.name + "\" names " + kind + " " + std::to_string(number) +
                 ", which the deck does not have",
             "", "correct the set");
  for (const Range& range : set.ranges)
    add_range(range, tags, index, numbers);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

[[noreturn]] void refuse_twice(const std::string& kind, std::uint64_t number,
                               const std::vector<std::uint64_t>& tags,
                               const std::vector<Mark>& marks, const Lines& lines)
{
  const auto first = std::find(tags.begin(), tags.end(), number);
  const auto second = std::find(first + 1, tags.end(), number);
  const auto place = [&](auto tag)
  { return lines.place(marks[static_cast<std::size_t>(tag - tags.begin())]); };
  refuse(place(second),
         kind + " number " + std::to_string(number) + " is given twice, first at " + place(first),
         "each number once", "renumber one of them");
}

} // namespace

Numbers::Numbers(const Part& part, const Lines& lines)
    : element_tags_(all_tags(part)), node_tags_(part.node_tags), elements_(element_tags_),
      nodes_(node_tags_)
{
  for (const Elements& elements : part.elements)
    ends_.push_back((ends_.empty() ? 0 : ends_.back()) + elements.tags.size());
  check_twice(part, lines);
  check_nodes(part, lines);
}

void Numbers::check_twice(const Part& part, const Lines& lines) const
{
  if (const auto twice = nodes_.given_twice())
    refuse_twice("node", *twice, node_tags_, part.node_marks, lines);
  std::vector<Mark> marks;
  if (elements_.given_twice())
    for (const Elements& elements : part.elements)
      marks.insert(marks.end(), elements.marks.begin(), elements.marks.end());
  if (const auto twice = elements_.given_twice())
    refuse_twice("element", *twice, element_tags_, marks, lines);
}

void Numbers::check_nodes(const Part& part, const Lines& lines) const
{
  for (const Elements& elements : part.elements)
    for (std::size_t n = 0; n < elements.nodes.size(); ++n)
      if (!nodes_.find(elements.nodes[n]))
      {
        const std::size_t element = n / nodes_kept(*elements.type);
        refuse(lines.place(elements.marks[element]),
               "element " + std::to_string(elements.tags[element]) + " uses node " +
                   std::to_string(elements.nodes[n]) + ", which the deck does not have",
               "", "correct the element, or add the node");
      }
}

std::optional<At> Numbers::element(std::uint64_t number) const
{
  const auto found = elements_.find(number);
  if (!found)
    return {};
  const auto type = static_cast<std::size_t>(
      std::upper_bound(ends_.begin(), ends_.end(), std::size_t{*found}) - ends_.begin());
  return At{type, *found - (type == 0 ? 0 : ends_[type - 1])};
}

std::vector<std::uint64_t> Numbers::nodes_of(const Set& set) const
{
  return numbers_of(set, node_tags_, nodes_, "node");
}

std::vector<std::uint64_t> Numbers::elements_of(const Set& set) const
{
  return numbers_of(set, element_tags_, elements_, "element");
}

} // namespace calcar::mesh::abaqus
