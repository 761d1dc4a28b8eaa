// Beams of two parts, bonded and with contact between them, against beam theory (Poisson ratio 0,
// voxels of 1 mm).
//
// Bending inside a voxel: a trilinear voxel of edge l that is bent with curvature c cannot curve
// between its nodes, and shears by c z over its length, z from its middle, instead: on average its
// energy grows by G V c^2 l^2 / 24. With its own bending E V c^2 l^2 / 24 and G = E / 2,
//
//   EI = sum over voxels of E A (x^2 + l^2 / 12 + l^2 / 24),
//
// x the distance of its middle from the neutral axis: what a bar of voxels must have, 0.8 % above
// the exact section for a bar of 8 voxels.
#include "unit/voxel/contact_bodies.hpp"
#include "voxel/engine.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace calcar;
using namespace bodies;
using voxel::Engine;
using voxel::Solution;

namespace
{
constexpr double own_bending = 1.0 / 12 + 1.0 / 24; ///< of a voxel of 1 mm, mm^2

/// Sums over the voxels (i, j) of a cross-section for which `part` holds.
struct Stiffness
{
  double axial = 0;   ///< sum E A, N
  double centre = 0;  ///< of E A along i, mm
  double bending = 0; ///< about the centre, for bending along i, N mm^2
};

Stiffness stiffness_of(const Section& section, int k, const std::function<bool(int, int)>& part)
{
  Stiffness sum;
  double first = 0, second = 0;
  for (int j = 0; j < section.height; ++j)
    for (int i = 0; i < section.width; ++i)
      if (part(i, j))
      {
        const double e = section.youngs(i, j, k), x = i + 0.5;
        sum.axial += e;
        first += e * x;
        second += e * (x * x + own_bending);
      }
  sum.centre = first / sum.axial;
  sum.bending = second - sum.centre * first;
  return sum;
}

VoxelSupports clamped(const VoxelBody& b)
{
  VoxelSupports supports;
  supports.names = {"clamp"};
  fix_plane(b, 0, -1, 0, 0, supports);
  return supports;
}

struct Answer
{
  std::map<NodeIndex, Vec3> displacement;
  Solution solution;
};

Answer solve(const Bar& beam, const std::vector<NodalForce>& load)
{
  voxel::Options options;
  options.relative_residual = 1e-7;
  Engine engine(beam.body, clamped(beam.body), MPI_COMM_WORLD, options, beam.contact);
  Answer answer;
  answer.solution = engine.solve({load}, {0}).front();
  const auto nodes = engine.nodes();
  for (std::size_t n = 0; n < nodes.size(); ++n)
    answer.displacement[nodes[n]] = answer.solution.displacement[n];
  return answer;
}

/// Mean displacement along k, and its slope along i, of the nodes of a plane for which `part`
/// holds.
struct PlaneMotion
{
  double along = 0, rotation = 0;
};

PlaneMotion motion_of(const Answer& answer, int k, const std::function<bool(NodeIndex)>& part)
{
  double n = 0, x = 0, xx = 0, w = 0, xw = 0;
  for (const auto& [node, u] : answer.displacement)
    if (node.k == k && part(node))
    {
      n += 1;
      x += node.i;
      xx += node.i * node.i;
      w += u.z;
      xw += node.i * u.z;
    }
  return {w / n, (xw - x * w / n) / (xx - x * x / n)};
}

constexpr int length = 64, from = 24, to = 40; ///< mm; curvature and strain are read between

/// EI and EA that the nodes of a part see between two planes, for a moment or a force of `load`.
double bending_between(const Answer& answer, double moment, int low, int high,
                       const std::function<bool(NodeIndex)>& part)
{
  return moment * (high - low) /
         (motion_of(answer, high, part).rotation - motion_of(answer, low, part).rotation);
}

/// A moment of 1000 N mm about j and a force of 1000 N along k on the end of a bar, spread as
/// stresses over the voxels with a weight.
std::vector<NodalForce> end_moment(const Bar& beam, double centre,
                                   const std::function<double(int, int)>& weight)
{
  return plane_load(beam.body, length, length - 1, {0, 0, 1000}, weight,
                    [=](NodeIndex node) { return node.i - centre; });
}

std::vector<NodalForce> end_force(const Bar& beam, const std::function<double(int, int)>& weight)
{
  return plane_load(beam.body, length, length - 1, {0, 0, 1000}, weight,
                    [](NodeIndex) { return 1.0; });
}

/// What is measured on a rod in a tube, over beam theory.
struct Measured
{
  double bending = 0, axial = 0;
};

/// Loads act on the tube, and on the rod where it is tied to the tube at the end. Ties of four
/// voxels: at the clamp always, at the loaded end with `tied`.
Measured measure(RodInTube tube, bool tied)
{
  tube.tied = [tied](int k) { return k < 4 || (tied && k >= length - 4); };
  const Section section = tube.section();
  const Bar beam = bar(section, length);
  const auto in_tube = [&](int i, int j) { return tube.in_tube(i, j); };
  const auto weight = [&](int i, int j)
  { return tied || tube.bonded || in_tube(i, j) ? section.youngs(i, j, length - 1) : 0.0; };
  const auto outer_node = [=](NodeIndex n) { return n.i <= 1 || n.i >= section.width - 1; };

  const int k = length / 2;
  const Stiffness both =
      stiffness_of(section, k, [&](int i, int j) { return tube.bonded || !tube.in_ring(i, j); });
  const Stiffness alone = stiffness_of(section, k, in_tube);
  const Answer bent = solve(beam, end_moment(beam, 0.5 * section.width, weight));
  const Answer pulled = solve(beam, end_force(beam, weight));
  const double stretch =
      motion_of(pulled, to, outer_node).along - motion_of(pulled, from, outer_node).along;
  return {bending_between(bent, 1000, from, to, outer_node) / both.bending,
          1000 * (to - from) / stretch / (tied || tube.bonded ? both.axial : alone.axial)};
}

/// A plate, voxels i >= 9, beside a beam, i < 8, with the contact layer i = 8 between them. The
/// layer is bonded where `tied(k)` holds, by a stiff material.
struct PlateOnBeam
{
  double beam_MPa = 17000, plate_MPa = 110000;
  int thick = 3;
  std::function<bool(int)> tied = [](int) { return false; };

  Section section() const
  {
    Section s{9 + thick, 6, {}};
    s.youngs = [*this](int i, int, int k) {
      return i < 8 ? beam_MPa : i > 8 ? plate_MPa : tied(k) ? 1e6 : 1.0;
    };
    s.normal = [*this](int i, int, int k) { return i == 8 && !tied(k) ? Vec3{-1, 0, 0} : Vec3{}; };
    return s;
  }
  static bool in_beam(int i, int) { return i < 8; }
  static bool in_plate(int i, int) { return i > 8; }
};

bool beam_node(NodeIndex n)
{
  return n.i <= 8;
}

} // namespace

TEST_CASE("a rod in a tube, bonded and in contact")
{
  RodInTube tube;
  tube.square = GENERATE(false, true);
  SECTION("bonded: the whole section")
  {
    tube.bonded = true;
    const Measured m = measure(tube, true);
    CHECK(m.bending == Approx(1).epsilon(0.01));
    CHECK(m.axial == Approx(1).epsilon(0.01));
  }
  SECTION("tied at both ends: both bend alike, both are stretched")
  {
    const Measured m = measure(tube, true);
    CHECK(m.bending == Approx(1).epsilon(0.01));
    CHECK(m.axial == Approx(1).epsilon(0.01));
  }
  SECTION("tied at one end: both bend alike, the tube alone is stretched")
  {
    const Measured m = measure(tube, false);
    CHECK(m.bending == Approx(1).epsilon(0.03));
    CHECK(m.axial == Approx(1).epsilon(0.01));
  }
}

TEST_CASE("a plate beside a beam is pushed along and left behind")
{
  const PlateOnBeam plate;
  const Section section = plate.section();
  const Bar beam = bar(section, length);
  const Stiffness of_beam = stiffness_of(section, 30, PlateOnBeam::in_beam);
  const Stiffness of_plate = stiffness_of(section, 30, PlateOnBeam::in_plate);
  // Both are clamped; a force across at the end of the beam. Towards the plate it pushes the
  // plate's end, and both are cantilevers of one shape, 3 (EI_b + EI_p) / L^3; away from it the
  // beam bends alone. Shear adds 6/5 F L / (G A).
  const auto push = [&](double force)
  {
    const auto load = plane_load(
        beam.body, length, length - 1, {force, 0, 0}, [](int i, int) { return i < 8 ? 1.0 : 0.0; },
        [](NodeIndex) { return 1.0; });
    const Answer answer = solve(beam, load);
    double u = 0;
    for (int j = 0; j <= 6; ++j)
      u += answer.displacement.at({4, j, length}).x / 7;
    return force / u;
  };
  const auto expected = [](double bending, double axial)
  { return 1 / (std::pow(length, 3) / (3 * bending) + 1.2 * length / (axial / 2)); };
  CHECK(push(-10) == Approx(expected(of_beam.bending, of_beam.axial)).epsilon(0.03));
  CHECK(push(10) ==
        Approx(expected(of_beam.bending + of_plate.bending, of_beam.axial + of_plate.axial))
            .epsilon(0.03));
}

TEST_CASE("a plate tied to a beam at two stations takes part between them")
{
  PlateOnBeam plate;
  plate.tied = [](int k) { return (k >= 8 && k < 14) || (k >= 50 && k < 56); };
  const Section section = plate.section();
  Bar beam = bar(section, length);
  const Stiffness of_beam = stiffness_of(section, 30, PlateOnBeam::in_beam);
  const Stiffness of_plate = stiffness_of(section, 30, PlateOnBeam::in_plate);
  // Under a constant moment the ties, planes that stay plane, make
  //   N (1/EA_b + 1/EA_p) = d c,   M = (EI_b + EI_p) c + N d.
  const double d = of_plate.centre - of_beam.centre;
  const double apart = of_beam.bending + of_plate.bending;
  const double together = apart + d * d / (1 / of_beam.axial + 1 / of_plate.axial);
  const auto weight = [](int i, int) { return i < 8 ? 1.0 : 0.0; };
  const double sign = GENERATE(1.0, -1.0);
  auto load = end_moment(beam, of_beam.centre, weight);
  for (NodalForce& force : load)
    force.force = sign * force.force;
  const Answer answer = solve(beam, load);
  CHECK(bending_between(answer, sign * 1000, from, to, beam_node) ==
        Approx(together).epsilon(0.03));
}

TEST_CASE("a rigid footing on a foundation without tension lifts off")
{
  // A block of 30 x 4 x 4 mm stands on a layer of contact; the force is 10 mm off its middle, twice
  // the kernel of 5 mm: contact along 3 (15 - 10) = 15 mm, the greatest pressure at the edge
  // 2 F / (3 b (15 - 10)).
  constexpr int width = 30, deep = 4, high = 5;
  constexpr double eccentric = 10, force = 100;
  VoxelBody block = body(
      {width, deep, high}, {1, 1, 1}, [](int, int, int) { return 200000.0; }, 0);
  VoxelContact contact;
  for (const std::uint64_t voxel : block.voxels)
    if (indices(block, voxel)[2] == 0)
      contact.voxels.push_back({voxel, {0, 0, -1}, 10, 1e-4F});
  std::vector<NodalForce> load;
  for (int j = 0; j <= deep; ++j)
    load.push_back(
        {{width / 2 + static_cast<int>(eccentric), j, high}, {0, 0, -force / (deep + 1)}});
  Engine engine(block, clamped(block), MPI_COMM_WORLD, {}, contact);
  const Solution solution = engine.solve({load}, {0}).front();
  const double reach = 0.5 * width - eccentric, most = 2 * force / (3 * deep * reach);
  double sum = 0;
  for (std::size_t n = 0; n < contact.voxels.size(); ++n)
  {
    const double x = indices(block, contact.voxels[n].voxel)[0] + 0.5;
    const double exact = std::max(0.0, most * (1 - (width - x) / (3 * reach)));
    CHECK(solution.contact_pressure[n] == Approx(exact).margin(0.02 * most));
    sum += solution.contact_pressure[n];
  }
  CHECK(sum == Approx(force).epsilon(1e-3));
  CHECK(solution.report.pressed == static_cast<std::uint64_t>(3 * reach * deep));
}
