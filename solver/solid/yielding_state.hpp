#pragma once

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "model/load_path.hpp"
#include "solid/checks.hpp"
#include "solid/linear_solver.hpp"
#include "solid/refinement.hpp"
#include "solid/spread_body.hpp"
#include "solid/yielding_body.hpp"
#include "solid/yielding_points.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace calcar::solid
{
/// What a yielding body holds, and how it finds its equilibria.
struct YieldingBody::State
{
  /// The spring through which forces act, in parts of the body's own stiffness.
  static constexpr double machine_stiffness = 10;
  /// Of the elastic tangent in the matrix, so that it stays definite where the body flows freely.
  static constexpr double elastic_share = 1e-4;
  /// Linear systems of Newton's method are solved to this share of their residual, and no farther.
  static constexpr double linear_residual = 0.1;
  static constexpr int most_linear_iterations = 400;

  SpreadBody body;
  MPI_Comm comm;
  const Elements& elements;
  const Restraints& restraints;
  YieldingPoints points;
  std::vector<Vec3> node_places;
  LinearSolver solver;
  Method method = Method::mumps;

  EquilibriumOptions options;
  bool by_forces = true;
  bool anew = true;           ///< the preconditioner is to be made with the next matrix
  std::vector<double> forces; ///< on own components at factor 1; 0 where fixed
  double compliance = 1;      ///< forces . u of the elastic body at factor 1, N mm
  double size = 1;            ///< of the load at factor 1, or of the reactions, N

  struct Kept
  {
    std::vector<double> u;
    double drive = 0;
  };
  Kept last, before;
  double drive = 0;
  Field u, whole, residual, change;
  double out_of_balance = 0;
  double factor = 0;

  State(const SolidBody& given, const CellPlasticity& plasticity, const Supports& supports,
        MPI_Comm communicator)
      : body(given, supports, communicator), comm(communicator), elements(body.elements),
        restraints(body.restraints), points(body, given.mesh, plasticity),
        node_places(body.own_points()), solver(elements, comm), u(elements, comm),
        whole(elements, comm), residual(elements, comm), change(elements, comm)
  {
  }

  double sum(double value) const
  {
    MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm);
    return value;
  }

  double product(std::span<const double> a, std::span<const double> b) const
  {
    double along = 0;
    for (std::size_t n = 0; n < a.size(); ++n)
      along += a[n] * b[n];
    return sum(along);
  }

  void set_drive(double to)
  {
    drive = to;
    if (by_forces)
      return;
    for (std::size_t n = 0; n < restraints.prescribed.size(); ++n)
      if (restraints.fixed[n])
        u.values()[n] = to * restraints.prescribed[n];
  }

  /// The force on the supports along their prescribed displacements, and its size.
  void weigh_reactions()
  {
    double along = 0, square = 0;
    for (std::size_t n = 0; n < restraints.prescribed.size(); ++n)
      if (restraints.prescribed[n] != 0)
      {
        along += whole.values()[n] * restraints.prescribed[n];
        square += whole.values()[n] * whole.values()[n];
      }
    factor = sum(along);
    size = std::sqrt(sum(square));
  }

  /// Asks the law at the trial; the load and the residual follow.
  void balance()
  {
    u.fetch_ghosts();
    follow_masters(elements.ties(), u.values());
    points.ask(u, whole);
    if (by_forces)
      factor = machine_stiffness * (drive - product(forces, u.own()) / compliance);
    else
      weigh_reactions();
    for (std::size_t n = 0; n < forces.size(); ++n)
      residual.values()[n] = restraints.fixed[n] ? 0
                             : by_forces         ? factor * forces[n] - whole.values()[n]
                                                 : -whole.values()[n];
    out_of_balance = norm_of(residual.own(), comm);
  }

  double relative_residual() const
  {
    constexpr double least_factor = 1e-6;
    return out_of_balance / (by_forces ? std::max(std::abs(factor), least_factor) * size : size);
  }

  /// The elastic answer at factor 1.
  void solve_elastic()
  {
    Options linear;
    linear.method = options.method;
    linear.relative_residual = 1e-8;
    u.clear(); // elastic
    solver.stiffen_along(nullptr);
    solver.clear();
    points.assemble(u, 0, solver);
    set_drive(1);
    method = chosen(options.method, body.unknowns());
    solver.finish(method, node_places);
    const auto residual_of = [&](Field& displacement, Field& free, Field& all)
    {
      displacement.fetch_ghosts();
      follow_masters(elements.ties(), displacement.values());
      points.ask_elastic(displacement, all);
      for (std::size_t n = 0; n < forces.size(); ++n)
      {
        all.values()[n] = (by_forces ? forces[n] : 0) - all.values()[n];
        free.values()[n] = restraints.fixed[n] ? 0 : all.values()[n];
      }
      return norm_of(free.own(), comm);
    };
    refine({elements, solver, method, instead_of(method, options.method, body.unknowns()), linear,
            comm, residual_of},
           u, whole);
  }

  void load(const std::vector<NodalForce>& given, const EquilibriumOptions& asked)
  {
    options = asked;
    MPI_Bcast(&options, sizeof options, MPI_BYTE, 0, comm);
    int any = !given.empty();
    MPI_Bcast(&any, 1, MPI_INT, 0, comm);
    by_forces = any != 0;
    on_root(comm, [&] { check_forces(body.known.names, body.known.nodes.points, given); });
    forces = body.own_forces(given);
    for (std::size_t n = 0; n < forces.size(); ++n)
      if (restraints.fixed[n])
        forces[n] = 0;
    size = norm_of(forces, comm);
    points.begin(options.averaging_mm);
    solve_elastic();
    compliance = by_forces ? product(forces, u.own()) : 1;
    couple();
    last = before = {std::vector<double>(u.own().size(), 0), 0};
  }

  /// The spring of the machine becomes part of the matrix.
  void couple()
  {
    anew = true;
    if (!by_forces)
      return;
    const double root = std::sqrt(machine_stiffness / compliance);
    for (std::size_t n = 0; n < forces.size(); ++n)
      change.values()[n] = root * forces[n];
    solver.stiffen_along(&change);
  }

  double to_first_yield()
  {
    u.fetch_ghosts();
    follow_masters(elements.ties(), u.values());
    const double most = points.utilisation(u);
    if (!(most > 0))
      return 0;
    last.u.assign(u.own().begin(), u.own().end());
    for (double& value : last.u)
      value /= most;
    last.drive = (by_forces ? 1 + 1 / machine_stiffness : 1) / most;
    return last.drive;
  }

  /// The change of Newton's method from the residual.
  LinearSolver::Outcome find_change()
  {
    solver.clear();
    points.assemble(u, elastic_share, solver);
    const bool factored = method == Method::mumps; // quick for a body that it is chosen for
    const bool fresh = anew || factored;
    solver.finish_again(fresh);
    anew = false;
    LinearSolver::Outcome outcome =
        solver.solve(residual, change, linear_residual, most_linear_iterations);
    if (outcome.converged || fresh)
      return outcome;
    solver.finish_again(true); // the preconditioner was made for another matrix
    return solver.solve(residual, change, linear_residual, most_linear_iterations);
  }

  /// Goes along `change` until the residual, or its work on the change, has fallen.
  double search_line(const std::vector<double>& start)
  {
    constexpr int most_tries = 4;
    constexpr double enough = 0.8;
    const double work_before = product(residual.own(), change.own());
    const double norm_before = out_of_balance;
    double step = 1;
    for (int n = 0;; ++n)
    {
      for (std::size_t i = 0; i < start.size(); ++i)
        u.values()[i] = start[i] + step * change.values()[i];
      balance();
      const double work = product(residual.own(), change.own());
      const bool good =
          out_of_balance < norm_before || std::abs(work) <= enough * std::abs(work_before);
      if ((good && std::isfinite(out_of_balance)) || n == most_tries)
        return step;
      const double crossing =
          std::isfinite(work) && work_before != work ? work_before / (work_before - work) : 0;
      step *= std::clamp(crossing, 0.1, 0.5);
    }
  }

  EquilibriumReport move(double to)
  {
    const double reach =
        last.drive > before.drive ? (to - last.drive) / (last.drive - before.drive) : 0;
    for (std::size_t n = 0; n < last.u.size(); ++n)
      u.values()[n] = last.u[n] + reach * (last.u[n] - before.u[n]);
    set_drive(to);
    balance();
    EquilibriumReport report;
    std::vector<double> course; // of the residual
    for (;; ++report.newton)
    {
      report.residual = relative_residual();
      course.push_back(report.residual);
      report.found = report.residual <= options.relative_residual;
      if (report.found || !std::isfinite(out_of_balance) ||
          report.newton == options.most_iterations ||
          model::is_slow(course, options.relative_residual))
        return report;
      const LinearSolver::Outcome linear = find_change();
      report.linear += linear.iterations;
      const double length = search_line({u.own().begin(), u.own().end()});
      log_detail("  newton " + std::to_string(report.newton + 1) + ": from residual " +
                 format_number(report.residual, 3) + ", " + std::to_string(linear.iterations) +
                 " linear iterations, line " + format_number(length, 3) +
                 (linear.converged ? "" : " (" + linear.reason + ")"));
    }
  }

  void take_over(const std::vector<double>& own)
  {
    std::copy(own.begin(), own.end(), u.values().begin());
  }

  YieldingFields fields()
  {
    YieldingFields result;
    result.accumulated = body.gathered(points.accumulated(), 1);
    result.left = body.gathered(points.left(), 1);
    result.yielded_at = body.gathered(points.yielded_at, 1);
    result.softened_at = body.gathered(points.softened_at, 1);
    result.strain = body.gathered(points.strain(u), 1);
    result.displacement = body.displacements(u);
    return result;
  }

  Standing standing()
  {
    Standing at;
    at.drive = last.drive;
    at.equilibria = points.equilibria;
    std::copy(last.u.begin(), last.u.end(), change.values().begin());
    at.displacement = body.displacements(change);
    at.yielded_at = body.gathered(points.yielded_at, 1);
    at.softened_at = body.gathered(points.softened_at, 1);
    at.states =
        body.gathered(points.states(), static_cast<std::size_t>(elements.points_per_cell()));
    return at;
  }

  void stand(const Standing& at)
  {
    const auto per_cell = static_cast<std::size_t>(elements.points_per_cell());
    on_root(comm,
            [&]
            {
              if (at.displacement.size() != body.known.nodes.points.size() ||
                  at.states.size() != per_cell * body.numbering.cells.size())
                throw std::invalid_argument("where a path stood is that of another body");
            });
    points.yielded_at = body.scattered(at.yielded_at, 1);
    points.softened_at = body.scattered(at.softened_at, 1);
    points.set_states(body.scattered(at.states, per_cell));
    points.equilibria = at.equilibria;
    MPI_Bcast(&points.equilibria, 1, MPI_INT, 0, comm);
    double to = at.drive;
    MPI_Bcast(&to, 1, MPI_DOUBLE, 0, comm);
    body.set_displacements(at.displacement, u);
    last = {{u.own().begin(), u.own().end()}, to};
    before = {std::vector<double>(last.u.size(), 0), 0};
    set_drive(to);
    balance();
    anew = true;
  }
};

} // namespace calcar::solid
