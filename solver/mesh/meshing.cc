// The only file that instantiates CGAL's mesher: it takes half a minute to compile.
#include "mesh/meshing.hpp"

#include "base/error.hpp"
#include "mesh/meshing_edges.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Mesh_complex_3_in_triangulation_3.h>
#include <CGAL/Mesh_criteria_3.h>
#include <CGAL/Mesh_domain_with_polyline_features_3.h>
#include <CGAL/Mesh_triangulation_3.h>
#include <CGAL/Random.h>
#include <CGAL/exceptions.h>
#include <CGAL/make_mesh_3.h>

#include <array>
#include <unordered_map>

namespace calcar::mesh
{
namespace
{
using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Point = Kernel::Point_3;

Vec3 vec(const Point& p)
{
  return {p.x(), p.y(), p.z()};
}

Point point(const Vec3& v)
{
  return {v.x, v.y, v.z};
}

/// Perturbation and exudation end when no angle between faces is smaller.
constexpr double sliver_bound_deg = 12;
/// Points far outside are this many diagonals of the box from its centre, along each axis.
constexpr double far_share = 2;

/// A MeshingBody in the words of CGAL's concept MeshDomain_3.
class BodyDomain
{
public:
  using R = Kernel;
  using FT = Kernel::FT;
  using Point_3 = Kernel::Point_3;
  using Vector_3 = Kernel::Vector_3;
  using Segment_3 = Kernel::Segment_3;
  using Ray_3 = Kernel::Ray_3;
  using Line_3 = Kernel::Line_3;
  using Subdomain_index = int;
  using Subdomain = boost::optional<int>;
  using Surface_patch_index = Patch;
  using Surface_patch = boost::optional<Patch>;
  using Index = CGAL::Mesh_3::internal::Index_generator<int, Patch>::Index;
  using Intersection = std::tuple<Point_3, Index, int>;

  explicit BodyDomain(const MeshingBody& body)
      : body_(&body), box_(body.box.low.x, body.box.low.y, body.box.low.z, body.box.high.x,
                           body.box.high.y, body.box.high.z)
  {
  }

  CGAL::Bbox_3 bbox() const { return box_.bbox(); }

  struct Is_in_domain
  {
    const BodyDomain& domain;
    Subdomain operator()(const Point_3& p) const
    {
      const int label = domain.body_->label(vec(p));
      return label > 0 ? Subdomain(label) : Subdomain();
    }
  };

  struct Do_intersect_surface
  {
    const BodyDomain& domain;
    Surface_patch operator()(const Segment_3& s) const
    {
      const auto patch = domain.body_->separated(vec(s.source()), vec(s.target()));
      return patch ? Surface_patch(*patch) : Surface_patch();
    }
    template <typename Query>
    Surface_patch operator()(const Query& query) const
    {
      const auto segment = domain.clipped(query);
      return segment ? operator()(*segment) : Surface_patch();
    }
  };

  struct Construct_intersection
  {
    const BodyDomain& domain;
    Intersection operator()(const Segment_3& s) const
    {
      const auto crossing = domain.body_->crossing(vec(s.source()), vec(s.target()));
      return crossing ? Intersection(point(crossing->point), Index(crossing->patch), 2)
                      : Intersection();
    }
    template <typename Query>
    Intersection operator()(const Query& query) const
    {
      const auto segment = domain.clipped(query);
      return segment ? operator()(*segment) : Intersection();
    }
  };

  /// The mesher is given the body's seeds, and asks for no points of its own.
  struct Construct_initial_points
  {
    template <typename Output>
    Output operator()(Output points, int = 0) const
    {
      return points;
    }
  };

  Is_in_domain is_in_domain_object() const { return {*this}; }
  Do_intersect_surface do_intersect_surface_object() const { return {*this}; }
  Construct_intersection construct_intersection_object() const { return {*this}; }
  Construct_initial_points construct_initial_points_object() const { return {}; }

  Index index_from_surface_patch_index(const Patch& patch) const { return Index(patch); }
  Index index_from_subdomain_index(int label) const { return Index(label); }
  Patch surface_patch_index(const Index& index) const { return boost::get<Patch>(index); }
  int subdomain_index(const Index& index) const { return boost::get<int>(index); }

private:
  template <typename Query>
  boost::optional<Segment_3> clipped(const Query& query) const
  {
    const auto common = CGAL::intersection(query, box_);
    if (common)
      if (const Segment_3* segment = boost::get<Segment_3>(&*common))
        return *segment;
    return {};
  }

  const MeshingBody* body_;
  Kernel::Iso_cuboid_3 box_;
};

using Domain = CGAL::Mesh_domain_with_polyline_features_3<BodyDomain>;
using Triangulation = CGAL::Mesh_triangulation_3<Domain>::type;
using Complex = CGAL::Mesh_complex_3_in_triangulation_3<Triangulation, Domain::Corner_index,
                                                        Domain::Curve_index>;
using Criteria = CGAL::Mesh_criteria_3<Triangulation>;
using Vertex = Complex::Vertex_handle;

/// CGAL bounds the circumradius of tetrahedra and the radius of the ball about a triangle whose
/// centre is on the surface. With these factors the mean edge is about the length asked for
/// (measured on balls, within a tenth).
constexpr double cell_radius_per_edge = 0.76;
constexpr double facet_radius_per_edge = 0.8;
/// CGAL's guarantee of termination needs 30 degrees or less, and 2 or more.
constexpr double least_angle_deg = 25;
constexpr double most_radius_per_edge = 2;

struct CellSize
{
  using FT = double;
  using Point_3 = Point;
  using Index = Domain::Index;
  const MeshingBody* body;
  double operator()(const Point_3& p, int, const Index& index) const
  {
    const int* label = boost::get<int>(&index);
    return cell_radius_per_edge * body->inside(label ? *label : body->label(vec(p)));
  }
};

/// A length by patch; points at sharp edges belong to several, and take `otherwise`.
struct PatchLength
{
  using FT = double;
  using Point_3 = Point;
  using Index = Domain::Index;
  const std::function<double(const Patch&)>* of_patch;
  double factor;
  double otherwise;
  double operator()(const Point_3&, int dimension, const Index& index) const
  {
    const Patch* patch = dimension == 2 ? boost::get<Patch>(&index) : nullptr;
    return factor * (patch ? (*of_patch)(*patch) : otherwise);
  }
};

Criteria criteria_of(const MeshingBody& body)
{
  const CellSize cells{&body};
  const PatchLength facets{&body.surface, facet_radius_per_edge, body.sharp_mm};
  const PatchLength distance{&body.approximation, 1, body.sharp_mm};
  namespace p = CGAL::parameters;
  return Criteria(p::edge_size = body.sharp_mm, p::facet_angle = least_angle_deg,
                  p::facet_size = facets, p::facet_distance = distance,
                  p::cell_radius_edge_ratio = most_radius_per_edge, p::cell_size = cells);
}

Domain domain_of(const MeshingBody& body)
{
  Domain domain(body);
  std::vector<std::vector<Point>> polylines;
  for (const std::vector<Vec3>& edge : body.sharp_edges)
  {
    polylines.emplace_back();
    for (const Vec3& p : edge)
      polylines.back().push_back(point(p));
  }
  domain.add_features(polylines.begin(), polylines.end());
  return domain;
}

void require_done(CGAL::Mesh_error_code stopped, const MeshingBody& body)
{
  if (stopped == CGAL::CGAL_MESH_3_NO_ERROR)
    return;
  throw InputError(Fault::meshing,
                   {"mesh sizes",
                    "the mesh came to " + std::to_string(body.most_points) +
                        " points and was not fine enough yet",
                    "",
                    "take longer edges or a larger approximation_mm: a surface with much detail "
                    "asks for many triangles",
                    ""});
}

/// Puts a seed into the triangulation unless it lies in a ball that protects a sharp edge.
void insert(Complex& complex, const Domain& domain, const Crossing& seed,
            const std::vector<Vertex>& balls)
{
  Triangulation& triangulation = complex.triangulation();
  const Point at = point(seed.point);
  for (const Vertex ball : balls)
  {
    const auto& weighted = triangulation.point(ball);
    if (CGAL::squared_distance(weighted.point(), at) <= 1.5 * weighted.weight())
      return;
  }
  const Vertex vertex = triangulation.insert(Triangulation::Weighted_point(at));
  if (vertex == Vertex())
    return;
  complex.set_dimension(vertex, 2);
  complex.set_index(vertex, domain.index_from_surface_patch_index(seed.patch));
}

/**
 * Points about the body at `far_share` times its box. Without them the points of a flat face lie on
 * the hull of all points, where four of them that are a rounding error off their plane make a cell
 * with a circumcentre very far away: of 234 boxes and plates, turned, 2 failed in CGAL and 13 had
 * flat slivers; with these points none failed and 9 had flat slivers, left for EdgeCells.
 * Between these points and the body no circumsphere is much larger than the box.
 */
void add_far_points(Complex& complex, const Box& box)
{
  const Vec3 centre = 0.5 * (box.low + box.high);
  const double reach = far_share * norm(box.high - box.low);
  const std::array<double, 2> sides = {-1, 1};
  for (const double x : sides)
    for (const double y : sides)
      for (const double z : sides)
        complex.add_far_point(Triangulation::Weighted_point(point(centre + reach * Vec3{x, y, z})));
}

void seed(Complex& complex, const Domain& domain, const Criteria& criteria, const MeshingBody& body)
{
  CGAL::Mesh_error_code stopped = CGAL::CGAL_MESH_3_NO_ERROR;
  if (!body.sharp_edges.empty())
    CGAL::Mesh_3::internal::init_c3t3_with_features(complex, domain, criteria, false,
                                                    body.most_points, &stopped);
  require_done(stopped, body);
  if (body.settle_edges)
    add_far_points(complex, body.box);
  std::vector<Vertex> balls;
  for (const Vertex vertex : complex.triangulation().finite_vertex_handles())
    balls.push_back(vertex);
  for (const Crossing& seed : body.seeds)
    insert(complex, domain, seed, balls);
}

/// The mesh of a complex; points in the order in which its cells meet them.
Refined read_out(const Complex& complex)
{
  Refined refined;
  std::unordered_map<Vertex, std::uint32_t> number;
  const auto number_of = [&](const Vertex vertex)
  {
    const auto [entry, isNew] = number.emplace(vertex, std::uint32_t(refined.points.size()));
    if (isNew)
      refined.points.push_back(vec(complex.triangulation().point(vertex).point()));
    return entry->second;
  };
  for (auto cell = complex.cells_in_complex_begin(); cell != complex.cells_in_complex_end(); ++cell)
  {
    for (int n = 0; n < 4; ++n)
      refined.corners.push_back(number_of(cell->vertex(n)));
    refined.labels.push_back(complex.subdomain_index(cell));
  }
  for (auto facet = complex.facets_in_complex_begin(); facet != complex.facets_in_complex_end();
       ++facet)
  {
    Refined::Triangle triangle;
    for (int n = 0; n < 3; ++n)
      triangle.corners[static_cast<std::size_t>(n)] =
          number_of(facet->first->vertex((facet->second + 1 + n) % 4));
    triangle.patch = complex.surface_patch_index(*facet);
    refined.surface.push_back(triangle);
  }
  return refined;
}
} // namespace

namespace
{
Refined refine_or_throw(const MeshingBody& body)
{
  CGAL::get_default_random() = CGAL::Random(0);
  const Domain domain = domain_of(body);
  const Criteria criteria = criteria_of(body);
  Complex complex;
  seed(complex, domain, criteria, body);
  if (complex.triangulation().dimension() < 3)
    return {};
  namespace p = CGAL::parameters;
  CGAL::Mesh_error_code stopped = CGAL::CGAL_MESH_3_NO_ERROR;
  p::internal::Mesh_3_options limit;
  limit.maximal_number_of_vertices = body.most_points;
  limit.pointer_to_error_code = &stopped;
  // Without a limit of 0 the optimisers stop after the time that refining took: another mesh each
  // time.
  CGAL::refine_mesh_3(complex, domain, criteria,
                      p::exude(p::time_limit = 0, p::sliver_bound = sliver_bound_deg),
                      p::perturb(p::time_limit = 0, p::sliver_bound = sliver_bound_deg),
                      p::no_odt(), p::no_lloyd(), p::no_reset_c3t3(), limit);
  require_done(stopped, body);
  if (body.settle_edges)
    EdgeCells<Complex>(complex, body).settle();
  return read_out(complex);
}

} // namespace

Refined refine(const MeshingBody& body)
{
  try
  {
    return refine_or_throw(body);
  }
  catch (const CGAL::Failure_exception& error)
  {
    throw MesherGaveUp(
        Fault::meshing,
        Problem{"mesh sizes", "the mesher gave up: " + error.message(), "",
                "take slightly different edge lengths, or repair the surface where it is "
                "thin, folded or sharp",
                ""});
  }
}

} // namespace calcar::mesh
