#include "anatomy/pelvis.hpp"

#include "anatomy/pelvis_definitions.hpp"
#include "anatomy/pelvis_parts.hpp"
#include "anatomy/pelvis_ring.hpp"
#include "anatomy/population.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double least_confidence = 0.4;
constexpr double least_cut_mm2 = 40; ///< a smaller touch of the border is not called a cut

/// What is known while the bone is being described.
struct Work
{
  const BoneShape& shape;
  const PelvisParts& parts;
  const AnatomyOptions& options;
  std::optional<SymphysealFace> face;
  PelvisFrame frame;
  ObturatorRing ring;
};

const Vec3* given(const AnatomyOptions& options, const std::string& name)
{
  const auto found = options.overrides.find(name);
  return found != options.overrides.end() ? &found->second : nullptr;
}

/// A landmark given by hand, or found.
std::optional<Vec3> place_of(const Work& work, const std::string& name)
{
  const Vec3* by_hand = given(work.options, name);
  return by_hand ? std::optional(*by_hand)
                 : pelvis_landmark(name, work.shape, work.parts, work.frame.frame);
}

/// The spines need directions and give them: a few rounds settle them.
void build_frame(Work& work)
{
  const Vec3* centre = given(work.options, "acetabulum_centre");
  const Vec3 origin = centre ? *centre : work.parts.cup.centre;
  const LaidTemplate& laid = work.parts.laid;
  work.frame.frame = {origin, laid.direction_in_lps({1, 0, 0}), laid.direction_in_lps({0, 1, 0}),
                      laid.direction_in_lps({0, 0, 1})};
  work.face = symphyseal_face(work.shape, work.parts, work.frame.frame.medial);
  for (int round = 0; round < 4; ++round)
  {
    const auto front = place_of(work, "anterior_superior_iliac_spine");
    const auto back = place_of(work, "posterior_superior_iliac_spine");
    work.frame = pelvis_frame(work.parts, work.face, front, back, origin);
  }
}

/// The middle of the face, where it was seen well; of a cut one the place where the standard has
/// it, moved into the plane of the face.
std::optional<Vec3> symphysis(const Work& work)
{
  const auto expected =
      pelvis_landmark("pubic_symphysis", work.shape, work.parts, work.frame.frame);
  if (!expected || !work.face)
  {
    return expected;
  }
  const SymphysealFace& face = *work.face;
  return face.cut ? *expected + dot(face.centre - *expected, face.normal) * face.normal
                  : face.centre;
}

void add_landmarks(const Work& work, BoneAnatomy& bone)
{
  bone.frame = work.frame.frame;
  for (const std::string& name : landmark_names(BoneKind::pelvis))
  {
    std::optional<Vec3> place;
    if (name == "acetabulum_centre")
    {
      place = bone.frame.origin;
    }
    else if (name == "supraacetabular")
    {
      place =
          bone.frame.origin + (work.parts.cup.radius + supraacetabular_mm) * bone.frame.proximal;
    }
    else
    {
      place = name == "pubic_symphysis" ? symphysis(work) : place_of(work, name);
    }
    if (const Vec3* by_hand = given(work.options, name))
    {
      place = *by_hand;
    }
    if (place)
    {
      bone.landmarks[name] = *place;
    }
    else
    {
      bone.absent.push_back(name);
    }
  }
}

void add_cup_measures(const Work& work, BoneAnatomy& bone)
{
  const Frame& f = bone.frame;
  const Vec3 axis = work.parts.rim.axis;
  const double lateral = -dot(axis, f.medial);
  const double forward = dot(axis, f.anterior);
  const double down = -dot(axis, f.proximal);
  const double deviation = std::max(2.0, work.frame.deviation_deg);
  bone.measures["acetabulum_radius_mm"] = {work.parts.cup.radius, 0, "mm", "measured"};
  bone.measures["acetabulum_inclination_deg"] = {geometry::degrees(std::atan2(lateral, down)),
                                                 deviation, "deg", "measured, of the rim"};
  bone.measures["acetabulum_anteversion_deg"] = {
      geometry::degrees(std::asin(std::clamp(forward, -1.0, 1.0))), deviation, "deg",
      "measured, of the rim"};
}

void add_measures(const Work& work, BoneAnatomy& bone)
{
  add_cup_measures(work, bone);
  bone.measures["obturator_ring_closed"] = {work.ring.closed ? 1.0 : 0.0, 0, "1", "measured"};
  const Frame& f = bone.frame;
  const auto from_centre =
      [&](const char* landmark, Vec3 along, double more, const char* measure, double deviation)
  {
    const auto found = bone.landmarks.find(landmark);
    if (found != bone.landmarks.end())
    {
      bone.measures[measure] = {dot(found->second - f.origin, along) + more, deviation, "mm",
                                "measured"};
    }
  };
  const PopulationMean& gap = population_mean("pelvis_population", "symphysis_gap_mm");
  const double half_gap = 0.5 * gap.mean * work.parts.cup.radius / standard_radius();
  from_centre("iliac_crest", f.proximal, 0, "iliac_height_mm", 0);
  from_centre("ischial_tuberosity", -f.proximal, 0, "ischial_height_mm", 0);
  from_centre("pubic_symphysis", f.medial, half_gap, "midplane_distance_mm", 0.5 * gap.deviation);
  const auto front = bone.landmarks.find("anterior_superior_iliac_spine");
  const auto back = bone.landmarks.find("posterior_superior_iliac_spine");
  if (front != bone.landmarks.end() && back != bone.landmarks.end())
  {
    bone.measures["iliac_depth_mm"] = {dot(front->second - back->second, f.anterior), 0, "mm",
                                       "measured"};
  }
  bone.measures["axes_deviation_deg"] = {
      work.frame.deviation_deg, 0, "deg",
      std::string("medial by ") +
          (work.frame.by_face ? "the symphyseal face and the shape of the bone"
                              : "the shape of the bone alone") +
          ", anterior by " +
          (work.frame.by_spines ? "both superior spines" : "the shape of the bone")};
}

/// The centre of the cut through the lower part of the bone, else a point inside the bone at the
/// middle of its lowest centimetre.
Vec3 lower_end(const Work& work)
{
  const Frame& f = work.frame.frame;
  const PelvisCut* lowest = nullptr;
  for (const PelvisCut& cut : work.parts.cuts)
  {
    if (cut.area_mm2 > least_cut_mm2 && dot(cut.outwards, f.proximal) < -0.5 &&
        (!lowest || cut.area_mm2 > lowest->area_mm2))
    {
      lowest = &cut;
    }
  }
  if (lowest)
  {
    return lowest->centre;
  }
  std::vector<Vec3> points;
  for (const SurfacePoint& s : work.parts.surface)
  {
    points.push_back(s.position);
  }
  const Vec3 end = extreme_point(points, -f.proximal, 10);
  return end;
}

double falling(double value, double good, double bad)
{
  return std::clamp((bad - value) / (bad - good), 0.0, 1.0);
}

void rate(const Work& work, BoneAnatomy& bone)
{
  const PelvisParts& p = work.parts;
  const Vec3 s = p.laid.scale;
  const double uneven = std::max({s.x, s.y, s.z}) / std::min({s.x, s.y, s.z});
  const double expected = p.cup.radius / standard_radius();
  const double size = std::cbrt(s.x * s.y * s.z) / expected;
  bone.confidence_parts = {
      {"acetabulum sphere", falling(p.cup.rms / p.cup.radius, 0.04, 0.12)},
      {"acetabulum seen", std::clamp((p.cup.coverage - 0.25) / 0.17, 0.0, 1.0)},
      {"rim of the acetabulum", std::clamp((p.rim.seen - 0.35) / 0.35, 0.0, 1.0)},
      {"shape of a hip bone", falling(p.laid.misfit, 0.2, 0.5)},
      {"proportions", falling(std::max({uneven, size, 1 / size}), 1.2, 1.6)},
      {"side", std::clamp(std::abs(p.side_weight) / 1.5, 0.0, 1.0)},
      {"axes", falling(work.frame.deviation_deg, 3, 12)}};
  const auto least =
      std::min_element(bone.confidence_parts.begin(), bone.confidence_parts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  bone.confidence = least->second;
  if (bone.confidence < least_confidence)
  {
    throw InputError(Fault::data,
                     Problem{work.options.place,
                             "the hip bone is not recognised with confidence: " + least->first +
                                 " scores " + format_number(least->second, 2) + " of 1",
                             "0.4 or more", "check the mask there, or use a finer image", ""});
  }
}

void warn(const Work& work, BoneAnatomy& bone)
{
  const auto tell = [&](const char* code, const std::string& text) {
    bone.warnings.push_back({code, text, work.options.place});
  };
  if (work.shape.left_out > 0.01)
  {
    tell("mask_in_pieces", format_number(100 * work.shape.left_out, 2) +
                               " % of the mask is not connected to the hip bone and was left out");
  }
  if (work.options.orientation == Orientation::patient && bone.frame.proximal.z < std::sqrt(0.5))
  {
    tell("side_by_shape_only",
         "the hip bone does not stand along the patient's axis: its side is told by its shape "
         "alone");
  }
  if (work.parts.cup.coverage < 0.4 || work.parts.rim.seen < 0.75)
  {
    tell("acetabulum_in_part",
         "the acetabulum is seen in part only: its centre rests on " +
             format_number(100 * work.parts.cup.coverage, 2) +
             " % of the sphere (about 50 % of a whole one), and the plane of its rim is less sure");
  }
  if (!work.ring.closed)
  {
    tell("ring_open",
         "the ring of pubis and ischium around the obturator foramen is not closed in the mask: " +
             (work.ring.missing.empty() ? "a gap interrupts it"
                                        : join(work.ring.missing, ", ") + " not seen") +
             "; what is left of it would carry the share of the whole ring");
  }
  if (!work.frame.by_spines)
  {
    tell("axes_by_shape",
         "both superior iliac spines are needed for the frame and one or both are not in the "
         "image: anterior and superior are those of a standard hip bone laid on what is seen, sure "
         "to about " +
             format_number(work.frame.deviation_deg, 2) + " degrees");
  }
}

} // namespace

BoneAnatomy find_pelvis(const image::Mask& mask, const AnatomyOptions& options)
{
  const BoneShape shape = bone_shape(mask, options.place);
  const PelvisParts parts = find_pelvis_parts(shape, options);
  Work work{shape, parts, options, std::nullopt, {}, obturator_ring(shape, parts)};
  build_frame(work);
  BoneAnatomy bone;
  bone.kind = BoneKind::pelvis;
  bone.side = parts.side;
  add_landmarks(work, bone);
  add_measures(work, bone);
  bone.whole = bone.absent.empty() && work.ring.closed &&
               std::none_of(parts.cuts.begin(), parts.cuts.end(),
                            [](const PelvisCut& c) { return c.area_mm2 > least_cut_mm2; });
  bone.shaft_distal = -bone.frame.proximal;
  bone.cut_centre = lower_end(work);
  rate(work, bone);
  warn(work, bone);
  return bone;
}

} // namespace calcar::anatomy
