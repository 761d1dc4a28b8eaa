#include "report/collapse.hpp"

#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace calcar::report
{
namespace
{
using risk::BodySection;
using risk::Collapse;
using risk::FractureAssessment;
using risk::VertebralCollapse;
using risk::VertebraMeasures;

constexpr double percent = 100;

Json words_or_null(const std::string& words)
{
  return words.empty() ? Json(nullptr) : Json(words);
}

Json percent_json(const std::optional<double>& share)
{
  return share ? number(percent * *share) : Json(nullptr);
}

Json heights_json(const risk::BodyHeights& h)
{
  return {{"anterior", number(h.anterior)},   {"middle", number(h.middle)},
          {"posterior", number(h.posterior)}, {"right", number(h.right)},
          {"left", number(h.left)},           {"mean", number(h.mean)}};
}

Json measures_json(const VertebraMeasures& m)
{
  return {{"heights_mm", heights_json(m.heights)},
          {"wedge_deg", number(m.wedge_deg)},
          {"lateral_wedge_deg", number(m.lateral_wedge_deg)},
          {"superior_endplate_depression_mm", number(m.superior_depression_mm)},
          {"inferior_endplate_depression_mm", number(m.inferior_depression_mm)},
          {"posterior_wall_bulge_mm", number(m.bulge_mm)},
          {"canal_area_mm2", number(m.canal_mm2)},
          {"canal_narrowest_at_height_percent", percent_json(m.canal_height)},
          {"canal_area_lost_percent", percent_json(m.canal_lost)}};
}

/// Losses from one state to another: mm of each height, and percent of it.
Json losses_json(const risk::BodyHeights& from, const risk::BodyHeights& to)
{
  Json mm = heights_json({from.anterior - to.anterior, from.middle - to.middle,
                          from.posterior - to.posterior, from.right - to.right, from.left - to.left,
                          from.mean - to.mean});
  Json shares;
  const Json before = heights_json(from);
  for (const auto& [name, lost] : mm.items())
    shares[name] = number(percent * lost.get<double>() / before[name].get<double>());
  return {{"mm", mm}, {"percent", shares}};
}

Json section_json(const BodySection& s)
{
  return {{"height_percent", number(percent * s.height)},
          {"area_mm2", number(s.area_mm2)},
          {"strength_N", number(s.strength_N)},
          {"axial_rigidity_N", number(s.rigidity_N)},
          {"failed_mm2", number(s.failed_mm2)},
          {"mean_plastic_strain", number(s.plastic)},
          {"lost_mm", number(s.lost_mm)}};
}

Json failure_json(const VertebralCollapse& vertebra)
{
  const risk::BodyFailure& f = vertebra.failure;
  Json sections = Json::array();
  for (const BodySection& section : f.sections)
    sections.push_back(section_json(section));
  return {{"share_of_all_percent", number(percent * vertebra.share_of_failure)},
          {"failed_mm3", number(f.failed_mm3)},
          {"gives_way_most_at", section_json(f.sections[f.failing])},
          {"weakest_section", section_json(f.sections[f.weakest])},
          {"sections", sections}};
}

Json figures_json(const risk::Figures& figures)
{
  Json json = Json::object();
  for (const auto& [name, value] : figures)
    json[name] = number(value);
  return json;
}

Json vertebra_json(const VertebralCollapse& v, double reference)
{
  Json json = {{"level", words_or_null(v.level)},
               {"mode", words_or_null(v.mode)},
               {"words", words_or_null(v.words)},
               {"rule", words_or_null(v.reason)},
               {"why_not", words_or_null(v.why_not)}};
  if (!v.measured)
    return json;
  json["load_still_rising"] = v.load_still_rising;
  json["shape"] = words_or_null(v.shape);
  json["grade"] = v.grade;
  json["grade_words"] = v.grade_words;
  json["load_at_height_loss"] =
      v.factor_at_height_loss ? number(*v.factor_at_height_loss * reference) : Json(nullptr);
  json["before"] = measures_json(v.before);
  json["at_peak"] = measures_json(v.at_peak);
  json["at_end"] = measures_json(v.at_end);
  json["lost_at_peak"] = losses_json(v.before.heights, v.at_peak.heights);
  json["lost_at_end"] = losses_json(v.before.heights, v.at_end.heights);
  json["wedge_change_deg"] = number(v.at_end.wedge_deg - v.before.wedge_deg);
  json["bulge_against"] = v.bulge_against_arch ? "arch" : "body";
  json["failure"] = failure_json(v);
  json["figures"] = figures_json(v.figures);
  return json;
}

/// With one digit behind the point, and a sign where it is a change.
std::string tenths(double value, bool sign = false)
{
  char text[32];
  std::snprintf(text, sizeof text, sign ? "%+.1f" : "%.1f", value);
  return text;
}

std::string whole(double value)
{
  return std::to_string(std::lround(value));
}

std::string lost_words(const char* where, double before, double after)
{
  return std::string(where) + " " + tenths(before - after) + " mm (" +
         tenths(percent * (before - after) / before) + " %)";
}

std::string form_words(const VertebralCollapse& v)
{
  const auto &from = v.before.heights, &to = v.at_end.heights;
  std::string text = "height lost: " + lost_words("front", from.anterior, to.anterior) + ", " +
                     lost_words("middle", from.middle, to.middle) + ", " +
                     lost_words("back", from.posterior, to.posterior) + "; wedge " +
                     tenths(v.at_end.wedge_deg - v.before.wedge_deg, true) +
                     " degrees; posterior wall " + tenths(v.at_end.bulge_mm) +
                     " mm towards the canal";
  if (v.at_end.canal_mm2)
    text += "; canal " + whole(*v.before.canal_mm2) + " to " + whole(*v.at_end.canal_mm2) + " mm2";
  return text;
}

std::string section_words(const VertebralCollapse& v)
{
  const BodySection &fails = v.failure.sections[v.failure.failing],
                    &weakest = v.failure.sections[v.failure.weakest];
  return "gives way most at " + whole(percent * fails.height) +
         " % of its height from below; weakest " + "section at " + whole(percent * weakest.height) +
         " % (" + whole(weakest.strength_N / 10) + "0 N)";
}

/// The load at which so much height was lost that others call it failure.
std::string height_words(const VertebralCollapse& v, const Collapse& collapse,
                         const FractureAssessment& path)
{
  if (!v.factor_at_height_loss)
    return "";
  const double load = *v.factor_at_height_loss * path.reference.value;
  return "; " + tenths(percent * collapse.height_loss) + " % of its height lost at " +
         (path.reference.unit == "N" ? whole(load / 10) + "0" : format_number(load, 3)) + " " +
         path.reference.unit;
}

std::string vertebra_lines(const VertebralCollapse& v, const Collapse& collapse,
                           const FractureAssessment& path)
{
  const std::string name = v.level.empty() ? "vertebra" : v.level;
  std::string text = "    " + name + ": " + (v.mode.empty() ? v.why_not : v.words);
  if (v.load_still_rising)
    text += " (told by the loss of height: the load was still rising)";
  text += "\n";
  if (v.measured && v.failure.failed_mm3 > 0)
    text += "      " + form_words(v) + "\n      " + section_words(v) +
            height_words(v, collapse, path) + "\n";
  return text;
}
} // namespace

Json collapse_json(const FractureAssessment& path)
{
  if (!path.collapse)
    return nullptr;
  const Collapse& c = *path.collapse;
  Json vertebrae = Json::array();
  for (const VertebralCollapse& vertebra : c.vertebrae)
    vertebrae.push_back(vertebra_json(vertebra, path.reference.value));
  return {{"caution", risk::collapse_caution},
          {"rules_source", c.rules_source},
          {"rules_unconfirmed", words_or_null(c.rules_doubt)},
          {"elastic_part_known", c.elastic_part_known},
          {"height_loss_taken_for_failure_percent", number(percent * c.height_loss)},
          {"height_loss_source", c.height_source},
          {"height_loss_unconfirmed", words_or_null(c.height_doubt)},
          {"grade_source", c.grade_source},
          {"grade_unconfirmed", words_or_null(c.grade_doubt)},
          {"vertebrae", vertebrae}};
}

std::string collapse_table(const std::vector<FractureAssessment>& paths)
{
  std::string text;
  const Collapse* last = nullptr;
  for (const FractureAssessment& path : paths)
  {
    if (!path.collapse)
      continue;
    last = &*path.collapse;
    text += "  " + path.title + "\n";
    for (const VertebralCollapse& vertebra : last->vertebrae)
      text += vertebra_lines(vertebra, *last, path);
  }
  if (!last)
    return "";
  text = "How the vertebra comes down (at the end of the path)\n" + text + "  " +
         risk::collapse_caution + "\n";
  if (!last->rules_doubt.empty())
    text += "  names of modes are " + last->rules_doubt + "\n";
  if (!last->height_doubt.empty())
    text += "  " + tenths(percent * last->height_loss) + " % of the height as failure is " +
            last->height_doubt + "\n";
  return text + "\n";
}

std::string height_heads(const FractureAssessment& path)
{
  std::string text;
  if (path.collapse)
    for (const VertebralCollapse& v : path.collapse->vertebrae)
      if (v.measured)
        text += ",height_lost_percent" + (v.level.empty() ? "" : "_" + v.level);
  return text;
}

std::string height_cells(const FractureAssessment& path, std::size_t step)
{
  std::string text;
  if (path.collapse)
    for (const VertebralCollapse& v : path.collapse->vertebrae)
      if (v.measured)
        text += "," + (step < v.losses.size() ? format_number(percent * v.losses[step], 6) : "");
  return text;
}

} // namespace calcar::report
