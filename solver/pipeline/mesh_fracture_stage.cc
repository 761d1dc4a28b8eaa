#include "pipeline/mesh_fracture_stage.hpp"

#include "analysis/mesh_fracture_path.hpp"
#include "base/log.hpp"
#include "base/parallel.hpp"
#include "pipeline/fracture_output.hpp"
#include "pipeline/fracture_stage.hpp"
#include "pipeline/mesh_fields.hpp"
#include "risk/cell_domain.hpp"
#include "solid/mesh_plasticity.hpp"

#include <optional>

namespace calcar::pipeline
{
namespace
{
/// Cells that are judged wherever they lie in the bone, and however thin: those near loads and
/// supports are not.
std::vector<std::uint8_t> may_yield(const MeshBody& body, const mesh::MeshModel& model,
                                    const load::LoadCase& load_case, const load::Rig& rig,
                                    material::CriterionDomain domain)
{
  domain.where = material::CriterionDomain::Where::volume;
  domain.min_ash_g_cm3 = 0;
  return risk::judged_cells(model, body.boundary, domain, load_case, rig).judged;
}

/// A path to follow: what it is made from, and what it becomes on rank 0.
class OnePath
{
public:
  OnePath(const Case& given, const PatientSetting& setting, const MeshBody& body,
          std::size_t variant, const RigCases& rig)
      : given_(given), setting_(setting), body_(body), model_(body.variants[variant].model),
        rig_(rig)
  {
  }

  /// On rank 0.
  void make_ready(std::size_t load_case)
  {
    const FractureInput& input = *given_.patient->fracture;
    const material::Protocol& protocol = setting_.inputs.protocol;
    load_case_ = &rig_.cases[load_case];
    log_info("to fracture: " + load_case_->name);
    law_ = law_of(input, protocol);
    plasticity_ =
        solid::plasticity_of(model_, *law_, protocol.strength.tension_over_compression(),
                             may_yield(body_, model_, *load_case_, rig_.rig, protocol.domain));
    length_ = solid::softening_length(model_, plasticity_, *law_);
    static_cast<model::PathControl&>(options_) = control_of(input, *load_case_);
    options_.equilibrium.averaging_mm = length_.averaging_mm;
  }

  /// Collective.
  analysis::FracturePath follow(MPI_Comm comm) const
  {
    const load::LoadCase none;
    return analysis::fracture_path(model_, plasticity_, body_.boundary, rig_.rig,
                                   load_case_ ? *load_case_ : none, options_, comm, body_.hanging);
  }

  /// On rank 0.
  void record(const analysis::FracturePath& path, const ResultsFolder& folder,
              report::VariantResults& out) const
  {
    risk::FractureAssessment found =
        risk::assess_fracture(path, model_, *load_case_, *law_, length_,
                              [&](Vec3 point) { return locate(setting_.inputs, point); });
    if (given_.output.fields)
    {
      auto fields = fracture_fields(found, path);
      fields.push_back({"tissue", numbers_of(model_.tissue)});
      report::write_vtu(field_file(folder, out.name + " " + found.activity + " fracture"),
                        model_.mesh, fields, path.at_end.displacement);
    }
    record_path(std::move(found), folder, out);
  }

private:
  const Case& given_;
  const PatientSetting& setting_;
  const MeshBody& body_;
  const mesh::MeshModel& model_;
  const RigCases& rig_;
  const load::LoadCase* load_case_ = nullptr;
  std::optional<material::ConstitutiveLaw> law_;
  solid::CellPlasticity plasticity_;
  model::SofteningLength length_;
  solid::PathOptions options_;
};
} // namespace

void follow_to_fracture(const Case& given, const PatientSetting& setting, const MeshBody& body,
                        std::size_t variant, const ResultsFolder* folder,
                        report::VariantResults& out, report::Results& results, MPI_Comm comm)
{
  Stage stage("follow to fracture", results.timings);
  for (const RigCases& rig : body.rigs)
  {
    std::vector<std::size_t> cases;
    on_root(comm, [&] { cases = followed_cases(*given.patient->fracture, rig); });
    int count = static_cast<int>(cases.size());
    MPI_Bcast(&count, 1, MPI_INT, 0, comm);
    for (int n = 0; n < count; ++n)
    {
      OnePath one(given, setting, body, variant, rig);
      on_root(comm, [&] { one.make_ready(cases[static_cast<std::size_t>(n)]); });
      const analysis::FracturePath path = one.follow(comm);
      on_root(comm, [&] { one.record(path, *folder, out); });
    }
  }
}

} // namespace calcar::pipeline
