#include "benchmark/loaded_body.hpp"
#include "bodies/blocks.hpp"
#include "bodies/problem.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace calcar::benchmark
{
namespace
{
using test_bodies::Load;

/// E rounded to one of 24 values at equal ratios between the least and the largest.
model::VoxelBody grouped(model::VoxelBody body)
{
  constexpr double groups = 24;
  const auto [least, most] = std::minmax_element(body.youngs.begin(), body.youngs.end());
  const double low = std::log(static_cast<double>(*least));
  const double step = (std::log(static_cast<double>(*most)) - low) / (groups - 1);
  for (float& youngs : body.youngs)
    youngs = static_cast<float>(std::exp(low + step * std::round((std::log(youngs) - low) / step)));
  return body;
}

model::VoxelBody body_of(const std::string& kind, int size)
{
  if (kind == "solid")
    return test_bodies::make_body({size, size, size}, [](int, int, int) { return 10000.0; });
  if (kind == "heterogeneous")
    return test_bodies::heterogeneous_cube(size);
  if (kind == "grouped")
    return grouped(test_bodies::heterogeneous_cube(size));
  if (kind == "porous")
    return test_bodies::thick_strut_cube(size);
  if (kind == "struts")
    return test_bodies::strut_cube(size);
  throw std::invalid_argument("unknown cube \"" + kind +
                              "\"; known: solid, heterogeneous, grouped, porous, struts");
}

/// Forces of 100 N along the three axes on the top face, then moments about them (pairs of forces
/// that grow with the distance from the middle), shared by stiffness.
std::vector<std::vector<model::NodalForce>> six_loads(const model::VoxelBody& body)
{
  const auto nodes = test_bodies::end_nodes(body, true);
  double total = 0;
  for (const auto& [node, weight] : nodes)
    total += weight;
  const double half = 0.5 * body.grid.size[0];
  std::vector<std::vector<model::NodalForce>> loads(6);
  for (const auto& [node, weight] : nodes)
  {
    const double w = 100 * weight / total;
    const double x = (node.i - half) / half;
    const double y = (node.j - half) / half;
    const Vec3 forces[6] = {{w, 0, 0},     {0, w, 0},      {0, 0, w},
                            {0, 0, w * y}, {0, 0, -w * x}, {-w * y, w * x, 0}};
    for (std::size_t l = 0; l < 6; ++l)
      loads[l].push_back({node, forces[l]});
  }
  return loads;
}
} // namespace

LoadedBody make_cube(const std::string& kind, int size, Loads loads)
{
  auto problem = test_bodies::clamped(kind, body_of(kind, size),
                                      loads == Loads::one ? Load::plates : Load::bending);
  LoadedBody result;
  result.loads = {{}};
  result.scale = {1};
  if (loads == Loads::six)
  {
    result.loads = six_loads(problem.body);
    result.scale.assign(6, 0);
  }
  result.body = std::move(problem.body);
  result.supports = std::move(problem.supports);
  return result;
}

} // namespace calcar::benchmark
