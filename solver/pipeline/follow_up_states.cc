#include "pipeline/follow_up_states.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "material/point.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace calcar::pipeline
{
namespace
{
using lesion::Bound;

/// Ash density that a gain of phantom density comes to in bone, by the protocol's conversion.
double ash_gain(const material::Protocol& protocol, double gain_g_cm3)
{
  constexpr double in_bone = 0.3; // g/cm3: conversions are straight lines, and not clamped here
  return std::max(0.0, material::ash_density(protocol, in_bone + gain_g_cm3) -
                           material::ash_density(protocol, in_bone));
}

/// Grown lesions, placed once for each size.
class GrownLesions
{
public:
  GrownLesions(const PatientSetting& setting, Warnings& warnings)
      : setting_(setting), warnings_(warnings)
  {
  }

  const lesion::Grown& at(std::size_t lesion, const lesion::PlacedLesion& placed, double mm)
  {
    const auto key = std::tuple(lesion, placed.lesion.in_ct, mm);
    auto found = made_.find(key);
    if (found == made_.end())
    {
      found = made_.emplace(key, lesion::grow(placed, mm, ground_of(setting_.inputs))).first;
      if (found->second.mm < mm)
        tell(placed.lesion, found->second.mm);
    }
    return found->second;
  }

private:
  void tell(const lesion::Lesion& lesion, double mm)
  {
    add_once(warnings_,
             {{"growth_stopped",
               "lesion \"" + lesion.name + "\" stops growing: with its outline more than about " +
                   format_number(mm, 2) + " mm farther out it would be larger than the whole bone",
               lesion.place}});
  }

  const PatientSetting& setting_;
  Warnings& warnings_;
  std::map<std::tuple<std::size_t, bool, double>, lesion::Grown> made_;
};

bool same_lesion(const lesion::LesionCourse& a, const lesion::LesionCourse& b)
{
  return a.grown_mm == b.grown_mm && a.gain_HU == b.gain_HU && a.lost_share == b.lost_share;
}

/// True when the bodies of two states are one: `one_reading` when the bounds begin alike.
bool same_body(const FollowUpState& a, const FollowUpState& b, bool one_reading)
{
  return (one_reading || a.bound == b.bound) && a.whole_bone_left == b.whole_bone_left &&
         std::equal(a.courses.begin(), a.courses.end(), b.courses.begin(), b.courses.end(),
                    same_lesion);
}

void find_same(std::vector<FollowUpState>& states, bool one_reading)
{
  FollowUpState scan;
  for (std::size_t n = 0; n < states.size(); ++n)
  {
    scan.bound = states[n].bound;
    scan.courses.assign(states[n].courses.size(), {});
    if (same_body(scan, states[n], one_reading))
      states[n].same_as = states.size();
    for (std::size_t before = 0; before < n && !states[n].same_as; ++before)
      if (same_body(states[before], states[n], one_reading))
        states[n].same_as = before;
  }
}

/// Density of the bone with a share of its mineral left; air, fat and marrow below 0 stay.
image::Volume thinned(image::Volume density, double left)
{
  for (float& value : density.values)
    if (value > 0)
      value *= static_cast<float>(left);
  return density;
}

/// All voxels of the scan's model averaged anew.
model::VoxelModel refilled(const model::VoxelModel& scan, const model::MaterialField& field)
{
  const model::VoxelModel all = model::voxelize(field, scan.body.grid);
  std::vector<std::uint8_t> stays(all.body.voxels.size());
  for (std::size_t n = 0; n < stays.size(); ++n)
    stays[n] =
        std::binary_search(scan.body.voxels.begin(), scan.body.voxels.end(), all.body.voxels[n]);
  model::VoxelModel kept = model::keep(all, stays);
  kept.bone_number = scan.bone_number;
  return kept;
}
} // namespace

GainScale gain_scale(const FollowUpInput& input, const PatientInputs& inputs)
{
  if (input.g_cm3_per_HU)
    return {*input.g_cm3_per_HU, "[follow_up] g_cm3_per_HU", ""};
  if (inputs.g_cm3_per_HU)
    return {*inputs.g_cm3_per_HU, "the calibration of this scan", ""};
  const Table table = Table::read(data_file("materials/lesions", "hu_slope", "lesion data", ""));
  const material::DataRecord record = material::read_record(table);
  GainScale scale;
  scale.g_cm3_per_HU = table.number("g_cm3_per_HU");
  table.check();
  scale.words = record.words;
  scale.doubt = material::doubt(record.status);
  return scale;
}

std::vector<double> growth_of(const FollowUpInput& input, const PatientSetting& setting)
{
  std::vector<double> rates;
  for (std::size_t n = 0; n < setting.lesions.size(); ++n)
  {
    const std::string& name = setting.lesions[n].lesion.name;
    const auto found = input.growth.find(name);
    rates.push_back(
        found == input.growth.end()
            ? 0
            : lesion::rate_of(found->second, name, setting.lesion_measures[n].largest_diameter_mm));
  }
  return rates;
}

std::vector<FollowUpState> follow_up_states(const FollowUpInput& input,
                                            const PatientSetting& setting, const GainScale& scale,
                                            Warnings& warnings)
{
  const std::vector<double> rates = growth_of(input, setting);
  const auto readings = lesion::readings(setting.lesions);
  GrownLesions grown(setting, warnings);
  std::vector<FollowUpState> states;
  for (const double months : input.months)
    for (const Bound bound : {Bound::worse, Bound::better})
    {
      FollowUpState state;
      state.bound = bound;
      state.months = months;
      state.whole_bone_left = lesion::whole_bone_left(input.courses, bound, months);
      const auto& begin = (bound == Bound::worse ? readings.back() : readings.front()).lesions;
      for (std::size_t n = 0; n < begin.size(); ++n)
      {
        const lesion::Lesion& own = begin[n].lesion;
        lesion::LesionCourse course =
            lesion::lesion_at(own.name, own.tissue.kind, rates[n], input.courses, bound, months);
        const lesion::Grown& now = grown.at(n, begin[n], course.grown_mm);
        course.grown_mm = now.mm;
        const double ash = ash_gain(setting.inputs.protocol, course.gain_HU * scale.g_cm3_per_HU);
        for (const lesion::PlacedLesion& placed : now.lesions)
        {
          state.lesions.push_back(placed);
          state.lesions.back().remodelling = lesion::remodelling_of(course, ash);
          state.owner.push_back(n);
        }
        state.courses.push_back(course);
        state.ash_gain_g_cm3.push_back(ash);
      }
      states.push_back(std::move(state));
    }
  find_same(states, readings.size() == 1);
  return states;
}

model::VoxelModel model_of(const FollowUpState& state, const model::VoxelModel& scan,
                           const PatientInputs& inputs)
{
  const image::Mask* plates = inputs.growth_plates ? &*inputs.growth_plates : nullptr;
  if (state.whole_bone_left >= 1)
    return model::with_lesions(scan,
                               model::MaterialField({inputs.density, inputs.envelope,
                                                     inputs.protocol, state.lesions, plates}));
  const image::Volume density = thinned(inputs.density, state.whole_bone_left);
  return refilled(scan, model::MaterialField(
                            {density, inputs.envelope, inputs.protocol, state.lesions, plates}));
}

} // namespace calcar::pipeline
