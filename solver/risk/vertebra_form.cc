#include "risk/vertebra_form.hpp"

#include "risk/spinal_canal.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::risk
{
namespace
{
/// How far beyond the endplates' middles their rims, osteophytes included, are looked for, as a
/// share of the body's height.
constexpr double beyond_endplates = 0.4;
/// A column lower than this share of the median runs out at a side wall.
constexpr double least_height = 0.6;
constexpr std::size_t fewest_columns = 12;
/// Of the canal's width: where the posterior wall lies between the pedicles' roots; of the body's
/// where no canal is seen.
constexpr double wall_of_canal = 0.35, wall_of_body = 0.2;
/// The wall is looked at between these heights of the body.
constexpr double wall_from = 0.1, wall_to = 0.9;
/// The wall may lie so far behind or before its place at mid-height, in depths of the body.
constexpr double wall_hollow = 0.25;

double body_width(const VertebraProbe& probe, double depth)
{
  constexpr double usual = 1.35; // of its depth
  const auto found = probe.bone().measures.find("body_width_mm");
  return found == probe.bone().measures.end() ? usual * depth : found->second.value;
}

Vec3 landmark(const VertebraProbe& probe, const char* name)
{
  return probe.local(probe.bone().landmarks.at(name));
}

/// The lines from endplate to endplate on a raster of half voxels.
std::vector<BodyColumn> find_columns(const VertebraProbe& probe, const VertebraForm& form)
{
  const double beyond = beyond_endplates * (form.superior_z - form.inferior_z);
  const double reach = form.superior_z - form.inferior_z + 2 * beyond;
  const auto [nx, ny] = form.raster;
  std::vector<BodyColumn> columns;
  for (int b = 0; b < ny; ++b)
    for (int a = 0; a < nx; ++a)
    {
      const double across = 2 * (a + 0.5) / nx - 1, depth = (b + 0.5) / ny;
      const double x = 0.5 * form.width * across, y = form.posterior_y + depth * form.depth;
      const auto upper = probe.first_bone({x, y, form.superior_z + beyond}, {0, 0, -1}, reach);
      const auto lower = probe.first_bone({x, y, form.inferior_z - beyond}, {0, 0, 1}, reach);
      if (upper && lower)
        columns.push_back({depth, across, std::hypot(across, 2 * depth - 1), *upper, *lower});
    }
  return columns;
}

/// Leaves out the lines that run out at a side wall.
void drop_low(std::vector<BodyColumn>& columns)
{
  std::vector<double> heights;
  for (const BodyColumn& column : columns)
    heights.push_back(column.height());
  const auto middle = heights.begin() + static_cast<std::ptrdiff_t>(heights.size() / 2);
  std::nth_element(heights.begin(), middle, heights.end());
  std::erase_if(columns, [&](const auto& c) { return c.height() < least_height * *middle; });
}

/// The line of the raster that a point lies next to; -1 beside the raster.
std::ptrdiff_t line_at(const VertebraForm& form, double across, double depth)
{
  const int a = static_cast<int>(std::floor(0.5 * (across + 1) * form.raster[0]));
  const int b = static_cast<int>(std::floor(depth * form.raster[1]));
  const bool beside = a < 0 || b < 0 || a >= form.raster[0] || b >= form.raster[1];
  return beside ? -1 : a + std::ptrdiff_t{form.raster[0]} * b;
}

void number_columns(VertebraForm& form)
{
  form.column_at.assign(static_cast<std::size_t>(form.raster[0] * form.raster[1]), -1);
  for (std::size_t c = 0; c < form.columns.size(); ++c)
    form.column_at[static_cast<std::size_t>(line_at(
        form, form.columns[c].across, form.columns[c].depth))] = static_cast<std::int32_t>(c);
}

std::vector<SurfaceHit> find_wall(const VertebraProbe& probe, const VertebraForm& form)
{
  const auto& measures = probe.bone().measures;
  const auto canal = measures.find("canal_width_mm");
  const double half =
      canal == measures.end() ? wall_of_body * form.width : wall_of_canal * canal->second.value;
  const double height = form.superior_z - form.inferior_z;
  const double step = 0.5 * probe.grain();
  std::vector<SurfaceHit> wall;
  const int nx = static_cast<int>(std::ceil(2 * half / step));
  const int nz = static_cast<int>(std::ceil((wall_to - wall_from) * height / step));
  for (int c = 0; c < nz; ++c)
    for (int a = 0; a < nx; ++a)
    {
      const double x = half * (2 * (a + 0.5) / nx - 1);
      const double z =
          form.inferior_z + height * (wall_from + (wall_to - wall_from) * (c + 0.5) / nz);
      const auto hit = probe.last_bone({x, 0, z}, {0, -1, 0}, form.depth);
      if (hit && std::abs(hit->at.y - form.posterior_y) < wall_hollow * form.depth)
        wall.push_back(*hit);
    }
  return wall;
}
} // namespace

std::optional<VertebraForm> vertebra_form(const VertebraProbe& probe, const BodyZones& zones)
{
  VertebraForm form;
  form.zones = zones;
  form.posterior_y = landmark(probe, "posterior_wall").y;
  form.depth = landmark(probe, "anterior_wall").y - form.posterior_y;
  form.width = body_width(probe, form.depth);
  form.inferior_z = landmark(probe, "inferior_endplate_centre").z;
  form.superior_z = landmark(probe, "superior_endplate_centre").z;
  const double step = 0.5 * probe.grain();
  form.raster = {static_cast<int>(std::ceil(form.width / step)),
                 static_cast<int>(std::ceil(form.depth / step))};
  form.columns = find_columns(probe, form);
  if (form.columns.size() < fewest_columns)
    return std::nullopt;
  drop_low(form.columns);
  number_columns(form);
  form.wall = find_wall(probe, form);
  form.canal = find_canal(probe);
  form.still = rear_of(form.canal);
  form.against_arch = form.still.size() >= fewest_columns;
  if (form.against_arch)
    return form;
  form.still.clear();
  for (const BodyColumn& column : form.columns)
    form.still.insert(form.still.end(), {column.top, column.bottom});
  return form;
}

double height_share(const VertebraForm& form, Vec3 local)
{
  const std::ptrdiff_t line =
      line_at(form, 2 * local.x / form.width, (local.y - form.posterior_y) / form.depth);
  const std::int32_t column = line < 0 ? -1 : form.column_at[static_cast<std::size_t>(line)];
  double low = form.inferior_z, high = form.superior_z;
  if (column >= 0)
  {
    low = form.columns[static_cast<std::size_t>(column)].bottom.at.z;
    high = form.columns[static_cast<std::size_t>(column)].top.at.z;
  }
  return std::clamp((local.z - low) / (high - low), 0.0, 1.0);
}

} // namespace calcar::risk
