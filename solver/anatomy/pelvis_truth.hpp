#pragma once

#include "anatomy/pelvis_body.hpp"

namespace calcar::anatomy
{

/// The landmarks of a synthetic hip bone that are points of its surface farthest along a direction:
/// found uphill from where the design has them. The tilt of the bone may still change after them.
void find_prominent_points(PelvisBody& body);

/// Those that are the middle of something: the crest near its top, the symphyseal face, the
/// auricular surface, the acetabulum. The body must have its box.
void find_middles(PelvisBody& body);

} // namespace calcar::anatomy
