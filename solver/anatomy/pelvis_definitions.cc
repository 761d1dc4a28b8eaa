#include "anatomy/pelvis_definitions.hpp"

namespace calcar::anatomy
{

const std::vector<ProminentLandmark>& prominent_landmarks()
{
  static const std::vector<ProminentLandmark> landmarks = {
      {"anterior_superior_iliac_spine", normalized(Vec3{0, 0.978, -0.208}), 22},
      {"posterior_superior_iliac_spine", normalized(Vec3{0, -0.978, -0.208}), 22},
      {"anterior_inferior_iliac_spine", normalized(Vec3{-0.25, 0.8, -0.5}), 13},
      {"iliac_crest", {0, 0, 1}, 55, 5, true},
      {"pubic_tubercle", normalized(Vec3{-0.35, 0.7, 0.62}), 12},
      {"ischial_tuberosity", {0, 0, -1}, 25}};
  return landmarks;
}

} // namespace calcar::anatomy
