#pragma once

#include "load/load_case.hpp"
#include "unit/model/support.hpp"

/// An upright cylinder of voxels along the third axis of its grid, which may be turned, with a
/// hand-made rig: held at the bottom, loaded on top and on its side.
struct Cylinder
{
  static constexpr double radius = 6;
  static constexpr double half_length = 10;

  calcar::model::VoxelBody body;
  calcar::model::Lattice lattice;
  calcar::model::Surface surface;
  calcar::Vec3 up;

  explicit Cylinder(double turn, calcar::Vec3 spacing = {1, 1, 1})
      : body(make(turn, spacing)), lattice(body), surface(calcar::model::surface_of(body, lattice)),
        up(body.grid.direction * calcar::Vec3{0, 0, 1})
  {
  }

  static calcar::model::VoxelBody make(double turn, calcar::Vec3 spacing)
  {
    const calcar::image::Grid grid = bodies::grid({16, 16, 24}, spacing, turn);
    const calcar::Mat3 back = calcar::transpose(grid.direction);
    return bodies::body(grid,
                        [&](calcar::Vec3 p)
                        {
                          const calcar::Vec3 q = back * p;
                          return std::hypot(q.x, q.y) < radius && std::abs(q.z) < half_length;
                        });
  }

  /// A spot of 7 mm on the top face, full in its middle.
  calcar::load::Patch top(const std::string& name = "top") const
  {
    calcar::load::Patch patch;
    patch.name = name;
    patch.centre = half_length * up;
    patch.weight = [centre = patch.centre, axis = up](calcar::Vec3 p, calcar::Vec3 normal)
    {
      const double t = calcar::norm(p - centre) / 7;
      return calcar::dot(normal, axis) > 0.5 && t < 1 ? (1 - t * t) * (1 - t * t) : 0.0;
    };
    return patch;
  }

  /// A spot of 5 mm on the side, half way up.
  calcar::load::Patch side() const
  {
    calcar::load::Patch patch;
    patch.name = "side";
    patch.centre = body.grid.direction * calcar::Vec3{radius, 0, 2};
    patch.weight = [centre = patch.centre](calcar::Vec3 p, calcar::Vec3)
    {
      const double t = calcar::norm(p - centre) / 5;
      return t < 1 ? (1 - t * t) * (1 - t * t) : 0.0;
    };
    return patch;
  }

  /// All nodes of the lowest `depth` mm, inside too.
  calcar::load::Patch bottom(double depth = 2.2) const
  {
    calcar::load::Patch patch;
    patch.name = "bottom";
    patch.centre = -half_length * up;
    patch.weight = [=, axis = up](calcar::Vec3 p, calcar::Vec3)
    { return calcar::dot(p, axis) < -half_length + depth ? 1.0 : 0.0; };
    return patch;
  }
};
