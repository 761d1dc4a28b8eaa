#include "mesh/from_surface.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "mesh/from_surface_edges.hpp"
#include "mesh/from_surface_queries.hpp"
#include "mesh/meshing_result.hpp"
#include "mesh/quality.hpp"

#include <algorithm>
#include <chrono>
#include <numeric>
#include <set>

namespace calcar::mesh
{
namespace
{
/// Seeds on a patch are this many edge lengths apart.
constexpr double seed_spacing = 4;
/// Chains of sharp edges shorter than this many edges of the new surface are left out.
constexpr double shortest_chain = 1;
/// Room about the body, in edge lengths.
constexpr double room = 3;
/// When the mesher fails it tries this often again, each time with edges shorter by this share; to
/// be rid of a sliver less often.
constexpr int most_trials = 12;
constexpr int sliver_trials = 3;
constexpr double trial_share = 0.01;
/// Edges that are shorter by more than this are told of: lengths asked for are means at best.
constexpr double untold_share = 0.03;

std::string place_of(const Vec3& at)
{
  return format_number(at.x) + ", " + format_number(at.y) + ", " + format_number(at.z) + " mm";
}

void require_bounding(const TaggedSurface& surface, const std::string& where)
{
  if (surface.triangles.empty())
    throw InputError(Fault::meshing, {where, "the surface has no triangles", "a closed surface",
                                      "check the file", ""});
  if (const auto open = open_edge(surface))
    throw InputError(Fault::meshing, {where, "the surface is open at " + place_of(*open),
                                      "a closed surface", "close its holes", ""});
  if (const auto cut = self_intersection(surface))
    throw InputError(Fault::meshing,
                     {where,
                      "the surface cuts itself: " + std::to_string(cut->pairs) +
                          " pairs of triangles do, the first near " + place_of(cut->place),
                      "a surface that encloses a solid",
                      "repair it there, with the tool that made it or a mesh editor", ""});
}

Box box_of(const std::vector<Vec3>& points)
{
  Mesh mesh;
  mesh.points = points;
  return box(mesh);
}

/// The pieces of a surface, by triangle.
std::vector<std::uint32_t> pieces_of(const TaggedSurface& surface)
{
  std::vector<std::uint32_t> root(surface.points.size());
  std::iota(root.begin(), root.end(), 0U);
  const auto root_of = [&](std::uint32_t p)
  {
    while (root[p] != p)
      p = root[p] = root[root[p]];
    return p;
  };
  for (const auto& t : surface.triangles)
    for (const std::uint32_t corner : {t[1], t[2]})
    {
      const std::uint32_t one = root_of(t[0]);
      const std::uint32_t other = root_of(corner);
      root[std::max(one, other)] = std::min(one, other);
    }
  std::vector<std::uint32_t> pieces;
  for (const auto& t : surface.triangles)
    pieces.push_back(root_of(t[0]));
  return pieces;
}

/// The middles of triangles, thinned: some on each piece of each patch.
std::vector<Crossing> seeds_of(const TaggedSurface& surface, const MeshingBody& body)
{
  const std::vector<std::uint32_t> pieces = pieces_of(surface);
  std::set<std::tuple<Patch, std::uint32_t, std::array<int, 3>>> taken;
  std::vector<Crossing> seeds;
  for (std::size_t n = 0; n < surface.triangles.size(); ++n)
  {
    const auto& t = surface.triangles[n];
    const Vec3 middle = (surface.points[t[0]] + surface.points[t[1]] + surface.points[t[2]]) / 3;
    const Patch patch = ordered(surface.sides[n].back, surface.sides[n].front);
    const Vec3 block = (middle - body.box.low) / (seed_spacing * body.surface(patch));
    const std::array<int, 3> at = {static_cast<int>(block.x), static_cast<int>(block.y),
                                   static_cast<int>(block.z)};
    if (taken.insert({patch, pieces[n], at}).second)
      seeds.push_back({middle, patch});
  }
  return seeds;
}

/// Volumes by the divergence theorem; what lies on the back of a triangle sees it from inside.
void measure(const TaggedSurface& surface, Expected& expected)
{
  const Vec3 origin = surface.points.front();
  for (std::size_t n = 0; n < surface.triangles.size(); ++n)
  {
    const auto& t = surface.triangles[n];
    const Vec3 a = surface.points[t[0]] - origin;
    const Vec3 b = surface.points[t[1]] - origin;
    const Vec3 c = surface.points[t[2]] - origin;
    const auto [back, front] = surface.sides[n];
    if (back > 0)
      expected.volumes[back] += dot(a, cross(b, c)) / 6;
    if (front > 0)
      expected.volumes[front] -= dot(a, cross(b, c)) / 6;
    expected.areas[ordered(back, front)] += 0.5 * norm(cross(b - a, c - a));
  }
}

void require_outward(const Expected& expected, const std::string& where)
{
  for (const auto& [label, volume] : expected.volumes)
    if (!(volume > 0))
      throw InputError(Fault::meshing,
                       {where,
                        "the surface encloses " + format_number(volume) +
                            " mm3: its triangles face inwards, or it is flat",
                        "triangles counter-clockwise seen from outside", "turn it inside out", ""});
}

MeshingBody body_of(const TaggedSurface& surface, const MeshSizes& sizes, double sharp_deg)
{
  MeshingBody body;
  body.box = grown(box_of(surface.points), room * std::max(sizes.edge_mm, sizes.surface_mm));
  answer_by_triangles(body, surface);
  body.surface = [sizes](const Patch& patch)
  { return patch.first < 1 ? sizes.surface_mm : sizes.lesion_mm; };
  body.inside = [sizes](int) { return sizes.edge_mm; };
  body.approximation = [sizes](const Patch&) { return sizes.approximation_mm; };
  body.sharp_mm = sizes.surface_mm;
  body.most_points = points_for(sizes.most_cells);
  body.sharp_edges = sharp_edges(surface, sharp_deg, shortest_chain * sizes.surface_mm);
  body.settle_edges = !body.sharp_edges.empty();
  body.seeds = seeds_of(surface, body);
  return body;
}

/// The faces between a mesh's regions and its boundary, seen from the region behind them.
TaggedSurface surface_of(const Mesh& mesh)
{
  TaggedSurface surface;
  std::vector<std::uint32_t> number(mesh.points.size(), no_corner);
  const auto add = [&](FaceOfCell face, int front)
  {
    auto corners = face_corners(mesh, face);
    if (volume(mesh, face.cell) < 0) // an inverted cell sees its faces from the wrong side
      std::reverse(corners.begin(), corners.end());
    for (std::uint32_t& corner : corners)
    {
      if (number[corner] == no_corner)
      {
        number[corner] = static_cast<std::uint32_t>(surface.points.size());
        surface.points.push_back(mesh.points[corner]);
      }
      corner = number[corner];
    }
    surface.triangles.push_back({corners[0], corners[1], corners[2]});
    surface.sides.push_back({mesh.region[face.cell] + 1, front});
  };
  const auto faces = sorted_faces(mesh);
  for (std::size_t n = 0; n < faces.size(); ++n)
  {
    const bool shared = n + 1 < faces.size() && faces[n + 1].first == faces[n].first;
    if (!shared)
      add(faces[n].second, 0);
    else if (mesh.region[faces[n].second.cell] != mesh.region[faces[n + 1].second.cell])
      add(faces[n].second, mesh.region[faces[n + 1].second.cell] + 1);
    n += shared ? 1 : 0;
  }
  return surface;
}

MeshedSolid mesh_with(const TaggedSurface& surface, const Expected& expected,
                      const MeshSizes& sizes, double sharp_deg)
{
  const MeshingBody body = body_of(surface, sizes, sharp_deg);
  require_meshable(body, expected, sizes);
  return assembled(refine(body), expected);
}

MeshSizes scaled(MeshSizes sizes, double share)
{
  sizes.edge_mm *= share;
  sizes.surface_mm *= share;
  sizes.lesion_mm *= share;
  return sizes;
}

bool is_better(const MeshedSolid& mesh, const std::optional<MeshedSolid>& than)
{
  return !than || mesh.smallest_dihedral_deg > than->smallest_dihedral_deg;
}

/// CGAL fails at some bodies with flat faces by rounding, and leaves a sliver in others: then it
/// meshes again with slightly shorter edges.
MeshedSolid mesh_somehow(const TaggedSurface& surface, const Expected& expected,
                         const MeshSizes& sizes, double sharp_deg)
{
  std::optional<MeshedSolid> best;
  for (int trial = 0; trial <= most_trials; ++trial)
  {
    const double shorter = trial * trial_share;
    try
    {
      MeshedSolid meshed = mesh_with(surface, expected, scaled(sizes, 1 - shorter), sharp_deg);
      if (shorter > untold_share)
        meshed.warnings.push_back({"edges_shortened",
                                   "the mesher failed at the edge lengths asked for; edges are " +
                                       format_number(100 * shorter, 2) + " % shorter",
                                   "mesh sizes"});
      if (is_better(meshed, best))
        best = std::move(meshed);
    }
    catch (const MesherGaveUp&)
    {
      if (trial == most_trials && !best)
        throw;
    }
    if (best && (best->smallest_dihedral_deg >= limits::sliver_angle || trial >= sliver_trials))
      break;
  }
  return std::move(*best);
}

MeshedSolid mesh_tagged(const TaggedSurface& surface, const std::vector<std::string>& names,
                        const MeshSizes& sizes, double sharp_deg, const std::string& where)
{
  const auto start = std::chrono::steady_clock::now();
  require_valid(sizes);
  require_bounding(surface, where);
  Expected expected;
  expected.names = names;
  expected.remedy.assign(names.size(), "take a smaller edge_mm, surface_mm or approximation_mm");
  measure(surface, expected);
  require_outward(expected, where);
  MeshedSolid meshed = mesh_somehow(surface, expected, sizes, sharp_deg);
  meshed.surface = distance_between(surface, surface_of(meshed.mesh));
  judge_surface(meshed, sizes, where);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  meshed.seconds = spent.count();
  return meshed;
}
} // namespace

MeshedSolid make_tetrahedra(const geometry::TriangleSurface& surface, const MeshSizes& sizes,
                            const std::string& name, double sharp_deg)
{
  TaggedSurface tagged{surface.points, surface.triangles, {}};
  tagged.sides.assign(surface.triangles.size(), {});
  const std::string where = surface.source.path.empty() ? name : surface.source.path;
  MeshedSolid meshed = mesh_tagged(tagged, {name}, sizes, sharp_deg, where);
  return meshed;
}

MeshedSolid remesh(const Mesh& mesh, const MeshSizes& sizes, double sharp_deg)
{
  const std::string where = mesh.source.path.empty() ? "mesh" : mesh.source.path;
  if (mesh.shape != CellShape::tetrahedron)
    throw InputError(Fault::meshing, {where, "the mesh is of hexahedra", "tetrahedra",
                                      "mesh its surface, or the case it came from", ""});
  MeshedSolid meshed = mesh_tagged(surface_of(mesh), mesh.regions, sizes, sharp_deg, where);
  meshed.mesh.degree = mesh.degree;
  if (!mesh.point_sets.empty() || !mesh.face_sets.empty())
    meshed.warnings.push_back({"sets_lost",
                               std::to_string(mesh.point_sets.size() + mesh.face_sets.size()) +
                                   " sets of points or faces were not taken over to the new mesh",
                               where});
  return meshed;
}

} // namespace calcar::mesh
