#pragma once

#include "anatomy/point_query.hpp"
#include "base/provenance.hpp"
#include "base/table.hpp"
#include "base/warning.hpp"
#include "geometry/solid.hpp"
#include "lesion/lesion_tissue.hpp"
#include "lesion/seeds.hpp"
#include "lesion/wall.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::lesion
{

/// An image that shows a lesion: labels, or uptake above a threshold.
struct LesionImage
{
  std::filesystem::path file;
  int label = 0;                            ///< of a mask
  std::optional<double> threshold;          ///< uptake in the image's unit
  std::optional<double> share_of_maximum;   ///< of the largest uptake inside the bone, 0 to 1
  std::optional<std::string> declared_unit; ///< of an uptake image that is not a DICOM series
};

/**
 * A lesion as the case file states it.
 *
 * `in_ct`: the CT shows it already, so that its density law stays and the object only measures, and
 * the healthy twin is filled (lesion/twin.hpp); otherwise it is virtual, its tissue is replaced,
 * and the twin is the plain CT. A lesion known from MRI or uptake alone is run both ways
 * (readings()).
 */
struct Lesion
{
  std::string name;
  std::string kind = "lytic";
  bool in_ct = false;
  std::string source = "ct"; ///< what shows it: "ct", "mri" or "uptake"
  bool both_ways = false;    ///< the CT cannot see this lesion: run as in_ct and as virtual
  std::string shape;         ///< one of shape_names(), "mask" or "uptake"
  anatomy::PointQuery centre;
  std::optional<anatomy::PointQuery> from, to; ///< ends of a capsule
  std::map<std::string, double> sizes;     ///< by key, as the shape asks for them: radius_mm, ...
  std::map<std::string, double> radii_mm;  ///< along medial, anterior and proximal
  std::map<std::string, double> direction; ///< by name; empty: from the axis to the centre
  std::map<std::string, double> axis;      ///< by name; empty: the bone's own
  std::string form;                        ///< of a biopsy hole: round, oblong or window
  bool both_cortices = false;              ///< of a transcortical hole
  double margin_mm = 0;                    ///< width of an ill-defined margin
  LesionTissue tissue;
  std::optional<LesionImage> image;
  std::string place;

  double size(const std::string& key) const { return sizes.at(key); }
};

/**
 * Reads one [[lesion]] of a bone of this kind; wrong values are complained of in the table. Exactly
 * one of `shape`, `mask = { file, label }` and `from_uptake = { file, threshold or
 * share_of_maximum, unit }` says where it is. `in_ct` is true when not given for masks and uptake,
 * false for shapes.
 */
Lesion read_lesion(const Table& table, anatomy::BoneKind bone);

/// A lesion in the bone: a plain value, cheap to ask.
struct PlacedLesion
{
  Lesion lesion;
  Vec3 centre;                 ///< LPS mm
  double reach_mm = 0;         ///< neither outline nor margin is farther from the centre
  geometry::Solid solid;       ///< its outline
  Seeds patches;               ///< of a mixed lesion
  Remodelling remodelling;     ///< since the scan, also of one that is in_ct
  std::vector<Source> sources; ///< of its image
  Warnings warnings;
};

/// Share of the tissue at a point that is lesion: 1 inside, 0 outside, across an ill-defined margin
/// of width w, centred on the outline, s^2 (3 - 2 s) with s = 1/2 - distance / w.
double fraction(const PlacedLesion& placed, Vec3 point);

/// True where a mixed lesion is lytic: the patch of the nearest seed decides.
bool is_lytic_at(const PlacedLesion& placed, Vec3 point);

/// How far from the centre anything changes: outline, margin, rim and degraded cortex.
double influence_mm(const PlacedLesion& placed);

/**
 * Places a lesion by the bone's landmarks and frame, or by its image. Throws InputError: (command)
 * for a landmark that is not there, (data) as girth_at and the readers of images say, and for a
 * lesion that cannot be one of this bone: see require_in_bone().
 */
PlacedLesion place(const Lesion& lesion, const Ground& ground);

/// Lesions as one body has them.
struct Reading
{
  std::string name; ///< "as is"
  std::vector<PlacedLesion> lesions;
  std::string note; ///< "the CT cannot see this lesion: ...", empty when it does
};

/**
 * The ways in which lesions are run: "as is" alone, or, with lesions that the CT cannot see, "as
 * is" (their bone as dense as the CT shows) and "unseen lesions replaced".
 */
std::vector<Reading> readings(const std::vector<PlacedLesion>& lesions);

/// What lesions make of the tissue at a point.
struct Effect
{
  int lesion = -1; ///< the last in the list that holds the point, -1: none
  PointTissue tissue;
};

/**
 * Lets lesions act on a point of this ash density. Where lesions overlap the later one in the list
 * holds, alone: it acts on the bone as it was. Outside of all, the last whose rim or margin reaches
 * there acts. What has become of the lesion that holds the point (remodelling) comes next. Cortical
 * degradation comes on top, once, from the last within reach. Those `in_ct` change nothing but by
 * remodelling, and by degradation that the case asks for.
 */
Effect act(const std::vector<PlacedLesion>& lesions, Vec3 point, double ash, bool soft,
           double soft_below, double most_ash);

} // namespace calcar::lesion
