#pragma once

#include "model/voxel_body.hpp"
#include "model/voxel_plasticity.hpp"
#include "voxel/boundary.hpp"
#include "voxel/multigrid.hpp"
#include "voxel/neighbourhood.hpp"
#include "voxel/plastic_points.hpp"
#include "voxel/spread.hpp"

#include <mpi.h>

#include <optional>
#include <vector>

namespace calcar::voxel
{

/// How an equilibrium is sought.
struct EquilibriumOptions
{
  Points points = Points::centre;
  double averaging_mm = 3;         ///< of the accumulated strain that softens; 0: a voxel's own
  double relative_residual = 1e-3; ///< forces out of balance over the load's
  int most_iterations = 25;        ///< of Newton's method
};

/// What finding an equilibrium took.
struct EquilibriumReport
{
  bool found = false;
  int newton = 0;      ///< iterations
  int linear = 0;      ///< iterations of conjugate gradients in all
  double residual = 0; ///< reached, relative
};

/// Fields of a yielding body on rank 0, voxels in the order of VoxelBody, nodes in node_set()'s.
struct YieldingFields
{
  std::vector<double> accumulated; ///< accumulated plastic strain of each voxel
  std::vector<double> left;        ///< yield stress now over the first; 1 where it did not fall
  std::vector<double> yielded_at;  ///< number of the equilibrium, from 1, at which it had yielded
  std::vector<double> softened_at; ///< at which its yield stress had fallen; 0: it has not
  std::vector<SymTensor> strain;   ///< at the centres
  std::vector<Vec3> displacement;  ///< mm
};

/// Where a yielding body stands, whole on rank 0: enough to go on from, on any number of ranks.
struct Standing
{
  double drive = 0;
  int equilibria = 0;                          ///< so far
  std::vector<Vec3> displacement;              ///< of the nodes
  std::vector<double> yielded_at, softened_at; ///< as in YieldingFields
  std::vector<std::vector<double>> states;     ///< [7 per point: plastic strain, kappa][voxel]
};

/**
 * A body of voxels that yields, under one load, at one equilibrium after another.
 *
 * The load is driven from outside by one number. Forces act through a spring of a tenth of the
 * body's own compliance whose far end the drive moves,
 *
 *   factor = k (drive - forces . u / c),   k = 10,   c = forces . u of the elastic body at factor
 * 1,
 *
 * so that their factor is what equilibrium makes of it and may fall; prescribed displacements are
 * multiplied by it. Equilibria are sought by Newton's method with line search on the true residual;
 * its linear systems, with the tangent at held softening, which is symmetric and not negative, are
 * solved by conjugate gradients with the V-cycle of the secant moduli.
 *
 * Collective throughout; what is given is read on rank 0.
 */
class YieldingBody
{
public:
  /// Throws what voxel::Engine throws for bodies and supports.
  YieldingBody(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
               const model::VoxelSupports& supports, MPI_Comm comm);

  /// Puts a load on the elastic body, `forces` at factor 1 or, without any, the supports'
  /// prescribed displacements. Forgets all that came before. The first trial is the elastic answer
  /// at factor 1.
  void load(const std::vector<model::NodalForce>& forces, const EquilibriumOptions& options);

  /// The drive at which the first point yields when nothing has, and the trial scaled to it; 0 when
  /// nothing can yield.
  double to_first_yield();

  /// Goes from the last equilibrium towards the drive `to`: along the way from the equilibrium
  /// before it, then by Newton's method.
  EquilibriumReport move(double to);

  /// Takes the trial as the last equilibrium.
  void accept();
  /// Goes back to the last equilibrium.
  void go_back();
  /// Makes the preconditioner anew for the present moduli.
  void renew();

  double drive() const { return last_.drive; } ///< of the last equilibrium

  // Of the trial:
  double factor() const { return factor_; } ///< of the forces; without any: force x displacement
  /// forces . u, N mm; without forces the drive.
  double work_displacement();
  double yielded_mm3();
  double softened_mm3(); ///< of the voxels that flowed: those whose yield stress falls
  YieldingFields fields();
  Standing standing();
  void stand(const Standing& at); ///< after load(); accepted as the last equilibrium

  bool by_forces() const { return by_forces_; }
  const OffsetSet& node_set() const { return nodes_; } ///< rank 0
  MPI_Comm comm() const { return comm_; }

private:
  struct Kept
  {
    std::vector<double> u;
    double drive = 0;
  };

  Level& level() { return multigrid_->finest(); }
  double sum(double value) const;
  double forces_times(const std::vector<double>& u);
  std::vector<double> softening_strain();
  bool has_softened(std::size_t voxel, double own, double by) const;
  void set_drive(double to);
  void balance();
  void weigh_reactions();
  double relative_residual() const;
  void add_to_product(const float* p, double* q);
  double search_line(const std::vector<double>& start, const std::vector<double>& change);

  MPI_Comm comm_;
  image::Grid grid_; ///< rank 0
  OffsetSet nodes_;  ///< rank 0
  Distribution distribution_;
  Held held_;
  std::vector<model::VoxelYield> yields_; ///< of this rank's voxels
  std::vector<model::YieldKind> kinds_;
  std::vector<double> yielded_at_, softened_at_;
  int equilibria_ = 0; ///< accepted since the load was put on
  std::optional<Multigrid> multigrid_;

  EquilibriumOptions options_;
  std::vector<LocalForce> forces_;
  bool by_forces_ = true;
  double compliance_ = 1; ///< forces . u of the elastic body at factor 1, N mm
  std::optional<PlasticPoints> points_;
  std::optional<Neighbourhood> neighbourhood_;

  Kept last_, before_; ///< the last two equilibria
  double drive_ = 0;   ///< of the trial
  std::vector<double> u_;
  std::vector<double> residual_;
  double out_of_balance_ = 0; ///< norm of the residual, N
  double size_ = 1;           ///< of the load at factor 1, or of the reactions: what it is small to
  double factor_ = 0;
};

} // namespace calcar::voxel
