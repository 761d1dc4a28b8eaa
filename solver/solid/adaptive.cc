#include "solid/adaptive.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "geometry/rigid_motion.hpp"
#include "petsc/session.hpp"
#include "solid/cell_integrals.hpp"
#include "solid/checks.hpp"
#include "solid/linear_solver.hpp"
#include "solid/parts.hpp"
#include "solid/spread.hpp"

#include <deal.II/base/quadrature_lib.h>
#include <deal.II/distributed/grid_refinement.h>
#include <deal.II/distributed/tria.h>
#include <deal.II/dofs/dof_handler.h>
#include <deal.II/dofs/dof_tools.h>
#include <deal.II/fe/fe_q.h>
#include <deal.II/fe/fe_system.h>
#include <deal.II/fe/fe_values.h>
#include <deal.II/fe/mapping_q1.h>
#include <deal.II/grid/grid_tools.h>
#include <deal.II/lac/affine_constraints.h>
#include <deal.II/lac/dynamic_sparsity_pattern.h>
#include <deal.II/lac/la_parallel_vector.h>
#include <deal.II/lac/petsc_sparse_matrix.h>
#include <deal.II/lac/petsc_vector.h>
#include <deal.II/lac/sparsity_tools.h>
#include <p4est.h>

#include <cmath>
#include <limits>

namespace calcar::solid
{
namespace
{

using Grid = dealii::parallel::distributed::Triangulation<3>;
using NodeVector = dealii::LinearAlgebra::distributed::Vector<double>;
using PetscVectorOfDealii = dealii::PETScWrappers::MPI::Vector;

/// deal.II's corner for each of ours.
constexpr std::array<unsigned int, 8> corner = {0, 1, 3, 2, 4, 5, 7, 6};

Vec3 vec3(const dealii::Tensor<1, 3>& p)
{
  return {p[0], p[1], p[2]};
}

std::array<double, 6> components(const SymTensor& t)
{
  return {t.xx, t.yy, t.zz, t.yz, t.zx, t.xy};
}

SymTensor stress_of(const Moduli& m, const SymTensor& strain)
{
  const double mu = m.youngs / (2 * (1 + m.poisson));
  const double p = m.youngs * m.poisson / ((1 + m.poisson) * (1 - 2 * m.poisson)) * trace(strain);
  return 2 * mu * strain + SymTensor{p, p, p, 0, 0, 0};
}

SymTensor strain_of_stress(const Moduli& m, const SymTensor& stress)
{
  const double p = -m.poisson / m.youngs * trace(stress);
  return (1 + m.poisson) / m.youngs * stress + SymTensor{p, p, p, 0, 0, 0};
}

bool good(const Moduli& m)
{
  return m.youngs > 1e-30 && std::isfinite(m.youngs) && m.poisson > -1 && m.poisson < 0.5;
}

/// p4est talks on standard output unless told once not to.
void silence_p4est()
{
  static const bool done = []
  {
    p4est_init(nullptr, SC_LP_SILENT);
    return true;
  }();
  (void)done;
}

void check_coarse(const AdaptiveBody& body)
{
  const mesh::Mesh& mesh = body.coarse;
  if (mesh.shape != mesh::CellShape::hexahedron)
    throw InputError(Fault::data,
                     {"adaptive mesh", "tetrahedra", "hexahedra",
                      "mesh the body with hexahedra, or solve it without adaptivity", ""});
  if (!body.moduli || !body.fixed)
    throw std::logic_error("an adaptive body needs moduli and supports");
  SolidBody shape;
  shape.mesh = mesh;
  shape.youngs.assign(mesh.cells(), 1);
  shape.poisson.assign(mesh.cells(), 0);
  check_body(shape);
  const auto parts = parts_of(mesh, mesh::nodes_of(mesh));
  if (parts.list.size() > 1)
    throw InputError(Fault::data,
                     {"adaptive mesh", std::to_string(parts.list.size()) + " parts",
                      "one part, joined by faces", "solve each part, or leave the others out", ""});
}

/// The coarse cells on every rank, as deal.II wants them.
void make_grid(mesh::Mesh mesh, Grid& grid, MPI_Comm comm)
{
  broadcast_items(mesh.points, comm);
  broadcast_items(mesh.corners, comm);
  std::vector<dealii::Point<3>> points;
  for (const Vec3& p : mesh.points)
    points.emplace_back(p.x, p.y, p.z);
  std::vector<dealii::CellData<3>> cells(mesh.corners.size() / 8);
  for (std::size_t c = 0; c < cells.size(); ++c)
    for (unsigned int n = 0; n < 8; ++n)
      cells[c].vertices[corner[n]] = mesh.corners[8 * c + n];
  dealii::GridTools::consistently_order_cells(cells);
  grid.create_triangulation(points, cells, {});
}

/// What is integrated on a cell: recovered stress against computed one.
struct CellErrors
{
  double energy = 0;        ///< integral of (s* - s_h) : C^-1 (s* - s_h)
  double stored = 0;        ///< integral of s_h : e_h
  double strain_error = 0;  ///< integral of |e* - e_h|^2
  double strain_square = 0; ///< integral of |e*|^2
  double volume = 0;
  SymTensor mean;
};

/// One mesh after the other, with the solution on the present one.
class AdaptiveSolver
{
public:
  AdaptiveSolver(const AdaptiveBody& body, MPI_Comm comm, const AdaptiveOptions& options,
                 int degree)
      : body_(body), comm_(comm), options_(options), degree_(static_cast<unsigned int>(degree)),
        scalar_(degree_), element_(scalar_, 3), grid_(comm), nodes_(grid_), unknowns_(grid_),
        quadrature_(degree_ + 1), face_quadrature_(degree_ + 1)
  {
    make_grid(body.coarse, grid_, comm);
  }

  AdaptiveStep solve()
  {
    number();
    if (first_)
      check_held();
    first_ = false;
    assemble();
    AdaptiveStep step;
    step.cells = grid_.n_global_active_cells();
    step.unknowns = unknowns_.n_dofs();
    step.iterations = solve_equations();
    recover();
    estimate(step);
    return step;
  }

  void refine()
  {
    if (options_.everywhere)
    {
      grid_.refine_global(1);
      return;
    }
    dealii::Vector<float> squares(grid_.n_active_cells());
    for (const auto& cell : grid_.active_cell_iterators())
      if (cell->is_locally_owned())
        squares[cell->active_cell_index()] =
            static_cast<float>(errors_[cell->active_cell_index()].energy);
    dealii::parallel::distributed::GridRefinement::refine_and_coarsen_fixed_fraction(
        grid_, squares, options_.share, 0);
    grid_.execute_coarsening_and_refinement();
  }

  std::vector<AdaptiveCell> cells() const
  {
    std::vector<AdaptiveCell> list;
    std::vector<dealii::types::global_dof_index> rows(element_.n_dofs_per_cell());
    for (const auto& cell : unknowns_.active_cell_iterators())
      if (cell->is_locally_owned())
      {
        AdaptiveCell result;
        cell->get_dof_indices(rows);
        for (unsigned int n = 0; n < 8; ++n)
        {
          result.corners[n] = vec3(cell->vertex(corner[n]));
          for (unsigned int axis = 0; axis < 3; ++axis) // corners' unknowns come first
            result.displacement[n][axis] = solution_[rows[3 * corner[n] + axis]];
        }
        const CellErrors& errors = errors_[cell->active_cell_index()];
        result.strain = (1 / errors.volume) * errors.mean;
        result.strain_error = std::sqrt(errors.strain_error / errors.volume);
        result.uncertainty =
            errors.strain_square > 0 ? std::sqrt(errors.strain_error / errors.strain_square) : 0;
        result.energy_error = std::sqrt(errors.energy);
        list.push_back(result);
      }
    return gather(list, comm_);
  }

private:
  void number()
  {
    nodes_.distribute_dofs(scalar_);
    unknowns_.distribute_dofs(element_);
    dealii::IndexSet relevant;
    dealii::DoFTools::extract_locally_relevant_dofs(unknowns_, relevant);
    constraints_.reinit(relevant);
    dealii::DoFTools::make_hanging_node_constraints(unknowns_, constraints_);
    fix_components();
    constraints_.close();
    dealii::DynamicSparsityPattern pattern(relevant);
    dealii::DoFTools::make_sparsity_pattern(unknowns_, pattern, constraints_, false);
    const dealii::IndexSet& own = unknowns_.locally_owned_dofs();
    dealii::SparsityTools::distribute_sparsity_pattern(pattern, own, comm_, relevant);
    matrix_.reinit(own, own, pattern, comm_);
    forces_.reinit(own, comm_);
    solution_.reinit(own, relevant, comm_);
  }

  /// Asks at every node of the boundary which components are fixed. Ghost cells too: their nodes
  /// may be ours.
  void fix_components()
  {
    dealii::FEFaceValues<3> values(
        element_, dealii::Quadrature<2>(scalar_.get_unit_face_support_points()),
        dealii::update_quadrature_points | dealii::update_normal_vectors);
    std::vector<dealii::types::global_dof_index> rows(element_.n_dofs_per_face());
    held_.clear();
    for (const auto& cell : unknowns_.active_cell_iterators())
      for (unsigned int f = 0; f < 6; ++f)
      {
        if (cell->is_artificial() || !cell->face(f)->at_boundary())
          continue;
        values.reinit(cell, f);
        cell->face(f)->get_dof_indices(rows);
        for (unsigned int n = 0; n < rows.size(); ++n)
        {
          const auto [axis, point] = element_.face_system_to_component_index(n, f);
          const Vec3 place = vec3(values.quadrature_point(point));
          const auto at = body_.fixed(place, vec3(values.normal_vector(point)))[axis];
          if (!at)
            continue;
          held_.push_back({place, axis});
          if (constraints_.is_constrained(rows[n]))
            continue;
          constraints_.add_line(rows[n]);
          constraints_.set_inhomogeneity(rows[n], *at);
        }
      }
  }

  /// Refuses supports that leave the body a rigid motion.
  void check_held()
  {
    const std::vector<Held> all = gather(held_, comm_);
    on_root(comm_,
            [&]
            {
              const mesh::Box box = mesh::box(body_.coarse);
              geometry::RigidMotion motion((box.low + box.high) / 2, norm(box.high - box.low) / 2);
              for (const Held& held : all)
              {
                Vec3 axis;
                axis[held.axis] = 1;
                motion.forbid(held.point, axis);
              }
              if (!motion.is_held())
                throw InputError(Fault::data,
                                 {"adaptive mesh",
                                  "its supports leave it free: " + join(motion.free_motions()),
                                  "supports that hold it", "add supports", ""});
            });
  }

  void assemble()
  {
    dealii::FEValues<3> values(scalar_, quadrature_,
                               dealii::update_values | dealii::update_gradients |
                                   dealii::update_JxW_values | dealii::update_quadrature_points);
    dealii::FEFaceValues<3> face_values(scalar_, face_quadrature_,
                                        dealii::update_values | dealii::update_JxW_values |
                                            dealii::update_quadrature_points |
                                            dealii::update_normal_vectors);
    const unsigned int width = element_.n_dofs_per_cell();
    dealii::FullMatrix<double> matrix(width, width);
    dealii::Vector<double> forces(width);
    std::vector<dealii::types::global_dof_index> rows(width);
    std::optional<Vec3> bad;
    for (const auto& cell : unknowns_.active_cell_iterators())
      if (cell->is_locally_owned())
      {
        values.reinit(typename dealii::Triangulation<3>::cell_iterator(cell));
        forces = 0;
        integrate_cell(values, matrix, forces, bad);
        for (unsigned int f = 0; f < 6 && body_.traction; ++f)
          if (cell->face(f)->at_boundary())
          {
            face_values.reinit(typename dealii::Triangulation<3>::cell_iterator(cell), f);
            add_traction(face_values, forces);
          }
        cell->get_dof_indices(rows);
        constraints_.distribute_local_to_global(matrix, forces, rows, matrix_, forces_);
      }
    on_all(comm_,
           [&]
           {
             if (bad)
               throw InputError(Fault::data,
                                {"adaptive mesh",
                                 "moduli out of range at (" + format_number(bad->x) + ", " +
                                     format_number(bad->y) + ", " + format_number(bad->z) + ") mm",
                                 "Young's modulus more than 0 and finite, Poisson's ratio more "
                                 "than -1 and less than 0.5",
                                 "check the material", ""});
           });
    matrix_.compress(dealii::VectorOperation::add);
    forces_.compress(dealii::VectorOperation::add);
  }

  /// Row of node n, component c of a cell: that of deal.II's system element.
  unsigned int row(unsigned int n, unsigned int c) const
  {
    return element_.component_to_system_index(c, n);
  }

  void integrate_cell(const dealii::FEValues<3>& values, dealii::FullMatrix<double>& matrix,
                      dealii::Vector<double>& forces, std::optional<Vec3>& bad)
  {
    const Law law = linear_elasticity();
    const unsigned int count = scalar_.n_dofs_per_cell();
    std::vector<double> dense(9 * std::size_t{count} * count);
    std::vector<Vec3> gradients(count);
    for (unsigned int q = 0; q < quadrature_.size(); ++q)
    {
      const Vec3 place = vec3(values.quadrature_point(q));
      const Moduli m = body_.moduli(place);
      if (!good(m))
        bad = place;
      for (unsigned int n = 0; n < count; ++n)
        gradients[n] = vec3(values.shape_grad(n, q));
      const std::array<double, 2> properties = {m.youngs, m.poisson};
      add_stiffness(gradients, values.JxW(q), law.respond(properties, {}, {}, {}).tangent, dense);
      if (body_.body_force)
      {
        const Vec3 force = values.JxW(q) * body_.body_force(place);
        for (unsigned int n = 0; n < count; ++n)
          for (unsigned int axis = 0; axis < 3; ++axis)
            forces[row(n, axis)] += values.shape_value(n, q) * force[axis];
      }
    }
    mirror(3 * std::size_t{count}, dense);
    for (unsigned int i = 0; i < 3 * count; ++i)
      for (unsigned int j = 0; j < 3 * count; ++j)
        matrix(row(i / 3, i % 3), row(j / 3, j % 3)) = dense[3 * count * i + j];
  }

  void add_traction(const dealii::FEFaceValues<3>& values, dealii::Vector<double>& forces)
  {
    for (unsigned int q = 0; q < face_quadrature_.size(); ++q)
    {
      const Vec3 force = values.JxW(q) * body_.traction(vec3(values.quadrature_point(q)),
                                                        vec3(values.normal_vector(q)));
      for (unsigned int n = 0; n < scalar_.n_dofs_per_cell(); ++n)
        for (unsigned int axis = 0; axis < 3; ++axis)
          forces[row(n, axis)] += values.shape_value(n, q) * force[axis];
    }
  }

  int solve_equations()
  {
    const char* step = "solving on an adaptive mesh";
    petsc::OptionList list;
    petsc::Solver solver;
    PC preconditioner = nullptr;
    petsc::check(PetscOptionsCreate(list.out()), step);
    petsc::check(KSPCreate(comm_, solver.out()), step);
    petsc::check(
        PetscObjectSetOptions(reinterpret_cast<PetscObject>(static_cast<KSP>(solver)), list), step);
    petsc::check(KSPSetOperators(solver, matrix_.petsc_matrix(), matrix_.petsc_matrix()), step);
    petsc::check(KSPSetType(solver, KSPCG), step);
    petsc::check(KSPSetNormType(solver, KSP_NORM_UNPRECONDITIONED), step);
    petsc::check(KSPSetTolerances(solver, options_.relative_residual, 0, PETSC_DEFAULT,
                                  options_.max_iterations),
                 step);
    petsc::check(KSPGetPC(solver, &preconditioner), step);
    choose_boomeramg(preconditioner, list);
    petsc::check(KSPSetFromOptions(solver), step);
    PetscVectorOfDealii own(unknowns_.locally_owned_dofs(), comm_);
    petsc::check(KSPSolve(solver, static_cast<const Vec&>(forces_), static_cast<const Vec&>(own)),
                 step);
    PetscInt iterations = 0;
    petsc::check(KSPGetIterationNumber(solver, &iterations), step);
    PetscVectorOfDealii residual(unknowns_.locally_owned_dofs(), comm_);
    const double left = matrix_.residual(residual, own, forces_) /
                        std::max(forces_.l2_norm(), std::numeric_limits<double>::min());
    if (!(left <= 10 * options_.relative_residual))
      throw SolveError("the equations of an adaptive mesh did not converge: relative residual " +
                       format_number(left, 3) + " after " + std::to_string(iterations) +
                       " iterations; allow more iterations or a larger residual");
    constraints_.distribute(own);
    solution_ = own;
    return static_cast<int>(iterations);
  }

  /// Visits the own cells with the moduli, strain and stress at their points.
  template <typename Visit>
  void for_each_own_cell(const Visit& visit)
  {
    dealii::FEValues<3> values(scalar_, quadrature_,
                               dealii::update_values | dealii::update_gradients |
                                   dealii::update_JxW_values | dealii::update_quadrature_points);
    const unsigned int count = scalar_.n_dofs_per_cell();
    std::vector<dealii::types::global_dof_index> node_rows(count);
    std::vector<dealii::types::global_dof_index> rows(element_.n_dofs_per_cell());
    std::vector<Vec3> gradients(count), u(count);
    auto unknown = unknowns_.begin_active();
    for (auto cell = nodes_.begin_active(); cell != nodes_.end(); ++cell, ++unknown)
    {
      if (!cell->is_locally_owned())
        continue;
      values.reinit(typename dealii::Triangulation<3>::cell_iterator(cell));
      cell->get_dof_indices(node_rows);
      unknown->get_dof_indices(rows);
      for (unsigned int n = 0; n < count; ++n)
        for (unsigned int axis = 0; axis < 3; ++axis)
          u[n][axis] = solution_[rows[row(n, axis)]];
      for (unsigned int q = 0; q < quadrature_.size(); ++q)
      {
        for (unsigned int n = 0; n < count; ++n)
          gradients[n] = vec3(values.shape_grad(n, q));
        const Moduli m = body_.moduli(vec3(values.quadrature_point(q)));
        visit(cell->active_cell_index(), values, q, node_rows, m, strain_of(gradients, u));
      }
    }
  }

  /// The recovered stress at the nodes: means weighted by shape functions.
  void recover()
  {
    dealii::IndexSet relevant;
    dealii::DoFTools::extract_locally_relevant_dofs(nodes_, relevant);
    NodeVector weight(nodes_.locally_owned_dofs(), relevant, comm_);
    recovered_.assign(6, weight);
    for_each_own_cell(
        [&](unsigned int, const dealii::FEValues<3>& values, unsigned int q, const auto& rows,
            const Moduli& m, const SymTensor& strain)
        {
          const auto stress = components(stress_of(m, strain));
          for (unsigned int n = 0; n < rows.size(); ++n)
          {
            const double share = values.JxW(q) * values.shape_value(n, q);
            weight[rows[n]] += share;
            for (std::size_t c = 0; c < 6; ++c)
              recovered_[c][rows[n]] += share * stress[c];
          }
        });
    dealii::AffineConstraints<double> hanging(relevant);
    dealii::DoFTools::make_hanging_node_constraints(nodes_, hanging);
    hanging.close();
    weight.compress(dealii::VectorOperation::add);
    for (NodeVector& component : recovered_)
    {
      component.compress(dealii::VectorOperation::add);
      for (unsigned int n = 0; n < component.locally_owned_size(); ++n)
        component.local_element(n) /= weight.local_element(n);
      hanging.distribute(component);
      component.update_ghost_values();
    }
  }

  void estimate(AdaptiveStep& step)
  {
    errors_.assign(grid_.n_active_cells(), {});
    for_each_own_cell(
        [&](unsigned int index, const dealii::FEValues<3>& values, unsigned int q, const auto& rows,
            const Moduli& m, const SymTensor& strain)
        {
          std::array<double, 6> s{};
          for (unsigned int n = 0; n < rows.size(); ++n)
            for (std::size_t c = 0; c < 6; ++c)
              s[c] += values.shape_value(n, q) * recovered_[c][rows[n]];
          const SymTensor stress = stress_of(m, strain);
          const SymTensor star = {s[0], s[1], s[2], s[3], s[4], s[5]};
          const SymTensor gap = star + -1.0 * stress;
          const SymTensor strain_gap = strain_of_stress(m, gap);
          const SymTensor strain_star = strain_of_stress(m, star);
          const double volume = values.JxW(q);
          CellErrors& cell = errors_[index];
          cell.energy += volume * contract(gap, strain_gap);
          cell.stored += volume * contract(stress, strain);
          cell.strain_error += volume * contract(strain_gap, strain_gap);
          cell.strain_square += volume * contract(strain_star, strain_star);
          cell.volume += volume;
          cell.mean = cell.mean + volume * strain;
        });
    double sums[2] = {0, 0};
    for (const CellErrors& cell : errors_)
    {
      sums[0] += cell.energy;
      sums[1] += cell.stored;
    }
    MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, comm_);
    step.error = std::sqrt(sums[0]);
    step.energy = sums[1] / 2;
    step.relative_error = sums[0] > 0 ? std::sqrt(sums[0] / (sums[0] + sums[1])) : 0;
  }

  /// A component that is fixed at a place.
  struct Held
  {
    Vec3 point;
    unsigned int axis;
  };

  const AdaptiveBody& body_;
  MPI_Comm comm_;
  const AdaptiveOptions& options_;
  unsigned int degree_;
  dealii::FE_Q<3> scalar_;
  dealii::FESystem<3> element_;
  Grid grid_;
  dealii::DoFHandler<3> nodes_;
  dealii::DoFHandler<3> unknowns_;
  dealii::QGauss<3> quadrature_;
  dealii::QGauss<2> face_quadrature_;
  dealii::AffineConstraints<double> constraints_;
  dealii::PETScWrappers::MPI::SparseMatrix matrix_;
  PetscVectorOfDealii forces_;
  PetscVectorOfDealii solution_;
  std::vector<NodeVector> recovered_;
  std::vector<CellErrors> errors_; ///< of all active cells; zero where not own
  std::vector<Held> held_;
  bool first_ = true;
};

} // namespace

AdaptiveSolution solve_adaptively(const AdaptiveBody& body, MPI_Comm comm,
                                  const AdaptiveOptions& options)
{
  petsc::start();
  silence_p4est();
  on_root(comm, [&] { check_coarse(body); });
  int degree = body.coarse.degree;
  MPI_Bcast(&degree, 1, MPI_INT, 0, comm);
  AdaptiveSolver solver(body, comm, options, degree);
  AdaptiveSolution result;
  for (;;)
  {
    result.steps.push_back(solver.solve());
    const AdaptiveStep& step = result.steps.back();
    result.reached_tolerance = step.relative_error <= options.tolerance;
    if (result.reached_tolerance || static_cast<int>(result.steps.size()) >= options.most_meshes ||
        step.unknowns > options.most_unknowns)
      break;
    solver.refine();
  }
  result.cells = solver.cells();
  return result;
}

} // namespace calcar::solid
