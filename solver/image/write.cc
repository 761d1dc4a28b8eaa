#include "image/write.hpp"

#include "base/error.hpp"
#include "image/compressed.hpp"
#include "image/quiet_itk.hpp"

#include <itkNiftiImageIO.h>

#include <fstream>

namespace calcar::image
{
namespace
{
[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& given,
                         const std::string& allowed, const std::string& remedy)
{
  throw InputError(Fault::command, {file.string(), given, allowed, remedy, ""});
}

/// ".nii.gz" or ".nii"; other endings are refused.
std::string ending(const std::filesystem::path& file)
{
  const std::string name = file.filename().string();
  for (const std::string known : {".nii.gz", ".nii"})
    if (name.ends_with(known))
      return known;
  refuse(file, "an image cannot be written under this name", ".nii.gz or .nii",
         "choose a name with one of these endings");
}

void write(const std::filesystem::path& file, const Grid& grid, itk::IOComponentEnum type,
           const void* values)
{
  const auto io = itk::NiftiImageIO::New();
  io->SetFileName(file.string());
  io->SetNumberOfDimensions(3);
  io->SetNumberOfComponents(1);
  io->SetPixelType(itk::IOPixelEnum::SCALAR);
  io->SetComponentType(type);
  io->SetUseCompression(true);
  const Mat3 axes = transpose(grid.direction);
  itk::ImageIORegion region(3);
  for (unsigned a = 0; a < 3; ++a)
  {
    io->SetDimensions(a, static_cast<itk::SizeValueType>(grid.size[a]));
    io->SetSpacing(a, grid.spacing[a]);
    io->SetOrigin(a, grid.origin[a]);
    io->SetDirection(a, std::vector<double>{axes[a].x, axes[a].y, axes[a].z});
    region.SetSize(a, static_cast<itk::SizeValueType>(grid.size[a]));
  }
  io->SetIORegion(region);
  io->Write(values);
}

/// The library does not tell of a full disk: the size is checked by reading back.
bool is_complete(const std::filesystem::path& file, bool packed, std::uint64_t value_bytes)
{
  if (!std::filesystem::is_regular_file(file))
    return false;
  try
  {
    const std::uint64_t bytes = packed ? inflated_size(file, 0) : std::filesystem::file_size(file);
    return bytes >= value_bytes + 352;
  }
  catch (const InputError&)
  {
    return false;
  }
}

template <typename T>
void write_image(const std::filesystem::path& file, const Image<T>& image,
                 itk::IOComponentEnum type)
{
  const std::string end = ending(file);
  const std::string name = file.filename().string();
  const std::filesystem::path temporary =
      file.parent_path() / (name.substr(0, name.size() - end.size()) + ".writing" + end);
  const QuietItk quiet;
  try
  {
    if (!std::ofstream(temporary)) // the library would complain on stderr
      throw itk::ExceptionObject();
    write(temporary, image.grid, type, image.values.data());
  }
  catch (const itk::ExceptionObject&)
  {
    // seen below as an incomplete file
  }
  std::error_code failed;
  if (is_complete(temporary, end == ".nii.gz", image.values.size() * sizeof(T)))
    std::filesystem::rename(temporary, file, failed);
  else
    failed = std::make_error_code(std::errc::io_error);
  if (!failed)
    return;
  std::error_code ignored;
  std::filesystem::remove(temporary, ignored);
  refuse(file, "the image cannot be written", "a folder that exists, with space and permission",
         "make the folder or choose another");
}
} // namespace

void write_nifti(const std::filesystem::path& file, const Volume& volume)
{
  write_image(file, volume, itk::IOComponentEnum::FLOAT);
}

void write_nifti(const std::filesystem::path& file, const LabelMap& labels)
{
  write_image(file, labels, itk::IOComponentEnum::INT);
}

void write_nifti(const std::filesystem::path& file, const Mask& mask)
{
  write_image(file, mask, itk::IOComponentEnum::UCHAR);
}

} // namespace calcar::image
