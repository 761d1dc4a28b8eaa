#include "geometry/file_surface.hpp"
#include "geometry/surface_text.hpp"

#include <vtkCallbackCommand.h>
#include <vtkCellArray.h>
#include <vtkExecutive.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkXMLDataParser.h>
#include <vtkXMLPolyDataReader.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <new>

namespace calcar::geometry
{
namespace
{

/// Keeps what VTK objects complain of, instead of their printing it.
class Complaints
{
public:
  Complaints()
  {
    command_->SetClientData(this);
    command_->SetCallback(
        [](vtkObject*, unsigned long, void* self, void* words)
        {
          auto& text = static_cast<Complaints*>(self)->text_;
          if (text.empty() && words)
            text = static_cast<const char*>(words);
        });
  }
  void watch(vtkObject* object)
  {
    object->AddObserver("ErrorEvent", command_);
    object->AddObserver("WarningEvent", command_);
  }
  bool any() const { return !text_.empty(); }
  /// The first, without the place in VTK's sources: "... (0x5581e0): words".
  std::string words() const
  {
    const std::size_t at = text_.find("): ");
    std::string words = at == std::string::npos ? text_ : text_.substr(at + 3);
    return shown(words.substr(0, words.find('\n')));
  }

private:
  vtkNew<vtkCallbackCommand> command_;
  std::string text_;
};

/// A count in the XML that the file has no room for would make VTK allocate it: zlib packs at most
/// 1032 times, and a point or a polygon takes a byte at the least.
void check_counts(const std::string& text, const std::string& file)
{
  for (std::size_t at = text.find("NumberOf"); at != std::string::npos;
       at = text.find("NumberOf", at + 1))
  {
    const std::size_t quote = text.find_first_of("\"'", at);
    if (quote == std::string::npos || quote - at > 40)
      continue;
    std::uint64_t count = 0;
    const auto [end, error] =
        std::from_chars(text.data() + quote + 1, text.data() + text.size(), count);
    if (error == std::errc::result_out_of_range || count > 1100 * text.size())
      refuse_file(file, "it promises more data than it has room for", "a whole VTP file",
                  "the file is cut off or damaged; export it again");
  }
}

FileSurface polygons_of(vtkPolyData& data, const std::string& file)
{
  FileSurface surface;
  if (data.GetNumberOfStrips() > 0)
    refuse_file(file, "strips of triangles", "polygons", "export the surface as polygons");
  for (vtkIdType n = 0; n < data.GetNumberOfPoints(); ++n)
  {
    double x[3];
    data.GetPoint(n, x);
    if (!std::isfinite(x[0]) || !std::isfinite(x[1]) || !std::isfinite(x[2]))
      refuse_file(file, "point " + std::to_string(n) + " is not finite", "finite coordinates",
                  "the file is damaged; export it again");
    surface.points.push_back({x[0], x[1], x[2]});
  }
  vtkCellArray* polygons = data.GetPolys();
  for (vtkIdType n = 0; n < polygons->GetNumberOfCells(); ++n)
  {
    vtkIdType count = 0;
    const vtkIdType* corners = nullptr;
    polygons->GetCellAtId(n, count, corners);
    for (vtkIdType k = 0; k < count; ++k)
    {
      if (corners[k] < 0 || corners[k] >= data.GetNumberOfPoints())
        refuse_file(file,
                    "corner " + std::to_string(corners[k]) + " of polygon " + std::to_string(n),
                    "0 to " + std::to_string(data.GetNumberOfPoints() - 1),
                    "the file is damaged; export it again");
      surface.corners.push_back(static_cast<std::uint32_t>(corners[k]));
    }
    surface.first.push_back(surface.corners.size());
  }
  return surface;
}

} // namespace

FileSurface parse_vtp(const std::string& text, const std::string& file)
{
  check_counts(text, file);
  Complaints complaints;
  vtkNew<vtkXMLPolyDataReader> reader;
  complaints.watch(reader);
  complaints.watch(reader->GetExecutive());
  vtkNew<vtkCallbackCommand> none;
  reader->SetReaderErrorObserver(none);
  reader->SetParserErrorObserver(none);
  reader->ReadFromInputStringOn();
  reader->SetInputString(text);
  try
  {
    reader->Update();
  }
  catch (const std::exception& error) // bad_alloc of a damaged count
  {
    refuse_file(file, std::string("VTK cannot read it: ") + error.what(), "a whole VTP file",
                "the file is damaged; export it again");
  }
  if (complaints.any() || reader->GetErrorCode() != 0)
    refuse_file(file, "VTK cannot read it: " + complaints.words(), "a whole VTP file",
                "the file is cut off or damaged; export it again");
  return polygons_of(*reader->GetOutput(), file);
}

} // namespace calcar::geometry
