#pragma once

#include "analysis/response.hpp"
#include "mesh/mesh_model.hpp"
#include "model/voxel_body.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::report
{

/// A field of the elements of a body: one value per active voxel, or per cell of a mesh.
struct Field
{
  std::string name; ///< with its unit: "von_mises_MPa"
  std::vector<float> values;
};

/**
 * The fields of a response at voxel centres: displacement (mean of the eight corners), principal
 * strains, von Mises stress, strain-energy density (stress:strain / 2) and, with `tensors`, the
 * components of strain and stress. Vectors and tensors are in LPS for `axes` = "LPS" and along i,
 * j, k for "ijk"; the components' suffix says which.
 */
std::vector<Field> fields_of(const model::VoxelBody& body, const analysis::Response& response,
                             const std::vector<model::NodeIndex>& nodes, const std::string& axes,
                             bool tensors);

/// The fields of a response on a mesh, one value per cell, LPS: the same without displacement,
/// which is one of the nodes.
std::vector<Field> fields_of(const mesh::MeshModel& model, const analysis::Response& response,
                             bool tensors);

/**
 * A mesh with fields of its cells and, unless it is empty, the displacement of its nodes (mm, in
 * the order of mesh::nodes_of) as the point data "displacement_mm", as VTK's unstructured grid
 * (.vtu); cells of degree 2 with their further nodes. The regions are the cell data "region".
 */
void write_vtu(const std::filesystem::path& file, const mesh::Mesh& mesh,
               const std::vector<Field>& cell_fields, const std::vector<Vec3>& displacement);

/// One VTK image file (.vti) of the body's bounding box with all fields as cell data and `active` =
/// 1 inside the body; values outside are 0. Origin, spacing and direction place it in LPS mm.
void write_vti(const std::filesystem::path& file, const model::VoxelBody& body,
               const std::vector<Field>& fields);

/// Each field as NIfTI on the body's grid, `folder`/`prefix`NAME.nii.gz.
void write_niftis(const std::filesystem::path& folder, const std::string& prefix,
                  const model::VoxelBody& body, const std::vector<Field>& fields);

} // namespace calcar::report
