#include "mesh/bone_surface.hpp"

#include <algorithm>
#include <unordered_map>

namespace calcar::mesh
{
namespace
{
/// A face with what tells whether it is a part of another one.
struct Piece
{
  FaceOfCell face;
  FaceKey key;
  Vec3 middle;
  double size = 0; ///< mm
};

Piece piece_of(const Mesh& mesh, FaceOfCell face)
{
  Piece piece{face, face_key(mesh, face), {}, 0};
  const auto corners = face_corners(mesh, face);
  for (const std::uint32_t corner : corners)
    piece.middle += (1.0 / static_cast<double>(corners.size())) * mesh.points[corner];
  piece.size = norm(mesh.points[corners[2]] - mesh.points[corners[0]]);
  return piece;
}

/// Whether the middle of the large face is a corner of the small one.
bool is_quarter(const Mesh& mesh, const Piece& small, const Piece& large)
{
  constexpr double rounding = 1e-6;
  return std::any_of(small.key.begin(), small.key.end(),
                     [&](std::uint32_t corner)
                     {
                       return corner != no_corner &&
                              norm(mesh.points[corner] - large.middle) < rounding * large.size;
                     });
}

/// The faces of `own` that are a part of one of `others`, or the other way round.
void add_unequal(const Mesh& mesh, const std::vector<Piece>& own, const std::vector<Piece>& others,
                 std::vector<FaceOfCell>& found)
{
  std::unordered_multimap<std::uint32_t, const Piece*> at_corner;
  for (const Piece& other : others)
    for (const std::uint32_t corner : other.key)
      if (corner != no_corner)
        at_corner.emplace(corner, &other);
  const auto meets = [&](const Piece& piece)
  {
    for (const std::uint32_t corner : piece.key)
    {
      const auto [first, last] = at_corner.equal_range(corner);
      if (std::any_of(first, last,
                      [&](const auto& at) {
                        return is_quarter(mesh, *at.second, piece) ||
                               is_quarter(mesh, piece, *at.second);
                      }))
        return true;
    }
    return false;
  };
  for (const Piece& piece : own)
    if (meets(piece))
      found.push_back(piece.face);
}
} // namespace

std::vector<FaceOfCell> bone_surface(const Mesh& mesh, const std::vector<std::uint8_t>& bone,
                                     const std::vector<FaceOfCell>& boundary)
{
  std::vector<FaceOfCell> outer = boundary;
  std::sort(outer.begin(), outer.end());
  std::vector<FaceOfCell> found;
  std::vector<Piece> of_bone, of_others; // with no cell of their size behind them
  const auto faces = sorted_faces(mesh);
  for (std::size_t n = 0; n < faces.size(); ++n)
  {
    const auto& [key, face] = faces[n];
    if (n + 1 < faces.size() && faces[n + 1].first == key)
    {
      const FaceOfCell& behind = faces[++n].second;
      if (bone[face.cell] != bone[behind.cell])
        found.push_back(bone[face.cell] ? face : behind);
    }
    else if (!std::binary_search(outer.begin(), outer.end(), face))
      (bone[face.cell] ? of_bone : of_others).push_back(piece_of(mesh, face));
    else if (bone[face.cell])
      found.push_back(face);
  }
  add_unequal(mesh, of_bone, of_others, found);
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace calcar::mesh
