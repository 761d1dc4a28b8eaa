#include "solid/yielding_points.hpp"

#include "base/parallel.hpp"
#include "solid/cell_integrals.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace calcar::solid
{
namespace
{
/// Share of a cell's volume that has to flow for the cell to count.
constexpr double share_of_cell = 0.5;
/// Rounding of an average is no softening.
constexpr double fallen = 0.999;

double sum_over_ranks(double value, MPI_Comm comm)
{
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm);
  return value;
}

/// The yields of this rank's cells; throws where rank 0's are not those of the mesh.
std::vector<CellYield> own_yields(const SpreadBody& body, const mesh::Mesh& mesh,
                                  const CellPlasticity& plasticity)
{
  on_root(body.comm,
          [&]
          {
            if (plasticity.cells.size() != mesh.cells())
              throw std::invalid_argument("as many yields as cells are needed");
            for (const CellYield& yield : plasticity.cells)
              if (yield.kind >= static_cast<std::int32_t>(plasticity.kinds.size()))
                throw std::invalid_argument("a cell yields by a kind that is not there");
          });
  return body.scattered(plasticity.cells, 1);
}

/// The numbers of the law at each point of own cells.
std::vector<double> point_properties(const SpreadBody& body, const std::vector<CellYield>& yields,
                                     const std::vector<model::YieldKind>& kinds)
{
  const auto points = static_cast<std::size_t>(body.elements.points_per_cell());
  const bool per_point = body.moduli.size() > 2 * yields.size();
  std::vector<double> properties;
  properties.reserve(yields.size() * points * yield_properties);
  for (std::size_t c = 0; c < yields.size(); ++c)
    for (std::size_t q = 0; q < points; ++q)
    {
      const std::size_t at = 2 * (per_point ? points * c + q : c);
      const std::int32_t kind = yields[c].kind;
      const auto point = properties_of(body.moduli[at], body.moduli[at + 1], yields[c],
                                       kind < 0 ? nullptr : &kinds[static_cast<std::size_t>(kind)]);
      properties.insert(properties.end(), point.begin(), point.end());
    }
  return properties;
}
} // namespace

YieldingPoints::YieldingPoints(SpreadBody& body, const mesh::Mesh& mesh,
                               const CellPlasticity& plasticity)
    : body_(body), per_cell_(static_cast<std::size_t>(body.elements.points_per_cell()))
{
  const std::vector<CellYield> yields = own_yields(body, mesh, plasticity);
  std::vector<model::YieldKind> kinds = plasticity.kinds;
  broadcast_items(kinds, body.comm);
  material_ = {yielding_law(), point_properties(body, yields, kinds), {}};
  body.moduli = {};
  body.elements.for_each_cell(
      [&](std::size_t, const CellIntegral& integral)
      { volumes_.insert(volumes_.end(), integral.volumes.begin(), integral.volumes.end()); });
  std::vector<Vec3> points;
  if (is_root(body.comm))
    points = integration_points(mesh);
  places_ = body.scattered(points, per_cell_);
}

void YieldingPoints::begin(double averaging_mm)
{
  material_.state.assign(volumes_.size() * yield_state, 0);
  now_ = material_.state;
  by_last_.assign(volumes_.size(), 0);
  by_ = by_last_;
  yielded_at.assign(body_.elements.cells().size(), 0);
  softened_at = yielded_at;
  equilibria = 0;
  neighbourhood_.reset();
  if (averaging_mm > 0)
    neighbourhood_.emplace(places_, volumes_, averaging_mm, body_.comm);
  hold_softening(std::vector<double>(volumes_.size(), std::nan("")));
}

std::span<const double> YieldingPoints::numbers(std::size_t point) const
{
  return std::span(material_.properties).subspan(point * yield_properties, yield_properties);
}

std::vector<double> YieldingPoints::accumulated_at_points() const
{
  std::vector<double> kappa(volumes_.size());
  for (std::size_t n = 0; n < kappa.size(); ++n)
    kappa[n] = accumulated_of(std::span(now_).subspan(n * yield_state, yield_state));
  return kappa;
}

/// The accumulated strain by which each point softens.
std::vector<double> YieldingPoints::softening() const
{
  std::vector<double> strain = accumulated_at_points();
  return neighbourhood_ ? neighbourhood_->average(strain) : strain;
}

void YieldingPoints::hold_softening(const std::vector<double>& strain)
{
  std::span<double> all(material_.properties);
  for (std::size_t n = 0; n < strain.size(); ++n)
    softening_of(all.subspan(n * yield_properties, yield_properties)) = strain[n];
}

void YieldingPoints::ask(const Field& u, Field& forces)
{
  const auto answer = [&]
  { internal_forces(body_.elements, material_, body_.restraints, u, forces, &now_); };
  if (neighbourhood_)
    hold_softening(by_last_);
  answer();
  by_ = softening();
  if (!neighbourhood_)
    return;
  hold_softening(by_);
  answer();
}

void YieldingPoints::ask_elastic(const Field& u, Field& forces)
{
  material_.law = unyielding_law();
  internal_forces(body_.elements, material_, body_.restraints, u, forces);
  material_.law = yielding_law();
}

void YieldingPoints::assemble(const Field& u, double elastic_share, LinearSolver& solver)
{
  material_.law = yielding_law(elastic_share);
  assemble_tangent(body_.elements, material_, body_.restraints, u, solver);
  material_.law = yielding_law();
}

void YieldingPoints::accept()
{
  material_.state = now_;
  by_last_ = softening();
  by_ = by_last_;
  ++equilibria;
  for (std::size_t c = 0; c < yielded_at.size(); ++c)
  {
    double whole = 0, flowed = 0, fell = 0;
    for (std::size_t n = c * per_cell_; n < (c + 1) * per_cell_; ++n)
    {
      whole += volumes_[n];
      flowed += yielded(n) ? volumes_[n] : 0;
      fell += softened(n) ? volumes_[n] : 0;
    }
    if (yielded_at[c] == 0 && flowed >= share_of_cell * whole)
      yielded_at[c] = equilibria;
    if (softened_at[c] == 0 && fell >= share_of_cell * whole)
      softened_at[c] = equilibria;
  }
}

void YieldingPoints::go_back()
{
  now_ = material_.state;
  by_ = by_last_;
}

double YieldingPoints::utilisation(const Field& u) const
{
  double most = 0;
  for_each_point(
      body_.elements, material_, u,
      [&](std::size_t cell, std::size_t q, double, const SymTensor& strain, const SymTensor&)
      {
        const material::PlasticLaw law = law_of(numbers(cell * per_cell_ + q));
        if (law.yields)
          most = std::max(most, elastic_utilisation(law, strain));
      });
  MPI_Allreduce(MPI_IN_PLACE, &most, 1, MPI_DOUBLE, MPI_MAX, body_.comm);
  return most;
}

bool YieldingPoints::yielded(std::size_t point) const
{
  return accumulated_of(std::span(now_).subspan(point * yield_state, yield_state)) > 0;
}

bool YieldingPoints::softened(std::size_t point) const
{
  return yielded(point) && yield_left(law_of(numbers(point)), by_[point]) < fallen;
}

double YieldingPoints::yielded_mm3() const
{
  double volume = 0;
  for (std::size_t n = 0; n < volumes_.size(); ++n)
    volume += yielded(n) ? volumes_[n] : 0;
  return sum_over_ranks(volume, body_.comm);
}

double YieldingPoints::softened_mm3() const
{
  double volume = 0;
  for (std::size_t n = 0; n < volumes_.size(); ++n)
    volume += softened(n) ? volumes_[n] : 0;
  return sum_over_ranks(volume, body_.comm);
}

/// Means of own cells.
std::vector<double> YieldingPoints::means(const std::vector<double>& of_points) const
{
  std::vector<double> result;
  for (std::size_t first = 0; first < of_points.size(); first += per_cell_)
  {
    double whole = 0, value = 0;
    for (std::size_t n = first; n < first + per_cell_; ++n)
    {
      whole += volumes_[n];
      value += volumes_[n] * of_points[n];
    }
    result.push_back(value / whole);
  }
  return result;
}

std::vector<double> YieldingPoints::accumulated() const
{
  return means(accumulated_at_points());
}

std::vector<double> YieldingPoints::left() const
{
  std::vector<double> of_points(volumes_.size());
  for (std::size_t n = 0; n < of_points.size(); ++n)
    of_points[n] = yield_left(law_of(numbers(n)), by_[n]);
  return means(of_points);
}

std::vector<SymTensor> YieldingPoints::strain(const Field& u) const
{
  std::vector<SymTensor> strains(body_.elements.cells().size());
  std::vector<double> whole(strains.size(), 0);
  for_each_point(
      body_.elements, material_, u,
      [&](std::size_t cell, std::size_t, double volume, const SymTensor& strain, const SymTensor&)
      {
        strains[cell] = strains[cell] + volume * strain;
        whole[cell] += volume;
      });
  for (std::size_t c = 0; c < strains.size(); ++c)
    strains[c] = (1 / whole[c]) * strains[c];
  return strains;
}

std::vector<std::array<double, yield_state>> YieldingPoints::states() const
{
  std::vector<std::array<double, yield_state>> result(volumes_.size());
  for (std::size_t n = 0; n < result.size(); ++n)
    std::copy_n(material_.state.begin() + static_cast<std::ptrdiff_t>(n * yield_state), yield_state,
                result[n].begin());
  return result;
}

void YieldingPoints::set_states(const std::vector<std::array<double, yield_state>>& states)
{
  for (std::size_t n = 0; n < states.size(); ++n)
    std::copy(states[n].begin(), states[n].end(),
              material_.state.begin() + static_cast<std::ptrdiff_t>(n * yield_state));
  now_ = material_.state;
  by_last_ = softening();
  by_ = by_last_;
}

} // namespace calcar::solid
