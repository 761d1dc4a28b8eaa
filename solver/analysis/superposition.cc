#include "analysis/superposition.hpp"

#include <algorithm>
#include <array>

namespace calcar::analysis
{
namespace
{
/// The patches of the cases, each once; patches of one name and centre are one.
std::vector<const load::Patch*> patches_of(const std::vector<load::LoadCase>& cases)
{
  std::vector<const load::Patch*> patches;
  for (const load::LoadCase& load_case : cases)
    for (const load::AppliedForce& force : load_case.forces)
    {
      const auto same = [&](const load::Patch* other)
      { return other->name == force.patch.name && other->centre == force.patch.centre; };
      if (std::none_of(patches.begin(), patches.end(), same))
        patches.push_back(&force.patch);
    }
  return patches;
}

LoadBasis basis_of_unit_forces(const std::vector<load::LoadCase>& cases,
                               const std::vector<const load::Patch*>& patches)
{
  constexpr std::array<Vec3, 3> axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  LoadBasis basis;
  for (const load::Patch* patch : patches)
    for (const Vec3& axis : axes)
      basis.loads.push_back({{patch->name, *patch, axis}});
  for (const load::LoadCase& load_case : cases)
  {
    std::vector<double> coefficients(basis.loads.size(), 0);
    for (const load::AppliedForce& force : load_case.forces)
      for (std::size_t p = 0; p < patches.size(); ++p)
        if (patches[p]->name == force.patch.name && patches[p]->centre == force.patch.centre)
          for (std::size_t axis = 0; axis < 3; ++axis)
            coefficients[3 * p + axis] += force.force[axis];
    basis.coefficients.push_back(std::move(coefficients));
  }
  return basis;
}

LoadBasis basis_of_cases(const std::vector<load::LoadCase>& cases)
{
  LoadBasis basis;
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    basis.loads.push_back(cases[c].forces);
    basis.coefficients.emplace_back(cases.size(), 0.0);
    basis.coefficients.back()[c] = 1;
  }
  return basis;
}
} // namespace

LoadBasis load_basis(const std::vector<load::LoadCase>& cases, BasisChoice choice)
{
  const auto patches = patches_of(cases);
  const bool unit_forces = choice == BasisChoice::unit_forces ||
                           (choice == BasisChoice::fewest && 3 * patches.size() < cases.size());
  return unit_forces ? basis_of_unit_forces(cases, patches) : basis_of_cases(cases);
}

} // namespace calcar::analysis
