#include "mesh/editable_tetrahedra.hpp"
#include "mesh/improve.hpp"
#include "mesh/quality.hpp"
#include "small_meshes.hpp"

#include <catch2/catch.hpp>

#include <numbers>
#include <random>

using namespace calcar;
using namespace calcar::mesh;
using namespace calcar::test;

namespace
{

Mesh of_cells(const std::vector<Vec3>& points,
              const std::vector<std::array<std::uint32_t, 4>>& cells)
{
  Mesh mesh;
  mesh.points = points;
  mesh.regions = {"bone"};
  for (const auto& cell : cells)
  {
    mesh.corners.insert(mesh.corners.end(), cell.begin(), cell.end());
    mesh.region.push_back(0);
  }
  return mesh;
}

/// n cells around an edge from (0, 0, -h) to (0, 0, h), in a ring of radius 1.
Mesh spindle(std::uint32_t n, double h)
{
  std::vector<Vec3> points = {{0, 0, -h}, {0, 0, h}};
  std::vector<std::array<std::uint32_t, 4>> cells;
  for (std::uint32_t k = 0; k < n; ++k)
  {
    const double angle = 2 * std::numbers::pi * k / n;
    points.push_back({std::cos(angle), std::sin(angle), 0});
    cells.push_back({0, 1, 2 + k, 2 + (k + 1) % n});
  }
  return of_cells(points, cells);
}

/// Two cells on either side of a triangle in the plane z = 0, with tips at -h and h.
Mesh double_pyramid(double h)
{
  const double r = std::sqrt(3.0) / 2;
  return of_cells({{1, 0, 0}, {-0.5, r, 0}, {-0.5, -r, 0}, {0, 0, -h}, {0, 0, h}},
                  {{0, 1, 2, 4}, {0, 2, 1, 3}});
}

std::vector<std::uint32_t> living(const EditableTetrahedra& cells)
{
  std::vector<std::uint32_t> numbers;
  for (std::uint32_t c = 0; c < cells.cells(); ++c)
    if (cells.alive(c))
      numbers.push_back(c);
  return numbers;
}

double total_volume(const EditableTetrahedra& cells)
{
  double sum = 0;
  for (const std::uint32_t c : living(cells))
  {
    const auto& x = cells.points();
    const auto& k = cells.corners(c);
    sum += dot(x[k[1]] - x[k[0]], cross(x[k[2]] - x[k[0]], x[k[3]] - x[k[0]])) / 6;
  }
  return sum;
}

} // namespace

TEST_CASE("a cell's worth is the lesser of its angles' sines and its radius ratio over the limits")
{
  std::mt19937 random(5);
  std::uniform_real_distribution<double> in(-1, 1);
  for (int n = 0; n < 200; ++n)
  {
    std::vector<Vec3> x(4);
    for (Vec3& p : x)
      p = {in(random), in(random), n % 2 == 0 ? in(random) : 0.02 * in(random)};
    Mesh mesh = of_cells(x, {{0, 1, 2, 3}});
    if (volume(mesh, 0) < 0)
      std::swap(mesh.corners[0], mesh.corners[1]);
    const CellQuality q = quality(mesh, 0);
    const double degree = std::numbers::pi / 180;
    // The sine is least at the smallest or at the largest angle.
    const double sine =
        std::min(std::sin(q.smallest_angle * degree), std::sin(q.largest_angle * degree));
    const double expected =
        std::min(sine / std::sin(limits::sliver_angle * degree), q.shape / limits::sliver_shape);
    CHECK(EditableTetrahedra(mesh).worth(std::uint32_t{0}) == Approx(expected).epsilon(1e-6));
    std::swap(mesh.corners[0], mesh.corners[1]);
    CHECK(EditableTetrahedra(mesh).worth(std::uint32_t{0}) < 0);
  }
}

TEST_CASE("a long edge with needles around it is taken away: n cells become 2 (n - 2) of the same "
          "volume")
{
  for (const std::uint32_t n : {3u, 4u, 5u, 7u, 8u})
  {
    INFO(n << " cells");
    EditableTetrahedra cells(spindle(n, 40));
    const double before = total_volume(cells);
    REQUIRE(cells.remove_edge(0, 1));
    CHECK(living(cells).size() == 2 * (n - 2));
    CHECK(cells.cells_exchanged() == n);
    CHECK(total_volume(cells) == Approx(before).epsilon(1e-13));
    for (const std::uint32_t c : living(cells))
    {
      CHECK(cells.worth(c) > 0);
      const auto& k = cells.corners(c);
      CHECK(std::count(k.begin(), k.end(), 0u) + std::count(k.begin(), k.end(), 1u) == 1);
    }
  }
  EditableTetrahedra many(spindle(9, 40));
  CHECK_FALSE(many.remove_edge(0, 1)); // rings of more than eight are left
}

TEST_CASE("good cells are left alone, and flat ones that would stay as flat")
{
  EditableTetrahedra flat(spindle(3, 0.05));
  CHECK_FALSE(flat.remove_edge(0, 1));
  EditableTetrahedra good(spindle(6, 1));
  CHECK_FALSE(good.remove_edge(0, 1));
  CHECK_FALSE(good.remove_edge(2, 3)); // an edge of the surface
}

TEST_CASE("a face between two flat cells is taken away when three across it are better")
{
  EditableTetrahedra flat(double_pyramid(0.05));
  const double before = total_volume(flat);
  const auto corners = flat.corners(0);
  const auto tip =
      static_cast<std::size_t>(std::find(corners.begin(), corners.end(), 4u) - corners.begin());
  const bool taken = flat.remove_face(0, tip);
  CHECK(taken);
  CHECK(living(flat).size() == 3);
  CHECK(total_volume(flat) == Approx(before).epsilon(1e-13));
  for (const std::uint32_t c : living(flat))
    CHECK(flat.worth(c) > 0);
  EditableTetrahedra good(double_pyramid(1));
  CHECK_FALSE(good.remove_face(0, tip));
  CHECK_FALSE(good.remove_face(0, 0)); // a face of the surface
}

TEST_CASE("faces between regions and of named sets are not taken away")
{
  Mesh two = double_pyramid(0.05);
  two.regions.push_back("metal");
  two.region[1] = 1;
  Mesh named = double_pyramid(0.05);
  named.face_sets = {{"middle", {{0, 0}}}}; // corners 0, 1, 2
  for (const Mesh& mesh : {two, named})
  {
    EditableTetrahedra cells(mesh);
    for (const std::uint32_t c : {0u, 1u})
      for (std::size_t n = 0; n < 4; ++n)
        CHECK_FALSE(cells.remove_face(c, n));
  }
  Mesh regions = spindle(3, 40);
  regions.regions.push_back("metal");
  regions.region[2] = 1;
  CHECK_FALSE(EditableTetrahedra(regions).remove_edge(0, 1));
}

TEST_CASE(
    "an inner point near the surface is moved inwards, or drawn into a neighbour; outer points "
    "are not")
{
  Mesh mesh = cut_bricks(2, {1, 1, 1});
  mesh.points[13] = {1, 1, 0.01};
  EditableTetrahedra cells(mesh);
  for (std::uint32_t p = 0; p < 27; ++p)
    if (p != 13)
    {
      CHECK_FALSE(cells.move_point(p));
      CHECK_FALSE(cells.collapse(p, 13));
    }
  REQUIRE(cells.move_point(13));
  CHECK(cells.points_moved() == 1);
  CHECK(cells.points()[13].z > 0.2);
  CHECK(total_volume(cells) == Approx(8).epsilon(1e-13));
  for (const std::uint32_t c : living(cells))
    CHECK(cells.worth(c) > 1);

  EditableTetrahedra others(mesh);
  bool drawn = false;
  for (std::uint32_t p = 0; p < 27 && !drawn; ++p)
    drawn = p != 13 && others.collapse(13, p);
  CHECK(drawn);
  CHECK(living(others).size() < 48);
  CHECK(total_volume(others) == Approx(8).epsilon(1e-13));
}

TEST_CASE("named points are not moved")
{
  Mesh mesh = cut_bricks(2, {1, 1, 1});
  mesh.points[13] = {1, 1, 0.01};
  mesh.point_sets = {{"marker", {13}}};
  CHECK(improve(mesh).mesh.points[13] == mesh.points[13]);
  mesh.point_sets.clear();
  CHECK(improve(mesh).bad_before > 0);
  CHECK(improve(mesh).bad_after == 0);
}
