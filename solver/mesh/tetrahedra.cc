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
/// Labels are sampled in cubes of this share of the smallest edge length; layers are thin, and
/// theirs are no larger than that.
constexpr double sampling_share = 0.35, layer_sampling_mm = 1;
/// Points by which the volumes of layers are told.
constexpr int volume_points = 1000000;
/// Seeds on a patch are this many edge lengths apart.
constexpr double seed_spacing = 4;
/// Rims of cuts are traced with this share of the surface's edge length.
constexpr double rim_share = 0.35;
/// Triangles of a lesion's or implant's interface lie off it by this share of their edges at most.
constexpr double part_approximation_share = 0.05;
/// The outside of a layer is nowhere judged: its rounded rims are not worth small triangles. They
/// lie off by this share of the surface's edge length at most, where that is more than for bone.
constexpr double layer_approximation_share = 0.06;
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

/// Whether a label is that of a part inside the body.
bool is_part(const LabelledSolid& solid, int label)
{
  return label > 1 && !solid.is_layer(label);
}

double edge_of(const LabelledSolid& solid, int label, const MeshSizes& sizes)
{
  return is_part(solid, label) ? sizes.lesion_mm : sizes.edge_mm;
}

double edge_of(const LabelledSolid& solid, const Patch& patch, const MeshSizes& sizes)
{
  if (!is_part(solid, patch.first) && !is_part(solid, patch.second))
    return sizes.surface_mm;
  return patch.first < 1 || solid.is_layer(patch.second)
             ? std::min(sizes.lesion_mm, sizes.surface_mm)
             : sizes.lesion_mm;
}

double approximation_of(const LabelledSolid& solid, const Patch& patch, const MeshSizes& sizes)
{
  if (is_part(solid, patch.first) || is_part(solid, patch.second))
    return std::min(sizes.approximation_mm, part_approximation_share * sizes.lesion_mm);
  return patch.first < 1 && solid.is_layer(patch.second)
             ? std::max(sizes.approximation_mm, layer_approximation_share * sizes.surface_mm)
             : sizes.approximation_mm;
}

MeshingBody body_of(const LabelledSolid& solid, const MeshSizes& sizes)
{
  MeshingBody body;
  body.box = grown(solid.box, room * std::max(sizes.edge_mm, sizes.surface_mm));
  answer_by_labels(body, [&solid](const Vec3& p) { return solid.label(p); });
  body.surface = [sizes, &solid](const Patch& patch) { return edge_of(solid, patch, sizes); };
  body.inside = [sizes, &solid](int label) { return edge_of(solid, label, sizes); };
  body.approximation = [sizes, &solid](const Patch& patch)
  { return approximation_of(solid, patch, sizes); };
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
    const auto inside = [&](const Vec3& p) { return without.body_label(p) > 0; };
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
  const double step = sampling_share * smallest_edge(solid, sizes);
  return sample_labels([&solid](const Vec3& p) { return solid.label(p); }, box,
                       solid.layers.empty() ? step : std::min(step, layer_sampling_mm));
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
  for (const Part& layer : solid.layers)
  {
    expected.names.push_back(layer.name);
    expected.remedy.push_back("take a smaller edge_mm, surface_mm or approximation_mm, or "
                              "method = \"voxel\": the layer is thin for the edge length");
  }
  expected.volumes = volumes_of(samples);
  if (!solid.layers.empty())
    for (const auto& [label, volume] :
         volumes_of([&solid](const Vec3& p) { return solid.label(p); }, solid.box, volume_points))
      if (solid.is_layer(label) && expected.volumes.contains(label))
        expected.volumes[label] = volume;
  expected.areas = areas_of(samples);
  return expected;
}

/// Puts the points of cut faces into their planes exactly; the mesher leaves them within the
/// tolerance of its bisection.
void flatten_cuts(const LabelledSolid& solid, Refined& refined)
{
  for (const Refined::Triangle& triangle : refined.surface)
  {
    if (triangle.patch.first >= 0 || solid.is_layer(triangle.patch.second))
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

int LabelledSolid::body_label(const Vec3& point) const
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

int LabelledSolid::label(const Vec3& point) const
{
  const int here = body_label(point);
  for (std::size_t n = 0; n < layers.size() && here < 1; ++n)
    if (layers[n].solid.contains(point))
      return static_cast<int>(2 + parts.size() + n);
  return here;
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
