#pragma once

#include "base/symmetric_tensor.hpp"
#include "solid/body.hpp"
#include "solid/elements.hpp"
#include "solid/field.hpp"
#include "solid/numbering.hpp"

#include <mpi.h>

#include <cstdint>
#include <vector>

namespace calcar::solid
{

/// The supports as a rank sees them; components are 3 n + c of local node n.
struct Restraints
{
  /// A spring at an own node.
  struct Spring
  {
    std::uint32_t node;
    SymTensor stiffness;
    int support;
  };

  std::vector<char> fixed;        ///< of the components of own nodes and ghosts
  std::vector<double> prescribed; ///< of own components, mm; 0 where free
  std::vector<int> support;       ///< that fixes an own component; -1 where free
  std::vector<Spring> springs;
  std::size_t supports = 0; ///< how many there are
};

/// Collective; supports are read on rank 0. A component that several supports fix counts as that
/// of the first of them.
Restraints spread_supports(const Supports& supports, const Elements& elements,
                           const Numbering& numbering, MPI_Comm comm);

} // namespace calcar::solid
