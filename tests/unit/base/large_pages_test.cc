#include "base/large_pages.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

using namespace calcar;

namespace
{
/// The kernel's flags of the mapping that an address lies in ("hg": large pages were asked for).
std::string flags_at(const void* address)
{
  const auto wanted = reinterpret_cast<std::uintptr_t>(address);
  std::ifstream maps("/proc/self/smaps");
  bool inside = false;
  for (std::string line; std::getline(maps, line);)
  {
    std::istringstream words(line);
    std::uintptr_t first = 0, last = 0;
    char dash = 0;
    if (words >> std::hex >> first >> dash >> last && dash == '-')
      inside = first <= wanted && wanted < last;
    else if (inside && line.rfind("VmFlags:", 0) == 0)
      return line + " ";
  }
  return "";
}
} // namespace

TEST_CASE("a long vector is asked to lie on large pages, and a short one is left alone")
{
  std::vector<float> values;
  reserve_on_large_pages(values, 4 << 20);
  CHECK(values.capacity() >= 4 << 20);
  CHECK(values.empty());
  const float* place = values.data();
  values.assign(4 << 20, 1.5F);
  CHECK(values.data() == place);
  CHECK(values.back() == 1.5F);
  if (std::filesystem::exists("/sys/kernel/mm/transparent_hugepage"))
    CHECK(flags_at(place + (2 << 20)).find(" hg ") != std::string::npos);

  std::vector<double> few;
  reserve_on_large_pages(few, 10);
  few.assign(10, 2);
  CHECK(few == std::vector<double>(10, 2));
  CHECK(flags_at(few.data()).find(" hg ") == std::string::npos);
}

TEST_CASE("what a vector holds survives asking for room that it has")
{
  std::vector<int> values = {1, 2, 3};
  const int* place = values.data();
  reserve_on_large_pages(values, 2);
  CHECK(values.data() == place);
  CHECK(values == std::vector<int>{1, 2, 3});
}
