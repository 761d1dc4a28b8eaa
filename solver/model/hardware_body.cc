#include "material/tissue.hpp"
#include "model/hardware.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <stdexcept>

namespace calcar::model
{
namespace
{
/// Where the hardware's grid lies in a body's, which is that grid grown by whole voxels.
class Place
{
public:
  Place(const image::Grid& small, const image::Grid& large) : small_(small), large_(large)
  {
    const Vec3 corner = large.index(small.origin);
    bool fits = true;
    for (std::size_t a = 0; a < 3; ++a)
    {
      shift_[a] = static_cast<int>(std::lround(corner[a]));
      fits = fits && std::abs(corner[a] - shift_[a]) < 1e-3 && shift_[a] >= 0 &&
             shift_[a] + small.size[a] <= large.size[a] &&
             std::abs(small.spacing[a] - large.spacing[a]) < 1e-6 &&
             norm(small.direction[a] - large.direction[a]) < 1e-6;
    }
    if (!fits)
      throw std::invalid_argument("the grid of the body is not that of the hardware grown");
  }

  /// Offset in the large grid; ascends with that in the small one.
  std::uint64_t operator()(std::uint64_t voxel) const
  {
    const auto [i, j, k] = voxel_index(small_, voxel);
    return large_.offset(i + shift_[0], j + shift_[1], k + shift_[2]);
  }

private:
  const image::Grid& small_;
  const image::Grid& large_;
  std::array<int, 3> shift_{};
};

/// One voxel of a model.
struct Matter
{
  TissueKind tissue = TissueKind::soft;
  float youngs = 0;
  float poisson = 0;
};

void set_matter(VoxelModel& model, std::size_t at, const Matter& matter)
{
  model.body.youngs[at] = matter.youngs;
  model.body.poisson[at] = matter.poisson;
  model.tissue[at] = matter.tissue;
  model.ash[at] = 0;
  model.compressive_strength[at] = 0;
  model.tensile_strength[at] = 0;
}

Matter soft_matter(TissueKind kind, const std::string& name)
{
  const material::Tissue tissue = material::tissue(name, "materials/tissues");
  return {kind, static_cast<float>(tissue.youngs), static_cast<float>(tissue.poisson)};
}

void resize(VoxelModel& model, std::size_t count)
{
  model.body.youngs.resize(count);
  model.body.poisson.resize(count);
  model.tissue.resize(count);
  model.ash.resize(count);
  model.compressive_strength.resize(count);
  model.tensile_strength.resize(count);
}

void copy(const VoxelModel& from, std::size_t n, VoxelModel& to, std::size_t at)
{
  to.body.youngs[at] = from.body.youngs[n];
  to.body.poisson[at] = from.body.poisson[n];
  to.tissue[at] = from.tissue[n];
  to.ash[at] = from.ash[n];
  to.compressive_strength[at] = from.compressive_strength[n];
  to.tensile_strength[at] = from.tensile_strength[n];
}

/// The body with room for more voxels, which are `soft` of no modulus yet.
VoxelModel joined(const VoxelModel& body, const std::vector<std::uint64_t>& more)
{
  VoxelModel result;
  result.outside_law_range = body.outside_law_range;
  result.at_ceiling = body.at_ceiling;
  result.lesion_volume_mm3 = body.lesion_volume_mm3;
  result.layer_volume_mm3 = body.layer_volume_mm3;
  result.body.grid = body.body.grid;
  std::set_union(body.body.voxels.begin(), body.body.voxels.end(), more.begin(), more.end(),
                 std::back_inserter(result.body.voxels));
  const std::size_t count = result.body.voxels.size();
  resize(result, count);
  if (!body.bone_number.empty())
    result.bone_number.assign(count, no_bone);
  std::size_t n = 0;
  for (std::size_t at = 0; at < count; ++at)
  {
    if (n == body.body.voxels.size() || body.body.voxels[n] != result.body.voxels[at])
      continue;
    copy(body, n, result, at);
    if (!body.bone_number.empty())
      result.bone_number[at] = body.bone_number[n];
    ++n;
  }
  return result;
}

/// Volume of what is no layer and no hardware, and of growth plates in it.
void measure(VoxelModel& model)
{
  const double volume = model.body.grid.voxel_volume();
  const auto number = [&](TissueKind kind)
  { return static_cast<double>(std::count(model.tissue.begin(), model.tissue.end(), kind)); };
  model.volume_mm3 =
      volume * (static_cast<double>(model.tissue.size()) - number(TissueKind::layer) -
                number(TissueKind::metal) - number(TissueKind::cement));
  model.cartilage_volume_mm3 = volume * number(TissueKind::cartilage);
}

/// Calls `change` with the place of each of some voxels that the model has. All ascend.
template <typename Voxels, typename Offset, typename Change>
void for_each_in(const VoxelBody& body, const Voxels& voxels, const Offset& offset,
                 const Change& change)
{
  auto at = body.voxels.begin();
  for (std::size_t n = 0; n < voxels.size(); ++n)
  {
    at = std::lower_bound(at, body.voxels.end(), offset(voxels[n]));
    if (at != body.voxels.end() && *at == offset(voxels[n]))
      change(static_cast<std::size_t>(at - body.voxels.begin()), n);
  }
}

bool is_hardware(TissueKind tissue)
{
  return tissue == TissueKind::metal || tissue == TissueKind::cement;
}
} // namespace

VoxelModel with_hardware(const VoxelModel& body, const HardwareVoxels& hardware)
{
  const Place place(hardware.grid, body.body.grid);
  std::vector<std::uint64_t> metal;
  metal.reserve(hardware.voxels.size());
  for (const std::uint64_t voxel : hardware.voxels)
    metal.push_back(place(voxel));
  VoxelModel result = joined(body, metal);
  const Matter marrow = soft_matter(TissueKind::soft, "marrow");
  for_each_in(result.body, hardware.emptied, place,
              [&](std::size_t at, std::size_t)
              {
                if (result.tissue[at] != TissueKind::gap && result.tissue[at] != TissueKind::layer)
                  set_matter(result, at, marrow);
              });
  for_each_in(
      result.body, hardware.contact.voxels,
      [&](const ContactVoxel& one) { return place(one.voxel); },
      [&](std::size_t at, std::size_t n) {
        set_matter(result, at, {TissueKind::interface, hardware.contact.voxels[n].loose_MPa, 0});
      });
  for_each_in(
      result.body, hardware.voxels, place,
      [&](std::size_t at, std::size_t n)
      {
        set_matter(result, at, {hardware.tissue[n], hardware.youngs[n], hardware.poisson[n]});
        if (!result.bone_number.empty())
          result.bone_number[at] = no_bone;
      });
  measure(result);
  return result;
}

VoxelContact contact_on(const VoxelBody& body, const HardwareVoxels& hardware)
{
  const Place place(hardware.grid, body.grid);
  VoxelContact contact;
  for_each_in(
      body, hardware.contact.voxels, [&](const ContactVoxel& one) { return place(one.voxel); },
      [&](std::size_t at, std::size_t n)
      {
        contact.voxels.push_back(hardware.contact.voxels[n]);
        contact.voxels.back().voxel = body.voxels[at];
      });
  return contact;
}

std::vector<std::string> loose_hardware(const VoxelModel& body, const HardwareVoxels& hardware)
{
  const Place place(hardware.grid, body.body.grid);
  const image::Grid& grid = body.body.grid;
  std::vector<std::uint8_t> state(grid.voxels(), 0); // 1 hardware that nothing holds yet, 2 held
  std::vector<std::uint64_t> front;
  for (std::size_t n = 0; n < body.body.voxels.size(); ++n)
  {
    state[body.body.voxels[n]] = is_hardware(body.tissue[n]) ? 1 : 2;
    if (!is_hardware(body.tissue[n]))
      front.push_back(body.body.voxels[n]);
  }
  while (!front.empty())
  {
    const auto [i, j, k] = voxel_index(grid, front.back());
    front.pop_back();
    for (int side = 0; side < 6; ++side)
    {
      std::array<int, 3> at = {i, j, k};
      at[static_cast<std::size_t>(side / 2)] += side % 2 == 0 ? -1 : 1;
      if (!grid.contains(at[0], at[1], at[2]))
        continue;
      const std::uint64_t next = grid.offset(at[0], at[1], at[2]);
      if (state[next] != 1)
        continue;
      state[next] = 2;
      front.push_back(next);
    }
  }
  std::vector<bool> held(hardware.components.size(), false);
  for (std::size_t n = 0; n < hardware.voxels.size(); ++n)
    if (state[place(hardware.voxels[n])] == 2)
      held[hardware.component[n]] = true;
  std::vector<std::string> loose;
  for (std::size_t c = 0; c < held.size(); ++c)
    if (!held[c] && hardware.components[c].voxels > 0)
      loose.push_back(hardware.components[c].name);
  return loose;
}

VoxelModel with_gap(const VoxelModel& body, const BoneGap& gap)
{
  VoxelModel result = body;
  const Matter tissue = soft_matter(TissueKind::gap, "fracture_gap");
  const Vec3 normal = normalized(gap.normal);
  for (std::size_t n = 0; n < result.body.voxels.size(); ++n)
  {
    const TissueKind kind = result.tissue[n];
    if (is_hardware(kind) || kind == TissueKind::interface || kind == TissueKind::layer)
      continue;
    const double off =
        dot(voxel_centre(result.body.grid, result.body.voxels[n]) - gap.point, normal);
    if (off > -0.5 * gap.thickness_mm && off <= 0.5 * gap.thickness_mm)
      set_matter(result, n, tissue);
  }
  measure(result);
  return result;
}

} // namespace calcar::model
