#pragma once

#include "anatomy/region.hpp"
#include "base/vec3.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace calcar::report
{

using Json = nlohmann::ordered_json;

/// As text, two spaces indented; bytes that are no UTF-8 (in the name of a file) become U+FFFD.
std::string written(const Json& json);

/// JSON knows neither infinity nor NaN: null for these, and for a number that is not there.
Json number(double value);
Json number(const std::optional<double>& value);

/// [x, y, z].
Json vector(Vec3 v);

/// Words, point and nearest landmark; null for none.
Json location_json(const std::optional<anatomy::Location>& location);

} // namespace calcar::report
