#pragma once

#include "model/voxel_model.hpp"
#include "pipeline/patient_setting.hpp"
#include "pipeline/results_folder.hpp"
#include "pipeline/rig_body.hpp"
#include "voxel/engine.hpp"

#include <mpi.h>

#include <vector>

namespace calcar::pipeline
{

/// What the months to come are computed from. On rank 0 whole, elsewhere only the number of rigs.
struct FollowUpGround
{
  const PatientCase* given = nullptr; ///< null on the other ranks
  const PatientSetting& setting;
  const std::vector<RigBody>& bodies;  ///< of each rig
  const model::VoxelModel& scan_worse; ///< the bone as it is, as each bound reads its lesions
  const model::VoxelModel& scan_better;
};

/// Solves that the follow-up adds at most.
int follow_up_solves(const PatientCase& given, const PatientSetting& setting);

/**
 * Solves the bone at each date of the follow-up in both bounds, with the linear criterion, and puts
 * utilisation over the months, the dates at which it reaches the threshold, assumptions and advice
 * into results.follow_up, and follow_up.csv and follow_up.png into the folder. The scan itself is
 * taken from `results`, which hold "as is" (the last variant is the worse bound's, the first after
 * the twin the better one's). Bodies that do not change are not solved again. Does nothing where
 * the case asks for nothing. Collective.
 */
void follow_in_time(const FollowUpGround& ground, voxel::Options options,
                    const ResultsFolder* folder, report::Results& results, MPI_Comm comm);

} // namespace calcar::pipeline
