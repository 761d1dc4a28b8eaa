#include "pipeline/mesh_case.hpp"

#include "base/text.hpp"
#include "mesh/hexahedra.hpp"
#include "mesh/labels_of_mask.hpp"
#include "mesh/smooth_layers.hpp"
#include "model/voxel_model.hpp"
#include "pipeline/largest_piece.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::pipeline
{
namespace
{
/// How far the centre of the shaft's cut may lie off a plane that is that cut, and how the plane
/// may face (cosine to distal).
constexpr double at_cut_mm = 5;
constexpr double facing = 0.7;

bool is_shaft_cut(const mesh::CutPlane& plane, const anatomy::BoneAnatomy& bone)
{
  return std::abs(dot(bone.cut_centre - plane.point, plane.normal)) < at_cut_mm &&
         dot(plane.normal, -bone.frame.proximal) > facing;
}

std::vector<mesh::CutPlane> cuts_of(const PatientInputs& inputs, Warnings& warnings)
{
  std::vector<mesh::CutPlane> cuts = mesh::flat_cuts(inputs.envelope);
  const anatomy::BoneAnatomy& bone = inputs.bone;
  const auto shaft_cut = [&](const mesh::CutPlane& plane) { return is_shaft_cut(plane, bone); };
  if (bone.whole || std::any_of(cuts.begin(), cuts.end(), shaft_cut))
    return cuts;
  if (const auto oblique =
          mesh::oblique_cut(inputs.envelope, bone.cut_centre, -bone.frame.proximal))
  {
    cuts.push_back(*oblique);
    cuts.back().name = "cut_" + std::to_string(cuts.size());
    return cuts;
  }
  warnings.push_back({"cut_not_flat",
                      "the lower end of the bone is not flat in the mask; the mesh rounds it",
                      "[bone] mask"});
  return cuts;
}
} // namespace

mesh::LabelledSolid solid_of_case(const PatientInputs& inputs,
                                  const std::vector<lesion::PlacedLesion>& lesions,
                                  Warnings& warnings)
{
  mesh::LabelledSolid solid;
  solid.cuts = cuts_of(inputs, warnings);
  mesh::SmoothBody body = mesh::smooth_body(inputs.envelope, solid.cuts);
  append(warnings, body.warnings);
  solid.body = std::move(body.solid);
  solid.box = body.box;
  for (const lesion::PlacedLesion& placed : lesions)
    solid.parts.push_back({placed.lesion.name, placed.solid});
  return solid;
}

mesh::MeshedSolid mesh_of_case(const PatientInputs& inputs,
                               const std::vector<lesion::PlacedLesion>& lesions,
                               const mesh::MeshSizes& sizes, const load::Rig* rig)
{
  Warnings warnings;
  mesh::LabelledSolid solid = solid_of_case(inputs, lesions, warnings);
  if (rig && !rig->layers.empty())
    mesh::add_layers(solid, inputs.envelope, *rig);
  mesh::MeshedSolid meshed = mesh::make_tetrahedra(solid, sizes);
  append(warnings, meshed.warnings);
  meshed.warnings = std::move(warnings);
  return meshed;
}

mesh::Mesh hexahedra_of_case(const PatientInputs& inputs, double edge_mm, Warnings& warnings,
                             const load::Rig* rig)
{
  const model::MaterialField plain({inputs.density, inputs.envelope, inputs.protocol});
  model::VoxelModel voxels = model::voxelize(plain, model::voxel_grid(inputs.envelope, edge_mm));
  if (const auto keep = largest_piece(voxels.body, "choose a smaller [mesh] edge_mm", warnings))
    voxels = model::keep(voxels, *keep);
  warnings.push_back({"staircase",
                      "the surface of hexahedra made from the mask is a staircase of " +
                          format_number(edge_mm) +
                          " mm, which refinement keeps: strains at its inner edges grow with every "
                          "refinement; tetrahedra, or a file of hexahedra, follow the bone",
                      "[mesh] cells"});
  return rig && !rig->layers.empty()
             ? mesh::hexahedra_of(voxels, model::layer_voxels(voxels.body, *rig))
             : mesh::hexahedra_of(voxels.body);
}

std::vector<mesh::LayerRegion> layer_regions(const mesh::Mesh& mesh, const load::Rig& rig)
{
  std::vector<mesh::LayerRegion> regions;
  const std::size_t first = mesh.regions.size() - rig.layers.size();
  for (const load::Layer& layer : rig.layers)
    regions.push_back({first + regions.size(),
                       material::tissue(layer.tissue, "layer \"" + layer.name + "\" of rig \"" +
                                                          rig.name + "\"")});
  return regions;
}

} // namespace calcar::pipeline
