#include "voxel/assembled.hpp"

#include "base/parallel.hpp"
#include "petsc/session.hpp"
#include "voxel/element_matrix.hpp"

#include <array>

namespace calcar::voxel
{
namespace
{

/// 27 nodes lie around a node.
constexpr PetscInt row_entries = 81;

petsc::Matrix make_matrix(const Nodes& nodes, MPI_Comm comm)
{
  const char* step = "creating the assembled matrix";
  petsc::Matrix matrix;
  const PetscInt rows = 3 * nodes.owned;
  petsc::check(MatCreate(comm, matrix.out()), step);
  petsc::check(MatSetSizes(matrix, rows, rows, PETSC_DETERMINE, PETSC_DETERMINE), step);
  petsc::check(MatSetType(matrix, MATAIJ), step);
  petsc::check(MatSetBlockSize(matrix, 3), step);
  petsc::check(MatSeqAIJSetPreallocation(matrix, row_entries, nullptr), step);
  petsc::check(MatMPIAIJSetPreallocation(matrix, row_entries, nullptr, row_entries, nullptr), step);
  petsc::check(MatSetOption(matrix, MAT_ROW_ORIENTED, PETSC_TRUE), step);
  return matrix;
}

void add_voxels(const Level& level, const std::vector<PetscInt>& row, Mat matrix)
{
  const ElementMatrix of_lambda = element_matrix(level.bricks.spacing, 1, 0);
  const ElementMatrix of_mu = element_matrix(level.bricks.spacing, 0, 1);
  ElementMatrix element;
  for (std::size_t v = 0; v < level.bricks.mu.size(); ++v)
  {
    if (!(level.bricks.mu[v] > 0))
      continue;
    const auto lambda = static_cast<double>(level.bricks.lambda[v]);
    const auto mu = static_cast<double>(level.bricks.mu[v]);
    for (std::size_t n = 0; n < element.size(); ++n)
      element[n] = lambda * of_lambda[n] + mu * of_mu[n];
    const auto at = voxel_indices(static_cast<int>(v % brick_voxels));
    const std::int32_t* table = level.nodes.table.data() + v / brick_voxels * brick_nodes;
    std::array<PetscInt, 8> blocks;
    for (int corner = 0; corner < 8; ++corner)
    {
      const std::int32_t node = table[node_position(at[0] + (corner & 1), at[1] + (corner >> 1 & 1),
                                                    at[2] + (corner >> 2))];
      blocks[static_cast<std::size_t>(corner)] = row[static_cast<std::size_t>(node)] / 3;
    }
    petsc::check(
        MatSetValuesBlocked(matrix, 8, blocks.data(), 8, blocks.data(), element.data(), ADD_VALUES),
        "adding a voxel");
  }
}

void add_springs(const Level& level, const std::vector<PetscInt>& row, Mat matrix)
{
  for (const Spring& spring : level.constraints.springs)
  {
    const PetscInt block = row[static_cast<std::size_t>(spring.node)] / 3;
    std::array<double, 9> entries;
    for (std::size_t c = 0; c < 3; ++c)
    {
      Vec3 unit;
      unit[c] = 1;
      const Vec3 column = spring.stiffness * unit;
      for (std::size_t r = 0; r < 3; ++r)
        entries[3 * r + c] = column[r];
    }
    petsc::check(MatSetValuesBlocked(matrix, 1, &block, 1, &block, entries.data(), ADD_VALUES),
                 "adding a spring");
  }
}

void add_pressed(const Level& level, const std::vector<PetscInt>& row, Mat matrix)
{
  ElementMatrix element;
  for (const PressedVoxel& voxel : level.pressed)
  {
    std::array<PetscInt, 8> blocks;
    std::array<double, 24> part;
    for (std::size_t c = 0; c < 8; ++c)
    {
      blocks[c] = row[static_cast<std::size_t>(voxel.nodes[c])] / 3;
      for (std::size_t axis = 0; axis < 3; ++axis)
        part[3 * c + axis] = voxel.weights[c] * voxel.normal[axis];
    }
    for (std::size_t p = 0; p < 24; ++p)
      for (std::size_t q = 0; q < 24; ++q)
        element[24 * p + q] = voxel.stiffness * part[p] * part[q];
    petsc::check(
        MatSetValuesBlocked(matrix, 8, blocks.data(), 8, blocks.data(), element.data(), ADD_VALUES),
        "adding a pressed voxel");
  }
}

} // namespace

std::vector<PetscInt> first_rows(const Nodes& nodes, MPI_Comm comm)
{
  PetscInt before = 0;
  const PetscInt own = nodes.owned;
  MPI_Exscan(&own, &before, 1, MPIU_INT, MPI_SUM, comm);
  if (is_root(comm))
    before = 0; // left undefined by MPI
  // The owner's number reaches the copies as a sum with zeros; double holds it exactly.
  std::vector<double> numbers(nodes.values(), 0);
  for (std::int32_t n = 0; n < nodes.owned; ++n)
    numbers[3 * static_cast<std::size_t>(n)] = 3.0 * (before + n);
  nodes.exchange.sum(numbers.data());
  std::vector<PetscInt> rows;
  for (std::int32_t n = 0; n < nodes.count; ++n)
    rows.push_back(static_cast<PetscInt>(numbers[3 * static_cast<std::size_t>(n)]));
  return rows;
}

petsc::Matrix assemble(const Level& level, MPI_Comm comm)
{
  const std::vector<PetscInt> row = first_rows(level.nodes, comm);
  petsc::Matrix matrix = make_matrix(level.nodes, comm);
  add_voxels(level, row, matrix);
  add_springs(level, row, matrix);
  add_pressed(level, row, matrix);
  petsc::check(MatAssemblyBegin(matrix, MAT_FINAL_ASSEMBLY), "assembling the matrix");
  petsc::check(MatAssemblyEnd(matrix, MAT_FINAL_ASSEMBLY), "assembling the matrix");
  return matrix;
}

petsc::Matrix eliminate_fixed(const Level& level, Mat full, MPI_Comm comm)
{
  const std::vector<PetscInt> row = first_rows(level.nodes, comm);
  std::vector<PetscInt> fixed;
  for (const std::size_t component : level.constraints.fixed)
    if (component < 3 * static_cast<std::size_t>(level.nodes.owned))
      fixed.push_back(row[component / 3] + static_cast<PetscInt>(component % 3));
  petsc::Matrix matrix;
  petsc::check(MatDuplicate(full, MAT_COPY_VALUES, matrix.out()), "copying the assembled matrix");
  petsc::check(MatZeroRowsColumns(matrix, static_cast<PetscInt>(fixed.size()), fixed.data(), 1.0,
                                  nullptr, nullptr),
               "eliminating the fixed components");
  return matrix;
}

} // namespace calcar::voxel
