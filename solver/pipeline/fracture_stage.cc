#include "pipeline/fracture_stage.hpp"

#include "base/log.hpp"
#include "base/parallel.hpp"
#include "base/text.hpp"
#include "material/catalogue.hpp"
#include "risk/domain.hpp"

#include <algorithm>
#include <numbers>

namespace calcar::pipeline
{
namespace
{
/// What a path is made from; on rank 0.
struct Breaking
{
  model::VoxelPlasticity plasticity;
  voxel::PathOptions options;
};

/// Voxels that are judged wherever they lie in the bone, and however thin: those near loads and
/// supports are not.
std::vector<std::uint8_t> may_yield(const model::VoxelModel& body, const RigBody& rig_body,
                                    const load::LoadCase& load_case, const load::Rig& rig,
                                    material::CriterionDomain domain)
{
  domain.where = material::CriterionDomain::Where::volume;
  domain.min_ash_g_cm3 = 0;
  return risk::judged_voxels(body, rig_body.shape->bone, rig_body.shape->surface, domain, load_case,
                             rig)
      .judged;
}

Breaking make_ready(const FractureInput& input, const material::ConstitutiveLaw& law,
                    const PatientSetting& setting, const load::LoadCase& load_case,
                    const load::Rig& rig, const RigBody& rig_body, const model::VoxelModel& body)
{
  const material::Protocol& protocol = setting.inputs.protocol;
  Breaking breaking;
  breaking.plasticity =
      model::plasticity_of(body, law, protocol.strength.tension_over_compression(),
                           may_yield(body, rig_body, load_case, rig, protocol.domain));
  breaking.options.equilibrium.points = input.points;
  breaking.options.equilibrium.averaging_mm =
      model::softening_length(law, body.body.grid).averaging_mm;
  static_cast<model::PathControl&>(breaking.options) = control_of(input, load_case);
  return breaking;
}
/// What has watched a path is kept with it.
void remember(risk::CollapseWatch& watch, analysis::PathKeeping& keeping)
{
  if (keeping.keep)
    keeping.keep = [&watch, keep = keeping.keep](voxel::KeptPath& path)
    {
      path.seen = watch.seen();
      keep(path);
    };
  if (keeping.earlier)
    keeping.earlier = [&watch, earlier = keeping.earlier](const voxel::PathBasis& basis)
    {
      auto path = earlier(basis);
      if (path)
        watch.go_on_from(path->seen);
      return path;
    };
}
} // namespace

model::PathControl control_of(const FractureInput& input, const load::LoadCase& load_case)
{
  model::PathControl control;
  control.growth = input.step;
  control.end_at = input.end_at;
  control.most_displacement = input.largest_displacement_mm;
  if (load_case.reference.unit == "N m") // its displacement is an angle
    control.most_displacement *= std::numbers::pi / 180;
  return control;
}

std::vector<std::size_t> followed_cases(const FractureInput& input, const RigCases& rig)
{
  std::vector<std::size_t> cases;
  for (std::size_t c = 0; c < rig.cases.size(); ++c)
  {
    const auto& names = input.activities;
    const bool asked =
        names.empty() || std::find(names.begin(), names.end(), rig.cases[c].name) != names.end();
    if (asked && !rig.cases[c].time_percent)
      cases.push_back(c);
  }
  return cases;
}

material::ConstitutiveLaw law_of(const FractureInput& input, const material::Protocol& protocol)
{
  if (!input.law.empty())
    return material::constitutive_law(input.law, input.place);
  if (!protocol.constitutive.empty())
    return material::constitutive_law(protocol.constitutive, protocol.record.name);
  std::vector<std::string> names;
  for (const material::Entry& entry : material::list_constitutive_laws())
    names.push_back(entry.name);
  throw InputError(Fault::command,
                   {input.place,
                    "no law beyond yield: protocol \"" + protocol.record.name + "\" names none",
                    join(names), "name one: law = \"" + names.front() + "\"", ""});
}

void follow_to_fracture(const FractureInput& input, const PatientSetting& setting,
                        const RigCases& rig, const RigBody& rig_body, const model::VoxelModel& body,
                        const std::function<void(const risk::FractureAssessment&,
                                                 const analysis::FracturePath&)>& record,
                        const PathsKept& kept, MPI_Comm comm)
{
  std::vector<std::size_t> cases;
  std::optional<material::ConstitutiveLaw> law;
  on_root(comm,
          [&]
          {
            cases = followed_cases(input, rig);
            law = law_of(input, setting.inputs.protocol);
          });
  int count = static_cast<int>(cases.size());
  MPI_Bcast(&count, 1, MPI_INT, 0, comm);
  const load::LoadCase none;
  const model::Surface no_surface;
  for (int n = 0; n < count; ++n)
  {
    Breaking breaking;
    std::optional<risk::CollapseWatch> collapse; // of vertebrae
    analysis::OnEquilibrium watch;
    analysis::PathKeeping keeping;
    const load::LoadCase* load_case = &none;
    on_root(comm,
            [&]
            {
              load_case = &rig.cases[cases[static_cast<std::size_t>(n)]];
              log_info("to fracture: " + load_case->name);
              breaking = make_ready(input, *law, setting, *load_case, rig.rig, rig_body, body);
              keeping = kept(load_case->name);
              if (setting.inputs.bone.kind != anatomy::BoneKind::vertebra)
                return;
              collapse.emplace(body, bones_of(setting.inputs), risk::collapse_rules());
              watch = [&](const voxel::PathStep& step, const std::vector<Vec3>& displacement)
              { collapse->see(step, displacement); };
              remember(*collapse, keeping);
            });
    const analysis::FracturePath path = analysis::fracture_path(
        body.body, breaking.plasticity, rig_body.shape ? rig_body.shape->surface : no_surface,
        rig.rig, *load_case, breaking.options, comm, watch, keeping);
    on_root(comm,
            [&]
            {
              risk::FractureAssessment found = risk::assess_fracture(
                  path, body, *load_case, *law, [&](Vec3 p) { return locate(setting.inputs, p); });
              if (collapse)
                found.collapse = collapse->judge(path);
              record(std::move(found), path);
            });
  }
}

} // namespace calcar::pipeline
