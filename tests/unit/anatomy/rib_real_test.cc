#include "anatomy/rib.hpp"
#include "image/mask.hpp"
#include "image/read.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

#include <filesystem>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using Catch::Contains;

TEST_CASE("lower ribs of the abdominal CT are found on their side or refused, never on the other")
{
  const std::filesystem::path file =
      std::filesystem::path(CALCAR_REAL_DATA) / "abdomen_ct/labels.nii.gz";
  if (!std::filesystem::exists(file))
  {
    WARN("skipped: " << file << " is not here");
    return;
  }
  const image::LabelMap labels = image::read_labels(file).image;
  int found = 0;
  // Labels 98 to 103 are the left ribs 7 to 12, 110 to 115 the right ones; the image shows their
  // lower parts.
  for (const int label : {98, 99, 100, 101, 102, 103, 110, 111, 112, 113, 114, 115})
  {
    INFO(label);
    AnatomyOptions options;
    options.level = std::to_string(label < 104 ? label - 91 : label - 103);
    try
    {
      const BoneAnatomy bone = find_anatomy(BoneKind::rib, image::extract(labels, label), options);
      ++found;
      CHECK(bone.side == (label < 104 ? Side::left : Side::right));
      CHECK_FALSE(bone.whole);
      // Ribs run down from back to front.
      CHECK(bone.frame.proximal.z > 0.5);
      CHECK(bone.frame.anterior.z < 0);
      CHECK(bone.landmarks.at("ventral_end").z < bone.landmarks.at("dorsal_end").z);
    }
    catch (const InputError& error)
    {
      CHECK_THAT(error.what(), Contains("; allowed: "));
    }
  }
  CHECK(found >= 6);
}
