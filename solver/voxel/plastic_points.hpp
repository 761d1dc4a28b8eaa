#pragma once

#include "material/plastic_law.hpp"
#include "model/voxel_plasticity.hpp"
#include "voxel/level.hpp"

#include <array>
#include <vector>

namespace calcar::voxel
{

/// Where in a voxel the law is asked.
enum class Points
{
  centre, ///< the mean strain; bending of the voxel keeps the secant share of its stiffness
  eight   ///< 2 x 2 x 2 Gauss points: the standard element, to check the other against
};

/// Gradient of the eight corners' shape functions at the points of a voxel, 1/mm, and the volume
/// each point stands for, mm^3.
struct PointGradients
{
  std::vector<std::array<Vec3, 8>> at; ///< [point][corner i + 2 j + 4 k]
  double volume = 0;
};
PointGradients point_gradients(const Vec3& spacing, Points points);

/// What a point that has ever flowed adds to the elastic product.
struct Correction
{
  std::uint32_t place = 0; ///< of its voxel in the bricks' arrays
  std::uint32_t point = 0;
  SymTensor stress;          ///< minus that of the bricks' moduli, MPa
  material::Tangent tangent; ///< minus the bricks' moduli
};

/**
 * The points of a rank's voxels at which the law is asked: what they remember, and what they add to
 * the product K u of the bricks' moduli,
 *
 *   f = K u + sum over points of V B^T (stress - C strain),
 *
 * which makes f the force of the stresses at the points, and for Points::centre that of the mean
 * stress with the modes of bending at the secant share of their stiffness.
 */
struct PlasticPoints
{
  PointGradients gradients;
  Points kind = Points::centre;
  std::vector<std::uint32_t> places;     ///< [voxel]
  std::vector<float> lambda, mu;         ///< [voxel] of the undamaged material, MPa
  std::vector<model::VoxelYield> yields; ///< [voxel]
  std::vector<model::YieldKind> kinds;
  std::vector<material::PlasticState> old;   ///< [voxel x points] at the last equilibrium
  std::vector<material::PlasticState> state; ///< [voxel x points] now
  std::vector<Correction> corrections;       ///< of all points with plastic strain

  std::size_t per_voxel() const { return gradients.at.size(); }
  std::size_t voxels() const { return places.size(); }
};

/// Points without plastic strain for a level's voxels; `yields` in the order of active_places.
PlasticPoints make_points(const Level& level, std::vector<model::VoxelYield> yields,
                          std::vector<model::YieldKind> kinds, Points points);

/// The law of a voxel.
material::PlasticLaw law_of(const PlasticPoints& points, std::size_t voxel);

/// Mean accumulated plastic strain of each voxel now.
std::vector<double> accumulated(const PlasticPoints& points);

/**
 * Asks the law at all points for the displacements u (mm, complete at all local nodes); fills
 * `state` and `corrections`, and for Points::centre sets the moduli of the level's voxels to the
 * secant share of the material's. `averaged` holds the accumulated strain of each voxel's
 * neighbourhood, by which it softens; null: by its own.
 */
void ask_law(Level& level, const std::vector<double>& u, const std::vector<double>* averaged,
             material::TangentKind kind, PlasticPoints& points);

/// Yield stress, damage included, at an accumulated strain over that at none; 1 where a voxel stays
/// elastic.
double yield_left(const PlasticPoints& points, std::size_t voxel, double kappa);

/// Elastic stress over yield stress at a point of a voxel for displacements u, without plastic
/// strain.
double utilisation_at(const PlasticPoints& points, const Level& level, std::size_t voxel,
                      std::size_t point, const std::vector<double>& u);

/// f += sum V B^T (stress - C strain): this rank's part, not yet summed over sharers.
void add_stress(const PlasticPoints& points, const Level& level, double* f);

/// f += sum V B^T (T - C) B u: this rank's part.
void add_tangent(const PlasticPoints& points, const Level& level, const float* u, double* f);

} // namespace calcar::voxel
