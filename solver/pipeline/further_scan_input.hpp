#pragma once

#include "image/calibration.hpp"
#include "pipeline/bone_input.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Another scan beside that of the bone in question.
struct FurtherScan
{
  BoneInput bone; ///< of [contralateral] that of the other side
  image::Calibration calibration;
  std::string place;
};

/// A lesion as an earlier scan shows it.
struct EarlierLesion
{
  std::string name; ///< of the [[lesion]] that it is
  BoneLabels mask;
};

/// [earlier_scan]: the same bone at an earlier date.
struct EarlierScan
{
  FurtherScan scan;
  std::string date;
  std::string date_now; ///< [patient] scan_date
  std::vector<EarlierLesion> lesions;
};

/// [candidates]: the bone searched for lesions by itself.
struct CandidateSearch
{
  bool by_template = false; ///< else against the mirrored other side
  std::string density_template;
  std::string place;
};

/// What a case says besides its bone; each only when asked for.
struct FurtherScans
{
  std::optional<FurtherScan> contralateral;
  std::optional<EarlierScan> earlier;
  std::optional<CandidateSearch> candidates;
};

/// What these tables are read against.
struct ReadSoFar
{
  const BoneInput& bone;
  const image::Calibration& calibration;
  const std::optional<std::string>& scan_date;
  std::vector<std::string> lesions; ///< names
  bool mesh_from_file = false;
};

/**
 * Reads [contralateral], [earlier_scan] and [candidates] of a case file. Problems are recorded in
 * the document: a bone without another side, other phantoms than that of the bone (their densities
 * are not comparable), dates that are missing, equal or the wrong way round, lesions that the case
 * does not have, candidates against a side that is not given.
 */
FurtherScans read_further_scans(const Table& document, const ReadSoFar& so_far);

} // namespace calcar::pipeline
