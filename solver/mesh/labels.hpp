#pragma once

#include "mesh/meshing.hpp"
#include "mesh/tetrahedra.hpp"

#include <map>
#include <vector>

namespace calcar::mesh
{

/// Labels at the middles of small cubes that fill a box.
struct LabelSamples
{
  Box box;
  double step = 0; ///< mm, edge of the cubes
  std::array<int, 3> size = {0, 0, 0};
  std::vector<std::int16_t> labels; ///< x fastest

  Vec3 point(int i, int j, int k) const { return box.low + step * Vec3{i + 0.5, j + 0.5, k + 0.5}; }
  std::int16_t at(int i, int j, int k) const
  {
    return labels[static_cast<std::size_t>(i) +
                  static_cast<std::size_t>(size[0]) *
                      (static_cast<std::size_t>(j) +
                       static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(k))];
  }
};

/// Samples a label function with cubes of `step` mm, or larger ones when that would be more than
/// 30 million.
LabelSamples sample_labels(const std::function<int(const Vec3&)>& label, const Box& box,
                           double step);

/// Volume of each label, mm^3; those of the outside left out.
std::map<int, double> volumes_of(const LabelSamples& samples);

/**
 * The same of a label function by points spread evenly without a lattice, whose cubes would all end
 * on the same side of a flat face: x_n = n (1/g, 1/g^2, 1/g^3) mod 1 with g^4 = g + 1 (M. Roberts,
 * "The unreasonable effectiveness of quasirandom sequences", extremelearning.com.au).
 */
std::map<int, double> volumes_of(const std::function<int(const Vec3&)>& label, const Box& box,
                                 int points);

/// Area of each patch, mm^2: exposed faces of cubes times 2/3, their mean over all directions.
std::map<Patch, double> areas_of(const LabelSamples& samples);

/// Points on the patches, not nearer to one another on a patch than about `spacing`.
std::vector<Crossing> seeds_of(const LabelSamples& samples, const MeshingBody& body,
                               const std::function<double(const Patch&)>& spacing);

/// True when a surface lies between two labels: they differ and not both are outside.
bool separates(int one, int other);

/// The questions of a MeshingBody about surfaces, answered by bisection of a label function.
void answer_by_labels(MeshingBody& body, const std::function<int(const Vec3&)>& label);

/**
 * The curves in which a plane cuts the boundary of a region: closed polylines (first point = last)
 * in the plane, found by marching squares on a lattice of `step` mm and bisection along its edges.
 * Curves shorter than 6 steps are left out.
 */
std::vector<std::vector<Vec3>> section_curves(const std::function<bool(const Vec3&)>& inside,
                                              Vec3 point, Vec3 normal, const Box& box, double step);

} // namespace calcar::mesh
