#include "image/read.hpp"
#include "material/criteria.hpp"
#include "model/boundary.hpp"
#include "report/fields.hpp"
#include "unit/material/scratch_file.hpp"
#include "unit/model/support.hpp"

#include <catch2/catch.hpp>
#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkImageData.h>
#include <vtkMatrix3x3.h>
#include <vtkNew.h>
#include <vtkXMLImageDataReader.h>

using namespace calcar;
using namespace calcar::report;
using Catch::Contains;

namespace
{
/// A lump off the border of its turned grid, with a linear displacement u = G x in LPS.
struct Sample
{
  model::VoxelBody body = bodies::body(
      bodies::grid({9, 8, 10}, {1, 1.5, 0.8}, 0.6),
      [](Vec3 p) {
        return norm(p - Vec3{0.5, 0, 0}) < 2.9;
      },
      2000, 0.3);
  Mat3 gradient = {Vec3{1e-3, 2e-3, 0}, Vec3{-1e-3, 4e-3, 3e-3}, Vec3{5e-4, 0, -2e-3}};
  std::vector<model::NodeIndex> nodes = model::nodes_of(body.grid, body.voxels);
  analysis::Response response;

  Sample()
  {
    for (const model::NodeIndex& node : nodes)
      response.displacement.push_back(
          model::to_grid(body.grid, gradient * model::node_position(body.grid, node)));
    response.strain.assign(body.voxels.size(), model::to_grid(body.grid, strain()));
  }

  SymTensor strain() const
  {
    const Mat3& g = gradient;
    return {g[0].x,
            g[1].y,
            g[2].z,
            0.5 * (g[1].z + g[2].y),
            0.5 * (g[2].x + g[0].z),
            0.5 * (g[0].y + g[1].x)};
  }
};

const Field& field(const std::vector<Field>& fields, const std::string& name)
{
  for (const Field& candidate : fields)
    if (candidate.name == name)
      return candidate;
  FAIL("no field " + name);
  return fields.front();
}
} // namespace

TEST_CASE("fields in LPS are the displacement, strains and stresses of the body")
{
  const Sample sample;
  const auto fields = fields_of(sample.body, sample.response, sample.nodes, "LPS", true);
  CHECK(fields.size() == 3 + 4 + 12);
  const SymTensor strain = sample.strain();
  const SymTensor stress = material::hooke(strain, 2000, 0.3);
  const auto principal = eigenvalues(strain);
  for (std::size_t n = 0; n < sample.body.voxels.size(); ++n)
  {
    const Vec3 u = sample.gradient * model::voxel_centre(sample.body.grid, sample.body.voxels[n]);
    const auto value = [&](const std::string& name) { return field(fields, name).values.at(n); };
    REQUIRE(value("displacement_x_mm") == Approx(u.x).margin(1e-9));
    REQUIRE(value("displacement_y_mm") == Approx(u.y).margin(1e-9));
    REQUIRE(value("displacement_z_mm") == Approx(u.z).margin(1e-9));
    REQUIRE(value("principal_strain_max") == Approx(principal[0]));
    REQUIRE(value("principal_strain_min") == Approx(principal[2]));
    REQUIRE(value("von_mises_MPa") == Approx(material::von_mises_stress(stress)));
    REQUIRE(value("strain_energy_density_MPa") == Approx(0.5 * contract(stress, strain)));
    REQUIRE(value("strain_xx") == Approx(strain.xx));
    REQUIRE(value("strain_yz") == Approx(strain.yz));
    REQUIRE(value("strain_zx") == Approx(strain.zx));
    REQUIRE(value("stress_xy_MPa") == Approx(stress.xy));
    REQUIRE(value("stress_zz_MPa") == Approx(stress.zz));
  }
}

TEST_CASE("fields along the image's axes are those of the grid, and have its names")
{
  const Sample sample;
  const auto fields = fields_of(sample.body, sample.response, sample.nodes, "ijk", true);
  const SymTensor strain = sample.response.strain.front();
  CHECK(field(fields, "strain_ii").values[0] == Approx(strain.xx));
  CHECK(field(fields, "strain_jk").values[0] == Approx(strain.yz));
  CHECK(field(fields, "strain_ki").values[0] == Approx(strain.zx));
  CHECK(field(fields, "strain_ij").values[0] == Approx(strain.xy));
  const Vec3 centre = model::voxel_centre(sample.body.grid, sample.body.voxels[0]);
  const Vec3 u = model::to_grid(sample.body.grid, sample.gradient * centre);
  CHECK(field(fields, "displacement_i_mm").values[0] == Approx(u.x));
  CHECK(field(fields, "displacement_k_mm").values[0] == Approx(u.z));
  // What has no direction is the same in both.
  const auto lps = fields_of(sample.body, sample.response, sample.nodes, "LPS", false);
  CHECK(lps.size() == 7);
  for (const char* name : {"von_mises_MPa", "principal_strain_min"})
    CHECK(field(lps, name).values[0] == Approx(field(fields, name).values[0]));
}

TEST_CASE("a VTK image read back has the body's place and its values")
{
  const Sample sample;
  const ScratchFile scratch("fields.txt", "");
  const std::filesystem::path file = scratch.path().parent_path() / "body.vti";
  Field number{"number", {}};
  for (std::size_t n = 0; n < sample.body.voxels.size(); ++n)
    number.values.push_back(static_cast<float>(n + 1));
  write_vti(file, sample.body, {number});

  vtkNew<vtkXMLImageDataReader> reader;
  REQUIRE(reader->CanReadFile(file.c_str()));
  reader->SetFileName(file.c_str());
  reader->Update();
  vtkImageData& image = *reader->GetOutput();
  const image::Grid& grid = sample.body.grid;
  for (int axis = 0; axis < 3; ++axis)
  {
    const auto a = static_cast<std::size_t>(axis);
    CHECK(image.GetSpacing()[axis] == Approx(grid.spacing[a]));
    for (int row = 0; row < 3; ++row)
      CHECK(image.GetDirectionMatrix()->GetElement(row, axis) ==
            Approx(grid.direction[static_cast<std::size_t>(row)][a]));
  }
  vtkDataArray* values = image.GetCellData()->GetArray("number");
  vtkDataArray* active = image.GetCellData()->GetArray("active");
  REQUIRE(values);
  REQUIRE(active);
  // Each voxel is the cell that VTK places at its centre.
  int dimensions[3];
  image.GetDimensions(dimensions);
  vtkIdType count = 0;
  for (std::size_t n = 0; n < sample.body.voxels.size(); ++n)
  {
    const Vec3 centre = model::voxel_centre(grid, sample.body.voxels[n]);
    const double point[3] = {centre.x, centre.y, centre.z};
    double index[3];
    image.TransformPhysicalPointToContinuousIndex(point, index);
    for (const double i : index)
      REQUIRE(std::abs(i - std::floor(i) - 0.5) < 1e-6);
    int cell[3] = {static_cast<int>(index[0]), static_cast<int>(index[1]),
                   static_cast<int>(index[2])};
    const vtkIdType id = image.ComputeCellId(cell);
    REQUIRE(values->GetTuple1(id) == static_cast<double>(n + 1));
    REQUIRE(active->GetTuple1(id) == 1);
    ++count;
  }
  double sum = 0;
  for (vtkIdType id = 0; id < values->GetNumberOfTuples(); ++id)
  {
    sum += active->GetTuple1(id);
    if (active->GetTuple1(id) == 0)
      CHECK(values->GetTuple1(id) == 0);
  }
  CHECK(sum == static_cast<double>(count));
  CHECK(values->GetNumberOfTuples() < static_cast<vtkIdType>(grid.voxels())); // the body's box only
}

TEST_CASE("a VTK image of many blocks has every value in its place")
{
  // 2^18 values are a block: the box has one and a half, and one of exactly two.
  for (const std::array<int, 3> size : {std::array{96, 64, 64}, {128, 64, 64}})
  {
    const model::VoxelBody body =
        bodies::body(bodies::grid(size, {1, 1, 1}, 0),
                     [](Vec3 p) { return std::fmod(std::abs(p.x * 7 + p.y * 3 + p.z), 5) < 3; });
    std::vector<Field> fields = {{"a", {}}, {"b", {}}};
    for (std::size_t n = 0; n < body.voxels.size(); ++n)
    {
      fields[0].values.push_back(static_cast<float>(n % 1000) + 1);
      fields[1].values.push_back(-0.25F * static_cast<float>(n % 777) - 1);
    }
    const ScratchFile scratch("blocks.txt", "");
    const std::filesystem::path file = scratch.path().parent_path() / "blocks.vti";
    write_vti(file, body, fields);
    vtkNew<vtkXMLImageDataReader> reader;
    reader->SetFileName(file.c_str());
    reader->Update();
    vtkImageData& image = *reader->GetOutput();
    REQUIRE(image.GetNumberOfCells() == static_cast<vtkIdType>(body.grid.voxels()));
    for (const Field& expected : fields)
    {
      std::vector<float> dense(body.grid.voxels(), 0.0F);
      for (std::size_t n = 0; n < body.voxels.size(); ++n)
        dense[body.voxels[n]] = expected.values[n];
      vtkDataArray* values = image.GetCellData()->GetArray(expected.name.c_str());
      REQUIRE(values);
      std::size_t wrong = 0;
      for (std::size_t n = 0; n < dense.size(); ++n)
        wrong += values->GetTuple1(static_cast<vtkIdType>(n)) != static_cast<double>(dense[n]);
      CHECK(wrong == 0);
    }
    std::filesystem::remove(file);
  }
}

TEST_CASE("a VTK image that cannot be written is an error, and leaves nothing")
{
  const Sample sample;
  const ScratchFile scratch("fields.txt", "");
  const std::filesystem::path folder = scratch.path().parent_path() / "missing";
  CHECK_THAT(refusal([&] { write_vti(folder / "body.vti", sample.body, {}); }),
             Contains("body.vti: the file cannot be written") && Contains("check that the folder"));
  CHECK_FALSE(std::filesystem::exists(folder));
}

TEST_CASE("NIfTI fields read back lie on the body's grid, 0 outside the body")
{
  const Sample sample;
  const ScratchFile scratch("fields.txt", "");
  const auto fields = fields_of(sample.body, sample.response, sample.nodes, "LPS", false);
  write_niftis(scratch.path().parent_path(), "as_is_", sample.body, fields);
  for (const Field& written : fields)
  {
    const auto file = scratch.path().parent_path() / ("as_is_" + written.name + ".nii.gz");
    const auto read = image::read_volume(file);
    REQUIRE(image::same_grid(read.image.grid, sample.body.grid));
    std::vector<float> expected(sample.body.grid.voxels(), 0.0F);
    for (std::size_t n = 0; n < sample.body.voxels.size(); ++n)
      expected[sample.body.voxels[n]] = written.values[n];
    CHECK((read.image.values == expected));
  }
}
