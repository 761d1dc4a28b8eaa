#pragma once

#include "pipeline/fixation_placing.hpp"
#include "pipeline/results_folder.hpp"
#include "pipeline/rig_body.hpp"
#include "voxel/engine.hpp"

#include <mpi.h>

#include <map>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Strain energy per volume of the regions of the healthy twin, by activity.
using RegionEnergies = std::map<std::string, std::map<std::string, double>>;

/// What fixations are compared on. On rank 0 whole, elsewhere empty.
struct FixationGround
{
  const Case& given;
  const PatientSetting& setting;
  const std::vector<RigBody>& bodies; ///< of each rig, of the bone without hardware
  const model::VoxelModel& as_is;     ///< the bone with its lesions
  const FixationPlan& plan;
  const RegionEnergies& twin_energy;
};

/// Solves that the comparison adds. A solve with an interface that is not bonded counts as several.
int fixation_solves(const PatientCase& given, const FixationPlan& plan);

/**
 * Solves and judges every placed option in every state of the bone, and the bone alone with its
 * lesions grown; puts verdicts, comparison and assumptions into results.fixations, and
 * fixations.csv and pictures into the folder. The bone alone as it is, and its healthy twin, are
 * taken from the variants in `results` (the last and the first). An option whose solve fails, or
 * whose hardware is loose, is told like one that cannot be placed, and the others go on. Does
 * nothing where the case asks for nothing. Collective.
 */
void compare_fixations(const FixationGround& ground, voxel::Options options,
                       const ResultsFolder* folder, report::Results& results, MPI_Comm comm);

} // namespace calcar::pipeline
