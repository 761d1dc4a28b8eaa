#pragma once

#include "anatomy/bone_kind.hpp"
#include "base/vec3.hpp"
#include "base/warning.hpp"
#include "image/volume.hpp"

#include <map>
#include <string>
#include <vector>

namespace calcar::anatomy
{

/**
 * The anatomical frame of a bone in LPS: orthonormal unit vectors with names. Lateral is -medial,
 * posterior -anterior, distal -proximal. (medial, anterior, proximal) is right-handed for a left
 * bone and left-handed for a right one; components are always given by name, so that no sign is
 * implied. A bone of the midline is framed as a left one: its `medial` is the patient's right.
 */
struct Frame
{
  Vec3 origin; ///< mm, LPS
  Vec3 medial;
  Vec3 anterior;
  Vec3 proximal;
};

/**
 * The names a direction may have on a bone of this kind, opposite pairs in a row, those that words
 * are made of first: medial lateral anterior posterior proximal distal of limb bones; right left
 * anterior posterior cranial caudal of a vertebra (ventral, dorsal too) and, with superior and
 * inferior, of the skull; medial lateral anterior posterior superior inferior of pelvis and rib
 * (cranial, caudal, ventral, dorsal too).
 */
const std::vector<std::string>& direction_names(BoneKind kind);

/// All names a direction may have on some bone.
const std::vector<std::string>& direction_names();

/// Unit vector of a named direction in LPS: proximal, cranial and superior are one direction,
/// anterior and ventral, medial and (in the midline) right. Throws InputError for an unknown name,
/// listing the known ones.
Vec3 direction(const Frame& frame, const std::string& name);

/// Sum of named components: { lateral = 67.7, anterior = -23.6 } -> LPS vector in the same unit.
Vec3 named_vector(const Frame& frame, const std::map<std::string, double>& components);

/// A number found on the bone, with its uncertainty (standard deviation; 0 when measured).
struct Measure
{
  double value = 0;
  double deviation = 0;
  std::string unit;
  std::string source; ///< "measured" or where a population mean comes from
};

/// A femoral (or other) region, a slab or zone of the bone decided by `region_of`.
struct Region
{
  std::string name;  ///< "subtrochanteric"
  std::string words; ///< "subtrochanteric region"
};

/**
 * The names a landmark of this bone may have, in reading order; `calcar list landmarks BONE` prints
 * them. What each of them is, and the frame that rests on them, is told in the header of its bone:
 * anatomy/femur.hpp, tibia.hpp, humerus.hpp, vertebra.hpp, pelvis.hpp, rib.hpp, skull.hpp.
 */
const std::vector<std::string>& landmark_names(BoneKind kind);

/// What was found on a bone from its mask.
struct BoneAnatomy
{
  BoneKind kind = BoneKind::femur;
  Side side = Side::left;
  Frame frame;                           ///< definitions in the header of the bone
  std::map<std::string, Vec3> landmarks; ///< LPS mm, by the names of `landmark_names(kind)`; those
                                         ///< not in the image are absent
  std::map<std::string, Measure>
      measures; ///< head_radius_mm, neck_shaft_angle_deg, version_deg, shaft_radius_mm, ...
  std::vector<std::string> absent; ///< landmarks that lie outside the image, by name
  double confidence = 0;           ///< 0 to 1: the lowest of its parts
  std::map<std::string, double>
      confidence_parts; ///< 0 to 1 each: "head sphere", "neck-shaft angle", ...
  bool whole = false;   ///< both ends of the bone are in the image
  std::string level;    ///< of a vertebra ("L3") or a rib ("7"); empty when not known
  std::vector<Vec3>
      shaft_centres; ///< centres of the shaft's sections every 10 mm, from below the trochanters on
  Vec3 shaft_distal; ///< unit direction of the proximal shaft's axis
  Vec3 cut_centre;   ///< centre of the distal cut (or distal end), LPS mm
  Warnings warnings;
};

} // namespace calcar::anatomy
