#include "anatomy/pelvis_ring.hpp"

#include "anatomy/pelvis_body.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace calcar::anatomy
{

namespace
{

constexpr double around = 1.85;     ///< acetabular radii taken away with the acetabulum
constexpr double above = 0.8;       ///< and what lies higher than so many
constexpr double clearly_mm = 15;   ///< nearer to the one stump than to the other
constexpr std::size_t fewest = 2;   ///< voxels in which a piece meets what was taken away
constexpr double least_seen = 0.65; ///< of the points of a part, to call it seen

/// The bone's voxels in coordinates of the standard hip bone.
Vec3 place_of(const BoneShape& shape, const LaidTemplate& laid, int i, int j, int k)
{
  return laid.to_standard(shape.mask.grid.point({1.0 * i, 1.0 * j, 1.0 * k}));
}

/// The mask without the acetabulum and what is above it.
image::Mask lower_part(const BoneShape& shape, const LaidTemplate& laid)
{
  const double radius = standard_radius();
  image::Mask left = shape.mask;
  const image::Grid& g = left.grid;
  for (int k = 0; k < g.size[2]; ++k)
    for (int j = 0; j < g.size[1]; ++j)
      for (int i = 0; i < g.size[0]; ++i)
      {
        if (left.at(i, j, k) == 0)
        {
          continue;
        }
        const Vec3 p = place_of(shape, laid, i, j, k);
        if (norm(p) < around * radius || p.z > above * radius)
        {
          left.at(i, j, k) = 0;
        }
      }
  return left;
}

bool beside_taken(const BoneShape& shape, const image::Mask& left, int i, int j, int k)
{
  constexpr std::array<std::array<int, 3>, 6> steps = {
      {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}};
  return std::any_of(steps.begin(), steps.end(),
                     [&](const auto& step)
                     {
                       const int a = i + step[0];
                       const int b = j + step[1];
                       const int c = k + step[2];
                       return left.grid.contains(a, b, c) && shape.mask.at(a, b, c) != 0 &&
                              left.at(a, b, c) == 0;
                     });
}

/// Voxels in which a piece meets the acetabulum's surroundings, at the pubis and at the ischium.
struct Stumps
{
  std::size_t pubis = 0;
  std::size_t ischium = 0;
};

bool is_closed(const BoneShape& shape, const LaidTemplate& laid)
{
  const image::Mask left = lower_part(shape, laid);
  const image::Pieces pieces = image::connected_pieces(left, image::Neighbours::faces);
  std::vector<Stumps> stumps(pieces.voxels.size());
  const Vec3 pubis = standard_landmarks().at("pubic_symphysis");
  const Vec3 ischium = standard_landmarks().at("ischial_tuberosity");
  const image::Grid& g = left.grid;
  for (int k = 0; k < g.size[2]; ++k)
    for (int j = 0; j < g.size[1]; ++j)
      for (int i = 0; i < g.size[0]; ++i)
      {
        if (left.at(i, j, k) == 0 || !beside_taken(shape, left, i, j, k))
        {
          continue;
        }
        const Vec3 p = place_of(shape, laid, i, j, k);
        const double nearer = norm(p - ischium) - norm(p - pubis);
        Stumps& piece = stumps[static_cast<std::size_t>(pieces.labels.at(i, j, k) - 1)];
        piece.pubis += nearer > clearly_mm ? 1 : 0;
        piece.ischium += nearer < -clearly_mm ? 1 : 0;
      }
  return std::any_of(stumps.begin(), stumps.end(),
                     [](const Stumps& s) { return s.pubis >= fewest && s.ischium >= fewest; });
}

/// Points along the middle of each part of the ring, in the frame of the standard.
std::vector<std::pair<std::string, std::vector<Vec3>>> parts_of_ring()
{
  const PelvisBody& b = standard_body();
  const auto pubis = [&](double x, double y, double z) {
    return from_design(b, on_pubis(b, {x, y, z}));
  };
  const auto ischium = [&](double x, double y, double z) {
    return from_design(b, on_ischium(b, {x, y, z}));
  };
  return {
      {"the ischium", {ischium(15, -29, -32), ischium(18, -38, -45), ischium(20, -44, -62)}},
      {"the ischiopubic ramus",
       {ischium(26, -31, -57), pubis(38, -20, -58), pubis(49, -8, -60), pubis(59, 6, -51)}},
      {"the body of the pubis", {pubis(69, 21, -42), pubis(71, 36, -27), pubis(70, 44, -18)}},
      {"the upper ramus of the pubis", {pubis(38, 32, -2), pubis(45, 36, -4), pubis(58, 42, -9)}}};
}

} // namespace

ObturatorRing obturator_ring(const BoneShape& shape, const PelvisParts& parts)
{
  ObturatorRing ring;
  ring.closed = is_closed(shape, parts.ring);
  if (ring.closed)
  {
    return ring;
  }
  const double tolerance = std::max(4 * parts.cup.radius / standard_radius(), shape.voxel_mm);
  for (const auto& [name, points] : parts_of_ring())
  {
    const auto seen =
        std::count_if(points.begin(), points.end(),
                      [&](Vec3 p) { return bone_near(shape, parts.ring.to_lps(p), tolerance); });
    if (static_cast<double>(seen) < least_seen * static_cast<double>(points.size()))
    {
      ring.missing.push_back(name);
    }
  }
  return ring;
}

} // namespace calcar::anatomy
