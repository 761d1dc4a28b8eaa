#pragma once

#include "solid/body.hpp"
#include "solid/engine.hpp"
#include "solid/plasticity.hpp"

#include <mpi.h>

#include <array>
#include <memory>
#include <vector>

namespace calcar::solid
{

/// How an equilibrium is sought.
struct EquilibriumOptions
{
  double averaging_mm = 3;         ///< of the accumulated strain that softens; 0: a point's own
  double relative_residual = 1e-3; ///< forces out of balance over the load's
  int most_iterations = 25;        ///< of Newton's method
  Method method = Method::automatic;
};

/// What finding an equilibrium took.
struct EquilibriumReport
{
  bool found = false;
  int newton = 0;      ///< iterations
  int linear = 0;      ///< iterations of conjugate gradients in all
  double residual = 0; ///< reached, relative
};

/// Fields of a yielding body on rank 0, in the order of the mesh's cells and of mesh::nodes_of.
struct YieldingFields
{
  std::vector<double> accumulated; ///< mean accumulated plastic strain of each cell
  std::vector<double> left;        ///< mean yield stress now over the first; 1: it did not fall
  std::vector<double> yielded_at;  ///< number of the equilibrium, from 1, at which half of the
                                   ///< cell's volume had yielded
  std::vector<double> softened_at; ///< at which half of it had softened; 0: it has not
  std::vector<SymTensor> strain;   ///< mean of each cell
  std::vector<Vec3> displacement;  ///< mm
};

/// Where a yielding body stands, whole on rank 0: enough to go on from, on any number of ranks.
struct Standing
{
  double drive = 0;
  int equilibria = 0;             ///< so far
  std::vector<Vec3> displacement; ///< of the nodes
  std::vector<double> yielded_at; ///< of the cells
  std::vector<double> softened_at;
  std::vector<std::array<double, yield_state>> states; ///< of the integration points, by cells
};

/**
 * A body on a mesh that yields, under one load, at one equilibrium after another. The law is asked
 * at the elements' integration points.
 *
 * The load is driven from outside by one number. Forces act through a spring of a tenth of the
 * body's own compliance whose far end the drive moves,
 *
 *   factor = k (drive - forces . u / c),  k = 10,  c = forces . u of the elastic body at factor 1,
 *
 * so that their factor is what equilibrium makes of it and may fall; prescribed displacements are
 * multiplied by it. Equilibria are sought by Newton's method with line search on the true residual
 * and the consistent tangent at held softening, which is symmetric and not negative.
 *
 * A point softens by the accumulated strain of its neighbourhood (NonlocalAverage). That average is
 * of the strains that the law gives at this displacement with the softening of the last
 * equilibrium; the law is then asked again with it.
 *
 * Collective throughout; what is given is read on rank 0.
 */
class YieldingBody
{
public:
  /// Throws what Engine throws for bodies and supports.
  YieldingBody(const SolidBody& body, const CellPlasticity& plasticity, const Supports& supports,
               MPI_Comm comm);
  ~YieldingBody();
  YieldingBody(YieldingBody&&) noexcept;

  /// Puts a load on the elastic body, `forces` at factor 1 or, without any, the supports'
  /// prescribed displacements. Forgets all that came before. The first trial is the elastic answer
  /// at factor 1.
  void load(const std::vector<NodalForce>& forces, const EquilibriumOptions& options);

  /// The drive at which the first point yields when nothing has, and the trial scaled to it; 0 when
  /// nothing can yield.
  double to_first_yield();

  /// Goes from the last equilibrium towards the drive `to`: along the way from the equilibrium
  /// before it, then by Newton's method.
  EquilibriumReport move(double to);

  void accept();        ///< takes the trial as the last equilibrium
  void go_back();       ///< goes back to the last equilibrium
  void renew();         ///< makes the preconditioner anew with the next matrix
  double drive() const; ///< of the last equilibrium

  // Of the trial:
  double factor() const; ///< of the forces; without any: force x displacement
  /// forces . u, N mm; without forces the drive.
  double work_displacement();
  double yielded_mm3();  ///< of the points that flowed
  double softened_mm3(); ///< of these: those whose yield stress falls
  YieldingFields fields();
  Standing standing();
  void stand(const Standing& at); ///< after load(); accepted as the last equilibrium

  bool by_forces() const;
  MPI_Comm comm() const;
  std::uint64_t unknowns() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

} // namespace calcar::solid
