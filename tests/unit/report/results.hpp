#pragma once

#include "report/write.hpp"

#include <limits>

/// Results of two variants in a daily activity and an accident, as a run of a patient leaves them.
namespace sample
{
using namespace calcar;

inline risk::ActivityAssessment assessment(const std::string& name, load::ActivityKind kind,
                                           double utilisation)
{
  risk::ActivityAssessment a;
  a.activity = name;
  a.title = name == "level_walking" ? "Level walking" : "Fall to the side";
  a.kind = kind;
  a.rig = "rig";
  a.reference = {"hip contact force", 1600, "N"};
  for (const std::string criterion : {"max_principal_strain", "von_mises"})
  {
    risk::CriterionResult result;
    result.criterion = criterion;
    result.words = "words of " + criterion;
    result.source = "source";
    result.doubt = criterion == "von_mises" ? "unconfirmed: quoted from memory" : "";
    result.domain = "surface of the bone";
    result.utilisation = criterion == "von_mises" ? 0.8 * utilisation : utilisation;
    result.load_factor =
        result.utilisation > 0 ? 1 / result.utilisation : std::numeric_limits<double>::infinity();
    if (utilisation > 0)
      result.location = anatomy::Location{"femoral neck, inferomedial, 6 mm distal of the centre",
                                          "neck",
                                          "femoral_neck_centre",
                                          6,
                                          {1, -2, 3.5}};
    a.criteria.push_back(result);
  }
  a.fracture_load_N = a.criteria.front().load_factor * 1600;
  a.fracture_load_BW = *a.fracture_load_N / 800;
  a.largest_displacement_mm = 0.75;
  return a;
}

inline report::Results results()
{
  report::Results r;
  r.title = "Left femur, \"lytic\" lesion";
  r.case_file = "case.toml";
  r.mode = "patient";
  r.bone = "femur";
  r.side = "left";
  r.axes = "LPS";
  r.body_weight_N = 800;
  r.voxel_mm[0] = r.voxel_mm[1] = r.voxel_mm[2] = 1.5;
  r.protocol = "rizzoli_linear";
  r.doubts = {"one", "two"};
  r.grade = report::InputGradeResults{"B", {"slices of 2 mm", "scan of 40 days"}};
  r.landmarks["femoral_head_centre"] = {1, 2, 3};
  r.measures["head_radius_mm"] = {24.5, 0.3, "mm", "measured"};
  r.lesions.push_back({"medial neck", "lytic", "sphere", false, 1234.5, 0.012, {}});
  for (const double factor : {0.5, 1.0})
  {
    report::VariantResults variant;
    variant.name = factor < 1 ? "healthy twin" : "as is";
    variant.activities = {assessment("level_walking", load::ActivityKind::daily, 0.6 * factor),
                          assessment("sideways_fall", load::ActivityKind::accident, 1.5 * factor)};
    variant.volume_mm3 = 1e5;
    variant.solver.unknowns = 12345;
    r.variants.push_back(variant);
  }
  r.supports.push_back({"floor", "as is", "level_walking", {10, -20, 30}});
  r.warnings.push_back({"short_shaft", "the shaft is short", "[bone] mask"});
  r.timings.add("model", 1.5);
  r.timings.add("solve", 2.5);
  r.sources.push_back({"ct.nii.gz", std::string(64, 'a')});
  r.command = "calcar run case.toml";
  r.ranks = 4;
  return r;
}
} // namespace sample
