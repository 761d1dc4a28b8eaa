#pragma once

#include "risk/fixation.hpp"

namespace calcar::risk
{

/// How near to a place bone counts as beside it, mm.
constexpr double beside_lesion_mm = 5;
constexpr double beside_end_mm = 10;
constexpr double beside_screw_mm = 5;

/**
 * Where on a fixed bone a place lies, by the failure it would be: beside a lesion's outline (5 mm,
 * inside it too), at an end of the implant (10 mm of the tip of a nail, the ends of a plate or
 * stem, a plate's last screw on either side), beside a screw or blade (5 mm from its surface), or
 * elsewhere; the first that holds. A nail that goes on beyond the image has no tip.
 */
class BoneZones
{
public:
  BoneZones(const implant::Fixation& fixation, const std::vector<lesion::PlacedLesion>& lesions);

  FailureMode at(Vec3 point) const;

private:
  struct Line
  {
    Vec3 from, to;
    double within_mm = 0; ///< of it
  };
  bool beside_lesion(Vec3 point) const;

  const std::vector<lesion::PlacedLesion>& lesions_;
  std::vector<Line> ends_;
  std::vector<Line> screws_;
};

/// True at a lesion's outline within `by_mm`, or inside it.
bool is_near(const lesion::PlacedLesion& lesion, Vec3 point, double by_mm);

/**
 * The bone's utilisation zone by zone. Where the headline criterion has its worst place, that zone
 * has the headline's utilisation. The other zones have the largest of the utilisation field,
 * averaged over a ball of 3 mm, times the ratio of the headline to that average at the headline's
 * place, and no more than the headline: the field alone is not averaged as the criterion is, and is
 * also told where nothing is judged, beside loads and supports. For a criterion without a place
 * (of a volume) the zone with the largest average has the headline. Empty without a field.
 */
std::vector<ModeUtilisation> bone_modes(const FixedBody& fixed, const ActivityAssessment& bone);

/// The largest principal strain in size of bone within 5 mm of a lesion, averaged over a ball of 3
/// mm; 0 without lesions.
double strain_near_lesions(const FixedBody& fixed, const analysis::Response& response);

} // namespace calcar::risk
