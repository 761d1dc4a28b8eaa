#pragma once

namespace calcar::voxel
{

/**
 * Tells when going on from the true residual no longer helps. A Krylov method updates its residual
 * step by step, and rounding makes that one smaller than the true one; each time it arrives, the
 * iteration begins again from the true one. Three such restarts that do not halve it are the limit
 * of double precision: one alone may have been as near to the goal as to the start.
 */
class RoundingLimit
{
public:
  /// `start` is the norm of the residual at the start.
  explicit RoundingLimit(double start) : last_(start) {}

  /// Takes the norm of the true residual at a restart; true when the limit is reached.
  bool reached(double norm)
  {
    futile_ += norm > 0.5 * last_;
    last_ = norm;
    return futile_ == most_futile;
  }

private:
  static constexpr int most_futile = 3;
  double last_;
  int futile_ = 0;
};

} // namespace calcar::voxel
