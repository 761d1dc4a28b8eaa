#pragma once

#include "voxel/aggregation.hpp"
#include "voxel/boundary.hpp"
#include "voxel/conjugate_gradients.hpp"
#include "voxel/contact_layer.hpp"
#include "voxel/earlier_solutions.hpp"
#include "voxel/engine.hpp"
#include "voxel/multigrid.hpp"
#include "voxel/petsc_reference.hpp"
#include "voxel/runs.hpp"
#include "voxel/spread.hpp"

#include <optional>
#include <vector>

namespace calcar::voxel
{

/// What an engine holds: the body on its ranks and what solves it. How a system is solved, and with
/// which coarse space, is in engine_systems.cc.
struct Engine::State
{
  MPI_Comm comm = MPI_COMM_NULL;
  Options options;
  image::Grid grid;          ///< rank 0
  OffsetSet nodes;           ///< rank 0: lattice numbers of all
  Distribution distribution; ///< rank 0
  Held held;
  int supports = 0;
  std::uint64_t unknowns = 0;
  std::optional<Multigrid> multigrid;
  std::optional<Aggregation> aggregation; ///< once it has taken over
  std::optional<ContactLayer> contact;    ///< of a body that has any
  bool cycles_alone = false;              ///< aggregates broke down on this body
  PressedSet aggregated;                  ///< what the aggregates take to be pressed
  EarlierSolutions earlier;
  std::optional<SolverReference> reference; ///< assembled at the first check

  ~State()
  {
    reference.reset();
    aggregation.reset();
    multigrid.reset();
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (!finalized && comm != MPI_COMM_NULL)
      MPI_Comm_free(&comm);
  }

  void build(const model::VoxelBody& body, const model::VoxelSupports& given,
             const model::VoxelContact& given_contact);
  Solution solve(const std::vector<model::NodalForce>& forces, double scale, int loads_left);
  SolveReport solve_local(const std::vector<LocalForce>& forces, std::vector<double>& u,
                          int loads_left);
  SolveReport solve_with_contact(const std::vector<LocalForce>& forces, std::vector<double>& u,
                                 int loads_left);
  SolveReport solve_by_multigrid(const std::vector<LocalForce>& forces, std::vector<double>& u,
                                 const Course& course, const Options& how, int loads_left);
  bool begin_with_aggregates() const;
  void build_aggregation();
  void renew_aggregation(const PressedSet& set);
  void back_to_cycles();
  SolveReport solve_pressed(const PressedSet& set, const std::vector<LocalForce>& forces,
                            std::vector<double>& u, const Course& course, const Options& how,
                            int loads_left);
  void check(const std::vector<LocalForce>& forces, const std::vector<double>& start,
             const std::vector<double>& u, SolveReport& report);
};

} // namespace calcar::voxel
