#pragma once

#include "anatomy/long_bone.hpp"

#include <array>
#include <optional>

namespace calcar::anatomy
{

/// The upper end of a tibia, found without knowing the side. `across` and `front` are unit vectors
/// perpendicular to the shaft's axis.
struct TibialPlateau
{
  Vec3 across;      ///< along the plateau's width; which of its ends is medial is told by signs
  Vec3 front;       ///< anterior
  double width = 0; ///< mm, along `across`
  Vec3 middle;      ///< of the plateau's outline, at its level
  Vec3 plus_end, minus_end;       ///< outermost points towards `across` and against it
  Vec3 plus_centre, minus_centre; ///< centres of the two joint surfaces, on them
  Vec3 eminence;                  ///< highest point between them
  double eminence_mm = 0;         ///< its height over the plateaus; negative for a notch
  Vec3 normal;                    ///< of the plane through both joint surfaces
  Vec3 tuberosity;                ///< most anterior point below the plateau
  double front_clear = 0;         ///< 0 to 1: how clearly the front is told
  /// Signs of which end is medial, positive for `across`: larger, deeper, away from the tuberosity.
  double larger = 0, deeper = 0, tuberosity_off = 0;
};

/// The lower end, found without knowing the side. What tells its front is positive for `ahead`.
struct TibialPlafond
{
  Vec3 malleolus;      ///< its tip
  Vec3 centre;         ///< of the joint surface, on it
  Vec3 normal;         ///< unit, outwards, of the plane through the joint surface
  Vec3 medial;         ///< unit, across the axis, from the centre to the malleolus
  Vec3 ahead;          ///< axis x medial: the front of a left bone, the back of a right one
  double drop = 0;     ///< malleolus below the joint surface, mm
  double breadth = 0;  ///< of the joint surface along `medial`, mm
  double tilt_deg = 0; ///< of the joint surface: its edge in front lies higher than that behind
  double broader = 0;  ///< the joint surface is broader in front, mm
  double tip_off = 0;  ///< tip of the malleolus before the malleolus's middle, mm
};

/// What is found on a tibia before it has a frame.
struct TibiaParts
{
  LongBone bone; ///< its axis points proximally
  std::optional<TibialPlateau> plateau;
  std::optional<TibialPlafond> plafond;
  Vec3 crest;             ///< unit, across the shaft: where its sections are sharpest
  double crest_clear = 0; ///< 0 to 1
  Vec3 medial;            ///< unit, across the shaft
  Side side = Side::left;
};

/// The upper end (towards `bone.axis`). Nothing when it is not wider than it is deep or has no bone
/// in its middle.
std::optional<TibialPlateau> find_plateau(const BoneShape& shape, const LongBone& bone);

/**
 * The lower end. Nothing when no malleolus stands out on one side of a joint surface. The joint
 * surface is the plane most of the end lies in, and what of it is nearly parallel to it. Its front
 * is told as anatomy has it (Gray): it is broader in front than behind, its posterior edge hangs
 * lower, and the anterior colliculus of the malleolus reaches lower than the posterior one.
 */
std::optional<TibialPlafond> find_plafond(const BoneShape& shape, const LongBone& bone);

/// How sharp the edges of the shaft are at 5 degree steps around it from `towards` on: how much
/// farther the wall reaches than 35 degrees to both sides, over the radius, on average of the upper
/// half of the shaft seen.
std::array<double, 72> sharpness(const BoneShape& shape, const LongBone& bone, Vec3 towards);

/// The crest of a piece without a plateau: the sharpest edge of the shaft, which lies in front, 30
/// to 105 degrees off the malleolus; how much sharper it is than any edge on the other side.
void find_crest(const BoneShape& shape, TibiaParts& parts);

/// Finds the parts and the side. Throws InputError when they are not those of a tibia, saying what
/// is missing or wrong.
TibiaParts find_tibia_parts(const BoneShape& shape, const AnatomyOptions& options);

/// The frame from the landmarks in `bone` (given by hand or found) and the parts.
void build_tibia_frame(const TibiaParts& parts, BoneAnatomy& bone);

/// Adds the landmarks that need the frame, shaft centres, cut and measures.
void add_tibia_landmarks(const BoneShape& shape, const TibiaParts& parts, BoneAnatomy& bone);

} // namespace calcar::anatomy
