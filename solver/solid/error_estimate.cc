#include "solid/error_estimate.hpp"

#include "mesh/nodes.hpp"
#include "solid/reference_points.hpp"
#include "solid/shape.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

namespace calcar::solid
{
namespace
{

using mesh::CellShape;

/// Weights of the integration points' values in a value elsewhere in the cell: constant, linear in
/// quadratic tetrahedra (whose n-th point is the one near corner n).
std::vector<double> drawn_out(CellShape shape, int degree, Vec3 xi)
{
  const auto points = reference_points(shape, degree);
  if (points.size() == 1)
    return {1};
  const auto at = shape_values(shape, 1, xi);
  const auto near = shape_values(shape, 1, points[0].xi); // 0: its own corner, 1: the others
  std::vector<double> weights;
  for (const double value : at)
    weights.push_back((value - near[1]) / (near[0] - near[1]));
  return weights;
}

/// A point at which recovered and computed stress are compared.
struct ComparedPoint
{
  double weight = 0;             ///< on the reference cell
  std::vector<double> nodes;     ///< shape functions
  std::vector<double> points;    ///< weights of the integration points' stresses
  std::vector<Vec3> derivatives; ///< of the corners' shape functions
};

/// Hexahedra are compared at their integration points; in tetrahedra these lie where the computed
/// stress is better than elsewhere, and a finer rule is taken.
std::vector<ComparedPoint> compared_points(CellShape shape, int degree)
{
  const bool own = shape == CellShape::hexahedron;
  const auto rule = own           ? reference_points(shape, degree)
                    : degree == 1 ? reference_points(shape, 2)
                                  : fine_reference_points(shape);
  std::vector<ComparedPoint> points;
  for (std::size_t p = 0; p < rule.size(); ++p)
  {
    ComparedPoint point;
    point.weight = rule[p].weight;
    point.nodes = shape_values(shape, degree, rule[p].xi);
    point.derivatives = shape_derivatives(shape, 1, rule[p].xi);
    if (own)
    {
      point.points.assign(rule.size(), 0.0);
      point.points[p] = 1;
    }
    else
      point.points = drawn_out(shape, degree, rule[p].xi);
    points.push_back(std::move(point));
  }
  return points;
}

/// [node][integration point]: how much a point counts in the mean at a node, before its volume.
std::vector<std::vector<double>> recovery_weights(CellShape shape, int degree)
{
  std::vector<std::vector<double>> weights;
  const auto points = reference_points(shape, degree);
  const auto nodes = reference_nodes(shape, degree);
  for (std::size_t n = 0; n < nodes.size(); ++n)
    if (shape == CellShape::tetrahedron && degree == 2)
      weights.push_back(drawn_out(shape, degree, nodes[n]));
    else
    {
      weights.emplace_back();
      for (const ReferencePoint& point : points)
        weights.back().push_back(shape_values(shape, degree, point.xi)[n]);
    }
  return weights;
}

/// Cells that are alone in their group among their neighbours get that of a neighbour.
void join_lone_cells(const mesh::Mesh& mesh, std::vector<std::uint32_t>& group)
{
  const auto faces = mesh::sorted_faces(mesh);
  std::vector<std::uint8_t> alone(mesh.cells(), 1);
  std::vector<std::uint32_t> neighbour(mesh.cells());
  std::iota(neighbour.begin(), neighbour.end(), 0U);
  for (std::size_t n = 1; n < faces.size(); ++n)
    if (faces[n].first == faces[n - 1].first)
    {
      const std::uint32_t a = faces[n - 1].second.cell, b = faces[n].second.cell;
      neighbour[a] = b;
      neighbour[b] = a;
      if (group[a] == group[b])
        alone[a] = alone[b] = 0;
    }
  const std::vector<std::uint32_t> before = group;
  for (std::size_t c = 0; c < group.size(); ++c)
    if (alone[c])
      group[c] = before[neighbour[c]];
}

/// Young's modulus and Poisson's ratio with what follows from them.
struct Hooke
{
  double youngs;
  double poisson;

  SymTensor stress(const SymTensor& strain) const
  {
    const double mu = youngs / (2 * (1 + poisson));
    const double p = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson)) * trace(strain);
    return 2 * mu * strain + SymTensor{p, p, p, 0, 0, 0};
  }
  SymTensor strain(const SymTensor& stress) const
  {
    const double p = -poisson / youngs * trace(stress);
    return (1 + poisson) / youngs * stress + SymTensor{p, p, p, 0, 0, 0};
  }
};

std::size_t points_of(const SolidBody& body)
{
  return static_cast<std::size_t>(integration_points_per_cell(body.mesh.shape, body.mesh.degree));
}

/// At an integration point of a cell.
Hooke material_at(const SolidBody& body, std::size_t cell, std::size_t point)
{
  const bool of_cells = body.youngs.size() == body.mesh.cells();
  const std::size_t n = of_cells ? cell : points_of(body) * cell + point;
  return {body.youngs[n], body.poisson[n]};
}

/// The mean over a cell's points.
Hooke material_of(const SolidBody& body, std::size_t cell)
{
  const std::size_t points = points_of(body);
  Hooke mean = {0, 0};
  for (std::size_t q = 0; q < points; ++q)
  {
    const Hooke at = material_at(body, cell, q);
    mean.youngs += at.youngs / static_cast<double>(points);
    mean.poisson += at.poisson / static_cast<double>(points);
  }
  return mean;
}

/// Numbers the pairs of node and group. Most nodes belong to one group.
class Sites
{
public:
  explicit Sites(std::size_t nodes) : first_(nodes) {}

  std::optional<std::uint32_t> find(std::uint32_t node, std::uint32_t group) const
  {
    if (first_[node].group == group)
      return first_[node].number;
    const auto at = more_.find({node, group});
    return at == more_.end() ? std::nullopt : std::optional(at->second);
  }

  std::uint32_t number(std::uint32_t node, std::uint32_t group)
  {
    if (const auto known = find(node, group))
      return *known;
    if (first_[node].group == none)
      first_[node] = {group, count_};
    else
      more_.emplace(std::pair{node, group}, count_);
    return count_++;
  }

  /// Groups with their numbers.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> of_node(std::uint32_t node) const
  {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> list = {
        {first_[node].group, first_[node].number}};
    for (auto at = more_.lower_bound({node, 0}); at != more_.end() && at->first.first == node; ++at)
      list.emplace_back(at->first.second, at->second);
    return list;
  }

  std::uint32_t count() const { return count_; }

private:
  static constexpr std::uint32_t none = 0xffffffff;
  struct Site
  {
    std::uint32_t group = none;
    std::uint32_t number = none;
  };
  std::vector<Site> first_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> more_;
  std::uint32_t count_ = 0;
};

/// Calls visit(cell, point, volume) for all integration points.
template <typename Visit>
void each_point(const mesh::Mesh& mesh, const Visit& visit)
{
  const auto points = reference_points(mesh.shape, mesh.degree);
  std::vector<std::vector<Vec3>> derivatives;
  for (const ReferencePoint& point : points)
    derivatives.push_back(shape_derivatives(mesh.shape, 1, point.xi));
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (std::size_t q = 0; q < points.size(); ++q)
      visit(c, q, points[q].weight * determinant(jacobian(mesh, c, derivatives[q])));
}

/// What is integrated on a cell.
struct CellError
{
  double volume = 0;
  double squared = 0;
  double strain_error = 0;
  double strain = 0;

  void add(double v, const SymTensor& star, const SymTensor& gap, const Hooke& material)
  {
    const SymTensor strain_gap = material.strain(gap);
    const SymTensor strain_star = material.strain(star);
    volume += v;
    squared += v * contract(gap, strain_gap);
    strain_error += v * contract(strain_gap, strain_gap);
    strain += v * contract(strain_star, strain_star);
  }
};

SymTensor sum_of(std::span<const double> weights, std::span<const SymTensor> values)
{
  SymTensor sum;
  for (std::size_t n = 0; n < weights.size(); ++n)
    if (weights[n] != 0)
      sum = sum + weights[n] * values[n];
  return sum;
}

} // namespace

ErrorEstimator::ErrorEstimator(const SolidBody& body, std::vector<std::uint32_t> group)
    : body_(body)
{
  const mesh::Nodes nodes = mesh::nodes_of(body.mesh);
  per_cell_ = static_cast<std::size_t>(nodes.per_cell);
  group.resize(body.mesh.cells(), 0);
  join_lone_cells(body.mesh, group);
  Sites sites(nodes.points.size());
  for (std::size_t c = 0; c < body.mesh.cells(); ++c)
    for (const std::uint32_t node : nodes.cell(c))
      sites_of_cell_.push_back(sites.number(node, group[c]));
  sites_ = sites.count();
  for (const HangingNode& tie : body.hanging)
    for (const auto& [in, site] : sites.of_node(tie.node))
    {
      Follower follower{site, {}, tie.weights};
      for (const std::uint32_t master : tie.masters)
        if (const auto of_master = sites.find(master, in))
          follower.masters.push_back(*of_master);
      if (follower.masters.size() == tie.masters.size())
        followers_.push_back(std::move(follower));
    }
}

std::vector<SymTensor> ErrorEstimator::stresses(const std::vector<SymTensor>& strain_points) const
{
  const std::size_t points = points_of(body_);
  std::vector<SymTensor> stress(strain_points.size());
  for (std::size_t n = 0; n < stress.size(); ++n)
    stress[n] = material_at(body_, n / points, n % points).stress(strain_points[n]);
  return stress;
}

std::vector<SymTensor> ErrorEstimator::recover(const std::vector<SymTensor>& stress) const
{
  const mesh::Mesh& mesh = body_.mesh;
  const std::size_t points = points_of(body_);
  const auto recovery = recovery_weights(mesh.shape, mesh.degree);
  std::vector<double> weights(sites_);
  std::vector<SymTensor> recovered(sites_);
  each_point(mesh,
             [&](std::size_t c, std::size_t q, double volume)
             {
               for (std::size_t n = 0; n < per_cell_; ++n)
               {
                 const std::uint32_t site = sites_of_cell_[per_cell_ * c + n];
                 const double share = volume * recovery[n][q];
                 weights[site] += share;
                 recovered[site] = recovered[site] + share * stress[points * c + q];
               }
             });
  for (std::size_t s = 0; s < sites_; ++s)
    recovered[s] = (1 / weights[s]) * recovered[s];
  for (const Follower& follower : followers_)
  {
    SymTensor sum;
    for (std::size_t m = 0; m < follower.masters.size(); ++m)
      sum = sum + follower.weights[m] * recovered[follower.masters[m]];
    recovered[follower.site] = sum;
  }
  return recovered;
}

ErrorEstimate ErrorEstimator::estimate(const std::vector<SymTensor>& strain_points) const
{
  const mesh::Mesh& mesh = body_.mesh;
  const std::size_t points = points_of(body_);
  const std::vector<SymTensor> stress = stresses(strain_points);
  const std::vector<SymTensor> recovered = recover(stress);
  const std::vector<ComparedPoint> compared = compared_points(mesh.shape, mesh.degree);
  const bool at_points = mesh.shape == CellShape::hexahedron;
  std::vector<SymTensor> of_nodes(per_cell_);
  ErrorEstimate result;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
  {
    for (std::size_t n = 0; n < per_cell_; ++n)
      of_nodes[n] = recovered[sites_of_cell_[per_cell_ * c + n]];
    const std::span<const SymTensor> own(stress.data() + points * c, points);
    CellError cell;
    for (std::size_t p = 0; p < compared.size(); ++p)
    {
      const ComparedPoint& point = compared[p];
      const SymTensor star = sum_of(point.nodes, of_nodes);
      cell.add(point.weight * determinant(jacobian(mesh, c, point.derivatives)), star,
               star + -1.0 * sum_of(point.points, own),
               at_points ? material_at(body_, c, p) : material_of(body_, c));
    }
    result.squared.push_back(cell.squared);
    result.strain_error.push_back(std::sqrt(cell.strain_error / cell.volume));
    result.strain.push_back(std::sqrt(cell.strain / cell.volume));
  }
  result.cell_energy.assign(mesh.cells(), 0);
  each_point(mesh,
             [&](std::size_t c, std::size_t q, double volume)
             {
               result.cell_energy[c] +=
                   0.5 * volume * contract(stress[points * c + q], strain_points[points * c + q]);
             });
  const double sum = std::accumulate(result.squared.begin(), result.squared.end(), 0.0);
  result.energy = std::accumulate(result.cell_energy.begin(), result.cell_energy.end(), 0.0);
  const double stored = 2 * result.energy;
  result.error = std::sqrt(sum);
  result.relative_error = sum > 0 ? std::sqrt(sum / (sum + stored)) : 0;
  return result;
}

} // namespace calcar::solid
