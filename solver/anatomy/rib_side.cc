#include "anatomy/rib_side.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace calcar::anatomy
{

namespace
{

using geometry::without_component;

constexpr double clear_head = 0.8;     ///< least sum of the signs that tells the head
constexpr double clear_lateral = 0.5;  ///< least component of the convex side to left or right
constexpr double least_upright = 0.35; ///< of the plane's normal along the patient's axis
constexpr double neck_mm =
    85; ///< a piece shorter than this may be the neck, whose convex side is medial
constexpr double backward =
    0.3; ///< component of the convex side to the back, from which on it may be
constexpr double most_backward = 0.25; ///< from its dorsal to its ventral end only a neck runs back
constexpr double plane_from_deg = 20;  ///< of turn: below it the sections tell superior,
constexpr double plane_to_deg = 90;    ///< above it the plane of the line

[[noreturn]] void refuse(const AnatomyOptions& options, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, Problem{options.place, given, allowed, remedy, ""});
}

/// A landmark given by hand that tells which end is dorsal; its weight outdoes the shape's.
std::optional<SideSign> sign_by_hand(const RibCurve& curve, const LandmarkOverrides& overrides)
{
  const auto nearer_first = [&](Vec3 p)
  { return norm(p - curve.points.front()) < norm(p - curve.points.back()) ? 1.0 : -1.0; };
  for (const char* name : {"rib_head", "dorsal_end", "rib_tubercle"})
  {
    if (overrides.count(name))
    {
      return SideSign{std::string(name) + " given by hand", 3 * nearer_first(overrides.at(name))};
    }
  }
  for (const char* name : {"sternal_end", "ventral_end"})
  {
    if (overrides.count(name))
    {
      return SideSign{std::string(name) + " given by hand", -3 * nearer_first(overrides.at(name))};
    }
  }
  return std::nullopt;
}

std::string words_of(const std::vector<SideSign>& signs, double direction)
{
  std::vector<std::string> words;
  for (const SideSign& sign : signs)
  {
    if (sign.weight * direction > 0.2)
    {
      words.push_back(sign.words);
    }
  }
  return join(words, ", ");
}

/// The axis that is superior or inferior: normal of the line's plane when it bends enough, the long
/// axis of the sections when it hardly does, between them when in between.
Vec3 upright_axis(const RibLine& line, const RibBend& bend)
{
  Vec3 sum;
  const Vec3 along = normalized(line.curve.points.back() - line.curve.points.front());
  for (const RibStation& s : line.stations)
  {
    // Each counts by how clear its long axis is.
    const double oval = s.half_long / s.half_short - 1;
    const double sign = dot(s.long_axis, norm(sum) > 0 ? sum : s.long_axis) < 0 ? -1 : 1;
    sum += sign * oval * s.long_axis;
  }
  const Vec3 tall = normalized(without_component(sum, along));
  const double t =
      std::clamp((bend.turn_deg - plane_from_deg) / (plane_to_deg - plane_from_deg), 0.0, 1.0);
  const double share = t * t * (3 - 2 * t);
  const double sign = dot(bend.normal, tall) < 0 ? -1 : 1;
  return share >= 1 ? bend.normal : normalized(share * bend.normal + (1 - share) * sign * tall);
}

/// What is known before the directions have names.
struct Evidence
{
  RibBend bend;
  RibEnds ends;
  std::vector<SideSign> signs; ///< of the head
  double head = 0;             ///< their sum
  Vec3 axis;                   ///< superior or inferior
  bool bent = false;
};

Evidence evidence_of(const RibLine& line, const AnatomyOptions& options)
{
  Evidence e;
  e.bend = bend_of(line.curve);
  e.ends = rib_ends(line);
  e.signs = head_signs(e.ends);
  if (const auto by_hand = sign_by_hand(line.curve, options.overrides))
  {
    e.signs = {*by_hand};
  }
  for (const SideSign& sign : e.signs)
  {
    e.head += sign.weight;
  }
  e.axis = upright_axis(line, e.bend);
  e.bent = e.bend.rise_mm > std::max(1.5, 0.7 * line.voxel_mm);
  return e;
}

/// Left or right, for a line that runs from dorsal to ventral in the direction `along`.
Side side_by_hand(Vec3 outward, Vec3 along, Vec3 superior)
{
  return dot(cross(outward, along), superior) < 0 ? Side::left : Side::right;
}

void check_expected(Side side, const std::string& why, const AnatomyOptions& options)
{
  if (options.side && *options.side != side)
  {
    refuse(options,
           "the mask shows a " + to_string(side) + " rib: " + why + ", but side = \"" +
               to_string(*options.side) + "\" was asked for",
           "side = \"" + to_string(side) + "\"",
           "choose the mask of the other rib, or correct the side");
  }
}

/// Side from the image: the convex side of a rib is lateral, but of its neck.
std::optional<Side> side_from_image(const Evidence& e, double length_mm)
{
  const Vec3 out = e.bend.outward;
  const bool maybe_neck = length_mm < neck_mm && out.y > backward;
  if (!e.bent || std::abs(out.x) < clear_lateral || maybe_neck)
  {
    return std::nullopt;
  }
  return out.x > 0 ? Side::left : Side::right;
}

/// A piece that is too straight to show its convex side: the side must be given, and its ends must
/// lie clearly one in front of the other.
RibDirections straight_piece(const RibLine& line, const Evidence& e, const AnatomyOptions& options)
{
  const Vec3 chord = normalized(line.curve.points.back() - line.curve.points.front());
  const bool told = std::abs(e.head) >= clear_head;
  const bool runs_forward = options.orientation == Orientation::patient && std::abs(chord.y) > 0.5;
  if (!options.side || (!told && !runs_forward) || options.orientation != Orientation::patient)
  {
    refuse(options,
           "the side of the rib cannot be told: the piece is too straight to show which way it is "
           "convex",
           "a longer piece, or in an image of the patient one that runs from back to front, with "
           "its side given",
           "use an image that shows more of the rib, or write side = \"left\" or \"right\"");
  }
  RibDirections rib;
  const bool forward = told ? e.head > 0 : chord.y < 0;
  rib.curve = forward ? line.curve : reversed(line.curve);
  rib.superior = e.axis;
  rib.side = *options.side;
  rib.head_weight = std::abs(e.head);
  const Vec3 along = forward ? chord : -chord;
  const Vec3 out =
      *options.side == Side::left ? cross(rib.superior, along) : cross(along, rib.superior);
  rib.outward = normalized(out);
  return rib;
}

Side decide_in_patient(const RibLine& line, const Evidence& e, const AnatomyOptions& options)
{
  const auto by_image = side_from_image(e, length(line.curve));
  std::optional<Side> by_shape;
  const Vec3 chord = line.curve.points.back() - line.curve.points.front();
  if (std::abs(e.head) >= clear_head)
  {
    by_shape = side_by_hand(e.bend.outward, e.head > 0 ? chord : -chord, e.axis);
  }
  if (by_image && by_shape && *by_image != *by_shape)
  {
    refuse(options,
           "the orientation of the image is in doubt: by the place of its head (" +
               words_of(e.signs, e.head) + ") this is a " + to_string(*by_shape) +
               " rib, by its convex side, which is lateral, a " + to_string(*by_image) + " one",
           "an image whose affine says truly which way is left, back and up",
           "check the conversion of the image for a turned axis; for a bone scanned outside the "
           "body write orientation = \"specimen\"");
  }
  if (!by_image && !by_shape && !options.side)
  {
    refuse(options,
           "the side of the rib cannot be told: the piece lies at the back or the front of the "
           "chest, where left and right ribs look alike, and does not show its head",
           "a piece of the side of the chest, or side = \"left\" or \"right\"",
           "use an image that shows more of the rib, or give its side");
  }
  const Side side = by_image ? *by_image : by_shape ? *by_shape : *options.side;
  check_expected(side,
                 by_image ? "its convex side is lateral in the patient"
                          : "the place of its head (" + words_of(e.signs, e.head) + ") says so",
                 options);
  return side;
}

RibDirections directions_in_patient(const RibLine& line, Evidence e, const AnatomyOptions& options)
{
  if (std::abs(e.axis.z) < least_upright)
  {
    refuse(options,
           "the orientation of the rib is in doubt: its upper border faces " +
               format_number(geometry::angle_deg(e.axis.z < 0 ? -e.axis : e.axis, {0, 0, 1}), 2) +
               " degrees away from the patient's head",
           "at most 70 degrees",
           "check the affine of the image and the mask; for a bone scanned outside the body write "
           "orientation = \"specimen\"");
  }
  e.axis = e.axis.z < 0 ? -e.axis : e.axis;
  if (!e.bent)
  {
    return straight_piece(line, e, options);
  }
  RibDirections rib;
  rib.bent = true;
  rib.side = decide_in_patient(line, e, options);
  rib.superior = e.axis;
  rib.outward = e.bend.outward;
  const Vec3 chord = line.curve.points.back() - line.curve.points.front();
  const bool forward = side_by_hand(e.bend.outward, chord, e.axis) == rib.side;
  rib.curve = forward ? line.curve : reversed(line.curve);
  rib.head_weight = forward ? e.head : -e.head;
  rib.image_weight = side_from_image(e, length(line.curve)) ? std::abs(e.bend.outward.x) : 0.0;
  if (rib.head_weight < -clear_head)
  {
    refuse(options,
           "the side of the rib is in doubt: as a " + to_string(rib.side) +
               " one it would have its head in front (" + words_of(e.signs, e.head) + ")",
           "a side that agrees with the image and the shape",
           "check the side, and the affine of the image");
  }
  const Vec3 ahead = normalized(rib.curve.points.back() - rib.curve.points.front());
  if (ahead.y > most_backward && rib.head_weight < clear_head)
  {
    refuse(options,
           "the side of the rib is in doubt: as a " + to_string(rib.side) +
               " one the piece would run backwards from its dorsal to its ventral end, as only a "
               "neck does",
           "a piece whose bend agrees with its side",
           "use an image that shows more of the rib or is finer, or check its side");
  }
  return rib;
}

RibDirections directions_of_specimen(const RibLine& line, const Evidence& e,
                                     const AnatomyOptions& options)
{
  if (!options.side)
  {
    refuse(options,
           "the side of the rib cannot be told: a rib looks nearly the same upside down, and a "
           "specimen's image does not say which way is up",
           "side = \"left\" or \"right\"", "give the side of the specimen");
  }
  if (!e.bent || std::abs(e.head) < clear_head)
  {
    refuse(options, "it cannot be told which end of the specimen is the dorsal one",
           "a rib whose head, neck and tubercle are seen, or landmarks given by hand",
           "give rib_head or dorsal_end (or ventral_end) by hand, in LPS mm");
  }
  RibDirections rib;
  rib.bent = true;
  rib.side = *options.side;
  rib.curve = e.head > 0 ? line.curve : reversed(line.curve);
  rib.head_weight = std::abs(e.head);
  rib.outward = e.bend.outward;
  const Vec3 chord = rib.curve.points.back() - rib.curve.points.front();
  const bool up = side_by_hand(e.bend.outward, chord, e.axis) == rib.side;
  rib.superior = up ? e.axis : -e.axis;
  return rib;
}

} // namespace

RibDirections rib_directions(const RibLine& line, const AnatomyOptions& options)
{
  const Evidence e = evidence_of(line, options);
  RibDirections rib = options.orientation == Orientation::patient
                          ? directions_in_patient(line, e, options)
                          : directions_of_specimen(line, e, options);
  const bool forward = norm(rib.curve.points.front() - line.curve.points.front()) < 1e-6;
  rib.dorsal = e.ends.end[forward ? 0 : 1];
  rib.ventral = e.ends.end[forward ? 1 : 0];
  return rib;
}

} // namespace calcar::anatomy
