#include "report/other_scans.hpp"

#include "base/text.hpp"
#include "lesion/twin.hpp"
#include "report/json_values.hpp"

#include <nlohmann/json.hpp>

namespace calcar::report
{
namespace
{
Json contralateral_json(const ContralateralResults& side)
{
  Json ratios = Json::array();
  for (const SideRatio& ratio : side.ratios)
    ratios.push_back({{"activity", ratio.activity},
                      {"utilisation", number(ratio.utilisation)},
                      {"strength_over_other_side", number(ratio.as_is)},
                      {"healthy_twin_over_other_side", number(ratio.twin)},
                      {"ultimate_load_over_other_side", number(ratio.path)},
                      {"words", ratio.words}});
  const lesion::SideDifference& nature = lesion::side_difference();
  return {{"side", side.side},
          {"surface_rms_mm", number(side.mirror_rms_mm)},
          {"surface_matched_share", number(side.mirror_matched)},
          {"bone_mm3", number(side.bone_mm3)},
          {"input_grade", side.grade},
          {"filled_voxels", side.filled},
          {"filled_like_other_side", side.filled_alike},
          {"suspected_lesions", side.suspicions},
          {"difference_by_nature",
           {{"mean", number(nature.mean)},
            {"deviation", number(nature.deviation)},
            {"no_difference", number(nature.no_difference)},
            {"unconfirmed", side.doubt.empty() ? Json(nullptr) : Json(side.doubt)}}},
          {"activities", ratios}};
}

Json candidates_json(const CandidatesResults& candidates)
{
  Json found = Json::array();
  for (const CandidateResults& c : candidates.found)
    found.push_back({{"label", c.label},
                     {"kind", c.kind},
                     {"volume_mm3", number(c.volume_mm3)},
                     {"share_of_bone", number(c.share_of_bone)},
                     {"difference_g_cm3", number(c.difference_g_cm3)},
                     {"centre", location_json(c.centre)},
                     {"words", c.words}});
  return {{"against", candidates.against},
          {"trust", candidates.trust},
          {"file", candidates.found.empty() ? Json(nullptr) : Json("candidates.nii.gz")},
          {"found", found}};
}

Json change_json(const DensityChange& change)
{
  return {{"then_g_cm3", number(change.then)},
          {"now_g_cm3", number(change.now)},
          {"change_g_cm3", number(change.change())}};
}

Json lesion_change_json(const LesionChange& lesion)
{
  Json json = {{"name", lesion.name},
               {"density", change_json(lesion.density)},
               {"against_control_g_cm3", number(lesion.against_control)},
               {"noise_g_cm3", number(lesion.noise)},
               {"beyond_noise", lesion.beyond_noise},
               {"volume_now_mm3", number(lesion.volume_now_mm3)}};
  if (lesion.volume_then_mm3)
  {
    json["volume_then_mm3"] = number(lesion.volume_then_mm3);
    json["growth_mm_per_month"] = number(lesion.growth_mm_per_month);
    json["growth_uncertainty_mm_per_month"] = number(lesion.growth_uncertainty);
  }
  json["words"] = lesion.words;
  return json;
}

Json earlier_json(const EarlierResults& earlier)
{
  Json lesions = Json::array();
  for (const LesionChange& lesion : earlier.lesions)
    lesions.push_back(lesion_change_json(lesion));
  Json control = change_json(earlier.control);
  control["scanners_differ"] = earlier.control_differs;
  control["words"] = earlier.control_words;
  return {{"date", earlier.date},
          {"date_now", earlier.date_now},
          {"months", number(earlier.months)},
          {"registration",
           {{"turn_deg", number(earlier.turn_deg)},
            {"shift_mm", number(earlier.shift_mm)},
            {"correlation", number(earlier.correlation)},
            {"mask_overlap", number(earlier.overlap)},
            {"share_shown", number(earlier.inside)},
            {"starts", earlier.starts},
            {"starts_agreeing", earlier.agreeing}}},
          {"control", control},
          {"lesions", lesions},
          {"most_change", earlier.where},
          {"file", "density_change.nii.gz"}};
}

std::string contralateral_table(const ContralateralResults& side)
{
  std::string text = "Other side (" + side.side + "): mirrored onto the bone within " +
                     format_number(side.mirror_rms_mm, 2) + " mm over " +
                     format_number(100 * side.mirror_matched, 3) + " % of its surface\n";
  for (const SideRatio& ratio : side.ratios)
    if (!ratio.words.empty())
    {
      text += "  " + ratio.activity + ": " + ratio.words + "\n";
      if (ratio.path)
        text += "    non-linear: ratio " + format_number(*ratio.path, 3) + "\n";
    }
  if (!side.doubt.empty() && !side.ratios.empty())
    text += "  how much sides differ by nature is unconfirmed\n";
  for (const std::string& words : side.suspicions)
    text += "  it may have a lesion itself: " + words + "\n";
  return text;
}

std::string candidates_table(const CandidatesResults& candidates)
{
  std::string text = "Candidate lesions against the " +
                     (candidates.against == "contralateral" ? std::string("mirrored other side")
                                                            : candidates.against) +
                     (candidates.found.empty() ? ": none\n" : " (candidates.nii.gz):\n");
  for (const CandidateResults& c : candidates.found)
    text += "  " + std::to_string(c.label) + " " + c.words + "\n";
  return text + "  " + candidates.trust + "\n";
}

std::string earlier_table(const EarlierResults& earlier)
{
  std::string text = "Since " + earlier.date + " (" + format_number(earlier.months, 2) +
                     " months; scans laid on each other with correlation " +
                     format_number(earlier.correlation, 3) + ", masks overlap by " +
                     format_number(100 * earlier.overlap, 3) + " %)\n  " + earlier.control_words +
                     "\n";
  for (const LesionChange& lesion : earlier.lesions)
    text += "  " + lesion.name + ": " + lesion.words + "\n";
  for (const std::string& words : earlier.where)
    text += "  most change: " + words + "\n";
  return text;
}
} // namespace

void add_other_scans(Json& json, const Results& results)
{
  const OtherScansResults& scans = results.other_scans;
  if (scans.contralateral)
    json["contralateral"] = contralateral_json(*scans.contralateral);
  if (scans.candidates)
    json["candidates"] = candidates_json(*scans.candidates);
  if (scans.earlier)
    json["earlier_scan"] = earlier_json(*scans.earlier);
}

std::string other_scans_table(const Results& results)
{
  const OtherScansResults& scans = results.other_scans;
  std::string text;
  if (scans.contralateral)
    text += contralateral_table(*scans.contralateral) + "\n";
  if (scans.candidates)
    text += candidates_table(*scans.candidates) + "\n";
  if (scans.earlier)
    text += earlier_table(*scans.earlier) + "\n";
  return text;
}

} // namespace calcar::report
