#pragma once

#include "anatomy/pelvis_parts.hpp"

namespace calcar::anatomy
{

/// The ring of ischium and pubis around the obturator foramen.
struct ObturatorRing
{
  bool closed = false;
  std::vector<std::string> missing; ///< its parts that are not seen, in words; none when closed, or
                                    ///< when only a narrow gap interrupts it
};

/**
 * Whether the ring is closed in the mask: with the bone around the acetabulum taken away (1.85
 * radii of it, and all that lies higher than 0.8 of them), one piece must still join the stump of
 * the ischium to that of the upper pubic ramus. The names of missing parts come from the standard
 * laid on the bone.
 */
ObturatorRing obturator_ring(const BoneShape& shape, const PelvisParts& parts);

} // namespace calcar::anatomy
