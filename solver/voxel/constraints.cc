#include "voxel/constraints.hpp"

#include "voxel/transfer.hpp"

#include <algorithm>

namespace calcar::voxel
{
namespace
{

/// Adds to one diagonal entry.
void add_diagonal(SymTensor& tensor, std::size_t axis, double value)
{
  (axis == 0 ? tensor.xx : axis == 1 ? tensor.yy : tensor.zz) += value;
}

/// The stiffness without the rows and columns of fixed components.
SymTensor without_fixed(SymTensor s, const bool* fixed)
{
  if (fixed[0])
    s.xx = s.xy = s.zx = 0;
  if (fixed[1])
    s.yy = s.xy = s.yz = 0;
  if (fixed[2])
    s.zz = s.yz = s.zx = 0;
  return s;
}

/// One flag per component and node.
std::vector<char> flags_of(const Level& level, const std::vector<std::size_t>& fixed)
{
  std::vector<char> flags(level.nodes.values(), 0);
  for (const std::size_t component : fixed)
    flags[component] = 1;
  return flags;
}

/// True when the node has a coarse node at its place.
bool coincides(const Nodes& nodes, std::int32_t node)
{
  const auto at = node_indices(nodes.position[static_cast<std::size_t>(node)]);
  return at[0] % 2 == 0 && at[1] % 2 == 0 && at[2] % 2 == 0;
}

std::vector<std::size_t> coarse_fixed(const Level& fine, const Level& coarse)
{
  const std::size_t values = coarse.nodes.values();
  std::vector<float> exists(values, 0), fixed_here(values, 0), fixed_near(values, 0);
  for (std::int32_t n = 0; n < fine.nodes.count; ++n)
    if (coincides(fine.nodes, n))
      exists[3 * static_cast<std::size_t>(parents_of(fine, coarse, n).list[0].node)] = 1;
  for (const std::size_t component : fine.constraints.fixed)
  {
    const auto node = static_cast<std::int32_t>(component / 3);
    const Parents parents = parents_of(fine, coarse, node);
    std::vector<float>& flags = coincides(fine.nodes, node) ? fixed_here : fixed_near;
    for (int p = 0; p < parents.count; ++p)
      flags[3 * static_cast<std::size_t>(parents.list[static_cast<std::size_t>(p)].node) +
            component % 3] = 1;
  }
  for (std::vector<float>* flags : {&exists, &fixed_here, &fixed_near})
    coarse.nodes.exchange.sum(flags->data());

  std::vector<std::size_t> fixed;
  for (std::size_t c = 0; c < 3 * static_cast<std::size_t>(coarse.nodes.count); ++c)
    if (fixed_here[c] > 0 || (fixed_near[c] > 0 && !(exists[c / 3 * 3] > 0)))
      fixed.push_back(c);
  return fixed;
}

} // namespace

void merge(std::vector<Spring>& springs)
{
  std::stable_sort(springs.begin(), springs.end(),
                   [](const Spring& a, const Spring& b) { return a.node < b.node; });
  std::vector<Spring> merged;
  for (const Spring& spring : springs)
    if (!merged.empty() && merged.back().node == spring.node)
      merged.back().stiffness = merged.back().stiffness + spring.stiffness;
    else
      merged.push_back(spring);
  springs = std::move(merged);
}

Constraints coarse_constraints(const Level& fine, const Level& coarse)
{
  Constraints result;
  result.fixed = coarse_fixed(fine, coarse);
  const std::vector<char> fixed = flags_of(fine, fine.constraints.fixed);
  const std::vector<char> fixed_above = flags_of(coarse, result.fixed);

  std::vector<Spring> springs;
  const auto lump = [&](std::int32_t node, const SymTensor& stiffness)
  {
    const Parents parents = parents_of(fine, coarse, node);
    for (int p = 0; p < parents.count; ++p)
    {
      const Parent& parent = parents.list[static_cast<std::size_t>(p)];
      const char* above = fixed_above.data() + 3 * static_cast<std::size_t>(parent.node);
      const bool held[3] = {above[0] != 0, above[1] != 0, above[2] != 0};
      if (!(held[0] && held[1] && held[2]))
        springs.push_back(
            {parent.node, without_fixed(static_cast<double>(parent.weight) * stiffness, held)});
    }
  };
  for (const Spring& spring : fine.constraints.springs)
  {
    const char* flags = fixed.data() + 3 * static_cast<std::size_t>(spring.node);
    const bool held[3] = {flags[0] != 0, flags[1] != 0, flags[2] != 0};
    lump(spring.node, without_fixed(spring.stiffness, held));
  }
  // The stiffness of a fixed component is whole on every sharer: it counts on its owner only.
  for (const std::size_t component : fine.constraints.fixed)
    if (component < 3 * static_cast<std::size_t>(fine.nodes.owned))
    {
      SymTensor stiffness;
      add_diagonal(stiffness, component % 3, static_cast<double>(fine.diagonal[component]));
      lump(static_cast<std::int32_t>(component / 3), stiffness);
    }
  merge(springs);
  result.springs = std::move(springs);
  return result;
}

} // namespace calcar::voxel
