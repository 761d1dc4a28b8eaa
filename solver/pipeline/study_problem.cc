#include "pipeline/study_problem.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/grid.hpp"
#include "image/read.hpp"
#include "model/lattice.hpp"
#include "model/study_body.hpp"
#include "pipeline/loose_parts.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>

namespace calcar::pipeline
{
namespace
{
/// A region of the case with its nodes.
struct Region
{
  const RegionChoice* choice;
  std::string what; ///< "support "bottom""
  model::RegionNodes nodes;
};

/// Those of the supports, then those of the forces.
std::vector<Region> regions_of(const StudyCase& study)
{
  std::vector<Region> regions;
  for (const StudySupport& support : study.supports)
    regions.push_back({&support.region, "support \"" + support.name + "\"", {}});
  for (const StudyForce& force : study.forces)
    regions.push_back({&force.region, "force \"" + force.name + "\"", {}});
  return regions;
}

using LabelCounts = std::map<std::int32_t, std::size_t>;

void count_runs(std::span<const std::int32_t> labels, LabelCounts& counts)
{
  for (std::size_t n = 0; n < labels.size();)
  {
    std::size_t end = n + 1; // labels come in runs
    while (end < labels.size() && labels[end] == labels[n])
      ++end;
    if (labels[n] != 0)
      counts[labels[n]] += end - n;
    n = end;
  }
}

void require_label(const Region& region, const LabelCounts& counts)
{
  const LabelChoice& labels = region.choice->labels;
  if (counts.contains(labels.label))
    return;
  std::vector<std::string> present;
  for (const auto& [label, count] : counts)
    present.push_back(std::to_string(label));
  throw InputError(Fault::data, {labels.place,
                                 region.what + ": label " + std::to_string(labels.label) +
                                     " is not in " + labels.file.string(),
                                 "labels " + join(present), "correct the label", ""});
}

void require_faces(const Region& region)
{
  if (!region.nodes.nodes.empty())
    return;
  const model::VoxelSide& side = region.choice->side;
  const auto number = static_cast<std::size_t>(2 * side.axis + (side.sign < 0 ? 1 : 0));
  throw InputError(Fault::data,
                   {region.choice->labels.place,
                    region.what + ": no voxel of label " +
                        std::to_string(region.choice->labels.label) + " has an outward " +
                        model::voxel_side_names()[number] + " face",
                    "voxels of the body with nothing behind them on that side",
                    "check the label and the side", ""});
}

/// Reads one label image and fills in the nodes of the regions that it holds.
void read_labels_of(const std::filesystem::path& file, std::vector<Region*> regions,
                    const model::Lattice& lattice, StudyProblem& problem)
{
  const image::Grid& grid = problem.body.grid;
  LabelCounts counts;
  std::vector<model::FaceCollector> faces;
  for (const Region* region : regions)
    faces.emplace_back(grid, lattice, region->choice->labels.label, region->choice->side);
  const image::Streamed read = image::stream_labels(
      file,
      [&](const image::Grid& labels) { image::require_same_grid(grid, labels, file.string()); },
      [&](std::size_t first, std::span<const std::int32_t> labels)
      {
        count_runs(labels, counts);
        for (model::FaceCollector& collector : faces)
          collector.add(first, labels);
      });
  append(problem.warnings, read.warnings);
  problem.sources.push_back(read.source);
  for (std::size_t r = 0; r < regions.size(); ++r)
  {
    require_label(*regions[r], counts);
    regions[r]->nodes = model::region_nodes(grid, faces[r].voxels(), regions[r]->choice->side);
    require_faces(*regions[r]);
  }
}

/// The regions of a study with their nodes; every label image is read once.
std::vector<Region> read_regions(const StudyCase& study, StudyProblem& problem)
{
  const model::Lattice lattice(problem.body);
  std::vector<Region> regions = regions_of(study);
  std::vector<std::filesystem::path> done;
  for (const Region& first : regions)
  {
    const std::filesystem::path& file = first.choice->labels.file;
    if (std::find(done.begin(), done.end(), file) != done.end())
      continue;
    std::vector<Region*> same;
    for (Region& region : regions)
      if (region.choice->labels.file == file)
        same.push_back(&region);
    read_labels_of(file, std::move(same), lattice, problem);
    done.push_back(file);
  }
  return regions;
}

/// Components that several supports fix are kept once, for the first of them.
void merge_fixed(const StudyCase& study, model::VoxelSupports& supports)
{
  const auto key = [](const model::FixedComponent& fixed) {
    return std::tuple{fixed.node.k, fixed.node.j, fixed.node.i, fixed.axis};
  };
  auto& list = supports.fixed;
  std::stable_sort(list.begin(), list.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  for (std::size_t n = 1; n < list.size(); ++n)
    if (key(list[n]) == key(list[n - 1]) && list[n].displacement != list[n - 1].displacement)
      throw InputError(
          Fault::command,
          {study.supports[static_cast<std::size_t>(list[n].support)].region.labels.place,
           "supports \"" + supports.names[static_cast<std::size_t>(list[n - 1].support)] +
               "\" and \"" + supports.names[static_cast<std::size_t>(list[n].support)] +
               "\" share nodes and move them differently along " +
               std::string(1, "ijk"[list[n].axis]),
           "one displacement for each node and axis", "separate the regions", ""});
  list.erase(std::unique(list.begin(), list.end(),
                         [&](const auto& a, const auto& b) { return key(a) == key(b); }),
             list.end());
}

/// `regions` are those of the supports, in their order.
void add_supports(const StudyCase& study, std::span<const Region> regions, StudyProblem& problem)
{
  for (std::size_t s = 0; s < study.supports.size(); ++s)
  {
    const StudySupport& support = study.supports[s];
    problem.supports.names.push_back(support.name);
    std::map<int, double> prescribed = support.displacement_mm;
    for (const int axis : support.fixed_axes)
      prescribed[axis] = 0;
    for (const model::NodeIndex& node : regions[s].nodes.nodes)
      for (const auto& [axis, displacement] : prescribed)
        problem.supports.fixed.push_back({node, axis, displacement, static_cast<int>(s)});
  }
  merge_fixed(study, problem.supports);
}

/// `regions` are those of the forces, in their order.
void add_forces(const StudyCase& study, std::span<const Region> regions, StudyProblem& problem)
{
  for (std::size_t f = 0; f < study.forces.size(); ++f)
  {
    const model::RegionNodes& region = regions[f].nodes;
    double area = 0;
    for (const double a : region.areas)
      area += a;
    for (std::size_t n = 0; n < region.nodes.size(); ++n)
      problem.forces.push_back({region.nodes[n], region.areas[n] / area * study.forces[f].force_N});
  }
}

model::VoxelBody read_body(const StudyCase& study, StudyProblem& problem)
{
  std::optional<model::BodyCollector> collector;
  const image::Streamed read = image::stream_volume(
      study.modulus_image, [&](const image::Grid& grid) { collector.emplace(grid); },
      [&](std::size_t first, std::span<const float> moduli) { collector->add(first, moduli); });
  append(problem.warnings, read.warnings);
  problem.sources.push_back(read.source);
  return collector->finish(study.poisson_ratio, study.modulus_image.string());
}
} // namespace

StudyProblem prepare_study(const StudyCase& study)
{
  StudyProblem problem;
  problem.body = read_body(study, problem);
  const std::vector<Region> regions = read_regions(study, problem);
  const auto forces = std::span(regions).subspan(study.supports.size());
  add_supports(study, std::span(regions).first(study.supports.size()), problem);
  add_forces(study, forces, problem);
  leave_out_loose(problem);
  return problem;
}

} // namespace calcar::pipeline
