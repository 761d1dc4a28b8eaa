#pragma once

#include "base/table.hpp"

#include <optional>
#include <string>

namespace calcar::load
{

/// Standard gravity as the loads of the literature are scaled, m/s^2.
constexpr double gravity = 9.81;

/// Whom the bone carries.
struct Patient
{
  double body_mass_kg = 0;
  std::optional<double> height_m; ///< for a fall only
  std::optional<double>
      trochanteric_soft_tissue_mm; ///< for a fall only; none: nothing is subtracted
  std::string place;               ///< of the table, for messages

  double body_weight_N() const { return body_mass_kg * gravity; }
};

/// Reads body_mass_kg, height_m and trochanteric_soft_tissue_mm of [patient]; problems are recorded
/// in the table.
Patient read_patient(const Table& table);

/// Throws InputError unless the mass is one of a person (2 to 400 kg).
void check_patient(const Patient& patient);

} // namespace calcar::load
