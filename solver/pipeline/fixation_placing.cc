#include "pipeline/fixation_placing.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "model/interface_data.hpp"
#include "model/lattice.hpp"
#include "voxel/pieces.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
using implant::Interface;
using model::TissueKind;

/// The message without its place: the report tells the option's name.
std::string words_of(const InputError& error)
{
  std::string words;
  for (Problem problem : error.problems())
  {
    problem.place.clear();
    words += (words.empty() ? "" : "; ") + to_string(problem);
  }
  return words;
}

void refuse(const FixationChoice& choice, const std::string& reason, PlacedOption& option,
            report::Results& results)
{
  option.fixation.reset();
  option.other.reset();
  option.hardware.clear();
  option.refusal = reason;
  results.warnings.push_back({"fixation_refused",
                              "fixation \"" + choice.request.name + "\" is not computed: " + reason,
                              choice.request.place});
}

void add_source(const Source& source, report::Results& results)
{
  if (std::none_of(results.sources.begin(), results.sources.end(),
                   [&](const Source& known) { return known.path == source.path; }))
    results.sources.push_back(source);
}

void record_placed(const implant::Fixation& placed, const implant::Template& plan,
                   report::Results& results)
{
  add_source(plan.record.file, results);
  for (const implant::Component& component : placed.components)
    add_source(material::alloy(component.alloy, placed.name).record.file, results);
  for (Warning warning : placed.warnings)
  {
    warning.text = "fixation \"" + placed.name + "\": " + warning.text;
    add_once(results.warnings, {warning});
  }
}

/// Where bone itself is taken away the joint acts on the implant, and muscles have lost their
/// place: such a body is not made here, and what is placed is not to look as if it were judged.
void refuse_resected(const implant::Fixation& placed, const std::string& place)
{
  const auto& removed = placed.removed;
  if (std::none_of(removed.begin(), removed.end(), [](const auto& r) { return r.resected; }))
    return;
  throw InputError(
      Fault::data,
      {place, "a prosthesis in the place of resected bone is not computed in this version",
       "an implant beside or in the whole bone", "choose a nail, a plate or cement", ""});
}

Interface other_than(Interface interface)
{
  return interface == Interface::bonded ? Interface::debonded : Interface::bonded;
}

/// A plate placed with the interface that was not stated; see PlacedOption::other.
std::optional<implant::Fixation> other_plate(const implant::Fixation& stated,
                                             implant::Request request,
                                             const implant::Template& plan,
                                             const implant::Site& site)
{
  const implant::Component& main = main_component(stated);
  if (main.kind != implant::ComponentKind::plate)
    return std::nullopt;
  request.to_bone = other_than(main.to_bone);
  try
  {
    return implant::place(request, plan, site);
  }
  catch (const InputError&)
  {
    return std::nullopt;
  }
}

PlacedOption place_one(const FixationChoice& choice, const implant::Site& site, double voxel_mm,
                       Interfaces interfaces, report::Results& results)
{
  // A plate's voxels are not to touch those of the bone.
  constexpr double clear_voxels = 1.5;
  const implant::Template plan =
      implant::fixation_template(choice.template_name, choice.request.place);
  PlacedOption option;
  try
  {
    implant::Request request = choice.request;
    request.least_gap_mm = clear_voxels * voxel_mm;
    option.fixation = implant::place(request, plan, site);
    if (interfaces != Interfaces::stated)
      option.other = other_plate(*option.fixation, request, plan, site);
    refuse_resected(*option.fixation, choice.request.place);
    if (option.fixation->components.empty())
      throw InputError(Fault::data, {choice.request.place, "nothing of it has a place in this bone",
                                     "an implant with a component", "choose another one", ""});
    record_placed(*option.fixation, plan, results);
  }
  catch (const InputError& error)
  {
    if (error.fault() != Fault::data)
      throw;
    refuse(choice, words_of(error), option, results);
  }
  return option;
}

/// The stated interface, and the other one where that makes a difference.
std::vector<OptionHardware> hardware_of(const FixationInput& input, const PlacedOption& option,
                                        const model::VoxelModel& as_is)
{
  const implant::Fixation& fixation = *option.fixation;
  const Interface stated = main_component(fixation).to_bone;
  std::vector<OptionHardware> made;
  made.push_back({stated, model::rasterise(fixation, as_is)});
  if (input.interfaces == Interfaces::stated)
    return made;
  OptionHardware other = {other_than(stated), model::rasterise(option.other.value_or(fixation),
                                                               as_is, {other_than(stated)})};
  if (option.other || !other.voxels.contact.empty() || !made.front().voxels.contact.empty())
    made.push_back(std::move(other));
  return made;
}

bool is_hardware(TissueKind tissue)
{
  return tissue == TissueKind::metal || tissue == TissueKind::cement ||
         tissue == TissueKind::interface;
}

/// Voxels of pieces that hold nothing of the bone.
std::size_t hanging_voxels(const model::VoxelModel& body)
{
  std::size_t hanging = 0;
  for (const voxel::Piece& piece : voxel::pieces(body.body, voxel::Joint::node))
  {
    bool bone = false;
    for (const std::uint64_t entry : piece.voxels)
      bone = bone || !is_hardware(body.tissue[entry]);
    hanging += bone ? 0 : piece.voxels.size();
  }
  return hanging;
}

/// True where an operation takes away what was there.
bool is_taken(const implant::Fixation& fixation, Vec3 point)
{
  const auto holds = [&](const auto& part) { return part.solid.contains(point); };
  return std::any_of(fixation.removed.begin(), fixation.removed.end(), holds) ||
         std::any_of(fixation.components.begin(), fixation.components.end(), holds);
}

/// Bone whose voxels have their centres in what is taken away. Only voxels that the hardware has
/// changed come into question; not all of them: the layer about an implant that is not bonded is
/// bone in truth.
double removed_volume(const implant::Fixation& fixation, const model::VoxelModel& as_is,
                      const model::VoxelModel& fixed)
{
  std::size_t removed = 0, at = 0;
  for (std::size_t n = 0; n < as_is.body.voxels.size(); ++n)
  {
    while (at < fixed.body.voxels.size() && fixed.body.voxels[at] < as_is.body.voxels[n])
      ++at;
    const bool changed = at == fixed.body.voxels.size() ||
                         fixed.body.voxels[at] != as_is.body.voxels[n] ||
                         fixed.tissue[at] != TissueKind::bone;
    if (as_is.tissue[n] == TissueKind::bone && changed &&
        is_taken(fixation, model::voxel_centre(as_is.body.grid, as_is.body.voxels[n])))
      ++removed;
  }
  return as_is.body.grid.voxel_volume() * static_cast<double>(removed);
}

/// The gap of the state "gone". Throws InputError (data) where the state is asked for and the bone
/// has no place for it.
std::optional<GapPlan> given_gap(const FixationInput& input, const implant::Site& site,
                                 const std::vector<lesion::LesionMeasures>& measures,
                                 double voxel_mm)
{
  auto gap = gap_of(input, site, measures, voxel_mm);
  const auto& states = input.states;
  if (!gap && std::find(states.begin(), states.end(), risk::BoneState::gone) != states.end())
    throw InputError(Fault::data,
                     {"[fixations] states",
                      "\"gone\" has no place in this bone: there is no lesion in it, and the image "
                      "shows no shaft",
                      "a lesion or a shaft across which the bone can be broken",
                      "leave \"gone\" out: states = [\"as_is\"]", ""});
  return gap;
}
} // namespace

bool FixationPlan::any_placed() const
{
  return std::any_of(options.begin(), options.end(),
                     [](const PlacedOption& option) { return option.fixation.has_value(); });
}

const implant::Component& main_component(const implant::Fixation& fixation)
{
  const auto found = std::find_if(fixation.components.begin(), fixation.components.end(),
                                  [](const implant::Component& component)
                                  { return component.kind != implant::ComponentKind::cement; });
  return found == fixation.components.end() ? fixation.components.front() : *found;
}

const implant::Fixation& placed_with(const PlacedOption& option, std::size_t hardware)
{
  return hardware > 0 && option.other ? *option.other : *option.fixation;
}

const model::HardwareVoxels* most_hardware(const FixationPlan& plan)
{
  const model::HardwareVoxels* most = nullptr;
  for (const PlacedOption& option : plan.options)
    for (const OptionHardware& hardware : option.hardware)
      if (!most || hardware.voxels.voxels.size() > most->voxels.size())
        most = &hardware.voxels;
  return most;
}

FixationPlan place_fixations(const PatientCase& given, const PatientSetting& setting,
                             report::Results& results)
{
  FixationPlan plan;
  if (!given.fixations)
    return plan;
  Stage stage("place fixations", results.timings);
  const PatientInputs& in = setting.inputs;
  plan.lesions = lesion::readings(setting.lesions).back().lesions;
  implant::Site site =
      implant::make_site(ground_of(in), plan.lesions,
                         in.growth_plates ? &*in.growth_plates : nullptr, given.age_years);
  site.levels = in.vertebrae;
  add_source(fixation_defaults().record.file, results);
  for (const FixationChoice& choice : given.fixations->options)
    plan.options.push_back(
        place_one(choice, site, given.voxel_mm, given.fixations->interfaces, results));
  plan.gap = given_gap(*given.fixations, site, setting.lesion_measures, given.voxel_mm);
  return plan;
}

image::Grid grid_with(const image::Grid& bone, const FixationPlan& plan)
{
  std::vector<implant::Fixation> placed;
  for (const PlacedOption& option : plan.options)
    for (const auto& fixation : {option.fixation, option.other})
      if (fixation)
        placed.push_back(*fixation);
  return placed.empty() ? bone : model::grid_around(bone, placed);
}

void put_in_voxels(const FixationInput& input, const model::VoxelModel& as_is, FixationPlan& plan,
                   report::Results& results)
{
  Stage stage("fixations as voxels", results.timings);
  for (std::size_t n = 0; n < plan.options.size(); ++n)
  {
    PlacedOption& option = plan.options[n];
    if (!option.fixation)
      continue;
    option.hardware = hardware_of(input, option, as_is);
    for (const OptionHardware& hardware : option.hardware)
      if (!hardware.voxels.contact.empty())
        add_source(model::interface_layer("debonded").record.file, results);
    const model::VoxelModel fixed = model::with_hardware(as_is, option.hardware.front().voxels);
    option.removed_mm3 = removed_volume(*option.fixation, as_is, fixed);
    if (const std::size_t hanging = hanging_voxels(fixed); hanging > 0)
      refuse(input.options[n],
             std::to_string(hanging) + " voxels of its hardware touch neither bone nor the rest of "
                                       "it at this voxel size; choose a smaller [voxels] size_mm",
             option, results);
  }
}

} // namespace calcar::pipeline
