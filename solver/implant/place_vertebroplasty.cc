#include "implant/place_vertebroplasty.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/place_vertebroplasty_body.hpp"
#include "implant/refusal.hpp"
#include "implant/template_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::implant
{
namespace
{

std::string percent(double value)
{
  return format_number(std::round(100 * value)) + " %";
}

/// Refuses or warns; the distance to keep from the posterior wall.
double judge_openings(const Building& b, const VertebralBody& body)
{
  const VertebralCementPlan& plan = *b.plan.vertebral_cement;
  if (b.site.lesions.empty())
    return plan.wall_mm;
  const Openings found = look_for_openings(b, body);
  b.fixation.measures["posterior_wall_open"] = found.wall;
  b.fixation.measures["endplates_open"] = found.endplates;
  if (found.wall > plan.most_open_share)
    refuse(b.request.place,
           "the lesion has opened " + percent(found.wall) + " of the posterior wall of the body",
           "at most " + percent(plan.most_open_share) + ": cement would run into the spinal canal",
           "choose another treatment");
  if (found.endplates > 0)
    b.warn("leak_endplate", "the lesion has opened " + percent(found.endplates) +
                                " of an endplate: cement may leak into the disc");
  if (found.wall <= 0)
    return plan.wall_mm;
  b.warn("leak_posterior_wall", "the lesion has opened " + percent(found.wall) +
                                    " of the posterior wall: cement may leak into the spinal "
                                    "canal; it is kept " +
                                    format_number(plan.open_wall_mm) + " mm from it");
  return plan.open_wall_mm;
}

/// Where the cement is to be: the middle of what lesions hold of the body, else its front part.
Vec3 target(const Building& b, const VertebralBody& body)
{
  const double forward = body.posterior + b.plan.vertebral_cement->forward * body.depth;
  const Vec3 usual{0, forward, 0.5 * (body.inferior + body.superior)};
  if (b.site.lesions.empty())
    return usual;
  Vec3 sum;
  double count = 0;
  for (const Vec3& p : body.points)
    if (in_lesion(b.site, body.lps(p)))
    {
      sum += p;
      count += 1;
    }
  if (count > 0)
    return sum / count;
  b.warn("cement_beside_lesion", "no lesion lies in the vertebral body: the cement is put in its "
                                 "front part");
  return usual;
}

/// Ellipsoids of one shape that grow together.
struct Deposits
{
  std::vector<Vec3> centres; ///< local
  Vec3 shape;                ///< semi-axes of the size 1

  double size_at(Vec3 p) const
  {
    double least = 1e9;
    for (const Vec3& c : centres)
      least = std::min(
          least, std::hypot((p.x - c.x) / shape.x, (p.y - c.y) / shape.y, (p.z - c.z) / shape.z));
    return least;
  }
};

Deposits deposits(const Building& b, const VertebralBody& body, Vec3 centre)
{
  const VertebralCementPlan& plan = *b.plan.vertebral_cement;
  const int pedicles = static_cast<int>(std::lround(b.chosen("pedicles").value_or(plan.pedicles)));
  if (pedicles != 1 && pedicles != 2)
    throw InputError(Fault::command,
                     {b.request.place, "cement through " + format_number(pedicles) + " pedicles",
                      "1 or 2", "set pedicles = 2", ""});
  Deposits all;
  const double aside = pedicles == 2 ? 0.5 * plan.aside * body.width : 0;
  const double farthest = 0.35 * body.width;
  all.centres.push_back({std::clamp(centre.x + aside, -farthest, farthest), centre.y, centre.z});
  if (pedicles == 2)
    all.centres.push_back({std::clamp(centre.x - aside, -farthest, farthest), centre.y, centre.z});
  const double share = pedicles == 2 ? 0.5 : 1;
  all.shape = plan.form == CementForm::balloon
                  ? Vec3{1, plan.long_to_wide, 1}
                  : Vec3{0.5 * share * body.width, 0.5 * body.depth, 0.5 * body.height};
  return all;
}

double wanted_ml(const Building& b)
{
  const VertebralCementPlan& plan = *b.plan.vertebral_cement;
  const auto chosen = b.chosen("cement_ml");
  if (chosen && *chosen <= 0)
    throw InputError(Fault::command, {b.request.place, format_number(*chosen) + " ml of cement",
                                      "more than 0", "set cement_ml = 4", ""});
  if (chosen)
    return *chosen;
  const std::string& level = b.site.bone().level;
  if (level.empty())
    b.warn("level_unknown", "the level of the vertebra is not known: the volume of cement is that "
                            "of a thoracic one");
  return plan.usual_ml.at(!level.empty() && level[0] == 'L' ? "lumbar" : "thoracic");
}

/// The size of the deposits at which they hold the volume inside the room they have.
double grown(const Building& b, const VertebralBody& body, const Deposits& all, double ml,
             double wall)
{
  const VertebralCementPlan& plan = *b.plan.vertebral_cement;
  std::vector<double> sizes;
  for (std::size_t n = 0; n < body.points.size(); ++n)
    if (body.below[n] >= plan.shell_mm && body.points[n].y >= body.posterior + wall)
      sizes.push_back(all.size_at(body.points[n]));
  const auto count = static_cast<std::size_t>(std::lround(ml / VertebralBody::point_ml));
  if (count == 0 || count > sizes.size())
    refuse(b.request.place,
           format_number(ml) + " ml of cement, where the vertebral body has room for " +
               format_number(static_cast<double>(sizes.size()) * VertebralBody::point_ml, 2),
           "less cement than the body has room for", "set cement_ml to less");
  const auto last = sizes.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(sizes.begin(), last, sizes.end());
  return *last;
}

geometry::Solid solid_of(const Building& b, const VertebralBody& body, const Deposits& all,
                         double size, double wall)
{
  const anatomy::Frame& f = body.frame;
  const Mat3 axes{f.medial, f.anterior, f.proximal};
  std::vector<geometry::Solid> balls;
  for (const Vec3& c : all.centres)
    balls.push_back(geometry::ellipsoid(body.lps(c), size * all.shape, axes));
  const auto plane = [&](Vec3 at, Vec3 normal)
  { return geometry::half_space(body.lps(at), normal); };
  return geometry::intersect(
      {geometry::unite(balls),
       geometry::offset(bone_solid(b.site), -b.plan.vertebral_cement->shell_mm),
       plane({0, body.posterior + wall, 0}, -f.anterior),
       plane({0, 0, body.superior + VertebralBody::over_rim_mm}, f.proximal),
       plane({0, 0, body.inferior - VertebralBody::over_rim_mm}, -f.proximal)});
}

Component component_of(const Building& b, const VertebralBody& body, const Deposits& all,
                       double size, double wall)
{
  Component cement;
  cement.name = "cement";
  cement.kind = ComponentKind::cement;
  cement.alloy = b.plan.alloy;
  cement.solid = solid_of(b, body, all, size, wall);
  Vec3 middle;
  for (const Vec3& c : all.centres)
    middle += c / static_cast<double>(all.centres.size());
  cement.axis = {body.lps(middle)};
  cement.reach_mm =
      norm(all.centres.front() - middle) + size * std::max({all.shape.x, all.shape.y, all.shape.z});
  cement.radius_mm = cement.reach_mm;
  cement.to_bone = Interface::bonded;
  cement.priority = 1;
  return cement;
}
} // namespace

VertebralCementPlan read_vertebral_cement(const Table& table)
{
  VertebralCementPlan plan;
  plan.form = table.choice("form", {"spread", "balloon"}) == "balloon" ? CementForm::balloon
                                                                       : CementForm::spread;
  plan.usual_ml = table.named_numbers("usual_ml");
  for (const char* part : {"thoracic", "lumbar"})
    table.require(plan.usual_ml.count(part) == 1 && plan.usual_ml[part] > 0, "usual_ml",
                  "volumes of more than 0 ml", "usual_ml = { thoracic = 3, lumbar = 5 }");
  plan.pedicles = table.integer("pedicles");
  table.require(plan.pedicles == 1 || plan.pedicles == 2, "pedicles", "1 or 2");
  plan.forward = share(table, "forward");
  plan.aside = share(table, "aside");
  if (plan.form == CementForm::balloon)
    plan.long_to_wide = size(table, "long_to_wide");
  plan.wall_mm = size(table, "wall_mm");
  plan.shell_mm = size_or_none(table, "shell_mm");
  plan.open_wall_mm = size(table, "open_wall_mm");
  plan.most_open_share = share(table, "most_open_share");
  table.require(!(plan.open_wall_mm < plan.wall_mm), "open_wall_mm", "at least wall_mm");
  return plan;
}

void build_vertebroplasty(const Building& b)
{
  if (!b.request.filled_lesions.empty())
    throw InputError(Fault::command,
                     {b.request.place, "lesions to be filled beside cement in the vertebral body",
                      "the cement goes about all lesions of the body", "leave them out", ""});
  const VertebralBody body = vertebral_body(b);
  const double wall = judge_openings(b, body);
  const Deposits all = deposits(b, body, target(b, body));
  const double ml = wanted_ml(b);
  const double size = grown(b, body, all, ml, wall);
  double nearest = 1e9;
  for (std::size_t n = 0; n < body.points.size(); ++n)
    if (body.below[n] >= b.plan.vertebral_cement->shell_mm && all.size_at(body.points[n]) <= size)
      nearest = std::min(nearest, std::max(wall, body.points[n].y - body.posterior));
  Component cement = component_of(b, body, all, size, wall);
  cement.size = format_number(ml) + " ml";
  auto& measures = b.fixation.measures;
  measures["cement_ml"] = ml;
  measures["body_ml"] = body.ml();
  measures["cement_share_of_body"] = ml / body.ml();
  measures["cement_to_posterior_wall_mm"] = nearest;
  if (b.plan.vertebral_cement->form == CementForm::balloon)
    b.fixation.removed.push_back(
        {"balloon cavity", cement.solid, cement.axis.front(), cement.reach_mm});
  b.fixation.components.push_back(std::move(cement));
}

} // namespace calcar::implant
