#include "pipeline/rig_body.hpp"

#include "analysis/superposition.hpp"
#include "base/error.hpp"
#include "load/nodal_forces.hpp"
#include "voxel/checks.hpp"

#include <algorithm>

namespace calcar::pipeline
{
namespace
{
std::shared_ptr<const BodyShape> shape_of(const model::VoxelModel& body)
{
  const model::Lattice all(body.body);
  return std::make_shared<const BodyShape>(
      BodyShape{model::Lattice(model::without_layers(body)), model::surface_of(body.body, all)});
}

void settle(RigCases& rig, const model::Surface& surface)
{
  rig.rig = load::settled(std::move(rig.rig), surface.points);
  for (load::LoadCase& load_case : rig.cases)
    load_case = load::settled(std::move(load_case), surface.points);
}

/// Vertebrae that no disc joins would be loaded and held by nothing.
void require_one_body(const model::VoxelModel& body, const load::Rig& rig)
{
  if (body.bone_number.empty())
    return;
  const auto pieces = voxel::pieces(body.body, voxel::Joint::face);
  if (pieces.size() < 2)
    return;
  throw InputError(Fault::data,
                   {"[bone] mask",
                    "with the layers of rig \"" + rig.name + "\" the vertebrae are still " +
                        std::to_string(pieces.size()) + " bodies",
                    "one body, joined by discs",
                    "check the labels and the landmarks: the discs must fill the spaces between "
                    "the bodies",
                    ""});
}
} // namespace

std::vector<RigBody> make_rig_bodies(const model::VoxelModel& bone, std::vector<RigCases>& rigs,
                                     std::span<const std::uint64_t> taken)
{
  std::shared_ptr<const BodyShape> bare;
  std::vector<RigBody> bodies;
  for (RigCases& rig : rigs)
  {
    RigBody body;
    if (rig.rig.layers.empty())
    {
      require_one_body(bone, rig.rig);
      if (!bare)
        bare = shape_of(bone);
      body.shape = bare;
    }
    else
    {
      body.layers = model::layer_voxels(bone.body, rig.rig, {bone.bone_number, taken});
      const model::VoxelModel layered = model::with_layers(bone, *body.layers);
      require_one_body(layered, rig.rig);
      body.shape = shape_of(layered);
    }
    settle(rig, body.shape->surface);
    bodies.push_back(std::move(body));
  }
  return bodies;
}

std::optional<model::VoxelModel> layered(const model::VoxelModel& variant, const RigBody& body)
{
  return body.layers ? std::optional(model::with_layers(variant, *body.layers)) : std::nullopt;
}

int balanced_loads(const std::vector<RigCases>& rigs)
{
  std::size_t most = 0;
  for (const RigCases& rig : rigs)
    if (rig.rig.inertia_relief)
      most = std::max(most, analysis::right_hand_sides(rig.cases));
  return static_cast<int>(most);
}

} // namespace calcar::pipeline
