#include "lesion/lesion.hpp"
#include "lesion/lesion_mask.hpp"
#include "lesion/lesion_shape.hpp"

#include <algorithm>

namespace calcar::lesion
{
namespace
{
/// What is said of where a lesion is.
void require_one_place(const Table& table)
{
  int given = 0;
  for (const char* key : {"shape", "mask", "from_uptake"})
    given += table.has(key) ? 1 : 0;
  if (given != 1)
    table.complain(
        given == 0 ? "shape" : "mask",
        given == 0 ? "missing key \"shape\": nothing says where the lesion is"
                   : "more than one of shape, mask and from_uptake is given",
        "one of shape = \"..\", mask = { file, label }, from_uptake = { file, threshold }",
        "give one of them");
}

std::string read_where(const Table& table, anatomy::BoneKind bone, Lesion& lesion)
{
  require_one_place(table);
  if (table.has("mask"))
    return read_mask_choice(table, lesion), "tumour_lytic";
  if (table.has("from_uptake"))
    return read_uptake_choice(table, lesion), "tumour_lytic";
  return table.has("shape") ? read_shape(table, bone, lesion) : "tumour_lytic";
}
} // namespace

Lesion read_lesion(const Table& table, anatomy::BoneKind bone)
{
  Lesion lesion;
  lesion.place = table.place();
  lesion.name = table.text("name", "lesion");
  lesion.kind = table.choice("kind", kind_names(), "lytic");
  const std::string filling = read_where(table, bone, lesion);
  const bool from_image = lesion.image.has_value();
  const bool in_ct_given = table.has("in_ct");
  lesion.in_ct = table.flag("in_ct", from_image);
  lesion.both_ways = from_image && lesion.source != "ct" && !in_ct_given;
  lesion.margin_mm = table.number("margin_mm", 0.0);
  table.require(lesion.margin_mm >= 0 && lesion.margin_mm <= 50, "margin_mm", "0 to 50 mm");
  const auto kind = std::find(kind_names().begin(), kind_names().end(), lesion.kind);
  if (kind != kind_names().end())
    lesion.tissue =
        read_lesion_tissue(table, static_cast<Kind>(kind - kind_names().begin()), filling);
  const bool seeded = lesion.shape == "permeative" || lesion.kind == "mixed";
  if (seeded)
  {
    const int seed = table.integer("seed", 1);
    table.require(seed >= 0, "seed", "0 or more");
    lesion.tissue.seed = static_cast<std::uint64_t>(std::max(seed, 0));
  }
  return lesion;
}

} // namespace calcar::lesion
