#include "model/study_body.hpp"
#include "unit/material/scratch_file.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>

using namespace calcar;
using namespace calcar::model;
using Catch::Contains;

namespace
{
image::Volume modulus()
{
  image::Volume image;
  image.grid = bodies::grid({4, 3, 5}, {0.5, 2, 3}, 0.3);
  image.values.assign(image.grid.voxels(), 0);
  image.source.path = "E.nii.gz";
  for (int k = 0; k < 5; ++k)
    for (int j = 0; j < 3; ++j)
      for (int i = 1; i < 4; ++i)
        image.at(i, j, k) = static_cast<float>(100 + 10 * k + i);
  return image;
}

image::LabelMap labelled(const image::Grid& grid, int label)
{
  image::LabelMap labels;
  labels.grid = grid;
  labels.values.assign(grid.voxels(), label);
  return labels;
}

/// Hands the values of an image on in short runs, as a reader does.
template <typename T, typename Take>
void in_runs(const image::Image<T>& image, const Take& take)
{
  for (std::size_t first = 0; first < image.values.size(); first += 7)
    take(first, std::span(image.values)
                    .subspan(first, std::min<std::size_t>(7, image.values.size() - first)));
}

VoxelBody study_body(const image::Volume& modulus, double poisson_ratio)
{
  BodyCollector collector(modulus.grid);
  in_runs(modulus, [&](std::size_t first, auto run) { collector.add(first, run); });
  return collector.finish(poisson_ratio, modulus.source.path);
}

RegionNodes region_nodes(const VoxelBody& body, const Lattice& lattice,
                         const image::LabelMap& labels, int label, VoxelSide side)
{
  FaceCollector faces(body.grid, lattice, label, side);
  in_runs(labels, [&](std::size_t first, auto run) { faces.add(first, run); });
  return model::region_nodes(body.grid, faces.voxels(), side);
}

double total(const std::vector<double>& areas)
{
  return std::accumulate(areas.begin(), areas.end(), 0.0);
}
} // namespace

TEST_CASE("a study's body is every voxel that has a modulus")
{
  const image::Volume image = modulus();
  const VoxelBody body = study_body(image, 0.35);
  REQUIRE(body.voxels.size() == 3 * 3 * 5);
  CHECK(image::same_grid(body.grid, image.grid));
  for (std::size_t n = 0; n < body.voxels.size(); ++n)
  {
    CHECK(body.youngs[n] == image.values[body.voxels[n]]);
    CHECK(body.poisson[n] == 0.35F);
    CHECK((n == 0 || body.voxels[n] > body.voxels[n - 1]));
  }
}

TEST_CASE("a body larger than a block of the collector is whole and in order")
{
  // One slab of moduli of more than 2^24 voxels, handed on again and again.
  image::Grid grid;
  grid.size = {1 << 13, 1 << 11, 2};
  BodyCollector collector(grid);
  std::vector<float> slab(std::size_t{1} << 13);
  for (std::size_t first = 0; first < grid.voxels(); first += slab.size())
  {
    for (std::size_t n = 0; n < slab.size(); ++n)
      slab[n] = (first + n) % 16 == 5 ? 0.0F : 1.0F + static_cast<float>((first + n) % 16);
    collector.add(first, slab);
  }
  const VoxelBody body = collector.finish(0.25, "E");
  REQUIRE(body.voxels.size() == grid.voxels() / 16 * 15);
  CHECK(body.youngs.size() == body.voxels.size());
  CHECK(body.poisson.size() == body.voxels.size());
  std::size_t wrong = 0;
  for (std::size_t n = 0; n < body.voxels.size(); ++n)
    wrong += body.youngs[n] != 1.0F + static_cast<float>(body.voxels[n] % 16) ||
             (n > 0 && body.voxels[n] <= body.voxels[n - 1]);
  CHECK(wrong == 0);
  CHECK(body.youngs.capacity() == body.voxels.size()); // reserved once, not grown
  CHECK(body.voxels.capacity() == body.voxels.size());
}

TEST_CASE("a modulus that is none is refused with its voxel")
{
  for (const float value :
       {-1.0F, std::numeric_limits<float>::infinity(), std::numeric_limits<float>::quiet_NaN()})
  {
    image::Volume image = modulus();
    image.at(2, 1, 3) = value;
    CHECK_THAT(refusal([&] { study_body(image, 0.3); }),
               Contains("E.nii.gz: the modulus is ") && Contains("MPa at voxel (2, 1, 3)") &&
                   Contains("allowed: 0 for void, or greater than 0"));
  }
  image::Volume empty = modulus();
  empty.values.assign(empty.values.size(), 0);
  CHECK_THAT(refusal([&] { study_body(empty, 0.3); }),
             Contains("every modulus is 0: there is no body"));
}

TEST_CASE("sides have names")
{
  CHECK(voxel_side("+i").axis == 0);
  CHECK(voxel_side("-j").axis == 1);
  CHECK(voxel_side("-j").sign == -1);
  CHECK(voxel_side("+k").axis == 2);
  CHECK(voxel_side("+k").sign == +1);
  CHECK(voxel_side_names().size() == 6);
  CHECK_THROWS_AS(voxel_side("k"), std::invalid_argument);
}

TEST_CASE("a region is the corners of its outward faces on one side, with their areas")
{
  const VoxelBody body = study_body(modulus(), 0.3); // i = 1..3, j = 0..2, k = 0..4
  const Lattice lattice(body);
  const image::LabelMap labels = labelled(body.grid, 1);
  struct Expected
  {
    const char* side;
    std::size_t nodes;
    double area;
    int axis;
    int level;
  };
  for (const Expected& side :
       {Expected{"+k", 4 * 4, 9 * 0.5 * 2, 2, 5}, Expected{"-k", 4 * 4, 9 * 0.5 * 2, 2, 0},
        Expected{"-i", 4 * 6, 15 * 2 * 3, 0, 1}, Expected{"+i", 4 * 6, 15 * 2 * 3, 0, 4},
        Expected{"+j", 4 * 6, 15 * 0.5 * 3, 1, 3}})
  {
    CAPTURE(side.side);
    const RegionNodes region = region_nodes(body, lattice, labels, 1, voxel_side(side.side));
    CHECK(region.nodes.size() == side.nodes);
    REQUIRE(region.areas.size() == region.nodes.size());
    CHECK(total(region.areas) == Approx(side.area));
    for (const NodeIndex& node : region.nodes)
      CHECK((side.axis == 0 ? node.i : side.axis == 1 ? node.j : node.k) == side.level);
  }
  // Corner, edge and inner nodes have a quarter, a half and the whole of a face.
  const RegionNodes top = region_nodes(body, lattice, labels, 1, voxel_side("+k"));
  CHECK(top.nodes.front() == NodeIndex{1, 0, 5});
  CHECK(top.areas.front() == Approx(0.25));
  CHECK(top.areas[1] == Approx(0.5));
  CHECK(top.areas[5] == Approx(1.0));
}

TEST_CASE("a face with an active neighbour is not meant, whatever its label")
{
  const VoxelBody body = study_body(modulus(), 0.3);
  const Lattice lattice(body);
  image::LabelMap labels = labelled(body.grid, 0);
  for (int j = 0; j < 3; ++j)
    for (int i = 0; i < 4; ++i)
      labels.at(i, j, 2) = 7; // a layer in the middle; i = 0 is void
  CHECK(region_nodes(body, lattice, labels, 7, voxel_side("+k")).nodes.empty());
  CHECK(region_nodes(body, lattice, labels, 7, voxel_side("-k")).nodes.empty());
  const RegionNodes side = region_nodes(body, lattice, labels, 7, voxel_side("-i"));
  CHECK(side.nodes.size() == 4 * 2);
  CHECK(total(side.areas) == Approx(3 * 2 * 3));
  CHECK(region_nodes(body, lattice, labels, 3, voxel_side("-i")).nodes.empty());
}

TEST_CASE("the faces of a region may lie in steps")
{
  image::Volume image = modulus();
  image.at(3, 1, 4) = 0; // a step down in the top layer
  const VoxelBody body = study_body(image, 0.3);
  const RegionNodes top =
      region_nodes(body, Lattice(body), labelled(body.grid, 1), 1, voxel_side("+k"));
  CHECK(total(top.areas) == Approx(9 * 0.5 * 2));
  std::size_t low = 0;
  for (const NodeIndex& node : top.nodes)
    low += node.k == 4;
  CHECK(low == 4);
}
