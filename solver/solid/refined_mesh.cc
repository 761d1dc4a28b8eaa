#include "solid/refined_mesh.hpp"

#include "mesh/nodes.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <stdexcept>

namespace calcar::solid
{
namespace
{

using mesh::FaceKey;
using mesh::FaceOfCell;

/// The mesh's corner for each one counted line by line, and the other way round.
constexpr std::array<std::size_t, 8> line_by_line = {0, 1, 3, 2, 4, 5, 7, 6};

using Edge = std::array<std::uint32_t, 2>;
using Corners = std::array<std::uint32_t, 8>; ///< line by line

Edge edge_of(std::uint32_t a, std::uint32_t b)
{
  return a < b ? Edge{a, b} : Edge{b, a};
}

FaceKey face_of(std::array<std::uint32_t, 4> corners)
{
  std::sort(corners.begin(), corners.end());
  return corners;
}

/// Refined edges and faces with the points in their middles.
struct Middles
{
  std::map<Edge, std::uint32_t> of_edges;
  std::map<FaceKey, std::uint32_t> of_faces;
};

/// Walks down the octrees and makes points and cells.
class Trees
{
public:
  Trees(const mesh::Mesh& coarse, const std::vector<Leaf>& leaves) : leaves_(leaves)
  {
    mesh::Mesh& mesh = result.mesh;
    mesh.shape = coarse.shape;
    mesh.degree = coarse.degree;
    mesh.points = coarse.points;
    mesh.regions = coarse.regions;
    mesh.source = coarse.source;
    for (std::uint32_t c = 0; c < coarse.cells(); ++c)
    {
      Corners corners;
      for (std::size_t n = 0; n < 8; ++n)
        corners[line_by_line[n]] = coarse.cell(c)[n];
      if (next_ >= leaves_.size() || leaves_[next_].coarse != c)
        throw std::logic_error("leaves of octrees are not in order");
      region_ = coarse.region[c];
      walk(corners, 0);
    }
  }

  RefinedMesh result;
  Middles middles;

private:
  void walk(const Corners& corners, std::uint32_t level)
  {
    const Leaf& leaf = leaves_.at(next_);
    if (leaf.level == level)
    {
      for (const std::size_t n : line_by_line)
        result.mesh.corners.push_back(corners[n]);
      result.mesh.region.push_back(region_);
      result.coarse.push_back(leaf.coarse);
      ++next_;
      return;
    }
    const std::array<std::uint32_t, 27> lattice = divide(corners);
    for (int child = 0; child < 8; ++child)
    {
      if (leaves_.at(next_).child(level) != child)
        throw std::logic_error("leaves of octrees are not in order");
      Corners of_child;
      for (int n = 0; n < 8; ++n)
        of_child[static_cast<std::size_t>(n)] = lattice[static_cast<std::size_t>(
            ((child & 1) + (n & 1)) + 3 * ((child >> 1 & 1) + (n >> 1 & 1)) +
            9 * ((child >> 2) + (n >> 2)))];
      walk(of_child, level + 1);
    }
  }

  /// The 27 points of a cell and its children's, line by line. Those at odd places along one axis
  /// are middles of edges, along two of faces, along three that of the cell.
  std::array<std::uint32_t, 27> divide(const Corners& corners)
  {
    std::array<std::uint32_t, 27> lattice;
    for (std::size_t n = 0; n < 27; ++n)
    {
      const std::array<std::size_t, 3> at = {n % 3, n / 3 % 3, n / 9};
      std::vector<std::uint32_t> around;
      for (std::size_t c = 0; c < 8; ++c)
      {
        bool near = true;
        for (std::size_t axis = 0; axis < 3; ++axis)
          near = near && (at[axis] == 1 || at[axis] == 2 * (c >> axis & 1));
        if (near)
          around.push_back(corners[c]);
      }
      lattice[n] = point_between(around);
    }
    return lattice;
  }

  std::uint32_t point_between(std::span<const std::uint32_t> around)
  {
    const auto next = static_cast<std::uint32_t>(result.mesh.points.size());
    std::uint32_t point = next;
    if (around.size() == 1)
      point = around[0];
    if (around.size() == 2)
      point = middles.of_edges.emplace(edge_of(around[0], around[1]), next).first->second;
    if (around.size() == 4)
      point = middles.of_faces.emplace(face_of({around[0], around[1], around[2], around[3]}), next)
                  .first->second;
    if (point != next)
      return point;
    Vec3 sum;
    for (const std::uint32_t corner : around)
      sum += result.mesh.points[corner];
    result.mesh.points.push_back(sum / static_cast<double>(around.size()));
    return next;
  }

  const std::vector<Leaf>& leaves_;
  std::size_t next_ = 0;
  std::uint16_t region_ = 0;
};

/// Calls on_edge(a, b, middle) and on_face(face, middle) for the edges and faces of cells that have
/// smaller ones beside them.
template <typename OnEdge, typename OnFace>
void each_divided(const mesh::Mesh& mesh, const Middles& middles, const OnEdge& on_edge,
                  const OnFace& on_face)
{
  for (std::uint32_t c = 0; c < mesh.cells(); ++c)
  {
    const auto cell = mesh.cell(c);
    for (const mesh::CellEdge& edge : mesh::reference_cell(mesh.shape).edges)
      if (const auto at = middles.of_edges.find(edge_of(cell[edge[0]], cell[edge[1]]));
          at != middles.of_edges.end())
        on_edge(cell[edge[0]], cell[edge[1]], at->second);
    for (std::uint8_t f = 0; f < 6; ++f)
      if (const auto at = middles.of_faces.find(mesh::face_key(mesh, {c, f}));
          at != middles.of_faces.end())
        on_face(FaceOfCell{c, f}, at->second);
  }
}

/// Nodes of edges and faces where cells of unequal size meet, by their corners; of degree 2.
class MiddleNodes
{
public:
  MiddleNodes(const mesh::Mesh& mesh, const mesh::Nodes& nodes, const Middles& middles)
  {
    std::vector<bool> hangs(mesh.points.size());
    each_divided(
        mesh, middles, [&](auto, auto, std::uint32_t middle) { hangs[middle] = true; },
        [&](auto, std::uint32_t middle) { hangs[middle] = true; });
    const mesh::ReferenceCell& reference = mesh::reference_cell(mesh.shape);
    for (std::uint32_t c = 0; c < mesh.cells(); ++c)
    {
      const auto cell = mesh.cell(c);
      for (std::size_t e = 0; e < reference.edges.size(); ++e)
      {
        const Edge edge = edge_of(cell[reference.edges[e][0]], cell[reference.edges[e][1]]);
        if (hangs[edge[0]] || hangs[edge[1]] || middles.of_edges.count(edge) > 0)
          edges_.emplace(edge, nodes.cell(c)[8 + e]);
      }
      for (std::uint8_t f = 0; f < 6; ++f)
      {
        const FaceKey face = mesh::face_key(mesh, {c, f});
        const auto hanging = [&](std::uint32_t corner) { return bool(hangs[corner]); };
        if (std::any_of(face.begin(), face.end(), hanging) || middles.of_faces.count(face) > 0)
          faces_.emplace(face, nodes.cell(c)[mesh::nodes_of_face(mesh.shape, 2, f)[8]]);
      }
    }
  }
  std::uint32_t edge(std::uint32_t a, std::uint32_t b) const { return edges_.at(edge_of(a, b)); }
  std::uint32_t face(const FaceKey& key) const { return faces_.at(key); }

private:
  std::map<Edge, std::uint32_t> edges_;
  std::map<FaceKey, std::uint32_t> faces_;
};

/// Values of the quadratic shape functions of a line at its quarters n / 4: start, middle, end.
constexpr std::array<std::array<double, 3>, 5> at_quarters = {
    {{1, 0, 0}, {0.375, 0.75, -0.125}, {0, 1, 0}, {-0.125, 0.75, 0.375}, {0, 0, 1}}};

/// A face of a larger cell with what refinement made of it.
struct DividedFace
{
  std::array<std::uint32_t, 4> corners;
  std::array<std::uint32_t, 4> middles; ///< of the edges from each corner to the next
  std::uint32_t middle;
};

/// Finds what hangs, cell by cell of the finished mesh.
class Hanging
{
public:
  Hanging(const RefinedMesh& refined, const Middles& middles)
      : mesh_(refined.mesh), middles_(middles)
  {
    count = mesh_.points.size();
    if (mesh_.degree == 2)
    {
      const mesh::Nodes nodes = mesh::nodes_of(mesh_);
      count = nodes.points.size();
      of_middles_ = MiddleNodes(mesh_, nodes, middles_);
    }
    each_divided(
        mesh_, middles_,
        [&](std::uint32_t a, std::uint32_t b, std::uint32_t middle) { hang_on_edge(a, b, middle); },
        [&](FaceOfCell face, std::uint32_t middle) { hang_on_face(face, middle); });
    std::sort(inner.begin(), inner.end());
  }

  std::map<std::uint32_t, HangingNode> list;
  std::vector<FaceKey> inner; ///< faces with a cell of other size behind them, ascending
  std::size_t count = 0;      ///< of all nodes

private:
  void hang(std::uint32_t node, std::vector<std::uint32_t> masters, std::vector<double> weights)
  {
    list.emplace(node, HangingNode{node, std::move(masters), std::move(weights)});
  }

  void hang_on_edge(std::uint32_t a, std::uint32_t b, std::uint32_t middle)
  {
    if (mesh_.degree == 1)
      return hang(middle, {a, b}, {0.5, 0.5});
    const std::uint32_t own = of_middles_->edge(a, b);
    hang(middle, {own}, {1});
    const auto& near = at_quarters[1];
    hang(of_middles_->edge(a, middle), {a, own, b}, {near[0], near[1], near[2]});
    hang(of_middles_->edge(middle, b), {b, own, a}, {near[0], near[1], near[2]});
  }

  void hang_on_face(FaceOfCell face, std::uint32_t middle)
  {
    DividedFace divided;
    const auto corners = mesh::face_corners(mesh_, face);
    std::copy_n(corners.begin(), 4, divided.corners.begin());
    divided.middle = middle;
    for (std::size_t n = 0; n < 4; ++n)
      divided.middles[n] = middles_.of_edges.at(edge_of(corners[n], corners[(n + 1) % 4]));
    inner.push_back(mesh::face_key(mesh_, face));
    for (std::size_t n = 0; n < 4; ++n)
      inner.push_back(quarter(divided, n));
    if (mesh_.degree == 1)
      return hang(middle, corners, {0.25, 0.25, 0.25, 0.25});
    hang_in_second_order(divided);
  }

  /// The smaller face at a corner.
  static FaceKey quarter(const DividedFace& face, std::size_t n)
  {
    return face_of({face.corners[n], face.middles[n], face.middle, face.middles[(n + 3) % 4]});
  }

  void hang_in_second_order(const DividedFace& face)
  {
    // Places along the two edges from the first corner, in quarters.
    constexpr std::array<std::array<std::size_t, 2>, 4> at_edges = {
        {{2, 1}, {3, 2}, {2, 3}, {1, 2}}};
    constexpr std::array<std::array<std::size_t, 2>, 4> at_corners = {
        {{1, 1}, {3, 1}, {3, 3}, {1, 3}}};
    hang_inside(face, face.middle, {2, 2});
    for (std::size_t n = 0; n < 4; ++n)
    {
      hang_inside(face, of_middles_->edge(face.middles[n], face.middle), at_edges[n]);
      hang_inside(face, of_middles_->face(quarter(face, n)), at_corners[n]);
    }
  }

  void hang_inside(const DividedFace& face, std::uint32_t node, std::array<std::size_t, 2> at)
  {
    const auto& [a, b, c, d] = face.corners;
    const std::array<std::uint32_t, 9> nodes = {a,
                                                of_middles_->edge(a, b),
                                                b,
                                                of_middles_->edge(d, a),
                                                of_middles_->face(face_of(face.corners)),
                                                of_middles_->edge(b, c),
                                                d,
                                                of_middles_->edge(c, d),
                                                c};
    std::vector<std::uint32_t> masters;
    std::vector<double> weights;
    for (std::size_t n = 0; n < 9; ++n)
      if (const double weight = at_quarters[at[0]][n % 3] * at_quarters[at[1]][n / 3]; weight != 0)
      {
        masters.push_back(nodes[n]);
        weights.push_back(weight);
      }
    hang(node, std::move(masters), std::move(weights));
  }

  const mesh::Mesh& mesh_;
  const Middles& middles_;
  std::optional<MiddleNodes> of_middles_;
};

} // namespace

RefinedMesh refined_mesh(const mesh::Mesh& coarse, const std::vector<Leaf>& leaves)
{
  Trees trees(coarse, leaves);
  RefinedMesh& refined = trees.result;
  const Hanging hanging(refined, trees.middles);
  for (const auto& [node, tie] : hanging.list)
    refined.hanging.push_back(tie);
  refined.nodes = hanging.count;
  for (const FaceOfCell& face : mesh::boundary_faces(refined.mesh))
    if (!std::binary_search(hanging.inner.begin(), hanging.inner.end(),
                            mesh::face_key(refined.mesh, face)))
      refined.boundary.push_back(face);
  return std::move(refined);
}

} // namespace calcar::solid
