#include "risk/bone_zones.hpp"

#include "implant/path.hpp"
#include "model/lattice.hpp"
#include "risk/ball_mean.hpp"
#include "risk/component_stress.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace calcar::risk
{
namespace
{
using implant::Component;
using implant::ComponentKind;

double distance_to(Vec3 from, Vec3 to, Vec3 point)
{
  const Vec3 along = to - from;
  const double length2 = dot(along, along);
  const double share = length2 > 0 ? std::clamp(dot(point - from, along) / length2, 0.0, 1.0) : 0;
  return norm(point - from - share * along);
}

/// The screws of a plate that are nearest to its two ends.
std::vector<const Component*> last_screws(const implant::Fixation& fixation, const Component& plate)
{
  const implant::Path path(plate.axis);
  const Component* first = nullptr;
  const Component* last = nullptr;
  for (const Component& one : fixation.components)
  {
    const bool joined =
        std::find(one.joined.begin(), one.joined.end(), plate.name) != one.joined.end();
    if (!joined || !is_screw(one.kind))
      continue;
    const auto at = [&](const Component* c) { return path.nearest(c->axis.front()); };
    if (!first || at(&one) < at(first))
      first = &one;
    if (!last || at(&one) > at(last))
      last = &one;
  }
  return first ? std::vector{first, last} : std::vector<const Component*>{};
}

/// Bone voxels with their places in the body's arrays.
struct BoneVoxels
{
  std::vector<std::uint64_t> voxels;
  std::vector<std::size_t> place;
};

template <typename Keep>
BoneVoxels bone_where(const model::VoxelModel& model, const Keep& keep)
{
  BoneVoxels bone;
  for (std::size_t n = 0; n < model.tissue.size(); ++n)
    if (model.tissue[n] == model::TissueKind::bone && keep(n))
    {
      bone.voxels.push_back(model.body.voxels[n]);
      bone.place.push_back(n);
    }
  return bone;
}

/// The worst of a zone.
struct ZoneWorst
{
  double value = 0;
  std::size_t place = 0; ///< voxel of the body
};

constexpr std::size_t zones = 4; ///< the first values of FailureMode

/// The utilisation field, averaged over small balls: the worst of each zone, and the value at one
/// element.
struct ZoneField
{
  std::array<ZoneWorst, zones> worst;
  double at_element = 0;
};

ZoneField zone_field(const model::VoxelModel& model, const BoneZones& where,
                     const std::vector<double>& field, std::optional<std::size_t> element)
{
  const model::VoxelBody& body = model.body;
  const BoneVoxels judged = bone_where(model, [&](std::size_t n) { return field[n] > 0; });
  std::vector<double> values;
  for (const std::size_t n : judged.place)
    values.push_back(field[n]);
  const std::vector<double> means =
      ball_means<double>(body.grid, judged.voxels, values, small_ball_mm);
  ZoneField result;
  for (std::size_t n = 0; n < means.size(); ++n)
  {
    const std::size_t place = judged.place[n];
    const FailureMode mode = where.at(model::voxel_centre(body.grid, body.voxels[place]));
    ZoneWorst& zone = result.worst[static_cast<std::size_t>(mode)];
    if (means[n] > zone.value)
      zone = {means[n], place};
    if (element == place)
      result.at_element = means[n];
  }
  return result;
}

FailureMode largest(const std::array<ZoneWorst, zones>& worst)
{
  const auto most =
      std::max_element(worst.begin(), worst.end(),
                       [](const ZoneWorst& a, const ZoneWorst& b) { return a.value < b.value; });
  return static_cast<FailureMode>(most - worst.begin());
}
} // namespace

bool is_near(const lesion::PlacedLesion& lesion, Vec3 point, double by_mm)
{
  return norm(point - lesion.centre) <= lesion.reach_mm + by_mm &&
         lesion.solid.distance(point) <= by_mm;
}

BoneZones::BoneZones(const implant::Fixation& fixation,
                     const std::vector<lesion::PlacedLesion>& lesions)
    : lesions_(lesions)
{
  const bool beyond_image = std::any_of(fixation.warnings.begin(), fixation.warnings.end(),
                                        [](const auto& w) { return w.code == "beyond_image"; });
  const auto add_end = [&](Vec3 at) { ends_.push_back({at, at, beside_end_mm}); };
  for (const Component& one : fixation.components)
  {
    if (one.axis.size() < 2)
      continue;
    if (one.kind == ComponentKind::nail && !beyond_image)
      add_end(one.axis.back());
    if (one.kind == ComponentKind::plate || one.kind == ComponentKind::stem)
    {
      add_end(one.axis.front());
      add_end(one.axis.back());
      for (const Component* screw : last_screws(fixation, one))
        ends_.push_back({screw->axis.front(), screw->axis.back(), beside_end_mm});
    }
    if (is_screw(one.kind) || one.kind == ComponentKind::blade)
      screws_.push_back({one.axis.front(), one.axis.back(), one.radius_mm + beside_screw_mm});
  }
}

bool BoneZones::beside_lesion(Vec3 point) const
{
  return std::any_of(lesions_.begin(), lesions_.end(),
                     [&](const lesion::PlacedLesion& lesion)
                     { return is_near(lesion, point, beside_lesion_mm); });
}

FailureMode BoneZones::at(Vec3 point) const
{
  const auto beside = [&](const std::vector<Line>& lines)
  {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const Line& line)
                       { return distance_to(line.from, line.to, point) <= line.within_mm; });
  };
  if (beside_lesion(point))
    return FailureMode::bone_at_lesion;
  if (beside(ends_))
    return FailureMode::bone_at_implant_end;
  return beside(screws_) ? FailureMode::bone_at_screws : FailureMode::bone_elsewhere;
}

std::vector<ModeUtilisation> bone_modes(const FixedBody& fixed, const ActivityAssessment& bone)
{
  const model::VoxelBody& body = fixed.body.body;
  if (bone.criteria.empty() || bone.utilisation_field.size() != body.voxels.size())
    return {};
  const CriterionResult& headline = bone.criteria.front();
  const BoneZones where(fixed.fixation, fixed.lesions);
  const ZoneField field = zone_field(fixed.body, where, bone.utilisation_field, headline.element);
  const FailureMode most =
      headline.location ? where.at(headline.location->point) : largest(field.worst);
  const double there =
      field.at_element > 0 ? field.at_element : field.worst[static_cast<std::size_t>(most)].value;
  const double scale = there > 0 ? headline.utilisation / there : 0;
  std::vector<ModeUtilisation> modes;
  for (std::size_t z = 0; z < zones; ++z)
  {
    const auto mode = static_cast<FailureMode>(z);
    const ZoneWorst& zone = field.worst[z];
    if (mode != most && !(zone.value > 0))
      continue;
    const double utilisation =
        mode == most ? headline.utilisation : std::min(headline.utilisation, scale * zone.value);
    const bool is_headline = mode == most && headline.location;
    modes.push_back(
        {mode, utilisation,
         is_headline
             ? headline.location->words
             : anatomy::locate(fixed.bone, model::voxel_centre(body.grid, body.voxels[zone.place]))
                   .words});
  }
  return modes;
}

double strain_near_lesions(const FixedBody& fixed, const analysis::Response& response)
{
  if (fixed.lesions.empty())
    return 0;
  const model::VoxelBody& body = fixed.body.body;
  const auto near = [&](std::size_t n, double by_mm)
  {
    const Vec3 point = model::voxel_centre(body.grid, body.voxels[n]);
    return std::any_of(fixed.lesions.begin(), fixed.lesions.end(),
                       [&](const auto& lesion) { return is_near(lesion, point, by_mm); });
  };
  const BoneVoxels around = bone_where(fixed.body, [&](std::size_t n)
                                       { return near(n, beside_lesion_mm + small_ball_mm); });
  std::vector<SymTensor> strains;
  for (const std::size_t n : around.place)
    strains.push_back(response.strain[n]);
  const std::vector<SymTensor> means =
      ball_means<SymTensor>(body.grid, around.voxels, strains, small_ball_mm);
  double most = 0;
  for (std::size_t n = 0; n < means.size(); ++n)
  {
    if (!near(around.place[n], beside_lesion_mm))
      continue;
    const auto values = eigenvalues(means[n]);
    most = std::max({most, std::abs(values[0]), std::abs(values[2])});
  }
  return most;
}

} // namespace calcar::risk
