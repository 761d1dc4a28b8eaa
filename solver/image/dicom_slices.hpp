#pragma once

#include "base/vec3.hpp"
#include "image/grid.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace calcar::image
{

/// Where one slice of a DICOM series lies.
struct Slice
{
  std::filesystem::path file;
  Vec3 position;        ///< centre of the first pixel, LPS mm (ImagePositionPatient)
  Vec3 along_row;       ///< unit vector of increasing column index
  Vec3 along_column;    ///< unit vector of increasing row index
  double column_mm = 0; ///< distance between columns (second value of PixelSpacing)
  double row_mm = 0;    ///< distance between rows (first value of PixelSpacing)
  int columns = 0;
  int rows = 0;
};

/**
 * Puts the slices of one series in order along the normal (row x column) and returns their grid.
 *
 * InputError (data) at `place`: a single slice, slices of different size or orientation, two at the
 * same position, missing slices (a distance that is a multiple of the usual one: the gap is named),
 * distances that differ by more than 1 % or 0.1 mm (0.01 mm is taken for rounding), and a gantry
 * tilt that shifts the stack by over half a pixel.
 */
CheckedGrid series_grid(std::vector<Slice>& slices, const std::string& place);

} // namespace calcar::image
