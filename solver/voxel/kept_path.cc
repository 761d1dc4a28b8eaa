#include "voxel/kept_path.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/provenance.hpp"

#include <cstdint>
#include <cstring>
#include <utility>

namespace calcar::voxel
{
namespace
{
namespace fs = std::filesystem;

constexpr char magic[] = "calcar path to fracture\n";
constexpr std::size_t magic_size = sizeof magic - 1, digest_size = 64, parts = 5;
constexpr std::uint32_t version = 1, byte_order = 0x01020304;
constexpr const char* begin_anew = "run the case without --resume to follow the path from its "
                                   "beginning";

/// Numbers of the sizes in the header.
struct Sizes
{
  std::uint64_t steps = 0, per_step = 0, nodes = 0, voxels = 0, states = 0, seen = 0;
};
constexpr std::size_t header_size =
    magic_size + 2 * sizeof(std::uint32_t) + parts * digest_size + sizeof(Sizes);

/// A step as numbers, in the file's order; `put` is called with each.
template <typename Step, typename Put>
void for_each_number(Step& step, const Put& put)
{
  put(step.factor);
  put(step.displacement);
  put(step.work);
  put(step.yielded_mm3);
  put(step.softened_mm3);
  put(step.drive);
  put(step.growth);
  put(step.newton);
  put(step.linear);
  put(step.residual);
}

std::uint64_t numbers_of_step()
{
  std::uint64_t count = 0;
  PathStep step;
  for_each_number(step, [&](auto&) { ++count; });
  return count;
}

/// Bytes of the numbers behind the header; saturates where a damaged header asks for too much.
double body_size(const Sizes& s)
{
  return 8 * (static_cast<double>(s.steps) * static_cast<double>(s.per_step) + 2 +
              3.0 * static_cast<double>(s.nodes) +
              static_cast<double>(s.voxels) * (2.0 + static_cast<double>(s.states)) +
              static_cast<double>(s.seen));
}

[[noreturn]] void refuse(const fs::path& file, const std::string& given, const std::string& allowed,
                         const std::string& remedy)
{
  throw InputError(Fault::data, {file.string(), given, allowed, remedy, ""});
}

template <typename Value>
void append(std::string& text, const Value& value)
{
  text.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <typename Value>
void append_all(std::string& text, const std::vector<Value>& values)
{
  text.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(Value));
}

/// What is read, one value after the other; its size has been checked before.
class Cursor
{
public:
  Cursor(const std::string& text, std::size_t at) : text_(text), at_(at) {}

  template <typename Value>
  void take(Value& value)
  {
    std::memcpy(&value, text_.data() + at_, sizeof value);
    at_ += sizeof value;
  }
  template <typename Value>
  void take_all(std::vector<Value>& values, std::uint64_t count)
  {
    values.resize(count);
    if (count > 0)
      std::memcpy(values.data(), text_.data() + at_, count * sizeof(Value));
    at_ += count * sizeof(Value);
  }
  std::string take_text(std::size_t size)
  {
    at_ += size;
    return text_.substr(at_ - size, size);
  }

private:
  const std::string& text_;
  std::size_t at_;
};

/// Refuses what is no kept path of this version, whole and undamaged; the sizes of one that is.
Sizes checked(const fs::path& file, const std::string& text)
{
  if (text.size() < magic_size || text.compare(0, magic_size, magic) != 0)
    refuse(file, "this is no path kept by Calcar", "a file of the folder \"paths\"",
           "name the results folder of a run with [fracture_load] after --resume");
  const std::string cut = "the kept path is not whole, as if writing it was broken off";
  const std::string remove =
      std::string("remove the file to go on from an earlier one, or ") + begin_anew;
  if (text.size() < header_size + digest_size)
    refuse(file, cut, "", remove);
  Cursor cursor(text, magic_size);
  std::uint32_t found = 0, order = 0;
  cursor.take(found);
  cursor.take(order);
  if (order != byte_order || found != version)
    refuse(file,
           "the kept path is of format " + std::to_string(found) +
               (order == byte_order ? "" : " from a computer with another order of bytes"),
           "format " + std::to_string(version), begin_anew);
  cursor.take_text(parts * digest_size);
  Sizes sizes;
  cursor.take(sizes);
  const auto expected = static_cast<double>(header_size + digest_size) + body_size(sizes);
  if (static_cast<double>(text.size()) < expected)
    refuse(file, cut, "", remove);
  const std::string_view all(text);
  if (static_cast<double>(text.size()) > expected || sizes.per_step != numbers_of_step() ||
      sizes.steps == 0 ||
      sha256_of_text(text.substr(0, text.size() - digest_size)) !=
          all.substr(text.size() - digest_size))
    refuse(file, "the kept path is damaged: its checksum does not fit", "", remove);
  return sizes;
}

PathBasis take_basis(Cursor& cursor)
{
  PathBasis basis;
  for (std::string* part : {&basis.body, &basis.law, &basis.supports, &basis.load, &basis.options})
    *part = cursor.take_text(digest_size);
  return basis;
}

/// What differs, in words.
std::string difference(const PathBasis& kept, const PathBasis& now)
{
  std::string words;
  const auto add = [&](const std::string& a, const std::string& b, const std::string& what)
  {
    if (a != b)
      words += (words.empty() ? "" : ", ") + what;
  };
  add(kept.body, now.body, "the body (voxels or their stiffness)");
  add(kept.law, now.law, "how it yields");
  add(kept.supports, now.supports, "the supports");
  add(kept.load, now.load, "the load");
  add(kept.options, now.options, "how equilibria are sought (points, averaging)");
  return words;
}
} // namespace

void write_kept_path(const fs::path& file, const KeptPath& path)
{
  const Standing& at = path.at;
  const Sizes sizes = {path.steps.size(),    numbers_of_step(), at.displacement.size(),
                       at.yielded_at.size(), at.states.size(),  path.seen.size()};
  std::string text;
  text.reserve(header_size + digest_size + static_cast<std::size_t>(body_size(sizes)));
  text = magic;
  append(text, version);
  append(text, byte_order);
  const PathBasis& basis = path.basis;
  for (const std::string* part :
       {&basis.body, &basis.law, &basis.supports, &basis.load, &basis.options})
    text += *part;
  append(text, sizes);
  for (const PathStep& step : path.steps)
    for_each_number(step, [&](const auto& number) { append(text, static_cast<double>(number)); });
  append(text, at.drive);
  append(text, static_cast<double>(at.equilibria));
  append_all(text, at.displacement);
  append_all(text, at.yielded_at);
  append_all(text, at.softened_at);
  for (const std::vector<double>& numbers : at.states)
    append_all(text, numbers);
  append_all(text, path.seen);
  text += sha256_of_text(text);
  write_text(file, text);
}

KeptPath read_kept_path(const fs::path& file, const PathBasis& basis)
{
  const std::string text = read_text(file, Fault::data);
  const Sizes sizes = checked(file, text);
  Cursor cursor(text, magic_size + 2 * sizeof(std::uint32_t));
  KeptPath path;
  path.basis = take_basis(cursor);
  if (path.basis != basis)
    refuse(file,
           "the kept path is not that of this case: " + difference(path.basis, basis) + " differs",
           "a path of the same case; only end_at, step and largest_displacement_mm may change",
           begin_anew);
  cursor.take_text(sizeof(Sizes));
  path.steps.resize(sizes.steps);
  for (PathStep& step : path.steps)
    for_each_number(step,
                    [&](auto& number)
                    {
                      double value = 0;
                      cursor.take(value);
                      number = static_cast<std::remove_reference_t<decltype(number)>>(value);
                    });
  double equilibria = 0;
  cursor.take(path.at.drive);
  cursor.take(equilibria);
  path.at.equilibria = static_cast<int>(equilibria);
  cursor.take_all(path.at.displacement, sizes.nodes);
  cursor.take_all(path.at.yielded_at, sizes.voxels);
  cursor.take_all(path.at.softened_at, sizes.voxels);
  path.at.states.resize(sizes.states);
  for (std::vector<double>& numbers : path.at.states)
    cursor.take_all(numbers, sizes.voxels);
  cursor.take_all(path.seen, sizes.seen);
  return path;
}

} // namespace calcar::voxel
