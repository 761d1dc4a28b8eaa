#pragma once

#include "base/warning.hpp"
#include "material/ash_conversion.hpp"
#include "material/density_law.hpp"
#include "material/phantom_conversion.hpp"
#include "material/strain_limits.hpp"
#include "material/strength_law.hpp"
#include "material/tissue.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace calcar::material
{

/// Where a criterion is judged. Part of the result: this choice alone moves a fracture load by
/// several times.
struct CriterionDomain
{
  enum class Where
  {
    surface, ///< bone voxels or nodes at the outer surface
    volume   ///< all bone
  };
  Where where = Where::surface;
  double min_ash_g_cm3 = 0; ///< bone of less ash density is not judged
  /// Diameter of the ball over whose bone utilisation is averaged, and where less than half of it
  /// is bone over as much of the nearest (risk/nearest_bone.hpp); 0: no average.
  double average_mm = 0;
  double exclude_mm_from_load = 0;    ///< distance from the loaded areas that is not judged
  double exclude_mm_from_support = 0; ///< distance from the supports that is not judged
  Status status = Status::project_choice;
  std::string note;
};

/**
 * One inseparable record from the scan to the verdict: phantom, ash density, law, cortical ceiling,
 * soft tissue, strength, limits, criterion and its domain. Data file in materials/protocols; its
 * parts are named there and read from their own files. With densities in g/cm3,
 *
 *   rho_ash = min(max(a + b rho_phantom, 0), max_ash),   rho_app = rho_ash / ash_to_apparent,   E =
 * law(rho of its kind);
 *
 * below `soft_below_phantom` the point is the soft tissue instead.
 */
struct Protocol
{
  DataRecord record;
  DensityKind phantom = DensityKind::cha;
  std::string sibling; ///< the protocol for the other phantom; may be empty
  AshConversion ash;
  std::optional<PhantomConversion>
      converted;                ///< set when an image of the other phantom is converted first
  double ash_to_apparent = 0.6; ///< rho_ash / rho_app
  DensityLaw law;
  double poisson = 0.3;
  double max_ash_g_cm3 = 1.2;            ///< cortical ceiling of modulus and strength
  double soft_below_phantom_g_cm3 = 0.0; ///< in the equivalent density of the protocol's phantom
  Tissue soft;
  StrengthLaw strength;
  StrainLimits limits;           ///< of the principal kind
  StrainLimits effective_limits; ///< of the effective kind
  std::string criterion;         ///< the headline, one of criteria()
  CriterionDomain domain;
  std::string constitutive; ///< law beyond yield (material/constitutive_law.hpp); empty: none
  std::vector<std::string> bones;
  std::vector<std::string> activities; ///< it was made for; empty: none in particular

  /// What the file and its parts leave unconfirmed, one sentence each, for the report.
  std::vector<std::string> doubts() const;
  /// The files it was read from.
  std::vector<Source> sources() const;
};

/// Reads and checks a protocol with all its parts. Throws InputError naming file, line, key and
/// remedy.
Protocol read_protocol(const std::filesystem::path& file);

/// A shipped protocol by name; throws InputError at `place` with the known names.
Protocol protocol(const std::string& name, const std::string& place);

/// Name of the default protocol of a bone for an image of this phantom
/// (materials/default_protocols.toml).
std::string default_protocol(const std::string& bone, DensityKind phantom);

/// Why no protocol made for this bone is shipped, from the same file; empty where one is.
std::string reason_for_none(const std::string& bone);

/**
 * The protocol for an image of this phantom. Unchanged when it was made for it. Otherwise refused
 * with the reason and the name of the sibling protocol, or, with `convert_phantom`, returned with a
 * conversion in front whose uncertainty goes into `warnings`.
 */
Protocol for_phantom(Protocol protocol, DensityKind of_image, bool convert_phantom,
                     const std::string& place, Warnings& warnings);

/// A warning when the protocol was not made for this bone, with the reason why none is, or, if it
/// was, not for this activity.
Warnings check_use(const Protocol& protocol, const std::string& bone, const std::string& activity,
                   const std::string& place);

} // namespace calcar::material
