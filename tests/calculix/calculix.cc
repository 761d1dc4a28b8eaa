#include "calculix/calculix.hpp"

#include "base/files.hpp"
#include "model/lattice.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>

namespace calcar::calculix
{
namespace
{
using model::NodeIndex;

std::string number(double value)
{
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.12e", value);
  return text.data();
}

/// Number of a node in the input file, from 1.
std::size_t label(const std::vector<NodeIndex>& nodes, const NodeIndex& node)
{
  const auto ascending = [](const NodeIndex& a, const NodeIndex& b) {
    return std::array{a.k, a.j, a.i} < std::array{b.k, b.j, b.i};
  };
  const auto found = std::lower_bound(nodes.begin(), nodes.end(), node, ascending);
  if (found == nodes.end() || *found != node)
    throw std::invalid_argument("a support or force is not on a node of the body");
  return static_cast<std::size_t>(found - nodes.begin()) + 1;
}

void write_nodes(std::ostream& out, const std::vector<NodeIndex>& nodes, const Vec3& h)
{
  out << "*NODE, NSET=NALL\n";
  for (std::size_t n = 0; n < nodes.size(); ++n)
    out << n + 1 << ", " << number(nodes[n].i * h.x) << ", " << number(nodes[n].j * h.y) << ", "
        << number(nodes[n].k * h.z) << "\n";
}

/// The corners in the order of C3D8: around the lower face, then around the upper one.
void write_elements(std::ostream& out, const model::VoxelBody& body,
                    const std::vector<NodeIndex>& nodes, const std::string& element)
{
  constexpr int corners[8][3] = {{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0},
                                 {0, 0, 1}, {1, 0, 1}, {1, 1, 1}, {0, 1, 1}};
  out << "*ELEMENT, TYPE=" << element << ", ELSET=EALL\n";
  for (std::size_t e = 0; e < body.voxels.size(); ++e)
  {
    const auto [i, j, k] = model::voxel_index(body.grid, body.voxels[e]);
    out << e + 1;
    for (const auto& corner : corners)
      out << ", " << label(nodes, {i + corner[0], j + corner[1], k + corner[2]});
    out << "\n";
  }
}

void write_materials(std::ostream& out, const Problem& problem)
{
  const model::VoxelBody& body = problem.body;
  std::map<std::pair<float, float>, std::vector<std::size_t>> groups;
  for (std::size_t e = 0; e < body.voxels.size(); ++e)
    groups[{body.youngs[e], body.poisson[e]}].push_back(e + 1);
  int count = 0;
  for (const auto& [moduli, elements] : groups)
  {
    const std::string name = "M" + std::to_string(++count);
    out << "*ELSET, ELSET=" << name << "\n";
    for (const std::size_t e : elements)
      out << e << ",\n";
    out << "*MATERIAL, NAME=" << name << "\n*ELASTIC\n"
        << number(moduli.first) << ", " << number(moduli.second) << "\n";
    if (!problem.plastic.empty())
      out << "*PLASTIC\n";
    for (const auto& [stress, strain] : problem.plastic)
      out << number(stress) << ", " << number(strain) << "\n";
    out << "*SOLID SECTION, ELSET=" << name << ", MATERIAL=" << name << "\n";
  }
}

void write_step(std::ostream& out, const Problem& problem, const std::vector<NodeIndex>& nodes,
                Solver solver, Print print)
{
  const std::map<Solver, std::string> names = {{Solver::spooles, "SPOOLES"},
                                               {Solver::iterative_scaling, "ITERATIVE SCALING"},
                                               {Solver::iterative_cholesky, "ITERATIVE CHOLESKY"}};
  out << (problem.plastic.empty() ? "*STEP" : "*STEP, INC=1000")
      << "\n*STATIC, SOLVER=" << names.at(solver)
      << (problem.plastic.empty() ? "\n" : "\n0.02, 1., 1e-6, 0.02\n");
  out << "*BOUNDARY\n";
  for (const model::FixedComponent& fixed : problem.supports.fixed)
    out << label(nodes, fixed.node) << ", " << fixed.axis + 1 << ", " << fixed.axis + 1 << ", "
        << number(fixed.displacement) << "\n";
  if (!problem.forces.empty())
    out << "*CLOAD\n";
  for (const model::NodalForce& force : problem.forces)
    for (int axis = 0; axis < 3; ++axis)
      if (force.force[axis] != 0)
        out << label(nodes, force.node) << ", " << axis + 1 << ", " << number(force.force[axis])
            << "\n";
  // Of a load in steps only the end is wanted.
  const std::string often = problem.plastic.empty() ? "\n" : ", FREQUENCY=1000\n";
  out << "*NODE PRINT, NSET=NALL" << often << "U\n";
  if (print == Print::everything)
    out << "*EL PRINT, ELSET=EALL" << often << "S\n";
  out << "*END STEP\n";
}

bool has(const std::string& line, const char* words)
{
  return line.find(words) != std::string::npos;
}
} // namespace

void write_input(const std::filesystem::path& file, const Problem& problem, Solver solver,
                 Print print, const std::string& element)
{
  if (!problem.supports.springs.empty())
    throw std::invalid_argument("springs are not written for ccx");
  const auto nodes = model::nodes_of(problem.body.grid, problem.body.voxels);
  std::ofstream out(file);
  write_nodes(out, nodes, problem.body.grid.spacing);
  write_elements(out, problem.body, nodes, element);
  write_materials(out, problem);
  write_step(out, problem, nodes, solver, print);
  if (!out.flush())
    throw std::runtime_error("could not write " + file.string());
}

void run(const std::filesystem::path& input, int threads)
{
  if (std::system("command -v ccx >/dev/null 2>&1") != 0)
    throw std::runtime_error("CalculiX (ccx) is not installed, and this comparison needs it; "
                             "scripts/setup installs it (package calculix-ccx)");
  std::filesystem::path job = input;
  job.replace_extension();
  const std::filesystem::path log = job.string() + ".log";
  const std::string command = "cd '" + job.parent_path().string() +
                              "' && OMP_NUM_THREADS=" + std::to_string(threads) + " ccx '" +
                              job.filename().string() + "' >'" + log.string() + "' 2>&1";
  if (std::system(command.c_str()) != 0)
    throw std::runtime_error("ccx failed on " + input.string() + ":\n" + read_text(log));
}

Answer read_answer(const std::filesystem::path& dat, std::size_t nodes, std::size_t elements)
{
  std::ifstream in(dat);
  Answer answer;
  answer.displacement.resize(nodes);
  answer.stresses.resize(elements);
  std::size_t read = 0;
  bool stresses = false;
  for (std::string line; std::getline(in, line);)
  {
    if (has(line, "displacements") || has(line, "stresses"))
    {
      stresses = has(line, "stresses");
      continue;
    }
    std::istringstream words(line);
    std::size_t name = 0;
    if (!(words >> name))
      continue;
    int point = 0;
    SymTensor s;
    Vec3 u;
    // ccx prints xx, yy, zz, xy, xz, yz.
    if (stresses && words >> point >> s.xx >> s.yy >> s.zz >> s.xy >> s.zx >> s.yz)
      answer.stresses.at(name - 1).push_back(s);
    else if (!stresses && words >> u.x >> u.y >> u.z)
    {
      answer.displacement.at(name - 1) = u;
      ++read;
    }
    else
      throw std::runtime_error(dat.string() + ": not understood: " + line);
  }
  if (read != nodes)
    throw std::runtime_error(dat.string() + " has " + std::to_string(read) + " of " +
                             std::to_string(nodes) + " nodes");
  return answer;
}

} // namespace calcar::calculix
