#include "solid/adaptive.hpp"

#include "base/parallel.hpp"
#include "unit/solid/bodies.hpp"

#include <catch2/catch.hpp>

using namespace bodies;
namespace solid = calcar::solid;

TEST_CASE("adaptive meshes and their error do not depend on the number of ranks")
{
  solid::AdaptiveBody body;
  body.coarse = grid(kinds()[2], {3, 2, 2});
  body.moduli = [](Vec3 x) { return solid::Moduli{1000 * std::exp(-2 * x.x), 0.3}; };
  body.fixed = [](Vec3 x, Vec3) -> solid::FixedAt {
    return x.z < 1e-9 ? solid::FixedAt{0.0, 1e-3, 0.0} : solid::FixedAt{};
  };
  body.traction = [](Vec3 x, Vec3 normal) {
    return normal.z > 0.5 && x.x < 0.4 ? Vec3{1, 0, -3} : Vec3{};
  };
  solid::AdaptiveOptions options;
  options.tolerance = 1e-6;
  options.most_meshes = 4;
  options.relative_residual = 1e-11;
  const auto all = solid::solve_adaptively(body, MPI_COMM_WORLD, options);
  const auto one = solid::solve_adaptively(body, MPI_COMM_SELF, options);
  REQUIRE(all.steps.size() == one.steps.size());
  for (std::size_t n = 0; n < one.steps.size(); ++n)
  {
    CHECK(all.steps[n].cells == one.steps[n].cells);
    CHECK(all.steps[n].energy == Approx(one.steps[n].energy).epsilon(1e-9));
    CHECK(all.steps[n].error == Approx(one.steps[n].error).epsilon(1e-9));
  }
  CHECK(all.cells.size() == (calcar::is_root(MPI_COMM_WORLD) ? one.cells.size() : 0));
}
