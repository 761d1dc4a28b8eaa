#include "image/itk_read.hpp"

#include "base/error.hpp"
#include "image/grid.hpp"
#include "image/quiet_itk.hpp"

#include <itkGDCMImageIO.h>
#include <itkMetaImageIO.h>
#include <itkNrrdImageIO.h>

namespace calcar::image
{
namespace
{
ValueType value_type(const itk::ImageIOBase& io, const std::string& place)
{
  using C = itk::IOComponentEnum;
  if (io.GetNumberOfComponents() != 1)
    throw InputError(Fault::data, {place, "the voxels hold colours or vectors",
                                   "one number a voxel", "export one scalar image", ""});
  const C type = io.GetComponentType();
  if (type == C::FLOAT)
    return ValueType::float32;
  if (type == C::DOUBLE)
    return ValueType::float64;
  const bool is_signed = type == C::CHAR || type == C::SHORT || type == C::INT || type == C::LONG ||
                         type == C::LONGLONG;
  switch (io.GetComponentSize())
  {
  case 1:
    return is_signed ? ValueType::int8 : ValueType::uint8;
  case 2:
    return is_signed ? ValueType::int16 : ValueType::uint16;
  case 4:
    return is_signed ? ValueType::int32 : ValueType::uint32;
  default:
    return is_signed ? ValueType::int64 : ValueType::uint64;
  }
}

CheckedGrid grid_of(const itk::ImageIOBase& io, const std::string& place)
{
  if (io.GetNumberOfDimensions() != 3)
    throw InputError(Fault::data,
                     {place,
                      "the image has " + std::to_string(io.GetNumberOfDimensions()) + " dimensions",
                      "one 3-D volume", "split it and give one scalar volume", ""});
  std::array<int, 3> size;
  std::array<Vec3, 3> steps;
  Vec3 origin;
  for (unsigned a = 0; a < 3; ++a)
  {
    size[a] = static_cast<int>(io.GetDimensions(a));
    const std::vector<double> direction = io.GetDirection(a);
    steps[a] = io.GetSpacing(a) * Vec3{direction[0], direction[1], direction[2]};
    origin[a] = io.GetOrigin(a);
  }
  return grid_from_steps(size, steps, origin, place);
}

/// The whole image at once; every error of the library becomes an InputError.
RawImage read(itk::ImageIOBase& io, const std::filesystem::path& file)
{
  const std::string place = file.string();
  const QuietItk quiet;
  try
  {
    io.SetFileName(place);
    io.ReadImageInformation();
    RawImage raw;
    raw.type = value_type(io, place);
    CheckedGrid checked = grid_of(io, place);
    raw.grid = checked.grid;
    raw.warnings = std::move(checked.warnings);
    itk::ImageIORegion region(3);
    for (unsigned a = 0; a < 3; ++a)
      region.SetSize(a, io.GetDimensions(a));
    io.SetIORegion(region);
    raw.bytes.resize(static_cast<std::size_t>(io.GetImageSizeInBytes()));
    io.Read(raw.bytes.data());
    return raw;
  }
  catch (const itk::ExceptionObject& error)
  {
    throw InputError(Fault::data, {place, quiet.reason(error.GetDescription()), "",
                                   "copy or export the file again", ""});
  }
}
} // namespace

RawImage read_with_itk(const std::filesystem::path& file, TextFormat format)
{
  check_text_header(file, format);
  if (format == TextFormat::nrrd)
    return read(*itk::NrrdImageIO::New(), file);
  return read(*itk::MetaImageIO::New(), file);
}

RawImage read_packed_dicom(const std::filesystem::path& file)
{
  return read(*itk::GDCMImageIO::New(), file);
}

} // namespace calcar::image
