#include "risk/cell_domain.hpp"

#include "geometry/point_bins.hpp"
#include "mesh/sample_points.hpp"
#include "risk/nearest_bone.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace calcar::risk
{
namespace
{
void mark_near(const load::Patch& patch, const solid::BoundaryNodes& boundary,
               const geometry::PointBins& centres, double radius_mm,
               std::vector<std::uint8_t>& marked)
{
  for (std::size_t n = 0; n < boundary.nodes.size(); ++n)
    if (patch.weight(boundary.points[n], boundary.normals[n]) > 0)
      centres.within(boundary.points[n], radius_mm, [&](std::size_t cell) { marked[cell] = 1; });
}

/// 1 for points within the domain's distances of the patches of forces and supports.
std::vector<std::uint8_t> near_forces_or_supports(const std::vector<Vec3>& points,
                                                  const solid::BoundaryNodes& boundary,
                                                  const material::CriterionDomain& domain,
                                                  const load::LoadCase& load_case,
                                                  const load::Rig& rig)
{
  std::vector<std::uint8_t> near(points.size(), 0);
  if (domain.exclude_mm_from_load > 0 && !points.empty())
  {
    const geometry::PointBins bins(points, domain.exclude_mm_from_load);
    for (const load::AppliedForce& force : load_case.forces)
      if (!force.patch.spread) // the bone under it is judged all the same
        mark_near(force.patch, boundary, bins, domain.exclude_mm_from_load, near);
  }
  // Supports bear nothing where inertia balances the forces.
  if (domain.exclude_mm_from_support > 0 && !rig.inertia_relief && !points.empty())
  {
    const geometry::PointBins bins(points, domain.exclude_mm_from_support);
    for (const load::Support& support : rig.supports)
      mark_near(support.patch, boundary, bins, domain.exclude_mm_from_support, near);
  }
  return near;
}

template <typename Item>
std::vector<Vec3> points_of(const std::vector<Item>& items)
{
  std::vector<Vec3> points;
  points.reserve(items.size());
  for (const Item& item : items)
    points.push_back(item.point);
  return points;
}

/// How far a cell reaches from its centre, mm.
double reach(const mesh::MeshModel& model, std::size_t cell)
{
  double farthest = 0;
  for (const std::uint32_t corner : model.mesh.cell(cell))
    farthest = std::max(farthest, norm(model.mesh.points[corner] - model.centre[cell]));
  return farthest;
}

/// Samples ascend by cell.
std::size_t nearest_in_cell(const std::vector<CellSample>& samples, const JudgedPlace& place)
{
  const auto [first, last] =
      std::equal_range(samples.begin(), samples.end(), CellSample{{}, {}, 0, place.cell},
                       [](const CellSample& a, const CellSample& b) { return a.cell < b.cell; });
  const auto best =
      std::min_element(first, last,
                       [&](const CellSample& a, const CellSample& b)
                       { return norm(a.point - place.point) < norm(b.point - place.point); });
  return static_cast<std::size_t>(best - samples.begin());
}
/// A sample near a place, and how much of its volume counts, mm^3.
struct Near
{
  double distance = 0;
  std::size_t sample = 0;
  double volume = 0;
};

/// What counts in the mean about a point.
void find_bone(Vec3 point, const Ball& ball, const geometry::PointBins& bins,
               const std::vector<CellSample>& samples, std::vector<Near>& near)
{
  double volume = 0;
  bins.within(point, ball.radius,
              [&](std::size_t s)
              {
                near.push_back({0, s, samples[s].volume});
                volume += samples[s].volume;
              });
  if (volume >= ball.least_volume)
    return;
  near.clear();
  bins.within(point, ball.farthest,
              [&](std::size_t s) {
                near.push_back({norm(samples[s].point - point), s, samples[s].volume});
              });
  std::sort(near.begin(), near.end(),
            [](const Near& a, const Near& b)
            { return std::pair(a.distance, a.sample) < std::pair(b.distance, b.sample); });
  BallShare share(ball);
  std::size_t count = 0;
  while (count < near.size() && share.takes(near[count].distance))
  {
    near[count].volume *= share.add(near[count].distance, near[count].volume);
    ++count;
  }
  near.resize(count);
}
} // namespace

JudgedCells judged_cells(const mesh::MeshModel& model, const solid::BoundaryNodes& boundary,
                         const material::CriterionDomain& domain, const load::LoadCase& load_case,
                         const load::Rig& rig)
{
  const std::size_t count = model.tissue.size();
  const std::vector<std::uint8_t> excluded =
      near_forces_or_supports(model.centre, boundary, domain, load_case, rig);
  std::vector<std::uint8_t> in_place(
      count, domain.where == material::CriterionDomain::Where::volume ? 1 : 0);
  for (const mesh::FaceOfCell& face : model.surface)
    in_place[face.cell] = 1;
  JudgedCells result;
  result.bone.assign(count, 0);
  result.judged.assign(count, 0);
  for (std::size_t n = 0; n < count; ++n)
  {
    result.bone[n] =
        model.tissue[n] == model::TissueKind::bone && model.ash[n] >= domain.min_ash_g_cm3;
    result.judged[n] = result.bone[n] && in_place[n] && !excluded[n];
  }
  return result;
}

std::vector<JudgedPlace> judged_places(const mesh::MeshModel& model, const JudgedCells& cells,
                                       const solid::BoundaryNodes& boundary,
                                       const material::CriterionDomain& domain,
                                       const load::LoadCase& load_case, const load::Rig& rig)
{
  std::vector<JudgedPlace> places;
  for (const mesh::FaceOfCell& face : model.surface)
    if (cells.judged[face.cell])
    {
      const auto corners = mesh::face_corners(model.mesh, face);
      Vec3 sum;
      for (const std::uint32_t corner : corners)
        sum += model.mesh.points[corner];
      places.push_back({sum / static_cast<double>(corners.size()), face.cell});
    }
  if (domain.where == material::CriterionDomain::Where::volume)
    for (std::uint32_t c = 0; c < model.centre.size(); ++c)
      if (cells.judged[c])
        places.push_back({model.centre[c], c});
  const auto near = near_forces_or_supports(points_of(places), boundary, domain, load_case, rig);
  std::size_t kept = 0;
  for (std::size_t p = 0; p < places.size(); ++p)
    if (!near[p])
      places[kept++] = places[p];
  places.resize(kept);
  return places;
}

std::vector<CellSample> samples_of(const mesh::MeshModel& model, const JudgedCells& cells,
                                   const std::vector<JudgedPlace>& places, double diameter_mm)
{
  constexpr double whole = std::numeric_limits<double>::max();
  const geometry::PointBins near(points_of(places), std::max(diameter_mm, 1.0));
  const Ball ball(diameter_mm);
  std::vector<CellSample> samples;
  for (std::uint32_t c = 0; c < model.centre.size(); ++c)
  {
    if (!cells.bone[c])
      continue;
    bool fine = false;
    if (diameter_mm > 0)
      near.within(model.centre[c], ball.farthest + reach(model, c),
                  [&](std::size_t) { fine = true; });
    for (const mesh::SamplePoint& s :
         mesh::sample_points(model.mesh, c, fine ? 0.75 * diameter_mm : whole))
      samples.push_back({s.point, s.xi, s.volume, c});
  }
  return samples;
}

PlaceMeans means_about(const std::vector<JudgedPlace>& places,
                       const std::vector<CellSample>& samples, double diameter_mm)
{
  const Ball ball(diameter_mm);
  const geometry::PointBins bins(points_of(samples), diameter_mm > 0 ? diameter_mm / 2 : 1);
  PlaceMeans means;
  means.first.push_back(0);
  std::vector<Near> near;
  for (const JudgedPlace& place : places)
  {
    near.clear();
    if (diameter_mm > 0)
      find_bone(place.point, ball, bins, samples, near);
    if (near.empty())
      near.push_back({0, nearest_in_cell(samples, place), 1});
    double volume = 0;
    for (const Near& piece : near)
      volume += piece.volume;
    for (const Near& piece : near)
    {
      means.sample.push_back(static_cast<std::uint32_t>(piece.sample));
      means.weight.push_back(static_cast<float>(piece.volume / volume));
    }
    means.first.push_back(means.sample.size());
  }
  return means;
}

std::vector<double> averaged(std::span<const double> field, const PlaceMeans& means)
{
  std::vector<double> result(means.first.size() - 1, 0);
  for (std::size_t p = 0; p < result.size(); ++p)
    for (std::size_t n = means.first[p]; n < means.first[p + 1]; ++n)
      result[p] += static_cast<double>(means.weight[n]) * field[means.sample[n]];
  return result;
}

} // namespace calcar::risk
