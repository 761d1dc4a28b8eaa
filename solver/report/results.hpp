#pragma once

#include "analysis/response.hpp"
#include "base/provenance.hpp"
#include "base/timer.hpp"
#include "base/warning.hpp"
#include "report/fixation_results.hpp"
#include "report/follow_up_results.hpp"
#include "report/other_scans_results.hpp"
#include "risk/assessment.hpp"
#include "risk/fracture.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::report
{

/// A body that was solved: "healthy twin", "as is".
struct VariantResults
{
  std::string name;
  std::vector<risk::ActivityAssessment> activities;
  std::vector<risk::FractureAssessment> paths; ///< to fracture, of the activities followed there
  analysis::SolverSummary solver;
  double volume_mm3 = 0;
  double outside_law_range = 0; ///< share of the bone's sub-points outside the law's tested range
  double at_ceiling = 0;        ///< share at the cortical ceiling
};

/// A lesion as measured in the bone.
struct LesionResults
{
  std::string name;
  std::string kind;
  std::string shape;
  bool in_ct = false;
  double volume_mm3 = 0;
  double share_of_bone = 0;
  anatomy::Location centre = {};
  std::string seen_by = "ct"; ///< ct, mri or uptake
  bool both_ways = false;     ///< the CT cannot see this lesion: run with and without it
  double largest_diameter_mm = 0;
  bool touches_cortex = false;
  double remaining_cortex_mm = 0; ///< the least, where the cortex is involved
  double axial_cortex_mm = 0;     ///< longest involvement of the cortex along the bone
  std::optional<double> axial_share = std::nullopt;           ///< of the bone's length in the image
  std::optional<double> circumferential_share = std::nullopt; ///< of the cortex's girth
  std::map<std::string, double> landmark_mm = {};             ///< from the lesion to each landmark
};

struct InputGradeResults
{
  std::string grade; ///< "A" to "D"
  std::vector<std::string> reasons;
};

/// A mesh on the way to the one that was kept.
struct RefinementStep
{
  std::uint64_t cells = 0;
  std::uint64_t unknowns = 0;
  double relative_error = 0; ///< the largest of all variants and activities
};

/// How a mesh was refined.
struct RefinementResults
{
  double refine_to = 0; ///< the relative error asked for
  bool reached = false;
  std::string ended_by; ///< "tolerance", "meshes", "unknowns", "memory"
  std::vector<RefinementStep> steps;
};

/// A layer of a rig in a mesh.
struct MeshLayerResults
{
  std::string name;
  std::uint64_t cells = 0;
  double volume_mm3 = 0;
};

/// A mesh that was solved, for method = "mesh".
struct MeshResults
{
  std::vector<std::string> rigs;        ///< solved on it
  std::vector<MeshLayerResults> layers; ///< of its rig, beside the bone
  std::string shape;                    ///< "tetrahedron" or "hexahedron"
  int degree = 1;
  std::uint64_t cells = 0;
  std::uint64_t points = 0;
  double mean_edge_mm = 0;
  double smallest_angle_deg = 0; ///< between faces, of all cells
  std::vector<std::string> regions;
  std::string file;            ///< it was read from; empty when it was made from the mask
  std::string materials_at;    ///< "cells" or "integration_points"
  std::string surface_density; ///< "nearest" or "eroded", as mesh::SurfaceDensity has it
  double outside_mask = 0;     ///< share of its volume outside the bone's mask
  std::optional<RefinementResults> refinement = {}; ///< where it was refined
};

/// What a study (supports and forces by region, no patient) found.
struct StudyResults
{
  double strain_energy_Nmm = 0;
  double largest_displacement_mm = 0;
  double largest_principal_strain = 0;
  double smallest_principal_strain = 0;
  double effective_strain_98 = 0; ///< exceeded by 2 % of the volume
  double volume_mm3 = 0;
};

/// A vertebra of a spine segment.
struct VertebraResults
{
  std::string level;
  double confidence = 0;
  std::map<std::string, Vec3> landmarks;
  double volume_mm3 = 0; ///< of its voxels
};

/// A number found on the bone.
struct MeasureResults
{
  double value = 0;
  double deviation = 0;
  std::string unit;
  std::string source;
};

struct SupportResults
{
  std::string name;
  std::string variant;
  std::string activity;
  Vec3 reaction_N; ///< force of the support on the body
};

/// What held the bone and handed the loads on, for the activities of one rig.
struct RigResults
{
  std::string name;
  std::string words;
  std::vector<std::string> supports; ///< "distal end: clamped", "knee: springs of 100000 N/mm"
  std::vector<std::string> layers;   ///< "superior disc: intervertebral disc"
  bool inertia_relief = false;
};

/// Resident memory at the peak, of all ranks together, 1 MB = 10^6 bytes.
struct MemoryResults
{
  double predicted_MB = 0; ///< before the solves; an upper bound when aggregates took over
  double measured_MB = 0;  ///< 0 where the system does not tell
};

/// Everything a run found, ready to be written; every output format is made from this alone.
struct Results
{
  std::string title;
  std::string case_file;
  std::string mode;                       ///< "patient" or "study"
  std::string bone;                       ///< "femur" or "spine_segment"; empty in a study
  std::string side;                       ///< "left", "right" or "midline"
  std::string level;                      ///< of a vertebra or rib; empty where there is none
  std::vector<VertebraResults> vertebrae; ///< of a segment, cranial to caudal; `level`, landmarks
                                          ///< and measures are those of the one in question
  std::string axes;                       ///< of vectors: "LPS" or "ijk"
  double body_weight_N = 0;
  double voxel_mm[3] = {0, 0, 0};

  std::string protocol;
  std::string protocol_words;
  std::vector<std::string> doubts; ///< what the protocol rests on that is not confirmed
  std::optional<InputGradeResults> grade;
  double anatomy_confidence = 0;
  std::map<std::string, Vec3> landmarks;
  std::map<std::string, MeasureResults> measures;
  std::map<std::string, std::string> calibration; ///< facts in words

  std::optional<MeshResults> mesh;         ///< none: voxels were solved
  std::vector<MeshResults> further_meshes; ///< of rigs with layers that are not on `mesh`
  std::vector<LesionResults> lesions;
  OtherScansResults other_scans; ///< other side, candidates, earlier scan: what was asked for
  std::vector<VariantResults> variants;
  std::optional<FollowUpResults> follow_up;  ///< none: nothing was asked of the months to come
  std::optional<FixationsResults> fixations; ///< options of the case: what plates, nails and
                                             ///< cement would do
  std::optional<StudyResults> study;
  std::vector<RigResults> rigs;
  std::vector<SupportResults> supports;
  analysis::SolverSummary solver;
  std::optional<MemoryResults> memory;
  Timings timings;
  Warnings warnings;

  std::vector<Source> sources;
  std::string command;
  int ranks = 1;
};

/// The assessment of an activity in the variant of this name, or null.
const risk::ActivityAssessment* find_activity(const Results& results, const std::string& variant,
                                              const std::string& activity);

} // namespace calcar::report
