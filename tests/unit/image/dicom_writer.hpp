#pragma once

#include "base/vec3.hpp"
#include "image/volume.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace calcar::image::test
{

/// A DICOM segmentation to be written.
struct TestSegmentation
{
  Grid grid; ///< planes of the frames; the k axis must be i cross j
  std::vector<std::string> segments = {"femur", "tumour"}; ///< numbered from 1
  /// Whether a voxel lies in a segment; planes that are empty for a segment get no frame.
  std::function<bool(int segment, int i, int j, int k)> inside;
  std::string type = "BINARY";
  std::string frame_of_reference = "1.2.3.9";
  bool with_spacing = true; ///< SpacingBetweenSlices
  double sideways_mm = 0;   ///< shift of every other frame
  double uneven_mm = 0;     ///< shift of the last frame along the normal
  int missing_bytes = 0;    ///< of the pixels
  bool implicit_vr = false;
};
void write_segmentation(const std::filesystem::path& file, const TestSegmentation& settings);

/// A region of interest of an RTSTRUCT: closed contours of LPS points.
struct TestRegion
{
  int number = 1;
  std::string name = "femur";
  std::vector<std::vector<Vec3>> contours;
  std::string type = "CLOSED_PLANAR";
  std::string frame_of_reference = "1.2.3.9";
  int claimed_points = -1; ///< NumberOfContourPoints, if not the right one
};
void write_structure_set(const std::filesystem::path& file, const std::vector<TestRegion>& regions,
                         bool implicit_vr = false);

/// A PET series of 4x3 pixels of 4 mm in slices of 5 mm; every pixel of slice n stores 100 (n + 1)
/// and has the rescale slope 2.
struct TestPet
{
  std::string modality = "PT", units = "BQML", suv_type;
  std::string corrected = "NORM\\DECY\\ATTN", decay = "START";
  std::string weight = "72", dose = "370000000", half_life = "6586.2";
  std::string series_date = "20261102", series_time = "110000", acquisition_time = "110000";
  std::string start_time = "100000", start_date_time;
  std::string ge_scan; ///< private date and time of GE
  int slices = 3;
};
void write_pet(const std::filesystem::path& folder, const TestPet& settings);

} // namespace calcar::image::test
