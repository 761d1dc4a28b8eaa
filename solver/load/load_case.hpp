#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "base/provenance.hpp"
#include "base/warning.hpp"
#include "geometry/solid.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/**
 * An area of the bone's surface by a weight that falls smoothly to 0 at its rim: 1 where the
 * intended pressure is full. Points and outward normals are LPS.
 */
struct Patch
{
  std::string name;
  std::function<double(Vec3 point, Vec3 outward_normal)> weight;
  Vec3 centre; ///< nominal point of application: the resultant acts through it, mm
  double radius_mm = 0;
  bool on_surface =
      false; ///< placed by a landmark: `settled` moves it onto the bone it was placed beside
  bool spread = false; ///< loaded so gently that the bone beneath is judged all the same
};

/// A force with the patch it acts on.
struct AppliedForce
{
  std::string name; ///< "hip_contact", "abductor"
  Patch patch;
  Vec3 force;              ///< N, LPS
  Vec3 moment = {};        ///< N mm, LPS: a couple on top of the force through the patch's centre
  double pressure_MPa = 0; ///< against the outward normals, times the patch's weight; what it adds
                           ///< to the resultant follows from the surface
};

/// The load that "fracture load" counts: the hip force in N, a torque in N m, a compression in N.
struct ReferenceLoad
{
  std::string what;
  double value = 0;
  std::string unit;
};

enum class ActivityKind
{
  daily,
  accident
};

/// How a support holds the bone.
enum class SupportKind
{
  clamped, ///< all nodes of the patch fixed
  springs  ///< an elastic foundation along given directions
};

struct Support
{
  std::string name;
  SupportKind kind = SupportKind::clamped;
  Patch patch;
  std::vector<Vec3> directions;  ///< LPS unit vectors of the springs
  double stiffness_N_per_mm = 0; ///< of the whole patch, along each direction
};

/**
 * Material beside the bone through which a load or a support reaches it: an intervertebral disc, a
 * cap or pot of cement, a cup. It fills what is not bone in its zone and is never judged.
 */
struct Layer
{
  std::string name;
  std::string words;
  std::string tissue;      ///< a file in materials/tissues
  geometry::Solid zone;    ///< LPS
  Vec3 outward;            ///< LPS unit vector from the bone to where the load acts
  double over_bone_mm = 0; ///< only where bone lies within this distance against `outward`; 0:
                           ///< the whole zone
  /// Between two bones of a body of several; `outward` points to the upper one then, and
  /// `over_bone_mm` asks for the upper bone along it and for the lower one against it.
  struct Joint
  {
    int upper = 0;     ///< number of the bone, from cranial to caudal
    int lower = 1;     ///< of the other
    double gap_mm = 0; ///< only where the gap between the two is at most so wide; 0: whatever it is
    bool may_be_absent = false; ///< the body is computed without it, with a warning
  };
  std::optional<Joint> joint = std::nullopt;
};

/// Supports in which the load cases of a rig are solved; superposition holds inside one rig only.
struct Rig
{
  std::string name;
  std::string words;
  std::vector<Support> supports;
  std::vector<Layer> layers;
  /// Forces are balanced by the inertia of the body (inertia relief): its mass times the rigid-body
  /// acceleration is added as body forces, and the supports only hold its place: they carry
  /// nothing.
  bool inertia_relief = false;
  std::string source;
  std::string status; ///< "verified", "project_choice", ... as in material/data_record.hpp
  std::string doubt;  ///< "" when confirmed, else "unconfirmed: ..." for the report
  Source file;
  Warnings warnings; ///< parts it has not on this body
};

/// An activity on this bone: forces in LPS newtons in a rig.
struct LoadCase
{
  std::string name;
  std::string title;
  ActivityKind kind = ActivityKind::daily;
  std::string rig;
  std::vector<AppliedForce> forces;
  ReferenceLoad reference;
  std::string set; ///< "heller2005", "orthoload2016", ...: sets are never mixed
  std::string source;
  std::string status;   ///< as in material/data_record.hpp
  std::string doubt;    ///< "" when confirmed, else "unconfirmed: ..." for the report
  std::string evidence; ///< "research_only": too weakly founded to advise on; "" otherwise
  std::optional<double> time_percent; ///< of an instant of a cycle: when it is
  std::string note;
  Source file;
  Warnings warnings;
};

} // namespace calcar::load
