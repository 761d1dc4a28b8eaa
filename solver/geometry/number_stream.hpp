#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace calcar::geometry
{

/// How a number stands in binary data.
enum class NumberType : std::uint8_t
{
  i8,
  u8,
  i16,
  u16,
  i32,
  u32,
  i64,
  u64,
  f32,
  f64
};

std::size_t bytes_of(NumberType type);

/// Without what would garble a message, and no longer than `most`.
std::string printable(std::string_view text, std::size_t most);

/**
 * Reads the numbers of a mesh file one after another, from text or from bytes. In text a record
 * (node, element, counts) stands on one line: a line that ends early or goes on too long is
 * refused, so that a lost number cannot shift all that follow. Every refusal is an InputError
 * (data) that names the line, or in files with binary parts the byte.
 *
 * `text` must outlive the stream.
 */
class NumberStream
{
public:
  NumberStream(std::string_view text, std::string place) : text_(text), place_(std::move(place)) {}

  /// From here on numbers are bytes, most significant first when `swapped` on this machine.
  void set_binary(bool swapped);
  bool binary() const { return binary_; }
  /// Lines of text also within a binary file.
  void set_text() { binary_ = false; }

  /// Skips white space and empty lines, in text; false at the end of the file.
  bool next_record();
  /// The rest of the line without blanks around it; the next line follows.
  std::string_view line();
  /// The same without going on.
  std::string_view rest_of_line() const;
  /// Passes over the rest of the file up to and including `words`; false when they do not come.
  bool skip_past(std::string_view words);
  /// The line's end, in text; nothing in binary.
  void end_record();

  std::int64_t integer(const char* what); ///< 4 bytes in binary
  /// An integer() of 0 or more; refuses others with this `remedy`.
  std::uint64_t natural(const char* what, const char* remedy);
  std::uint64_t size(const char* what); ///< 8 bytes in binary; not negative
  double real(const char* what);        ///< 8 bytes in binary; finite
  /// A number of this type in binary; in text a whole one for whole types, else any, nan too.
  double number(NumberType type, const char* what);
  std::string_view word(const char* what);
  /// Passes over bytes; refuses when the file ends before.
  void skip(std::size_t bytes, const char* what);
  bool at_end_of_record(); ///< in text: nothing but blanks up to the end of the line

  /// Refuses a count of records that the rest of the file cannot hold: each needs at least
  /// `numbers` numbers in text (two characters each), or `bytes` in binary.
  void expect(std::uint64_t count, std::size_t numbers, std::size_t bytes, const char* what);

  /// Throws InputError (data) at the record that was read last.
  [[noreturn]] void refuse(const std::string& given, const std::string& allowed,
                           const std::string& remedy) const;
  std::size_t position() const { return at_; }
  std::size_t length() const { return text_.size(); }
  /// Refuses at an earlier position.
  [[noreturn]] void refuse_at(std::size_t position, const std::string& given,
                              const std::string& allowed, const std::string& remedy) const;

private:
  template <typename T>
  T bytes(const char* what);
  template <typename T>
  T parsed(const char* what, const char* allowed);
  double any_real(const char* what);
  std::string_view token(const char* what);
  [[noreturn]] void refuse_token(std::string_view token, const char* what, const char* allowed);

  std::string_view text_;
  std::string place_;
  std::size_t at_ = 0;
  std::size_t last_ = 0; ///< where the last number or line began
  bool binary_ = false;
  bool binary_file_ = false; ///< a file with binary parts has no lines to speak of
  bool swapped_ = false;
};

} // namespace calcar::geometry
