#pragma once

#include "implant/extent.hpp"
#include "implant/place_prosthesis_stem.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::implant
{

/// The shaft's axis from above the bone's proximal end to where bone or image ends.
struct Shaft
{
  Path axis;
  double canal_top = 0; ///< arc length where the canal begins
  double end = 0;       ///< where a stem's tip may be at the most
  bool beyond_image = false;
};

/// Throws InputError (data) for a bone without a canal, or with too little of it in the image.
Shaft find_shaft(const Building& building);

/// Where a new head is, and how it sits on the shaft.
struct Joint
{
  Vec3 head;
  double radius = 0;
  Vec3 towards_neck;   ///< unit, from the head along the native neck
  double shoulder = 0; ///< arc length of the shaft's axis at which the prosthesis' neck meets it
};

/// By the native head and neck; sets head_diameter_mm and offset_mm.
Joint find_joint(const Building& building, const Shaft& shaft);

/// The head as a component, joined to "stem".
void add_head(const Building& building, const Joint& joint);

/// Takes the bone in a solid away, about `centre`; sets resected_ml.
void resect(const Building& building, const std::string& name, const geometry::Solid& solid,
            Vec3 centre);

/// The canal prepared for a stem, filled again by it and its cement.
void prepare_canal(const Building& building, const std::string& name, const Stem& stem,
                   const geometry::Solid& solid);

/// The metal of a prosthesis as one bar.
Component metal_bar(const Building& building, const std::string& name, geometry::Solid solid,
                    std::vector<Vec3> axis, std::vector<SectionRun> runs);

SectionRun round_run(const Building& building, double from, double to, double diameter);

/// Tells of lesions that stay in the bone and reach past the stem: "ends_at_lesion".
void judge_spans(const Building& building, const Stem& stem);

} // namespace calcar::implant
