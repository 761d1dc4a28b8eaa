#include "anatomy/femoral_head.hpp"

#include "anatomy/sphere_on_bone.hpp"
#include "geometry/rotation.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::anatomy
{

namespace
{

constexpr double smallest_mm = 8;
constexpr double largest_mm = 40;
constexpr double radius_step_mm = 2;
constexpr int net_size = 240;

struct Candidate
{
  Vec3 centre;
  double radius = 0;
  double votes = 0; ///< per area of the sphere
};

/// The three best centres of each radius, all sorted by their votes.
std::vector<Candidate> hough(const std::vector<SurfacePoint>& surface)
{
  const std::size_t stride = std::max<std::size_t>(1, surface.size() / 6000);
  std::vector<Candidate> candidates;
  for (double radius = smallest_mm; radius <= largest_mm; radius += radius_step_mm)
  {
    VoteGrid votes = empty_votes(surface, 4);
    for (std::size_t n = 0; n < surface.size(); n += stride)
    {
      vote(votes, surface[n].position - radius * surface[n].normal, 1);
    }
    for (const VotedPlace& place : most_voted(votes, 3, 10))
    {
      candidates.push_back({place.centre, radius, place.votes / (radius * radius)});
    }
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.votes > b.votes; });
  candidates.resize(std::min<std::size_t>(candidates.size(), 14));
  return candidates;
}

std::optional<FemoralHead> refine(const BoneShape& shape, const Candidate& start)
{
  SphereSearch search;
  search.smallest_mm = 0.7 * smallest_mm;
  search.largest_mm = 1.2 * largest_mm;
  search.finest_mm = std::max(1.5, 0.75 * shape.voxel_mm);
  search.net = net_size;
  const auto sphere = refine_sphere(shape.surface, start.centre, start.radius, search);
  if (!sphere)
  {
    return std::nullopt;
  }
  Vec3 sum;
  for (const Vec3& d : sphere->open)
  {
    sum += d;
  }
  FemoralHead head;
  head.centre = sphere->centre;
  head.radius = sphere->radius;
  head.rms = sphere->rms;
  head.coverage = sphere->coverage;
  head.open = sphere->open;
  head.towards_neck = norm(sum) > 1e-9 ? normalized(sum) : Vec3{0, 0, -1};
  return head;
}

} // namespace

double dome_seen(const FemoralHead& head, Vec3 towards_neck)
{
  const double rim = std::cos(geometry::radians(80));
  const auto on_dome = [&](const Vec3& d) { return dot(d, towards_neck) < rim; };
  const std::vector<Vec3> net = even_directions(net_size);
  const auto all = std::count_if(net.begin(), net.end(), on_dome);
  const auto open = std::count_if(head.open.begin(), head.open.end(), on_dome);
  return 1 - static_cast<double>(open) / static_cast<double>(all);
}

std::optional<FemoralHead> find_femoral_head(const BoneShape& shape)
{
  std::optional<FemoralHead> best;
  for (const Candidate& candidate : hough(shape.surface))
  {
    const auto head = refine(shape, candidate);
    if (head && head->coverage > 0.2 && (!best || head->coverage > best->coverage))
    {
      best = head;
    }
  }
  return best;
}

} // namespace calcar::anatomy
