#include "anatomy/pelvis_definitions.hpp"
#include "geometry/rotation.hpp"
#include "pelvis_support.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

TEST_CASE("a synthetic hip bone's landmarks are what their definitions say")
{
  const SyntheticBody body = alone(person(Side::left));
  const auto& at = body.landmarks;
  const Vec3 front = at.at("anterior_superior_iliac_spine");
  const Vec3 back = at.at("posterior_superior_iliac_spine");
  CHECK(std::abs(front.z - back.z) < 0.01); // the frame's plane holds both
  CHECK(front.y > back.y + 100);
  for (const ProminentLandmark& landmark : prominent_landmarks())
  {
    INFO(landmark.name);
    const Vec3 p = at.at(landmark.name);
    if (landmark.ridge)
    {
      continue;
    }
    CHECK(std::abs(body.distance(p)) < 0.05);
    // Nothing of the bone around it lies further out.
    double highest = 0;
    for (double x = -9; x <= 9; x += 1)
      for (double y = -9; y <= 9; y += 1)
        for (double z = -9; z <= 9; z += 1)
        {
          const Vec3 step{x, y, z};
          if (norm(step) <= 9 && body.distance(p + step) < 0)
          {
            highest = std::max(highest, dot(step, landmark.direction));
          }
        }
    CHECK(highest < 0.1);
  }
  CHECK(at.at("supraacetabular").z ==
        Approx(body.measures.at("acetabulum_radius_mm").value + supraacetabular_mm));
  const Vec3 face = at.at("pubic_symphysis");
  CHECK(body.distance(face - Vec3{0.5, 0, 0}) < 0);
  CHECK(body.distance(face + Vec3{0.5, 0, 0}) > 0);
}

TEST_CASE("a synthetic acetabulum is a hollow half ball with a fossa, open to the side, front and "
          "below")
{
  const SyntheticBody body = alone(person(Side::left));
  const double r = body.measures.at("acetabulum_radius_mm").value;
  const double inclination =
      geometry::radians(body.measures.at("acetabulum_inclination_deg").value);
  const double version = geometry::radians(body.measures.at("acetabulum_anteversion_deg").value);
  const Vec3 axis{-std::cos(version) * std::sin(inclination), std::sin(version),
                  -std::cos(version) * std::cos(inclination)};
  const auto bone_at = [&](Vec3 direction)
  { return body.distance((r + 1) * normalized(direction)) < 0; };
  const Vec3 up = geometry::without_component({0, 0, 1}, axis);
  CHECK(bone_at(up - 0.3 * norm(up) * axis)); // the lunate surface
  CHECK(bone_at(cross(axis, up) - 0.3 * axis));
  CHECK(bone_at(-cross(axis, up) - 0.3 * axis));
  CHECK(bone_at(Vec3{0, 0, 1}));
  CHECK_FALSE(bone_at(axis));
  CHECK_FALSE(bone_at(up + 0.3 * norm(up) * axis));                 // beyond the rim
  CHECK_FALSE(bone_at(-axis - 0.55 * up));                          // the fossa
  CHECK(body.distance((r + 7) * normalized(-axis - 0.3 * up)) < 0); // its floor
  CHECK(body.distance(0.98 * r * normalized(up - axis)) > 0);
}

TEST_CASE("the pelvic ring closes with gaps of a few millimetres at its joints")
{
  const SyntheticBody body = synthetic_bone(BoneKind::pelvis, person(Side::left));
  REQUIRE(body.neighbours.size() == 2);
  CHECK(body.neighbours[0].label == 10);
  CHECK(body.neighbours[1].label == 11);
  const Vec3 face = body.landmarks.at("pubic_symphysis");
  CHECK(body.neighbours[0].distance(face) == Approx(4.2).margin(0.5));
  const Vec3 joint = body.landmarks.at("sacroiliac_joint");
  CHECK(body.neighbours[1].distance(joint) < 6);
  CHECK(body.neighbours[1].distance(joint + Vec3{14, 0, 0}) < 0);
  std::mt19937 random(5);
  std::uniform_real_distribution<double> unit(0, 1);
  for (int n = 0; n < 3000; ++n)
  {
    const Vec3 p{body.low.x + unit(random) * (body.high.x - body.low.x),
                 body.low.y + unit(random) * (body.high.y - body.low.y),
                 body.low.z + unit(random) * (body.high.z - body.low.z)};
    if (body.distance(p) < 0)
    {
      CHECK(body.neighbours[0].distance(p) > 0);
      CHECK(body.neighbours[1].distance(p) > 0);
    }
  }
}

TEST_CASE("the hip bone is a sandwich of thin cortex, densest above the acetabulum")
{
  const SyntheticBody body = alone(person(Side::left));
  const Vec3 roof = body.landmarks.at("supraacetabular");
  const Vec3 ischium = body.landmarks.at("ischial_tuberosity") + Vec3{0, 0, 15};
  CHECK(body.density(roof, 10) > 2 * body.density(ischium, 12));
  CHECK(body.density(roof, 0.2) > 1);
  CHECK(body.cortex_mm({0, 0, 28}) > body.cortex_mm(body.landmarks.at("iliac_crest")));
}

TEST_CASE("the iliac crest of a synthetic hip bone is the middle of its top 5 mm")
{
  const SyntheticBody body = alone(person(Side::left));
  const Vec3 crest = body.landmarks.at("iliac_crest");
  // Heights over a fine grid, from well above.
  constexpr double depth = 5;
  std::vector<Vec3> heights;
  double top = -1e9;
  for (double x = -50; x <= 50; x += 1)
    for (double y = -50; y <= 50; y += 1)
    {
      Vec3 p = crest + Vec3{x, y, 12};
      while (p.z > crest.z - 2 * depth && body.distance(p) > 0)
      {
        p.z -= 0.25;
      }
      heights.push_back(p);
      top = std::max(top, p.z);
    }
  Vec3 sum;
  double weights = 0;
  for (const Vec3& p : heights)
  {
    const double weight = std::max(p.z - (top - depth), 0.0);
    sum += weight * p;
    weights += weight;
  }
  CHECK(norm(crest - sum / weights) < 0.6);
  CHECK(top - crest.z < depth);
}

TEST_CASE("dimensions that are not those of a hip bone are refused")
{
  const auto tell = [](const char* name, double value) {
    return refusal([&] { synthetic_bone(BoneKind::pelvis, person(Side::left), {{name, value}}); });
  };
  CHECK_THAT(tell("acetabulum_radius_mm", 60),
             Contains("acetabulum_radius_mm = 60") && Contains("12 to 33"));
  CHECK_THAT(tell("iliac_height_mm", 80), Contains("iliac_height_mm = 80 with an acetabulum of"));
}
