#pragma once

#include "report/results.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace calcar::report
{

/// The paths to fracture of a variant, as results.json has them.
nlohmann::ordered_json fracture_json(const Results& results, const VariantResults& variant);

/// A line for each activity: ultimate load of each variant, and where it begins to fail.
/// Empty without paths.
std::string fracture_table(const Results& results);

/// The steps of a path: load, displacement, work, yielded and softened volume; RFC 4180.
std::string path_csv(const risk::FractureAssessment& path);

/// The path of an activity in the variant of this name, or null.
const risk::FractureAssessment* find_path(const Results& results, const std::string& variant,
                                          const std::string& activity);

} // namespace calcar::report
