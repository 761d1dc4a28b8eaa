#include "voxel/operator.hpp"

#include "base/large_pages.hpp"
#include "voxel/lanczos.hpp"
#include "voxel/product.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::voxel
{
namespace
{

template <typename T>
void apply_all(const Level& level, const std::vector<T>& u, std::vector<T>& f)
{
  assign_on_large_pages(f, level.nodes.values(), T{0});
  product(level, u.data(), f.data(), [](std::size_t, std::size_t) {});
}

/// The sum of term(n) over the values of owned nodes of all ranks.
template <typename Term>
double sum_owned(const Nodes& nodes, MPI_Comm comm, Term&& term)
{
  // Eight partial sums: vectorises without letting the compiler reorder sums on its own.
  constexpr std::size_t width = 8;
  double partial[width] = {};
  const std::size_t count = 3 * static_cast<std::size_t>(nodes.owned);
  std::size_t n = 0;
  for (; n + width <= count; n += width)
    for (std::size_t w = 0; w < width; ++w)
      partial[w] += term(n + w);
  for (; n < count; ++n)
    partial[0] += term(n);
  double sum = 0;
  for (const double part : partial)
    sum += part;
  MPI_Allreduce(MPI_IN_PLACE, &sum, 1, MPI_DOUBLE, MPI_SUM, comm);
  return sum;
}

template <typename A, typename B>
double dot_of(const Nodes& nodes, const std::vector<A>& a, const std::vector<B>& b, MPI_Comm comm)
{
  return sum_owned(nodes, comm,
                   [&](std::size_t n)
                   { return static_cast<double>(a[n]) * static_cast<double>(b[n]); });
}

/// A number in [-1, 1) made from a lattice number: the same start vector however the body is split.
float scattered(std::uint64_t id)
{
  id = (id + 1) * 0x9e3779b97f4a7c15;
  id = (id ^ id >> 31) * 0xbf58476d1ce4e5b9;
  return static_cast<float>(static_cast<double>(id >> 11) * 0x1p-52 - 1.0);
}

std::vector<float> scattered_vector(const Level& level)
{
  std::vector<float> values;
  assign_on_large_pages(values, level.nodes.values(), 0.0F);
  for (std::int32_t n = 0; n < level.nodes.count; ++n)
  {
    const auto home = static_cast<std::size_t>(home_brick(level.nodes, n));
    const std::uint64_t id = lattice_id(level.bricks, level.bricks.list[home],
                                        level.nodes.position[static_cast<std::size_t>(n)]);
    for (std::size_t c = 0; c < 3; ++c)
      values[3 * static_cast<std::size_t>(n) + c] = scattered(3 * id + c);
  }
  mask(level.constraints, values);
  return values;
}

} // namespace

void apply(const Level& level, const std::vector<float>& u, std::vector<float>& f)
{
  apply_all(level, u, f);
}

void apply(const Level& level, const std::vector<double>& u, std::vector<double>& f)
{
  apply_all(level, u, f);
}

void apply_voxels(const Level& level, const std::vector<double>& u, std::vector<double>& f)
{
  assign_on_large_pages(f, level.nodes.values(), 0.0);
  add_pressed(level.pressed, u.data(), f.data());
  multiply(view(level), u.data(), f.data());
  level.nodes.exchange.sum(f.data());
}

std::vector<float> diagonal(const Level& level)
{
  std::vector<float> result;
  assign_on_large_pages(result, level.nodes.values(), 0.0F);
  DiagonalFactor factors[3];
  for (int c = 0; c < 3; ++c)
    factors[c] = diagonal_factor(level.bricks.spacing, c);
  for (std::size_t v = 0; v < level.bricks.mu.size(); ++v)
  {
    if (!(level.bricks.mu[v] > 0))
      continue;
    const auto lambda = static_cast<double>(level.bricks.lambda[v]);
    const auto mu = static_cast<double>(level.bricks.mu[v]);
    const auto at = voxel_indices(static_cast<int>(v % brick_voxels));
    const std::int32_t* table = level.nodes.table.data() + v / brick_voxels * brick_nodes;
    for (int corner = 0; corner < 8; ++corner)
    {
      const std::int32_t node = table[node_position(at[0] + (corner & 1), at[1] + (corner >> 1 & 1),
                                                    at[2] + (corner >> 2))];
      for (std::size_t c = 0; c < 3; ++c)
        result[3 * static_cast<std::size_t>(node) + c] +=
            static_cast<float>(lambda * factors[c].of_lambda + mu * factors[c].of_mu);
    }
  }
  for (const Spring& spring : level.constraints.springs)
  {
    const std::size_t at = 3 * static_cast<std::size_t>(spring.node);
    result[at] += static_cast<float>(spring.stiffness.xx);
    result[at + 1] += static_cast<float>(spring.stiffness.yy);
    result[at + 2] += static_cast<float>(spring.stiffness.zz);
  }
  add_pressed_diagonal(level.pressed, result);
  level.nodes.exchange.sum(result.data());
  return result;
}

double estimate_largest_eigenvalue(const Level& level, int steps, MPI_Comm comm)
{
  // Conjugate gradients with D as preconditioner are Lanczos' method on D^-1 K: the coefficients
  // form the tridiagonal matrix. Power steps would need several times as many products.
  std::vector<float> r = scattered_vector(level), p, product;
  assign_on_large_pages(p, r.size(), 0.0F);
  // Scaled so that soft and stiff parts of the body weigh the same.
  for (std::size_t n = 0; n < r.size(); ++n)
    r[n] = level.inverse_diagonal[n] > 0 ? r[n] / std::sqrt(level.inverse_diagonal[n]) : 0.0F;
  const std::vector<float>& inverse = level.inverse_diagonal;
  LanczosMatrix lanczos;
  double rz = 0;
  for (int step = 0; step < steps; ++step)
  {
    const double next =
        sum_owned(level.nodes, comm,
                  [&](std::size_t n) { return static_cast<double>(inverse[n] * r[n] * r[n]); });
    const auto beta = static_cast<float>(step > 0 ? next / rz : 0);
    for (std::size_t n = 0; n < r.size(); ++n)
      p[n] = inverse[n] * r[n] + beta * p[n];
    apply(level, p, product);
    mask(level.constraints, product);
    const double curvature = dot(level.nodes, p, product, comm);
    if (!(curvature > 0) || !(next > 0))
      break;
    const double alpha = next / curvature;
    lanczos.add(alpha, step > 0 ? next / rz : 0);
    rz = next;
    for (std::size_t n = 0; n < r.size(); ++n)
      r[n] -= static_cast<float>(alpha) * product[n];
  }
  const double largest = lanczos.largest_eigenvalue();
  return largest > 0 ? largest : 1;
}

double dot(const Nodes& nodes, const std::vector<double>& a, const std::vector<double>& b,
           MPI_Comm comm)
{
  return dot_of(nodes, a, b, comm);
}

double dot(const Nodes& nodes, const std::vector<float>& a, const std::vector<double>& b,
           MPI_Comm comm)
{
  return dot_of(nodes, a, b, comm);
}

double dot(const Nodes& nodes, const std::vector<float>& a, const std::vector<float>& b,
           MPI_Comm comm)
{
  return dot_of(nodes, a, b, comm);
}

} // namespace calcar::voxel
