#pragma once

#include <vector>

namespace calcar::voxel
{

/// An approximate inverse z = M^-1 b in single precision: symmetric, positive, zero at fixed
/// components.
class Preconditioner
{
public:
  virtual ~Preconditioner() = default;

  /// b of the next application, on the finest level; zero at fixed components.
  virtual std::vector<float>& right_side() = 0;

  /// As many doubles as b has values, which nobody else uses between two applications.
  virtual std::vector<double>& borrowed() = 0;

  /// Applies it to right_side(); the answer stays valid until the next call. Collective.
  virtual const std::vector<float>& cycle() = 0;

protected:
  Preconditioner() = default;
  Preconditioner(const Preconditioner&) = default;
  Preconditioner(Preconditioner&&) = default;
  Preconditioner& operator=(const Preconditioner&) = default;
  Preconditioner& operator=(Preconditioner&&) = default;
};

} // namespace calcar::voxel
