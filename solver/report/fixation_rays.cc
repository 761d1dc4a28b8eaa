#include "report/fixation_rays.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace calcar::report
{
namespace
{
/// A piece of a target's line as the eye sees it: along `right` and `up` from a point, and how
/// near.
struct Piece
{
  double x = 0, y = 0;   ///< of its first point
  double dx = 0, dy = 0; ///< to its last one
  double near = 0, far = 0;
};

std::vector<Piece> pieces_of(const RayTarget& target, const ViewAxes& axes)
{
  std::vector<Piece> pieces;
  for (std::size_t n = 0; n < target.line.size(); ++n)
  {
    if (n == 0 && target.line.size() > 1)
      continue;
    const Vec3 a = target.line[n > 0 ? n - 1 : 0], b = target.line[n];
    const double near = dot(a, axes.towards), far = dot(b, axes.towards);
    pieces.push_back({dot(a, axes.right), dot(a, axes.up), dot(b - a, axes.right),
                      dot(b - a, axes.up), std::max(near, far), std::min(near, far)});
  }
  return pieces;
}

/// How far along the eye's ray a target may begin and end, mm along `towards`; empty when
/// from <= to.
struct Stretch
{
  double from = -1e30, to = 1e30;
};

Stretch stretch_of(const std::vector<Piece>& pieces, double reach, double x, double y)
{
  Stretch all;
  for (const Piece& p : pieces)
  {
    const double ax = p.x - x, ay = p.y - y, size = p.dx * p.dx + p.dy * p.dy;
    const double share = size > 0 ? std::clamp(-(ax * p.dx + ay * p.dy) / size, 0.0, 1.0) : 0.0;
    const double cx = ax + share * p.dx, cy = ay + share * p.dy;
    if (cx * cx + cy * cy > reach * reach)
      continue;
    all.from = std::max(all.from, p.near + reach);
    all.to = std::min(all.to, p.far - reach);
  }
  return all;
}

/// Near enough to a surface to be on it, mm.
constexpr double on_surface_mm = 0.03;

/// Where a ray meets a solid first; no_depth when it does not. Distances may be bounds only: steps
/// are cut short and never long, and one that went inside is halved until it is small.
float first_hit(const geometry::Solid& solid, Vec3 foot, Vec3 towards, const Stretch& stretch)
{
  double outside = stretch.from;
  for (double t = stretch.from; t > stretch.to;)
  {
    const double distance = solid.distance(foot + t * towards);
    if (distance > on_surface_mm)
    {
      outside = t;
      t -= std::clamp(0.95 * distance, 0.2, 6.0);
      continue;
    }
    double inside = t;
    for (int n = 0; n < 5 && distance < -on_surface_mm; ++n)
    {
      const double middle = 0.5 * (inside + outside);
      (solid.distance(foot + middle * towards) > 0 ? outside : inside) = middle;
    }
    return static_cast<float>(inside);
  }
  return no_depth;
}
/// The rectangle of a view that a target can be in, pixels, with the depths found there.
struct Window
{
  int top = 0, left = 0, rows = 0, columns = 0;
  std::vector<float> depth;

  float& at(int row, int column)
  {
    return depth[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                 static_cast<std::size_t>(column)];
  }
};

Window window_of(const RayTarget& target, const DepthView& view)
{
  double left = 1e30, right = -1e30, up = 1e30, down = -1e30;
  for (const Vec3& p : target.line)
  {
    left = std::min(left, view.column(p));
    right = std::max(right, view.column(p));
    up = std::min(up, view.row(p));
    down = std::max(down, view.row(p));
  }
  const double reach = target.reach_mm / view.pixel_mm + 1;
  const auto within = [](double value, int most)
  { return static_cast<int>(std::clamp(std::floor(value), 0.0, static_cast<double>(most))); };
  Window window;
  window.top = within(up - reach, view.height);
  window.left = within(left - reach, view.width);
  window.rows = within(down + reach + 1, view.height) - window.top;
  window.columns = within(right + reach + 1, view.width) - window.left;
  const bool empty = target.line.empty() || window.rows <= 0 || window.columns <= 0;
  if (empty)
    window.rows = window.columns = 0;
  window.depth.assign(
      static_cast<std::size_t>(window.rows) * static_cast<std::size_t>(window.columns), no_depth);
  return window;
}

/// What the nearest pixels of even row and column say of one: met nowhere, met on one smooth
/// surface (their mean), or nothing, where it must be looked at itself.
std::optional<float> told_by_neighbours(Window& window, int row, int column)
{
  const int r0 = row & ~1, c0 = column & ~1;
  const int r1 = r0 + 2 * (row & 1), c1 = c0 + 2 * (column & 1);
  if (r1 >= window.rows || c1 >= window.columns)
    return std::nullopt;
  const std::array<float, 4> corner = {window.at(r0, c0), window.at(r0, c1), window.at(r1, c0),
                                       window.at(r1, c1)};
  const auto [least, most] = std::minmax_element(corner.begin(), corner.end());
  if (*most == no_depth)
    return no_depth;
  constexpr float smooth_mm = 0.6F;
  if (*least == no_depth || *most - *least > smooth_mm)
    return std::nullopt;
  return 0.25F * (corner[0] + corner[1] + corner[2] + corner[3]);
}
} // namespace

void cast_rays(const RayTarget& target, const DepthView& view,
               const std::function<void(std::size_t, float)>& visit)
{
  const std::vector<Piece> pieces = pieces_of(target, view.axes);
  Window window = window_of(target, view);
  const auto look = [&](int r, int c)
  {
    const double x = view.left_mm + (window.left + c + 0.5) * view.pixel_mm;
    const double y = view.top_mm - (window.top + r + 0.5) * view.pixel_mm;
    const Stretch stretch = stretch_of(pieces, target.reach_mm, x, y);
    return stretch.from <= stretch.to
               ? no_depth
               : first_hit(target.solid, x * view.axes.right + y * view.axes.up, view.axes.towards,
                           stretch);
  };
  for (int r = 0; r < window.rows; r += 2)
    for (int c = 0; c < window.columns; c += 2)
      window.at(r, c) = look(r, c);
  for (int r = 0; r < window.rows; ++r)
    for (int c = 0; c < window.columns; ++c)
    {
      if ((r & 1) != 0 || (c & 1) != 0)
      {
        const std::optional<float> told = told_by_neighbours(window, r, c);
        window.at(r, c) = told ? *told : look(r, c);
      }
      if (window.at(r, c) != no_depth)
        visit(view.offset(window.top + r, window.left + c), window.at(r, c));
    }
}

} // namespace calcar::report
