#include "solid/interpolation.hpp"

#include "solid/reference_points.hpp"

#include <catch2/catch.hpp>

#include <functional>

using namespace calcar;
using namespace calcar::solid;
using mesh::CellShape;

namespace
{
using Polynomial = std::function<double(Vec3)>;

void check_exact(CellShape shape, int degree, const Polynomial& p)
{
  std::vector<SymTensor> at_points;
  for (const ReferencePoint& point : reference_points(shape, degree))
    at_points.push_back({p(point.xi), 2 * p(point.xi), 0, 0, -p(point.xi), 1});
  for (const Vec3 xi : {Vec3{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0.2, 0.3, 0.4}})
  {
    const SymTensor value = strain_at(shape, degree, xi, at_points);
    CHECK(value.xx == Approx(p(xi)).margin(1e-13));
    CHECK(value.yy == Approx(2 * p(xi)).margin(1e-13));
    CHECK(value.zx == Approx(-p(xi)).margin(1e-13));
    CHECK(value.xy == Approx(1));
  }
}
} // namespace

TEST_CASE("strain between integration points is the polynomial through them")
{
  check_exact(CellShape::tetrahedron, 1, [](Vec3) { return 3.5; });
  check_exact(CellShape::tetrahedron, 2, [](Vec3 x) { return 1 + 2 * x.x - 3 * x.y + 5 * x.z; });
  check_exact(CellShape::hexahedron, 1,
              [](Vec3 x) { return (1 + x.x) * (2 - x.y) * (3 + 5 * x.z); });
  check_exact(CellShape::hexahedron, 2,
              [](Vec3 x) { return (1 + x.x - x.x * x.x) * (2 - x.y * x.y) * (3 + x.z * x.z); });
}
