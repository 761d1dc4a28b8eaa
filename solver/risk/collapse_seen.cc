#include "risk/collapse.hpp"

#include <stdexcept>

namespace calcar::risk
{
namespace
{
void append(std::vector<double>& numbers, const std::vector<Vec3>& vectors)
{
  for (const Vec3& v : vectors)
    numbers.insert(numbers.end(), {v.x, v.y, v.z});
}

std::vector<Vec3> taken(const double*& from, std::size_t count)
{
  std::vector<Vec3> vectors;
  for (std::size_t n = 0; n < count; ++n, from += 3)
    vectors.push_back({from[0], from[1], from[2]});
  return vectors;
}
} // namespace

/// Equilibria, nodes, which was the peak; factors; losses of each vertebra; both displacements.
std::vector<double> CollapseWatch::seen() const
{
  std::vector<double> numbers = {static_cast<double>(factors_.size()),
                                 static_cast<double>(first_.size()), static_cast<double>(peak_)};
  numbers.insert(numbers.end(), factors_.begin(), factors_.end());
  for (const Watched& watched : vertebrae_)
    if (watched.form)
      numbers.insert(numbers.end(), watched.losses.begin(), watched.losses.end());
  append(numbers, first_);
  append(numbers, at_peak_);
  return numbers;
}

void CollapseWatch::go_on_from(const std::vector<double>& seen)
{
  constexpr std::size_t header = 3;
  std::size_t formed = 0;
  for (const Watched& watched : vertebrae_)
    formed += watched.form.has_value();
  const std::size_t equilibria = seen.size() < header ? 0 : static_cast<std::size_t>(seen[0]);
  const std::size_t nodes = seen.size() < header ? 0 : static_cast<std::size_t>(seen[1]);
  if (seen.size() != header + equilibria * (1 + formed) + 6 * nodes)
    throw std::invalid_argument("what was seen of a path is of other vertebrae");
  peak_ = static_cast<std::size_t>(seen[2]);
  const double* from = seen.data() + header;
  factors_.assign(from, from + equilibria);
  from += equilibria;
  for (Watched& watched : vertebrae_)
    if (watched.form)
    {
      watched.losses.assign(from, from + equilibria);
      from += equilibria;
    }
  first_ = taken(from, nodes);
  at_peak_ = taken(from, nodes);
}

} // namespace calcar::risk
