#pragma once

#include "mesh/file_mesh.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"

#include <string>
#include <vector>

namespace calcar::mesh::test
{

using calcar::test::TemporaryFolder;

using calcar::test::refusal_of;

/// The reader of a format, and the file that its messages name.
struct FormatReader
{
  FileMesh (*reader)(const std::string& text, const std::string& place, double mm_per_unit);
  std::string file;

  FileMesh parse(const std::string& text) const { return reader(text, file, 1); }
  ReadMesh read(const std::string& text) const { return assemble(parse(text), {file, ""}); }
  /// What is said against a text; fails the test when it is read.
  std::string refused(const std::string& text) const
  {
    return refusal_of([&] { read(text); });
  }
};

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
std::size_t survive(const FormatReader& format, const std::string& text, std::size_t changes);

bool has_warning(const Warnings& warnings, const std::string& code);

} // namespace calcar::mesh::test
