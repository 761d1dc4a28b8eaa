#include "voxel/coarsest.hpp"

#include "base/parallel.hpp"
#include "petsc/session.hpp"
#include "voxel/element_matrix.hpp"
#include "voxel/gather_all.hpp"

#include <petscksp.h>

#include <algorithm>

namespace calcar::voxel
{
namespace
{

/// What every rank's part of the level is gathered as: plain numbers, so that all assemble the
/// same.
struct VoxelPart
{
  std::uint64_t corner[8];
  double lambda;
  double mu;
};

struct SpringPart
{
  std::uint64_t node;
  SymTensor stiffness;
};

std::vector<VoxelPart> voxel_parts(const Level& level)
{
  std::vector<VoxelPart> parts;
  for (std::size_t v = 0; v < level.bricks.mu.size(); ++v)
  {
    if (!(level.bricks.mu[v] > 0))
      continue;
    VoxelPart part{};
    const auto at = voxel_indices(static_cast<int>(v % brick_voxels));
    for (int corner = 0; corner < 8; ++corner)
      part.corner[corner] = lattice_id(
          level.bricks, level.bricks.list[v / brick_voxels],
          node_position(at[0] + (corner & 1), at[1] + (corner >> 1 & 1), at[2] + (corner >> 2)));
    part.lambda = static_cast<double>(level.bricks.lambda[v]);
    part.mu = static_cast<double>(level.bricks.mu[v]);
    parts.push_back(part);
  }
  return parts;
}

} // namespace

struct Coarsest::System
{
  MPI_Comm comm = MPI_COMM_NULL;
  std::vector<std::uint64_t> ids;   ///< lattice numbers of all nodes, ascending
  std::int32_t owned = 0;           ///< local nodes that this rank contributes
  std::vector<std::int32_t> global; ///< [local node] number among all, ascending by lattice number
  std::vector<std::int32_t> all_owned; ///< numbers of all ranks' owned nodes, rank after rank
  std::vector<int> counts, starts;     ///< values per rank in that order
  std::vector<bool> is_fixed;          ///< [3 node + axis]
  KSP solver = nullptr;
  Mat matrix = nullptr;
  Vec right_side = nullptr;
  Vec solution = nullptr;

  ~System()
  {
    PetscBool finalized = PETSC_FALSE;
    PetscFinalized(&finalized);
    if (finalized)
      return;
    KSPDestroy(&solver);
    MatDestroy(&matrix);
    VecDestroy(&right_side);
    VecDestroy(&solution);
  }

  /// Number of a lattice node among all.
  std::int32_t row_of(std::uint64_t id) const
  {
    return static_cast<std::int32_t>(std::lower_bound(ids.begin(), ids.end(), id) - ids.begin());
  }
  void number(const Level& level);
  void assemble(const Level& level);
  void add(int row, int column, double value);
  void factor();
};

void Coarsest::System::number(const Level& level)
{
  owned = level.nodes.owned;
  std::vector<std::uint64_t> own_ids;
  for (std::int32_t n = 0; n < owned; ++n)
    own_ids.push_back(lattice_id(level, n));
  const std::vector<std::uint64_t> in_rank_order = gather_all(own_ids, comm);
  ids = in_rank_order;
  std::sort(ids.begin(), ids.end());
  for (const std::uint64_t id : in_rank_order)
    all_owned.push_back(row_of(id));
  for (std::int32_t n = 0; n < level.nodes.count; ++n)
    global.push_back(row_of(lattice_id(level, n)));

  const auto ranks = static_cast<std::size_t>(size(comm));
  counts.resize(ranks);
  starts.assign(ranks, 0);
  const int values = 3 * owned;
  MPI_Allgather(&values, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  for (std::size_t r = 1; r < ranks; ++r)
    starts[r] = starts[r - 1] + counts[r - 1];

  std::vector<std::int32_t> fixed;
  for (const std::size_t component : level.constraints.fixed)
    fixed.push_back(3 * global[component / 3] + static_cast<std::int32_t>(component % 3));
  is_fixed.assign(3 * ids.size(), false);
  for (const std::int32_t component : gather_all(fixed, comm))
    is_fixed[static_cast<std::size_t>(component)] = true;
}

void Coarsest::System::add(int row, int column, double value)
{
  if (!is_fixed[static_cast<std::size_t>(row)] && !is_fixed[static_cast<std::size_t>(column)])
    petsc::check(MatSetValue(matrix, row, column, value, ADD_VALUES), "filling the coarse matrix");
}

void Coarsest::System::assemble(const Level& level)
{
  std::vector<VoxelPart> parts = voxel_parts(level);
  std::vector<SpringPart> springs;
  for (const Spring& spring : level.constraints.springs)
    springs.push_back({lattice_id(level, spring.node), spring.stiffness});

  const ElementMatrix of_lambda = element_matrix(level.bricks.spacing, 1, 0);
  const ElementMatrix of_mu = element_matrix(level.bricks.spacing, 0, 1);
  for (const VoxelPart& part : gather_all(parts, comm))
  {
    int row[24];
    for (int n = 0; n < 24; ++n)
      row[n] = 3 * row_of(part.corner[n / 3]) + n % 3;
    for (std::size_t a = 0; a < 24; ++a)
      for (std::size_t b = 0; b < 24; ++b)
        add(row[a], row[b], part.lambda * of_lambda[24 * a + b] + part.mu * of_mu[24 * a + b]);
  }
  for (const SpringPart& spring : gather_all(springs, comm))
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
      {
        Vec3 unit;
        unit[static_cast<std::size_t>(b)] = 1;
        const Vec3 column = spring.stiffness * unit;
        const int first = 3 * row_of(spring.node);
        add(first + a, first + b, column[static_cast<std::size_t>(a)]);
      }
  for (std::size_t c = 0; c < is_fixed.size(); ++c)
    if (is_fixed[c])
      petsc::check(MatSetValue(matrix, static_cast<int>(c), static_cast<int>(c), 1, ADD_VALUES),
                   "filling the coarse matrix");
  petsc::check(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY), "assembling the coarse matrix");
  petsc::check(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY), "assembling the coarse matrix");
}

void Coarsest::System::factor()
{
  PC preconditioner = nullptr;
  petsc::check(KSPCreate(MPI_COMM_SELF, &solver), "creating the coarse solver");
  petsc::check(KSPSetOperators(solver, matrix, matrix), "setting up the coarse solver");
  petsc::check(KSPSetType(solver, KSPPREONLY), "setting up the coarse solver");
  petsc::check(KSPGetPC(solver, &preconditioner), "setting up the coarse solver");
  petsc::check(PCSetType(preconditioner, PCCHOLESKY), "setting up the coarse solver");
  petsc::check(PCFactorSetMatOrderingType(preconditioner, MATORDERINGND), "ordering");
  // Parts that several corners hold may hang on a single one on a coarse grid: a zero pivot is
  // shifted instead of failing.
  petsc::check(PCFactorSetShiftType(preconditioner, MAT_SHIFT_POSITIVE_DEFINITE), "setting up");
  petsc::check(KSPSetUp(solver), "factoring the coarsest grid");
}

Coarsest::Coarsest(const Level& level, MPI_Comm comm) : system_(std::make_unique<System>())
{
  petsc::start();
  System& s = *system_;
  s.comm = comm;
  s.number(level);
  const int unknowns = static_cast<int>(s.is_fixed.size());
  petsc::check(MatCreateSeqAIJ(MPI_COMM_SELF, unknowns, unknowns, 81, nullptr, &s.matrix),
               "creating the coarse matrix");
  s.assemble(level);
  petsc::check(MatSetOption(s.matrix, MAT_SPD, PETSC_TRUE), "setting up the coarse matrix");
  petsc::check(MatCreateVecs(s.matrix, &s.solution, &s.right_side), "creating coarse vectors");
  s.factor();
}

Coarsest::~Coarsest() = default;
Coarsest::Coarsest(Coarsest&&) noexcept = default;
Coarsest& Coarsest::operator=(Coarsest&&) noexcept = default;

void Coarsest::solve(const std::vector<float>& b, std::vector<float>& x) const
{
  const System& s = *system_;
  std::vector<float> all(s.is_fixed.size());
  MPI_Allgatherv(b.data(), 3 * s.owned, MPI_FLOAT, all.data(), s.counts.data(), s.starts.data(),
                 MPI_FLOAT, s.comm);
  double* right_side = nullptr;
  petsc::check(VecGetArrayWrite(s.right_side, &right_side), "filling the coarse right-hand side");
  for (std::size_t v = 0; v < all.size(); ++v)
  {
    const std::size_t row = 3 * static_cast<std::size_t>(s.all_owned[v / 3]) + v % 3;
    right_side[row] = s.is_fixed[row] ? 0 : static_cast<double>(all[v]);
  }
  petsc::check(VecRestoreArrayWrite(s.right_side, &right_side), "filling the coarse side");
  petsc::check(KSPSolve(s.solver, s.right_side, s.solution), "solving on the coarsest grid");

  const double* solution = nullptr;
  petsc::check(VecGetArrayRead(s.solution, &solution), "reading the coarse solution");
  x.assign(b.size(), 0);
  for (std::size_t n = 0; n < s.global.size(); ++n)
    for (std::size_t c = 0; c < 3; ++c)
      x[3 * n + c] = static_cast<float>(solution[3 * static_cast<std::size_t>(s.global[n]) + c]);
  petsc::check(VecRestoreArrayRead(s.solution, &solution), "reading the coarse solution");
}

} // namespace calcar::voxel
