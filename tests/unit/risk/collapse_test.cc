// How a vertebra comes down is named from prescribed fields, and refused where nothing tells it.
#include "refusal.hpp"
#include "unit/risk/box_vertebra.hpp"

#include <catch2/catch.hpp>

#include <fstream>

using namespace calcar;
using namespace calcar::risk;
using Catch::Contains;

namespace
{
constexpr double half_height = BoxVertebra::half_height, half_depth = BoxVertebra::half_depth;

using Strain = std::function<double(Vec3)>;
using Field = std::function<Vec3(Vec3)>;

/// The body shortened above `height` (from its middle) by 1 mm at the back and `front` mm at the
/// front; what lies behind the body goes down with its back.
Field shortened(double height, double front, double back)
{
  return [=](Vec3 p)
  {
    const double depth = std::clamp((p.y + half_depth) / (2 * half_depth), 0.0, 1.0);
    const double loss = back + (front - back) * depth;
    return p.y < -half_depth ? Vec3{0, 0, -back} : Vec3{0, 0, p.z > height ? -loss : 0};
  };
}

/// Failed between two heights from the body's middle.
Strain between(double from, double to)
{
  return [=](Vec3 p) { return p.y > -half_depth && p.z > from && p.z < to ? 0.02 : 0.0; };
}

VertebralCollapse only(const Collapse& collapse)
{
  REQUIRE(collapse.vertebrae.size() == 1);
  return collapse.vertebrae.front();
}

VertebralCollapse named(const Strain& strained, const Field& field, double turn = 0)
{
  return only(collapse_of(BoxVertebra(2, turn), strained, field));
}

/// Left and right changed.
Vec3 mirrored(Vec3 p)
{
  return {-p.x, p.y, p.z};
}
} // namespace

TEST_CASE("The mode of a collapse is named by where height is lost and what failed")
{
  const Strain middle = between(-4, 4);
  CHECK(named(middle, shortened(0, 1, 1)).mode == "crush");
  CHECK(named(middle, shortened(0, 1, 0.9)).mode == "crush");
  CHECK(named(middle, shortened(0, 1, 0.1)).mode == "wedge_anterior");
  CHECK(named(middle, shortened(0, 0.1, 1)).mode == "wedge_posterior");
  CHECK(named(between(7, 12), shortened(9, 1, 1)).mode == "superior_endplate");
  CHECK(named(between(-12, -7), shortened(-9, 1, 1)).mode == "inferior_endplate");
  const Strain both = [](Vec3 p) { return p.y > -half_depth && std::abs(p.z) > 8 ? 0.02 : 0.0; };
  const Field pressed = [](Vec3 p) {
    return p.y > -half_depth && std::abs(p.z) > 9 ? Vec3{0, 0, p.z > 0 ? -1.0 : 1.0} : Vec3{};
  };
  CHECK(named(both, pressed).mode == "pincer");
  const Strain arch = [](Vec3 p) { return p.y < -half_depth ? 0.02 : 0.0; };
  CHECK(named(arch, shortened(0, 0.1, 0.1)).mode == "posterior_elements");
}

TEST_CASE("A lateral wedge is named by its side, and mirroring it changes the side alone")
{
  const Field right = [](Vec3 p)
  {
    const double share = 0.5 + 0.5 * p.x / BoxVertebra::half_width;
    return p.y > -half_depth && p.z > 0 ? Vec3{0, 0, -share} : Vec3{};
  };
  const Field left = [=](Vec3 p) { return mirrored(right(mirrored(p))); };
  const VertebralCollapse a = named(between(-4, 4), right), b = named(between(-4, 4), left);
  CHECK(a.mode == "wedge_right");
  CHECK(b.mode == "wedge_left");
  CHECK(a.figures.at("right_minus_left") == Approx(-b.figures.at("right_minus_left")));
  CHECK(a.figures.at("bulge") == Approx(b.figures.at("bulge")).margin(1e-9));
}

TEST_CASE("A burst needs a wall that is pushed back, has failed and is shortened")
{
  const auto pushed = [](double back, double bulge)
  {
    return [=](Vec3 p)
    {
      Vec3 u = shortened(0, 1, back)(p);
      if (p.y < -13 && p.y > -17 && std::abs(p.x) < BoxVertebra::canal_half_width)
        u.y = -bulge * bump(p.z, half_height);
      return u;
    };
  };
  const Strain everywhere = between(-8, 8), front = [](Vec3 p) { return p.y > 0 ? 0.02 : 0.0; };
  const VertebralCollapse burst = named(everywhere, pushed(1, 1));
  CHECK(burst.mode == "burst");
  CHECK(burst.at_end.bulge_mm == Approx(1).epsilon(0.05));
  CHECK(*burst.at_end.canal_mm2 < *burst.before.canal_mm2 - 10);
  CHECK(named(everywhere, pushed(1, 0.2)).mode == "crush"); // as any body that is pressed
  CHECK(named(front, pushed(1, 1)).mode == "crush");        // a wall that holds
  CHECK(named(everywhere, pushed(0, 1)).mode == "wedge_anterior");
}

TEST_CASE("The section that fails is found at its height, and the weakest by strength times area")
{
  BoxVertebra box(1);
  for (std::size_t v = 0; v < box.model.body.voxels.size(); ++v)
    if (std::abs(box.place(v).z + 5) < 2)
      box.model.compressive_strength[v] = 1;
  const VertebralCollapse found = only(collapse_of(box, between(3, 7), shortened(5, 1, 1)));
  const BodyFailure& f = found.failure;
  // Sections of 1.5 mm, 16 of them.
  CHECK(f.sections.size() == 16);
  CHECK(f.sections[f.failing].height == Approx((5 + half_height) / 24).margin(0.07));
  CHECK(f.sections[f.weakest].height == Approx((-5 + half_height) / 24).margin(0.07));
  // 1200 mm2 of body at 2 MPa; the weak layer at 1.
  CHECK(f.sections[f.weakest].strength_N == Approx(1200).epsilon(0.35));
  double volume = 0, strongest = 0;
  for (const BodySection& section : f.sections)
  {
    volume += 1.5 * section.area_mm2;
    strongest = std::max(strongest, section.strength_N);
    CHECK(section.rigidity_N == Approx(300 * section.area_mm2).epsilon(1e-6));
  }
  CHECK(volume == Approx(40 * 30 * 24).epsilon(0.01));
  CHECK(strongest < 1.4 * 2400);
  CHECK(f.failed_mm3 == Approx(40 * 30 * 4).epsilon(0.01));
  CHECK(f.in_body == 1);
}

TEST_CASE("The elastic part of a displacement names nothing")
{
  // Elastically the front gives way three times as much; what is left is even.
  const BoxVertebra box(2);
  risk::CollapseWatch watch(box.model, load::Bones(&box.bone, 1), collapse_rules());
  analysis::FracturePath path;
  path.steps.resize(2);
  path.steps[0].factor = 1;
  path.steps[1].factor = 2;
  path.peak_reached = true;
  path.peak = 1;
  const Field elastic = shortened(0, 0.9, 0.3), rest = shortened(0, 0.5, 0.5);
  const Field total = [=](Vec3 p) { return 2 * elastic(p) + rest(p); };
  watch.see(path.steps[0], box.displaced(elastic));
  watch.see(path.steps[1], box.displaced(total));
  path.at_end = box.failed(between(-4, 4), total);
  const VertebralCollapse found = only(watch.judge(path));
  CHECK(found.mode == "crush");
  CHECK(found.figures.at("anterior_minus_posterior") == Approx(0).margin(1e-6));
  CHECK(found.before.heights.anterior - found.at_end.heights.anterior == Approx(2.06).margin(0.05));
}

TEST_CASE("No collapse is named where nothing failed, or the load still rises on a body as high as "
          "before")
{
  const auto nothing = [](Vec3) { return 0.0; };
  const VertebralCollapse intact = only(collapse_of(BoxVertebra(2), nothing, shortened(0, 1, 1)));
  CHECK(intact.mode.empty());
  CHECK_THAT(intact.why_not, Contains("nothing of it failed"));
  const auto rising = [](double loss)
  { return only(collapse_of(BoxVertebra(2), between(-4, 4), shortened(0, loss, loss), false)); };
  CHECK(rising(0.2).mode.empty());
  CHECK_THAT(rising(0.2).why_not, Contains("still rising") && Contains("1.9 %"));
  const VertebralCollapse low = rising(1); // 4 % of 24 mm
  CHECK(low.mode == "crush");
  CHECK(low.load_still_rising);
  CHECK_FALSE(
      only(collapse_of(BoxVertebra(2), between(-4, 4), shortened(0, 1, 1))).load_still_rising);
  const VertebralCollapse higher =
      only(collapse_of(BoxVertebra(2), between(-4, 4), shortened(0, -1, -1)));
  CHECK_THAT(higher.why_not, Contains("not become lower"));
}

TEST_CASE("The load at a loss of height is read off between equilibria")
{
  // Losses of 0, 0.5 and 1 mm of 24 at factors 1, 2 and 1.8: 0.456 mm at 1 + 0.912.
  const VertebralCollapse found =
      only(collapse_of(BoxVertebra(2), between(-4, 4), shortened(0, 1, 1)));
  REQUIRE(found.factor_at_height_loss);
  CHECK(*found.factor_at_height_loss == Approx(1.912).epsilon(5e-3));
  CHECK(found.losses.size() == 3);
  CHECK(found.losses[2] == Approx(1.0 / 24).epsilon(5e-3));
  CHECK_FALSE(only(collapse_of(BoxVertebra(2), between(-4, 4), shortened(0, 0.1, 0.1)))
                  .factor_at_height_loss);
}

TEST_CASE("How the scan lies does not change the mode")
{
  for (const double turn : {0.3, 0.9})
  {
    CHECK(named(between(-4, 4), shortened(0, 1, 1), turn).mode == "crush");
    CHECK(named(between(-4, 4), shortened(0, 1, 0.1), turn).mode == "wedge_anterior");
    CHECK(named(between(7, 12), shortened(9, 1, 1), turn).mode == "superior_endplate");
  }
}

TEST_CASE("Of two vertebrae the one that failed is named, the other told to hold")
{
  BoxVertebra box(2);
  // The same bone twice: its lower half and its upper half are two levels, each measured alone.
  std::vector<anatomy::BoneAnatomy> bones{box.bone, box.bone};
  for (std::size_t n = 0; n < 2; ++n)
  {
    const double middle = n == 0 ? 6 : -6;
    bones[n].level = n == 0 ? "L2" : "L3";
    bones[n].frame.origin = box.lps({0, 0, middle});
    bones[n].landmarks["superior_endplate_centre"] = box.lps({0, 0, middle + 6});
    bones[n].landmarks["inferior_endplate_centre"] = box.lps({0, 0, middle - 6});
  }
  for (std::size_t v = 0; v < box.model.body.voxels.size(); ++v)
    box.model.bone_number.push_back(box.place(v).z > 0 ? 0 : 1);
  CollapseWatch watch(box.model, load::Bones(bones), collapse_rules());
  analysis::FracturePath path;
  path.steps.resize(1);
  path.steps[0].factor = 1;
  path.peak_reached = true;
  path.at_end = box.failed(between(-8, -4), shortened(-6, 1, 0.2));
  const Collapse found = watch.judge(path);
  REQUIRE(found.vertebrae.size() == 2);
  CHECK(found.vertebrae[0].level == "L2");
  CHECK(found.vertebrae[0].mode.empty());
  CHECK_THAT(found.vertebrae[0].why_not, Contains("nothing of it failed"));
  CHECK(found.vertebrae[1].mode == "wedge_anterior");
  CHECK(found.vertebrae[1].share_of_failure == 1);
  CHECK(found.vertebrae[0].before.heights.mean == Approx(12).epsilon(1e-3));
  CHECK_FALSE(found.elastic_part_known); // the path was not watched from its beginning
}

TEST_CASE("Grades follow the largest loss of height, and their source stands beside them")
{
  const CollapseRules rules = collapse_rules();
  CHECK(grade_of(rules, 0.0).number == 0);
  CHECK(grade_of(rules, 0.19).number == 0);
  CHECK(grade_of(rules, 0.22).number == 1);
  CHECK(grade_of(rules, 0.30).number == 2);
  CHECK(grade_of(rules, 0.60).number == 3);
  CHECK_FALSE(rules.grade_doubt.empty());
  CHECK_FALSE(rules.height_doubt.empty());
}

TEST_CASE(
    "Rules that ask for an unknown figure, or may leave a collapse without a name, are refused")
{
  const auto refused = [](const std::string& from, const std::string& to)
  {
    std::ifstream file(std::string(CALCAR_SOURCE_DIR) + "/materials/spine/collapse.toml");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
    return test::refusal_of([&] { read_collapse_rules(Table::parse(text, "collapse.toml")); },
                            Fault::command);
  };
  CHECK_THAT(refused("bulge = 0.5", "bulgge = 0.5"),
             Contains("unknown figure \"bulgge\"") && Contains("bulge"));
  CHECK_THAT(refused("name = \"crush\"", "at_least = { bulge = 1 }\nname = \"crush\""),
             Contains("the last [[mode]] has conditions"));
  CHECK_THAT(refused("from = 0.25", "from = 0.15"), Contains("the grades do not rise"));
  CHECK_THAT(refused("middle = [0.4, 0.6]", "middle = [0.6, 0.4]"), Contains("the smaller first"));
  CHECK_THAT(refused("height_loss = 0.019", "height_loss = 1.9"), Contains("between 0 and 1"));
}
