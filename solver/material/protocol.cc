#include "material/protocol.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "material/criteria.hpp"

#include <algorithm>

namespace calcar::material
{
namespace
{
void read_density_chain(Protocol& protocol, const Table& table)
{
  const std::string phantom = table.choice("phantom", phantom_names());
  if (!phantom.empty())
    protocol.phantom = phantom_kind(phantom, table.place("phantom"));
  protocol.sibling = table.text("sibling", "");
  protocol.ash_to_apparent = table.number("ash_to_apparent");
  table.require(protocol.ash_to_apparent > 0.3 && protocol.ash_to_apparent < 0.9, "ash_to_apparent",
                "0.3 to 0.9, commonly 0.6");
  protocol.poisson = read_poisson(table);
  protocol.max_ash_g_cm3 = table.number("max_ash_g_cm3");
  table.require(protocol.max_ash_g_cm3 > 0.5 && protocol.max_ash_g_cm3 < 2, "max_ash_g_cm3",
                "0.5 to 2 g/cm3", "fully mineralised cortex has about 1.2");
  protocol.soft_below_phantom_g_cm3 = table.number("soft_below_phantom_g_cm3");
  table.require(protocol.soft_below_phantom_g_cm3 < 0.3, "soft_below_phantom_g_cm3",
                "less than 0.3 g/cm3", "give it in g/cm3 of the phantom, not mg/cm3");
}

double read_distance(const Table& table, const std::string& key)
{
  const double distance = table.number(key);
  table.require(distance >= 0 && distance <= 100, key, "0 to 100 mm");
  return distance;
}

CriterionDomain read_domain(const Table& table)
{
  CriterionDomain domain;
  const std::string where = table.choice("where", {"surface", "volume"});
  domain.where =
      where == "volume" ? CriterionDomain::Where::volume : CriterionDomain::Where::surface;
  domain.min_ash_g_cm3 = table.number("min_ash_g_cm3");
  table.require(domain.min_ash_g_cm3 >= 0 && domain.min_ash_g_cm3 < 1, "min_ash_g_cm3",
                "0 to 1 g/cm3");
  domain.average_mm = read_distance(table, "average_mm");
  domain.exclude_mm_from_load = read_distance(table, "exclude_mm_from_load");
  domain.exclude_mm_from_support = read_distance(table, "exclude_mm_from_support");
  domain.status = read_status(table);
  domain.note = table.text("note");
  return domain;
}

/// Names of the parts, kept until the file itself is known to be sound.
struct PartNames
{
  std::string ash, law, soft, strength, limits, effective;
};

PartNames read_part_names(const Table& table)
{
  return {table.text("ash_conversion"), table.text("law"),
          table.text("soft_tissue"),    table.text("strength"),
          table.text("strain_limits"),  table.text("effective_strain_limits")};
}

void read_parts(Protocol& protocol, const PartNames& names, const Table& table)
{
  protocol.ash = ash_conversion(names.ash, table.place("ash_conversion"));
  protocol.law = DensityLaw::named(names.law, table.place("law"));
  protocol.soft = tissue(names.soft, table.place("soft_tissue"));
  protocol.strength = StrengthLaw::named(names.strength, table.place("strength"));
  protocol.limits = strain_limits(names.limits, table.place("strain_limits"));
  protocol.effective_limits =
      strain_limits(names.effective, table.place("effective_strain_limits"));
}

bool is_phantom(DensityKind kind)
{
  return kind == DensityKind::k2hpo4 || kind == DensityKind::cha;
}

void check_parts(const Protocol& protocol, const Table& table)
{
  const std::string phantom = to_string(protocol.phantom);
  const auto fits = [&](DensityKind kind) { return !is_phantom(kind) || kind == protocol.phantom; };
  table.require(protocol.ash.phantom == protocol.phantom, "ash_conversion",
                "a conversion for a " + phantom + " phantom", "phantoms must not be mixed");
  table.require(fits(protocol.law.kind()), "law",
                "a law in ash, apparent or " + phantom + " density", "phantoms must not be mixed");
  table.require(fits(protocol.strength.kind()), "strength",
                "a law in ash, apparent or " + phantom + " density", "phantoms must not be mixed");
  table.require(!protocol.limits.effective, "strain_limits", "limits of the principal kind",
                "name limits of the effective kind under effective_strain_limits");
  table.require(protocol.effective_limits.effective, "effective_strain_limits",
                "limits of the effective kind");
}
} // namespace

Protocol read_protocol(const std::filesystem::path& file)
{
  const Table table = Table::read(file);
  Protocol protocol;
  protocol.record = read_record(table);
  read_density_chain(protocol, table);
  const PartNames names = read_part_names(table);
  protocol.criterion = table.choice("criterion", criterion_names());
  protocol.bones = table.texts("bones");
  protocol.activities = table.texts("activities");
  protocol.domain = read_domain(table.table("domain"));
  protocol.constitutive = table.text("constitutive", "");
  table.check();

  read_parts(protocol, names, table);
  check_parts(protocol, table);
  table.check();
  return protocol;
}

Protocol protocol(const std::string& name, const std::string& place)
{
  return read_protocol(data_file("materials/protocols", name, "protocol", place));
}

std::vector<std::string> Protocol::doubts() const
{
  std::vector<std::string> all;
  const auto say = [&](const std::string& what, Status status)
  {
    if (!is_confirmed(status))
      all.push_back(what + " (" + doubt(status) + ")");
  };
  for (const DataRecord* part : {&record, &ash.record, &law.record(), &soft.record,
                                 &strength.record(), &limits.record, &effective_limits.record})
    say(part->words, part->status);
  say("ratio of tensile to compressive strength: " + strength.ratio_source(),
      strength.ratio_status());
  say("where the criterion is judged: " + domain.note, domain.status);
  if (converted)
    say(converted->record.words, converted->record.status);
  return all;
}

std::vector<Source> Protocol::sources() const
{
  std::vector<Source> all{record.file,
                          ash.record.file,
                          law.record().file,
                          soft.record.file,
                          strength.record().file,
                          limits.record.file,
                          effective_limits.record.file};
  if (converted)
    all.push_back(converted->record.file);
  return all;
}

std::string default_protocol(const std::string& bone, DensityKind phantom)
{
  const Table table =
      Table::read(data_file("materials", "default_protocols", "list of defaults", ""));
  table.known(table.keys());
  const Table other = table.table("other");
  const Table own = table.has(bone) ? table.table(bone) : other;
  own.known(phantom_names());
  other.known(phantom_names());
  const std::string key = to_string(phantom);
  const std::string name = own.has(key) ? own.text(key) : other.text(key);
  table.check();
  return name;
}

std::string reason_for_none(const std::string& bone)
{
  const Table table =
      Table::read(data_file("materials", "default_protocols", "list of defaults", ""));
  table.known(table.keys());
  const Table reasons = table.table("reasons");
  reasons.known(reasons.keys());
  const std::string reason = reasons.text(bone, "");
  table.check();
  return reason;
}

Protocol for_phantom(Protocol protocol, DensityKind of_image, bool convert_phantom,
                     const std::string& place, Warnings& warnings)
{
  if (of_image == protocol.phantom)
    return protocol;
  const std::string own = to_string(protocol.phantom);
  const std::string given = to_string(of_image);
  if (!is_phantom(of_image) || !convert_phantom)
    throw InputError(
        Fault::command,
        {place,
         "protocol \"" + protocol.record.name + "\" was made for a " + own +
             " phantom, the image is calibrated with " + given +
             " (mixing them shifts Young's modulus by up to 1.7)",
         "",
         protocol.sibling.empty()
             ? "choose a protocol made for " + given + ", or set convert_phantom = true"
             : "take protocol \"" + protocol.sibling + "\", or set convert_phantom = true",
         ""});
  protocol.converted = phantom_conversion(of_image, protocol.phantom);
  const double percent = 100 * protocol.converted->relative_deviation;
  warnings.push_back({"phantom_converted",
                      given + " density is converted to " + own +
                          " by setting ash densities equal; published regressions scatter by " +
                          format_number(percent, 2) + " % in density",
                      place});
  return protocol;
}

Warnings check_use(const Protocol& protocol, const std::string& bone, const std::string& activity,
                   const std::string& place)
{
  const auto lacks = [](const std::vector<std::string>& list, const std::string& name)
  { return !list.empty() && std::find(list.begin(), list.end(), name) == list.end(); };
  const std::string who = "protocol \"" + protocol.record.name + "\" was not made for ";
  Warnings warnings;
  if (lacks(protocol.bones, bone))
  {
    const std::string why = reason_for_none(bone);
    warnings.push_back({"protocol_bone",
                        who + "the " + bone + " but for: " + join(protocol.bones) +
                            (why.empty() ? "" : ". The " + bone + " has none of its own: " + why),
                        place});
  }
  else if (lacks(protocol.activities, activity))
    warnings.push_back(
        {"protocol_activity", who + activity + " but for: " + join(protocol.activities), place});
  return warnings;
}

} // namespace calcar::material
