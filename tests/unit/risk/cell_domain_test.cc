#include "bodies/structured_meshes.hpp"
#include "risk/cell_domain.hpp"
#include "risk/judged_body.hpp"
#include "unit/risk/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace calcar;
using namespace calcar::risk;
using Where = material::CriterionDomain::Where;
using model::TissueKind;

namespace
{
/// The cubes of a box as cells, all bone, in the order of the voxels of a Block of that size.
mesh::MeshModel cubes(std::array<int, 3> n)
{
  mesh::MeshModel model;
  model.mesh = test_bodies::box_of_hexahedra(n, {double(n[0]), double(n[1]), double(n[2])});
  for (Vec3& p : model.mesh.points)
    p += -0.5 * Vec3{double(n[0]), double(n[1]), double(n[2])};
  const std::size_t count = model.mesh.cells();
  model.tissue.assign(count, TissueKind::bone);
  model.youngs.assign(count, 10000);
  model.poisson.assign(count, 0.3F);
  model.ash.assign(count, 0.8F);
  model.compressive_strength.assign(count, 100);
  model.tensile_strength.assign(count, 70);
  model.volume.assign(count, 1);
  for (std::size_t c = 0; c < count; ++c)
    model.centre.push_back(mesh::centre(model.mesh, c));
  model.on_surface.assign(count, 0);
  for (const mesh::FaceOfCell& face : mesh::boundary_faces(model.mesh))
    model.on_surface[face.cell] = 1;
  return model;
}

/// Nodes on the boundary, without normals of their own: the patches here do not ask for them.
solid::BoundaryNodes boundary_of(const mesh::Mesh& mesh)
{
  std::vector<std::uint32_t> corners;
  for (const mesh::FaceOfCell& face : mesh::boundary_faces(mesh))
    for (const std::uint32_t corner : mesh::face_corners(mesh, face))
      corners.push_back(corner);
  std::sort(corners.begin(), corners.end());
  corners.erase(std::unique(corners.begin(), corners.end()), corners.end());
  solid::BoundaryNodes boundary;
  boundary.nodes = corners;
  for (const std::uint32_t corner : corners)
    boundary.points.push_back(mesh.points[corner]);
  boundary.normals.assign(corners.size(), {0, 0, 1});
  boundary.areas.assign(corners.size(), 1);
  return boundary;
}

load::LoadCase loaded_on_top(double height)
{
  load::LoadCase load_case;
  load_case.forces.push_back(
      {"force", patch_where([=](Vec3 p) { return p.z > height && p.x < 0; }), {0, 0, -1}});
  return load_case;
}

load::Rig held_below(double height)
{
  load::Rig rig;
  rig.supports.push_back({"floor",
                          load::SupportKind::clamped,
                          patch_where([=](Vec3 p) { return p.z < height; }),
                          {},
                          0});
  return rig;
}
} // namespace

TEST_CASE("cubes as cells are judged where the same cubes as voxels are")
{
  const std::array<int, 3> n = {6, 7, 16};
  const Block block(n);
  mesh::MeshModel cells = cubes(n);
  const auto boundary = boundary_of(cells.mesh);
  for (const Where where : {Where::volume, Where::surface})
  {
    material::CriterionDomain domain = everywhere();
    domain.where = where;
    domain.exclude_mm_from_load = 3.1;
    domain.exclude_mm_from_support = 2.2;
    domain.average_mm = 3;
    const auto load_case = loaded_on_top(7.9);
    const auto rig = held_below(-7.9);
    const JudgedBody a =
        judged_body(block.model, block.lattice, block.surface, domain, load_case, rig);
    const JudgedBody b = judged_body(cells, boundary, domain, load_case, rig);
    REQUIRE(a.elements() == b.elements());
    CHECK(a.bone == b.bone);
    CHECK(a.judged == b.judged);
    CHECK(std::count(b.judged.begin(), b.judged.end(), 1) > 0);
    std::vector<double> field;
    for (std::size_t e = 0; e < a.elements(); ++e)
    {
      CHECK(norm(a.centre(e) - b.centre(e)) < 1e-12);
      CHECK(a.volume(e) == Approx(b.volume(e)));
      field.push_back(std::sin(0.7 * double(e)));
    }
    const auto means_a = a.averaged(field), means_b = b.averaged(field);
    for (std::size_t e = 0; e < a.elements(); ++e)
      CHECK(means_a[e] == Approx(means_b[e]).margin(1e-12));
  }
}

TEST_CASE("cells of marrow, tumour and thin bone never count")
{
  mesh::MeshModel cells = cubes({3, 3, 3});
  cells.tissue[0] = TissueKind::soft;
  cells.tissue[1] = TissueKind::tumour;
  cells.ash[2] = 0.1F;
  material::CriterionDomain domain = everywhere();
  domain.min_ash_g_cm3 = 0.2;
  const JudgedCells judged = judged_cells(cells, boundary_of(cells.mesh), domain, {}, {});
  CHECK(std::count(judged.bone.begin(), judged.bone.end(), 1) == 24);
  CHECK_FALSE(judged.bone[0]);
  CHECK_FALSE(judged.bone[1]);
  CHECK_FALSE(judged.bone[2]);
  CHECK(judged.judged == judged.bone);
}

TEST_CASE("means over a ball weigh cells by their volume and leave out what is no bone")
{
  mesh::MeshModel cells = cubes({3, 1, 1});
  cells.volume = {1, 3, 4};
  cells.tissue[2] = TissueKind::tumour;
  const JudgedCells judged = judged_cells(cells, boundary_of(cells.mesh), everywhere(), {}, {});
  const std::vector<double> means = averaged({8, 4, 1000}, cells, judged, 2.5);
  CHECK(means[0] == Approx((8 + 3 * 4) / 4.0));
  CHECK(means[1] == Approx((8 + 3 * 4) / 4.0));
  CHECK(means[2] == 0);
  CHECK(averaged({8, 4, 1000}, cells, judged, 0) == std::vector<double>{8, 4, 0});
}
