#include "risk/collapse.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace calcar::risk
{
namespace
{
std::string percent(double share)
{
  return format_number(100 * share, 2) + " %";
}

double share_lost(double before, double after)
{
  return before > 0 ? 1 - after / before : 0;
}

/// What the rules ask about, from the part of the displacement that is not elastic.
Figures figures_of(const VertebraMeasures& before, const VertebraMeasures& after,
                   const BodyFailure& failure)
{
  Figures figures{{"in_body", failure.in_body},
                  {"superior", failure.superior},
                  {"inferior", failure.inferior},
                  {"wall_failed", failure.wall_failed}};
  const BodyHeights &from = before.heights, &to = after.heights;
  const double anterior = from.anterior - to.anterior, middle = from.middle - to.middle;
  const double posterior = from.posterior - to.posterior;
  const double right = from.right - to.right, left = from.left - to.left;
  const double most = std::max({anterior, middle, posterior, right, left});
  if (!(most > 0))
    return figures;
  figures["anterior"] = anterior / most;
  figures["middle"] = middle / most;
  figures["posterior"] = posterior / most;
  figures["anterior_minus_posterior"] = (anterior - posterior) / most;
  figures["middle_minus_edges"] = (middle - std::max(anterior, posterior)) / most;
  figures["right_minus_left"] = (right - left) / most;
  figures["superior_depression"] = after.superior_depression_mm / most;
  figures["inferior_depression"] = after.inferior_depression_mm / most;
  figures["bulge"] = after.bulge_mm / most;
  return figures;
}

/// The largest share that front, middle or back has lost.
double largest_loss(const BodyHeights& before, const BodyHeights& after)
{
  return std::max({share_lost(before.anterior, after.anterior),
                   share_lost(before.middle, after.middle),
                   share_lost(before.posterior, after.posterior)});
}

/// Why a vertebra has not collapsed; empty when it has.
std::string why_no_collapse(const VertebralCollapse& vertebra, const CollapseRules& rules,
                            bool peak_reached)
{
  if (!(vertebra.failure.failed_mm3 > 0))
    return "no collapse: nothing of it failed";
  if (vertebra.share_of_failure < rules.least_share)
    return "no collapse: it holds " + percent(vertebra.share_of_failure) +
           " of what failed, other levels the rest";
  const double lost = share_lost(vertebra.before.heights.mean, vertebra.at_end.heights.mean);
  if (!peak_reached && lost < rules.height_loss)
    return "no collapse: the load was still rising where the path ended, and the body had lost " +
           percent(std::max(lost, 0.0)) + " of its height (" + percent(rules.height_loss) +
           " is taken for failure)";
  if (!vertebra.figures.count("anterior") && vertebra.failure.in_body > 0.5)
    return "no collapse: the body has not become lower";
  return "";
}
} // namespace

CollapseWatch::CollapseWatch(const model::VoxelModel& model, load::Bones bones, CollapseRules rules)
    : rules_(std::move(rules))
{
  for (std::size_t n = 0; n < bones.size(); ++n)
  {
    Watched watched{VertebraProbe(model, bones[n], static_cast<std::uint8_t>(n)), {}, 0, {}};
    watched.form = vertebra_form(watched.probe, rules_.zones);
    if (watched.form)
      watched.height = heights_of(watched.probe, *watched.form, {}).mean;
    vertebrae_.push_back(std::move(watched));
  }
}

void CollapseWatch::see(const voxel::PathStep& step, const std::vector<Vec3>& displacement)
{
  if (factors_.empty())
    first_ = displacement;
  if (factors_.empty() || step.factor > factors_[peak_])
  {
    peak_ = factors_.size();
    at_peak_ = displacement;
  }
  factors_.push_back(step.factor);
  for (Watched& watched : vertebrae_)
    if (watched.form)
      watched.losses.push_back(
          share_lost(watched.height, heights_of(watched.probe, *watched.form, displacement).mean));
}

std::vector<Vec3> CollapseWatch::without_elastic(const analysis::FracturePath& path) const
{
  std::vector<Vec3> rest = path.at_end.displacement;
  if (factors_.size() != path.steps.size())
    return rest;
  const double share = path.steps.back().factor / factors_.front();
  for (std::size_t n = 0; n < rest.size(); ++n)
    rest[n] -= share * first_[n];
  return rest;
}

/// Between equilibria by straight lines, from the unloaded body on.
std::optional<double> CollapseWatch::factor_at_loss(const Watched& watched) const
{
  double factor = 0, loss = 0;
  for (std::size_t n = 0; n < watched.losses.size(); ++n)
  {
    if (watched.losses[n] >= rules_.height_loss)
      return factor +
             (rules_.height_loss - loss) / (watched.losses[n] - loss) * (factors_[n] - factor);
    factor = factors_[n];
    loss = watched.losses[n];
  }
  return std::nullopt;
}

VertebralCollapse CollapseWatch::judged(const Watched& watched,
                                        const analysis::FracturePath& path) const
{
  VertebralCollapse vertebra;
  vertebra.level = watched.probe.bone().level;
  vertebra.measured = watched.form.has_value();
  if (!vertebra.measured)
  {
    vertebra.why_not = "not measured: its endplates are not found in these voxels; choose a "
                       "smaller [voxels] size_mm";
    return vertebra;
  }
  const auto at = [&](const std::vector<Vec3>& displacement)
  { return measure(watched.probe, *watched.form, displacement); };
  vertebra.before = at({});
  vertebra.at_end = at(path.at_end.displacement);
  vertebra.at_peak =
      path.peak + 1 == path.steps.size() || at_peak_.empty() ? vertebra.at_end : at(at_peak_);
  const std::vector<Vec3> lasting = without_elastic(path);
  vertebra.failure =
      body_failure(watched.probe, *watched.form, path.at_end, lasting, rules_.end_share);
  vertebra.figures = figures_of(vertebra.before, at(lasting), vertebra.failure);
  vertebra.height_loss = largest_loss(vertebra.before.heights, vertebra.at_end.heights);
  const HeightGrade& grade = grade_of(rules_, vertebra.height_loss);
  vertebra.grade = grade.number;
  vertebra.grade_words = grade.words;
  vertebra.bulge_against_arch = watched.form->against_arch;
  if (watched.losses.size() == path.steps.size())
    vertebra.losses = watched.losses;
  vertebra.factor_at_height_loss = factor_at_loss(watched);
  return vertebra;
}

Collapse CollapseWatch::judge(const analysis::FracturePath& path) const
{
  Collapse collapse;
  collapse.rules_source = rules_.record.source;
  collapse.rules_doubt = material::doubt(rules_.record.status);
  collapse.height_loss = rules_.height_loss;
  collapse.height_source = rules_.height_source;
  collapse.height_doubt = rules_.height_doubt;
  collapse.grade_source = rules_.grade_source;
  collapse.grade_doubt = rules_.grade_doubt;
  collapse.elastic_part_known = factors_.size() == path.steps.size();
  double all = 0;
  for (const Watched& watched : vertebrae_)
  {
    collapse.vertebrae.push_back(judged(watched, path));
    all += collapse.vertebrae.back().failure.plastic_mm3;
  }
  for (VertebralCollapse& vertebra : collapse.vertebrae)
  {
    vertebra.share_of_failure = all > 0 ? vertebra.failure.plastic_mm3 / all : 0;
    if (!vertebra.measured)
      continue;
    vertebra.why_not = why_no_collapse(vertebra, rules_, path.peak_reached);
    if (!vertebra.why_not.empty())
      continue;
    const NamedRule& mode = first_that_holds(rules_.modes, vertebra.figures);
    vertebra.mode = mode.name;
    vertebra.words = mode.words;
    vertebra.reason = mode.reason;
    vertebra.load_still_rising = !path.peak_reached;
    if (vertebra.figures.count("anterior"))
      vertebra.shape = first_that_holds(rules_.shapes, vertebra.figures).name;
  }
  return collapse;
}

} // namespace calcar::risk
