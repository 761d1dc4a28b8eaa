#pragma once

#include "load/load_case.hpp"
#include "material/protocol.hpp"
#include "mesh/mesh_model.hpp"
#include "solid/body.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace calcar::risk
{

/// Which cells of a mesh a criterion is judged on, as JudgedVoxels has it for voxels.
struct JudgedCells
{
  std::vector<std::uint8_t> bone;
  std::vector<std::uint8_t> judged;
};

/**
 * Bone of enough ash density; at the surface are the cells with a face on the boundary; away from
 * loads and supports are those whose centre is farther than the domain says from every boundary
 * node of their patches.
 */
JudgedCells judged_cells(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                         const material::CriterionDomain& domain, const load::LoadCase& load_case,
                         const load::Rig& rig);

/// A place about which fields are averaged.
struct JudgedPlace
{
  Vec3 point;
  std::uint32_t cell = 0; ///< the judged cell it belongs to
};

/// The middles of the judged cells' faces on the boundary; for a domain of the whole volume their
/// centres too. Those too near to loads and supports are left out, as cells are.
std::vector<JudgedPlace> judged_places(const mesh::MeshModel& model, const JudgedCells& cells,
                                       const solid::BoundaryNodes& boundary,
                                       const material::CriterionDomain& domain,
                                       const load::LoadCase& load_case, const load::Rig& rig);

/// A point of a cell at which the strain is asked for, and the volume that it stands for, mm^3.
struct CellSample
{
  Vec3 point;
  Vec3 xi; ///< in the reference cell
  double volume = 0;
  std::uint32_t cell = 0;
};

/**
 * Points in all cells of bone. Where a ball of `diameter_mm` about a judged place may reach, cells
 * are taken in pieces with edges of at most three quarters of the diameter (an eighth of the cell's
 * at least); elsewhere, and for a diameter of 0, a cell is one piece.
 */
std::vector<CellSample> samples_of(const mesh::MeshModel& model, const JudgedCells& cells,
                                   const std::vector<JudgedPlace>& places, double diameter_mm);

/// Which samples count in the mean about each place, and how much: those of place p are from
/// first[p] to first[p + 1], and their weights sum to 1.
struct PlaceMeans
{
  std::vector<std::size_t> first;
  std::vector<std::uint32_t> sample;
  std::vector<float> weight;
};

/**
 * The samples in the ball of `diameter_mm` about each place, or the nearest ones that fill half a
 * ball (nearest_bone.hpp), weighted by their volumes; for a diameter of 0, and where the cells are
 * too large for any sample to be near, the nearest sample of the place's own cell.
 */
PlaceMeans means_about(const std::vector<JudgedPlace>& places,
                       const std::vector<CellSample>& samples, double diameter_mm);

/// The means of a field that is given at the samples.
std::vector<double> averaged(std::span<const double> field, const PlaceMeans& means);

} // namespace calcar::risk
