#include "anatomy/rib.hpp"

#include "anatomy/population.hpp"
#include "anatomy/rib_landmarks.hpp"
#include "anatomy/rib_line.hpp"
#include "anatomy/rib_side.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double least_confidence = 0.4;
constexpr double long_mm = 120;     ///< a rib that long is bent
constexpr double least_arch = 0.06; ///< rise over chord of such a one
constexpr double most_fall = 0.3;   ///< the other way, over the rise
constexpr double fall_mm = 5;       ///< a clavicle bends both ways by more
constexpr double deviations_of_length = 3;

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, Problem{options.place, given, allowed, remedy, ""});
}

/// A long bone of a rib's girth that is straight (a fibula) or bent like an S (a clavicle).
void check_arch(const RibLine& line, const AnatomyOptions& options)
{
  const RibBend bend = bend_of(line.curve);
  const double chord = norm(line.curve.points.back() - line.curve.points.front());
  const bool both_ways = bend.fall_mm > std::max(fall_mm, most_fall * bend.rise_mm);
  if (both_ways && bend.turn_deg < 60)
  {
    refuse(options, "the mask is not a rib: it bends both ways, like a clavicle",
           "a rib, which bends one way", "check the label number");
  }
  if (length(line.curve) > long_mm && bend.rise_mm < least_arch * chord)
  {
    refuse(options,
           "the mask is not a rib: over " + format_number(length(line.curve), 3) +
               " mm it rises only " + format_number(bend.rise_mm, 2) + " mm above its chord",
           "a rib, which is bent like an arch", "check the label number");
  }
}

/// Bounds wide of adults' and children's ribs.
void check_section(const BoneAnatomy& bone, const AnatomyOptions& options)
{
  const double high = bone.measures.at("section_height_mm").value;
  const double thick = bone.measures.at("section_thickness_mm").value;
  if (std::max(high, thick) > 26 || std::min(high, thick) < 2)
  {
    refuse(options,
           "the mask is not a rib: its sections are " + format_number(high, 3) + " mm high and " +
               format_number(thick, 3) + " mm thick",
           "2 to 26 mm", "check the label number and the voxel size of the image");
  }
}

void rate(const RibLine& line, const RibDirections& rib, const AnatomyOptions& options,
          BoneAnatomy& bone)
{
  const double smooth = 0.35 + 0.35 * line.voxel_mm;
  const double side = std::max({std::min(rib.image_weight / 0.6, 1.0),
                                std::min(rib.head_weight / 1.5, 1.0), options.side ? 0.6 : 0.0});
  const double slender = length(line.curve) / std::sqrt(line.shape.volume_mm3 / length(line.curve));
  bone.confidence_parts = {
      {"one bone", std::clamp(1 - line.branched / 0.4, 0.0, 1.0)},
      {"smooth centre line", std::clamp(1.6 - line.rough_mm / smooth, 0.0, 1.0)},
      {"long and thin", std::clamp(0.4 + (slender - 3.5) / 4, 0.0, 1.0)},
      {"side", side}};
  const auto least =
      std::min_element(bone.confidence_parts.begin(), bone.confidence_parts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  bone.confidence = least->second;
  if (bone.confidence < least_confidence)
  {
    refuse(options,
           "the rib is not recognised with confidence: " + least->first + " scores " +
               format_number(least->second, 2) + " of 1",
           "0.4 or more", "check the mask there, use a finer image, or give side and landmarks");
  }
}

void warn_of_side(const RibDirections& rib, const AnatomyOptions& options, BoneAnatomy& bone)
{
  const auto warning = [&](const char* code, const std::string& text) {
    bone.warnings.push_back({code, text, options.place});
  };
  const std::string side = to_string(bone.side);
  if (options.orientation == Orientation::specimen)
  {
    warning("side_as_given", "the side of the specimen, " + side +
                                 ", and with it which border is the upper one rest on what was "
                                 "given: a rib looks nearly the same upside down");
  }
  else if (rib.image_weight == 0 && rib.head_weight < 0.8)
  {
    warning("side_as_given", "the side of the piece, " + side +
                                 ", rests on what was given alone: its shape does "
                                 "not show it");
  }
  else if (rib.image_weight == 0)
  {
    warning("side_by_shape_only",
            "the convex side of the rib does not face left or right: its side is told by its "
            "head and the image's direction to the patient's head alone");
  }
  else if (rib.head_weight < 0.8)
  {
    warning("side_by_image_only",
            "side and directions of the rib rest on the image's orientation alone: no head, neck "
            "and tubercle confirm them");
  }
}

void warn(const RibLine& line, const RibDirections& rib, const AnatomyOptions& options,
          BoneAnatomy& bone)
{
  warn_of_side(rib, options, bone);
  if (line.shape.left_out > 0.01)
  {
    bone.warnings.push_back({"mask_in_pieces",
                             format_number(100 * line.shape.left_out, 2) +
                                 " % of the mask is not connected to the rib and was left out",
                             options.place});
  }
  const auto& known = population("rib_population");
  const auto usual = known.find("length_level_" + bone.level + "_mm");
  const double seen = length(line.curve);
  if (usual != known.end() &&
      seen > usual->second.mean + deviations_of_length * usual->second.deviation)
  {
    bone.warnings.push_back({"rib_level_doubtful",
                             "the mask is " + format_number(seen, 3) + " mm long; rib " +
                                 bone.level + " usually " + format_number(usual->second.mean, 3),
                             options.place});
  }
  if (!bone.whole)
  {
    bone.warnings.push_back({"rib_piece",
                             "the image shows a piece of the rib, " + format_number(seen, 3) +
                                 " mm long: origin and directions are those of the piece's middle",
                             options.place});
  }
}

/// The centre line between ends and middle given by hand.
double middle_of(const RibCurve& curve, const LandmarkOverrides& overrides)
{
  const auto given = overrides.find("midpoint");
  if (given == overrides.end())
  {
    return 0.5 * length(curve);
  }
  std::size_t best = 0;
  for (std::size_t n = 1; n < curve.points.size(); ++n)
  {
    best =
        norm(curve.points[n] - given->second) < norm(curve.points[best] - given->second) ? n : best;
  }
  return curve.along[best];
}

void check_level(const AnatomyOptions& options)
{
  if (!options.level.empty() &&
      !population("rib_population").count("length_level_" + options.level + "_mm"))
  {
    throw InputError(Fault::command,
                     Problem{options.place, "level = \"" + options.level + "\" of a rib",
                             "1, 2, ... 12", "give the number of the rib", ""});
  }
}

} // namespace

BoneAnatomy find_rib(const image::Mask& mask, const AnatomyOptions& options)
{
  check_level(options);
  const RibLine line = rib_line(mask, options.place);
  check_arch(line, options);
  const RibDirections rib = rib_directions(line, options);
  BoneAnatomy bone;
  bone.kind = BoneKind::rib;
  bone.side = rib.side;
  bone.level = options.level;
  bone.whole = !rib.dorsal.at_border && !rib.ventral.at_border && rib.head_weight > 0.5;
  bone.frame =
      rib_frame(rib.curve, middle_of(rib.curve, options.overrides), rib.superior, rib.side);
  if (options.overrides.count("midpoint"))
  {
    bone.frame.origin = options.overrides.at("midpoint");
  }
  add_rib_landmarks(line, rib, options.orientation == Orientation::patient, bone);
  for (const auto& [name, point] : options.overrides)
  {
    bone.landmarks[name] = point;
  }
  for (const std::string& name : landmark_names(BoneKind::rib))
  {
    if (!bone.landmarks.count(name))
    {
      bone.absent.push_back(name);
    }
  }
  check_section(bone, options);
  rate(line, rib, options, bone);
  warn(line, rib, options, bone);
  return bone;
}

} // namespace calcar::anatomy
