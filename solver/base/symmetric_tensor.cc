#include "base/symmetric_tensor.hpp"

#include <deal.II/base/symmetric_tensor.h>

namespace calcar
{
namespace
{
dealii::SymmetricTensor<2, 3> to_dealii(const SymTensor& tensor)
{
  dealii::SymmetricTensor<2, 3> result;
  result[0][0] = tensor.xx;
  result[1][1] = tensor.yy;
  result[2][2] = tensor.zz;
  result[1][2] = tensor.yz;
  result[0][2] = tensor.zx;
  result[0][1] = tensor.xy;
  return result;
}
} // namespace

std::array<double, 3> eigenvalues(const SymTensor& tensor)
{
  return dealii::eigenvalues(to_dealii(tensor));
}

std::array<EigenPair, 3> eigenpairs(const SymTensor& tensor)
{
  // Jacobi rotations: slower than the closed form, accurate where eigenvalues are close.
  const auto pairs =
      dealii::eigenvectors(to_dealii(tensor), dealii::SymmetricTensorEigenvectorMethod::jacobi);
  std::array<EigenPair, 3> result;
  for (unsigned int i = 0; i < 3; ++i)
  {
    const auto& direction = pairs[i].second;
    result[i] = {pairs[i].first, {direction[0], direction[1], direction[2]}};
  }
  return result;
}

} // namespace calcar
