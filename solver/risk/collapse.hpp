#pragma once

#include "analysis/fracture_path.hpp"
#include "load/bones.hpp"
#include "risk/body_sections.hpp"
#include "risk/collapse_rules.hpp"

#include <optional>
#include <string>
#include <vector>

namespace calcar::risk
{

/// How one vertebra comes down along a path.
struct VertebralCollapse
{
  std::string level;     ///< "L3"; empty when not known
  bool measured = false; ///< its endplates were found in the voxels; else only level and why_not
  VertebraMeasures before, at_peak, at_end;
  BodyFailure failure;            ///< at the end
  double share_of_failure = 0;    ///< of what failed in all vertebrae
  Figures figures;                ///< what the rules were asked
  std::string mode;               ///< "wedge_anterior"; empty where none is named
  std::string words;              ///< of the mode
  std::string reason;             ///< the rule, in words
  std::string why_not;            ///< why no mode is named; empty where one is
  bool load_still_rising = false; ///< named by the loss of height alone
  std::string shape;              ///< wedge, biconcave, crush; with the mode
  int grade = 0;                  ///< of the loss of height at the end
  std::string grade_words;
  bool bulge_against_arch = false; ///< the wall's motion is told against the arch, else the body
  std::vector<double> losses;      ///< of the body's mean height at each equilibrium, as shares
  double height_loss = 0;          ///< the largest of front, middle and back at the end, as a share
  /// The load factor at which the body had lost the share of its height that is taken for failure;
  /// nothing when it never has.
  std::optional<double> factor_at_height_loss;
};

/// How the vertebrae of a body come down, and by what rules that is said.
struct Collapse
{
  std::vector<VertebralCollapse> vertebrae; ///< cranial to caudal
  std::string rules_source, rules_doubt;
  double height_loss = 0; ///< taken for failure
  std::string height_source, height_doubt;
  std::string grade_source, grade_doubt;
  bool elastic_part_known = true; ///< false: the beginning of the path was not seen
};

/// What stands beside every figure of a collapse.
inline const std::string collapse_caution =
    "a path of small strains tells how a collapse begins, not the shape in which it ends; nothing "
    "is told beyond its end";

/**
 * Watches the vertebrae of a body along a path to fracture. Keeps references to model and bones.
 *
 * The mode is named from what is not elastic: the displacement at the end less that of the elastic
 * body (where the first point yields) at the same load.
 */
class CollapseWatch
{
public:
  CollapseWatch(const model::VoxelModel& model, load::Bones bones, CollapseRules rules);

  /// After each equilibrium, from the first; displacement of the nodes, in grid axes.
  void see(const voxel::PathStep& step, const std::vector<Vec3>& displacement);

  Collapse judge(const analysis::FracturePath& path) const;

  /// What has been seen so far, as numbers to be kept with a path that is gone on with later.
  std::vector<double> seen() const;
  /// Takes it up again. Throws std::invalid_argument when it is of other vertebrae.
  void go_on_from(const std::vector<double>& seen);

private:
  struct Watched
  {
    VertebraProbe probe;
    std::optional<VertebraForm> form;
    double height = 0;          ///< of the body, before
    std::vector<double> losses; ///< of it at each equilibrium seen, as shares
  };

  std::vector<Vec3> without_elastic(const analysis::FracturePath& path) const;
  VertebralCollapse judged(const Watched& watched, const analysis::FracturePath& path) const;
  std::optional<double> factor_at_loss(const Watched& watched) const;

  CollapseRules rules_;
  std::vector<Watched> vertebrae_;
  std::vector<double> factors_; ///< of each equilibrium seen
  std::size_t peak_ = 0;        ///< of these
  std::vector<Vec3> first_, at_peak_;
};

} // namespace calcar::risk
