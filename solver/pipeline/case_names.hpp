#pragma once

#include "pipeline/case.hpp"

#include <string>
#include <vector>

namespace calcar::pipeline
{

/// The names that other tables of a case may refer to.
std::vector<std::string> names_of(const std::vector<lesion::Lesion>& lesions);
std::vector<std::string> names_of(const std::vector<ActivityChoice>& activities);

} // namespace calcar::pipeline
