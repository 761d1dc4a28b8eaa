#include "pipeline/strain_uncertainty.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace calcar::pipeline
{
namespace
{
/// Where the headline criterion, or failing that a principal strain, is at its worst.
std::optional<Vec3> weakest_place(const risk::ActivityAssessment& assessment)
{
  for (const auto* location : {&assessment.criteria.front().location,
                               &assessment.compression.location, &assessment.tension.location})
    if (*location)
      return (*location)->point;
  return std::nullopt;
}

/// Squared error norm and energy norm of the bone.
struct BoneNorms
{
  double error = 0;
  double whole = 0;
};

BoneNorms bone_norms(const mesh::MeshModel& model, const solid::ErrorEstimate& estimate)
{
  BoneNorms norms;
  for (std::size_t c = 0; c < estimate.squared.size(); ++c)
    if (model.tissue[c] != model::TissueKind::layer)
    {
      norms.error += estimate.squared[c];
      norms.whole += estimate.squared[c] + 2 * estimate.cell_energy[c];
    }
  return norms;
}
} // namespace

std::vector<std::uint32_t> smooth_groups(const mesh::MeshModel& model)
{
  std::vector<std::uint32_t> groups;
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    groups.push_back(8U * model.mesh.region[c] + static_cast<std::uint32_t>(model.tissue[c]));
  return groups;
}

double uncertainty_at(Vec3 place, double average_mm, const mesh::MeshModel& model,
                      const solid::ErrorEstimate& estimate)
{
  const auto is_bone = [&](std::size_t c) { return model.tissue[c] == model::TissueKind::bone; };
  double nearest = INFINITY;
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    if (is_bone(c))
      nearest = std::min(nearest, norm(model.centre[c] - place));
  const double reach = std::max(nearest, average_mm / 2);
  double error = 0, strain = 0;
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    if (is_bone(c) && norm(model.centre[c] - place) <= reach)
    {
      error += model.volume[c] * estimate.strain_error[c] * estimate.strain_error[c];
      strain += model.volume[c] * estimate.strain[c] * estimate.strain[c];
    }
  return strain > 0 ? std::sqrt(error / strain) : 0;
}

double relative_error(const mesh::MeshModel& model, const solid::ErrorEstimate& estimate)
{
  const BoneNorms bone = bone_norms(model, estimate);
  return std::max(estimate.relative_error, bone.whole > 0 ? std::sqrt(bone.error / bone.whole) : 0);
}

void add_shares(const mesh::MeshModel& model, const solid::ErrorEstimate& estimate,
                solid::MeshErrors& errors)
{
  const double whole = 2 * estimate.energy + estimate.error * estimate.error;
  const double bone = bone_norms(model, estimate).whole;
  errors.squared.resize(estimate.squared.size(), 0);
  for (std::size_t c = 0; c < errors.squared.size(); ++c)
  {
    const bool judged = model.tissue[c] != model::TissueKind::layer && bone > 0;
    if (const double all = judged ? bone : whole; all > 0)
      errors.squared[c] = std::max(errors.squared[c], estimate.squared[c] / all);
  }
  errors.relative_error = std::max(errors.relative_error, relative_error(model, estimate));
}

void record_uncertainty(const std::string& variant, const mesh::MeshModel& model, double average_mm,
                        const solid::ErrorEstimate& estimate, risk::ActivityAssessment& assessment,
                        Warnings& warnings)
{
  assessment.relative_error = relative_error(model, estimate);
  const auto place = weakest_place(assessment);
  if (!place)
    return;
  const double uncertain = uncertainty_at(*place, average_mm, model, estimate);
  assessment.strain_uncertainty = uncertain;
  if (uncertain > much_uncertainty)
    warnings.push_back(
        {"strain_uncertain",
         "\"" + variant + "\", " + assessment.activity +
             ": the mesh leaves the strain at the weakest place uncertain by " +
             format_number(100 * uncertain, 2) + " %, more than " +
             format_number(100 * much_uncertainty) +
             " % (a threshold of Calcar's own): make the mesh finer there, or let hexahedra be "
             "refined by refine_to",
         "[mesh]"});
}

} // namespace calcar::pipeline
