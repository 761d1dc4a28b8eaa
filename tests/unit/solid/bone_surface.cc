#include "mesh/bone_surface.hpp"

#include "bodies.hpp"
#include "solid/adaptive_grid.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace bodies;
namespace solid = calcar::solid;
using calcar::mesh::FaceOfCell;

namespace
{
/// The lower half of the unit cube is bone.
std::vector<std::uint8_t> lower_half(const Mesh& mesh)
{
  std::vector<std::uint8_t> bone;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    bone.push_back(calcar::mesh::centre(mesh, c).z < 0.5);
  return bone;
}

struct Measured
{
  double area = 0;
  double up = 0; ///< of those that look up, at half the height
};

Measured measured(const Mesh& mesh, const std::vector<FaceOfCell>& faces)
{
  Measured sum;
  for (const FaceOfCell& face : faces)
  {
    const auto c = calcar::mesh::face_corners(mesh, face);
    const Vec3 normal =
        cross(mesh.points[c[1]] - mesh.points[c[0]], mesh.points[c[3]] - mesh.points[c[0]]);
    sum.area += norm(normal);
    if (normal.z > 0 && std::abs(mesh.points[c[0]].z - 0.5) < 1e-9)
      sum.up += norm(normal);
  }
  return sum;
}
} // namespace

TEST_CASE("the surface of the bone goes on beneath a layer, whichever side is refined")
{
  const Mesh coarse = bodies::grid(kinds()[2], {4, 4, 4});
  // Nothing, bone cells below the layer, layer cells, and a mixture of both.
  for (const int which : {0, 1, 2, 3})
  {
    CAPTURE(which);
    solid::AdaptiveGrid adaptive(coarse, MPI_COMM_WORLD);
    const auto marked = [&](Vec3 p)
    {
      const bool below = p.z < 0.5, left = p.x < 0.5;
      return which == 1 ? below && left : which == 2 ? !below && left : below == left;
    };
    std::vector<std::uint8_t> marks;
    for (std::size_t c = 0; c < adaptive.mesh().mesh.cells(); ++c)
      marks.push_back(which > 0 && marked(calcar::mesh::centre(adaptive.mesh().mesh, c)));
    adaptive.refine(marks);
    const solid::RefinedMesh& refined = adaptive.mesh();
    const auto bone = lower_half(refined.mesh);
    const auto faces = calcar::mesh::bone_surface(refined.mesh, bone, refined.boundary);
    const Measured sum = measured(refined.mesh, faces);
    CHECK(sum.area == Approx(1 + 4 * 0.5 + 1));
    CHECK(sum.up == Approx(1));
    for (const FaceOfCell& face : faces)
      CHECK(bone[face.cell]);
    CHECK(std::is_sorted(faces.begin(), faces.end()));
  }
}
