#pragma once

#include "risk/vertebra_probe.hpp"

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace calcar::risk
{

/// Where a vertebral body is measured; materials/spine/collapse.toml.
struct BodyZones
{
  /// Of the body's depth, from the posterior (0) to the anterior wall (1).
  std::array<double, 2> anterior{}, middle{}, posterior{};
  double strip = 0;    ///< width of the strip along the midline in which they lie, of the body's
  double rim_from = 0; ///< of an endplate: 0 in its middle, 1 at its outline
  double centre_to = 0;
};

/// A line through the body along its cranial axis, from endplate to endplate.
struct BodyColumn
{
  double depth = 0;  ///< 0 at the posterior, 1 at the anterior wall
  double across = 0; ///< -1 at the left, 1 at the right edge
  double out = 0;    ///< 0 in the middle of the section, 1 at its outline
  SurfaceHit top, bottom;

  double height() const { return top.at.z - bottom.at.z; }
};

/// The canal's outline at one height: points around it in equal angles, the first towards the
/// front. Nothing where the ring is open there.
struct CanalSection
{
  double z = 0;
  std::vector<Vec3> outline;                   ///< closed by the narrowest of other sections
  std::vector<std::optional<SurfaceHit>> bone; ///< what bounds it there
};

/// A vertebra as it is measured, undeformed; coordinates as in VertebraProbe.
struct VertebraForm
{
  BodyZones zones;
  double depth = 0;                      ///< of the body in the midline, mm
  double width = 0;                      ///< of the body, mm
  double posterior_y = 0;                ///< of the posterior wall at mid-height
  double inferior_z = 0, superior_z = 0; ///< of the endplates' middles
  std::array<int, 2> raster{};           ///< lines across and along the depth
  std::vector<BodyColumn> columns;       ///< inside the walls
  std::vector<std::int32_t> column_at;   ///< of each line of the raster, across first: -1 for none
  std::vector<SurfaceHit> wall;          ///< the posterior wall between the pedicles
  std::vector<CanalSection> canal;       ///< from the inferior to the superior endplate
  std::vector<SurfaceHit> still;         ///< what the wall's motion is told against
  bool against_arch = false;             ///< that is the arch; else the body as a whole
};

/// Measures the form of a vertebra; nothing when the endplates are not to be found in the voxels
/// (they are too coarse for it).
std::optional<VertebraForm> vertebra_form(const VertebraProbe& probe, const BodyZones& zones);

/// How high in the body a point lies: 0 on the inferior, 1 on the superior endplate below or above
/// it.
double height_share(const VertebraForm& form, Vec3 local);

/// Heights of a vertebral body between its endplates, mm.
struct BodyHeights
{
  double anterior = 0, middle = 0, posterior = 0; ///< in the midline
  double right = 0, left = 0;                     ///< of the lateral quarters of its width
  double mean = 0;                                ///< of the whole body
};

/// The form of a vertebra under load, small displacements being added to it; without any, as it is.
struct VertebraMeasures
{
  BodyHeights heights;
  double wedge_deg = 0;         ///< between the endplates in the midline; positive: lower in front
  double lateral_wedge_deg = 0; ///< positive: lower on the right
  double superior_depression_mm = 0; ///< how far its middle has gone in beyond the plane of its rim
  double inferior_depression_mm = 0;
  double bulge_mm = 0; ///< the posterior wall's largest motion towards the canal against `still`
  std::optional<double> canal_mm2;    ///< of its narrowest section; nothing where no ring is seen
  std::optional<double> canal_lost;   ///< the largest share of its area that a section has lost
  std::optional<double> canal_height; ///< of the narrowest section: 0 inferior, 1 superior endplate
};

/// `displacement`: of the nodes of the body (VertebraProbe::moved); empty: undeformed.
BodyHeights heights_of(const VertebraProbe& probe, const VertebraForm& form,
                       std::span<const Vec3> displacement);

/// The same, and all else that is measured.
VertebraMeasures measure(const VertebraProbe& probe, const VertebraForm& form,
                         std::span<const Vec3> displacement);

} // namespace calcar::risk
