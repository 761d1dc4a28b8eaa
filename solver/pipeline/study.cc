#include "pipeline/study.hpp"

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "image/grid.hpp"
#include "image/mask.hpp"
#include "image/read.hpp"
#include "material/criteria.hpp"
#include "model/study_body.hpp"
#include "pipeline/prediction.hpp"
#include "report/fields.hpp"
#include "voxel/checks.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <tuple>

namespace calcar::pipeline
{
namespace
{
/// A study made ready to solve; on rank 0.
struct Problem
{
  model::VoxelBody body;
  model::VoxelSupports supports;
  std::vector<model::NodalForce> forces;
};

using Labels = std::map<std::filesystem::path, image::LabelMap>;

const image::LabelMap& labels_of(const LabelChoice& choice, const image::Grid& grid, Labels& read,
                                 Outcome& outcome)
{
  const auto found = read.find(choice.file);
  if (found != read.end())
    return found->second;
  auto loaded = image::read_labels(choice.file);
  image::require_same_grid(grid, loaded.image.grid, choice.file.string());
  append(outcome.results.warnings, loaded.warnings);
  outcome.results.sources.push_back(loaded.image.source);
  return read.emplace(choice.file, std::move(loaded.image)).first->second;
}

model::RegionNodes nodes_of(const RegionChoice& region, const std::string& what,
                            const model::VoxelBody& body, const model::Lattice& lattice,
                            Labels& read, Outcome& outcome)
{
  const image::LabelMap& labels = labels_of(region.labels, body.grid, read, outcome);
  const auto counts = image::label_counts(labels);
  if (!counts.contains(region.labels.label))
  {
    std::vector<std::string> present;
    for (const auto& [label, count] : counts)
      present.push_back(std::to_string(label));
    throw InputError(Fault::data, {region.labels.place,
                                   what + ": label " + std::to_string(region.labels.label) +
                                       " is not in " + region.labels.file.string(),
                                   "labels " + join(present), "correct the label", ""});
  }
  model::RegionNodes nodes =
      model::region_nodes(body, lattice, labels, region.labels.label, region.side);
  const auto& names = model::voxel_side_names();
  const auto side = static_cast<std::size_t>(2 * region.side.axis + (region.side.sign < 0 ? 1 : 0));
  if (nodes.nodes.empty())
    throw InputError(Fault::data,
                     {region.labels.place,
                      what + ": no voxel of label " + std::to_string(region.labels.label) +
                          " has an outward " + names[side] + " face",
                      "voxels of the body with nothing behind them on that side",
                      "check the label and the side", ""});
  return nodes;
}

void add_supports(const StudyCase& study, const model::Lattice& lattice, Labels& read,
                  Outcome& outcome, Problem& problem)
{
  std::map<std::pair<model::NodeIndex, int>, std::size_t> taken; // component -> entry in fixed
  for (const StudySupport& support : study.supports)
  {
    const auto number = static_cast<int>(problem.supports.names.size());
    problem.supports.names.push_back(support.name);
    std::map<int, double> prescribed = support.displacement_mm;
    for (const int axis : support.fixed_axes)
      prescribed[axis] = 0;
    const auto region = nodes_of(support.region, "support \"" + support.name + "\"", problem.body,
                                 lattice, read, outcome);
    for (const model::NodeIndex& node : region.nodes)
      for (const auto& [axis, displacement] : prescribed)
      {
        const auto [entry, fresh] = taken.try_emplace({node, axis}, problem.supports.fixed.size());
        if (fresh)
          problem.supports.fixed.push_back({node, axis, displacement, number});
        else if (problem.supports.fixed[entry->second].displacement != displacement)
          throw InputError(Fault::command,
                           {support.region.labels.place,
                            "supports \"" +
                                problem.supports.names[static_cast<std::size_t>(
                                    problem.supports.fixed[entry->second].support)] +
                                "\" and \"" + support.name +
                                "\" share nodes and move them differently along " +
                                std::string(1, "ijk"[axis]),
                            "one displacement for each node and axis", "separate the regions", ""});
      }
  }
}

void add_forces(const StudyCase& study, const model::Lattice& lattice, Labels& read,
                Outcome& outcome, Problem& problem)
{
  for (const StudyForce& force : study.forces)
  {
    const auto region = nodes_of(force.region, "force \"" + force.name + "\"", problem.body,
                                 lattice, read, outcome);
    double area = 0;
    for (const double a : region.areas)
      area += a;
    for (std::size_t n = 0; n < region.nodes.size(); ++n)
      problem.forces.push_back({region.nodes[n], region.areas[n] / area * force.force_N});
  }
}

/// Leaves out the pieces that touch no support; refuses when one of them is loaded.
void drop_loose_pieces(Problem& problem, Outcome& outcome)
{
  std::set<model::NodeIndex> held;
  for (const model::FixedComponent& fixed : problem.supports.fixed)
    held.insert(fixed.node);
  std::set<model::NodeIndex> loaded;
  for (const model::NodalForce& force : problem.forces)
    loaded.insert(force.node);
  const auto pieces = voxel::pieces(problem.body, voxel::Joint::node);
  std::vector<std::uint8_t> keep(problem.body.voxels.size(), 1);
  std::size_t dropped = 0;
  std::size_t dropped_voxels = 0;
  for (const voxel::Piece& piece : pieces)
  {
    std::vector<std::uint64_t> voxels;
    for (const std::uint64_t entry : piece.voxels)
      voxels.push_back(problem.body.voxels[entry]);
    const auto nodes = model::nodes_of(problem.body.grid, voxels);
    const auto touches = [&](const std::set<model::NodeIndex>& set)
    {
      return std::any_of(nodes.begin(), nodes.end(),
                         [&](const auto& node) { return set.contains(node); });
    };
    if (touches(held))
      continue;
    if (touches(loaded))
      throw InputError(Fault::data,
                       {"the body",
                        "a piece of " + std::to_string(voxels.size()) +
                            " voxels is loaded but touches no support",
                        "pieces that are held",
                        "support it, join it to the rest, or take the force off it", ""});
    for (const std::uint64_t entry : piece.voxels)
      keep[entry] = 0;
    ++dropped;
    dropped_voxels += piece.voxels.size();
  }
  if (dropped == 0)
    return;
  if (dropped == pieces.size())
    throw InputError(Fault::data, {"the body", "no piece of it touches a support",
                                   "a body that is held", "check the supports' regions", ""});
  model::VoxelBody kept;
  kept.grid = problem.body.grid;
  for (std::size_t n = 0; n < keep.size(); ++n)
    if (keep[n])
    {
      kept.voxels.push_back(problem.body.voxels[n]);
      kept.youngs.push_back(problem.body.youngs[n]);
      kept.poisson.push_back(problem.body.poisson[n]);
    }
  problem.body = std::move(kept);
  outcome.results.warnings.push_back({"loose_pieces_dropped",
                                      std::to_string(dropped) + " pieces with " +
                                          std::to_string(dropped_voxels) +
                                          " voxels touch no support and were left out",
                                      "modulus image"});
}

Problem prepare(const StudyCase& study, Outcome& outcome)
{
  Problem problem;
  auto modulus = image::read_volume(study.modulus_image);
  append(outcome.results.warnings, modulus.warnings);
  outcome.results.sources.push_back(modulus.image.source);
  problem.body = model::study_body(modulus.image, study.poisson_ratio);
  const model::Lattice lattice(problem.body);
  Labels read;
  add_supports(study, lattice, read, outcome, problem);
  add_forces(study, lattice, read, outcome, problem);
  drop_loose_pieces(problem, outcome);
  return problem;
}

report::StudyResults measure(const model::VoxelBody& body, const voxel::Solution& solution)
{
  report::StudyResults study;
  const double volume = body.grid.voxel_volume();
  std::vector<double> effective;
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
  {
    const SymTensor& strain = solution.strain[v];
    const auto principal = eigenvalues(strain);
    study.largest_principal_strain = std::max(study.largest_principal_strain, principal[0]);
    study.smallest_principal_strain = std::min(study.smallest_principal_strain, principal[2]);
    effective.push_back(material::effective_strain(
        strain, material::hooke(strain, body.youngs[v], body.poisson[v]), body.youngs[v]));
  }
  study.effective_strain_98 =
      material::volume_utilisation(effective, std::vector<double>(effective.size(), volume), 0.02);
  for (const Vec3& u : solution.displacement)
    study.largest_displacement_mm = std::max(study.largest_displacement_mm, norm(u));
  study.strain_energy_Nmm = solution.strain_energy;
  study.volume_mm3 = volume * static_cast<double>(body.voxels.size());
  return study;
}

void record(const Problem& problem, const voxel::Engine& engine, const voxel::Solution& solution,
            double seconds, report::Results& results)
{
  results.solver.unknowns = engine.unknowns();
  results.solver.voxels = problem.body.voxels.size();
  results.solver.levels = engine.levels();
  results.solver.right_hand_sides = 1;
  results.solver.iterations = results.solver.iterations_total = solution.report.iterations;
  results.solver.relative_residual = solution.report.relative_residual;
  results.solver.at_rounding_limit = solution.report.at_rounding_limit;
  results.solver.seconds = seconds;
  for (std::size_t s = 0; s < problem.supports.names.size(); ++s)
    results.supports.push_back({problem.supports.names[s], "as is", "", solution.reaction[s]});
  results.study = measure(problem.body, solution);
  report::VariantResults variant;
  variant.name = "as is";
  variant.solver = results.solver;
  variant.volume_mm3 = results.study->volume_mm3;
  results.variants.push_back(std::move(variant));
}

void write_fields(const Problem& problem, const voxel::Engine& engine,
                  const voxel::Solution& solution, const OutputOptions& options,
                  ResultsFolder& folder)
{
  analysis::Response response;
  response.strain = solution.strain;
  response.displacement = solution.displacement;
  auto fields = report::fields_of(problem.body, response, engine.nodes(), "ijk", true);
  fields.push_back({"youngs_modulus_MPa", problem.body.youngs});
  if (options.fields)
    report::write_vti(folder.path() / "fields" / "study.vti", problem.body, fields);
  if (options.nifti)
    report::write_niftis(folder.path() / "fields", "", problem.body, fields);
}
} // namespace

void run_study(const Case& given, ResultsFolder* folder, Outcome& outcome, MPI_Comm comm)
{
  Timings& timings = outcome.results.timings;
  Problem problem;
  {
    Stage stage("read", timings);
    on_root(comm, [&] { problem = prepare(*given.study, outcome); });
  }
  on_root(comm, [&] { outcome.prediction = predict(problem.body, 1, outcome.results.ranks); });
  int dry_run = folder == nullptr;
  MPI_Bcast(&dry_run, 1, MPI_INT, 0, comm);
  if (dry_run)
    return;
  Stage stage("solve", timings);
  const auto start = std::chrono::steady_clock::now();
  voxel::Engine engine(problem.body, problem.supports, comm, given.solver);
  const auto solutions = engine.solve({problem.forces}, {1.0});
  on_root(comm,
          [&]
          {
            const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
            record(problem, engine, solutions.front(), seconds.count(), outcome.results);
            write_fields(problem, engine, solutions.front(), given.output, *folder);
          });
}

} // namespace calcar::pipeline
