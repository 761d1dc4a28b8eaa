#include "bodies.hpp"
#include "solid/adaptive_grid.hpp"
#include "solid/loads.hpp"
#include "solid/parts.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <set>

using namespace bodies;
namespace solid = calcar::solid;

namespace
{

/// Cells that `where` picks by their centre are refined, so many times over.
solid::RefinedMesh refined(const Mesh& coarse, const std::function<bool(Vec3)>& where,
                           int times = 1)
{
  solid::AdaptiveGrid grid(coarse, MPI_COMM_WORLD);
  for (int n = 0; n < times; ++n)
  {
    std::vector<std::uint8_t> marked;
    for (std::size_t c = 0; c < grid.mesh().mesh.cells(); ++c)
      marked.push_back(where(calcar::mesh::centre(grid.mesh().mesh, c)));
    grid.refine(marked);
  }
  return grid.mesh();
}

bool in_corner(Vec3 p)
{
  return p.x < 0.4 && p.y < 0.4 && p.z < 0.4;
}

SolidBody body_on(const solid::RefinedMesh& mesh, double youngs = 1000, double poisson = 0.3)
{
  SolidBody result = body(mesh.mesh, youngs, poisson);
  result.hanging = mesh.hanging;
  return result;
}

std::vector<calcar::mesh::FaceOfCell> faces_at(const solid::RefinedMesh& mesh,
                                               const std::function<bool(Vec3)>& where)
{
  std::vector<calcar::mesh::FaceOfCell> faces;
  for (const auto& face : mesh.boundary)
  {
    const auto corners = calcar::mesh::face_corners(mesh.mesh, face);
    if (std::all_of(corners.begin(), corners.end(),
                    [&](std::uint32_t c) { return where(mesh.mesh.points[c]); }))
      faces.push_back(face);
  }
  return faces;
}

solid::Options tight(solid::Method method = solid::Method::mumps)
{
  return {1e-12, 1000, method};
}

Vec3 linear(Vec3 p)
{
  return {1e-3 + 2e-3 * p.x + 1e-3 * p.y - 3e-3 * p.z, 4e-4 * p.x - 1e-3 * p.y + 2e-3 * p.z,
          -2e-3 * p.x + 5e-4 * p.y + 3e-3 * p.z};
}
constexpr SymTensor linear_strain = {2e-3, -1e-3, 3e-3, 1.25e-3, -2.5e-3, 7e-4};

/// Of both degrees of hexahedra.
std::vector<Kind> hexahedra()
{
  return {kinds()[2], kinds()[3]};
}

} // namespace

TEST_CASE("one refined cell of eight: cells, points, hanging nodes and boundary are counted")
{
  const auto mesh = refined(grid(kinds()[2], {2, 2, 2}), [](Vec3 p) { return in_corner(p); });
  CHECK(mesh.mesh.cells() == 15);
  CHECK(mesh.mesh.points.size() == 27 + 19);
  CHECK(mesh.nodes == 46);
  // Of the refined cube's 19 new points, those on its three inner faces hang but not the others:
  // three face middles, and the middles of the nine edges of these faces.
  CHECK(mesh.hanging.size() == 12);
  CHECK(mesh.boundary.size() == 24 + 3 * 3);
  std::set<std::size_t> masters;
  for (const auto& tie : mesh.hanging)
    masters.insert(tie.masters.size());
  CHECK(masters == std::set<std::size_t>{2, 4});
  double volume = 0;
  for (std::size_t c = 0; c < mesh.mesh.cells(); ++c)
    volume += calcar::mesh::volume(mesh.mesh, c);
  CHECK(volume == Approx(1).epsilon(1e-14));
  const auto boundary = solid::boundary_nodes(mesh.mesh, mesh.boundary);
  CHECK(std::accumulate(boundary.areas.begin(), boundary.areas.end(), 0.0) == Approx(6));
}

TEST_CASE("cells beside refined ones are refined until they differ by one level, and keep regions")
{
  Mesh coarse = grid(kinds()[2], {2, 2, 2});
  coarse.regions = {"low", "high"};
  for (std::size_t c = 0; c < 8; ++c)
    coarse.region[c] = calcar::mesh::centre(coarse, c).z > 0.5;
  const auto mesh = refined(
      coarse,
      [](Vec3 p) {
        return norm(p - Vec3{0.5, 0.5, 0.5}) < 0.45;
      },
      3);
  CHECK(mesh.mesh.cells() > 100);
  for (std::size_t c = 0; c < mesh.mesh.cells(); ++c)
  {
    const bool high = calcar::mesh::centre(mesh.mesh, c).z > 0.5;
    CHECK(mesh.mesh.region[c] == (high ? 1 : 0));
    CHECK(coarse.region[mesh.coarse[c]] == mesh.mesh.region[c]);
  }
  const auto whole = refined(
      coarse, [](Vec3) { return true; }, 2);
  CHECK(whole.mesh.cells() == 512);
  CHECK(whole.hanging.empty());
  CHECK(whole.boundary == calcar::mesh::boundary_faces(whole.mesh));
}

TEST_CASE("hanging nodes take over what the larger cell's shape functions can do")
{
  for (const Kind& kind : hexahedra())
  {
    const auto mesh = refined(grid(kind, {2, 2, 2}), in_corner, 2);
    const auto nodes = calcar::mesh::nodes_of(mesh.mesh);
    const auto field = [&](Vec3 p)
    { return kind.degree == 1 ? p.x * p.y * p.z + p.y : p.x * p.x * p.y * p.y - p.z * p.z * p.x; };
    double gap = 0;
    for (const auto& tie : mesh.hanging)
    {
      double value = 0;
      for (std::size_t m = 0; m < tie.masters.size(); ++m)
        value += tie.weights[m] * field(nodes.points[tie.masters[m]]);
      gap = std::max(gap, std::abs(value - field(nodes.points[tie.node])));
    }
    CHECK(!mesh.hanging.empty());
    CHECK(gap < 1e-14);
  }
}

TEST_CASE("constant strain is exact where cells of unequal size meet")
{
  for (const Kind& kind : hexahedra())
    for (const bool turned : {false, true})
    {
      CAPTURE(kind.name, turned);
      Mesh coarse = grid(kind, {3, 3, 3});
      distort(coarse, 0.06);
      std::vector<std::uint32_t> new_of_old;
      if (turned)
        coarse = mixed(coarse, new_of_old);
      const auto mesh = refined(coarse, in_corner, 2);
      REQUIRE(mesh.hanging.size() > 20);
      const SolidBody body = body_on(mesh);
      const auto nodes = calcar::mesh::nodes_of(mesh.mesh);
      Supports supports;
      hold(supports, nodes, on_cube, linear);
      for (const auto method : {solid::Method::mumps, solid::Method::boomeramg})
      {
        const auto solution =
            solid::Engine(body, supports, MPI_COMM_WORLD, tight(method)).solve({{}}, {1})[0];
        double u = 0, strain = 0;
        for (std::size_t n = 0; n < nodes.points.size(); ++n)
          u = std::max(u, norm(solution.displacement[n] - linear(nodes.points[n])));
        for (const SymTensor& at : solution.strain_points)
          strain = std::max(strain, difference(at, linear_strain));
        CHECK(u < 1e-12);
        CHECK(strain < 1e-11);
      }
    }
}

TEST_CASE("a bar with hanging nodes on its loaded and held faces stretches exactly and balances")
{
  for (const Kind& kind : hexahedra())
  {
    CAPTURE(kind.name);
    const auto mesh = refined(
        grid(kind, {2, 2, 2}), [](Vec3 p) { return p.x < 0.5; }, 2);
    const SolidBody bar = body_on(mesh, 500, 0);
    const auto nodes = calcar::mesh::nodes_of(mesh.mesh);
    Supports supports;
    hold(supports, nodes, [](Vec3 p) { return p.z < 1e-9; });
    const auto top = faces_at(mesh, [](Vec3 p) { return p.z > 1 - 1e-9; });
    const auto forces = solid::traction_forces(mesh.mesh, top,
                                               [](Vec3, Vec3) {
                                                 return Vec3{0, 0, 2};
                                               });
    const auto solution =
        solid::Engine(bar, supports, MPI_COMM_WORLD, tight()).solve({forces}, {0})[0];
    double u = 0;
    for (std::size_t n = 0; n < nodes.points.size(); ++n)
      u = std::max(u, norm(solution.displacement[n] - Vec3{0, 0, 2.0 / 500 * nodes.points[n].z}));
    CHECK(u < 1e-12);
    CHECK(norm(solution.reaction[0] - Vec3{0, 0, -2}) < 1e-10);
    CHECK(solution.strain_energy == Approx(0.5 * 2 * 2 / 500).epsilon(1e-11));
  }
}

TEST_CASE("springs on hanging nodes carry the load, with force and moment in balance")
{
  for (const Kind& kind : hexahedra())
    for (const auto method : {solid::Method::mumps, solid::Method::boomeramg})
    {
      CAPTURE(kind.name);
      const auto mesh = refined(grid(kind, {2, 2, 2}), in_corner, 2);
      const SolidBody body = body_on(mesh);
      const auto bottom =
          solid::boundary_nodes(mesh.mesh, faces_at(mesh, [](Vec3 p) { return p.z < 1e-9; }));
      Supports supports;
      supports.names = {"bed"};
      for (std::size_t n = 0; n < bottom.nodes.size(); ++n)
      {
        const double k = 300 * bottom.areas[n];
        supports.springs.push_back({bottom.nodes[n], {k, k, 2 * k, 0, 0, 0}, 0});
      }
      const auto nodes = calcar::mesh::nodes_of(mesh.mesh);
      const auto forces = solid::body_forces(mesh.mesh, [](Vec3 p) { return Vec3{1, p.x, -2}; });
      const auto solution =
          solid::Engine(body, supports, MPI_COMM_WORLD, tight(method)).solve({forces}, {0})[0];
      Vec3 force, moment;
      for (const auto& f : forces)
      {
        force += f.force;
        moment += cross(nodes.points[f.node], f.force);
      }
      for (const auto& spring : supports.springs)
        moment += cross(nodes.points[spring.node],
                        -1.0 * (spring.stiffness * solution.displacement[spring.node]));
      CHECK(norm(force) > 1);
      CHECK(norm(solution.reaction[0] + force) < 1e-9);
      CHECK(norm(moment) < 1e-9);
    }
}

TEST_CASE("refining a part of a body only adds to what it can do: its energy under load grows")
{
  for (const Kind& kind : hexahedra())
  {
    const Mesh coarse = grid(kind, {2, 2, 2});
    const auto energy = [&](const solid::RefinedMesh& mesh)
    {
      const auto nodes = calcar::mesh::nodes_of(mesh.mesh);
      Supports supports;
      hold(supports, nodes, [](Vec3 p) { return p.z < 1e-9; });
      const auto forces = solid::body_forces(mesh.mesh, [](Vec3) { return Vec3{1, 2, 3}; });
      return solid::Engine(body_on(mesh), supports, MPI_COMM_WORLD, tight())
          .solve({forces}, {0})[0]
          .strain_energy;
    };
    const double none = energy(refined(coarse, in_corner, 0));
    const double some = energy(refined(coarse, in_corner, 1));
    const double all = energy(refined(
        coarse, [](Vec3) { return true; }, 1));
    CHECK(none < some);
    CHECK(some < all);
  }
}

TEST_CASE("larger and smaller cells that meet are one part, others are not")
{
  for (const Kind& kind : hexahedra())
  {
    const auto mesh = refined(grid(kind, {2, 2, 2}), in_corner, 2);
    const auto nodes = calcar::mesh::nodes_of(mesh.mesh);
    CHECK(solid::parts_of(mesh.mesh, nodes, mesh.hanging).list.size() == 1);
    CHECK(solid::parts_of(mesh.mesh, nodes).list.size() > 1);
  }
  // Two cells with a common edge alone are two parts, refined or not.
  Mesh hinge = grid(kinds()[2], {2, 1, 2});
  const std::vector<std::uint32_t> corners(hinge.corners);
  hinge.corners.assign(corners.begin(), corners.begin() + 8);
  hinge.corners.insert(hinge.corners.end(), corners.begin() + 24, corners.end());
  hinge.region.assign(2, 0);
  std::vector<std::uint32_t> used(hinge.points.size(), 99);
  std::vector<Vec3> points;
  for (std::uint32_t& c : hinge.corners)
  {
    if (used[c] == 99)
    {
      used[c] = std::uint32_t(points.size());
      points.push_back(hinge.points[c]);
    }
    c = used[c];
  }
  hinge.points = points;
  const auto mesh = refined(hinge, [](Vec3 p) { return p.x < 0.5; });
  CHECK(solid::parts_of(mesh.mesh, calcar::mesh::nodes_of(mesh.mesh), mesh.hanging).list.size() ==
        2);
}

TEST_CASE("hanging nodes that are given wrongly are a bug, and stop")
{
  const auto mesh = refined(grid(kinds()[2], {2, 2, 2}), in_corner);
  const auto refusal = [&](const std::function<void(SolidBody&)>& spoil)
  {
    SolidBody body = body_on(mesh);
    spoil(body);
    Supports supports;
    hold(supports, calcar::mesh::nodes_of(mesh.mesh), [](Vec3 p) { return p.z < 1e-9; });
    return message_of([&] { solid::Engine(body, supports, MPI_COMM_WORLD, tight()); });
  };
  CHECK(refusal([](SolidBody&) {}).empty());
  CHECK_THAT(refusal([](SolidBody& b) { b.hanging[0].weights[0] = 0.6; }),
             Catch::Contains("does not lie where its masters put it"));
  CHECK_THAT(refusal([](SolidBody& b) { b.hanging.push_back(b.hanging[0]); }),
             Catch::Contains("given wrongly"));
  CHECK_THAT(refusal([](SolidBody& b) { b.hanging[1].masters[0] = b.hanging[0].node; }),
             Catch::Contains("hangs on another one"));
}
