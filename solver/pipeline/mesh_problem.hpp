#pragma once

#include "mesh/mesh_model.hpp"
#include "pipeline/patient_setting.hpp"
#include "solid/refined_mesh.hpp"

#include <string>
#include <vector>

namespace calcar::pipeline
{

/// A body on the mesh: "healthy twin", "as is".
struct MeshVariant
{
  std::string name;
  mesh::MeshModel model;
};

/// A mesh with what is solved on it: all rigs without layers, or one rig with its layers.
struct MeshBody
{
  std::vector<std::size_t> of_setting;   ///< the rigs' places in PatientSetting::rigs
  std::vector<RigCases> rigs;            ///< these, moved onto the surface of the mesh
  std::vector<mesh::LayerRegion> layers; ///< of the rig, regions of the mesh
  std::vector<MeshVariant> variants;     ///< share the mesh
  solid::BoundaryNodes boundary;
  std::vector<solid::HangingNode> hanging; ///< where cells were refined unequally

  const mesh::Mesh& mesh() const { return variants.front().model.mesh; }
};

/// A patient's case on meshes made ready to solve; on rank 0.
struct MeshProblem
{
  PatientSetting setting; ///< areas of loads and supports as they are given
  std::vector<MeshBody> bodies;
};

/// A mesh read from a file holds the bone alone, and no mesh more than one bone: throws InputError
/// (command) for each rig with a layer that the mesh cannot have, naming it and an activity of the
/// rig.
void refuse_layers(const MeshInput& input, const std::vector<RigCases>& rigs);

/// Which rigs share a mesh: first those without layers, then each rig with layers by itself.
std::vector<std::vector<std::size_t>> rigs_by_mesh(const std::vector<RigCases>& rigs);

/// Reads the inputs, reads or makes the meshes and maps the materials; facts and warnings go into
/// `results`. Throws InputError for whatever is in doubt.
MeshProblem prepare_mesh_problem(const PatientCase& given, report::Results& results);

/// Puts a body of the problem onto a refined mesh: materials of the CT mapped anew, loads and
/// supports on its boundary.
void move_onto(const solid::RefinedMesh& refined, const PatientCase& given,
               const PatientSetting& setting, MeshBody& body);

/// Records mesh and lesions of a body anew, after it was moved; `refinement` tells how.
void record_refined(const PatientCase& given, const MeshProblem& problem, std::size_t body,
                    report::RefinementResults refinement, report::Results& results);

} // namespace calcar::pipeline
