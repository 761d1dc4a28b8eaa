#include "voxel/checks.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "voxel/hinges.hpp"
#include "voxel/level.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace calcar::voxel
{
namespace
{

using model::NodeIndex;

constexpr std::size_t most_problems = 10; ///< a list of a million bad voxels helps nobody

std::string indices(int i, int j, int k)
{
  std::string text = "(";
  text += std::to_string(i) + ", " + std::to_string(j) + ", " + std::to_string(k) + ")";
  return text;
}

std::string voxel_name(const image::Grid& grid, std::uint64_t offset)
{
  const auto nx = static_cast<std::uint64_t>(grid.size[0]);
  const auto ny = static_cast<std::uint64_t>(grid.size[1]);
  return "voxel " + indices(static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
                            static_cast<int>(offset / (nx * ny)));
}

std::string node_name(const NodeIndex& node)
{
  return "node " + indices(node.i, node.j, node.k);
}

/// True for the corner of an active voxel.
bool is_node(const image::Grid& grid, const OffsetSet& nodes, const NodeIndex& at)
{
  return at.i >= 0 && at.j >= 0 && at.k >= 0 && at.i <= grid.size[0] && at.j <= grid.size[1] &&
         at.k <= grid.size[2] && nodes.contains(lattice_id(grid.size, at.i, at.j, at.k));
}

void throw_if_any(std::vector<Problem> problems)
{
  if (!problems.empty())
    throw InputError(Fault::data, std::move(problems));
}

void add(std::vector<Problem>& problems, Problem problem)
{
  if (problems.size() < most_problems)
    problems.push_back(std::move(problem));
  else if (problems.size() == most_problems)
    problems.push_back({"further places", "more problems like these", "", "", ""});
}

void check_grid(const model::VoxelBody& body)
{
  const auto& grid = body.grid;
  for (std::size_t d = 0; d < 3; ++d)
    if (grid.size[d] < 1 || !(grid.spacing[d] > 0) || !std::isfinite(grid.spacing[d]))
      throw InputError(Fault::data,
                       Problem{"voxel grid",
                               "axis " + std::to_string(d) + " has " +
                                   std::to_string(grid.size[d]) + " voxels of " +
                                   format_number(grid.spacing[d]) + " mm",
                               "at least one voxel of positive size", "check the image", ""});
  if (body.voxels.empty())
    throw InputError(Fault::data, Problem{"voxel body", "no active voxel", "at least one",
                                          "check the mask and its label", ""});
  if (body.youngs.size() != body.voxels.size() || body.poisson.size() != body.voxels.size())
    throw InputError(Fault::data,
                     Problem{"voxel body", "as many moduli as voxels are needed", "", "", ""});
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
    if (body.voxels[v] >= grid.voxels() || (v > 0 && body.voxels[v] <= body.voxels[v - 1]))
      throw InputError(Fault::data, Problem{voxel_name(grid, body.voxels[v]),
                                            "outside the grid, or not after the one before it",
                                            "voxels of the grid in ascending order", "", ""});
}

void check_fixed(const image::Grid& grid, const OffsetSet& nodes,
                 const model::VoxelSupports& supports, std::vector<Problem>& problems)
{
  for (const model::FixedComponent& fixed : supports.fixed)
  {
    if (fixed.axis < 0 || fixed.axis > 2 || !std::isfinite(fixed.displacement))
      add(problems, {node_name(fixed.node),
                     "displacement " + format_number(fixed.displacement) + " along axis " +
                         std::to_string(fixed.axis),
                     "a finite displacement along axis 0, 1 or 2", "", ""});
    if (!is_node(grid, nodes, fixed.node))
      add(problems, {node_name(fixed.node), "a support where there is no active voxel",
                     "corners of active voxels", "move the support onto the body", ""});
  }
}

/// A component that is fixed twice must be fixed at the same place.
void check_repeated(std::vector<model::FixedComponent> fixed, std::vector<Problem>& problems)
{
  const auto component = [](const model::FixedComponent& f)
  { return std::tuple(f.node.k, f.node.j, f.node.i, f.axis); };
  const auto before = [&](const auto& a, const auto& b) { return component(a) < component(b); };
  if (!std::is_sorted(fixed.begin(), fixed.end(), before))
    std::stable_sort(fixed.begin(), fixed.end(), before);
  for (std::size_t n = 1; n < fixed.size(); ++n)
    if (component(fixed[n - 1]) == component(fixed[n]) &&
        fixed[n - 1].displacement != fixed[n].displacement)
      add(problems, {node_name(fixed[n].node),
                     "displacements " + format_number(fixed[n - 1].displacement, 9) + " and " +
                         format_number(fixed[n].displacement, 9) + " mm along axis " +
                         std::to_string(fixed[n].axis),
                     "one displacement per component", "let the supports not overlap", ""});
}

void check_springs(const image::Grid& grid, const OffsetSet& nodes,
                   const model::VoxelSupports& supports, std::vector<Problem>& problems)
{
  for (const model::NodeSpring& spring : supports.springs)
  {
    if (!is_node(grid, nodes, spring.node))
      add(problems, {node_name(spring.node), "a spring where there is no active voxel",
                     "corners of active voxels", "move the support onto the body", ""});
    // By Jacobi rotations: a spring along one direction has two eigenvalues that are 0 but for
    // rounding, where the closed form errs by 1e-8 of the largest.
    const auto pairs = eigenpairs(spring.stiffness);
    const std::array values = {pairs[0].value, pairs[1].value, pairs[2].value};
    if (!std::isfinite(values[0]) || !std::isfinite(values[2]) ||
        values[2] < -1e-9 * std::abs(values[0]))
      add(problems,
          {node_name(spring.node),
           "a spring with stiffness " + format_number(values[2]) + " N/mm in one direction",
           "0 or more in every direction", "", ""});
  }
}

void check_support_numbers(const model::VoxelSupports& supports, std::vector<Problem>& problems)
{
  const auto check = [&](const NodeIndex& node, int support)
  {
    if (support < 0 || support >= static_cast<int>(supports.names.size()))
      add(problems,
          {node_name(node), "support number " + std::to_string(support),
           "0 to " + std::to_string(static_cast<int>(supports.names.size()) - 1), "", ""});
  };
  for (const auto& fixed : supports.fixed)
    check(fixed.node, fixed.support);
  for (const auto& spring : supports.springs)
    check(spring.node, spring.support);
}

/// What can move: a piece with its free motions, or a part that swings in a piece that is held.
struct Free
{
  std::uint64_t first; ///< voxel
  std::uint64_t voxels;
  std::vector<std::string> motions;
};

Problem problem_of(const model::VoxelBody& body, const Free& free)
{
  const std::string name = " of " + std::to_string(free.voxels) + " voxels with " +
                           voxel_name(body.grid, body.voxels[free.first]);
  if (free.motions.empty())
    return {"the part" + name, "it hangs on edges or corners of voxels as on hinges, and can swing",
            "parts that are joined by faces or held by supports",
            "leave the part out of the body, or support it", ""};
  return {"the piece" + name, "its supports leave it free: " + join(free.motions),
          "supports that hold every piece", "add supports, or leave the piece out of the body", ""};
}

/// Refuses pieces that the supports leave free, and parts of held pieces that can swing.
void refuse_free_parts(const model::VoxelBody& body, const model::VoxelSupports& supports)
{
  const Parts parts = parts_of(body);
  const std::vector<bool> swings = swinging_parts(body.grid, parts, supports);
  if (std::none_of(swings.begin(), swings.end(), [](bool free) { return free; }))
    return;
  const std::vector<std::uint32_t> piece_of = pieces_of(parts);
  const std::vector<PieceSupport> pieces = piece_supports(body.grid, parts, piece_of, supports);
  std::vector<Free> list;
  for (const PieceSupport& piece : pieces)
    if (!piece.free_motions.empty())
      list.push_back({piece.first, piece.voxels, piece.free_motions});
  for (std::size_t p = 0; p < swings.size(); ++p)
    if (swings[p] && pieces[piece_of[p]].free_motions.empty())
      list.push_back({parts.list[p].first, parts.list[p].voxels, {}});
  std::stable_sort(list.begin(), list.end(),
                   [](const Free& a, const Free& b) { return a.voxels > b.voxels; });
  std::vector<Problem> problems;
  for (const Free& free : list)
    add(problems, problem_of(body, free));
  throw_if_any(std::move(problems));
}

} // namespace

void check_body(const model::VoxelBody& body)
{
  check_grid(body);
  std::vector<Problem> problems;
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
  {
    // Below the smallest normal number the shear modulus could round to zero, which means void.
    if (!(body.youngs[v] > 4 * std::numeric_limits<float>::min()) || !std::isfinite(body.youngs[v]))
      add(problems,
          {voxel_name(body.grid, body.voxels[v]),
           "Young's modulus " + format_number(static_cast<double>(body.youngs[v])) + " MPa",
           "more than 0 and finite", "leave void voxels out of the body, or check the density law",
           ""});
    if (!(body.poisson[v] > -1 && body.poisson[v] < 0.5F))
      add(problems, {voxel_name(body.grid, body.voxels[v]),
                     "Poisson's ratio " + format_number(static_cast<double>(body.poisson[v])),
                     "more than -1 and less than 0.5", "check the material", ""});
  }
  throw_if_any(std::move(problems));
}

void check_supports(const model::VoxelBody& body, const OffsetSet& nodes,
                    const model::VoxelSupports& supports)
{
  std::vector<Problem> problems;
  check_support_numbers(supports, problems);
  check_fixed(body.grid, nodes, supports, problems);
  check_repeated(supports.fixed, problems);
  check_springs(body.grid, nodes, supports, problems);
  throw_if_any(std::move(problems));

  refuse_free_parts(body, supports);
}

void check_forces(const image::Grid& grid, const OffsetSet& nodes,
                  const std::vector<model::NodalForce>& forces)
{
  std::vector<Problem> problems;
  for (const model::NodalForce& force : forces)
  {
    if (!std::isfinite(norm(force.force)))
      add(problems, {node_name(force.node), "a force that is not a finite number", "", "", ""});
    if (!is_node(grid, nodes, force.node))
      add(problems, {node_name(force.node), "a force where there is no active voxel",
                     "corners of active voxels", "move the load onto the body", ""});
  }
  throw_if_any(std::move(problems));
}

} // namespace calcar::voxel
