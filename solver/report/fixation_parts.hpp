#pragma once

#include "implant/fixation.hpp"

#include <string>
#include <vector>

/// The parts of an implant in words.
namespace calcar::report
{

/// Parts that look alike to a reader: kind, alloy and interface; their sizes one after the other.
struct PartGroup
{
  const implant::Component* first = nullptr;
  std::vector<std::string> names;
  std::vector<std::string> sizes;
};

std::vector<PartGroup> groups_of(const implant::Fixation& fixation);

/// "nail: 11 mm x 380 mm", or "4 locking screws: 2 of 5 mm x 36 mm; 5 mm x 40 mm; ...".
std::string group_words(const PartGroup& group);

/// "ti6al4v eli, tied to the bone".
std::string material_words(const PartGroup& group);

/// "isthmus_mm" = 12.34 as "isthmus: 12.3 mm"; empty for sizes that are told with the parts.
std::string measure_words(const std::string& name, double value);

} // namespace calcar::report
