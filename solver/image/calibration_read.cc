#include "image/calibration.hpp"
#include "image/internal_calibration.hpp"
#include "image/phantomless.hpp"

namespace calcar::image
{
namespace
{
const char* density_key(Calibration::Kind kind)
{
  return kind == Calibration::Kind::mindways ? "k2hpo4_mg_cm3" : "density_mg_cm3";
}

Rod read_rod(const Table& table, Calibration::Kind kind)
{
  Rod rod;
  rod.place = table.place();
  rod.density_mg_cm3 = table.number(density_key(kind));
  if (kind == Calibration::Kind::mindways)
    rod.water_mg_cm3 = table.number("water_mg_cm3");
  rod.hounsfield = table.maybe_number("HU");
  const std::optional<Table> region = table.maybe_table("region");
  if (region)
  {
    rod.region_file = table.folder() / region->text("file");
    rod.region_label = region->integer("label");
  }
  if (rod.hounsfield.has_value() == region.has_value())
    table.complain(
        "", rod.hounsfield ? "a rod has both HU and region" : "a rod has neither HU nor region",
        "one of the two", "give the rod's mean HU, or region = { file, label }");
  return rod;
}

std::vector<Rod> read_rods(const Table& table, Calibration::Kind kind)
{
  std::vector<Rod> rods;
  for (const Table& rod : table.tables("rods"))
    rods.push_back(read_rod(rod, kind));
  if (rods.size() < 2)
    table.complain(
        "rods", std::to_string(rods.size()) + " rods are given", "at least 2 distinct rods",
        std::string("write rods = [{ ") + density_key(kind) + " = ..., HU = ... }, ...]");
  return rods;
}

/// A slope in mg/cm3 would make every density 1000 times too large.
void check_slope(const Table& table, double slope, double intercept)
{
  table.require(!(slope <= 0), "slope_g_cm3_per_HU", "a positive slope",
                "bone brightens with density: check the sign");
  table.require(!(slope > 0.05), "slope_g_cm3_per_HU", "g/cm3 per HU, typically 0.0007 to 0.0009",
                "divide by 1000 if it is in mg/cm3 per HU");
  table.require(!(intercept > 0.5 || intercept < -0.5), "intercept_g_cm3",
                "g/cm3, typically -0.03 to 0.03", "divide by 1000 if it is in mg/cm3");
}

void read_tissues(const Table& table, Calibration& c)
{
  const auto tissues = table.maybe_table("tissues");
  if (!tissues)
    return;
  for (const std::string& name : internal_tissues())
    if (const auto region = tissues->maybe_table(name))
    {
      c.tissues[name] = {table.folder() / region->text("file"), region->integer("label"),
                         region->place()};
      region->require(c.tissues[name].label != 0, "label", "a label other than 0, the background");
    }
}

/// The phantom is what the method's densities are equivalent to; the case may repeat it.
void read_phantomless(const Table& table, Calibration& c)
{
  if (c.kind == Calibration::Kind::internal)
  {
    read_tissues(table, c);
    c.phantom = PhantomKind::k2hpo4;
  }
  else
  {
    c.reference = table.choice("reference", tissue_reference_names(), default_tissue_reference);
    if (c.reference.empty())
      return;
    c.phantom = tissue_reference(c.reference, table.place("reference")).phantom;
  }
  const std::string known = to_string(c.phantom);
  const std::string given = table.choice("phantom", {"K2HPO4", "CHA", "HA"}, known);
  if (!given.empty() && (given == "HA" ? "CHA" : given) != known)
    table.complain("phantom", "no phantom is used, and the densities are equivalent to " + known,
                   "phantom = \"" + known + "\" or none",
                   "remove it; a protocol made for another phantom needs convert_phantom");
}
} // namespace

std::string to_string(PhantomKind kind)
{
  return kind == PhantomKind::k2hpo4 ? "K2HPO4" : "CHA";
}

std::string to_string(Calibration::Kind kind)
{
  switch (kind)
  {
  case Calibration::Kind::density:
    return "density";
  case Calibration::Kind::linear:
    return "linear";
  case Calibration::Kind::rods:
    return "rods";
  case Calibration::Kind::mindways:
    return "mindways";
  case Calibration::Kind::air_fat_muscle:
    return "air_fat_muscle";
  case Calibration::Kind::internal:
    return "internal";
  }
  return "";
}

bool is_phantomless(Calibration::Kind kind)
{
  return kind == Calibration::Kind::air_fat_muscle || kind == Calibration::Kind::internal;
}

Calibration read_calibration(const Table& table)
{
  using Kind = Calibration::Kind;
  constexpr Kind kinds[] = {Kind::density,  Kind::linear,         Kind::rods,
                            Kind::mindways, Kind::air_fat_muscle, Kind::internal};
  std::vector<std::string> names;
  for (const Kind kind : kinds)
    names.push_back(to_string(kind));
  Calibration c;
  c.place = table.place();
  const std::string name = table.choice("name", names);
  for (const Kind kind : kinds)
    if (name == to_string(kind))
      c.kind = kind;
  if (is_phantomless(c.kind))
  {
    read_phantomless(table, c);
    return c;
  }
  const std::string phantom = table.choice("phantom", {"K2HPO4", "CHA", "HA"});
  c.phantom = phantom == "K2HPO4" ? PhantomKind::k2hpo4 : PhantomKind::cha;
  c.kvp = table.maybe_number("kvp");
  if (name == "density")
    c.unit = table.choice("unit", {"mg/cm3", "g/cm3"});
  if (name == "linear")
  {
    c.slope = table.number("slope_g_cm3_per_HU");
    c.intercept = table.number("intercept_g_cm3");
    check_slope(table, c.slope, c.intercept);
  }
  if (name == "rods" || name == "mindways")
    c.rods = read_rods(table, c.kind);
  if (name == "mindways" && phantom != "K2HPO4" && !phantom.empty())
    table.complain("phantom", "a Mindways phantom is stated to be of " + phantom, "K2HPO4",
                   "write phantom = \"K2HPO4\", or name = \"rods\" for another phantom");
  return c;
}

} // namespace calcar::image
