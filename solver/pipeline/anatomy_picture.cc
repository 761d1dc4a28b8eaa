#include "pipeline/anatomy_picture.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "report/landmark_picture.hpp"

#include <algorithm>
#include <cctype>

namespace calcar::pipeline
{

void write_anatomy_picture(const PatientInputs& inputs, report::Results& results,
                           const ResultsFolder& folder)
{
  Stage stage("draw the landmarks", results.timings);
  const anatomy::BoneAnatomy& bone = inputs.bone;
  const bool midline = bone.side == anatomy::Side::midline;
  std::string title = midline
                          ? anatomy::to_string(bone.kind)
                          : anatomy::to_string(bone.side) + " " + anatomy::words_for_one(bone.kind);
  title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
  title += bone.level.empty() ? "" : " " + bone.level;
  report::PictureWords words;
  words.title = title + ": landmarks as found; check them";
  words.notes.push_back("confidence " + format_number(bone.confidence, 2) + " of 1");
  words.notes.push_back("input grade " + std::string(1, inputs.grade.grade));
  for (const Warning& warning : bone.warnings)
    words.notes.push_back(warning.text);
  if (!results.title.empty())
    words.notes.push_back("case: " + results.title);
  report::write_landmark_picture(folder.path() / "landmarks.png", inputs.envelope, bone, words);
}

} // namespace calcar::pipeline
