#include "solid/cell_integrals.hpp"

#include <array>

namespace calcar::solid
{
namespace
{

/// volume * tangent * B_n: columns are the three components of the node's displacement.
using StressColumns = std::array<Vec3, 6>;

StressColumns stress_columns(const Tangent& tangent, double volume, Vec3 g)
{
  StressColumns columns;
  for (std::size_t i = 0; i < 6; ++i)
  {
    const auto& d = tangent[i];
    columns[i] =
        volume * Vec3{d[0] * g.x + d[4] * g.z + d[5] * g.y, d[1] * g.y + d[3] * g.z + d[5] * g.x,
                      d[2] * g.z + d[3] * g.y + d[4] * g.x};
  }
  return columns;
}

} // namespace

SymTensor strain_of(std::span<const Vec3> gradients, std::span<const Vec3> displacements)
{
  SymTensor strain;
  for (std::size_t n = 0; n < gradients.size(); ++n)
  {
    const Vec3& g = gradients[n];
    const Vec3& u = displacements[n];
    strain.xx += u.x * g.x;
    strain.yy += u.y * g.y;
    strain.zz += u.z * g.z;
    strain.yz += 0.5 * (u.y * g.z + u.z * g.y);
    strain.zx += 0.5 * (u.z * g.x + u.x * g.z);
    strain.xy += 0.5 * (u.x * g.y + u.y * g.x);
  }
  return strain;
}

void add_forces(std::span<const Vec3> gradients, double volume, const SymTensor& stress,
                std::span<Vec3> forces)
{
  for (std::size_t n = 0; n < gradients.size(); ++n)
    forces[n] += volume * (stress * gradients[n]);
}

void add_stiffness(std::span<const Vec3> gradients, double volume, const Tangent& tangent,
                   std::vector<double>& matrix)
{
  const std::size_t nodes = gradients.size();
  const std::size_t width = 3 * nodes;
  for (std::size_t b = 0; b < nodes; ++b)
  {
    const StressColumns s = stress_columns(tangent, volume, gradients[b]);
    for (std::size_t a = 0; a <= b; ++a)
    {
      const Vec3& g = gradients[a];
      const Vec3 rows[3] = {g.x * s[0] + g.z * s[4] + g.y * s[5],
                            g.y * s[1] + g.z * s[3] + g.x * s[5],
                            g.z * s[2] + g.y * s[3] + g.x * s[4]};
      double* entry = matrix.data() + 3 * a * width + 3 * b;
      for (const Vec3& row : rows)
      {
        entry[0] += row.x;
        entry[1] += row.y;
        entry[2] += row.z;
        entry += width;
      }
    }
  }
}

void mirror(std::size_t rows, std::vector<double>& matrix)
{
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < i; ++j)
      matrix[i * rows + j] = matrix[j * rows + i];
}

} // namespace calcar::solid
