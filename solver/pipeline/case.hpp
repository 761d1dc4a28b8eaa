#pragma once

#include "analysis/response.hpp"
#include "base/table.hpp"
#include "image/calibration.hpp"
#include "lesion/lesion.hpp"
#include "load/activity.hpp"
#include "mesh/mesh_model.hpp"
#include "mesh/tetrahedra.hpp"
#include "model/study_body.hpp"
#include "pipeline/bone_input.hpp"
#include "pipeline/fixation_input.hpp"
#include "pipeline/follow_up_input.hpp"
#include "pipeline/fracture_input.hpp"
#include "pipeline/further_scan_input.hpp"
#include "voxel/engine.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// A label in an image file.
struct LabelChoice
{
  std::filesystem::path file;
  int label = 1;
  std::string place;
};

struct ProtocolChoice
{
  std::string name; ///< empty: the default of the bone and phantom
  bool convert_phantom = false;
  std::string place;
};

struct ActivityChoice
{
  std::string name;
  std::string place;
};

struct OutputOptions
{
  bool nifti = false;   ///< each field also as NIfTI
  bool fields = true;   ///< VTK files
  bool tensors = false; ///< strain and stress components too; a study always has them
};

/// Where the properties of the elements are taken.
enum class MaterialsAt
{
  cells,             ///< one mean for each cell
  integration_points ///< the CT's own value at each
};

/// The mesh of method = "mesh": read from a file, or made from the mask.
struct MeshInput
{
  std::filesystem::path file; ///< in the scan's place, LPS; empty: made
  std::string unit; ///< of the file's lengths, "m"; empty: not named, so that mm must be plausible
  bool hexahedra = false;          ///< made here: voxels of edge_mm in the place of tetrahedra
  int order = 2;                   ///< of the displacements
  std::optional<double> refine_to; ///< relative error in the energy norm; none: the mesh is kept
  std::uint64_t most_unknowns = 3'000'000; ///< a refined mesh with more is not solved
  mesh::MeshSizes sizes;
  MaterialsAt materials_at = MaterialsAt::cells;
  mesh::SurfaceDensity surface_density = mesh::SurfaceDensity::nearest;
  std::string place = "[mesh]";
};

/// A case of a patient: CT and mask in, utilisation out.
struct PatientCase
{
  load::Patient patient;
  std::optional<double> age_years;
  std::optional<std::string> scan_date;
  std::optional<double> steps_per_day;   ///< loads of an implant in a day
  std::optional<double> survival_months; ///< expected, the longest that is stated
  BoneInput bone;
  image::Calibration calibration;
  ProtocolChoice protocol;
  analysis::Method method = analysis::Method::voxel;
  double voxel_mm = 1.0;
  MeshInput mesh;
  std::map<std::string, Vec3> landmarks; ///< overrides, LPS mm
  std::vector<lesion::Lesion> lesions;
  std::vector<ActivityChoice> activities;
  std::optional<FractureInput> fracture;  ///< none: the linear criterion alone
  FurtherScans further_scans;             ///< other side, earlier scan, candidates
  std::optional<FollowUpInput> follow_up; ///< none: nothing changes in time
  std::optional<FixationInput> fixations; ///< none: the bone alone
};

/// A region of a study: the outward faces of the voxels with a label.
struct RegionChoice
{
  LabelChoice labels;
  model::VoxelSide side;
};

struct StudySupport
{
  std::string name;
  RegionChoice region;
  std::vector<int> fixed_axes;
  std::map<int, double> displacement_mm; ///< by axis
};

struct StudyForce
{
  std::string name;
  RegionChoice region;
  Vec3 force_N; ///< along i, j, k
};

/// A study: a modulus image with supports and forces by region, on the image's own voxels.
struct StudyCase
{
  std::filesystem::path modulus_image;
  double poisson_ratio = 0.3;
  std::vector<StudySupport> supports;
  std::vector<StudyForce> forces;
  std::string place;
};

/// A case file, checked: exactly one of `patient` and `study` is there.
struct Case
{
  std::string title;
  std::optional<PatientCase> patient;
  std::optional<StudyCase> study;
  voxel::Options solver;
  std::optional<double> memory_GB; ///< limit on each computer; none: the memory available
  OutputOptions output;
  std::string resolved; ///< the file with every default filled in
  Source source;
};

/// Reads and checks a case file. Throws InputError (command) with all errors of the file.
Case read_case(const std::filesystem::path& file);

} // namespace calcar::pipeline
