#pragma once

#include "load/load_case.hpp"
#include "model/surface.hpp"
#include "model/voxel_body.hpp"

#include <vector>

namespace calcar::analysis
{

/**
 * The right-hand sides to solve for a set of load cases in one rig, and how each case is a sum of
 * them: u(case) = sum over l of coefficients[case][l] u(load l).
 *
 * The loads are unit forces of 1 N along the LPS axes on each patch, from which any load on these
 * patches follows without another solve. Where there are fewer cases than such unit forces the
 * cases themselves are the loads.
 */
struct LoadBasis
{
  std::vector<std::vector<model::NodalForce>> loads;
  std::vector<std::vector<double>> coefficients;
};

enum class BasisChoice
{
  fewest, ///< whichever needs fewer solves
  unit_forces,
  cases
};

LoadBasis load_basis(const std::vector<load::LoadCase>& cases, const model::VoxelBody& body,
                     const model::Surface& surface, BasisChoice choice = BasisChoice::fewest);

} // namespace calcar::analysis
