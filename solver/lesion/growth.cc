#include "lesion/growth.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "lesion/lesion_mask.hpp"
#include "lesion/outline.hpp"

#include <algorithm>
#include <array>

namespace calcar::lesion
{
namespace
{
/// More than this in a month is a typing error.
constexpr double most_mm_per_month = 20;
/// Where growth is stopped, to this.
constexpr double found_to_mm = 0.1;

/// Sizes that grow, and how many times as fast as the outline moves.
struct GrowingSize
{
  const char* key;
  double times;
};
constexpr std::array growing_sizes = {GrowingSize{"radius_mm", 1}, GrowingSize{"depth_mm", 1},
                                      GrowingSize{"diameter_mm", 2}, GrowingSize{"length_mm", 2}};

/// The voxels of the bone's grid that a lesion of an image holds.
image::Mask mask_of(const PlacedLesion& placed, const image::Grid& grid)
{
  image::Mask mask;
  mask.grid = grid;
  mask.values.assign(grid.voxels(), 0);
  const double reach = placed.reach_mm;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const Vec3 p = grid.point({double(i), double(j), double(k)});
        if (norm(p - placed.centre) <= reach && placed.solid.contains(p))
          mask.values[grid.offset(i, j, k)] = 1;
      }
  return mask;
}

/// The same outline, known farther from it, moved outwards.
PlacedLesion grown_image(const PlacedLesion& placed, double mm, const Ground& ground)
{
  PlacedLesion result = placed;
  const double beyond = mm + influence_mm(placed) - placed.reach_mm + placed.lesion.margin_mm + 5;
  const PlacedLesion wide =
      lesion_of_mask(placed.lesion, mask_of(placed, ground.mask.grid), beyond);
  result.solid = geometry::offset(wide.solid, mm);
  result.reach_mm += mm;
  require_in_bone(result, ground);
  return result;
}

bool follows_girth(const Lesion& lesion)
{
  return lesion.sizes.contains("arc_deg");
}

PlacedLesion grown_outline(const PlacedLesion& placed, double mm, const Ground& ground)
{
  if (placed.lesion.image)
    return grown_image(placed, mm, ground);
  const double radius =
      follows_girth(placed.lesion) ? girth_of(placed.lesion, ground).radius_mm : 1;
  PlacedLesion result = place(grown(placed.lesion, mm, radius), ground);
  result.remodelling = placed.remodelling;
  return result;
}

std::optional<PlacedLesion> try_outline(const PlacedLesion& placed, double mm, const Ground& ground)
{
  try
  {
    return grown_outline(placed, mm, ground);
  }
  catch (const InputError&) // larger than the bone
  {
    return std::nullopt;
  }
}

/// The largest growth up to `mm` that the bone allows.
std::pair<double, PlacedLesion> largest(const PlacedLesion& placed, double mm, const Ground& ground)
{
  if (auto whole = try_outline(placed, mm, ground))
    return {mm, std::move(*whole)};
  double allowed = 0, refused = mm;
  PlacedLesion best = placed;
  while (refused - allowed > found_to_mm)
  {
    const double middle = 0.5 * (allowed + refused);
    auto found = try_outline(placed, middle, ground);
    (found ? allowed : refused) = middle;
    if (found)
      best = std::move(*found);
  }
  return {allowed, std::move(best)};
}

/// The new tissue around a lesion that the CT shows: virtual, with a sharp border, so that nothing
/// of it reaches into what is seen.
PlacedLesion shell_of(PlacedLesion outline, const PlacedLesion& seen)
{
  outline.lesion.in_ct = false;
  outline.lesion.both_ways = false;
  outline.lesion.margin_mm = 0;
  outline.lesion.tissue.rim.reset();
  outline.solid = geometry::subtract(outline.solid, seen.solid);
  return outline;
}
} // namespace

Growth read_growth(const Table& table)
{
  Growth growth;
  growth.place = table.place();
  growth.radial_mm_per_month = table.maybe_number("radial_mm_per_month");
  growth.diameter_mm = table.maybe_number("diameter_mm");
  growth.at_months = table.maybe_number("at_months");
  const bool target = growth.diameter_mm || growth.at_months;
  if (growth.radial_mm_per_month.has_value() == target)
    table.complain("radial_mm_per_month",
                   target ? "both a rate and a size to reach are given"
                          : "nothing says how the lesion grows",
                   "growth = { radial_mm_per_month = 1 }, or growth = { diameter_mm = 40, "
                   "at_months = 6 }",
                   "give one of them");
  else if (target && !(growth.diameter_mm && growth.at_months))
    table.complain(growth.diameter_mm ? "at_months" : "diameter_mm",
                   "a size to reach needs its date, a date its size",
                   "growth = { diameter_mm = 40, at_months = 6 }", "give both");
  table.require(!growth.radial_mm_per_month || (*growth.radial_mm_per_month >= 0 &&
                                                *growth.radial_mm_per_month <= most_mm_per_month),
                "radial_mm_per_month", "0 to " + format_number(most_mm_per_month) + " mm a month",
                "a lesion that recovers is a matter of its [[treatment]]");
  table.require(!growth.diameter_mm || (*growth.diameter_mm > 0 && *growth.diameter_mm <= 400),
                "diameter_mm", "greater than 0 and at most 400 mm");
  table.require(!growth.at_months || (*growth.at_months > 0 && *growth.at_months <= 60),
                "at_months", "greater than 0 and at most 60 months after the scan");
  return growth;
}

const GrowthRates& growth_rates()
{
  static const GrowthRates rates = []
  {
    const Table table = Table::read(data_file("materials/lesions", "growth", "lesion data", ""));
    GrowthRates read;
    read.record = material::read_record(table);
    read.usual_mm_per_month = table.number("usual_mm_per_month");
    table.check();
    return read;
  }();
  return rates;
}

double rate_of(const Growth& growth, const std::string& lesion, double diameter_mm)
{
  if (growth.radial_mm_per_month)
    return *growth.radial_mm_per_month;
  const double more = 0.5 * (*growth.diameter_mm - diameter_mm);
  const double rate = more / *growth.at_months;
  if (more < 0 || rate > most_mm_per_month)
    throw InputError(Fault::command,
                     {growth.place,
                      "lesion \"" + lesion + "\" is to measure " +
                          format_number(*growth.diameter_mm) + " mm at " +
                          format_number(*growth.at_months) + " months; in the scan it measures " +
                          format_number(diameter_mm, 3) + " mm",
                      "a size that is not below the present one, reached by at most " +
                          format_number(most_mm_per_month) + " mm a month",
                      "state another diameter_mm or date", ""});
  return rate;
}

bool can_grow(const Lesion& lesion)
{
  return lesion.shape != "biopsy_hole";
}

Lesion grown(Lesion lesion, double mm, double girth_radius_mm)
{
  for (const GrowingSize& size : growing_sizes)
    if (const auto found = lesion.sizes.find(size.key); found != lesion.sizes.end())
      found->second += size.times * mm;
  if (const auto arc = lesion.sizes.find("arc_deg"); arc != lesion.sizes.end())
    arc->second = std::min(360.0, arc->second + 2 * geometry::degrees(mm / girth_radius_mm));
  for (auto& [direction, radius] : lesion.radii_mm)
    radius += mm;
  return lesion;
}

Grown grow(const PlacedLesion& placed, double mm, const Ground& ground)
{
  if (mm <= 0)
    return {0, {placed}};
  auto [allowed, outline] = largest(placed, mm, ground);
  if (!placed.lesion.in_ct)
    return {allowed, {std::move(outline)}};
  if (allowed <= 0)
    return {0, {placed}};
  return {allowed, {shell_of(std::move(outline), placed), placed}};
}

} // namespace calcar::lesion
