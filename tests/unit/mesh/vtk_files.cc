#include "unit/mesh/vtk_files.hpp"

#include "put_bytes.hpp"

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <vector>

namespace calcar::mesh::test
{
namespace
{

using calcar::test::put;

std::string base64(const std::string& bytes)
{
  const char* digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t n = 0; n < bytes.size(); n += 3)
  {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k)
      three = 256 * three + (n + k < bytes.size() ? static_cast<unsigned char>(bytes[n + k]) : 0);
    for (int k = 3; k >= 0; --k)
      text += static_cast<std::size_t>(3 - k) <= std::min<std::size_t>(bytes.size() - n, 3)
                  ? digits[(three >> (6 * k)) & 63]
                  : '=';
  }
  return text;
}

/// A .vtu while it is written.
class Vtu
{
public:
  explicit Vtu(Habit habit) : habit_(habit) {}
  template <typename T>
  void array(const std::string& attributes, const std::vector<T>& values)
  {
    std::string bytes;
    const bool swapped = habit_ == Habit::big_endian;
    put(bytes, static_cast<std::uint32_t>(values.size() * sizeof(T)), swapped);
    std::ostringstream words;
    for (const T value : values)
    {
      put(bytes, value, swapped);
      words << +value << " ";
    }
    text_ << "<DataArray " << attributes;
    if (habit_ == Habit::ascii)
      text_ << " format=\"ascii\">" << words.str() << "</DataArray>\n";
    if (habit_ == Habit::base64_inline || swapped)
      text_ << " format=\"binary\">" << base64(bytes) << "</DataArray>\n";
    if (habit_ == Habit::raw_appended)
      text_ << " format=\"appended\" offset=\"" << appended_.size() << "\"/>\n";
    appended_ += bytes;
  }
  std::string two_tetrahedra()
  {
    text_ << "<?xml version=\"1.0\"?>\n<VTKFile type=\"UnstructuredGrid\" version=\"0.1\" "
             "byte_order=\""
          << (habit_ == Habit::big_endian ? "BigEndian" : "LittleEndian")
          << "\">\n<UnstructuredGrid>\n"
             "<Piece NumberOfPoints=\"5\" NumberOfCells=\"2\">\n<Points>\n";
    array<float>("type=\"Float32\" NumberOfComponents=\"3\"",
                 {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, -1});
    text_ << "</Points>\n<Cells>\n";
    array<std::int32_t>("type=\"Int32\" Name=\"connectivity\"", {0, 1, 2, 3, 0, 2, 1, 4});
    array<std::int32_t>("type=\"Int32\" Name=\"offsets\"", {4, 8});
    array<std::uint8_t>("type=\"UInt8\" Name=\"types\"", {10, 10});
    text_ << "</Cells>\n<CellData>\n";
    array<std::int32_t>("type=\"Int32\" Name=\"gmsh:physical\"", {3, 1});
    text_ << "</CellData>\n</Piece>\n</UnstructuredGrid>\n";
    if (habit_ == Habit::raw_appended)
      text_ << "<AppendedData encoding=\"raw\">\n_" << appended_ << "\n</AppendedData>\n";
    text_ << "</VTKFile>\n";
    return text_.str();
  }

private:
  Habit habit_;
  std::ostringstream text_;
  std::string appended_;
};

} // namespace

std::string legacy_binary()
{
  std::string text = "# vtk DataFile Version 3.0\nfemur\nBINARY\nDATASET UNSTRUCTURED_GRID\n"
                     "POINTS 5 double\n";
  for (const double x : {0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, -1})
    put(text, x, true);
  text += "\nCELLS 2 10\n";
  for (const int n : {4, 0, 1, 2, 3, 4, 0, 2, 1, 4})
    put(text, n, true);
  text += "\nCELL_TYPES 2\n";
  for (const int n : {10, 10})
    put(text, n, true);
  text += "\nCELL_DATA 2\nSCALARS region int 1\nLOOKUP_TABLE default\n";
  for (const int n : {3, 1})
    put(text, n, true);
  return text + "\n";
}

std::string two_tetrahedra_as_vtu(Habit habit)
{
  return Vtu(habit).two_tetrahedra();
}

} // namespace calcar::mesh::test
