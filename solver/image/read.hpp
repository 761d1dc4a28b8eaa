#pragma once

#include "base/warning.hpp"
#include "image/acquisition.hpp"
#include "image/raw_image.hpp"
#include "image/volume.hpp"

#include <filesystem>

namespace calcar::image
{

/// An image read from a file, with the doubts met and what is known about the scan.
template <typename T>
struct Loaded
{
  Image<T> image;
  Warnings warnings;
  Acquisition acquisition; ///< empty unless DICOM
};

/**
 * Reads a scan: NIfTI (.nii, .nii.gz), NRRD (.nrrd, .nhdr), MetaImage (.mha, .mhd), or a DICOM CT
 * series (a folder, or one of its files). The format is recognised by content, not by name. Values
 * are those the file means (slope and intercept applied), as float; positions are LPS mm. The
 * SHA-256 of a series is that of its slices' hashes in order.
 *
 * InputError (data) for whatever is missing, unknown, truncated, damaged or not a scalar 3-D image
 * with a stated orientation and finite values; the readers of the formats say what each refuses.
 * Axes skewed by less than half a voxel are straightened with the warning "skewed_axes".
 */
Loaded<float> read_volume(const std::filesystem::path& path);

/// The same for a mask or label image, whose values must be whole numbers.
Loaded<std::int32_t> read_labels(const std::filesystem::path& path);

/// What is known of an image when its values have been handed on.
struct Streamed
{
  Grid grid;
  Warnings warnings;
  Source source;
};

/**
 * Reads a volume without holding it: `begin` gets the grid, then `take` the values, run by run from
 * the first voxel to the last. A NIfTI file is read as it is handed on; other formats are held in
 * their stored type meanwhile. Errors as read_volume(): values that are not finite are refused only
 * after the last run, so that all of them are counted.
 */
Streamed stream_volume(const std::filesystem::path& path,
                       const std::function<void(const Grid&)>& begin, const TakeRun<float>& take);

/// The same for labels, errors as read_labels().
Streamed stream_labels(const std::filesystem::path& path,
                       const std::function<void(const Grid&)>& begin,
                       const TakeRun<std::int32_t>& take);

} // namespace calcar::image
