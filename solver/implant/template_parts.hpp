#pragma once

#include "base/table.hpp"
#include "implant/template.hpp"

namespace calcar::implant
{

// Readers of the parts of a template that nails and plates are made of; wrong values are complained
// of in the table.

NailPlan read_nail(const Table& table, anatomy::BoneKind bone);
LagPlan read_lag(const Table& table);
BarrelPlan read_barrel(const Table& table);
ScrewPlan read_screw(const Table& table);
LockingPlan read_locking(const Table& table, anatomy::BoneKind bone);
PlatePlan read_plate(const Table& table, anatomy::BoneKind bone);

/// Sizes from [end_screws], places from each [[end_screw]].
EndScrews read_end_screws(const Table& sizes, const std::vector<Table>& places,
                          anatomy::BoneKind bone);

} // namespace calcar::implant
