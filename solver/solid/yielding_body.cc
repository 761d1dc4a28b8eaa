#include "solid/yielding_body.hpp"

#include "petsc/session.hpp"
#include "solid/yielding_state.hpp"

namespace calcar::solid
{

YieldingBody::YieldingBody(const SolidBody& body, const CellPlasticity& plasticity,
                           const Supports& supports, MPI_Comm comm)
{
  petsc::start();
  state_ = std::make_unique<State>(body, plasticity, supports, comm);
}

YieldingBody::~YieldingBody() = default;
YieldingBody::YieldingBody(YieldingBody&&) noexcept = default;

void YieldingBody::load(const std::vector<NodalForce>& forces, const EquilibriumOptions& options)
{
  state_->load(forces, options);
}

double YieldingBody::to_first_yield()
{
  return state_->to_first_yield();
}

EquilibriumReport YieldingBody::move(double to)
{
  return state_->move(to);
}

void YieldingBody::accept()
{
  state_->points.accept();
  state_->before = std::move(state_->last);
  state_->last = {{state_->u.own().begin(), state_->u.own().end()}, state_->drive};
}

void YieldingBody::go_back()
{
  state_->take_over(state_->last.u);
  state_->set_drive(state_->last.drive);
  state_->points.go_back();
  state_->balance();
}

void YieldingBody::renew()
{
  state_->anew = true;
}

double YieldingBody::drive() const
{
  return state_->last.drive;
}

double YieldingBody::factor() const
{
  return state_->factor;
}

double YieldingBody::work_displacement()
{
  return state_->by_forces ? state_->product(state_->forces, state_->u.own()) : state_->drive;
}

double YieldingBody::yielded_mm3()
{
  return state_->points.yielded_mm3();
}

double YieldingBody::softened_mm3()
{
  return state_->points.softened_mm3();
}

YieldingFields YieldingBody::fields()
{
  return state_->fields();
}

Standing YieldingBody::standing()
{
  return state_->standing();
}

void YieldingBody::stand(const Standing& at)
{
  state_->stand(at);
}

bool YieldingBody::by_forces() const
{
  return state_->by_forces;
}

MPI_Comm YieldingBody::comm() const
{
  return state_->comm;
}

std::uint64_t YieldingBody::unknowns() const
{
  return state_->body.unknowns();
}

} // namespace calcar::solid
