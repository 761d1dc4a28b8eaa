#include "mesh/tetrahedra.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "mesh/labels.hpp"
#include "mesh/meshing_result.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace calcar::mesh
{
namespace
{
/// Labels are sampled in cubes of this share of the smallest edge length.
constexpr double sampling_share = 0.35;
/// Seeds on a patch are this many edge lengths apart.
constexpr double seed_spacing = 4;
/// Rims of cuts are traced with this share of the surface's edge length.
constexpr double rim_share = 0.35;
/// Triangles of a lesion's or implant's interface lie off it by this share of their edges at most.
constexpr double part_approximation_share = 0.05;
/// Room about the body, in edge lengths.
constexpr double room = 3;

/// A length that a user gives.
struct SizeKey
{
  const char* name;
  double MeshSizes::*size;
  double least; ///< mm
  double most;  ///< mm
};
constexpr std::array<SizeKey, 4> size_keys = {
    {{"edge_mm", &MeshSizes::edge_mm, 0.2, 50},
     {"surface_mm", &MeshSizes::surface_mm, 0.2, 50},
     {"lesion_mm", &MeshSizes::lesion_mm, 0.2, 50},
     {"approximation_mm", &MeshSizes::approximation_mm, 0.005, 5}}};

std::string bounds_of(const SizeKey& key)
{
  return format_number(key.least) + " to " + format_number(key.most) + " mm";
}

double edge_of(int label, const MeshSizes& sizes)
{
  return label > 1 ? sizes.lesion_mm : sizes.edge_mm;
}

double edge_of(const Patch& patch, const MeshSizes& sizes)
{
  const double part = patch.second > 1 ? sizes.lesion_mm : sizes.surface_mm;
  return patch.first < 1 ? std::min(part, sizes.surface_mm) : part;
}

MeshingBody body_of(const LabelledSolid& solid, const MeshSizes& sizes)
{
  MeshingBody body;
  body.box = grown(solid.box, room * std::max(sizes.edge_mm, sizes.surface_mm));
  answer_by_labels(body, [&solid](const Vec3& p) { return solid.label(p); });
  body.surface = [sizes](const Patch& patch) { return edge_of(patch, sizes); };
  body.inside = [sizes](int label) { return edge_of(label, sizes); };
  body.approximation = [sizes](const Patch& patch)
  {
    return patch.second > 1
               ? std::min(sizes.approximation_mm, part_approximation_share * sizes.lesion_mm)
               : sizes.approximation_mm;
  };
  body.sharp_mm = sizes.surface_mm;
  body.most_points = points_for(sizes.most_cells);
  return body;
}

/// The rims of the cuts, which lie in their planes.
std::vector<std::vector<Vec3>> rims_of(const LabelledSolid& solid, const MeshSizes& sizes,
                                       const Box& box)
{
  std::vector<std::vector<Vec3>> rims;
  for (std::size_t n = 0; n < solid.cuts.size(); ++n)
  {
    LabelledSolid without = solid;
    without.cuts.erase(without.cuts.begin() + static_cast<std::ptrdiff_t>(n));
    const auto inside = [&](const Vec3& p) { return without.label(p) > 0; };
    auto curves = section_curves(inside, solid.cuts[n].point, solid.cuts[n].normal, box,
                                 rim_share * sizes.surface_mm);
    rims.insert(rims.end(), curves.begin(), curves.end());
  }
  return rims;
}

double smallest_edge(const LabelledSolid& solid, const MeshSizes& sizes)
{
  const double bone = std::min(sizes.edge_mm, sizes.surface_mm);
  return solid.parts.empty() ? bone : std::min(bone, sizes.lesion_mm);
}

LabelSamples samples_of(const LabelledSolid& solid, const MeshSizes& sizes, const Box& box)
{
  return sample_labels([&solid](const Vec3& p) { return solid.label(p); }, box,
                       sampling_share * smallest_edge(solid, sizes));
}

Expected expected_of(const LabelledSolid& solid, const LabelSamples& samples)
{
  Expected expected;
  expected.names.push_back(solid.name);
  expected.remedy.push_back("take a smaller edge_mm, surface_mm or approximation_mm");
  for (const Part& part : solid.parts)
  {
    expected.names.push_back(part.name);
    expected.remedy.push_back(
        "take a smaller lesion_mm or approximation_mm, or leave the part out");
  }
  expected.volumes = volumes_of(samples);
  expected.areas = areas_of(samples);
  return expected;
}

/// Puts the points of cut faces into their planes exactly; the mesher leaves them within the
/// tolerance of its bisection.
void flatten_cuts(const LabelledSolid& solid, Refined& refined)
{
  for (const Refined::Triangle& triangle : refined.surface)
  {
    if (triangle.patch.first >= 0)
      continue;
    const CutPlane& cut = solid.cuts[static_cast<std::size_t>(-triangle.patch.first) - 1];
    for (const std::uint32_t corner : triangle.corners)
    {
      Vec3& point = refined.points[corner];
      point = point - dot(point - cut.point, cut.normal) * cut.normal;
    }
  }
}
} // namespace

int LabelledSolid::label(const Vec3& point) const
{
  if (!body.contains(point))
    return 0;
  for (std::size_t n = 0; n < cuts.size(); ++n)
    if (dot(point - cuts[n].point, cuts[n].normal) > 0)
      return -1 - static_cast<int>(n);
  for (std::size_t n = parts.size(); n > 0; --n)
    if (parts[n - 1].solid.contains(point))
      return static_cast<int>(n) + 1;
  return 1;
}

void require_valid(const MeshSizes& sizes, const std::string& place)
{
  std::vector<Problem> problems;
  for (const SizeKey& key : size_keys)
    if (!(sizes.*key.size >= key.least && sizes.*key.size <= key.most))
      problems.push_back({place, key.name + (" = " + format_number(sizes.*key.size)),
                          bounds_of(key), "choose a length within these bounds", ""});
  if (problems.empty() && sizes.approximation_mm > 0.5 * sizes.surface_mm)
    problems.push_back({place, "approximation_mm = " + format_number(sizes.approximation_mm),
                        "at most half of surface_mm (" + format_number(sizes.surface_mm) + ")",
                        "make it smaller", ""});
  if (!problems.empty())
    throw InputError(Fault::meshing, problems);
}

MeshSizes read_mesh_sizes(const Table& table)
{
  MeshSizes sizes;
  for (const SizeKey& key : size_keys)
  {
    if (key.size == &MeshSizes::surface_mm)
      sizes.surface_mm = sizes.edge_mm;
    if (key.size == &MeshSizes::approximation_mm)
      sizes.approximation_mm = std::min(sizes.approximation_mm, 0.25 * sizes.surface_mm);
    sizes.*key.size = table.number(key.name, sizes.*key.size);
    table.require(sizes.*key.size >= key.least && sizes.*key.size <= key.most, key.name,
                  bounds_of(key));
  }
  table.require(!(sizes.approximation_mm > 0.5 * sizes.surface_mm), "approximation_mm",
                "at most half of surface_mm");
  return sizes;
}

double predicted_cells(const LabelledSolid& solid, const MeshSizes& sizes)
{
  const MeshingBody body = body_of(solid, sizes);
  return predicted_cells(body, expected_of(solid, samples_of(solid, sizes, body.box)));
}

MeshedSolid make_tetrahedra(const LabelledSolid& solid, const MeshSizes& sizes)
{
  const auto start = std::chrono::steady_clock::now();
  require_valid(sizes);
  MeshingBody body = body_of(solid, sizes);
  const LabelSamples samples = samples_of(solid, sizes, body.box);
  const Expected expected = expected_of(solid, samples);
  require_meshable(body, expected, sizes);
  body.sharp_edges = rims_of(solid, sizes, body.box);
  body.seeds = seeds_of(samples, body,
                        [&](const Patch& patch) { return seed_spacing * body.surface(patch); });
  Refined refined = refine(body);
  flatten_cuts(solid, refined);
  MeshedSolid meshed = assembled(refined, expected);
  for (std::size_t n = 0; n < solid.cuts.size(); ++n)
    meshed.mesh.face_sets.push_back(
        {solid.cuts[n].name, faces_of(meshed.mesh, refined, -1 - static_cast<int>(n))});
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  meshed.seconds = spent.count();
  return meshed;
}

} // namespace calcar::mesh
