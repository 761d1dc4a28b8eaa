#include "pipeline/further_scan_input.hpp"

#include "anatomy/bone_template.hpp"
#include "base/files.hpp"
#include "base/text.hpp"
#include "image/acquisition.hpp"

#include <algorithm>
#include <set>

namespace calcar::pipeline
{
namespace
{
using anatomy::Side;

/// [TABLE.calibration], or that of the bone. Densities of two phantoms differ by more than sides or
/// months do.
image::Calibration read_calibration_of(const Table& table, const image::Calibration& bones)
{
  const auto own = table.maybe_table("calibration");
  if (!own)
    return bones;
  const image::Calibration calibration = image::read_calibration(*own);
  if (calibration.phantom != bones.phantom)
    own->complain("phantom",
                  "this scan's density is that of phantom " +
                      image::to_string(calibration.phantom) + ", the bone's that of " +
                      image::to_string(bones.phantom),
                  "one phantom for both", "calibrate both scans by the same kind of phantom");
  return calibration;
}

FurtherScan read_scan(const Table& table, const ReadSoFar& so_far, std::optional<Side> side)
{
  FurtherScan scan;
  scan.place = table.place();
  scan.bone = read_further_bone(table, so_far.bone, side);
  scan.calibration = read_calibration_of(table, so_far.calibration);
  return scan;
}

std::optional<FurtherScan> read_contralateral(const Table& document, const ReadSoFar& so_far)
{
  const auto table = document.maybe_table("contralateral");
  if (!table)
    return std::nullopt;
  const auto side = so_far.bone.side;
  const bool sided = side == Side::left || side == Side::right;
  if (!sided)
    document.complain("contralateral",
                      "[contralateral], but a " + kind_name(so_far.bone) + " has no other side", "",
                      "remove the table");
  if (so_far.mesh_from_file)
    document.complain("contralateral", "[contralateral] beside a mesh that is read from a file",
                      "meshes that are made from the masks, or voxels",
                      "remove [mesh] file: the other side is solved in the same way as the bone");
  return read_scan(*table, so_far,
                   sided ? std::optional(side == Side::left ? Side::right : Side::left)
                         : std::nullopt);
}

std::vector<EarlierLesion> read_earlier_lesions(const Table& table, const ReadSoFar& so_far)
{
  std::vector<EarlierLesion> lesions;
  std::set<std::string> seen;
  for (const Table& one : table.tables("lesion"))
  {
    EarlierLesion lesion;
    lesion.name = one.text("name");
    const auto& known = so_far.lesions;
    if (!lesion.name.empty() && std::find(known.begin(), known.end(), lesion.name) == known.end())
      one.complain("name", "no [[lesion]] of this case is called \"" + lesion.name + "\"",
                   join(known), suggestion(lesion.name, known));
    else if (!seen.insert(lesion.name).second)
      one.complain("name", "the earlier lesion \"" + lesion.name + "\" is there twice", "",
                   "remove one of them");
    lesion.mask = read_bone_labels(one.table("mask"));
    lesions.push_back(std::move(lesion));
  }
  return lesions;
}

std::optional<EarlierScan> read_earlier(const Table& document, const ReadSoFar& so_far)
{
  const auto table = document.maybe_table("earlier_scan");
  if (!table)
    return std::nullopt;
  EarlierScan earlier;
  earlier.scan = read_scan(*table, so_far, so_far.bone.side);
  earlier.scan.bone.extend_shaft_mm = 0;
  if (!so_far.bone.segment.empty())
    document.complain("earlier_scan", "[earlier_scan] of a spine_segment", "kind = \"vertebra\"",
                      "vertebrae move against each other: compare one at a time");
  if (so_far.bone.extend_shaft_mm > 0)
    document.complain("earlier_scan", "[earlier_scan] beside extend_shaft_mm", "one of the two",
                      "the part that is extended was never scanned: leave extend_shaft_mm out");
  earlier.date = table->maybe_date("date").value_or("");
  if (!table->has("date"))
    table->complain("date", "[earlier_scan] has no date", "date = 2026-05-01",
                    "a change without its time means nothing: give the day of the earlier scan");
  if (!so_far.scan_date)
    document.complain("earlier_scan", "[earlier_scan], but [patient] has no scan_date",
                      "scan_date = 2026-11-02", "give the day of the bone's scan");
  else
    earlier.date_now = *so_far.scan_date;
  const auto days = image::days_between(earlier.date, earlier.date_now);
  if (days && *days <= 0)
    table->complain("date",
                    "the earlier scan is of " + earlier.date + ", the bone's of " +
                        earlier.date_now + (*days < 0 ? ", which is before it" : ", the same day"),
                    "a date before [patient] scan_date", "exchange the scans, or correct the date");
  earlier.lesions = read_earlier_lesions(*table, so_far);
  return earlier;
}

std::optional<CandidateSearch> read_candidates(const Table& document, const ReadSoFar& so_far,
                                               bool other_side)
{
  const auto table = document.maybe_table("candidates");
  if (!table)
    return std::nullopt;
  CandidateSearch search;
  search.place = table->place();
  search.by_template = table->choice("against", {"contralateral", "template"}) == "template";
  if (search.by_template)
    search.density_template = table->choice("template", data_names("materials/bone_templates"));
  else if (!other_side)
    table->complain("against", "candidates against a side that is not given",
                    "a [contralateral] table", "give the other side's image and mask");
  if (!so_far.bone.segment.empty())
    document.complain("candidates", "[candidates] of a spine_segment", "kind = \"vertebra\"",
                      "search one vertebra at a time");
  return search;
}
} // namespace

FurtherScans read_further_scans(const Table& document, const ReadSoFar& so_far)
{
  for (const char* part : {"contralateral", "earlier_scan", "candidates"})
    if (so_far.bone.surface && document.has(part))
      document.complain(part,
                        "[" + std::string(part) + "] beside a bone that is given by its surface",
                        "image and mask", "only scans can be compared: remove the table");
  FurtherScans scans;
  scans.contralateral = read_contralateral(document, so_far);
  scans.earlier = read_earlier(document, so_far);
  scans.candidates = read_candidates(document, so_far, scans.contralateral.has_value());
  return scans;
}

} // namespace calcar::pipeline
