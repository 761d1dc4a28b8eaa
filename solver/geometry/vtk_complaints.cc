#include "geometry/vtk_complaints.hpp"

#include <vtkLogger.h>
#include <vtkObjectFactory.h>

#include <algorithm>

namespace calcar::geometry
{
namespace
{

class Window : public vtkOutputWindow
{
public:
  static Window* New();
  void DisplayText(const char* words) override
  {
    if (first_.empty() && words)
      first_ = words;
  }
  void DisplayDebugText(const char*) override {}
  const std::string& first() const { return first_; }

private:
  std::string first_;
};

vtkStandardNewMacro(Window)

} // namespace

VtkComplaints::VtkComplaints()
    : verbosity_before_(vtkLogger::GetCurrentVerbosityCutoff()),
      before_(vtkOutputWindow::GetInstance()), ours_(vtkSmartPointer<Window>::New())
{
  vtkOutputWindow::SetInstance(ours_);
  vtkLogger::SetStderrVerbosity(vtkLogger::VERBOSITY_OFF);
}

VtkComplaints::~VtkComplaints()
{
  vtkOutputWindow::SetInstance(before_);
  vtkLogger::SetStderrVerbosity(verbosity_before_);
}

std::string VtkComplaints::first() const
{
  // "ERROR: In vtkXMLReader.cxx, line 476\nvtkXMLReader (0x55d0): words\n"
  std::string words = static_cast<const Window*>(ours_.Get())->first();
  const std::size_t object = words.find("): ");
  if (object != std::string::npos)
    words = words.substr(object + 3);
  words = words.substr(0, words.find('\n')).substr(0, 200);
  std::replace_if(
      words.begin(), words.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return words;
}

} // namespace calcar::geometry
