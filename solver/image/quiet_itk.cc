#include "image/quiet_itk.hpp"

#include <itkMultiThreaderBase.h>
#include <itkObject.h>

#include <algorithm>
#include <iostream>
#include <sstream>

namespace calcar::image
{

QuietItk::QuietItk() : said_(std::make_unique<std::ostringstream>())
{
  itk::MultiThreaderBase::SetGlobalMaximumNumberOfThreads(1);
  itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(1);
  itk::Object::SetGlobalWarningDisplay(false);
  cerr_ = std::cerr.rdbuf(said_->rdbuf()); // MetaIO and GDCM write there, whatever ITK is told
  cout_ = std::cout.rdbuf(said_->rdbuf());
}

QuietItk::~QuietItk()
{
  std::cerr.rdbuf(cerr_);
  std::cout.rdbuf(cout_);
}

std::string QuietItk::reason(const std::string& description) const
{
  std::istringstream lines(description);
  std::string line, text;
  while (std::getline(lines, line))
  {
    // "itk::ERROR: NrrdImageIO(0x55d0c8): Read: ..." says nothing before the second colon and space
    const auto pointer = line.find("): ");
    if (line.starts_with("itk::ERROR") && pointer != std::string::npos)
      line = line.substr(pointer + 3);
    if (!line.empty())
      text += (text.empty() ? "" : " ") + line;
  }
  return text.empty() ? "the file cannot be read" : "the file cannot be read: " + text;
}

} // namespace calcar::image
