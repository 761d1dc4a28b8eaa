#include "mesh/from_surface_queries.hpp"

#include "mesh/meshing_result.hpp"

#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/AABB_triangle_primitive.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/intersections.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <memory>
#include <utility>

namespace calcar::mesh
{
namespace
{
using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Triangles = std::vector<Kernel::Triangle_3>;
using Primitive = CGAL::AABB_triangle_primitive<Kernel, Triangles::const_iterator>;
using Tree = CGAL::AABB_tree<CGAL::AABB_traits<Kernel, Primitive>>;

Kernel::Point_3 point(const Vec3& v)
{
  return {v.x, v.y, v.z};
}

Vec3 vec(const Kernel::Point_3& p)
{
  return {p.x(), p.y(), p.z()};
}

/// Along no axis and no diagonal: a ray that runs through an edge is all but excluded.
const Kernel::Vector_3 ray_direction(0.5377316673, 0.6338694101, 0.5559127834);

/**
 * Where a segment that meets a triangle crosses its plane, right to the rounding of its nearer end.
 * The mesher asks with segments of any length: the circumcentres of four points of one flat face
 * were seen 5e17 mm away, and from such an end the crossing came out 3 mm beside the face.
 */
Vec3 plane_crossing(const Kernel::Triangle_3& triangle, const Vec3& from, const Vec3& to)
{
  const Vec3 origin = vec(triangle[0]);
  const Vec3 normal = cross(vec(triangle[1]) - origin, vec(triangle[2]) - origin);
  Vec3 near = from;
  Vec3 far = to;
  if (std::abs(dot(to - origin, normal)) < std::abs(dot(from - origin, normal)))
    std::swap(near, far);
  const double one = dot(near - origin, normal);
  const double other = dot(far - origin, normal);
  const double share = one == other ? 0 : std::clamp(one / (one - other), 0.0, 1.0);
  const Vec3 at = near + share * (far - near);
  return at - dot(at - origin, normal) / dot(normal, normal) * normal; // the rest of rounding
}

/// The triangles with their tree, which points into them.
class Surface
{
public:
  explicit Surface(const TaggedSurface& surface) : sides_(surface.sides)
  {
    for (const auto& t : surface.triangles)
      triangles_.emplace_back(point(surface.points[t[0]]), point(surface.points[t[1]]),
                              point(surface.points[t[2]]));
    tree_.insert(triangles_.begin(), triangles_.end());
    tree_.build();
  }
  Surface(const Surface&) = delete;
  Surface& operator=(const Surface&) = delete;

  int label(const Vec3& at) const
  {
    const Kernel::Point_3 p = point(at);
    const auto first = tree_.first_intersected_primitive(Kernel::Ray_3(p, ray_direction));
    if (!first)
      return 0;
    const Kernel::Triangle_3& triangle = **first;
    const bool in_front =
        CGAL::orientation(triangle[0], triangle[1], triangle[2], p) == CGAL::POSITIVE;
    return in_front ? sides_of(*first).front : sides_of(*first).back;
  }

  std::optional<Patch> separated(const Vec3& from, const Vec3& to) const
  {
    const auto any = tree_.any_intersected_primitive(Kernel::Segment_3(point(from), point(to)));
    return any ? std::optional<Patch>(patch_of(*any)) : std::nullopt;
  }

  std::optional<Crossing> crossing(const Vec3& from, const Vec3& to) const
  {
    const auto any = tree_.any_intersected_primitive(Kernel::Segment_3(point(from), point(to)));
    if (!any)
      return std::nullopt;
    return Crossing{plane_crossing(**any, from, to), patch_of(*any)};
  }

  /// The distance to the nearest triangle.
  double distance(const Vec3& at) const { return std::sqrt(tree_.squared_distance(point(at))); }

  /// How many triangles after `triangle` touch it in more than the points they have in common.
  std::size_t cuts_of(const TaggedSurface& surface, std::size_t triangle) const
  {
    std::vector<Triangles::const_iterator> touched;
    tree_.all_intersected_primitives(triangles_[triangle], std::back_inserter(touched));
    return static_cast<std::size_t>(
        std::count_if(touched.begin(), touched.end(),
                      [&](Triangles::const_iterator other)
                      {
                        const auto n = static_cast<std::size_t>(other - triangles_.begin());
                        return n > triangle && cuts(surface, triangle, n);
                      }));
  }

private:
  /// Whether two triangles that touch do so elsewhere than in their common points.
  bool cuts(const TaggedSurface& surface, std::size_t one, std::size_t other) const
  {
    const auto& a = surface.triangles[one];
    const auto& b = surface.triangles[other];
    const auto has = [](const auto& t, std::uint32_t p)
    { return std::find(t.begin(), t.end(), p) != t.end(); };
    std::vector<Kernel::Point_3> common;
    std::vector<Kernel::Point_3> alone_a;
    std::vector<Kernel::Point_3> alone_b;
    for (std::size_t c = 0; c < 3; ++c)
    {
      (has(b, a[c]) ? common : alone_a).push_back(triangles_[one][static_cast<int>(c)]);
      if (!has(a, b[c]))
        alone_b.push_back(triangles_[other][static_cast<int>(c)]);
    }
    if (common.empty())
      return true;
    if (common.size() == 1) // they touch elsewhere only where an opposite edge runs through
      return CGAL::do_intersect(Kernel::Segment_3(alone_a[0], alone_a[1]), triangles_[other]) ||
             CGAL::do_intersect(Kernel::Segment_3(alone_b[0], alone_b[1]), triangles_[one]);
    if (common.size() == 3) // one triangle twice
      return true;
    return CGAL::coplanar(common[0], common[1], alone_a[0], alone_b[0]) &&
           CGAL::coplanar_orientation(common[0], common[1], alone_a[0], alone_b[0]) ==
               CGAL::POSITIVE; // folded onto one another
  }

  const TaggedSurface::Sides& sides_of(Triangles::const_iterator triangle) const
  {
    return sides_[static_cast<std::size_t>(triangle - triangles_.begin())];
  }
  Patch patch_of(Triangles::const_iterator triangle) const
  {
    return ordered(sides_of(triangle).back, sides_of(triangle).front);
  }

  Triangles triangles_;
  std::vector<TaggedSurface::Sides> sides_;
  Tree tree_;
};
void take_farther(SurfaceDistance& distance, double mm, const Vec3& at)
{
  if (mm <= distance.most_mm)
    return;
  distance.most_mm = mm;
  distance.farthest = at;
}
} // namespace

void answer_by_triangles(MeshingBody& body, const TaggedSurface& surface)
{
  const auto queries = std::make_shared<Surface>(surface);
  body.label = [queries](const Vec3& at) { return queries->label(at); };
  body.separated = [queries](const Vec3& from, const Vec3& to)
  { return queries->separated(from, to); };
  body.crossing = [queries](const Vec3& from, const Vec3& to)
  { return queries->crossing(from, to); };
}

std::optional<SelfIntersection> self_intersection(const TaggedSurface& surface)
{
  const Surface triangles(surface);
  SelfIntersection found;
  for (std::size_t n = 0; n < surface.triangles.size(); ++n)
  {
    const std::size_t cut = triangles.cuts_of(surface, n);
    if (cut > 0 && found.pairs == 0)
      for (const std::uint32_t corner : surface.triangles[n])
        found.place += surface.points[corner] / 3;
    found.pairs += cut;
  }
  return found.pairs > 0 ? std::optional<SelfIntersection>(found) : std::nullopt;
}

SurfaceDistance distance_between(const TaggedSurface& given, const TaggedSurface& made)
{
  const Surface to_given(given);
  const Surface to_made(made);
  SurfaceDistance distance;
  double sum = 0;
  const auto add = [&](const Vec3& at)
  {
    const double mm = to_given.distance(at);
    take_farther(distance, mm, at);
    sum += mm;
  };
  for (const Vec3& corner : made.points)
    add(corner);
  for (const auto& t : made.triangles)
    add((made.points[t[0]] + made.points[t[1]] + made.points[t[2]]) / 3);
  distance.mean_mm = sum / static_cast<double>(made.points.size() + made.triangles.size());
  for (const Vec3& corner : given.points)
    take_farther(distance, to_made.distance(corner), corner);
  return distance;
}

} // namespace calcar::mesh
