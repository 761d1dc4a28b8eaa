#include "anatomy/long_bone.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double isthmus_reach = 3.4; ///< to both sides of the isthmus, shaft radii

/// Mean area of the slices within `reach` of one.
double mean_area(const std::vector<Slice>& slices, std::size_t at, std::size_t reach)
{
  double sum = 0;
  for (std::size_t n = at - reach; n <= at + reach; ++n)
  {
    sum += slices[n].area;
  }
  return sum / static_cast<double>(2 * reach + 1);
}

/// Where the parabola through the areas around one slice is least, in slices from it; closed form
/// on the symmetric grid -reach..reach. Nothing when it is not least anywhere.
std::optional<double> least_of_parabola(const std::vector<Slice>& slices, std::size_t at,
                                        std::size_t reach)
{
  double s1 = 0, s2 = 0, x2 = 0, x4 = 0, total = 0;
  for (std::size_t n = at - reach; n <= at + reach; ++n)
  {
    const double x = static_cast<double>(n) - static_cast<double>(at);
    const double area = slices[n].area;
    s1 += x * area;
    s2 += x * x * area;
    total += area;
    x2 += x * x;
    x4 += x * x * x * x;
  }
  const double count = static_cast<double>(2 * reach + 1);
  const double slope = s1 / x2;
  const double curve = (s2 - x2 * total / count) / (x4 - x2 * x2 / count);
  const auto limit = static_cast<double>(reach);
  return curve > 0 ? std::optional(std::clamp(-slope / (2 * curve), -limit, limit)) : std::nullopt;
}

} // namespace

std::vector<SurfacePoint> points_beyond(const BoneShape& shape, const LongBone& bone, double level)
{
  std::vector<SurfacePoint> points;
  for (const SurfacePoint& s : shape.surface)
  {
    if (bone.level(s.position) > level)
    {
      points.push_back(s);
    }
  }
  return points;
}

std::vector<Vec3> positions(const std::vector<SurfacePoint>& points)
{
  std::vector<Vec3> list;
  list.reserve(points.size());
  for (const SurfacePoint& s : points)
  {
    list.push_back(s.position);
  }
  return list;
}

Vec3 centre_at(const LongBone& bone, double level)
{
  const double last = static_cast<double>(bone.slices.size() - 1);
  const double n =
      std::clamp((level - bone.slices.front().level) / bone.step, 0.0, std::max(last, 0.0));
  const auto below = static_cast<std::size_t>(std::min(std::floor(n), std::max(last - 1, 0.0)));
  const std::size_t above = std::min(below + 1, bone.slices.size() - 1);
  const double part = n - static_cast<double>(below);
  return (1 - part) * bone.slices[below].centre + part * bone.slices[above].centre;
}

std::vector<Vec3> centres_between(const LongBone& bone, double from, double to)
{
  std::vector<Vec3> centres;
  const double sign = to < from ? -1 : 1;
  for (double along = 0; along <= std::abs(to - from); along += 10)
  {
    centres.push_back(centre_at(bone, from + sign * along));
  }
  return centres;
}

std::optional<Vec3> find_isthmus(const LongBone& bone, double from, double to)
{
  const auto reach = static_cast<std::size_t>(
      std::clamp(std::round(isthmus_reach * bone.radius / bone.step), 8.0, 20.0));
  std::vector<Slice> slices;
  for (const Slice& slice : bone.slices)
  {
    if (slice.level > std::min(from, to) && slice.level < std::max(from, to))
    {
      slices.push_back(slice);
    }
  }
  if (slices.size() < 2 * reach + 3)
  {
    return std::nullopt;
  }
  std::size_t least = reach;
  for (std::size_t n = reach; n + reach < slices.size(); ++n)
  {
    least = mean_area(slices, n, reach / 2) < mean_area(slices, least, reach / 2) ? n : least;
  }
  const auto shift = least_of_parabola(slices, least, reach);
  const double at = static_cast<double>(least) + shift.value_or(0);
  const double near = 0.5 * static_cast<double>(reach);
  if (!shift || at < near || at > static_cast<double>(slices.size() - 1) - near)
  {
    return std::nullopt;
  }
  return centre_at(bone, slices.front().level + bone.step * at);
}

void refuse_bone(const std::string& place, const std::string& given, const std::string& allowed,
                 const std::string& remedy)
{
  throw InputError(Fault::data, Problem{place, given, allowed, remedy, ""});
}

BoneShape single_bone(const image::Mask& mask, BoneKind kind, const std::string& place,
                      Warnings& warnings)
{
  BoneShape shape = bone_shape(mask, place);
  const std::string percent = format_number(100 * shape.left_out, 2);
  if (shape.left_out > 0.2)
  {
    refuse_bone(place,
                "the mask holds more than one bone: " + percent +
                    " % of it is not connected to its largest piece",
                "one " + words_for_one(kind) + " in one piece",
                "give each bone its own label, or close the gap in the mask");
  }
  if (shape.left_out > 0.01)
  {
    warnings.push_back({"mask_in_pieces",
                        percent + " % of the mask is not connected to the " + words_for_one(kind) +
                            " and was left out",
                        place});
  }
  return shape;
}

} // namespace calcar::anatomy
