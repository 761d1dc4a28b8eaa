#include "voxel/contact_layer.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace calcar::voxel
{
namespace
{
using model::ContactVoxel;

/// Indices of a voxel from its offset in the grid.
std::array<int, 3> indices_of(const std::array<int, 3>& size, std::uint64_t offset)
{
  const auto nx = static_cast<std::uint64_t>(size[0]), ny = static_cast<std::uint64_t>(size[1]);
  return {static_cast<int>(offset % nx), static_cast<int>(offset / nx % ny),
          static_cast<int>(offset / (nx * ny))};
}

std::string name_of(const image::Grid& grid, std::uint64_t offset)
{
  const auto at = indices_of(grid.size, offset);
  return "contact voxel (" + std::to_string(at[0]) + ", " + std::to_string(at[1]) + ", " +
         std::to_string(at[2]) + ")";
}

[[noreturn]] void refuse(const model::VoxelBody& body, const ContactVoxel& voxel,
                         const std::string& given, const std::string& allowed)
{
  throw InputError(Fault::data, Problem{name_of(body.grid, voxel.voxel), given, allowed, "", ""});
}

/// The list of rank 0 on all ranks.
std::vector<ContactVoxel> shared(std::vector<ContactVoxel> list, MPI_Comm comm)
{
  std::uint64_t count = list.size();
  MPI_Bcast(&count, 1, MPI_UINT64_T, 0, comm);
  list.resize(count);
  constexpr std::size_t most = (std::size_t{1} << 30) / sizeof(ContactVoxel); // what MPI can count
  for (std::size_t at = 0; at < count; at += most)
    MPI_Bcast(list.data() + at, static_cast<int>(std::min(most, count - at) * sizeof(ContactVoxel)),
              MPI_BYTE, 0, comm);
  return list;
}

/// The term of the voxel at `position` of brick `b`.
PressedVoxel term_of(const Level& level, std::size_t b, int position, const ContactVoxel& contact)
{
  const Vec3& h = level.bricks.spacing;
  const std::int32_t* table = level.nodes.table.data() + b * brick_nodes;
  const auto at = voxel_indices(position);
  PressedVoxel term;
  term.normal = contact.normal;
  term.stiffness = h.x * h.y * h.z * static_cast<double>(contact.pressed_MPa);
  for (std::size_t c = 0; c < 8; ++c)
  {
    const std::array<int, 3> high = {static_cast<int>(c & 1), static_cast<int>(c >> 1 & 1),
                                     static_cast<int>(c >> 2)};
    term.nodes[c] = table[node_position(at[0] + high[0], at[1] + high[1], at[2] + high[2])];
    term.weights[c] = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) // dN/dx = +-1 / (4 h) at the centre
      term.weights[c] += (high[axis] != 0 ? 0.25 : -0.25) / h[axis] * contact.normal[axis];
  }
  return term;
}

bool is_contact(const model::VoxelContact& contact, std::uint64_t voxel)
{
  const auto before = [](const ContactVoxel& a, std::uint64_t b) { return a.voxel < b; };
  const auto found = std::lower_bound(contact.voxels.begin(), contact.voxels.end(), voxel, before);
  return found != contact.voxels.end() && found->voxel == voxel;
}

/// Modulus of the neighbour that lies most nearly along the normal, within 45 degrees, and is not
/// contact itself; 0 where there is none.
float tissue_beyond(const model::VoxelBody& body, const model::VoxelContact& contact,
                    const ContactVoxel& voxel)
{
  constexpr double alike = 1e-6;
  double nearest = std::sqrt(0.5) - alike; // cosine
  float modulus = 0;
  const auto at = indices_of(body.grid.size, voxel.voxel);
  for (int n = 0; n < 27; ++n)
  {
    const std::array<int, 3> d = {n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1};
    const Vec3 along{d[0] * body.grid.spacing.x, d[1] * body.grid.spacing.y,
                     d[2] * body.grid.spacing.z};
    if (n == 13 || !body.grid.contains(at[0] + d[0], at[1] + d[1], at[2] + d[2]))
      continue;
    const double cosine = dot(along, voxel.normal) / norm(along);
    const std::uint64_t offset = body.grid.offset(at[0] + d[0], at[1] + d[1], at[2] + d[2]);
    const auto found = std::lower_bound(body.voxels.begin(), body.voxels.end(), offset);
    if (cosine < nearest - alike || found == body.voxels.end() || *found != offset ||
        is_contact(contact, offset))
      continue;
    const float own = body.youngs[static_cast<std::size_t>(found - body.voxels.begin())];
    modulus = cosine > nearest + alike ? own : std::max(modulus, own); // of equals the stiffer one
    nearest = std::max(nearest, cosine);
  }
  return modulus;
}

std::uint64_t sum_over_ranks(std::uint64_t count, MPI_Comm comm)
{
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_UINT64_T, MPI_SUM, comm);
  return count;
}
} // namespace

void add_pressed_diagonal(const std::vector<PressedVoxel>& voxels, std::vector<float>& entries)
{
  for (const PressedVoxel& voxel : voxels)
    for (std::size_t c = 0; c < 8; ++c)
      for (std::size_t axis = 0; axis < 3; ++axis)
      {
        const double share = voxel.weights[c] * voxel.normal[axis];
        entries[3 * static_cast<std::size_t>(voxel.nodes[c]) + axis] +=
            static_cast<float>(voxel.stiffness * share * share);
      }
}

void check_contact(const model::VoxelBody& body, const model::VoxelContact& contact)
{
  constexpr double of_unit = 1e-4;
  for (std::size_t n = 0; n < contact.voxels.size(); ++n)
  {
    const ContactVoxel& voxel = contact.voxels[n];
    if (n > 0 && voxel.voxel <= contact.voxels[n - 1].voxel)
      refuse(body, voxel, "not after the one before it", "each voxel once, in ascending order");
    if (!std::binary_search(body.voxels.begin(), body.voxels.end(), voxel.voxel))
      refuse(body, voxel, "no voxel of the body", "voxels that the body has");
    if (!(std::abs(norm(voxel.normal) - 1) < of_unit))
      refuse(body, voxel, "a normal of length " + format_number(norm(voxel.normal)),
             "a normal of length 1");
    for (const float modulus : {voxel.pressed_MPa, voxel.loose_MPa})
      if (!(modulus > 0) || !std::isfinite(modulus))
        refuse(body, voxel, "a modulus of " + format_number(static_cast<double>(modulus)) + " MPa",
               "moduli above 0");
  }
}

model::VoxelContact limited_by_tissue(const model::VoxelBody& body, model::VoxelContact contact)
{
  for (ContactVoxel& voxel : contact.voxels)
    if (const float tissue = tissue_beyond(body, contact, voxel); tissue > 0)
      voxel.pressed_MPa = std::min(voxel.pressed_MPa, stiffest_on_tissue * tissue);
  return contact;
}

ContactLayer hold_contact(Level& finest, const model::VoxelContact& contact, MPI_Comm comm)
{
  const std::vector<ContactVoxel> list = shared(contact.voxels, comm);
  Bricks& bricks = finest.bricks;
  ContactLayer layer;
  layer.all = list.size();
  for (std::size_t n = 0; n < list.size(); ++n)
  {
    const auto at = indices_of(bricks.size, list[n].voxel);
    const std::int32_t found =
        find_brick(bricks, {at[0] / brick_edge, at[1] / brick_edge, at[2] / brick_edge});
    if (found < 0)
      continue;
    const auto brick = static_cast<std::size_t>(found);
    const int position = voxel_position(at[0] % brick_edge, at[1] % brick_edge, at[2] % brick_edge);
    const std::size_t place = brick * brick_voxels + static_cast<std::size_t>(position);
    bricks.lambda[place] = 0;
    bricks.mu[place] = 0.5F * list[n].loose_MPa;
    layer.number.push_back(n);
    layer.voxels.push_back(term_of(finest, brick, position, list[n]));
    layer.modulus_MPa.push_back(static_cast<double>(list[n].pressed_MPa));
  }
  finest.pressed = layer.voxels;
  return layer;
}

PressedSet pressed_at(const ContactLayer& layer, const std::vector<double>& u)
{
  PressedSet set;
  set.reserve(layer.voxels.size());
  for (const PressedVoxel& voxel : layer.voxels)
    set.push_back(normal_strain(voxel, u.data()) < 0 ? 1 : 0);
  return set;
}

std::vector<PressedVoxel> terms_of(const ContactLayer& layer, const PressedSet& set)
{
  std::vector<PressedVoxel> terms;
  for (std::size_t n = 0; n < set.size(); ++n)
    if (set[n] != 0)
      terms.push_back(layer.voxels[n]);
  return terms;
}

std::uint64_t count_pressed(const PressedSet& set, MPI_Comm comm)
{
  return sum_over_ranks(static_cast<std::uint64_t>(std::count(set.begin(), set.end(), 1)), comm);
}

std::uint64_t count_changes(const PressedSet& a, const PressedSet& b, MPI_Comm comm)
{
  std::uint64_t changes = 0;
  for (std::size_t n = 0; n < a.size(); ++n)
    changes += a[n] != b[n];
  return sum_over_ranks(changes, comm);
}

std::vector<double> gather_pressure(const ContactLayer& layer, const std::vector<double>& u,
                                    MPI_Comm comm)
{
  std::vector<double> pressure(layer.all, 0);
  for (std::size_t n = 0; n < layer.voxels.size(); ++n)
    pressure[layer.number[n]] =
        layer.modulus_MPa[n] * std::max(0.0, -normal_strain(layer.voxels[n], u.data()));
  const bool root = is_root(comm);
  MPI_Reduce(root ? MPI_IN_PLACE : pressure.data(), root ? pressure.data() : nullptr,
             static_cast<int>(layer.all), MPI_DOUBLE, MPI_SUM, 0, comm);
  return root ? pressure : std::vector<double>{};
}

} // namespace calcar::voxel
