#include "load/patient.hpp"

#include "base/text.hpp"

namespace calcar::load
{
namespace
{
constexpr double lightest_kg = 2;
constexpr double heaviest_kg = 400;

bool possible_mass(double mass)
{
  return mass >= lightest_kg && mass <= heaviest_kg;
}
} // namespace

Patient read_patient(const Table& table)
{
  Patient patient;
  patient.place = table.place();
  patient.body_mass_kg = table.number("body_mass_kg");
  table.require(possible_mass(patient.body_mass_kg), "body_mass_kg", "2 to 400 kg",
                "all loads are a multiple of it");
  patient.height_m = table.maybe_number("height_m");
  table.require(patient.height_m.value_or(1) >= 0.4 && patient.height_m.value_or(1) <= 2.6,
                "height_m", "0.4 to 2.6 m", "give it in metres");
  patient.trochanteric_soft_tissue_mm = table.maybe_number("trochanteric_soft_tissue_mm");
  const double thickness = patient.trochanteric_soft_tissue_mm.value_or(0);
  table.require(thickness >= 0 && thickness <= 150, "trochanteric_soft_tissue_mm", "0 to 150 mm",
                "give it in millimetres");
  return patient;
}

void check_patient(const Patient& patient)
{
  if (possible_mass(patient.body_mass_kg))
    return;
  const std::string place = patient.place.empty() ? "[patient]" : patient.place;
  throw InputError(Fault::command,
                   {place, "body_mass_kg is " + format_number(patient.body_mass_kg), "2 to 400 kg",
                    "give the patient's mass: all loads are a multiple of it", ""});
}

} // namespace calcar::load
