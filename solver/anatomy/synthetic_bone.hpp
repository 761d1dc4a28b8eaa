#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "image/volume.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::anatomy
{

/// What the values of a synthetic scan are.
enum class ScanOutput
{
  density,   ///< K2HPO4-equivalent, g/cm^3
  hounsfield ///< HU by the example calibration in materials/anatomy/synthetic_scanner.toml
};

enum class Sex
{
  female,
  male
};

/// How much mineral the bone has.
enum class BoneDensity
{
  healthy,
  osteopenic,
  osteoporotic
};

/// Whose synthetic bone it is.
struct SyntheticPerson
{
  Side side = Side::left; ///< ignored for bones of the midline
  Sex sex = Sex::male;
  std::optional<double> age_years; ///< 6 to 16: a child, with open growth plates; none: an adult
  double size = 1;                 ///< factor on all lengths, on top of sex and age
  BoneDensity density = BoneDensity::healthy;
  std::string level; ///< of a vertebra ("L3") or rib ("7"); empty: the file's standard
};

/// Dimensions of a synthetic bone by the names of materials/anatomy/synthetic_BONE.toml; the unit
/// is part of the name.
using Dimensions = std::map<std::string, double>;

/// Lengths of a child of this age (6 to 16 years) over those of an adult of the same sex, between
/// the ages of materials/anatomy/synthetic_people.toml by straight lines.
double growth_factor(Sex sex, double age_years);

/// The names of a bone's dimensions, sorted.
std::vector<std::string> dimension_names(BoneKind kind);

/**
 * The dimensions of this person's bone: the file's means, lengths (names ending in _mm, but those
 * of the cortex and gaps of joints) times the factors of sex, age and size, cortices and trabecular
 * densities times those of the bone's density, sex and age, cortical densities times that of age;
 * all factors from materials/anatomy/synthetic_people.toml. Throws InputError for a size or age it
 * has none for.
 */
Dimensions standard_dimensions(BoneKind kind, const SyntheticPerson& person);

/**
 * A synthetic bone as smooth shapes in its own coordinates, x medial, y anterior, z proximal, mm: a
 * right bone is the mirror image of the same shapes. Of a bone of the midline x is the patient's
 * right.
 */
struct SyntheticBody
{
  BoneKind kind = BoneKind::femur;
  Side side = Side::left;
  std::string level;
  int label = 1;       ///< in the scan's labels
  int plate_label = 2; ///< of its growth plates

  /// Signed distance to the outer surface, mm, negative inside: right to first order near it, never
  /// steeper than `steepest` anywhere.
  std::function<double(Vec3)> distance;
  double steepest = 1.6;
  /// K2HPO4-equivalent density at a point inside, g/cm^3; `depth` is the distance below the
  /// surface.
  std::function<double(Vec3 point, double depth)> density;
  /// Thickness of the cortex near a point, mm: where voxels are averaged over sub-points.
  std::function<double(Vec3)> cortex_mm;
  /// Cartilage of open growth plates inside the bone; empty function: none.
  std::function<bool(Vec3)> growth_plate;

  /// Other bones in the scan that are not the one in question (the rest of the pelvic ring, the
  /// neighbouring vertebra): distance as above, their label, and one density.
  struct Neighbour
  {
    std::string name; ///< "sacrum"
    int label = 0;    ///< from 10 on
    std::function<double(Vec3)> distance;
    double density_g_cm3 = 0;
  };
  std::vector<Neighbour> neighbours;

  Vec3 low, high; ///< box that holds the bone
  Vec3 origin;    ///< of the frame

  std::map<std::string, Vec3> landmarks; ///< by the definitions of the bone's header
  std::map<std::string, Measure> measures;
  std::vector<Vec3> shaft_centres; ///< of a long bone, proximal to distal
};

/// Where the scan ends: what of the bone lies outside is neither in the label nor told as a
/// landmark, as if the image had ended there.
struct Crop
{
  Vec3 from{-1e9, -1e9, -1e9}; ///< in the bone's coordinates, mm
  Vec3 to{1e9, 1e9, 1e9};
};

/// How the bone lies in the scanner and what the scanner makes of it.
struct ScanSettings
{
  double voxel_mm = 1;
  Vec3 spacing_mm{0, 0, 0};   ///< different spacing for each axis; 0: voxel_mm
  Mat3 rotation = identity(); ///< of the bone in the scanner; identity: anatomical position in LPS
  Vec3 position;              ///< of the frame's origin, LPS mm
  Crop crop;
  ScanOutput output = ScanOutput::density;
  double noise_HU = 0; ///< standard deviation, white; the same seed gives the same noise
  std::uint64_t seed = 1;
  double blur_mm = 0;   ///< full width at half maximum of a Gaussian
  bool body = false;    ///< muscle, a layer of fat and air around it
  bool phantom = false; ///< calibration rods beneath the patient, labelled from 101 on
  bool metal = false;   ///< a steel pin beside the bone, with streaks
};

/// A synthetic scan and what is true of it.
struct SyntheticScan
{
  image::Volume volume; ///< density in g/cm^3 or HU
  /// 1 the bone, 2 growth plates inside it (part of the bone too), 10 and more neighbours, 101 and
  /// more the rods of the phantom. Of a segment the labels of its bodies.
  image::LabelMap labels;
  BoneAnatomy truth;              ///< of a segment, that of its index
  std::vector<BoneAnatomy> parts; ///< of each of a segment's parts; of a bone alone, its own
  Dimensions rods_mg_cm3; ///< density of each rod by its label, "101"; empty without a phantom
};

/// A bone of a synthetic scan with its growth plates.
image::Mask bone_mask(const image::LabelMap& labels, int label = 1, int plate_label = 2);

/**
 * Makes the scan. Voxels on a boundary hold the mean of 2 x 2 x 2 sub-points. An image with a crop
 * is turned with the bone, so that its border is the cut; any other lies along LPS. With a phantom
 * there is a body too. Deterministic. Throws InputError when a setting makes no sense, or when
 * nothing of the bone or not all of the phantom is left by the crop.
 */
SyntheticScan make_scan(const SyntheticBody& body, const ScanSettings& settings);

/// The dimensions of `standard_dimensions` with some of them given by name. Throws InputError for
/// an unknown name, listing the known ones.
Dimensions dimensions_with(BoneKind kind, const SyntheticPerson& person, const Dimensions& given);

/**
 * The synthetic bone of any kind, see `dimensions_with`. Throws InputError for a dimension that is
 * not that of such a bone.
 */
SyntheticBody synthetic_bone(BoneKind kind, const SyntheticPerson& person,
                             const Dimensions& given = {});

} // namespace calcar::anatomy
