#include "anatomy/bone_anatomy.hpp"
#include "geometry/rotation.hpp"
#include "geometry/solid.hpp"
#include "support.hpp"

#include <catch2/catch.hpp>

using namespace calcar;
using namespace calcar::anatomy;
using namespace calcar::anatomy::test;
using namespace calcar::geometry;
using Catch::Contains;

TEST_CASE("what is not a femur is refused with what is missing")
{
  CHECK_THAT(refusal(mask_of(sphere({0, 0, 0}, 24).distance)),
             Contains("the mask is not a femur: it is a ball with no neck leading off it"));
  const Solid box =
      intersect({half_space({40, 0, 0}, {1, 0, 0}), half_space({-40, 0, 0}, {-1, 0, 0}),
                 half_space({0, 30, 0}, {0, 1, 0}), half_space({0, -30, 0}, {0, -1, 0}),
                 half_space({0, 0, 150}, {0, 0, 1}), half_space({0, 0, -150}, {0, 0, -1})});
  CHECK_THAT(refusal(mask_of(box.distance)),
             Contains("no part of it is a ball that could be the femoral head"));
  CHECK_THAT(
      refusal(mask_of(capsule({0, 0, -150}, {0, 0, 150}, 20).distance)),
      Contains("behind its roundest part there is no neck that widens again to the trochanters"));
  CHECK_THAT(refusal(mask_of(cylinder({0, 0, -180}, {0, 0, 180}, 16).distance)),
             Contains("; allowed: "));
  CHECK_THAT(refusal(mask_of(ellipsoid({0, 0, 0}, {20, 30, 60}).distance)),
             Contains("; allowed: "));
  const Solid lollipop =
      smooth_unite(sphere({0, 0, 100}, 24), cylinder({0, 0, -180}, {0, 0, 100}, 12), 5);
  CHECK_THAT(refusal(mask_of(lollipop.distance)), Contains("no neck that widens again"));
  const Solid vertebra =
      unite({cylinder({0, 0, -14}, {0, 0, 14}, 22), capsule({0, 30, 0}, {0, 60, -15}, 6),
             capsule({-40, 30, 0}, {40, 30, 0}, 6), capsule({0, 10, 0}, {0, 40, 0}, 9)});
  CHECK_THAT(refusal(mask_of(vertebra.distance)), Contains("; allowed: "));
}

TEST_CASE("a mask of nearly nothing is refused")
{
  const std::string text = refusal(mask_of(sphere({0, 0, 0}, 4).distance));
  CHECK_THAT(
      text,
      Contains(
          "voxels of bone; allowed: at least 1000; check that the label number is the one of the "
          "bone, and the voxel size"));
}

TEST_CASE("a head of the wrong size is refused: a scan in wrong units, or a child")
{
  image::Mask mask = femur_mask(make_femur(quick_femur(Side::left)));
  mask.grid.spacing = {1, 1, 1};
  CHECK_THAT(refusal(mask), Contains("the roundest part of the mask has a radius of 12") &&
                                Contains("a femoral head of an adult, 15 to 32 mm"));
  AnatomyOptions child;
  child.age_years = 7;
  CHECK(find_anatomy(BoneKind::femur, mask, child).side == Side::left);
}

TEST_CASE("a cut-off head is refused, wherever and however little it is cut")
{
  const image::Mask mask = femur_mask(make_femur(quick_femur(Side::left)));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.z < 19; })),
             Contains("the femoral head is cut off: the image or the mask ends inside it; allowed: "
                      "a head seen whole"));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.z < 12; })), Contains("cut off"));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.z < 0; })), Contains("cut off"));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.x > -15; })), Contains("cut off"));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.y > -14; })), Contains("cut off"));
}

TEST_CASE("a head at the border of the image is refused")
{
  const SyntheticFemur femur = make_femur(quick_femur(Side::left));
  const image::Mask whole = femur_mask(femur);
  image::Mask mask = whole;
  const int top = static_cast<int>(whole.grid.index(femur.truth.frame.origin + Vec3{0, 0, 23}).z);
  mask.grid.size[2] = top;
  mask.values.resize(mask.grid.voxels());
  CHECK_THAT(refusal(mask), Contains("the femoral head is cut off"));
}

TEST_CASE("a femur without enough shaft, and one without its head, are refused")
{
  const image::Mask mask = femur_mask(make_femur(quick_femur(Side::right)));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.z > -58; })),
             Contains("; allowed: a whole femur, or a proximal "
                      "one with its head and at least 10 mm of "
                      "shaft below the lesser trochanter"));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.z > -25; })), Contains("; allowed: "));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.z < -120; })), Contains("; allowed: "));
  CHECK_THAT(refusal(kept(mask, [](Vec3 p) { return p.z < -120 && p.z > -300; })),
             Contains("; allowed: "));
}

TEST_CASE("a femur cut through its condyles is a proximal one")
{
  const image::Mask mask = femur_mask(make_femur(quick_femur(Side::left)));
  const double cut = GENERATE(-300.0, -340.0, -355.0, -370.0, -380.0);
  const BoneAnatomy bone =
      find_anatomy(BoneKind::femur, kept(mask, [&](Vec3 p) { return p.z > cut; }));
  CHECK_FALSE(bone.whole);
  CHECK(bone.landmarks.count("intercondylar_notch") == 0);
  CHECK(bone.measures.count("visible_length_mm") == 1);
}

TEST_CASE("the wrong side is refused with the reasons, in both directions, whole or proximal")
{
  const Side side = GENERATE(Side::left, Side::right);
  const double proximal_mm = GENERATE(0.0, 150.0);
  FemurShape shape = quick_femur(side);
  shape.proximal_mm = proximal_mm;
  AnatomyOptions options;
  options.side = side == Side::left ? Side::right : Side::left;
  const std::string text = refusal(femur_mask(make_femur(shape)), options);
  CHECK_THAT(text,
             Contains("the mask shows a " + to_string(side) + " femur: the lesser trochanter"));
  CHECK_THAT(text, Contains("and its place in the patient say so, but side = \"" +
                            to_string(*options.side) + "\" was asked for; allowed: side = \"" +
                            to_string(side) + "\""));
}

TEST_CASE("a mirrored image and a turned bone are told apart from the right ones")
{
  image::Mask mask = femur_mask(make_femur(quick_femur(Side::left)));
  AnatomyOptions options;
  options.side = Side::left;
  mask.grid.direction = Mat3{Vec3{-1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
  CHECK_THAT(refusal(mask, options), Contains("the mask shows a right femur"));
  mask.grid.direction = Mat3{Vec3{-1, 0, 0}, Vec3{0, -1, 0}, Vec3{0, 0, 1}};
  const std::string text = refusal(mask, options);
  CHECK_THAT(
      text,
      Contains("the orientation of the image is in doubt: by its shape (the lesser trochanter") &&
          Contains(
              "this is a left femur, by its place in the patient (the head lies to the left of the "
              "shaft) a right one") &&
          Contains("orientation = \"specimen\""));
  options.orientation = Orientation::specimen;
  CHECK(find_anatomy(BoneKind::femur, mask, options).side == Side::left);
}

TEST_CASE("a femur whose lesser trochanter is gone is not given a side by guess")
{
  FemurShape shape = quick_femur(Side::left);
  shape.proximal_mm = 160;
  const SyntheticFemur femur = make_femur(shape);
  const Vec3 tip = femur.truth.landmarks.at("lesser_trochanter");
  const image::Mask mask = kept(femur_mask(femur), [&](Vec3 p) { return norm(p - tip) > 10; });
  CHECK_THAT(refusal(mask), Contains("the side of the femur cannot be told from its shape") &&
                                Contains("a lesser trochanter that stands out on one side"));
  SideQuestion contrary;
  contrary.kind = BoneKind::femur;
  contrary.shape = {{"the lesser trochanter", 0.8}, {"the condyles", -0.6}};
  contrary.orientation = Orientation::specimen;
  contrary.expected = Side::left;
  CHECK_THAT(refusal([&] { decide_limb_side(contrary); }),
             Contains("the side of the femur is in doubt: the lesser trochanter speaks for a left "
                      "one, the condyles for a right one"));
}

TEST_CASE("however a femur is cut, it is refused or its side is right")
{
  const int n = GENERATE(range(30, 50));
  const SyntheticFemur femur = make_femur(varied_femur(n));
  const Frame& f = femur.truth.frame;
  // Cuts from the neck to well below the lesser trochanter, some of them oblique.
  const double level = (0.3 + 0.2 * (n - 30)) * femur.truth.measures.at("head_radius_mm").value;
  const Vec3 normal =
      normalized(f.proximal + 0.25 * (n % 3 - 1) * f.medial + 0.2 * (n % 4 - 1.5) * f.anterior);
  const Vec3 on_cut = f.origin - level * f.proximal - 30 * f.medial;
  const image::Mask mask =
      kept(femur_mask(femur), [&](Vec3 p) { return dot(p - on_cut, normal) > 0; });
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  INFO("femur " << n);
  BoneAnatomy found;
  const std::string text = refusal([&] { found = find_anatomy(BoneKind::femur, mask, options); });
  if (text.empty())
  {
    CHECK(found.side == femur.truth.side);
    // A cut just below the lesser trochanter leaves nearly no shaft: the axis is told as sure to 8
    // degrees then.
    const double shaft_left = found.measures.at("shaft_below_lesser_trochanter_mm").value;
    CHECK(geometry::angle_deg(found.frame.proximal, f.proximal) < (shaft_left < 20 ? 20 : 8));
    CHECK(norm(found.landmarks.at("lesser_trochanter") -
               femur.truth.landmarks.at("lesser_trochanter")) < 6);
  }
  const double above_cut = dot(femur.truth.landmarks.at("lesser_trochanter") - on_cut, normal);
  CHECK((above_cut > 0 || !text.empty()));
}

TEST_CASE("a stump whose trochanter looks like a shaft is refused by its round end")
{
  // Cut 1.7 head radii below the head centre: the greater trochanter is the longest thing left.
  const SyntheticFemur femur = make_femur(varied_femur(37));
  const Frame& f = femur.truth.frame;
  const Vec3 normal = normalized(f.proximal - 0.1 * f.anterior);
  const double level = 1.7 * femur.truth.measures.at("head_radius_mm").value;
  const Vec3 on_cut = f.origin - level * f.proximal - 30 * f.medial;
  AnatomyOptions options;
  options.orientation = Orientation::specimen;
  const std::string text = refusal(
      kept(femur_mask(femur), [&](Vec3 p) { return dot(p - on_cut, normal) > 0; }), options);
  CHECK_THAT(
      text,
      Contains(
          "the far end of the bone is neither a pair of condyles nor a cut through the shaft") ||
          Contains("; allowed: "));
}

TEST_CASE("a femur given as any other bone is refused in words")
{
  const BoneKind kind = GENERATE(BoneKind::tibia, BoneKind::humerus, BoneKind::vertebra,
                                 BoneKind::pelvis, BoneKind::rib, BoneKind::skull);
  const image::Mask mask = femur_mask(make_femur(quick_femur(Side::left)));
  INFO(to_string(kind));
  const std::string text = refusal([&] { find_anatomy(kind, mask); });
  CHECK_THAT(text, Contains("[bone] mask: ") && Contains("allowed: "));
  CHECK_THAT(text, Contains(to_string(kind)) || Contains("cranial vault") || Contains("hip bone"));
}
