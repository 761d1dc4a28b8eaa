#include "unit/pipeline/case_reading.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using namespace calcar::pipeline::test;
using Catch::Contains;

namespace
{
std::string on_mesh(const std::string& lines)
{
  return patient_case + "\n[mesh]\n" + lines + "\n";
}
} // namespace

TEST_CASE("a mesh of a case may be of hexahedra, refined to an error, with a limit of its size")
{
  const MeshInput plain = read(patient_case).patient->mesh;
  CHECK_FALSE(plain.hexahedra);
  CHECK_FALSE(plain.refine_to);
  CHECK(plain.most_unknowns == 3'000'000);
  const MeshInput made =
      read(on_mesh("cells = \"hexahedra\"\nedge_mm = 4\nrefine_to = 0.1\nmost_unknowns = 5e4"))
          .patient->mesh;
  CHECK(made.hexahedra);
  CHECK(made.sizes.edge_mm == 4);
  CHECK(made.refine_to == 0.1);
  CHECK(made.most_unknowns == 50000);
  CHECK(read(on_mesh("file = \"bone.msh\"\nrefine_to = 0.005")).patient->mesh.refine_to == 0.005);
  CHECK_FALSE(read(on_mesh("cells = \"tetrahedra\"")).patient->mesh.hexahedra);
}

TEST_CASE("refinement that cannot be is refused with what to do")
{
  const auto refusal = [](const std::string& lines) { return refused(on_mesh(lines)); };
  CHECK_THAT(refusal("refine_to = 0.05"),
             Contains("refine_to is given for a mesh of tetrahedra") && Contains("hexahedra") &&
                 Contains("add cells = \"hexahedra\" or a file of hexahedra"));
  for (const char* value : {"0.004", "0.6", "0", "-0.1", "5"})
    CHECK_THAT(refusal("cells = \"hexahedra\"\nrefine_to = " + std::string(value)),
               Contains("refine_to") && Contains("0.005 to 0.5"));
  for (const char* value : {"10", "1e9", "-1"})
    CHECK_THAT(
        refusal("cells = \"hexahedra\"\nrefine_to = 0.1\nmost_unknowns = " + std::string(value)),
        Contains("most_unknowns") && Contains("1000 to 1e8"));
  CHECK_THAT(refusal("cells = \"hexahedra\"\nmost_unknowns = 5000"),
             Contains("most_unknowns has no meaning without refine_to"));
  CHECK_THAT(refusal("cells = \"bricks\""), Contains("tetrahedra, hexahedra"));
  CHECK_THAT(refusal("cells = \"hexahedra\"\nsurface_mm = 2"),
             Contains("surface_mm has no meaning for hexahedra") && Contains("refine_to"));
  CHECK_THAT(refusal("file = \"bone.msh\"\ncells = \"hexahedra\""),
             Contains("cells has no meaning for a mesh that is read from a file"));
}
