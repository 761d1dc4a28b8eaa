#include "image/compressed.hpp"

#include "base/error.hpp"

#include <zlib.h>

#include <algorithm>
#include <fstream>

namespace calcar::image
{
namespace
{
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

struct ByteStream::State
{
  std::filesystem::path file;
  std::ifstream in;
  std::vector<unsigned char> input;   ///< packed bytes read ahead
  std::unique_ptr<Inflater> inflater; ///< null: the bytes are not packed
  bool ended = false;                 ///< at the end of a member
  bool done = false;                  ///< after the last one

  void start_inflating(std::uint64_t offset)
  {
    in.seekg(static_cast<std::streamoff>(offset));
    input.resize(chunk);
    inflater = std::make_unique<Inflater>();
  }

  /// Reads packed bytes when none are left; false at the end of the file.
  bool refill()
  {
    z_stream& stream = inflater->stream;
    if (stream.avail_in > 0)
      return true;
    in.read(reinterpret_cast<char*>(input.data()), chunk);
    stream.next_in = input.data();
    stream.avail_in = static_cast<uInt>(in.gcount());
    return stream.avail_in > 0;
  }

  /// After a member: another one, or the end of the packed data.
  void next_member()
  {
    done = *inflater->stream.next_in != 0x1f;
    if (!done)
      inflateReset(&inflater->stream);
    ended = false;
  }

  std::size_t inflate_to(std::byte* to, std::size_t count)
  {
    z_stream& stream = inflater->stream;
    stream.next_out = reinterpret_cast<unsigned char*>(to);
    stream.avail_out = static_cast<uInt>(count);
    while (!done && stream.avail_out > 0)
    {
      if (!refill())
      {
        if (!ended)
          refuse(file, "the compressed data end early: the file is truncated");
        done = true;
        break;
      }
      if (ended)
      {
        next_member();
        continue;
      }
      const int status = inflate(&stream, Z_NO_FLUSH);
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        refuse(file, "the compressed data are damaged");
      ended = status == Z_STREAM_END;
    }
    return count - stream.avail_out;
  }
};

ByteStream::ByteStream(const std::filesystem::path& file) : state_(std::make_unique<State>())
{
  state_->file = file;
  state_->in.open(file, std::ios::binary);
  if (!state_->in)
    refuse(file, "the file cannot be read");
  if (is_gzip(file))
    state_->start_inflating(0);
}

ByteStream::ByteStream(const std::filesystem::path& file, std::uint64_t offset)
    : state_(std::make_unique<State>())
{
  state_->file = file;
  state_->in.open(file, std::ios::binary);
  state_->start_inflating(offset);
}

ByteStream::~ByteStream() = default;
ByteStream::ByteStream(ByteStream&&) noexcept = default;

std::size_t ByteStream::read(std::byte* to, std::size_t count)
{
  std::size_t got = 0;
  while (got < count)
  {
    const std::size_t piece = std::min(chunk, count - got);
    std::size_t now = 0;
    if (state_->inflater)
      now = state_->inflate_to(to + got, piece);
    else
    {
      state_->in.read(reinterpret_cast<char*>(to + got), static_cast<std::streamsize>(piece));
      now = static_cast<std::size_t>(state_->in.gcount());
      if (state_->in.bad())
        refuse(state_->file, "the file cannot be read");
    }
    got += now;
    if (now < piece)
      break;
  }
  return got;
}

std::uint64_t ByteStream::most_bytes() const
{
  const std::uint64_t size = std::filesystem::file_size(state_->file);
  return state_->inflater ? 1032 * size : size;
}

std::uint64_t inflated_size(const std::filesystem::path& file, std::uint64_t offset)
{
  ByteStream stream(file, offset);
  std::vector<std::byte> output(chunk);
  std::uint64_t total = 0;
  for (std::size_t now = output.size(); now == output.size();)
    total += now = stream.read(output.data(), output.size());
  return total;
}

} // namespace calcar::image
