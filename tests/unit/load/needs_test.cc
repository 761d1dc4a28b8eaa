#include "base/error.hpp"
#include "load/make_load_case.hpp"
#include "load/rig.hpp"
#include "unit/load/hand_made_bones.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::load;
using Catch::Contains;

namespace
{

std::string refusal_of(const anatomy::BoneAnatomy& bone)
{
  try
  {
    make_rig("pelvis_stance", bone, "");
  }
  catch (const InputError& error)
  {
    CHECK(error.fault() == Fault::data);
    return error.what();
  }
  return "";
}

} // namespace

TEST_CASE("a hip bone whose obturator ring is open is refused by its rig: where, what, what is "
          "allowed, what to do")
{
  anatomy::BoneAnatomy bone = hand_made_pelvis(anatomy::Side::left).anatomy;
  CHECK(refusal_of(bone).empty());
  CHECK_FALSE(possible_activities(bone).empty());
  bone.measures["obturator_ring_closed"].value = 0;
  const std::string told = refusal_of(bone);
  CHECK_THAT(told, Contains("rig \"pelvis_stance\""));
  CHECK_THAT(told, Contains("the ring of pubis and ischium around the obturator foramen is not "
                            "closed in the mask"));
  CHECK_THAT(told, Contains("allowed: a hip bone whose ischium and both pubic rami"));
  CHECK_THAT(told, Contains("down to the end of the ischium"));
  CHECK(possible_activities(bone).empty());
  // What was not measured is not taken for granted.
  bone.measures.erase("obturator_ring_closed");
  CHECK_FALSE(refusal_of(bone).empty());
}
