#include "pipeline/strain_uncertainty.hpp"

#include <catch2/catch.hpp>

#include <cmath>

using namespace calcar;
using Catch::Contains;

namespace
{
/// Four cells in a row, 1 mm apart, the last one tumour; errors 1 to 4 % of a strain of 0.1 to 0.4.
mesh::MeshModel row()
{
  mesh::MeshModel model;
  for (int c = 0; c < 4; ++c)
  {
    model.centre.push_back({double(c), 0, 0});
    model.volume.push_back(c == 0 ? 2 : 1);
    model.tissue.push_back(c == 3 ? model::TissueKind::tumour : model::TissueKind::bone);
    model.mesh.region.push_back(c == 2 ? 1 : 0);
  }
  return model;
}

solid::ErrorEstimate estimate()
{
  solid::ErrorEstimate result;
  result.strain_error = {0.01, 0.03, 0.2, 5};
  result.strain = {0.1, 0.1, 0.4, 1};
  result.relative_error = 0.07;
  return result;
}

risk::ActivityAssessment weakest_at(Vec3 place)
{
  risk::ActivityAssessment assessment;
  assessment.activity = "level_walking";
  assessment.criteria.emplace_back();
  anatomy::Location location;
  location.point = place;
  assessment.criteria.front().location = location;
  return assessment;
}
} // namespace

TEST_CASE("strain is as uncertain as errors in the ball about a place are large, over the bone")
{
  const auto model = row();
  using pipeline::uncertainty_at;
  CHECK(uncertainty_at({0.1, 0, 0}, 0, model, estimate()) == Approx(0.1));
  CHECK(uncertainty_at({0.9, 0, 0}, 0.5, model, estimate()) == Approx(0.3));
  // Cells 0 and 1: volumes 2 and 1.
  CHECK(uncertainty_at({0.5, 0, 0}, 1.2, model, estimate()) ==
        Approx(std::sqrt((2 * 1e-4 + 9e-4) / (2 * 1e-2 + 1e-2))));
  // Tumour does not count, however near.
  CHECK(uncertainty_at({3, 0, 0}, 0, model, estimate()) == Approx(0.5));
}

TEST_CASE(
    "what a mesh leaves uncertain at the weakest place stands in the assessment, with a warning")
{
  Warnings warnings;
  auto sure = weakest_at({0, 0, 0});
  pipeline::record_uncertainty("as is", row(), 0, estimate(), sure, warnings);
  CHECK(sure.strain_uncertainty == Approx(0.1));
  CHECK(sure.relative_error == 0.07);
  CHECK(warnings.empty());
  auto unsure = weakest_at({2, 0, 0});
  pipeline::record_uncertainty("as is", row(), 0, estimate(), unsure, warnings);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].code == "strain_uncertain");
  CHECK_THAT(warnings[0].text, Contains("\"as is\", level_walking") &&
                                   Contains("uncertain by 50 %, more than 20 %") &&
                                   Contains("refine_to"));
  auto nowhere = weakest_at({});
  nowhere.criteria.front().location.reset();
  pipeline::record_uncertainty("as is", row(), 0, estimate(), nowhere, warnings);
  CHECK_FALSE(nowhere.strain_uncertainty);
  CHECK(warnings.size() == 1);
}

TEST_CASE("stress is smooth in cells of one region and one tissue")
{
  const auto groups = pipeline::smooth_groups(row());
  CHECK(groups[0] == groups[1]);
  CHECK(groups[0] != groups[2]);
  CHECK(groups[0] != groups[3]);
  CHECK(groups[2] != groups[3]);
}

TEST_CASE("soft layers that hold most of the energy do not hide the error of the bone")
{
  // The last cell is a layer with nearly all energy and little error.
  auto model = row();
  model.tissue[3] = model::TissueKind::layer;
  solid::ErrorEstimate estimate;
  estimate.squared = {0.1, 0.2, 0.1, 0.01};
  estimate.cell_energy = {1, 1, 1, 997};
  estimate.energy = 1000;
  estimate.error = std::sqrt(0.41);
  estimate.relative_error = std::sqrt(0.41 / 2000.41);
  const double of_bone = std::sqrt(0.4 / 6.4);
  CHECK(pipeline::relative_error(model, estimate) == Approx(of_bone));
  solid::MeshErrors errors;
  pipeline::add_shares(model, estimate, errors);
  CHECK(errors.relative_error == Approx(of_bone));
  REQUIRE(errors.squared.size() == 4);
  CHECK(errors.squared[1] == Approx(0.2 / 6.4));
  CHECK(errors.squared[3] == Approx(0.01 / 2000.41));
  // A layer with a large error of its own is not overlooked either.
  estimate.squared[3] = 2000;
  estimate.error = std::sqrt(2000.4);
  estimate.relative_error = std::sqrt(2000.4 / 4000.4);
  CHECK(pipeline::relative_error(model, estimate) == Approx(estimate.relative_error));
  // Without layers it is the estimate's own.
  model.tissue[3] = model::TissueKind::tumour;
  CHECK(pipeline::relative_error(model, estimate) == Approx(estimate.relative_error));
}
