#include "anatomy/vertebra_synthetic.hpp"

#include "anatomy/vertebra.hpp"
#include "anatomy/vertebra_levels.hpp"
#include "anatomy/vertebra_truth.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

namespace calcar::anatomy
{

namespace
{

/// Where the frame lies in the coordinates the vertebra is built in: turned about x alone.
Placement frame_of(const VertebraTruth& truth)
{
  const Vec3 up = normalized(truth.landmarks.at("superior_endplate_centre") -
                             truth.landmarks.at("inferior_endplate_centre"));
  const Vec3 right{1, 0, 0};
  return {transpose(Mat3{right, cross(up, right), up}), truth.landmarks.at("body_centre")};
}

double bell(double x, double width)
{
  return std::exp(-x * x / (width * width));
}

/// Density of trabecular bone over that in the middle of the body, where quantitative CT measures
/// it: denser beneath the endplates, in the pedicles and the posterior elements, thinner in front.
double trabecular_level(const VertebraShape& s, Vec3 p)
{
  const double t = std::clamp(p.z / (0.5 * s.height), -1.0, 1.0);
  const double front = std::clamp(p.y / s.half_depth, -1.0, 1.0);
  const double towards_pedicle = bell(norm(p - Vec3{p.x > 0 ? s.pedicle.from.x : -s.pedicle.from.x,
                                                    s.pedicle.from.y, s.pedicle.from.z}),
                                      0.4 * s.height);
  const double in_body = 1 + 0.35 * t * t - 0.12 * front + 0.5 * towards_pedicle;
  const double behind = std::clamp(0.5 + body_distance(s, p) / 4, 0.0, 1.0);
  return in_body + behind * (1.8 - in_body);
}

double cortex_at(const VertebraShape& s, Vec3 p)
{
  const double body = body_distance(s, p);
  if (body > 0.5)
  {
    return s.of.at("cortex_posterior_mm");
  }
  const double to_ends =
      std::min(endplate_z(s, p.x, p.y, 1) - p.z, p.z - endplate_z(s, p.x, p.y, -1));
  return to_ends < 0.12 * s.height ? s.of.at("cortex_endplate_mm") : s.of.at("cortex_wall_mm");
}

double density_at(const VertebraShape& s, Vec3 p, double depth)
{
  // The wall of the body goes on beneath the roots of the pedicles no more than a wall of bone.
  const double inside = std::clamp((depth - cortex_at(s, p)) / 0.6 + 0.5, 0.0, 1.0);
  const double compact = s.of.at("cortical_density_g_cm3");
  const double spongy = s.of.at("trabecular_density_g_cm3") * trabecular_level(s, p);
  return compact + inside * (std::min(spongy, compact) - compact);
}

/// The cartilage between the body and its ring apophyses, beneath both endplates.
bool in_growth_plate(const VertebraShape& s, Vec3 p)
{
  const double thickness = s.of.at("growth_plate_thickness_mm");
  const double ring = 0.1 * s.height + thickness;
  const double below_top = endplate_z(s, p.x, p.y, 1) - p.z;
  const double above_bottom = p.z - endplate_z(s, p.x, p.y, -1);
  const auto in_layer = [&](double depth)
  { return depth > ring - 0.5 * thickness && depth < ring + 0.5 * thickness; };
  return (in_layer(below_top) || in_layer(above_bottom)) && body_distance(s, p) < 0;
}

void add_neighbours(const std::shared_ptr<const VertebraShape>& s, const Placement& frame,
                    SyntheticBody& body)
{
  const double pitch = s->height + s->of.at("disc_height_mm");
  const double density = s->of.at("trabecular_density_g_cm3");
  int label = 10;
  for (const double side : {1.0, -1.0})
  {
    const Vec3 shift{0, 0, side * pitch};
    // The same vertebra once more; a millimetre stays free wherever the two would touch.
    const auto apart = [s, frame, shift](Vec3 p)
    {
      const Vec3 q = frame.apply(p);
      return std::max(distance(*s, q - shift), 1.0 - distance(*s, q));
    };
    body.neighbours.push_back(
        {side > 0 ? "vertebra above" : "vertebra below", label++, apart, density});
  }
}

/// The box of the bone: around the vertebral body and the ends of all struts, with room for
/// fillets.
void add_box(const VertebraShape& s, const Placement& frame, SyntheticBody& body)
{
  const double room = 0.1 * s.height + 1;
  body.low = {1e9, 1e9, 1e9};
  body.high = -body.low;
  const auto hold = [&](Vec3 p, double radius)
  {
    const Vec3 q = frame.back(p);
    for (std::size_t a = 0; a < 3; ++a)
    {
      body.low[a] = std::min(body.low[a], q[a] - radius - room);
      body.high[a] = std::max(body.high[a], q[a] + radius + room);
    }
  };
  for (const Strut& strut :
       {s.pedicle, s.pillar_up, s.pillar_down, s.lamina, s.transverse, s.spinous})
  {
    hold(strut.from, std::max(strut.up_from, strut.across_from));
    hold(strut.to, std::max(strut.up_to, strut.across_to));
  }
  const double half_width = std::max(s.superior_half_width, s.inferior_half_width);
  const double half_depth = std::max(s.superior_half_depth, s.inferior_half_depth);
  for (const double end : {0.6, -0.6})
  {
    hold({half_width, half_depth, end * s.height}, 0);
    hold({half_width, -half_depth, end * s.height}, 0);
  }
  body.low.x = -body.high.x;
}

} // namespace

FramedVertebra framed_vertebra(const std::shared_ptr<const VertebraShape>& shape,
                               const SyntheticPerson& person, const std::string& level)
{
  const VertebraTruth truth = vertebra_truth(*shape);
  const Placement frame = frame_of(truth);
  SyntheticBody body;
  body.kind = BoneKind::vertebra;
  body.side = Side::midline;
  body.level = level;
  body.distance = [shape, frame](Vec3 p) { return distance(*shape, frame.apply(p)); };
  body.density = [shape, frame](Vec3 p, double depth)
  { return density_at(*shape, frame.apply(p), depth); };
  body.cortex_mm = [shape, frame](Vec3 p) { return cortex_at(*shape, frame.apply(p)); };
  if (person.age_years)
  {
    body.growth_plate = [shape, frame](Vec3 p) { return in_growth_plate(*shape, frame.apply(p)); };
  }
  add_box(*shape, frame, body);
  for (const auto& [name, point] : truth.landmarks)
  {
    body.landmarks[name] = frame.back(point);
  }
  body.measures = truth.measures;
  return {std::move(body), frame};
}

SyntheticBody make_vertebra(const SyntheticPerson& person, const Dimensions& dimensions)
{
  const auto shape =
      std::make_shared<const VertebraShape>(vertebra_shape(at_level(dimensions, person.level)));
  FramedVertebra made = framed_vertebra(shape, person, person.level.empty() ? "L3" : person.level);
  add_neighbours(shape, made.frame, made.body);
  return made.body;
}

} // namespace calcar::anatomy
