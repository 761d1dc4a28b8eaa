#include "lesion/candidates.hpp"

#include "anatomy/bone_template.hpp"
#include "base/files.hpp"
#include "base/table.hpp"
#include "base/text.hpp"
#include "image/distance.hpp"
#include "image/mask.hpp"
#include "material/data_record.hpp"

#include <algorithm>
#include <cmath>

namespace calcar::lesion
{
namespace
{
/// materials/lesions/candidates.toml.
struct Search
{
  double average_mm = 0;
  double difference_g_cm3 = 0;
  double least_radius_mm = 0;
  double least_volume_mm3 = 0;
  std::size_t most = 0;
  std::string trust, template_trust; ///< in words
};

Search read_search()
{
  const Table table = Table::read(data_file("materials/lesions", "candidates", "lesion data", ""));
  material::read_record(table);
  Search search;
  search.average_mm = table.number("average_mm");
  search.difference_g_cm3 = table.number("difference_g_cm3");
  search.least_radius_mm = table.number("least_radius_mm");
  search.least_volume_mm3 = table.number("least_volume_mm3");
  search.most = static_cast<std::size_t>(std::max(0, table.integer("most")));
  search.trust = table.text("trust");
  search.template_trust = table.text("template_trust");
  table.check();
  return search;
}

/// Where bone and reference are known, the difference between them.
struct Difference
{
  image::Mask known;
  image::Volume value; ///< g/cm^3; 0 where not known
};

double median(std::vector<float> values)
{
  if (values.empty())
    return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return static_cast<double>(*middle);
}

/// The difference without what is typical of the whole bone, of its cortex and of the rest apart.
Difference difference_of(const Ground& ground, const image::Volume& reference)
{
  Difference result{ground.mask, {ground.mask.grid, {}, {}}};
  std::vector<float>& value = result.value.values;
  value.assign(ground.mask.values.size(), 0.0F);
  std::vector<float> typical[2];
  const auto is_cortex = [&](std::size_t n)
  { return static_cast<double>(reference.values[n]) >= cortex_rule().from_g_cm3; };
  for (std::size_t n = 0; n < value.size(); ++n)
  {
    result.known.values[n] = ground.mask.values[n] && std::isfinite(reference.values[n]) ? 1 : 0;
    if (!result.known.values[n])
      continue;
    value[n] = ground.density.values[n] - reference.values[n];
    typical[is_cortex(n) ? 1 : 0].push_back(value[n]);
  }
  const double shift[2] = {median(std::move(typical[0])), median(std::move(typical[1]))};
  for (std::size_t n = 0; n < value.size(); ++n)
    if (result.known.values[n])
      value[n] -= static_cast<float>(shift[is_cortex(n) ? 1 : 0]);
  return result;
}

/// Sums over 2 reach + 1 voxels along one axis, in place.
void sum_along(image::Volume& volume, std::size_t axis, int reach)
{
  const auto& size = volume.grid.size;
  const int length = size[axis];
  const std::size_t others[2] = {(axis + 1) % 3, (axis + 2) % 3};
  std::vector<double> line(static_cast<std::size_t>(length) + 1);
  for (int b = 0; b < size[others[1]]; ++b)
    for (int a = 0; a < size[others[0]]; ++a)
    {
      int at[3] = {0, 0, 0};
      at[others[0]] = a;
      at[others[1]] = b;
      const auto here = [&](int n) -> float&
      {
        at[axis] = n;
        return volume.at(at[0], at[1], at[2]);
      };
      line[0] = 0;
      for (int n = 0; n < length; ++n)
        line[static_cast<std::size_t>(n) + 1] =
            line[static_cast<std::size_t>(n)] + static_cast<double>(here(n));
      for (int n = 0; n < length; ++n)
      {
        const auto from = static_cast<std::size_t>(std::max(0, n - reach));
        const auto to = static_cast<std::size_t>(std::min(length, n + reach + 1));
        here(n) = static_cast<float>(line[to] - line[from]);
      }
    }
}

/// Means over a cube of about `width_mm` on each side of a voxel, of known voxels alone.
void average(Difference& difference, double width_mm)
{
  image::Volume count{difference.value.grid, {}, {}};
  for (const std::uint8_t known : difference.known.values)
    count.values.push_back(known ? 1.0F : 0.0F);
  for (std::size_t axis = 0; axis < 3; ++axis)
  {
    const int reach =
        static_cast<int>(std::lround(0.5 * width_mm / difference.value.grid.spacing[axis]));
    sum_along(difference.value, axis, reach);
    sum_along(count, axis, reach);
  }
  for (std::size_t n = 0; n < count.values.size(); ++n)
    difference.value.values[n] =
        difference.known.values[n] ? difference.value.values[n] / count.values[n] : 0;
}

/// The mask without what no ball of the radius fits into.
image::Mask opened(const image::Mask& mask, double radius_mm)
{
  image::Mask outside = mask;
  for (std::uint8_t& value : outside.values)
    value = value ? 0 : 1;
  const image::Volume depth = image::distance_to(outside);
  image::Mask core = mask;
  for (std::size_t n = 0; n < core.values.size(); ++n)
    core.values[n] = static_cast<double>(depth.values[n]) > radius_mm ? 1 : 0;
  image::Mask result = image::dilate(core, radius_mm);
  for (std::size_t n = 0; n < result.values.size(); ++n)
    result.values[n] = result.values[n] && mask.values[n] ? 1 : 0;
  return result;
}

Candidate candidate_of(const Ground& ground, const Difference& difference,
                       const image::Pieces& pieces, std::size_t piece)
{
  Candidate found;
  found.mask = {ground.mask.grid, std::vector<std::uint8_t>(ground.mask.values.size(), 0), {}};
  Vec3 sum;
  double count = 0;
  const image::Grid& grid = ground.mask.grid;
  for (int k = 0; k < grid.size[2]; ++k)
    for (int j = 0; j < grid.size[1]; ++j)
      for (int i = 0; i < grid.size[0]; ++i)
      {
        const std::size_t n = grid.offset(i, j, k);
        if (pieces.labels.values[n] != static_cast<std::int32_t>(piece + 1))
          continue;
        found.mask.values[n] = 1;
        found.difference_g_cm3 += static_cast<double>(difference.value.values[n]);
        sum += grid.point({double(i), double(j), double(k)});
        count += 1;
      }
  found.difference_g_cm3 /= count;
  found.volume_mm3 = count * grid.voxel_volume();
  found.share_of_bone = count / static_cast<double>(image::count(ground.mask));
  found.centre = anatomy::locate(ground.bone, sum / count);
  return found;
}

void collect(const Ground& ground, const Difference& difference, const Search& search, bool low,
             std::vector<Candidate>& candidates)
{
  image::Mask mask = difference.known;
  for (std::size_t n = 0; n < mask.values.size(); ++n)
  {
    const auto value = static_cast<double>(difference.value.values[n]);
    mask.values[n] = difference.known.values[n] && (low ? -value : value) > search.difference_g_cm3;
  }
  const image::Pieces pieces =
      image::connected_pieces(opened(mask, search.least_radius_mm), image::Neighbours::faces);
  for (std::size_t p = 0; p < std::min(pieces.voxels.size(), search.most); ++p)
  {
    if (static_cast<double>(pieces.voxels[p]) * ground.mask.grid.voxel_volume() <
        search.least_volume_mm3)
      break; // they come by falling size
    candidates.push_back(candidate_of(ground, difference, pieces, p));
    candidates.back().kind = low ? "lytic" : "blastic";
  }
}
} // namespace

std::vector<Candidate> find_candidates(const Ground& ground, const image::Volume& reference,
                                       const std::string& reference_words)
{
  const Search search = read_search();
  Difference difference = difference_of(ground, reference);
  average(difference, 2 * search.average_mm);
  std::vector<Candidate> candidates;
  collect(ground, difference, search, true, candidates);
  collect(ground, difference, search, false, candidates);
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b)
                   { return a.volume_mm3 > b.volume_mm3; });
  if (candidates.size() > search.most)
    candidates.resize(search.most);
  for (Candidate& c : candidates)
    c.words = c.kind + ", " + format_number(c.volume_mm3 / 1000, 2) + " cm3, " +
              format_number(std::abs(c.difference_g_cm3), 2) + " g/cm3 " +
              (c.kind == "lytic" ? "below " : "above ") + reference_words + ": " + c.centre.words;
  return candidates;
}

std::vector<Candidate> find_candidates_by_template(const Ground& ground,
                                                   const std::string& template_name,
                                                   const std::string& place)
{
  const anatomy::BoneTemplate chosen =
      anatomy::bone_template(template_name, ground.bone.kind, place);
  return find_candidates(ground, anatomy::template_density(chosen, ground.mask, ground.bone),
                         "a generic bone");
}

std::string candidate_trust(bool by_template)
{
  const Search search = read_search();
  return by_template ? search.template_trust : search.trust;
}

Warnings check_contralateral(const std::vector<Candidate>& candidates, const std::string& place)
{
  Warnings warnings;
  for (const Candidate& candidate : candidates)
    warnings.push_back({"contralateral_lesion",
                        "the other side may have a lesion itself (" + candidate.words +
                            "): it is no healthy bone to compare with there",
                        place});
  return warnings;
}

} // namespace calcar::lesion
