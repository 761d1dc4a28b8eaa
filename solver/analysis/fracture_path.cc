#include "analysis/fracture_path.hpp"

#include "base/parallel.hpp"
#include "model/boundary.hpp"
#include "model/inertia_relief.hpp"

#include <array>
#include <cstdint>
#include <type_traits>

namespace calcar::analysis
{
namespace
{
/// All nodal forces of a load case, those of inertia included where it balances them.
std::vector<model::NodalForce> forces_of(const model::VoxelBody& body,
                                         const model::Surface& surface, const load::Rig& rig,
                                         const load::LoadCase& load_case)
{
  std::vector<model::NodalForce> all;
  for (const load::AppliedForce& force : load_case.forces)
  {
    const auto nodal = model::forces_of(force, body, surface);
    all.insert(all.end(), nodal.begin(), nodal.end());
  }
  if (rig.inertia_relief)
  {
    const auto inertia = model::inertia_of(model::mass_points(body), body.grid, all);
    all.insert(all.end(), inertia.begin(), inertia.end());
  }
  return all;
}

/// Shows `watch` of rank 0 each equilibrium and has it kept; `so_far` is the path on rank 0.
/// Nothing when neither is asked for. Collective.
voxel::OnStep told_to(const OnEquilibrium& watch, const PathKeeping& keeping,
                      voxel::KeptPath& so_far, MPI_Comm comm)
{
  std::array<int, 2> asked = {watch ? 1 : 0, keeping.keep ? 1 : 0};
  MPI_Bcast(asked.data(), 2, MPI_INT, 0, comm);
  if (asked == std::array<int, 2>{0, 0})
    return {};
  return [&watch, &keeping, &so_far, asked, comm](const voxel::PathStep& step,
                                                  voxel::YieldingBody& body)
  {
    if (asked[0] != 0)
    {
      const voxel::YieldingFields fields = body.fields();
      on_root(comm, [&] { watch(step, fields.displacement); });
    }
    if (asked[1] == 0)
      return;
    so_far.at = body.standing();
    on_root(comm,
            [&]
            {
              so_far.steps.push_back(step);
              keeping.keep(so_far);
              so_far.at = {}; // room
            });
  };
}

/// The steps of a path that rank 0 was given, on all ranks.
std::vector<voxel::PathStep> on_all(std::vector<voxel::PathStep> steps, MPI_Comm comm)
{
  static_assert(std::is_trivially_copyable_v<voxel::PathStep>);
  std::uint64_t count = steps.size();
  MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
  steps.resize(count);
  MPI_Bcast(steps.data(), static_cast<int>(count * sizeof(voxel::PathStep)), MPI_BYTE, 0, comm);
  return steps;
}
} // namespace

double size_of(const load::ReferenceLoad& reference, const std::vector<model::NodalForce>& forces)
{
  constexpr double mm_per_m = 1000;
  if (reference.unit == "N")
    return reference.value;
  if (reference.unit == "N m")
    return reference.value * mm_per_m;
  Vec3 resultant;
  for (const model::NodalForce& force : forces)
    resultant += force.force;
  return norm(resultant);
}

std::optional<double> FracturePath::yield_factor(double loss) const
{
  const double elastic = steps.front().factor / steps.front().displacement;
  const auto over = [&](const voxel::PathStep& s)
  { return s.factor - (1 - loss) * elastic * s.displacement; };
  for (std::size_t n = 1; n < steps.size(); ++n)
    if (over(steps[n]) < 0)
    {
      const double a = over(steps[n - 1]), b = over(steps[n]);
      return steps[n - 1].factor + a / (a - b) * (steps[n].factor - steps[n - 1].factor);
    }
  return std::nullopt;
}

FracturePath fracture_path(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
                           const model::Surface& surface, const load::Rig& rig,
                           const load::LoadCase& load_case, const voxel::PathOptions& options,
                           MPI_Comm comm, const OnEquilibrium& watch, const PathKeeping& keeping)
{
  model::VoxelSupports supports;
  voxel::PathLoad load;
  voxel::KeptPath so_far;
  on_root(comm,
          [&]
          {
            supports = model::supports_of(rig, body, surface);
            load.forces = forces_of(body, surface, rig, load_case);
            load.size = size_of(load_case.reference, load.forces);
            if (keeping.keep || keeping.earlier)
              so_far.basis = voxel::basis_of(body, plasticity, supports, load, options.equilibrium);
            if (keeping.earlier)
              if (auto earlier = keeping.earlier(so_far.basis))
                so_far = std::move(*earlier);
          });
  voxel::YieldingBody yielding(body, plasticity, supports, comm);
  const std::vector<voxel::PathStep> earlier = on_all(so_far.steps, comm);
  const voxel::Standing from = std::move(so_far.at);
  const voxel::OnStep on_step = told_to(watch, keeping, so_far, comm);
  voxel::PathResult followed = earlier.empty()
                                   ? voxel::follow(yielding, load, options, on_step)
                                   : voxel::resume(yielding, load, options, from, earlier, on_step);
  FracturePath path;
  static_cast<model::PathRecord&>(path) = followed;
  path.activity = load_case.name;
  path.resumed_at = earlier.size();
  path.at_end = std::move(followed.at_end);
  return path;
}

} // namespace calcar::analysis
