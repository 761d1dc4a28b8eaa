#include "risk/assessment.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "material/criteria.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace calcar::risk
{
namespace
{
material::PointState state_at(const JudgedBody& body, std::size_t n, const SymTensor& strain,
                              const material::Protocol& protocol)
{
  material::PointState state;
  state.strain = strain;
  state.stress = material::hooke(strain, body.youngs[n], body.poisson[n]);
  state.youngs = body.youngs[n];
  state.strength_c = body.compressive_strength[n];
  state.strength_t = body.tensile_strength[n];
  state.limit_tension = protocol.limits.tension;
  state.limit_compression = protocol.limits.compression;
  state.limit_effective = protocol.effective_limits.effective_strain;
  return state;
}

/// What is judged at the samples; 0 in all but bone.
struct SampledFields
{
  std::vector<std::vector<double>> utilisation; ///< [criterion][sample]
  std::vector<double> tension;                  ///< largest principal strain, if positive
  std::vector<double> compression;              ///< minus the smallest, if negative
};

SampledFields sampled_fields(const JudgedBody& body, const analysis::Response& response,
                             const material::Protocol& protocol)
{
  const auto& table = material::criteria();
  SampledFields fields;
  fields.utilisation.assign(table.size(), std::vector<double>(body.samples, 0));
  fields.tension.assign(body.samples, 0);
  fields.compression.assign(body.samples, 0);
  for (std::size_t s = 0; s < body.samples; ++s)
  {
    const std::size_t element = body.element(s);
    if (!body.bone[element])
      continue;
    const SymTensor strain = body.strain(response, s);
    const material::PointState state = state_at(body, element, strain, protocol);
    for (std::size_t c = 0; c < table.size(); ++c)
      fields.utilisation[c][s] = table[c].utilisation(state);
    const auto values = eigenvalues(strain);
    fields.tension[s] = std::max(values[0], 0.0);
    fields.compression[s] = std::max(-values[2], 0.0);
  }
  return fields;
}

/// A criterion at every element of bone, from the elements' own strains.
std::vector<double> element_field(const material::Criterion& criterion, const JudgedBody& body,
                                  const analysis::Response& response,
                                  const material::Protocol& protocol)
{
  std::vector<double> field(body.elements(), 0);
  for (std::size_t n = 0; n < field.size(); ++n)
    if (body.bone[n])
      field[n] = criterion.utilisation(state_at(body, n, response.strain[n], protocol));
  return field;
}

std::string domain_words(const material::CriterionDomain& domain)
{
  std::string words = domain.where == material::CriterionDomain::Where::surface
                          ? "surface of the bone"
                          : "all bone";
  words += ", ash density of at least " + format_number(domain.min_ash_g_cm3) + " g/cm3";
  if (domain.average_mm > 0)
    words += ", averaged over a ball of " + format_number(domain.average_mm) +
             " mm (where less than half of it is bone, over as much of the nearest bone)";
  words += ", more than " + format_number(domain.exclude_mm_from_load) + " mm from loads and " +
           format_number(domain.exclude_mm_from_support) + " mm from supports";
  return words;
}

double inverse(double utilisation)
{
  return utilisation > 0 ? 1 / utilisation : std::numeric_limits<double>::infinity();
}

/// Nothing judged is no verdict: it must not read as a utilisation of 0. `bone` is the one of
/// several that nothing is judged of.
[[noreturn]] void refuse_empty(const std::string& activity, const std::string& domain,
                               const std::string& bone = "")
{
  throw InputError(
      Fault::data,
      {"activity \"" + activity + "\"",
       (bone.empty() ? "no bone" : "nothing of " + bone) +
           " is left to be judged: the protocol judges " + domain,
       "some bone in this domain",
       "check the calibration (unit, slope, phantom) and the mask; if the bone is shorter than the "
       "distances from loads and supports, leave the activity out or choose another protocol",
       ""});
}

/// Whether an element is of the bone of this number; of any when none is named.
bool is_of(const JudgedBody& body, std::size_t element, std::optional<std::size_t> number)
{
  return !number || body.bone_number[element] == *number;
}

CriterionResult judge_volume(const std::vector<double>& field, const JudgedBody& body,
                             const material::Protocol& protocol, const std::string& activity,
                             std::optional<std::size_t> number = std::nullopt)
{
  std::vector<double> values, volumes;
  for (std::size_t s = 0; s < field.size(); ++s)
    if (body.bone[body.element(s)] && is_of(body, body.element(s), number))
    {
      values.push_back(field[s]);
      volumes.push_back(body.volume(s));
    }
  if (values.empty())
    refuse_empty(activity, "all bone of an ash density of at least " +
                               format_number(protocol.domain.min_ash_g_cm3) + " g/cm3");
  const double fraction = protocol.effective_limits.critical_volume_fraction;
  CriterionResult result;
  result.utilisation = material::volume_utilisation(values, volumes, fraction);
  result.domain =
      "the " + format_number(100 * fraction) + " % of the bone's volume that is strained most";
  return result;
}

/// The largest mean of a field among the judged places; the place that has it, or none when nothing
/// is strained there.
struct WorstPlace
{
  double utilisation = 0;
  std::optional<std::size_t> place;
};

WorstPlace worst_place(const std::vector<double>& field, const JudgedBody& body,
                       const material::Protocol& protocol, const std::string& activity)
{
  const std::vector<double> means = body.averaged(field);
  const auto worst = std::max_element(means.begin(), means.end());
  const bool any =
      std::any_of(body.judged.begin(), body.judged.end(), [](auto j) { return j != 0; });
  if (worst == means.end() || !any)
    refuse_empty(activity, domain_words(protocol.domain));
  if (std::any_of(means.begin(), means.end(), [](double m) { return !std::isfinite(m); }))
    throw SolveError("activity \"" + activity + "\": the strain of some bone is not a number");
  if (*worst <= 0)
    return {};
  return {*worst, static_cast<std::size_t>(worst - means.begin())};
}

/// A place in words, of several bones with the level of its own.
anatomy::Location locate(load::Bones bones, const JudgedBody& body, std::size_t place)
{
  if (bones.size() == 1)
    return anatomy::locate(bones.front(), body.place(place));
  const anatomy::BoneAnatomy& bone = bones[body.bone_number[body.element_of_place(place)]];
  anatomy::Location location = anatomy::locate(bone, body.place(place));
  location.words = bone.level + ": " + location.words;
  return location;
}

CriterionResult judge_worst_point(const std::vector<double>& field, const JudgedBody& body,
                                  const material::Protocol& protocol, load::Bones bones,
                                  const std::string& activity)
{
  const WorstPlace worst = worst_place(field, body, protocol, activity);
  CriterionResult result;
  result.domain = domain_words(protocol.domain);
  result.utilisation = worst.utilisation;
  if (worst.place)
  {
    result.element = body.element_of_place(*worst.place);
    result.location = locate(bones, body, *worst.place);
  }
  return result;
}

PeakStrain peak(const std::vector<double>& field, double sign, const JudgedBody& body,
                const material::Protocol& protocol, load::Bones bones, const std::string& activity)
{
  const CriterionResult worst = judge_worst_point(field, body, protocol, bones, activity);
  return {sign * worst.utilisation, worst.location};
}

/// What a criterion rests on that is not confirmed.
std::string doubt_of(const material::Criterion& criterion, const material::Protocol& protocol)
{
  const std::string own = material::doubt(criterion.status);
  const material::DataRecord& data =
      criterion.needs == material::Needs::strength           ? protocol.strength.record()
      : criterion.needs == material::Needs::effective_strain ? protocol.effective_limits.record
                                                             : protocol.limits.record;
  return own.empty() ? material::doubt(data.status) : own;
}

/// The headline criterion on each of several bones by itself. A bone of which nothing is judged
/// would read as safe: it is refused.
std::vector<BoneVerdict> judge_bones(const std::vector<double>& field, bool of_volume,
                                     const JudgedBody& body, const material::Protocol& protocol,
                                     load::Bones bones, const std::string& activity)
{
  std::vector<BoneVerdict> verdicts;
  std::vector<std::optional<std::size_t>> worst(bones.size());
  const std::vector<double> means = of_volume ? std::vector<double>{} : body.averaged(field);
  for (std::size_t p = 0; p < means.size(); ++p)
  {
    const std::size_t element = body.element_of_place(p);
    if (!body.judged[element])
      continue;
    std::optional<std::size_t>& place = worst[body.bone_number[element]];
    if (!place || means[p] > means[*place])
      place = p;
  }
  for (std::size_t n = 0; n < bones.size(); ++n)
  {
    BoneVerdict verdict;
    verdict.bone = bones[n].level;
    if (of_volume)
      verdict.utilisation = judge_volume(field, body, protocol, activity, n).utilisation;
    else if (!worst[n])
      refuse_empty(activity, domain_words(protocol.domain), verdict.bone);
    else
    {
      verdict.utilisation = means[*worst[n]];
      verdict.location = locate(bones, body, *worst[n]);
    }
    verdict.load_factor = inverse(verdict.utilisation);
    verdicts.push_back(std::move(verdict));
  }
  return verdicts;
}

/// The fracture load, of the activity and of each bone, where the reference load is a force.
void add_fracture_loads(ActivityAssessment& assessment, double body_weight_N)
{
  if (assessment.reference.unit != "N")
    return;
  const double reference = assessment.reference.value;
  assessment.fracture_load_N = assessment.criteria.front().load_factor * reference;
  assessment.fracture_load_BW = *assessment.fracture_load_N / body_weight_N;
  for (BoneVerdict& verdict : assessment.bones)
    verdict.fracture_load_N = verdict.load_factor * reference;
}
} // namespace

ActivityAssessment assess(const JudgedBody& body, const analysis::Response& response,
                          const load::LoadCase& load_case, const load::Rig& rig,
                          const material::Protocol& protocol, const anatomy::BoneAnatomy& bone,
                          double body_weight_N)
{
  return assess(body, response, load_case, rig, protocol, load::Bones(&bone, 1), body_weight_N);
}

ActivityAssessment assess(const JudgedBody& body, const analysis::Response& response,
                          const load::LoadCase& load_case, const load::Rig& rig,
                          const material::Protocol& protocol, load::Bones bones,
                          double body_weight_N)
{
  const SampledFields fields = sampled_fields(body, response, protocol);
  const auto& table = material::criteria();

  ActivityAssessment assessment;
  assessment.activity = load_case.name;
  assessment.title = load_case.title;
  assessment.kind = load_case.kind;
  assessment.rig = load_case.rig;
  assessment.reference = load_case.reference;
  assessment.rig_source = rig.source;
  assessment.rig_doubt = rig.doubt;
  assessment.load_source = load_case.source;
  assessment.load_doubt = load_case.doubt;
  assessment.evidence = load_case.evidence;
  assessment.reactions = response.reactions;
  assessment.equilibrium = response.equilibrium;
  assessment.external_work = response.external_work;
  for (std::size_t c = 0; c < table.size(); ++c)
  {
    CriterionResult result =
        table[c].of_volume
            ? judge_volume(fields.utilisation[c], body, protocol, load_case.name)
            : judge_worst_point(fields.utilisation[c], body, protocol, bones, load_case.name);
    result.criterion = table[c].name;
    result.words = table[c].words;
    result.source = table[c].source;
    result.doubt = doubt_of(table[c], protocol);
    result.load_factor = inverse(result.utilisation);
    const bool headline = table[c].name == protocol.criterion;
    if (headline)
      assessment.utilisation_field = element_field(table[c], body, response, protocol);
    if (headline && bones.size() > 1)
      assessment.bones = judge_bones(fields.utilisation[c], table[c].of_volume, body, protocol,
                                     bones, load_case.name);
    assessment.criteria.insert(headline ? assessment.criteria.begin() : assessment.criteria.end(),
                               std::move(result));
  }
  assessment.tension = peak(fields.tension, 1, body, protocol, bones, load_case.name);
  assessment.compression = peak(fields.compression, -1, body, protocol, bones, load_case.name);
  for (const Vec3& u : response.displacement)
    assessment.largest_displacement_mm = std::max(assessment.largest_displacement_mm, norm(u));
  add_fracture_loads(assessment, body_weight_N);
  return assessment;
}

double headline_utilisation(const JudgedBody& body, const analysis::Response& response,
                            const material::Protocol& protocol, const std::string& activity)
{
  const auto& table = material::criteria();
  const auto headline =
      std::find_if(table.begin(), table.end(),
                   [&](const material::Criterion& c) { return c.name == protocol.criterion; });
  if (headline == table.end())
    throw std::invalid_argument("no criterion \"" + protocol.criterion + "\"");
  std::vector<double> field(body.samples, 0);
  for (std::size_t s = 0; s < body.samples; ++s)
  {
    const std::size_t element = body.element(s);
    if (body.bone[element])
      field[s] = headline->utilisation(state_at(body, element, body.strain(response, s), protocol));
  }
  return headline->of_volume ? judge_volume(field, body, protocol, activity).utilisation
                             : worst_place(field, body, protocol, activity).utilisation;
}

JudgedCycle judge_cycle(const JudgedBody& body,
                        const std::function<analysis::Response(std::size_t)>& response,
                        const std::vector<load::LoadCase>& instants,
                        const material::Protocol& protocol)
{
  if (instants.empty())
    throw std::invalid_argument("a cycle without instants");
  JudgedCycle cycle;
  for (std::size_t n = 0; n < instants.size(); ++n)
  {
    cycle.instants.push_back({instants[n].time_percent.value_or(0),
                              headline_utilisation(body, response(n), protocol, instants[n].name)});
    if (cycle.instants[n].utilisation > cycle.instants[cycle.worst].utilisation)
      cycle.worst = n;
  }
  return cycle;
}

} // namespace calcar::risk
