#include "base/error.hpp"
#include "mesh/length_unit.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::mesh;
using Catch::Contains;

namespace
{
Box long_box(double length)
{
  return {{-1, 2, 3}, {-1 + 0.2 * length, 2 + 0.1 * length, 3 + length}};
}

std::vector<std::string> names(double length, const std::string& bone = "")
{
  std::vector<std::string> result;
  for (const LengthUnit& unit : guess_unit(long_box(length), bone).plausible)
    result.push_back(unit.name);
  return result;
}
using Names = std::vector<std::string>;
} // namespace

TEST_CASE("a femur 0.45 long is in metres: refused with the remedy")
{
  CHECK(names(0.45) == Names{"m"});
  CHECK_THROWS_WITH(require_millimetres(long_box(0.45), "femur.msh"),
                    Contains("femur.msh") && Contains("0.45 long") && Contains("too short") &&
                        Contains("0.45 m are 450 mm") && Contains("unit = \"m\" in the case"));
  CHECK_NOTHROW(require_millimetres(long_box(450), "femur.msh"));
}

TEST_CASE(
    "every unit is told by the longest side, doubtful ones are refused without a guess too many")
{
  CHECK(names(0.09) == Names{"m"});
  CHECK(names(2) == Names{"cm"});
  CHECK(names(450000) == Names{"um"});
  CHECK(names(450) == Names{"mm"});
  CHECK(names(90) == Names{"mm"});
  CHECK(names(1e-4).empty());
  CHECK(names(3000).empty());
  CHECK_THROWS_WITH(require_millimetres(long_box(3000), "x.vtu"),
                    Contains("too long") && Contains("5 to 600 mm") && Contains("unit = \"mm\""));
  CHECK_THROWS_WITH(require_millimetres(long_box(2), "x.vtu"), Contains("unit = \"cm\""));
}

TEST_CASE("45 is a vertebra in mm, and a femur in cm")
{
  CHECK(names(45) == Names{"mm", "cm"});
  CHECK(names(45, "vertebra") == Names{"mm"});
  CHECK(names(45, "femur") == Names{"cm"});
  CHECK_NOTHROW(require_millimetres(long_box(45), "x.msh"));
  CHECK_THROWS_WITH(require_millimetres(long_box(45), "x.msh", "femur"),
                    Contains("45 cm are 450 mm") && Contains("a model of a femur"));
}

TEST_CASE("a box that is no box has no plausible unit")
{
  CHECK(names(0).empty());
  CHECK(names(std::nan("")).empty());
  CHECK_THROWS_AS(require_millimetres(Box{}, "x"), InputError);
}

TEST_CASE("units of a case are known by name")
{
  CHECK(mm_per_unit("mm", "case.toml:3") == 1);
  CHECK(mm_per_unit("m", "case.toml:3") == 1000);
  CHECK(mm_per_unit("cm", "case.toml:3") == 10);
  CHECK(mm_per_unit("um", "case.toml:3") == 1e-3);
  CHECK_THROWS_WITH(mm_per_unit("inch", "case.toml:3"),
                    Contains("case.toml:3") && Contains("\"inch\"") && Contains("mm, m, cm, um"));
}
