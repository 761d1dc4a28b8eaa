#pragma once

#include "base/warning.hpp"
#include "image/volume.hpp"

#include <map>
#include <vector>

namespace calcar::image
{

/// Number of voxels of each label present, 0 left out.
std::map<std::int32_t, std::size_t> label_counts(const LabelMap& labels);

/// The voxels with one label. Throws InputError (data) when it is absent, listing the labels
/// present with their voxels.
Mask extract(const LabelMap& labels, std::int32_t label);

std::size_t count(const Mask& mask); ///< voxels inside
double volume_cm3(const Mask& mask); ///< voxels times voxel volume

/// Which voxels touch.
enum class Neighbours
{
  faces, ///< 6
  all    ///< 26
};

/// Connected pieces of a mask, numbered from 1 by falling size.
struct Pieces
{
  LabelMap labels;
  std::vector<std::size_t> voxels; ///< voxels[n - 1] of piece n
};

Pieces connected_pieces(const Mask& mask, Neighbours neighbours);

/// A mask with the doubts met while it was cleaned.
struct CleanMask
{
  Mask mask;
  Warnings warnings;
};

/**
 * The largest piece (26 neighbours). Smaller ones are dropped with the warning
 * "small_pieces_dropped" when together they are less than `allowed_share` of the mask; else the
 * mask is not one bone, and InputError (data) tells the volumes of the pieces. An empty mask is
 * refused too.
 */
CleanMask keep_largest(const Mask& mask, double allowed_share = 0.01);

/// The mask with its enclosed cavities filled: the bone's envelope, apart from the density inside.
struct Envelope
{
  Mask mask;
  std::size_t filled = 0; ///< voxels
};

/// Fills background that no path through faces joins to the image border. A canal cut open by the
/// border stays open.
Envelope fill_holes(const Mask& mask);

} // namespace calcar::image
