#include "base/parallel.hpp"
#include "voxel/results.hpp"
#include "voxel/spread_values.hpp"
#include "voxel/yielding_body.hpp"

#include <stdexcept>

namespace calcar::voxel
{
namespace
{
constexpr std::size_t numbers_of_state = 7;

/// Plastic strain in six components, then the accumulated one.
template <typename State>
auto& number_of_state(State& state, std::size_t n)
{
  auto& e = state.plastic;
  decltype(&state.kappa) all[numbers_of_state] = {&e.xx, &e.yy, &e.zz,       &e.yz,
                                                  &e.zx, &e.xy, &state.kappa};
  return *all[n];
}
} // namespace

YieldingFields YieldingBody::fields()
{
  YieldingFields fields;
  const std::vector<double> by = softening_strain();
  std::vector<double> left(by.size());
  for (std::size_t v = 0; v < by.size(); ++v)
    left[v] = yield_left(*points_, v, by[v]);
  fields.accumulated = gather_values(level(), accumulated(*points_), distribution_, comm_);
  fields.left = gather_values(level(), left, distribution_, comm_);
  fields.yielded_at = gather_values(level(), yielded_at_, distribution_, comm_);
  fields.softened_at = gather_values(level(), softened_at_, distribution_, comm_);
  fields.strain = gather_strains(level(), u_, distribution_, comm_);
  fields.displacement = gather_displacements(level(), u_, nodes_, comm_);
  return fields;
}

Standing YieldingBody::standing()
{
  Standing at;
  at.drive = last_.drive;
  at.equilibria = equilibria_;
  at.yielded_at = gather_values(level(), yielded_at_, distribution_, comm_);
  at.softened_at = gather_values(level(), softened_at_, distribution_, comm_);
  at.displacement = gather_displacements(level(), last_.u, nodes_, comm_);
  const std::size_t count = points_->per_voxel();
  for (std::size_t g = 0; g < count; ++g)
    for (std::size_t n = 0; n < numbers_of_state; ++n)
    {
      std::vector<double> local(points_->voxels());
      for (std::size_t v = 0; v < local.size(); ++v)
        local[v] = number_of_state(points_->old[v * count + g], n);
      at.states.push_back(gather_values(level(), local, distribution_, comm_));
    }
  return at;
}

void YieldingBody::stand(const Standing& at)
{
  const std::size_t count = points_->per_voxel();
  on_root(comm_,
          [&]
          {
            if (at.displacement.size() != nodes_.size() ||
                at.states.size() != count * numbers_of_state)
              throw std::invalid_argument("where a path stood is that of another body or kind of "
                                          "points");
          });
  for (std::size_t g = 0; g < count; ++g)
    for (std::size_t n = 0; n < numbers_of_state; ++n)
    {
      const std::vector<double> local = spread_values(
          is_root(comm_) ? at.states[g * numbers_of_state + n] : std::vector<double>{},
          level().bricks.size, distribution_, comm_);
      for (std::size_t v = 0; v < local.size(); ++v)
        number_of_state(points_->old[v * count + g], n) = local[v];
    }
  points_->state = points_->old;
  yielded_at_ = spread_values(at.yielded_at, level().bricks.size, distribution_, comm_);
  softened_at_ = spread_values(at.softened_at, level().bricks.size, distribution_, comm_);
  equilibria_ = at.equilibria;
  MPI_Bcast(&equilibria_, 1, MPI_INT, 0, comm_);
  u_ = scatter_displacements(level(), at.displacement, nodes_, comm_);
  double drive = at.drive;
  MPI_Bcast(&drive, 1, MPI_DOUBLE, 0, comm_);
  last_ = {u_, drive};
  before_ = {std::vector<double>(u_.size(), 0), 0};
  set_drive(drive);
  balance();
  multigrid_->renew();
}

} // namespace calcar::voxel
