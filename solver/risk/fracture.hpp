#pragma once

#include "analysis/fracture_path.hpp"
#include "anatomy/region.hpp"
#include "load/load_case.hpp"
#include "material/constitutive_law.hpp"
#include "mesh/mesh_model.hpp"
#include "model/plasticity.hpp"
#include "model/voxel_model.hpp"
#include "risk/collapse.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calcar::risk
{

/// What a voxel came to on the way to fracture.
enum class FractureState : std::uint8_t
{
  intact = 0,   ///< elastic throughout
  yielded = 1,  ///< it flowed
  softened = 2, ///< its yield stress has fallen: it fails
  layer = 3     ///< no bone: a layer of the rig
};

/// How a variant breaks in an activity, by a non-linear path. Loads are of the activity's reference
/// load, in its unit.
struct FractureAssessment
{
  std::string activity;
  std::string title;
  load::ActivityKind kind = load::ActivityKind::daily;
  load::ReferenceLoad reference;
  std::string law; ///< name of the constitutive law
  std::string law_words;
  std::string law_source;
  std::string law_doubt;   ///< "" or why it is unconfirmed
  double averaging_mm = 0; ///< over which strain that softens is averaged
  double band_mm = 0;      ///< over which the law's strains are spread
  std::vector<voxel::PathStep> steps;
  std::size_t peak = 0;
  bool peak_reached = false;
  std::string ended;      ///< in words
  double load_factor = 0; ///< at the peak
  double ultimate = 0;    ///< reference load x factor at the peak; a bound from below when the peak
                          ///< was not reached
  double first_yield = 0; ///< where the first voxel yields
  std::optional<double> yield;     ///< where the stiffness from the origin has lost 5 %
  double energy_J = 0;             ///< up to the peak
  double displacement_at_peak = 0; ///< mm; of a torque degrees
  double yielded_mm3 = 0;          ///< at the end of the path
  double softened_mm3 = 0;
  std::optional<anatomy::Location> start; ///< where it begins to fail
  std::optional<Collapse> collapse;       ///< of vertebrae
  double seconds = 0;
  std::size_t resumed_at = 0;      ///< step of an earlier run that it went on from; 0: none
  std::vector<std::uint8_t> state; ///< FractureState of every voxel at the end of the path
};

/// The loss of stiffness from the origin that is called yield of the bone; our choice: lines of 95
/// % of the elastic stiffness are usual where a test piece has no gauge length.
constexpr double yield_loss = 0.05;

/**
 * Where a body begins to fail: the middle of the largest piece, joined by faces, of the first
 * hundredth (at least five) of the voxels that softened, those of one step by the strain they came
 * to; of the voxels that yielded where nothing softened. Nothing when none yielded. The place is
 * that of a voxel of the piece.
 */
std::optional<std::size_t> first_to_fail(const model::VoxelBody& body,
                                         const voxel::YieldingFields& fields);
std::optional<std::size_t> first_to_fail(const mesh::MeshModel& model,
                                         const voxel::YieldingFields& fields);

/// Puts a path into words and numbers; `where` tells a place in words.
FractureAssessment assess_fracture(const analysis::FracturePath& path,
                                   const model::VoxelModel& model, const load::LoadCase& load_case,
                                   const material::ConstitutiveLaw& law,
                                   const std::function<anatomy::Location(Vec3)>& where);

/// The same for the cells of a mesh; `length` is over what strains are spread and averaged.
FractureAssessment assess_fracture(const analysis::FracturePath& path, const mesh::MeshModel& model,
                                   const load::LoadCase& load_case,
                                   const material::ConstitutiveLaw& law,
                                   const model::SofteningLength& length,
                                   const std::function<anatomy::Location(Vec3)>& where);

} // namespace calcar::risk
