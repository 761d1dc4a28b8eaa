#include "anatomy/synthetic_femur.hpp"

#include "anatomy/femur_body.hpp"
#include "anatomy/population.hpp"
#include "anatomy/synthetic_raster.hpp"
#include "anatomy/synthetic_scanner.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double child_scale = 0.55; ///< smallest lengths of a child over those of an adult
constexpr double margin_mm = 8;      ///< of soft tissue around the bone

/// The level below which nothing is kept.
double cut_level(const FemurBody& body)
{
  return body.shape.proximal_mm > 0 ? body.top_z - body.shape.proximal_mm
                                    : body.bottom_z - margin_mm;
}

/// The corners of a box that holds the whole femur.
struct FemurBox
{
  Vec3 low;
  Vec3 high;
};

FemurBox box_of(const FemurBody& body)
{
  const double k = body.scale;
  const double bow_middle = bow(body, 0.5 * body.notch_z) + 1.3 * body.shape.shaft_radius_mm;
  const double head = body.head.y + body.shape.head_radius_mm;
  return {
      {-45 * k, -42 * k, body.bottom_z},
      {body.head.x + body.shape.head_radius_mm, std::max({40 * k, head, bow_middle}), body.top_z}};
}

/// The grid around what is kept of the bone, axes along LPS.
image::Grid grid_around(const FemurBody& body, const Pose& pose)
{
  FemurBox box = box_of(body);
  box.low.z = std::max(cut_level(body), box.low.z);
  const Extent extent = extent_of(pose, box.low, box.high, identity());
  image::Grid grid;
  const double h = body.shape.voxel_mm;
  grid.spacing = {h, h, h};
  grid.origin = extent.from - Vec3{margin_mm, margin_mm, margin_mm};
  for (std::size_t a = 0; a < 3; ++a)
  {
    grid.size[a] = static_cast<int>(std::ceil((extent.to[a] + margin_mm - grid.origin[a]) / h)) + 1;
  }
  return grid;
}

std::map<std::string, Measure> measures_of(const FemurShape& shape)
{
  const auto exact = [](double value, const char* unit) {
    return Measure{value, 0, unit, "made so"};
  };
  return {{"head_radius_mm", exact(shape.head_radius_mm, "mm")},
          {"neck_shaft_angle_deg", exact(shape.neck_shaft_angle_deg, "deg")},
          {"version_deg", exact(shape.version_deg, "deg")},
          {"length_mm", exact(shape.length_mm, "mm")}};
}

/// Centres of the shaft every 10 mm from below the lesser trochanter to a level.
std::vector<Vec3> centres_down_to(const FemurBody& body, double end)
{
  std::vector<Vec3> centres;
  const double start = body.lesser_tip.z - 0.5 * body.shape.head_radius_mm;
  for (double z = start; z > std::max(end, body.notch_z + 20 * body.scale); z -= 10)
  {
    centres.push_back({0, bow(body, z), z});
  }
  return centres;
}

BoneAnatomy truth_of(const FemurBody& body, const Pose& pose)
{
  BoneAnatomy truth;
  const FemurShape& shape = body.shape;
  const double cut = cut_level(body);
  truth.side = shape.side;
  truth.whole = shape.proximal_mm <= 0;
  truth.frame = {pose.at_lps, pose.to_lps * Vec3{1, 0, 0}, pose.to_lps * Vec3{0, 1, 0},
                 pose.to_lps * Vec3{0, 0, 1}};
  const auto landmarks = body_landmarks(body);
  for (const std::string& name : landmark_names(BoneKind::femur))
  {
    const Vec3 p = landmarks.at(name);
    const bool needs_whole = name == "midshaft_centre" || name == "isthmus";
    if (p.z > cut && (truth.whole || !needs_whole))
    {
      truth.landmarks[name] = pose.lps(p);
    }
    else
    {
      truth.absent.push_back(name);
    }
  }
  truth.shaft_distal = pose.to_lps * normalized(Vec3{0, -bow_slope(body, -82 * body.scale), -1});
  for (const Vec3& centre : centres_down_to(body, cut))
  {
    truth.shaft_centres.push_back(pose.lps(centre));
  }
  truth.measures = measures_of(shape);
  truth.confidence = 1;
  const double end = std::max(cut, body.bottom_z);
  // Of a whole bone a point inside the condyles, just above the roof of the notch.
  truth.cut_centre =
      truth.whole ? pose.lps(landmarks.at("intercondylar_notch") + Vec3{0, 0, 6 * body.scale})
                  : pose.lps({0, bow(body, end), end});
  return truth;
}

void need(bool condition, const std::string& what, double value, const std::string& allowed)
{
  if (!condition)
  {
    throw InputError(Fault::command, Problem{"synthetic femur", what + " = " + format_number(value),
                                             allowed, "choose a value inside", ""});
  }
}

void within(const std::string& what, double value, double low, double high)
{
  need(value >= low && value <= high, what, value,
       format_number(low) + " to " + format_number(high));
}

/// `small`: by how much the smallest lengths may fall below an adult's.
void check(const FemurShape& s, double small = 1)
{
  within("head_radius_mm", s.head_radius_mm, 15 * small, 32);
  within("length_mm", s.length_mm, 10 * s.head_radius_mm, 600);
  within("neck_shaft_angle_deg", s.neck_shaft_angle_deg, 105, 150);
  within("version_deg", s.version_deg, -20, 45);
  within("shaft_radius_mm", s.shaft_radius_mm, 8 * small, 20);
  within("bow_radius_mm", s.bow_radius_mm, 500 * small, 5000);
  within("cortex_midshaft_mm", s.cortex_midshaft_mm, small, 0.8 * s.shaft_radius_mm);
  within("density_level", s.density_level, 0, 2);
  within("voxel_mm", s.voxel_mm, 0.3, 5);
  need(s.proximal_mm <= 0 || s.proximal_mm >= 3.5 * s.head_radius_mm, "proximal_mm", s.proximal_mm,
       "0 for the whole bone, or at least 3.5 head radii");
}

void check(const FemurTissue& tissue)
{
  within("cortical_density_g_cm3", tissue.cortical_g_cm3, 0.3, 2);
  within("trabecular_density_g_cm3", tissue.trabecular_g_cm3, 0, 0.8);
  within("marrow_density_g_cm3", tissue.marrow_g_cm3, -0.2, 0.3);
  within("cortex_thin_mm", tissue.cortex_thin_mm, 0.2, 5);
  within("cortex_calcar_mm", tissue.cortex_calcar_mm, 0.2, 10);
}

/// The femur as shapes for the scan; the functions hold a copy of the body.
SyntheticBody bone_of(const FemurBody& body)
{
  SyntheticBody bone;
  bone.kind = BoneKind::femur;
  bone.side = body.shape.side;
  bone.distance = [body](Vec3 p) { return distance(body, p); };
  bone.density = [body](Vec3 p, double depth) { return density_inside(body, p, depth); };
  bone.cortex_mm = [body](Vec3 p) { return cortex_thickness(body, p); };
  const FemurBox box = box_of(body);
  bone.low = box.low;
  bone.high = box.high;
  bone.origin = body.head;
  bone.landmarks = body_landmarks(body);
  bone.measures = measures_of(body.shape);
  bone.shaft_centres = centres_down_to(body, body.bottom_z);
  return bone;
}

} // namespace

FemurShape standard_femur(Side side)
{
  const auto mean = [](const char* key) { return population_mean("synthetic_femur", key).mean; };
  FemurShape shape;
  shape.side = side;
  shape.length_mm = mean("length_mm");
  shape.head_radius_mm = mean("head_radius_mm");
  shape.neck_shaft_angle_deg = mean("neck_shaft_angle_deg");
  shape.version_deg = mean("version_deg");
  shape.shaft_radius_mm = mean("shaft_radius_mm");
  shape.bow_radius_mm = mean("bow_radius_mm");
  shape.cortex_midshaft_mm = mean("cortex_midshaft_mm");
  return shape;
}

SyntheticFemur make_femur(const FemurShape& shape)
{
  check(shape);
  const FemurBody body = femur_body(shape);
  const Pose pose = pose_of(shape.side, shape.rotation, body.head, shape.head_centre);
  SyntheticFemur scan;
  scan.volume.grid = scan.labels.grid = grid_around(body, pose);
  scan.volume.values.assign(scan.volume.grid.voxels(),
                            static_cast<float>(scanner_constant("soft_tissue_density_g_cm3")));
  scan.labels.values.assign(scan.volume.grid.voxels(), 0);
  const double cut = cut_level(body);
  rasterise(bone_of(body), pose, scan.volume, scan.labels, [cut](Vec3 p) { return p.z >= cut; });
  if (shape.output == ScanOutput::hounsfield)
  {
    close_with_skin(scan.volume, Faces{});
    to_hounsfield(scan.volume);
  }
  scan.truth = truth_of(body, pose);
  return scan;
}

SyntheticBody make_femur_bone(const SyntheticPerson& person, const Dimensions& dimensions)
{
  FemurShape shape;
  shape.side = person.side;
  shape.length_mm = dimensions.at("length_mm");
  shape.head_radius_mm = dimensions.at("head_radius_mm");
  shape.neck_shaft_angle_deg = dimensions.at("neck_shaft_angle_deg");
  shape.version_deg = dimensions.at("version_deg");
  shape.shaft_radius_mm = dimensions.at("shaft_radius_mm");
  shape.bow_radius_mm = dimensions.at("bow_radius_mm");
  shape.cortex_midshaft_mm = dimensions.at("cortex_midshaft_mm");
  const FemurTissue tissue = {dimensions.at("cortical_density_g_cm3"),
                              dimensions.at("trabecular_density_g_cm3"),
                              dimensions.at("marrow_density_g_cm3"),
                              dimensions.at("cortex_thin_mm"), dimensions.at("cortex_calcar_mm")};
  check(shape, person.age_years ? child_scale : 1);
  check(tissue);
  SyntheticBody bone = bone_of(femur_body(shape, tissue));
  if (person.age_years)
  {
    const double thickness = population_mean("synthetic_people", "growth_plate_mm").mean;
    bone.growth_plate = [body = femur_body(shape, tissue), thickness](Vec3 p)
    { return in_growth_plate(body, p, thickness); };
  }
  return bone;
}

} // namespace calcar::anatomy
