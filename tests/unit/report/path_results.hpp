#pragma once

#include "report/results.hpp"
#include "temporary_folder.hpp"

namespace calcar::report
{

/// A healthy twin (6000 N) and the bone as is (4500 N) in one activity: 4000 N/mm up to 2000 N at
/// 0.5 mm, then by steps at 1, 2 and 2.5 mm.
inline Results results_with_paths()
{
  constexpr double reference = 1600;
  Results results;
  results.mode = "patient";
  results.title = "Left femur, lytic lesion";
  results.body_weight_N = 700;
  for (const auto& [name, peak] :
       std::vector<std::pair<std::string, double>>{{"healthy twin", 6000}, {"as is", 4500}})
  {
    risk::FractureAssessment path;
    path.activity = "one_leg_stance";
    path.title = "One-leg stance";
    path.reference = {"hip force", reference, "N"};
    path.law = "keyak2005";
    path.law_doubt = "unconfirmed: quoted from memory";
    path.averaging_mm = 3;
    path.band_mm = 3;
    path.peak_reached = true;
    path.ended = "the load has fallen past its peak";
    path.ultimate = peak;
    path.load_factor = peak / reference;
    path.first_yield = 2000;
    path.yield = 0.75 * peak;
    for (const auto& [displacement, load] : std::vector<std::pair<double, double>>{
             {0.5, 2000}, {1, 0.5 * peak}, {2, peak}, {2.5, 0.8 * peak}})
    {
      voxel::PathStep step;
      step.displacement = displacement;
      step.factor = load / reference;
      path.steps.push_back(step);
    }
    path.peak = 2;
    path.start = anatomy::Location{};
    path.start->words = "femoral neck, superolateral";
    risk::ActivityAssessment linear;
    linear.activity = path.activity;
    linear.criteria.emplace_back();
    linear.criteria.front().load_factor = 2;
    linear.load_doubt = "unconfirmed: recalled";
    results.variants.emplace_back();
    results.variants.back().name = name;
    results.variants.back().paths.push_back(path);
    results.variants.back().activities.push_back(linear);
  }
  return results;
}

} // namespace calcar::report
