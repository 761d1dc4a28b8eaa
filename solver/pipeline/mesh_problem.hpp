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

/// A patient's case on a mesh made ready to solve; on rank 0.
struct MeshProblem
{
  PatientSetting setting;            ///< areas of loads and supports as they are given
  std::vector<RigCases> rigs;        ///< with these moved onto the surface of the mesh
  std::vector<MeshVariant> variants; ///< share the mesh
  solid::BoundaryNodes boundary;
  std::vector<solid::HangingNode> hanging; ///< where cells were refined unequally

  const mesh::Mesh& mesh() const { return variants.front().model.mesh; }
};

/// A mesh holds the bone alone: throws InputError (command) for each rig with a layer, naming it
/// and an activity of the rig.
void refuse_layers(const MeshInput& input, const std::vector<RigCases>& rigs);

/// Reads the inputs, reads or makes the mesh and maps the materials; facts and warnings go into
/// `results`. Throws InputError for whatever is in doubt.
MeshProblem prepare_mesh_problem(const PatientCase& given, report::Results& results);

/// Puts the problem onto a refined mesh: materials of the CT mapped anew, loads and supports on its
/// boundary.
void move_onto(const solid::RefinedMesh& refined, const PatientCase& given, MeshProblem& problem);

/// Records mesh and lesions anew, after the problem was moved; `refinement` tells how.
void record_refined(const PatientCase& given, const MeshProblem& problem,
                    report::RefinementResults refinement, report::Results& results);

} // namespace calcar::pipeline
