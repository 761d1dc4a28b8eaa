#include "pipeline/patient.hpp"

#include "analysis/solve_rig.hpp"
#include "base/files.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "model/voxel_model.hpp"
#include "pipeline/anatomy_picture.hpp"
#include "pipeline/field_files.hpp"
#include "pipeline/fixation_stage.hpp"
#include "pipeline/follow_up_stage.hpp"
#include "pipeline/follow_up_states.hpp"
#include "pipeline/fracture_output.hpp"
#include "pipeline/fracture_stage.hpp"
#include "pipeline/largest_piece.hpp"
#include "pipeline/memory_limit.hpp"
#include "pipeline/patient_setting.hpp"
#include "pipeline/patient_variant.hpp"
#include "pipeline/prediction.hpp"
#include "pipeline/rig_body.hpp"
#include "pipeline/segment_body.hpp"
#include "report/fracture.hpp"
#include "risk/assessment.hpp"

#include <algorithm>
#include <optional>

namespace calcar::pipeline
{
namespace
{
struct Variant
{
  std::string name;
  model::VoxelModel model;
};

/// A patient's case made ready to solve; on rank 0.
struct Problem
{
  PatientSetting setting;
  std::vector<Variant> variants;    ///< share grid and active voxels
  std::vector<RigBody> bodies;      ///< of each rig
  std::vector<std::uint64_t> taken; ///< of a segment: voxels in which vertebrae touched
  FixationPlan fixations;           ///< the grid of the variants holds them
  RegionEnergies twin_energy;       ///< of the first variant, for the fixations
};

const image::Mask* plates_of(const PatientInputs& inputs)
{
  return inputs.growth_plates ? &*inputs.growth_plates : nullptr;
}

/// The healthy twin, and the bone with its lesions where it has any, read in each way.
std::vector<Variant> make_variants(const PatientCase& given, Problem& problem, Warnings& warnings)
{
  const PatientInputs& in = problem.setting.inputs;
  const model::MaterialField plain(
      {twin_density(problem.setting), in.envelope, in.protocol, {}, plates_of(in)});
  model::VoxelModel twin = model::voxelize(
      plain, grid_with(model::voxel_grid(in.envelope, given.voxel_mm), problem.fixations));
  if (in.bones)
    problem.taken = separate_vertebrae(in, twin, warnings);
  std::vector<Variant> variants;
  if (problem.setting.lesions.empty())
  {
    variants.push_back({"as is", std::move(twin)});
    return variants;
  }
  variants.push_back({"healthy twin", std::move(twin)});
  for (const lesion::Reading& reading : lesion::readings(problem.setting.lesions))
  {
    const model::MaterialField field(
        {in.density, in.envelope, in.protocol, reading.lesions, plates_of(in)});
    variants.push_back({reading.name, model::with_lesions(variants.front().model, field)});
  }
  return variants;
}

/// Keeps the largest piece joined by faces; small others are dropped, a large one is refused.
void drop_loose_pieces(std::vector<Variant>& variants, const PatientInputs& inputs,
                       Warnings& warnings)
{
  const std::string remedy = "choose a smaller [voxels] size_mm";
  const model::VoxelModel& bone = variants.front().model;
  const auto keep = inputs.bones ? largest_pieces(bone.body, bone.bone_number, levels_of(inputs),
                                                  remedy, warnings)
                                 : largest_piece(bone.body, remedy, warnings);
  if (keep)
    for (Variant& variant : variants)
      variant.model = model::keep(variant.model, *keep);
}

/// The volume of each vertebra of a segment.
void record_volumes(const model::VoxelModel& bones, report::Results& results)
{
  for (std::size_t v = 0; v < results.vertebrae.size(); ++v)
    results.vertebrae[v].volume_mm3 =
        bones.body.grid.voxel_volume() *
        static_cast<double>(
            std::count(bones.bone_number.begin(), bones.bone_number.end(), std::uint8_t(v)));
}

Problem prepare(const PatientCase& given, report::Results& results)
{
  Problem problem;
  problem.setting = prepare_setting(given, results);
  if (given.fracture) // a law that is not there is told before anything long begins
    law_of(*given.fracture, problem.setting.inputs.protocol);
  if (given.follow_up) // likewise a size that a lesion cannot grow to
    growth_of(*given.follow_up, problem.setting);
  problem.fixations = place_fixations(given, problem.setting, results);
  Stage stage("model", results.timings);
  for (double& voxel : results.voxel_mm)
    voxel = given.voxel_mm;
  problem.variants = make_variants(given, problem, results.warnings);
  drop_loose_pieces(problem.variants, problem.setting.inputs, results.warnings);
  const model::VoxelModel& as_is = problem.variants.back().model;
  record_lesions(problem.setting, as_is.lesion_volume_mm3, as_is.volume_mm3, results);
  problem.bodies =
      make_rig_bodies(problem.variants.front().model, problem.setting.rigs, problem.taken);
  for (const RigBody& body : problem.bodies)
    if (body.layers)
      add_once(results.warnings, body.layers->warnings);
  record_volumes(as_is, results);
  if (given.fixations)
    put_in_voxels(*given.fixations, as_is, problem.fixations, results);
  return problem;
}

/// Fields of an activity: displacement 3, principal strains 2, von Mises stress, energy density,
/// utilisation; with layers modulus and tissue; with tensors 12 more.
constexpr int patient_fields = 8, layer_fields = 2, tensor_fields = 12;

/// A rig's solutions and one response made of them are on rank 0 together.
Work work_of(const Problem& problem, const Case& given)
{
  const OutputOptions& output = given.output;
  Work work;
  work.coarse_space = given.solver.coarse_space;
  work.petsc = given.solver.petsc;
  work.solves = solves_of(problem.setting, problem.variants.size()) +
                follow_up_solves(*given.patient, problem.setting) +
                fixation_solves(*given.patient, problem.fixations);
  work.loads = most_loads(problem.setting);
  work.responses = 1;
  work.balanced_loads = balanced_loads(problem.setting.rigs);
  if (const auto& fracture = given.patient->fracture)
    work.path = {fracture->points == voxel::Points::eight ? 8 : 1,
                 fracture->keep != KeepPaths::none};
  if (output.fields || output.nifti)
    work.fields = patient_fields + layer_fields + (output.tensors ? tensor_fields : 0);
  return work;
}

/// The largest of the bodies that are solved: of the rig with the most layer voxels, with the most
/// hardware.
model::VoxelModel largest_body(const Problem& problem)
{
  const model::VoxelModel& bone = problem.variants.front().model;
  const auto layer_count = [](const RigBody& body)
  { return body.layers ? body.layers->voxels.size() : std::size_t{0}; };
  const auto most = std::max_element(problem.bodies.begin(), problem.bodies.end(),
                                     [&](const RigBody& a, const RigBody& b)
                                     { return layer_count(a) < layer_count(b); });
  model::VoxelModel body =
      most == problem.bodies.end() ? bone : layered(bone, *most).value_or(bone);
  const model::HardwareVoxels* hardware = most_hardware(problem.fixations);
  return hardware ? model::with_hardware(body, *hardware) : body;
}

/// What a variant is made of: once, beside the fields of its activities.
void write_material(const Variant& variant, const OutputOptions& options,
                    const ResultsFolder& folder)
{
  write_fields(variant.name, variant.model.body,
               {{"youngs_modulus_MPa", variant.model.body.youngs},
                {"ash_density_g_cm3", variant.model.ash},
                {"tissue", numbers_of(variant.model.tissue)}},
               options, folder);
}

/// How the body of a variant in a rig is judged, and its fields written: with layers they tell too
/// what each voxel is. Strain energies of the twin are kept where fixations are compared with it.
VariantJudge judge_of(Problem& problem, const std::string& variant, const model::VoxelModel& body,
                      const RigBody& rig_body, const std::vector<model::NodeIndex>& nodes,
                      const Case& given, const ResultsFolder& folder)
{
  VariantJudge judge;
  judge.body = [&](const load::LoadCase& load_case, const load::Rig& rig)
  {
    return risk::judged_body(body, rig_body.shape->bone, rig_body.shape->surface,
                             problem.setting.inputs.protocol.domain, load_case, rig);
  };
  judge.finish = [&](const risk::ActivityAssessment& assessment, const analysis::Response& response)
  {
    if (!problem.fixations.options.empty() && variant == problem.variants.front().name)
      problem.twin_energy[assessment.activity] =
          risk::region_energy(body, response, problem.setting.inputs.bone);
    if (!given.output.fields && !given.output.nifti)
      return;
    auto fields = report::fields_of(body.body, response, nodes, "LPS", given.output.tensors);
    fields.push_back({"utilisation",
                      {assessment.utilisation_field.begin(), assessment.utilisation_field.end()}});
    if (rig_body.layers)
    {
      fields.push_back({"youngs_modulus_MPa", body.body.youngs});
      fields.push_back({"tissue", numbers_of(body.tissue)});
    }
    write_fields(variant + " " + assessment.activity, body.body, fields, given.output, folder);
  };
  return judge;
}

/// Predicts what the largest body takes; see predict_and_limit.
bool predict(const Problem& problem, const Case& given, bool dry_run, Outcome& outcome,
             MPI_Comm comm)
{
  std::optional<model::VoxelModel> largest; // here while rank 0's memory is measured
  Work work;
  on_root(comm,
          [&]
          {
            largest = largest_body(problem);
            work = work_of(problem, given);
          });
  return predict_and_limit([&](const Work& asked) { return predict(largest->body, asked); }, work,
                           given.memory_GB, dry_run, outcome, comm);
}

/// Follows the activities of a rig to fracture on a variant's body, and writes what was found.
void follow_rig(const Problem& problem, const Variant& variant, const RigCases& rig,
                const RigBody& rig_body, const model::VoxelModel& body, const Case& given,
                const ResultsFolder& folder, report::VariantResults& out, report::Results& results,
                MPI_Comm comm)
{
  Stage stage("follow to fracture", results.timings);
  const FractureInput input = is_root(comm) ? *given.patient->fracture : FractureInput{};
  follow_to_fracture(
      input, problem.setting, rig, rig_body, body,
      [&](risk::FractureAssessment found, const analysis::FracturePath& path)
      {
        write_fields(variant.name + " " + found.activity + " fracture", body.body,
                     fracture_fields(found, path), given.output, folder);
        record_path(std::move(found), folder, out);
      },
      [&](const std::string& activity)
      { return keeping_of(folder.kept(), input.keep, variant.name, activity); },
      comm);
}

/// Solves the activities of rig `r` on a variant and judges them. Ranks without a problem take part
/// in the solves.
void solve_and_judge(Problem& problem, const Variant& variant, std::size_t r, const Case& given,
                     const voxel::Options& options, bool to_fracture, const ResultsFolder& folder,
                     report::VariantResults& out, report::Results& results, MPI_Comm comm)
{
  const RigCases& rig = problem.setting.rigs[r];
  const RigBody& rig_body = problem.bodies[r];
  std::optional<model::VoxelModel> with_layers;
  on_root(comm, [&] { with_layers = layered(variant.model, rig_body); });
  const model::VoxelModel& body = with_layers ? *with_layers : variant.model;
  const model::Surface none;
  analysis::SolvedRig solved;
  {
    Stage stage("solve", results.timings);
    solved = analysis::solve_cases(body.body, rig_body.shape ? rig_body.shape->surface : none,
                                   rig.rig, rig.cases, comm, options);
  }
  {
    Stage stage("judge and write fields", results.timings);
    on_root(comm,
            [&]
            {
              judge_rig(
                  problem.setting, rig, solved,
                  judge_of(problem, variant.name, body, rig_body, solved.nodes, given, folder), out,
                  results);
            });
  }
  solved = {}; // room for the path
  if (to_fracture)
    follow_rig(problem, variant, rig, rig_body, body, given, folder, out, results, comm);
}

/// Solves and judges all activities of a variant, and puts it into the results.
void solve_variant(Problem& problem, const Variant& variant, const Case& given,
                   const voxel::Options& options, bool to_fracture, const ResultsFolder& folder,
                   report::Results& results, MPI_Comm comm)
{
  report::VariantResults solved;
  solved.name = variant.name;
  solved.volume_mm3 = variant.model.volume_mm3;
  solved.outside_law_range = variant.model.outside_law_range;
  solved.at_ceiling = variant.model.at_ceiling;
  for (std::size_t r = 0; r < problem.setting.rigs.size(); ++r)
    solve_and_judge(problem, variant, r, given, options, to_fracture, folder, solved, results,
                    comm);
  on_root(comm,
          [&]
          {
            write_material(variant, given.output, folder);
            record_variant(*given.patient, std::move(solved), results);
          });
}

/// Numbers of variants and rigs, for the ranks that have no problem.
struct Size
{
  int variants = 0;
  int rigs = 0;
  int dry_run = 0;
  int to_fracture = 0;
};
} // namespace

void run_patient(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
{
  report::Results& results = outcome.results;
  Problem problem;
  Size sizes;
  on_root(comm,
          [&]
          {
            problem = prepare(*given.patient, results);
            sizes = {static_cast<int>(problem.variants.size()),
                     static_cast<int>(problem.setting.rigs.size()), folder == nullptr,
                     given.patient->fracture.has_value()};
            if (!folder)
              return;
            write_anatomy_picture(problem.setting.inputs, results, *folder);
            write_other_scans(problem.setting.other_scans, *folder);
          });
  MPI_Bcast(&sizes, sizeof sizes, MPI_BYTE, 0, comm);
  voxel::Options options = given.solver;
  options.may_aggregate = predict(problem, given, sizes.dry_run != 0, outcome, comm);
  if (sizes.dry_run)
    return;
  problem.variants.resize(static_cast<std::size_t>(sizes.variants));
  problem.setting.rigs.resize(static_cast<std::size_t>(sizes.rigs));
  problem.bodies.resize(static_cast<std::size_t>(sizes.rigs));
  for (const Variant& variant : problem.variants)
    solve_variant(problem, variant, given, options, sizes.to_fracture != 0, *folder, results, comm);
  follow_in_time({given.patient ? &*given.patient : nullptr, problem.setting, problem.bodies,
                  problem.variants.back().model,
                  problem.variants[problem.variants.size() > 1 ? 1 : 0].model},
                 options, folder, results, comm);
  compare_fixations({given, problem.setting, problem.bodies, problem.variants.back().model,
                     problem.fixations, problem.twin_energy},
                    options, folder, results, comm);
  record_peak_memory(outcome, comm);
}

} // namespace calcar::pipeline
