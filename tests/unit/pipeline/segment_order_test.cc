// Vertebrae that do not stand on each other as their levels say are refused.
#include "geometry/rotation.hpp"
#include "pipeline/segment_order.hpp"
#include "refusal.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::pipeline;
using Catch::Contains;

namespace
{
/// A body 30 mm high and 34 mm deep, turned by degrees about its right axis, its middle at a place.
anatomy::BoneAnatomy vertebra(const std::string& level, Vec3 centre, double flexed_deg = 0,
                              double twisted_deg = 0)
{
  anatomy::BoneAnatomy bone;
  bone.kind = anatomy::BoneKind::vertebra;
  bone.side = anatomy::Side::midline;
  bone.level = level;
  const Mat3 turn = geometry::rotation_about({-1, 0, 0}, geometry::radians(flexed_deg)) *
                    geometry::rotation_about({0, 0, 1}, geometry::radians(twisted_deg));
  bone.frame = {centre, turn * Vec3{-1, 0, 0}, turn * Vec3{0, -1, 0}, turn * Vec3{0, 0, 1}};
  const auto put = [&](const char* name, Vec3 own) { bone.landmarks[name] = centre + turn * own; };
  put("superior_endplate_centre", {0, 0, 15});
  put("inferior_endplate_centre", {0, 0, -15});
  put("anterior_wall", {0, -17, 0});
  put("posterior_wall", {0, 17, 0});
  return bone;
}

std::string refused(const std::vector<anatomy::BoneAnatomy>& vertebrae)
{
  return test::refusal_of([&] { require_in_order(vertebrae, "case.toml:4"); });
}
} // namespace

TEST_CASE("neighbours in the order of their levels are accepted, in any position of the patient")
{
  CHECK_NOTHROW(require_in_order(
      {vertebra("L2", {0, 0, 80}, 8), vertebra("L3", {0, -4, 40}), vertebra("L4", {1, -3, 0}, -8)},
      "case.toml:4"));
  CHECK_NOTHROW(
      require_in_order({vertebra("L2", {0, 0, 40}, 40), vertebra("L3", {0, 0, 0})}, "case.toml:4"));
  // The patient lies head first or feet first: everything turned over.
  const Mat3 over = geometry::rotation_about({1, 0, 0}, geometry::radians(180));
  auto upper = vertebra("L2", {0, 0, 40}), lower = vertebra("L3", {0, 0, 0});
  for (anatomy::BoneAnatomy* bone : {&upper, &lower})
  {
    for (auto& [name, point] : bone->landmarks)
      point = over * point;
    bone->frame = {over * bone->frame.origin, over * bone->frame.medial,
                   over * bone->frame.anterior, over * bone->frame.proximal};
  }
  CHECK_NOTHROW(require_in_order({upper, lower}, "case.toml:4"));
}

TEST_CASE("swapped levels are refused")
{
  CHECK_THAT(refused({vertebra("L2", {0, 0, 0}), vertebra("L3", {0, 0, 40})}),
             Contains("case.toml:4") && Contains("L3 lies above L2") && Contains("which label"));
  // Two of three: the first pair is in order, the second not.
  CHECK_THAT(
      refused({vertebra("L2", {0, 0, 80}), vertebra("L3", {0, 0, 0}), vertebra("L4", {0, 0, 40})}),
      Contains("L2 and L3") && Contains("missing between"));
}

TEST_CASE("a vertebra turned against its neighbour is refused")
{
  CHECK_THAT(refused({vertebra("L2", {0, 0, 40}, 50), vertebra("L3", {0, 0, 0})}),
             Contains("turned against each other by 50") && Contains("at most 45"));
  CHECK_THAT(refused({vertebra("L2", {0, 0, 40}, 0, 60), vertebra("L3", {0, 0, 0})}),
             Contains("turned against each other by 60"));
  CHECK_THAT(refused({vertebra("L2", {0, 0, 40}, 180), vertebra("L3", {0, 0, 0})}),
             Contains("turned against each other by 180"));
}

TEST_CASE("a missing vertebra, bodies in each other and bodies beside each other are refused")
{
  CHECK_THAT(refused({vertebra("L2", {0, 0, 80}), vertebra("L3", {0, 0, 0})}),
             Contains("50 mm apart") && Contains("missing between them") && Contains("22.5 mm"));
  CHECK_THAT(refused({vertebra("L2", {0, 0, 20}), vertebra("L3", {0, 0, 0})}),
             Contains("overlap by 10 mm") && Contains("at most 3 mm"));
  CHECK_THAT(refused({vertebra("L2", {0, 25, 40}), vertebra("L3", {0, 0, 0})}),
             Contains("offset by 25 mm") && Contains("at most 20.4 mm"));
}
