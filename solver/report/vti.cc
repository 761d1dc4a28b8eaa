#include "base/error.hpp"
#include "model/lattice.hpp"
#include "report/fields.hpp"

#include <unistd.h>
#include <vtkLZ4DataCompressor.h>
#include <vtkNew.h>

#include <algorithm>
#include <array>
#include <bit>
#include <fstream>
#include <iomanip>
#include <limits>
#include <locale>
#include <sstream>

// VTK's own writer holds every array over the whole box at once, 20 of 4 bytes a voxel for a study.
// Here they are made, compressed by VTK's LZ4 and written block by block.

namespace calcar::report
{
namespace
{
/// Values in a block; VTK decompresses a block at a time.
constexpr std::size_t block_values = std::size_t{1} << 18;

/// The smallest box of voxels around the body: first index and number of voxels per axis.
struct Box
{
  std::array<int, 3> first = {1 << 30, 1 << 30, 1 << 30};
  std::array<int, 3> count = {0, 0, 0};

  std::size_t cells() const
  {
    return static_cast<std::size_t>(count[0]) * static_cast<std::size_t>(count[1]) *
           static_cast<std::size_t>(count[2]);
  }
  /// Number of a voxel among the cells, i fastest: ascending with its offset in the grid.
  std::size_t cell(const std::array<int, 3>& voxel) const
  {
    const auto at = [&](std::size_t d) { return static_cast<std::size_t>(voxel[d] - first[d]); };
    return at(0) + static_cast<std::size_t>(count[0]) *
                       (at(1) + static_cast<std::size_t>(count[1]) * at(2));
  }
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

void put_numbers(std::ostream& out, const std::vector<std::uint64_t>& numbers)
{
  out.write(reinterpret_cast<const char*>(numbers.data()),
            static_cast<std::streamsize>(numbers.size() * sizeof(std::uint64_t)));
}

/// Appends one array over the box: value(v) at the v-th voxel of the body, 0 elsewhere. Layout of
/// VTK's compressed arrays: number of blocks, bytes of a block, of the last one when it is shorter
/// (else 0), compressed bytes of each; then the blocks.
template <typename T, typename Value>
void append_array(std::ostream& out, const model::VoxelBody& body, const Box& box,
                  const Value& value)
{
  vtkNew<vtkLZ4DataCompressor> compressor;
  const std::size_t cells = box.cells();
  std::vector<std::uint64_t> sizes = {(cells + block_values - 1) / block_values,
                                      block_values * sizeof(T), cells % block_values * sizeof(T)};
  const std::streampos begin = out.tellp();
  sizes.resize(3 + sizes.front());
  put_numbers(out, sizes); // their place; they are known at the end
  std::vector<T> block;
  std::vector<unsigned char> compressed(
      compressor->GetMaximumCompressionSpace(block_values * sizeof(T)));
  std::size_t voxel = 0;
  for (std::size_t first = 0, b = 3; first < cells; first += block_values, ++b)
  {
    block.assign(std::min(block_values, cells - first), T{0});
    for (; voxel < body.voxels.size(); ++voxel)
    {
      const std::size_t cell = box.cell(model::voxel_index(body.grid, body.voxels[voxel]));
      if (cell >= first + block.size())
        break;
      block[cell - first] = value(voxel);
    }
    sizes[b] = compressor->Compress(reinterpret_cast<const unsigned char*>(block.data()),
                                    block.size() * sizeof(T), compressed.data(), compressed.size());
    if (sizes[b] == 0)
      out.setstate(std::ios::failbit);
    out.write(reinterpret_cast<const char*>(compressed.data()),
              static_cast<std::streamsize>(sizes[b]));
  }
  const std::streampos end = out.tellp();
  out.seekp(begin);
  put_numbers(out, sizes);
  out.seekp(end);
}

constexpr int offset_width = 20; ///< digits of the largest 64-bit number

/// Declares an array; returns where its offset is to be written, over the blanks.
std::streampos declare_array(std::ostream& out, const std::string& type, const std::string& name)
{
  out << "        <DataArray type=\"" << type << "\" Name=\"" << name
      << "\" format=\"appended\" offset=\"";
  const std::streampos place = out.tellp();
  out << std::string(offset_width, ' ') << " />\n"; // and the closing quote
  return place;
}

/// The extent and place of the image. VTK counts points, and voxels are its cells: the first point
/// is the outer corner of the first voxel.
std::string geometry_of(const image::Grid& grid, const Box& box)
{
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << std::setprecision(std::numeric_limits<double>::max_digits10);
  const Vec3 corner = grid.point({box.first[0] - 0.5, box.first[1] - 0.5, box.first[2] - 0.5});
  text << "Extent=\"0 " << box.count[0] << " 0 " << box.count[1] << " 0 " << box.count[2]
       << "\" Origin=\"" << corner.x << " " << corner.y << " " << corner.z << "\" Spacing=\""
       << grid.spacing.x << " " << grid.spacing.y << " " << grid.spacing.z << "\" Direction=\"";
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      text << (row + column > 0 ? " " : "") << grid.direction[row][column];
  text << "\"";
  return text.str();
}

/// Declares all arrays, `active` first; returns the places of their offsets.
std::vector<std::streampos> write_head(std::ostream& out, const image::Grid& grid, const Box& box,
                                       const std::vector<Field>& fields)
{
  const char* order = std::endian::native == std::endian::little ? "LittleEndian" : "BigEndian";
  const std::string geometry = geometry_of(grid, box);
  out << "<?xml version=\"1.0\"?>\n<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\""
      << order << "\" header_type=\"UInt64\" compressor=\"vtkLZ4DataCompressor\">\n"
      << "  <ImageData Whole" << geometry << ">\n    <Piece "
      << geometry.substr(0, geometry.find(" Origin")) << ">\n      <CellData>\n";
  std::vector<std::streampos> places = {declare_array(out, "UInt8", "active")};
  for (const Field& field : fields)
    places.push_back(declare_array(out, "Float32", field.name));
  out << "      </CellData>\n    </Piece>\n  </ImageData>\n  <AppendedData encoding=\"raw\">\n   _";
  return places;
}

void write_image(std::ostream& out, const model::VoxelBody& body, const std::vector<Field>& fields)
{
  const Box box = box_of(body);
  const std::vector<std::streampos> places = write_head(out, body.grid, box, fields);
  const std::streampos data = out.tellp();
  for (std::size_t a = 0; a < places.size() && out; ++a)
  {
    const std::streampos begin = out.tellp();
    out.seekp(places[a]);
    out << std::to_string(begin - data) << "\"";
    out.seekp(begin);
    if (a == 0)
      append_array<std::uint8_t>(out, body, box, [](std::size_t) { return std::uint8_t{1}; });
    else
      append_array<float>(out, body, box,
                          [&](std::size_t voxel) { return fields[a - 1].values[voxel]; });
  }
  out << "\n  </AppendedData>\n</VTKFile>\n";
}
} // namespace

void write_vti(const std::filesystem::path& file, const model::VoxelBody& body,
               const std::vector<Field>& fields)
{
  // Written under another name first: a killed run leaves no half file.
  const std::string temporary = file.string() + ".part" + std::to_string(getpid());
  std::ofstream out(temporary, std::ios::binary);
  out.imbue(std::locale::classic());
  if (out)
    write_image(out, body, fields);
  out.close();
  if (!out)
  {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw InputError(Fault::command, {file.string(), "the file cannot be written", "",
                                      "check that the folder is writable and has space left", ""});
  }
  std::filesystem::rename(temporary, file);
}

} // namespace calcar::report
