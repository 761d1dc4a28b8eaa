#pragma once

#include "anatomy/humerus_distal.hpp"
#include "anatomy/humerus_proximal.hpp"

namespace calcar::anatomy
{

/// What is found on a humerus before it has a frame.
struct HumerusParts
{
  LongBone bone; ///< its axis points proximally
  std::optional<HumeralHead> head;
  double surgical_neck = 0; ///< level; of a part with a head
  Tubercles tubercles;      ///< of a part with a head
  std::optional<DistalHumerus> distal;
  Side side = Side::left;
};

/// Finds the parts and the side. Throws InputError when they are not those of a humerus, saying
/// what is missing or wrong.
HumerusParts find_humerus_parts(const BoneShape& shape, const AnatomyOptions& options);

/// The frame from the landmarks in `bone` (given by hand or found) and the parts; adds the measures
/// retroversion_deg and inclination_deg.
void build_humerus_frame(const HumerusParts& parts, BoneAnatomy& bone);

/// Adds the landmarks that need the frame, shaft centres, cut and measures.
void add_humerus_landmarks(const BoneShape& shape, const HumerusParts& parts, BoneAnatomy& bone);

} // namespace calcar::anatomy
