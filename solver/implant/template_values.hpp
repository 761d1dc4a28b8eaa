#pragma once

#include "base/table.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace calcar::implant
{

/// A length (or other size) of more than 0 in a template.
inline double size(const Table& table, const std::string& key)
{
  const double value = table.number(key);
  table.require(std::isnan(value) || value > 0, key, "more than 0");
  return value;
}

/// The same, 0 when it is not given.
inline double size_or_none(const Table& table, const std::string& key)
{
  const double value = table.number(key, 0);
  table.require(value >= 0, key, "0 or more");
  return value;
}

/// A number above 0 and at most 1.
inline double share(const Table& table, const std::string& key)
{
  const double value = table.number(key);
  table.require(std::isnan(value) || (value > 0 && value <= 1), key, "above 0, at most 1");
  return value;
}

/// The sizes a maker sells.
inline std::vector<double> rising(const Table& table, const std::string& key)
{
  const std::vector<double> values = table.numbers(key);
  table.require(!values.empty() && values.front() > 0 &&
                    std::is_sorted(values.begin(), values.end()),
                key, "sizes of more than 0, rising");
  return values;
}

} // namespace calcar::implant
