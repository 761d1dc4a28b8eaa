#include "lesion/lesion_tissue.hpp"

#include "base/files.hpp"

#include <algorithm>

namespace calcar::lesion
{
namespace
{
/// A data file of materials/lesions, checked as far as it is a record; `read` takes its numbers.
template <typename Read>
auto from_data(const std::string& name, const Read& read)
{
  const Table table = Table::read(data_file("materials/lesions", name, "lesion data", ""));
  material::read_record(table);
  auto value = read(table);
  table.check();
  return value;
}

void read_blastic(const Table& table, LesionTissue& tissue)
{
  const LesionTissue data = from_data("blastic",
                                      [](const Table& file)
                                      {
                                        LesionTissue result;
                                        result.ash_gain_g_cm3 = file.number("ash_gain_g_cm3");
                                        result.youngs_factor = file.number("youngs_factor");
                                        result.strength_factor = file.number("strength_factor");
                                        return result;
                                      });
  tissue.ash_gain_g_cm3 = table.number("ash_gain_g_cm3", data.ash_gain_g_cm3);
  table.require(tissue.ash_gain_g_cm3 > 0 && tissue.ash_gain_g_cm3 <= 1.2, "ash_gain_g_cm3",
                "greater than 0 and at most 1.2 g/cm3",
                "a lesion that loses mineral is of kind = \"lytic\"");
  const auto factor = [&](const char* key, double fallback)
  {
    const double value = table.number(key, fallback);
    table.require(value > 0 && value <= 1.5, key, "greater than 0 and at most 1.5");
    return value;
  };
  tissue.youngs_factor = factor("youngs_factor", data.youngs_factor);
  tissue.strength_factor = factor("strength_factor", data.strength_factor);
}

void read_mixed(const Table& table, LesionTissue& tissue)
{
  const auto [patch, share] =
      from_data("mixed",
                [](const Table& file) {
                  return std::pair{file.number("scale_mm"), file.number("lytic_share")};
                });
  tissue.patch_mm = table.number("patch_mm", patch);
  table.require(tissue.patch_mm >= 0.5 && tissue.patch_mm <= 50, "patch_mm", "0.5 to 50 mm");
  tissue.lytic_share = table.number("lytic_share", share);
  table.require(tissue.lytic_share > 0 && tissue.lytic_share < 1, "lytic_share",
                "greater than 0 and less than 1",
                "a lesion of one kind alone is of kind = \"lytic\" or \"blastic\"");
}

Rim read_rim(const Table& table)
{
  Rim rim;
  rim.thickness_mm = table.number("thickness_mm");
  table.require(rim.thickness_mm > 0 && rim.thickness_mm <= 20, "thickness_mm",
                "greater than 0 and at most 20 mm");
  rim.ash_gain_g_cm3 =
      table.number("ash_gain_g_cm3", from_data("sclerotic_rim", [](const Table& file)
                                               { return file.number("ash_gain_g_cm3"); }));
  table.require(rim.ash_gain_g_cm3 > 0 && rim.ash_gain_g_cm3 <= 1.2, "ash_gain_g_cm3",
                "greater than 0 and at most 1.2 g/cm3");
  return rim;
}

CorticalDegradation read_degradation(const Table& table)
{
  CorticalDegradation result = from_data(
      "cortical_degradation",
      [](const Table& file)
      {
        return CorticalDegradation{file.number("reach_mm"), file.number("youngs_factor"),
                                   file.number("compressive_factor"), file.number("tensile_factor"),
                                   file.number("cortex_from_ash_g_cm3")};
      });
  result.reach_mm = table.number("reach_mm", result.reach_mm);
  table.require(result.reach_mm > 0 && result.reach_mm <= 50, "reach_mm",
                "greater than 0 and at most 50 mm");
  for (const auto& [key, factor] : {std::pair{"youngs_factor", &result.youngs_factor},
                                    {"compressive_factor", &result.compressive_factor},
                                    {"tensile_factor", &result.tensile_factor}})
  {
    *factor = table.number(key, *factor);
    table.require(*factor > 0 && *factor <= 1, key, "greater than 0 and at most 1");
  }
  return result;
}
} // namespace

const std::vector<std::string>& kind_names()
{
  static const std::vector<std::string> names = {"lytic", "blastic", "mixed"};
  return names;
}

std::string to_string(Kind kind)
{
  return kind_names()[static_cast<std::size_t>(kind)];
}

LesionTissue read_lesion_tissue(const Table& table, Kind kind, const std::string& filling)
{
  LesionTissue tissue;
  tissue.kind = kind;
  if (kind != Kind::blastic)
    tissue.filling = table.choice("tissue", data_names("materials/tissues"), filling);
  if (kind != Kind::lytic)
    read_blastic(table, tissue);
  if (kind == Kind::mixed)
    read_mixed(table, tissue);
  if (const auto rim = table.maybe_table("rim"))
    tissue.rim = read_rim(*rim);
  if (const auto degradation = table.maybe_table("cortical_degradation"))
    tissue.degradation = read_degradation(*degradation);
  return tissue;
}

void lose_mineral(PointTissue& point, double fraction, double soft_below, int lesion)
{
  if (fraction <= 0)
    return;
  point.changed = true;
  const bool was_soft = point.soft;
  point.ash *= 1 - fraction;
  // Marrow holds no mineral: it is tumour where that is the larger part.
  if (fraction >= 1 || (was_soft ? fraction >= 0.5 : point.ash < soft_below))
  {
    point = {};
    point.soft = point.changed = true;
    point.filling = lesion;
  }
}

void gain_mineral(PointTissue& point, double fraction, double gain, double youngs_factor,
                  double strength_factor, double soft_below, double most_ash)
{
  if (fraction <= 0)
    return;
  point.changed = true;
  point.ash = std::min(point.ash + fraction * gain, most_ash);
  point.youngs_factor *= 1 - fraction * (1 - youngs_factor);
  point.compressive_factor *= 1 - fraction * (1 - strength_factor);
  point.tensile_factor *= 1 - fraction * (1 - strength_factor);
  if (point.soft && point.ash >= soft_below)
  {
    point.soft = false;
    point.filling = -1;
  }
}

void remodel(PointTissue& point, double fraction, const Remodelling& remodelling, double soft_below,
             double most_ash, int lesion)
{
  lose_mineral(point, fraction * remodelling.lost_share, soft_below, lesion);
  const double before = point.ash;
  const double gained = std::min(fraction * remodelling.ash_gain_g_cm3, most_ash - before);
  if (gained <= 0)
    return;
  const bool was_soft = point.soft;
  const double share = gained / (before + gained);
  gain_mineral(point, 1, gained, 1 - share * (1 - remodelling.youngs_factor),
               1 - share * (1 - remodelling.strength_factor), soft_below, most_ash);
  point.new_bone = was_soft && !point.soft;
}

void degrade(PointTissue& point, const CorticalDegradation& degradation)
{
  if (point.soft || point.ash < degradation.cortex_from_ash_g_cm3)
    return;
  point.changed = true;
  point.youngs_factor *= degradation.youngs_factor;
  point.compressive_factor *= degradation.compressive_factor;
  point.tensile_factor *= degradation.tensile_factor;
}

double soft_below_ash(const material::Protocol& protocol)
{
  return std::max(0.0, protocol.ash.ash(protocol.soft_below_phantom_g_cm3));
}

} // namespace calcar::lesion
