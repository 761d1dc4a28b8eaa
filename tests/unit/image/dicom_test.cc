#include "image/dicom_slices.hpp"
#include "image/read.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <iostream>
#include <sstream>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
/// Writes slices under names whose order is not that of their positions.
void write_series(const TemporaryFolder& folder, const std::vector<TestSlice>& slices,
                  const std::string& prefix = "")
{
  const char* names[] = {"m", "c", "x", "a", "q", "b"};
  for (std::size_t i = 0; i < slices.size(); ++i)
    write_file(folder / (prefix + names[i] + ".dcm"), dicom_bytes(slices[i]));
}

std::vector<TestSlice> stack(const std::vector<double>& heights)
{
  std::vector<TestSlice> slices;
  for (const double z : heights)
  {
    TestSlice s;
    s.z = z;
    s.number = static_cast<int>(slices.size()) + 1;
    slices.push_back(s);
  }
  return slices;
}

std::string refused(const std::vector<TestSlice>& slices)
{
  const TemporaryFolder folder;
  write_series(folder, slices);
  return refusal_of([&] { read_volume(folder.path()); });
}
} // namespace

TEST_CASE("a DICOM series is ordered by position and read in HU")
{
  const TemporaryFolder folder;
  write_series(folder, stack({34, 30, 32, 36}));
  write_file(folder / "notes.txt", "not DICOM");
  const Loaded<float> ct = read_volume(folder.path());
  const Grid& grid = ct.image.grid;
  CHECK(grid.size == std::array<int, 3>{4, 3, 4});
  CHECK(norm(grid.spacing - Vec3{0.5, 0.7, 2}) < 1e-9);
  CHECK(norm(grid.point({0, 0, 0}) - Vec3{-10, 20, 30}) < 1e-9);
  CHECK(norm(grid.point({3, 2, 3}) - Vec3{-8.5, 21.4, 36}) < 1e-9);
  CHECK(ct.image.at(0, 0, 0) == 200.0f); // the second file lies lowest
  CHECK(ct.image.at(3, 2, 1) == 311.0f);
  CHECK(ct.image.at(1, 0, 2) == 101.0f);
  CHECK(ct.image.at(0, 0, 3) == 400.0f);
  CHECK(ct.warnings.empty());
  CHECK(ct.image.source.sha256.size() == 64);
}

TEST_CASE("a DICOM series tells how it was taken and not who it shows")
{
  const TemporaryFolder folder;
  write_series(folder, stack({0, 2, 4}));
  const Acquisition a = read_volume(folder / "m.dcm").acquisition;
  CHECK(a.kvp == 120.0);
  CHECK(a.kernel == "B30s");
  CHECK(a.slice_thickness_mm == 2.0);
  CHECK(a.date == "2026-11-02");
  CHECK(a.manufacturer == "Scanner maker");
  CHECK(a.modality == "CT");
  CHECK(!a.contrast_agent);
}

TEST_CASE("a series reads alike whatever its coding")
{
  const auto check = [](const auto& change)
  {
    const TemporaryFolder folder;
    auto slices = stack({30, 32, 34});
    for (TestSlice& s : slices)
      change(s);
    write_series(folder, slices);
    const Loaded<float> ct = read_volume(folder.path());
    CHECK(ct.acquisition.kvp == 120.0);
    for (int k = 0; k < 3; ++k)
      for (int j = 0; j < 3; ++j)
        for (int i = 0; i < 4; ++i)
          CHECK(ct.image.at(i, j, k) == static_cast<float>(100 * (k + 1) + 4 * j + i));
  };
  check([](TestSlice&) {});
  check([](TestSlice& s) { s.syntax = "1.2.840.10008.1.2"; });
  check([](TestSlice& s) { s.with_sequence = true; });
  check([](TestSlice& s) { s.bits_stored = 12; });
  check([](TestSlice& s) { s.syntax = "1.2.840.10008.1.2.5"; });
  check(
      [](TestSlice& s)
      {
        s.syntax = "1.2.840.10008.1.2";
        s.with_sequence = true;
      });
}

TEST_CASE("slices that differ in kVp are read with a warning")
{
  const TemporaryFolder folder;
  auto slices = stack({0, 2, 4});
  slices[1].kvp = "80";
  write_series(folder, slices);
  const Warnings warnings = read_volume(folder.path()).warnings;
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].code == "mixed_acquisition");
  CHECK_THAT(warnings[0].text, Contains("the slices differ in KVP"));
}

TEST_CASE("missing and uneven slices are refused by name")
{
  CHECK_THAT(
      refused(stack({0, 2, 4, 8, 10})),
      Contains(
          "1 slice is missing between \"x.dcm\" and \"a.dcm\": distance 4 mm, elsewhere 2 mm"));
  CHECK_THAT(refused(stack({0, 2, 4, 10, 12, 14})), Contains("2 slices are missing"));
  CHECK_THAT(refused(stack({0, 2, 4, 6.5, 8.5})),
             Contains("not uniform: 2.5 mm between \"x.dcm\" and \"a.dcm\", elsewhere 2 mm"));
  CHECK_THAT(refused(stack({0, 2, 2, 4})), Contains("two slices lie at the same position"));
  CHECK_THAT(refused(stack({0})), Contains("a single slice"));
}

TEST_CASE("a tilted gantry is refused and never straightened")
{
  auto slices = stack({0, 2, 4, 6});
  for (std::size_t i = 0; i < slices.size(); ++i)
    slices[i].y = 0.5 * static_cast<double>(i);
  CHECK_THAT(refused(slices), Contains("the gantry was tilted by 14 degrees"));
}

TEST_CASE("several series are listed, and one file chooses")
{
  const TemporaryFolder folder;
  write_series(folder, stack({0, 2, 4}));
  auto other = stack({0, 3, 6, 9});
  for (TestSlice& s : other)
  {
    s.series = "1.2.9";
    s.description = "bone kernel";
  }
  write_series(folder, other, "bone_");
  const std::string text = refusal_of([&] { read_volume(folder.path()); });
  CHECK_THAT(
      text,
      Contains("the folder holds 2 series: CT \"thigh\" with 3 slices, first file \"c.dcm\""));
  CHECK_THAT(text, Contains("CT \"bone kernel\" with 4 slices"));
  CHECK_THAT(text, Contains("give one file of the wanted series instead of the folder"));
  CHECK(read_volume(folder / "bone_m.dcm").image.grid.size[2] == 4);
}

TEST_CASE("other modalities, frames and slices without facts are refused")
{
  const auto changed = [](const auto& change)
  {
    auto slices = stack({0, 2, 4});
    change(slices);
    return refused(slices);
  };
  CHECK_THAT(changed([](auto& s) { s[0].modality = s[1].modality = s[2].modality = "MR"; }),
             Contains("of modality \"MR\"; allowed: CT"));
  CHECK_THAT(changed([](auto& s) { s[1].slope = ""; }), Contains("no valid RescaleSlope"));
  CHECK_THAT(changed([](auto& s) { s[1].frames = "7"; }), Contains("several frames (enhanced CT)"));
  CHECK_THAT(changed([](auto& s) { s[1].columns = 5; }),
             Contains("differ in size or pixel spacing"));
  CHECK_THAT(changed([](auto& s) { s[1].orientation = "0\\1\\0\\0\\0\\-1"; }),
             Contains("differ in orientation"));
  const TemporaryFolder empty;
  CHECK_THAT(refusal_of([&] { read_volume(empty.path()); }), Contains("no DICOM image is there"));
}

TEST_CASE("a damaged slice is refused, and libraries say nothing on stderr")
{
  const TemporaryFolder folder;
  auto slices = stack({0, 2, 4});
  write_series(folder, slices);
  const std::string bytes = dicom_bytes(slices[1]);
  write_file(folder / "c.dcm", bytes.substr(0, bytes.size() - 10));
  std::ostringstream said;
  std::streambuf* before = std::cerr.rdbuf(said.rdbuf());
  std::string text;
  try
  {
    read_volume(folder.path());
  }
  catch (const InputError& error)
  {
    text = error.what();
  }
  std::cerr.rdbuf(before);
  CHECK(said.str().empty());
  CHECK_THAT(text, Contains("c.dcm: the slice is truncated or damaged"));
}

TEST_CASE("foreign transfer syntaxes and packed slices cut short are refused")
{
  auto slices = stack({0, 2, 4});
  slices[1].syntax = "1.2.840.10008.1.2.2";
  CHECK_THAT(refused(slices),
             Contains("the DICOM transfer syntax \"1.2.840.10008.1.2.2\" is not read"));
  slices[1].syntax = "1.2.840.10008.1.2.5";
  const TemporaryFolder folder;
  write_series(folder, slices);
  const std::string bytes = dicom_bytes(slices[1]);
  write_file(folder / "c.dcm", bytes.substr(0, bytes.size() - 20));
  CHECK_THAT(refusal_of([&] { read_volume(folder.path()); }), Contains("truncated or damaged"));
}

TEST_CASE("no damaged byte of a slice crashes the reader: it is read or refused")
{
  const TemporaryFolder folder;
  const auto slices = stack({0, 2, 4});
  write_series(folder, slices);
  const std::string bytes = dicom_bytes(slices[1]);
  std::uint32_t random = 11;
  int finished = 0;
  for (int trial = 0; trial < 200; ++trial)
  {
    std::string damaged = bytes;
    random = random * 1664525u + 1013904223u;
    damaged[(random >> 8) % damaged.size()] = static_cast<char>(random >> 3);
    write_file(folder / "c.dcm", damaged);
    try
    {
      read_volume(folder.path());
    }
    catch (const InputError&)
    {
    }
    ++finished;
  }
  CHECK(finished == 200);
}
