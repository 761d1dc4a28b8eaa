#pragma once

#include "base/table.hpp"
#include "lesion/growth.hpp"
#include "lesion/time_course.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

struct PatientCase;

/// The months to come as [follow_up], [[treatment]] and `growth` of lesions ask for them.
struct FollowUpInput
{
  std::vector<double> months = {14 / 30.4375, 3, 6}; ///< after the scan, ascending
  double threshold = 1;                              ///< of utilisation
  std::vector<std::string> activities;               ///< empty: all of the case
  std::optional<double> g_cm3_per_HU;                ///< in the place of the calibration's slope
  std::map<std::string, lesion::Growth> growth;      ///< by lesion
  std::vector<lesion::Course> courses;
  std::string place = "[follow_up]";
};

/**
 * Reads them from a case whose patient, lesions and activities have been read; nothing when the
 * case has none of the three. Problems are recorded in the document: dates, treatments, lesions and
 * activities that are not there, a rate that a treatment needs, a child that is to lose bone with
 * age, a follow-up in which nothing changes, method = "mesh".
 */
std::optional<FollowUpInput> read_follow_up(const Table& document, const PatientCase& patient);

} // namespace calcar::pipeline
