#include "calculix/solid_input.hpp"

#include "mesh/abaqus.hpp"
#include "mesh/nodes.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace calcar::calculix
{
namespace
{

std::string number(double value)
{
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.12e", value);
  return text.data();
}

void write_materials(std::ostream& out, const SolidProblem& problem)
{
  const solid::SolidBody& body = problem.body;
  for (std::size_t r = 0; r < body.mesh.regions.size(); ++r)
  {
    const auto of_region = std::find(body.mesh.region.begin(), body.mesh.region.end(), r);
    if (of_region == body.mesh.region.end())
      continue;
    const auto first = static_cast<std::size_t>(of_region - body.mesh.region.begin());
    for (std::size_t c = 0; c < body.mesh.cells(); ++c)
      if (body.mesh.region[c] == r &&
          (body.youngs[c] != body.youngs[first] || body.poisson[c] != body.poisson[first]))
        throw std::invalid_argument("moduli differ within a region");
    const std::string& name = body.mesh.regions[r];
    out << "*MATERIAL, NAME=" << name << "\n*ELASTIC\n"
        << number(body.youngs[first]) << ", " << number(body.poisson[first]) << "\n";
    if (!problem.plastic.empty())
      out << "*PLASTIC\n";
    for (const auto& [stress, strain] : problem.plastic)
      out << number(stress) << ", " << number(strain) << "\n";
    out << "*SOLID SECTION, ELSET=" << name << ", MATERIAL=" << name << "\n";
  }
}

void write_step(std::ostream& out, const SolidProblem& problem, std::size_t nodes)
{
  const bool plastic = !problem.plastic.empty();
  out << (plastic ? "*STEP, INC=1000\n*STATIC, SOLVER=SPOOLES\n0.02, 1., 1e-6, 0.02\n"
                  : "*STEP\n*STATIC, SOLVER=SPOOLES\n")
      << "*BOUNDARY\n";
  for (const solid::FixedComponent& fixed : problem.supports.fixed)
    if (fixed.node < nodes)
      out << fixed.node + 1 << ", " << fixed.axis + 1 << ", " << fixed.axis + 1 << ", "
          << number(fixed.displacement) << "\n";
  if (!problem.forces.empty())
    out << "*CLOAD\n";
  for (const solid::NodalForce& force : problem.forces)
    for (std::size_t axis = 0; axis < 3; ++axis)
      if (force.force[axis] != 0 && force.node >= nodes)
        throw std::invalid_argument("a force on a node that ccx does not have");
      else if (force.force[axis] != 0)
        out << force.node + 1 << ", " << axis + 1 << ", " << number(force.force[axis]) << "\n";
  if (!problem.pressures.empty())
    out << "*DLOAD\n";
  for (const FacePressure& pressure : problem.pressures)
    out << pressure.face.cell + 1 << ", P" << pressure.face.face + 1 << ", "
        << number(pressure.pressure) << "\n";
  const std::string often = plastic ? ", FREQUENCY=1000\n" : "\n"; // of steps only the end
  out << "*NODE PRINT, NSET=NALL" << often << "U\n*EL PRINT, ELSET=EALL" << often
      << "S\n*END STEP\n";
}

} // namespace

std::size_t nodes_in_calculix(const mesh::Mesh& mesh)
{
  const mesh::Nodes nodes = mesh::nodes_of(mesh);
  const std::size_t per_element =
      nodes.per_cell == 27 ? 20U : static_cast<std::size_t>(nodes.per_cell);
  std::uint32_t last = 0;
  for (std::size_t c = 0; c < mesh.cells(); ++c)
    for (const std::uint32_t node : nodes.cell(c).first(per_element))
      last = std::max(last, node);
  return last + 1;
}

void write_input(const std::filesystem::path& file, const SolidProblem& problem)
{
  const mesh::Mesh& mesh = problem.body.mesh;
  if (!problem.supports.springs.empty() || !mesh.point_tags.empty() || !mesh.cell_tags.empty())
    throw std::invalid_argument("springs and numbers of a file are not written for ccx");
  std::filesystem::path mesh_file = file;
  mesh_file.replace_filename("mesh_of_" + file.filename().string());
  mesh::write_abaqus(mesh_file, mesh);
  const std::size_t nodes = nodes_in_calculix(mesh);
  std::ofstream out(file);
  out << "*INCLUDE, INPUT=" << mesh_file.filename().string() << "\n*NSET, NSET=NALL, GENERATE\n1, "
      << nodes << "\n*ELSET, ELSET=EALL, GENERATE\n1, " << mesh.cells() << "\n";
  write_materials(out, problem);
  write_step(out, problem, nodes);
  if (!out.flush())
    throw std::runtime_error("could not write " + file.string());
}

} // namespace calcar::calculix
