#include "image/registration.hpp"

#include "base/error.hpp"
#include "geometry/rotation.hpp"
#include "image/box.hpp"
#include "image/mask.hpp"
#include "image/motion_fit.hpp"
#include "image/quiet_itk.hpp"
#include "image/resample.hpp"

#include <itkImage.h>
#include <itkLinearInterpolateImageFunction.h>
#include <itkMattesMutualInformationImageToImageMetric.h>
#include <itkVersorRigid3DTransform.h>
#include <itkVersorRigid3DTransformOptimizer.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace calcar::image
{
namespace
{
constexpr double coarse_mm = 2.5;
constexpr std::size_t fewest_voxels = 1000;
constexpr unsigned histogram_bins = 48;
/// Room about the bone for what a start may be off, mm.
constexpr double around_mm = 25;

using ItkImage = itk::Image<float, 3>;
using Transform = itk::VersorRigid3DTransform<double>;
using Metric = itk::MattesMutualInformationImageToImageMetric<ItkImage, ItkImage>;
using Optimizer = itk::VersorRigid3DTransformOptimizer;

ItkImage::Pointer itk_image(const Volume& volume)
{
  const Grid& grid = volume.grid;
  auto image = ItkImage::New();
  ItkImage::SizeType size;
  ItkImage::DirectionType direction;
  for (unsigned a = 0; a < 3; ++a)
  {
    size[a] = static_cast<itk::SizeValueType>(grid.size[a]);
    for (unsigned b = 0; b < 3; ++b)
      direction(a, b) = grid.direction[a][b];
  }
  image->SetRegions(size);
  image->SetOrigin(itk::Point<double, 3>(std::array{grid.origin.x, grid.origin.y, grid.origin.z}));
  const double spacing[3] = {grid.spacing.x, grid.spacing.y, grid.spacing.z};
  image->SetSpacing(spacing);
  image->SetDirection(direction);
  image->Allocate();
  std::copy(volume.values.begin(), volume.values.end(), image->GetBufferPointer());
  return image;
}

/// Sampled voxels as ITK has them.
Metric::FixedImageIndexContainer samples_of(const Mask& where)
{
  Metric::FixedImageIndexContainer indices;
  for (const std::array<int, 3>& at : sampled_voxels(where))
    indices.push_back({{at[0], at[1], at[2]}});
  return indices;
}

Transform::Pointer transform_of(const RigidMotion& motion, Vec3 centre)
{
  auto transform = Transform::New();
  transform->SetCenter(itk::Point<double, 3>(std::array{centre.x, centre.y, centre.z}));
  itk::Matrix<double, 3, 3> matrix;
  for (unsigned a = 0; a < 3; ++a)
    for (unsigned b = 0; b < 3; ++b)
      matrix(a, b) = motion.turn[a][b];
  transform->SetMatrix(matrix, 1e-6);
  const Vec3 move = motion(centre) - centre;
  Transform::OutputVectorType translation;
  for (unsigned a = 0; a < 3; ++a)
    translation[a] = move[a];
  transform->SetTranslation(translation);
  return transform;
}

RigidMotion motion_of(const Transform& transform)
{
  RigidMotion motion;
  for (unsigned a = 0; a < 3; ++a)
  {
    for (unsigned b = 0; b < 3; ++b)
      motion.turn[a][b] = transform.GetMatrix()(a, b);
    motion.shift[a] = transform.GetOffset()[a];
  }
  return motion;
}

/// Both scans at one resolution.
class Level
{
public:
  Level(const Volume& fixed, const Mask& where, const Volume& moving)
      : samples_(samples_of(where)), centre_(centroid(where)), fixed_(itk_image(fixed)),
        moving_(itk_image(moving))
  {
    const Vec3 extent = where.grid.point({double(where.grid.size[0]), double(where.grid.size[1]),
                                          double(where.grid.size[2])}) -
                        where.grid.point({0, 0, 0});
    radius_ = 0.3 * norm(extent);
  }

  /// The end of an ascent from a start; nothing when the scans do not even touch there.
  std::optional<Registration> climb(const RigidMotion& start, double first_mm, double last_mm) const
  {
    auto transform = transform_of(start, centre_);
    auto metric = Metric::New();
    metric->SetFixedImage(fixed_);
    metric->SetMovingImage(moving_);
    metric->SetFixedImageRegion(fixed_->GetBufferedRegion());
    metric->SetTransform(transform);
    metric->SetInterpolator(itk::LinearInterpolateImageFunction<ItkImage, double>::New());
    metric->SetNumberOfHistogramBins(histogram_bins);
    metric->SetFixedImageIndexes(samples_);
    auto optimizer = Optimizer::New();
    Optimizer::ScalesType scales(6);
    for (unsigned p = 0; p < 6; ++p)
      scales[p] = p < 3 ? 1 : 1 / (4 * radius_ * radius_); // so that a step is in mm
    optimizer->SetScales(scales);
    optimizer->SetMinimize(true);
    optimizer->SetMaximumStepLength(first_mm);
    optimizer->SetMinimumStepLength(last_mm);
    optimizer->SetRelaxationFactor(0.7);
    optimizer->SetGradientMagnitudeTolerance(1e-8);
    optimizer->SetNumberOfIterations(300);
    try
    {
      metric->Initialize();
      optimizer->SetCostFunction(metric);
      optimizer->SetInitialPosition(transform->GetParameters());
      optimizer->StartOptimization();
      transform->SetParameters(optimizer->GetCurrentPosition());
      Registration found;
      found.motion = motion_of(*transform);
      found.mutual_information = -metric->GetValue(transform->GetParameters());
      return found;
    }
    catch (const itk::ExceptionObject&) // all samples map outside the moving scan
    {
      return std::nullopt;
    }
  }

private:
  Metric::FixedImageIndexContainer samples_;
  Vec3 centre_;
  double radius_ = 0; ///< about that of gyration, mm
  ItkImage::Pointer fixed_;
  ItkImage::Pointer moving_;
};

/// Where a box of places lies after a motion: the part of the scan about it.
Volume part_about(const Volume& scan, const Mask& where, const std::vector<RigidMotion>& starts)
{
  Box box{scan.grid.size, {-1, -1, -1}};
  const Box own = bounding_box(where);
  for (const RigidMotion& start : starts)
    for (int corner = 0; corner < 8; ++corner)
    {
      Vec3 index;
      for (std::size_t a = 0; a < 3; ++a)
        index[a] = (corner >> a & 1) != 0 ? own.high[a] : own.low[a];
      const Vec3 there = scan.grid.index(start(where.grid.point(index)));
      for (std::size_t a = 0; a < 3; ++a)
      {
        const double last = scan.grid.size[a] - 1;
        box.low[a] = std::min(box.low[a], static_cast<int>(std::clamp(there[a], 0.0, last)));
        box.high[a] = std::max(box.high[a], static_cast<int>(std::clamp(there[a], 0.0, last)));
      }
    }
  return crop(scan, grown(box, scan.grid, around_mm));
}

/// The grid of a volume with voxels of at least `size_mm`.
Grid coarser(const Grid& grid, double size_mm)
{
  Grid result = grid;
  Vec3 first;
  for (std::size_t a = 0; a < 3; ++a)
  {
    const double factor = std::max(1.0, size_mm / grid.spacing[a]);
    result.size[a] = std::max(2, static_cast<int>(std::floor(grid.size[a] / factor)));
    result.spacing[a] = grid.spacing[a] * factor;
    first[a] = 0.5 * (factor - 1);
  }
  result.origin = grid.point(first);
  return result;
}

void measure(const Volume& fixed, const Mask& where, const Volume& moving, Registration& found)
{
  constexpr float nothing = std::numeric_limits<float>::quiet_NaN();
  const Volume there = moved_onto(fixed.grid, moving, found.motion, nothing);
  double n = 0, all = 0, a = 0, b = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t v = 0; v < where.values.size(); ++v)
  {
    if (!where.values[v])
      continue;
    all += 1;
    const auto x = static_cast<double>(fixed.values[v]), y = static_cast<double>(there.values[v]);
    if (!std::isfinite(y))
      continue;
    n += 1, a += x, b += y, aa += x * x, bb += y * y, ab += x * y;
  }
  found.inside = n / all;
  const double spread = (aa - a * a / n) * (bb - b * b / n);
  found.correlation = n > 1 && spread > 0 ? (ab - a * b / n) / std::sqrt(spread) : 0;
}

[[noreturn]] void refuse(const std::string& place, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::data, {place, given, allowed, remedy, ""});
}
} // namespace

RigidMotion inverse(const RigidMotion& motion)
{
  const Mat3 back = transpose(motion.turn);
  return {back, -(back * motion.shift)};
}

double turn_deg(const RigidMotion& motion)
{
  const double trace = motion.turn[0].x + motion.turn[1].y + motion.turn[2].z;
  return geometry::degrees(std::acos(std::clamp(0.5 * (trace - 1), -1.0, 1.0)));
}

MotionDifference difference(const RigidMotion& a, const RigidMotion& b, const Mask& where)
{
  MotionDifference result;
  double n = 0;
  for (int k = 0; k < where.grid.size[2]; ++k)
    for (int j = 0; j < where.grid.size[1]; ++j)
      for (int i = 0; i < where.grid.size[0]; ++i)
        if (where.at(i, j, k))
        {
          const Vec3 p = where.grid.point({double(i), double(j), double(k)});
          const double apart = norm(a(p) - b(p));
          result.rms_mm += apart * apart;
          result.most_mm = std::max(result.most_mm, apart);
          n += 1;
        }
  result.rms_mm = n > 0 ? std::sqrt(result.rms_mm / n) : 0;
  return result;
}

Registration register_rigid(const Volume& fixed, const Mask& where, const Volume& moving,
                            const std::vector<RigidMotion>& starts, const std::string& place)
{
  if (count(where) < fewest_voxels)
    refuse(place, std::to_string(count(where)) + " voxels of the bone are left to compare",
           "at least " + std::to_string(fewest_voxels), "the lesions must leave bone beside them");
  const QuietItk quiet;
  const Box box = grown(bounding_box(where), where.grid, coarse_mm);
  const Volume near = crop(fixed, box);
  const Mask here = crop(where, box);
  const Volume part = part_about(moving, where, starts);
  const Grid coarse = coarser(near.grid, coarse_mm);
  const Mask coarse_where = resample_mask(here, coarse);
  const Level low(resample(near, coarse), coarse_where,
                  resample(part, coarser(part.grid, coarse_mm)));
  std::vector<RigidMotion> ends;
  std::optional<Registration> best;
  for (std::size_t s = 0; s < starts.size(); ++s)
    if (auto end = low.climb(starts[s], 4, 0.05))
    {
      ends.push_back(end->motion);
      end->start = s;
      if (!best || end->mutual_information > best->mutual_information)
        best = end;
    }
  const auto fine = best ? Level(near, here, part).climb(best->motion, 0.8, 0.005) : std::nullopt;
  if (!fine)
    refuse(place, "the two scans do not show the same place from any of the starts",
           "two scans of one bone", "check image and mask of both");
  Registration found = *fine;
  found.start = best->start;
  found.motion = sharpened(near, here, part, fine->motion);
  for (const RigidMotion& end : ends)
    found.agreeing +=
        difference(end, found.motion, coarse_where).rms_mm < Registration::agree_mm ? 1 : 0;
  measure(near, here, moving, found);
  return found;
}

Volume moved_onto(const Grid& grid, const Volume& scan, const RigidMotion& motion, float outside)
{
  Volume result{grid, std::vector<float>(grid.voxels(), outside), {}};
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
        result.at(i, j, k) =
            sample_linear(scan, motion(grid.point({double(i), double(j), double(k)})), outside);
  return result;
}

} // namespace calcar::image
