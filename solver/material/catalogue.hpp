#pragma once

#include "material/data_record.hpp"

#include <string>
#include <vector>

namespace calcar::material
{

/// A line of `calcar list ...`.
struct Entry
{
  std::string name;
  std::string words;
  std::string source;
  std::string doubt; ///< "" or "unconfirmed: ..."
};

/// The data files of a folder as lines, by name. For any folder whose files have name, words,
/// source and status.
std::vector<Entry> entries(const std::string& folder);

std::vector<Entry> list_laws();
std::vector<Entry> list_strengths();
std::vector<Entry> list_constitutive_laws();
std::vector<Entry> list_strain_limits();
std::vector<Entry> list_ash_conversions();
std::vector<Entry> list_protocols();
std::vector<Entry> list_tissues();
std::vector<Entry> list_alloys();
std::vector<Entry> list_criteria();

} // namespace calcar::material
