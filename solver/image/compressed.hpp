#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace calcar::image
{

/// Up to `count` bytes from the start of a file, decompressed when it is gzip. Looks no further and
/// never throws for damaged data: it serves to recognise a format.
std::vector<std::byte> first_bytes(const std::filesystem::path& file, std::size_t count);

/**
 * The bytes of a file from front to back, decompressed when they are packed, without holding more
 * of them than a megabyte. Several gzip members, as pigz writes, are one file; bytes after the last
 * one are left alone.
 */
class ByteStream
{
public:
  /// From the start of a file; packed when it begins as gzip does.
  explicit ByteStream(const std::filesystem::path& file);
  /// From the zlib or gzip data that begin at byte `offset`.
  ByteStream(const std::filesystem::path& file, std::uint64_t offset);
  ~ByteStream();
  ByteStream(ByteStream&&) noexcept;

  /// Copies the next `count` bytes to `to`; fewer are left only at the end, and their number is
  /// returned. Throws InputError (data) when packed data end early or fail their checksum.
  std::size_t read(std::byte* to, std::size_t count);

  /// No more bytes than this can come: the size of the file, or 1032 times it when it is packed
  /// (the format cannot do better). Serves to doubt a header before memory is asked for.
  std::uint64_t most_bytes() const;

private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Size of the decompressed data of the zlib or gzip stream that begins at byte `offset`; errors as
/// above.
std::uint64_t inflated_size(const std::filesystem::path& file, std::uint64_t offset);

} // namespace calcar::image
