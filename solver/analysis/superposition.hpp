#pragma once

#include "load/load_case.hpp"

#include <vector>

namespace calcar::analysis
{

/**
 * The right-hand sides to solve for a set of load cases in one rig, and how each case is a sum of
 * them: u(case) = sum over l of coefficients[case][l] u(load l). Each load is a list of forces on
 * patches; the body makes nodal forces of them.
 *
 * The loads are unit forces of 1 N along the LPS axes on each patch, couples of 1 N mm about them
 * where a case has a couple there, and a pressure of 1 MPa where one presses: from these any such
 * load on these patches follows without another solve. Where there are fewer cases than such unit
 * loads the cases themselves are the loads.
 */
struct LoadBasis
{
  std::vector<std::vector<load::AppliedForce>> loads;
  std::vector<std::vector<double>> coefficients;
};

enum class BasisChoice
{
  fewest,      ///< whichever needs fewer solves
  unit_forces, ///< and couples and pressures
  cases
};

LoadBasis load_basis(const std::vector<load::LoadCase>& cases,
                     BasisChoice choice = BasisChoice::fewest);

/// How many right-hand sides that is.
std::size_t right_hand_sides(const std::vector<load::LoadCase>& cases,
                             BasisChoice choice = BasisChoice::fewest);

/// The nodal forces of each load of a basis, by what a body makes of one force:
/// `forces_of(force)` gives a list of its nodal forces.
template <typename ForcesOf>
auto nodal_loads(const LoadBasis& basis, const ForcesOf& forces_of)
{
  std::vector<decltype(forces_of(load::AppliedForce{}))> all;
  for (const std::vector<load::AppliedForce>& load : basis.loads)
  {
    all.emplace_back();
    for (const load::AppliedForce& force : load)
    {
      const auto forces = forces_of(force);
      all.back().insert(all.back().end(), forces.begin(), forces.end());
    }
  }
  return all;
}

} // namespace calcar::analysis
