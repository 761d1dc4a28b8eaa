#include "anatomy/rib_line.hpp"

#include "anatomy/rib_bands.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/mask.hpp"
#include "image/resample.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double fine_mm = 1;      ///< voxels that coarser masks are refined to
constexpr double coarse_mm = 1.25; ///< from which spacing on
constexpr double band_mm = 4;
constexpr double station_mm = 2;
constexpr double widest_mm = 25;       ///< no section of a rib reaches farther from its centre
constexpr double least_girth_mm2 = 10; ///< mean sections of children's and of adults' ribs
constexpr double greatest_girth_mm2 = 260;
constexpr double greatest_volume_cm3 = 100;
constexpr double least_slenderness = 3.5; ///< length over the root of the mean section
constexpr double most_branched = 0.1;
constexpr double most_left_out = 0.2;
constexpr double border_mm = 24;     ///< from an end, within which the image's border may cut
constexpr double most_shaved = 0.06; ///< share of the rest where it may

const char* const one_rib = "one rib, whole or a piece of it at least 3.5 times as long as thick";

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& remedy)
{
  throw InputError(Fault::data, Problem{place, given, one_rib, remedy, ""});
}

/// The bone in fine voxels; the corners stay those of the image.
BoneShape refined_shape(const image::Mask& mask, const std::string& place)
{
  const double volume = image::volume_cm3(mask);
  if (volume > greatest_volume_cm3)
  {
    refuse(place,
           "the mask is not a rib: it holds " + format_number(volume, 3) + " cm3 (a rib up to " +
               format_number(greatest_volume_cm3) + ")",
           "check the label number and the voxel size of the image");
  }
  const Vec3 s = mask.grid.spacing;
  if (std::max({s.x, s.y, s.z}) <= coarse_mm || image::count(mask) == 0)
  {
    return bone_shape(mask, place);
  }
  const image::Box box = image::grown(image::bounding_box(mask), mask.grid, 2 * coarse_mm);
  const image::Mask near = image::crop(mask, box);
  BoneShape shape =
      bone_shape(image::resample_mask(near, image::isotropic_grid(near, fine_mm)), place);
  const Vec3 last{mask.grid.size[0] - 1.0, mask.grid.size[1] - 1.0, mask.grid.size[2] - 1.0};
  const image::Grid& g = shape.mask.grid;
  shape.image_corners = {g.index(mask.grid.point({0, 0, 0})), g.index(mask.grid.point(last))};
  return shape;
}

/// A section's ellipse of the same moments.
RibStation measured(double along, const Section& s)
{
  RibStation station;
  station.along = along;
  station.centre = s.centre;
  station.area = s.area;
  const double step = 2 * geometry::pi / static_cast<double>(s.radii.size());
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t k = 0; k < s.radii.size(); ++k)
  {
    const double c = std::cos(static_cast<double>(k) * step);
    const double n = std::sin(static_cast<double>(k) * step);
    const double r4 = std::pow(s.radii[k], 4) / 4 * step;
    xx += r4 * c * c;
    yy += r4 * n * n;
    xy += r4 * c * n;
  }
  const double mean = 0.5 * (xx + yy);
  const double spread = std::hypot(0.5 * (xx - yy), xy);
  const double angle = 0.5 * std::atan2(xy, 0.5 * (xx - yy));
  station.half_long = 2 * std::sqrt((mean + spread) / s.area);
  station.half_short = 2 * std::sqrt(std::max(mean - spread, 0.0) / s.area);
  station.long_axis = std::cos(angle) * s.e1 + std::sin(angle) * s.e2;
  station.section = s;
  return station;
}

/// Sections perpendicular to a curve, those that close.
std::vector<RibStation> stations_along(const BoneShape& shape, const RibCurve& curve)
{
  std::vector<RibStation> stations;
  const Vec3 towards = bend_of(curve).normal;
  for (double at = 0.5 * station_mm; at < length(curve); at += station_mm)
  {
    const Section s =
        section(shape, point_at(curve, at), tangent_at(curve, at, 6), towards, widest_mm);
    if (s.area > 1 && s.closed)
    {
      stations.push_back(measured(at, s));
    }
  }
  return stations;
}

/// The value at `at` of the parabola fitted to the stations' centres with weights of a bell.
Vec3 smooth_centre(const std::vector<RibStation>& stations, double at, double width)
{
  // Normal equations of a + b x + c x^2; the three components share the matrix.
  double m[5] = {0, 0, 0, 0, 0};
  Vec3 r[3];
  for (const RibStation& s : stations)
  {
    const double x = (s.along - at) / width;
    const double w = std::exp(-x * x);
    if (w < 1e-4)
    {
      continue;
    }
    double power = w;
    for (int n = 0; n < 5; ++n)
    {
      m[n] += power;
      if (n < 3)
      {
        r[n] += power * s.centre;
      }
      power *= x;
    }
  }
  const Mat3 a = {Vec3{m[0], m[1], m[2]}, Vec3{m[1], m[2], m[3]}, Vec3{m[2], m[3], m[4]}};
  const double det = determinant(a);
  if (det < 1e-9 * m[0] * m[0] * m[0])
  {
    return r[0] / std::max(m[0], 1e-12);
  }
  const Vec3 row = cross(a[1], a[2]); // first row of the inverse times the determinant
  return (row.x * r[0] + row.y * r[1] + row.z * r[2]) / det;
}

/// The line through the sections' centres, run on straight to the surface at both ends.
RibCurve line_through(const BoneShape& shape, const std::vector<RibStation>& stations, double width)
{
  std::vector<Vec3> centres;
  for (const RibStation& s : stations)
  {
    centres.push_back(smooth_centre(stations, s.along, width));
  }
  const RibCurve inner = curve_through(centres);
  const auto end = [&](const RibCurve& c)
  {
    const Vec3 outward = -tangent_at(c, 0, 8);
    return c.points.front() +
           distance_to_surface(shape, c.points.front(), outward, widest_mm) * outward;
  };
  std::vector<Vec3> points = {end(inner)};
  points.insert(points.end(), inner.points.begin(), inner.points.end());
  points.push_back(end(reversed(inner)));
  return curve_through(points);
}

/// Leaves out the sections near the ends, which the ends cut short, and those that a neighbour's
/// are not like.
std::vector<RibStation> sound(const std::vector<RibStation>& stations, double total)
{
  std::vector<double> areas;
  for (const RibStation& s : stations)
  {
    areas.push_back(s.area);
  }
  std::nth_element(areas.begin(), areas.begin() + static_cast<long>(areas.size() / 2), areas.end());
  const double median = areas[areas.size() / 2];
  const double margin = std::min(4.0, 0.1 * total);
  std::vector<RibStation> kept;
  for (const RibStation& s : stations)
  {
    const bool inside = s.along > margin && s.along < total - margin;
    if (inside && s.area > 0.3 * median && s.area < 3 * median)
    {
      kept.push_back(s);
    }
  }
  return kept;
}

void check_bands(const BoneShape& shape, const RibBands& bands, const std::string& place)
{
  if (shape.left_out > most_left_out)
  {
    refuse(place,
           format_number(100 * shape.left_out, 2) +
               " % of the mask does not hang together with its largest piece: several ribs, or one "
               "broken or cut into pieces",
           "give each rib or piece a label of its own");
  }
  const double girth = shape.volume_mm3 / bands.length_mm;
  if (bands.length_mm < least_slenderness * std::sqrt(girth))
  {
    refuse(place,
           "the mask is not a rib: it is " + format_number(bands.length_mm, 3) + " mm long and " +
               format_number(std::sqrt(girth), 3) + " mm thick",
           "check the label number; of a rib give a longer piece");
  }
  if (girth < least_girth_mm2 || girth > greatest_girth_mm2)
  {
    refuse(place,
           "the mask is not a rib: its mean cross-section is " + format_number(girth, 3) +
               " mm2 (ribs have " + format_number(least_girth_mm2) + " to " +
               format_number(greatest_girth_mm2) + ")",
           "check the label number and the voxel size of the image");
  }
  if (bands.branched > most_branched)
  {
    refuse(place,
           "the mask is not one rib: over " + format_number(100 * bands.branched, 2) +
               " % of its length it falls into several parts side by side",
           "give each rib a label of its own, without vertebra, sternum or cartilage");
  }
}

/// The image's border may cross the rib, but not run along it: half a rib shows a wrong line.
void check_border(const RibLine& line, const std::string& place)
{
  double shaved = 0;
  double count = 0;
  for (const RibStation& s : line.stations)
  {
    if (s.along > border_mm && s.along < length(line.curve) - border_mm)
    {
      shaved += leaves_image(line.shape, s.centre, s.half_long + 0.5 * line.voxel_mm);
      count += 1;
    }
  }
  if (shaved > most_shaved * count)
  {
    refuse(place,
           "the border of the image runs along the rib: over " +
               format_number(100 * shaved / count, 2) + " % of its length a part of it is missing",
           "use an image that holds the rib or the piece in its full girth, or end the mask where "
           "the border begins to cut it");
  }
}

} // namespace

RibLine rib_line(const image::Mask& mask, const std::string& place)
{
  RibLine line;
  line.shape = refined_shape(mask, place);
  const Vec3 s = mask.grid.spacing;
  line.voxel_mm = std::max({s.x, s.y, s.z});
  const RibBands bands = rib_bands(line.shape.mask, band_mm);
  check_bands(line.shape, bands, place);
  line.curve = curve_through(bands.centres);
  const double width = std::max(6.0, 3 * line.voxel_mm);
  for (int round = 0; round < 3; ++round)
  {
    line.stations = sound(stations_along(line.shape, line.curve), length(line.curve));
    if (static_cast<double>(line.stations.size()) * station_mm < 0.5 * length(line.curve) ||
        line.stations.size() < 5)
    {
      refuse(place, "the mask is not a rib: its sections do not follow each other along a line",
             "check the label number, and that the mask is filled and in one piece");
    }
    double sum = 0;
    for (const RibStation& station : line.stations)
    {
      const Vec3 off = station.centre - smooth_centre(line.stations, station.along, width);
      sum += dot(off, off);
    }
    line.rough_mm = std::sqrt(sum / static_cast<double>(line.stations.size()));
    line.curve = line_through(line.shape, line.stations, width);
  }
  line.stations = sound(stations_along(line.shape, line.curve), length(line.curve));
  check_border(line, place);
  return line;
}

} // namespace calcar::anatomy
