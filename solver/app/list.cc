#include "anatomy/bone_anatomy.hpp"
#include "app/commands.hpp"
#include "app/options.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "implant/template.hpp"
#include "lesion/treatment.hpp"
#include "load/bones.hpp"
#include "load/catalogue.hpp"
#include "material/catalogue.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>

namespace calcar::app
{
namespace
{
using Entries = std::vector<material::Entry>;

/// A thing that can be listed. `of_bone`: takes a bone's name.
struct Listing
{
  std::string name;
  bool of_bone;
  std::function<Entries(const std::string& bone)> entries;
};

/// The kinds a case file may name: the bones, and several vertebrae as one body.
std::vector<std::string> kinds()
{
  auto names = anatomy::bone_names();
  names.push_back(load::spine_segment);
  return names;
}

/// The bone of a kind; of a segment the vertebra in question.
anatomy::BoneKind bone_of(const std::string& kind)
{
  return kind == load::spine_segment ? anatomy::BoneKind::vertebra : anatomy::bone_kind(kind);
}

const std::vector<std::string>& landmark_names(const std::string& kind)
{
  return anatomy::landmark_names(bone_of(kind));
}

/// "11 landmarks, 3 activities"
std::string words_of(const std::string& bone)
{
  const std::size_t activities = load::activity_names(bone).size();
  return std::to_string(landmark_names(bone).size()) + " landmarks, " + std::to_string(activities) +
         (activities == 1 ? " activity" : " activities");
}

Entries bones()
{
  Entries entries;
  for (const std::string& name : kinds())
    entries.push_back({name, words_of(name), "", ""});
  return entries;
}

Entries landmarks(const std::string& bone)
{
  Entries entries;
  for (const std::string& name : landmark_names(bone))
    entries.push_back({name, "", "", ""});
  return entries;
}

/// The templates of fixations that a bone may get, cement for any bone among them.
Entries fixations(const std::string& bone)
{
  return implant::list_fixations(bone_of(bone));
}

const std::vector<Listing>& listings()
{
  static const std::vector<Listing> table = {
      {"laws", false, [](const std::string&) { return material::list_laws(); }},
      {"strengths", false, [](const std::string&) { return material::list_strengths(); }},
      {"constitutive_laws", false,
       [](const std::string&) { return material::list_constitutive_laws(); }},
      {"strain_limits", false, [](const std::string&) { return material::list_strain_limits(); }},
      {"ash_conversions", false,
       [](const std::string&) { return material::list_ash_conversions(); }},
      {"criteria", false, [](const std::string&) { return material::list_criteria(); }},
      {"protocols", false, [](const std::string&) { return material::list_protocols(); }},
      {"tissues", false, [](const std::string&) { return material::list_tissues(); }},
      {"treatments", false, [](const std::string&) { return lesion::list_treatments(); }},
      {"fixations", true, fixations},
      {"implants", true, fixations},
      {"alloys", false, [](const std::string&) { return material::list_alloys(); }},
      {"bones", false, [](const std::string&) { return bones(); }},
      {"activities", true, [](const std::string& bone) { return load::list_activities(bone); }},
      {"rigs", false, [](const std::string&) { return load::list_rigs(); }},
      {"landmarks", true, landmarks},
      {"bone_templates", false,
       [](const std::string&) { return material::entries("materials/bone_templates"); }},
      {"label_schemes", false,
       [](const std::string&) { return material::entries("materials/label_schemes"); }},
  };
  return table;
}

void print(const Entries& entries)
{
  std::size_t width = 0;
  for (const material::Entry& entry : entries)
    width = std::max(width, entry.name.size());
  for (const material::Entry& entry : entries)
  {
    std::cout << entry.name;
    if (!entry.words.empty())
      std::cout << std::string(width + 2 - entry.name.size(), ' ') << entry.words;
    std::cout << "\n";
    const std::string indent(width + 2, ' ');
    if (!entry.source.empty())
      std::cout << indent << entry.source << "\n";
    if (!entry.doubt.empty())
      std::cout << indent << entry.doubt << "\n";
  }
}

void print_json(const Entries& entries)
{
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const material::Entry& entry : entries)
    list.push_back({{"name", entry.name},
                    {"words", entry.words},
                    {"source", entry.source},
                    {"unconfirmed", entry.doubt}});
  std::cout << list.dump(2) << "\n";
}

[[noreturn]] void refuse_name(const std::string& what, const std::string& name,
                              const std::vector<std::string>& known)
{
  throw InputError(Fault::command, {"command line", "unknown " + what + " \"" + name + "\"",
                                    join(known), suggestion(name, known), ""});
}
} // namespace

int list_command(const std::vector<std::string>& arguments)
{
  std::vector<std::string> names;
  for (const Listing& listing : listings())
    names.push_back(listing.name);
  Usage usage;
  usage.synopsis = "calcar list WHAT [BONE] [--json]";
  usage.words = "Lists what there is, with its source and what is unconfirmed. WHAT is one of\n  " +
                join(names) + ".";
  usage.example = "calcar list landmarks femur";
  usage.positional = {"WHAT", "BONE"};
  usage.options.add_options()("json", "as JSON");
  const Given given = parse(usage, arguments);
  if (given.help)
    return exit_code::done;
  const std::string what = required(given, usage, "WHAT");
  const auto found = std::find(names.begin(), names.end(), what);
  if (found == names.end())
    refuse_name("list", what, names);
  const Listing& listing = listings()[static_cast<std::size_t>(found - names.begin())];
  const std::string bone = given.has("BONE") ? given.text("BONE") : "femur";
  const auto bones_known = kinds();
  if (std::find(bones_known.begin(), bones_known.end(), bone) == bones_known.end())
    refuse_name("bone", bone, bones_known);
  const Entries entries = listing.entries(bone);
  if (given.has("json"))
    print_json(entries);
  else
    print(entries);
  return exit_code::done;
}

} // namespace calcar::app
