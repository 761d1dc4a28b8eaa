#include "base/offset_set.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using calcar::OffsetSet;

TEST_CASE("an offset set knows its members and their places")
{
  std::mt19937 generator(3);
  std::set<std::uint64_t> expected;
  OffsetSet set(5000);
  for (int n = 0; n < 700; ++n)
  {
    const std::uint64_t offset = generator() % 5000;
    expected.insert(offset);
    set.insert(offset);
  }
  set.count();
  REQUIRE(set.size() == expected.size());
  std::uint64_t below = 0;
  for (std::uint64_t offset = 0; offset < 5000; ++offset)
  {
    CHECK(set.place(offset) == below);
    CHECK(set.contains(offset) == expected.contains(offset));
    below += expected.contains(offset);
  }
  std::vector<std::uint64_t> listed;
  set.for_each([&](std::uint64_t offset) { listed.push_back(offset); });
  CHECK(listed == std::vector<std::uint64_t>(expected.begin(), expected.end()));
}

TEST_CASE("a range is inserted with both ends, within a word and over several")
{
  const std::uint64_t first = GENERATE(0, 1, 63, 64, 100);
  const std::uint64_t last = first + GENERATE(0, 1, 62, 63, 64, 200);
  OffsetSet set(400);
  set.insert_range(first, last);
  set.count();
  CHECK(set.size() == last - first + 1);
  CHECK(set.contains(first));
  CHECK(set.contains(last));
  CHECK(set.place(last) == last - first);
  CHECK_FALSE((first > 0 && set.contains(first - 1)));
  CHECK_FALSE(set.contains(last + 1));
}

TEST_CASE("an empty offset set has no members")
{
  OffsetSet set(64);
  set.count();
  CHECK(set.size() == 0);
  CHECK_FALSE(set.contains(10));
  CHECK(set.place(64) == 0);
}
