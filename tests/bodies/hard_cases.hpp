#pragma once

#include "bodies/blocks.hpp"
#include "bodies/bones.hpp"
#include "bodies/nails.hpp"

#include <algorithm>

namespace test_bodies
{

/**
 * The hard cases at one size: shafts are `width` wide and `length` long, cubes have edges of `cube`
 * voxels. With width 64, length 256 and cube 64 the bodies have 0.5 to 2.5 million unknowns.
 */
inline std::vector<Problem> hard_cases(int width, int length, int cube)
{
  std::vector<Problem> cases;
  for (const Load load : {Load::plates, Load::bending, Load::torsion})
    cases.push_back(clamped("nail in marrow", nail_in_marrow(width, length), load));
  for (const Load load : {Load::plates, Load::bending, Load::torsion})
    cases.push_back(clamped("locked nail", locked_nail(width, length), load));
  for (const Load load : {Load::plates, Load::bending})
    cases.push_back(clamped("shaft with hole", bone_shaft(width, length), load));
  for (const Load load : {Load::plates, Load::bending})
    cases.push_back(
        clamped("tumour beside cortex", tumour_in_shaft(width, std::max(width, length / 2)), load));
  for (const Load load : {Load::plates, Load::bending})
    cases.push_back(clamped("thin cortex", thin_cortex(width, std::max(width, length / 2)), load));
  for (const Load load : {Load::plates, Load::bending})
    cases.push_back(clamped("slit", slit_shaft(width, std::max(width, length / 2)), load));
  cases.push_back(clamped("struts", strut_cube(cube), Load::plates));
  cases.push_back(clamped("struts", strut_cube(cube), Load::bending));
  cases.push_back(clamped("thin struts", thin_strut_cube(cube), Load::plates));
  cases.push_back(clamped("thin struts", thin_strut_cube(cube), Load::bending));
  cases.push_back(clamped("gyroid", gyroid_cube(cube), Load::plates));
  cases.push_back(clamped("heterogeneous", heterogeneous_cube(cube), Load::plates));
  return cases;
}

} // namespace test_bodies
