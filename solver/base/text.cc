#include "base/text.hpp"

#include <algorithm>
#include <cstdio>
#include <numeric>

namespace calcar
{
namespace
{
/// Edit distance (insert, delete, replace, swap of neighbours each cost one).
std::size_t edit_distance(std::string_view a, std::string_view b)
{
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    d[i][0] = i;
  std::iota(d[0].begin(), d[0].end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i)
    for (std::size_t j = 1; j <= b.size(); ++j)
    {
      d[i][j] =
          std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}
} // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& known)
{
  std::string nearest;
  std::size_t best = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known)
  {
    const bool begins = name.size() >= 4 && candidate.starts_with(name);
    const std::size_t distance = begins ? 1 : edit_distance(name, candidate);
    if (distance < best)
    {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string join(const std::vector<std::string>& words, std::string_view separator)
{
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : std::string(separator)) + word;
  return text;
}

std::string format_number(double value, int digits)
{
  char text[64];
  std::snprintf(text, sizeof text, "%.*g", digits, value == 0 ? 0.0 : value); // no "-0"
  return text;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known)
{
  const std::string nearest = nearest_name(name, known);
  return nearest.empty() ? "choose one of them" : "did you mean \"" + nearest + "\"?";
}

} // namespace calcar
