// A real whole femur (a surface, not part of the repository) as voxels of 1 mm and as quadratic
// tetrahedra made from the same mask: the two bodies must tell the surgeon the same.

#include "base/files.hpp"
#include "bodies/rasterised.hpp"
#include "geometry/read_surface.hpp"
#include "image/distance.hpp"
#include "image/write.hpp"
#include "pipeline/pipeline.hpp"
#include "report/comparison.hpp"
#include "temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <iostream>

using namespace calcar;

namespace
{
const std::filesystem::path surface_file =
    std::filesystem::path(CALCAR_REAL_DATA) / "surfaces/femur_whole_mm.stl";

constexpr float cortex = 1.2F, spongy = 0.3F, even = 0.9F; // g/cm^3, K2HPO4
constexpr double cortex_mm = 4;

/// Density inside the bone: even, or a cortex around spongy bone. A layer of one voxel around the
/// bone has the density of its surface, so that no voxel is partly air.
image::Volume density_of(const image::Mask& mask, bool shell)
{
  image::Mask outside = mask;
  for (auto& value : outside.values)
    value = !value;
  const image::Volume depth = image::distance_to(outside);
  const image::Mask near = image::dilate(mask, 1.1);
  image::Volume density;
  density.grid = mask.grid;
  for (std::size_t n = 0; n < mask.values.size(); ++n)
    density.values.push_back(!near.values[n]                        ? 0.0F
                             : !shell                               ? even
                             : double(depth.values[n]) <= cortex_mm ? cortex
                                                                    : spongy);
  return density;
}

/// Walking on this femur, whole and with a lytic sphere that opens the cortex of its shaft, on
/// voxels and on a mesh.
report::Comparison compared(bool shell)
{
  const test::TemporaryFolder folder;
  const image::Mask mask =
      test_bodies::rasterised(geometry::read_surface(surface_file).surface, 1, 4);
  image::write_nifti(folder / "mask.nii.gz", mask);
  image::write_nifti(folder / "density.nii.gz", density_of(mask, shell));
  write_text(folder / "case.toml", R"(title = "femur"
[patient]
body_mass_kg = 70
[bone]
kind = "femur"
side = "right"
orientation = "specimen"
image = "density.nii.gz"
mask = { file = "mask.nii.gz", label = 1 }
[calibration]
name = "density"
phantom = "K2HPO4"
unit = "g/cm3"
[mesh]
edge_mm = 6
surface_mm = 3.5
lesion_mm = 2.5
[[lesion]]
name = "midshaft"
shape = "sphere"
radius_mm = 9
centre = { landmark = "midshaft_centre", offset_mm = { medial = 8 } }
[[activity]]
name = "level_walking"
[output]
fields = false
)");
  for (const auto method : {analysis::Method::voxel, analysis::Method::mesh})
  {
    pipeline::RunOptions options;
    options.output = folder / analysis::to_string(method);
    options.method = method;
    pipeline::run_case(folder / "case.toml", options, MPI_COMM_WORLD);
  }
  return report::compare_results(folder / "voxel", folder / "mesh");
}
} // namespace

TEST_CASE("a real femur is as stiff and as strong on quadratic tetrahedra as on voxels of 1 mm")
{
  if (!std::filesystem::exists(surface_file))
  {
    WARN("skipped: " << surface_file << " is not there");
    return;
  }
  for (const bool shell : {false, true})
  {
    CAPTURE(shell);
    const report::Comparison comparison = compared(shell);
    std::cout << report::comparison_table(comparison);
    CHECK(comparison.warnings.empty());
    REQUIRE(comparison.activities.size() == 2); // healthy twin and as is
    for (const report::ComparedActivity& activity : comparison.activities)
    {
      CAPTURE(activity.variant);
      // 3 % for the solid bone, 10 % where a cortex of 4 mm is cut by voxels; seen: below 1 %.
      CHECK(std::abs(*activity.stiffness_N_mm.difference()) < (shell ? 0.10 : 0.03));
      // Seen: -3 % to +4 %. The utilisation is averaged over as much bone on both.
      CHECK(std::abs(*activity.utilisation.difference()) < 0.10);
      REQUIRE(activity.fracture_load_N.a);
      CHECK(std::abs(*activity.fracture_load_N.difference()) < 0.10);
    }
    for (const report::Pair& volume : comparison.volume_mm3)
      CHECK(std::abs(*volume.difference()) < 0.01);
  }
}
