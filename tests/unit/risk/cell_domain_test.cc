#include "bodies/structured_meshes.hpp"
#include "mesh/sample_points.hpp"
#include "risk/cell_domain.hpp"
#include "risk/judged_body.hpp"
#include "unit/risk/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

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
  model.surface = mesh::boundary_faces(model.mesh);
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
    double volume = 0;
    for (std::size_t s = 0; s < b.samples; ++s)
      volume += b.volume(s);
    CHECK(volume == Approx(double(b.elements())));
    for (std::size_t s = 0; s < b.samples; ++s)
      CHECK(norm(cells.centre[b.element(s)] - block.centre(b.element(s))) < 1e-12);
  }
}

TEST_CASE("an even field is its own mean at every place of a mesh, and others where it is not bone")
{
  mesh::MeshModel cells = cubes({6, 6, 6});
  cells.tissue[0] = TissueKind::tumour;
  for (const Where where : {Where::volume, Where::surface})
    for (const double diameter : {0.0, 1.5, 4.0, 9.0})
    {
      material::CriterionDomain domain = everywhere();
      domain.where = where;
      domain.average_mm = diameter;
      const JudgedBody body = judged_body(cells, boundary_of(cells.mesh), domain, {}, {});
      std::vector<double> field(body.samples, 0.7);
      const auto means = body.averaged(field);
      // The faces of the box but for three of the tumour's cell, and the centres of all others.
      REQUIRE(means.size() == 6 * 36 - 3 + (where == Where::volume ? 215 : 0));
      for (std::size_t p = 0; p < means.size(); ++p)
      {
        CHECK(means[p] == Approx(0.7));
        CHECK(body.element_of_place(p) != 0);
      }
    }
}

TEST_CASE(
    "places are as far from loads and supports as the domain says, not only their cells' centres")
{
  const mesh::MeshModel cells = cubes({6, 6, 16});
  material::CriterionDomain domain = everywhere();
  domain.where = Where::surface;
  domain.exclude_mm_from_support = 4.2;
  const JudgedBody body = judged_body(cells, boundary_of(cells.mesh), domain, {}, held_below(-7.9));
  const std::vector<double> means = body.averaged(std::vector<double>(body.samples, 1));
  REQUIRE(!means.empty());
  for (std::size_t p = 0; p < means.size(); ++p)
    CHECK(body.place(p).z > -8 + 4.2); // the floor is at -8
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

namespace
{
/// The means of the distance from the plane x = -6 about places of a box of 12 mm.
std::vector<double> mean_depths(const std::vector<Vec3>& points, double diameter)
{
  const mesh::MeshModel cells = cubes({12, 12, 12});
  const JudgedCells judged = judged_cells(cells, boundary_of(cells.mesh), everywhere(), {}, {});
  std::vector<JudgedPlace> places;
  for (const Vec3& point : points)
    places.push_back({point, 0});
  std::vector<CellSample> samples;
  for (std::uint32_t c = 0; c < cells.mesh.cells(); ++c)
    for (const mesh::SamplePoint& s : mesh::sample_points(cells.mesh, c, 0.25))
      samples.push_back({s.point, s.xi, s.volume, c});
  std::vector<double> depth;
  for (const CellSample& s : samples)
    depth.push_back(s.point.x + 6);
  return averaged(depth, means_about(places, samples, diameter));
}
} // namespace

TEST_CASE(
    "a mean is over half a ball on a flat surface, and over as much bone at edges and corners")
{
  // The part of a ball of radius r about a point of the plane x = 0 that lies between that plane
  // and others at right angles has its centroid at 3 r / 8. A quarter of a ball holds as much as
  // half a ball of radius 2 when r = 2 * 2^(1/3), an eighth when r = 2 * 4^(1/3).
  const auto means = mean_depths({{-6, 0, 0}, {-6, -6, 0}, {-6, -6, -6}, {0, 0, 0}}, 4);
  CHECK(means[0] == Approx(0.75).epsilon(0.01));
  CHECK(means[1] == Approx(0.75 * std::cbrt(2)).epsilon(0.01));
  CHECK(means[2] == Approx(0.75 * std::cbrt(4)).epsilon(0.01));
  CHECK(means[3] == Approx(6));
}

TEST_CASE("means weigh samples by their volume, and the last one by what is missing")
{
  // Half a ball of diameter 2 holds 2 pi / 3 mm^3; of the last sample the rest of it counts.
  const std::vector<CellSample> samples = {{{0, 0, 0}, {}, 0.5, 0},
                                           {{0.9, 0, 0}, {}, 1, 0},
                                           {{1.5, 0, 0}, {}, 4, 0},
                                           {{1.8, 0, 0}, {}, 4, 0}};
  const std::vector<double> field = {8, 4, 1, 1000};
  const double half = 2 * std::numbers::pi / 3;
  CHECK(averaged(field, means_about({{{0, 0, 0}, 0}}, samples, 2))[0] ==
        Approx((0.5 * 8 + 4 + (half - 1.5)) / half));
  // No bone farther than the diameter counts, and a crumb counts by itself.
  CHECK(averaged(field, means_about({{{-1.5, 0, 0}, 0}}, samples, 2))[0] == Approx(8));
}

TEST_CASE("where cells are larger than the ball a place has the value of its own cell")
{
  const std::vector<CellSample> samples = {{{0, 0, 0}, {}, 1000, 3}, {{20, 0, 0}, {}, 1000, 5}};
  const std::vector<double> field = {7, 9};
  CHECK(averaged(field, means_about({{{10, 0, 0}, 5}, {{9, 0, 0}, 3}}, samples, 2)) ==
        std::vector<double>{9, 7});
  CHECK(averaged(field, means_about({{{10, 0, 0}, 5}}, samples, 0)) == std::vector<double>{9});
}

TEST_CASE("the strain of a cell is judged where it is, not by the cell's mean")
{
  // Quadratic cubes that bend: strain xx = z / 1000.
  mesh::MeshModel cells = cubes({4, 4, 4});
  cells.mesh.degree = 2;
  const auto points = solid::integration_points(cells.mesh);
  analysis::Response response;
  response.strain.assign(cells.mesh.cells(), {});
  for (const Vec3& p : points)
    response.strain_points.push_back({p.z / 1000, 0, 0, 0, 0, 0});
  const JudgedBody body = judged_body(cells, boundary_of(cells.mesh), everywhere(), {}, {});
  REQUIRE(body.samples > 0);
  for (std::size_t s = 0; s < body.samples; ++s)
    CHECK(body.strain(response, s).xx ==
          Approx(cells.centre[body.element(s)].z / 1000).margin(1e-15));
  material::CriterionDomain fine = everywhere();
  fine.average_mm = 1;
  const JudgedBody finer = judged_body(cells, boundary_of(cells.mesh), fine, {}, {});
  double highest = 0;
  for (std::size_t s = 0; s < finer.samples; ++s)
    highest = std::max(highest, finer.strain(response, s).xx);
  CHECK(highest == Approx(1.75e-3)); // a quarter of a cell below the top
}
