#pragma once

#include "anatomy/synthetic_segment.hpp"
#include "app/options.hpp"

#include <string>
#include <vector>

namespace calcar::app
{

/// What `calcar phantom` makes: the bones and "spine_segment".
std::vector<std::string> phantom_names();
bool is_segment(const std::string& bone);

/// The kind of a bone or of a segment's bones. Throws InputError for an unknown one.
anatomy::BoneKind kind_of(const std::string& bone);

/// The options about the bone, the person and the scanner.
void add_phantom_options(boost::program_options::options_description& options);

/// What the command line asks for.
struct PhantomPlan
{
  anatomy::SyntheticPerson person;
  anatomy::SyntheticSegment bones; ///< of a bone alone, that one
  anatomy::ScanSettings settings;
};

/// Throws InputError (command) for options that make no sense of this bone.
PhantomPlan phantom_plan(const Given& given, const std::string& bone);

} // namespace calcar::app
