#pragma once

#include "anatomy/point_query.hpp"
#include "implant/component.hpp"
#include "implant/place_flexible.hpp"
#include "implant/place_pedicle.hpp"
#include "implant/place_prosthesis.hpp"
#include "implant/place_vertebroplasty.hpp"
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
  cement,
  vertebroplasty,
  pedicle_screws,
  flexible_nails,
  prosthesis,
  hip_screw
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
  bool from_distal = false;         ///< it goes in at the distal end and runs proximally
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
  double entry_shift_mm = 0;                ///< forwards or backwards, to lie in line with the neck
  std::map<std::string, double>
      entry_towards;         ///< where the surface is looked for; empty: out of the bone's end
  std::string ends_before;   ///< landmark near the joint (or place) where it must end
  double ends_before_mm = 0; ///< towards the entry; negative: it may pass the landmark
};

/// A screw or blade through a nail, or from a hip plate, along the neck into the head.
struct LagPlan
{
  ComponentKind kind = ComponentKind::lag_screw; ///< or blade
  std::vector<double> angles_deg;                ///< between nail and screw
  Steps lengths;
  double diameter_mm = 0;  ///< outer, as drilled
  double shank_mm = 0;     ///< as modelled; 0: the same
  double cannula_mm = 0;   ///< 0: solid
  double least_tip_mm = 0; ///< under the joint's surface, along the screw
  double most_tip_mm = 0;
  double least_wall_mm = 0; ///< bone around it
};

/// The barrel of a hip plate, in which the lag screw sits. It is one with the plate.
struct BarrelPlan
{
  double diameter_mm = 0;
  double length_mm = 0;
  double from_top_mm = 0;   ///< of the plate to the barrel's axis
  double first_hole_mm = 0; ///< from the barrel's axis
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

/// A screw at the widened end of a plate, near a joint.
struct EndScrewPlan
{
  std::string name;
  double from_end_mm = 0;                 ///< along the plate from its end near the joint
  std::map<std::string, double> aside_mm; ///< of the plate's middle, by named directions
  std::string aim;                        ///< landmark it points to, with the offset; or
  std::map<std::string, double> aim_offset_mm;
  std::map<std::string, double> towards; ///< the direction
};

/// The screws at a plate's end near a joint: they end in the bone.
struct EndScrews
{
  ScrewPlan screw;
  double before_surface_mm = 0; ///< of the tip
  double least_wall_mm = 0;     ///< bone around the core on its way
  int least = 0;                ///< of them that must find bone
  std::vector<EndScrewPlan> at;
};

/// A plate along a side of the bone, bent to its surface.
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
  std::string bottom;                 ///< landmark the distal end reaches; empty: free
  double beyond_mm = 0;               ///< past `top` or `bottom`
  double head_mm = 0;                 ///< of the end near a joint: without holes for the shaft
  int screws_each_end = 0;        ///< of a bridging plate: only these; 0: wherever bone is whole
  double bridge_mm = 0;           ///< beside a lesion without screws
  std::optional<int> usual_holes; ///< without a lesion

  bool at_end() const { return !top.empty() || !bottom.empty(); }
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
  std::vector<std::string> leaves; ///< regions it does not hold, by name
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
  std::optional<ScrewPlan> other_screw; ///< the other kind, at choice
  std::optional<BarrelPlan> barrel;
  std::optional<EndScrews> end_screws;
  std::vector<LockingPlan> locking;
  std::optional<PlatePlan> plate;
  std::optional<CementPlan> cement;
  std::optional<VertebralCementPlan> vertebral_cement;
  std::optional<PediclePlan> pedicle;
  std::optional<FlexiblePlan> flexible;
  std::optional<ProsthesisPlan> prosthesis;
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
