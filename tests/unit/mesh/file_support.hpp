#pragma once

#include "base/error.hpp"
#include "mesh/file_mesh.hpp"
#include "temporary_folder.hpp"

#include <functional>
#include <string>
#include <vector>

namespace calcar::mesh::test
{

using calcar::test::TemporaryFolder;

/// A reader of some format.
using Reader = std::function<FileMesh(const std::string& text)>;

/// The text of the input error a call throws; fails the test when it throws none.
std::string refusal_of(const std::function<void()>& call, Fault fault = Fault::data);

void write_bytes(const std::filesystem::path& file, const std::string& bytes);

std::string replaced(std::string text, const std::string& what, const std::string& by);

/// Two tetrahedra that share a face, the second of another region, with a surface on each; numbers
/// are not consecutive, coordinates have all digits.
Mesh two_tetrahedra();

/// 2 x 1 x 1 skewed hexahedra, a region each, and the face between them as a surface.
Mesh two_hexahedra();

/// The cells by number, with the points by coordinates, are those of the other mesh to the bit, and
/// so are regions and, when asked for, surfaces.
void check_same(const Mesh& mesh, const Mesh& other, bool with_surfaces);

/// Reads and assembles the text cut off after each byte, and with bytes changed at random: each
/// time a mesh whose numbers lead somewhere comes out, or an InputError with a message. A mutated
/// file may well be a good one; how many are refused is returned.
std::size_t survive(const Reader& reader, const std::string& text, std::size_t changes);

bool has_warning(const Warnings& warnings, const std::string& code);

} // namespace calcar::mesh::test
