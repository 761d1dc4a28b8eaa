// Makes the body of a femur as `calcar run` does, without its lesions, and writes it for
// benchmark_engine: images are read and taken apart in this process, so that they do not count in
// the memory of the solve.
//
//   benchmark_femur CASE.toml VOXEL_MM OUTPUT
//
// Loads: level walking, then six unit forces on hip and muscles.

#include "analysis/superposition.hpp"
#include "base/parallel.hpp"
#include "benchmark/loaded_body.hpp"
#include "load/activity.hpp"
#include "load/make_load_case.hpp"
#include "load/nodal_forces.hpp"
#include "load/rig.hpp"
#include "model/boundary.hpp"
#include "model/voxel_model.hpp"
#include "pipeline/inputs.hpp"
#include "voxel/checks.hpp"

#include <cstdlib>
#include <iostream>

namespace
{
using namespace calcar;

model::VoxelModel largest_piece(const model::VoxelModel& whole)
{
  const auto pieces = voxel::pieces(whole.body, voxel::Joint::face);
  std::vector<std::uint8_t> keep(whole.body.voxels.size(), 0);
  for (const std::uint64_t entry : pieces.front().voxels)
    keep[entry] = 1;
  return model::keep(whole, keep);
}

benchmark::LoadedBody loaded_femur(const pipeline::PatientCase& given, double voxel_mm)
{
  report::Results results;
  const pipeline::PatientInputs in = pipeline::read_inputs(given, results);
  const model::MaterialField field({in.density, in.envelope, in.protocol});
  benchmark::LoadedBody result;
  result.body =
      largest_piece(model::voxelize(field, model::voxel_grid(in.envelope, voxel_mm))).body;
  const model::Lattice lattice(result.body);
  const model::Surface surface = model::surface_of(result.body, lattice);
  const load::LoadCase walking =
      load::settled(load::make_load_case(load::activity(in.bone.kind, "level_walking", "benchmark"),
                                         in.bone, given.patient),
                    surface.points);
  const load::Rig rig = load::settled(load::make_rig(walking.rig, in.bone), surface.points);
  result.supports = model::supports_of(rig, result.body, surface);
  const auto loads_of = [&](analysis::BasisChoice choice)
  {
    return analysis::nodal_loads(analysis::load_basis({walking}, choice),
                                 [&](const load::AppliedForce& force)
                                 { return model::forces_of(force, result.body, surface); });
  };
  result.loads = loads_of(analysis::BasisChoice::cases);
  for (const auto& unit : loads_of(analysis::BasisChoice::unit_forces))
    if (result.loads.size() < 7)
      result.loads.push_back(unit);
  result.scale.assign(result.loads.size(), 0);
  return result;
}
} // namespace

int main(int argc, char** argv)
{
  try
  {
    const MpiSession session(argc, argv);
    if (argc != 4 || !(std::atof(argv[2]) > 0))
      throw std::invalid_argument("usage: benchmark_femur CASE.toml VOXEL_MM OUTPUT");
    const pipeline::Case given = pipeline::read_case(argv[1]);
    if (!given.patient)
      throw std::invalid_argument(std::string(argv[1]) + " is not the case of a patient");
    benchmark::write_body(argv[3], loaded_femur(*given.patient, std::atof(argv[2])));
    return 0;
  }
  catch (const std::exception& error)
  {
    std::cerr << "benchmark_femur: " << error.what() << "\n";
    return 1;
  }
}
