#pragma once

#include "image/volume.hpp"

#include <filesystem>

namespace calcar::image
{

/**
 * Writes an image as NIfTI-1 (.nii.gz, or .nii), sform and qform both set. It is written to a
 * temporary name beside `file`, checked and renamed: a killed run leaves the old file or the new
 * one. Values come back exactly; positions to the single precision of the format (about 1e-4 mm).
 * Throws InputError (command) when the name has another ending or the file cannot be written.
 */
void write_nifti(const std::filesystem::path& file, const Volume& volume);
void write_nifti(const std::filesystem::path& file, const LabelMap& labels);
void write_nifti(const std::filesystem::path& file, const Mask& mask);

} // namespace calcar::image
