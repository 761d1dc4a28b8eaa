#include "analysis/superposition.hpp"

#include <algorithm>
#include <array>

namespace calcar::analysis
{
namespace
{
/// A patch of the cases, and by what any of them acts on it.
struct LoadedPatch
{
  const load::Patch* patch = nullptr;
  bool force = false;
  bool moment = false;
  bool pressure = false;
};

bool same(const load::Patch& a, const load::Patch& b)
{
  return a.name == b.name && a.centre == b.centre;
}

/// The patches of the cases, each once; patches of one name and centre are one.
std::vector<LoadedPatch> patches_of(const std::vector<load::LoadCase>& cases)
{
  std::vector<LoadedPatch> patches;
  for (const load::LoadCase& load_case : cases)
    for (const load::AppliedForce& force : load_case.forces)
    {
      auto found =
          std::find_if(patches.begin(), patches.end(),
                       [&](const LoadedPatch& other) { return same(*other.patch, force.patch); });
      if (found == patches.end())
        found = patches.insert(patches.end(), {&force.patch, false, false, false});
      found->force = found->force || norm(force.force) > 0;
      found->moment = found->moment || norm(force.moment) > 0;
      found->pressure = found->pressure || force.pressure_MPa != 0;
    }
  return patches;
}

std::size_t units_of(const std::vector<LoadedPatch>& patches)
{
  std::size_t count = 0;
  for (const LoadedPatch& patch : patches)
    count += 3 * (std::size_t{patch.force} + std::size_t{patch.moment}) + patch.pressure;
  return count;
}

bool takes_units(const std::vector<LoadedPatch>& patches, std::size_t cases, BasisChoice choice)
{
  return choice == BasisChoice::unit_forces ||
         (choice == BasisChoice::fewest && units_of(patches) < cases);
}

/// Adds a unit load on a patch. Of each case it takes the sum of `share(force)` over its forces on
/// the patch.
template <typename Share>
void add_unit(const load::AppliedForce& unit, const std::vector<load::LoadCase>& cases,
              const Share& share, LoadBasis& basis)
{
  basis.loads.push_back({unit});
  for (std::size_t c = 0; c < cases.size(); ++c)
  {
    double sum = 0;
    for (const load::AppliedForce& force : cases[c].forces)
      if (same(force.patch, unit.patch))
        sum += share(force);
    basis.coefficients[c].push_back(sum);
  }
}

LoadBasis basis_of_units(const std::vector<load::LoadCase>& cases,
                         const std::vector<LoadedPatch>& patches)
{
  constexpr std::array<Vec3, 3> axes = {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  LoadBasis basis;
  basis.coefficients.resize(cases.size());
  for (const LoadedPatch& loaded : patches)
  {
    const load::Patch& patch = *loaded.patch;
    for (const Vec3& axis : axes)
      if (loaded.force)
        add_unit(
            {patch.name, patch, axis, {}, 0}, cases,
            [&](const load::AppliedForce& f) { return dot(f.force, axis); }, basis);
    for (const Vec3& axis : axes)
      if (loaded.moment)
        add_unit(
            {patch.name, patch, {}, axis, 0}, cases,
            [&](const load::AppliedForce& f) { return dot(f.moment, axis); }, basis);
    if (loaded.pressure)
      add_unit(
          {patch.name, patch, {}, {}, 1}, cases,
          [](const load::AppliedForce& f) { return f.pressure_MPa; }, basis);
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
  return takes_units(patches, cases.size(), choice) ? basis_of_units(cases, patches)
                                                    : basis_of_cases(cases);
}

std::size_t right_hand_sides(const std::vector<load::LoadCase>& cases, BasisChoice choice)
{
  const auto patches = patches_of(cases);
  return takes_units(patches, cases.size(), choice) ? units_of(patches) : cases.size();
}

} // namespace calcar::analysis
