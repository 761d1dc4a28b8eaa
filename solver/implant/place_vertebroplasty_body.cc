#include "implant/place_vertebroplasty_body.hpp"

#include "image/mask.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
constexpr double in_shell_mm = 0.75; ///< below the surface: where an opening is looked for

/// Walls and endplates by the landmarks.
VertebralBody outline_of(const Building& b)
{
  const auto at = [&](const std::string& name)
  { return landmark(b.site, name, "cement in the vertebral body", b.request.place); };
  VertebralBody body;
  body.frame = b.site.bone().frame;
  body.frame.origin = at("body_centre");
  body.posterior = body.local(at("posterior_wall")).y;
  body.anterior = body.local(at("anterior_wall")).y;
  body.inferior = body.local(at("inferior_endplate_centre")).z;
  body.superior = body.local(at("superior_endplate_centre")).z;
  body.depth = body.anterior - body.posterior;
  body.height = body.superior - body.inferior;
  const auto width = b.site.bone().measures.find("body_width_mm");
  body.width = width == b.site.bone().measures.end() ? 1.3 * body.depth : width->second.value;
  return body;
}

void fill(VertebralBody& body, const Site& site)
{
  const Vec3 low{-0.5 * body.width - VertebralBody::over_rim_mm, body.posterior,
                 body.inferior - VertebralBody::over_rim_mm};
  const Vec3 high{0.5 * body.width + VertebralBody::over_rim_mm,
                  body.anterior + VertebralBody::over_rim_mm,
                  body.superior + VertebralBody::over_rim_mm};
  image::Mask inside;
  for (std::size_t a = 0; a < 3; ++a)
    inside.grid.size[a] =
        static_cast<int>(std::floor((high[a] - low[a]) / VertebralBody::step_mm)) + 1;
  std::vector<double> depth;
  const auto point = [&](int i, int j, int k) {
    return low + VertebralBody::step_mm * Vec3{double(i), double(j), double(k)};
  };
  const auto& size = inside.grid.size;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i)
      {
        depth.push_back(depth_at(site, body.lps(point(i, j, k))));
        inside.values.push_back(depth.back() > 0 ? 1 : 0);
      }
  const image::Pieces pieces = image::connected_pieces(inside, image::Neighbours::faces);
  std::size_t n = 0;
  for (int k = 0; k < size[2]; ++k)
    for (int j = 0; j < size[1]; ++j)
      for (int i = 0; i < size[0]; ++i, ++n)
        if (pieces.labels.values[n] == 1)
        {
          body.points.push_back(point(i, j, k));
          body.below.push_back(depth[n]);
        }
}

/// Share of a wall that lesions have opened: of lines along `towards` from a plane through the
/// body's middle, spread over two local axes, those that leave the bone in a lesion.
double opened(const VertebralBody& body, const Site& site, Vec3 towards, Vec3 first, Vec3 second)
{
  int lines = 0, open = 0;
  constexpr int half = 12;
  for (int n = -half; n <= half; ++n)
    for (int m = -half; m <= half; ++m)
    {
      const Vec3 from = body.lps((1.0 * n / half) * first + (1.0 * m / half) * second);
      const Vec3 way = body.lps(towards) - body.frame.origin;
      const auto out = way_out(site, from, way, 0.8 * std::max(body.depth, body.height));
      if (!out || *out <= in_shell_mm)
        continue;
      ++lines;
      open += in_lesion(site, from + (*out - in_shell_mm) * way) ? 1 : 0;
    }
  return lines == 0 ? 0 : 1.0 * open / lines;
}
} // namespace

VertebralBody vertebral_body(const Building& b)
{
  VertebralBody body = outline_of(b);
  fill(body, b.site);
  return body;
}

bool in_lesion(const Site& site, Vec3 point)
{
  return std::any_of(site.lesions.begin(), site.lesions.end(),
                     [&](const lesion::PlacedLesion& l) { return l.solid.contains(point); });
}

Openings look_for_openings(const Building& b, const VertebralBody& body)
{
  const auto& measures = b.site.bone().measures;
  const auto canal = measures.find("canal_width_mm");
  const double half_wall = canal == measures.end() ? 0.25 * body.width : 0.4 * canal->second.value;
  const Vec3 up{0, 0, 0.35 * body.height};
  const Vec3 right{0.35 * body.width, 0, 0}, front{0, 0.35 * body.depth, 0};
  Openings found;
  found.wall = opened(body, b.site, {0, -1, 0}, {half_wall, 0, 0}, up);
  found.endplates = std::max(opened(body, b.site, {0, 0, 1}, right, front),
                             opened(body, b.site, {0, 0, -1}, right, front));
  return found;
}

} // namespace calcar::implant
