#include "image/histogram_peak.hpp"

#include "base/text.hpp"
#include "base/vec3.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace calcar::image
{
namespace
{
constexpr double lowest = -1400, highest = 400, bin_hu = 2;
constexpr double upper_part = 0.6; ///< of the top: what the Gaussian is fitted to
constexpr int attempts = 4;        ///< with more and more smoothing
constexpr double more_smoothing = 1.5;

/// The Gaussian through the points x (HU from the top) with height h, weighted by h^2.
struct Gaussian
{
  double position;
  double variance;
};

std::optional<Gaussian> fit_gaussian(const std::vector<double>& x, const std::vector<double>& h)
{
  double m[5] = {}, r[3] = {}; // weighted moments of x, and with ln h
  for (std::size_t i = 0; i < x.size(); ++i)
  {
    double power = h[i] * h[i];
    for (int p = 0; p < 5; ++p, power *= x[i])
    {
      m[p] += power;
      if (p < 3)
        r[p] += power * std::log(h[i]);
    }
  }
  const Mat3 a = {Vec3{m[0], m[1], m[2]}, Vec3{m[1], m[2], m[3]}, Vec3{m[2], m[3], m[4]}};
  const Vec3 right = {r[0], r[1], r[2]};
  const double whole = determinant(a);
  if (x.size() < 3 || !(std::abs(whole) > 0))
    return std::nullopt;
  const double b =
      determinant({Vec3{m[0], r[0], m[2]}, Vec3{m[1], r[1], m[3]}, Vec3{m[2], r[2], m[4]}}) / whole;
  const double c = determinant({Vec3{m[0], m[1], right.x}, Vec3{m[1], m[2], right.y},
                                Vec3{m[2], m[3], right.z}}) /
                   whole;
  if (!(c < 0))
    return std::nullopt;
  return Gaussian{-b / (2 * c), -1 / (2 * c)};
}

std::string in_words(const std::array<double, 2>& window)
{
  return "between " + format_number(window[0]) + " and " + format_number(window[1]) + " HU";
}

using Bins = std::vector<double>;

double least(const Bins& s, std::size_t first, std::size_t last)
{
  return *std::min_element(s.begin() + static_cast<std::ptrdiff_t>(first),
                           s.begin() + static_cast<std::ptrdiff_t>(last) + 1);
}

bool rises(const Bins& s, std::size_t top, const std::array<double, 2>& window, double rise)
{
  const double reach = 0.5 * (window[1] - window[0]) + 40; // a valley lies no further than that
  const auto first = Histogram::bin(window[0] - reach), last = Histogram::bin(window[1] + reach);
  return s[top] >= rise * std::max(least(s, first, top), least(s, top, last));
}

/// The Gaussian through what lies above 60 % of a top.
std::optional<Gaussian> gaussian_at(const Bins& s, std::size_t top)
{
  std::size_t low = top, high = top;
  while (low > 0 && s[low - 1] > upper_part * s[top])
    --low;
  while (high + 1 < s.size() && s[high + 1] > upper_part * s[top])
    ++high;
  std::vector<double> x, h;
  for (std::size_t b = low; b <= high; ++b)
  {
    x.push_back(Histogram::centre(b) - Histogram::centre(top));
    h.push_back(s[b] / s[top]);
  }
  return fit_gaussian(x, h);
}

double voxels_between(const Histogram& histogram, double low, double high)
{
  double sum = 0;
  for (std::size_t b = Histogram::bin(low); b <= Histogram::bin(high); ++b)
    sum += histogram.counts()[b];
  return sum;
}

std::string attempt(const Histogram& histogram, const std::array<double, 2>& window,
                    const PeakRules& rules, double smoothing, Peak& peak)
{
  const Bins s = histogram.smoothed(smoothing);
  const auto first = Histogram::bin(window[0]), last = Histogram::bin(window[1]);
  const auto top =
      static_cast<std::size_t>(std::max_element(s.begin() + static_cast<std::ptrdiff_t>(first),
                                                s.begin() + static_cast<std::ptrdiff_t>(last) + 1) -
                               s.begin());
  if (top == first || top == last || !rises(s, top, window, rules.rise))
    return "the histogram has no peak " + in_words(window);
  const std::optional<Gaussian> fit = gaussian_at(s, top);
  if (!fit || std::abs(fit->position) > smoothing + std::sqrt(fit->variance))
    return "the peak " + in_words(window) + " has no clear top";
  peak.width = std::sqrt(std::max(fit->variance - smoothing * smoothing, 0.25));
  peak.position = Histogram::centre(top) + fit->position;
  peak.skewness = fit->position;
  constexpr double half_height = 1.18; // of a Gaussian, in standard deviations
  peak.voxels = voxels_between(histogram, peak.position - half_height * peak.width,
                               peak.position + half_height * peak.width);
  return "";
}
} // namespace

Histogram::Histogram() : counts_(static_cast<std::size_t>((highest - lowest) / bin_hu)) {}

double Histogram::centre(std::size_t bin)
{
  return lowest + (static_cast<double>(bin) + 0.5) * bin_hu;
}

std::size_t Histogram::bin(double hounsfield)
{
  const double n = std::floor((std::clamp(hounsfield, lowest, highest) - lowest) / bin_hu);
  return std::min(static_cast<std::size_t>(n),
                  static_cast<std::size_t>((highest - lowest) / bin_hu) - 1);
}

void Histogram::add(float value)
{
  const auto v = static_cast<double>(value);
  if (v >= lowest && v < highest)
    counts_[bin(v)] += 1;
}

std::vector<double> Histogram::smoothed(double deviation_hu) const
{
  const double sigma = deviation_hu / bin_hu;
  const int reach = static_cast<int>(std::ceil(4 * sigma));
  std::vector<double> kernel;
  double sum = 0;
  for (int d = -reach; d <= reach; ++d)
    sum += kernel.emplace_back(std::exp(-0.5 * d * d / (sigma * sigma)));
  std::vector<double> result(counts_.size());
  const int n = static_cast<int>(counts_.size());
  for (int i = 0; i < n; ++i)
    for (int d = -reach; d <= reach; ++d)
      if (i + d >= 0 && i + d < n)
        result[static_cast<std::size_t>(i)] += kernel[static_cast<std::size_t>(d + reach)] / sum *
                                               counts_[static_cast<std::size_t>(i + d)];
  return result;
}

std::string find_peak(const Histogram& histogram, const std::array<double, 2>& window,
                      const PeakRules& rules, Peak& peak)
{
  const double held = voxels_between(histogram, window[0], window[1]);
  if (held < rules.least_voxels)
    return "only " + format_number(held) + " voxels of the image lie " + in_words(window);
  std::string reason = "?";
  double smoothing = rules.smoothing;
  for (int n = 0; n < attempts && !reason.empty(); ++n, smoothing *= more_smoothing)
    reason = attempt(histogram, window, rules, smoothing, peak);
  if (reason.empty() && peak.voxels < rules.least_voxels)
    return "the peak " + in_words(window) + " holds only " + format_number(peak.voxels) + " voxels";
  return reason;
}

} // namespace calcar::image
