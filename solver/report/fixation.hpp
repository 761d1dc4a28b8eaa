#pragma once

#include "implant/fixation.hpp"
#include "lesion/lesion.hpp"
#include "report/results.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::report
{

/// The part "fixations" of results.json. Empty (null) without options.
nlohmann::ordered_json fixations_json(const Results& results);

/**
 * One row per option, state, interface and activity; RFC 4180. Rows of "no fixation" (the bone
 * alone) come first; an option that could not be placed has one row with the reason in `refusal`.
 * `utilisation` is the largest of all modes, fatigue included, and `load_factor` 1 / it;
 * `fracture_load_N` is by the first failure other than fatigue. Shares are from 0 to 1. Empty
 * cells: not applicable or infinite.
 */
std::string fixations_csv(const FixationsResults& results);

/// What the program prints of the options at the end; empty without any.
std::string fixations_table(const Results& results);

/// The bone with everything that was placed in it, for pictures. What is referred to outlives it.
struct FixationScene
{
  const image::Mask& mask; ///< of the bone
  const anatomy::BoneAnatomy& bone;
  const std::vector<lesion::PlacedLesion>& lesions; ///< as is
  const std::vector<implant::Fixation>& placed;     ///< found by their names
};

/// "fixation_long_nail.png" for each option: lower case, letters and digits of ASCII, and a number
/// where names come out alike.
std::vector<std::string> fixation_picture_names(const FixationsResults& results);

/**
 * Writes into a folder fixations.png, a page that compares all options (load factor of the worst
 * daily activity in each state, what limits it, fatigue, doubts, refusals with their reason, the
 * bone alone and the healthy twin beside them), and a picture of each option of the scene in its
 * bone. Nothing without options. Throws InputError (command) when a file cannot be written.
 */
void write_fixation_pictures(const std::filesystem::path& folder, const Results& results,
                             const FixationScene& scene);

} // namespace calcar::report
