#include "implant/site.hpp"

#include "image/resample.hpp"
#include "implant/refusal.hpp"

namespace calcar::implant
{
namespace
{
constexpr double step_mm = 0.25;
constexpr float far_outside_mm = -1000;
} // namespace

Site make_site(const lesion::Ground& ground, std::vector<lesion::PlacedLesion> lesions,
               const image::Mask* growth_plates, std::optional<double> age_years)
{
  return {ground, std::move(lesions), growth_plates, age_years,
          std::make_shared<const image::Volume>(lesion::signed_depth(ground.mask))};
}

double depth_at(const Site& site, Vec3 point)
{
  return static_cast<double>(image::sample_linear(*site.depth, point, far_outside_mm));
}

double density_at(const Site& site, Vec3 point)
{
  return static_cast<double>(image::sample_linear(site.ground.density, point, -1.0F));
}

bool in_image(const Site& site, Vec3 point)
{
  return depth_at(site, point) > 0.5 * static_cast<double>(far_outside_mm);
}

std::optional<double> way_out(const Site& site, Vec3 from, Vec3 towards, double limit_mm)
{
  double before = depth_at(site, from);
  if (before <= 0)
    return 0;
  for (double t = step_mm; t <= limit_mm; t += step_mm)
  {
    const Vec3 at = from + t * towards;
    const double here = depth_at(site, at);
    if (here <= 0)
      return in_image(site, at) ? std::optional(t - step_mm * (-here) / (before - here))
                                : std::nullopt;
    before = here;
  }
  return std::nullopt;
}

Vec3 landmark(const Site& site, const std::string& name, const std::string& what,
              const std::string& place)
{
  const auto found = site.bone().landmarks.find(name);
  if (found != site.bone().landmarks.end())
    return found->second;
  refuse(place, what + " needs the landmark \"" + name + "\", which lies outside the image",
         "an image that shows it", "give the landmark by hand, or choose another implant");
}

} // namespace calcar::implant
