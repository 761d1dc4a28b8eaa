#include "voxel/earlier_solutions.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{
namespace
{

/// u . f on this rank's owned nodes.
template <typename T>
double work_of(const Nodes& nodes, const std::vector<T>& u, const std::vector<LocalForce>& forces)
{
  double work = 0;
  for (const LocalForce& force : forces)
    if (force.node < nodes.owned)
      for (std::size_t c = 0; c < 3; ++c)
        work +=
            static_cast<double>(u[3 * static_cast<std::size_t>(force.node) + c]) * force.force[c];
  return work;
}

/// c of A c = b with A = L L^T from its lower triangle, leaving out rows that repeat earlier ones:
/// loads that are combinations of others make A singular.
std::vector<double> solve_semidefinite(const std::vector<std::vector<double>>& lower,
                                       const std::vector<double>& b)
{
  constexpr double repeats = 1e-6; // solutions are known to 1e-8 and kept to 1e-7
  const std::size_t n = lower.size();
  std::vector<std::vector<double>> factor = lower;
  std::vector<double> y(n, 0), c(n, 0);
  std::vector<bool> left_out(n, false);
  for (std::size_t i = 0; i < n; ++i)
  {
    for (std::size_t j = 0; j <= i; ++j)
    {
      for (std::size_t k = 0; k < j; ++k)
        factor[i][j] -= factor[i][k] * factor[j][k];
      if (j < i)
        factor[i][j] = left_out[j] ? 0 : factor[i][j] / factor[j][j];
    }
    left_out[i] = !(factor[i][i] > repeats * lower[i][i]);
    factor[i][i] = left_out[i] ? 1 : std::sqrt(factor[i][i]);
    if (left_out[i])
      continue;
    y[i] = b[i];
    for (std::size_t k = 0; k < i; ++k)
      y[i] -= factor[i][k] * y[k];
    y[i] /= factor[i][i];
  }
  for (std::size_t i = n; i-- > 0;)
  {
    if (left_out[i])
      continue;
    c[i] = y[i];
    for (std::size_t k = i + 1; k < n; ++k)
      if (!left_out[k])
        c[i] -= factor[k][i] * c[k];
    c[i] /= factor[i][i];
  }
  return c;
}

} // namespace

void EarlierSolutions::add(const Nodes& nodes, const std::vector<LocalForce>& forces,
                           const std::vector<double>& u, MPI_Comm comm)
{
  std::vector<double> row;
  for (const auto& earlier : forces_)
    row.push_back(work_of(nodes, u, earlier));
  row.push_back(work_of(nodes, u, forces));
  MPI_Allreduce(MPI_IN_PLACE, row.data(), static_cast<int>(row.size()), MPI_DOUBLE, MPI_SUM, comm);
  if (!(row.back() > 0)) // no load: nothing to learn from
    return;
  solutions_.emplace_back(u.begin(), u.end());
  forces_.push_back(forces);
  work_.push_back(std::move(row));
}

void EarlierSolutions::start(const Nodes& nodes, const std::vector<LocalForce>& forces,
                             std::vector<double>& x, MPI_Comm comm) const
{
  if (solutions_.empty())
    return;
  std::vector<double> work;
  for (const auto& solution : solutions_)
    work.push_back(work_of(nodes, solution, forces));
  MPI_Allreduce(MPI_IN_PLACE, work.data(), static_cast<int>(work.size()), MPI_DOUBLE, MPI_SUM,
                comm);
  const std::vector<double> c = solve_semidefinite(work_, work);
  // By blocks that stay in the cache, so that x passes through it once and not for each solution.
  constexpr std::size_t block = 4096;
  for (std::size_t begin = 0; begin < x.size(); begin += block)
    for (std::size_t s = 0; s < c.size(); ++s)
      for (std::size_t n = begin; n < std::min(begin + block, x.size()); ++n)
        x[n] += c[s] * static_cast<double>(solutions_[s][n]);
}

} // namespace calcar::voxel
