#include "solid/linear_solver.hpp"

#include "petsc/session.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::solid
{
namespace
{

/// Couples of each own node with others: of this rank, and of the others.
struct CoupleCounts
{
  std::vector<PetscInt> own;
  std::vector<PetscInt> others;
};

/// The relevant cells of each own node, node after node, and where each node's begin.
struct CellsAtNodes
{
  std::vector<std::size_t> first;
  std::vector<std::uint32_t> cells;
};

CellsAtNodes cells_at_nodes(const Elements& elements)
{
  const RowLists& lists = elements.coupled_rows();
  const std::uint32_t low = elements.first_owned();
  const std::uint32_t owned = elements.owned();
  CellsAtNodes result;
  result.first.assign(owned + 1, 0);
  for (const std::uint32_t row : lists.rows)
    if (row - low < owned) // unsigned: also when row < low
      ++result.first[row - low + 1];
  for (std::size_t n = 0; n < owned; ++n)
    result.first[n + 1] += result.first[n];
  result.cells.resize(result.first.back());
  auto next = result.first;
  for (std::uint32_t cell = 0; cell < lists.size(); ++cell)
    for (const std::uint32_t row : lists[cell])
      if (row - low < owned)
        result.cells[next[row - low]++] = cell;
  return result;
}

CoupleCounts count_couples(const Elements& elements)
{
  const RowLists& lists = elements.coupled_rows();
  const CellsAtNodes at = cells_at_nodes(elements);
  CoupleCounts counts;
  std::vector<std::uint32_t> couples;
  for (std::size_t n = 0; n < elements.owned(); ++n)
  {
    couples.clear();
    for (std::size_t c = at.first[n]; c < at.first[n + 1]; ++c)
    {
      const auto cell = lists[at.cells[c]];
      couples.insert(couples.end(), cell.begin(), cell.end());
    }
    std::sort(couples.begin(), couples.end());
    couples.erase(std::unique(couples.begin(), couples.end()), couples.end());
    const auto own = std::count_if(couples.begin(), couples.end(),
                                   [&](std::uint32_t row)
                                   { return row - elements.first_owned() < elements.owned(); });
    counts.own.push_back(static_cast<PetscInt>(own));
    counts.others.push_back(static_cast<PetscInt>(couples.size()) - static_cast<PetscInt>(own));
  }
  return counts;
}

void set_option(PetscOptions options, const char* name, const char* value)
{
  petsc::check(PetscOptionsSetValue(options, name, value), "setting options");
}

} // namespace

void choose_boomeramg(PC preconditioner, PetscOptions options)
{
  const char* step = "setting up BoomerAMG";
  petsc::check(PCSetType(preconditioner, PCHYPRE), step);
  petsc::check(PCHYPRESetType(preconditioner, "boomeramg"), step);
  // Smoothing by Chebyshev polynomials needs a third of the operations of symmetric SOR and
  // converges alike on every number of ranks.
  set_option(options, "-pc_hypre_boomeramg_relax_type_all", "Chebyshev");
  set_option(options, "-pc_hypre_boomeramg_strong_threshold", "0.25");
  set_option(options, "-pc_hypre_boomeramg_coarsen_type", "HMIS");
  set_option(options, "-pc_hypre_boomeramg_interp_type", "ext+i");
  set_option(options, "-pc_hypre_boomeramg_P_max", "4");
}

LinearSolver::LinearSolver(const Elements& elements, MPI_Comm comm) : comm_(comm)
{
  const char* step = "creating the matrix";
  const CoupleCounts counts = count_couples(elements);
  const auto rows = static_cast<PetscInt>(3 * elements.owned());
  petsc::check(PetscOptionsCreate(options_.out()), step);
  petsc::check(MatCreate(comm, matrix_.out()), step);
  petsc::check(MatSetSizes(matrix_, rows, rows, PETSC_DETERMINE, PETSC_DETERMINE), step);
  petsc::check(MatSetType(matrix_, MATAIJ), step);
  petsc::check(MatXAIJSetPreallocation(matrix_, 3, counts.own.data(), counts.others.data(), nullptr,
                                       nullptr),
               step);
  petsc::check(MatSetOption(matrix_, MAT_NEW_NONZERO_ALLOCATION_ERR, PETSC_TRUE), step);
  declare_definite();
}

/// Every assembly forgets it.
void LinearSolver::declare_definite()
{
  const char* step = "telling PETSc that the matrix is definite";
  petsc::check(MatSetOption(matrix_, MAT_SPD, PETSC_TRUE), step);
  petsc::check(MatSetOption(matrix_, MAT_SYMMETRIC, PETSC_TRUE), step);
}

void LinearSolver::add(std::span<const std::uint32_t> rows, const std::vector<double>& matrix)
{
  buffer_.assign(rows.begin(), rows.end());
  const auto count = static_cast<PetscInt>(buffer_.size());
  petsc::check(MatSetValuesBlocked(matrix_, count, buffer_.data(), count, buffer_.data(),
                                   matrix.data(), ADD_VALUES),
               "assembling");
}

void LinearSolver::finish(Method method, const std::vector<Vec3>& points)
{
  petsc::check(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
  petsc::check(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY), "assembling");
  declare_definite();
  if (method != Method::mumps)
    set_near_nullspace(points);
  prepare(method);
}

void LinearSolver::prepare(Method method)
{
  const char* step = "setting up the solver";
  PC preconditioner = nullptr;
  method_ = method;
  solver_ = petsc::Solver(); // frees what the last method took
  petsc::check(KSPCreate(comm_, solver_.out()), step);
  petsc::check(
      PetscObjectSetOptions(reinterpret_cast<PetscObject>(static_cast<KSP>(solver_)), options_),
      step);
  const Mat whole = stiffened_;
  petsc::check(KSPSetOperators(solver_, whole ? whole : matrix_, matrix_), step);
  petsc::check(KSPGetPC(solver_, &preconditioner), step);
  if (method == Method::mumps)
    prepare_factors(preconditioner);
  else
    prepare_algebraic(preconditioner, method);
  petsc::check(KSPSetFromOptions(solver_), step);
  petsc::check(KSPSetUp(solver_), step);
}

void LinearSolver::clear()
{
  petsc::check(MatZeroEntries(matrix_), "emptying the matrix");
}

void LinearSolver::finish_again(bool anew)
{
  const char* step = "assembling again";
  petsc::check(MatAssemblyBegin(matrix_, MAT_FINAL_ASSEMBLY), step);
  petsc::check(MatAssemblyEnd(matrix_, MAT_FINAL_ASSEMBLY), step);
  declare_definite();
  if (anew)
    prepare(method_);
  else
    petsc::check(KSPSetReusePreconditioner(solver_, PETSC_TRUE), step);
}

void LinearSolver::stiffen_along(const Field* d)
{
  const char* step = "coupling along a direction";
  stiffened_ = petsc::Matrix();
  direction_ = petsc::Matrix();
  if (!d)
    return;
  petsc::check(MatCreateDense(comm_, static_cast<PetscInt>(d->own().size()), PETSC_DECIDE,
                              PETSC_DETERMINE, 1, nullptr, direction_.out()),
               step);
  double* values = nullptr;
  petsc::check(MatDenseGetArrayWrite(direction_, &values), step);
  std::copy(d->own().begin(), d->own().end(), values);
  petsc::check(MatDenseRestoreArrayWrite(direction_, &values), step);
  petsc::check(MatAssemblyBegin(direction_, MAT_FINAL_ASSEMBLY), step);
  petsc::check(MatAssemblyEnd(direction_, MAT_FINAL_ASSEMBLY), step);
  petsc::check(MatCreateLRC(matrix_, direction_, nullptr, nullptr, stiffened_.out()), step);
}

void LinearSolver::prepare_factors(PC preconditioner)
{
  const char* step = "setting up MUMPS";
  petsc::check(KSPSetType(solver_, static_cast<Mat>(stiffened_) ? KSPCG : KSPPREONLY), step);
  if (static_cast<Mat>(stiffened_))
    petsc::check(KSPSetNormType(solver_, KSP_NORM_UNPRECONDITIONED), step);
  petsc::check(PCSetType(preconditioner, PCCHOLESKY), step);
  petsc::check(PCFactorSetMatSolverType(preconditioner, MATSOLVERMUMPS), step);
  // More room than its estimate, else it stops. The matrix of the factors has no prefix, so that
  // an option would not reach it.
  constexpr int more_room_percent = 14, room_percent = 60;
  Mat factored = nullptr;
  petsc::check(PCFactorSetUpMatSolverType(preconditioner), step);
  petsc::check(PCFactorGetMatrix(preconditioner, &factored), step);
  petsc::check(MatMumpsSetIcntl(factored, more_room_percent, room_percent), step);
}

void LinearSolver::prepare_algebraic(PC preconditioner, Method method)
{
  const char* step = "setting up the preconditioner";
  petsc::check(KSPSetType(solver_, KSPCG), step);
  petsc::check(KSPSetNormType(solver_, KSP_NORM_UNPRECONDITIONED), step);
  if (method == Method::gamg)
  {
    petsc::check(PCSetType(preconditioner, PCGAMG), step);
    // By default all couples count as strong, so that aggregates reach across the border of stiff
    // and soft tissue: at contrast 1e7 that takes up to ten times as many iterations.
    set_option(options_, "-pc_gamg_threshold", "0.03");
    return;
  }
  choose_boomeramg(preconditioner, options_);
}

void LinearSolver::set_near_nullspace(const std::vector<Vec3>& points)
{
  const char* step = "setting up the rigid motions";
  petsc::Vector coordinates;
  petsc::check(VecCreateMPI(comm_, static_cast<PetscInt>(3 * points.size()), PETSC_DETERMINE,
                            coordinates.out()),
               step);
  petsc::check(VecSetBlockSize(coordinates, 3), step);
  double* values = nullptr;
  petsc::check(VecGetArray(coordinates, &values), step);
  for (std::size_t n = 0; n < points.size(); ++n)
    for (std::size_t axis = 0; axis < 3; ++axis)
      values[3 * n + axis] = points[n][axis];
  petsc::check(VecRestoreArray(coordinates, &values), step);
  petsc::NullSpace motions;
  petsc::check(MatNullSpaceCreateRigidBody(coordinates, motions.out()), step);
  petsc::check(MatSetNearNullSpace(matrix_, motions), step);
}

LinearSolver::Outcome LinearSolver::solve(Field& b, Field& x, double reduction, int max_iterations)
{
  const char* step = "solving";
  // Conjugate gradients lower the error in the energy norm; the residual may grow before it falls,
  // by up to the root of the contrast.
  constexpr double most_growth = 1e15;
  petsc::check(KSPSetTolerances(solver_, reduction, 0, most_growth, max_iterations), step);
  petsc::check(KSPSolve(solver_, b.petsc(), x.petsc()), step);
  KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
  PetscInt iterations = 0;
  petsc::check(KSPGetConvergedReason(solver_, &reason), step);
  petsc::check(KSPGetIterationNumber(solver_, &iterations), step);
  std::string words = KSPConvergedReasons[reason];
  if (reason == KSP_DIVERGED_PC_FAILED)
  {
    PC preconditioner = nullptr;
    PCFailedReason failed = PC_NOERROR;
    petsc::check(KSPGetPC(solver_, &preconditioner), step);
    petsc::check(PCGetFailedReason(preconditioner, &failed), step);
    words += " (" + std::string(PCFailedReasons[failed]) + ")";
  }
  return {static_cast<int>(iterations), reason > 0, words};
}

void LinearSolver::multiply(Field& x, Field& y)
{
  petsc::check(MatMult(matrix_, x.petsc(), y.petsc()), "multiplying");
}

std::vector<double> LinearSolver::row_sums() const
{
  const char* step = "adding up rows";
  PetscInt first = 0, end = 0;
  petsc::check(MatGetOwnershipRange(matrix_, &first, &end), step);
  std::vector<double> sums;
  for (PetscInt row = first; row < end; ++row)
  {
    PetscInt count = 0;
    const PetscScalar* values = nullptr;
    petsc::check(MatGetRow(matrix_, row, &count, nullptr, &values), step);
    double sum = 0;
    for (PetscInt n = 0; n < count; ++n)
      sum += std::abs(values[n]);
    sums.push_back(sum);
    petsc::check(MatRestoreRow(matrix_, row, &count, nullptr, &values), step);
  }
  return sums;
}

} // namespace calcar::solid
