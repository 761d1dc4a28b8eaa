#include "image/structure_set.hpp"

#include "base/error.hpp"
#include "base/provenance.hpp"
#include "base/text.hpp"
#include "image/contour_fill.hpp"
#include "image/dicom_object.hpp"
#include "image/mask.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::image
{
namespace
{
constexpr double flat_mm = 0.1;    ///< how far a contour's points may lie off its plane
constexpr double one_plane = 0.02; ///< of a slice: contours nearer than this lie in one plane

/// The contours of one plane, in indices of the CT.
struct Plane
{
  double k = 0; ///< continuous slice index
  std::vector<Contour> contours;
};

struct Region
{
  std::string name;
  std::string frame;
};

Region find_region(DicomObject& object, int number)
{
  std::string list;
  for (DcmItem* item : items_of(object.data_set(), DCM_StructureSetROISequence))
  {
    const int found = count_of(*item, DCM_ROINumber);
    const std::string name = text_of(*item, DCM_ROIName);
    if (found == number)
      return {name, text_of(*item, DCM_ReferencedFrameOfReferenceUID)};
    list += (list.empty() ? "" : ", ") + std::to_string(found) + " \"" + name + "\"";
  }
  object.refuse("no region of interest has number " + std::to_string(number),
                list.empty() ? "" : "the regions: " + list, "choose the region of the bone");
}

/// Puts a contour into its plane.
void take_contour(const DicomObject& object, const Space& ct, const std::vector<double>& data,
                  std::vector<Plane>& planes)
{
  Contour contour;
  double low = 0, high = 0;
  for (std::size_t n = 0; n + 2 < data.size(); n += 3)
  {
    const Vec3 index = ct.grid.index({data[n], data[n + 1], data[n + 2]});
    low = n == 0 ? index.z : std::min(low, index.z);
    high = n == 0 ? index.z : std::max(high, index.z);
    contour.push_back({index.x, index.y});
  }
  if ((high - low) * ct.grid.spacing.z > flat_mm)
    object.refuse("a contour does not lie in a slice of the CT: its points are up to " +
                      format_number((high - low) * ct.grid.spacing.z, 3) + " mm apart across it",
                  "contours in the slices of the CT",
                  "export the structure set on the axial slices, or as a label image");
  const double k = 0.5 * (low + high);
  const auto same =
      std::ranges::find_if(planes, [k](const Plane& p) { return std::abs(p.k - k) < one_plane; });
  if (same == planes.end())
    planes.push_back({k, {std::move(contour)}});
  else
    same->contours.push_back(std::move(contour));
}

std::vector<Plane> read_planes(DicomObject& object, const Space& ct, int number, int& left_out)
{
  std::vector<Plane> planes;
  for (DcmItem* roi : items_of(object.data_set(), DCM_ROIContourSequence))
  {
    if (count_of(*roi, DCM_ReferencedROINumber) != number)
      continue;
    for (DcmItem* item : items_of(*roi, DCM_ContourSequence))
    {
      const std::string type = text_of(*item, DCM_ContourGeometricType);
      if (!type.starts_with("CLOSED_PLANAR"))
      {
        ++left_out;
        continue;
      }
      const std::vector<double> data = numbers_of(*item, DCM_ContourData);
      const int points = count_of(*item, DCM_NumberOfContourPoints);
      if (data.size() % 3 != 0 || data.size() < 9 ||
          (points >= 0 && static_cast<std::size_t>(points) * 3 != data.size()))
        object.refuse("a contour of region " + std::to_string(number) + " holds " +
                          std::to_string(data.size()) + " numbers for " + std::to_string(points) +
                          " points",
                      "three numbers a point, three points and more");
      take_contour(object, ct, data, planes);
    }
  }
  std::ranges::sort(planes, {}, &Plane::k);
  return planes;
}

/// The distance of the planes in slices: the smallest; 1 for a single plane.
double plane_step(const std::vector<Plane>& planes)
{
  double step = 1e9;
  for (std::size_t p = 1; p < planes.size(); ++p)
    step = std::min(step, planes[p].k - planes[p - 1].k);
  return planes.size() < 2 ? 1 : step;
}

void warn_of_gaps(const std::vector<Plane>& planes, const Space& ct, double step,
                  LabelInput& result)
{
  for (std::size_t p = 1; p < planes.size(); ++p)
    if (const double gap = planes[p].k - planes[p - 1].k; gap > 1.5 * std::max(step, 1.0))
      result.warnings.push_back({"contours_missing",
                                 "the region \"" + result.name + "\" has no contour over " +
                                     format_number(gap * ct.grid.spacing.z, 3) + " mm from z = " +
                                     format_number(ct.grid.point({0, 0, planes[p - 1].k}).z) +
                                     " mm: left empty there",
                                 result.mask.source.path});
}

/// Fills the slices that a plane stands for.
void fill(const std::vector<Plane>& planes, double step, Mask& mask)
{
  const double reach = 0.5 * std::max(step, 1.0) + 1e-6;
  const auto [nx, ny, nz] = mask.grid.size;
  const std::size_t slice = static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny);
  const Plane* filled = nullptr;
  std::vector<float> share;
  for (int k = 0; k < nz; ++k)
  {
    const auto nearest =
        std::ranges::min_element(planes, {}, [k](const Plane& p) { return std::abs(p.k - k); });
    if (std::abs(nearest->k - k) > reach)
      continue;
    if (filled != &*nearest)
      share = inside_share(nearest->contours, nx, ny);
    filled = &*nearest;
    const std::size_t first = mask.grid.offset(0, 0, k);
    for (std::size_t p = 0; p < slice; ++p)
      mask.values[first + p] = share[p] >= 0.5f - 1e-6f ? 1 : 0;
  }
}

/// Points of the contours that lie outside the CT.
double share_outside(const std::vector<Plane>& planes, const Grid& grid)
{
  std::size_t outside = 0, all = 0;
  for (const Plane& plane : planes)
    for (const Contour& contour : plane.contours)
      for (const auto& p : contour)
      {
        const Vec3 index = {p[0], p[1], plane.k};
        bool in = true;
        for (std::size_t a = 0; a < 3; ++a)
          in = in && index[a] >= -0.5 && index[a] <= grid.size[a] - 0.5;
        outside += in ? 0 : 1;
        ++all;
      }
  return static_cast<double>(outside) / static_cast<double>(all);
}
} // namespace

LabelInput read_structure(const Space& ct, const std::filesystem::path& file, int number)
{
  DicomObject object(file);
  const Region region = find_region(object, number);
  require_same_frame(ct, region.frame, object.place());
  LabelInput result;
  result.name = region.name;
  int left_out = 0;
  const std::vector<Plane> planes = read_planes(object, ct, number, left_out);
  if (planes.empty())
    object.refuse("the region " + std::to_string(number) + " \"" + region.name +
                      "\" has no closed contour",
                  "", "choose another region");
  result.mask = {
      ct.grid, std::vector<std::uint8_t>(ct.grid.voxels()), {object.place(), sha256_of(file)}};
  const double step = plane_step(planes);
  fill(planes, step, result.mask);
  const double outside = share_outside(planes, ct.grid);
  if (count(result.mask) == 0)
    object.refuse("the region \"" + region.name + "\" covers no voxel of the CT: its grid is " +
                      grid_in_words(ct.grid),
                  "a region drawn on this CT", "give the structure set of this CT");
  if (outside > 0)
    result.warnings.push_back({"contours_outside",
                               format_number(100 * outside, 2) + " % of the points of region \"" +
                                   region.name + "\" lie outside the CT",
                               object.place()});
  if (left_out > 0)
    result.warnings.push_back({"contours_left_out",
                               std::to_string(left_out) + " points or open contours of region \"" +
                                   region.name + "\" were left out",
                               object.place()});
  warn_of_gaps(planes, ct, step, result);
  return result;
}

} // namespace calcar::image
