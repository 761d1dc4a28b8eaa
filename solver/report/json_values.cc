#include "report/json_values.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

namespace calcar::report
{

std::string written(const Json& json)
{
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Json number(double value)
{
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json number(const std::optional<double>& value)
{
  return value ? number(*value) : Json(nullptr);
}

Json vector(Vec3 v)
{
  return Json::array({number(v.x), number(v.y), number(v.z)});
}

Json location_json(const std::optional<anatomy::Location>& location)
{
  if (!location)
    return nullptr;
  return {{"words", location->words},
          {"point_lps_mm", vector(location->point)},
          {"landmark", location->landmark},
          {"distance_mm", number(location->distance_mm)}};
}

} // namespace calcar::report
