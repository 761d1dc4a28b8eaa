#pragma once

#include "solid/assembly.hpp"
#include "solid/nonlocal_average.hpp"
#include "solid/plasticity.hpp"
#include "solid/spread_body.hpp"

#include <array>
#include <optional>
#include <vector>

namespace calcar::solid
{

/**
 * The integration points of a rank's cells at which a body's law is asked: what they remember of
 * the last equilibrium and what they come to at a trial. Collective where it sums or averages.
 */
class YieldingPoints
{
public:
  /// Mesh and plasticity are read on rank 0; takes the moduli of `body`, which must outlive it.
  YieldingPoints(SpreadBody& body, const mesh::Mesh& mesh, const CellPlasticity& plasticity);

  /// Forgets all that came before; softening strain is averaged over this width from now on.
  void begin(double averaging_mm);

  /// Asks the law at a displacement (ghosts fetched): forces of the body and its springs.
  void ask(const Field& u, Field& forces);
  /// The same as if nothing could yield; no trial.
  void ask_elastic(const Field& u, Field& forces);
  /// Adds the tangent there to an empty matrix, with a share of the elastic one.
  void assemble(const Field& u, double elastic_share, LinearSolver& solver);

  void accept();  ///< takes the trial as the last equilibrium
  void go_back(); ///< to the last equilibrium

  /// Largest elastic stress over yield stress at a displacement, without plastic strain; 0 where
  /// nothing can yield.
  double utilisation(const Field& u) const;

  double yielded_mm3() const;  ///< of the points that flowed
  double softened_mm3() const; ///< of these: those whose yield stress falls

  // Values of own cells:
  std::vector<double> accumulated() const; ///< mean accumulated plastic strain
  std::vector<double> left() const;        ///< mean yield stress over the first
  std::vector<SymTensor> strain(const Field& u) const;
  std::vector<double> yielded_at, softened_at; ///< number of the equilibrium; 0: not yet
  int equilibria = 0;

  /// What the points remember of the last equilibrium, and back; then go_back().
  std::vector<std::array<double, yield_state>> states() const;
  void set_states(const std::vector<std::array<double, yield_state>>& states);

private:
  std::span<const double> numbers(std::size_t point) const;
  std::vector<double> accumulated_at_points() const;
  std::vector<double> softening() const;
  void hold_softening(const std::vector<double>& strain);
  bool yielded(std::size_t point) const;
  bool softened(std::size_t point) const;
  std::vector<double> means(const std::vector<double>& of_points) const;

  const SpreadBody& body_;
  std::size_t per_cell_;
  std::vector<double> volumes_; ///< mm^3
  std::vector<Vec3> places_;
  MaterialPoints material_;     ///< with the state at the last equilibrium
  std::vector<double> now_;     ///< state at the trial
  std::vector<double> by_last_; ///< softening strain at the last equilibrium
  std::vector<double> by_;      ///< at the trial
  std::optional<NonlocalAverage> neighbourhood_;
};

} // namespace calcar::solid
