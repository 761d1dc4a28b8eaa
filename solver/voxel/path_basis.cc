#include "base/provenance.hpp"
#include "voxel/kept_path.hpp"

#include <type_traits>

namespace calcar::voxel
{
namespace
{
/// Bytes of plain numbers, one after the other without gaps.
class Bytes
{
public:
  template <typename Number>
  Bytes& operator<<(Number number)
  {
    static_assert(std::is_arithmetic_v<Number>);
    text_.append(reinterpret_cast<const char*>(&number), sizeof number);
    return *this;
  }
  Bytes& operator<<(const Vec3& v) { return *this << v.x << v.y << v.z; }
  Bytes& operator<<(const model::NodeIndex& n) { return *this << n.i << n.j << n.k; }
  Bytes& operator<<(const SymTensor& t)
  {
    return *this << t.xx << t.yy << t.zz << t.yz << t.zx << t.xy;
  }
  std::string digest() const { return sha256_of_text(text_); }

private:
  std::string text_;
};

std::string digest_of(const model::VoxelBody& body)
{
  Bytes bytes;
  const image::Grid& grid = body.grid;
  for (std::size_t axis = 0; axis < 3; ++axis)
    bytes << grid.size[axis];
  bytes << grid.origin << grid.spacing;
  for (const Vec3 along : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}})
    bytes << grid.direction * along;
  for (std::size_t v = 0; v < body.voxels.size(); ++v)
    bytes << body.voxels[v] << body.youngs[v] << body.poisson[v];
  return bytes.digest();
}

std::string digest_of(const model::VoxelPlasticity& plasticity)
{
  Bytes bytes;
  for (const model::YieldKind& kind : plasticity.kinds)
    bytes << kind.surface.b << kind.surface.c << kind.damage.most << kind.damage.rate;
  for (const model::VoxelYield& y : plasticity.voxels)
    bytes << y.first << y.plateau << y.slope << y.last << y.rate << y.kind;
  return bytes.digest();
}

std::string digest_of(const model::VoxelSupports& supports)
{
  Bytes bytes;
  for (const model::FixedComponent& fixed : supports.fixed)
    bytes << fixed.node << fixed.axis << fixed.displacement;
  for (const model::NodeSpring& spring : supports.springs)
    bytes << spring.node << spring.stiffness;
  return bytes.digest();
}

std::string digest_of(const PathLoad& load)
{
  Bytes bytes;
  bytes << load.size;
  for (const model::NodalForce& force : load.forces)
    bytes << force.node << force.force;
  return bytes.digest();
}

std::string digest_of(const EquilibriumOptions& options)
{
  return (Bytes() << static_cast<int>(options.points) << options.averaging_mm
                  << options.relative_residual)
      .digest();
}
} // namespace

PathBasis basis_of(const model::VoxelBody& body, const model::VoxelPlasticity& plasticity,
                   const model::VoxelSupports& supports, const PathLoad& load,
                   const EquilibriumOptions& options)
{
  return {digest_of(body), digest_of(plasticity), digest_of(supports), digest_of(load),
          digest_of(options)};
}

} // namespace calcar::voxel
