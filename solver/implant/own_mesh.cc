#include "implant/own_mesh.hpp"

#include "base/text.hpp"
#include "geometry/read_surface.hpp"
#include "geometry/surface_defects.hpp"
#include "implant/refusal.hpp"
#include "implant/surface_distance.hpp"
#include "material/alloy.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace calcar::implant
{
namespace
{
constexpr double shortest_mm = 5; ///< of hardware, its longest side
constexpr double longest_mm = 600;
constexpr double touch_mm = 2;   ///< from the bone: farther, it does not hold it
constexpr double sample_mm = 1;  ///< between places of the surface that are looked at
constexpr double exact_mm = 10;  ///< nearer, distances are those of the surface, not of its box
constexpr double nowhere = -500; ///< below: outside the image

std::string in_words(const Vec3& p)
{
  return "(" + format_number(p.x, 4) + ", " + format_number(p.y, 4) + ", " + format_number(p.z, 4) +
         ")";
}

void require_millimetres(const OwnMesh& mesh, double longest)
{
  if (longest >= shortest_mm && longest <= longest_mm)
    return;
  const bool metres = longest < shortest_mm && 1000 * longest >= shortest_mm;
  refuse(mesh.place,
         "the longest side of " + mesh.file.filename().string() + " is " +
             format_number(longest, 3) + " mm" +
             (metres ? ": it looks like metres" : ": it is no implant in mm"),
         "hardware of " + format_number(shortest_mm) + " to " + format_number(longest_mm) + " mm",
         "save it in millimetres, in the coordinates of the scan (LPS)");
}

void require_uncut(const OwnMesh& mesh, const SurfaceDistance& surface)
{
  if (const auto at = surface.self_cut())
    refuse(mesh.place, mesh.file.filename().string() + " cuts itself, at " + in_words(*at) + " mm",
           "a closed surface that does not cut itself", "unite its parts where it is made");
}

/// Calls with places of the surface, a grid on each triangle.
void walk(const geometry::TriangleSurface& surface, const std::function<void(const Vec3&)>& look)
{
  for (const auto& t : surface.triangles)
  {
    const Vec3 a = surface.points[t[0]];
    const Vec3 ab = surface.points[t[1]] - a, ac = surface.points[t[2]] - a;
    const int parts = std::max(
        1, static_cast<int>(std::ceil(std::max({norm(ab), norm(ac), norm(ac - ab)}) / sample_mm)));
    for (int i = 0; i <= parts; ++i)
      for (int j = 0; i + j <= parts; ++j)
        look(a + (static_cast<double>(i) / parts) * ab + (static_cast<double>(j) / parts) * ac);
  }
}

/// How deep in the bone the surface's deepest place lies, mm; `turned`: with x and y turned.
double deepest(const Site& site, const geometry::TriangleSurface& surface, bool turned)
{
  double most = -1e9;
  walk(surface,
       [&](const Vec3& p) {
         most = std::max(most, depth_at(site, turned ? Vec3{-p.x, -p.y, p.z} : p));
       });
  return most;
}

double require_touch(const OwnMesh& mesh, const Site& site,
                     const geometry::TriangleSurface& surface)
{
  const double deep = deepest(site, surface, false);
  if (deep >= -touch_mm)
    return -deep;
  const bool turned = deepest(site, surface, true) >= -touch_mm;
  refuse(mesh.place,
         mesh.file.filename().string() +
             (deep < nowhere ? " lies wholly outside the image"
                             : " lies " + format_number(-deep, 3) + " mm from the bone"),
         "hardware that comes within " + format_number(touch_mm) + " mm of the bone",
         turned ? "its coordinates look like RAS: save it in LPS, with x and y turned"
                : "place it in the coordinates of the scan (LPS mm)");
}

void warn_of_growth_plate(const OwnMesh& mesh, const Site& site, const geometry::Solid& solid,
                          Fixation& fixation)
{
  if (!site.growth_plates)
    return;
  const image::Mask& plates = *site.growth_plates;
  for (int k = 0; k < plates.grid.size[2]; ++k)
    for (int j = 0; j < plates.grid.size[1]; ++j)
      for (int i = 0; i < plates.grid.size[0]; ++i)
        if (plates.at(i, j, k) &&
            solid.contains(plates.grid.point({double(i), double(j), double(k)})))
        {
          fixation.warnings.push_back(
              {"growth_plate", "an open growth plate is crossed by: own mesh", mesh.place});
          return;
        }
}

/// Exact near the surface; farther off the distance to its box, a lower bound.
geometry::Solid solid_of(std::shared_ptr<const SurfaceDistance> surface)
{
  return {[surface](const Vec3& p)
          {
            const Vec3 low = surface->low() - p, high = p - surface->high();
            const Vec3 off{std::max({low.x, high.x, 0.0}), std::max({low.y, high.y, 0.0}),
                           std::max({low.z, high.z, 0.0})};
            return norm(off) > exact_mm ? norm(off) : (*surface)(p);
          }};
}
} // namespace

Fixation place_mesh(const OwnMesh& mesh, const Site& site)
{
  material::alloy(mesh.alloy, mesh.place);
  geometry::ReadSurface read = geometry::read_surface(mesh.file);
  const auto surface = std::make_shared<const SurfaceDistance>(std::move(read.surface));
  const Vec3 sides = surface->high() - surface->low();
  const double longest = std::max({sides.x, sides.y, sides.z});
  require_millimetres(mesh, longest);
  require_uncut(mesh, *surface);
  const double to_bone = require_touch(mesh, site, surface->surface());
  Component piece;
  piece.name = "own mesh";
  piece.kind = ComponentKind::own_mesh;
  piece.alloy = mesh.alloy;
  piece.solid = solid_of(surface);
  piece.axis = {0.5 * (surface->low() + surface->high())};
  piece.reach_mm = piece.radius_mm = 0.5 * norm(sides);
  piece.to_bone = mesh.to_bone;
  piece.priority = 3;
  piece.size = mesh.file.filename().string();
  Fixation fixation;
  fixation.name = mesh.name;
  fixation.words = "hardware of one's own, " + mesh.file.filename().string();
  fixation.measures["mesh_length_mm"] = longest;
  fixation.measures["mesh_volume_cm3"] = geometry::volume(surface->surface()) / 1000;
  fixation.measures["mesh_to_bone_mm"] = to_bone;
  fixation.doubts.push_back("own mesh: it has no axis and no cross-sections: its section forces, "
                            "stress and fatigue are not judged");
  fixation.warnings = read.warnings;
  warn_of_growth_plate(mesh, site, piece.solid, fixation);
  fixation.components.push_back(std::move(piece));
  return fixation;
}

} // namespace calcar::implant
