#pragma once

#include "mesh/abaqus.hpp"
#include "unit/mesh/file_support.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Decks in small: what they begin with, and what is made of them.
namespace calcar::mesh::test::decks
{

using Numbers = std::vector<std::uint64_t>;

inline const FormatReader inp = {read_abaqus, "deck.inp"};

/// Lines 1 to 6.
inline const std::string nodes = "*NODE\n"
                                 "1, 0, 0, 0\n"
                                 "2, 1, 0, 0\n"
                                 "3, 0, 1, 0\n"
                                 "4, 0, 0, 1\n"
                                 "5, 1, 1, 1\n";
/// With them lines 1 to 10: two tetrahedra in sets A and B.
inline const std::string two = nodes + "*ELEMENT, TYPE=C3D4, ELSET=A\n"
                                       "1, 1, 2, 3, 4\n"
                                       "*ELEMENT, TYPE=C3D4, ELSET=B\n"
                                       "2, 2, 5, 3, 4\n";

/// The nodes of a set; fails the test when there is none of this name.
Numbers nodes_in(const FileMesh& mesh, const std::string& name);

/// Refused by the reader with all of these words; the first is the place.
void check_refused(const std::string& text, const std::vector<std::string>& words);

} // namespace calcar::mesh::test::decks
