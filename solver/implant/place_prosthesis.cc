#include "implant/place_prosthesis.hpp"

#include "base/text.hpp"
#include "geometry/rotation.hpp"
#include "implant/extent.hpp"
#include "implant/place_prosthesis_shaft.hpp"
#include "implant/place_prosthesis_stem.hpp"
#include "implant/refusal.hpp"
#include "implant/template_values.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::implant
{
namespace
{
std::string mm(double value)
{
  return format_number(std::round(10 * value) / 10);
}

void build_hemiarthroplasty(const Building& b)
{
  const ProsthesisPlan& plan = *b.plan.prosthesis;
  const Shaft shaft = find_shaft(b);
  const Joint joint = find_joint(b, shaft);
  const Vec3 cut = landmark(b.site, "femoral_neck_centre", "the cut", b.request.place);
  const Vec3 up = -joint.towards_neck;
  const Path axis(shaft.axis.stretch(joint.shoulder, shaft.axis.length()));
  const Stem stem =
      fit_stem(b, {axis, shaft.end - joint.shoulder, shaft.beyond_image, "from the neck down"});
  const Vec3 shoulder = stem.line.point(0);
  const geometry::Solid neck = geometry::cylinder(joint.head, shoulder, 0.5 * plan.neck_mm);
  const geometry::Solid solid = geometry::unite({stem_solid(stem), neck});
  const geometry::Solid filled = geometry::intersect(
      {geometry::unite(
           {mantle_solid(stem), geometry::sphere(shoulder, stem.outer_mm.front()),
            geometry::capsule(joint.head, shoulder, 0.5 * plan.neck_mm + plan.mantle_mm)}),
       geometry::half_space(cut, up)});
  const double neck_length = norm(joint.head - shoulder);
  std::vector<Vec3> points{joint.head};
  points.insert(points.end(), stem.line.points().begin(), stem.line.points().end());
  std::vector<SectionRun> runs = stem_runs(stem, b.alloy, neck_length, false);
  runs.insert(runs.begin(), round_run(b, 0, neck_length, plan.neck_mm));
  Component part = metal_bar(b, "stem", solid, points, runs);
  part.joined = {"head"};
  part.size = mm(stem.tip_mm) + " mm x " + mm(stem.length()) + " mm";
  b.fixation.components.push_back(std::move(part));
  add_head(b, joint);
  b.fixation.components.push_back(cement_about(b, stem, "cement", filled, solid));
  resect(b, "resected head",
         geometry::intersect({geometry::half_space(cut, -up),
                              geometry::sphere(joint.head, norm(cut - joint.head) + joint.radius)}),
         joint.head);
  prepare_canal(b, "prepared canal", stem, filled);
  measure_stem(b, stem, "");
  judge_spans(b, stem);
}

/// Where the femur is cut: below its lesser trochanter and all lesions.
double proximal_cut(const Building& b, const Shaft& shaft)
{
  const Vec3 trochanter =
      landmark(b.site, "lesser_trochanter", "the cut below it", b.request.place);
  double lowest = level_on(shaft.axis, trochanter);
  if (const auto span = lesions_along(b.site, shaft.axis))
    lowest = std::max(lowest, span->to);
  return lowest + b.chosen("margin_mm").value_or(b.plan.prosthesis->margin_mm);
}

void build_proximal_femur(const Building& b)
{
  const ProsthesisPlan& plan = *b.plan.prosthesis;
  const Shaft shaft = find_shaft(b);
  const Joint joint = find_joint(b, shaft);
  const double cut = proximal_cut(b, shaft);
  const Path axis(shaft.axis.stretch(cut, shaft.axis.length()));
  const Stem stem = fit_stem(b, {axis, shaft.end - cut, shaft.beyond_image, "below the cut"});
  const Vec3 at = stem.line.point(0), down = stem.line.tangent(0);
  std::vector<Vec3> body = shaft.axis.stretch(joint.shoulder, cut);
  body.back() = at;
  std::vector<geometry::TubePoint> tube;
  for (const Vec3& p : body)
    tube.push_back({p, 0.5 * plan.body_mm});
  const geometry::Solid solid = geometry::unite(
      {stem_solid(stem), geometry::cylinder(joint.head, body.front(), 0.5 * plan.neck_mm),
       geometry::intersect({geometry::swept_tube(tube), geometry::half_space(at, down)})});
  const double neck_length = norm(joint.head - body.front());
  const double body_end = neck_length + Path(body).length();
  std::vector<SectionRun> runs = stem_runs(stem, b.alloy, body_end, false);
  runs.insert(runs.begin(), {round_run(b, 0, neck_length, plan.neck_mm),
                             round_run(b, neck_length, body_end, plan.body_mm)});
  std::vector<Vec3> points{joint.head};
  points.insert(points.end(), body.begin(), body.end());
  points.insert(points.end(), stem.line.points().begin() + 1, stem.line.points().end());
  Component part = metal_bar(b, "stem", solid, points, runs);
  part.joined = {"head"};
  part.size = mm(stem.tip_mm) + " mm x " + mm(stem.length()) + " mm, " + mm(norm(joint.head - at)) +
              " mm of bone replaced";
  b.fixation.components.push_back(std::move(part));
  add_head(b, joint);
  const geometry::Solid filled = mantle_solid(stem);
  b.fixation.components.push_back(cement_about(b, stem, "cement", filled, solid));
  resect(b, "resected proximal femur", geometry::half_space(at, down), 0.5 * (joint.head + at));
  prepare_canal(b, "prepared canal", stem, filled);
  measure_stem(b, stem, "");
  b.fixation.measures["resected_mm"] = std::abs(dot(at - joint.head, down)) + joint.radius;
}

/// The part of a path before an arc length, backwards.
Path backwards(const Path& path, double from, double to)
{
  std::vector<Vec3> points = path.stretch(to, from);
  std::reverse(points.begin(), points.end());
  return Path(points);
}

void build_intercalary(const Building& b)
{
  const ProsthesisPlan& plan = *b.plan.prosthesis;
  const Shaft shaft = find_shaft(b);
  const auto lesions = lesions_along(b.site, shaft.axis);
  if (!lesions)
    refuse(b.request.place, "there is no lesion in the shaft to be taken away",
           "a lesion of the shaft", "choose another implant");
  const double margin = b.chosen("margin_mm").value_or(plan.margin_mm);
  const Span cut{lesions->from - margin, lesions->to + margin};
  const Stem upper = fit_stem(b, {backwards(shaft.axis, cut.from, shaft.canal_top),
                                  cut.from - shaft.canal_top, false, "above the upper cut"});
  const Stem lower = fit_stem(b, {Path(shaft.axis.stretch(cut.to, shaft.axis.length())),
                                  shaft.end - cut.to, shaft.beyond_image, "below the lower cut"});
  const Vec3 top = upper.line.point(0), bottom = lower.line.point(0);
  const Vec3 above = upper.line.tangent(0), below = lower.line.tangent(0);
  const geometry::Solid solid = geometry::unite(
      {stem_solid(upper), stem_solid(lower), geometry::cylinder(top, bottom, 0.5 * plan.body_mm)});
  std::vector<Vec3> points(upper.line.points().rbegin(), upper.line.points().rend());
  points.insert(points.end(), lower.line.points().begin(), lower.line.points().end());
  std::vector<SectionRun> runs = stem_runs(upper, b.alloy, 0, true);
  const double body_end = upper.length() + norm(bottom - top);
  runs.push_back(round_run(b, upper.length(), body_end, plan.body_mm));
  for (const SectionRun& run : stem_runs(lower, b.alloy, body_end, false))
    runs.push_back(run);
  Component part = metal_bar(b, "intercalary prosthesis", solid, points, runs);
  part.size = mm(upper.tip_mm) + " mm x " + mm(upper.length()) + " mm, " + mm(norm(bottom - top)) +
              " mm, " + mm(lower.tip_mm) + " mm x " + mm(lower.length()) + " mm";
  b.fixation.components.push_back(std::move(part));
  b.fixation.components.push_back(
      cement_about(b, upper, "upper cement", mantle_solid(upper), solid));
  b.fixation.components.push_back(
      cement_about(b, lower, "lower cement", mantle_solid(lower), solid));
  resect(
      b, "resected shaft",
      geometry::intersect({geometry::half_space(top, above), geometry::half_space(bottom, below)}),
      0.5 * (top + bottom));
  prepare_canal(b, "upper prepared canal", upper, mantle_solid(upper));
  prepare_canal(b, "lower prepared canal", lower, mantle_solid(lower));
  measure_stem(b, upper, "upper_");
  measure_stem(b, lower, "lower_");
  b.fixation.measures["resected_mm"] = norm(bottom - top);
}
} // namespace

ProsthesisPlan read_prosthesis(const Table& table)
{
  ProsthesisPlan plan;
  const std::string replaces = table.choice("replaces", {"head", "proximal_femur", "shaft"});
  plan.kind = replaces == "shaft"            ? ProsthesisKind::intercalary
              : replaces == "proximal_femur" ? ProsthesisKind::proximal_femur
                                             : ProsthesisKind::hemiarthroplasty;
  plan.stem_diameters_mm = rising(table, "stem_diameters_mm");
  plan.stem_lengths_mm = rising(table, "stem_lengths_mm");
  plan.usual_length_mm = size(table, "usual_length_mm");
  plan.straight = table.choice("stem", {"straight", "curved"}) == "straight";
  plan.widens_mm = size_or_none(table, "widens_mm");
  plan.mantle_mm = size(table, "mantle_mm");
  plan.most_mantle_mm = size(table, "most_mantle_mm");
  plan.plug_mm = size_or_none(table, "plug_mm");
  plan.before_joint_mm = size_or_none(table, "before_joint_mm");
  table.require(!(plan.most_mantle_mm < plan.mantle_mm), "most_mantle_mm", "at least mantle_mm");
  if (plan.kind != ProsthesisKind::intercalary)
  {
    plan.neck_mm = size(table, "neck_mm");
    plan.head_alloy = table.text("head_alloy");
  }
  if (plan.kind != ProsthesisKind::hemiarthroplasty)
  {
    plan.body_mm = size(table, "body_mm");
    plan.margin_mm = size(table, "margin_mm");
  }
  return plan;
}

void build_prosthesis(const Building& b)
{
  const ProsthesisKind kind = b.plan.prosthesis->kind;
  if (kind != ProsthesisKind::intercalary && b.site.bone().kind != anatomy::BoneKind::femur)
    refuse(b.request.place, "the bone is a " + to_string(b.site.bone().kind),
           "a femur, whose head it replaces", "choose another implant");
  if (kind == ProsthesisKind::hemiarthroplasty)
    build_hemiarthroplasty(b);
  if (kind == ProsthesisKind::proximal_femur)
    build_proximal_femur(b);
  if (kind == ProsthesisKind::intercalary)
    build_intercalary(b);
}

} // namespace calcar::implant
