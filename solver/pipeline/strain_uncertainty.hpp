#pragma once

#include "base/warning.hpp"
#include "mesh/mesh_model.hpp"
#include "risk/assessment.hpp"
#include "solid/adaptive.hpp"
#include "solid/error_estimate.hpp"

#include <string>

namespace calcar::pipeline
{

/// More than this the strain at the weakest place should not be uncertain: a threshold of ours, of
/// the size of what the calibration of a CT leaves open, from no standard.
constexpr double much_uncertainty = 0.2;

/// The cells of a model whose stress is smooth: those of one region and tissue.
std::vector<std::uint32_t> smooth_groups(const mesh::MeshModel& model);

/**
 * How uncertain the strain is around a place:
 *
 *   root of (sum V |e* - e|^2 / sum V |e*|^2)
 *
 * over the bone cells whose centre lies in the ball of `average_mm` (a diameter, mm) about it, and
 * always the bone cell whose centre is nearest.
 */
double uncertainty_at(Vec3 place, double average_mm, const mesh::MeshModel& model,
                      const solid::ErrorEstimate& estimate);

/**
 * The relative error in the energy norm of the bone, layers beside it left out, or of everything
 * solved, whichever is larger: most of the energy may sit in soft layers, where it would hide the
 * bone's error.
 */
double relative_error(const mesh::MeshModel& model, const solid::ErrorEstimate& estimate);

/// Raises what each cell counts when a mesh is refined: by its share in the squared error norm of
/// what relative_error looks at, and `relative_error` itself.
void add_shares(const mesh::MeshModel& model, const solid::ErrorEstimate& estimate,
                solid::MeshErrors& errors);

/// Puts the estimate into an assessment: at the place where the headline criterion is at its worst.
/// Warns where that is uncertain by more than `much_uncertainty`.
void record_uncertainty(const std::string& variant, const mesh::MeshModel& model, double average_mm,
                        const solid::ErrorEstimate& estimate, risk::ActivityAssessment& assessment,
                        Warnings& warnings);

} // namespace calcar::pipeline
