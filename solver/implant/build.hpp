#pragma once

#include "implant/path.hpp"
#include "implant/place.hpp"

namespace calcar::implant
{

/// What the parts of a placement share.
struct Building
{
  const Request& request;
  const Template& plan;
  const Site& site;
  material::Alloy alloy;
  Fixation& fixation;

  void warn(const std::string& code, const std::string& text) const
  {
    fixation.warnings.push_back({code, text, request.place});
  }
  std::optional<double> chosen(const std::string& name) const
  {
    const auto found = request.chosen.find(name);
    return found == request.chosen.end() ? std::nullopt : std::optional(found->second);
  }
};

/// A bar of round section along a straight line, solid or with a bore.
Component round_bar(const Building& building, ComponentKind kind, const std::string& name,
                    Vec3 from, Vec3 to, double outer, double inner);

/// Sets stiffness and weakest section from the runs: of the run that bends most easily.
void take_least(Component& component);

/// Nail with its reamed canal; measures. The nail is components[0].
void build_nail(const Building& building);

/// The lag screw of a nail, through the neck's centre into the head.
void build_lag_screw(const Building& building, const Path& nail);

/// Screws across a nail. `shows_tip`: the nail's distal end lies in the image.
void build_locking(const Building& building, const Path& nail, bool shows_tip);

void build_plate(const Building& building);

/// A plate and lag screw for the proximal femur. The plate is components[0].
void build_hip_screw(const Building& building);

/// A screw from a head at `head` along the unit vector `towards`; `before_surface_mm`: its tip
/// stays so far inside, else it passes the far cortex. Nothing, with the warning "screw_left_out",
/// where bone or image ends, no length fits, or the far cortex is the surface of a joint.
std::optional<Component> screw_along(const Building& building, const ScrewPlan& plan,
                                     const std::string& name, Vec3 head, Vec3 towards,
                                     double to_near_surface,
                                     std::optional<double> before_surface_mm);

/// Cement in place of lesions, curetted.
void build_cement(const Building& building, const CementPlan& plan,
                  const std::vector<std::string>& names);

/// The bone's own outline as a solid.
geometry::Solid bone_solid(const Site& site);

} // namespace calcar::implant
