#include "pipeline/loose_parts.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "voxel/hinges.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace calcar::pipeline
{
namespace
{

enum class Fate : std::uint8_t
{
  stays,
  loose,  ///< its piece touches no support
  swings, ///< hangs on hinges
};

struct Judged
{
  voxel::Parts parts;
  std::vector<Fate> fate;                  ///< [part]
  std::vector<std::uint32_t> piece_of;     ///< [part], when not all parts stay
  std::vector<voxel::PieceSupport> pieces; ///< when not all parts stay

  bool any(Fate wanted) const { return std::find(fate.begin(), fate.end(), wanted) != fate.end(); }
};

Judged judge(const StudyProblem& problem)
{
  const image::Grid& grid = problem.body.grid;
  Judged judged{voxel::parts_of(problem.body), {}, {}, {}};
  const voxel::Parts& parts = judged.parts;
  const std::vector<bool> swings = voxel::swinging_parts(grid, parts, problem.supports);
  judged.fate.assign(swings.size(), Fate::stays);
  if (std::none_of(swings.begin(), swings.end(), [](bool free) { return free; }))
    return judged;
  judged.piece_of = voxel::pieces_of(parts);
  judged.pieces = voxel::piece_supports(grid, parts, judged.piece_of, problem.supports);
  for (std::size_t p = 0; p < swings.size(); ++p)
  {
    const voxel::PieceSupport& piece = judged.pieces[judged.piece_of[p]];
    if (!piece.touched)
      judged.fate[p] = Fate::loose;
    else if (swings[p] && piece.free_motions.empty())
      judged.fate[p] = Fate::swings;
  }
  return judged;
}

/// A part at a node: one that stays when there is any, since the node then stays too.
class PartAtNode
{
public:
  PartAtNode(const image::Grid& grid, const Judged& judged)
      : judged_(judged), at_(grid, judged.parts)
  {
  }
  std::uint32_t operator()(const model::NodeIndex& node) const
  {
    std::optional<std::uint32_t> found;
    at_(node,
        [&](std::uint32_t part)
        {
          if (!found || judged_.fate[part] == Fate::stays)
            found = part;
        });
    return found.value(); // regions are made of voxels of the body
  }

private:
  const Judged& judged_;
  voxel::PartsAtNodes at_;
};

[[noreturn]] void refuse(const Judged& judged, std::uint32_t part, const std::string& what)
{
  if (judged.fate[part] == Fate::loose)
    throw InputError(Fault::data,
                     {"the body",
                      "a piece of " + std::to_string(judged.pieces[judged.piece_of[part]].voxels) +
                          " voxels is loaded but touches no support",
                      "pieces that are held",
                      "support it, join it to the rest, or take the force off it", ""});
  throw InputError(Fault::data,
                   {"the body",
                    "a part of " + std::to_string(judged.parts.list[part].voxels) +
                        " voxels hangs on edges or corners of voxels as on hinges and can swing, "
                        "but " +
                        what + " acts on it",
                    "parts that are joined by faces or held by supports",
                    "leave it out of the modulus image, join it to the rest, or hold it in all "
                    "directions",
                    ""});
}

/// Takes supports and forces off the nodes that vanish; refuses where they would be missed.
void free_nodes(const Judged& judged, StudyProblem& problem)
{
  const PartAtNode part_at(problem.body.grid, judged);
  std::erase_if(problem.forces,
                [&](const model::NodalForce& force)
                {
                  const std::uint32_t part = part_at(force.node);
                  const bool stays = judged.fate[part] == Fate::stays;
                  if (!stays && norm(force.force) > 0)
                    refuse(judged, part, "a force");
                  return !stays;
                });
  std::erase_if(problem.supports.fixed,
                [&](const model::FixedComponent& fixed)
                {
                  const std::uint32_t part = part_at(fixed.node);
                  const bool stays = judged.fate[part] == Fate::stays;
                  if (!stays && fixed.displacement != 0)
                    refuse(judged, part,
                           "support \"" +
                               problem.supports.names[static_cast<std::size_t>(fixed.support)] +
                               "\"");
                  return !stays;
                });
}

/// "41 voxels (0.02 % of the volume)"
std::string in_words(std::uint64_t voxels, std::size_t all)
{
  return std::to_string(voxels) + (voxels == 1 ? " voxel (" : " voxels (") +
         format_number(100 * static_cast<double>(voxels) / static_cast<double>(all), 2) +
         " % of the volume)";
}

void warn_of_loose_pieces(const Judged& judged, StudyProblem& problem)
{
  std::size_t pieces = 0;
  std::uint64_t voxels = 0;
  for (const voxel::PieceSupport& piece : judged.pieces)
    if (!piece.touched)
    {
      ++pieces;
      voxels += piece.voxels;
    }
  if (pieces > 0)
    problem.warnings.push_back({"loose_pieces_dropped",
                                std::to_string(pieces) + " pieces with " +
                                    in_words(voxels, problem.body.voxels.size()) +
                                    " touch no support and were left out",
                                "modulus image"});
}

void warn_of_hinged_parts(const Judged& judged, StudyProblem& problem)
{
  std::size_t parts = 0;
  std::uint64_t voxels = 0;
  for (std::size_t p = 0; p < judged.fate.size(); ++p)
    if (judged.fate[p] == Fate::swings)
    {
      ++parts;
      voxels += judged.parts.list[p].voxels;
    }
  if (parts > 0)
    problem.warnings.push_back(
        {"hinged_parts",
         std::to_string(parts) + " parts with " + in_words(voxels, problem.body.voxels.size()) +
             " hang on edges or corners of voxels as on hinges, can swing, and were left out",
         "modulus image"});
}

/// Keeps the voxels of the parts that stay, in place.
void keep_rest(const Judged& judged, model::VoxelBody& body)
{
  std::size_t kept = 0;
  for (std::size_t r = 0; r < judged.parts.runs.size(); ++r)
  {
    if (judged.fate[judged.parts.of_run[r]] != Fate::stays)
      continue;
    const std::uint64_t first = judged.parts.runs[r].voxel;
    for (std::uint64_t v = first; v < first + length(judged.parts.runs[r]); ++v, ++kept)
    {
      body.voxels[kept] = body.voxels[v];
      body.youngs[kept] = body.youngs[v];
      body.poisson[kept] = body.poisson[v];
    }
  }
  body.voxels.resize(kept);
  body.youngs.resize(kept);
  body.poisson.resize(kept);
}

} // namespace

void leave_out_loose(StudyProblem& problem)
{
  const Judged judged = judge(problem);
  if (!judged.any(Fate::loose) && !judged.any(Fate::swings))
    return;
  if (!judged.any(Fate::stays))
    throw InputError(Fault::data,
                     judged.any(Fate::swings)
                         ? Problem{"the body",
                                   "all of it hangs together by edges or corners of voxels as by "
                                   "hinges, and can move",
                                   "a body that is held", "check the threshold of the bone", ""}
                         : Problem{"the body", "no piece of it touches a support",
                                   "a body that is held", "check the supports' regions", ""});
  free_nodes(judged, problem);
  warn_of_loose_pieces(judged, problem);
  warn_of_hinged_parts(judged, problem);
  keep_rest(judged, problem.body);
}

} // namespace calcar::pipeline
