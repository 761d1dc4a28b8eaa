#include "anatomy/humerus.hpp"

#include "anatomy/humerus_parts.hpp"
#include "anatomy/long_bone_side.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

void rate(const BoneShape& shape, const HumerusParts& parts, const AnatomyOptions& options,
          BoneAnatomy& bone)
{
  const double r = parts.bone.radius;
  bone.confidence_parts["shaft length"] =
      std::clamp((parts.bone.to - parts.bone.from) / (4 * r), 0.0, 1.0);
  if (parts.head)
  {
    const HumeralHead& head = *parts.head;
    const double rms = head.rms - 0.25 * shape.voxel_mm;
    bone.confidence_parts["head sphere"] =
        std::clamp(1 - (rms / head.radius - 0.02) / 0.08, 0.0, 1.0);
    bone.confidence_parts["head seen"] = rating(head.dome, 0.85, 0.98, 1.0, 1.1);
    bone.confidence_parts["head to shaft"] = rating(head.radius / r, 1.3, 1.7, 2.7, 3.4);
    bone.confidence_parts["inclination"] =
        rating(bone.measures.at("inclination_deg").value, 95, 118, 152, 170);
  }
  if (parts.distal)
  {
    bone.confidence_parts["elbow"] = rating(parts.distal->flattened, 1.6, 2.1, 4.5, 6.5);
    bone.confidence_parts["epicondyles to shaft"] = rating(parts.distal->width / r, 3, 4, 7, 8.5);
  }
  check_confidence(bone, options.place);
}

void warn(const HumerusParts& parts, const AnatomyOptions& options, BoneAnatomy& bone)
{
  const auto add = [&](const std::string& code, const std::string& text) {
    bone.warnings.push_back({code, text, options.place});
  };
  if (parts.bone.deviation_deg > 3)
  {
    add("short_shaft", short_shaft_text(parts.bone));
  }
  const Vec3 medial = bone.frame.medial;
  if (options.orientation == Orientation::patient &&
      !medial_sign_from_image("", parts.head ? parts.head->towards : medial, parts.bone.axis))
  {
    add("side_by_shape_only",
        "the humerus does not lie along the patient's axis: its side is told by its shape alone");
  }
  if (parts.head && bone.measures.at("retroversion_deg").source != "measured")
  {
    const Measure& version = bone.measures.at("retroversion_deg");
    add("retroversion_from_population",
        "the elbow is not in the image: the retroversion is the population mean, " +
            format_number(version.value, 3) + " +/- " + format_number(version.deviation, 2) +
            " degrees");
  }
  if (!parts.head)
  {
    add("head_not_seen", "the head is not in the image: the frame stands at the elbow and its "
                         "proximal axis is that of the shaft");
  }
}

} // namespace

BoneAnatomy find_humerus(const image::Mask& mask, const AnatomyOptions& options)
{
  BoneAnatomy bone;
  bone.kind = BoneKind::humerus;
  const BoneShape shape = single_bone(mask, bone.kind, options.place, bone.warnings);
  HumerusParts parts = find_humerus_parts(shape, options);
  bone.side = parts.side;
  bone.whole = parts.head && parts.distal;
  if (parts.head)
  {
    bone.landmarks["humeral_head_centre"] = parts.head->centre;
  }
  if (parts.distal)
  {
    bone.landmarks["medial_epicondyle"] = parts.distal->medial_epicondyle;
    bone.landmarks["lateral_epicondyle"] = parts.distal->lateral_epicondyle;
  }
  // Those the frame rests on are replaced before it is built, the others after they are found.
  apply(options.overrides, bone);
  build_humerus_frame(parts, bone);
  add_humerus_landmarks(shape, parts, bone);
  apply(options.overrides, bone);
  list_absent(bone);
  rate(shape, parts, options, bone);
  warn(parts, options, bone);
  return bone;
}

} // namespace calcar::anatomy
