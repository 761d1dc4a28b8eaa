#pragma once

#include "solid/body.hpp"

#include <cstdint>
#include <functional>
#include <span>

namespace calcar::solid
{

/// A point of a face in an integral over it.
struct FacePoint
{
  Vec3 point;                        ///< mm
  Vec3 normal;                       ///< outward, unit
  double area = 0;                   ///< weight of the point, mm^2
  std::span<const double> values;    ///< of the shape functions of the face's nodes
  std::span<const double> geometric; ///< of those of its corners
};

/// Calls visit(face, nodes of the face, point) at all points of a fine rule on each face, with the
/// nodes of mesh::nodes_of_face.
void for_each_face_point(
    const mesh::Mesh& mesh, const std::vector<mesh::FaceOfCell>& faces,
    const std::function<void(std::span<const std::uint32_t>, const FacePoint&)>& visit);

} // namespace calcar::solid
