#pragma once

#include "risk/vertebra_form.hpp"
#include "voxel/yielding_body.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace calcar::risk
{

/// An axial section through a vertebral body, that follows the endplates.
struct BodySection
{
  double height = 0;     ///< of its middle: 0 inferior, 1 superior endplate
  double area_mm2 = 0;   ///< of bone and what fills it
  double strength_N = 0; ///< sum of compressive strength times area
  double rigidity_N = 0; ///< axial: sum of Young's modulus times area
  double failed_mm2 = 0; ///< of the area
  double plastic = 0;    ///< mean accumulated plastic strain
  double lost_mm = 0;    ///< of its thickness, mean of the columns; without the elastic part
};

/// What failing left in a vertebra.
struct BodyFailure
{
  std::vector<BodySection> sections; ///< from the inferior to the superior endplate
  std::size_t failing = 0;           ///< the section that lost most of its thickness
  std::size_t weakest = 0;           ///< the section with the least strength
  double failed_mm3 = 0;             ///< of the whole vertebra
  double plastic_mm3 = 0;            ///< plastic strain times volume of the whole vertebra
  double in_body = 0;                ///< share of plastic_mm3 in the vertebral body
  double superior = 0, inferior = 0; ///< shares of the height lost next to each endplate
  double wall_failed = 0;            ///< share of the posterior wall
};

/// Voxels that have failed: those that softened, or those that yielded where nothing did; one
/// value per voxel of the body.
std::vector<std::uint8_t> failed_voxels(const voxel::YieldingFields& fields);

/// `lasting`: displacement of the nodes without its elastic part; `end_share`: of the body's
/// height, what counts as next to an endplate.
BodyFailure body_failure(const VertebraProbe& probe, const VertebraForm& form,
                         const voxel::YieldingFields& fields, std::span<const Vec3> lasting,
                         double end_share);

} // namespace calcar::risk
