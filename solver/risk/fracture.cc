#include "risk/fracture.hpp"

#include "model/lattice.hpp"
#include "model/plasticity.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <unordered_map>

namespace calcar::risk
{
namespace
{
/// The first of the voxels that have a number in `at`, at least five and a hundredth of them.
std::vector<std::size_t> earliest(const std::vector<double>& at,
                                  const std::vector<double>& accumulated)
{
  constexpr std::size_t least = 5, share = 100;
  std::vector<std::size_t> voxels;
  for (std::size_t v = 0; v < at.size(); ++v)
    if (at[v] > 0)
      voxels.push_back(v);
  std::sort(voxels.begin(), voxels.end(),
            [&](std::size_t a, std::size_t b)
            {
              if (at[a] != at[b])
                return at[a] < at[b];
              return accumulated[a] != accumulated[b] ? accumulated[a] > accumulated[b] : a < b;
            });
  voxels.resize(std::min(voxels.size(), std::max(least, voxels.size() / share)));
  return voxels;
}

/// The largest piece of some voxels that is joined by faces; the first of equals.
std::vector<std::size_t> largest_of(const model::VoxelBody& body,
                                    const std::vector<std::size_t>& voxels)
{
  const auto& grid = body.grid;
  std::unordered_map<std::uint64_t, std::size_t> left;
  for (const std::size_t v : voxels)
    left[body.voxels[v]] = v;
  std::vector<std::size_t> largest;
  for (const std::size_t first : voxels)
  {
    if (left.erase(body.voxels[first]) == 0)
      continue;
    std::vector<std::size_t> piece = {first};
    for (std::size_t n = 0; n < piece.size(); ++n)
    {
      const auto at = model::voxel_index(grid, body.voxels[piece[n]]);
      for (std::size_t axis = 0; axis < 3; ++axis)
        for (const int step : {-1, 1})
        {
          std::array<int, 3> next = at;
          next[axis] += step;
          if (!grid.contains(next[0], next[1], next[2]))
            continue;
          const auto found = left.find(grid.offset(next[0], next[1], next[2]));
          if (found == left.end())
            continue;
          piece.push_back(found->second);
          left.erase(found);
        }
    }
    if (piece.size() > largest.size())
      largest = std::move(piece);
  }
  return largest;
}

Vec3 centre_of(const model::VoxelBody& body, std::size_t v)
{
  return model::voxel_centre(body.grid, body.voxels[v]);
}

/// Cells that share all corners of a face.
bool joined(const mesh::Mesh& mesh, std::size_t a, std::size_t b)
{
  const std::ptrdiff_t of_face = mesh.shape == mesh::CellShape::tetrahedron ? 3 : 4;
  const auto other = mesh.cell(b);
  return std::count_if(mesh.cell(a).begin(), mesh.cell(a).end(),
                       [&](std::uint32_t corner) {
                         return std::find(other.begin(), other.end(), corner) != other.end();
                       }) >= of_face;
}

std::vector<std::size_t> largest_of(const mesh::MeshModel& model, std::vector<std::size_t> left)
{
  std::vector<std::size_t> largest;
  while (!left.empty())
  {
    std::vector<std::size_t> piece = {left.front()};
    left.erase(left.begin());
    for (std::size_t n = 0; n < piece.size(); ++n)
    {
      const auto beside = std::stable_partition(left.begin(), left.end(),
                                                [&](std::size_t cell)
                                                { return !joined(model.mesh, piece[n], cell); });
      piece.insert(piece.end(), beside, left.end());
      left.erase(beside, left.end());
    }
    if (piece.size() > largest.size())
      largest = std::move(piece);
  }
  return largest;
}

Vec3 centre_of(const mesh::MeshModel& model, std::size_t c)
{
  return model.centre[c];
}

std::uint8_t state_of(model::TissueKind tissue, const voxel::YieldingFields& fields, std::size_t v)
{
  if (tissue == model::TissueKind::layer)
    return static_cast<std::uint8_t>(FractureState::layer);
  return static_cast<std::uint8_t>(fields.softened_at[v] > 0  ? FractureState::softened
                                   : fields.yielded_at[v] > 0 ? FractureState::yielded
                                                              : FractureState::intact);
}
/// Of a body of voxels or cells.
template <typename Body>
std::optional<std::size_t> first_of(const Body& body, const voxel::YieldingFields& fields)
{
  std::vector<std::size_t> first = earliest(fields.softened_at, fields.accumulated);
  if (first.empty())
    first = earliest(fields.yielded_at, fields.accumulated);
  if (first.empty())
    return std::nullopt;
  const std::vector<std::size_t> piece = largest_of(body, first);
  Vec3 middle;
  for (const std::size_t v : piece)
    middle += centre_of(body, v) / static_cast<double>(piece.size());
  return *std::min_element(
      piece.begin(), piece.end(),
      [&](std::size_t a, std::size_t b)
      { return norm(centre_of(body, a) - middle) < norm(centre_of(body, b) - middle); });
}

/// What a path came to, whatever body it is of.
FractureAssessment in_numbers(const analysis::FracturePath& path, const load::LoadCase& load_case,
                              const material::ConstitutiveLaw& law,
                              const model::SofteningLength& length)
{
  constexpr double J_per_Nmm = 1e-3;
  FractureAssessment result;
  result.activity = load_case.name;
  result.title = load_case.title;
  result.kind = load_case.kind;
  result.reference = load_case.reference;
  result.law = law.record.name;
  result.law_words = law.record.words;
  result.law_source = law.record.source;
  result.law_doubt = material::doubt(law.record.status);
  result.averaging_mm = length.averaging_mm;
  result.band_mm = length.band_mm;
  result.steps = path.steps;
  result.peak = path.peak;
  result.peak_reached = path.peak_reached;
  result.ended = voxel::to_string(path.end);
  result.load_factor = path.ultimate_factor();
  const double load = load_case.reference.value;
  result.ultimate = path.ultimate_factor() * load;
  result.first_yield = path.first_yield_factor() * load;
  if (const auto yield = path.yield_factor(yield_loss))
    result.yield = *yield * load;
  result.energy_J = J_per_Nmm * path.energy_Nmm();
  const double turned = load_case.reference.unit == "N m" ? 180 / std::numbers::pi : 1;
  result.displacement_at_peak = turned * path.steps[path.peak].displacement;
  result.yielded_mm3 = path.steps.back().yielded_mm3;
  result.softened_mm3 = path.steps.back().softened_mm3;
  result.seconds = path.seconds;
  result.resumed_at = path.resumed_at;
  return result;
}
} // namespace

std::optional<std::size_t> first_to_fail(const model::VoxelBody& body,
                                         const voxel::YieldingFields& fields)
{
  return first_of(body, fields);
}

std::optional<std::size_t> first_to_fail(const mesh::MeshModel& model,
                                         const voxel::YieldingFields& fields)
{
  return first_of(model, fields);
}

FractureAssessment assess_fracture(const analysis::FracturePath& path,
                                   const model::VoxelModel& model, const load::LoadCase& load_case,
                                   const material::ConstitutiveLaw& law,
                                   const std::function<anatomy::Location(Vec3)>& where)
{
  FractureAssessment result =
      in_numbers(path, load_case, law, model::softening_length(law, model.body.grid));
  if (const auto voxel = first_to_fail(model.body, path.at_end))
    result.start = where(centre_of(model.body, *voxel));
  for (std::size_t v = 0; v < model.body.voxels.size(); ++v)
    result.state.push_back(state_of(model.tissue[v], path.at_end, v));
  return result;
}

FractureAssessment assess_fracture(const analysis::FracturePath& path, const mesh::MeshModel& model,
                                   const load::LoadCase& load_case,
                                   const material::ConstitutiveLaw& law,
                                   const model::SofteningLength& length,
                                   const std::function<anatomy::Location(Vec3)>& where)
{
  FractureAssessment result = in_numbers(path, load_case, law, length);
  if (const auto cell = first_to_fail(model, path.at_end))
    result.start = where(centre_of(model, *cell));
  for (std::size_t c = 0; c < model.mesh.cells(); ++c)
    result.state.push_back(state_of(model.tissue[c], path.at_end, c));
  return result;
}

} // namespace calcar::risk
