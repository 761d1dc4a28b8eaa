#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace calcar::image
{

/// Up to `count` bytes from the start of a file, decompressed when it is gzip. Looks no further and
/// never throws for damaged data: it serves to recognise a format.
std::vector<std::byte> first_bytes(const std::filesystem::path& file, std::size_t count);

/**
 * All bytes of a file, decompressed when it is gzip (several members, as pigz writes, are one
 * file). Throws InputError (data) when the compressed data end early or fail their checksum.
 */
std::vector<std::byte> read_decompressed(const std::filesystem::path& file);

/// Size of the decompressed data of the zlib or gzip stream that begins at byte `offset`; errors as
/// above.
std::uint64_t inflated_size(const std::filesystem::path& file, std::uint64_t offset);

} // namespace calcar::image
