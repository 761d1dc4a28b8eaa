#include "anatomy/vertebra_signs.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double least_sum = 0.8;    ///< of the weights of the shape's signs, to believe them alone
constexpr double roots_reach = 0.45; ///< of the body's depth, behind its wall: roots of pedicles
constexpr double speaks_from = 0.2;  ///< a sign weaker than this is not named

double saturated(double value, double full)
{
  return std::clamp(value / full, -1.0, 1.0);
}

/// The surface behind the vertebral body in coordinates along the axes; none when there is no more
/// than the roots of the pedicles, whose cut ends tell nothing.
std::vector<Vec3> behind_body(const BoneShape& shape, const VertebraParts& parts)
{
  std::vector<Vec3> points;
  double reach = 0;
  for (const SurfacePoint& s : shape.surface)
  {
    const Vec3 p = parts.local(s.position);
    const double behind = (parts.posterior_wall.y - p.y) / parts.depth();
    reach = std::max(reach, behind);
    if (behind > 0.15)
    {
      points.push_back(p);
    }
  }
  return reach > roots_reach ? points : std::vector<Vec3>();
}

/// Mean of a value over the points between two ranks (shares) by height.
template <typename Value>
double mean_by_height(std::vector<Vec3> points, double from, double to, const Value& value)
{
  std::sort(points.begin(), points.end(), [](Vec3 a, Vec3 b) { return a.z < b.z; });
  const auto n = static_cast<double>(points.size());
  double sum = 0;
  double count = 0;
  for (auto i = static_cast<std::size_t>(from * n); i < static_cast<std::size_t>(to * n); ++i)
  {
    sum += value(points[i]);
    count += 1;
  }
  return count > 0 ? sum / count : 0;
}

void add_pedicle_sign(const VertebraParts& parts, std::vector<SideSign>& signs)
{
  if (!parts.right && !parts.left)
  {
    return;
  }
  double z = 0;
  double count = 0;
  for (const auto& pedicle : {parts.right, parts.left})
  {
    z += pedicle ? pedicle->centre.z : 0;
    count += pedicle ? 1 : 0;
  }
  const double middle = 0.5 * (parts.superior.centre.z + parts.inferior.centre.z);
  signs.push_back({"where the pedicles spring from the body",
                   saturated(z / count - middle, 0.2 * parts.height())});
}

void add_posterior_signs(const std::vector<Vec3>& behind, const VertebraParts& parts,
                         std::vector<SideSign>& signs)
{
  const double height = parts.height();
  const double middle = 0.5 * (parts.superior.centre.z + parts.inferior.centre.z);
  double sum = 0;
  Vec3 dorsal = behind.front();
  for (const Vec3& p : behind)
  {
    sum += p.z;
    dorsal = p.y < dorsal.y ? p : dorsal;
  }
  const double mean = sum / static_cast<double>(behind.size());
  signs.push_back(
      {"how the posterior elements hang behind the body", saturated(middle - mean, 0.25 * height)});
  signs.push_back({"the slant of the spinous process", saturated(middle - dorsal.z, 0.5 * height)});
}

void add_joint_signs(const std::vector<Vec3>& behind, const VertebraParts& parts,
                     std::vector<SideSign>& signs)
{
  // The pillars of the joints: beside the midline, not the transverse processes.
  const double centre = parts.canal ? parts.canal->x : parts.body_centre.x;
  const double apart = parts.right && parts.left
                           ? 0.5 * (parts.right->centre.x - parts.left->centre.x)
                           : 0.35 * parts.body_width;
  std::vector<Vec3> pillars;
  for (const Vec3& p : behind)
  {
    const double x = std::abs(p.x - centre);
    if (x > 0.3 * apart && x < 1.6 * apart)
    {
      pillars.push_back(p);
    }
  }
  if (pillars.size() < 40)
  {
    return;
  }
  const auto depth = [](Vec3 p) { return p.y; };
  const auto aside = [&](Vec3 p) { return std::abs(p.x - centre); };
  const auto top_less_bottom = [&](const auto& value)
  { return mean_by_height(pillars, 0.85, 1, value) - mean_by_height(pillars, 0, 0.15, value); };
  signs.push_back(
      {"the slant of laminae and joints", saturated(top_less_bottom(depth), 0.25 * parts.depth())});
  signs.push_back({"superior joints further apart than inferior ones",
                   saturated(top_less_bottom(aside), 0.35 * apart)});
}

} // namespace

std::vector<SideSign> cranial_signs(const BoneShape& shape, const VertebraParts& parts)
{
  std::vector<SideSign> signs;
  add_pedicle_sign(parts, signs);
  const std::vector<Vec3> behind = behind_body(shape, parts);
  if (behind.size() > 60)
  {
    add_posterior_signs(behind, parts, signs);
    add_joint_signs(behind, parts, signs);
  }
  const double mean_area = 0.5 * (parts.inferior.area + parts.superior.area);
  signs.push_back({"the sizes of the endplates",
                   0.4 * saturated(parts.inferior.area - parts.superior.area, 0.25 * mean_area)});
  return signs;
}

std::vector<SideSign> anterior_signs(const BoneShape& shape, const ThickPart& part,
                                     const VertebraParts& parts)
{
  std::vector<SideSign> signs;
  if (parts.canal)
  {
    signs.push_back({"the canal", parts.canal->y < parts.body_centre.y ? 1.0 : -1.0});
  }
  const double rest = dot(part.centre - part.rest_centre, parts.axes.front);
  const double share = std::min(part.rest_mm3 / (0.2 * part.volume_mm3), 1.0);
  signs.push_back({"what there is beside the body", share * saturated(rest, 0.5 * part.radius)});
  // A hollow wall is nearer in the middle than a third of the radius beside it.
  const auto hollow = [&](double towards)
  {
    const Vec3 direction = towards * parts.axes.front;
    const auto reach = [&](double aside)
    {
      return distance_to_surface(shape, part.centre + aside * part.radius * parts.axes.right,
                                 direction, 6 * part.radius);
    };
    return 0.5 * (reach(-0.5) + reach(0.5)) - reach(0);
  };
  signs.push_back({"the hollow of the posterior wall",
                   0.5 * saturated(hollow(-1) - hollow(1), 0.2 * part.radius)});
  return signs;
}

std::optional<SideSign> sign_from_image(Vec3 guessed, Vec3 towards)
{
  const double along = dot(guessed, towards);
  if (std::abs(along) < std::sqrt(0.5))
  {
    return std::nullopt;
  }
  return SideSign{"the image", along > 0 ? 1.0 : -1.0};
}

double decide_direction(const std::vector<SideSign>& shape_signs,
                        const std::optional<SideSign>& image_sign, Orientation orientation,
                        const Doubt& doubt, const std::string& place)
{
  double sum = 0;
  double against = 0;
  for (const SideSign& sign : shape_signs)
  {
    sum += sign.weight;
  }
  std::vector<std::string> speaking;
  std::vector<std::string> contradicting;
  for (const SideSign& sign : shape_signs)
  {
    const double weight = sum < 0 ? -sign.weight : sign.weight;
    against += std::max(-weight, 0.0);
    if (std::abs(weight) > speaks_from)
    {
      (weight > 0 ? speaking : contradicting).push_back(sign.words);
    }
  }
  const bool clear = std::abs(sum) >= least_sum && against < 0.6 * (std::abs(sum) + against);
  const auto refuse = [&](const std::string& given, const std::string& remedy)
  {
    throw InputError(Fault::data,
                     Problem{place, given,
                             "a vertebra with its posterior elements, or the image of a patient "
                             "whose affine says truly which way is up, left and front",
                             remedy, ""});
  };
  if (orientation == Orientation::specimen || !image_sign)
  {
    if (!clear)
    {
      refuse("the shape does not tell " + doubt.both + " of the vertebra" +
                 (contradicting.empty() ? ""
                                        : ": " + join(speaking, ", ") + " stand against " +
                                              join(contradicting, ", ")),
             "check the mask of the posterior elements; a vertebral body alone must lie as in the "
             "patient");
    }
    return std::clamp(0.5 * sum, -1.0, 1.0);
  }
  if (clear && sum * image_sign->weight < 0)
  {
    refuse("the orientation of the image is in doubt: by its shape (" + join(speaking, ", ") +
               ") the vertebra's " + doubt.direction +
               " side is where the image has the opposite one",
           "check the conversion of the image for a mirrored axis; for a vertebra scanned outside "
           "the body write orientation = \"specimen\"");
  }
  return image_sign->weight * (clear ? 1 : 0.7);
}

} // namespace calcar::anatomy
