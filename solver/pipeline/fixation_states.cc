#include "pipeline/fixation_states.hpp"

#include "base/text.hpp"
#include "implant/extent.hpp"
#include "lesion/growth.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace calcar::pipeline
{
namespace
{
using risk::BoneState;

/// Indices of the lesions, the largest first.
std::vector<std::size_t> by_size(const std::vector<lesion::LesionMeasures>& measures)
{
  std::vector<std::size_t> order(measures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b)
                   { return measures[a].volume_mm3 > measures[b].volume_mm3; });
  return order;
}

std::string region_words(const anatomy::BoneAnatomy& bone, Vec3 point)
{
  const std::string name = anatomy::region_of(bone, point);
  for (const anatomy::Region& region : anatomy::regions(bone.kind))
    if (region.name == name)
      return region.words;
  return anatomy::to_string(bone.kind);
}

/// A gap, not thinner than what parts voxels.
GapPlan gap_at(Vec3 point, Vec3 normal, double length, const std::string& why, double voxel_mm,
               const anatomy::BoneAnatomy& bone)
{
  const double least = std::sqrt(3.0) * voxel_mm;
  GapPlan plan;
  plan.gap = {point, normal, std::max(length, least)};
  plan.words = "gap of " + format_number(plan.gap.thickness_mm, 3) + " mm across the " +
               region_words(bone, point) + why;
  if (length < least)
    plan.words += ", as thin as these voxels can have it";
  return plan;
}

/// Width of a voxel of the bone's image: half of it lies beyond the centres at either end of a
/// span.
double voxel_of(const implant::Site& site)
{
  return std::cbrt(site.ground.mask.grid.voxel_volume());
}

std::vector<lesion::PlacedLesion> grown(const std::vector<lesion::PlacedLesion>& lesions, double mm,
                                        const PatientInputs& inputs, Warnings& warnings)
{
  std::vector<lesion::PlacedLesion> all;
  for (const lesion::PlacedLesion& placed : lesions)
  {
    if (!lesion::can_grow(placed.lesion))
    {
      all.push_back(placed);
      continue;
    }
    const lesion::Grown now = lesion::grow(placed, mm, ground_of(inputs));
    all.insert(all.end(), now.lesions.begin(), now.lesions.end());
    if (now.mm < mm)
      add_once(warnings,
               {{"growth_stopped",
                 "lesion \"" + placed.lesion.name + "\" grows by " + format_number(now.mm, 2) +
                     " mm in the place of " + format_number(mm, 3) +
                     " mm in the state \"grown\": it would be larger than the whole bone",
                 placed.lesion.place}});
  }
  return all;
}
} // namespace

std::optional<GapPlan> gap_of(const FixationInput& input, const implant::Site& site,
                              const std::vector<lesion::LesionMeasures>& measures, double voxel_mm)
{
  const anatomy::BoneAnatomy& bone = site.bone();
  for (const std::size_t n : by_size(measures))
  {
    const lesion::PlacedLesion& lesion = site.lesions[n];
    const Vec3 axis = lesion::local_axis(bone, lesion.centre);
    const implant::Path line({lesion.centre, lesion.centre + axis});
    const auto span = implant::lesion_span(site, lesion, line);
    if (!span)
      continue;
    const std::string why =
        " at the lesion \"" + lesion.lesion.name + "\"" +
        (measures.size() > 1 ? ", the largest of " + std::to_string(measures.size()) : "") +
        (input.gap_mm ? ", as the case states it" : ", its whole extent along the bone");
    return gap_at(line.point(0.5 * (span->from + span->to)), axis,
                  input.gap_mm.value_or(span->to - span->from + voxel_of(site)), why, voxel_mm,
                  bone);
  }
  if (bone.shaft_centres.size() < 2)
    return std::nullopt;
  const implant::Path shaft(bone.shaft_centres);
  const double middle = 0.5 * shaft.length();
  return gap_at(shaft.point(middle), shaft.tangent(middle),
                input.gap_mm.value_or(fixation_defaults().gap_without_lesion_mm),
                " in the middle of the shaft that the image shows", voxel_mm, bone);
}

StateBody body_in(BoneState state, const FixationInput& input, const std::optional<GapPlan>& gap,
                  const std::vector<lesion::PlacedLesion>& lesions, const model::VoxelModel& as_is,
                  const PatientInputs& inputs, Warnings& warnings)
{
  if (state == BoneState::gone && gap)
    return {model::with_gap(as_is, gap->gap), lesions};
  if (state != BoneState::grown)
    return {as_is, lesions};
  StateBody body;
  body.lesions = grown(lesions, input.grown_mm, inputs, warnings);
  const image::Mask* plates = inputs.growth_plates ? &*inputs.growth_plates : nullptr;
  body.model =
      model::with_lesions(as_is, model::MaterialField({inputs.density, inputs.envelope,
                                                       inputs.protocol, body.lesions, plates}));
  return body;
}

} // namespace calcar::pipeline
