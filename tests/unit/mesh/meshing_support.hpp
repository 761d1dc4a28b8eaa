#pragma once

#include "mesh/tetrahedra.hpp"
#include "refusal.hpp"

#include <string>
#include <vector>

// What the tests of the meshers have in common.

namespace calcar::test
{

/// The same edge length everywhere.
inline mesh::MeshSizes sizes_of(double edge_mm)
{
  mesh::MeshSizes sizes;
  sizes.edge_mm = sizes.surface_mm = sizes.lesion_mm = edge_mm;
  sizes.approximation_mm = 0.05 * edge_mm;
  return sizes;
}

/// Refused as a fault of meshing, with all of these parts of a message.
template <typename Make>
void check_refused(const Make& make, const std::vector<std::string>& parts)
{
  const std::string said = refusal_of(make, Fault::meshing);
  for (const std::string& part : parts)
    CHECK_THAT(said, Catch::Contains(part));
}

} // namespace calcar::test
