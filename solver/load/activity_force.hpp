#pragma once

#include "anatomy/bone_anatomy.hpp"
#include "base/table.hpp"
#include "load/patient.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace calcar::load
{

/**
 * A couple by the turn it would make: it turns one named direction of the bone towards another. On
 * either side of the body internal rotation of a limb bone turns anterior towards medial, external
 * rotation anterior towards lateral, flexion of the spine cranial towards anterior. The vector
 *
 *   M = magnitude * (turns x towards)
 *
 * in LPS is right-handed about the axis of that turn; no sign is implied by the side.
 */
struct Couple
{
  std::string turns;
  std::string towards;
  double percent_bw_m = 0; ///< percent of body weight times metre
  double N_m = 0;
};

/// A force of an activity as its file has it.
struct ActivityForce
{
  std::string name;
  std::string acts_on;                      ///< an area of the rig
  std::map<std::string, double> percent_bw; ///< by named directions, percent of body weight
  std::map<std::string, double> newtons;    ///< by named directions, on top of that, N
  /// Of a vertebra: factor on both by its level ("L3"); empty: 1 at every level.
  std::map<std::string, double> by_level;
  double inwards_percent_bw = 0; ///< pressing on the face it acts on, against its outward direction
  double inwards_N = 0;
  std::optional<Couple> couple;
  double pressure_kPa = 0; ///< against the surface
  bool of_impact = false;  ///< along the rig's fall, of the impact's magnitude
  bool required = false;   ///< without it the others are not in balance: never dropped
};

/// Reads one [[force]] of an activity of this bone; problems are recorded in the table.
ActivityForce read_force(const Table& table, anatomy::BoneKind bone);

/// The same of an activity with instants, which tell its size: only its direction, or nothing.
ActivityForce read_force_of_cycle(const Table& table, anatomy::BoneKind bone);

/**
 * Force in N, LPS, on this bone of this patient where the face it acts on points outwards along
 * `outward`; zero of an impact. Throws InputError when it is
 * given by level and the bone's level is not known or not in the table, listing those that are:
 * between levels nothing is interpolated.
 */
Vec3 force_on(const ActivityForce& force, const anatomy::BoneAnatomy& bone, const Patient& patient,
              Vec3 outward);

/// Couple in N mm, LPS.
Vec3 couple_on(const ActivityForce& force, const anatomy::BoneAnatomy& bone,
               const Patient& patient);

} // namespace calcar::load
