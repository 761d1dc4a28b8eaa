#include "pipeline/other_scans.hpp"

#include "image/write.hpp"
#include "lesion/samples.hpp"
#include "pipeline/earlier_scan.hpp"
#include "pipeline/other_side.hpp"
#include "pipeline/patient_setting.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
report::CandidatesResults recorded(const std::vector<lesion::Candidate>& candidates,
                                   const CandidateSearch& search)
{
  report::CandidatesResults results;
  results.against = search.by_template ? "template " + search.density_template : "contralateral";
  results.trust = lesion::candidate_trust(search.by_template);
  for (std::size_t n = 0; n < candidates.size(); ++n)
  {
    const lesion::Candidate& c = candidates[n];
    results.found.push_back({static_cast<int>(n + 1), c.kind, c.volume_mm3, c.share_of_bone,
                             c.difference_g_cm3, c.centre, c.words});
  }
  return results;
}

image::LabelMap labels_of(const std::vector<lesion::Candidate>& candidates)
{
  const image::Mask& first = candidates.front().mask;
  image::LabelMap labels{first.grid, std::vector<std::int32_t>(first.values.size(), 0), {}};
  for (std::size_t n = 0; n < candidates.size(); ++n)
    for (std::size_t v = 0; v < labels.values.size(); ++v)
      if (candidates[n].mask.values[v])
        labels.values[v] = static_cast<std::int32_t>(n + 1);
  return labels;
}
} // namespace

void add_scan(const report::Results& read, const std::string& words, report::Results& results)
{
  for (Warning warning : read.warnings)
  {
    warning.text = words + ": " + warning.text;
    add_once(results.warnings, {warning});
  }
  for (const Source& source : read.sources)
    if (std::none_of(results.sources.begin(), results.sources.end(),
                     [&](const Source& s) { return s.path == source.path; }))
      results.sources.push_back(source);
}

PatientCase case_of(const PatientCase& given, const FurtherScan& scan)
{
  PatientCase other = given;
  other.bone = scan.bone;
  other.calibration = scan.calibration;
  other.landmarks.clear();
  other.lesions.clear();
  other.further_scans = {};
  other.follow_up.reset();
  other.fixations.reset();
  return other;
}

image::Mask near_lesions(const image::Mask& bone, const std::vector<lesion::PlacedLesion>& lesions,
                         double beyond_mm)
{
  const image::Grid& grid = bone.grid;
  image::Mask near{grid, std::vector<std::uint8_t>(bone.values.size(), 0), {}};
  for (const lesion::PlacedLesion& placed : lesions)
  {
    if (!placed.lesion.in_ct && !placed.lesion.image)
      continue;
    const double beyond = beyond_mm + 0.5 * placed.lesion.margin_mm;
    lesion::for_each_near(grid, placed.centre, placed.reach_mm + beyond,
                          [&](std::size_t offset, int i, int j, int k)
                          {
                            const Vec3 p = grid.point({double(i), double(j), double(k)});
                            if (bone.values[offset] && placed.solid.distance(p) <= beyond)
                              near.values[offset] = 1;
                          });
  }
  return near;
}

OtherScans read_other_scans(const PatientCase& given, const PatientInputs& inputs,
                            const std::vector<lesion::PlacedLesion>& lesions,
                            report::Results& results)
{
  OtherScans scans;
  const FurtherScans& asked = given.further_scans;
  const lesion::Ground ground{inputs.bone, inputs.envelope, inputs.density,
                              inputs.frame_of_reference};
  std::optional<OtherSide> side;
  if (asked.contralateral)
    side = read_other_side(given, inputs, lesions, results);
  if (const auto& search = asked.candidates)
  {
    scans.candidates =
        search->by_template
            ? lesion::find_candidates_by_template(ground, search->density_template, search->place)
            : lesion::find_candidates(ground, side->raw, "the mirrored other side");
    results.other_scans.candidates = recorded(scans.candidates, *search);
  }
  if (side)
    scans.mirrored = std::move(side->used);
  if (asked.earlier)
    scans.density_change = compare_with_earlier(given, inputs, lesions, results);
  return scans;
}

void write_other_scans(const OtherScans& scans, const ResultsFolder& folder)
{
  if (!scans.candidates.empty())
    image::write_nifti(folder.path() / "candidates.nii.gz", labels_of(scans.candidates));
  if (scans.density_change)
    image::write_nifti(folder.path() / "density_change.nii.gz", *scans.density_change);
}

} // namespace calcar::pipeline
