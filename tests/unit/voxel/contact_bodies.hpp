#pragma once

#include "model/voxel_contact.hpp"
#include "unit/voxel/bodies.hpp"

#include <cmath>
#include <functional>
#include <utility>

/// Bodies with contact voxels for the tests of the voxel engine.
namespace bodies
{

using calcar::model::ContactVoxel;
using calcar::model::VoxelContact;

/// A bar along k: what its cross-section is made of. Poisson ratio 0, so that beam theory holds to
/// the clamp.
struct Section
{
  int width = 0, height = 0; ///< voxels along i and j
  /// Modulus in MPa of voxel (i, j, k); 0 is void; contact counts as well.
  Modulus youngs;
  /// Normal of a contact voxel; of length 0 where there is none.
  std::function<Vec3(int, int, int)> normal = [](int, int, int) { return Vec3{}; };
};

struct Bar
{
  VoxelBody body;
  VoxelContact contact;
};

inline Bar bar(const Section& section, int length, double pressed = 2000, double loose = 0.01)
{
  Bar result;
  result.body = body({section.width, section.height, length}, {1, 1, 1}, section.youngs, 0);
  for (const std::uint64_t voxel : result.body.voxels)
  {
    const auto at = indices(result.body, voxel);
    const Vec3 n = section.normal(at[0], at[1], at[2]);
    if (norm(n) > 0)
      result.contact.voxels.push_back(
          {voxel, n / norm(n), static_cast<float>(pressed), static_cast<float>(loose)});
  }
  return result;
}

/// A rod in a tube, round or square, about the middle of a square section. Between them a ring of
/// all voxels that touch the rod, be it with an edge: contact, or with `bonded` of the tube's
/// modulus. `tied(k)`: the ring is bonded there, by the rod's modulus.
struct RodInTube
{
  double rod = 4, outer = 9; ///< radii, of squares half their edges, mm
  bool square = false;
  double rod_MPa = 110000, tube_MPa = 17000;
  bool bonded = false;
  std::function<bool(int)> tied = [](int) { return false; };

  int width() const { return 2 * static_cast<int>(std::ceil(outer)); }

  Vec3 from_axis(int i, int j) const
  {
    return {i + 0.5 - 0.5 * width(), j + 0.5 - 0.5 * width(), 0};
  }

  double radius(int i, int j) const
  {
    const Vec3 r = from_axis(i, j);
    return square ? std::max(std::abs(r.x), std::abs(r.y)) : norm(r);
  }

  bool in_rod(int i, int j) const { return radius(i, j) < rod; }

  bool in_ring(int i, int j) const
  {
    bool touches = false;
    for (int n = 0; n < 9; ++n)
      touches = touches || in_rod(i + n % 3 - 1, j + n / 3 - 1);
    return touches && !in_rod(i, j);
  }

  bool in_tube(int i, int j) const
  {
    return !in_rod(i, j) && !in_ring(i, j) && radius(i, j) < outer;
  }

  Section section() const
  {
    Section s{width(), width(), {}};
    s.youngs = [*this](int i, int j, int k)
    {
      if (radius(i, j) >= outer)
        return 0.0;
      return in_rod(i, j) || (in_ring(i, j) && tied(k)) ? rod_MPa : tube_MPa;
    };
    s.normal = [*this](int i, int j, int k)
    { return !bonded && in_ring(i, j) && !tied(k) ? from_axis(i, j) : Vec3{}; };
    return s;
  }
};

/// Shares of one newton among the nodes of plane k, as `weight` of a voxel in layer `layer` says
/// for its corners, times `arm` of the node.
inline std::vector<NodalForce> plane_load(const VoxelBody& b, int k, int layer, Vec3 force,
                                          const std::function<double(int, int)>& weight,
                                          const std::function<double(NodeIndex)>& arm)
{
  std::vector<NodalForce> load;
  double sum = 0;
  for_nodes(b,
            [&](NodeIndex node, int)
            {
              if (node.k != k)
                return;
              double share = 0;
              for (int n = 0; n < 4; ++n)
              {
                const int i = node.i - (n & 1), j = node.j - (n >> 1);
                if (b.grid.contains(i, j, layer))
                  share += weight(i, j);
              }
              if (share == 0)
                return;
              sum += share * arm(node) * arm(node);
              load.push_back({node, share * arm(node) * force});
            });
  for (NodalForce& one : load)
    one.force = one.force / sum;
  return load;
}

} // namespace bodies
