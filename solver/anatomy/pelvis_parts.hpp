#pragma once

#include "anatomy/find_anatomy.hpp"
#include "anatomy/pelvis_template.hpp"

#include <optional>
#include <vector>

namespace calcar::anatomy
{

/// Where the image ends inside the bone.
struct PelvisCut
{
  Vec3 centre;
  Vec3 outwards; ///< unit, out of the image
  double area_mm2 = 0;
};

/// Whether there is bone at a point or `reach` mm beside it along an axis.
bool bone_near(const BoneShape& shape, Vec3 point, double reach);

/// The flat face of the pubis towards the other one.
struct SymphysealFace
{
  Vec3 centre;
  Vec3 normal;         ///< unit, out of the bone
  double area_mm2 = 0; ///< seen
  double rms = 0;      ///< of its points from their plane, mm
  bool cut = false;    ///< the image ends in it or near it
};

/// What is found on a hip bone before it has a frame.
struct PelvisParts
{
  std::vector<SurfacePoint> surface; ///< of the bone, without the cuts
  std::vector<Vec3> border;          ///< the surface where the image ends
  std::vector<PelvisCut> cuts;
  ConcaveSphere cup;
  CupRim rim;
  LaidTemplate laid;  ///< the standard hip bone of the right handedness
  LaidTemplate other; ///< and of the other one
  LaidTemplate ilium; ///< laid on what is above the acetabulum alone
  LaidTemplate ring;  ///< laid on pubis and ischium alone
  Side side = Side::left;
  double side_weight = 0; ///< sum of the signs
};

/// Finds them. Throws InputError when they are not those of one hip bone with its acetabulum, or
/// when the side is in doubt.
PelvisParts find_pelvis_parts(const BoneShape& shape, const AnatomyOptions& options);

/// The surface above the acetabulum, or of pubis and ischium; empty when too little of it is seen
/// to say anything.
std::vector<SurfacePoint> surface_part(const PelvisParts& parts, bool above);

/**
 * The signs of the side. Each compares how well the standard hip bone and its mirror image fit: to
 * all that is seen, to the ilium alone, to pubis and ischium alone, and to the direction in which
 * the acetabulum opens, which the fit does not use.
 */
std::vector<SideSign> pelvis_signs(const PelvisParts& parts, const LaidTemplate& left,
                                   const LaidTemplate& right);

/// The symphyseal face: surface near that of the standard that looks towards medial. Nothing when
/// less than a third of it is seen.
std::optional<SymphysealFace> symphyseal_face(const BoneShape& shape, const PelvisParts& parts,
                                              Vec3 medial);

/**
 * A landmark, or nothing when it is not in the image: when bone is missing where the standard has
 * it around the landmark, or when it lies on a cut. `frame` gives the directions.
 */
std::optional<Vec3> pelvis_landmark(const std::string& name, const BoneShape& shape,
                                    const PelvisParts& parts, const Frame& frame);

/// How the frame was got.
struct PelvisFrame
{
  Frame frame;
  bool by_face = false;     ///< medial also from the symphyseal face
  bool by_spines = false;   ///< anterior from both superior spines
  double deviation_deg = 0; ///< of the axes, the largest
};

/**
 * The frame of anatomy/pelvis.hpp. Medial: the mean of that of the standard laid on the bone and
 * the normal of the symphyseal face where it is seen whole, each with the weight of its deviation
 * between people. Anterior: along the line of both superior spines of this side where both are
 * seen, else that of the standard.
 */
PelvisFrame pelvis_frame(const PelvisParts& parts, const std::optional<SymphysealFace>& face,
                         const std::optional<Vec3>& anterior_spine,
                         const std::optional<Vec3>& posterior_spine, Vec3 centre);

} // namespace calcar::anatomy
