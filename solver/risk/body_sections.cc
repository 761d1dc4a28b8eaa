#include "risk/body_sections.hpp"

#include "model/lattice.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::risk
{
namespace
{
/// A section is so many voxels thick: thinner ones would show the raster.
constexpr double voxels_thick = 1.5;
constexpr int fewest = 5, most = 30;

std::vector<BodySection> empty_sections(const VertebraProbe& probe, const VertebraForm& form)
{
  const double height = form.superior_z - form.inferior_z;
  const int count = std::clamp(
      static_cast<int>(std::round(height / (voxels_thick * probe.grain()))), fewest, most);
  std::vector<BodySection> sections(static_cast<std::size_t>(count));
  for (std::size_t s = 0; s < sections.size(); ++s)
    sections[s].height = (static_cast<double>(s) + 0.5) / count;
  return sections;
}

/// Adds a voxel's share of the section's area.
void add(const model::VoxelModel& model, const voxel::YieldingFields& fields, std::size_t voxel,
         bool failed, double area, BodySection& section)
{
  section.area_mm2 += area;
  section.strength_N += area * static_cast<double>(model.compressive_strength[voxel]);
  section.rigidity_N += area * static_cast<double>(model.body.youngs[voxel]);
  section.failed_mm2 += failed ? area : 0;
  section.plastic += area * fields.accumulated[voxel];
}

template <typename Less>
std::size_t first_by(const std::vector<BodySection>& sections, const Less& less)
{
  return static_cast<std::size_t>(std::min_element(sections.begin(), sections.end(), less) -
                                  sections.begin());
}

double edge_of(const BodyFailure& failure, std::size_t section)
{
  return static_cast<double>(section) / static_cast<double>(failure.sections.size());
}

/// Strength and failure of the vertebra's voxels, in the body by sections.
void add_voxels(const VertebraProbe& probe, const VertebraForm& form,
                const voxel::YieldingFields& fields, const std::vector<std::uint8_t>& failed,
                BodyFailure& found)
{
  const model::VoxelModel& model = probe.model();
  const double volume = model.body.grid.voxel_volume();
  const double count = static_cast<double>(found.sections.size());
  const double area = volume * count / (form.superior_z - form.inferior_z);
  // A voxel is spread over the sections it reaches into, else they would show the raster.
  const double half = 0.5 * probe.grain() * count / (form.superior_z - form.inferior_z);
  double in_body = 0;
  for (const std::size_t v : probe.voxels())
  {
    const double plastic = fields.accumulated[v] * volume;
    found.plastic_mm3 += plastic;
    found.failed_mm3 += failed[v] ? volume : 0;
    const Vec3 at = probe.local(model::voxel_centre(model.body.grid, model.body.voxels[v]));
    if (at.y < form.posterior_y)
      continue;
    in_body += plastic;
    const double low = std::clamp(height_share(form, at) * count - half, 0.0, count - 2 * half);
    for (std::size_t s = static_cast<std::size_t>(low); s < found.sections.size(); ++s)
    {
      const double in = std::min(low + 2 * half, 1.0 + static_cast<double>(s)) -
                        std::max(low, static_cast<double>(s));
      if (in <= 0)
        break;
      add(model, fields, v, failed[v] != 0, area * in / (2 * half), found.sections[s]);
    }
  }
  for (BodySection& section : found.sections)
    section.plastic /= std::max(section.area_mm2, area);
  found.in_body = found.plastic_mm3 > 0 ? in_body / found.plastic_mm3 : 0;
}

/// What the body has lost between two shares of its height: mean of the columns that have bone at
/// both.
double lost_between(const VertebraProbe& probe, const VertebraForm& form,
                    std::span<const Vec3> displacement, double from, double to)
{
  double lost = 0, count = 0;
  for (const BodyColumn& column : form.columns)
  {
    const auto point = [&](double share)
    {
      Vec3 p = column.bottom.at;
      p.z += share * column.height();
      return probe.point_at(p);
    };
    const auto low = from > 0 ? point(from) : column.bottom;
    const auto high = to < 1 ? point(to) : column.top;
    if (!low || !high)
      continue;
    lost += probe.moved(*low, displacement).z - probe.moved(*high, displacement).z;
    count += 1;
  }
  return count > 0 ? lost / count : 0;
}

double failed_share(const std::vector<SurfaceHit>& wall, const std::vector<std::uint8_t>& failed)
{
  double count = 0;
  for (const SurfaceHit& hit : wall)
    count += failed[hit.voxel];
  return wall.empty() ? 0 : count / static_cast<double>(wall.size());
}
} // namespace

std::vector<std::uint8_t> failed_voxels(const voxel::YieldingFields& fields)
{
  const auto& softened = fields.softened_at;
  const bool any = std::any_of(softened.begin(), softened.end(), [](double at) { return at > 0; });
  std::vector<std::uint8_t> failed;
  for (const double at : any ? softened : fields.yielded_at)
    failed.push_back(at > 0);
  return failed;
}

BodyFailure body_failure(const VertebraProbe& probe, const VertebraForm& form,
                         const voxel::YieldingFields& fields, std::span<const Vec3> lasting,
                         double end_share)
{
  BodyFailure found;
  found.sections = empty_sections(probe, form);
  const std::vector<std::uint8_t> failed = failed_voxels(fields);
  add_voxels(probe, form, fields, failed, found);
  for (std::size_t s = 0; s < found.sections.size(); ++s)
    found.sections[s].lost_mm =
        lost_between(probe, form, lasting, edge_of(found, s), edge_of(found, s + 1));
  const double all = lost_between(probe, form, lasting, 0, 1);
  if (all > 0)
  {
    found.superior = lost_between(probe, form, lasting, 1 - end_share, 1) / all;
    found.inferior = lost_between(probe, form, lasting, 0, end_share) / all;
  }
  found.failing =
      first_by(found.sections, [](const auto& a, const auto& b) { return a.lost_mm > b.lost_mm; });
  found.weakest = first_by(found.sections, [](const auto& a, const auto& b)
                           { return a.strength_N < b.strength_N; });
  found.wall_failed = failed_share(form.wall, failed);
  return found;
}

} // namespace calcar::risk
