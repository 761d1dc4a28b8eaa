#pragma once

#include "base/table.hpp"

#include <string>
#include <vector>

namespace calcar::implant
{

struct Building;

/// What a prosthesis takes the place of.
enum class ProsthesisKind
{
  hemiarthroplasty, ///< the femoral head
  proximal_femur,   ///< the femur's proximal end
  intercalary       ///< a stretch of the shaft
};

/// A cemented prosthesis.
struct ProsthesisPlan
{
  ProsthesisKind kind = ProsthesisKind::hemiarthroplasty;
  std::vector<double> stem_diameters_mm; ///< at the tip, rising
  std::vector<double> stem_lengths_mm;   ///< in the bone, rising
  double usual_length_mm = 0;            ///< the longest that fits up to it is taken
  bool straight = true;                  ///< else the stem follows the canal
  double widens_mm = 0;       ///< of the diameter from the tip to where it leaves the bone
  double mantle_mm = 0;       ///< of cement, at the least
  double most_mantle_mm = 0;  ///< the canal is filled so far
  double plug_mm = 0;         ///< of cement beyond the tip
  double neck_mm = 0;         ///< diameter of the neck
  double body_mm = 0;         ///< diameter of what stands for the bone
  double margin_mm = 0;       ///< bone taken beside a lesion
  double before_joint_mm = 0; ///< kept between tip and the distal joint
  std::string head_alloy;
};

ProsthesisPlan read_prosthesis(const Table& table);

/**
 * A stem, or two, in the canal with a mantle of cement, and what stands for the bone taken away,
 * whose Removal is `resected`. Of hemiarthroplasty and proximal femur the head is a ball of the
 * native head's radius about its centre: the joint's load acts there. Refused: a canal too narrow
 * for the thinnest stem and its mantle, a lesion at the cut or beside the stem's end, a bone too
 * short for the shortest stem. Measures: stem_diameter_mm, stem_length_mm, mantle_least_mm,
 * mantle_most_mm, cement_ml, resected_mm (along the shaft), head_diameter_mm, offset_mm (from the
 * shaft's axis to the head's centre).
 */
void build_prosthesis(const Building& building);

} // namespace calcar::implant
