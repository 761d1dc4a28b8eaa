#include "pipeline/study_problem.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "image/grid.hpp"
#include "image/read.hpp"
#include "model/lattice.hpp"
#include "model/study_body.hpp"
#include "voxel/checks.hpp"

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

/// Number of a voxel in the body's list; nothing when it is void or outside the grid.
std::optional<std::size_t> entry_of(const model::VoxelBody& body, int i, int j, int k)
{
  if (!body.grid.contains(i, j, k))
    return std::nullopt;
  const std::uint64_t offset = body.grid.offset(i, j, k);
  const auto found = std::lower_bound(body.voxels.begin(), body.voxels.end(), offset);
  if (found == body.voxels.end() || *found != offset)
    return std::nullopt;
  return static_cast<std::size_t>(found - body.voxels.begin());
}

/// For each piece, whether one of its nodes is in the list: visit(take) calls take(node) for all.
template <typename Visit>
std::vector<bool> touched(const model::VoxelBody& body, const std::vector<std::int32_t>& piece_of,
                          std::size_t pieces, const Visit& visit)
{
  std::vector<bool> result(pieces, false);
  visit(
      [&](const model::NodeIndex& node)
      {
        for (int c = 0; c < 8; ++c)
          if (const auto entry =
                  entry_of(body, node.i - (c & 1), node.j - (c >> 1 & 1), node.k - (c >> 2)))
            result[static_cast<std::size_t>(piece_of[*entry])] = true;
      });
  return result;
}

/// Leaves out the voxels whose flag is 0, in place.
void keep_voxels(model::VoxelBody& body, const std::vector<bool>& keep)
{
  std::size_t kept = 0;
  for (std::size_t n = 0; n < keep.size(); ++n)
    if (keep[n])
    {
      body.voxels[kept] = body.voxels[n];
      body.youngs[kept] = body.youngs[n];
      body.poisson[kept] = body.poisson[n];
      ++kept;
    }
  body.voxels.resize(kept);
  body.youngs.resize(kept);
  body.poisson.resize(kept);
}

[[noreturn]] void refuse_loaded_piece(std::size_t voxels)
{
  throw InputError(
      Fault::data,
      {"the body",
       "a piece of " + std::to_string(voxels) + " voxels is loaded but touches no support",
       "pieces that are held", "support it, join it to the rest, or take the force off it", ""});
}

/// Leaves out the pieces that touch no support; refuses when one of them is loaded.
void drop_loose_pieces(StudyProblem& problem)
{
  const std::vector<voxel::Piece> pieces = voxel::pieces(problem.body, voxel::Joint::node);
  if (pieces.size() == 1 && !problem.supports.fixed.empty())
    return; // supports stand on the body: the one piece is held
  std::vector<std::int32_t> piece_of(problem.body.voxels.size());
  for (std::size_t p = 0; p < pieces.size(); ++p)
    for (const std::uint64_t entry : pieces[p].voxels)
      piece_of[entry] = static_cast<std::int32_t>(p);
  const auto held = touched(problem.body, piece_of, pieces.size(),
                            [&](const auto& take)
                            {
                              for (const model::FixedComponent& fixed : problem.supports.fixed)
                                take(fixed.node);
                            });
  const auto loaded = touched(problem.body, piece_of, pieces.size(),
                              [&](const auto& take)
                              {
                                for (const model::NodalForce& force : problem.forces)
                                  take(force.node);
                              });
  std::vector<bool> keep(problem.body.voxels.size(), true);
  std::size_t dropped = 0;
  std::size_t dropped_voxels = 0;
  for (std::size_t p = 0; p < pieces.size(); ++p)
  {
    if (held[p])
      continue;
    if (loaded[p])
      refuse_loaded_piece(pieces[p].voxels.size());
    for (const std::uint64_t entry : pieces[p].voxels)
      keep[entry] = false;
    ++dropped;
    dropped_voxels += pieces[p].voxels.size();
  }
  if (dropped == 0)
    return;
  if (dropped == pieces.size())
    throw InputError(Fault::data, {"the body", "no piece of it touches a support",
                                   "a body that is held", "check the supports' regions", ""});
  keep_voxels(problem.body, keep);
  problem.warnings.push_back({"loose_pieces_dropped",
                              std::to_string(dropped) + " pieces with " +
                                  std::to_string(dropped_voxels) +
                                  " voxels touch no support and were left out",
                              "modulus image"});
}

/// Tells of parts that hang on an edge or corner: they can swing without resistance.
void warn_of_hinges(StudyProblem& problem)
{
  const auto hinged = voxel::hinged_parts(problem.body, problem.supports);
  if (hinged.empty())
    return;
  std::size_t voxels = 0;
  for (const voxel::Piece& part : hinged)
    voxels += part.voxels.size();
  problem.warnings.push_back(
      {"hinged_parts",
       "parts that hang on an edge or corner only and can swing: " + std::to_string(hinged.size()) +
           ", with " + std::to_string(voxels) +
           " voxels in all; their displacements mean nothing, strains and "
           "reactions are not affected",
       "modulus image"});
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
  drop_loose_pieces(problem);
  warn_of_hinges(problem);
  return problem;
}

} // namespace calcar::pipeline
