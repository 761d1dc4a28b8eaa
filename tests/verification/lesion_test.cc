// Virtual lytic lesions in the synthetic femur: larger is weaker, and the medial neck is the worse
// place.

#include "verification/whole_femur.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace calcar;
using namespace calcar::verification;

namespace
{
const Scan& proximal_scan()
{
  static const Scan scan = scan_of(shape_of(2, 200));
  return scan;
}

std::string sphere(const std::string& landmark, double radius_mm)
{
  return "[[lesion]]\nname = \"sphere\"\nkind = \"lytic\"\nin_ct = false\nshape = \"sphere\"\n"
         "radius_mm = " +
         std::to_string(radius_mm) + "\ncentre = { landmark = \"" + landmark + "\" }\n";
}

/// Fracture load in level walking with a sphere over that without.
double strength_left(const std::string& landmark, double radius_mm, double voxel_mm = 2)
{
  Plan plan;
  plan.voxel_mm = voxel_mm;
  plan.relative_residual = 1e-8;
  plan.more = sphere(landmark, radius_mm);
  const report::Results results = run(proximal_scan(), plan);
  const risk::ActivityAssessment& twin = activity(results, "level_walking", "healthy twin");
  const risk::ActivityAssessment& as_is = activity(results);
  std::cout << "lesion " << landmark << " radius " << radius_mm << " voxel " << voxel_mm << ": "
            << *twin.fracture_load_N << " -> " << *as_is.fracture_load_N << " N, worst "
            << as_is.criteria.front().location->words << "\n";
  return *as_is.fracture_load_N / *twin.fracture_load_N;
}

/// The data folder with another modulus of the lytic tumour, while it lives.
class OtherTumour
{
public:
  explicit OtherTumour(double youngs_MPa)
  {
    namespace fs = std::filesystem;
    const fs::path source = CALCAR_SOURCE_DIR;
    fs::copy(source / "materials", folder_.path() / "materials", fs::copy_options::recursive);
    fs::copy(source / "cases", folder_.path() / "cases", fs::copy_options::recursive);
    const fs::path file = folder_.path() / "materials" / "tissues" / "tumour_lytic.toml";
    std::ifstream stream(file);
    std::stringstream text;
    text << stream.rdbuf();
    const std::string shipped = "youngs_MPa = 1.0";
    std::string changed = text.str();
    changed.replace(changed.find(shipped), shipped.size(),
                    "youngs_MPa = " + std::to_string(youngs_MPa));
    std::ofstream(file) << changed;
    setenv("CALCAR_DATA", folder_.path().c_str(), 1);
  }
  ~OtherTumour() { unsetenv("CALCAR_DATA"); }
  OtherTumour(const OtherTumour&) = delete;
  OtherTumour& operator=(const OtherTumour&) = delete;

private:
  test::TemporaryFolder folder_;
};
} // namespace

TEST_CASE("a lytic sphere in the medial neck weakens the femur more the larger it is")
{
  const double small = strength_left("medial_neck_cortex", 5);
  const double middle = strength_left("medial_neck_cortex", 10);
  const double large = strength_left("medial_neck_cortex", 15);
  CHECK(small < 1.01);
  CHECK(middle < 1);
  CHECK(middle < small);
  CHECK(large < middle);
  SECTION("and more than the same sphere at the centre of the head")
  {
    CHECK(middle < strength_left("femoral_head_centre", 10));
    CHECK(large < strength_left("femoral_head_centre", 15));
  }
}

TEST_CASE("the modulus of the tumour hardly matters between 0.1 and 10 MPa")
{
  std::vector<double> left;
  for (const double youngs : {0.1, 10.0})
  {
    const OtherTumour tumour(youngs);
    left.push_back(strength_left("medial_neck_cortex", 15));
  }
  INFO("strength left " << left[0] << " and " << left[1]);
  CHECK(left[1] == Approx(left[0]).epsilon(0.02));
  CHECK(left[1] >= left[0]);
}

TEST_CASE("lytic spheres at other voxel sizes", "[.slow][lesions]")
{
  for (const double voxel_mm : {2.5, 2.0, 1.5, 1.0})
    for (const double radius : {5.0, 10.0, 15.0})
      for (const char* landmark : {"medial_neck_cortex", "femoral_head_centre"})
        strength_left(landmark, radius, voxel_mm);
}
