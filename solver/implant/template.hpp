#pragma once

#include "anatomy/point_query.hpp"
#include "implant/component.hpp"
#include "material/catalogue.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::implant
{

/// How a template is put in the bone: the name of what the room can place.
enum class Method
{
  nail,
  plate,
  cement
};

/// What is done about open growth plates.
enum class GrowthPlates
{
  refused, ///< it would cross one
  flagged  ///< it may stay clear of them; a crossing is a warning
};

/// Lengths as makers sell them.
struct Steps
{
  double from_mm = 0;
  double to_mm = 0;
  double step_mm = 1;

  /// The nearest size up (down) within the range; nothing when there is none.
  std::optional<double> up(double length) const;
  std::optional<double> down(double length) const;
};

/// A nail that runs from its entry along the canal, hollow or solid.
struct NailPlan
{
  std::vector<double> diameters_mm; ///< of the shaft, rising
  std::vector<double> lengths_mm;   ///< rising
  std::optional<double> usual_mm;   ///< the length chosen; none: the longest that fits
  double cannula_mm = 0;            ///< 0: solid
  double proximal_diameter_mm = 0;
  double proximal_length_mm = 0;
  double reamed_over_mm = 0; ///< diameter of the reamed canal over that of the nail
  double bend_at_mm = 0;     ///< below the entry the nail joins the canal's axis
  double most_bend_deg = 0;
  std::optional<anatomy::PointQuery> entry; ///< none: where the canal's axis leaves the bone
  std::string entry_measure;                ///< the entry's offsets are shares of it; empty: mm
  std::string ends_before;                  ///< landmark near the distal joint
  double ends_before_mm = 0;
};

/// A screw through the nail along the neck into the head.
struct LagPlan
{
  std::vector<double> angles_deg; ///< between nail and screw
  Steps lengths;
  double diameter_mm = 0;  ///< outer, as drilled
  double cannula_mm = 0;   ///< 0: solid
  double least_tip_mm = 0; ///< under the joint's surface, along the screw
  double most_tip_mm = 0;
  double least_wall_mm = 0; ///< bone around it
};

/// What kind of screw, and its lengths.
struct ScrewPlan
{
  ComponentKind kind = ComponentKind::locking_screw;
  double outer_mm = 0; ///< of the thread
  double core_mm = 0;
  Steps lengths;
};

/// A screw across a nail.
struct LockingPlan
{
  std::string name;
  bool from_tip = true;                    ///< else from the top
  double distance_mm = 0;                  ///< along the nail
  std::map<std::string, double> towards;   ///< from head to tip, by named directions
  std::optional<double> before_surface_mm; ///< ends in the bone; none: through the far cortex
};

/// A plate along a side of the shaft, bent to its surface.
struct PlatePlan
{
  double width_mm = 0;
  double thickness_mm = 0;
  std::vector<int> holes;             ///< rising
  double pitch_mm = 0;                ///< from hole to hole
  double hole_mm = 0;                 ///< diameter
  double gap_mm = 0;                  ///< between plate and bone at the nearest place
  std::map<std::string, double> side; ///< of the bone, by named directions
  int least_screws_each_side = 0;     ///< of a lesion
  std::string top;                    ///< landmark the proximal end reaches; empty: free
};

/// Cement in place of a lesion.
struct CementPlan
{
  double most_beyond_mm = 0; ///< outside the bone's surface
};

/// How far an implant must reach beyond a lesion.
struct SpanRule
{
  double diameters = 0; ///< of the bone there
  std::string note;
};

/// One file of cases/fixations.
struct Template
{
  material::DataRecord record;
  anatomy::BoneKind bone = anatomy::BoneKind::femur;
  bool any_bone = false;
  Method method = Method::nail;
  std::string alloy;
  Interface to_bone = Interface::debonded;
  GrowthPlates growth_plates = GrowthPlates::refused;
  std::optional<NailPlan> nail;
  std::optional<LagPlan> lag;
  std::optional<ScrewPlan> screw;
  std::vector<LockingPlan> locking;
  std::optional<PlatePlan> plate;
  std::optional<CementPlan> cement;
  SpanRule spans;
  std::vector<std::string> doubts; ///< "nail: unconfirmed: quoted from memory ..."
};

/// Reads and checks a template. Throws InputError naming file, line, key and remedy.
Template read_template(const std::filesystem::path& file);

/// A shipped template by name; throws InputError at `place` with the known names.
Template fixation_template(const std::string& name, const std::string& place);

/// The shipped templates for a bone, by name.
std::vector<material::Entry> list_fixations(anatomy::BoneKind bone);

/// All shipped templates, by name.
std::vector<material::Entry> list_fixations();

} // namespace calcar::implant
