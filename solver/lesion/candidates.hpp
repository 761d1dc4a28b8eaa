#pragma once

#include "anatomy/region.hpp"
#include "lesion/wall.hpp"

#include <string>
#include <vector>

namespace calcar::lesion
{

/// A region that may be a lesion. It is offered, never used by itself.
struct Candidate
{
  std::string kind; ///< "lytic" where density is low, "blastic" where it is high
  image::Mask mask; ///< on the grid of the bone
  double volume_mm3 = 0;
  double share_of_bone = 0;
  double difference_g_cm3 = 0; ///< mean, from the reference
  anatomy::Location centre;
  std::string words; ///< "lytic, 3.2 cm3, 0.25 g/cm3 below the mirrored bone: femoral neck, ..."
};

/**
 * Connected regions whose density differs from a healthy reference on the same grid (the mirrored
 * other side or a template; NaN where it says nothing), largest first. The difference is averaged
 * over a cube within the bone, freed of the median difference of spongy bone and of cortex, so that
 * a bone of less density all over has no candidate, compared with the threshold, and opened with a
 * ball, so that sheets of a cortex of other thickness are none. All numbers:
 * materials/lesions/candidates.toml.
 */
std::vector<Candidate> find_candidates(const Ground& ground, const image::Volume& reference,
                                       const std::string& reference_words);

/// The same against the generic bone of a template (materials/bone_templates) of its kind.
std::vector<Candidate> find_candidates_by_template(const Ground& ground,
                                                   const std::string& template_name,
                                                   const std::string& place);

/// How far candidates can be trusted, in words (materials/lesions/candidates.toml).
std::string candidate_trust(bool by_template);

/// Warns with "contralateral_lesion" of each candidate on the other side, which is then no healthy
/// bone to compare with.
Warnings check_contralateral(const std::vector<Candidate>& candidates_of_other_side,
                             const std::string& place);

} // namespace calcar::lesion
