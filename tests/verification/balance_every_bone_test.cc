// Every activity of every bone, in its rig: what is applied is what the load case says, and with
// reactions and inertia it sums to nothing.

#include "analysis/solve_rig.hpp"
#include "anatomy/synthetic_bone.hpp"
#include "anatomy/synthetic_piece.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "load/activity.hpp"
#include "load/make_load_case.hpp"
#include "load/rig.hpp"
#include "pipeline/largest_piece.hpp"
#include "pipeline/rig_body.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iostream>

using namespace calcar;

namespace
{
/// A synthetic bone of voxels with all its activities in their rigs; of a piece those that are
/// refused for it are left out.
struct Bone
{
  anatomy::SyntheticScan scan;
  model::VoxelModel model;
  std::vector<pipeline::RigCases> rigs;
  std::vector<pipeline::RigBody> bodies;
};

void add_activity(const std::string& name, Bone& bone)
{
  load::Patient patient;
  patient.body_mass_kg = 70;
  patient.height_m = 1.7;
  const load::Activity activity = load::activity(bone.scan.truth.kind, name, "test");
  const auto cases = load::make_load_cases(activity, bone.scan.truth, patient);
  auto found = std::find_if(bone.rigs.begin(), bone.rigs.end(),
                            [&](const auto& rig) { return rig.rig.name == activity.rig; });
  if (found == bone.rigs.end())
    found = bone.rigs.insert(bone.rigs.end(),
                             {load::make_rig(activity.rig, bone.scan.truth, "test"), {}});
  found->cases.insert(found->cases.end(), cases.begin(), cases.end());
}

Bone make_bone(anatomy::BoneKind kind, double voxel_mm, const std::string& piece)
{
  Bone bone;
  anatomy::ScanSettings settings;
  settings.voxel_mm = voxel_mm;
  const anatomy::SyntheticBody shape = anatomy::synthetic_bone(kind, {});
  if (!piece.empty())
    settings.crop = anatomy::piece_of(shape, piece);
  bone.scan = anatomy::make_scan(shape, settings);
  const image::Mask mask = anatomy::bone_mask(bone.scan.labels);
  const material::Protocol protocol = material::protocol(
      material::default_protocol(anatomy::to_string(kind), material::DensityKind::k2hpo4), "test");
  bone.model = model::voxelize(model::MaterialField({bone.scan.volume, mask, protocol}),
                               model::voxel_grid(mask, voxel_mm));
  Warnings warnings;
  if (const auto keep = pipeline::largest_piece(bone.model.body, "smaller voxels", warnings))
    bone.model = model::keep(bone.model, *keep);
  for (const std::string& name : data_names("cases/activities/" + anatomy::to_string(kind)))
    try
    {
      add_activity(name, bone);
    }
    catch (const InputError&)
    {
      if (piece.empty())
        throw;
    }
  bone.bodies = pipeline::make_rig_bodies(bone.model, bone.rigs);
  return bone;
}

/// What the load case says, about the place that the equilibrium is about; without pressures.
analysis::Wrench told(const load::LoadCase& load_case, Vec3 about)
{
  analysis::Wrench sum;
  for (const load::AppliedForce& force : load_case.forces)
  {
    sum.force += force.force;
    sum.moment += cross(force.patch.centre - about, force.force) + force.moment;
  }
  return sum;
}

void check(const pipeline::RigCases& rig, const load::LoadCase& load_case,
           const analysis::Response& response)
{
  INFO(rig.rig.name << ", " << load_case.name);
  const analysis::Equilibrium& sum = response.equilibrium;
  const analysis::Wrench given = told(load_case, sum.about);
  const bool pressed =
      std::any_of(load_case.forces.begin(), load_case.forces.end(),
                  [](const load::AppliedForce& force) { return force.pressure_MPa != 0; });
  if (!pressed)
  {
    CHECK(norm(sum.applied.force - given.force) < 1e-9 * sum.gross_N);
    CHECK(norm(sum.applied.moment - given.moment) < 1e-9 * sum.gross_N * sum.reach_mm);
  }
  CHECK(sum.gross_N > 0);
  CHECK(sum.force_error() < 1e-6);
  CHECK(sum.moment_error() < 1e-6);
  if (rig.rig.inertia_relief)
    CHECK(sum.borne_by_supports() < 1e-6);
}

void check_all(anatomy::BoneKind kind, double voxel_mm, const std::string& piece = "")
{
  const Bone bone = make_bone(kind, voxel_mm, piece);
  REQUIRE_FALSE(bone.rigs.empty());
  voxel::Options options;
  options.relative_residual = 1e-10;
  for (std::size_t r = 0; r < bone.rigs.size(); ++r)
  {
    const pipeline::RigCases& rig = bone.rigs[r];
    const auto layered = pipeline::layered(bone.model, bone.bodies[r]);
    const model::VoxelModel& body = layered ? *layered : bone.model;
    const auto solved = analysis::solve_cases(body.body, bone.bodies[r].shape->surface, rig.rig,
                                              rig.cases, MPI_COMM_SELF, options);
    double force = 0, moment = 0;
    for (std::size_t c = 0; c < rig.cases.size(); ++c)
    {
      const analysis::Response response = solved.response(c);
      check(rig, rig.cases[c], response);
      force = std::max(force, response.equilibrium.force_error());
      moment = std::max(moment, response.equilibrium.moment_error());
    }
    std::cout << anatomy::to_string(kind) << " " << piece << " in " << rig.rig.name << ": "
              << rig.cases.size() << " load cases by " << solved.solver.right_hand_sides
              << " solves, forces off by " << force << ", moments by " << moment
              << " of the resultant at worst\n";
  }
}
} // namespace

TEST_CASE("every activity of a femur is in balance")
{
  check_all(anatomy::BoneKind::femur, 4);
}

TEST_CASE("every activity of a tibia is in balance")
{
  check_all(anatomy::BoneKind::tibia, 4);
}

TEST_CASE("every activity of a humerus is in balance")
{
  check_all(anatomy::BoneKind::humerus, 4);
}

TEST_CASE("every activity of a vertebra is in balance, on discs and between caps")
{
  check_all(anatomy::BoneKind::vertebra, 2.5);
}

TEST_CASE("every activity of a hip bone is in balance")
{
  check_all(anatomy::BoneKind::pelvis, 3);
}

TEST_CASE("every activity of a bone that the scan cuts off is in balance")
{
  check_all(anatomy::BoneKind::femur, 3, "proximal");
  check_all(anatomy::BoneKind::humerus, 3, "proximal");
  check_all(anatomy::BoneKind::tibia, 3, "proximal");
}

TEST_CASE("every activity of a rib is in balance")
{
  check_all(anatomy::BoneKind::rib, 2);
}

TEST_CASE("every activity of a skull is in balance")
{
  check_all(anatomy::BoneKind::skull, 4);
}
