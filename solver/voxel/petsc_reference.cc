#include "voxel/petsc_reference.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "petsc/session.hpp"
#include "voxel/assembled.hpp"
#include "voxel/operator.hpp"
#include "voxel/petsc_values.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

namespace calcar::voxel
{
namespace
{

constexpr const char* factoring = "factoring the assembled matrix with MUMPS";

/// MUMPS' estimate of the room it needs is too small when ranks take over other parts of the work
/// than it planned, which depends on how busy the machine is.
bool lacks_room(const MumpsState& state)
{
  constexpr std::array too_small = {-8, -9, -14, -15, -17, -20}; // work arrays and buffers
  return std::find(too_small.begin(), too_small.end(), state.error) != too_small.end();
}

double seconds_since(std::chrono::steady_clock::time_point start)
{
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Largest absolute value over all ranks; NaN when one is there.
double largest(std::vector<double> values, MPI_Comm comm)
{
  double result = 0;
  for (const double value : values)
    result = std::isnan(value) ? std::numeric_limits<double>::infinity()
                               : std::max(result, std::abs(value));
  MPI_Allreduce(MPI_IN_PLACE, &result, 1, MPI_DOUBLE, MPI_MAX, comm);
  return result;
}

/// difference / scale, where nothing against nothing is no difference.
double relative(double difference, double scale)
{
  if (difference == 0)
    return 0;
  return scale > 0 ? difference / scale : std::numeric_limits<double>::infinity();
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b)
{
  std::vector<double> result(a.size());
  for (std::size_t n = 0; n < a.size(); ++n)
    result[n] = a[n] - b[n];
  return result;
}

std::vector<double> as_values(const Level& level, const std::vector<LocalForce>& forces)
{
  std::vector<double> f(level.nodes.values(), 0);
  for (const LocalForce& force : forces)
    for (std::size_t c = 0; c < 3; ++c)
      f[3 * static_cast<std::size_t>(force.node) + c] += force.force[c];
  return f;
}

std::vector<double> at_fixed(const Level& level, const std::vector<double>& values)
{
  std::vector<double> result;
  for (const std::size_t component : level.constraints.fixed)
    result.push_back(values[component]);
  return result;
}

std::vector<double> product(const Level& level, Mat matrix, const std::vector<double>& u,
                            MPI_Comm comm)
{
  petsc::Vector x = make_vector(level.nodes, comm), y = make_vector(level.nodes, comm);
  to_petsc(level.nodes, u, x);
  petsc::check(MatMult(matrix, x, y), "multiplying with the assembled matrix");
  std::vector<double> f;
  from_petsc(level.nodes, y, f);
  return f;
}

/// Forces in the free components, prescribed displacements in the fixed ones.
std::vector<double> right_side(const Level& level, Mat full, const std::vector<LocalForce>& forces,
                               const std::vector<double>& start, MPI_Comm comm)
{
  std::vector<double> prescribed(level.nodes.values(), 0);
  for (const std::size_t component : level.constraints.fixed)
    prescribed[component] = start[component];
  std::vector<double> b =
      difference(as_values(level, forces), product(level, full, prescribed, comm));
  for (const std::size_t component : level.constraints.fixed)
    b[component] = start[component];
  return b;
}

void report_failure(const SolverCheck& check, double allowed)
{
  throw SolveError("--check-solver: the matrix-free solution differs from that of the assembled "
                   "matrix by " +
                   format_number(check.displacement_difference, 3) + " in the displacements, " +
                   format_number(check.reaction_difference, 3) + " in the reactions and " +
                   format_number(check.energy_difference, 3) +
                   " in the energy; allowed: " + format_number(allowed, 3) +
                   "; ask for a smaller [solver] relative_residual, and if the difference stays, "
                   "report it with the case");
}

} // namespace

void refuse_large_check(std::uint64_t unknowns)
{
  if (unknowns > largest_checked)
    throw InputError(
        Fault::command,
        {"--check-solver", "the body has " + std::to_string(unknowns) + " unknowns",
         "at most " + std::to_string(largest_checked) + ", because the matrix is factored",
         "check with larger voxels or a smaller region, or leave it out", ""});
}

double allowed_difference(double relative_residual)
{
  return std::max(1e-5, 1e3 * relative_residual);
}

SolverReference::SolverReference(const Level& level, MPI_Comm comm, int room_percent) : comm_(comm)
{
  const auto start = std::chrono::steady_clock::now();
  petsc::start();
  full_ = assemble(level, comm);
  eliminated_ = eliminate_fixed(level, full_, comm);
  petsc::check(MatSetOption(eliminated_, MAT_SPD, PETSC_TRUE), factoring);
  constexpr int most_room_percent = 5000;
  MumpsState state = factor(room_percent);
  for (; lacks_room(state) && room_percent < most_room_percent; state = factor(room_percent))
    room_percent = std::max(3 * room_percent, 300);
  if (state.error < 0)
    throw SolveError("--check-solver: MUMPS could not factor the assembled matrix (its error " +
                     std::to_string(state.error) + ", " + std::to_string(state.detail) +
                     "); it needs about 16 kB of memory per unknown");
  seconds_ = seconds_since(start);
}

MumpsState SolverReference::factor(int room_percent)
{
  constexpr int more_room_percent = 14; // the number of this control of MUMPS
  PC preconditioner = nullptr;
  Mat factored = nullptr;
  solver_ = {};
  petsc::check(KSPCreate(comm_, solver_.out()), factoring);
  petsc::check(KSPSetOperators(solver_, eliminated_, eliminated_), factoring);
  petsc::check(KSPSetType(solver_, KSPPREONLY), factoring);
  petsc::check(KSPGetPC(solver_, &preconditioner), factoring);
  petsc::check(PCSetType(preconditioner, PCCHOLESKY), factoring);
  petsc::check(PCFactorSetMatSolverType(preconditioner, MATSOLVERMUMPS), factoring);
  petsc::check(PCFactorSetUpMatSolverType(preconditioner), factoring);
  petsc::check(PCFactorGetMatrix(preconditioner, &factored), factoring);
  petsc::check(MatMumpsSetIcntl(factored, more_room_percent, room_percent), factoring);
  petsc::check(KSPSetUp(solver_), factoring);
  MumpsState state;
  petsc::check(MatMumpsGetInfog(factored, 1, &state.error), factoring);
  petsc::check(MatMumpsGetInfog(factored, 2, &state.detail), factoring);
  return state;
}

std::vector<double> SolverReference::solve(const Level& level,
                                           const std::vector<LocalForce>& forces,
                                           const std::vector<double>& start) const
{
  petsc::Vector b = make_vector(level.nodes, comm_), x = make_vector(level.nodes, comm_);
  to_petsc(level.nodes, right_side(level, full_, forces, start, comm_), b);
  petsc::check(KSPSolve(solver_, b, x), "solving with MUMPS");
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  petsc::check(KSPGetConvergedReason(solver_, &reason), "solving with MUMPS");
  if (reason < 0)
    throw SolveError(std::string("--check-solver: MUMPS could not solve with its factors (") +
                     KSPConvergedReasons[reason] + ")");
  std::vector<double> solution;
  from_petsc(level.nodes, x, solution);
  return solution;
}

SolverCheck SolverReference::check(const Level& level, const std::vector<LocalForce>& forces,
                                   const std::vector<double>& start, const std::vector<double>& u,
                                   double relative_residual) const
{
  const auto begin = std::chrono::steady_clock::now();
  const std::vector<double> reference = solve(level, forces, start);
  const std::vector<double> f = as_values(level, forces);
  const std::vector<double> reference_balance = product(level, full_, reference, comm_);
  std::vector<double> balance;
  apply(level, u, balance);

  std::vector<double> load = right_side(level, full_, forces, start, comm_);
  mask(level.constraints, load);
  const double floor = 0.01 * largest(load, comm_);
  const double motion = largest(reference, comm_);
  const auto reaction = at_fixed(level, difference(reference_balance, f));
  const double energy = 0.5 * dot(level.nodes, u, balance, comm_);
  const double reference_energy = 0.5 * dot(level.nodes, reference, reference_balance, comm_);

  SolverCheck check;
  check.displacement_difference = relative(largest(difference(u, reference), comm_), motion);
  check.reaction_difference =
      relative(largest(at_fixed(level, difference(balance, reference_balance)), comm_),
               std::max({largest(reaction, comm_), largest(f, comm_), floor}));
  check.energy_difference =
      relative(std::abs(energy - reference_energy), std::max(reference_energy, floor * motion));
  PetscInt rows = 0;
  petsc::check(MatGetSize(full_, &rows, nullptr), "asking for the size");
  check.unknowns = static_cast<std::uint64_t>(rows);
  check.seconds = seconds_ + seconds_since(begin);
  const double allowed = allowed_difference(relative_residual);
  for (const double value :
       {check.displacement_difference, check.reaction_difference, check.energy_difference})
    if (!(value <= allowed))
      report_failure(check, allowed);
  return check;
}

} // namespace calcar::voxel
