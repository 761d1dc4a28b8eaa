#pragma once

#include "base/large_pages.hpp"

#include <cstddef>
#include <vector>

namespace calcar::voxel
{

/**
 * Work vectors of one level in a cycle, single precision. The two that hold nothing between cycles
 * are one block, which conjugate gradients borrow for a vector in double precision: a product of
 * the direction with K lives only between cycles.
 */
struct CycleVectors
{
  std::vector<float> x;
  std::vector<float> b;
  std::vector<double> block; ///< as many doubles as x has values

  /// The direction of the smoother, as many values as x.
  float* d() { return reinterpret_cast<float*>(block.data()); }
  /// A product with K, or a residual, as many values as x.
  float* t() { return d() + block.size(); }

  /// Sizes all that are not yet; new values are 0.
  void prepare(std::size_t values)
  {
    for (std::vector<float>* vector : {&x, &b})
      reserve_on_large_pages(*vector, values);
    reserve_on_large_pages(block, values);
    x.resize(values);
    b.resize(values);
    block.resize(values);
  }
  /// Gives the memory back.
  void release()
  {
    for (std::vector<float>* vector : {&x, &b})
      std::vector<float>().swap(*vector);
    std::vector<double>().swap(block);
  }
};

} // namespace calcar::voxel
