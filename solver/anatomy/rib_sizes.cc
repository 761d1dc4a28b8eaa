#include "anatomy/population.hpp"
#include "anatomy/rib_body.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <string>

namespace calcar::anatomy
{

namespace
{

void check(const Dimensions& d)
{
  const auto within = [&](const char* what, double low, double high)
  {
    const double value = d.at(what);
    if (!(value >= low && value <= high))
    {
      throw InputError(Fault::command,
                       Problem{"synthetic rib", std::string(what) + " = " + format_number(value),
                               format_number(low) + " to " + format_number(high),
                               "choose a value inside", ""});
    }
  };
  within("length_mm", 35, 450);
  within("chord_mm", 0.25 * d.at("length_mm"), 0.97 * d.at("length_mm"));
  within("height_mm", 4, 25);
  within("thickness_mm", 3, 25);
  within("neck_height_mm", 3, 25);
  within("head_radius_mm", 2, 12);
  within("tubercle_from_head_mm", 2.5 * d.at("head_radius_mm"), 0.3 * d.at("length_mm"));
  within("angle_from_head_mm", 1.2 * d.at("tubercle_from_head_mm"), 0.5 * d.at("length_mm"));
  within("turn_at_angle_ratio", 0, 0.7);
  within("tubercle_height_mm", 0, 10);
  within("rise_mm", -20, 20);
  within("twist_deg", -60, 60);
  within("taper_ratio", 0, 0.8);
  within("flare_ratio", 0, 0.5);
  within("groove_depth_mm", 0, 2);
  within("cortex_pleural_mm", 0.2, 3);
  within("cortex_cutaneous_mm", 0.2, 3);
  within("cortex_ends_mm", 0.2, 3);
}

/// The dimensions of this level: those given are the seventh rib's, the others follow in ratio.
Dimensions of_level(const Dimensions& given, const std::string& level)
{
  Dimensions d = given;
  const std::string standard = "7";
  const std::string name = level.empty() ? standard : level;
  if (!population("rib_population").count("length_level_" + name + "_mm"))
  {
    throw InputError(Fault::command, Problem{"synthetic rib", "level = \"" + name + "\"",
                                             "1, 2, ... 12", "give the number of the rib", ""});
  }
  const auto mean = [](const std::string& key)
  { return population_mean("rib_population", key).mean; };
  const double longer =
      mean("length_level_" + name + "_mm") / mean("length_level_" + standard + "_mm");
  d["length_mm"] *= longer;
  d["chord_mm"] *= mean("chord_level_" + name + "_mm") / mean("chord_level_" + standard + "_mm");
  d["height_mm"] *= mean("height_ratio_level_" + name);
  d["thickness_mm"] *= mean("thickness_ratio_level_" + name);
  d["tubercle_height_mm"] *= mean("tubercle_ratio_level_" + name);
  d["neck_height_mm"] = std::min(d["neck_height_mm"], d["height_mm"]);
  d["angle_from_head_mm"] *= std::min(longer, 1.0);
  const double neck = std::clamp(2 * longer, 0.55, 1.0); // only of the short ribs 1 and 12
  d["tubercle_from_head_mm"] *= neck;
  d["head_radius_mm"] *= std::clamp(2 * longer, 0.6, 1.0);
  d["angle_from_head_mm"] = std::max(d["angle_from_head_mm"], 1.7 * d["tubercle_from_head_mm"]);
  d["rise_mm"] *= std::min(longer, 1.0);
  return d;
}

RibSizes sizes(const Dimensions& d)
{
  return {d.at("length_mm"),
          d.at("chord_mm"),
          d.at("angle_from_head_mm"),
          d.at("turn_at_angle_ratio"),
          d.at("rise_mm"),
          d.at("twist_deg"),
          d.at("height_mm"),
          d.at("thickness_mm"),
          d.at("taper_ratio"),
          d.at("flare_ratio"),
          d.at("neck_height_mm"),
          d.at("head_radius_mm"),
          d.at("tubercle_from_head_mm"),
          d.at("tubercle_height_mm"),
          d.at("groove_depth_mm"),
          d.at("cortex_pleural_mm"),
          d.at("cortex_cutaneous_mm"),
          d.at("cortex_ends_mm"),
          d.at("cortical_density_g_cm3"),
          d.at("trabecular_density_g_cm3")};
}

} // namespace

RibSizes rib_sizes(const Dimensions& given, const std::string& level)
{
  const Dimensions d = of_level(given, level);
  check(d);
  return sizes(d);
}

} // namespace calcar::anatomy
