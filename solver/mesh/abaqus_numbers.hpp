#pragma once

#include "mesh/abaqus_part.hpp"
#include "mesh/tag_index.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace calcar::mesh::abaqus
{

/// Where an element is: index of its type in Part::elements, and its place there.
struct At
{
  std::size_t type = 0;
  std::size_t element = 0;
};

/// The nodes and elements of a part by their numbers, when it is read to its end.
class Numbers
{
public:
  /// Throws InputError at its line when a number is given twice or an element has a node that does
  /// not exist.
  Numbers(const Part& part, const Lines& lines);

  std::optional<At> element(std::uint64_t number) const;

  // The numbers in a set, ascending, each once. Throw InputError at the set for a member that does
  // not exist.
  std::vector<std::uint64_t> nodes_of(const Set& set) const;
  std::vector<std::uint64_t> elements_of(const Set& set) const;

private:
  void check_twice(const Part& part, const Lines& lines) const;
  void check_nodes(const Part& part, const Lines& lines) const;

  std::vector<std::uint64_t> element_tags_;
  std::vector<std::size_t> ends_; ///< of the elements of each type in element_tags_
  const std::vector<std::uint64_t>& node_tags_;
  TagIndex elements_;
  TagIndex nodes_;
};

} // namespace calcar::mesh::abaqus
