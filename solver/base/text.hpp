#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace calcar
{

/// The known name nearest to `name` by edit distance, or empty when none is near enough to be a
/// typing error.
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// "a, b, c"
std::string join(const std::vector<std::string>& words, std::string_view separator = ", ");

/// A number as a person writes it: up to `digits` significant digits, no trailing zeros.
std::string format_number(double value, int digits = 4);

/// "unknown law \"morgn\"; did you mean ...": remedy for an unknown name, listing the known ones.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

} // namespace calcar
