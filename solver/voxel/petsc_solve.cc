#include "voxel/petsc_solve.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "petsc/session.hpp"
#include "voxel/operator.hpp"
#include "voxel/petsc_options.hpp"
#include "voxel/petsc_values.hpp"
#include "voxel/rounding_limit.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>

namespace calcar::voxel
{
namespace
{

/// What PETSc's callbacks work on. Fixed components are unknowns of their own with a unit diagonal,
/// so that operator and preconditioner are positive on all components.
struct Shell
{
  Multigrid& multigrid;
  MPI_Comm comm;
  std::vector<double> in, out;
  std::exception_ptr error; ///< thrown inside a callback: C must not be unwound

  const Level& level() const { return multigrid.finest(); }

  void multiply(Vec x, Vec y)
  {
    from_petsc(level().nodes, x, in);
    std::vector<double> held;
    for (const std::size_t component : level().constraints.fixed)
      held.push_back(in[component]);
    mask(level().constraints, in);
    apply(level(), in, out);
    put_back(held, y);
  }

  /// The V-cycle for x / ||x||: single precision must neither overflow nor lose small residuals.
  void precondition(Vec x, Vec y)
  {
    from_petsc(level().nodes, x, in);
    std::vector<double> held;
    for (const std::size_t component : level().constraints.fixed)
      held.push_back(in[component]);
    mask(level().constraints, in);
    const double scale = std::sqrt(dot(level().nodes, in, in, comm));
    out.assign(in.size(), 0);
    if (scale > 0)
    {
      std::vector<float>& b = multigrid.right_side();
      for (std::size_t n = 0; n < b.size(); ++n)
        b[n] = static_cast<float>(in[n] / scale);
      const std::vector<float>& z = multigrid.cycle();
      for (std::size_t n = 0; n < out.size(); ++n)
        out[n] = scale * static_cast<double>(z[n]);
    }
    put_back(held, y);
  }

  void fill_diagonal(Vec y)
  {
    const std::vector<float> entries = diagonal(level());
    out.assign(entries.begin(), entries.end());
    put_back(std::vector<double>(level().constraints.fixed.size(), 1.0), y);
  }

  /// `out` with these values in the fixed components.
  void put_back(const std::vector<double>& held, Vec y)
  {
    for (std::size_t n = 0; n < held.size(); ++n)
      out[level().constraints.fixed[n]] = held[n];
    to_petsc(level().nodes, out, y);
  }

  template <typename Work>
  PetscErrorCode guard(const Work& work)
  {
    try
    {
      work();
      return 0;
    }
    catch (...)
    {
      error = std::current_exception();
      return PETSC_ERR_LIB;
    }
  }
};

PetscErrorCode shell_multiply(Mat matrix, Vec x, Vec y)
{
  Shell* shell = nullptr;
  const PetscErrorCode error = MatShellGetContext(matrix, &shell);
  return error ? error : shell->guard([&] { shell->multiply(x, y); });
}

PetscErrorCode shell_diagonal(Mat matrix, Vec y)
{
  Shell* shell = nullptr;
  const PetscErrorCode error = MatShellGetContext(matrix, &shell);
  return error ? error : shell->guard([&] { shell->fill_diagonal(y); });
}

PetscErrorCode shell_precondition(PC preconditioner, Vec x, Vec y)
{
  Shell* shell = nullptr;
  const PetscErrorCode error = PCShellGetContext(preconditioner, &shell);
  return error ? error : shell->guard([&] { shell->precondition(x, y); });
}

/// The Krylov solver with the user's options.
struct Krylov
{
  Shell shell;
  petsc::OptionList options;
  petsc::Matrix matrix;
  petsc::Vector right_side, solution;
  petsc::Solver solver; // goes first

  Krylov(Multigrid& multigrid, const Options& asked, const std::string& text, MPI_Comm comm)
      : shell{multigrid, comm, {}, {}, {}}, options(read_petsc_options(text)),
        right_side(make_vector(multigrid.finest().nodes, comm)),
        solution(make_vector(multigrid.finest().nodes, comm))
  {
    const PetscInt rows = 3 * multigrid.finest().nodes.owned;
    petsc::check(
        MatCreateShell(comm, rows, rows, PETSC_DETERMINE, PETSC_DETERMINE, &shell, matrix.out()),
        "creating the operator");
    set_operation(MATOP_MULT, reinterpret_cast<void (*)()>(shell_multiply));
    set_operation(MATOP_MULT_TRANSPOSE, reinterpret_cast<void (*)()>(shell_multiply));
    set_operation(MATOP_GET_DIAGONAL, reinterpret_cast<void (*)()>(shell_diagonal));
    petsc::check(MatSetOption(matrix, MAT_SPD, PETSC_TRUE), "creating the operator");
    set_defaults(asked, comm);
    take_options();
  }

  void set_operation(MatOperation operation, void (*function)())
  {
    petsc::check(MatShellSetOperation(matrix, operation, function), "creating the operator");
  }

  void set_defaults(const Options& asked, MPI_Comm comm)
  {
    const char* step = "creating the Krylov solver";
    PC preconditioner = nullptr;
    petsc::check(KSPCreate(comm, solver.out()), step);
    petsc::check(
        PetscObjectSetOptions(reinterpret_cast<PetscObject>(static_cast<KSP>(solver)), options),
        step);
    petsc::check(KSPSetOperators(solver, matrix, matrix), step);
    petsc::check(KSPSetType(solver, KSPFCG), step);
    petsc::check(KSPFCGSetMmax(solver, 1), step);
    petsc::check(KSPFCGSetNprealloc(solver, 2), step);
    petsc::check(KSPFCGSetTruncationType(solver, KSP_FCD_TRUNC_TYPE_STANDARD), step);
    petsc::check(KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED), step);
    petsc::check(
        KSPSetTolerances(solver, asked.relative_residual, 0, PETSC_DEFAULT, asked.max_iterations),
        step);
    petsc::check(KSPGetPC(solver, &preconditioner), step);
    petsc::check(PCSetType(preconditioner, PCSHELL), step);
    petsc::check(PCShellSetContext(preconditioner, &shell), step);
    petsc::check(PCShellSetApply(preconditioner, shell_precondition), step);
    petsc::check(PCShellSetName(preconditioner, "Calcar's V-cycle"), step);
  }

  /// The user's part: what PETSc refuses here is the user's to correct.
  void take_options()
  {
    PetscErrorCode error = KSPSetFromOptions(solver);
    if (error == 0)
      error = KSPSetUp(solver);
    if (shell.error)
      std::rethrow_exception(shell.error);
    if (error != 0)
      throw InputError(Fault::command,
                       {"--petsc", "PETSc refuses the options (" + petsc::words(error) + ")",
                        "a -ksp_type and values that PETSc knows, -pc_type shell, jacobi or none",
                        "correct them; --petsc \"-help\" lists them", ""});
    refuse_unused(options, PetscStage::set_up);
  }

  /// One call of PETSc for the residual r: adds to x, returns its iterations and reason.
  int improve(const std::vector<double>& r, std::vector<double>& x, KSPConvergedReason& reason)
  {
    const Level& level = shell.level();
    to_petsc(level.nodes, r, right_side);
    petsc::check(VecSet(solution, 0), "clearing a vector");
    const PetscErrorCode error = KSPSolve(solver, right_side, solution);
    if (shell.error)
      std::rethrow_exception(shell.error);
    if (error != 0)
      throw SolveError("PETSc's Krylov solver failed (" + petsc::words(error) +
                       "); leave out the options of --petsc one by one to find the cause");
    refuse_unused(options, PetscStage::solved);
    PetscInt iterations = 0;
    petsc::check(KSPGetIterationNumber(solver, &iterations), "reading the number of iterations");
    petsc::check(KSPGetConvergedReason(solver, &reason), "reading the reason");
    from_petsc(level.nodes, solution, shell.out);
    mask(level.constraints, shell.out);
    for (std::size_t n = 0; n < x.size(); ++n)
      x[n] += shell.out[n];
    return static_cast<int>(iterations);
  }

  /// For the next call: this reduction in what is left of the iterations.
  void aim_at(double reduction, int iterations)
  {
    petsc::check(KSPSetTolerances(solver, reduction, 0, PETSC_DEFAULT, iterations), "setting up");
  }
};

[[noreturn]] void fail(const std::string& what, int iterations, double residual)
{
  throw SolveError("PETSc's Krylov solver " + what + " after " + std::to_string(iterations) +
                   " iterations at a relative residual of " + format_number(residual, 3) +
                   "; allow more iterations or a larger residual, take -ksp_type and -pc_type out "
                   "of --petsc, or leave out --petsc");
}

} // namespace

SolveReport solve_with_petsc(Multigrid& multigrid, const std::vector<LocalForce>& forces,
                             std::vector<double>& x, const Options& options,
                             const std::string& petsc_options, MPI_Comm comm)
{
  const auto start = std::chrono::steady_clock::now();
  petsc::start();
  Krylov krylov(multigrid, options, petsc_options, comm);
  const Level& level = multigrid.finest();
  SolveReport report;
  std::vector<double> r;
  residual(level, forces, x, r);
  const double whole = std::sqrt(dot(level.nodes, r, r, comm));
  if (!std::isfinite(whole))
    fail("met a load that is not a number", 0, whole);
  double norm = whole;
  RoundingLimit limit(whole);
  while (norm > options.relative_residual * whole)
  {
    KSPConvergedReason reason = KSP_CONVERGED_ITERATING;
    report.iterations += krylov.improve(r, x, reason);
    residual(level, forces, x, r);
    norm = std::sqrt(dot(level.nodes, r, r, comm));
    if (norm <= options.relative_residual * whole)
      break;
    if (reason < 0 || !std::isfinite(norm))
      fail(std::string("stopped with ") + KSPConvergedReasons[reason], report.iterations,
           norm / whole);
    if (limit.reached(norm))
    {
      if (norm > accepted_rounding_limit * whole)
        fail("reached the limit of double precision", report.iterations, norm / whole);
      report.at_rounding_limit = true;
      break;
    }
    if (report.iterations >= options.max_iterations)
      fail("did not converge", report.iterations, norm / whole);
    krylov.aim_at(options.relative_residual * whole / norm,
                  options.max_iterations - report.iterations);
  }
  report.relative_residual = whole > 0 ? norm / whole : 0;
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

} // namespace calcar::voxel
