#include "voxel/hinges.hpp"

#include "bodies.hpp"
#include "voxel/element_matrix.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace calcar;
using namespace bodies;
using Catch::Contains;

namespace
{

/// A body of columns of two voxels along j: the picture shows i to the right and k upwards, '.' is
/// void.
VoxelBody drawn(const std::vector<std::string>& picture)
{
  const int nk = static_cast<int>(picture.size());
  return body({static_cast<int>(picture.front().size()), 2, nk}, {1, 1, 1},
              [&](int i, int, int k)
              {
                const std::string& line = picture[static_cast<std::size_t>(nk - 1 - k)];
                return line[static_cast<std::size_t>(i)] == '.' ? 0.0 : 1000.0;
              });
}

VoxelSupports clamped_floor(const VoxelBody& b)
{
  VoxelSupports supports;
  supports.names = {"floor"};
  fix_plane(b, 0, -1, 0, 0, supports);
  return supports;
}

/// The first voxels (i, k) of the parts that swing.
std::set<std::array<int, 2>> swinging(const VoxelBody& b, const VoxelSupports& supports)
{
  const voxel::Parts parts = voxel::parts_of(b);
  const std::vector<bool> swings = voxel::swinging_parts(b.grid, parts, supports);
  std::set<std::array<int, 2>> result;
  for (std::size_t p = 0; p < swings.size(); ++p)
    if (swings[p])
    {
      const auto [i, j, k] = indices(b, b.voxels[parts.list[p].first]);
      result.insert({i, k});
    }
  return result;
}

using Places = std::set<std::array<int, 2>>;

} // namespace

TEST_CASE("a part on one hinge swings, and so do those that hang on it")
{
  const VoxelBody b = drawn({"....#", "...#.", ".##..", "#....", "###.."});
  // Row k = 1 stands on the floor by a face; the chain begins at k = 2.
  CHECK(swinging(b, clamped_floor(b)) == Places{{1, 2}, {3, 3}, {4, 4}});
}

TEST_CASE("a part between two hinges on one line swings, on two lines it is held")
{
  // Two corners: the part turns about the line through them.
  const VoxelBody corners =
      body({3, 3, 3}, {1, 1, 1}, [](int i, int j, int k) { return i == j && j == k ? 1.0 : 0.0; });
  VoxelSupports ends = clamped_floor(corners);
  fix_plane(corners, 3, -1, 0, 0, ends);
  CHECK(swinging(corners, ends) == Places{{1, 1}});
  const VoxelBody edges = drawn({"#.#", ".#.", "#.#"});
  CHECK(swinging(edges, clamped_floor(edges)) == Places{{0, 2}, {2, 2}});
}

TEST_CASE("three hinged bars are rigid, four are a mechanism unless a support stops it")
{
  const VoxelBody three = drawn({".####", "#...#", "#...#", ".###."});
  CHECK(voxel::parts_of(three).list.size() == 3);
  CHECK(swinging(three, clamped_floor(three)).empty());

  const VoxelBody four = drawn({".###.", "#...#", "#...#", ".###."});
  VoxelSupports supports = clamped_floor(four);
  CHECK(swinging(four, supports) == Places{{0, 1}, {4, 1}, {1, 3}});
  supports.fixed.push_back({{2, 0, 4}, 0, 0, 0});
  CHECK(swinging(four, supports).empty());
  supports.fixed.back() = {{2, 0, 4}, 1, 0, 0}; // not the way in which it moves
  CHECK(swinging(four, supports).size() == 3);
  supports.springs.push_back({{2, 0, 4}, {1, 0, 0, 0, 0, 0}, 0});
  CHECK(swinging(four, supports).empty());
}

TEST_CASE("what only a swinging part holds swings too")
{
  // A leaf on a hinge leans on a strut from its corner to one of the floor. The strut turns about
  // the line between its ends; without it the leaf swings.
  const VoxelBody b = body({7, 4, 4}, {1, 1, 1},
                           [](int i, int j, int k)
                           {
                             const bool floor = k == 0 && j < 3 && i >= 1 && i < 6;
                             const bool leaf = i == 0 && j < 3 && (k == 1 || k == 2);
                             const bool strut =
                                 j == 3 && ((k == 3 && i >= 1) || (i == 6 && k >= 1));
                             return floor || leaf || strut ? 1000.0 : 0.0;
                           });
  CHECK(voxel::parts_of(b).list.size() == 3);
  VoxelSupports supports = clamped_floor(b);
  CHECK(swinging(b, supports) == Places{{0, 1}, {6, 1}});
  supports.fixed.push_back({{7, 3, 4}, 1, 0, 0}); // off the line: now the strut holds the leaf
  CHECK(swinging(b, supports).empty());
}

TEST_CASE("a network of more parts than are judged by rank counts as swinging")
{
  const VoxelBody board = body({48, 1, 48}, {1, 1, 1},
                               [](int i, int, int k) { return (i + k) % 2 == 0 ? 1000.0 : 0.0; });
  VoxelSupports supports;
  supports.names = {"corner"};
  for (const NodeIndex n : {NodeIndex{0, 0, 0}, {1, 0, 0}, {0, 1, 0}})
    for (const int axis : {0, 1, 2})
      supports.fixed.push_back({n, axis, 0, 0});
  REQUIRE(voxel::parts_of(board).list.size() > voxel::largest_mechanism + 100);
  CHECK(swinging(board, supports).size() == voxel::parts_of(board).list.size() - 1);
}

namespace
{

/// The components of a body's nodes that move in some motion without energy, from its assembled
/// matrix: elimination with the largest diagonal entry as pivot.
class Kernel
{
public:
  Kernel(const VoxelBody& b, const VoxelSupports& supports) : body_(b)
  {
    for_nodes(b, [&](NodeIndex node, int) { number_.emplace(node, number_.size()); });
    count_ = 3 * number_.size();
    k_.assign(count_ * count_, 0);
    assemble();
    double stiff = 0;
    for (std::size_t n = 0; n < count_; ++n)
      stiff = std::max(stiff, at(n, n));
    for (const auto& fixed : supports.fixed)
      if (number_.contains(fixed.node))
        at(component(fixed.node, fixed.axis), component(fixed.node, fixed.axis)) += stiff;
    eliminate(1e-9 * stiff);
  }

  /// True when a corner of the voxel moves.
  bool moves(std::uint64_t voxel) const
  {
    const auto [i, j, k] = indices(body_, voxel);
    for (int corner = 0; corner < 8; ++corner)
      for (int axis = 0; axis < 3; ++axis)
        if (moves_[component({i + (corner & 1), j + (corner >> 1 & 1), k + (corner >> 2)}, axis)])
          return true;
    return false;
  }

private:
  double& at(std::size_t row, std::size_t column) { return k_[row * count_ + column]; }

  std::size_t component(NodeIndex node, int axis) const
  {
    return 3 * number_.at(node) + static_cast<std::size_t>(axis);
  }

  void assemble()
  {
    const auto element = voxel::element_matrix(body_.grid.spacing, 400, 400);
    for (const std::uint64_t voxel : body_.voxels)
    {
      const auto [i, j, k] = indices(body_, voxel);
      std::array<std::size_t, 24> place{};
      for (int c = 0; c < 24; ++c)
        place[static_cast<std::size_t>(c)] =
            component({i + (c / 3 & 1), j + (c / 3 >> 1 & 1), k + c / 12}, c % 3);
      for (std::size_t r = 0; r < 24; ++r)
        for (std::size_t c = 0; c < 24; ++c)
          at(place[r], place[c]) += element[24 * r + c];
    }
  }

  /// Gauss and Jordan: what is left in the columns without pivot are the motions.
  void eliminate(double smallest)
  {
    std::vector<bool> used(count_, false);
    while (true)
    {
      std::size_t pivot = count_;
      for (std::size_t n = 0; n < count_; ++n)
        if (!used[n] && at(n, n) > smallest && (pivot == count_ || at(n, n) > at(pivot, pivot)))
          pivot = n;
      if (pivot == count_)
        break;
      used[pivot] = true;
      const double diagonal = at(pivot, pivot);
      for (std::size_t c = 0; c < count_; ++c)
        at(pivot, c) /= diagonal;
      for (std::size_t r = 0; r < count_; ++r)
        if (const double factor = at(r, pivot); r != pivot && factor != 0)
          for (std::size_t c = 0; c < count_; ++c)
            at(r, c) -= factor * at(pivot, c);
    }
    moves_.resize(count_);
    for (std::size_t r = 0; r < count_; ++r)
    {
      moves_[r] = !used[r];
      for (std::size_t c = 0; c < count_; ++c)
        if (!used[c] && std::abs(at(r, c)) > 1e-7)
          moves_[r] = true;
    }
  }

  const VoxelBody& body_;
  std::map<NodeIndex, std::size_t> number_;
  std::size_t count_ = 0;
  std::vector<double> k_;
  std::vector<bool> moves_;
};

VoxelBody without(const VoxelBody& b, const std::function<bool(std::uint64_t)>& out)
{
  VoxelBody rest;
  rest.grid = b.grid;
  for (std::size_t v = 0; v < b.voxels.size(); ++v)
    if (!out(b.voxels[v]))
    {
      rest.voxels.push_back(b.voxels[v]);
      rest.youngs.push_back(b.youngs[v]);
      rest.poisson.push_back(b.poisson[v]);
    }
  return rest;
}

/// Takes away voxels that move until none does.
VoxelBody regular_part(VoxelBody b, const VoxelSupports& supports)
{
  while (!b.voxels.empty())
  {
    const Kernel kernel(b, supports);
    VoxelBody rest = without(b, [&](std::uint64_t voxel) { return kernel.moves(voxel); });
    if (rest.voxels.size() == b.voxels.size())
      break;
    b = std::move(rest);
  }
  return b;
}

/// What swinging_parts leaves.
VoxelBody held_part(const VoxelBody& b, const VoxelSupports& supports)
{
  const voxel::Parts parts = voxel::parts_of(b);
  const std::vector<bool> swings = voxel::swinging_parts(b.grid, parts, supports);
  std::set<std::uint64_t> out;
  for (std::size_t r = 0; r < parts.runs.size(); ++r)
    if (swings[parts.of_run[r]])
      for (std::uint64_t v = 0; v < voxel::length(parts.runs[r]); ++v)
        out.insert(b.voxels[parts.runs[r].voxel + v]);
  return without(b, [&](std::uint64_t voxel) { return out.contains(voxel); });
}

} // namespace

TEST_CASE("the parts that swing are those that the assembled matrix leaves free")
{
  int partly = 0;
  for (int trial = 0; trial < 60; ++trial)
  {
    const double solid = 0.3 + 0.2 * noise(trial, 1, 0);
    const VoxelBody b = body({4, 4, 4}, {1, 0.7, 1.3},
                             [&](int i, int j, int k)
                             { return noise(i + 7 * trial, j, k) < solid ? 1000.0 : 0.0; });
    VoxelSupports supports;
    supports.names = {"some"};
    for_nodes(b,
              [&](NodeIndex n, int)
              {
                for (int axis = 0; axis < 3; ++axis)
                  if (noise(n.i + 5 * axis, n.j + 9 * trial, n.k) < (n.k == 0 ? 0.6 : 0.04))
                    supports.fixed.push_back({n, axis, 0, 0});
              });
    const VoxelBody expected = regular_part(b, supports);
    CHECK(held_part(b, supports).voxels == expected.voxels);
    partly += !expected.voxels.empty() && expected.voxels.size() < b.voxels.size();
  }
  CHECK(partly > 20); // the trials are not all of one kind
}

TEST_CASE("a body that hangs together by hinges is refused in words")
{
  const VoxelBody b = drawn({"...##", "...##", "###..", "###.."});
  const auto build = [&](const VoxelSupports& supports)
  { const voxel::Engine engine(b, supports, MPI_COMM_SELF); };
  VoxelSupports supports = clamped_floor(b);
  CHECK_THROWS_AS(build(supports), InputError);
  CHECK_THROWS_WITH(build(supports), Contains("the part of 8 voxels with voxel (3, 0, 2)") &&
                                         Contains("can swing") && Contains("leave the part out") &&
                                         !Contains("the piece"));
  supports.fixed.push_back({{5, 0, 4}, 0, 0, 0});
  CHECK_NOTHROW(build(supports));
}
