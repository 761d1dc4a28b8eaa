#pragma once

#include <vtkLogger.h>
#include <vtkOutputWindow.h>
#include <vtkSmartPointer.h>

#include <string>

namespace calcar::geometry
{

/// Keeps what VTK complains of while this object lives, instead of its going to the screen.
class VtkComplaints
{
public:
  VtkComplaints();
  ~VtkComplaints();
  VtkComplaints(const VtkComplaints&) = delete;
  VtkComplaints& operator=(const VtkComplaints&) = delete;

  /// The first error or warning in VTK's words; empty when there was none.
  std::string first() const;

private:
  vtkLogger::Verbosity verbosity_before_;
  vtkSmartPointer<vtkOutputWindow> before_;
  vtkSmartPointer<vtkOutputWindow> ours_;
};

} // namespace calcar::geometry
