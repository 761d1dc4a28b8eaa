#include "benchmark/loaded_body.hpp"

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <type_traits>

namespace calcar::benchmark
{
namespace
{
constexpr std::uint64_t mark = 0x31796b6f62636c63; // changes with the layout

template <typename T>
void put(std::ostream& out, const T& value)
{
  static_assert(std::is_trivially_copyable_v<T>);
  out.write(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename T>
void put_list(std::ostream& out, const std::vector<T>& list)
{
  static_assert(std::is_trivially_copyable_v<T>);
  put(out, static_cast<std::uint64_t>(list.size()));
  out.write(reinterpret_cast<const char*>(list.data()),
            static_cast<std::streamsize>(list.size() * sizeof(T)));
}

template <typename T>
void get(std::istream& in, T& value)
{
  in.read(reinterpret_cast<char*>(&value), sizeof value);
  if (!in)
    throw std::runtime_error("the body's file is cut short");
}

template <typename T>
void get_list(std::istream& in, std::vector<T>& list)
{
  std::uint64_t count = 0;
  get(in, count);
  list.resize(count);
  in.read(reinterpret_cast<char*>(list.data()), static_cast<std::streamsize>(count * sizeof(T)));
  if (!in)
    throw std::runtime_error("the body's file is cut short");
}
} // namespace

void write_body(const std::filesystem::path& file, const LoadedBody& body)
{
  std::ofstream out(file, std::ios::binary);
  put(out, mark);
  put(out, body.body.grid.size);
  put(out, body.body.grid.spacing);
  put_list(out, body.body.voxels);
  put_list(out, body.body.youngs);
  put_list(out, body.body.poisson);
  put(out, static_cast<std::uint64_t>(body.supports.names.size()));
  put_list(out, body.supports.fixed);
  put_list(out, body.supports.springs);
  put_list(out, body.scale);
  for (const auto& forces : body.loads)
    put_list(out, forces);
  if (!out.flush())
    throw std::runtime_error("could not write " + file.string());
}

LoadedBody read_body(const std::filesystem::path& file, Loads loads)
{
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::runtime_error("no file " + file.string());
  std::uint64_t found = 0;
  get(in, found);
  if (found != mark)
    throw std::runtime_error(file.string() + " was not written by this version of the benchmark");
  LoadedBody body;
  get(in, body.body.grid.size);
  get(in, body.body.grid.spacing);
  get_list(in, body.body.voxels);
  get_list(in, body.body.youngs);
  get_list(in, body.body.poisson);
  std::uint64_t supports = 0;
  get(in, supports);
  body.supports.names.assign(supports, "support");
  get_list(in, body.supports.fixed);
  get_list(in, body.supports.springs);
  std::vector<double> scale;
  get_list(in, scale);
  for (std::size_t l = 0; l < scale.size(); ++l)
  {
    std::vector<model::NodalForce> forces;
    get_list(in, forces);
    if ((l == 0) == (loads == Loads::one))
    {
      body.loads.push_back(std::move(forces));
      body.scale.push_back(scale[l]);
    }
  }
  return body;
}

} // namespace calcar::benchmark
