#include "geometry/rotation.hpp"
#include "implant/check.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;
using Catch::WithinRel;

namespace
{
const implant::Component& named(const implant::Fixation& fixation, const std::string& name)
{
  for (const implant::Component& c : fixation.components)
    if (c.name == name)
      return c;
  throw std::runtime_error("no component " + name);
}

const implant::Removal& resected(const implant::Fixation& fixation)
{
  for (const implant::Removal& r : fixation.removed)
    if (r.resected)
      return r;
  throw std::runtime_error("nothing is resected");
}

double radius_at(const implant::Component& bar, double s)
{
  for (const implant::SectionRun& run : bar.runs)
    if (s >= run.from_mm && s <= run.to_mm)
      return run.section.weak_edge_mm;
  return 0;
}

/// The sections follow one another over the whole axis.
void check_runs(const implant::Component& bar)
{
  double at = 0;
  for (const implant::SectionRun& run : bar.runs)
  {
    CHECK_THAT(run.from_mm, WithinAbs(at, 1e-6));
    CHECK(run.to_mm > run.from_mm);
    at = run.to_mm;
  }
  CHECK_THAT(at, WithinRel(implant::length_mm(bar), 1e-6));
}

/// Where bone is left the metal has it, and 2 mm of cement, all around.
void check_inside(const Bone& bone, const implant::Fixation& fixation,
                  const implant::Component& stem)
{
  const implant::Path line(stem.axis);
  for (double s = 0; s <= line.length(); s += 3)
  {
    const Vec3 p = line.point(s);
    if (resected(fixation).solid.distance(p) < 15)
      continue;
    CHECK(implant::depth_at(bone.site, p) > radius_at(stem, s) + 1);
  }
}

Bone& with_shaft_lesion()
{
  static Bone bone{Plan{}};
  if (bone.site.lesions.empty())
  {
    const auto& centres = bone.scan.truth.shaft_centres;
    bone.add_lesion("shaft", centres[centres.size() / 2], 20);
  }
  return bone;
}
} // namespace

TEST_CASE("a hemiarthroplasty has its head where the native one was", "[implant]")
{
  const std::string name = GENERATE("hemiarthroplasty", "hemiarthroplasty_long");
  const auto& truth = femur().scan.truth;
  const implant::Fixation fixation = placed(femur(), name);
  const implant::Component& head = named(fixation, "head");
  const Vec3 centre = truth.landmarks.at("femoral_head_centre");
  const double radius = truth.measures.at("head_radius_mm").value;
  CHECK(norm(head.axis[0] - centre) < 1e-9);
  CHECK_THAT(head.solid.distance(centre + Vec3{0, 0, radius}), WithinAbs(0, 1e-9));
  CHECK_THAT(fixation.measures.at("head_diameter_mm"), WithinAbs(2 * radius, 1e-9));
  const implant::Component& stem = named(fixation, "stem");
  CHECK(norm(stem.axis[0] - centre) < 1e-9); // the joint's load enters it at its first point
  check_runs(stem);
  check_inside(femur(), fixation, stem);
  CHECK(fixation.measures.at("mantle_least_mm") >= 2 - 1e-6);
  CHECK(fixation.measures.at("mantle_most_mm") <= 5 + 1e-6);
  const bool is_long = name == "hemiarthroplasty_long";
  CHECK((fixation.measures.at("stem_length_mm") >= 200) == is_long);
}

TEST_CASE("the head is taken away as far as the neck, the trochanters stay", "[implant]")
{
  const auto& at = femur().scan.truth.landmarks;
  const implant::Fixation fixation = placed(femur(), "hemiarthroplasty");
  const implant::Removal& head = resected(fixation);
  CHECK(head.solid.contains(at.at("femoral_head_centre")));
  const Vec3 out = normalized(at.at("femoral_head_centre") - at.at("femoral_neck_centre"));
  CHECK(head.solid.contains(at.at("femoral_neck_centre") + 1.0 * out));
  CHECK_FALSE(head.solid.contains(at.at("femoral_neck_centre") - 1.0 * out));
  for (const std::string stays :
       {"greater_trochanter", "greater_trochanter_tip", "lesser_trochanter", "intercondylar_notch"})
    CHECK_FALSE(head.solid.contains(at.at(stays)));
  // A ball of the head's radius less its cap beyond the neck's cut, and some neck.
  const double radius = femur().scan.truth.measures.at("head_radius_mm").value;
  const double ball = 4.0 / 3 * geometry::pi * std::pow(radius, 3) / 1000;
  CHECK(fixation.measures.at("resected_ml") > ball);
  CHECK(fixation.measures.at("resected_ml") < 1.5 * ball);
  CHECK_FALSE(fixation.removed.back().resected); // the prepared canal is filled again
}

TEST_CASE("a lesion beyond a stem's end is told of", "[implant]")
{
  CHECK(warns(placed(with_shaft_lesion(), "hemiarthroplasty"), "ends_at_lesion"));
  CHECK_FALSE(warns(placed(with_shaft_lesion(), "hemiarthroplasty_long"), "ends_at_lesion"));
}

TEST_CASE("a stretch of the shaft is replaced with margins on both sides", "[implant]")
{
  const Bone& bone = with_shaft_lesion();
  const implant::Fixation fixation = placed(bone, "femoral_intercalary_prosthesis");
  // The lesion's 40 mm along the shaft and 20 mm on each side, to a voxel.
  CHECK_THAT(fixation.measures.at("resected_mm"), WithinAbs(80, 3));
  const implant::Component& bar = named(fixation, "intercalary prosthesis");
  check_runs(bar);
  check_inside(bone, fixation, bar);
  const lesion::PlacedLesion& lesion = bone.site.lesions[0];
  const auto& grid = bone.mask.grid;
  double left = 0, taken = 0;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const Vec3 p = grid.point({double(i), double(j), double(k)});
        if (!bone.mask.at(i, j, k))
          continue;
        const bool gone = resected(fixation).solid.contains(p);
        taken += gone ? grid.voxel_volume() / 1000 : 0;
        left += !gone && lesion.solid.contains(p) ? 1 : 0;
        if (gone)
          CHECK(norm(p - resected(fixation).centre) <= resected(fixation).reach_mm);
      }
  CHECK(left == 0);
  CHECK_THAT(fixation.measures.at("resected_ml"), WithinRel(taken, 1e-9));
  implant::Request request;
  request.chosen = {{"margin_mm", 10}};
  CHECK_THAT(placed(bone, "femoral_intercalary_prosthesis", request).measures.at("resected_mm"),
             WithinAbs(fixation.measures.at("resected_mm") - 20, 1));
}

TEST_CASE("cement fills the canal about a stem by the volume told", "[implant]")
{
  const implant::Fixation fixation = placed(with_shaft_lesion(), "femoral_intercalary_prosthesis");
  for (const std::string which : {"upper", "lower"})
  {
    const implant::Component& cement = named(fixation, which + " cement");
    const implant::Path stem(named(fixation, "intercalary prosthesis").axis);
    const Vec3 along = stem.tangent(stem.nearest(cement.axis[0]));
    const Vec3 first = geometry::any_perpendicular(along), second = cross(along, first);
    const double step = 0.7;
    double count = 0;
    for (double x = -25; x <= 25; x += step)
      for (double y = -25; y <= 25; y += step)
        for (double z = -75; z <= 75; z += step)
          count +=
              cement.solid.contains(cement.axis[0] + x * first + y * second + z * along) ? 1 : 0;
    const implant::Component& bar = named(fixation, "intercalary prosthesis");
    const implant::Path line(bar.axis);
    for (double s = 0; s <= line.length(); s += 5)
      CHECK_FALSE(cement.solid.contains(line.point(s))); // metal is no cement
  }
}

TEST_CASE("the proximal femur is replaced as far as its lesion reaches", "[implant]")
{
  Bone bone(Plan{});
  const auto& truth = bone.scan.truth;
  const Vec3 lesion = truth.landmarks.at("subtrochanteric_medial");
  bone.add_lesion("subtrochanteric", lesion, 15);
  const implant::Fixation fixation = placed(bone, "proximal_femoral_prosthesis");
  const implant::Removal& gone = resected(fixation);
  for (const std::string name : {"femoral_head_centre", "greater_trochanter", "lesser_trochanter"})
    CHECK(gone.solid.contains(truth.landmarks.at(name)));
  CHECK_FALSE(gone.solid.contains(truth.landmarks.at("intercondylar_notch")));
  CHECK(gone.solid.contains(lesion - 15.0 * truth.frame.proximal));
  check_runs(named(fixation, "stem"));
  check_inside(bone, fixation, named(fixation, "stem"));
  CHECK(norm(named(fixation, "head").axis[0] - truth.landmarks.at("femoral_head_centre")) < 1e-9);
  CHECK(fixation.measures.at("resected_mm") >
        placed(femur(), "proximal_femoral_prosthesis").measures.at("resected_mm") + 10);
}

TEST_CASE("a mirrored femur gets the mirrored prosthesis", "[implant]")
{
  Plan plan;
  plan.side = anatomy::Side::right;
  const Bone right(plan);
  const auto local = [](const Bone& bone, Vec3 p)
  {
    const anatomy::Frame& f = bone.scan.truth.frame;
    return Vec3{dot(p - f.origin, f.medial), dot(p - f.origin, f.anterior),
                dot(p - f.origin, f.proximal)};
  };
  for (const std::string name : {"hemiarthroplasty", "proximal_femoral_prosthesis"})
  {
    const implant::Fixation a = placed(femur(), name), b = placed(right, name);
    CHECK(a.measures.at("stem_diameter_mm") == b.measures.at("stem_diameter_mm"));
    CHECK_THAT(a.measures.at("offset_mm"), WithinAbs(b.measures.at("offset_mm"), 0.5));
    CHECK(norm(local(femur(), a.components[0].axis.back()) -
               local(right, b.components[0].axis.back())) < 1);
  }
}

TEST_CASE("prostheses are refused with the measured reason", "[implant]")
{
  CHECK_THAT(refusal(femur(), "femoral_intercalary_prosthesis"),
             Contains("no lesion in the shaft"));
  CHECK_THAT(refusal(with_shaft_lesion(), "proximal_femoral_prosthesis"),
             Contains("below the cut: the shortest is 100"));
  Plan plan;
  plan.dimensions = {{"cortex_midshaft_mm", 9.5}};
  const Bone narrow(plan);
  CHECK_THAT(refusal(narrow, "hemiarthroplasty_long"),
             Contains("canal ") && Contains("does not fit in 2 mm of cement"));
  implant::Request request;
  request.chosen = {{"stem_diameter_mm", 14}};
  CHECK_THAT(refusal(femur(), "hemiarthroplasty", request), Contains("a stem of 14 mm"));
  request.chosen = {{"stem_length_mm", 600}};
  CHECK_THAT(refusal(femur(), "hemiarthroplasty", request), Contains("a stem of 600 mm"));
  Plan arm;
  arm.kind = anatomy::BoneKind::humerus;
  const Bone humerus(arm);
  CHECK_THAT(refusal(humerus, "hemiarthroplasty"), Contains("made for the femur"));
}

TEST_CASE("a child's open growth plates are not crossed by a prosthesis", "[implant]")
{
  Plan plan;
  plan.age_years = 12;
  const Bone child(plan);
  CHECK_FALSE(refusal(child, "hemiarthroplasty").empty());
}

TEST_CASE("the humerus gets a stretch of its shaft replaced", "[implant]")
{
  Plan plan;
  plan.kind = anatomy::BoneKind::humerus;
  Bone humerus(plan);
  const auto& centres = humerus.scan.truth.shaft_centres;
  humerus.add_lesion("shaft", centres[centres.size() / 2], 12);
  const implant::Fixation fixation = placed(humerus, "humeral_intercalary_prosthesis");
  check_inside(humerus, fixation, named(fixation, "intercalary prosthesis"));
  CHECK_THAT(fixation.measures.at("resected_mm"), WithinAbs(24 + 30, 3));
}
