#include "image/compressed.hpp"

#include "base/error.hpp"

#include <zlib.h>

#include <algorithm>
#include <fstream>
#include <functional>

namespace calcar::image
{
namespace
{
using Sink = std::function<void(const unsigned char*, std::size_t)>;

constexpr std::size_t chunk = 1 << 20;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& given)
{
  throw InputError(Fault::data, {file.string(), given, "", "copy or export the file again", ""});
}

/// A zlib inflater that is closed on every way out.
struct Inflater
{
  z_stream stream{};
  Inflater() { inflateInit2(&stream, 15 + 32); } // zlib or gzip, told by the header
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

/// Hands the decompressed bytes of a stream to `sink`. Bytes after its end that start no new member
/// are left alone.
void inflate_all(const std::filesystem::path& file, std::uint64_t offset, const Sink& sink)
{
  std::ifstream in(file, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(offset));
  std::vector<unsigned char> input(chunk), output(chunk);
  Inflater inflater;
  z_stream& stream = inflater.stream;
  bool ended = false; // at the end of a member
  while (true)
  {
    if (stream.avail_in == 0)
    {
      in.read(reinterpret_cast<char*>(input.data()), chunk);
      stream.next_in = input.data();
      stream.avail_in = static_cast<uInt>(in.gcount());
      if (stream.avail_in == 0)
        break;
    }
    if (ended)
    {
      if (*stream.next_in != 0x1f)
        return;
      inflateReset(&stream);
      ended = false;
    }
    stream.next_out = output.data();
    stream.avail_out = static_cast<uInt>(chunk);
    const int status = inflate(&stream, Z_NO_FLUSH);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
      refuse(file, "the compressed data are damaged");
    sink(output.data(), chunk - stream.avail_out);
    ended = status == Z_STREAM_END;
  }
  if (!ended)
    refuse(file, "the compressed data end early: the file is truncated");
}

bool is_gzip(const std::filesystem::path& file)
{
  std::ifstream in(file, std::ios::binary);
  return in.get() == 0x1f && in.get() == 0x8b;
}
} // namespace

std::vector<std::byte> first_bytes(const std::filesystem::path& file, std::size_t count)
{
  std::vector<std::byte> bytes(is_gzip(file) ? chunk : count);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (!is_gzip(file))
    return bytes;
  std::vector<std::byte> output(count);
  Inflater inflater;
  inflater.stream.next_in = reinterpret_cast<unsigned char*>(bytes.data());
  inflater.stream.avail_in = static_cast<uInt>(bytes.size());
  inflater.stream.next_out = reinterpret_cast<unsigned char*>(output.data());
  inflater.stream.avail_out = static_cast<uInt>(count);
  inflate(&inflater.stream, Z_SYNC_FLUSH);
  output.resize(count - inflater.stream.avail_out);
  return output;
}

std::vector<std::byte> read_decompressed(const std::filesystem::path& file)
{
  std::vector<std::byte> bytes;
  if (is_gzip(file))
  {
    inflate_all(file, 0,
                [&](const unsigned char* data, std::size_t n)
                {
                  const auto* first = reinterpret_cast<const std::byte*>(data);
                  bytes.insert(bytes.end(), first, first + n);
                });
    return bytes;
  }
  bytes.resize(static_cast<std::size_t>(std::filesystem::file_size(file)));
  std::ifstream in(file, std::ios::binary);
  if (!in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())))
    refuse(file, "the file cannot be read");
  return bytes;
}

std::uint64_t inflated_size(const std::filesystem::path& file, std::uint64_t offset)
{
  std::uint64_t total = 0;
  inflate_all(file, offset, [&](const unsigned char*, std::size_t n) { total += n; });
  return total;
}

} // namespace calcar::image
