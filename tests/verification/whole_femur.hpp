#pragma once

// A synthetic femur through the whole program: by its case file (`run`), or stage by stage where a
// test needs what the results do not hold (`solve`).

#include "analysis/solve_rig.hpp"
#include "anatomy/find_anatomy.hpp"
#include "anatomy/synthetic_femur.hpp"
#include "base/files.hpp"
#include "image/mask.hpp"
#include "image/write.hpp"
#include "load/activity.hpp"
#include "load/make_load_case.hpp"
#include "load/nodal_forces.hpp"
#include "load/rig.hpp"
#include "model/boundary.hpp"
#include "model/surface.hpp"
#include "model/voxel_model.hpp"
#include "pipeline/pipeline.hpp"
#include "risk/assessment.hpp"
#include "temporary_folder.hpp"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace calcar::verification
{

/// What is solved; every activity of `activities` on one femur.
struct Plan
{
  anatomy::Side side = anatomy::Side::left;
  bool specimen = false;
  double voxel_mm = 2.5;
  double relative_residual = 1e-10;
  std::vector<std::string> activities = {"level_walking"};
  std::string more; ///< further lines of the case file
};

/// A scan: density in g/cm^3 (K2HPO4) and its labels.
struct Scan
{
  image::Volume density;
  image::LabelMap labels;
};

inline anatomy::FemurShape shape_of(double voxel_mm, double proximal_mm = 0,
                                    anatomy::Side side = anatomy::Side::left)
{
  anatomy::FemurShape shape = anatomy::standard_femur(side);
  shape.voxel_mm = voxel_mm;
  shape.proximal_mm = proximal_mm;
  return shape;
}

inline Scan scan_of(const anatomy::FemurShape& shape)
{
  anatomy::SyntheticFemur femur = anatomy::make_femur(shape);
  return {std::move(femur.volume), std::move(femur.labels)};
}

inline std::string case_text(const Plan& plan)
{
  std::string text = "title = \"verification\"\n[patient]\nbody_mass_kg = 70\nheight_m = 1.7\n"
                     "[bone]\nkind = \"femur\"\nside = \"" +
                     anatomy::to_string(plan.side) +
                     "\"\nimage = \"density.nii.gz\"\n"
                     "mask = { file = \"labels.nii.gz\", label = 1 }\norientation = \"" +
                     (plan.specimen ? "specimen" : "patient") +
                     "\"\n[calibration]\nname = \"density\"\nphantom = \"K2HPO4\"\nunit = "
                     "\"g/cm3\"\n[voxels]\nsize_mm = " +
                     std::to_string(plan.voxel_mm) + "\n[solver]\nrelative_residual = " +
                     std::to_string(1e12 * plan.relative_residual) +
                     "e-12\n[output]\nfields = false\n";
  for (const std::string& activity : plan.activities)
    text += "[[activity]]\nname = \"" + activity + "\"\n";
  return text + plan.more;
}

/// The scan and its case written to a folder and run.
inline report::Results run(const Scan& scan, const Plan& plan)
{
  const test::TemporaryFolder folder;
  image::write_nifti(folder.path() / "density.nii.gz", scan.density);
  image::write_nifti(folder.path() / "labels.nii.gz", scan.labels);
  write_text(folder.path() / "case.toml", case_text(plan));
  pipeline::RunOptions options;
  options.output = folder.path() / "out";
  return pipeline::run_case(folder.path() / "case.toml", options, MPI_COMM_SELF).results;
}

inline const risk::ActivityAssessment& activity(const report::Results& results,
                                                const std::string& name = "level_walking",
                                                const std::string& variant = "as is")
{
  const auto* found = report::find_activity(results, variant, name);
  if (!found)
    throw std::runtime_error("no " + name + " in variant " + variant);
  return *found;
}

/// A femur ready to solve: the stages of pipeline/patient.cc without lesions, files and warnings.
struct Femur
{
  image::Volume density;
  image::Mask envelope;
  material::Protocol protocol = material::protocol("rizzoli_linear_k2hpo4", "test");
  anatomy::BoneAnatomy bone;
  model::VoxelModel model;
  std::unique_ptr<model::Lattice> lattice;
  model::Surface surface;
};

inline Femur femur_of(const Scan& scan, const Plan& plan)
{
  Femur femur;
  femur.density = scan.density;
  femur.envelope = image::fill_holes(image::keep_largest(image::extract(scan.labels, 1)).mask).mask;
  anatomy::AnatomyOptions options;
  options.side = plan.side;
  options.orientation =
      plan.specimen ? anatomy::Orientation::specimen : anatomy::Orientation::patient;
  femur.bone = anatomy::find_anatomy(anatomy::BoneKind::femur, femur.envelope, options);
  const model::MaterialField field({femur.density, femur.envelope, femur.protocol});
  femur.model = model::voxelize(field, model::voxel_grid(femur.envelope, plan.voxel_mm));
  femur.lattice = std::make_unique<model::Lattice>(femur.model.body);
  femur.surface = model::surface_of(femur.model.body, *femur.lattice);
  return femur;
}

inline load::LoadCase load_case_of(const Femur& femur, const std::string& name)
{
  load::Patient patient;
  patient.body_mass_kg = 70;
  patient.height_m = 1.7;
  return load::settled(load::make_load_case(load::activity(anatomy::BoneKind::femur, name, "test"),
                                            femur.bone, patient),
                       femur.surface.points);
}

inline load::Rig rig_of(const Femur& femur, const std::string& name)
{
  return load::settled(load::make_rig(name, femur.bone), femur.surface.points);
}

inline analysis::RigResult solve(const Femur& femur, const load::Rig& rig,
                                 const std::vector<load::LoadCase>& cases, double relative_residual,
                                 analysis::BasisChoice choice = analysis::BasisChoice::fewest)
{
  voxel::Options options;
  options.relative_residual = relative_residual;
  return analysis::solve_rig(femur.model.body, femur.surface, rig, cases, MPI_COMM_SELF, options,
                             choice);
}

inline risk::ActivityAssessment judge(const Femur& femur, const analysis::Response& response,
                                      const load::LoadCase& load_case, const load::Rig& rig)
{
  return risk::assess(risk::judged_body(femur.model, *femur.lattice, femur.surface,
                                        femur.protocol.domain, load_case, rig),
                      response, load_case, rig, femur.protocol, femur.bone, 70 * load::gravity);
}

} // namespace calcar::verification
