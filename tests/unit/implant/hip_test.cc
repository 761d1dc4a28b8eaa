#include "implant/check.hpp"
#include "implant/path.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>

using namespace implant_test;
using Catch::Contains;
using Catch::WithinAbs;

namespace
{
const implant::Component& named(const implant::Fixation& fixation, const std::string& name)
{
  return *std::find_if(fixation.components.begin(), fixation.components.end(),
                       [&](const implant::Component& c) { return c.name == name; });
}

/// Least distance of a point from a bar's axis.
double off_axis(const implant::Component& bar, Vec3 point)
{
  const implant::Path line(bar.axis);
  return norm(line.point(line.nearest(point)) - point);
}

double least_depth(const implant::Component& bar, const implant::Site& site, double from)
{
  const implant::Path line(bar.axis);
  double least = 1e9;
  for (double s = from; s <= line.length(); s += 1)
    least = std::min(least, implant::depth_at(site, line.point(s)) - bar.radius_mm);
  return least;
}

const Bone& right_femur()
{
  static const Bone bone{[]
                         {
                           Plan plan;
                           plan.side = anatomy::Side::right;
                           return plan;
                         }()};
  return bone;
}
} // namespace

TEST_CASE("a hip screw runs through the neck's centre to just under the joint", "[implant]")
{
  for (const Bone* bone : {&femur(), &right_femur()})
  {
    const implant::Fixation hip = placed(*bone, "hip_screw");
    const auto& truth = bone->scan.truth;
    const implant::Component& lag = named(hip, "lag screw");
    const implant::Component& plate = named(hip, "plate");
    CHECK(off_axis(lag, truth.landmarks.at("femoral_neck_centre")) < 3);
    CHECK(off_axis(lag, truth.landmarks.at("femoral_head_centre")) < 3);
    // By the true sphere of the head, not the image.
    const Vec3 off = lag.axis.back() - truth.landmarks.at("femoral_head_centre");
    const double under = truth.measures.at("head_radius_mm").value - norm(off);
    CHECK(under > 4);
    CHECK(under < 11);
    CHECK(hip.measures.at("tip_apex_distance_mm") < 25);
    // The angle of the maker's between plate and screw.
    const Vec3 down = normalized(plate.axis.back() - plate.axis.front());
    const Vec3 along = normalized(lag.axis.back() - lag.axis.front());
    CHECK_THAT(std::cos(hip.measures.at("lag_screw_angle_deg") * std::acos(-1.0) / 180),
               WithinAbs(dot(down, along), 1e-6));
    CHECK(dot(plate.axis.front() - truth.landmarks.at("femoral_head_centre"),
              truth.frame.medial) < -40); // on the lateral side
    CHECK(implant::depth_at(bone->site, plate.axis.front()) < 0);
    CHECK(hip.measures.at("screws") == 4);
    CHECK(least_depth(lag, bone->site, 45) > 1); // beyond its barrel it is in the neck
  }
}

TEST_CASE("the lag screw of a hip screw is thick in its barrel and weakest beyond it", "[implant]")
{
  const implant::Fixation hip = placed(femur(), "hip_screw");
  const implant::Component& lag = named(hip, "lag screw");
  REQUIRE(lag.runs.size() == 2);
  CHECK(lag.runs[0].stiffness.bending_EI_Nmm2 > 4 * lag.runs[1].stiffness.bending_EI_Nmm2);
  CHECK(lag.weakest.area_mm2 == lag.runs[1].section.area_mm2);
  const implant::Path line(lag.axis);
  const Vec3 side = normalized(cross(line.tangent(20), Vec3{0, 0, 1}));
  CHECK(lag.solid.contains(line.point(20) + 5.5 * side));
  CHECK_FALSE(lag.solid.contains(line.point(60) + 5.5 * side));
  CHECK(lag.solid.contains(line.point(60) + 3.5 * side));
  CHECK(implant::least_gap(lag, named(hip, "plate")) < 0); // it starts in the plate
}
