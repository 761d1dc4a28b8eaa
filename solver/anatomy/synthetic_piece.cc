#include "anatomy/synthetic_piece.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

Vec3 at(const SyntheticBody& body, const char* landmark)
{
  return body.landmarks.at(landmark);
}

/// Level at a share of the way from one landmark to another, along the bone.
double level(const SyntheticBody& body, const char* from, const char* to, double share)
{
  const double start = at(body, from).z;
  return start + share * (at(body, to).z - start);
}

Crop above(double z)
{
  Crop crop;
  crop.from.z = z;
  return crop;
}

Crop below(double z)
{
  Crop crop;
  crop.to.z = z;
  return crop;
}

/// Four head radii of shaft below the lesser trochanter: nearly 10 cm.
Crop proximal_femur(const SyntheticBody& body)
{
  return above(at(body, "lesser_trochanter").z - 4 * body.measures.at("head_radius_mm").value);
}

Crop proximal_tibia(const SyntheticBody& body)
{
  return above(level(body, "knee_centre", "ankle_centre", 0.4));
}

Crop distal_tibia(const SyntheticBody& body)
{
  return below(level(body, "ankle_centre", "knee_centre", 0.35));
}

Crop proximal_humerus(const SyntheticBody& body)
{
  return above(level(body, "humeral_head_centre", "elbow_centre", 0.35));
}

Crop distal_humerus(const SyntheticBody& body)
{
  return below(level(body, "elbow_centre", "humeral_head_centre", 0.4));
}

/// The body alone: cut behind its posterior wall, which is hollow, through the pedicles.
Crop vertebral_body(const SyntheticBody& body)
{
  const double wall = at(body, "posterior_wall").y;
  Crop crop;
  crop.from.y = wall - 0.13 * (at(body, "anterior_wall").y - wall);
  return crop;
}

/// Acetabulum, ischium and pubis; the upper part of the ilium is cut off.
Crop lower_pelvis(const SyntheticBody& body)
{
  return below(level(body, "acetabulum_centre", "iliac_crest", 0.5));
}

/// The side of the chest: what lies not further before and behind the most lateral point than two
/// thirds of the way to the angle.
Crop lateral_rib(const SyntheticBody& body)
{
  const Vec3 lateral = at(body, "lateral_point");
  const double reach = 0.67 * std::abs(at(body, "rib_angle").y - lateral.y);
  Crop crop;
  crop.from.y = lateral.y - reach;
  crop.to.y = lateral.y + reach;
  crop.to.x = 0.5 * (lateral.x + at(body, "rib_head").x); // the neck turns forward again
  return crop;
}

/// A piece of the right side, the most lateral point in its middle.
Crop parietal(const SyntheticBody& body)
{
  const Vec3 centre = at(body, "cranial_centre");
  const Vec3 side = at(body, "right_parietal");
  const double half = 0.6 * (side.x - centre.x);
  Crop crop;
  crop.from = {centre.x + 0.5 * (side.x - centre.x), side.y - half, side.z - half};
  crop.to.y = side.y + half;
  crop.to.z = side.z + half;
  return crop;
}

Crop vault(const SyntheticBody& body)
{
  return above(level(body, "cranial_centre", "vertex", 0.3));
}

struct Piece
{
  BoneKind kind;
  const char* name;
  Crop (*crop)(const SyntheticBody&);
};

constexpr Piece pieces[] = {
    {BoneKind::femur, "proximal", proximal_femur},
    {BoneKind::tibia, "proximal", proximal_tibia},
    {BoneKind::tibia, "distal", distal_tibia},
    {BoneKind::humerus, "proximal", proximal_humerus},
    {BoneKind::humerus, "distal", distal_humerus},
    {BoneKind::vertebra, "body", vertebral_body},
    {BoneKind::pelvis, "lower", lower_pelvis},
    {BoneKind::rib, "lateral", lateral_rib},
    {BoneKind::skull, "parietal", parietal},
    {BoneKind::skull, "vault", vault},
};

[[noreturn]] void refuse(const SyntheticBody& body, const std::string& given,
                         const std::vector<std::string>& known, const std::string& remedy)
{
  throw InputError(Fault::command, Problem{"crop of a synthetic " + to_string(body.kind), given,
                                           join(known), remedy, ""});
}

} // namespace

std::vector<std::string> piece_names(BoneKind kind)
{
  std::vector<std::string> names;
  for (const Piece& piece : pieces)
  {
    if (piece.kind == kind)
    {
      names.emplace_back(piece.name);
    }
  }
  return names;
}

Crop piece_of(const SyntheticBody& body, const std::string& name)
{
  for (const Piece& piece : pieces)
  {
    if (piece.kind == body.kind && name == piece.name)
    {
      return piece.crop(body);
    }
  }
  const auto known = piece_names(body.kind);
  refuse(body, "unknown piece \"" + name + "\"", known, suggestion(name, known));
}

void keep_along(const SyntheticBody& body, const std::string& direction, double from, double to,
                Crop& crop)
{
  const auto& known = direction_names(body.kind);
  if (std::find(known.begin(), known.end(), direction) == known.end())
  {
    refuse(body, "unknown direction \"" + direction + "\"", known, suggestion(direction, known));
  }
  if (!(from < to))
  {
    refuse(body, direction + " from " + format_number(from) + " to " + format_number(to),
           {"a range whose end is larger than its start, mm from the frame's origin"},
           "exchange the numbers");
  }
  const Frame own{{}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  const Vec3 d = anatomy::direction(own, direction);
  for (std::size_t a = 0; a < 3; ++a)
  {
    if (d[a] != 0)
    {
      crop.from[a] = body.origin[a] + (d[a] > 0 ? from : -to);
      crop.to[a] = body.origin[a] + (d[a] > 0 ? to : -from);
    }
  }
}

} // namespace calcar::anatomy
