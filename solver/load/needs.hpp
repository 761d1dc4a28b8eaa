#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "base/table.hpp"

#include <string>
#include <vector>

namespace calcar::load
{

/// Something without which a rig cannot hold a bone as it was meant to: a measure of it that must
/// reach a value, with the words for the refusal.
struct Need
{
  std::string measure;
  double at_least = 0;
  std::string given; ///< what is wrong with a bone that does not have it
  std::string allowed;
  std::string remedy;
};

/// Reads the [[needs]] of a rig; problems are recorded in the table.
std::vector<Need> read_needs(const Table& table);

/// Throws InputError (data) in the words of the first need that the bone does not meet; a measure
/// that was not taken meets none.
void check_needs(const std::vector<Need>& needs, const anatomy::BoneAnatomy& bone,
                 const std::string& rig);

} // namespace calcar::load
