#include "report/comparison.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "base/vec3.hpp"
#include "report/write.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace calcar::report
{
namespace
{
using Json = nlohmann::ordered_json;

std::optional<double> number_at(const Json& json, const std::string& key)
{
  const auto found = json.find(key);
  return found != json.end() && found->is_number() ? std::optional(found->get<double>())
                                                   : std::nullopt;
}

std::string text_at(const Json& json, const std::string& key)
{
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

[[noreturn]] void refuse(const std::filesystem::path& place, const std::string& given,
                         const std::string& remedy)
{
  throw InputError(Fault::command, {place.string(), given,
                                    std::string("a results folder of `calcar run`, or its ") +
                                        "results.json (schema " + results_schema + ")",
                                    remedy, ""});
}

Json read_results(const std::filesystem::path& given)
{
  const auto file = std::filesystem::is_directory(given) ? given / "results.json" : given;
  if (!std::filesystem::is_regular_file(file))
    refuse(given, "there are no results", "check the path; `calcar run` writes them");
  const Json json = Json::parse(read_text(file), nullptr, false);
  if (json.is_discarded() || !json.is_object())
    refuse(file, "the file is no JSON object", "give a results folder");
  const std::string schema = text_at(json, "schema");
  if (schema != results_schema)
    refuse(file, schema.empty() ? "the file has no schema" : "its schema is " + schema,
           "run the case again with this version");
  if (text_at(json, "mode") != "patient" || !json.contains("variants"))
    refuse(file, "it is a study, which has no activities", "compare two cases of a patient");
  return json;
}

std::string body_words(const Json& results)
{
  const Json& solver = results.at("solver");
  const std::string unknowns =
      format_number(number_at(solver, "unknowns").value_or(0), 12) + " unknowns";
  if (const auto mesh = results.find("mesh"); mesh != results.end())
    return format_number(number_at(*mesh, "cells").value_or(0), 12) + " cells (" +
           text_at(*mesh, "shape") + ", order " +
           format_number(number_at(*mesh, "degree").value_or(0)) + ", " +
           format_number(number_at(*mesh, "mean_edge_mm").value_or(0), 3) + " mm), " + unknowns;
  const Json& voxel = results.at("voxel_mm");
  return "voxels of " + format_number(voxel.at(0).get<double>(), 3) + " mm, " + unknowns;
}

const Json* named(const Json& list, const std::string& name)
{
  const auto found = std::find_if(
      list.begin(), list.end(), [&](const Json& entry) { return text_at(entry, "name") == name; });
  return found == list.end() ? nullptr : &*found;
}

std::optional<Vec3> point_of(const Json& activity)
{
  const auto location = activity.find("location");
  if (location == activity.end() || !location->is_object())
    return std::nullopt;
  const Json& p = location->at("point_lps_mm");
  return Vec3{p.at(0).get<double>(), p.at(1).get<double>(), p.at(2).get<double>()};
}

std::string words_of_location(const Json& activity)
{
  const auto location = activity.find("location");
  return location != activity.end() && location->is_object() ? text_at(*location, "words")
                                                             : std::string();
}

std::optional<double> stiffness(const Json& activity)
{
  const auto work = number_at(activity, "external_work_Nmm");
  const Json& reference = activity.at("reference_load");
  const auto force = number_at(reference, "value");
  if (text_at(reference, "unit") != "N" || !work || !force || !(*work > 0))
    return std::nullopt;
  return *force * *force / (2 * *work);
}

ComparedActivity compare(const std::string& variant, const Json& a, const Json& b)
{
  ComparedActivity compared;
  compared.variant = variant;
  compared.activity = text_at(a, "name");
  compared.utilisation = {number_at(a, "utilisation"), number_at(b, "utilisation")};
  compared.fracture_load_N = {number_at(a, "fracture_load_N"), number_at(b, "fracture_load_N")};
  compared.stiffness_N_mm = {stiffness(a), stiffness(b)};
  compared.location_a = words_of_location(a);
  compared.location_b = words_of_location(b);
  const auto point_a = point_of(a), point_b = point_of(b);
  if (point_a && point_b)
    compared.apart_mm = norm(*point_b - *point_a);
  return compared;
}

void warn_if(bool differs, const std::string& what, const std::string& a, const std::string& b,
             Warnings& warnings)
{
  if (differs)
    warnings.push_back({"not_alike", what + " differs: " + a + " and " + b, what});
}

void compare_texts(const Json& a, const Json& b, const std::string& what, Warnings& warnings)
{
  const std::string dumped_a = a.is_string() ? a.get<std::string>() : a.dump();
  const std::string dumped_b = b.is_string() ? b.get<std::string>() : b.dump();
  warn_if(dumped_a != dumped_b, what, dumped_a, dumped_b, warnings);
}

/// Names of the lesions with their shapes, which two runs should share.
std::string lesions_of(const Json& results)
{
  std::vector<std::string> names;
  for (const Json& lesion : results.at("lesions"))
    names.push_back(text_at(lesion, "name") + " (" + text_at(lesion, "kind") + ")");
  return names.empty() ? "none" : join(names);
}

void warn_of_differences(const Json& a, const Json& b, Warnings& warnings)
{
  compare_texts(a.at("protocol").at("name"), b.at("protocol").at("name"), "the protocol", warnings);
  compare_texts(a.at("bone").at("side"), b.at("bone").at("side"), "the side", warnings);
  compare_texts(lesions_of(a), lesions_of(b), "the lesions", warnings);
  const double weight_a = number_at(a, "body_weight_N").value_or(0);
  const double weight_b = number_at(b, "body_weight_N").value_or(0);
  warn_if(weight_a != weight_b, "the body weight", format_number(weight_a) + " N",
          format_number(weight_b) + " N", warnings);
}

/// What only one of two lists has, by name.
void warn_of_missing(const Json& a, const Json& b, const std::string& what, Warnings& warnings)
{
  const auto tell = [&](const Json& from, const Json& other, const char* only)
  {
    for (const Json& entry : from)
      if (!named(other, text_at(entry, "name")))
        warnings.push_back(
            {"only_in_one",
             what + " \"" + text_at(entry, "name") + "\" is only in the " + only + " run", what});
  };
  tell(a, b, "first");
  tell(b, a, "second");
}

void compare_variants(const Json& a, const Json& b, Comparison& comparison)
{
  warn_of_missing(a.at("variants"), b.at("variants"), "variant", comparison.warnings);
  for (const Json& variant : a.at("variants"))
  {
    const std::string name = text_at(variant, "name");
    const Json* other = named(b.at("variants"), name);
    if (!other)
      continue;
    comparison.variants.push_back(name);
    comparison.volume_mm3.push_back(
        {number_at(variant, "volume_mm3"), number_at(*other, "volume_mm3")});
    warn_of_missing(variant.at("activities"), other->at("activities"), "activity",
                    comparison.warnings);
    for (const Json& activity : variant.at("activities"))
      if (const Json* same = named(other->at("activities"), text_at(activity, "name")))
      {
        comparison.activities.push_back(compare(name, activity, *same));
        compare_texts(activity.at("criterion"), same->at("criterion"), "the criterion",
                      comparison.warnings);
      }
  }
}

std::string shown(const std::optional<double>& value, int digits)
{
  return value ? format_number(*value, digits) : "-";
}

std::string percent(const Pair& pair)
{
  if (!pair.difference())
    return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%+.1f %%", 100 * *pair.difference());
  return text;
}

std::string line(const std::string& what, const Pair& pair, int digits)
{
  char text[160];
  std::snprintf(text, sizeof text, "    %-26s %14s %14s %10s\n", what.c_str(),
                shown(pair.a, digits).c_str(), shown(pair.b, digits).c_str(),
                percent(pair).c_str());
  return text;
}

Json json_of(const Pair& pair)
{
  const auto value = [](const std::optional<double>& v) { return v ? Json(*v) : Json(nullptr); };
  return {{"a", value(pair.a)}, {"b", value(pair.b)}, {"difference", value(pair.difference())}};
}
} // namespace

std::optional<double> Pair::difference() const
{
  if (!a || !b || *a == 0)
    return std::nullopt;
  return (*b - *a) / *a;
}

Comparison compare_results(const std::filesystem::path& a, const std::filesystem::path& b)
{
  const Json first = read_results(a);
  const Json second = read_results(b);
  Comparison comparison;
  try
  {
    comparison.name_a = a.string();
    comparison.name_b = b.string();
    comparison.body_a = body_words(first);
    comparison.body_b = body_words(second);
    warn_of_differences(first, second, comparison.warnings);
    compare_variants(first, second, comparison);
  }
  catch (const Json::exception& error)
  {
    refuse(a.string() + ", " + b.string(), std::string("a part is missing (") + error.what() + ")",
           "run the cases again");
  }
  if (comparison.activities.empty())
    throw InputError(Fault::command,
                     {a.string() + ", " + b.string(),
                      "the two have no activity of one variant in common", "",
                      "compare runs of one case, or of cases with the same activities", ""});
  return comparison;
}

std::string comparison_table(const Comparison& comparison)
{
  std::string text = "a  " + comparison.name_a + ": " + comparison.body_a + "\nb  " +
                     comparison.name_b + ": " + comparison.body_b + "\n";
  for (std::size_t v = 0; v < comparison.variants.size(); ++v)
  {
    char head[160];
    std::snprintf(head, sizeof head, "\n%-30s %14s %14s %10s\n", comparison.variants[v].c_str(),
                  "a", "b", "b - a");
    text += head + line("volume, cm3",
                        {comparison.volume_mm3[v].a.value_or(0) / 1000,
                         comparison.volume_mm3[v].b.value_or(0) / 1000},
                        5);
    for (const ComparedActivity& activity : comparison.activities)
    {
      if (activity.variant != comparison.variants[v])
        continue;
      text += "  " + activity.activity + "\n";
      text += line("utilisation", activity.utilisation, 4);
      text += line("fracture load, N", activity.fracture_load_N, 5);
      text += line("stiffness, N/mm", activity.stiffness_N_mm, 5);
      text += "    weakest: " + activity.location_a;
      if (activity.location_b != activity.location_a)
        text += " | " + activity.location_b;
      text +=
          activity.apart_mm ? " (" + format_number(*activity.apart_mm, 3) + " mm apart)\n" : "\n";
    }
  }
  for (const Warning& warning : comparison.warnings)
    text += "\nwarning: " + warning.text;
  return comparison.warnings.empty() ? text : text + "\n";
}

std::string comparison_json(const Comparison& comparison)
{
  Json json = {{"schema", "calcar-comparison/1"},
               {"a", {{"results", comparison.name_a}, {"body", comparison.body_a}}},
               {"b", {{"results", comparison.name_b}, {"body", comparison.body_b}}}};
  json["variants"] = Json::array();
  for (std::size_t v = 0; v < comparison.variants.size(); ++v)
    json["variants"].push_back(
        {{"name", comparison.variants[v]}, {"volume_mm3", json_of(comparison.volume_mm3[v])}});
  json["activities"] = Json::array();
  for (const ComparedActivity& activity : comparison.activities)
    json["activities"].push_back(
        {{"variant", activity.variant},
         {"activity", activity.activity},
         {"utilisation", json_of(activity.utilisation)},
         {"fracture_load_N", json_of(activity.fracture_load_N)},
         {"stiffness_N_mm", json_of(activity.stiffness_N_mm)},
         {"locations", {{"a", activity.location_a}, {"b", activity.location_b}}},
         {"locations_apart_mm", activity.apart_mm ? Json(*activity.apart_mm) : Json(nullptr)}});
  json["warnings"] = Json::array();
  for (const Warning& warning : comparison.warnings)
    json["warnings"].push_back({{"code", warning.code}, {"text", warning.text}});
  return json.dump(2) + "\n";
}

} // namespace calcar::report
