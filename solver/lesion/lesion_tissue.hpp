#pragma once

#include "base/table.hpp"
#include "material/point.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace calcar::lesion
{

/// What a lesion does to bone.
enum class Kind
{
  lytic,   ///< mineral is lost, tumour tissue is left
  blastic, ///< mineral is gained, as woven bone
  mixed    ///< patches of both
};

/// Bone denser than the scan shows around a lesion.
struct Rim
{
  double thickness_mm = 0;
  double ash_gain_g_cm3 = 0;
};

/// Cortex near a metastasis that is weaker than its density tells
/// (materials/lesions/cortical_degradation.toml).
struct CorticalDegradation
{
  double reach_mm = 0; ///< from the lesion's outline
  double youngs_factor = 1;
  double compressive_factor = 1;
  double tensile_factor = 1;
  double cortex_from_ash_g_cm3 = 0;
};

/// How a lesion changes the tissue it lies in.
struct LesionTissue
{
  Kind kind = Kind::lytic;
  std::string filling = "tumour_lytic"; ///< where mineral is lost: a file in materials/tissues
  double ash_gain_g_cm3 = 0;            ///< blastic
  double youngs_factor = 1;             ///< of blastic bone, on top of its density
  double strength_factor = 1;
  double patch_mm = 0; ///< mixed: width of the patches
  double lytic_share = 0.5;
  std::uint64_t seed = 1;
  std::optional<Rim> rim;
  std::optional<CorticalDegradation> degradation;
};

/// Words of the kinds, in the order of `Kind`.
const std::vector<std::string>& kind_names();
std::string to_string(Kind kind);

/**
 * Reads `tissue`, `ash_gain_g_cm3`, `youngs_factor`, `strength_factor`, `patch_mm`, `lytic_share`
 * as the kind asks for them, `rim = { thickness_mm, ash_gain_g_cm3 }` and `cortical_degradation =
 * { reach_mm, youngs_factor, compressive_factor, tensile_factor }`. Defaults stand in
 * materials/lesions; wrong values are complained of in the table.
 */
LesionTissue read_lesion_tissue(const Table& table, Kind kind, const std::string& filling);

/// The state of a point while lesions act on it, one after the other.
struct PointTissue
{
  double ash = 0;        ///< g/cm^3, within the protocol's range
  bool soft = false;     ///< marrow, or a filling
  int filling = -1;      ///< index of the lesion whose filling lies here
  bool changed = false;  ///< a lesion has acted: the properties follow from `ash` anew
  bool new_bone = false; ///< where there was none: it bears load, and is not judged
  double youngs_factor = 1;
  double compressive_factor = 1;
  double tensile_factor = 1;
};

/**
 * Mineral lost in a share `fraction` of the tissue: ash (1 - fraction). Below the ash density at
 * which the protocol takes tissue for soft, and where all is lost, the lesion's filling is left.
 */
void lose_mineral(PointTissue& point, double fraction, double soft_below_ash, int lesion);

/**
 * Mineral gained: ash + fraction gain, at most `most_ash`; stiffness and strength times 1 -
 * fraction (1 - factor). Marrow that gains enough becomes bone; what an earlier lesion has filled
 * is replaced with this lesion's bone in the same way.
 */
void gain_mineral(PointTissue& point, double fraction, double gain, double youngs_factor,
                  double strength_factor, double soft_below_ash, double most_ash);

/// What has become of the tissue in a lesion since the scan: lesion/time_course.hpp.
struct Remodelling
{
  double lost_share = 0;     ///< of its mineral
  double ash_gain_g_cm3 = 0; ///< as woven bone
  double youngs_factor = 1;  ///< of woven bone, on top of its density
  double strength_factor = 1;
};

/// Loses mineral as lose_mineral() says, then gains it as gain_mineral() does; the factors of woven
/// bone count by the share of the ash that is new. What becomes bone in a hole or in marrow is not
/// judged: it cannot make the bone weaker than the hole would, and a strain limit would say so.
void remodel(PointTissue& point, double fraction, const Remodelling& remodelling,
             double soft_below_ash, double most_ash, int lesion);

/// Cortex (ash at or above the bound, not soft) with the factors of `degradation`.
void degrade(PointTissue& point, const CorticalDegradation& degradation);

/// Ash density in g/cm^3 below which a protocol takes tissue for soft.
double soft_below_ash(const material::Protocol& protocol);

} // namespace calcar::lesion
