#pragma once

#include "solid/engine.hpp"
#include "solid/field.hpp"

#include <mpi.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace calcar::solid
{

/// hypre's BoomerAMG for elasticity on a preconditioner whose solver has these options.
void choose_boomeramg(PC preconditioner, PetscOptions options);

/**
 * The tangent matrix on the free components and PETSc's solver for it. Fixed components keep their
 * diagonal and nothing else. Everything is collective.
 */
class LinearSolver
{
public:
  /// An empty matrix with the couples of the elements.
  LinearSolver(const Elements& elements, MPI_Comm comm);

  /// Adds a dense matrix, row after row, over the three components of each of these rows.
  void add(std::span<const std::uint32_t> rows, const std::vector<double>& matrix);

  /// Ends the assembly and prepares the method (not `automatic`). `points` are the places of the
  /// own nodes: the rigid motions follow from them.
  void finish(Method method, const std::vector<Vec3>& points);

  /// Prepares another method, after finish().
  void prepare(Method method);

  /// Empties the matrix for another assembly with the same couples.
  void clear();
  /// Ends another assembly. The preconditioner stays that of the matrix it was made for unless it
  /// is to be made `anew`, for the method that finish() or prepare() named.
  void finish_again(bool anew);
  /// From the next prepare() or finish_again(anew) on the matrix is K + d d^T, solved by conjugate
  /// gradients with K's preconditioner; null: K again. Reads the own values of d.
  void stiffen_along(const Field* d);

  struct Outcome
  {
    int iterations = 0;
    bool converged = false;
    std::string reason; ///< PETSc's words
  };
  /// Solves K x = b from zero until ||b - K x|| <= reduction ||b||.
  Outcome solve(Field& b, Field& x, double reduction, int max_iterations);

  /// y = K x on own nodes, after finish(); ghosts are not fetched.
  void multiply(Field& x, Field& y);

  /// sum_j |K_ij| of each own row i, after finish().
  std::vector<double> row_sums() const;

private:
  void declare_definite();
  void prepare_factors(PC preconditioner);
  void prepare_algebraic(PC preconditioner, Method method);
  void set_near_nullspace(const std::vector<Vec3>& points);

  MPI_Comm comm_;
  std::vector<PetscInt> buffer_;
  petsc::OptionList options_;
  petsc::Matrix matrix_;
  petsc::Matrix direction_; ///< d as a matrix of one column
  petsc::Matrix stiffened_; ///< K + d d^T; null without d
  Method method_ = Method::automatic;
  petsc::Solver solver_; // goes first
};

} // namespace calcar::solid
