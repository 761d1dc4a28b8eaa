#pragma once

#include "mesh/abaqus_elements.hpp"
#include "mesh/abaqus_lines.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

namespace calcar::mesh::abaqus
{

/// first, first + step, ... up to last
struct Range
{
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::uint64_t step = 1;
};

/// A set of nodes or of elements by their numbers.
struct Set
{
  std::string key;   ///< folded name, by which it is found
  std::string name;  ///< as it is shown
  std::string place; ///< of the first card that names it
  bool internal = false;
  std::vector<std::uint64_t> members; ///< each must exist
  std::vector<Range> ranges;          ///< numbers that do not exist are dropped
};

/// Sets in the order of the deck, found by folded name.
class Sets
{
public:
  /// The index of the set with the key of `set`, which is added when there is none: cards of one
  /// name add up.
  std::uint32_t add(const Set& set);
  Set& operator[](std::uint32_t index) { return sets_[index]; }
  const Set* find(const std::string& key) const;
  const std::vector<Set>& all() const { return sets_; }

private:
  std::vector<Set> sets_;
  std::unordered_map<std::string, std::uint32_t> known_;
};

/// Faces of a surface: one element or the elements of a set.
struct SurfaceFaces
{
  std::uint64_t element = 0; ///< 0: the elements of the set
  std::string set;           ///< folded name
  std::uint8_t face = 0;
  std::string place;
};
struct Surface
{
  std::string name;
  std::string place;
  bool internal = false;
  std::vector<SurfaceFaces> faces;
};

/// Gives the elements of a set a material.
struct Section
{
  std::string card; ///< "*Solid Section"
  std::string set;  ///< folded name
  std::string place;
};

/// Elements of one type in the order of the deck.
struct Elements
{
  static constexpr std::uint32_t no_set = 0xffffffff;
  const ElementType* type = nullptr;
  std::vector<std::uint64_t> tags;
  std::vector<Mark> marks;
  std::vector<std::uint64_t> nodes; ///< all of a cell's, the corners of a surface's, none of others
  std::vector<std::uint32_t> set;   ///< by the *ELEMENT card, index into the element sets
};

/// How many of an element's numbers `Elements::nodes` keeps.
std::size_t nodes_kept(const ElementType& type);

/// What stands between *PART and *END PART, or in a deck without parts.
struct Part
{
  std::vector<std::uint64_t> node_tags;
  std::vector<Mark> node_marks;
  std::vector<Vec3> points; ///< in the deck's unit
  std::vector<Elements> elements;
  Sets node_sets;
  Sets element_sets;
  Sets node_surfaces; ///< surfaces of TYPE=NODE
  std::vector<Surface> surfaces;
  std::vector<Section> sections;
  std::map<std::string, std::uint64_t> kinds_of_variants; ///< "C3D8R (...)", how many elements

  bool empty() const { return node_tags.empty() && elements.empty(); }
};

/// The elements of a type, none at first.
Elements& elements_of(Part& part, const ElementType& type);

/// What numbers and names of a card mean: those of a part as they stand, or of an instance.
struct Scope
{
  std::uint64_t offset = 0; ///< added to numbers
  std::string prefix;       ///< of names of sets, folded: "FEMUR-1."; may be empty
  /// Instances by folded name, for "Femur-1.17"; null within parts.
  const std::map<std::string, std::uint64_t>* instances = nullptr;
};

// Each reads the data lines of its card into the part.
void read_nodes(Lines& lines, const Card& card, const Scope& scope, Part& part);
void read_elements(Lines& lines, const Card& card, const Scope& scope, Part& part);
void read_node_set(Lines& lines, const Card& card, const Scope& scope, Part& part);
void read_element_set(Lines& lines, const Card& card, const Scope& scope, Part& part);
void read_surface(Lines& lines, const Card& card, const Scope& scope, Part& part);
void read_section(const Card& card, Part& part);

} // namespace calcar::mesh::abaqus
