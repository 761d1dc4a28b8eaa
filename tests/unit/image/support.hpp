#pragma once

#include "image/volume.hpp"
#include "refusal.hpp"
#include "temporary_folder.hpp"

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

namespace calcar::image::test
{

using calcar::test::refusal_of;
using calcar::test::TemporaryFolder;

void write_file(const std::filesystem::path& file, const std::string& bytes);
std::string read_file(const std::filesystem::path& file);

/// Appends the bytes of a value in this machine's (little-endian) order.
template <typename T>
void put(std::string& bytes, T value)
{
  char buffer[sizeof(T)];
  std::memcpy(buffer, &value, sizeof(T));
  bytes.append(buffer, sizeof(T));
}

/// Overwrites bytes at a position.
template <typename T>
void put_at(std::string& bytes, std::size_t position, T value)
{
  std::memcpy(bytes.data() + position, &value, sizeof(T));
}

/// A NIfTI-1 file of int16 voxels 0, 1, 2, ... with the sform rows given in RAS mm.
std::string nifti_bytes(const std::array<int, 3>& size,
                        const std::array<std::array<float, 4>, 3>& sform,
                        const std::array<float, 3>& spacing);

/// 4x3x2 voxels of 2 mm, i to the patient's left (RAS -x), j to anterior, k to superior.
std::string good_nifti();

std::string gzipped(const std::string& bytes);

/// A MetaImage and a NRRD header of 3x2x2 shorts, with a piece of text changed.
std::string mha_header(const std::string& change = "", const std::string& to = "");
std::string nrrd_header(const std::string& change = "", const std::string& to = "");

/// -3, -2, ... 8.
std::string twelve_shorts();

/// What read_volume says to a file of these bytes.
std::string refused(const std::string& name, const std::string& bytes);

void check_point(Vec3 point, Vec3 expected);

/// What a hand-made DICOM slice says.
struct TestSlice
{
  double z = 0;
  double y = 0;
  int number = 1;
  std::string series = "1.2.3";
  std::string modality = "CT";
  std::string description = "thigh";
  std::string kvp = "120";
  std::string slope = "1";
  std::string orientation = "1\\0\\0\\0\\1\\0";
  std::string frames;
  std::string syntax =
      "1.2.840.10008.1.2.1";  ///< or implicit VR, "...1.2", or packed RLE, "...1.2.5"
  bool with_sequence = false; ///< a nested sequence of unknown length before the image
  int bits_stored = 16;       ///< 12: signed, with rubbish in the upper bits
  int columns = 4;
  int rows = 3;
};

/// An explicit-VR little-endian CT slice; its pixels are 1024 + 100 number + pixel index, intercept
/// -1024.
std::string dicom_bytes(const TestSlice& slice);

/// A ball in a box of n^3 voxels of 1 mm.
Mask ball(int n, double radius, Vec3 centre);

} // namespace calcar::image::test
