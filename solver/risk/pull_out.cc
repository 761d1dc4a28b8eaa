#include "risk/pull_out.hpp"

#include "base/files.hpp"
#include "geometry/rotation.hpp"
#include "implant/path.hpp"
#include "risk/voxel_at.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace calcar::risk
{
namespace
{
constexpr int directions = 16;   ///< about the screw
constexpr double step_mm = 0.25; ///< along it
constexpr double least_mm = 1;   ///< of thread in bone, else the screw holds nothing

/// A part of the thread that no other hardware holds, along the axis.
struct Part
{
  double from_mm = 0;
  double to_mm = 0;
  double strength_N = 0;
  double in_bone_mm = 0;
};

/// Looks at what lies about a screw.
struct Surroundings
{
  const implant::Component& screw;
  std::size_t index;
  const model::HardwareVoxels& hardware;
  const model::VoxelModel& body;
  implant::Path path;
  double ring_mm; ///< distance from the axis where bone is looked for

  /// Whether metal of another component holds the screw here.
  bool is_held(double s) const
  {
    const auto at = voxel_at(hardware.grid, hardware.voxels, path.point(s));
    return at && hardware.component[*at] != index &&
           hardware.tissue[*at] == model::TissueKind::metal;
  }

  /// Mean compressive strength about the screw, MPa, and the share of the turn that is bone.
  std::pair<double, double> bone_about(double s) const
  {
    const Vec3 first = geometry::any_perpendicular(path.tangent(s));
    const Vec3 second = cross(path.tangent(s), first);
    double strength = 0;
    int bone = 0;
    for (int n = 0; n < directions; ++n)
    {
      const double turn = 2 * geometry::pi * n / directions;
      const auto at = voxel_at(body.body.grid, body.body.voxels,
                               path.point(s) + ring_mm * std::cos(turn) * first +
                                   ring_mm * std::sin(turn) * second);
      if (!at || body.tissue[*at] != model::TissueKind::bone)
        continue;
      strength += static_cast<double>(body.compressive_strength[*at]);
      ++bone;
    }
    return {strength / directions, static_cast<double>(bone) / directions};
  }
};

/// The parts of a thread from `from_mm` to the tip; `per_MPa` is the strength in N of a millimetre
/// of thread for 1 MPa of the bone's compressive strength.
std::vector<Part> parts_of(const Surroundings& about, double from_mm, double per_MPa)
{
  std::vector<Part> parts;
  const double length = about.path.length();
  const int steps = std::max(1, static_cast<int>(std::ceil((length - from_mm) / step_mm)));
  const double step = (length - from_mm) / steps;
  bool open = false;
  for (int n = 0; n < steps; ++n)
  {
    const double s = from_mm + (n + 0.5) * step;
    if (about.is_held(s))
    {
      open = false;
      continue;
    }
    if (!open)
      parts.push_back({s - 0.5 * step, s, 0, 0});
    open = true;
    const auto [strength, share] = about.bone_about(s);
    parts.back().to_mm = s + 0.5 * step;
    parts.back().strength_N += per_MPa * strength * step;
    parts.back().in_bone_mm += share * step;
  }
  return parts;
}

/// Axial force at the end of a part that other hardware holds, on the straight line through the two
/// places next to it: between them and the end the bone takes some, too.
double at_held_end(double end_mm, const analysis::SectionForce& next,
                   const analysis::SectionForce& after)
{
  const double slope = (next.axial_N - after.axial_N) / (next.at_mm - after.at_mm);
  return next.axial_N + slope * (end_mm - next.at_mm);
}

/// The axial forces along a part and at its ends: 0 at a free one. Places whose slab reaches into
/// the hardware at a held end are left out.
std::vector<double> axial_along(const Part& part, double length,
                                const std::vector<analysis::SectionForce>& all)
{
  const double half = all.size() > 1 ? 0.5 * std::abs(all[1].at_mm - all[0].at_mm) : 0;
  const bool free_start = part.from_mm < 1e-6;
  const bool free_end = part.to_mm > length - 1e-6;
  const double from = part.from_mm + (free_start ? -1e-6 : half - 1e-6);
  const double to = part.to_mm - (free_end ? -1e-6 : half - 1e-6);
  std::vector<analysis::SectionForce> along;
  std::copy_if(all.begin(), all.end(), std::back_inserter(along),
               [&](const analysis::SectionForce& f) { return f.at_mm >= from && f.at_mm <= to; });
  std::vector<double> axial;
  for (const analysis::SectionForce& force : along)
    axial.push_back(force.axial_N);
  const std::size_t count = along.size();
  if (free_start)
    axial.push_back(0);
  else if (count > 1)
    axial.push_back(at_held_end(part.from_mm, along[0], along[1]));
  if (free_end)
    axial.push_back(0);
  else if (count > 1)
    axial.push_back(at_held_end(part.to_mm, along[count - 1], along[count - 2]));
  return axial;
}

/// The greatest difference of the axial force within a part.
double handed_over(const Part& part, double length, const std::vector<analysis::SectionForce>& all)
{
  const std::vector<double> axial = axial_along(part, length, all);
  if (axial.empty())
    return 0;
  const auto [least, most] = std::minmax_element(axial.begin(), axial.end());
  return *most - *least;
}

Thread read_thread(const Table& entry)
{
  Thread thread;
  const std::string kind = entry.choice("kind", implant::component_names());
  const auto& names = implant::component_names();
  thread.kind = static_cast<implant::ComponentKind>(std::find(names.begin(), names.end(), kind) -
                                                    names.begin());
  thread.outer_over_bar = entry.number("outer_over_bar");
  entry.require(thread.outer_over_bar >= 1, "outer_over_bar", "at least 1");
  thread.depth_over_outer = entry.number("depth_over_outer");
  entry.require(thread.depth_over_outer > 0 && thread.depth_over_outer < 0.5, "depth_over_outer",
                "a share between 0 and 0.5");
  thread.pitch_mm = entry.number("pitch_mm");
  entry.require(thread.pitch_mm > 0, "pitch_mm", "more than 0 mm");
  thread.length_mm = entry.maybe_number("length_mm");
  entry.require(thread.length_mm.value_or(1) > 0, "length_mm", "more than 0 mm");
  thread.source = entry.text("source");
  thread.doubt = material::doubt(material::read_status(entry));
  return thread;
}
} // namespace

PullOutRules read_pull_out(const Table& table)
{
  PullOutRules rules;
  rules.record = material::read_record(table);
  rules.thread_base = table.number("thread_base");
  rules.thread_slope = table.number("thread_slope");
  table.require(rules.thread_base > 0, "thread_base", "more than 0");
  table.require(rules.thread_slope >= 0, "thread_slope", "0 or more");
  const Table shear = table.table("shear");
  shear.known({"note"});
  rules.shear_over_compression = shear.number("share_of_compression");
  shear.require(rules.shear_over_compression > 0 && rules.shear_over_compression <= 1,
                "share_of_compression", "a share between 0 and 1");
  rules.shear_source = shear.text("source");
  rules.shear_doubt = material::doubt(material::read_status(shear));
  for (const Table& entry : table.tables("thread"))
    rules.threads.push_back(read_thread(entry));
  table.check();
  return rules;
}

PullOutRules pull_out_rules()
{
  return read_pull_out(
      Table::read(data_file("materials/fixation", "pull_out", "data of fixations", "")));
}

const Thread* thread_of(const PullOutRules& rules, implant::ComponentKind kind)
{
  const auto found = std::find_if(rules.threads.begin(), rules.threads.end(),
                                  [&](const Thread& thread) { return thread.kind == kind; });
  return found == rules.threads.end() ? nullptr : &*found;
}

std::optional<PullOut> pull_out(const implant::Fixation& fixation, std::size_t index,
                                const model::HardwareVoxels& hardware,
                                const model::VoxelModel& body,
                                const std::vector<analysis::SectionForce>& forces,
                                const PullOutRules& rules)
{
  const implant::Component& screw = fixation.components[index];
  const Thread* thread = thread_of(rules, screw.kind);
  if (!thread || screw.axis.size() < 2)
    return std::nullopt;
  const double outer = thread->outer_over_bar * 2 * screw.radius_mm;
  const double shape =
      rules.thread_base + rules.thread_slope * thread->depth_over_outer * outer / thread->pitch_mm;
  const double per_MPa = rules.shear_over_compression * geometry::pi * outer * shape;
  const Vec3 spacing = body.body.grid.spacing;
  const Surroundings about{screw,
                           index,
                           hardware,
                           body,
                           implant::Path(screw.axis),
                           0.5 * outer + 0.5 * std::max({spacing.x, spacing.y, spacing.z})};
  const double length = about.path.length();
  const double from = std::max(0.0, length - thread->length_mm.value_or(length));
  std::optional<PullOut> worst;
  for (const Part& part : parts_of(about, from, per_MPa))
  {
    const PullOut one{handed_over(part, length, forces), part.strength_N, part.in_bone_mm};
    if (one.in_bone_mm < least_mm || one.strength_N <= 0)
      continue;
    if (!worst || one.utilisation() > worst->utilisation())
      worst = one;
  }
  return worst;
}

} // namespace calcar::risk
