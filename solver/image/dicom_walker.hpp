#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

namespace calcar::image
{

/// Numbers of the DICOM encoding (PS3.5).
namespace dicom
{
constexpr std::uint32_t undefined = 0xffffffff;
constexpr std::uint32_t item = 0xfffee000, item_end = 0xfffee00d, sequence_end = 0xfffee0dd;
constexpr std::uint32_t pixel_data = 0x7fe00010;
} // namespace dicom

/// The head of one element.
struct DicomElement
{
  std::uint32_t tag = 0; ///< group * 65536 + element
  std::string vr;        ///< empty for implicit VR and items
  std::uint32_t length = 0;
};

/// Walks through a DICOM file element by element (little endian); every read and skip stays inside
/// the file. InputError (data) for damage.
class DicomWalker
{
public:
  explicit DicomWalker(const std::filesystem::path& file);

  std::uint64_t position() const { return position_; }
  bool at_end() const { return position_ >= size_; }
  /// What group 2 said of the data set: implicit VR or not. Refuses a transfer syntax that is not
  /// little endian and plain.
  void begin_data_set(const std::string& transfer_syntax);

  [[noreturn]] void refuse(const std::string& given) const;

  std::string bytes(std::uint64_t count);
  void skip(std::uint64_t count);
  std::uint32_t number(int width);
  std::uint32_t next_tag(); ///< of what comes next, without going there
  DicomElement element();
  /// Passes over the value of an element, sequences of unknown length included.
  void skip_value(const DicomElement& e, int depth = 0);
  /// The same, looking into every sequence, whose parts must fit into it.
  void check_value(const DicomElement& e, int depth = 0);

private:
  void require(std::uint64_t count) const;
  /// The next bytes, read ahead with what follows them; they stay until the next call.
  const char* window(std::uint64_t count);
  void check_items(std::uint64_t end, int depth);

  std::ifstream in_;
  std::uint64_t size_;
  std::string place_;
  std::string window_;
  std::uint64_t window_start_ = 0;
  std::uint64_t position_ = 0;
  bool implicit_ = false;
};

/**
 * Walks through a whole file, sequences included. Done before DCMTK reads it: a file that is cut
 * short or whose lengths contradict each other ends here. InputError (data); also for a file that
 * is not DICOM.
 */
void check_dicom_structure(const std::filesystem::path& file);

} // namespace calcar::image
