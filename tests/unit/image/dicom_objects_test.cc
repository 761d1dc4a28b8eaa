#include "image/label_input.hpp"
#include "image/mask.hpp"
#include "unit/image/dicom_writer.hpp"
#include "unit/image/support.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using namespace calcar;
using namespace calcar::image;
using namespace calcar::image::test;
using Catch::Contains;

namespace
{
constexpr double pi = 3.14159265358979323846;

/// An oblique grid, as of a tilted examination.
Grid oblique()
{
  const Vec3 row = normalized({1, 0.1, -0.05});
  const Vec3 normal = normalized(cross(row, {0, 1, 0.2}));
  return {{24, 20, 16},
          {-12, 30, 400},
          {0.8, 1.1, 2.5},
          transpose(Mat3{row, cross(normal, row), normal})};
}

bool in_ball(int segment, int i, int j, int k)
{
  const double x = i - 11, y = j - 9, z = k - 7;
  const double r = std::sqrt(x * x + y * y + 4 * z * z);
  return segment == 1 ? r < 8 && k != 7 : r < 3; // the femur's frame 7 is missing
}

TestSegmentation segmentation()
{
  TestSegmentation s;
  s.grid = oblique();
  s.inside = in_ball;
  return s;
}

std::string refused(const TestSegmentation& s, int number = 1, const std::string& frame = "1.2.3.9")
{
  const TemporaryFolder folder;
  write_segmentation(folder / "seg.dcm", s);
  return refusal_of([&] { read_mask_on({s.grid, frame}, folder / "seg.dcm", number); });
}

/// A circle in the plane z of a plain grid.
std::vector<Vec3> circle(Vec3 centre, double radius)
{
  std::vector<Vec3> points;
  for (int n = 0; n < 360; ++n)
    points.push_back(centre +
                     Vec3{radius * std::cos(n * pi / 180), radius * std::sin(n * pi / 180), 0});
  return points;
}

Grid plain()
{
  return {{80, 70, 12}, {-40, -30, 100}, {0.9, 0.9, 3}, identity()};
}

/// A tube of 18 and 10 mm radius over slices 3 to 8.
TestRegion tube()
{
  TestRegion region;
  for (int k = 3; k <= 8; ++k)
  {
    region.contours.push_back(circle({-5.3, 1.2, 100 + 3.0 * k}, 18));
    region.contours.push_back(circle({-5.3, 1.2, 100 + 3.0 * k}, 10));
  }
  return region;
}

std::string refused(const std::vector<TestRegion>& regions, int number = 1,
                    const std::string& frame = "1.2.3.9")
{
  const TemporaryFolder folder;
  write_structure_set(folder / "rt.dcm", regions);
  return refusal_of([&] { read_mask_on({plain(), frame}, folder / "rt.dcm", number); });
}

bool warned(const Warnings& warnings, const std::string& code)
{
  return std::ranges::count(warnings, code, &Warning::code) > 0;
}

/// A damaged file must be refused in words or read; anything else ends the test program.
template <typename Read>
void damage(const std::string& bytes, const std::filesystem::path& file, const Read& read)
{
  std::mt19937 random(11);
  int refusals = 0;
  const auto attempt = [&](const std::string& damaged)
  {
    write_file(file, damaged);
    try
    {
      read();
    }
    catch (const InputError& error)
    {
      ++refusals;
      CHECK_THAT(error.what(), Contains(file.filename().string()));
    }
  };
  for (int n = 0; n < 30; ++n) // cut short
    attempt(bytes.substr(0, 140 + (bytes.size() - 140) * static_cast<std::size_t>(n) / 30));
  const int cuts = refusals;
  CHECK(cuts == 30);
  for (int n = 0; n < 120; ++n) // a few wrong bytes
  {
    std::string damaged = bytes;
    for (int b = 0; b < 1 + n % 4; ++b)
      damaged[132 + random() % (damaged.size() - 132)] = static_cast<char>(random());
    attempt(damaged);
  }
  CHECK(refusals > cuts);
}
} // namespace

TEST_CASE("segments of a DICOM SEG are read voxel by voxel, whatever its orientation and coding")
{
  const TemporaryFolder folder;
  for (const bool implicit_vr : {false, true})
    for (const bool with_spacing : {true, false})
    {
      TestSegmentation s = segmentation();
      s.implicit_vr = implicit_vr;
      s.with_spacing = with_spacing;
      write_segmentation(folder / "seg.dcm", s);
      for (const int segment : {1, 2})
      {
        const LabelInput input = read_mask_on({s.grid, "1.2.3.9"}, folder / "seg.dcm", segment);
        CHECK(input.name == s.segments[static_cast<std::size_t>(segment - 1)]);
        std::size_t wrong = 0, at = 0;
        for (int k = 0; k < s.grid.size[2]; ++k)
          for (int j = 0; j < s.grid.size[1]; ++j)
            for (int i = 0; i < s.grid.size[0]; ++i, ++at)
              wrong += (input.mask.values[at] != 0) != in_ball(segment, i, j, k) ? 1 : 0;
        CHECK(wrong == 0);
      }
    }
}

TEST_CASE("a DICOM SEG that cannot be what it claims is refused in words")
{
  TestSegmentation s = segmentation();
  CHECK_THAT(refused(s, 7), Contains("no segment has number 7; allowed: the segments: 1 \"femur\", "
                                     "2 \"tumour\""));
  CHECK_THAT(refused(s, 1, "1.2.3.8"),
             Contains("its frame of reference (1.2.3.9) is not that of the CT (1.2.3.8)"));
  s.type = "FRACTIONAL";
  CHECK_THAT(refused(s), Contains("the segments are of type \"FRACTIONAL\"; allowed: BINARY"));
  s = segmentation();
  s.sideways_mm = 0.5;
  CHECK_THAT(refused(s), Contains("shifted sideways by 0.5 mm"));
  s = segmentation();
  s.inside = [](int segment, int i, int j, int k)
  { return segment == 1 && i > 2 && j > 2 && k % 3 == 0; };
  s.uneven_mm = 1;
  CHECK_THAT(refused(s), Contains("the planes of the frames are not equally spaced"));
  s = segmentation();
  s.missing_bytes = 40;
  CHECK_THAT(refused(s), Contains("the pixels end early"));
  s = segmentation();
  s.segments.push_back("empty");
  s.inside = [](int segment, int i, int j, int k)
  { return segment < 3 && in_ball(segment, i, j, k); };
  CHECK_THAT(refused(s, 3), Contains("segment 3 \"empty\" has no frame"));
}

TEST_CASE("a DICOM SEG on another grid is resampled onto the CT")
{
  const TemporaryFolder folder;
  write_segmentation(folder / "seg.dcm", segmentation());
  Grid ct{{60, 60, 90}, {}, {1, 1, 1}, identity()};
  ct.origin = oblique().point({11, 9, 7}) - Vec3{30, 30, 45};
  const LabelInput input = read_mask_on({ct, {}}, folder / "seg.dcm", 2);
  CHECK(input.resampled);
  const LabelInput own = read_mask_on({oblique(), {}}, folder / "seg.dcm", 2);
  CHECK(volume_cm3(input.mask) == Approx(volume_cm3(own.mask)).epsilon(0.2));
}

TEST_CASE("the contours of an RTSTRUCT are filled to their area, holes left out")
{
  const TemporaryFolder folder;
  for (const bool implicit_vr : {false, true})
  {
    write_structure_set(folder / "rt.dcm", {tube()}, implicit_vr);
    const LabelInput input = read_mask_on({plain(), "1.2.3.9"}, folder / "rt.dcm", 1);
    CHECK(input.name == "femur");
    CHECK(input.warnings.empty());
    CHECK(volume_cm3(input.mask) == Approx(pi * (18 * 18 - 10 * 10) * 18 / 1000).epsilon(0.01));
    CHECK(input.mask.at(38, 35, 5) == 0); // the hole
    CHECK(input.mask.at(38, 35 + 15, 5) == 1);
    CHECK(input.mask.at(38, 35 + 15, 2) == 0);
    CHECK(input.mask.at(38, 35 + 15, 9) == 0);
  }
}

TEST_CASE("contours on every other slice and between the slices keep their volume")
{
  const TemporaryFolder folder;
  TestRegion region;
  for (const int k : {2, 4, 6, 8})
    region.contours.push_back(circle({0, 0, 100 + 3.0 * k}, 12));
  write_structure_set(folder / "rt.dcm", {region});
  LabelInput input = read_mask_on({plain(), {}}, folder / "rt.dcm", 1);
  // each plane stands for 6 mm; the slices half way belong to one of both
  CHECK(volume_cm3(input.mask) == Approx(pi * 144 * 27 / 1000).epsilon(0.01));
  region.contours.clear();
  for (int k = 2; k < 8; ++k)
    region.contours.push_back(circle({0, 0, 100.9 + 3.0 * k}, 12));
  write_structure_set(folder / "rt.dcm", {region});
  input = read_mask_on({plain(), {}}, folder / "rt.dcm", 1);
  CHECK(volume_cm3(input.mask) == Approx(pi * 144 * 18 / 1000).epsilon(0.01));
  region.contours.erase(region.contours.begin() + 2, region.contours.begin() + 4);
  write_structure_set(folder / "rt.dcm", {region});
  CHECK(warned(read_mask_on({plain(), {}}, folder / "rt.dcm", 1).warnings, "contours_missing"));
}

TEST_CASE("an RTSTRUCT that does not fit the CT is refused in words, doubts are told")
{
  TestRegion region = tube();
  TestRegion other;
  other.number = 4;
  other.name = "PTV";
  CHECK_THAT(refused({region, other}, 3),
             Contains("no region of interest has number 3; allowed: the regions: 1 \"femur\", 4 "
                      "\"PTV\""));
  CHECK_THAT(refused({region, other}, 4), Contains("the region 4 \"PTV\" has no closed contour"));
  CHECK_THAT(refused({region}, 1, "1.2.3.8"), Contains("is not that of the CT (1.2.3.8)"));
  region.claimed_points = 17;
  CHECK_THAT(refused({region}), Contains("holds 1080 numbers for 17 points"));
  region = tube();
  for (std::vector<Vec3>& contour : region.contours)
    contour[3].z += 1;
  CHECK_THAT(refused({region}), Contains("a contour does not lie in a slice of the CT: its points "
                                         "are up to 1 mm apart across it"));
  region = tube();
  for (std::vector<Vec3>& contour : region.contours)
    for (Vec3& p : contour)
      p.x += 500;
  CHECK_THAT(refused({region}), Contains("the region \"femur\" covers no voxel of the CT"));
  const TemporaryFolder folder;
  region = tube();
  for (std::vector<Vec3>& contour : region.contours)
    for (Vec3& p : contour)
      p.x -= 30;
  TestRegion points = region;
  points.contours = {{{0, 0, 109}}};
  points.type = "POINT";
  write_structure_set(folder / "rt.dcm", {region, points});
  const Warnings warnings = read_mask_on({plain(), {}}, folder / "rt.dcm", 1).warnings;
  CHECK(warned(warnings, "contours_outside"));
  CHECK(warned(warnings, "contours_left_out"));
}

TEST_CASE("damaged SEG and RTSTRUCT files are refused or read, never more")
{
  const TemporaryFolder folder;
  TestSegmentation s = segmentation();
  for (const bool implicit_vr : {false, true})
  {
    s.implicit_vr = implicit_vr;
    write_segmentation(folder / "seg.dcm", s);
    damage(read_file(folder / "seg.dcm"), folder / "seg.dcm",
           [&] {
             read_mask_on({s.grid, "1.2.3.9"}, folder / "seg.dcm", 1);
           });
    TestRegion region = tube();
    region.contours.resize(3);
    write_structure_set(folder / "rt.dcm", {region}, implicit_vr);
    damage(read_file(folder / "rt.dcm"), folder / "rt.dcm",
           [&] {
             read_mask_on({plain(), "1.2.3.9"}, folder / "rt.dcm", 1);
           });
  }
}
