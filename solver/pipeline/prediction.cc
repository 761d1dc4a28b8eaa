#include "pipeline/prediction.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "mesh/nodes.hpp"
#include "solid/body.hpp"
#include "voxel/coarse_choice.hpp"
#include "voxel/memory.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
// Measured on the real femur and the synthetic one (README.md); a prediction, not a promise.
constexpr double seconds_per_unknown =
    1.5e-6; ///< set-up and one right-hand side to 1e-8 on one rank

/// Bytes of the fields of one response, beyond the responses themselves, while they are computed:
/// first displacements at the voxels with the places of the nodes in the lattice, in the end all
/// fields. They are written block by block.
double field_bytes(const voxel::LevelCounts& finest, int fields)
{
  if (fields == 0)
    return 0;
  const auto voxels = static_cast<double>(finest.voxels);
  const double places = 4 * static_cast<double>(finest.lattice_points);
  constexpr double displacements = 24 + 3 * 4; // at the centre, and the fields of it
  return std::max(displacements * voxels + places, 4.0 * fields * voxels);
}

/// Bytes of the nodes' masses and of the body forces, one on every node, that balance loads by
/// inertia.
double inertia_bytes(double nodes, const Work& work)
{
  constexpr double masses = sizeof(model::NodeIndex) + sizeof(Vec3) + sizeof(double);
  return work.balanced_loads > 0
             ? nodes * (masses + sizeof(model::NodalForce) * work.balanced_loads)
             : 0;
}

/// What rank 0 holds, beyond the body, when the solves are done, bytes: the engine is gone, each
/// response in turn is made of the solutions, and then its fields.
double bytes_afterwards(const voxel::EngineMemory& root, const voxel::LevelCounts& finest,
                        const Work& work)
{
  const double solutions = total(root.outcome);
  return solutions + work.responses * solutions / work.loads + field_bytes(finest, work.fields);
}

PeakMemory peak_memory(const Work& work, double root_bytes, double other_bytes)
{
  PeakMemory peak;
  peak.root_MB = std::max(work.peak_MB, work.held_MB + root_bytes / 1e6);
  peak.other_MB = process_MB + other_bytes / 1e6;
  peak.memory_MB = peak.root_MB + (work.ranks - 1) * peak.other_MB;
  return peak;
}

void log_terms(const std::string& stage, const std::vector<voxel::MemoryTerm>& terms)
{
  std::string text = "memory of rank 0 " + stage + ":";
  for (const voxel::MemoryTerm& term : terms)
    text += " " + term.what + " " + format_number(term.bytes / 1e6, 3) + " MB,";
  text.back() = ' ';
  log_detail(text + "beyond what it held");
}

/// Bytes an unknown of an assembled matrix with its preconditioner, and seconds of one right-hand
/// side on one rank, as measured on boxes of 0.1 to 0.4 M unknowns (solid/README.md).
struct MeshCosts
{
  double bytes;
  double seconds;
};
MeshCosts costs_of(const mesh::Mesh& mesh)
{
  if (mesh.shape == mesh::CellShape::tetrahedron)
    return mesh.degree == 1 ? MeshCosts{4100, 50e-6} : MeshCosts{4200, 50e-6};
  return mesh.degree == 1 ? MeshCosts{4300, 75e-6} : MeshCosts{7000, 160e-6};
}
} // namespace

Prediction predict(const model::VoxelBody& body, const Work& work)
{
  const std::vector<voxel::LevelCounts> levels = voxel::count_levels(body);
  const auto root = voxel::engine_memory(levels, work.ranks, work.loads, true, work.petsc);
  const auto other = voxel::engine_memory(levels, work.ranks, work.loads, false, work.petsc);
  log_terms("in the set-up", root.set_up);
  log_terms("in the solve", root.solve);
  log_terms("while results are gathered", root.gather);

  Prediction prediction;
  prediction.elements = levels.front().voxels;
  prediction.unknowns = 3 * levels.front().nodes;
  prediction.solves = work.solves;
  prediction.aggregation_asked_for =
      work.coarse_space == voxel::CoarseSpace::aggregation && work.petsc.empty();
  prediction.aggregation_expected =
      prediction.aggregation_asked_for ||
      (work.coarse_space == voxel::CoarseSpace::automatic && work.petsc.empty() &&
       voxel::begins_with_aggregates(levels.front().voxels, levels.front().nodes));
  const auto root_path = voxel::path_memory(levels, work.ranks, true, work.path);
  const double other_path = total(voxel::path_memory(levels, work.ranks, false, work.path));
  if (!root_path.empty())
    log_terms("on the path to fracture", root_path);
  const double afterwards =
      std::max(bytes_afterwards(root, levels.front(), work), total(root_path));
  const double inertia = inertia_bytes(static_cast<double>(levels.front().nodes), work);
  prediction.with_aggregation =
      peak_memory(work, inertia + std::max(root.peak_with_aggregation(), afterwards),
                  std::max(other.peak_with_aggregation(), other_path));
  static_cast<PeakMemory&>(prediction) =
      prediction.aggregation_asked_for
          ? prediction.with_aggregation
          : peak_memory(work, inertia + std::max(root.peak(), afterwards),
                        std::max(other.peak(), other_path));
  prediction.seconds =
      seconds_per_unknown * static_cast<double>(prediction.unknowns) * work.solves / work.ranks;
  return prediction;
}

Prediction predict(const mesh::Mesh& mesh, const Work& work)
{
  const double unknowns = 3 * static_cast<double>(mesh::nodes_of(mesh).points.size());
  const MeshCosts costs = costs_of(mesh);
  const double points = static_cast<double>(mesh.cells()) *
                        solid::integration_points_per_cell(mesh.shape, mesh.degree);
  // Displacements and strains of all loads and of the responses made of them.
  const double answers =
      work.loads * (8 * unknowns + sizeof(SymTensor) * (points + double(mesh.cells()))) +
      work.responses * (8 * unknowns + sizeof(SymTensor) * (points + double(mesh.cells())));
  const double inertia = sizeof(solid::NodalForce) * unknowns / 3 * work.balanced_loads;
  const double share = costs.bytes * unknowns / work.ranks;
  Prediction prediction;
  prediction.method = analysis::Method::mesh;
  prediction.elements = mesh.cells();
  prediction.unknowns = static_cast<std::uint64_t>(unknowns);
  prediction.solves = work.solves;
  static_cast<PeakMemory&>(prediction) = peak_memory(work, share + answers + inertia, share);
  prediction.with_aggregation = prediction;
  prediction.seconds = costs.seconds * unknowns * work.solves / work.ranks;
  return prediction;
}

} // namespace calcar::pipeline
