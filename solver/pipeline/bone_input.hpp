#pragma once

#include "anatomy/bone_kind.hpp"
#include "base/table.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{

/// Labels of an image file that together are one thing.
struct BoneLabels
{
  std::filesystem::path file;
  std::vector<int> labels;
  std::string place;
};

/// A bone of which only the surface is known: its density is that of a template.
struct SurfaceInput
{
  std::filesystem::path file;
  std::string unit; ///< of the file's lengths; empty: not named, so that mm must be plausible
  std::string density_template; ///< a file in materials/bone_templates
  std::string place;
};

/// A vertebra of a spine segment.
struct SegmentVertebra
{
  std::string level; ///< "L3"
  int label = 0;     ///< of the mask's file
};

/// The bone of a patient as the case file gives it.
struct BoneInput
{
  anatomy::BoneKind kind = anatomy::BoneKind::femur;
  std::optional<anatomy::Side> side; ///< none: a skull whose side is not named
  std::string level;                 ///< of a vertebra ("L3") or a rib ("7"); empty: not known
  std::filesystem::path image;
  std::optional<SurfaceInput> surface; ///< in the place of image and mask
  BoneLabels mask;                     ///< of a segment: of all its vertebrae
  /// Of kind = "spine_segment": its vertebrae from cranial to caudal; `kind` is vertebra then and
  /// `level` that of the one in question. Empty: a single bone.
  std::vector<SegmentVertebra> segment;
  std::optional<BoneLabels> growth_plates; ///< cartilage inside the mask
  bool specimen = false; ///< orientation = "specimen": the image's directions mean nothing
  double extend_shaft_mm = 0;
  std::string place;
};

/**
 * Reads [bone]. Side and level may follow from `mask = { file, label, scheme }`, a table of labels
 * in materials/label_schemes; what is given besides must agree with it. Problems are recorded in
 * the table: a side for a bone of the midline, none for one that has two, a level that such a bone
 * does not have, a label of another bone.
 */
BoneInput read_bone(const Table& table);

/// Reads { file, label } or { file, labels }. Problems are recorded in the table.
BoneLabels read_bone_labels(const Table& table);

/**
 * Reads `image` and `mask` of another scan of the bone or, with the other side, of its counterpart;
 * without `image` it is the bone's own, as one CT shows both sides. What is not told of it is as of
 * the bone. Problems are recorded in the table: a label that its scheme has for another bone or
 * side.
 */
BoneInput read_further_bone(const Table& table, const BoneInput& bone,
                            std::optional<anatomy::Side> side);

/// The kind as the case file names it: "femur", "spine_segment".
std::string kind_name(const BoneInput& bone);

/// Index of the vertebra in question among those of a segment.
std::size_t index_vertebra(const BoneInput& bone);

/// The levels of a bone from cranial to caudal: C3 to L5 of a vertebra, 1 to 12 of a rib; none of
/// the others.
const std::vector<std::string>& level_names(anatomy::BoneKind kind);

} // namespace calcar::pipeline
