#pragma once

#include "risk/fixation.hpp"

namespace calcar::risk
{

/**
 * The largest principal tension and compression in a component of cement, of stresses averaged over
 * a ball of 3 mm (ball_mean.hpp) so that single voxels at the steps of its surface do not decide,
 * over the ultimate strengths of its alloy. In fatigue the tension alone counts, from no load to
 * the activity's and back: cement cracks by it. Nothing for what is not cement.
 */
std::optional<CementVerdict> cement_stress(const FixedBody& fixed, std::size_t index,
                                           const analysis::Response& response,
                                           load::ActivityKind kind);

/**
 * Stress in a component that is a surface from a file: no bar, so that no section forces tell it.
 * The largest von Mises stress of its voxels' stresses averaged over a ball of 3 mm, over yield
 * and, as from no load to it and back with a mean in tension, in fatigue (notched where the alloy
 * tells). Rough at thin places, which the voxels do not draw: said as a doubt. Nothing for other
 * kinds.
 */
std::optional<ComponentVerdict> own_mesh_stress(const FixedBody& fixed, std::size_t index,
                                                const analysis::Response& response,
                                                load::ActivityKind kind);

} // namespace calcar::risk
