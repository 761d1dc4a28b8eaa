#include "base/error.hpp"
#include "model/lattice.hpp"
#include "report/fields.hpp"

#include <unistd.h>
#include <vtkCellData.h>
#include <vtkErrorCode.h>
#include <vtkFloatArray.h>
#include <vtkImageData.h>
#include <vtkMatrix3x3.h>
#include <vtkNew.h>
#include <vtkObject.h>
#include <vtkUnsignedCharArray.h>
#include <vtkXMLImageDataWriter.h>

#include <algorithm>
#include <array>

namespace calcar::report
{
namespace
{
/// The smallest box of voxels around the body: first index and number of voxels per axis.
struct Box
{
  std::array<int, 3> first = {1 << 30, 1 << 30, 1 << 30};
  std::array<int, 3> count = {0, 0, 0};
};

Box box_of(const model::VoxelBody& body)
{
  Box box;
  std::array<int, 3> last = {-1, -1, -1};
  for (const std::uint64_t voxel : body.voxels)
  {
    const auto index = model::voxel_index(body.grid, voxel);
    for (std::size_t axis = 0; axis < 3; ++axis)
    {
      box.first[axis] = std::min(box.first[axis], index[axis]);
      last[axis] = std::max(last[axis], index[axis]);
    }
  }
  for (std::size_t axis = 0; axis < 3; ++axis)
    box.count[axis] = last[axis] - box.first[axis] + 1;
  return box;
}

void place(vtkImageData& image, const image::Grid& grid, const Box& box)
{
  // VTK counts points, and voxels are its cells: the first point is the outer corner of the first
  // voxel.
  const Vec3 corner = grid.point({box.first[0] - 0.5, box.first[1] - 0.5, box.first[2] - 0.5});
  image.SetDimensions(box.count[0] + 1, box.count[1] + 1, box.count[2] + 1);
  image.SetSpacing(grid.spacing.x, grid.spacing.y, grid.spacing.z);
  image.SetOrigin(corner.x, corner.y, corner.z);
  double direction[9];
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      direction[3 * row + column] = grid.direction[row][column];
  image.SetDirectionMatrix(direction);
}

std::vector<vtkIdType> cells_of(const model::VoxelBody& body, const Box& box)
{
  std::vector<vtkIdType> cells(body.voxels.size());
  for (std::size_t v = 0; v < cells.size(); ++v)
  {
    const auto [i, j, k] = model::voxel_index(body.grid, body.voxels[v]);
    cells[v] = (i - box.first[0]) +
               static_cast<vtkIdType>(box.count[0]) *
                   ((j - box.first[1]) + static_cast<vtkIdType>(box.count[1]) * (k - box.first[2]));
  }
  return cells;
}
} // namespace

void write_vti(const std::filesystem::path& file, const model::VoxelBody& body,
               const std::vector<Field>& fields)
{
  const Box box = box_of(body);
  const std::vector<vtkIdType> cells = cells_of(body, box);
  const vtkIdType count = static_cast<vtkIdType>(box.count[0]) * box.count[1] * box.count[2];
  vtkNew<vtkImageData> image;
  place(*image, body.grid, box);
  vtkNew<vtkUnsignedCharArray> active;
  active->SetName("active");
  active->SetNumberOfTuples(count);
  active->Fill(0);
  for (const vtkIdType cell : cells)
    active->SetValue(cell, 1);
  image->GetCellData()->AddArray(active);
  for (const Field& field : fields)
  {
    vtkNew<vtkFloatArray> array;
    array->SetName(field.name.c_str());
    array->SetNumberOfTuples(count);
    array->Fill(0);
    for (std::size_t v = 0; v < cells.size(); ++v)
      array->SetValue(cells[v], field.values[v]);
    image->GetCellData()->AddArray(array);
  }
  // Written under another name first: a killed run leaves no half file.
  const std::string temporary = file.string() + ".part" + std::to_string(getpid());
  vtkNew<vtkXMLImageDataWriter> writer;
  writer->SetFileName(temporary.c_str());
  writer->SetInputData(image);
  writer->SetCompressorTypeToLZ4(); // ten times as fast as zlib on these mostly empty arrays
  // Write() tells of success even when the file could not be opened; its messages are not for
  // users.
  vtkObject::GlobalWarningDisplayOff();
  const bool done = writer->Write() == 1 && writer->GetErrorCode() == vtkErrorCode::NoError;
  vtkObject::GlobalWarningDisplayOn();
  if (!done)
  {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw InputError(Fault::command, {file.string(), "the file cannot be written", "",
                                      "check that the folder is writable and has space left", ""});
  }
  std::filesystem::rename(temporary, file);
}

} // namespace calcar::report
