#include "image/acquisition.hpp"

#include <chrono>
#include <cstdio>

namespace calcar::image
{
namespace
{
std::optional<std::chrono::sys_days> parsed(const std::string& iso)
{
  int year = 0;
  unsigned month = 0, day = 0;
  char more = 0;
  if (std::sscanf(iso.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &more) != 3)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok())
    return std::nullopt;
  return std::chrono::sys_days(date);
}
} // namespace

std::optional<double> days_between(const std::string& from, const std::string& to)
{
  const auto first = parsed(from), last = parsed(to);
  if (!first || !last)
    return std::nullopt;
  return static_cast<double>((*last - *first).count());
}

} // namespace calcar::image
