#pragma once

#include <iosfwd>
#include <memory>
#include <string>

namespace calcar::image
{

/**
 * While it lives, ITK, GDCM and the libraries below say nothing on stderr, and ITK runs on one
 * thread: ranks are the only parallelism of Calcar. What they would have said is kept for error
 * messages.
 */
class QuietItk
{
public:
  QuietItk();
  ~QuietItk();
  QuietItk(const QuietItk&) = delete;
  QuietItk& operator=(const QuietItk&) = delete;

  /// One line for a user from the description of a library's error, without source paths of the
  /// library.
  std::string reason(const std::string& description) const;

private:
  std::unique_ptr<std::ostream> said_;
  std::streambuf* cerr_;
  std::streambuf* cout_;
};

} // namespace calcar::image
