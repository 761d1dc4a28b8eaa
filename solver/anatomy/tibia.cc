#include "anatomy/tibia.hpp"

#include "anatomy/long_bone_side.hpp"
#include "anatomy/tibia_parts.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

/// Landmarks the frame rests on, as found.
void add_found(const TibiaParts& parts, BoneAnatomy& bone)
{
  if (parts.plateau)
  {
    const TibialPlateau& p = *parts.plateau;
    const bool plus = dot(p.across, parts.medial) > 0;
    bone.landmarks["medial_condyle"] = plus ? p.plus_end : p.minus_end;
    bone.landmarks["lateral_condyle"] = plus ? p.minus_end : p.plus_end;
    bone.landmarks["medial_plateau_centre"] = plus ? p.plus_centre : p.minus_centre;
    bone.landmarks["lateral_plateau_centre"] = plus ? p.minus_centre : p.plus_centre;
  }
  if (parts.plafond)
  {
    bone.landmarks["ankle_centre"] = parts.plafond->centre;
  }
}

/// The midpoint of the plateau centres, unless it is given itself.
void add_knee_centre(const LandmarkOverrides& given, BoneAnatomy& bone)
{
  if (!given.count("knee_centre") && bone.landmarks.count("medial_plateau_centre") &&
      bone.landmarks.count("lateral_plateau_centre"))
  {
    bone.landmarks["knee_centre"] =
        0.5 * (bone.landmarks["medial_plateau_centre"] + bone.landmarks["lateral_plateau_centre"]);
  }
}

void rate(const TibiaParts& parts, const AnatomyOptions& options, BoneAnatomy& bone)
{
  const double r = parts.bone.radius;
  auto& rated = bone.confidence_parts;
  rated["shaft length"] = std::clamp((parts.bone.to - parts.bone.from) / (4 * r), 0.0, 1.0);
  if (parts.plateau)
  {
    const TibialPlateau& p = *parts.plateau;
    rated["plateau to shaft"] = rating(p.width / r, 3.5, 4.6, 7.2, 8.5);
    rated["eminence"] = std::clamp(p.eminence_mm / (0.08 * p.width), 0.0, 1.0);
    rated["tuberosity"] = p.front_clear;
    rated["slope"] = rating(bone.measures.at("posterior_slope_deg").value, -12, -3, 18, 28);
  }
  if (parts.plafond)
  {
    rated["malleolus"] = rating(parts.plafond->drop / r, 0.3, 0.6, 2.2, 3);
  }
  check_confidence(bone, options.place);
}

void warn(const TibiaParts& parts, const AnatomyOptions& options, BoneAnatomy& bone)
{
  const auto add = [&](const std::string& code, const std::string& text) {
    bone.warnings.push_back({code, text, options.place});
  };
  if (parts.bone.deviation_deg > 3)
  {
    add("short_shaft", short_shaft_text(parts.bone));
  }
  if (options.orientation == Orientation::patient &&
      !medial_sign_from_image("", parts.medial, parts.bone.axis))
  {
    add("side_by_shape_only",
        "the tibia does not lie along the patient's axis: its side is told by its shape alone");
  }
  if (parts.plateau && !parts.plafond)
  {
    add("ankle_not_seen",
        "the ankle is not in the image: the proximal axis is that of the shaft seen");
  }
  if (!parts.plateau)
  {
    const Measure& torsion = bone.measures.at("torsion_deg");
    add("torsion_from_population",
        "the knee is not in the image: the frame stands at the ankle and is turned by the "
        "population's torsion, " +
            format_number(torsion.value, 3) + " +/- " + format_number(torsion.deviation, 2) +
            " degrees");
  }
}

} // namespace

BoneAnatomy find_tibia(const image::Mask& mask, const AnatomyOptions& options)
{
  BoneAnatomy bone;
  bone.kind = BoneKind::tibia;
  const BoneShape shape = single_bone(mask, bone.kind, options.place, bone.warnings);
  const TibiaParts parts = find_tibia_parts(shape, options);
  bone.side = parts.side;
  bone.whole = parts.plateau && parts.plafond;
  add_found(parts, bone);
  // Those the frame rests on are replaced before it is built, the others after they are found.
  apply(options.overrides, bone);
  add_knee_centre(options.overrides, bone);
  build_tibia_frame(parts, bone);
  add_tibia_landmarks(shape, parts, bone);
  apply(options.overrides, bone);
  list_absent(bone);
  rate(parts, options, bone);
  warn(parts, options, bone);
  return bone;
}

} // namespace calcar::anatomy
