#include "report/fixation_page.hpp"

namespace calcar::report
{

std::array<FixationPanel, 2> fixation_panels(const anatomy::BoneAnatomy& bone)
{
  const anatomy::Frame& f = bone.frame;
  const auto& n = anatomy::direction_names(bone.kind); // medial, lateral, anterior, ...
  const bool right = bone.side == anatomy::Side::right;
  const Vec3 left = right ? f.medial : -f.medial;
  const bool midline = bone.side == anatomy::Side::midline;
  const std::string to_left = (right ? n[0] : n[1]) + (midline ? "" : " (L)");
  const std::string to_right = (right ? n[1] : n[0]) + (midline ? "" : " (R)");
  return {FixationPanel{
              "from the front", {left, f.proximal, f.anterior}, to_right, to_left, n[4], n[5]},
          FixationPanel{"from the patient's " + std::string(right ? "right" : "left"),
                        right ? ViewAxes{f.anterior, f.proximal, -left}
                              : ViewAxes{-f.anterior, f.proximal, left},
                        right ? n[3] : n[2], right ? n[2] : n[3], n[4], n[5]}};
}

const implant::Fixation* placed_as(const FixationScene& scene, const std::string& option)
{
  for (const implant::Fixation& fixation : scene.placed)
    if (fixation.name == option)
      return &fixation;
  return nullptr;
}

} // namespace calcar::report
