#include "report/fixation_view.hpp"

#include "report/fixation_light.hpp"
#include "report/fixation_rays.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::report
{
namespace
{
/// The bone's view with room for an implant, by whole pixels.
DepthView with_room(const DepthView& bone, const ViewBounds& bounds)
{
  const auto pixels = [&](double mm)
  { return std::max(0, static_cast<int>(std::ceil(mm / bone.pixel_mm - 1e-6))); };
  const int left = pixels(bone.left_mm - bounds.left), above = pixels(bounds.top - bone.top_mm);
  const int right = pixels(bounds.right - bone.left_mm - bone.width * bone.pixel_mm);
  const int below = pixels(bone.top_mm - bone.height * bone.pixel_mm - bounds.bottom);
  DepthView view = bone;
  view.left_mm -= left * bone.pixel_mm;
  view.top_mm += above * bone.pixel_mm;
  view.width += left + right;
  view.height += above + below;
  view.depth.assign(view.offset(view.height, 0), no_depth);
  for (int r = 0; r < bone.height; ++r)
    std::copy_n(&bone.depth[bone.offset(r, 0)], bone.width,
                &view.depth[view.offset(r + above, left)]);
  return view;
}

Colour mixed(const Colour& a, const Colour& b, double share_of_b)
{
  Colour c{};
  for (std::size_t n = 0; n < 3; ++n)
    c[n] = (1 - share_of_b) * a[n] + share_of_b * b[n];
  return c;
}

Colour lit(const Colour& colour, double light)
{
  return {colour[0] * light, colour[1] * light, colour[2] * light};
}

/// Layers of the picture, one entry a pixel.
struct Layers
{
  DepthView bone;
  DepthView metal;         ///< nearest of all parts
  std::vector<Colour> dye; ///< of the part there
  std::vector<float> lesion;
  std::vector<char> rim; ///< outline of a lesion
};

void mark_rim(Layers& layers, const std::vector<char>& inside, int thick)
{
  const DepthView& view = layers.bone;
  const auto at = [&](int r, int c)
  { return r >= 0 && c >= 0 && r < view.height && c < view.width && inside[view.offset(r, c)]; };
  for (int r = 0; r < view.height; ++r)
    for (int c = 0; c < view.width; ++c)
      for (int step = 1; at(r, c) && step <= thick; ++step)
        if (!at(r - step, c) || !at(r + step, c) || !at(r, c - step) || !at(r, c + step))
          layers.rim[view.offset(r, c)] = 1;
}

Layers layers_of(const BoneSurface& bone, const implant::Fixation& fixation,
                 const std::vector<lesion::PlacedLesion>& lesions, const ViewAxes& axes,
                 double pixel_mm, int finer)
{
  Layers layers;
  layers.bone = with_room(view_from(bone, axes, pixel_mm), bounds_of(bone, fixation, axes));
  const std::size_t count = layers.bone.depth.size();
  layers.metal = layers.bone;
  layers.metal.depth.assign(count, no_depth);
  layers.dye.assign(count, {});
  layers.lesion.assign(count, no_depth);
  layers.rim.assign(count, 0);
  for (const implant::Component& c : fixation.components)
    cast_rays({c.solid, c.axis, c.reach_mm}, layers.bone,
              [&](std::size_t n, float depth)
              {
                if (depth <= layers.metal.depth[n])
                  return;
                layers.metal.depth[n] = depth;
                layers.dye[n] = colour_of(c.kind);
              });
  for (const lesion::PlacedLesion& l : lesions)
  {
    std::vector<char> inside(count, 0);
    cast_rays({l.solid, {l.centre}, l.reach_mm}, layers.bone,
              [&](std::size_t n, float depth)
              {
                inside[n] = 1;
                layers.lesion[n] = std::max(layers.lesion[n], depth);
              });
    mark_rim(layers, inside, finer);
  }
  return layers;
}

/// Colours of the layers over each other: the bone pale, lesions as a red glass, parts clear.
std::vector<Colour> composed(const Layers& layers, const BoneLight& bone)
{
  constexpr Colour white = {1, 1, 1}, ivory = {0.95, 0.89, 0.80};
  const std::vector<float> metal_light = shaded(layers.metal);
  std::vector<Colour> page(metal_light.size(), white);
  for (std::size_t n = 0; n < page.size(); ++n)
  {
    page[n] = mixed(white, lit(ivory, static_cast<double>(bone.light[n])),
                    0.80 * static_cast<double>(bone.cover[n]));
    if (layers.lesion[n] != no_depth)
      page[n] = mixed(page[n], lesion_colour, 0.42);
    if (metal_light[n] >= 0)
    {
      const bool before = layers.metal.depth[n] >= layers.bone.depth[n];
      const Colour part = lit(layers.dye[n], 0.35 + 0.65 * static_cast<double>(metal_light[n]));
      page[n] = mixed(page[n], part, before ? 1.0 : 0.80);
      if (layers.lesion[n] > layers.metal.depth[n])
        page[n] = mixed(page[n], lesion_colour, 0.25);
    }
    if (layers.rim[n])
      page[n] = mixed(page[n], lesion_colour, 0.9);
  }
  return page;
}
} // namespace

Colour colour_of(implant::ComponentKind kind)
{
  using implant::ComponentKind;
  switch (kind)
  {
  case ComponentKind::plate:
    return {0.16, 0.62, 0.62};
  case ComponentKind::lag_screw:
  case ComponentKind::blade:
  case ComponentKind::pedicle_screw:
  case ComponentKind::head:
    return {0.96, 0.62, 0.12};
  case ComponentKind::cement:
    return {0.55, 0.78, 0.42};
  case ComponentKind::locking_screw:
  case ComponentKind::cortical_screw:
    return {0.62, 0.42, 0.80};
  default: // what runs along the bone
    return {0.30, 0.52, 0.86};
  }
}

ViewBounds bounds_of(const BoneSurface& bone, const implant::Fixation& fixation,
                     const ViewAxes& axes)
{
  ViewBounds b{1e30, -1e30, 1e30, -1e30};
  const auto hold = [&](Vec3 p, double reach)
  {
    const double x = dot(p, axes.right), y = dot(p, axes.up);
    b = {std::min(b.left, x - reach), std::max(b.right, x + reach), std::min(b.bottom, y - reach),
         std::max(b.top, y + reach)};
  };
  for (const Vec3& p : bone.centres)
    hold(p, 2 * bone.voxel_mm);
  for (const implant::Component& c : fixation.components)
    for (const Vec3& p : c.axis)
      hold(p, c.reach_mm + 1);
  return b.left > b.right ? ViewBounds{} : b;
}

FixationView view_of(const BoneSurface& bone, const implant::Fixation& fixation,
                     const std::vector<lesion::PlacedLesion>& lesions, const ViewAxes& axes,
                     double pixel_mm, int finer)
{
  const Layers layers = layers_of(bone, fixation, lesions, axes, pixel_mm / finer, finer);
  FixationView view;
  view.columns = layers.bone.width;
  view.rows = layers.bone.height;
  view.scale = 1.0 / finer;
  const auto byte = [](double share)
  { return static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0, 1.0))); };
  for (const Colour& c : composed(layers, bone_light_of(layers.bone, bone.voxel_mm)))
    view.point.push_back({byte(c[0]), byte(c[1]), byte(c[2])});
  return view;
}

} // namespace calcar::report
