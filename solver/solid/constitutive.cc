#include "solid/constitutive.hpp"

namespace calcar::solid
{
namespace
{

PointResponse hooke(double youngs, double poisson, const SymTensor& strain)
{
  const double mu = youngs / (2 * (1 + poisson));
  const double lambda = youngs * poisson / ((1 + poisson) * (1 - 2 * poisson));
  const double pressure = lambda * trace(strain);
  PointResponse response;
  response.stress = 2 * mu * strain + SymTensor{pressure, pressure, pressure, 0, 0, 0};
  for (std::size_t i = 0; i < 3; ++i)
  {
    for (std::size_t j = 0; j < 3; ++j)
      response.tangent[i][j] = i == j ? lambda + 2 * mu : lambda;
    response.tangent[i + 3][i + 3] = mu;
  }
  return response;
}

} // namespace

Law linear_elasticity()
{
  Law law;
  law.properties = 2;
  law.respond = [](std::span<const double> properties, const SymTensor& strain,
                   std::span<const double>, std::span<double>)
  { return hooke(properties[0], properties[1], strain); };
  return law;
}

} // namespace calcar::solid
