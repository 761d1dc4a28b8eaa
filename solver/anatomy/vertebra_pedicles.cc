#include "anatomy/vertebra_view.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <limits>

namespace calcar::anatomy
{

namespace
{

/// The pieces of the bone in one coronal plane, on one side of the midline: the largest whose
/// middle lies between the levels of the endplates.
std::optional<FoundPedicle> coronal_piece(const VertebraView& view, const VertebraParts& parts,
                                          int j, int side)
{
  const auto& size = view.along.grid.size;
  // What lies further out is the root of a transverse process.
  const double canal = parts.canal ? 0.5 * (parts.canal->x_high - parts.canal->x_low) : 0;
  const double farthest = std::max(canal, 0.25 * parts.body_width) + 0.38 * parts.body_width;
  image::Mask plane;
  plane.grid.size = {size[0], size[2], 1};
  plane.values.assign(plane.grid.voxels(), 0);
  for (int k = 0; k < size[2]; ++k)
  {
    for (int i = 0; i < size[0]; ++i)
    {
      const double aside = side * (view.at(i, j, k).x - parts.body_centre.x);
      const bool beside = aside > 0 && aside < farthest;
      plane.at(i, k, 0) = beside && view.along.at(i, j, k) >= inside_from ? 1 : 0;
    }
  }
  const image::Pieces pieces = image::connected_pieces(plane, image::Neighbours::faces);
  for (std::size_t piece = 1; piece <= pieces.voxels.size(); ++piece)
  {
    FoundPedicle found;
    Vec3 low{1e9, 1e9, 1e9};
    Vec3 high{-1e9, -1e9, -1e9};
    const double count = static_cast<double>(pieces.voxels[piece - 1]);
    for (int k = 0; k < size[2]; ++k)
    {
      for (int i = 0; i < size[0]; ++i)
      {
        if (pieces.labels.at(i, k, 0) == static_cast<int>(piece))
        {
          const Vec3 p = view.at(i, j, k);
          found.centre += p / count;
          low = {std::min(low.x, p.x), 0, std::min(low.z, p.z)};
          high = {std::max(high.x, p.x), 0, std::max(high.z, p.z)};
        }
      }
    }
    found.area = count * view.step * view.step;
    found.width = high.x - low.x + view.step;
    found.height = high.z - low.z + view.step;
    if (found.centre.z > parts.inferior.centre.z &&
        found.centre.z < parts.superior.centre.z + 0.15 * parts.height())
    {
      return found;
    }
  }
  return std::nullopt;
}

/// A section of a pedicle at the depth of coronal plane j.
struct PedicleSection
{
  int plane;
  FoundPedicle pedicle;
};

/// Sections from the posterior wall backwards, as far as there is bone beside the canal.
std::vector<PedicleSection> pedicle_sections(const VertebraView& view, const VertebraParts& parts,
                                             int side)
{
  const double far =
      parts.canal ? 0.6 * (parts.posterior_wall.y - parts.canal->y_low) : 0.4 * parts.depth();
  std::vector<PedicleSection> sections;
  for (int j = view.along.grid.size[1] - 1; j >= 0; --j)
  {
    const double behind = parts.posterior_wall.y - view.at(0, j, 0).y;
    if (behind < 0 || behind > far)
    {
      continue;
    }
    const auto piece = coronal_piece(view, parts, j, side);
    if (!piece)
    {
      break;
    }
    sections.push_back({j, *piece});
  }
  return sections;
}

bool narrower(const PedicleSection& a, const PedicleSection& b)
{
  return a.pedicle.area < b.pedicle.area;
}

/// The narrowest section; nothing when there are none, or none that widens again behind it and no
/// canal that tells that the pedicle goes on.
std::optional<FoundPedicle> narrowest(const std::vector<PedicleSection>& sections, bool canal)
{
  if (sections.size() < 2)
  {
    return std::nullopt;
  }
  const auto least = std::min_element(sections.begin(), sections.end(), narrower);
  const auto widest_behind = std::max_element(least, sections.end(), narrower);
  if (!canal && widest_behind->pedicle.area < 1.1 * least->pedicle.area)
  {
    return std::nullopt;
  }
  FoundPedicle mean = least->pedicle;
  mean.centre = {};
  double count = 0;
  for (const PedicleSection& section : sections)
  {
    if (section.pedicle.area < 1.06 * least->pedicle.area)
    {
      mean.centre += section.pedicle.centre;
      count += 1;
    }
  }
  mean.centre = mean.centre / count;
  return mean;
}

/// Both pedicles at the depth where they are narrowest together: what is narrowest on each side
/// alone is not sure to some millimetres.
void take_at_one_depth(const std::vector<PedicleSection>& right,
                       const std::vector<PedicleSection>& left, VertebraParts& parts)
{
  double least = std::numeric_limits<double>::max();
  for (const PedicleSection& one : right)
  {
    for (const PedicleSection& other : left)
    {
      const double area = one.pedicle.area + other.pedicle.area;
      if (one.plane == other.plane && area < least)
      {
        least = area;
        parts.right = one.pedicle;
        parts.left = other.pedicle;
      }
    }
  }
}

} // namespace

void find_pedicles(const VertebraView& view, VertebraParts& parts)
{
  const auto right = pedicle_sections(view, parts, 1);
  const auto left = pedicle_sections(view, parts, -1);
  parts.right = narrowest(right, parts.canal.has_value());
  parts.left = narrowest(left, parts.canal.has_value());
  if (parts.right && parts.left)
  {
    take_at_one_depth(right, left, parts);
  }
}

} // namespace calcar::anatomy
