#include "bodies/structured_meshes.hpp"
#include "risk/fracture.hpp"

#include <catch2/catch.hpp>

using namespace calcar;

namespace
{
/// A row of ten cubes of 1 mm, as they are or each cut into six tetrahedra.
mesh::MeshModel row_of(test_bodies::ElementKind kind)
{
  mesh::MeshModel model;
  model.mesh = test_bodies::made_of(kind, test_bodies::box_of_hexahedra({10, 1, 1}, {10, 1, 1}));
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    model.centre.push_back(mesh::centre(model.mesh, c));
  return model;
}
} // namespace

TEST_CASE("A mesh begins to fail where the largest piece of the earliest softened cells lies")
{
  for (const test_bodies::ElementKind kind : {test_bodies::hex27, test_bodies::tet10})
  {
    const mesh::MeshModel model = row_of(kind);
    const std::size_t per_cube = model.mesh.cells() / 10;
    voxel::YieldingFields fields;
    fields.softened_at.assign(model.mesh.cells(), 0);
    fields.yielded_at = fields.accumulated = fields.softened_at;
    // Two lone cubes and a piece of three, all in one step.
    for (const std::size_t cube : {0U, 2U, 5U, 6U, 7U})
      fields.softened_at[per_cube * cube] = 3;
    if (per_cube > 1) // of tetrahedra all cells of the piece
      for (std::size_t cell = per_cube * 5; cell < per_cube * 8; ++cell)
        fields.softened_at[cell] = 3;
    const auto start = risk::first_to_fail(model, fields);
    REQUIRE(start);
    CHECK(model.centre[*start].x > 5);
    CHECK(model.centre[*start].x < 8);
    fields.softened_at.assign(model.mesh.cells(), 0);
    CHECK_FALSE(risk::first_to_fail(model, fields));
    fields.yielded_at[per_cube * 9] = 1; // nothing softened: where it yielded
    CHECK(risk::first_to_fail(model, fields) == per_cube * 9);
  }
}
