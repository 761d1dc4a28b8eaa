#pragma once

#include "base/warning.hpp"
#include "mesh/mesh.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::mesh
{

/// A unit of length that a file may be in.
struct LengthUnit
{
  std::string name; ///< "mm", "m", "cm", "um"
  double mm;        ///< mm per unit
};

/// mm, m, cm, um: the more likely one first.
const std::vector<LengthUnit>& length_units();

/// Millimetres in a unit named in a case ("m": 1000). Throws InputError (command) at `place` for an
/// unknown one with the known ones.
double mm_per_unit(const std::string& name, const std::string& place);

/**
 * What unit the coordinates of a bone are in, by the longest side of the box around it alone:
 * a bone, or a piece of one worth a model, is 5 to 600 mm long (the longest femora have about 550
 * mm); of a long bone (femur, tibia, humerus) a model has 60 mm at the least, of a pelvis 40, of a
 * skull 30. These bounds are Calcar's own. `bone` is the kind's name, or empty.
 *
 * Whatever unit gives such a length is plausible, and mm is taken before the others: a long side of
 * 45 may be a vertebra in mm or a femur in cm, and only the kind of bone tells.
 */
struct UnitGuess
{
  double longest_side = 0;           ///< as the file has it
  std::vector<LengthUnit> plausible; ///< in the order of length_units()
  std::string words;                 ///< "mm" or "0.45 m are 450 mm"

  bool millimetres() const { return !plausible.empty() && plausible.front().name == "mm"; }
};

/// The box around points.
Box box_of(const std::vector<Vec3>& points);

/// `box` in the file's unit.
UnitGuess guess_unit(const Box& box, const std::string& bone = "");

/**
 * Refuses a body whose box cannot be in mm. To be called when the user did not name a unit. Throws
 * InputError (data) at `place` that says which unit it may be in and how to say so.
 */
void require_millimetres(const Box& box, const std::string& place, const std::string& bone = "");

} // namespace calcar::mesh
