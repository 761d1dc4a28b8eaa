#include "refusal.hpp"
#include "report/fixation_page.hpp"
#include "report/fixation_parts.hpp"
#include "report/fixation_rays.hpp"
#include "report/fixation_words.hpp"
#include "temporary_folder.hpp"
#include "unit/report/fixation_sample.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace calcar;
using namespace calcar::report;
using Catch::Contains;
using Catch::WithinAbs;

namespace
{
constexpr double pi = 3.14159265358979;

std::string text_of(const std::filesystem::path& file)
{
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

/// Width and height of a PNG.
std::array<int, 2> size_of(const std::filesystem::path& file)
{
  const std::string png = text_of(file);
  REQUIRE(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
  std::array<int, 2> size{};
  for (std::size_t n = 16; n < 24; ++n)
    size[(n - 16) / 4] = 256 * size[(n - 16) / 4] + static_cast<unsigned char>(png[n]);
  return size;
}

/// Rows of a CSV without quoted commas but in its last columns, by the header's names.
std::string cell(const std::string& csv, const std::string& row_begins, const std::string& column)
{
  std::istringstream lines(csv);
  std::string head, line;
  std::getline(lines, head);
  while (std::getline(lines, line) && line.rfind(row_begins, 0) != 0)
  {
  }
  std::istringstream names(head), cells(line);
  for (std::string name, value; std::getline(names, name, ',') && std::getline(cells, value, ',');)
    if (name == column)
      return value;
  return "no such column or row";
}

implant::Component bar(const std::string& name, implant::ComponentKind kind, Vec3 from, Vec3 to,
                       double radius)
{
  implant::Component c;
  c.name = name;
  c.kind = kind;
  c.alloy = "ti6al4v_eli";
  c.solid = geometry::cylinder(from, to, radius);
  c.axis = {from, to};
  c.reach_mm = radius;
  c.radius_mm = radius;
  c.size = "12 mm x 80 mm";
  return c;
}

/// A column of bone of 20 mm radius and 100 mm length about the z axis, left side, proximal up.
struct Column
{
  image::Mask mask;
  anatomy::BoneAnatomy bone;
  std::vector<lesion::PlacedLesion> lesions;
  std::vector<implant::Fixation> placed;

  Column()
  {
    mask.grid.size = {30, 30, 54};
    mask.grid.spacing = {2, 2, 2};
    mask.grid.origin = {-29, -29, -53};
    mask.values.assign(mask.grid.voxels(), 0);
    for (int k = 0; k < 54; ++k)
      for (int j = 0; j < 30; ++j)
        for (int i = 0; i < 30; ++i)
        {
          const Vec3 p = mask.grid.point({double(i), double(j), double(k)});
          mask.at(i, j, k) = std::hypot(p.x, p.y) < 20 && std::abs(p.z) < 50;
        }
    bone.side = anatomy::Side::left;
    bone.frame = {{0, 0, 0}, {-1, 0, 0}, {0, -1, 0}, {0, 0, 1}};
    lesion::PlacedLesion ball;
    ball.lesion.name = "in the shaft";
    ball.centre = {0, 0, -20};
    ball.reach_mm = 9;
    ball.solid = geometry::sphere(ball.centre, 9);
    lesions.push_back(ball);
  }
  /// A nail along the axis that stands out 20 mm at the top.
  void place(const std::string& name)
  {
    implant::Fixation f;
    f.name = name;
    f.components = {bar("nail", implant::ComponentKind::nail, {0, 0, 70}, {0, 0, -10}, 6)};
    placed.push_back(f);
  }
  FixationScene scene() const { return {mask, bone, lesions, placed}; }
};

constexpr ViewAxes from_front = {{1, 0, 0}, {0, 0, 1}, {0, -1, 0}};

/// Writes the pictures of these options in a column; the first three of them lie in it.
std::filesystem::path drawn(const test::TemporaryFolder& folder, const std::string& name,
                            const Results& results)
{
  Column column;
  for (const FixationResults& option : results.fixations->options)
    if (!option.refusal && column.placed.size() < 3)
      column.place(option.name);
  const auto here = folder.path() / name;
  std::filesystem::create_directory(here);
  write_fixation_pictures(here, results, column.scene());
  return here;
}

std::size_t files_in(const std::filesystem::path& folder)
{
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder), {}));
}
} // namespace

TEST_CASE("results with fixations hold to the schema, whatever was and was not placed")
{
  const test::TemporaryFolder folder;
  Results nothing = sample::with_fixations({});
  Results odd = sample::with_fixations({sample::refused("Thick nail"), sample::option("A", 0)});
  odd.fixations->options[1].states[0].verdicts[0].modes.clear();
  Results many = sample::with_fixations();
  int n = 0;
  for (const Results* results : {&nothing, &odd, &many})
  {
    const auto file = folder.path() / ("results" + std::to_string(n++) + ".json");
    std::ofstream(file) << results_json(*results);
    const std::string command =
        "/usr/bin/python3 -c 'import jsonschema, json, sys; jsonschema.validate("
        "*[json.load(open(f)) for f in sys.argv[1:]])' " +
        file.string() + " " CALCAR_SOURCE_DIR "/cases/schema/results.schema.json";
    CAPTURE(n);
    CHECK(std::system(command.c_str()) == 0);
  }
}

TEST_CASE("the JSON keeps modes apart and has null for what is infinite or not there")
{
  Results results = sample::with_fixations();
  results.fixations->options[0].states[0].verdicts[2].fracture_load_N.reset();
  const auto json = nlohmann::json::parse(results_json(results)).at("fixations");
  CHECK(json.at("options").size() == 3);
  CHECK(json.at("options").at(2).at("placed") == false);
  CHECK_THAT(json.at("options").at(2).at("refusal").get<std::string>(), Contains("7.4 mm"));
  const auto& stairs = json.at("options").at(0).at("states").at(0).at("activities").at(1);
  CHECK(stairs.at("name") == "stair_climbing");
  CHECK(stairs.at("load_factor").get<double>() == Approx(1 / 0.4));
  CHECK(stairs.at("utilisation").get<double>() == Approx(0.4));
  CHECK(stairs.at("modes").at(0).at("mode") == "bone_at_lesion");
  CHECK(stairs.at("modes").at(1).at("mode") == "implant_fatigue");
  CHECK(stairs.at("components").at(0).at("fatigue_safety").get<double>() == Approx(1 / 0.3));
  CHECK(stairs.at("components").at(1).at("pull_out").at("utilisation").get<double>() ==
        Approx(0.16));
  CHECK_FALSE(stairs.at("components").at(0).contains("pull_out"));
  const auto& fall = json.at("options").at(0).at("states").at(0).at("activities").at(2);
  CHECK(fall.at("components").at(0).at("fatigue_safety").is_null()); // no cycles of a fall
  CHECK(fall.at("fracture_load_N").is_null());
  CHECK(json.at("bone_alone").at(2).at("activities").empty());
  CHECK(json.at("comparison").at("options").at(2).at("least_load_factor").is_null());
  CHECK(nlohmann::json::parse(results_json(sample::results())).count("fixations") == 0);
}

TEST_CASE("the CSV has a row for each option, state, interface and activity")
{
  const Results results = sample::with_fixations();
  const std::string csv = fixations_csv(*results.fixations);
  // header; bone alone in two states; two options of four solves; three activities; a refusal
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 2 * 2 + 2 * 4 * 3 + 1);
  const std::string row = "Long nail,cephalomedullary_nail_long,as_is,debonded,yes,stair_climbing";
  CHECK(cell(csv, row, "fracture_load_N") == "4000");
  CHECK(cell(csv, row, "utilisation") == "0.4");
  CHECK(cell(csv, row, "load_factor") == "2.5");
  CHECK(cell(csv, row, "over_bone_alone") == "2.25");
  CHECK(cell(csv, row, "over_healthy_twin") == "1.25");
  CHECK(cell(csv, row, "limiting_mode") == "bone_at_lesion");
  const std::string gone = "Long nail,cephalomedullary_nail_long,gone,debonded,yes,stair_climbing";
  CHECK(cell(csv, gone, "limiting_mode") == "implant_fatigue");
  CHECK(cell(csv, row, "fatigue_of") == "nail");
  CHECK(cell(csv, row, "fatigue_safety") == "3.33333");
  CHECK(cell(csv, row, "cement_fatigue_utilisation") == "0.15");
  CHECK(cell(csv, "no fixation,,as_is,,,level_walking", "utilisation") == "1.1");
  CHECK_THAT(csv,
             Contains("\"Plate, \"\"lateral\"\"\",cephalomedullary_nail_long,as_is,bonded,no,"));
  CHECK_THAT(csv, Contains("\nThick nail,femoral_nail_antegrade,,,"));
}

TEST_CASE("the summary takes options for variants, by the first failure that one load can cause")
{
  const Results results = sample::with_fixations();
  const std::string csv = summary_csv(results);
  // Of the sample's two variants, then of two options in three judged states.
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 2 * 2 + 2 * 3 * 3);
  // Fatigue limits this state; one load breaks the bone at 1 / 0.52 of it, twin at 0.3.
  CHECK_THAT(csv, Contains("\"Long nail, gone\",stair_climbing,daily,linear,bone_at_lesion,0.52,"
                           "1.92308,hip contact force,1600,N,3076.92,3.84615,"));
  CHECK_THAT(terminal_table(results),
             Contains("Fixations (linear)") && Contains("2.50 (bonded 3.57)") &&
                 Contains("holds nothing") && Contains("cannot be placed: canal 7.4 mm"));
  CHECK(fixations_table(sample::results()).empty());
}

TEST_CASE("a load factor below 1 never reads 1")
{
  CHECK(factor_words(0.99999) == "0.99");
  CHECK(factor_words(1) == "1.00");
  CHECK(factor_words(2.5) == "2.50");
  CHECK(factor_words(std::numeric_limits<double>::infinity()) == "no load");
}

TEST_CASE("accidents stand for a state only where nothing is daily")
{
  FixationStateResults state = sample::state(risk::BoneState::as_is, true, 0.4, 0.3);
  CHECK(decisive(state)->activity == "stair_climbing");
  state.verdicts.erase(state.verdicts.begin(), state.verdicts.begin() + 2);
  CHECK(decisive(state)->activity == "sideways_fall");
  state.verdicts.clear();
  CHECK(decisive(state) == nullptr);
}

TEST_CASE("options come in the order of the comparison, those it does not know after them")
{
  Results results = sample::with_fixations();
  auto& order = results.fixations->comparison.options;
  std::swap(order[0], order[1]);
  CHECK(ranked(*results.fixations) == std::vector<std::size_t>{1, 0, 2});
  order.clear();
  std::swap(results.fixations->options[0], results.fixations->options[2]);
  CHECK(ranked(*results.fixations) == std::vector<std::size_t>{1, 2, 0});
}

TEST_CASE("doubts with one reason are told together")
{
  CHECK(grouped({"nail: unconfirmed: quoted from memory", "plain words",
                 "lag_screw: unconfirmed: quoted from memory", "x: unconfirmed: a choice"}) ==
        std::vector<std::string>{"quoted from memory: nail, lag screw", "plain words",
                                 "a choice: x"});
}

TEST_CASE("names of pictures are plain and differ")
{
  const Results results =
      sample::with_fixations({sample::option("Nagel, lang", 0.4), sample::option("nagel lang", 0.4),
                              sample::option("N\xC3\xA4gel", 0.4), sample::option("???", 0.4),
                              sample::option(std::string(200, 'x'), 0.4)});
  CHECK(fixation_picture_names(*results.fixations) ==
        std::vector<std::string>{"fixation_nagel_lang.png", "fixation_nagel_lang_2.png",
                                 "fixation_n_gel.png", "fixation_option.png",
                                 "fixation_" + std::string(60, 'x') + ".png"});
}

TEST_CASE("parts that look alike are told together with their sizes")
{
  implant::Fixation f;
  f.components = {bar("nail", implant::ComponentKind::nail, {}, {0, 0, 9}, 5),
                  bar("screw 1", implant::ComponentKind::locking_screw, {}, {0, 0, 9}, 2),
                  bar("screw 2", implant::ComponentKind::locking_screw, {}, {0, 0, 9}, 2),
                  bar("screw 3", implant::ComponentKind::locking_screw, {}, {0, 0, 9}, 2)};
  f.components[3].size = "5 mm x 40 mm";
  const std::vector<PartGroup> groups = groups_of(f);
  REQUIRE(groups.size() == 2);
  CHECK(group_words(groups[0]) == "nail: 12 mm x 80 mm");
  CHECK(group_words(groups[1]) == "3 locking screws: 2 of 12 mm x 80 mm; 5 mm x 40 mm");
  CHECK(measure_words("isthmus_mm", 12.34) == "isthmus: 12.3 mm");
  CHECK(measure_words("nail_length_mm", 380).empty());
}

TEST_CASE("rays meet a ball at its surface and miss what is beside it")
{
  DepthView view;
  view.axes = from_front;
  view.pixel_mm = 0.25;
  view.left_mm = -15;
  view.top_mm = 15;
  view.width = view.height = 120;
  view.depth.assign(view.offset(120, 0), no_depth);
  const geometry::Solid ball = geometry::sphere({2, 3, 1}, 8);
  double area = 0;
  cast_rays({ball, {{2, 3, 1}}, 8}, view,
            [&](std::size_t n, float depth)
            {
              area += 0.25 * 0.25;
              const double x = -15 + (static_cast<double>(n % 120) + 0.5) * 0.25 - 2;
              const double z = 15 - (static_cast<double>(n / 120) + 0.5) * 0.25 - 1;
              const double off = x * x + z * z;
              if (off < 49) // steeper than this a step of the march is seen
                REQUIRE_THAT(static_cast<double>(depth), WithinAbs(-3 + std::sqrt(64 - off), 0.15));
            });
  CHECK_THAT(area, WithinAbs(64 * pi, 0.02 * 64 * pi));
}

TEST_CASE("a solid whose distance is only a bound is met as well")
{
  DepthView view;
  view.axes = from_front;
  view.pixel_mm = 0.5;
  view.left_mm = -15;
  view.top_mm = 15;
  view.width = view.height = 60;
  view.depth.assign(view.offset(60, 0), no_depth);
  geometry::Solid ball = geometry::sphere({0, 0, 0}, 8);
  ball.distance = [exact = ball.distance](const Vec3& p) { return 3 * exact(p); };
  std::size_t met = 0;
  cast_rays({ball, {{0, 0, 0}}, 8}, view, [&](std::size_t, float) { ++met; });
  CHECK_THAT(0.25 * static_cast<double>(met), WithinAbs(64 * pi, 0.06 * 64 * pi));
}

TEST_CASE("in the view the nail shines through the bone, the lesion is red and the rest white")
{
  Column column;
  column.place("nail");
  const BoneSurface surface = surface_of(column.mask);
  const ViewBounds bounds = bounds_of(surface, column.placed[0], from_front);
  CHECK(bounds.top >= 70);     // of the nail
  CHECK(bounds.bottom <= -50); // of the bone
  const FixationView view = view_of(surface, column.placed[0], column.lesions, from_front, 0.5, 2);
  CHECK(view.width() == Approx(bounds.width() / 0.5).margin(3));
  CHECK(view.height() == Approx(bounds.height() / 0.5).margin(3));
  const auto at = [&](double x, double z)
  {
    const auto c = static_cast<std::size_t>((x - bounds.left) / 0.25);
    const auto r = static_cast<std::size_t>((bounds.top - z) / 0.25);
    return view.point.at(r * static_cast<std::size_t>(view.columns) + c);
  };
  const auto blue = [](const auto& p) { return p[2] > p[0] + 40; };
  const auto red = [](const auto& p) { return p[0] > p[2] + 40 && p[0] > p[1] + 40; };
  CHECK(at(-18, 65) == std::array<std::uint8_t, 3>{255, 255, 255});
  CHECK(blue(at(0, 62)));        // beyond the bone
  CHECK(blue(at(0, 30)));        // inside it
  CHECK_FALSE(blue(at(12, 30))); // bone alone: ivory
  CHECK_FALSE(red(at(12, 30)));
  CHECK(at(12, 30)[0] < 250);
  CHECK(red(at(0, -22)));             // the lesion below the nail's tip
  CHECK_FALSE(red(at(0, -40)));       // bone below it
  CHECK(at(0, 62)[2] > at(0, 30)[2]); // hazed by the bone before it
}

TEST_CASE("the patient's right is on the left of the front view, as in a radiograph")
{
  Column column;
  for (const anatomy::Side side : {anatomy::Side::left, anatomy::Side::right})
  {
    column.bone.side = side;
    column.bone.frame.medial = side == anatomy::Side::left ? Vec3{-1, 0, 0} : Vec3{1, 0, 0};
    const auto panels = fixation_panels(column.bone);
    CHECK(panels[0].axes.right.x == 1); // LPS: to the patient's left
    CHECK_THAT(panels[0].left, Contains("(R)"));
    CHECK(panels[1].axes.towards.x == (side == anatomy::Side::left ? 1 : -1));
  }
}

TEST_CASE("pages are drawn for no option placed, one, accidents only, ten and very long names")
{
  const test::TemporaryFolder folder;
  Results none = sample::with_fixations({sample::refused("Thick nail")});
  Results one = sample::with_fixations({sample::option("Nail", 0.5)});
  Results accidents = one;
  for (auto& state : accidents.fixations->options[0].states)
    state.verdicts.erase(state.verdicts.begin(), state.verdicts.begin() + 2);
  Results unloaded = one;
  for (auto& verdict : unloaded.fixations->options[0].states[0].verdicts)
  {
    verdict.modes.clear();
    verdict.load_factor = std::numeric_limits<double>::infinity();
  }
  std::vector<FixationResults> options;
  for (int n = 0; n < 10; ++n)
    options.push_back(sample::option("Option " + std::to_string(n), 0.2 + 0.1 * n));
  const Results ten = sample::with_fixations(options);
  Results lengthy = sample::with_fixations({sample::option(std::string(400, 'w'), 0.5)});
  lengthy.title = std::string(300, 'W');
  const auto height = [&](const std::string& name, const Results& results)
  {
    const auto page = drawn(folder, name, results) / "fixations.png";
    CHECK(std::filesystem::file_size(page) > 30000); // white paper takes less than 15 kB
    CHECK(size_of(page)[0] == 1706);
    return size_of(page)[1];
  };
  const int of_one = height("one", one);
  CHECK(height("none", none) < of_one);
  CHECK(height("accidents", accidents) <= of_one);
  CHECK(height("unloaded", unloaded) <= of_one);
  CHECK(height("ten", ten) > of_one + 9 * 150);  // a row is at least as high as its sketch
  CHECK(height("long", lengthy) > of_one + 200); // names are broken into lines, not cut off
  CHECK(files_in(folder.path() / "none") == 1);
  CHECK(files_in(folder.path() / "one") == 2);
  CHECK(files_in(folder.path() / "ten") == 4);
}

TEST_CASE("no options make no pictures, and a folder that is not there is refused")
{
  const test::TemporaryFolder folder;
  const Column column;
  write_fixation_pictures(folder.path(), sample::results(), column.scene());
  write_fixation_pictures(folder.path(), sample::with_fixations({}), column.scene());
  CHECK(files_in(folder.path()) == 0);
  CHECK_THAT(test::refusal_of(
                 [&] {
                   write_fixation_pictures(folder.path() / "no", sample::with_fixations(),
                                           column.scene());
                 },
                 Fault::command),
             Contains("the picture cannot be written"));
}
