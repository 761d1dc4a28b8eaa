#include "analysis/fracture_path.hpp"

#include "base/parallel.hpp"
#include "model/boundary.hpp"
#include "model/inertia_relief.hpp"

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
                           MPI_Comm comm)
{
  model::VoxelSupports supports;
  voxel::PathLoad load;
  on_root(comm,
          [&]
          {
            supports = model::supports_of(rig, body, surface);
            load.forces = forces_of(body, surface, rig, load_case);
            load.size = size_of(load_case.reference, load.forces);
          });
  voxel::YieldingBody yielding(body, plasticity, supports, comm);
  voxel::PathResult followed = voxel::follow(yielding, load, options);
  FracturePath path;
  path.activity = load_case.name;
  path.steps = std::move(followed.steps);
  path.peak = followed.peak;
  path.end = followed.end;
  path.peak_reached = followed.peak_reached;
  path.seconds = followed.seconds;
  path.at_end = std::move(followed.at_end);
  return path;
}

} // namespace calcar::analysis
