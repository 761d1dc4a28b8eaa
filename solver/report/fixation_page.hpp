#pragma once

#include "report/fixation.hpp"
#include "report/fixation_view.hpp"

#include <filesystem>

/// The pages behind write_fixation_pictures.
namespace calcar::report
{

/// A side to look at a bone from, with what stands at its edges.
struct FixationPanel
{
  std::string caption; ///< "from the front"
  ViewAxes axes;
  std::string left, right, top, bottom; ///< directions
};

/// From the front, the patient's right on the left as in a radiograph, and from the bone's own
/// side.
std::array<FixationPanel, 2> fixation_panels(const anatomy::BoneAnatomy& bone);

/// The implant of this name in the scene; null when it was not placed.
const implant::Fixation* placed_as(const FixationScene& scene, const std::string& option);

/// Writes one option in its bone, from two sides, with its parts and sizes. `title` is the case's.
void write_placed_page(const std::filesystem::path& file, const std::string& title,
                       const FixationResults& option, const implant::Fixation& fixation,
                       const FixationScene& scene, const BoneSurface& surface);

/// Writes all options beside each other.
void write_comparison_page(const std::filesystem::path& file, const Results& results,
                           const FixationScene& scene, const BoneSurface& surface);

} // namespace calcar::report
