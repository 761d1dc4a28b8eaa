#pragma once

#include "base/symmetric_tensor.hpp"
#include "material/data_record.hpp"

#include <string>
#include <vector>

namespace calcar::material
{

/// State and resistance of a point of bone, all that a criterion may ask for. Tension positive.
struct PointState
{
  SymTensor strain;             ///< tensor components
  SymTensor stress;             ///< MPa
  double youngs = 0;            ///< MPa
  double strength_c = 0;        ///< MPa, positive
  double strength_t = 0;        ///< MPa, positive
  double limit_tension = 0;     ///< principal strain, positive
  double limit_compression = 0; ///< principal strain, positive
  double limit_effective = 0;   ///< effective strain
};

/// What a criterion rests on.
enum class Needs
{
  strain_limits,
  strength,
  effective_strain
};

/**
 * A failure criterion. Its function gives the utilisation of a point, load over strength: 0 without
 * load, below 1 safe, 1 at the limit, homogeneous of degree one in the load, so that in linear
 * analysis fracture load = load / utilisation. A volume criterion fails by `volume_utilisation` of
 * its points, any other by its worst point.
 */
struct Criterion
{
  std::string name;
  std::string words;
  std::string source;
  Status status;
  Needs needs;
  bool of_volume;
  double (*utilisation)(const PointState&);
};

/// The table of criteria, in readable order. To add one: a function of three lines and a row in
/// criteria.cc.
const std::vector<Criterion>& criteria();
std::vector<std::string> criterion_names();

/// A criterion by name; throws InputError at `place` with the known names.
const Criterion& criterion(const std::string& name, const std::string& place);

/// Isotropic Hooke's law: stress = lambda tr(strain) 1 + 2 mu strain, MPa.
SymTensor hooke(const SymTensor& strain, double youngs, double poisson);

/// Von Mises equivalent stress sqrt(3 J2), MPa.
double von_mises_stress(const SymTensor& stress);

/// Effective strain sqrt(2 U / E) with the energy density U = stress:strain / 2.
double effective_strain(const SymTensor& strain, const SymTensor& stress, double youngs);

/**
 * Utilisation of a volume criterion: the point utilisation that is exceeded by just
 * `critical_fraction` of the volume. `utilisations` and `volumes` (mm^3) have one entry per voxel
 * or element. 0 for an empty body.
 */
double volume_utilisation(const std::vector<double>& utilisations,
                          const std::vector<double>& volumes, double critical_fraction);

} // namespace calcar::material
