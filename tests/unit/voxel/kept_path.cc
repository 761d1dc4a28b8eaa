#include "voxel/kept_path.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "material/yield_surface.hpp"
#include "unit/voxel/bodies.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <fstream>
#include <functional>

using namespace calcar;
using voxel::KeptPath;
using voxel::PathBasis;

namespace
{
namespace fs = std::filesystem;

/// What a path rests on, of 2 x 2 x 2 voxels.
struct Ground
{
  model::VoxelBody body = bodies::body(
      {2, 2, 2}, {1, 1, 1}, [](int i, int, int) { return 1000.0 + i; }, 0.3);
  model::VoxelPlasticity plasticity;
  model::VoxelSupports supports;
  voxel::PathLoad load;
  voxel::EquilibriumOptions options;

  Ground()
  {
    plasticity.kinds.push_back({material::drucker_prager(0.7), {}});
    plasticity.voxels.resize(body.voxels.size(), {10, 0.01F, -60, 3, 0.5F, 0});
    supports.fixed.push_back({{0, 0, 0}, 1, 0, 0});
    supports.springs.push_back({{1, 0, 0}, {1, 2, 3, 0, 0, 0}, 0});
    load.forces.push_back({{2, 2, 2}, {0, 0, -1}});
  }
  PathBasis basis() const { return voxel::basis_of(body, plasticity, supports, load, options); }
};

KeptPath some_path()
{
  KeptPath path;
  path.basis = Ground().basis();
  for (int n = 1; n <= 3; ++n)
  {
    voxel::PathStep step;
    step.factor = 0.5 * n;
    step.displacement = 0.1 * n;
    step.work = 0.01 * n * n;
    step.yielded_mm3 = n;
    step.softened_mm3 = 0.5 * n;
    step.drive = 1.1 * n;
    step.newton = 2 * n;
    step.linear = 30 * n;
    step.residual = 1e-4 / n;
    step.growth = 0.1 / n;
    path.steps.push_back(step);
  }
  path.at.drive = 3.3;
  path.at.equilibria = 3;
  for (int n = 0; n < 27; ++n)
    path.at.displacement.push_back({0.1 * n, -0.2 * n, 1e-9 * n});
  path.at.yielded_at = {0, 1, 2, 3, 0, 0, 1, 2};
  path.at.softened_at = {0, 0, 0, 3, 0, 0, 0, 0};
  for (int n = 0; n < 7; ++n)
    path.at.states.emplace_back(8, 1e-3 * n);
  path.seen = {1, 2, 3.5};
  return path;
}

struct KeptFile
{
  fs::path file = fs::temp_directory_path() / ("calcar_kept_" + std::to_string(getpid()) + ".path");
  KeptFile() { voxel::write_kept_path(file, some_path()); }
  ~KeptFile() { fs::remove(file); }

  void replace(const std::string& text) const
  {
    std::ofstream stream(file, std::ios::binary);
    stream << text;
  }
  /// What reading it says.
  std::string refusal(const PathBasis& basis = Ground().basis()) const
  {
    try
    {
      voxel::read_kept_path(file, basis);
    }
    catch (const InputError& error)
    {
      CHECK(error.fault() == Fault::data);
      return error.what();
    }
    return "";
  }
};
} // namespace

TEST_CASE("a path that was kept is read back as it was, and nothing else is left beside it")
{
  const KeptFile kept;
  const KeptPath path = voxel::read_kept_path(kept.file, Ground().basis()), expected = some_path();
  REQUIRE(path.steps.size() == 3);
  for (std::size_t n = 0; n < 3; ++n)
  {
    const voxel::PathStep &a = path.steps[n], &b = expected.steps[n];
    CHECK(a.factor == b.factor);
    CHECK(a.displacement == b.displacement);
    CHECK(a.work == b.work);
    CHECK(a.yielded_mm3 == b.yielded_mm3);
    CHECK(a.softened_mm3 == b.softened_mm3);
    CHECK(a.drive == b.drive);
    CHECK(a.newton == b.newton);
    CHECK(a.linear == b.linear);
    CHECK(a.residual == b.residual);
    CHECK(a.growth == b.growth);
  }
  CHECK(path.at.drive == 3.3);
  CHECK(path.at.equilibria == 3);
  REQUIRE(path.at.displacement.size() == 27);
  CHECK(path.at.displacement[26].z == expected.at.displacement[26].z);
  CHECK(path.at.displacement[7].y == expected.at.displacement[7].y);
  CHECK(path.at.yielded_at == expected.at.yielded_at);
  CHECK(path.at.softened_at == expected.at.softened_at);
  CHECK(path.at.states == expected.at.states);
  CHECK(path.seen == expected.seen);
  for (const fs::directory_entry& entry : fs::directory_iterator(kept.file.parent_path()))
    CHECK_FALSE(entry.path().string().starts_with(kept.file.string() + "."));
}

TEST_CASE("a kept path is refused where any byte of it has changed")
{
  const KeptFile kept;
  const std::string text = read_text(kept.file);
  REQUIRE(kept.refusal().empty());
  // Bytes of every part: basis, sizes, steps, displacement, states, seen, checksum.
  for (std::size_t at = 24; at < text.size(); at += 7)
  {
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    kept.replace(flipped);
    INFO("byte " << at << " of " << text.size());
    CHECK_FALSE(kept.refusal().empty());
  }
  std::string flipped = text;
  flipped[text.size() / 2] = static_cast<char>(flipped[text.size() / 2] ^ 16);
  kept.replace(flipped);
  CHECK_THAT(kept.refusal(), Catch::Contains("damaged") && Catch::Contains(kept.file.string()) &&
                                 Catch::Contains("without --resume"));
}

TEST_CASE("a kept path that was cut off is refused wherever it was cut")
{
  const KeptFile kept;
  const std::string text = read_text(kept.file);
  for (const double share : {0.0, 0.001, 0.05, 0.3, 0.9, 0.999})
  {
    kept.replace(
        text.substr(0, static_cast<std::size_t>(share * static_cast<double>(text.size()))));
    CHECK_FALSE(kept.refusal().empty());
  }
  kept.replace(text.substr(0, text.size() - 100));
  CHECK_THAT(kept.refusal(), Catch::Contains("not whole"));
  kept.replace(text + "x");
  CHECK_THAT(kept.refusal(), Catch::Contains("damaged"));
}

TEST_CASE("a kept path of another version and a file of another kind are refused as such")
{
  const KeptFile kept;
  std::string text = read_text(kept.file);
  text[24] = 9; // the version follows the name of the format
  kept.replace(text);
  CHECK_THAT(kept.refusal(), Catch::Contains("format 9") && Catch::Contains("format 1"));
  kept.replace("load_factor,load_N\n1,2\n");
  CHECK_THAT(kept.refusal(), Catch::Contains("no path kept by Calcar"));
  fs::remove(kept.file);
  CHECK_THAT(kept.refusal(), Catch::Contains("no such file"));
}

TEST_CASE("a kept path is refused for each thing it rests on, and the message names it")
{
  const KeptFile kept;
  const auto changed = [&](const std::function<void(Ground&)>& change)
  {
    Ground ground;
    change(ground);
    return kept.refusal(ground.basis());
  };
  CHECK_THAT(changed([](Ground& g) { g.body.youngs[3] += 1; }), Catch::Contains("the body"));
  CHECK_THAT(changed([](Ground& g) { g.body.grid.origin.x += 1; }), Catch::Contains("the body"));
  CHECK_THAT(changed([](Ground& g) { g.plasticity.voxels[0].kind = -1; }),
             Catch::Contains("how it yields"));
  CHECK_THAT(changed([](Ground& g) { g.plasticity.kinds[0].damage.most = 0.5; }),
             Catch::Contains("how it yields"));
  CHECK_THAT(changed([](Ground& g) { g.supports.fixed[0].axis = 2; }),
             Catch::Contains("the supports"));
  CHECK_THAT(changed([](Ground& g) { g.supports.springs[0].stiffness.zx = 1; }),
             Catch::Contains("the supports"));
  CHECK_THAT(changed([](Ground& g) { g.load.forces[0].force.x = 1; }), Catch::Contains("the load"));
  CHECK_THAT(changed([](Ground& g) { g.load.size = 2; }), Catch::Contains("the load"));
  CHECK_THAT(changed([](Ground& g) { g.options.averaging_mm = 5; }), Catch::Contains("averaging"));
  const std::string several = changed(
      [](Ground& g)
      {
        g.load.size = 2;
        g.options.averaging_mm = 5;
      });
  CHECK_THAT(several, Catch::Contains("the load, how equilibria are sought"));
  CHECK(changed([](Ground& g) { g.options.most_iterations = 99; }).empty());
}
