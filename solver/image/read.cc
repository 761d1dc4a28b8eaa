#include "image/read.hpp"

#include "base/error.hpp"
#include "image/compressed.hpp"
#include "image/dicom.hpp"
#include "image/itk_read.hpp"
#include "image/nifti.hpp"
#include "image/raw_image.hpp"

#include <string_view>

namespace calcar::image
{
namespace
{
constexpr const char* known_formats = "NIfTI (.nii, .nii.gz), NRRD (.nrrd, .nhdr), MetaImage "
                                      "(.mha, .mhd), or a DICOM CT series (folder or one file)";

/// What a file holds before it becomes a volume or labels.
struct Contents
{
  OpenImage image;
  Acquisition acquisition;
  Source source;
};

bool looks_like_meta(std::string_view start, const std::filesystem::path& path)
{
  const std::string extension = path.extension().string();
  return (extension == ".mha" || extension == ".mhd") && start.find('=') != std::string_view::npos;
}

Contents open_series(const std::filesystem::path& path)
{
  DicomSeries series = read_dicom(path);
  return {open_raw(std::move(series.raw)),
          std::move(series.acquisition),
          {path.string(), series.sha256}};
}

Contents open_any(const std::filesystem::path& path)
{
  const std::string place = path.string();
  if (!std::filesystem::exists(path))
    throw InputError(Fault::data, {place, "there is no such file or folder", "",
                                   "check the path and its spelling", ""});
  if (std::filesystem::is_directory(path))
    return open_series(path);
  const std::vector<std::byte> start = first_bytes(path, 512);
  const std::string_view text(reinterpret_cast<const char*>(start.data()), start.size());
  if (looks_like_dicom(start))
    return open_series(path);
  if (looks_like_nifti(start))
    return {open_nifti(path), {}, {place, sha256_of(path)}};
  if (text.starts_with("NRRD000"))
    return {open_raw(read_with_itk(path, TextFormat::nrrd)), {}, {place, sha256_of(path)}};
  if (looks_like_meta(text, path))
    return {open_raw(read_with_itk(path, TextFormat::meta)), {}, {place, sha256_of(path)}};
  throw InputError(Fault::data, {place,
                                 start.empty() ? "the file is empty or cannot be read"
                                               : "the file is not an image of a known format",
                                 known_formats, "convert it to .nii.gz", ""});
}

template <typename T>
Loaded<T> loaded(Contents& contents, Image<T> image)
{
  image.source = std::move(contents.source);
  return {std::move(image), std::move(contents.image.layout.warnings),
          std::move(contents.acquisition)};
}
} // namespace

Loaded<float> read_volume(const std::filesystem::path& path)
{
  Contents contents = open_any(path);
  return loaded(contents, to_volume(contents.image, path.string()));
}

Loaded<std::int32_t> read_labels(const std::filesystem::path& path)
{
  Contents contents = open_any(path);
  return loaded(contents, to_labels(contents.image, path.string()));
}

Streamed stream_volume(const std::filesystem::path& path,
                       const std::function<void(const Grid&)>& begin, const TakeRun<float>& take)
{
  const Contents contents = open_any(path);
  check_length(contents.image, path.string());
  begin(contents.image.layout.grid);
  read_floats(contents.image, path.string(), take);
  return {contents.image.layout.grid, contents.image.layout.warnings, contents.source};
}

Streamed stream_labels(const std::filesystem::path& path,
                       const std::function<void(const Grid&)>& begin,
                       const TakeRun<std::int32_t>& take)
{
  const Contents contents = open_any(path);
  check_length(contents.image, path.string());
  begin(contents.image.layout.grid);
  read_integers(contents.image, path.string(), take);
  return {contents.image.layout.grid, contents.image.layout.warnings, contents.source};
}

} // namespace calcar::image
