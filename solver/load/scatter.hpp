#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "material/data_record.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace calcar::load
{

/// What one person loaded the bone with in an activity.
struct SubjectForce
{
  std::string subject;
  double body_weight_N = 0;
  std::map<std::string, double> percent_bw; ///< by named directions, percent of body weight
};

/// Forces of one activity as measured on several people: how far people differ.
struct Scatter
{
  std::string activity; ///< a file of cases/activities/BONE: its reference force
  std::vector<SubjectForce> subjects;
};

/// A file of cases/scatter: one set of people in several activities.
struct ScatterSet
{
  material::DataRecord record;
  anatomy::BoneKind bone = anatomy::BoneKind::femur;
  std::string force; ///< name of the force in the activities
  std::vector<Scatter> activities;
};

/// Reads and checks a set. Throws InputError naming file, line, key and remedy.
ScatterSet read_scatter(const std::filesystem::path& file);

/// A shipped set by name; throws InputError at `place` with the known names.
ScatterSet scatter(const std::string& name, const std::string& place);

/// The measured forces on this bone of a person of this body weight, N, LPS, one for each subject
/// of the activity. Throws InputError listing the known ones for an activity that was not measured.
std::vector<Vec3> scattered_forces(const ScatterSet& set, const std::string& activity,
                                   const anatomy::Frame& frame, double body_weight_N);

} // namespace calcar::load
