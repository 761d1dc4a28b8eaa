#include "image/dicom_slices.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace calcar::image
{
namespace
{
[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}

void check_alike(const std::vector<Slice>& slices, const std::string& place)
{
  const Slice& first = slices.front();
  for (const Slice& slice : slices)
  {
    const bool same_size = slice.columns == first.columns && slice.rows == first.rows &&
                           std::abs(slice.column_mm - first.column_mm) < 1e-4 &&
                           std::abs(slice.row_mm - first.row_mm) < 1e-4;
    const bool same_axes = norm(slice.along_row - first.along_row) < 1e-3 &&
                           norm(slice.along_column - first.along_column) < 1e-3;
    if (!same_size || !same_axes)
      refuse(
          place,
          "the slices of the series differ in " +
              std::string(same_axes ? "size or pixel spacing" : "orientation") + " (\"" +
              first.file.filename().string() + "\" and \"" + slice.file.filename().string() + "\")",
          "one stack of equal slices", "remove localizers and reformatted slices from the folder");
  }
}

std::string between(const Slice& a, const Slice& b)
{
  return "between \"" + a.file.filename().string() + "\" and \"" + b.file.filename().string() +
         "\"";
}

double median(std::vector<double> values)
{
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

/// Distances between neighbours along the normal; refuses slices at one position.
std::vector<double> distances(const std::vector<Slice>& slices, Vec3 normal,
                              const std::string& place)
{
  std::vector<double> result;
  for (std::size_t i = 1; i < slices.size(); ++i)
  {
    result.push_back(dot(normal, slices[i].position - slices[i - 1].position));
    if (result.back() < 1e-3)
      refuse(place,
             "two slices lie at the same position (\"" + slices[i - 1].file.filename().string() +
                 "\" and \"" + slices[i].file.filename().string() + "\")",
             "one slice at a position",
             "remove copies, or give one phase or one reconstruction of the scan");
  }
  return result;
}

void check_uniform(const std::vector<Slice>& slices, const std::vector<double>& distance,
                   double usual, const std::string& place)
{
  const double tolerance = std::max(0.01, std::min(0.01 * usual, 0.1));
  for (std::size_t i = 0; i < distance.size(); ++i)
  {
    if (std::abs(distance[i] - usual) <= tolerance)
      continue;
    const double multiple = std::round(distance[i] / usual);
    const std::string gap = between(slices[i], slices[i + 1]);
    if (multiple >= 2 && std::abs(distance[i] - multiple * usual) <= multiple * tolerance)
      refuse(place,
             format_number(multiple - 1) + (multiple == 2 ? " slice is" : " slices are") +
                 " missing " + gap + ": distance " + format_number(distance[i]) +
                 " mm, elsewhere " + format_number(usual) + " mm",
             "", "export the whole series again");
    refuse(place,
           "the slice distance is not uniform: " + format_number(distance[i]) + " mm " + gap +
               ", elsewhere " + format_number(usual) + " mm",
           "differences up to 1 % and 0.1 mm", "ask for a uniform reconstruction of the scan");
  }
}

void check_tilt(const std::vector<Slice>& slices, Vec3 normal, const std::string& place)
{
  const Vec3 stack = slices.back().position - slices.front().position;
  const double height = dot(normal, stack);
  const double shift = norm(stack - height * normal);
  const Slice& slice = slices.front();
  if (shift > 0.5 * std::min(slice.column_mm, slice.row_mm))
    refuse(place,
           "the gantry was tilted by " +
               format_number(std::atan2(shift, height) * 180 / std::numbers::pi, 3) +
               " degrees: the slices do not stand on top of each other",
           "a shift of half a pixel over the stack",
           "resample the series on an orthogonal grid (for example dcm2niix) and give that");
}
} // namespace

CheckedGrid series_grid(std::vector<Slice>& slices, const std::string& place)
{
  if (slices.size() < 2)
    refuse(place, "the series has a single slice", "a stack of slices",
           "give the folder with the whole series");
  check_alike(slices, place);
  const Slice first = slices.front();
  if (!(first.column_mm > 0) || !(first.row_mm > 0))
    refuse(place, "the pixel spacing of the series is missing or not positive",
           "a positive spacing", "export the series again");
  const Vec3 normal = normalized(cross(first.along_row, first.along_column));
  std::ranges::sort(slices, {}, [normal](const Slice& s) { return dot(normal, s.position); });
  const std::vector<double> distance = distances(slices, normal, place);
  check_uniform(slices, distance, median(distance), place);
  check_tilt(slices, normal, place);
  const double height = dot(normal, slices.back().position - slices.front().position);
  const double mean = height / static_cast<double>(slices.size() - 1);
  return grid_from_steps(
      {first.columns, first.rows, static_cast<int>(slices.size())},
      {first.column_mm * first.along_row, first.row_mm * first.along_column, mean * normal},
      slices.front().position, place);
}

} // namespace calcar::image
